"""The gallery: what is easily passed over, label by label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from classifier.findings import Finding, NoteEvidence
from classifier.note import Note, overlaps
from review.practice.look_alikes import split_sentences
from review.practice.routine import (
    MIN_PHRASE,
    OWN_VOICE,
    count_evidence,
    count_words,
    is_whole,
    looks_routine,
    words_of,
)
from review.practice.turns import spread_out, traits_of


@dataclass(frozen=True)
class GalleryExample:
    """A routine-looking note with evidence of one label.

    Parameters
    ----------
    note : Note
        Whole, with all its marks.
    marks : tuple of int
        Places of the label's affirmed marks among the note's.
    is_missed : bool or None
        Whether the model showed nothing under the label at any of them; None if that is not known.
    shown_as : tuple of str
        Labels that the model gave the phrases instead.
    """

    note: Note = field(repr=False)
    marks: tuple[int, ...]
    is_missed: bool | None = None
    shown_as: tuple[str, ...] = ()

    @property
    def closing(self) -> tuple[str, ...]:
        """What the note's own voice made of it, in the note's words; often nothing."""
        return tuple(
            words_of(self.note, mark)
            for mark in self.note.marks
            if (mark.label, mark.context) == (OWN_VOICE, "affirmed")
        )

    @property
    def last_words(self) -> str:
        """Give the last sentence of the note."""
        return str(split_sentences(self.note.text)[-1]).strip()

    @property
    def counts(self) -> tuple[int, int]:
        """Words of the label's phrases, and of the note."""
        phrases = [self.note.marks[place] for place in self.marks]
        return count_evidence(self.note.text, phrases), count_words(self.note.text)


def find_routine(
    notes: Sequence[Note],
    label: str,
    found: Mapping[str, NoteEvidence] | None = None,
    *,
    seed: int = 0,
) -> tuple[GalleryExample, ...]:
    """Find the routine-looking notes with evidence of a label, in the order to show them.

    Those where a model missed the phrase come first; among equals author groups, settings and
    people harmed take turns, and chance decides the rest. Each note stands once.

    Parameters
    ----------
    notes : sequence of Note
        Marked; single sentences are left out.
    label : str
        Id.
    found : mapping of str to NoteEvidence, optional
        By the id of the note: findings of a model that had not seen the note's author.
    seed : int
        Of the order.

    Returns
    -------
    tuple of GalleryExample
        Empty if no note fits.
    """
    examples = []
    for note in notes:
        marks = tuple(
            place
            for place, mark in enumerate(note.marks)
            if mark.label == label
            and mark.context == "affirmed"
            and count_words(words_of(note, mark)) >= MIN_PHRASE
        )
        if marks and is_whole(note) and looks_routine(note):
            evidence = (found or {}).get(note.id)
            examples.append(_compare(note, marks, label, evidence.findings if evidence else None))
    return tuple(
        spread_out(examples, lambda one: traits_of(one.note), lambda one: not one.is_missed, seed)
    )


def _compare(
    note: Note, marks: tuple[int, ...], label: str, findings: Sequence[Finding] | None
) -> GalleryExample:
    """Put a note beside what the model found in it, if that is known."""
    if findings is None:
        return GalleryExample(note, marks)
    there = [
        finding
        for finding in findings
        if any(overlaps(finding, note.marks[place]) for place in marks)
    ]
    shown_as = tuple(dict.fromkeys(finding.label for finding in there))
    is_missed = label not in shown_as
    return GalleryExample(note, marks, is_missed, shown_as if is_missed else ())
