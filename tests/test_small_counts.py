from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.bounds import clopper_pearson
from review.small_counts import Rate, Row, rate, rates, suppress

ROWS = st.dictionaries(st.text("abcdef", max_size=2), st.integers(0, 30), max_size=6)


# One rate


def test_a_rate_has_its_exact_interval():
    bounds = clopper_pearson(7, 40)
    assert rate(7, 40) == Rate(7, 40, 0.175, bounds.low, bounds.high)
    assert not rate(7, 40).suppressed


def test_a_small_number_of_hits_is_not_shown_nor_a_share_that_would_tell_it():
    assert rate(4, 40) == Rate(None, 40, None, None, None)
    assert rate(4, 40).suppressed
    assert rate(5, 40).hits == 5


def test_a_small_number_of_notes_is_not_shown():
    assert rate(0, 4) == rate(4, 4) == Rate(None, None, None, None, None)


def test_no_hits_in_many_notes_are_shown():
    assert rate(0, 40) == Rate(0, 40, 0.0, 0.0, clopper_pearson(0, 40).high)


def test_of_no_notes_there_is_no_share():
    assert rate(0, 0) == Rate(0, 0, None, 0.0, 1.0)


def test_whoever_may_see_all_sees_all():
    assert rate(1, 3, minimum=1).share == 1 / 3


def test_a_level_may_be_chosen():
    assert rate(7, 40, level=0.5).high == clopper_pearson(7, 40, level=0.5).high


# A row with its total


@pytest.mark.parametrize(
    ("counts", "shown", "total"),
    [
        ([], [], 0),
        ([0, 0], [0, 0], 0),
        ([5, 9], [5, 9], 14),
        ([3], [None], None),  # the total is small as well
        ([3, 0], [None, 0], None),
        ([3, 40], [None, None], 43),  # 43 - 40 would tell
        ([3, 40, 9], [None, 40, None], 52),  # the smallest other count goes
        ([3, 9, 9], [None, None, 9], 21),  # of two alike the first
        ([4, 4, 9], [None, None, 9], 17),  # 8 of two: each 1 to 4 still
        ([1, 1, 9], [None, None, None], 11),  # 2 of two would tell that each is 1
        ([1, 1, 1, 1, 1], [None] * 5, None),  # so would 5 of five, and none is left to hide
        ([2, 2, 0, 0], [None, None, 0, 0], None),
    ],
)
def test_small_counts_are_taken_out_and_cannot_be_worked_out(counts, shown, total):
    names = "abcdefg"[: len(counts)]
    row = suppress(dict(zip(names, counts, strict=True)))
    assert row == Row(dict(zip(names, shown, strict=True)), total)
    assert list(row.counts) == list(names)


def test_a_minimum_of_1_shows_all():
    assert suppress({"a": 1, "b": 3}, minimum=1) == Row({"a": 1, "b": 3}, 4)


@cache
def possible_counts(rest, n_hidden):
    """What each of so many hidden counts may be, if they come to so much and none is 0."""
    ways = [way for way in product(range(1, rest + 1), repeat=n_hidden) if sum(way) == rest]
    return [{way[place] for way in ways} for place in range(n_hidden)]


@pytest.mark.parametrize(("n_groups", "minimum"), [(1, 5), (2, 5), (3, 5), (4, 3)])
def test_nobody_learns_more_of_a_small_count_than_that_it_is_small(n_groups, minimum):
    """Every row of counts up to a little above the minimum, by brute force."""
    for counts in product(range(minimum + 2), repeat=n_groups):
        row = suppress(dict(zip("abcd", counts, strict=False)), minimum=minimum)
        shown = [count for count in row.counts.values() if count is not None]
        assert not any(0 < count < minimum for count in [*shown, row.total or 0])
        if row.total is not None and len(shown) < n_groups:
            for possible in possible_counts(row.total - sum(shown), n_groups - len(shown)):
                assert possible >= set(range(1, minimum))


@given(ROWS, st.integers(1, 9))
def test_what_is_shown_is_true_and_not_small(counts, minimum):
    row = suppress(counts, minimum=minimum)
    for name, shown in row.counts.items():
        assert shown in (None, counts[name])
        assert shown is None or shown == 0 or shown >= minimum
    assert row.total in (None, sum(counts.values()))


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError) as error:
        suppress({"North": -1})
    assert str(error.value) == "count of 'North' must be 0 or more, got -1"
    with pytest.raises(ValueError) as error:
        suppress({"North": 1}, minimum=0)
    assert str(error.value) == "minimum must be 1 or more, got 0; 1 shows every count"


# Rates of groups


def test_groups_and_their_total_do_not_tell_a_small_count():
    by_group, of_all = rates({"North": (3, 40), "East": (9, 30), "South": (20, 60)})
    assert by_group == {
        "North": Rate(None, 40, None, None, None),
        "East": Rate(None, 30, None, None, None),  # 32 - 20 - 9 would tell
        "South": rate(20, 60),
    }
    assert of_all == rate(32, 130)


def test_a_group_with_few_notes_takes_another_with_it():
    by_group, of_all = rates({"North": (0, 3), "East": (9, 30), "South": (20, 60)})
    assert by_group == {
        "North": Rate(None, None, None, None, None),
        "East": Rate(None, None, None, None, None),
        "South": rate(20, 60),
    }
    assert of_all == rate(29, 93)


def test_rates_of_groups_name_the_group_at_fault():
    with pytest.raises(ValueError) as error:
        rates({"North": (1, 2), "East": (3, 2)})
    assert str(error.value) == "hits must be from 0 to the 2 notes read, got 3"
    assert error.value.__notes__ == ["in group 'East'"]


@settings(deadline=None)
@given(ROWS)
def test_rates_of_groups_are_true(notes):
    groups = {name: (n // 3, n) for name, n in notes.items()}
    by_group, of_all = rates(groups)
    assert list(by_group) == list(groups)
    for shown, (hits, n) in [
        *zip(by_group.values(), groups.values(), strict=True),
        (of_all, [sum(pair[at] for pair in groups.values()) for at in (0, 1)]),
    ]:
        assert shown.hits in (None, hits)
        assert shown.n in (None, n)
        assert shown.suppressed == (shown.low is None)
        if shown.share is not None:
            assert shown == rate(hits, n)
