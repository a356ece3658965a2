"""Findings: the phrases the tool shows to a person, and what it says of a whole note."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.note import Note


@dataclass(frozen=True)
class Finding:
    """A phrase that may indicate a label; evidence for review, never a decision.

    Parameters
    ----------
    start, end : int
        Characters of the note's text from 0, end exclusive.
    label : str
        Id of a label.
    context : str
        One of ``CONTEXTS``.
    score : float
        Calibrated probability in [0, 1] that a reviewer would mark the phrase so.
    """

    start: int
    end: int
    label: str
    context: str
    score: float


@dataclass(frozen=True)
class NoteEvidence:
    """What was found in one note.

    Parameters
    ----------
    note : Note
        The note, unaltered.
    findings : tuple of Finding
        In reading order; only what reaches the threshold of its label.
    scores : dict of str to float
        Every label's highest score of affirmed evidence in the note, in [0, 1], also below
        the threshold.
    evidence : float
        In [0, 1]; orders a queue of notes for reading, nothing more.
    """

    note: Note
    findings: tuple[Finding, ...]
    scores: dict[str, float]
    evidence: float
