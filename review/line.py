"""The notes of a queue in their order, narrowed by filters, as parts of one SQL question.

Every filter is a set of note ids that an index answers alone, so that the long rows of notes are
read only for what is shown; a place in the order is found by its key, never by counting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    func,
    or_,
    select,
    tuple_,
)

from review.filters import FACT_FILTERS, Filters
from review.queues import find_queue
from review.tables import finding, note, queue_note, reading, score
from review.word_search import search_words

BEFORE_ALL, AFTER_ALL = "", "~"
"""Stand for a missing date, so that such notes come last in either order."""


@dataclass(frozen=True)
class Line:
    """Notes in an order.

    Parameters
    ----------
    source : FromClause
        Table or join that holds them.
    note_id : ColumnElement
        Of each note.
    key : tuple of ColumnElement
        What they are ordered by; no two notes have the same.
    is_falling : bool
        Whether the highest key comes first.
    where : tuple of ColumnElement
        What narrows them.
    project_id : int
        Of all of them.
    is_blind : bool
        Whether what other readers say must not show.
    """

    source: FromClause
    note_id: ColumnElement
    key: tuple[ColumnElement, ...]
    is_falling: bool
    where: tuple[ColumnElement, ...]
    project_id: int
    is_blind: bool

    def ids(self, *more: ColumnElement, is_backward: bool = False) -> Select:
        """Select note ids in this order.

        Parameters
        ----------
        *more : ColumnElement
            Further conditions.
        is_backward : bool
            The last first.

        Returns
        -------
        Select
            To be limited.
        """
        is_falling = self.is_falling != is_backward
        order = [part.desc() if is_falling else part.asc() for part in self.key]
        return (
            select(self.note_id).select_from(self.source).where(*self.where, *more).order_by(*order)
        )

    def count(self, *what: ColumnElement) -> Select:
        """Select how many notes there are.

        Parameters
        ----------
        *what : ColumnElement
            Conditions, each to be counted too.

        Returns
        -------
        Select
            One row: all of them, then those of each condition.
        """
        sums = [func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in what]
        return select(func.count(), *sums).select_from(self.source).where(*self.where)

    def key_of(self, connection: Connection, note_id: int) -> tuple | None:
        """Give the key of a note, whether filters let it through or not.

        Parameters
        ----------
        connection : Connection
            To read with.
        note_id : int
            Of the note.

        Returns
        -------
        tuple or None
            None if it is not in the queue.
        """
        found = select(*self.key).select_from(self.source).where(self.note_id == note_id)
        row = connection.execute(found.where(*self.where[:1])).first()
        return None if row is None else tuple(row)

    def is_after(self, key: tuple) -> ColumnElement:
        """Say that a note comes after a key.

        Parameters
        ----------
        key : tuple
            From `key_of`.

        Returns
        -------
        ColumnElement
            A condition.
        """
        ours = tuple_(*self.key)
        return ours < tuple_(*key) if self.is_falling else ours > tuple_(*key)

    def is_before(self, key: tuple) -> ColumnElement:
        """Say that a note comes before a key.

        Parameters
        ----------
        key : tuple
            From `key_of`.

        Returns
        -------
        ColumnElement
            A condition.
        """
        ours = tuple_(*self.key)
        return ours > tuple_(*key) if self.is_falling else ours < tuple_(*key)


def line_up(
    connection: Connection, queue_id: int, run_id: int | None, reader: str, filters: Filters
) -> Line:
    """Put the notes of a queue in a line.

    Parameters
    ----------
    connection : Connection
        To read with.
    queue_id : int
        Of the queue.
    run_id : int or None
        Whose evidence orders them and whose findings are looked at.
    reader : str
        For whom.
    filters : Filters
        What narrows them.

    Returns
    -------
    Line
        Nothing of it is read yet.

    Raises
    ------
    ValueError
        If there is no such queue.
    """
    found = find_queue(connection, queue_id)
    own = {"project_id": found.project_id, "is_blind": found.is_blind}
    if found.kind != "ranked":
        where = [queue_note.c.queue_id == queue_id]
        if found.is_blind:
            where.append(or_(queue_note.c.reader.is_(None), queue_note.c.reader == reader))
        line = Line(
            queue_note, queue_note.c.note_id, (queue_note.c.place,), False, (and_(*where),), **own
        )
    else:
        line = _line_of_all(connection, found.project_id, run_id, filters.order, own)
    # a sum, so that SQLite goes along the order and looks ids up in the sets, not the reverse
    id = line.note_id + 0
    is_sqlite = connection.dialect.name == "sqlite"
    sets = _sets(line, run_id, reader, filters, is_sqlite=is_sqlite)
    where = tuple(id.in_(ids) if is_in else id.not_in(ids) for is_in, ids in sets)
    return Line(**vars(line) | {"where": line.where + where})


def _line_of_all(
    connection: Connection, project_id: int, run_id: int | None, order: str, own: dict
) -> Line:
    """Put all notes of a project in a line."""
    is_of_project = note.c.project_id == project_id
    if order == "random":
        return Line(note, note.c.id, (note.c.draw, note.c.id), False, (is_of_project,), **own)
    if order in ("newest", "oldest"):
        is_falling = order == "newest"
        received = func.coalesce(note.c.received, BEFORE_ALL if is_falling else AFTER_ALL)
        return Line(note, note.c.id, (received, note.c.id), is_falling, (is_of_project,), **own)
    if run_id is not None:
        is_of_run = score.c.run_id == run_id
        if _is_complete(connection, is_of_project, is_of_run):
            key = (score.c.evidence, score.c.note_id)
            return Line(score, score.c.note_id, key, True, (is_of_run,), **own)
    joined = note.outerjoin(score, (score.c.note_id == note.c.id) & (score.c.run_id == run_id))
    key = (func.coalesce(score.c.evidence, -1.0), note.c.id)
    return Line(joined, note.c.id, key, True, (is_of_project,), **own)


def _is_complete(connection: Connection, is_of_project, is_of_run) -> bool:
    """Tell whether a run has scored every note."""
    notes = select(func.count()).select_from(note).where(is_of_project)
    scores = select(func.count()).select_from(score).where(is_of_run)
    return connection.scalar(notes) == connection.scalar(scores)


def _sets(
    line: Line, run_id: int | None, reader: str, filters: Filters, *, is_sqlite: bool
) -> Iterator[tuple[bool, Select]]:
    """Give sets of note ids, and whether a note must be in each or not."""
    notes = select(note.c.id).where(note.c.project_id == line.project_id)
    for name, column in FACT_FILTERS.items():
        if values := getattr(filters, name):
            yield True, notes.where(note.c[column].in_(values))
    if filters.since:
        yield True, notes.where(note.c.received >= filters.since)
    if filters.until:
        yield True, notes.where(note.c.received < f"{filters.until}{AFTER_ALL}")
    if filters.labels:
        yield (
            True,
            select(finding.c.note_id).where(
                finding.c.run_id == run_id, finding.c.label.in_(filters.labels)
            ),
        )
    if filters.with_findings is not None:
        yield filters.with_findings, select(finding.c.note_id).where(finding.c.run_id == run_id)
    if (words := search_words(filters.words, is_sqlite=is_sqlite)) is not None:
        yield True, words
    yield from status_sets(line, reader, filters.status)


def status_sets(line: Line, reader: str, status: str) -> Iterator[tuple[bool, Select]]:
    """Give the sets of notes that have a status.

    Parameters
    ----------
    line : Line
        Of a queue.
    reader : str
        Who asks.
    status : str
        One of ``STATUSES``.

    Yields
    ------
    tuple of bool and Select
        Whether a note must be in the set, and the ids.
    """
    begun = select(reading.c.note_id).where(reading.c.project_id == line.project_id)
    if line.is_blind:
        begun = begun.where(reading.c.reader == reader)
    done = begun.where(reading.c.is_done.is_(True))
    if status == "mine":
        yield True, begun.where(reading.c.reader == reader)
    elif status == "flagged":
        yield True, begun.where(reading.c.flagged_to == reader)
    elif status == "open":
        yield False, done
    elif status == "unread":
        yield False, begun
    elif status == "begun":
        yield True, begun
        yield False, done
    elif status == "read":
        yield True, done
