import numpy as np
import pytest

from classifier.doc import make_docs, make_nlp
from classifier.note import CONTEXTS, Mark, Note
from classifier.phrases import lay_out
from training.inline import parse_inline
from training.targets import marks_to_targets

NLP = make_nlp()
LABELS = ("monitoring", "threats", "isolation")


def targets_of(*inline):
    notes = [Note(str(i), *parse_inline(text)) for i, text in enumerate(inline)]
    docs = make_docs([note.text for note in notes], NLP)
    layout = lay_out(docs)
    words = [token.text for doc in docs for token in doc]
    return words, layout, marks_to_targets(notes, docs, layout, LABELS)


def labelled(rows):
    return [[label for label, there in zip(LABELS, row, strict=True) if there] for row in rows]


def in_context(rows):
    return [None if row < 0 else CONTEXTS[row] for row in rows]


def test_marks_over_tokens_sentences_phrases_and_notes():
    words, _, targets = targets_of(
        "He [[checks her phone|monitoring]], she cooks. [[No threats|threats:negated]].",
        "",
        "[[Kept from mum|isolation+monitoring]]",
    )
    marked = {word: labels for word, labels in zip(words, labelled(targets.tokens), strict=True)}
    assert {word: labels for word, labels in marked.items() if labels} == {
        **{word: ["monitoring"] for word in ("checks", "her", "phone")},
        **{word: ["threats"] for word in ("No", "threats")},
        **{word: ["monitoring", "isolation"] for word in ("Kept", "from", "mum")},
    }
    assert labelled(targets.sentences) == [["monitoring"], ["threats"], ["monitoring", "isolation"]]
    assert labelled(targets.phrases) == [
        *(["monitoring"], [], ["threats"], ["monitoring", "isolation"]),
    ]
    assert in_context(targets.phrase_contexts) == ["affirmed", None, "negated", "affirmed"]
    assert targets.affirmed.tolist() == [True, False, True]
    assert labelled(targets.notes) == [["monitoring"], [], ["monitoring", "isolation"]]


@pytest.mark.parametrize(
    ("inline", "is_marked"),
    [
        ("one [[two|threats]]", True),
        ("one two [[three|threats]]", False),
        ("one two [[three four|threats]]", True),
        ("one two [[three four.|threats]]", True),
        ("one two three [[four .|threats]] ", False),
        ("one[[,|threats]] two", False),
        ("[[- ‘ ’ .|threats]]", False),
    ],
)
def test_a_phrase_is_marked_when_half_its_words_are(inline, is_marked):
    _, _, targets = targets_of(inline)
    assert targets.phrases[:, 1].any() == is_marked
    assert (targets.phrase_contexts >= 0).any() == is_marked


@pytest.mark.parametrize(
    ("mark", "covered"),
    [
        (Mark(3, 9, "threats"), ["checks"]),
        (Mark(4, 5, "threats"), ["checks"]),
        (Mark(8, 11, "threats"), ["checks", "her"]),
        (Mark(2, 3, "threats"), []),
        (Mark(0, 14, "threats"), ["He", "checks", "her", "\n\n"]),
    ],
)
def test_a_token_is_marked_when_any_of_its_characters_is(mark, covered):
    note = Note("n", "He checks her\n\nphone", (mark,))
    docs = make_docs([note.text], NLP)
    targets = marks_to_targets([note], docs, lay_out(docs), LABELS)
    assert [token.text for token in docs[0] if targets.tokens[token.i, 1]] == covered


def test_a_mark_across_sentences_counts_in_both():
    _, _, targets = targets_of("[[He shouts. He screams|threats]] at her")
    assert labelled(targets.sentences) == [["threats"], ["threats"]]


def test_the_context_with_most_words_is_that_of_the_phrase():
    _, _, targets = targets_of("[[no|monitoring:negated]] [[but shouting at her|threats]]")
    assert in_context(targets.phrase_contexts)[-1] == "affirmed"
    _, _, targets = targets_of("[[not ever at all|monitoring:negated]] [[shouting|threats]]")
    assert in_context(targets.phrase_contexts) == ["negated"]


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["\n"]])
def test_notes_without_words(texts):
    _, layout, targets = targets_of(*texts)
    assert not targets.tokens.any()
    assert targets.notes.shape == (len(texts), len(LABELS))
    assert targets.sentences.shape == (len(layout.sentences) - 1, len(LABELS))
    assert targets.phrase_contexts.tolist() == [-1] * (len(layout.phrases) - 1)


def test_an_unknown_label():
    with pytest.raises(ValueError) as error:
        targets_of("He [[shouts|shouting]]")
    assert str(error.value) == (
        "note '0': no label 'shouting'; there are monitoring, threats, isolation"
    )


def test_every_mark_of_the_corpus_reaches_a_token(tiny_notes, tiny_model):
    labels = tiny_model.label_set.ids
    docs = make_docs([note.text for note in tiny_notes], NLP)
    layout = lay_out(docs)
    targets = marks_to_targets(tiny_notes, docs, layout, labels)
    for row, note in enumerate(tiny_notes):
        found = targets.tokens[layout.notes[row] : layout.notes[row + 1]].any(axis=0)
        assert {labels[column] for column in np.flatnonzero(found)} == {
            mark.label for mark in note.marks
        }
        affirmed = {mark.label for mark in note.marks if mark.context == "affirmed"}
        assert {labels[column] for column in np.flatnonzero(targets.notes[row])} == affirmed
