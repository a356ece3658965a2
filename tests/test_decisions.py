"""The log of decisions, and the readings that it comes to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from classifier.note import Mark
from review.decision_log import (
    read_history,
    read_last_notes,
    read_reading,
    read_readings,
    record,
    undo,
)
from review.decisions import AddedMark, Answer, Decision, Reading, confirmed_marks, settle
from review.tables import note, reading
from tests.notes_in_store import add_finding, add_note

SPAN = {"start": 0, "end": 4, "label": "threats"}


@pytest.fixture
def say(store, a_note):
    """Record one row of the note and give it as stored."""
    made, note_id, _, _ = a_note

    def say_it(kind, reader="Ann", **more):
        return record(store, [Decision(made.id, note_id, reader, kind, **more)])[0]

    return say_it


def take_back(store, a_note, reader="Ann", **more):
    return undo(store, project_id=a_note[0].id, reader=reader, note_id=a_note[1], **more)


def derived(store):
    with store.read() as connection:
        return {row.reader: row for row in connection.execute(select(reading))}


def says_anything(settled):
    nothing = Reading(settled.note_id, settled.reader)
    return replace(settled, queue_id=None, last_id=0, at="") != nothing


def assert_readings_follow_from_the_log(store, note_ids):
    anew = {one.reader: one for one in read_readings(store, note_ids) if says_anything(one)}
    kept = derived(store)
    assert set(kept) == set(anew)
    for reader, row in kept.items():
        for name in ("outcome", "flagged_to", "is_done", "queue_id", "last_id", "at"):
            assert getattr(row, name) == getattr(anew[reader], name)


def test_rows_come_to_a_reading(store, a_note, say):
    _, note_id, finding_id, _ = a_note
    say("answer", finding_id=finding_id, answer="dismiss", reason="denied", comment="No.")
    mark = say("mark", **SPAN)
    say("outcome", answer="missed")
    say("comment", comment="Read twice.")
    say("flag", answer="Bo")
    last = say("done")
    assert read_reading(store, note_id, "Ann") == Reading(
        note_id,
        "Ann",
        {finding_id: Answer(finding_id, "dismiss", "denied", "No.")},
        (AddedMark(mark.id, mark.key, Mark(0, 4, "threats")),),
        "missed",
        "Read twice.",
        "Bo",
        is_done=True,
        last_id=last.id,
        at=last.at,
    )
    assert derived(store)["Ann"].labels == " threats "
    assert_readings_follow_from_the_log(store, [note_id])


def test_same_key_is_one_row(store, a_note, say):
    first = say("outcome", answer="none", key="k")
    assert say("outcome", answer="missed", key="k") == first
    assert read_history(store, a_note[1]) == [first]


def test_later_answer_replaces_and_none_takes_back(store, a_note, say):
    _, note_id, finding_id, _ = a_note
    for answer in ("accept", "unsure"):
        say("answer", finding_id=finding_id, answer=answer)
    assert read_reading(store, note_id, "Ann").answers == {finding_id: Answer(finding_id, "unsure")}
    say("answer", finding_id=finding_id)
    assert read_reading(store, note_id, "Ann").answers == {}
    assert len(read_history(store, note_id)) == 3


def test_change_of_a_finding_accepts_it_as_changed(store, a_note, say):
    _, note_id, finding_id, _ = a_note
    say("change", finding_id=finding_id, start=11, end=17, label="isolation", context="negated")
    read = read_reading(store, note_id, "Ann")
    changed = Mark(11, 17, "isolation", "negated")
    assert read.answers == {finding_id: Answer(finding_id, "accept", changed=changed)}
    assert confirmed_marks(read, {}) == (changed,)
    assert derived(store)["Ann"].labels == ""  # not affirmed


def test_own_mark_is_changed_and_removed(store, a_note, say):
    mark = say("mark", **SPAN, comment="Here.")
    say("change", changes=mark.id, start=2, end=7, label="isolation")
    marks = read_reading(store, a_note[1], "Ann").marks
    assert marks == (AddedMark(mark.id, mark.key, Mark(2, 7, "isolation"), "Here."),)
    say("remove", changes=mark.id)
    assert read_reading(store, a_note[1], "Ann").marks == ()
    take_back(store, a_note)
    assert read_reading(store, a_note[1], "Ann").marks == marks


def test_undo_goes_back_row_by_row_and_stays_in_the_history(store, a_note, say):
    first, second = say("outcome", answer="none"), say("outcome", answer="missed")
    say("outcome", answer="acted", reader="Bo")
    assert take_back(store, a_note).changes == second.id
    assert read_reading(store, a_note[1], "Ann").outcome == "none"
    assert take_back(store, a_note).changes == first.id
    assert take_back(store, a_note) is None
    assert read_reading(store, a_note[1], "Ann").outcome is None
    assert read_reading(store, a_note[1], "Bo").outcome == "acted"
    kinds = [row.kind for row in read_history(store, a_note[1])]
    assert kinds == ["outcome"] * 3 + ["undo"] * 2
    assert_readings_follow_from_the_log(store, [a_note[1]])


def test_undo_asked_twice_undoes_once(store, a_note, say):
    say("outcome", answer="none")
    say("comment", comment="A")
    assert take_back(store, a_note, key="u") == take_back(store, a_note, key="u")
    assert read_reading(store, a_note[1], "Ann").outcome == "none"


def test_case_is_as_last_said_and_undo_gives_the_own_reference_back(store, a_note, say):
    def case():
        with store.read() as connection:
            return connection.scalar(select(note.c.case_ref).where(note.c.id == a_note[1]))

    said = [case()]
    for deed in (
        lambda: say("case", answer="P-9"),
        lambda: say("case", answer="P-8", reader="Bo"),
        lambda: take_back(store, a_note, "Bo"),
        lambda: take_back(store, a_note),
    ):
        deed()
        said.append(case())
    assert said == ["P-1", "P-9", "P-8", "P-9", "P-1"]


def test_done_can_be_taken_back_and_final_is_one_readers(store, a_note, say):
    say("done")
    say("done", answer="open")
    assert derived(store)["Ann"].is_done is False
    for reader in ("Ann", "Bo"):
        say("final", reader=reader)
    assert {name: row.is_final for name, row in derived(store).items()} == {
        "Ann": False,
        "Bo": True,
    }


def test_rows_of_one_call_are_written_all_or_none(store, a_note):
    made, note_id, _, _ = a_note
    good = Decision(made.id, note_id, "Ann", "outcome", answer="none")
    with pytest.raises(ValueError, match="span 0:99 does not lie in the text"):
        record(store, [good, replace(good, kind="mark", key="k", **SPAN | {"end": 99})])
    assert read_history(store, note_id) == []
    assert derived(store) == {}


def test_row_that_does_not_fit_its_note_is_refused(store, a_note, say):
    made, _, _, run_id = a_note
    other = add_note(store, made.id, "n2", "Rang off.")
    strange = add_finding(store, run_id, other, 0, 4, "threats")
    mine = say("outcome", answer="none")
    for more, message in (
        ({"kind": "answer", "answer": "accept"}, "the finding is missing"),
        ({"kind": "answer", "finding_id": strange}, f"finding {strange} is not of this note"),
        ({"kind": "mark", "start": 1, "end": 2}, "start, end and label are needed"),
        ({"kind": "mark", **SPAN, "end": 0}, "span 0:0 does not lie in the text"),
        ({"kind": "remove", "changes": 99}, "'Ann' has made no decision 99 on it"),
        ({"kind": "undo", "changes": mine.id, "reader": "Bo"}, "'Bo' has made no decision"),
    ):
        with pytest.raises(ValueError, match=message):
            say(**more)
    with pytest.raises(ValueError, match="the store has no note 99"):
        record(store, [Decision(made.id, 99, "Ann", "done")])
    assert len(read_history(store, a_note[1])) == 1


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"kind": "guess"}, "no kind of decision 'guess'"),
        ({"kind": "done", "reader": " "}, "needs the name of who makes it"),
        ({"kind": "answer", "answer": "maybe"}, "got 'maybe'"),
        ({"kind": "outcome", "answer": "bad"}, "got 'bad'"),
        ({"kind": "answer", "answer": "accept", "reason": "denied"}, "'denied' is no reason"),
        ({"kind": "mark", "context": "past"}, "no context 'past'"),
    ],
)
def test_decision_that_makes_no_sense_is_refused(more, message):
    with pytest.raises(ValueError, match=message):
        Decision(1, 1, **{"reader": "Ann"} | more)


def test_last_notes_come_newest_first(store, a_note, say):
    made, first, _, _ = a_note
    second = add_note(store, made.id, "n2", "Rang off.")
    record(store, [Decision(made.id, second, "Ann", "done")])
    say("done")
    assert read_last_notes(store, project_id=made.id, reader="Ann") == [first, second]
    assert read_last_notes(store, project_id=made.id, reader="Ann", n=1) == [first]
    assert read_last_notes(store, project_id=made.id, reader="Bo") == []


def test_words_of_a_comment_are_not_in_its_repr():
    assert "SECRET" not in repr(Decision(1, 1, "Ann", "comment", comment="SECRET"))


@given(st.lists(st.sampled_from(["missed", "none", "acted", "undo"]), max_size=12))
def test_undo_always_gives_what_stood_before(deeds):
    rows, stack = [], []
    for id, deed in enumerate(deeds, start=1):
        if deed != "undo":
            rows.append(Decision(1, 1, "Ann", "outcome", answer=deed, id=id, at=str(id)))
            stack.append((id, deed))
        elif stack:
            before, _ = stack.pop()
            rows.append(Decision(1, 1, "Ann", "undo", changes=before, id=id, at=str(id)))
    last = rows[-1].id if rows else 0
    expected = Reading(1, "Ann", outcome=stack[-1][1] if stack else None, last_id=last)
    assert replace(settle(rows, note_id=1, reader="Ann"), at="") == expected


def test_a_note_put_into_a_case_is_not_begun_by_it(store, a_note):
    made, note_id, _, _ = a_note
    record(store, [Decision(made.id, note_id, "Ann", "case", answer="P-9")])
    with store.read() as connection:
        assert connection.execute(select(reading)).all() == []
        assert connection.scalar(select(note.c.case_ref)) == "P-9"
