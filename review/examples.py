"""Where marks of people and highlights differ, one difference at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from classifier.findings import Finding, NoteEvidence
from classifier.note import Mark, Note, overlaps

MISSED, FLAGGED, CONTEXT = "Missed", "Falsely flagged", "Another context"
WAYS = (MISSED, FLAGGED, CONTEXT)
"""Marked and not shown; shown and not marked; shown in another context than marked."""

NO_KIND = "not given"
"""Stands for the kind of notes that have none."""


@dataclass(frozen=True)
class Example:
    """One difference between people's marks and the tool's findings.

    Parameters
    ----------
    evidence : NoteEvidence
        The note with its marks, and what was found in it.
    way : str
        One of ``WAYS``.
    label : str
        Id of the label at stake.
    context : str
        As marked; for what is falsely flagged as shown.
    score : float
        Of the finding; of the label in the whole note, if there is none.
    mark : int or None
        Place of the mark among the note's marks.
    finding : int or None
        Place of the finding among its findings.
    beside : tuple of (str, str)
        Labels and contexts that the other side has there instead.
    """

    evidence: NoteEvidence = field(repr=False)
    way: str
    label: str
    context: str
    score: float
    mark: int | None = None
    finding: int | None = None
    beside: tuple[tuple[str, str], ...] = ()


def read_found(path: Path, notes: Iterable[Note]) -> tuple[tuple[NoteEvidence, ...], int, int]:
    """Read the findings of an evaluation for the notes whose text is at hand.

    Parameters
    ----------
    path : Path
        ``predictions.jsonl``.
    notes : iterable of Note
        Marked by people.

    Returns
    -------
    found : tuple of NoteEvidence
        In the order of the file.
    absent : int
        Notes in the file whose text is not at hand.
    unfit : int
        Notes whose text is not the one that was measured: a finding does not fit.

    Raises
    ------
    ValueError
        If a line is no line of findings; the message names it.
    """
    from training.compare import evidence_from_record

    by_id = {note.id: note for note in notes}
    found, absent, unfit = [], 0, 0
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                record = json.loads(line)
                note = by_id.get(record["id"])
                ends = [int(span["end"]) for span in record["spans"]]
                if note is None:
                    absent += 1
                elif ends and max(ends) > len(note.text):
                    unfit += 1
                else:
                    found.append(evidence_from_record(record, note))
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(
                    f"{path.name} line {number}: not a line of findings, as unheard evaluate "
                    "writes them"
                ) from error
    return tuple(found), absent, unfit


def find_examples(found: Sequence[NoteEvidence], labels: Sequence[str]) -> tuple[Example, ...]:
    """Find every difference between marks and findings, in all contexts.

    A mark is missed if no finding of its label shares a character with it, and a finding is
    falsely flagged if it shares none with a mark of its label. Where the label is the same but
    no finding has the mark's context, the context differs.

    Parameters
    ----------
    found : sequence of NoteEvidence
        With the marks of people in their notes.
    labels : sequence of str
        Ids; marks and findings of others are left out.

    Returns
    -------
    tuple of Example
        What is missed with the lowest score first, what is falsely flagged with the highest.
    """
    known, examples = set(labels), []
    for evidence in found:
        marks, findings = evidence.note.marks, evidence.findings
        for place, mark in enumerate(marks):
            if mark.label not in known:
                continue
            there = [finding for finding in findings if overlaps(finding, mark)]
            same = [finding for finding in there if finding.label == mark.label]
            if any(finding.context == mark.context for finding in same):
                continue
            at = findings.index(same[0]) if same else None
            score = same[0].score if same else evidence.scores.get(mark.label, 0.0)
            way = CONTEXT if same else MISSED
            beside = _labels_of(same or there)
            examples.append(
                Example(evidence, way, mark.label, mark.context, score, place, at, beside)
            )
        for place, finding in enumerate(findings):
            there = [mark for mark in marks if overlaps(finding, mark)]
            if finding.label in known and finding.label not in {mark.label for mark in there}:
                examples.append(
                    Example(
                        evidence,
                        FLAGGED,
                        finding.label,
                        finding.context,
                        finding.score,
                        finding=place,
                        beside=_labels_of(there),
                    )
                )
    return tuple(sorted(examples, key=_order))


def _order(example: Example) -> tuple:
    """Put the clearest differences first."""
    score = example.score if example.way == MISSED else -example.score
    return WAYS.index(example.way), score, example.evidence.note.id


def _labels_of(spans: Iterable[Mark | Finding]) -> tuple[tuple[str, str], ...]:
    """Name labels and contexts once each."""
    return tuple(dict.fromkeys((span.label, span.context) for span in spans))


def kind_of(note: Note) -> str:
    """Say of which kind a note is, such as a kind of look-alike.

    Parameters
    ----------
    note : Note
        With ``meta["kind"]`` or without.

    Returns
    -------
    str
        ``NO_KIND`` if nobody said.
    """
    return str(note.meta.get("kind", NO_KIND))


def pick_examples(
    examples: Sequence[Example],
    *,
    way: str,
    label: str | None = None,
    kind: str | None = None,
    context: str | None = None,
) -> list[int]:
    """Pick the examples that the filters let through.

    Parameters
    ----------
    examples : sequence of Example
        From `find_examples`.
    way : str
        One of ``WAYS``.
    label, kind, context : str, optional
        None given, all stay.

    Returns
    -------
    list of int
        Places in `examples`.
    """
    return [
        at
        for at, example in enumerate(examples)
        if example.way == way
        and label in (None, example.label)
        and kind in (None, kind_of(example.evidence.note))
        and context in (None, example.context)
    ]


def count_ways(examples: Iterable[Example]) -> Mapping[str, int]:
    """Count differences of each way.

    Parameters
    ----------
    examples : iterable of Example
        From `find_examples`.

    Returns
    -------
    mapping of str to int
        For each of ``WAYS``.
    """
    counts = dict.fromkeys(WAYS, 0)
    for example in examples:
        counts[example.way] += 1
    return counts


def marks_as_findings(marks: Iterable[Mark]) -> list[Finding]:
    """Put marks into the form that a note is shown with.

    Parameters
    ----------
    marks : iterable of Mark
        Of one note.

    Returns
    -------
    list of Finding
        In the same order; the score means nothing.
    """
    return [Finding(mark.start, mark.end, mark.label, mark.context, 1.0) for mark in marks]
