"""A trainee's marks beside the reference marks of a note, phrase by phrase, and in figures.

The reference is a person's reading, not the truth. Spans are paired by `review.adjudication`,
figures come from `training.measures`; nothing is scored here in a way of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from classifier.labels import LabelSet
from classifier.note import Mark, Note, overlaps
from review.adjudication import Pair, compare_two
from review.practice.reasons import say_reason
from training.measures import measure_spans

EVIDENCE = "affirmed"
"""The context of a phrase that counts as evidence; in any other it is a look-alike."""

KIND_WORDS = {
    "missed": "The reference also has",
    "label": "Another label",
    "context": "Another context",
    "over": "The reference has no mark here",
    "extent": "Agreed, other words taken in",
    "agreed": "Agreed",
    "look_alike": "Look-alikes, nothing missed",
}
"""Every kind of pair in words for people, in the order in which they are shown.

Of a phrase under two labels the trainee may have met one: the other is missed. A reference mark
in another context than affirmed is a look-alike: left unmarked it is not missed (``look_alike``),
marked as evidence it is ``context``. A trainee's mark that says itself that it is a look-alike,
where the reference has none, is ``look_alike`` too, never ``over``."""

KINDS = tuple(KIND_WORDS)

MET = ("agreed", "extent")
"""Kinds of pairs in which both have the same label in the same context."""


@dataclass(frozen=True)
class Compared:
    """A reference mark beside a trainee's.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    reference, trainee : Mark or None
        None where that side has no mark here.
    reason : str
        One sentence, in the guide's words; without words of the note.
    """

    kind: str
    reference: Mark | None
    trainee: Mark | None
    reason: str

    @property
    def mark(self) -> Mark:
        """The reference mark, or the trainee's where there is none."""
        return self.reference or self.trainee


@dataclass(frozen=True)
class Comparison:
    """All marks of a trainee and of the reference in one note.

    Parameters
    ----------
    note : Note
        With the reference marks.
    pairs : tuple of Compared
        In reading order; every mark of either side is in exactly one.
    """

    note: Note = field(repr=False)
    pairs: tuple[Compared, ...]

    def of(self, *kinds: str) -> tuple[Compared, ...]:
        """Give the pairs of some kinds.

        Parameters
        ----------
        *kinds : str
            Of ``KINDS``.

        Returns
        -------
        tuple of Compared
            In reading order.
        """
        return tuple(pair for pair in self.pairs if pair.kind in kinds)


def compare(note: Note, marks: Iterable[Mark], labels: LabelSet) -> Comparison:
    """Compare a trainee's marks with the reference marks of a note.

    Parameters
    ----------
    note : Note
        With the reference marks.
    marks : iterable of Mark
        The trainee's, on the same text; the same mark twice counts once.
    labels : LabelSet
        Words for the reasons. A label that it does not have is called by its id.

    Returns
    -------
    Comparison
        As `pair_marks` pairs, with a reason for each pair.

    Examples
    --------
    >>> from classifier.labels import load_labels
    >>> note = Note("1", "He checks her phone.", (Mark(3, 19, "monitoring"),))
    >>> [pair.kind for pair in compare(note, [Mark(3, 9, "monitoring")], load_labels()).pairs]
    ['extent']
    """
    pairs = pair_marks(note, marks)
    return Comparison(
        note,
        tuple(
            Compared(
                pair.kind,
                pair.first,
                pair.second,
                say_reason(pair, note.text, labels, beside=_beside(pair, pairs)),
            )
            for pair in pairs
        ),
    )


def pair_marks(note: Note, marks: Iterable[Mark]) -> list[Pair]:
    """Pair the reference marks of a note with those of a trainee, or of the model.

    Evidence comes first: of all ways to pair affirmed marks, `review.adjudication.compare_two`
    takes that with most pairs of one label, and these stand. What is left is then paired, in all
    contexts. So for every label the pairs met (``MET``) are as many as the matches that
    `training.measures.count_spans` counts by overlap, if marks begin and end with words.

    Parameters
    ----------
    note : Note
        With the reference marks.
    marks : iterable of Mark
        Of the other side.

    Returns
    -------
    list of Pair
        In reading order; ``first`` is of the reference. The kind is one of ``KINDS``.
    """
    reference, other = set(note.marks), set(marks)
    met = [
        pair
        for pair in compare_two(note.text, _evidence(reference), _evidence(other))
        if pair.kind in MET
    ]
    rest = compare_two(
        note.text,
        reference - {pair.first for pair in met},
        other - {pair.second for pair in met},
    )
    return sorted(
        [*met, *(Pair(_kind(pair), pair.first, pair.second) for pair in rest)], key=_place
    )


def figures(
    notes: Sequence[Note], marks_by_note: Sequence[Iterable[Mark]], labels: LabelSet
) -> dict[str, object]:
    """Measure a trainee's marks against the reference marks, as the model is measured.

    Parameters
    ----------
    notes : sequence of Note
        With the reference marks.
    marks_by_note : sequence of iterable of Mark
        The trainee's, for each note.
    labels : LabelSet
        Whose labels are measured.

    Returns
    -------
    dict
        From `training.measures.measure_spans`. Not for the trainee's screen: there, phrases and
        counts are shown, no grades.
    """
    return measure_spans(
        [note.text for note in notes],
        [note.marks for note in notes],
        marks_by_note,
        labels.ids,
    )


def _evidence(marks: Iterable[Mark]) -> list[Mark]:
    """Keep the marks that count as evidence."""
    return [mark for mark in marks if mark.context == EVIDENCE]


def _kind(pair: Pair) -> str:
    """Name a pair from the trainee's side."""
    first, second = pair.first, pair.second
    if first and second:
        is_taken = first.context != EVIDENCE and second.context == EVIDENCE
        return "context" if is_taken else pair.kind
    alone = first or second
    if alone.context != EVIDENCE:
        return "look_alike"
    return "missed" if first else "over"


def _place(pair: Pair) -> tuple[int, int, str, str, bool]:
    """Order pairs as the note is read."""
    mark = pair.first or pair.second
    return mark.start, mark.end, mark.label, mark.context, pair.first is None


def _beside(pair: Pair, pairs: Iterable[Pair]) -> list[Mark]:
    """Give the marks that the other side has on the words of a mark that stands alone."""
    if pair.first and pair.second:
        return []
    others = (other.second if pair.first else other.first for other in pairs)
    return [mark for mark in others if mark and overlaps(pair.first or pair.second, mark)]
