"""The final word on a note that readers read differently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from classifier.note import Mark
from review.decision_log import read_history, read_reading, record
from review.decisions import Decision, Reading, confirmed_marks
from review.found_marks import read_marks
from review.projects import list_members
from review.store import Store


def settle_note(
    store: Store,
    project_id: int,
    note_id: int,
    marks: Iterable[Mark],
    outcome: str | None,
    *,
    by: str,
    queue_id: int | None,
    comment: str | None = None,
) -> list[Decision]:
    """Write the final word on a note: these phrases and this outcome, in one transaction.

    Nothing of the two readings is altered. Whoever settles gets a reading of their own with just
    these phrases; a finding that a reader had accepted as it is, is accepted, others are marked.

    Parameters
    ----------
    store : Store
        Open.
    project_id, note_id : int
        Of the note.
    marks : iterable of Mark
        Every phrase that stands.
    outcome : str or None
        One of ``review.decisions.OUTCOMES``.
    by : str
        Who settles; a lead of the project.
    queue_id : int or None
        Where the readings differed; None outside second readings.
    comment : str, optional
        On the note.

    Returns
    -------
    list of Decision
        As stored.

    Raises
    ------
    ValueError
        If `by` does not lead the project, or a phrase does not fit the note.
    """
    if list_members(store, project_id).get(by) != "lead":
        raise ValueError(f"{by!r} does not lead this project; only a lead may settle a note")
    history = read_history(store, note_id)
    findings = read_marks(store, {row.finding_id for row in history} - {None})
    now = read_reading(store, note_id, by)
    wanted = set(marks)
    common = {"queue_id": queue_id}
    rows = _take_back(project_id, now, findings, wanted, common)
    standing = set(confirmed_marks(now, findings)) & wanted
    ids = {mark: id for id, mark in sorted(findings.items(), reverse=True)}
    for mark in sorted(wanted - standing, key=lambda mark: (mark.start, mark.end, mark.label)):
        answered = now.answers.get(ids.get(mark, -1))
        if mark in ids and not (answered and answered.changed):
            fields = {"kind": "answer", "answer": "accept", "finding_id": ids[mark]}
        else:
            place = {"start": mark.start, "end": mark.end}
            fields = {"kind": "mark", "label": mark.label, "context": mark.context, **place}
        rows.append(Decision(project_id, note_id, by, **fields, **common))
    if outcome != now.outcome:
        rows.append(Decision(project_id, note_id, by, "outcome", answer=outcome, **common))
    if comment:
        rows.append(Decision(project_id, note_id, by, "comment", comment=comment, **common))
    return record(store, [*rows, Decision(project_id, note_id, by, "final", **common)])


def _take_back(
    project_id: int,
    now: Reading,
    findings: Mapping[int, Mark],
    wanted: set[Mark],
    common: Mapping[str, int | None],
) -> list[Decision]:
    """Take back what the one who settles had confirmed and does not want any more."""
    rows = []
    for answer in now.answers.values():
        mark = answer.changed or findings[answer.finding_id]
        if answer.answer in ("accept", "unsure") and mark not in wanted:
            fields = {"finding_id": answer.finding_id, "answer": "dismiss"}
            rows.append(Decision(project_id, now.note_id, now.reader, "answer", **fields, **common))
    for one in now.marks:
        if one.mark not in wanted:
            fields = {"changes": one.id}
            rows.append(Decision(project_id, now.note_id, now.reader, "remove", **fields, **common))
    return rows
