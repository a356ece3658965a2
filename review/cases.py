"""Cases in the store: notes with the same reference, listed and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, case, func, select

from classifier.note import Mark
from review.also_noted import find_facts
from review.case_rows import NO_CASE, read_rows
from review.dates import read_date
from review.decisions import Reading, confirmed_marks
from review.projects import read_project
from review.settings import FACTS, Settings
from review.store import Store
from review.tables import finding, note, run
from review.timelines import EVIDENCE, Call, Case, Run, order_key


@dataclass(frozen=True)
class CaseRow:
    """One case in a list.

    Parameters
    ----------
    ref : str
        Reference.
    n_notes : int
        Notes.
    first, last : str or None
        When the first and last call was received; None if none has a date.
    n_with_findings : int
        Notes in which the run highlights something as happening.
    """

    ref: str
    n_notes: int
    first: str | None
    last: str | None
    n_with_findings: int


@dataclass(frozen=True)
class CasePage:
    """One page of a list of cases.

    Parameters
    ----------
    rows : tuple of CaseRow
        Most notes first, then the latest call.
    total : int
        Cases on all pages.
    """

    rows: tuple[CaseRow, ...]
    total: int


def list_cases(
    store: Store,
    project_id: int,
    run_id: int | None,
    *,
    at_least: int = 2,
    search: str = "",
    page: int = 1,
    size: int = 25,
) -> CasePage:
    """List cases, those with most notes first.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Whose.
    run_id : int or None
        Whose findings are counted.
    at_least : int
        Notes that a case has.
    search : str
        Part of the reference, in any case of letters; none if empty.
    page, size : int
        Which page, from 1, and how many rows it has.

    Returns
    -------
    CasePage
        Cut by the database.
    """
    is_date = note.c.received.like("____-__-__%")
    received = case((is_date, note.c.received))
    n_notes, last = func.count().label("n_notes"), func.max(received).label("last")
    grouped = (
        select(note.c.case_ref.label("ref"), n_notes, func.min(received).label("first"), last)
        .where(note.c.project_id == project_id, note.c.case_ref != NO_CASE)
        .group_by(note.c.case_ref)
        .having(func.count() >= at_least)
    )
    if search.strip():
        grouped = grouped.where(note.c.case_ref.icontains(search.strip(), autoescape=True))
    paged = grouped.order_by(n_notes.desc(), last.desc().nulls_last(), note.c.case_ref)
    with store.read() as connection:
        total = connection.scalar(select(func.count()).select_from(grouped.subquery()))
        rows = connection.execute(paged.limit(size).offset((page - 1) * size)).all()
        found = _count_with_findings(connection, project_id, run_id, [row.ref for row in rows])
    shown = (CaseRow(*row, found.get(row.ref, 0)) for row in rows)
    return CasePage(tuple(shown), total or 0)


def _count_with_findings(
    connection: Connection, project_id: int, run_id: int | None, refs: Sequence[str]
) -> dict[str, int]:
    """Count the notes of some cases in which a run highlights something as happening."""
    has_finding = (
        select(finding.c.id)
        .where(
            finding.c.note_id == note.c.id,
            finding.c.run_id == run_id,
            finding.c.context == EVIDENCE,
        )
        .exists()
    )
    counted = (
        select(note.c.case_ref, func.count())
        .where(note.c.project_id == project_id, note.c.case_ref.in_(refs), has_finding)
        .group_by(note.c.case_ref)
    )
    return {ref: count for ref, count in connection.execute(counted)}


def read_case(
    store: Store, project_id: int, ref: str, run_id: int | None, *, reader: str | None = None
) -> Case:
    """Read the notes of a case in the order of their calls.

    Of the readings of a note the one that settles it counts, else the one that was done first;
    readings that were only begun count as none.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Whose.
    ref : str
        Of the case.
    run_id : int or None
        Whose findings are shown.
    reader : str, optional
        Who looks; what others said of notes that this person is still to read blind is held back.

    Returns
    -------
    Case
        Without calls if there is no such case.
    """
    settings = read_project(store, project_id).settings
    rows = read_rows(store, project_id, ref, run_id, reader)
    calls, previous = [], None
    for row in sorted(rows.notes, key=lambda row: order_key(row.received, row.name)):
        day = read_date(row.received)
        days = (day.date() - previous.date()).days if day and previous else None
        previous = day or previous
        is_withheld = row.id in rows.blind
        readings = [] if is_withheld else rows.readings[row.id]
        calls.append(
            Call(
                row.id,
                row.name,
                row.received,
                days,
                row.text,
                **_facts_of(row, settings),
                **_say_read(readings, rows.judged),
                findings=rows.findings.get(row.id, {}),
                facts=find_facts(row.text),
                is_withheld=is_withheld,
                is_linked=row.case_ref != row.person,
            )
        )
    return Case(ref, tuple(calls), _read_run(store, run_id))


def _read_run(store: Store, run_id: int | None) -> Run | None:
    """Read which model made a run, and when."""
    with store.read() as connection:
        found = select(run.c.id, run.c.model, run.c.at).where(run.c.id == run_id)
        row = connection.execute(found).first()
    return Run(*row) if row else None


def _facts_of(row: Row, settings: Settings) -> dict[str, object]:
    """Give what the export says of a call, and what it means by the project's settings."""
    return {name: getattr(row, name) for name in FACTS} | {
        "is_flagged": settings.is_flagged(row.da_flag),
        "is_graded": settings.is_graded(row.risk),
        "is_no_action": settings.is_no_action(row.closing),
    }


def _say_read(readings: Sequence[Reading], judged: Mapping[int, Mark]) -> dict[str, object]:
    """Give what the reading that counts comes to; nothing if there is none."""
    if not readings:
        return {}
    counts = readings[0]
    dismissed = [
        judged[id]
        for id, answer in counts.answers.items()
        if answer.answer == "dismiss"
        or (answer.answer == "accept" and _is_other(answer.changed, judged[id]))
    ]
    return {
        "confirmed": confirmed_marks(counts, judged),
        "dismissed": tuple(sorted(dismissed, key=lambda mark: (mark.start, mark.end, mark.label))),
        "readers": tuple(one.reader for one in readings),
    }


def _is_other(changed: Mark | None, found: Mark) -> bool:
    """Tell whether a reader gave a finding another label or context."""
    return changed is not None and (changed.label, changed.context) != (found.label, found.context)
