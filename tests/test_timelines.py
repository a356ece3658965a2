"""What a case shows over time, from calls made by hand."""

from classifier.note import Mark
from review.timelines import (
    CONFIRMED,
    DISMISSED,
    HIGHLIGHTED,
    Call,
    Case,
    find_gaps,
    first_appearances,
    indicator_grid,
    indicator_states,
    phrase_states,
)

TEXT = "x" * 100
A, B = Mark(0, 5, "monitoring"), Mark(10, 15, "monitoring")
THREAT = Mark(20, 30, "threats")


def call(id, *found, confirmed=None, dismissed=(), received="2024-01-01", days=None):
    findings = dict(enumerate(found))
    parts = {"findings": findings, "confirmed": confirmed, "dismissed": dismissed}
    return Call(id, f"n{id}", received, days, TEXT, **parts)


def test_nobody_has_read_a_call_so_its_indicators_are_only_highlighted():
    assert indicator_states(call(1, A, THREAT)) == dict.fromkeys(
        ("monitoring", "threats"), HIGHLIGHTED
    )


def test_one_confirmed_phrase_confirms_an_indicator_in_a_call():
    read = call(1, A, B, confirmed=(B,), dismissed=(A,))
    assert phrase_states(read) == {A: DISMISSED, B: CONFIRMED}
    assert indicator_states(read) == {"monitoring": CONFIRMED}


def test_an_indicator_is_dismissed_only_if_all_its_phrases_are():
    assert indicator_states(call(1, A, B, confirmed=(), dismissed=(A,))) == {
        "monitoring": HIGHLIGHTED
    }
    assert indicator_states(call(1, A, B, confirmed=(), dismissed=(A, B))) == {
        "monitoring": DISMISSED
    }


def test_an_added_phrase_counts_without_any_finding():
    assert indicator_states(call(1, confirmed=(THREAT,))) == {"threats": CONFIRMED}


def test_a_finding_is_the_confirmed_phrase_that_it_overlaps_under_the_same_label():
    longer, other = Mark(3, 9, "monitoring"), Mark(3, 9, "isolation")
    assert phrase_states(call(1, A, confirmed=(longer,))) == {longer: CONFIRMED}
    assert phrase_states(call(1, A, confirmed=(other,))) == {A: HIGHLIGHTED, other: CONFIRMED}


def test_what_is_denied_or_asked_is_a_phrase_but_no_indicator():
    denied = Mark(0, 5, "monitoring", "negated")
    assert phrase_states(call(1, denied, confirmed=(denied,))) == {denied: CONFIRMED}
    assert indicator_states(call(1, denied, confirmed=(denied,))) == {}


def test_the_grid_has_labels_as_they_come_up_and_calls_that_hold_them():
    calls = (call(1, THREAT), call(2), call(3, A, THREAT, confirmed=(A,), dismissed=(THREAT,)))
    assert list(indicator_grid(Case("a", calls)).items()) == [
        ("threats", {1: HIGHLIGHTED, 3: DISMISSED}),
        ("monitoring", {3: CONFIRMED}),
    ]


def test_first_appearances_tell_confirmed_from_highlighted():
    first, second, third = call(1, A), call(2, confirmed=(A, THREAT)), call(3, A, confirmed=(A,))
    case = Case("a", (first, second, third))
    assert first_appearances(case, CONFIRMED) == {"monitoring": second, "threats": second}
    assert first_appearances(case, HIGHLIGHTED) == {"monitoring": first}
    assert first_appearances(case, DISMISSED) == {}


def test_gaps_leave_out_calls_without_a_date():
    one, two = call(1), call(2, received="2024-01-09", days=8)
    undated = call(3, received="31/06/2024")
    assert find_gaps(Case("a", (one, two, undated))) == [(one, two)]
    assert find_gaps(Case("a", (one,))) == []
