"""Group sessions: many trainees at one exercise, by a code, until the trainer reveals the marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import IntegrityError

from review.practice.codes import make_group_code, read_group_code
from review.practice.exercises import read_exercise
from review.projects import check_name
from review.store import Store, now
from review.tables import note, session_step, training_session

KINDS = ("reveal", "end")
"""What a trainer does to a session: shows the reference marks of a note to all, or ends it, which
shows those of every note. Neither is taken back: what was seen was seen."""

TRIES = 20
"""Codes that are tried; with a thousand groups in the store one in 400,000 is taken."""


@dataclass(frozen=True)
class Session:
    """A group at work.

    Parameters
    ----------
    id : int
        In the store.
    exercise_id : int
        What it practises on.
    code : str
        By which trainees join.
    by, at : str
        Who opened it, and when.
    revealed : mapping of int to str
        Notes whose reference marks trainees may see, and since when.
    ended : str or None
        When it was ended.
    """

    id: int
    exercise_id: int
    code: str
    by: str
    at: str
    revealed: Mapping[int, str] = field(default_factory=dict)
    ended: str | None = None

    def revealed_at(self, note_id: int) -> str | None:
        """Tell since when the reference marks of a note are shown.

        Parameters
        ----------
        note_id : int
            Of the exercise.

        Returns
        -------
        str or None
            None while they are not.
        """
        return self.revealed.get(note_id, self.ended)

    def revealed_among(self, note_ids: Iterable[int]) -> dict[int, str]:
        """Give those of some notes whose reference marks are shown, and since when.

        Parameters
        ----------
        note_ids : iterable of int
            Of the exercise.

        Returns
        -------
        dict of int to str
            By note; the others are missing.
        """
        times = {id: self.revealed_at(id) for id in note_ids}
        return {id: time for id, time in times.items() if time is not None}


def open_session(store: Store, exercise_id: int, *, by: str) -> Session:
    """Open a group.

    Parameters
    ----------
    store : Store
        Open.
    exercise_id : int
        What to practise on.
    by : str
        The trainer.

    Returns
    -------
    Session
        With a code of its own.

    Raises
    ------
    ValueError
        If nobody is named, or there is no such exercise.
    """
    by = check_name(by, "a trainer")
    read_exercise(store, exercise_id)
    for _ in range(TRIES):
        code = make_group_code()
        values = {"project_id": exercise_id, "code": code, "at": now(), "by": by}
        try:
            with store.write() as connection:
                connection.execute(insert(training_session).values(**values))
        except IntegrityError:
            continue
        return find_session(store, code)
    raise ValueError("no free code was found for the group; try again")


def find_session(store: Store, typed: str) -> Session:
    """Find a group by its code.

    Parameters
    ----------
    store : Store
        Open.
    typed : str
        The code, as a person typed it.

    Returns
    -------
    Session
        As it stands.

    Raises
    ------
    ValueError
        If there is none.
    """
    code = read_group_code(typed)
    with store.read() as connection:
        row = connection.execute(
            select(training_session).where(training_session.c.code == code)
        ).first()
        if row is not None:
            return _session_of(connection, row)
    raise ValueError("there is no group with this code; look at the trainer's screen again")


def read_session(store: Store, session_id: int) -> Session:
    """Read a group as it stands.

    Parameters
    ----------
    store : Store
        Open.
    session_id : int
        Of the group.

    Returns
    -------
    Session
        With what has been revealed so far.

    Raises
    ------
    ValueError
        If there is none.
    """
    with store.read() as connection:
        row = connection.execute(
            select(training_session).where(training_session.c.id == session_id)
        ).first()
        if row is not None:
            return _session_of(connection, row)
    raise ValueError(f"the store has no session {session_id}")


def list_sessions(store: Store, exercise_id: int) -> list[Session]:
    """List the groups of an exercise.

    Parameters
    ----------
    store : Store
        Open.
    exercise_id : int
        Of the exercise.

    Returns
    -------
    list of Session
        The newest first.
    """
    with store.read() as connection:
        rows = connection.execute(
            select(training_session)
            .where(training_session.c.project_id == exercise_id)
            .order_by(training_session.c.id.desc())
        ).all()
        return [_session_of(connection, row) for row in rows]


def reveal(store: Store, session_id: int, note_id: int, *, by: str, key: str = "") -> Session:
    """Show all trainees the reference marks of a note; marks made afterwards no longer count.

    Parameters
    ----------
    store : Store
        Open.
    session_id : int
        Of the group.
    note_id : int
        Of its exercise.
    by : str
        The trainer.
    key : str
        The same key twice is one step.

    Returns
    -------
    Session
        As it stands.

    Raises
    ------
    ValueError
        If the session or the note is not there.
    """
    return _step(store, session_id, "reveal", note_id=note_id, by=by, key=key)


def end(store: Store, session_id: int, *, by: str, key: str = "") -> Session:
    """End a group: nobody else joins, and every note's reference marks are shown.

    Parameters
    ----------
    store : Store
        Open.
    session_id : int
        Of the group.
    by : str
        The trainer.
    key : str
        The same key twice is one step.

    Returns
    -------
    Session
        As it stands.

    Raises
    ------
    ValueError
        If there is no such session.
    """
    return _step(store, session_id, "end", note_id=None, by=by, key=key)


def _step(
    store: Store, session_id: int, kind: str, *, note_id: int | None, by: str, key: str
) -> Session:
    """Write a step, unless it is there already."""
    session, key = read_session(store, session_id), key or uuid4().hex
    with store.write() as connection:
        _check(connection, session, note_id)
        if connection.scalar(select(session_step.c.id).where(session_step.c.key == key)) is None:
            values = {"session_id": session_id, "kind": kind, "note_id": note_id, "key": key}
            connection.execute(insert(session_step).values(**values, at=now(), by=by))
    return read_session(store, session_id)


def _check(connection: Connection, session: Session, note_id: int | None) -> None:
    """Refuse a note of another exercise; let only one step be written at a time."""
    connection.execute(
        select(training_session.c.id).where(training_session.c.id == session.id).with_for_update()
    )
    if note_id is None:
        return
    if connection.scalar(select(note.c.project_id).where(note.c.id == note_id)) != (
        session.exercise_id
    ):
        raise ValueError(f"note {note_id} is not of exercise {session.exercise_id}")


def _session_of(connection: Connection, row: Row) -> Session:
    """Make a session of a row and its steps."""
    steps = connection.execute(
        select(session_step)
        .where(session_step.c.session_id == row.id)
        .order_by(session_step.c.id.desc())
    ).all()
    return Session(
        row.id,
        row.project_id,
        row.code,
        row.by,
        row.at,
        {step.note_id: step.at for step in steps if step.kind == "reveal"},
        next((step.at for step in reversed(steps) if step.kind == "end"), None),
    )
