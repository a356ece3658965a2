"""The gallery's examples."""

import pytest

from classifier.labels import load_labels
from classifier.model_file import DEFAULT_MODEL
from classifier.note import Mark, Note
from review.practice.gallery import find_routine
from review.practice.routine import count_words, looks_routine
from tests.gallery_notes import PHONE, TRIPS, extent, found_in, note
from training.compare import PREDICTIONS_FILE, read_predictions
from training.corpus import read_corpus

LABELS = load_labels()


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


def test_what_the_model_missed_comes_first():
    seen = [note(f"seen {at}", "he goes through her phone", group=at) for at in range(9)]
    found = found_in(TRIPS, (*extent(TRIPS), "isolation", "affirmed"))
    for one in seen:
        found |= found_in(one, (*extent(one), "monitoring", "negated"))
    first, *others = find_routine([*seen, TRIPS], "monitoring", found)
    assert (first.note.id, first.is_missed, first.shown_as) == ("trips", True, ("isolation",))
    assert {(one.is_missed, one.shown_as) for one in others} == {(False, ())}


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
