from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from review.bounds import clopper_pearson
from review.sampling import Estimate, GroupDraw, draw, draw_strata, estimate

IDS = st.lists(st.integers(0, 10**9), unique=True, max_size=60)


# Draws

PINNED = (542, 523, 916, 522, 986, 301, 32, 981)


def test_a_draw_is_the_same_on_every_machine():
    assert draw(range(1000), 8, seed=20261123) == PINNED
    assert draw(range(1000), 8, seed=20261124) != PINNED


@given(IDS, st.integers(0, 2**64), st.randoms())
def test_a_draw_is_without_replacement_and_hangs_on_no_order(ids, seed, random):
    n = random.randint(0, len(ids))
    drawn = draw(ids, n, seed=seed)
    assert len(set(drawn)) == n
    assert set(drawn) <= set(ids)
    shuffled = random.sample(ids, len(ids))
    assert draw(shuffled, n, seed=seed) == drawn


@given(IDS, st.integers(0, 99))
def test_a_larger_draw_begins_with_the_smaller(ids, seed):
    whole = draw(ids, len(ids), seed=seed)
    assert all(draw(ids, n, seed=seed) == whole[:n] for n in range(len(ids)))


def test_every_ordered_draw_is_as_likely():
    """Seeded, so that chance cannot fail it: 6,000 draws of 2 of 4 notes, 12 ways each."""
    ways = Counter(draw(range(4), 2, seed=seed) for seed in range(6000))
    assert len(ways) == 12
    assert chisquare(list(ways.values())).pvalue > 0.01


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: draw([1, 2], 3, seed=0), "3 notes cannot be drawn from 2"),
        (lambda: draw([1, 2], -1, seed=0), "-1 notes cannot be drawn from 2"),
        (lambda: draw([1, 1], 1, seed=0), "an id comes twice; each note may be drawn once"),
        (lambda: draw([1, 2], 1, seed=-1), "seed must be 0 or more, got -1"),
        (
            lambda: draw_strata({"a": [1], "b": [2, 1]}, 1, seed=0),
            "a note is in two groups, or twice in one; each may be drawn once",
        ),
        (
            lambda: draw_strata({"a": [1]}, -2, seed=0),
            "seed and notes a group must be 0 or more, got 0 and -2",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message


# Dip samples

GROUPS = {
    "South, 2026-02": range(300, 302),
    "North, 2026-01": range(100),
    "South, 2026-01": range(200, 240),
}


def test_a_dip_sample_takes_so_many_of_each_group_and_says_where_it_is_short():
    drawn = draw_strata(GROUPS, 3, seed=7)
    assert [(part.group, part.size, len(part.ids), part.short) for part in drawn] == [
        ("North, 2026-01", 100, 3, 0),
        ("South, 2026-01", 40, 3, 0),
        ("South, 2026-02", 2, 2, 1),
    ]
    assert all(set(part.ids) <= set(GROUPS[part.group]) for part in drawn)


def test_what_is_drawn_from_a_group_hangs_on_no_other_group():
    alone = draw_strata({"South, 2026-01": GROUPS["South, 2026-01"]}, 3, seed=7)
    assert alone == draw_strata(GROUPS, 3, seed=7)[1:2]


def test_groups_of_one_size_are_not_drawn_alike():
    parts = draw_strata({"a": range(50), "b": range(50, 100)}, 50, seed=7)
    assert [id - 50 for id in parts[1].ids] != list(parts[0].ids)


def test_another_seed_draws_others():
    assert draw_strata(GROUPS, 3, seed=7) == draw_strata(GROUPS, 3, seed=7)
    assert draw_strata(GROUPS, 3, seed=8) != draw_strata(GROUPS, 3, seed=7)


def test_an_empty_group_is_short_of_all():
    assert draw_strata({"North": []}, 3, seed=0) == (GroupDraw("North", 0, (), 3),)


# Estimates


def test_an_estimate_of_a_draw_read_whole():
    answers = {5: True, 9: False, 2: False, 7: True}
    bounds = clopper_pearson(2, 4)
    assert estimate((9, 5, 7, 2), answers) == Estimate(2, 4, 4, 0, 0.5, bounds.low, bounds.high)


def test_notes_read_after_one_that_was_passed_over_do_not_count_yet():
    drawn, answers = (9, 5, 7, 2), {9: False, 5: True, 2: True}
    bounds = clopper_pearson(1, 2)
    assert estimate(drawn, answers) == Estimate(1, 2, 4, 1, 0.5, bounds.low, bounds.high)
    assert estimate(drawn, {**answers, 7: False}).hits == 2


def test_before_the_first_answer_nothing_is_known():
    assert estimate((9, 5), {}) == Estimate(0, 0, 2, 0, None, 0.0, 1.0)


def test_notes_of_the_ranked_queue_have_no_place_in_an_estimate():
    with pytest.raises(ValueError) as error:
        estimate((9, 5), {9: True, 40: True, 31: True})
    assert str(error.value) == (
        "note 31 was read but not drawn (2 such); notes of the ranked queue have no place in a "
        "rate, leave them out"
    )


def test_a_note_cannot_be_drawn_twice():
    with pytest.raises(ValueError) as error:
        estimate((9, 9), {})
    assert str(error.value) == "an id comes twice; each note may be drawn once"


@settings(deadline=None)
@given(IDS, st.data())
def test_an_estimate_counts_the_first_of_the_draw_only(drawn, data):
    read = data.draw(st.sets(st.sampled_from(drawn))) if drawn else set()
    answers = {id: id % 2 == 0 for id in read}
    found = estimate(drawn, answers)
    assert set(drawn[: found.n]) <= read
    assert found.n == len(drawn) or drawn[found.n] not in read
    assert found.hits == sum(id % 2 == 0 for id in drawn[: found.n])
    assert found.n + found.ahead == len(read)
    assert found.share is None or found.low <= found.share <= found.high


def test_drawn_bounds_hold_the_truth_as_often_as_they_say():
    """All 3-note draws of 8 notes, 3 of them with evidence: 95 % intervals hold it each time."""
    for drawn in combinations(range(8), 3):
        found = estimate(drawn, {id: id < 3 for id in drawn})
        assert found.low <= 3 / 8 <= found.high or found.hits == 3
