"""The log of decisions: written in one transaction with what it comes to, read back, undone.

Rows are added and never altered, which the database itself enforces. What they come to is settled
by `review.decisions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection, Row, delete, insert, select, update

from review.chunks import chunks
from review.decisions import (
    EVIDENCE,
    Decision,
    Reading,
    confirmed_marks,
    mark_of,
    settle,
    standing_rows,
)
from review.store import Store, now
from review.tables import claim, decision, finding, note, reading


def record(store: Store, rows: Sequence[Decision]) -> list[Decision]:
    """Write decisions, all in one transaction, and bring the readings up to date.

    A row whose key the store has already is not written again, so that a page may ask twice.

    Parameters
    ----------
    store : Store
        Open.
    rows : sequence of Decision
        In their order.

    Returns
    -------
    list of Decision
        As stored, with id and time; one for each given row.

    Raises
    ------
    ValueError
        If a row does not fit its note: another project's, extent past the text, a finding of
        another note, a change of a row that is not there. Nothing is written then.
    """
    with store.write() as connection:
        lengths = _lock_notes(connection, {row.note_id for row in rows})
        written = [_write(connection, row, lengths) for row in rows]
        touched = sorted({(row.note_id, row.reader) for row in written})
        for note_id, reader in touched:
            _renew(connection, note_id, reader)
        for note_id in sorted({row.note_id for row in written}):
            _renew_note(connection, note_id)
        return written


def undo(
    store: Store, *, project_id: int, reader: str, note_id: int, key: str | None = None
) -> Decision | None:
    """Undo this reader's newest row of a note that still counts.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the note.
    reader : str
        Only own rows can be undone.
    note_id : int
        Of the note.
    key : str, optional
        As in `Decision`; the same key undoes only once.

    Returns
    -------
    Decision or None
        The row that undoes, or None if there is nothing to undo.
    """
    with store.write() as connection:
        _lock_notes(connection, {note_id})
        rows = _rows(connection, note_id, reader)
        if key is not None and (before := next((row for row in rows if row.key == key), None)):
            return before
        standing = standing_rows(rows)
        if not standing:
            return None
        row = Decision(project_id, note_id, reader, "undo", changes=standing[-1].id)
        written = add_row(connection, replace(row, key=key) if key else row)
        _renew(connection, note_id, reader)
        _renew_note(connection, note_id)
        return written


def read_history(store: Store, note_id: int) -> list[Decision]:
    """Read all rows of a note.

    Parameters
    ----------
    store : Store
        Open.
    note_id : int
        Of the note.

    Returns
    -------
    list of Decision
        Of all readers, in order of time, undone ones among them.
    """
    with store.read() as connection:
        return _rows(connection, note_id)


def read_readings(store: Store, note_ids: Sequence[int]) -> list[Reading]:
    """Settle all readings of some notes.

    Parameters
    ----------
    store : Store
        Open.
    note_ids : sequence of int
        Of the notes.

    Returns
    -------
    list of Reading
        By note and reader.
    """
    with store.read() as connection:
        return [
            settle(rows, note_id=note_id, reader=reader)
            for (note_id, reader), rows in _by_reading(connection, note_ids)
        ]


def read_reading(store: Store, note_id: int, reader: str) -> Reading:
    """Settle one reader's reading of a note.

    Parameters
    ----------
    store : Store
        Open.
    note_id : int
        Of the note.
    reader : str
        Whose.

    Returns
    -------
    Reading
        Empty if the reader has said nothing of it.
    """
    with store.read() as connection:
        return settle(_rows(connection, note_id, reader), note_id=note_id, reader=reader)


def read_rows_of(store: Store, project_id: int, readers: Sequence[str]) -> list[Decision]:
    """Read all rows of some readers of a project.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the notes.
    readers : sequence of str
        Whose.

    Returns
    -------
    list of Decision
        By reader and note, then in order of time, undone ones among them.
    """
    found = []
    with store.read() as connection:
        for some in chunks(readers):
            found += connection.execute(
                select(decision).where(
                    decision.c.project_id == project_id, decision.c.reader.in_(some)
                )
            ).all()
    rows = [_decision_of(row) for row in found]
    return sorted(rows, key=attrgetter("reader", "note_id", "id"))


def read_last_notes(store: Store, *, project_id: int, reader: str, n: int = 10) -> list[int]:
    """Give the notes on which a reader decided last.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the notes.
    reader : str
        Whose.
    n : int
        How many at most.

    Returns
    -------
    list of int
        Ids, the newest first.
    """
    found = (
        select(reading.c.note_id)
        .where(reading.c.project_id == project_id, reading.c.reader == reader)
        .order_by(reading.c.last_id.desc())
        .limit(n)
    )
    with store.read() as connection:
        return list(connection.scalars(found))


def _by_reading(connection: Connection, note_ids: Sequence[int]):
    """Read the rows of notes, grouped by note and reader."""
    for some in chunks(note_ids):
        found = connection.execute(
            select(decision)
            .where(decision.c.note_id.in_(some))
            .order_by(decision.c.note_id, decision.c.reader, decision.c.id)
        )
        rows = [_decision_of(row) for row in found]
        yield from (
            (key, list(group)) for key, group in groupby(rows, key=attrgetter("note_id", "reader"))
        )


def _lock_notes(connection: Connection, note_ids: set[int]) -> dict[int, int]:
    """Let nobody else write of these notes until the end; give the lengths of their texts."""
    found = connection.execute(
        select(note.c.id, note.c.text)
        .where(note.c.id.in_(note_ids))
        .order_by(note.c.id)
        .with_for_update()
    )
    lengths = {id: len(text) for id, text in found}
    for id in sorted(note_ids - set(lengths)):
        raise ValueError(f"the store has no note {id}")
    return lengths


def _write(connection: Connection, row: Decision, lengths: Mapping[int, int]) -> Decision:
    """Write a row, unless it is there already."""
    before = connection.execute(select(decision).where(decision.c.key == row.key)).first()
    if before is not None:
        return _decision_of(before)
    _check(connection, row, lengths[row.note_id])
    return add_row(connection, row)


def add_row(connection: Connection, row: Decision) -> Decision:
    """Add a row to the log as it is, unchecked, in the transaction of whoever made its note.

    Parameters
    ----------
    connection : Connection
        To write with.
    row : Decision
        That fits its note.

    Returns
    -------
    Decision
        As stored, with id and time.
    """
    values = asdict(row) | {"at": now()}
    del values["id"]
    id = connection.execute(insert(decision).values(values)).inserted_primary_key[0]
    return replace(row, id=id, at=values["at"])


def _check(connection: Connection, row: Decision, length: int) -> None:
    """Refuse a row that does not fit its note."""
    where = f"note {row.note_id}, {row.kind}"
    of_project = connection.scalar(select(note.c.project_id).where(note.c.id == row.note_id))
    if of_project != row.project_id:
        raise ValueError(f"{where}: the note is not of project {row.project_id}")
    is_of_finding = row.finding_id is not None
    if row.kind == "answer" and not is_of_finding:
        raise ValueError(f"{where}: the finding is missing")
    if is_of_finding:
        of_note = select(finding.c.note_id).where(finding.c.id == row.finding_id)
        if connection.scalar(of_note) != row.note_id:
            raise ValueError(f"{where}: finding {row.finding_id} is not of this note")
    if row.kind in ("mark", "change"):
        if row.start is None or row.end is None or not row.label:
            raise ValueError(f"{where}: start, end and label are needed")
        if not 0 <= row.start < row.end <= length:
            raise ValueError(
                f"{where}: span {row.start}:{row.end} does not lie in the text "
                f"({length} characters)"
            )
    if row.kind in ("remove", "undo") or (row.kind == "change" and not is_of_finding):
        own = select(decision.c.id).where(
            decision.c.id == row.changes,
            decision.c.note_id == row.note_id,
            decision.c.reader == row.reader,
        )
        if connection.scalar(own) is None:
            raise ValueError(f"{where}: {row.reader!r} has made no decision {row.changes} on it")


def _rows(connection: Connection, note_id: int, reader: str | None = None) -> list[Decision]:
    """Read the rows of a note, of one reader or of all."""
    found = select(decision).where(decision.c.note_id == note_id).order_by(decision.c.id)
    if reader is not None:
        found = found.where(decision.c.reader == reader)
    return [_decision_of(row) for row in connection.execute(found)]


def _decision_of(row: Row) -> Decision:
    """Make a decision of a row of the table."""
    return Decision(**row._mapping)


def _renew(connection: Connection, note_id: int, reader: str) -> None:
    """Derive one reading anew from the log."""
    rows = _rows(connection, note_id, reader)
    settled = settle(rows, note_id=note_id, reader=reader)
    key = (reading.c.note_id == note_id, reading.c.reader == reader)
    connection.execute(delete(reading).where(*key))
    if all(row.kind == "case" for row in standing_rows(rows)):
        return  # nothing is said of the note itself, or nothing any more
    connection.execute(
        insert(reading).values(
            note_id=note_id,
            reader=reader,
            project_id=rows[0].project_id,
            queue_id=settled.queue_id,
            is_done=settled.is_done,
            is_final=False,
            outcome=settled.outcome,
            flagged_to=settled.flagged_to,
            labels=_confirmed_labels(connection, settled),
            last_id=settled.last_id,
            at=settled.at,
        )
    )
    if settled.is_done:
        connection.execute(
            delete(claim).where(claim.c.note_id == note_id, claim.c.reader == reader)
        )


def _confirmed_labels(connection: Connection, settled: Reading) -> str:
    """Write the labels of confirmed evidence, with spaces around each."""
    ids = [one.finding_id for one in settled.answers.values() if one.answer == "accept"]
    found = connection.execute(select(finding).where(finding.c.id.in_(ids)))
    findings = {row.id: mark_of(row) for row in found}
    labels = {mark.label for mark in confirmed_marks(settled, findings) if mark.context == EVIDENCE}
    return "".join(f" {label} " for label in sorted(labels))


def _renew_note(connection: Connection, note_id: int) -> None:
    """Derive anew what all readers together have made of a note: its case, whose word is final.

    The newest row that stands counts. Without one the note is in the case of its own reference.
    """
    standing = standing_rows(_rows(connection, note_id))
    cases = [row.answer for row in standing if row.kind == "case"]
    connection.execute(
        update(note)
        .where(note.c.id == note_id)
        .values(case_ref=cases[-1] if cases else note.c.person)
    )
    final = [row.reader for row in standing if row.kind == "final"]
    connection.execute(
        update(reading)
        .where(reading.c.note_id == note_id)
        .values(is_final=reading.c.reader == (final[-1] if final else ""))
    )
