"""What to read next: a page of a queue, the notes around one, and one note to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select
from sqlalchemy import func as f

from review.claims import claim, claim_next, release
from review.filters import ORDERS, STATUSES, Filters
from review.line import Line, line_up
from review.queues import KINDS, Queue, list_queues
from review.store import Store
from review.tables import finding, note, reading, score

__all__ = [
    "KINDS",
    "ORDERS",
    "STATUSES",
    "Filters",
    "Page",
    "Queue",
    "Row",
    "StoredNote",
    "claim",
    "claim_next",
    "list_page",
    "list_queues",
    "neighbours",
    "read_note",
    "release",
]


@dataclass(frozen=True)
class Row:
    """A note in a list.

    Parameters
    ----------
    note_id : int
        In the store.
    name : str
        Number in the export.
    received, person, case_ref, team : str or None
        As in `StoredNote`.
    evidence : float or None
        Of the run, in [0, 1]; orders the queue and says nothing else. None if not scored.
    n_findings : int
        Of the run.
    labels : tuple of tuple of str
        Label and context of the findings, each once, in reading order.
    status : str
        ``"unread"``, ``"begun"`` or ``"read"``, by anybody; in a blind queue by this reader.
    """

    note_id: int
    name: str
    received: str | None
    person: str | None
    case_ref: str | None
    team: str | None
    evidence: float | None
    n_findings: int
    labels: tuple[tuple[str, str], ...]
    status: str


@dataclass(frozen=True)
class Page:
    """Some notes of a queue.

    Parameters
    ----------
    rows : tuple of Row
        In the order of the queue.
    total : int
        Notes that the filters let through.
    """

    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True)
class StoredNote:
    """A note as it was exported.

    Parameters
    ----------
    id, project_id : int
        In the store.
    name : str
        Number in the export.
    text : str
        Never altered.
    received, person : str or None
        When the call came in (ISO 8601), and the reference of the person.
    case_ref : str or None
        Case that it is in: the person's, unless a reader linked it to another.
    team, handler, grade, da_flag, risk, closing, call_type : str or None
        Facts of the export.
    meta : mapping
        Other columns that were kept.
    """

    id: int
    project_id: int
    name: str
    text: str = field(repr=False)
    received: str | None
    person: str | None
    case_ref: str | None
    team: str | None
    handler: str | None
    grade: str | None
    da_flag: str | None
    risk: str | None
    closing: str | None
    call_type: str | None
    meta: Mapping[str, object] = field(repr=False)


def list_page(
    store: Store,
    queue_id: int,
    run_id: int | None,
    reader: str,
    filters: Filters,
    *,
    page: int = 1,
    size: int = 25,
) -> Page:
    """Give one page of a queue.

    Parameters
    ----------
    store : Store
        Open.
    queue_id : int
        Of the queue.
    run_id : int or None
        Whose findings are shown; None before any model has read the notes.
    reader : str
        For whom.
    filters : Filters
        What narrows and orders the queue.
    page : int
        From 1.
    size : int
        Notes on a page.

    Returns
    -------
    Page
        Without rows beyond the last page.

    Raises
    ------
    ValueError
        If there is no such queue.
    """
    with store.read() as connection:
        line = line_up(connection, queue_id, run_id, reader, filters)
        total = connection.scalar(line.count())
        asked = line.ids().limit(size).offset((max(page, 1) - 1) * size)
        ids = connection.scalars(asked).all() if total else []
        return Page(_rows(connection, line, ids, run_id, reader), total)


def neighbours(
    store: Store, queue_id: int, run_id: int | None, reader: str, filters: Filters, note_id: int
) -> tuple[int | None, int | None, int, int]:
    """Give the notes around one.

    Parameters
    ----------
    store : Store
        Open.
    queue_id, run_id : int
        As in `list_page`.
    reader : str
        For whom.
    filters : Filters
        As in `list_page`.
    note_id : int
        Of the note. Filters may have let it go since, as when it was read; its place stays.

    Returns
    -------
    previous, next : int or None
        None at either end, both if the note is not in the queue.
    place : int
        From 1; 0 if it is not in the queue, or before the first that filters let through.
    total : int
        Notes that the filters let through.
    """
    with store.read() as connection:
        line = line_up(connection, queue_id, run_id, reader, filters)
        key = line.key_of(connection, note_id)
        if key is None:
            return None, None, 0, connection.scalar(line.count())
        before, after = line.is_before(key), line.is_after(key)
        previous = connection.scalar(line.ids(before, is_backward=True).limit(1))
        following = connection.scalar(line.ids(after).limit(1))
        total, n_after = connection.execute(line.count(after)).one()
        return previous, following, total - n_after, total


def read_note(store: Store, note_id: int) -> StoredNote:
    """Read a note.

    Parameters
    ----------
    store : Store
        Open.
    note_id : int
        Of the note.

    Returns
    -------
    StoredNote
        As it was exported.

    Raises
    ------
    ValueError
        If there is none.
    """
    columns = [note.c[name] for name in StoredNote.__dataclass_fields__]
    with store.read() as connection:
        row = connection.execute(select(*columns).where(note.c.id == note_id)).first()
    if row is None:
        raise ValueError(f"the store has no note {note_id}")
    return StoredNote(**row._mapping)


def _rows(
    connection: Connection, line: Line, ids: Sequence[int], run_id: int | None, reader: str
) -> tuple[Row, ...]:
    """Read what a list shows of some notes."""
    names = ("name", "received", "person", "case_ref", "team")
    columns = (note.c[name] for name in names)
    facts = _by_id(connection, select(note.c.id, *columns).where(note.c.id.in_(ids)))
    scores = _by_id(
        connection,
        select(score.c.note_id, score.c.evidence, score.c.n_findings).where(
            score.c.run_id == run_id, score.c.note_id.in_(ids)
        ),
    )
    labels, status = _labels(connection, ids, run_id), _status(connection, line, ids, reader)
    return tuple(
        Row(
            id,
            *facts[id],
            *scores.get(id, (None, 0)),
            tuple(labels.get(id, ())),
            status.get(id, "unread"),
        )
        for id in ids
    )


def _by_id(connection: Connection, asked) -> dict[int, tuple]:
    """Read rows by their first column."""
    return {id: tuple(values) for id, *values in connection.execute(asked)}


def _labels(
    connection: Connection, ids: Sequence[int], run_id: int | None
) -> dict[int, dict[tuple[str, str], None]]:
    """Read the labels and contexts of notes, each once."""
    found = (
        select(finding.c.note_id, finding.c.label, finding.c.context)
        .where(finding.c.note_id.in_(ids), finding.c.run_id == run_id)
        .order_by(finding.c.start, finding.c.id)
    )
    labels: dict[int, dict[tuple[str, str], None]] = {}
    for id, label, context in connection.execute(found):
        labels.setdefault(id, {})[label, context] = None
    return labels


def _status(connection: Connection, line: Line, ids: Sequence[int], reader: str) -> dict[int, str]:
    """Read how far notes are that anybody began, or in a blind queue this reader."""
    found = (
        select(reading.c.note_id, f.sum(reading.c.is_done.cast(reading.c.last_id.type)))
        .where(reading.c.note_id.in_(ids))
        .group_by(reading.c.note_id)
    )
    if line.is_blind:
        found = found.where(reading.c.reader == reader)
    return {id: "read" if done else "begun" for id, done in connection.execute(found)}
