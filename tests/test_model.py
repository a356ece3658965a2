from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from classifier import model as model_module
from classifier.calibration import Calibration
from classifier.doc import make_docs
from classifier.encoder import columns
from classifier.model import (
    FIRST_PASS,
    HEADS,
    MOST_LOG_ODDS,
    VIEW_UNITS,
    VIEW_WEIGHTS,
    align,
    evidence_log_odds,
    join,
    word_sources,
)
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


# First pass and second reading


@dataclass
class StandIn:
    """Says the same of every word of a wanted sentence, and keeps what was wanted."""

    labels: tuple[str, ...]
    says: float = 2.0
    asked: list = field(default_factory=list)

    def read(self, layout, strings, wanted):
        self.asked.append(wanted.tolist())
        width = columns(self.labels)["all"].stop
        scores = np.full((len(layout.forms), width), np.nan, np.float32)
        scores[np.repeat(wanted, np.diff(layout.sentences))] = self.says
        return scores


MIXED = [
    "Two car collision on the bypass, no injuries. He said he would kill her if she left.",
    "",
    "Boiler broken, engineer booked for Thursday morning. Shop reports a lost wallet.",
    "He goes through her phone every night, takes her wages and calls her useless.",
    "\n",
]


@pytest.fixture
def reading_model(tiny_model):
    """The tiny model with a stand-in for the encoder."""
    n_labels, n_contexts = len(tiny_model.label_set.ids), len(CONTEXTS)
    weighed = Calibration(
        labels=np.tile([0.5, 0.3, 0.2, -0.1], (n_labels, 1)),
        contexts=np.vstack([np.eye(n_contexts), 0.5 * np.eye(n_contexts), np.arange(n_contexts)]),
        evidence=np.array([0.4, 0.6, 0.2]),
    )
    return replace(tiny_model, reader=StandIn(tiny_model.label_set.ids), reader_calibration=weighed)


def first_pass(model, texts):
    """A layout and the probability of evidence, by words alone, of its sentences."""
    layout = lay_out(make_docs(texts, model.nlp))
    return layout, expit(model.raw_scores(layout)["evidence"][:, 0])


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.7, 1.0])
def test_only_sentences_that_words_leave_in_doubt_are_read(share, reading_model, monkeypatch):
    layout, probabilities = first_pass(reading_model, MIXED)
    least = np.quantile(probabilities, share) if share else 0.0
    monkeypatch.setattr(model_module, "FIRST_PASS", least)
    scores, alone = (
        replace(reading_model, reader=reader).score(layout)
        for reader in (reading_model.reader, None)
    )
    wanted = probabilities >= least
    assert 0 < wanted.sum() <= len(wanted)
    assert reading_model.reader.asked == [wanted.tolist()]
    has_words = np.add.reduceat(layout.is_word, layout.phrases[:-1]) > 0
    was_read = wanted[layout.sentence_of_phrase] & has_words
    np.testing.assert_array_equal(scores.labels[~was_read], alone.labels[~was_read])
    np.testing.assert_array_equal(scores.contexts[~was_read], alone.contexts[~was_read])
    assert (scores.labels[was_read] != alone.labels[was_read]).all()
    assert (scores.contexts[was_read] != alone.contexts[was_read]).any(axis=1).all()
    notes_read = np.isin(np.arange(len(MIXED)), layout.note_of_phrase[was_read])
    np.testing.assert_array_equal(scores.evidence[~notes_read], alone.evidence[~notes_read])
    assert (scores.evidence != alone.evidence)[notes_read].all()
    unread = np.isnan(scores.tokens).all(axis=1)
    assert unread.tolist() == np.repeat(~wanted, np.diff(layout.sentences)).tolist()
    assert alone.tokens is None


ROUTINE = [
    "Two car collision on the bypass, no injuries, both drivers exchanged details.",
    "Boiler broken, engineer booked for Thursday morning.",
    "Shop reports a lost wallet, brown leather, near the station.",
    "Noise complaint about a party, music turned down on arrival.",
    "Elderly male fell in the garden, ambulance attended.",
    "Ref number given.",
]
EVIDENCE = [
    "He said he would kill her if she left.",
    "He goes through her phone every night and takes her wages.",
    "She is too scared to go home and has to ask him first.",
    "Her son keeps her tablets from her.",
]


def test_routine_sentences_are_spared_the_encoder_and_evidence_is_not(default_model):
    reader = StandIn(default_model.label_set.ids)
    layout, probabilities = first_pass(default_model, ROUTINE + EVIDENCE)
    replace(default_model, reader=reader).score(layout)
    assert reader.asked == [(probabilities >= FIRST_PASS).tolist()]
    [wanted] = reader.asked
    assert all(wanted[len(ROUTINE) :])
    assert sum(wanted[: len(ROUTINE)]) <= len(ROUTINE) / 2


def test_the_shipped_model_raises_what_is_likelier_by_words(default_model):
    assert (default_model.calibration.labels[:, 0] > 0).all()
    assert default_model.calibration.evidence[0] > 0


def test_what_was_read_is_weighed_with_words_by_hand(reading_model, monkeypatch):
    monkeypatch.setattr(model_module, "FIRST_PASS", 0.0)
    layout, _ = first_pass(reading_model, MIXED[:1])
    scores = reading_model.score(layout)
    raw = reading_model.raw_scores(layout)
    words = word_sources(raw, layout)
    expected = 0.5 * words.labels[0] + 0.3 * 2 + 0.2 * 2 - 0.1
    np.testing.assert_allclose(scores.labels, expit(expected), rtol=1e-6)
    odds = np.exp(words.contexts[0] + 0.5 * 2 + np.arange(len(CONTEXTS)))
    np.testing.assert_allclose(scores.contexts, odds / odds.sum(axis=1, keepdims=True), rtol=1e-5)
    both_read = evidence_log_odds(np.array([[2.0], [2.0]]), layout)
    expected = 0.4 * words.evidence[0] + 0.6 * both_read + 0.2
    np.testing.assert_allclose(scores.evidence, expit(expected), rtol=1e-6)


def test_words_stand_in_for_the_evidence_of_a_sentence_that_was_not_read(
    reading_model, monkeypatch
):
    layout, probabilities = first_pass(reading_model, MIXED[:1])
    monkeypatch.setattr(model_module, "FIRST_PASS", probabilities.max())
    raw = reading_model.raw_scores(layout)["evidence"].astype(float)
    words = word_sources(reading_model.raw_scores(layout), layout).evidence[0]
    mixed = np.where(probabilities[:, None] == probabilities.max(), 2.0, raw)
    assert (mixed == 2).sum() == 1
    expected = expit(0.4 * words + 0.6 * evidence_log_odds(mixed, layout) + 0.2)
    np.testing.assert_allclose(reading_model.score(layout).evidence, expected, rtol=1e-6)


def test_a_likelier_reading_raises_every_score(reading_model, monkeypatch):
    monkeypatch.setattr(model_module, "FIRST_PASS", 0.0)
    layout, _ = first_pass(reading_model, MIXED)
    low, high = (
        replace(reading_model, reader=StandIn(reading_model.label_set.ids, says)).score(layout)
        for says in (-3.0, 3.0)
    )
    has_words = np.add.reduceat(layout.is_word, layout.phrases[:-1]) > 0
    assert (high.labels > low.labels)[has_words].all()
    assert (high.evidence >= low.evidence).all()
    assert (high.evidence > low.evidence)[[0, 2, 3]].all()


def test_a_reader_that_the_model_was_not_calibrated_with_is_not_asked(tiny_model):
    model = replace(tiny_model, reader=StandIn(tiny_model.label_set.ids))
    layout, _ = first_pass(model, MIXED)
    np.testing.assert_array_equal(model.score(layout).labels, tiny_model.score(layout).labels)
    assert model.reader.asked == []


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_nothing_is_read_of_a_batch_without_tokens(texts, reading_model):
    scores = reading_model.score(lay_out(make_docs(texts, reading_model.nlp)))
    assert scores.evidence.tolist() == [0] * len(texts)
    assert reading_model.reader.asked == []


def test_a_label_that_the_encoder_does_not_know_is_scored_by_words(reading_model, monkeypatch):
    monkeypatch.setattr(model_module, "FIRST_PASS", 0.0)
    labels = reading_model.label_set.ids
    fewer = replace(reading_model, reader=StandIn(labels[:0:-1]))
    layout, _ = first_pass(reading_model, MIXED[:1])
    whole, found = reading_model.score(layout), fewer.score(layout)
    np.testing.assert_array_equal(found.labels[:, 1:], whole.labels[:, 1:])
    words = word_sources(reading_model.raw_scores(layout), layout).labels[0][:, 0]
    np.testing.assert_allclose(found.labels[:, 0], expit(0.5 * words - 0.1), rtol=1e-6)
