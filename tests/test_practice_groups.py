"""What a group has done so far: who counts, and that nothing says who it was."""

import pytest

from classifier.note import Mark, Note
from review.decision_log import record
from review.decisions import Decision
from review.practice.attempts import join_session
from review.practice.exercises import create_exercise, read_notes
from review.practice.groups import read_group
from review.practice.sessions import end, open_session, read_session, reveal

TEXT = "Says he checks her phone every night."
SEEN = Mark(8, 24, "monitoring")
CODES = ("amber-otter-sage-417", "wren-pine-mint-200", "maple-oak-fern-311")


@pytest.fixture
def session(store):
    notes = [Note(str(n), TEXT, (SEEN,)) for n in range(2)]
    exercise = create_exercise(store, "Two notes", notes, by="Tess")
    return open_session(store, exercise.id, by="Tess")


@pytest.fixture
def notes(store, session):
    return read_notes(store, session.exercise_id)


def do(store, attempt, note_id, *kinds, words=None):
    rows = {
        "mark": Decision(attempt.exercise_id, note_id, attempt.reader, "mark", **vars(SEEN)),
        "outcome": Decision(attempt.exercise_id, note_id, attempt.reader, "outcome", answer="ask"),
        "comment": Decision(attempt.exercise_id, note_id, attempt.reader, "comment", comment=words),
        "done": Decision(attempt.exercise_id, note_id, attempt.reader, "done"),
    }
    record(store, [rows[kind] for kind in kinds])


def test_an_empty_group(store, session, notes):
    group = read_group(store, session, notes)
    assert (group.joined, group.aliases) == (0, ())
    assert [(one.begun, one.done, one.marks, one.words) for one in group.notes] == [
        (0, 0, (), ())
    ] * 2


def test_who_has_finished_counts_and_who_has_begun_once_it_is_revealed(store, session, notes):
    first, second, third = (join_session(store, session, code) for code in CODES)
    note_id = notes[0].id
    do(store, first, note_id, "mark", "outcome", "done")
    do(store, second, note_id, "mark")
    before = read_group(store, session, notes).notes[0]
    assert (before.begun, before.done, before.marks) == (1, 1, ((SEEN,),))
    assert before.outcomes == {"ask": 1}

    shown = reveal(store, session.id, note_id, by="Tess")
    do(store, third, note_id, "mark", "done")
    after = read_group(store, shown, notes).notes[0]
    assert (after.begun, after.done, after.marks) == (1, 1, ((SEEN,), (SEEN,)))
    assert read_group(store, shown, notes).notes[1].marks == ()


def test_ending_a_group_counts_who_has_begun_any_note(store, session, notes):
    attempt = join_session(store, session, CODES[0])
    do(store, attempt, notes[1].id, "mark")
    ended = end(store, session.id, by="Tess")
    assert [one.marks for one in read_group(store, ended, notes).notes] == [(), ((SEEN,),)]


def test_words_and_names_are_in_an_order_that_tells_nothing(store, session, notes):
    said = ("Who else lives there?", "Is it safe to talk?", "And the children?")
    for code, alias, words in zip(CODES, ("Zoe", None, "Ann"), said, strict=True):
        attempt = join_session(store, session, code, alias=alias)
        do(store, attempt, notes[0].id, "comment", "done", words=words)
    group = read_group(store, read_session(store, session.id), notes)
    assert group.aliases == ("Ann", "Zoe")
    assert group.notes[0].words == tuple(sorted(said))
