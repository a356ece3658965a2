"""Examples of where highlights and people's marks differ, by id and offsets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from classifier.findings import NoteEvidence
from classifier.note import Note, overlaps

MOST_FAILURES = 1
"""Examples of each kind for each label."""


def find_failures(
    found: Sequence[NoteEvidence], labels: Sequence[str]
) -> dict[str, list[dict[str, object]]]:
    """Find, for each label, the clearest differences between findings and marks.

    Parameters
    ----------
    found : sequence of NoteEvidence
        With the marks of people in their notes.
    labels : sequence of str
        Ids.

    Returns
    -------
    dict
        ``not_marked``: affirmed findings that meet no affirmed mark at all, highest score first
        of each label; ``missed``: affirmed marks that meet no affirmed finding at all, lowest
        score of the note first. Each with ``note`` (id), ``label``, ``start``, ``end``, ``score``.
    """
    not_marked, missed = [], []
    for evidence in found:
        marks = [mark for mark in evidence.note.marks if mark.context == "affirmed"]
        findings = [one for one in evidence.findings if one.context == "affirmed"]
        for finding in findings:
            if not any(overlaps(finding, mark) for mark in marks):
                not_marked.append(_describe(evidence.note, finding, finding.score))
        for mark in marks:
            if not any(overlaps(finding, mark) for finding in findings):
                missed.append(_describe(evidence.note, mark, evidence.scores.get(mark.label)))
    return {
        "not_marked": _choose(not_marked, labels, highest=True),
        "missed": _choose(missed, labels, highest=False),
    }


def _describe(note: Note, span, score: float | None) -> dict[str, object]:
    """Say where a span is, without its words."""
    return {
        "note": note.id,
        "label": span.label,
        "start": span.start,
        "end": span.end,
        "score": score,
    }


def _choose(
    spans: Sequence[dict[str, object]], labels: Sequence[str], *, highest: bool
) -> list[dict[str, object]]:
    """Choose the first few of each label by score, then by id."""
    chosen = []
    for label in labels:
        of_label = [span for span in spans if span["label"] == label]
        of_label.sort(key=lambda s: (-s["score"] if highest else s["score"], s["note"], s["start"]))
        chosen += of_label[:MOST_FAILURES]
    return chosen


def add_words(
    failures: Mapping[str, Sequence[Mapping[str, object]]], notes: Iterable[Note]
) -> dict[str, list[dict[str, object]]]:
    """Add the words of failures that lie in given notes, which must be invented ones.

    Parameters
    ----------
    failures : mapping
        From `find_failures`.
    notes : iterable of Note
        The synthetic corpus; words of other notes are not added.

    Returns
    -------
    dict
        As given, with ``words`` where the note is known.
    """
    texts = {note.id: note.text for note in notes}
    return {
        kind: [
            {**span, "words": texts[span["note"]][span["start"] : span["end"]]}
            if span["note"] in texts
            else dict(span)
            for span in spans
        ]
        for kind, spans in failures.items()
    }
