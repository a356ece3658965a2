"""Small counts: rates with their intervals, without counts so small that they point at someone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from review.bounds import LEVEL, check_sample, clopper_pearson

MINIMUM_COUNT = 5
"""Counts from 1 to one less are not shown: they point at a person and say little of a rate."""


@dataclass(frozen=True)
class Rate:
    """A share of notes with its exact interval, or what may be shown of it.

    Parameters
    ----------
    hits, n : int or None
        None if not shown.
    share : float or None
        In [0, 1]; None if a count is not shown or there are no notes.
    low, high : float or None
        Two-sided Clopper-Pearson interval.
    """

    hits: int | None
    n: int | None
    share: float | None
    low: float | None
    high: float | None

    @property
    def suppressed(self) -> bool:
        """Tell whether a count is not shown.

        Returns
        -------
        bool
            Say so beside the figure, and why; an empty place is not 0.
        """
        return self.hits is None or self.n is None


@dataclass(frozen=True)
class Row:
    """A row of counts and their total, as they may be shown.

    Parameters
    ----------
    counts : mapping of str to int or None
        In the order given; None if not shown.
    total : int or None
        None if not shown.
    """

    counts: Mapping[str, int | None]
    total: int | None


def rate(hits: int, n: int, *, minimum: int = MINIMUM_COUNT, level: float = LEVEL) -> Rate:
    """Give a share with its interval, unless a count is too small to show.

    For a figure that stands alone. Where groups add up to a total, use `rates`: there one small
    count could be had by subtraction.

    Parameters
    ----------
    hits : int
        Notes with what is looked for.
    n : int
        Notes.
    minimum : int
        The smallest count above 0 that is shown; 1 shows all.
    level : float
        Of the interval, in (0, 1).

    Returns
    -------
    Rate
        From what is left of it a count that is not shown cannot be had.

    Raises
    ------
    ValueError
        If there are more hits than notes.
    """
    check_sample(hits, n)
    shown = [None if 0 < count < minimum else count for count in (hits, n)]
    return _show(*shown, level)


def rates(
    groups: Mapping[str, tuple[int, int]], *, minimum: int = MINIMUM_COUNT, level: float = LEVEL
) -> tuple[dict[str, Rate], Rate]:
    """Give the share of each group and of all, so that no small count can be worked out.

    Parameters
    ----------
    groups : mapping of str to (int, int)
        Hits and notes. No note may be in two groups; where notes have several labels, the
        labels do not add up and `rate` is right for each.
    minimum : int
        The smallest count above 0 that is shown; 1 shows all.
    level : float
        Of the intervals, in (0, 1).

    Returns
    -------
    by_group : dict of str to Rate
        In the order given.
    of_all : Rate
        Of all groups together.

    Raises
    ------
    ValueError
        If a group has more hits than notes.
    """
    for name, (hits, n) in groups.items():
        try:
            check_sample(hits, n)
        except ValueError as error:
            error.add_note(f"in group {name!r}")
            raise
    hits = suppress({name: pair[0] for name, pair in groups.items()}, minimum=minimum)
    notes = suppress({name: pair[1] for name, pair in groups.items()}, minimum=minimum)
    by_group = {name: _show(hits.counts[name], notes.counts[name], level) for name in groups}
    return by_group, _show(hits.total, notes.total, level)


def _show(hits: int | None, n: int | None, level: float) -> Rate:
    """Give a rate of what is shown; hits are not shown without the notes that they are of."""
    if hits is None or n is None:
        return Rate(None, n, None, None, None)
    bounds = clopper_pearson(hits, n, level=level)
    return Rate(hits, n, hits / n if n else None, bounds.low, bounds.high)


def suppress(counts: Mapping[str, int], *, minimum: int = MINIMUM_COUNT) -> Row:
    """Take small counts out of a row, and as many others as it needs to keep them hidden.

    Counts from 1 to below `minimum` are not shown. If the total less the shown counts would
    still say more of them than that they are small, the smallest other count is not shown
    either, and so on; if none is left, the total is not. A count of 0 is shown: it is of nobody.
    This guards one row with its total. It does not guard against another table of the same
    notes cut otherwise.

    Parameters
    ----------
    counts : mapping of str to int
        Notes of each group; no note is in two.
    minimum : int
        The smallest count above 0 that is shown; 1 shows all.

    Returns
    -------
    Row
        In the order given.

    Raises
    ------
    ValueError
        If a count is below 0 or the minimum below 1.

    Examples
    --------
    >>> suppress({"North": 2, "East": 40, "South": 9, "West": 0}).counts
    {'North': None, 'East': 40, 'South': None, 'West': 0}
    """
    if minimum < 1:
        raise ValueError(f"minimum must be 1 or more, got {minimum}; 1 shows every count")
    for name, count in counts.items():
        if count < 0:
            raise ValueError(f"count of {name!r} must be 0 or more, got {count}")
    hidden = {name for name, count in counts.items() if 0 < count < minimum}
    others = [name for name, count in counts.items() if count >= minimum]
    others.sort(key=lambda name: (counts[name], name))
    while hidden and others and not _is_kept([counts[name] for name in hidden], minimum):
        hidden.add(others.pop(0))
    is_total_shown = not hidden or _is_kept([counts[name] for name in hidden], minimum)
    return Row(
        {name: None if name in hidden else count for name, count in counts.items()},
        sum(counts.values()) if is_total_shown else None,
    )


def _is_kept(hidden: list[int], minimum: int) -> bool:
    """Tell whether each of these counts, given their sum, may be anything from 1 to minimum - 1."""
    return len(hidden) > 1 and sum(hidden) - (len(hidden) - 1) >= minimum - 1
