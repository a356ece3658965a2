"""What a room saw and missed in a note, phrase by phrase; counts of trainees, never names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from classifier.note import Mark, Note
from review.practice.comparison import EVIDENCE, MET, pair_marks


@dataclass(frozen=True)
class PhraseTally:
    """What became of one reference phrase of evidence.

    Parameters
    ----------
    mark : Mark
        Of the reference, affirmed. A phrase under two labels is two of these.
    agreed, label, context, missed : int
        Trainees who have it under the same label; under another label; under this label as a look-
        alike; not at all. They add up to the trainees of the tally. Agreed are also those who
        took in other words; a phrase inside a longer one that a trainee marked is missed if the
        longer one is paired with another phrase, as in `training.measures.count_spans`.
    given : tuple of (str, int)
        Labels given instead, with how many trainees gave each, most often first.
    """

    mark: Mark
    agreed: int
    label: int
    context: int
    missed: int
    given: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class LookAlikeTally:
    """What became of one reference phrase that only looks like evidence.

    Parameters
    ----------
    mark : Mark
        Of the reference, negated, hypothetical or other.
    taken, left : int
        Trainees who marked it as evidence, and who did not. They add up to the trainees.
    """

    mark: Mark
    taken: int
    left: int


@dataclass(frozen=True)
class OverTally:
    """A stretch that trainees marked as evidence and the reference did not.

    Parameters
    ----------
    start, end : int
        Characters that any of these marks covers; the marks hang together by overlaps.
    trainees : int
        How many have a mark here.
    labels : tuple of (str, int)
        Labels given, with how many trainees gave each, most often first.
    """

    start: int
    end: int
    trainees: int
    labels: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Tally:
    """What a room saw and missed in one note.

    Parameters
    ----------
    note : Note
        With the reference marks.
    trainees : int
        Who finished the note.
    phrases : tuple of PhraseTally
        Every reference phrase of evidence, in reading order.
    look_alikes : tuple of LookAlikeTally
        Every other reference phrase, in reading order.
    over : tuple of OverTally
        In reading order.
    """

    note: Note = field(repr=False)
    trainees: int
    phrases: tuple[PhraseTally, ...]
    look_alikes: tuple[LookAlikeTally, ...]
    over: tuple[OverTally, ...]


def tally(note: Note, marks_by_trainee: Sequence[Iterable[Mark]]) -> Tally:
    """Count, phrase by phrase, what trainees saw and missed.

    Parameters
    ----------
    note : Note
        With the reference marks.
    marks_by_trainee : sequence of iterable of Mark
        For each trainee who finished the note; leave the others out.

    Returns
    -------
    Tally
        All counts 0 without trainees.

    Examples
    --------
    >>> note = Note("1", "He checks her phone.", (Mark(3, 19, "monitoring"),))
    >>> found = tally(note, [[Mark(3, 19, "monitoring")], [Mark(3, 9, "threats")], []])
    >>> found.phrases[0].agreed, found.phrases[0].label, found.phrases[0].missed
    (1, 1, 1)
    """
    pairs = [pair_marks(note, marks) for marks in marks_by_trainee]
    there: dict[Mark, list[tuple[str, Mark | None]]] = {
        mark: [] for mark in sorted(set(note.marks), key=_place)
    }
    over: list[tuple[int, Mark]] = []
    for trainee, found in enumerate(pairs):
        for pair in found:
            if pair.first:
                there[pair.first].append((pair.kind, pair.second))
            elif pair.kind == "over":
                over.append((trainee, pair.second))
    return Tally(
        note,
        len(pairs),
        tuple(
            _count_phrase(mark, seen) for mark, seen in there.items() if mark.context == EVIDENCE
        ),
        tuple(
            _count_look_alike(mark, seen)
            for mark, seen in there.items()
            if mark.context != EVIDENCE
        ),
        tuple(_count_over(group) for group in _group(over)),
    )


def _place(mark: Mark) -> tuple[int, int, str, str]:
    """Order marks as they are read."""
    return mark.start, mark.end, mark.label, mark.context


def _count_phrase(mark: Mark, seen: Sequence[tuple[str, Mark | None]]) -> PhraseTally:
    """Count what became of a phrase of evidence."""
    kinds = Counter(kind for kind, _ in seen)
    return PhraseTally(
        mark,
        agreed=sum(kinds[kind] for kind in MET),
        label=kinds["label"],
        context=kinds["context"],
        missed=kinds["missed"],
        given=_most_often(other.label for kind, other in seen if other and kind == "label"),
    )


def _count_look_alike(mark: Mark, seen: Sequence[tuple[str, Mark | None]]) -> LookAlikeTally:
    """Count who took a look-alike for evidence."""
    taken = sum(other is not None and other.context == EVIDENCE for _, other in seen)
    return LookAlikeTally(mark, taken, len(seen) - taken)


def _group(over: Iterable[tuple[int, Mark]]) -> list[list[tuple[int, Mark]]]:
    """Put together the marks that hang together by overlaps."""
    groups: list[list[tuple[int, Mark]]] = []
    end = 0
    for trainee, mark in sorted(over, key=lambda one: (_place(one[1]), one[0])):
        if groups and mark.start < end:
            groups[-1].append((trainee, mark))
        else:
            groups.append([(trainee, mark)])
        end = max(end, mark.end)
    return groups


def _count_over(group: Sequence[tuple[int, Mark]]) -> OverTally:
    """Count trainees, not marks: one who marked twice counts once, and once for each label."""
    marks = [mark for _, mark in group]
    return OverTally(
        min(mark.start for mark in marks),
        max(mark.end for mark in marks),
        len({trainee for trainee, _ in group}),
        _most_often(label for _, label in {(trainee, mark.label) for trainee, mark in group}),
    )


def _most_often(labels: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Count labels, most often first, then by name."""
    return tuple(sorted(Counter(labels).items(), key=lambda one: (-one[1], one[0])))
