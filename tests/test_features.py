import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from classifier.doc import make_docs, make_nlp
from classifier.embedding import load_vectors
from classifier.features import (
    VECTOR_WEIGHT,
    Vocabulary,
    count_words,
    learn_vocabulary,
    letter_groups,
    unit_lengths,
)
from classifier.phrases import lay_out

NLP = make_nlp()
TEXTS = [
    "He checks her phone. He shouts.",
    "She checks his phone\nHe shouts at her.",
    "Nobody came.",
]


def lay_out_texts(texts):
    return lay_out(make_docs(texts, NLP))


def learn(texts):
    return learn_vocabulary(lay_out_texts(texts), NLP.vocab.strings)


@pytest.fixture(scope="module")
def vocabulary():
    return learn(TEXTS)


def test_vocabulary_holds_what_two_sentences_hold(vocabulary):
    assert vocabulary.words == (".", "check", "phone", "shout", "them", "they")
    assert vocabulary.pairs == ("check them", "them phone", "they check", "they shout")
    n_sentences = 5
    idf = {word: np.log((n_sentences + 1) / (n + 1)) + 1 for word, n in [(".", 4), ("they", 4)]}
    for word, expected in idf.items():
        assert vocabulary.word_idf[vocabulary.words.index(word)] == pytest.approx(expected)
    assert vocabulary.rare_idf == pytest.approx(np.log(6) + 1)


def test_letter_groups_are_kept_when_two_words_share_them(vocabulary):
    assert " the" in vocabulary.grams
    assert " pho" not in vocabulary.grams


def test_a_pair_does_not_cross_a_sentence_end_or_hold_white_space():
    pairs = learn(["He left. She\nstayed."] * 3).pairs
    assert pairs == ("left .", "stay .", "they left")


@given(st.permutations(TEXTS))
def test_the_order_of_notes_does_not_matter(texts):
    one, other = learn(texts), learn(TEXTS)
    for name in ("words", "pairs", "grams", "rare_idf"):
        assert getattr(one, name) == getattr(other, name)
    np.testing.assert_array_equal(one.word_idf, other.word_idf)
    np.testing.assert_array_equal(one.pair_idf, other.pair_idf)


@pytest.mark.parametrize(
    ("texts", "n_sentences"), [([], 0), ([""], 0), (["\n"], 1), (["one", "two"], 2)]
)
def test_notes_without_a_repeated_word_teach_nothing(texts, n_sentences):
    with pytest.raises(ValueError) as error:
        learn(texts)
    assert str(error.value) == (
        "training needs words that are seen in 2 sentences; "
        f"these notes hold {n_sentences} sentences and no such word"
    )


@pytest.mark.parametrize(
    ("word", "groups"),
    [
        ("", set()),
        ("a", {" a "}),
        ("he", {" he", "he ", " he "}),
        ("spy", {" sp", "spy", "py ", " spy", "spy ", " spy "}),
    ],
)
def test_letter_groups(word, groups):
    assert letter_groups(word) == groups


def test_word_features_are_word_letter_groups_and_vector_by_rarity(vocabulary):
    words, vectors = load_vectors()
    features = vocabulary.word_features(["phone", "xqzv", "_space", "they"]).toarray()
    assert features.shape == (4, vocabulary.n_word_features)
    n_words, n_grams = len(vocabulary.words), len(vocabulary.grams)
    idf = vocabulary.word_idf[vocabulary.words.index("phone")]
    own = np.zeros(n_words)
    own[vocabulary.words.index("phone")] = idf
    np.testing.assert_allclose(features[0, :n_words], own)
    np.testing.assert_allclose(
        features[0, n_words + n_grams :],
        vectors[words.index("phone")] * VECTOR_WEIGHT * idf,
        rtol=1e-5,
    )
    assert not features[1].any()
    assert not features[2].any()
    known = [gram for gram in letter_groups("they") if gram in vocabulary.grams]
    assert np.count_nonzero(features[3, n_words : n_words + n_grams]) == len(known) > 0


def test_rarity_of_known_unknown_and_white_words(vocabulary):
    assert vocabulary.idf_of(["phone", "xqzv", "_space"]).tolist() == pytest.approx(
        [vocabulary.word_idf[vocabulary.words.index("phone")], vocabulary.rare_idf, 0]
    )


def test_pairs_are_counted_inside_their_unit(vocabulary):
    layout = lay_out_texts(["He checks her phone and checks her keys.", "", "He. Checks"])
    counted = vocabulary.pairs_in(layout, layout.sentences).toarray() > 0
    found = [
        sorted(pair for pair, there in zip(vocabulary.pairs, row, strict=True) if there)
        for row in counted
    ]
    assert found == [["check them", "them phone", "they check"], [], []]
    twice = vocabulary.pairs_in(layout, layout.sentences)[0, vocabulary.pairs.index("check them")]
    assert twice == pytest.approx(2 * vocabulary.pair_idf[vocabulary.pairs.index("check them")])


def test_a_vocabulary_without_pairs_counts_none(vocabulary):
    bare = Vocabulary(vocabulary.words, vocabulary.word_idf, (), np.zeros(0), vocabulary.grams, 1.0)
    layout = lay_out_texts(TEXTS)
    assert bare.pairs_in(layout, layout.phrases).shape == (len(layout.phrases) - 1, 0)


def test_counts_and_lengths_of_units():
    inverse, starts = np.array([0, 1, 0, 2]), np.array([0, 3, 4])
    idf = np.array([3.0, 4.0, 0.0], dtype=np.float32)
    assert isinstance(counts := count_words(inverse, 3, starts), sp.csr_matrix)
    assert counts.toarray().tolist() == [[2, 1, 0], [0, 0, 1]]
    lengths = unit_lengths(idf, inverse, starts)
    assert lengths.tolist() == pytest.approx([np.sqrt(9 + 16 + 9), 1.0])
