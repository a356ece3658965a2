"""Exact bounds: what notes drawn at random say of all the notes they were drawn from."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from scipy.stats import beta, hypergeom

LEVEL = 0.95
"""Of many samples, the share whose bounds hold."""

SIDES = ("both", "upper", "lower")
"""Both for a share and its interval; one for a claim that goes one way, such as "at most .5 %"."""

TIE = 1e-9
"""How far machines may be off a chance that equals what the level leaves; it counts as more."""


@dataclass(frozen=True)
class Bounds:
    """Between which shares the truth lies, at some level.

    Parameters
    ----------
    low, high : float
        In [0, 1].
    """

    low: float
    high: float


def clopper_pearson(hits: int, n: int, *, level: float = LEVEL, side: str = "both") -> Bounds:
    """Give the exact bounds of a share, from a random sample.

    An interval leaves half of what the level leaves on either side. A claim of "at most" needs
    the upper side only and leaves all of it there: 0 hits in 598 are at most .5 % (one side),
    while their interval goes up to .62 %. Say beforehand which of the two is wanted. A sample
    without replacement is held by these bounds as well, a little wider than need be; for small
    piles see `at_most_missed`.

    Parameters
    ----------
    hits : int
        Notes of the sample that hold what is looked for.
    n : int
        Notes of the sample.
    level : float
        In (0, 1).
    side : str
        One of ``SIDES``; with ``"upper"`` the low bound is 0, with ``"lower"`` the high one 1.

    Returns
    -------
    Bounds
        From 0 to 1 where nothing was read.

    Raises
    ------
    ValueError
        If there are more hits than notes, or the level or side is none.

    References
    ----------
    .. [1] C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated
       in the case of the binomial", Biometrika 26, 1934.

    Examples
    --------
    >>> round(clopper_pearson(0, 598, side="upper").high, 4)
    0.005
    """
    check_sample(hits, n)
    check_level(level)
    if side not in SIDES:
        raise ValueError(f"side must be one of {', '.join(SIDES)}, got {side!r}")
    left = (1 - level) / 2 if side == "both" else 1 - level
    low = 0.0 if hits == 0 or side == "upper" else float(beta.ppf(left, hits, n - hits + 1))
    high = 1.0 if hits == n or side == "lower" else float(beta.isf(left, hits + 1, n - hits))
    return Bounds(low, high)


def at_most_missed(hits: int, n: int, pile: int, *, level: float = LEVEL) -> int:
    """Give the most notes of a pile that may hold evidence, from a sample of it.

    Exact for a pile of any size: the largest number with which so few hits would still come up
    in more than 1 - `level` of samples drawn without replacement. Where much of a pile has been
    read this is well below the pile times `clopper_pearson`; where all has, it is what was seen.

    Parameters
    ----------
    hits : int
        Notes of the sample that hold evidence.
    n : int
        Notes of the sample.
    pile : int
        Notes that it was drawn from, itself included.
    level : float
        In (0, 1).

    Returns
    -------
    int
        Between `hits` and `pile`; the hits are among them.

    Raises
    ------
    ValueError
        If there are more hits than notes read, more notes read than the pile has, or no level.

    Examples
    --------
    >>> at_most_missed(0, 200, 300), at_most_missed(0, 300, 300)
    (2, 0)
    """
    check_sample(hits, n, pile)
    check_level(level)
    numbers = range(hits, pile - n + hits + 1)
    first = bisect_left(
        numbers, True, key=lambda number: is_ruled_out(number, hits, n, pile, level=level)
    )
    return numbers[first - 1]


def is_ruled_out(number: int, hits: int, n: int, pile: int, *, level: float) -> bool:
    """Tell whether a sample rules out that so many notes of a pile hold evidence.

    Parameters
    ----------
    number : int
        Notes of the pile that would hold evidence.
    hits, n, pile : int
        As for `at_most_missed`.
    level : float
        In (0, 1).

    Returns
    -------
    bool
        Once true, true for every larger number.
    """
    return bool(hypergeom.cdf(hits, pile, number, n) < (1 - level) * (1 - TIE))


def chance_of_meeting(prevalence: float, n: int) -> float:
    """Give the chance that notes drawn at random hold at least one with evidence.

    Parameters
    ----------
    prevalence : float
        Share of notes with evidence, in [0, 1].
    n : int
        Notes drawn, from very many.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    ValueError
        If the prevalence is no share or fewer than no notes are drawn.

    Examples
    --------
    >>> round(chance_of_meeting(0.05, 3), 2)
    0.14
    """
    if not 0 <= prevalence <= 1:
        raise ValueError(f"prevalence must be from 0 to 1, got {prevalence}")
    if n < 0:
        raise ValueError(f"notes drawn must be 0 or more, got {n}")
    return 1 - (1 - prevalence) ** n


def check_sample(hits: int, n: int, pile: int | None = None) -> None:
    """Refuse counts that cannot be.

    Parameters
    ----------
    hits, n, pile : int
        Hits among the notes read, notes read, and notes that these were drawn from.

    Raises
    ------
    ValueError
        If there are more hits than notes read, or more of these than the pile has.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"hits must be from 0 to the {n} notes read, got {hits}")
    if pile is not None and n > pile:
        raise ValueError(f"{n} notes cannot be read of a pile of {pile}; count the whole pile")


def check_level(level: float) -> None:
    """Refuse a level that is none.

    Parameters
    ----------
    level : float
        To be in (0, 1).

    Raises
    ------
    ValueError
        If it is not.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must be above 0 and below 1, such as {LEVEL}, got {level}")
