"""What was missed in the pile that nobody reads: planned, drawn, then judged when all is read."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

from review.bounds import (
    LEVEL,
    at_most_missed,
    check_level,
    check_sample,
    clopper_pearson,
    is_ruled_out,
)

SMALL_PART = 0.05
"""Share of a pile up to which a sample is judged as from a pile without end, the usual 5 % [1]_.

.. [1] W. G. Cochran, "Sampling Techniques", 3rd ed., Wiley 1977, section 2.6."""

ENDLESS, WHOLE_PILE = "clopper-pearson", "hypergeometric"
"""How a plan is judged; settled with the plan, since a choice made later would bend the level."""

ELUSION = "elusion"
"""The kind of queue whose notes were drawn at random from the unread pile for one plan."""

ALMOST = 1e-6
"""How far machines may be off a whole number."""


@dataclass(frozen=True)
class ElusionPlan:
    """How many notes of the unread pile to read, and what may be said then.

    Parameters
    ----------
    pile : int
        Unread notes at the draw.
    n : int
        Notes to draw from it and read, all of them.
    at_most : float
        Upper bound on the share with evidence, if no more hits come up than expected.
    level : float
        In (0, 1).
    expected_hits : int
        Hits for which there is room.
    bound : str
        ``"clopper-pearson"``, or ``"hypergeometric"`` where more than ``SMALL_PART`` of the pile
        is to be read.
    """

    pile: int
    n: int
    at_most: float
    level: float
    expected_hits: int
    bound: str

    @property
    def sentence(self) -> str:
        """Say the plan in plain words.

        Returns
        -------
        str
            Two sentences.
        """
        if self.expected_hits:
            hits = f"no more than {self.expected_hits:,} of them hold"
        else:
            hits = "none of them holds"
        most = math.floor(self.at_most * self.pile + ALMOST)
        return (
            f"Read {self.n:,} of the {self.pile:,} unread notes, drawn at random. If {hits} "
            f"evidence, at most {_up(self.at_most)} of the unread notes ({most:,}) do, at "
            f"{_up(self.level)} confidence."
        )


def plan_elusion(
    pile: int, *, at_most: float, level: float = LEVEL, expected_hits: int = 0
) -> ElusionPlan:
    """Plan how many unread notes to read to say that at most so many hold evidence.

    Parameters
    ----------
    pile : int
        Unread notes.
    at_most : float
        Share of them, in (0, 1), that the claim is to name.
    level : float
        In (0, 1).
    expected_hits : int
        Hits for which to leave room; with more, the bound comes out higher than planned.

    Returns
    -------
    ElusionPlan
        With the fewest notes that will do.

    Raises
    ------
    ValueError
        If a number is out of range, or not even reading the whole pile would do.

    Examples
    --------
    >>> plan_elusion(90_000, at_most=0.005).n, plan_elusion(1_000, at_most=0.005).n
    (598, 393)
    """
    check_level(level)
    if pile < 1 or not 0 < at_most < 1 or expected_hits < 0:
        raise ValueError(
            "pile must be 1 or more, at_most above 0 and below 1, expected_hits 0 or more, "
            f"got {pile}, {at_most} and {expected_hits}"
        )
    numbers = range(expected_hits, math.floor(SMALL_PART * pile) + 1)
    place = bisect_left(
        numbers,
        True,
        key=lambda n: clopper_pearson(expected_hits, n, level=level, side="upper").high <= at_most,
    )
    if place < len(numbers):
        return ElusionPlan(pile, numbers[place], at_most, level, expected_hits, ENDLESS)
    most = min(math.floor(at_most * pile + ALMOST), pile - 1)
    if expected_hits > most:
        raise ValueError(
            f"at most {_up(at_most)} of {pile:,} notes are {most:,}, fewer than the "
            f"{expected_hits:,} expected; expect fewer or allow for more"
        )
    numbers = range(expected_hits, pile + 1)
    place = bisect_left(
        numbers,
        True,
        key=lambda n: is_ruled_out(most + 1, expected_hits, n, pile, level=level),
    )
    return ElusionPlan(pile, numbers[place], at_most, level, expected_hits, WHOLE_PILE)


def plan_reading(pile: int, n: int, *, level: float = LEVEL, expected_hits: int = 0) -> ElusionPlan:
    """Plan what may be said after so many unread notes, where time sets the number.

    Parameters
    ----------
    pile : int
        Unread notes.
    n : int
        Notes that there is time to read.
    level : float
        In (0, 1).
    expected_hits : int
        Hits for which to leave room.

    Returns
    -------
    ElusionPlan
        Its ``at_most`` is what the reading will show.

    Raises
    ------
    ValueError
        If more are to be read than there are, or more hits expected than are read.
    """
    check_sample(expected_hits, n, pile)
    bound = ENDLESS if n <= SMALL_PART * pile else WHOLE_PILE
    share, _ = _bound(bound, expected_hits, n, pile, level)
    return ElusionPlan(pile, n, share, level, expected_hits, bound)


@dataclass(frozen=True)
class ElusionResult:
    """What an elusion sample says of the pile and of the reading before it.

    Parameters
    ----------
    plan : ElusionPlan
        As drawn.
    hits : int
        Notes of the sample with evidence.
    found : int
        Notes with evidence outside the pile.
    share_at_most : float
        One-sided upper bound on the share of the pile with evidence.
    missed_at_most : int
        The same in notes, to the nearest; the hits are among them.
    recall_at_least : float or None
        Lower bound on the share of all notes with evidence that were found before the sample;
        None if there may be none at all.
    """

    plan: ElusionPlan
    hits: int
    found: int
    share_at_most: float
    missed_at_most: int
    recall_at_least: float | None

    @property
    def as_planned(self) -> bool:
        """Tell whether no more hits came up than the plan left room for.

        Returns
        -------
        bool
            If not, the bound still holds; it is only higher than wished.
        """
        return self.hits <= self.plan.expected_hits

    @property
    def sentence(self) -> str:
        """Say the result in plain words.

        Returns
        -------
        str
            Two or three sentences.
        """
        plan = self.plan
        words = [
            f"Of {plan.n:,} notes drawn at random from {plan.pile:,} unread ones, readers found "
            f"evidence in {self.hits:,}: at most {_up(self.share_at_most)} of the unread notes "
            f"({self.missed_at_most:,}) hold evidence, at {_up(plan.level)} confidence."
        ]
        if self.recall_at_least is not None:
            words.append(
                f"The {self.found:,} found before are at least {_down(self.recall_at_least)} of "
                "all notes that hold evidence."
            )
        if not self.as_planned:
            words.append(f"The plan was for at most {_up(plan.at_most)}; do not claim that.")
        return " ".join(words)


def judge_elusion(
    plan: ElusionPlan, hits: int, n_read: int, found: int, *, kind: str
) -> ElusionResult:
    """Say what may have been missed, once the whole sample has been read.

    All figures hold for evidence as these readers see it, at the level and by the bound of the
    plan. Notes of which a reader is unsure count as hits until settled.

    Parameters
    ----------
    plan : ElusionPlan
        Made before the first note of the sample was read.
    hits : int
        Notes of the sample with evidence.
    n_read : int
        Notes of the sample that were read; all must have been.
    found : int
        Notes with evidence outside the pile as it was at the draw; no hit is among them, and
        nothing found in the pile since.
    kind : str
        Of the queue the notes were read in; only ``"elusion"`` is drawn from the pile at random.

    Returns
    -------
    ElusionResult
        With its sentence.

    Raises
    ------
    ValueError
        If the notes were not drawn for the plan, not exactly these were read, or the counts
        cannot be.

    References
    ----------
    .. [1] D. C. Blair and M. E. Maron, "An evaluation of retrieval effectiveness for a full-text
       document-retrieval system", Communications of the ACM 28(3), 1985: a sample of what was
       not retrieved, to bound recall.
    """
    if kind != ELUSION:
        raise ValueError(
            f"notes of a queue of kind {kind!r} were not drawn at random from the unread pile and "
            f"bound nothing; plan a sample, draw it and read a queue of kind {ELUSION!r}"
        )
    if n_read < plan.n:
        raise ValueError(
            f"{n_read} of the {plan.n} notes drawn were read; stopping early because of what was "
            f"seen voids the bound. Read the other {plan.n - n_read}, then judge"
        )
    if n_read > plan.n:
        raise ValueError(
            f"{n_read} notes were read, {plan.n} were planned; reading on because of what was "
            "seen voids the bound. Judge the notes of the plan, or plan another sample"
        )
    check_sample(hits, n_read, plan.pile)
    if found < 0:
        raise ValueError(f"notes found must be 0 or more, got {found}")
    share, missed = _bound(plan.bound, hits, plan.n, plan.pile, plan.level)
    recall = found / (found + missed) if found + missed else None
    return ElusionResult(plan, hits, found, share, missed, recall)


def _bound(bound: str, hits: int, n: int, pile: int, level: float) -> tuple[float, int]:
    """Give the most that the pile may hold, as a share and in notes."""
    if bound == WHOLE_PILE:
        missed = at_most_missed(hits, n, pile, level=level)
        return missed / pile, missed
    share = clopper_pearson(hits, n, level=level, side="upper").high
    return share, round(share * pile)


def _up(share: float) -> str:
    """Write a share of which no less may be said."""
    return f"{math.ceil(share * 10_000 - ALMOST) / 100:g} %"


def _down(share: float) -> str:
    """Write a share of which no more may be said."""
    return f"{math.floor(share * 1_000 + ALMOST) / 10:g} %"
