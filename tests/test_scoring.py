"""A model over a project's notes: each once, nothing lost when broken off."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from classifier.evidence import find_all
from classifier.note import Note
from review import scoring
from review.deliveries import deliver
from review.projects import create_project
from review.scoring import list_runs, newest_run, read_findings, score_notes, unscored
from review.tables import finding, note, score
from training.corpus import read_corpus

SHA = "a" * 64


@pytest.fixture
def made(store, monkeypatch):
    monkeypatch.setattr(scoring, "BATCH_NOTES", 4)
    made = create_project(store, "One", by="Ann")
    texts = [one for one in read_corpus() if one.meta["unit"] == "note"][:10]
    deliver(store, made.id, [Note(one.id, one.text) for one in texts], name="e", by="Ann")
    return made


def go(store, made, model, sha256=SHA, **more):
    return score_notes(store, made.id, model, folder_name="ours", sha256=sha256, **more)


def stored(store, run_id):
    with store.read() as connection:
        rows = connection.execute(
            select(note.c.name, score.c.evidence, score.c.n_findings, note.c.id)
            .join(score, score.c.note_id == note.c.id)
            .where(score.c.run_id == run_id)
            .order_by(note.c.id)
        ).all()
    return [
        (name, evidence, n, [replace(one, id=0) for one in read_findings(store, run_id, id)])
        for name, evidence, n, id in rows
    ]


def test_what_the_model_finds_is_stored(store, made, tiny_model):
    run_id = go(store, made, tiny_model)
    with store.read() as connection:
        notes = [Note(row.name, row.text) for row in connection.execute(select(note))]
    assert stored(store, run_id) == [
        (
            one.note.id,
            pytest.approx(one.evidence),
            len(one.findings),
            [scoring.StoredFinding(0, **vars(found)) for found in one.findings],
        )
        for one in find_all(notes, tiny_model)
    ]
    run = newest_run(store, made.id)
    assert (run.id, run.model, run.sha256, run.is_fast, run.n_notes) == (
        run_id,
        "ours",
        SHA,
        True,
        10,
    )
    assert run.thresholds == dict(tiny_model.thresholds)
    assert run.ended is not None


def test_work_that_was_broken_off_goes_on_where_it_stopped(store, made, tiny_model):
    def stop(done, of):
        if done == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        go(store, made, tiny_model, on_progress=stop)
    run = newest_run(store, made.id)
    assert (run.n_notes, run.ended, unscored(store, made.id, run.id)) == (8, None, 2)
    seen = []
    assert go(store, made, tiny_model, on_progress=lambda *now: seen.append(now)) == run.id
    assert seen == [(8, 10), (10, 10)]
    assert unscored(store, made.id, run.id) == 0
    with store.read() as connection:
        n_findings = sum(connection.scalars(select(score.c.n_findings)))
        assert len(connection.scalars(select(finding.c.id)).all()) == n_findings


def test_new_notes_join_the_same_run_and_old_ones_stay(store, made, tiny_model):
    first = go(store, made, tiny_model)
    before = stored(store, first)
    deliver(store, made.id, [Note("new", "He checks her phone.")], name="e", by="Ann")
    assert unscored(store, made.id, first) == 1
    assert go(store, made, tiny_model) == first
    assert stored(store, first)[:-1] == before
    assert newest_run(store, made.id).n_notes == 11


@pytest.mark.parametrize("is_other_file", [True, False], ids=["manifest", "thresholds"])
def test_another_model_has_a_run_of_its_own_beside_the_first(
    store, made, tiny_model, is_other_file
):
    first = go(store, made, tiny_model)
    before = stored(store, first)
    other = replace(tiny_model, thresholds=dict.fromkeys(tiny_model.thresholds, 0.9))
    second = go(store, made, *((tiny_model, "b" * 64) if is_other_file else (other,)))
    assert [run.id for run in list_runs(store, made.id)] == [second, first]
    assert second != first
    assert stored(store, first) == before


def test_project_without_a_run_has_no_newest(store):
    made = create_project(store, "Two", by="Ann")
    assert newest_run(store, made.id) is None
