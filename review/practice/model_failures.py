"""Notes in which the model fails plainly, so that nobody learns to trust it blindly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from classifier.findings import Finding
from classifier.note import Mark, Note
from review.practice.colleague import findings_as_marks, is_taken, read_unseen_findings
from review.practice.comparison import EVIDENCE, pair_marks
from review.practice.material import source_of

CLEAREST = 60
"""Notes of each way to fail, the clearest first, among which a seed chooses."""

MAX_PHRASES = 4
"""Reference phrases in a note from which it no longer serves as a plain example of one missed."""


@dataclass(frozen=True)
class Failure:
    """A note from which one can learn not to trust the model blindly.

    Parameters
    ----------
    note : Note
        With the reference marks.
    findings : tuple of Finding
        What the model highlights.
    way : str
        ``"missed"``: it highlights none of the evidence; ``"over"``: it highlights as evidence
        what the reference has not, or has as a look-alike, in a note without evidence.
    marks : tuple of Mark
        Those in question, of the reference or of the model.
    """

    note: Note = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    way: str
    marks: tuple[Mark, ...]


def where_it_fails(notes: Sequence[Note], n: int, *, seed: int) -> tuple[Failure, ...]:
    """Pick notes of the corpus in which the model fails most plainly, half of either way.

    Plainest of those missed are short notes in which the model highlights none of one to
    ``MAX_PHRASES`` phrases of evidence; of those over-marked, notes without any evidence in which
    it highlights with the highest score. Of the ``CLEAREST`` of each a seed chooses.

    Parameters
    ----------
    notes : sequence of Note
        With the reference marks; those that `read_unseen_findings` does not know are passed over.
    n : int
        How many are wanted.
    seed : int
        From 0; the same seed picks the same notes, in whatever order they come.

    Returns
    -------
    tuple of Failure
        At most `n`, the two ways in turn; fewer where there are no more.

    Raises
    ------
    ValueError
        If `n` or `seed` is below 0.
    """
    if n < 0 or seed < 0:
        raise ValueError(f"n and seed must be 0 or more, got {n} and {seed}")
    unseen = read_unseen_findings(notes)
    known = {source_of(note): note for note in notes if source_of(note) in unseen}
    failures = [
        failure
        for name in sorted(known)
        if (failure := _failure(known[name], unseen[name])) is not None
    ]
    random = np.random.Generator(np.random.PCG64(seed))
    missed, over = (
        _shuffled(sorted((one for one in failures if one.way == way), key=_plainness), random)
        for way in ("missed", "over")
    )
    turns = [one for pair in zip(missed, over, strict=False) for one in pair]
    rest = missed[len(over) :] + over[len(missed) :]
    return tuple([*turns, *rest][:n])


def _failure(note: Note, findings: tuple[Finding, ...]) -> Failure | None:
    """Tell in which way the model fails in a note, if it does so plainly."""
    pairs = pair_marks(note, findings_as_marks(findings))
    evidence = [pair for pair in pairs if pair.first and pair.first.context == EVIDENCE]
    if evidence:
        marks = tuple(pair.first for pair in evidence)
        is_silent = all(pair.kind == "missed" for pair in evidence)
        is_plain = is_silent and len(marks) <= MAX_PHRASES
        return Failure(note, findings, "missed", marks) if is_plain else None
    marks = tuple(pair.second for pair in pairs if pair.kind == "over" or is_taken(pair))
    return Failure(note, findings, "over", marks) if marks else None


def _plainness(one: Failure) -> tuple[float, int, str]:
    """Order failures, the plainest first."""
    if one.way == "missed":
        return -len(one.marks), len(one.note.text), one.note.id
    scores = [
        finding.score
        for finding, mark in zip(one.findings, findings_as_marks(one.findings), strict=True)
        if mark in one.marks
    ]
    return -max(scores), len(one.note.text), one.note.id


def _shuffled(failures: Sequence[Failure], random: np.random.Generator) -> list[Failure]:
    """Put the plainest in random order, and leave the others out."""
    plainest = failures[:CLEAREST]
    return [plainest[place] for place in random.permutation(len(plainest)).tolist()]
