import numpy as np
import pytest

from classifier.calibration import Calibration, Sources, summarise
from classifier.doc import make_docs, make_nlp
from classifier.encoder import columns
from classifier.note import CONTEXTS
from classifier.phrases import lay_out

NLP = make_nlp()
N_CONTEXTS = len(CONTEXTS)


def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x)))


# Sources and weights


def sources(labels=(), contexts=(), evidence=()):
    return Sources(*(tuple(map(np.array, kind)) for kind in (labels, contexts, evidence)))


def calibration(labels=((1, 0),), contexts=(), evidence=(1, 0)):
    rows = contexts if len(contexts) else np.zeros((N_CONTEXTS + 1, N_CONTEXTS))
    return Calibration(np.array(labels, float), np.array(rows, float), np.array(evidence, float))


def test_added_sources_stand_side_by_side_in_order():
    one = sources([[[1.0]]], [[[2.0] * N_CONTEXTS]], [[3.0]])
    other = sources([[[4.0]], [[5.0]]], [[[6.0] * N_CONTEXTS]], [[7.0]])
    both = one + other
    assert [source.tolist() for source in both.labels] == [[[1]], [[4]], [[5]]]
    assert [source[0, 0] for source in both.contexts] == [2, 6]
    assert [source.tolist() for source in both.evidence] == [[3], [7]]
    assert len(one.labels) == 1


def test_label_probabilities_by_hand():
    one = [[1.0, 2.0], [0.0, -1.0], [3.0, 0.5]]
    other = [[10.0, 20.0], [30.0, 40.0], [50.0, 60.0]]
    weighed = calibration(labels=[(2, 0.1, -1), (0.5, 0, 3)])
    found = weighed.label_probabilities(sources(labels=[one, other]))
    expected = [
        [2 * 1 + 0.1 * 10 - 1, 0.5 * 2 + 0 * 20 + 3],
        [2 * 0 + 0.1 * 30 - 1, 0.5 * -1 + 0 * 40 + 3],
        [2 * 3 + 0.1 * 50 - 1, 0.5 * 0.5 + 0 * 60 + 3],
    ]
    np.testing.assert_allclose(found, sigmoid(expected), rtol=1e-12)


def test_evidence_probabilities_by_hand():
    found = calibration(evidence=(2, -1, 0.5)).evidence_probabilities(
        sources(evidence=[[1.0, 0.0, -4.0], [3.0, 0.5, 1.0]])
    )
    np.testing.assert_allclose(found, sigmoid([2 - 3 + 0.5, -0.5 + 0.5, -8 - 1 + 0.5]))
    assert found[1] == 0.5


def test_context_probabilities_by_hand():
    rows = np.zeros((2 * N_CONTEXTS + 1, N_CONTEXTS))
    rows[0, 0] = 1  # the first source's first context speaks for the first context
    rows[N_CONTEXTS + 1, 1] = 2  # the second source's second context for the second
    rows[-1, 2] = np.log(3)
    weighed = calibration(contexts=rows)
    one, other = np.zeros((2, N_CONTEXTS)), np.zeros((2, N_CONTEXTS))
    one[0, 0], other[0, 1] = np.log(5), np.log(2)
    found = weighed.context_probabilities(sources(contexts=[one, other]))
    odds = np.ones((2, N_CONTEXTS))
    odds[:, 2] = 3
    odds[0, :2] = 5, 4
    np.testing.assert_allclose(found, odds / odds.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(found.sum(axis=1), 1)


# What the encoder read


KNOWN = ("threats", "isolation")
SLICES = columns(KNOWN)


def scored(layout, **values):
    """Scores of 0, with the values of each token in some columns."""
    scores = np.zeros((len(layout.forms), SLICES["all"].stop), np.float32)
    for name, rows in values.items():
        scores[:, SLICES[name]] = np.array(rows, float).reshape(len(scores), -1)
    return scores


@pytest.fixture
def layout():
    """Two sentences of one note, and another note: phrases 0-2, 3-5 | 6-8 | 9."""
    found = lay_out(make_docs(["he shouts, takes keys. she cries.", "fine"], NLP))
    assert found.phrases.tolist() == [0, 3, 6, 9, 10]
    assert found.sentences.tolist() == [0, 6, 9, 10]
    assert np.flatnonzero(~found.is_word).tolist() == [2, 5, 8]
    return found


def test_means_are_over_words_and_punctuation_does_not_count(layout):
    threats = [1, 3, 100, 5, 8, 100, -2, -4, 100, 7]
    scores = scored(layout, labels=[(value, -value) for value in threats])
    reading = summarise(scores, layout, KNOWN, KNOWN)
    np.testing.assert_allclose(reading.phrases, [[2, -2], [6.5, -6.5], [-3, 3], [7, -7]])
    np.testing.assert_array_equal(reading.tokens, scores[:, SLICES["labels"]])
    assert reading.was_read.tolist() == [True] * 4
    assert not reading.sentences.any()
    assert not reading.contexts.any()


def test_a_phrase_has_the_mean_of_its_sentence(layout):
    values = [1, 3, 100, 5, 7, 100, -2, -4, 100, 7]
    scores = scored(layout, sentence_labels=[(value, 0) for value in values])
    reading = summarise(scores, layout, KNOWN, KNOWN)
    assert reading.sentences.tolist() == [[4, 0], [4, 0], [-3, 0], [7, 0]]
    assert not reading.phrases.any()


def test_contexts_of_phrases_and_evidence_of_sentences(layout):
    contexts = [[row + column for column in range(N_CONTEXTS)] for row in range(10)]
    evidence = [2, 4, 100, 6, 8, 100, -1, -3, 100, 9]
    scores = scored(layout, contexts=contexts, sentence_evidence=evidence, evidence=[50] * 10)
    reading = summarise(scores, layout, KNOWN, KNOWN)
    np.testing.assert_allclose(reading.contexts[:, 0], [0.5, 3.5, 6.5, 9])
    np.testing.assert_allclose(reading.contexts[0], 0.5 + np.arange(N_CONTEXTS))
    assert reading.evidence.tolist() == [5, -2, 9]


def test_what_was_not_read_has_no_part(layout):
    scores = scored(layout, labels=np.arange(20), sentence_evidence=np.arange(10))
    scores[[0, 6, 7, 8, 9]] = np.nan
    reading = summarise(scores, layout, KNOWN, KNOWN)
    assert reading.was_read.tolist() == [True, True, False, False]
    assert reading.phrases.tolist() == [[2, 3], [7, 8], [0, 0], [0, 0]]
    np.testing.assert_array_equal(reading.evidence, [np.mean([1, 3, 4]), np.nan, np.nan])
    assert np.isnan(reading.tokens[[0, 6, 9]]).all()
    assert np.isfinite(reading.sentences).all()
    assert np.isfinite(reading.contexts).all()


def test_a_phrase_whose_punctuation_alone_was_read_counts_as_not_read(layout):
    scores = scored(layout)
    scores[np.flatnonzero(layout.is_word)] = np.nan
    reading = summarise(scores, layout, KNOWN, KNOWN)
    assert not reading.was_read.any()
    assert np.isnan(reading.evidence).all()


def test_labels_come_in_the_order_of_the_model_and_an_unknown_one_is_0(layout):
    scores = scored(layout, labels=[(1, 2)] * 10, sentence_labels=[(3, 4)] * 10)
    reading = summarise(scores, layout, KNOWN, ("isolation", "mine", "threats"))
    assert reading.phrases[0].tolist() == [2, 0, 1]
    assert reading.sentences[0].tolist() == [4, 0, 3]
    assert reading.tokens[0].tolist() == [2, 0, 1]


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_a_batch_without_tokens(texts):
    layout = lay_out(make_docs(texts, NLP))
    reading = summarise(np.zeros((0, SLICES["all"].stop)), layout, KNOWN, KNOWN)
    assert {name: array.shape for name, array in vars(reading).items()} == {
        **dict.fromkeys(("tokens", "phrases", "sentences"), (0, 2)),
        "contexts": (0, N_CONTEXTS),
        **dict.fromkeys(("evidence", "was_read"), (0,)),
    }
