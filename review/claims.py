"""Who has which note open: a note is given to one reader at a time, unless a queue is blind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Select, delete, insert, select

from review.filters import Filters
from review.line import Line, line_up, status_sets
from review.queues import find_queue
from review.store import Store, now
from review.tables import claim as claims
from review.tables import note, queue_note

MINUTES = 30
"""For how long a note is kept for whoever has it open. Our choice: a long note and a call."""

CANDIDATES = 8
"""Notes that are looked at together; more only if others took all of these meanwhile."""


def claim_next(
    store: Store,
    queue_id: int,
    run_id: int | None,
    reader: str,
    filters: Filters,
    *,
    after: int | None = None,
    minutes: float = MINUTES,
) -> int | None:
    """Give a reader the next note that nobody has read or has open, and keep it for them.

    In a blind queue others do not count: each reader gets every note that is theirs.

    Parameters
    ----------
    store : Store
        Open.
    queue_id : int
        Of the queue.
    run_id : int or None
        Whose evidence orders it.
    reader : str
        To whom.
    filters : Filters
        What narrows and orders the queue.
    after : int, optional
        The note just left. Those behind it come first, then those before it; not itself.
    minutes : float
        For how long to keep it.

    Returns
    -------
    int or None
        Id of the note; None if none is left.

    Raises
    ------
    ValueError
        If there is no such queue.
    """
    while True:
        with store.read() as connection:
            line = line_up(connection, queue_id, run_id, reader, filters)
            ids = _candidates(connection, line, queue_id, reader, after)
        if not ids:
            return None
        if line.is_blind:
            return ids[0]
        for id in ids:
            with store.write() as connection:
                if _is_left(connection, line, id, reader) and not _take(
                    connection, queue_id, id, reader, minutes
                ):
                    return id


def claim(
    store: Store, queue_id: int, note_id: int, reader: str, *, minutes: float = MINUTES
) -> str | None:
    """Keep a note for a reader who opens it, unless another has it open.

    Parameters
    ----------
    store : Store
        Open.
    queue_id, note_id : int
        Of the queue and the note.
    reader : str
        Who opens it.
    minutes : float
        For how long to keep it.

    Returns
    -------
    str or None
        Who has it open; None if it is kept for this reader now. Always None in a blind queue.

    Raises
    ------
    ValueError
        If there is no such queue or note.
    """
    with store.write() as connection:
        if find_queue(connection, queue_id).is_blind:
            return None
        if not _lock(connection, note_id):
            raise ValueError(f"the store has no note {note_id}")
        return _take(connection, queue_id, note_id, reader, minutes)


def release(store: Store, reader: str, queue_id: int) -> None:
    """Give back all notes that are kept for a reader.

    Parameters
    ----------
    store : Store
        Open.
    reader : str
        Whose.
    queue_id : int
        Of the queue.
    """
    with store.write() as connection:
        connection.execute(
            delete(claims).where(claims.c.reader == reader, claims.c.queue_id == queue_id)
        )


def _candidates(
    connection: Connection, line: Line, queue_id: int, reader: str, after: int | None
) -> list[int]:
    """Give the next notes that seem to be left."""
    left = [line.note_id.not_in(ids) for _, ids in _done_sets(line, reader)]
    if line.source is queue_note:
        left.append(queue_note.c.reader.is_(None) | (queue_note.c.reader == reader))
    if not line.is_blind:
        left.append(line.note_id.not_in(_held(reader)))
    key = line.key_of(connection, after) if after is not None else None
    ways = [()] if key is None else [(line.is_after(key),), (line.is_before(key),)]
    for way in ways:
        found = connection.scalars(line.ids(*left, *way).limit(CANDIDATES)).all()
        if found:
            return list(found)
    return []


def _done_sets(line: Line, reader: str) -> list[tuple[bool, Select]]:
    """Give the set of notes that are read."""
    return list(status_sets(line, reader, "read"))


def _held(reader: str) -> Select:
    """Select the notes that others have open, in any queue."""
    return select(claims.c.note_id).where(claims.c.reader != reader, claims.c.until > now())


def _is_left(connection: Connection, line: Line, note_id: int, reader: str) -> bool:
    """Lock a note, and look whether nobody read it before that."""
    _lock(connection, note_id)
    conditions = (note.c.id.not_in(ids) for _, ids in _done_sets(line, reader))
    found = select(note.c.id).where(note.c.id == note_id, *conditions)
    return connection.scalar(found) is not None


def _lock(connection: Connection, note_id: int) -> bool:
    """Let nobody else claim or decide on a note until the end; tell whether it is there."""
    found = select(note.c.id).where(note.c.id == note_id).with_for_update()
    return connection.scalar(found) is not None


def _take(
    connection: Connection, queue_id: int, note_id: int, reader: str, minutes: float
) -> str | None:
    """Keep a locked note for a reader; give the name of another who has it."""
    holder = connection.scalar(
        select(claims.c.reader).where(
            claims.c.note_id == note_id, claims.c.reader != reader, claims.c.until > now()
        )
    )
    if holder is not None:
        return holder
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    connection.execute(delete(claims).where(claims.c.note_id == note_id))
    connection.execute(
        insert(claims).values(
            queue_id=queue_id,
            note_id=note_id,
            reader=reader,
            until=until.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        )
    )
    return None
