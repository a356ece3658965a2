import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.doc import make_docs, make_nlp
from classifier.phrases import lay_out

NLP = make_nlp()


def phrases(*texts):
    """The phrases of a batch as written, without the white space around them."""
    docs = make_docs(texts, NLP)
    layout = lay_out(docs)
    tokens = [token.text_with_ws for doc in docs for token in doc]
    bounds = zip(layout.phrases, layout.phrases[1:], strict=False)
    return ["".join(tokens[start:end]).strip() for start, end in bounds]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He shouts. She cries", ["He shouts.", "She cries"]),
        ("He shouts, takes keys; leaves", ["He shouts,", "takes keys;", "leaves"]),
        ("He shouts: get out", ["He shouts:", "get out"]),
        ("He shouts (again) now", ["He shouts (", "again)", "now"]),
        ('said "get out" again', ['said "', 'get out"', "again"]),
        ("said “get out” again", ["said “", "get out”", "again"]),
        ("says 'get out' again", ["says '", "get out' again"]),
        ("shouts - takes keys", ["shouts -", "takes keys"]),
        ("shouts – takes keys", ["shouts –", "takes keys"]),
        ("keys / phone", ["keys /", "phone"]),
        ("her ex-husband came", ["her ex-husband came"]),
        ("calls/texts her", ["calls/texts her"]),
        ("he doesn't call", ["he doesn't call"]),
        ("he doesn’t call", ["he doesn’t call"]),
        ("keys\nphone", ["keys", "phone"]),
        ("he shouts and takes keys", ["he shouts", "and takes keys"]),
        ("he shouts but leaves", ["he shouts", "but leaves"]),
        ("he shouts BUT leaves", ["he shouts", "BUT leaves"]),
        ("he shouts because she left", ["he shouts", "because she left"]),
        ("he shouts cos she left", ["he shouts", "cos she left"]),
        ("asked if he shouts", ["asked", "if he shouts"]),
        ("he shouts, and leaves", ["he shouts,", "and leaves"]),
        ("he shouts and when she cries leaves", ["he shouts", "and when she cries leaves"]),
        ("told her that she was useless", ["told her that she was useless"]),
        ("and then he left", ["and then he left"]),
        ("wants to sand the android", ["wants to sand the android"]),
        ("- takes keys", ["- takes keys"]),
        ("... and then", ["...", "and then"]),
        ("!!!", ["!!!"]),
        ("", []),
    ],
)
def test_cuts(text, expected):
    assert phrases(text) == expected


@pytest.mark.parametrize("after", ["- takes keys", "'get out' he said", "/ keys", "’tis so", ""])
@pytest.mark.parametrize("before", ["He left", "He left ", "", "\n", " ", "He left -"])
def test_a_note_is_cut_alike_alone_and_behind_another(before, after):
    assert phrases(before, after) == phrases(before) + phrases(after)


TEXTS = st.lists(
    st.lists(
        st.sampled_from(
            ["He ", "and ", "shouts", ".", " ", "\n", "- ", "'", '"', ", ", "/", "21:04 "]
        )
        | st.text(max_size=3)
    ).map("".join),
    max_size=6,
)


@given(TEXTS)
def test_notes_sentences_and_phrases_partition_the_tokens(texts):
    docs = make_docs(texts, NLP)
    layout = lay_out(docs)
    n_tokens = sum(len(doc) for doc in docs)
    assert len(layout.forms) == len(layout.is_word) == n_tokens
    assert np.diff(layout.notes).tolist() == [len(doc) for doc in docs]
    for starts in (layout.sentences, layout.phrases):
        assert starts[0] == 0
        assert starts[-1] == n_tokens
        assert (np.diff(starts) > 0).all()


@given(TEXTS)
def test_sentences_are_those_of_the_docs(texts):
    docs = make_docs(texts, NLP)
    layout = lay_out(docs)
    lengths = [len(sentence) for doc in docs for sentence in doc.sents]
    assert np.diff(layout.sentences).tolist() == lengths


@given(TEXTS)
def test_a_phrase_lies_in_one_sentence_and_a_sentence_in_one_note(texts):
    layout = lay_out(make_docs(texts, NLP))
    assert set(layout.notes) <= {*layout.sentences.tolist(), len(layout.forms)}
    assert set(layout.sentences) <= set(layout.phrases)
    sentence, note = layout.sentence_of_phrase, layout.note_of_phrase
    assert (layout.sentences[sentence] <= layout.phrases[:-1]).all()
    assert (layout.phrases[1:] <= layout.sentences[sentence + 1]).all()
    assert (layout.notes[note] <= layout.phrases[:-1]).all()
    assert (layout.phrases[1:] <= layout.notes[note + 1]).all()
    assert (layout.note_of_sentence[sentence] == note).all()


@given(TEXTS)
def test_a_batch_is_laid_out_as_its_notes_one_by_one(texts):
    assert phrases(*texts) == [phrase for text in texts for phrase in phrases(text)]


@given(TEXTS, st.integers(0, 6))
def test_an_empty_note_anywhere_changes_nothing_else(texts, place):
    with_empty = [*texts[:place], "", *texts[place:]]
    one, other = (lay_out(make_docs(batch, NLP)) for batch in (texts, with_empty))
    for name in ("forms", "is_word", "sentences", "phrases"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert len(other.notes) == len(one.notes) + 1


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_a_batch_without_tokens(texts):
    layout = lay_out(make_docs(texts, NLP))
    assert layout.notes.tolist() == [0] * (len(texts) + 1)
    assert layout.sentences.tolist() == layout.phrases.tolist() == [0]
    assert len(layout.note_of_sentence) == len(layout.sentence_of_phrase) == 0


def test_marks_and_white_space_are_no_words():
    doc = NLP("He left - (again), ‘gone’\n")
    layout = lay_out([doc])
    words = [token.text for token in doc if layout.is_word[token.i]]
    assert words == ["He", "left", "again", "gone"]
