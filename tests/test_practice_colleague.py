"""The model as a fallible colleague: fairly compared, plainly counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.findings import Finding
from classifier.labels import load_labels
from classifier.note import Mark, Note
from review.practice.colleague import (
    COLLEAGUE_WORDS,
    ColleagueCounts,
    count_colleague,
    find_as_colleague,
    findings_as_marks,
    is_seen,
    read_unseen_findings,
    say_colleague,
)
from review.practice.comparison import pair_marks
from review.practice.model_failures import MAX_PHRASES, where_it_fails
from review.practice.three_readings import Seen, compare_three, say_seen
from training.corpus import read_corpus

LABELS = load_labels()
TEXT = "Caller says he reads her texts, and has her card. No threats. Asked if he checks. Resolved."


@pytest.fixture(scope="module")
def corpus():
    return [note for note in read_corpus() if note.meta.get("unit") == "note"]


@pytest.fixture(scope="module")
def found(corpus):
    """A note of the corpus in which something was found."""
    unseen = read_unseen_findings(corpus[:20])
    return next(note for note in corpus if unseen[note.id])


def mark(words, label="monitoring", context="affirmed"):
    start = TEXT.index(words)
    return Mark(start, start + len(words), label, context)


def finding(words, label="monitoring", context="affirmed", score=0.5):
    one = mark(words, label, context)
    return Finding(one.start, one.end, label, context, score)


READS, CARD = mark("reads her texts"), mark("has her card", "economic_abuse")
NO_THREATS = mark("No threats", "threats", "negated")
NOTE = Note("n", TEXT, (READS, CARD, NO_THREATS))


def refuse(note):
    raise AssertionError(f"the live model was asked about {note.id}")


# Fairly


def test_findings_of_the_corpus_come_from_the_evaluation(corpus, found):
    findings = read_unseen_findings([found])[found.id]
    assert all(isinstance(one, Finding) for one in findings)
    assert read_unseen_findings(corpus[:5]).keys() == {note.id for note in corpus[:5]}


def test_a_note_of_an_exercise_is_known_by_its_source(found):
    copy = Note("17", found.text, found.marks, {"source": found.id})
    assert read_unseen_findings([copy]) == read_unseen_findings([found])
    assert find_as_colleague([copy], refuse) == [read_unseen_findings([found])[found.id]]


def test_changed_text_has_no_findings_from_the_evaluation(found):
    changed = Note("17", f"{found.text} More.", (), {"source": found.id})
    assert read_unseen_findings([changed]) == {}


def test_the_live_model_is_asked_about_other_notes_only(found):
    asked = []

    def find(note):
        asked.append(note.id)
        return [finding("No threats")]

    assert find_as_colleague([NOTE, found], find) == [
        (finding("No threats"),),
        read_unseen_findings([found])[found.id],
    ]
    assert asked == ["n"]


def test_the_live_model_is_never_asked_about_words_that_it_has_seen(found):
    """Another id, other capitals and spaces: the words are the same."""
    again = Note("again", found.text.upper().replace(" ", "  "))
    sentence = next(note for note in read_corpus() if note.meta.get("unit") == "sentence")
    also = Note("also", sentence.text)
    assert is_seen(again)
    assert is_seen(also)
    assert not is_seen(NOTE)
    assert find_as_colleague([again, also], refuse) == [None, None]


def test_without_a_live_model_other_notes_are_unknown():
    assert find_as_colleague([NOTE]) == [None]
    assert find_as_colleague([]) == []


# Three side by side


def test_three_readings_phrase_by_phrase():
    trainee = [READS, mark("No threats", "threats"), mark("Resolved", "dismissive_response")]
    model = [
        finding("reads her", "isolation"),
        finding("Asked if he checks"),
        finding("Resolved.", "dismissive_response"),
    ]
    isolation, asked, resolved = findings_as_marks(model)
    assert compare_three(NOTE, trainee, model) == (
        Seen(READS, READS, isolation, "agreed", "label"),
        Seen(CARD, None, None, "missed", "missed"),
        Seen(NO_THREATS, mark("No threats", "threats"), None, "context", "look_alike"),
        Seen(None, None, asked, "none", "over"),
        Seen(None, mark("Resolved", "dismissive_response"), resolved, "over", "over"),
    )


def test_a_phrase_says_who_has_it():
    seen = Seen(NO_THREATS, None, mark("No threats", "threats"), "look_alike", "context")
    assert say_seen(seen, LABELS) == ("Threats, as a look-alike", "no mark", "Threats")
    assert seen.mark == NO_THREATS


marks = st.builds(
    lambda start, length, label, context: Mark(
        start, min(start + length, len(TEXT)), label, context
    ),
    st.integers(0, len(TEXT) - 1),
    st.integers(1, 25),
    st.sampled_from(["threats", "isolation"]),
    st.sampled_from(["affirmed", "affirmed", "negated"]),
)
readings = st.lists(marks, max_size=5)


@given(readings, readings, readings)
def test_every_mark_of_the_three_is_there_once(reference, trainee, model):
    note = Note("n", TEXT, tuple(reference))
    seen = compare_three(note, trainee, model)
    for side, given_marks in (("reference", reference), ("trainee", trainee), ("model", model)):
        there = [getattr(one, side) for one in seen if getattr(one, side)]
        assert sorted(there, key=repr) == sorted(set(given_marks), key=repr)
    for one in seen:
        assert (one.by_trainee == "none") == (one.reference is None and one.trainee is None)
        assert (one.by_model == "none") == (one.reference is None and one.model is None)


@given(readings, readings, readings)
def test_the_trainee_fares_the_same_with_and_without_the_model(reference, trainee, model):
    note = Note("n", TEXT, tuple(reference))
    with_model = sorted(
        one.by_trainee for one in compare_three(note, trainee, model) if one.by_trainee != "none"
    )
    assert with_model == sorted(pair.kind for pair in pair_marks(note, trainee))


# How often it errs


def test_the_model_is_counted_as_a_trainee_is():
    findings = [
        finding("reads her", "isolation"),
        finding("No threats", "threats"),
        finding("Asked if he checks"),
    ]
    counts = count_colleague([NOTE, NOTE], [findings, None])
    assert counts == ColleagueCounts(
        notes=1, unknown=1, phrases=2, met=0, label=1, context=0, missed=1, over=1, taken=1
    )
    assert say_colleague(counts) == (
        "In this note the model missed 1 of 2 reference phrases, gave 1 another label and "
        "highlighted 1 where the reference has no mark. It took 1 look-alike for evidence. It "
        "cannot fairly be compared on 1 further note."
    )


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (
            ColleagueCounts(6, 0, 14, 9, 0, 0, 5, 3, 0),
            "In these 6 notes the model missed 5 of 14 reference phrases and highlighted 3 where "
            "the reference has no mark.",
        ),
        (
            ColleagueCounts(2, 0, 1, 0, 0, 1, 0, 0, 2),
            "In these 2 notes the model missed 0 of 1 reference phrase, took 1 for a look-alike "
            "and highlighted 0 where the reference has no mark. It took 2 look-alikes for "
            "evidence.",
        ),
        (
            ColleagueCounts(1, 0, 0, 0, 0, 0, 0, 1, 0),
            "In this note the model had no reference phrase to find and highlighted 1 where the "
            "reference has no mark.",
        ),
        (
            ColleagueCounts(0, 3, 0, 0, 0, 0, 0, 0, 0),
            "The model cannot fairly be compared on these notes.",
        ),
    ],
)
def test_the_model_is_spoken_of_plainly(counts, words):
    assert say_colleague(counts) == words


@given(readings, readings)
def test_phrases_are_met_missed_or_taken_for_something_else(reference, model):
    note = Note("n", TEXT, tuple(reference))
    as_findings = [Finding(one.start, one.end, one.label, one.context, 0.5) for one in model]
    counts = count_colleague([note], [as_findings])
    assert counts.phrases == counts.met + counts.label + counts.context + counts.missed
    assert counts.phrases == sum(one.context == "affirmed" for one in set(reference))


def test_what_stands_beside_the_model_warns_of_it():
    assert "may still matter" in COLLEAGUE_WORDS


# Where it fails


def test_plain_failures_of_both_ways_are_picked(corpus):
    picked = where_it_fails(corpus, 8, seed=3)
    assert [one.way for one in picked] == ["missed", "over"] * 4
    unseen = read_unseen_findings(corpus)
    for one in picked:
        assert one.findings == unseen[one.note.id]
        pairs = pair_marks(one.note, findings_as_marks(one.findings))
        evidence = [mark for mark in one.note.marks if mark.context == "affirmed"]
        if one.way == "missed":
            assert sorted(one.marks, key=repr) == sorted(evidence, key=repr)
            assert 1 <= len(evidence) <= MAX_PHRASES
            assert {pair.kind for pair in pairs if pair.first in evidence} == {"missed"}
        else:
            assert evidence == []
            assert set(one.marks) == {
                pair.second for pair in pairs if pair.second and pair.second.context == "affirmed"
            }
            assert one.marks


def test_the_same_seed_picks_the_same_notes_in_any_order(corpus):
    some = corpus[:600]
    assert where_it_fails(some, 4, seed=1) == where_it_fails(some[::-1], 4, seed=1)
    assert where_it_fails(some, 4, seed=1) == where_it_fails(some, 9, seed=1)[:4]
    assert where_it_fails(some, 4, seed=1) != where_it_fails(some, 4, seed=2)


def test_notes_that_are_not_of_the_corpus_are_passed_over():
    assert where_it_fails([NOTE], 3, seed=0) == ()


@pytest.mark.parametrize(("n", "seed"), [(-1, 0), (1, -1)])
def test_numbers_below_nought_are_refused(n, seed):
    with pytest.raises(ValueError, match=f"must be 0 or more, got {n} and {seed}"):
        where_it_fails([], n, seed=seed)
