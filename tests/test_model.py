from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from classifier import model as model_module
from classifier.doc import make_docs
from classifier.model import HEADS, MOST_LOG_ODDS, VIEW_UNITS, VIEW_WEIGHTS, align, join
from classifier.note import CONTEXTS
from classifier.phrases import lay_out
from training.fit import view_features

AWKWARD = ["", "\n", "!!!", "xqzv wvut", "- 'he said' / no", "👩‍👩‍👧 \u202eabc", "He. " * 50]


@pytest.fixture(scope="module")
def texts(corpus):
    """A batch with empty and awkward notes between notes of the corpus."""
    texts = [note.text for note in corpus[:: len(corpus) // 40]]
    for place, text in enumerate(AWKWARD):
        texts.insert(5 * place, text)
    return texts


@pytest.fixture(scope="module")
def layout(texts, default_model):
    return lay_out(make_docs(texts, default_model.nlp))


@pytest.fixture(scope="module")
def views(layout, default_model):
    strings = default_model.nlp.vocab.strings
    return {
        view: view_features(view, layout, default_model.vocabulary, strings) for view in VIEW_UNITS
    }


def matrix_of(head, views, layout):
    return sp.hstack([align(views[view], head, view, layout) for view in HEADS[head]], format="csr")


@pytest.mark.parametrize("head", HEADS)
def test_sums_looked_up_by_word_equal_those_over_feature_matrices(
    head, layout, views, default_model
):
    learnt = default_model.heads[head]
    weights = np.vstack([learnt.weights[view] for view in HEADS[head]])
    expected = matrix_of(head, views, layout) @ weights + learnt.intercept
    np.testing.assert_allclose(default_model.raw_scores(layout)[head], expected, atol=1e-4)


@pytest.mark.parametrize("head", HEADS)
def test_sums_looked_up_by_word_equal_scikit_learn(head, layout, views, default_model):
    features = matrix_of(head, views, layout)
    generator = np.random.default_rng(0)
    answers = generator.integers(0, 2, features.shape[0])
    estimator = LogisticRegression(C=2.0, max_iter=300).fit(features, answers)
    learnt = default_model.heads[head]
    edges = np.cumsum([views[view].shape[1] for view in HEADS[head]])[:-1]
    parts = np.split(estimator.coef_.T.astype(np.float32), edges)
    n_outputs = len(learnt.intercept)
    refitted = replace(
        learnt,
        weights={
            view: np.tile(part, n_outputs) for view, part in zip(HEADS[head], parts, strict=True)
        },
        intercept=np.full(n_outputs, estimator.intercept_[0]),
    )
    model = replace(default_model, heads={**default_model.heads, head: refitted})
    expected = estimator.decision_function(features)
    for column in model.raw_scores(layout)[head].T:
        np.testing.assert_allclose(column, expected, atol=1e-4)


def test_a_batch_scores_as_its_notes_one_by_one(texts, layout, default_model):
    batch = default_model.score(layout)
    alone = [default_model.score(lay_out(make_docs([text], default_model.nlp))) for text in texts]
    for name in ("labels", "contexts", "evidence"):
        expected = np.concatenate([getattr(scores, name) for scores in alone])
        np.testing.assert_allclose(getattr(batch, name), expected, atol=1e-5)


def test_the_order_of_notes_does_not_matter(texts, layout, default_model):
    backwards = lay_out(make_docs(texts[::-1], default_model.nlp))
    np.testing.assert_allclose(
        default_model.score(backwards).evidence[::-1],
        default_model.score(layout).evidence,
        atol=1e-6,
    )


@pytest.mark.parametrize("most_words", [0, 3, 1000])
def test_an_emptied_memory_of_words_changes_nothing(
    most_words, texts, layout, default_model, monkeypatch
):
    expected = default_model.score(layout)
    monkeypatch.setattr(model_module, "MEMO_WORDS", most_words)
    model = replace(default_model)
    for _ in range(2):
        scores = model.score(layout)
        for name in ("labels", "contexts", "evidence"):
            np.testing.assert_array_equal(getattr(scores, name), getattr(expected, name))


def test_scores_are_probabilities_of_the_right_shape(texts, layout, default_model):
    scores = default_model.score(layout)
    n_phrases, n_labels = len(layout.phrases) - 1, len(default_model.label_set.ids)
    assert scores.labels.shape == (n_phrases, n_labels)
    assert scores.contexts.shape == (n_phrases, len(CONTEXTS))
    assert scores.evidence.shape == (len(texts),)
    for values in (scores.labels, scores.contexts, scores.evidence):
        assert ((values >= 0) & (values <= 1)).all()
    np.testing.assert_allclose(scores.contexts.sum(axis=1), 1, rtol=1e-5)


def test_a_note_without_words_holds_no_evidence(default_model):
    scores = default_model.score(lay_out(make_docs(["", "He shouts", ""], default_model.nlp)))
    assert scores.evidence[[0, 2]].tolist() == [0, 0]
    assert scores.evidence[1] > 0


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_a_batch_without_tokens(texts, default_model):
    layout = lay_out(make_docs(texts, default_model.nlp))
    scores = default_model.score(layout)
    assert scores.labels.shape == (0, len(default_model.label_set.ids))
    assert scores.contexts.shape == (0, len(CONTEXTS))
    assert scores.evidence.tolist() == [0] * len(texts)


def test_more_sentences_with_evidence_raise_that_of_the_note(default_model):
    text = "He checks her phone. "
    docs = make_docs([text * n for n in (1, 2, 4)], default_model.nlp)
    evidence = default_model.score(lay_out(docs)).evidence
    assert (np.diff(evidence) > 0).all()


def test_a_neighbour_counts_only_inside_the_sentence(default_model):
    layout = lay_out(make_docs(["one, two. three, four", "five"], default_model.nlp))
    rows = np.arange(1.0, 6.0)[:, None]
    aligned = {view: align(rows, "phrase", view, layout) for view in HEADS["phrase"]}
    unweighted = {view: (rows / VIEW_WEIGHTS[view]).ravel() for view, rows in aligned.items()}
    assert unweighted["phrase"].tolist() == [1, 2, 3, 4, 5]
    assert unweighted["before"].tolist() == [0, 1, 0, 3, 0]
    assert unweighted["after"].tolist() == [2, 0, 4, 0, 0]


def test_a_phrase_has_the_row_of_its_sentence_and_note(default_model):
    layout = lay_out(make_docs(["one, two. three", "four"], default_model.nlp))
    weight = VIEW_WEIGHTS["note"]
    sentences = align(np.array([[1.0], [2], [3]]), "context", "sentence", layout)
    notes = align(np.array([[1.0], [2]]), "context", "note", layout) / weight
    assert sentences.ravel().tolist() == [1, 1, 2, 3]
    assert notes.ravel().tolist() == [1, 1, 1, 2]
    by_sentence = align(np.array([[1.0], [2]]), "evidence", "note", layout) / weight
    assert by_sentence.ravel().tolist() == [1, 1, 2]


@pytest.mark.parametrize(
    ("sentence", "phrase", "expected"),
    [
        (0.0, 0.0, 0.0),
        (2.0, 2.0, 2.0),
        (-3.0, -3.0, -3.0),
        (50.0, 50.0, MOST_LOG_ODDS),
        (-50.0, -50.0, -MOST_LOG_ODDS),
        (-1000.0, 1000.0, -MOST_LOG_ODDS),
    ],
)
def test_joined_log_odds(sentence, phrase, expected):
    joined = join(np.array([[sentence]]), np.array([[phrase]]))
    assert joined[0, 0] == pytest.approx(expected, abs=1e-6)


def test_joined_odds_are_those_of_the_geometric_mean():
    generator = np.random.default_rng(0)
    sentence, phrase = generator.normal(size=(2, 50, 3)) * 3
    mean = np.sqrt(1 / ((1 + np.exp(-sentence)) * (1 + np.exp(-phrase))))
    np.testing.assert_allclose(join(sentence, phrase), np.log(mean / (1 - mean)), rtol=1e-6)
