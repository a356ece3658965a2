"""Which notes look routine."""

import pytest

from classifier.note import Mark, Note
from review.practice.routine import MAX_WORDS, count_evidence, count_words, looks_routine

FILLER = (
    "Boiler visit at ten. Cert issued, flue passed, two radiators bled. Tenant said {phrase}. "
    "Dog shut in the kitchen. Landing light out, reported to contractor. {end} Next visit in May."
)
PHRASE = "he has her phone at night"


def note(phrase=PHRASE, end="No concerns.", label="monitoring", context="affirmed", text=FILLER):
    text = text.format(phrase=phrase, end=end).replace("reported to contractor", "contractor told")
    start = text.index(phrase)
    return Note("n", text, (Mark(start, start + len(phrase), label, context),))


def marked_as_dismissive(note, words):
    start = note.text.index(words)
    mark = Mark(start, start + len(words), "dismissive_response")
    return Note(note.id, note.text, (*note.marks, mark))


def test_evidence_in_passing_looks_routine():
    assert looks_routine(note())


@pytest.mark.parametrize(
    "end",
    [
        "Referral sent.",
        "REFERRED to early help.",
        "Women’s Aid rung.",
        "Will ring her Monday.",
        "Arrested.",
        "Seen alone.",
    ],
)
def test_what_got_an_answer_is_not_routine(end):
    assert not looks_routine(note(end=end))


@pytest.mark.parametrize("end", ["Preferred slot given.", "Remarkable view.", "Cash only."])
def test_a_word_of_the_lists_inside_another_word_does_not_count(end):
    assert looks_routine(note(end=end))


@pytest.mark.parametrize(
    "end", ["She was whispering.", "Knife on table.", "Line cut.", "999 call."]
)
def test_a_word_at_which_anyone_stops_is_not_routine(end):
    assert not looks_routine(note(end=end))


@pytest.mark.parametrize(
    "end",
    [
        "Help!",
        "I saw it and I told my boss and he told me.",
        'He said "well I never did see such a thing in all my life, what a mess it is here".',
        "\nout: thanks for the text",
    ],
)
def test_what_is_no_log_is_not_routine(end):
    assert not looks_routine(note(end=end))


def test_words_of_an_answer_inside_a_mark_are_no_answer():
    unmarked = note(end="No referral as lovers tiff.")
    assert not looks_routine(unmarked)
    assert looks_routine(marked_as_dismissive(unmarked, "No referral as lovers tiff"))


def test_the_notes_own_voice_is_not_counted_as_evidence():
    long = "just the two of them having a bit of a moan about whose turn it is to pay for things"
    assert looks_routine(marked_as_dismissive(note(end=f"{long}."), long))
    assert not looks_routine(note(label="dismissive_response"))


@pytest.mark.parametrize("context", ["negated", "hypothetical", "other"])
def test_only_what_is_recorded_as_happening_is_evidence(context):
    assert not looks_routine(note(context=context))


def test_a_note_that_is_mostly_evidence_is_not_routine():
    assert not looks_routine(note(phrase="he has her phone and " * 5 + "keys"))


def test_four_phrases_are_too_many_and_one_phrase_with_two_labels_is_one():
    text = FILLER.format(phrase="aa bb, cc dd, ee ff, gg hh", end="No concerns.")
    text = text.replace("reported to", "told")
    at = text.index("aa bb")
    marks = [Mark(at + 7 * i, at + 7 * i + 5, "monitoring") for i in range(4)]
    twice = Mark(marks[0].start, marks[0].end, "isolation")
    assert looks_routine(Note("n", text, (*marks[:3], twice)))
    assert not looks_routine(Note("n", text, tuple(marks)))


def test_short_and_long_notes_are_not_routine():
    assert not looks_routine(Note("n", PHRASE, (Mark(0, len(PHRASE), "monitoring"),)))
    assert not looks_routine(note(end="tea " * MAX_WORDS))


def test_words_are_counted_once_and_in_part():
    text = "Says he's tracking her car, nightly."
    assert count_words(text) == 6
    assert count_evidence(text, [Mark(10, 22, "monitoring"), Mark(13, 26, "stalking")]) == 3
