"""What is done at the desk becomes rows of the log, and the desk shows what they come to."""

import pytest

from classifier.note import Mark
from review.actions import Action
from review.decision_log import read_history, read_reading
from review.note_at_desk import make_desk, store_actions
from review.queue import read_note
from tests.notes_in_store import add_finding, add_run

EXTENT = {"start": 0, "end": 4, "label": "threats", "context": "affirmed"}


def act(kind, note, key="k-1", **parts):
    return Action(key=key, note=note, kind=kind, **parts)


@pytest.fixture
def do(store, a_note):
    """Store actions; give the reading after them."""
    project, note_id, _, run_id = a_note

    def store_them(*actions, reader="Ann"):
        done = store_actions(
            store, actions, project_id=project.id, reader=reader, queue_id=None, run_id=run_id
        )
        return done, read_reading(store, note_id, reader)

    return store_them


def test_answer_with_reason_and_comment(do, a_note):
    _, note_id, finding_id, _ = a_note
    done, reading = do(
        act(
            "answer",
            note_id,
            phrase=str(finding_id),
            answer="dismiss",
            reason="denied",
            comment="said so",
        )
    )
    assert done.taken == ("k-1",)
    answer = reading.answers[finding_id]
    assert (answer.answer, answer.reason, answer.comment) == ("dismiss", "denied", "said so")


def test_comment_without_answer_is_kept(do, a_note):
    _, note_id, finding_id, _ = a_note
    _, reading = do(act("answer", note_id, phrase=str(finding_id), comment="look at this"))
    assert reading.answers[finding_id].comment == "look at this"
    assert reading.answers[finding_id].answer is None


def test_same_action_sent_twice_is_stored_once(do, store, a_note):
    _, note_id, _, _ = a_note
    mark = act("mark", note_id, **EXTENT)
    do(mark)
    done, reading = do(mark, mark)
    assert done.taken == ("k-1", "k-1")
    assert [one.mark for one in reading.marks] == [Mark(0, 4, "threats")]
    assert len(read_history(store, note_id)) == 1


def test_mark_is_changed_and_removed_by_the_key_that_made_it(do, a_note):
    _, note_id, _, _ = a_note
    do(act("mark", note_id, **EXTENT))
    changed = {**EXTENT, "end": 7, "label": "isolation"}
    _, reading = do(act("change", note_id, "k-2", phrase="k-1", comment="", **changed))
    assert [one.mark for one in reading.marks] == [Mark(0, 7, "isolation")]
    _, reading = do(act("remove", note_id, "k-3", phrase="k-1"))
    assert reading.marks == ()
    _, reading = do(act("undo", note_id, "k-4"))
    assert [one.mark for one in reading.marks] == [Mark(0, 7, "isolation")]


def test_mark_of_another_reader_is_refused_with_a_reason(do, a_note):
    _, note_id, _, _ = a_note
    do(act("mark", note_id, **EXTENT))
    done, reading = do(act("remove", note_id, "k-2", phrase="k-1"), reader="Ben")
    assert done.taken == ()
    assert done.refused == {
        "k-2": f"This was not stored: note {note_id} has no mark 'k-1' of this reader"
    }
    assert reading.last_id == 0


def test_refused_action_does_not_stop_those_after_it(do, a_note):
    _, note_id, _, _ = a_note
    done, reading = do(
        act("mark", note_id, **{**EXTENT, "end": 9999}),
        act("outcome", note_id, "k-2", outcome="missed"),
    )
    assert done.taken == ("k-2",)
    assert list(done.refused) == ["k-1"]
    assert reading.outcome == "missed"


def test_undo_sent_twice_undoes_once(do, a_note):
    _, note_id, _, _ = a_note
    do(
        act("outcome", note_id, "k-1", outcome="missed"),
        act("comment", note_id, "k-2", comment="a"),
    )
    undo = act("undo", note_id, "k-3")
    _, reading = do(undo, undo)
    assert (reading.outcome, reading.comment) == ("missed", None)


def test_going_on_is_no_decision_and_done_is(do, store, a_note):
    _, note_id, _, _ = a_note
    done, reading = do(act("go", note_id, "k-1", to="next"), act("done", note_id, "k-2"))
    assert [step.kind for step in done.steps] == ["go", "done"]
    assert [row.kind for row in read_history(store, note_id)] == ["done"]
    assert reading.is_done


def test_desk_shows_answers_changes_and_marks(do, store, a_note):
    _, note_id, finding_id, run_id = a_note
    changed = {"start": 5, "end": 24, "label": "monitoring", "context": "affirmed"}
    do(
        act("change", note_id, "k-1", phrase=str(finding_id), **changed),
        act("mark", note_id, "k-2", **EXTENT),
        act("outcome", note_id, "k-3", outcome="not_acted"),
    )
    desk = make_desk(store, read_note(store, note_id), reader="Ann", run_id=run_id, facts={})
    shown = [
        (one.id, one.kind, one.start, one.end, one.answer, one.changed) for one in desk.phrases
    ]
    assert shown == [
        (str(finding_id), "finding", 5, 24, "accept", True),
        ("k-2", "mark", 0, 4, None, False),
    ]
    assert desk.outcome == "not_acted"


def test_desk_shows_nobody_elses_decisions(do, store, a_note):
    _, note_id, finding_id, run_id = a_note
    do(act("answer", note_id, phrase=str(finding_id), answer="accept"))
    desk = make_desk(store, read_note(store, note_id), reader="Ben", run_id=run_id, facts={})
    assert [one.answer for one in desk.phrases] == [None]


def test_decision_on_an_earlier_models_finding_stays_beside_newer_findings(do, store, a_note):
    project, note_id, finding_id, _ = a_note
    do(act("answer", note_id, phrase=str(finding_id), answer="accept"))
    newer = add_run(store, project.id, model="newer")
    again = add_finding(store, newer, note_id, 8, 24, "monitoring")
    other = add_finding(store, newer, note_id, 0, 4, "threats")
    desk = make_desk(store, read_note(store, note_id), reader="Ann", run_id=newer, facts={})
    shown = {one.id: one.answer for one in desk.phrases}
    assert shown == {str(finding_id): "accept", str(other): None}
    assert str(again) not in shown
