from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.note import CONTEXTS, Mark, overlaps
from review.adjudication import KINDS, Pair, compare_two

TEXT = "zero one two, three four 😡 five six. Seven eight: nine ten!"


def mark(words, label="threats", context="affirmed"):
    start = TEXT.index(words)
    return Mark(start, start + len(words), label, context)


marks = st.builds(
    lambda start, length, label, context: Mark(
        start, min(start + length, len(TEXT)), label, context
    ),
    st.integers(0, len(TEXT) - 1),
    st.integers(1, 20),
    st.sampled_from(["threats", "isolation", "monitoring"]),
    st.sampled_from(CONTEXTS[:2]),
)
readings = st.lists(marks, max_size=6)


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (mark("one two"), mark("one two"), "agreed"),
        (mark("one two"), mark(" one two,"), "agreed"),  # the same words
        (mark("one two"), mark("two, three"), "extent"),
        (mark("one two"), mark("one"), "extent"),
        (mark("one two"), mark("one two", context="negated"), "context"),
        (mark("one two"), mark("one", context="negated"), "context"),
        (mark("one two"), mark("one two", "isolation"), "label"),
        (mark("one two"), mark("one", "isolation", "negated"), "label"),
        (mark(", "), mark(", "), "agreed"),  # no word at all
        (mark(", "), mark(","), "extent"),
        (mark("😡"), mark("four 😡"), "extent"),
    ],
)
def test_two_spans_that_overlap_are_one_pair(first, second, kind):
    assert compare_two(TEXT, [first], [second]) == [Pair(kind, first, second)]


def test_spans_that_only_touch_stand_alone():
    first, second = mark("one "), mark("two")
    assert compare_two(TEXT, [first], [second]) == [
        Pair("only_first", first, None),
        Pair("only_second", None, second),
    ]


def test_empty_readings():
    span = mark("one")
    assert compare_two(TEXT, [], []) == []
    assert compare_two(TEXT, [span], []) == [Pair("only_first", span, None)]
    assert compare_two(TEXT, [], [span]) == [Pair("only_second", None, span)]


def test_the_best_overlap_wins_and_the_rest_stands_alone():
    long, near, far = mark("one two, three"), mark("one two"), mark("three four")
    assert compare_two(TEXT, [long], [far, near]) == [
        Pair("extent", long, near),
        Pair("only_second", None, far),
    ]


def test_the_same_label_goes_before_more_overlap():
    """One phrase under two labels: each label meets its own, though the other lies closer."""
    threats, isolation = mark("one two"), mark("one two", "isolation")
    wider, other = mark("one two, three four"), mark("one two, three", "isolation")
    assert compare_two(TEXT, [threats, isolation], [other, wider]) == [
        Pair("extent", isolation, other),
        Pair("extent", threats, wider),
    ]


def test_the_same_context_goes_before_more_overlap():
    one, other = mark("one two"), mark("one two, three")
    negated, other_negated = (
        mark(words, context="negated") for words in ("one two, three", "one two")
    )
    assert compare_two(TEXT, [one, negated], [other, other_negated]) == [
        Pair("extent", one, other),
        Pair("extent", negated, other_negated),
    ]


def test_one_pair_of_a_label_goes_before_two_of_other_labels():
    """The alternative pairs the same words twice, but no label with its own."""
    threats, isolation = mark("one two, three"), mark("three four", "isolation")
    monitoring, negated = (
        mark("one two, three", "monitoring"),
        mark("three four", context="negated"),
    )
    assert compare_two(TEXT, [threats, isolation], [monitoring, negated]) == [
        Pair("label", isolation, monitoring),
        Pair("context", threats, negated),
    ]


def test_of_two_that_are_as_good_the_same_one_is_always_taken():
    span, early, late = Mark(3, 4, "threats"), Mark(0, 4, "threats"), Mark(1, 5, "threats")
    expected = [Pair("agreed", span, early), Pair("only_second", None, late)]
    assert compare_two(TEXT, [span], [early, late]) == expected
    assert compare_two(TEXT, [span], [late, early]) == expected


def test_of_two_that_are_as_good_the_same_one_is_taken_when_readings_are_swapped():
    first = [Mark(0, 1, "isolation"), Mark(3, 7, "threats")]
    second = [Mark(3, 4, "threats"), Mark(4, 5, "threats")]
    met = {frozenset((pair.first, pair.second)) for pair in compare_two(TEXT, first, second)}
    turned = {frozenset((pair.first, pair.second)) for pair in compare_two(TEXT, second, first)}
    assert met == turned


def test_as_many_labels_as_can_meet_do():
    """Taking the best overlap first would leave two spans alone."""
    first = [mark("one two, three"), mark("two, three four")]
    second = [mark("two, three"), mark("zero one")]
    assert [pair.kind for pair in compare_two(TEXT, first, second)] == ["extent", "extent"]


def test_the_same_span_twice_counts_once():
    span = mark("one")
    assert compare_two(TEXT, [span, span], [span]) == [Pair("agreed", span, span)]


def test_pairs_come_in_reading_order():
    spans = [mark("nine"), mark("five"), mark("zero")]
    pairs = compare_two(TEXT, spans[:2], spans[1:])
    assert pairs == [
        Pair("only_second", None, spans[2]),
        Pair("agreed", spans[1], spans[1]),
        Pair("only_first", spans[0], None),
    ]


@settings(deadline=None)
@given(readings, readings, st.randoms())
def test_every_span_is_shown_once_and_the_order_given_does_not_matter(first, second, random):
    pairs = compare_two(TEXT, first, second)
    assert {pair.kind for pair in pairs} <= set(KINDS)
    assert Counter(pair.first for pair in pairs if pair.first) == Counter(set(first))
    assert Counter(pair.second for pair in pairs if pair.second) == Counter(set(second))
    for pair in pairs:
        if pair.first and pair.second:
            assert overlaps(pair.first, pair.second)
        else:
            assert pair.kind == ("only_first" if pair.first else "only_second")
    shuffled = [random.sample(spans, len(spans)) for spans in (first, second)]
    assert compare_two(TEXT, *shuffled) == pairs


@settings(deadline=None)
@given(readings, readings)
def test_swapped_readings_give_swapped_pairs(first, second):
    turned = {"only_first": "only_second", "only_second": "only_first"}
    assert compare_two(TEXT, second, first) == [
        Pair(turned.get(pair.kind, pair.kind), pair.second, pair.first)
        for pair in compare_two(TEXT, first, second)
    ]


@settings(deadline=None)
@given(readings)
def test_a_reading_agrees_with_itself(spans):
    assert {pair.kind for pair in compare_two(TEXT, spans, spans)} <= {"agreed"}


def worth(pairs):
    """What a pairing is judged by: labels that meet, contexts that meet, then overlap."""
    labels = contexts = overlap = 0
    for one, other in pairs:
        if overlaps(one, other):
            is_label = one.label == other.label
            labels += is_label
            contexts += is_label and one.context == other.context
            shared = min(one.end, other.end) - max(one.start, other.start)
            overlap += shared / (max(one.end, other.end) - min(one.start, other.start))
    return labels, contexts, pytest.approx(overlap)


@settings(deadline=None)
@given(st.lists(marks, max_size=4, unique=True), st.lists(marks, max_size=4, unique=True))
def test_no_other_pairing_is_better(first, second):
    found = worth(
        (pair.first, pair.second)
        for pair in compare_two(TEXT, first, second)
        if pair.first and pair.second
    )
    few, many = sorted((first, second), key=len)
    all_ways = [worth(zip(few, way, strict=True)) for way in permutations(many, len(few))]
    best = max(all_ways, key=lambda way: (*way[:2], way[2].expected))
    assert found == best
