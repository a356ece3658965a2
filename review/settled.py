"""What was made of the notes that were read: one settled reading of each, without any text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, Select, and_, func, select

from review.chunks import chunks
from review.projects import Project
from review.queues import find_queue, read_drawn
from review.sampling import estimate
from review.standing import first_done
from review.store import Store
from review.tables import note, reading

NOT_GIVEN = "not given"
"""Stands for a team, call type, month or handler that the export leaves empty."""

COLUMNS = ("team", "call_type", "received", "handler", "da_flag", "risk", "closing")
"""Columns of an export without which some figure makes no sense."""

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])(?!\d)")


@dataclass(frozen=True)
class ReadNote:
    """A note that was read, and what the export and the reader say of it.

    Parameters
    ----------
    id : int
        In the store.
    labels : frozenset of str
        Of confirmed evidence, recorded as happening.
    outcome : str or None
        One of ``review.decisions.OUTCOMES``.
    flagged, graded, no_action : bool
        What the export's columns mean by the project's settings.
    team, call_type, month, handler : str
        ``NOT_GIVEN`` where the export is empty.
    received : str or None
        As exported.
    case_ref : str or None
        Of its case.
    """

    id: int
    labels: frozenset[str]
    outcome: str | None
    flagged: bool
    graded: bool
    no_action: bool
    team: str
    call_type: str
    month: str
    handler: str
    received: str | None
    case_ref: str | None


@dataclass(frozen=True)
class ReadNotes:
    """Notes that were read, of a random draw or of any queue: never of both.

    Parameters
    ----------
    notes : tuple of ReadNote
        Of a draw, those up to the first that nobody has read.
    queue_id : int or None
        The random queue they were drawn in; None if they are all that was read, however it came
        to be read: then their counts say nothing of the other notes.
    drawn, ahead : int
        Notes of the draw, and those read after the first unread one.
    columns : frozenset of str
        Which of ``COLUMNS`` the notes of the project have.
    """

    notes: tuple[ReadNote, ...]
    queue_id: int | None
    drawn: int
    ahead: int
    columns: frozenset[str]

    @property
    def is_sample(self) -> bool:
        """Tell whether shares among these notes hold for all notes they were drawn from.

        Returns
        -------
        bool
            Only for a random draw.
        """
        return self.queue_id is not None


def read_everything_read(store: Store, project: Project) -> ReadNotes:
    """Take all notes that somebody has finished, whatever queue put them first.

    Parameters
    ----------
    store : Store
        Open.
    project : Project
        With its settings.

    Returns
    -------
    ReadNotes
        For counts among notes read; no sample.
    """
    with store.read() as connection:
        found = _read(connection, project)
        columns = _columns(connection, project.id)
    return ReadNotes(tuple(found.values()), None, len(found), 0, columns)


def read_sample(store: Store, project: Project, queue_id: int) -> ReadNotes:
    """Take the notes of a random draw, in its order, up to the first that nobody has read.

    Parameters
    ----------
    store : Store
        Open.
    project : Project
        With its settings.
    queue_id : int
        Of a queue of kind ``"random"``.

    Returns
    -------
    ReadNotes
        A sample of all notes that there were at the draw.

    Raises
    ------
    ValueError
        If the queue is of another kind or project.
    """
    with store.read() as connection:
        made = find_queue(connection, queue_id, project.id)
        if made.kind != "random":
            raise ValueError(
                f"queue {queue_id} is of kind {made.kind!r}: its notes were not drawn at random "
                "from all notes and have no place in a rate; draw a random sample"
            )
        drawn = read_drawn(connection, queue_id)
        read = _read(connection, project, drawn)
        columns = _columns(connection, project.id)
    counted = estimate(drawn, {id: bool(one.labels) for id, one in read.items()})
    notes = tuple(read[id] for id in drawn[: counted.n])
    return ReadNotes(notes, queue_id, len(drawn), counted.ahead, columns)


def settled_readings(project_id: int) -> Select:
    """Select one finished reading of each note: the final one, else whose was finished first.

    Parameters
    ----------
    project_id : int
        Of the notes.

    Returns
    -------
    Select
        ``note_id``, ``reader``, ``labels`` and ``outcome``.
    """
    first = first_done(project_id).subquery("first_done")
    order = func.row_number().over(
        partition_by=reading.c.note_id,
        order_by=(reading.c.is_final.desc(), first.c.first, reading.c.reader),
    )
    same = and_(first.c.note_id == reading.c.note_id, first.c.reader == reading.c.reader)
    ranked = (
        select(
            *(reading.c[name] for name in ("note_id", "reader", "labels", "outcome")),
            order.label("rank"),
        )
        .join(first, same)
        .where(reading.c.project_id == project_id, reading.c.is_done)
        .subquery("ranked_readings")
    )
    kept = (ranked.c[name] for name in ("note_id", "reader", "labels", "outcome"))
    return select(*kept).where(ranked.c.rank == 1)


def read_settled(
    connection: Connection, project_id: int, note_ids: Sequence[int] | None = None
) -> dict[int, Row]:
    """Read the settled reading of each note that was read, beside the export's columns.

    Parameters
    ----------
    connection : Connection
        To the store.
    project_id : int
        Of the notes.
    note_ids : sequence of int, optional
        Only these.

    Returns
    -------
    dict of int to Row
        By note; ``labels``, ``outcome``, ``reader``, ``case_ref`` and ``COLUMNS``, no text.
    """
    settled = settled_readings(project_id).subquery("settled")
    columns = (note.c[name] for name in ("id", *COLUMNS, "case_ref"))
    found = (
        select(*columns, settled.c.labels, settled.c.outcome, settled.c.reader)
        .join(settled, settled.c.note_id == note.c.id)
        .order_by(note.c.id)
    )
    if note_ids is None:
        return {row.id: row for row in connection.execute(found)}
    return {
        row.id: row
        for some in chunks(note_ids)
        for row in connection.execute(found.where(note.c.id.in_(some)))
    }


def _read(
    connection: Connection, project: Project, note_ids: Sequence[int] | None = None
) -> dict[int, ReadNote]:
    """Read notes that were read, by id; some, or all."""
    rows = read_settled(connection, project.id, note_ids)
    return {id: _read_note(row, project) for id, row in rows.items()}


def _read_note(row: Row, project: Project) -> ReadNote:
    """Make a note of a row."""
    meant = project.settings
    return ReadNote(
        id=row.id,
        labels=frozenset(row.labels.split()),
        outcome=row.outcome,
        flagged=meant.is_flagged(row.da_flag),
        graded=meant.is_graded(row.risk),
        no_action=meant.is_no_action(row.closing),
        team=_named(row.team),
        call_type=_named(row.call_type),
        month=month_of(row.received),
        handler=_named(row.handler),
        received=row.received,
        case_ref=row.case_ref,
    )


def _named(value: str | None) -> str:
    """Name a group of the export, also where it gives none."""
    return (value or "").strip() or NOT_GIVEN


def month_of(received: str | None) -> str:
    """Tell the month of a call.

    Parameters
    ----------
    received : str or None
        ISO 8601, as the export gave it.

    Returns
    -------
    str
        ``NOT_GIVEN`` where it is no date.

    Examples
    --------
    >>> month_of("2024-07-04T15:18:00"), month_of("last week")
    ('2024-07', 'not given')
    """
    found = _MONTH.match(received or "")
    return found.group() if found else NOT_GIVEN


def _columns(connection: Connection, project_id: int) -> frozenset[str]:
    """Tell which columns any note of the project has."""
    filled = (
        func.max(func.coalesce(note.c[name], "") != "")
        if connection.dialect.name == "sqlite"
        else func.bool_or(func.coalesce(note.c[name], "") != "")
        for name in COLUMNS
    )
    row = connection.execute(select(*filled).where(note.c.project_id == project_id)).one()
    return frozenset(name for name, has in zip(COLUMNS, row, strict=True) if has)
