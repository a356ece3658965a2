"""Examples take turns."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from review.practice.turns import pick_set, spread_out


@given(count=st.integers(0, 30), size=st.integers(1, 5))
def test_every_example_comes_round_before_any_repeats(count, size):
    turns = [pick_set(range(count), turn, size) for turn in range(2 * count + 2)]
    if count <= size:
        assert turns == [tuple(range(count))] * len(turns)
        return
    assert all(not set(one) & set(other) for one, other in pairwise(turns))
    shown = [item for turn in turns for item in turn]
    assert sorted(shown[:count]) == list(range(count))


def test_authors_take_turns():
    items = ["a1", "a2", "a3", "b1", "b2", "c1"]
    ordered = spread_out(items, lambda item: [item[0]], lambda item: 0, seed=0)
    assert {item[0] for item in ordered[:3]} == {"a", "b", "c"}
    assert sorted(ordered) == items


def test_rank_goes_before_turns_and_the_seed_decides_among_equals():
    items = list(range(20))
    one, other = (spread_out(items, lambda item: [], lambda item: item < 5, s) for s in (0, 1))
    assert set(one[:15]) == set(other[:15]) == set(range(5, 20))
    assert one != other
    assert one == spread_out(items, lambda item: [], lambda item: item < 5, 0)
