"""Where two readings of one note differ: their spans side by side, for a third reader to settle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from classifier.note import Mark, overlaps
from training.measures import find_words

KINDS = ("agreed", "label", "context", "extent", "only_first", "only_second")
"""How a pair may differ. The first that applies is named: of two spans with different labels, the
contexts or extents may differ as well."""


@dataclass(frozen=True)
class Pair:
    """A span of one reader beside that of the other.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    first, second : Mark or None
        None where that reader has no span here.
    """

    kind: str
    first: Mark | None
    second: Mark | None


def compare_two(text: str, first: Iterable[Mark], second: Iterable[Mark]) -> list[Pair]:
    """Put the spans of two readings of a note side by side.

    Each span pairs with at most one of the other reading, and only where they overlap. Of all
    ways to pair them, that with most pairs of one label is taken; among these, that with most of
    one label and context; among these, that with most overlap (characters shared over characters
    covered). Extents are alike if they cover the same words: punctuation and spaces do not matter.

    Parameters
    ----------
    text : str
        Of the note.
    first, second : iterable of Mark
        Spans of the two readings, in any order; the same span twice counts once.

    Returns
    -------
    list of Pair
        In reading order. Swap the readings, and each pair is swapped.

    Examples
    --------
    >>> text = "He checks her phone every night."
    >>> found = compare_two(text, [Mark(3, 31, "monitoring")], [Mark(3, 19, "monitoring")])
    >>> [pair.kind for pair in found]
    ['extent']
    """
    ours, theirs = (sorted(set(spans), key=_place) for spans in (first, second))
    if [_place(span) for span in theirs] < [_place(span) for span in ours]:
        matches = [(i, j) for j, i in _match(theirs, ours)]
    else:
        matches = _match(ours, theirs)
    words = find_words(text)
    alone = set(range(len(ours))) - {i for i, _ in matches}
    other_alone = set(range(len(theirs))) - {j for _, j in matches}
    pairs = [
        *(Pair(_kind(ours[i], theirs[j], words), ours[i], theirs[j]) for i, j in matches),
        *(Pair("only_first", ours[i], None) for i in alone),
        *(Pair("only_second", None, theirs[j]) for j in other_alone),
    ]
    return sorted(pairs, key=lambda pair: _places(pair))


def _place(span: Mark) -> tuple[int, int, str, str]:
    """Order spans as they are read."""
    return span.start, span.end, span.label, span.context


def _places(pair: Pair) -> list[tuple[int, int, str, str]]:
    """Order pairs by their spans, whoever made them."""
    return sorted(_place(span) for span in (pair.first, pair.second) if span)


def _match(ours: list[Mark], theirs: list[Mark]) -> list[tuple[int, int]]:
    """Pair spans, the first way to pair them that is best."""
    gains = np.array([[_gain(one, other) for other in theirs] for one in ours])
    gains = gains.reshape(len(ours), len(theirs), 3)
    most = min(len(ours), len(theirs)) + 1  # more than all lesser gains together
    weights = gains @ np.array([most * most, most, 1.0])
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return [
        (i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True) if weights[i, j] > 0
    ]


def _gain(one: Mark, other: Mark) -> tuple[float, float, float]:
    """Say whether two spans share a label, also a context, and how much of their characters."""
    if not overlaps(one, other):
        return 0, 0, 0
    shared = min(one.end, other.end) - max(one.start, other.start)
    covered = max(one.end, other.end) - min(one.start, other.start)
    is_label = one.label == other.label
    return is_label, is_label and one.context == other.context, shared / covered


def _kind(one: Mark, other: Mark, words: list[tuple[int, int]]) -> str:
    """Name how two paired spans differ."""
    if one.label != other.label:
        return "label"
    if one.context != other.context:
        return "context"
    return "agreed" if _extent(one, words) == _extent(other, words) else "extent"


def _extent(span: Mark, words: list[tuple[int, int]]) -> tuple[int, ...] | tuple[int, int]:
    """Give the words of a span by number, or its characters if it covers none."""
    covered = [at for at, (start, end) in enumerate(words) if start < span.end and span.start < end]
    return tuple(covered) or (span.start, span.end)
