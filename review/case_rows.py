"""Rows of the store that one case is put together from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, case, func, or_, select

from classifier.note import Mark
from review.decision_log import read_readings
from review.decisions import Reading, mark_of
from review.found_marks import read_marks
from review.store import Store
from review.tables import decision, finding, note, queue, queue_note

NO_CASE = ""
"""What a note's reference is that a reader took out of every case."""

WHOLE_READINGS = 2
"""Done readings of a note from which nothing of it is held back any more."""


@dataclass(frozen=True)
class CaseRows:
    """What the store holds of one case.

    Parameters
    ----------
    notes : list of Row
        In no order.
    findings : dict of int to dict of int to Mark
        Of one run: note id to finding id to mark, in reading order.
    readings : dict of int to list of Reading
        Done readings by note id, the one that counts first.
    judged : dict of int to Mark
        The findings of whatever run that the readings that count answer.
    blind : set of int
        Notes of which readings are held back.
    """

    notes: list[Row]
    findings: dict[int, dict[int, Mark]]
    readings: dict[int, list[Reading]]
    judged: dict[int, Mark]
    blind: set[int]


def read_rows(
    store: Store, project_id: int, ref: str, run_id: int | None, reader: str | None
) -> CaseRows:
    """Read all that is shown of a case.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Whose.
    ref : str
        Of the case.
    run_id : int or None
        Whose findings.
    reader : str or None
        Who looks; nothing is held back from nobody.

    Returns
    -------
    CaseRows
        Empty if there is no such case.
    """
    of_case = [note.c.project_id == project_id, note.c.case_ref == ref]
    with store.read() as connection:
        notes = list(connection.execute(select(note).where(*of_case)))
        findings = _read_findings(connection, of_case, run_id)
        places = _read_places(connection, of_case)
        blind = _read_blind(connection, of_case, reader) if reader else set()
    readings: dict[int, list[Reading]] = {row.id: [] for row in notes}
    for one in read_readings(store, list(readings)):
        if one.is_done:
            readings[one.note_id].append(one)
    for some in readings.values():
        some.sort(key=lambda one: _place_of(one, places))
    held_back = {id for id in blind if _is_held_back(reader, readings[id])}
    answered = {id for some in readings.values() for one in some[:1] for id in one.answers}
    return CaseRows(notes, findings, readings, read_marks(store, answered), held_back)


def _read_findings(
    connection: Connection, of_case: Sequence[ColumnElement], run_id: int | None
) -> dict[int, dict[int, Mark]]:
    """Read the findings of a run in the notes of a case."""
    found = (
        select(finding)
        .join(note, note.c.id == finding.c.note_id)
        .where(finding.c.run_id == run_id, *of_case)
        .order_by(finding.c.note_id, finding.c.start, finding.c.end, finding.c.id)
    )
    findings: dict[int, dict[int, Mark]] = {}
    for row in connection.execute(found):
        findings.setdefault(row.note_id, {})[row.id] = mark_of(row)
    return findings


def _read_places(
    connection: Connection, of_case: Sequence[ColumnElement]
) -> dict[tuple[int, str], tuple[int, int]]:
    """Give the rows with which each reader first finished a note, and last settled it."""
    undone = select(decision.c.changes).where(
        decision.c.kind == "undo", decision.c.changes.is_not(None)
    )
    settled = func.max(case((decision.c.kind == "final", decision.c.id), else_=0))
    found = (
        select(decision.c.note_id, decision.c.reader, func.min(decision.c.id), settled)
        .join(note, note.c.id == decision.c.note_id)
        .where(
            *of_case,
            decision.c.kind.in_(("done", "final")),
            or_(decision.c.answer.is_(None), decision.c.answer != "open"),
            decision.c.id.not_in(undone),
        )
        .group_by(decision.c.note_id, decision.c.reader)
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(found)}


def _place_of(one: Reading, places: dict[tuple[int, str], tuple[int, int]]) -> tuple[int, int]:
    """Put the reading that was settled last first, then the others as they were finished."""
    finished, settled = places[one.note_id, one.reader]
    return -settled, finished


def _read_blind(connection: Connection, of_case: Sequence[ColumnElement], reader: str) -> set[int]:
    """Give the notes that this person may have to read without what others said."""
    found = (
        select(queue_note.c.note_id)
        .join(queue, queue.c.id == queue_note.c.queue_id)
        .join(note, note.c.id == queue_note.c.note_id)
        .where(
            *of_case,
            queue.c.is_blind,
            or_(queue_note.c.reader.is_(None), queue_note.c.reader == reader),
        )
    )
    return set(connection.scalars(found))


def _is_held_back(reader: str | None, readings: Sequence[Reading]) -> bool:
    """Tell whether a blind note still waits for this person's reading."""
    return len(readings) < WHOLE_READINGS and not any(
        one.is_final or one.reader == reader for one in readings
    )
