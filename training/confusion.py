"""Count which labels the tool shows where people marked another one."""

from __future__ import annotations

from collections.abc import Sequence

from classifier.findings import NoteEvidence
from classifier.note import overlaps


def count_confusion(found: Sequence[NoteEvidence], labels: Sequence[str]) -> dict[str, object]:
    """Count, phrase by phrase, what is shown where people marked affirmed evidence.

    A mark is shown as its own label if an affirmed finding of it shares a character with the
    mark. It is also shown as every other label of which an affirmed finding shares a character
    with it, unless people marked that label there too. So a mark may count under several labels,
    or under none.

    Parameters
    ----------
    found : sequence of NoteEvidence
        With the marks of people in their notes.
    labels : sequence of str
        Ids; marks and findings of others are left out.

    Returns
    -------
    dict
        ``labels``: for each label that is marked ``marks``, ``shown_as`` (a number for every
        label) and ``nothing`` (marks shown as no label); ``not_marked``: for each label the
        affirmed findings that meet no affirmed mark of any label.
    """
    by_label = {
        label: {"marks": 0, "shown_as": dict.fromkeys(labels, 0), "nothing": 0} for label in labels
    }
    not_marked = dict.fromkeys(labels, 0)
    for evidence in found:
        marks, findings = (
            [span for span in spans if span.context == "affirmed" and span.label in by_label]
            for spans in (evidence.note.marks, evidence.findings)
        )
        met = {at: [m for m in marks if overlaps(m, f)] for at, f in enumerate(findings)}
        for at, finding in enumerate(findings):
            not_marked[finding.label] += not met[at]
        for mark in marks:
            shown = {
                finding.label
                for at, finding in enumerate(findings)
                if mark in met[at]
                and (
                    finding.label == mark.label
                    or finding.label not in {other.label for other in met[at]}
                )
            }
            row = by_label[mark.label]
            row["marks"] += 1
            row["nothing"] += not shown
            for label in shown:
                row["shown_as"][label] += 1
    return {
        "labels": {label: row for label, row in by_label.items() if row["marks"]},
        "not_marked": not_marked,
    }
