"""Queues: all notes of a project, and lists of notes that were drawn beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, case, func, insert, or_, select

from review.chunks import chunks
from review.store import Store, now
from review.tables import note, queue, queue_note, reading

KINDS = ("random", "elusion", "dip", "second")
"""What a drawn queue may be for."""


@dataclass(frozen=True)
class Queue:
    """A queue.

    Parameters
    ----------
    id : int
        In the store.
    name : str
        Shown.
    kind : str
        ``"ranked"``, or one of ``KINDS``.
    is_blind : bool
        Whether readers do not see what others say.
    seed : int or None
        By which it was drawn.
    plan : mapping
        What was planned before.
    at, by : str
        When and by whom it was made.
    n_notes, n_read : int
        Notes in it, and those that somebody has finished; in a blind queue within it, or by the
        reader to whom they were assigned.
    """

    id: int
    name: str
    kind: str
    is_blind: bool
    seed: int | None
    plan: Mapping[str, object]
    at: str
    by: str
    n_notes: int
    n_read: int


def add_queue(
    connection: Connection,
    project_id: int,
    name: str,
    kind: str,
    note_ids: Sequence[int],
    *,
    by: str,
    seed: int | None = None,
    plan: Mapping[str, object] | None = None,
    is_blind: bool = False,
    readers: Mapping[int, str] | None = None,
) -> int:
    """Make a queue in the transaction in which its notes are drawn.

    Parameters
    ----------
    connection : Connection
        To write with.
    project_id : int
        Of the project.
    name : str
        To be shown, 1 to 200 characters.
    kind : str
        One of ``KINDS``.
    note_ids : sequence of int
        In the order in which they are to be read.
    by : str
        Who makes it.
    seed : int, optional
        By which they were drawn.
    plan : mapping, optional
        What was planned before, to be kept.
    is_blind : bool
        Whether readers must not see what others say.
    readers : mapping of int to str, optional
        Who is to read a note; the others are for anybody.

    Returns
    -------
    int
        Id of the queue.

    Raises
    ------
    ValueError
        If the name or kind will not do, or a note comes twice or is not of the project.
    """
    name, readers = name.strip(), readers or {}
    if not 0 < len(name) <= 200:
        raise ValueError(f"the name of a queue must have 1 to 200 characters, got {len(name)}")
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {KINDS}, got {kind!r}")
    if len(set(note_ids)) < len(note_ids):
        raise ValueError("a note comes twice; each may be in a queue once")
    if strange := set(readers) - set(note_ids):
        raise ValueError(f"readers are named for notes not in the queue: {sorted(strange)[:5]}")
    _check_notes(connection, project_id, note_ids)
    made = connection.execute(
        insert(queue).values(
            project_id=project_id,
            name=name,
            kind=kind,
            is_blind=is_blind,
            seed=seed,
            plan=dict(plan or {}),
            at=now(),
            by=by,
        )
    )
    id = made.inserted_primary_key[0]
    if note_ids:
        connection.execute(
            insert(queue_note),
            [
                {"queue_id": id, "place": place, "note_id": one, "reader": readers.get(one)}
                for place, one in enumerate(note_ids, start=1)
            ],
        )
    return id


def find_queue(connection: Connection, queue_id: int, project_id: int | None = None) -> Row:
    """Read what a queue is.

    Parameters
    ----------
    connection : Connection
        To read with.
    queue_id : int
        Of the queue.
    project_id : int, optional
        Which it must be of.

    Returns
    -------
    Row
        Of ``queue``.

    Raises
    ------
    ValueError
        If there is no such queue.
    """
    found = select(queue).where(queue.c.id == queue_id)
    if project_id is not None:
        found = found.where(queue.c.project_id == project_id)
    row = connection.execute(found).first()
    if row is None:
        whose = "the store" if project_id is None else f"project {project_id}"
        raise ValueError(f"{whose} has no queue {queue_id}")
    return row


def read_drawn(connection: Connection, queue_id: int) -> list[int]:
    """Give the notes of a drawn queue.

    Parameters
    ----------
    connection : Connection
        To the store.
    queue_id : int
        Of the queue.

    Returns
    -------
    list of int
        Ids in the order drawn.
    """
    found = select(queue_note.c.note_id).where(queue_note.c.queue_id == queue_id)
    return list(connection.scalars(found.order_by(queue_note.c.place)))


def list_queues(store: Store, project_id: int) -> list[Queue]:
    """List the queues of a project.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the project.

    Returns
    -------
    list of Queue
        In the order in which they were made; that of all notes first.
    """
    names = ("id", "name", "kind", "is_blind", "seed", "plan", "at", "by")
    asked = (
        select(*(queue.c[name] for name in names))
        .where(queue.c.project_id == project_id)
        .order_by(queue.c.id)
    )
    with store.read() as connection:
        return [
            Queue(**row._mapping, **_counts(connection, project_id, row))
            for row in connection.execute(asked).all()
        ]


def _counts(connection: Connection, project_id: int, row) -> dict[str, int]:
    """Count the notes of a queue, and those that are read."""
    if row.kind == "ranked":
        notes = select(func.count()).select_from(note).where(note.c.project_id == project_id)
        read = select(func.count(reading.c.note_id.distinct())).where(
            reading.c.project_id == project_id, reading.c.is_done.is_(True)
        )
        return {"n_notes": connection.scalar(notes), "n_read": connection.scalar(read)}
    done = select(reading.c.note_id).where(
        reading.c.note_id == queue_note.c.note_id, reading.c.is_done.is_(True)
    )
    if row.is_blind:
        is_anybodys = queue_note.c.reader.is_(None) & (reading.c.queue_id == row.id)
        done = done.where(or_(is_anybodys, reading.c.reader == queue_note.c.reader))
    counts = select(
        func.count(), func.coalesce(func.sum(case((done.exists(), 1), else_=0)), 0)
    ).where(queue_note.c.queue_id == row.id)
    n_notes, n_read = connection.execute(counts).one()
    return {"n_notes": n_notes, "n_read": n_read}


def _check_notes(connection: Connection, project_id: int, note_ids: Sequence[int]) -> None:
    """Refuse notes that are not of the project."""
    for some in chunks(note_ids):
        there = set(
            connection.scalars(
                select(note.c.id).where(note.c.project_id == project_id, note.c.id.in_(some))
            )
        )
        for id in some:
            if id not in there:
                raise ValueError(f"project {project_id} has no note {id}")
