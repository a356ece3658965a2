"""Attempts: what one trainee did with one exercise, in the same log as reviewers' decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Row, insert, select

from review.decision_log import read_rows_of
from review.decisions import Decision, Reading, settle
from review.practice.codes import digest_of
from review.practice.exercises import read_exercise
from review.practice.sessions import Session, read_session
from review.store import Store, now
from review.tables import attempt, training_session

MAX_ALIAS = 80


@dataclass(frozen=True)
class Attempt:
    """One trainee at one exercise.

    Parameters
    ----------
    id : int
        In the store.
    exercise_id : int
        Of the exercise.
    session_id : int or None
        Of the group, if it is one.
    alias : str or None
        What the trainee wishes to be called; None for most.
    at : str
        When it was begun.
    """

    id: int
    exercise_id: int
    session_id: int | None
    alias: str | None
    at: str

    @property
    def reader(self) -> str:
        """By what name the log knows it; nothing of a person."""
        return f"attempt {self.id}"


def start_attempt(
    store: Store, exercise_id: int, own_code: str, *, alias: str | None = None
) -> Attempt:
    """Begin an exercise on one's own; each time is a new attempt.

    Parameters
    ----------
    store : Store
        Open.
    exercise_id : int
        Of the exercise.
    own_code : str
        By which the trainee comes back.
    alias : str, optional
        What to be called.

    Returns
    -------
    Attempt
        As stored.

    Raises
    ------
    ValueError
        If the code is not of the right form, the alias too long, or there is no such exercise.
    """
    read_exercise(store, exercise_id)
    values = _values(exercise_id, None, own_code, alias)
    with store.write() as connection:
        id = connection.execute(insert(attempt).values(**values)).inserted_primary_key[0]
        return _attempt_of(connection.execute(select(attempt).where(attempt.c.id == id)).one())


def join_session(
    store: Store, session: Session, own_code: str, *, alias: str | None = None
) -> Attempt:
    """Join a group, or come back to it: the same code gives the same attempt.

    Parameters
    ----------
    store : Store
        Open.
    session : Session
        Of the group.
    own_code : str
        By which the trainee comes back.
    alias : str, optional
        What to be called, when joining first.

    Returns
    -------
    Attempt
        As stored.

    Raises
    ------
    ValueError
        If the code is not of the right form, the alias too long, or the group has ended and the
        trainee was not in it.
    """
    values = _values(session.exercise_id, session.id, own_code, alias)
    own = (
        attempt.c.session_id == session.id,
        attempt.c.code_sha256 == values["code_sha256"],
    )
    with store.write() as connection:
        connection.execute(
            select(training_session.c.id)
            .where(training_session.c.id == session.id)
            .with_for_update()
        )
        found = connection.execute(select(attempt).where(*own)).first()
        if found is None:
            if read_session(store, session.id).ended is not None:
                raise ValueError("this group has ended; nobody can join it any more")
            connection.execute(insert(attempt).values(**values))
            found = connection.execute(select(attempt).where(*own)).one()
        return _attempt_of(found)


def find_attempts(store: Store, own_code: str) -> list[Attempt]:
    """Find what a trainee has done, by the code that only the trainee has.

    Parameters
    ----------
    store : Store
        Open.
    own_code : str
        As the trainee typed it.

    Returns
    -------
    list of Attempt
        The newest first.

    Raises
    ------
    ValueError
        If it is not of the form of a code.
    """
    return _list(store, attempt.c.code_sha256 == digest_of(own_code))


def list_attempts(
    store: Store, exercise_id: int, *, session_id: int | None = None
) -> list[Attempt]:
    """List the attempts at an exercise.

    Parameters
    ----------
    store : Store
        Open.
    exercise_id : int
        Of the exercise.
    session_id : int, optional
        Only those of this group.

    Returns
    -------
    list of Attempt
        The newest first.
    """
    wanted = [attempt.c.project_id == exercise_id]
    if session_id is not None:
        wanted.append(attempt.c.session_id == session_id)
    return _list(store, *wanted)


def read_attempt(
    store: Store, one: Attempt, *, until: Mapping[int, str] | None = None
) -> dict[int, Reading]:
    """Read what a trainee made of each note.

    Parameters
    ----------
    store : Store
        Open.
    one : Attempt
        Of the trainee.
    until : mapping of int to str, optional
        For notes whose reference marks were revealed, when: what was done afterwards is left out.

    Returns
    -------
    dict of int to Reading
        By note; those that were not begun are missing.
    """
    return read_attempts(store, [one], until=until)[one.id]


def read_attempts(
    store: Store, attempts: Sequence[Attempt], *, until: Mapping[int, str] | None = None
) -> dict[int, dict[int, Reading]]:
    """Read what several trainees made of the notes of one exercise.

    Parameters
    ----------
    store : Store
        Open.
    attempts : sequence of Attempt
        At one exercise.
    until : mapping of int to str, optional
        As in `read_attempt`.

    Returns
    -------
    dict of int to dict of int to Reading
        By attempt and note.
    """
    found: dict[int, dict[int, Reading]] = {one.id: {} for one in attempts}
    if not attempts:
        return found
    ids = {one.reader: one.id for one in attempts}
    rows = read_rows_of(store, attempts[0].exercise_id, list(ids))
    for (reader, note_id), group in groupby(rows, key=lambda row: (row.reader, row.note_id)):
        counted = _before(group, (until or {}).get(note_id))
        if counted:
            found[ids[reader]][note_id] = settle(counted, note_id=note_id, reader=reader)
    return found


def _before(rows: Iterable[Decision], time: str | None) -> list[Decision]:
    """Leave out what was done after the reference marks were shown."""
    return [row for row in rows if time is None or (row.at or "") < time]


def _values(
    exercise_id: int, session_id: int | None, own_code: str, alias: str | None
) -> dict[str, object]:
    """Put together the row of an attempt."""
    alias = (alias or "").strip() or None
    if alias is not None and len(alias) > MAX_ALIAS:
        raise ValueError(f"a name has at most {MAX_ALIAS} characters, got {len(alias)}")
    return {
        "project_id": exercise_id,
        "session_id": session_id,
        "code_sha256": digest_of(own_code),
        "alias": alias,
        "at": now(),
    }


def _list(store: Store, *wanted) -> list[Attempt]:
    """Read attempts, the newest first."""
    with store.read() as connection:
        found = connection.execute(select(attempt).where(*wanted).order_by(attempt.c.id.desc()))
        return [_attempt_of(row) for row in found]


def _attempt_of(row: Row) -> Attempt:
    """Make an attempt of a row."""
    return Attempt(row.id, row.project_id, row.session_id, row.alias, row.at)
