"""Samples that support a rate: drawn by a seed, read in the order drawn.

Nothing here takes decisions from the ranked queue: notes that were read because a model put them
first say nothing of the others. A rate comes from notes drawn at random, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from review.bounds import LEVEL, clopper_pearson


def draw(ids: Sequence[int], n: int, *, seed: int) -> tuple[int, ...]:
    """Draw notes at random, without replacement.

    The same on every machine, and in whatever order the ids come: in order of id, each gets a
    random number (PCG64), and the lowest are drawn. With the same seed, a larger draw begins with
    the smaller one.

    Parameters
    ----------
    ids : sequence of int
        Of the notes that may be drawn.
    n : int
        How many are.
    seed : int
        From 0; kept with the sample. To try seeds until one suits makes a sample worthless.

    Returns
    -------
    tuple of int
        In random order, to be read in this order.

    Raises
    ------
    ValueError
        If an id comes twice, there are fewer than `n`, or the seed is below 0.

    Examples
    --------
    >>> draw(range(100), 3, seed=1), draw(range(100), 4, seed=1)
    ((93, 61, 75), (93, 61, 75, 9))
    """
    if seed < 0:
        raise ValueError(f"seed must be 0 or more, got {seed}")
    return _draw(ids, n, np.random.SeedSequence([seed]))


def _draw(ids: Sequence[int], n: int, seed: np.random.SeedSequence) -> tuple[int, ...]:
    """Draw by a seed of any kind."""
    ordered = sorted(ids)
    if len(set(ordered)) < len(ordered):
        raise ValueError("an id comes twice; each note may be drawn once")
    if not 0 <= n <= len(ordered):
        raise ValueError(f"{n} notes cannot be drawn from {len(ordered)}")
    numbers = np.random.Generator(np.random.PCG64(seed)).random(len(ordered))
    return tuple(ordered[row] for row in np.argsort(numbers, kind="stable")[:n].tolist())


@dataclass(frozen=True)
class GroupDraw:
    """What was drawn from one group of a dip sample.

    Parameters
    ----------
    group : str
        Such as a team in a month.
    size : int
        Notes it has.
    ids : tuple of int
        Drawn, in random order.
    short : int
        How many fewer these are than were wanted.
    """

    group: str
    size: int
    ids: tuple[int, ...]
    short: int


def draw_strata(
    groups: Mapping[str, Sequence[int]], per_group: int, *, seed: int
) -> tuple[GroupDraw, ...]:
    """Draw a dip sample: so many notes at random from each team in each month.

    A group with fewer is taken whole. What is drawn from a group hangs on the seed, its name and
    its notes alone, not on other groups. Each group is a sample of itself; the groups thrown
    together are not one of all notes, since small teams are drawn from more heavily.

    Parameters
    ----------
    groups : mapping of str to sequence of int
        Ids of each group's notes; a note is in one group.
    per_group : int
        Notes wanted from each.
    seed : int
        From 0; kept with the sample.

    Returns
    -------
    tuple of GroupDraw
        In order of the groups' names.

    Raises
    ------
    ValueError
        If a note is in two groups, or the seed or the wanted number is below 0.
    """
    if seed < 0 or per_group < 0:
        raise ValueError(f"seed and notes a group must be 0 or more, got {seed} and {per_group}")
    everything = [id for ids in groups.values() for id in ids]
    if len(set(everything)) < len(everything):
        raise ValueError("a note is in two groups, or twice in one; each may be drawn once")
    drawn = []
    for name, ids in sorted(groups.items()):
        n = min(per_group, len(ids))
        chosen = _draw(ids, n, np.random.SeedSequence([seed, *name.encode()]))
        drawn.append(GroupDraw(name, len(ids), chosen, per_group - n))
    return tuple(drawn)


@dataclass(frozen=True)
class Estimate:
    """The share of notes with evidence, from notes drawn at random.

    Parameters
    ----------
    hits, n : int
        Notes with evidence among those that count.
    drawn : int
        Notes of the draw, read or not.
    ahead : int
        Notes read after the first unread one; they do not count before it has been read.
    share : float or None
        In [0, 1]; None before a note has been read.
    low, high : float
        Two-sided Clopper-Pearson interval.
    """

    hits: int
    n: int
    drawn: int
    ahead: int
    share: float | None
    low: float
    high: float


def estimate(
    drawn: Sequence[int], answers: Mapping[int, bool], *, level: float = LEVEL
) -> Estimate:
    """Estimate the share of notes with evidence from a random draw.

    Only answers to the draw are taken, and only in its order up to the first note that nobody has
    read: what is left of a draw after passing over some notes is not random. Decide beforehand
    how many to read; to stop because of what was seen bends the figure.

    Parameters
    ----------
    drawn : sequence of int
        Ids in the order drawn, all of one group.
    answers : mapping of int to bool
        Whether a reader found evidence, for each note of the draw that was read. A note of which
        its reader is unsure has no answer until that is settled.
    level : float
        Of the interval, in (0, 1).

    Returns
    -------
    Estimate
        Of the notes that were drawn from.

    Raises
    ------
    ValueError
        If there is an answer to a note that was not drawn, or a note was drawn twice.
    """
    if len(set(drawn)) < len(drawn):
        raise ValueError("an id comes twice; each note may be drawn once")
    if strange := sorted(set(answers) - set(drawn)):
        raise ValueError(
            f"note {strange[0]} was read but not drawn ({len(strange)} such); notes of the ranked "
            "queue have no place in a rate, leave them out"
        )
    n = next((row for row, id in enumerate(drawn) if id not in answers), len(drawn))
    hits = sum(bool(answers[id]) for id in drawn[:n])
    bounds = clopper_pearson(hits, n, level=level)
    share = hits / n if n else None
    return Estimate(hits, n, len(drawn), len(answers) - n, share, bounds.low, bounds.high)
