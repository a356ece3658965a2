"""Group sessions and attempts: codes, joining and coming back, what counts after a reveal."""

import re
import threading

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from classifier.note import Mark, Note
from review.decision_log import record, undo
from review.decisions import Decision
from review.practice.attempts import (
    find_attempts,
    join_session,
    list_attempts,
    read_attempt,
    read_attempts,
    start_attempt,
)
from review.practice.codes import LETTERS, digest_of, make_group_code, make_own_code
from review.practice.exercises import create_exercise, read_notes
from review.practice.sessions import (
    end,
    find_session,
    list_sessions,
    open_session,
    read_session,
    reveal,
)
from review.tables import session_step

TEXT = "Says he checks her phone every night."
AMBER, WREN = "amber-otter-sage-417", "wren-pine-mint-200"


@pytest.fixture
def exercise(store):
    notes = [Note(str(n), TEXT, (Mark(8, 24, "monitoring"),)) for n in range(2)]
    return create_exercise(store, "Two notes", notes, by="Tess")


@pytest.fixture
def session(store, exercise):
    return open_session(store, exercise.id, by="Tess")


def mark(store, attempt, note_id, start=8, end=24, **parts):
    row = Decision(
        attempt.exercise_id, note_id, attempt.reader, "mark", start=start, end=end,
        label="monitoring", **parts,
    )  # fmt: skip
    return record(store, [row])[0]


def marks_of(reading):
    return [one.mark for one in reading.marks]


def test_codes_are_of_their_form_and_differ():
    groups = {make_group_code() for _ in range(200)}
    assert all(re.fullmatch(f"[{LETTERS}]{{6}}", code) for code in groups) and len(groups) == 200
    own = {make_own_code() for _ in range(200)}
    assert len({digest_of(code) for code in own}) == 200


@pytest.mark.parametrize("typed", ["", "amber", "amber-otter-sage", "amber-otter-nonsense-417"])
def test_what_is_no_code_is_refused(store, exercise, typed):
    with pytest.raises(ValueError, match="three words and a number, such as amber-otter-sage-417"):
        start_attempt(store, exercise.id, typed)


def test_a_group_is_found_by_its_code_however_it_is_typed(store, session):
    spaced = f" {session.code[:3].lower()} {session.code[3:]}"
    assert find_session(store, spaced) == session == read_session(store, session.id)
    assert list_sessions(store, session.exercise_id) == [session]
    with pytest.raises(ValueError, match="there is no group with this code"):
        find_session(store, "AAAAAA")


def test_joining_twice_is_coming_back(store, session):
    first = join_session(store, session, AMBER, alias=" Ann ")
    assert first.alias == "Ann"
    assert join_session(store, session, AMBER.replace("-", " ").upper(), alias="Bea") == first
    other = join_session(store, session, WREN)
    assert other.alias is None
    assert list_attempts(store, session.exercise_id, session_id=session.id) == [other, first]
    assert find_attempts(store, AMBER) == [first]


def test_many_joining_at_once_with_one_code_make_one_attempt(store, session):
    made = []
    threads = [
        threading.Thread(target=lambda: made.append(join_session(store, session, AMBER)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8 and len(set(made)) == 1


def test_an_exercise_on_ones_own_can_be_done_again(store, exercise):
    first = start_attempt(store, exercise.id, AMBER)
    second = start_attempt(store, exercise.id, AMBER)
    assert first.session_id is None and first.id != second.id
    assert find_attempts(store, AMBER) == [second, first]
    assert find_attempts(store, WREN) == []


def test_what_a_trainee_did_stands_in_the_log_and_can_be_undone(store, exercise):
    attempt = start_attempt(store, exercise.id, AMBER)
    first = read_notes(store, exercise.id)[0].id
    mark(store, attempt, first)
    mark(store, attempt, first, 25, 36)
    undo(store, project_id=exercise.id, reader=attempt.reader, note_id=first)
    record(
        store,
        [
            Decision(exercise.id, first, attempt.reader, "outcome", answer="ask"),
            Decision(exercise.id, first, attempt.reader, "done"),
        ],
    )
    done = read_attempt(store, attempt)
    assert list(done) == [first]
    assert marks_of(done[first]) == [Mark(8, 24, "monitoring")]
    assert (done[first].outcome, done[first].is_done) == ("ask", True)
    assert read_notes(store, exercise.id)[0].note.marks == (Mark(8, 24, "monitoring"),)


def test_attempts_are_kept_apart(store, session):
    note_id = read_notes(store, session.exercise_id)[0].id
    attempts = [join_session(store, session, code) for code in (AMBER, WREN)]
    mark(store, attempts[0], note_id)
    mark(store, attempts[1], note_id, 0, 4)
    found = read_attempts(store, attempts)
    assert [marks_of(found[one.id][note_id]) for one in attempts] == [
        [Mark(8, 24, "monitoring")],
        [Mark(0, 4, "monitoring")],
    ]
    assert read_attempts(store, []) == {}


def test_a_note_is_revealed_for_good_and_marks_made_afterwards_do_not_count(store, session):
    note_id, other = (one.id for one in read_notes(store, session.exercise_id))
    attempt = join_session(store, session, AMBER)
    mark(store, attempt, note_id)
    assert session.revealed_at(note_id) is None
    shown = reveal(store, session.id, note_id, by="Tess", key="k-1")
    assert reveal(store, session.id, note_id, by="Tess", key="k-1") == shown
    later = reveal(store, session.id, note_id, by="Tess")
    assert later.revealed_at(note_id) == shown.revealed_at(note_id)
    assert shown.revealed_at(other) is None
    mark(store, attempt, note_id, 25, 36)
    mark(store, attempt, other)
    counted = read_attempt(store, attempt, until=shown.revealed)
    assert marks_of(counted[note_id]) == [Mark(8, 24, "monitoring")]
    assert marks_of(counted[other]) == [Mark(8, 24, "monitoring")]
    assert len(read_attempt(store, attempt)[note_id].marks) == 2


def test_who_was_in_an_ended_group_can_come_back_and_nobody_else(store, session):
    attempt = join_session(store, session, AMBER)
    ended = end(store, session.id, by="Tess")
    notes = read_notes(store, session.exercise_id)
    assert all(ended.revealed_at(one.id) == ended.ended for one in notes) and ended.ended
    assert join_session(store, ended, AMBER) == attempt
    with pytest.raises(ValueError, match="this group has ended; nobody can join it any more"):
        join_session(store, ended, WREN)


def test_a_note_of_another_exercise_cannot_be_revealed(store, session):
    other = create_exercise(store, "Other", [Note("n", TEXT)], by="Tess")
    stray = read_notes(store, other.id)[0].id
    with pytest.raises(ValueError, match=f"note {stray} is not of exercise {session.exercise_id}"):
        reveal(store, session.id, stray, by="Tess")


def test_steps_of_a_session_are_never_altered(store, session):
    end(store, session.id, by="Tess")
    for deed in (update(session_step).values(by="Eve"), delete(session_step)):
        refused = pytest.raises(DatabaseError, match="session_step is a log")
        with refused, store.write() as connection:
            connection.execute(deed)


def test_a_trainees_code_is_not_in_the_store(store, session):
    join_session(store, session, AMBER)
    with store.read() as connection:
        row = connection.exec_driver_sql("SELECT * FROM attempt").one()
    assert not any("amber" in str(value) for value in row)


def test_a_trainee_cannot_write_of_a_note_outside_the_exercise(store, exercise, a_note):
    attempt = start_attempt(store, exercise.id, AMBER)
    stray = a_note[1]
    with pytest.raises(ValueError, match=f"note {stray}, mark: the note is not of project"):
        mark(store, attempt, stray)
