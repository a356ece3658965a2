from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from review.bounds import Bounds, at_most_missed, chance_of_meeting, clopper_pearson

LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])


@st.composite
def samples(draw, most=400):
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


# Clopper-Pearson


@settings(deadline=None)
@given(samples(), LEVELS)
def test_the_interval_is_that_of_scipy(sample, level):
    hits, n = sample
    expected = binomtest(hits, n).proportion_ci(level, method="exact")
    assert clopper_pearson(hits, n, level=level) == Bounds(
        pytest.approx(expected.low, abs=1e-9), pytest.approx(expected.high, abs=1e-9)
    )


@settings(deadline=None)
@given(samples(), LEVELS)
def test_each_side_is_that_of_scipy(sample, level):
    hits, n = sample
    upper = binomtest(hits, n, alternative="less").proportion_ci(level, method="exact")
    lower = binomtest(hits, n, alternative="greater").proportion_ci(level, method="exact")
    assert clopper_pearson(hits, n, level=level, side="upper") == Bounds(
        0.0, pytest.approx(upper.high, abs=1e-9)
    )
    assert clopper_pearson(hits, n, level=level, side="lower") == Bounds(
        pytest.approx(lower.low, abs=1e-9), 1.0
    )


@pytest.mark.parametrize("n", [59, 149, 299, 598, 1497])
def test_no_hits_bound_the_share_as_published(n):
    """The usual table for elusion samples: one-sided, 95 %; close to the rule of three."""
    published = {59: 0.05, 149: 0.02, 299: 0.01, 598: 0.005, 1497: 0.002}[n]
    assert clopper_pearson(0, n, side="upper").high <= published
    assert clopper_pearson(0, n - 1, side="upper").high > published
    assert clopper_pearson(0, n, side="upper").high == pytest.approx(1 - 0.05 ** (1 / n))


def test_an_interval_reaches_further_up_than_a_claim_of_at_most():
    assert clopper_pearson(0, 598).high == pytest.approx(0.00615, abs=5e-6)
    assert clopper_pearson(0, 598, side="upper").high == pytest.approx(0.004997, abs=5e-7)


def test_bounds_at_the_ends():
    assert clopper_pearson(0, 0) == Bounds(0.0, 1.0)
    assert clopper_pearson(0, 0, side="upper") == Bounds(0.0, 1.0)
    assert clopper_pearson(0, 10).low == 0.0
    assert clopper_pearson(10, 10).high == 1.0


@settings(deadline=None)
@given(samples(), st.sampled_from(["both", "upper", "lower"]))
def test_bounds_hold_the_share(sample, side):
    hits, n = sample
    bounds = clopper_pearson(hits, n, side=side)
    assert 0 <= bounds.low <= hits / n <= bounds.high <= 1


@settings(deadline=None)
@given(samples())
def test_another_hit_moves_both_bounds_up(sample):
    hits, n = sample
    fewer, more = clopper_pearson(hits, n + 1), clopper_pearson(hits + 1, n + 1)
    assert fewer.low < more.low
    assert fewer.high <= more.high


@settings(deadline=None)
@given(samples(), st.integers(1, 50))
def test_reading_on_without_a_hit_never_loosens_the_upper_bound(sample, further):
    hits, n = sample
    before, after = (clopper_pearson(hits, size, side="upper").high for size in (n, n + further))
    assert after <= before


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5])
def test_the_upper_bound_holds_in_as_many_samples_as_the_level_says(share):
    n = 40
    held = sum(
        comb(n, hits) * share**hits * (1 - share) ** (n - hits)
        for hits in range(n + 1)
        if clopper_pearson(hits, n, side="upper").high >= share
    )
    assert held >= 0.95


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: clopper_pearson(3, 2), "hits must be from 0 to the 2 notes read, got 3"),
        (lambda: clopper_pearson(-1, 2), "hits must be from 0 to the 2 notes read, got -1"),
        (
            lambda: clopper_pearson(1, 2, level=95),
            "level must be above 0 and below 1, such as 0.95, got 95",
        ),
        (
            lambda: clopper_pearson(1, 2, side="left"),
            "side must be one of both, upper, lower, got 'left'",
        ),
        (
            lambda: at_most_missed(1, 11, 10),
            "11 notes cannot be read of a pile of 10; count the whole pile",
        ),
        (
            lambda: at_most_missed(1, 2, 10, level=1),
            "level must be above 0 and below 1, such as 0.95, got 1",
        ),
        (lambda: chance_of_meeting(5, 3), "prevalence must be from 0 to 1, got 5"),
        (lambda: chance_of_meeting(0.5, -3), "notes drawn must be 0 or more, got -3"),
    ],
)
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message


# Small piles


def chance_of_so_few(hits, n, pile, number):
    """Count the samples with so few hits, by hand and without rounding."""
    samples = sum(
        comb(number, seen) * comb(pile - number, n - seen) for seen in range(min(hits, n) + 1)
    )
    return Fraction(samples, comb(pile, n))


def most_by_brute_force(hits, n, pile, level):
    possible = range(hits, pile - n + hits + 1)
    return max(
        number for number in possible if chance_of_so_few(hits, n, pile, number) >= 1 - level
    )


@pytest.mark.parametrize("pile", [1, 2, 5, 12, 20, 23])
@pytest.mark.parametrize("level", [Fraction(1, 2), Fraction(19, 20), Fraction(99, 100)])
def test_what_a_small_pile_may_hold_is_exact(pile, level):
    """Chances of just 1 in 20 are among these: they are not ruled out."""
    cases = [(hits, n) for n in range(pile + 1) for hits in range(n + 1)]
    found = {case: at_most_missed(*case, pile, level=float(level)) for case in cases}
    assert found == {case: most_by_brute_force(*case, pile, level) for case in cases}


def test_the_bound_of_a_small_pile_holds_in_as_many_samples_as_the_level_says():
    pile, n = 60, 25
    bounds = [at_most_missed(hits, n, pile) for hits in range(n + 1)]
    for number in range(pile + 1):
        held = sum(
            Fraction(comb(number, hits) * comb(pile - number, n - hits), comb(pile, n))
            for hits in range(n + 1)
            if bounds[hits] >= number
        )
        assert held >= Fraction(19, 20)


def test_a_pile_read_whole_holds_what_was_seen_and_one_unread_may_hold_all():
    assert [at_most_missed(hits, 50, 50) for hits in (0, 3, 50)] == [0, 3, 50]
    assert at_most_missed(0, 0, 50) == 50
    assert at_most_missed(0, 0, 0) == 0


def test_the_exact_bound_of_a_pile_is_the_tighter_one():
    """Worked by hand: of 20 notes 10 without a hit leave at most 4; C(16,10)/C(20,10) = .043."""
    assert at_most_missed(0, 10, 20) == 3
    assert chance_of_so_few(0, 10, 20, 3) == Fraction(2, 19)
    assert chance_of_so_few(0, 10, 20, 4) == Fraction(14, 323)
    assert clopper_pearson(0, 10, side="upper").high * 20 == pytest.approx(5.18, abs=0.01)


def test_the_exact_bound_of_a_large_pile_is_close_to_the_published_one():
    published = {(0, 1500): 180, (3, 1500): 464, (2, 600): 941}
    assert {case: at_most_missed(*case, 90_000) for case in published} == {
        (0, 1500): 178,
        (3, 1500): 462,
        (2, 600): 938,
    }


@settings(deadline=None)
@given(samples(most=200), st.integers(1, 300))
def test_in_a_pile_hits_raise_and_reading_lowers_what_may_be_missed(sample, unread):
    hits, n = sample
    pile = n + unread
    here = at_most_missed(hits, n, pile)
    assert hits <= here <= pile
    assert at_most_missed(hits, n + 1, pile) <= here
    assert at_most_missed(min(hits + 1, n), n, pile) >= here
    assert here <= clopper_pearson(hits, n, side="upper").high * pile + 1e-6


# The chance of meeting evidence


def test_few_notes_seldom_meet_what_is_rare():
    """Worked by hand: 1 less the chance that all of them are without."""
    table = {n: [round(chance_of_meeting(p, n), 2) for p in (0.02, 0.05, 0.1)] for n in (3, 10)}
    assert table == {3: [0.06, 0.14, 0.27], 10: [0.18, 0.4, 0.65]}
    assert (chance_of_meeting(0, 5), chance_of_meeting(1, 5), chance_of_meeting(1, 0)) == (0, 1, 0)
