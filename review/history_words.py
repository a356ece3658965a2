"""Rows of the log, as a reader's own history says them."""

from __future__ import annotations

from collections.abc import Mapping

from classifier.labels import LabelSet
from classifier.note import Mark
from review.decisions import OUTCOMES, REASONS, TO_RECORD, Decision

KINDS = {
    "answer": "answered",
    "change": "changed",
    "mark": "marked",
    "remove": "took a mark back",
    "outcome": "outcome",
    "comment": "commented",
    "flag": "flagged to",
    "case": "put in case",
    "done": "finished",
    "final": "settled the note",
    "undo": "undid an earlier one",
}
"""What each kind of row did."""

OUTCOME_WORDS = {**OUTCOMES, **TO_RECORD}
ANSWERS = {"accept": "accepted", "dismiss": "dismissed", "unsure": "unsure"}


def say_decision(row: Decision, labels: LabelSet, findings: Mapping[int, Mark]) -> str:
    """Say in words what a row of the log did, without words of the note or a comment.

    Parameters
    ----------
    row : Decision
        As stored.
    labels : LabelSet
        Titles.
    findings : mapping of int to Mark
        Those that rows speak of, by id.

    Returns
    -------
    str
        Such as ``accepted: Monitoring, plainly said``.
    """
    found = findings.get(row.finding_id or 0)
    label = row.label or (found.label if found else "")
    title = labels[label].title if label in labels.ids else label
    reason = REASONS.get(row.answer or "", {}).get(row.reason or "", "")
    match row.kind:
        case "answer":
            did, *said = ANSWERS.get(row.answer or "", "took the answer back"), title, reason
        case "outcome":
            did, *said = KINDS["outcome"], OUTCOME_WORDS.get(row.answer or "", "none")
        case "done" if row.answer == "open":
            did, said = "opened it again", []
        case "case" if not row.answer:
            did, said = "taken out of its case", []
        case "flag" if not row.answer:
            did, said = "took the flag back", []
        case "flag" | "case":
            did, *said = KINDS[row.kind], row.answer
        case _:
            did, *said = KINDS[row.kind], title
    said = ", ".join(filter(None, said))
    return f"{did}: {said}" if said else did
