"""A trainee's marks beside the reference: kinds, reasons, and the one way to count."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.labels import Label, LabelSet, load_labels
from classifier.note import CONTEXTS, Mark, Note
from review.practice.comparison import (
    KIND_WORDS,
    KINDS,
    MET,
    Compared,
    Comparison,
    compare,
    figures,
    pair_marks,
)
from training.measures import MEASURES, count_spans, find_words, measure_spans

LABELS = load_labels()
TEXT = "Caller says he reads her texts, and has her card. No threats. Asked if he checks. Resolved."


def mark(words, label="monitoring", context="affirmed"):
    start = TEXT.index(words)
    return Mark(start, start + len(words), label, context)


def note(*marks):
    return Note("n", TEXT, marks)


def kinds(reference, trainee):
    return [pair.kind for pair in pair_marks(note(*reference), trainee)]


def reason(reference, trainee, kind):
    found = compare(note(*reference), trainee, LABELS).of(kind)
    assert len(found) == 1
    return found[0].reason


READS, CARD = mark("reads her texts"), mark("has her card", "economic_abuse")
NO_THREATS = mark("No threats", "threats", "negated")


@pytest.mark.parametrize(
    ("reference", "trainee", "expected"),
    [
        ([], [], []),
        ([READS], [READS], ["agreed"]),
        ([READS], [mark("reads")], ["extent"]),
        ([READS], [], ["missed"]),
        ([], [READS], ["over"]),
        ([READS], [mark("reads her texts", "isolation")], ["label"]),
        ([READS], [mark("reads her texts", context="hypothetical")], ["context"]),
        ([NO_THREATS], [], ["look_alike"]),
        ([], [NO_THREATS], ["look_alike"]),
        ([NO_THREATS], [NO_THREATS], ["agreed"]),
        ([NO_THREATS], [mark("No threats", "threats")], ["context"]),
        ([NO_THREATS], [mark("No threats", "isolation")], ["context"]),
        ([NO_THREATS], [mark("No threats", "threats", "other")], ["context"]),
        ([NO_THREATS], [mark("No threats", "isolation", "negated")], ["label"]),
        ([READS, CARD], [mark("reads her texts, and has her card")], ["extent", "missed"]),
        ([READS, mark("reads her texts", "isolation")], [READS], ["missed", "agreed"]),
    ],
)
def test_a_pair_is_named_from_the_trainees_side(reference, trainee, expected):
    assert kinds(reference, trainee) == expected


def test_evidence_is_met_before_a_look_alike_takes_its_mark():
    """Paired all at once, both reference marks would have a partner, in another context."""
    told, asked = mark("reads her texts"), mark("texts, and", context="negated")
    both, aside = mark("her texts, and"), mark("reads", context="negated")
    assert kinds([told, asked], [both, aside]) == ["look_alike", "extent", "look_alike"]


def test_a_comparison_keeps_note_marks_and_order():
    reference = note(READS, CARD)
    found = compare(reference, [READS, mark("Resolved", "dismissive_response")], LABELS)
    assert found == Comparison(
        reference,
        (
            Compared(
                "agreed",
                READS,
                READS,
                "You and the reference both have Monitoring, recorded as happening.",
            ),
            Compared(
                "missed",
                CARD,
                None,
                "The reference also has these words as Economic abuse: they may show that a "
                "partner, former partner or relative controls someone's money, work, benefits, "
                "housing costs or debt; the guide's examples have “takes her wages”.",
            ),
            Compared(
                "over",
                None,
                mark("Resolved", "dismissive_response"),
                "The reference has no mark here; compare what resembles Dismissive wording in the "
                "note and is not, such as “a factual record of an outcome” (no judgement, and "
                "nothing disclosed is left unanswered).",
            ),
        ),
    )
    assert [pair.mark for pair in found.of("missed", "over")] == [
        CARD,
        mark("Resolved", "dismissive_response"),
    ]


@pytest.mark.parametrize(
    ("reference", "trainee", "kind", "expected"),
    [
        (
            [NO_THREATS],
            [NO_THREATS],
            "agreed",
            "You and the reference both have Threats, recorded as not happening, a look-alike and "
            "not evidence.",
        ),
        (
            [NO_THREATS],
            [],
            "look_alike",
            "You left this unmarked and missed nothing: the reference has it as a look-alike of "
            "Threats, because the note says that it did not happen.",
        ),
        (
            [],
            [NO_THREATS],
            "look_alike",
            "You set this aside as Threats, recorded as not happening; the reference has no mark "
            "here, and neither of you reads it as evidence.",
        ),
        (
            [NO_THREATS],
            [mark("No threats", "threats")],
            "context",
            "You have Threats here, recorded as happening; the reference has it as a look-alike, "
            "because the note says that it did not happen.",
        ),
        (
            [NO_THREATS],
            [mark("No threats", "intimidation")],
            "context",
            "You have Intimidation here, recorded as happening; the reference has Threats as a "
            "look-alike, because the note says that it did not happen.",
        ),
        (
            [READS],
            [mark("reads her texts", context="hypothetical")],
            "context",
            "You have Monitoring here, asked or conditional; the reference has it as happening, "
            "because it is told as something that happened, and a threat counts although its "
            "grammar is conditional.",
        ),
        (
            [NO_THREATS],
            [mark("No threats", "threats", "other")],
            "context",
            "You have Threats here, not towards a partner or family member; the reference has it "
            "as recorded as not happening, and neither of you reads it as evidence.",
        ),
        (
            [READS],
            [mark("reads her texts", "isolation", "negated")],
            "label",
            "You gave Isolation, which asks whether a partner, former partner or relative cuts "
            "someone off from family, friends, services, work or classes; the reference has "
            "Monitoring, recorded as happening, which asks whether such a person watches or checks "
            "on someone, in person or by technology.",
        ),
        (
            [READS],
            [mark("reads")],
            "extent",
            "You and the reference both have Monitoring; the reference takes in more words, "
            "because what makes an act control belongs to the phrase.",
        ),
        (
            [NO_THREATS],
            [mark("threats", "threats", "negated")],
            "extent",
            "You and the reference both have Threats, a look-alike and not evidence; the reference "
            "takes in more words, because the denying or asking word belongs to the phrase.",
        ),
        (
            [mark("Asked if he checks. Resolved", "dismissive_response")],
            [mark("Resolved", "dismissive_response")],
            "extent",
            "You and the reference both have Dismissive wording in the note; the reference takes "
            "in more words.",
        ),
        (
            [READS],
            [mark("Caller says he reads her texts")],
            "extent",
            "You and the reference both have Monitoring; the reference takes in fewer words, the "
            "shortest run that carries the act.",
        ),
        (
            [READS],
            [mark("says he reads")],
            "extent",
            "You and the reference both have Monitoring; the reference begins and ends at other "
            "words, those that carry the act.",
        ),
        (
            [READS, mark("reads her texts", "isolation")],
            [READS],
            "missed",
            "Beside Monitoring, the reference also has these words as Isolation: they may show "
            "that a partner, former partner or relative cuts someone off from family, friends, "
            "services, work or classes; the guide's examples have “won't let her see her sister”.",
        ),
        (
            [READS],
            [READS, mark("reads her texts", "isolation")],
            "over",
            "The reference has these words as Monitoring, recorded as happening, and not as "
            "Isolation.",
        ),
        (
            [mark("reads"), mark("texts")],
            [READS],
            "missed",
            "Your mark takes in these words; the reference has Monitoring here as a phrase of its "
            "own, one for each act that could stand alone.",
        ),
        (
            [READS],
            [mark("reads"), mark("texts")],
            "over",
            "The reference has Monitoring here as one phrase, and you have more than one.",
        ),
    ],
)
def test_a_reason_is_one_sentence_in_the_guides_words(reference, trainee, kind, expected):
    assert reason(reference, trainee, kind) == expected


def test_the_example_named_is_the_one_with_most_words_in_common():
    def example(words):
        whole = Note("n", words, (Mark(0, len(words), "monitoring"),))
        return compare(whole, [], LABELS).pairs[0].reason.partition("have ")[2]

    assert example("wants her passwords") == "“has her passwords”."
    assert example("He READS the post.") == "“reads all his emails”."
    assert example("is the her at his") == "“goes through her phone”."  # no long word in common


def test_an_own_label_set_with_other_definitions_still_gives_reasons():
    colour = {"light": "#ffffff", "dark": "#000000"}
    own = LabelSet(
        label=(Label(id="own", title="Own", definition="Ours.", colour=colour, cue="OW"),)
    )
    found = compare(note(mark("reads", "own")), [mark("Resolved", "own")], own)
    assert [pair.reason for pair in found.pairs] == [
        "The reference also has these words as Own: they may show that “Ours” holds.",
        "The reference has no mark here; read once more what Own stands for.",
    ]


@pytest.mark.parametrize(
    ("reference", "trainee", "expected"),
    [
        ([READS], [], "The reference also has these words as monitoring."),
        ([], [READS], "The reference has no mark here; read once more what monitoring stands for."),
        ([READS], [CARD], None),
        (
            [READS],
            [mark("reads", "economic_abuse")],
            "You gave economic_abuse; the reference has monitoring.",
        ),
    ],
)
def test_labels_that_the_label_set_does_not_have_are_called_by_their_ids(
    reference, trainee, expected
):
    own = LabelSet(label=(LABELS["threats"].model_copy(update={"sources": {}}),))
    reasons = [pair.reason for pair in compare(note(*reference), trainee, own).pairs]
    assert len(reasons) == 2 if expected is None else reasons == [expected]


def test_no_reason_shames_or_decides():
    words = []
    for first in LABELS.ids:
        for second in LABELS.ids[:3]:
            for context in CONTEXTS:
                here, there = mark("reads", first), mark("reads her", second, context)
                for sides in (([here], [there]), ([there], [here]), ([there], []), ([], [there])):
                    words += [
                        pair.reason
                        for pair in compare(
                            note(sides[0][0]) if sides[0] else note(), sides[1], LABELS
                        ).pairs
                    ]
    assert len(words) > 500
    for shame in (
        "wrong",
        "incorrect",
        "fail",
        "error",
        "mistake",
        "correct answer",
        "%",
        "abuser",
    ):
        assert [one for one in words if shame in one.casefold()] == []
    assert all(one.endswith(".") and ". " not in one for one in words)


def test_every_kind_has_words():
    assert tuple(KIND_WORDS) == KINDS
    assert set(MET) < set(KINDS)


WORDS = find_words(TEXT)


@st.composite
def whole_words(draw):
    first = draw(st.integers(0, len(WORDS) - 1))
    last = min(first + draw(st.integers(0, 4)), len(WORDS) - 1)
    label = draw(st.sampled_from(["threats", "isolation", "monitoring"]))
    context = draw(st.sampled_from(["affirmed", "affirmed", "negated", "other"]))
    return Mark(WORDS[first][0], WORDS[last][1], label, context)


readings = st.lists(whole_words(), max_size=8)


@given(readings, readings)
def test_pairs_met_are_the_overlap_matches_that_the_evaluation_counts(reference, trainee):
    counts = count_spans([TEXT], [reference], [trainee], LABELS.ids)[0]
    pairs = compare(note(*reference), trainee, LABELS).of(*MET)
    met = Counter(pair.mark.label for pair in pairs if pair.mark.context == "affirmed")
    overlap = MEASURES.index("overlap")
    for column, label in enumerate(LABELS.ids):
        assert met[label] == counts[column, overlap, 0]


@given(readings, readings)
def test_pairs_add_up_to_the_marks_that_the_evaluation_counts(reference, trainee):
    counts = count_spans([TEXT], [reference], [trainee], LABELS.ids)[0][:-1].sum(axis=0)
    pairs = pair_marks(note(*reference), trainee)
    overlap = MEASURES.index("overlap")
    marked = [pair.first for pair in pairs if pair.first and pair.first.context == "affirmed"]
    found = [pair.second for pair in pairs if pair.second and pair.second.context == "affirmed"]
    assert len(marked) == counts[overlap, 2]
    assert len(found) == counts[overlap, 1]


@given(readings, readings)
def test_every_mark_is_in_exactly_one_pair(reference, trainee):
    pairs = pair_marks(note(*reference), trainee)
    assert Counter(pair.first for pair in pairs if pair.first) == Counter(set(reference))
    assert Counter(pair.second for pair in pairs if pair.second) == Counter(set(trainee))
    assert {pair.kind for pair in pairs} <= set(KINDS)
    starts = [(pair.first or pair.second).start for pair in pairs]
    assert starts == sorted(starts)


@given(readings, readings)
def test_a_look_alike_never_counts_as_missed_nor_a_mark_set_aside_as_too_much(reference, trainee):
    for pair in pair_marks(note(*reference), trainee):
        if pair.kind in ("missed", "over"):
            assert (pair.first or pair.second).context == "affirmed"


@given(readings)
def test_the_same_marks_agree_throughout(reference):
    assert {pair.kind for pair in pair_marks(note(*reference), reference)} <= {"agreed"}


def test_figures_are_those_of_the_evaluation():
    reference, trainee = [READS, CARD], [mark("reads"), NO_THREATS]
    found = figures([note(*reference)], [trainee], LABELS)
    assert found == measure_spans([TEXT], [reference], [trainee], LABELS.ids)
    assert found["labels"]["monitoring"]["overlap"]["recall"] == 1
    assert found["any_evidence"]["overlap"]["recall"] == 0.5
