"""Reference, trainee and model side by side: each phrase, and who has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from classifier.findings import Finding
from classifier.labels import LabelSet
from classifier.note import Mark, Note
from review.adjudication import Pair, compare_two
from review.practice.colleague import findings_as_marks
from review.practice.comparison import EVIDENCE, pair_marks
from review.practice.reasons import title_of


@dataclass(frozen=True)
class Seen:
    """A phrase, and who has it.

    Parameters
    ----------
    reference, trainee, model : Mark or None
        At least one is a mark.
    by_trainee, by_model : str
        Kind of the pair with the reference, as in `review.practice.comparison`; ``"none"`` where
        neither the reference nor this side has a mark.
    """

    reference: Mark | None
    trainee: Mark | None
    model: Mark | None
    by_trainee: str
    by_model: str

    @property
    def mark(self) -> Mark:
        """The reference mark, or else the trainee's, or else the model's."""
        return self.reference or self.trainee or self.model


def compare_three(
    note: Note, trainee_marks: Iterable[Mark], model_marks: Iterable[Mark | Finding]
) -> tuple[Seen, ...]:
    """Put reference, trainee and model side by side, phrase by phrase.

    Parameters
    ----------
    note : Note
        With the reference marks.
    trainee_marks : iterable of Mark
        The trainee's.
    model_marks : iterable of Mark or Finding
        What the model highlights.

    Returns
    -------
    tuple of Seen
        In reading order: every reference mark once, then what only the others have. Where
        trainee and model overlap outside the reference, they are one phrase.

    Examples
    --------
    >>> note = Note("1", "He checks her phone.", (Mark(3, 19, "monitoring"),))
    >>> [(one.by_trainee, one.by_model) for one in compare_three(note, note.marks, [])]
    [('agreed', 'missed')]
    """
    ours = pair_marks(note, trainee_marks)
    theirs = pair_marks(note, findings_as_marks(model_marks))
    model_of = {pair.first: pair for pair in theirs if pair.first}
    seen = [
        Seen(pair.first, pair.second, other.second, pair.kind, other.kind)
        for pair in ours
        if pair.first and (other := model_of[pair.first])
    ]
    alone, alone_too = _without_reference(ours), _without_reference(theirs)
    for pair in compare_two(note.text, alone, alone_too):
        kinds = (alone.get(pair.first, "none"), alone_too.get(pair.second, "none"))
        seen.append(Seen(None, pair.first, pair.second, *kinds))
    return tuple(sorted(seen, key=lambda one: (one.mark.start, one.mark.end, one.mark.label)))


def _without_reference(pairs: Iterable[Pair]) -> dict[Mark, str]:
    """Give the marks that meet no reference mark, with the kind of their pair."""
    return {pair.second: pair.kind for pair in pairs if not pair.first}


def say_seen(one: Seen, labels: LabelSet) -> tuple[str, str, str]:
    """Say who has a phrase: reference, trainee, model.

    Parameters
    ----------
    one : Seen
        From `compare_three`.
    labels : LabelSet
        Titles.

    Returns
    -------
    tuple of str
        A few words for each of the three.
    """
    return tuple(_say_mark(mark, labels) for mark in (one.reference, one.trainee, one.model))


def _say_mark(mark: Mark | None, labels: LabelSet) -> str:
    """Name a mark in a few words."""
    if mark is None:
        return "no mark"
    title = title_of(labels, mark.label)
    return title if mark.context == EVIDENCE else f"{title}, as a look-alike"
