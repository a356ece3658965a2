import json
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.bounds import at_most_missed, clopper_pearson
from review.elusion import (
    ElusionPlan,
    ElusionResult,
    judge_elusion,
    plan_elusion,
    plan_reading,
)

PILE = 90_000
PLAN = plan_elusion(PILE, at_most=0.005)


# Plans


@pytest.mark.parametrize(
    ("at_most", "n"), [(0.05, 59), (0.02, 149), (0.01, 299), (0.005, 598), (0.002, 1497)]
)
def test_so_many_notes_without_a_hit_show_at_most_so_much(at_most, n):
    """The usual table for elusion samples: one-sided, 95 %."""
    assert plan_elusion(PILE, at_most=at_most) == ElusionPlan(
        PILE, n, at_most, 0.95, 0, "clopper-pearson"
    )


def test_a_plan_is_said_in_plain_words():
    assert PLAN.sentence == (
        "Read 598 of the 90,000 unread notes, drawn at random. If none of them holds evidence, at "
        "most 0.5 % of the unread notes (450) do, at 95 % confidence."
    )
    assert plan_elusion(400, at_most=0.01, expected_hits=1, level=0.9).sentence == (
        "Read 233 of the 400 unread notes, drawn at random. If no more than 1 of them hold "
        "evidence, at most 1 % of the unread notes (4) do, at 90 % confidence."
    )


def test_a_small_pile_needs_less_reading():
    assert plan_elusion(1_000, at_most=0.005) == ElusionPlan(
        1_000, 393, 0.005, 0.95, 0, "hypergeometric"
    )
    assert at_most_missed(0, 393, 1_000) == 5
    assert at_most_missed(0, 392, 1_000) == 6


def test_of_very_few_notes_all_are_read():
    assert plan_elusion(1, at_most=0.5).n == 1
    assert plan_elusion(10, at_most=0.001).n == 10


@settings(deadline=None)
@given(st.integers(1, 3000), st.floats(0.002, 0.6), st.integers(0, 3), st.floats(0.6, 0.99))
def test_a_plan_keeps_its_word_with_the_fewest_notes(pile, at_most, expected_hits, level):
    if expected_hits > at_most * pile:
        return
    plan = plan_elusion(pile, at_most=at_most, level=level, expected_hits=expected_hits)
    result = judge_elusion(plan, expected_hits, plan.n, 100, kind="elusion")
    assert result.as_planned
    assert result.share_at_most <= at_most + 1e-6
    if plan.bound == "hypergeometric":
        allowed = int(at_most * pile + 1e-6)
        if plan.n > expected_hits:
            assert at_most_missed(expected_hits, plan.n - 1, pile, level=level) > allowed
    else:
        assert plan.n <= 0.05 * pile
        one_less = clopper_pearson(expected_hits, plan.n - 1, level=level, side="upper")
        assert one_less.high > at_most


@settings(deadline=None)
@given(st.integers(100, 5000), st.floats(0.01, 0.3))
def test_room_for_hits_a_lower_share_and_a_higher_level_cost_reading(pile, at_most):
    n = plan_elusion(pile, at_most=at_most).n
    assert plan_elusion(pile, at_most=at_most * 0.9).n >= n
    assert plan_elusion(pile, at_most=at_most, level=0.99).n >= n
    if at_most * pile >= 1:
        assert plan_elusion(pile, at_most=at_most, expected_hits=1).n > n


def test_time_may_set_the_number():
    plan = plan_reading(PILE, 1_500)
    assert plan == ElusionPlan(
        PILE, 1_500, clopper_pearson(0, 1_500, side="upper").high, 0.95, 0, "clopper-pearson"
    )
    assert plan_reading(300, 200) == ElusionPlan(300, 200, 2 / 300, 0.95, 0, "hypergeometric")
    assert plan_reading(300, 0).at_most == 1.0


def test_a_plan_survives_a_file():
    assert ElusionPlan(**json.loads(json.dumps(asdict(PLAN)))) == PLAN


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: plan_elusion(0, at_most=0.1),
            "pile must be 1 or more, at_most above 0 and below 1, expected_hits 0 or more, got 0, "
            "0.1 and 0",
        ),
        (
            lambda: plan_elusion(9, at_most=5),
            "pile must be 1 or more, at_most above 0 and below 1, expected_hits 0 or more, got 9, "
            "5 and 0",
        ),
        (
            lambda: plan_elusion(300, at_most=0.005, expected_hits=3),
            "at most 0.5 % of 300 notes are 1, fewer than the 3 expected; expect fewer or allow "
            "for more",
        ),
        (
            lambda: plan_elusion(300, at_most=0.1, level=0),
            "level must be above 0 and below 1, such as 0.95, got 0",
        ),
        (
            lambda: plan_reading(300, 301),
            "301 notes cannot be read of a pile of 300; count the whole pile",
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message


# Results


@pytest.mark.parametrize(
    ("hits", "n", "missed", "recall"),
    [(0, 1_500, 180, 0.965), (3, 1_500, 464, 0.915), (2, 600, 941, 0.842)],
)
def test_worked_examples(hits, n, missed, recall):
    """5,000 found, 90,000 unread; the sample bound times the pile, to the nearest note."""
    result = judge_elusion(plan_reading(PILE, n), hits, n, 5_000, kind="elusion")
    assert result.missed_at_most == missed
    assert result.recall_at_least == 5_000 / (5_000 + missed)
    assert round(result.recall_at_least, 3) == recall
    assert result.missed_at_most >= at_most_missed(hits, n, PILE)


def test_a_result_is_said_in_plain_words():
    result = judge_elusion(PLAN, 0, 598, 5_000, kind="elusion")
    assert result == ElusionResult(
        PLAN, 0, 5_000, clopper_pearson(0, 598, side="upper").high, 450, 5_000 / 5_450
    )
    assert result.sentence == (
        "Of 598 notes drawn at random from 90,000 unread ones, readers found evidence in 0: at "
        "most 0.5 % of the unread notes (450) hold evidence, at 95 % confidence. The 5,000 found "
        "before are at least 91.7 % of all notes that hold evidence."
    )


def test_more_hits_than_planned_are_said():
    result = judge_elusion(PLAN, 2, 598, 5_000, kind="elusion")
    assert not result.as_planned
    assert result.sentence.endswith(
        "at most 1.05 % of the unread notes (944) hold evidence, at 95 % confidence. The 5,000 "
        "found before are at least 84.1 % of all notes that hold evidence. The plan was for at "
        "most 0.5 %; do not claim that."
    )


def test_shares_are_rounded_to_the_side_on_which_they_still_hold():
    result = judge_elusion(plan_reading(PILE, 100), 0, 100, 4_910, kind="elusion")
    assert (round(result.share_at_most, 5), round(result.recall_at_least, 5)) == (0.02951, 0.64896)
    assert "at most 2.96 % of the unread notes (2,656)" in result.sentence
    assert "at least 64.8 % of all notes" in result.sentence


def test_a_small_pile_is_judged_as_it_was_planned():
    plan = plan_elusion(1_000, at_most=0.005)
    result = judge_elusion(plan, 1, 393, 40, kind="elusion")
    missed = at_most_missed(1, 393, 1_000)
    assert result == ElusionResult(plan, 1, 40, missed / 1_000, missed, 40 / (40 + missed))


def test_with_nothing_found_no_recall_is_claimed():
    read_whole = plan_reading(20, 20)
    assert judge_elusion(PLAN, 0, 598, 0, kind="elusion").recall_at_least == 0
    nothing = judge_elusion(read_whole, 0, 20, 0, kind="elusion")
    assert nothing.recall_at_least is None
    assert nothing.sentence == (
        "Of 20 notes drawn at random from 20 unread ones, readers found evidence in 0: at most "
        "0 % of the unread notes (0) hold evidence, at 95 % confidence."
    )


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (
            (0, 400, 5_000),
            "elusion",
            "400 of the 598 notes drawn were read; stopping early because of what was seen voids "
            "the bound. Read the other 198, then judge",
        ),
        (
            (0, 700, 5_000),
            "elusion",
            "700 notes were read, 598 were planned; reading on because of what was seen voids the "
            "bound. Judge the notes of the plan, or plan another sample",
        ),
        (
            (0, 598, 5_000),
            "ranked",
            "notes of a queue of kind 'ranked' were not drawn at random from the unread pile and "
            "bound nothing; plan a sample, draw it and read a queue of kind 'elusion'",
        ),
        ((600, 598, 5_000), "elusion", "hits must be from 0 to the 598 notes read, got 600"),
        ((0, 598, -1), "elusion", "notes found must be 0 or more, got -1"),
    ],
)
def test_what_proves_nothing_is_refused(arguments, kind, message):
    with pytest.raises(ValueError) as error:
        judge_elusion(PLAN, *arguments, kind=kind)
    assert str(error.value) == message


@settings(deadline=None)
@given(st.integers(1, 2000), st.data())
def test_a_hit_more_never_betters_a_result(pile, data):
    n = data.draw(st.integers(1, pile))
    hits = data.draw(st.integers(0, n - 1))
    fewer, more = (
        judge_elusion(plan_reading(pile, n), count, n, 50, kind="elusion")
        for count in (hits, hits + 1)
    )
    assert hits / n <= fewer.share_at_most <= more.share_at_most <= 1
    assert hits <= fewer.missed_at_most <= more.missed_at_most <= pile
    assert fewer.recall_at_least >= more.recall_at_least
