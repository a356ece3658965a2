"""The gallery's examples and look-alikes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.findings import Finding, NoteEvidence
from classifier.labels import load_labels
from classifier.model_file import DEFAULT_MODEL
from classifier.note import CONTEXTS, Mark, Note
from review.practice.gallery import (
    DIFFERENCES,
    WHOLE,
    LookAlike,
    cut_around,
    find_look_alikes,
    find_routine,
    pick_set,
    say_difference,
    split_look_alike,
    spread_out,
)
from review.practice.routine import count_words, looks_routine
from training.compare import PREDICTIONS_FILE, read_predictions
from training.corpus import read_corpus

LABELS = load_labels()
TEXT = (
    "Boiler visit at ten. Cert issued, flue passed, two radiators bled. Tenant said {}. Dog shut "
    "in the kitchen. Landing light out. Next visit in May."
)


def note(id, phrase, *, label="monitoring", context="affirmed", **meta):
    text = TEXT.format(phrase)
    start = text.index(phrase)
    mark = Mark(start, start + len(phrase), label, context)
    return Note(id, text, (mark,), {"unit": "note", "group": "x", **meta})


def found_in(note, *findings):
    made = tuple(Finding(*finding, 0.5) for finding in findings)
    return {note.id: NoteEvidence(note, made, {}, 0.5)}


def extent(note):
    return note.marks[0].start, note.marks[0].end


PHONE = note("phone", "he goes through her phone")
TRIPS = note("trips", "he times her trips out", group="y")


@pytest.fixture(scope="module")
def corpus():
    notes = [note for note in read_corpus() if note.meta.get("unit") != "sentence"]
    found = read_predictions(DEFAULT_MODEL / PREDICTIONS_FILE, notes)
    return notes, {evidence.note.id: evidence for evidence in found}


def ids(examples):
    return [example.note.id for example in examples]


def test_sentences_and_phrases_of_two_words_are_left_out():
    alone = note("alone", "he goes through her phone", unit="sentence")
    short = note("short", "tracks her")
    assert ids(find_routine([alone, short, PHONE], "monitoring")) == ["phone"]


def test_a_label_that_nobody_marked_has_no_examples():
    assert find_routine([PHONE], "mine") == ()
    assert find_look_alikes([PHONE], "mine", "negated") == ()


def test_what_the_model_missed_comes_first():
    found = found_in(PHONE, (*extent(PHONE), "monitoring", "negated"))
    found |= found_in(TRIPS, (*extent(TRIPS), "isolation", "affirmed"))
    first, second = find_routine([PHONE, TRIPS], "monitoring", found)
    assert (first.note.id, first.is_missed, first.shown_as) == ("trips", True, ("isolation",))
    assert (second.note.id, second.is_missed, second.shown_as) == ("phone", False, ())


def test_without_findings_nobody_knows_what_the_model_missed():
    assert [example.is_missed for example in find_routine([PHONE], "monitoring")] == [None]


def test_a_note_with_two_phrases_of_the_label_stands_once():
    again = Mark(PHONE.text.index("Dog shut in"), PHONE.text.index(" the kitchen"), "monitoring")
    (example,) = find_routine([Note("two", PHONE.text, (*PHONE.marks, again))], "monitoring")
    assert example.marks == (0, 1)
    assert example.counts == (8, count_words(PHONE.text))


def test_what_the_note_made_of_it_is_its_dismissive_phrase_and_else_its_end():
    start = PHONE.text.index("Dog shut in the kitchen")
    marks = (*PHONE.marks, Mark(start, start + 8, "dismissive_response"))
    closed = Note("closed", PHONE.text, marks)
    (example,) = find_routine([closed], "monitoring")
    assert example.closing == ("Dog shut",)
    (example,) = find_routine([PHONE], "monitoring")
    assert (example.closing, example.last_words) == ((), "Next visit in May.")


def test_a_look_alike_stands_beside_the_true_phrase_nearest_in_wording():
    denied = note("denied", "denies that he goes through her phone", context="negated")
    (example,) = find_look_alikes([TRIPS, PHONE, denied], "monitoring", "negated")
    assert example == LookAlike(denied, denied.marks[0], (PHONE, PHONE.marks[0]))
    (example,) = find_look_alikes([denied], "monitoring", "negated")
    assert example.beside is None


def test_a_look_alike_is_mistaken_if_the_model_showed_it_as_happening():
    denied = note("denied", "denies that he goes through her phone", context="negated")
    asked = note("asked", "asked whether he goes through it", context="negated")
    found = found_in(denied, (*extent(denied), "monitoring", "negated"))
    found |= found_in(asked, (*extent(asked), "monitoring", "affirmed"))
    examples = find_look_alikes([denied, asked], "monitoring", "negated", found)
    assert [(one.note.id, one.is_mistaken) for one in examples] == [
        ("asked", True),
        ("denied", False),
    ]


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


def test_a_short_note_is_cut_nowhere():
    assert cut_around(PHONE, PHONE.marks[0]) == PHONE


def test_a_long_note_is_cut_to_the_sentences_around_the_phrase():
    text = (
        "First. Second one. Third one. Fourth tracks her. Fifth. Sixth. Seventh. " + "tea " * WHOLE
    )
    start = text.index("tracks her")
    cut = cut_around(Note("n", text), Mark(start, start + 10, "monitoring", "other"))
    assert cut.text == "… Second one. Third one. Fourth tracks her. Fifth. Sixth. …"
    (mark,) = cut.marks
    assert (cut.text[mark.start : mark.end], mark.context) == ("tracks her", "other")


def test_the_difference_is_told_for_every_other_context():
    assert set(DIFFERENCES) == set(CONTEXTS) - {"affirmed"}
    assert say_difference(LABELS["threats"], "negated") == (
        "The subject is Threats, but the note says that it did not happen."
    )


def test_look_alikes_of_the_label_file_say_why():
    for label in LABELS.label:
        assert all(split_look_alike(words)[1] for words in label.look_alikes)
    assert split_look_alike("no reason given") == ("no reason given", "")


@pytest.mark.parametrize("label", LABELS.ids)
def test_every_label_has_routine_notes_of_several_authors(corpus, label):
    examples = find_routine(corpus[0], label, corpus[1])
    assert len(examples) >= 6
    assert len({example.note.meta["group"] for example in examples}) >= 3
    assert all(looks_routine(example.note) for example in examples)
    marks = [example.note.marks[place] for example in examples for place in example.marks]
    assert {(mark.label, mark.context) for mark in marks} == {(label, "affirmed")}
    missed = [example.is_missed for example in examples]
    assert missed == sorted(missed, reverse=True)
    assert len(set(ids(examples))) == len(examples)


@pytest.mark.parametrize("label", LABELS.ids)
def test_every_label_has_look_alikes_in_each_context(corpus, label):
    for context in DIFFERENCES:
        examples = find_look_alikes(corpus[0], label, context, corpus[1])
        assert examples
        for example in examples[:20]:
            cut = cut_around(example.note, example.mark)
            start, end = example.mark.start, example.mark.end
            assert cut.text[cut.marks[0].start : cut.marks[0].end] == example.note.text[start:end]
            assert (example.mark.label, example.mark.context) == (label, context)
            assert example.beside[1].context == "affirmed"
