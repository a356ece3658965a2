"""Progress of one trainee over attempts, by indicator: counts of phrases met, never a grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from classifier.labels import LabelSet
from classifier.note import Mark, Note
from review.practice.comparison import EVIDENCE, MET, pair_marks
from review.practice.reasons import title_of

PROGRESS_WORDS = (
    "Phrases of the reference that you marked too, with the same label. The notes differ from one "
    "exercise to the next, some are harder than others, and the reference is one reading: this "
    "shows you where to look again, and grades nobody."
)
"""Stands wherever progress is shown."""


@dataclass(frozen=True)
class Met:
    """How many of the reference phrases of a label a trainee met in one attempt.

    Parameters
    ----------
    met, of : int
        Phrases with the same label in the same context, and all reference phrases of evidence.
    """

    met: int
    of: int

    def __str__(self) -> str:
        """Say it as people do: *3 of 7*."""
        return f"{self.met} of {self.of}"


@dataclass(frozen=True)
class LabelProgress:
    """What a trainee met of one label, attempt by attempt.

    Parameters
    ----------
    label : str
        Id.
    attempts : tuple of Met or None
        In order; None where the attempt held no reference phrase of this label.
    """

    label: str
    attempts: tuple[Met | None, ...]

    @property
    def seen(self) -> tuple[Met, ...]:
        """The attempts that held this label; at least one."""
        return tuple(met for met in self.attempts if met)

    @property
    def first(self) -> Met:
        """The first of them."""
        return self.seen[0]

    @property
    def latest(self) -> Met:
        """The latest of them, which may be the first."""
        return self.seen[-1]

    @property
    def together(self) -> Met:
        """All of them added up."""
        return Met(sum(one.met for one in self.seen), sum(one.of for one in self.seen))


@dataclass(frozen=True)
class Progress:
    """What a trainee met over attempts.

    Parameters
    ----------
    attempts : int
        How many there are.
    labels : tuple of LabelProgress
        Only labels that the attempts held, in the order of the label set; unknown ones last.
    """

    attempts: int
    labels: tuple[LabelProgress, ...]


def progress(
    attempts: Sequence[Iterable[tuple[Note, Iterable[Mark]]]], labels: LabelSet
) -> Progress:
    """Count what a trainee met, by label and attempt.

    Parameters
    ----------
    attempts : sequence of iterable of (Note, iterable of Mark)
        In order of time; of each the notes that the trainee finished, with the trainee's marks.
    labels : LabelSet
        Gives the order.

    Returns
    -------
    Progress
        By label.

    Examples
    --------
    >>> from classifier.labels import load_labels
    >>> note = Note("1", "He checks her phone.", (Mark(3, 19, "monitoring"),))
    >>> found = progress([[(note, [])], [(note, [Mark(3, 9, "monitoring")])]], load_labels())
    >>> [str(met) for met in found.labels[0].attempts]
    ['0 of 1', '1 of 1']
    """
    counted = [_count(attempt) for attempt in attempts]
    held = {label for one in counted for label in one}
    order = [*(id for id in labels.ids if id in held), *sorted(held - set(labels.ids))]
    return Progress(
        len(counted),
        tuple(LabelProgress(id, tuple(one.get(id) for one in counted)) for id in order),
    )


def _count(attempt: Iterable[tuple[Note, Iterable[Mark]]]) -> dict[str, Met]:
    """Count by label what was met in one attempt."""
    met: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for note, marks in attempt:
        for pair in pair_marks(note, marks):
            if pair.first and pair.first.context == EVIDENCE:
                held[pair.first.label] += 1
                met[pair.first.label] += pair.kind in MET
    return {label: Met(met[label], held[label]) for label in held}


def say_progress(one: LabelProgress, labels: LabelSet) -> str:
    """Say to a trainee what they met of a label, first and latest.

    Parameters
    ----------
    one : LabelProgress
        Of this trainee.
    labels : LabelSet
        Titles.

    Returns
    -------
    str
        One sentence, without praise or blame.

    Examples
    --------
    >>> from classifier.labels import load_labels
    >>> met = LabelProgress("threats", (Met(1, 4), None, Met(3, 5)))
    >>> say_progress(met, load_labels())
    'Threats: 1 of 4 phrases in your first exercise with it, 3 of 5 in your latest.'
    """
    title = title_of(labels, one.label)
    phrases = "phrase" if one.first.of == 1 else "phrases"
    if len(one.seen) == 1:
        return f"{title}: {one.first} {phrases}, in one exercise so far."
    first = f"{one.first} {phrases} in your first exercise with it"
    return f"{title}: {first}, {one.latest} in your latest."
