"""Phrases that look like a label and are not."""

import pytest

from classifier.labels import load_labels
from classifier.model_file import DEFAULT_MODEL
from classifier.note import CONTEXTS, Mark, Note
from review.practice.look_alikes import (
    DIFFERENCES,
    WHOLE,
    LookAlike,
    cut_around,
    find_look_alikes,
    say_difference,
    split_look_alike,
)
from tests.gallery_notes import PHONE, TRIPS, extent, found_in, note
from training.compare import PREDICTIONS_FILE, read_predictions
from training.corpus import read_corpus

LABELS = load_labels()


@pytest.fixture(scope="module")
def corpus():
    notes = [note for note in read_corpus() if note.meta.get("unit") != "sentence"]
    found = read_predictions(DEFAULT_MODEL / PREDICTIONS_FILE, notes)
    return notes, {evidence.note.id: evidence for evidence in found}


def test_a_label_that_nobody_marked_has_no_look_alikes():
    assert find_look_alikes([PHONE], "mine", "negated") == ()


def test_a_look_alike_stands_beside_the_true_phrase_nearest_in_wording():
    denied = note("denied", "denies that he goes through her phone", context="negated")
    (example,) = find_look_alikes([TRIPS, PHONE, denied], "monitoring", "negated")
    assert example == LookAlike(denied, denied.marks[0], (PHONE, PHONE.marks[0]))
    (example,) = find_look_alikes([denied], "monitoring", "negated")
    assert example.beside is None


def test_words_that_say_nothing_do_not_make_phrases_near():
    likes = note("likes", "he doesn't like the phone she has")
    sees = note("sees", "asks who was seen", group="y")
    denied = note("denied", "he doesn't ask who she has seen", context="negated")
    (example,) = find_look_alikes([likes, sees, denied], "monitoring", "negated")
    assert example.beside == (sees, sees.marks[0])


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


def test_a_short_note_is_cut_nowhere():
    assert cut_around(PHONE, PHONE.marks[0]) == PHONE


def test_a_long_note_is_cut_to_the_sentences_around_the_phrase():
    text = (
        "First. Second one. Third one. Fourth tracks her. Fifth. Sixth. Seventh. " + "tea " * WHOLE
    )
    start = text.index("tracks her")
    cut = cut_around(Note("n", text), Mark(start, start + 10, "monitoring", "negated"))
    assert cut.text == "… Second one. Third one. Fourth tracks her. Fifth. Sixth. …"
    (mark,) = cut.marks
    assert (cut.text[mark.start : mark.end], mark.context) == ("tracks her", "negated")
    cut = cut_around(Note("n", text), Mark(start, start + 10, "monitoring", "other"))
    assert cut.text == "First. Second one. Third one. Fourth tracks her. Fifth. Sixth. …"


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
