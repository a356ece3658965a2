"""What a room saw and missed: counts that add up."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from classifier.note import Mark, Note
from review.practice.comparison import pair_marks
from review.practice.tally import LookAlikeTally, OverTally, PhraseTally, Tally, tally

TEXT = "Caller says he reads her texts, and has her card. No threats. Asked if he checks. Resolved."


def mark(words, label="monitoring", context="affirmed"):
    start = TEXT.index(words)
    return Mark(start, start + len(words), label, context)


READS, CARD = mark("reads her texts"), mark("has her card", "economic_abuse")
NO_THREATS = mark("No threats", "threats", "negated")
NOTE = Note("n", TEXT, (READS, CARD, NO_THREATS))


def test_a_room_of_five_phrase_by_phrase():
    room = [
        [READS, CARD],
        [mark("reads"), mark("No threats", "threats")],
        [mark("reads her texts", "isolation"), mark("Resolved", "dismissive_response")],
        [mark("reads her texts", context="other"), mark("Asked if he", "isolation")],
        [NO_THREATS, mark("he checks"), mark("if he", "isolation"), mark("Asked", "isolation")],
    ]
    assert tally(NOTE, room) == Tally(
        NOTE,
        5,
        (
            PhraseTally(READS, agreed=2, label=1, context=1, missed=1, given=(("isolation", 1),)),
            PhraseTally(CARD, agreed=1, label=0, context=0, missed=4),
        ),
        (LookAlikeTally(NO_THREATS, taken=1, left=4),),
        (
            OverTally(
                TEXT.index("Asked"),
                TEXT.index("checks") + len("checks"),
                2,
                (("isolation", 2), ("monitoring", 1)),
            ),
            OverTally(TEXT.index("Resolved"), len(TEXT) - 1, 1, (("dismissive_response", 1),)),
        ),
    )


def test_a_room_without_trainees():
    assert tally(NOTE, []) == Tally(
        NOTE,
        0,
        (PhraseTally(READS, 0, 0, 0, 0), PhraseTally(CARD, 0, 0, 0, 0)),
        (LookAlikeTally(NO_THREATS, 0, 0),),
        (),
    )


def test_a_note_with_nothing_in_it():
    assert tally(Note("n", TEXT), [[], [CARD]]) == Tally(
        Note("n", TEXT), 2, (), (), (OverTally(CARD.start, CARD.end, 1, (("economic_abuse", 1),)),)
    )


def test_words_under_two_labels_are_two_phrases():
    also = mark("reads her texts", "isolation")
    found = tally(Note("n", TEXT, (READS, also)), [[READS], [READS, also]])
    assert found.phrases == (
        PhraseTally(also, agreed=1, label=0, context=0, missed=1),
        PhraseTally(READS, agreed=2, label=0, context=0, missed=0),
    )


def test_stretches_that_only_touch_stay_apart():
    near, next_to_it = Mark(0, 6, "threats"), Mark(6, 11, "threats")
    found = tally(Note("n", TEXT), [[near], [next_to_it]])
    assert [(one.start, one.end, one.trainees) for one in found.over] == [(0, 6, 1), (6, 11, 1)]


marks = st.builds(
    lambda start, length, label, context: Mark(
        start, min(start + length, len(TEXT)), label, context
    ),
    st.integers(0, len(TEXT) - 1),
    st.integers(1, 25),
    st.sampled_from(["threats", "isolation", "monitoring"]),
    st.sampled_from(["affirmed", "affirmed", "negated", "hypothetical"]),
)
readings = st.lists(marks, max_size=6)


@given(readings, st.lists(readings, max_size=5))
def test_counts_of_a_phrase_add_up_to_the_trainees(reference, room):
    found = tally(Note("n", TEXT, tuple(reference)), room)
    assert found.trainees == len(room)
    for phrase in found.phrases:
        assert phrase.agreed + phrase.label + phrase.context + phrase.missed == len(room)
        assert sum(count for _, count in phrase.given) == phrase.label
    for one in found.look_alikes:
        assert one.taken + one.left == len(room)
    assert {one.mark for one in (*found.phrases, *found.look_alikes)} == set(reference)


@given(readings, st.lists(readings, max_size=5))
def test_every_mark_that_is_over_lies_in_one_stretch(reference, room):
    note = Note("n", TEXT, tuple(reference))
    stretches = tally(note, room).over
    for before, after in pairwise(stretches):
        assert before.end <= after.start
    for trainee in room:
        for pair in pair_marks(note, trainee):
            if pair.kind == "over":
                around = [
                    one
                    for one in stretches
                    if one.start <= pair.second.start and pair.second.end <= one.end
                ]
                assert len(around) == 1
                assert pair.second.label in dict(around[0].labels)
    assert all(1 <= one.trainees <= len(room) for one in stretches)


@given(readings, st.lists(readings, min_size=1, max_size=5))
def test_the_order_of_trainees_does_not_matter(reference, room):
    note = Note("n", TEXT, tuple(reference))
    assert tally(note, room) == tally(note, room[::-1])
