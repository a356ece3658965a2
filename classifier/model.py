"""The model: linear scores of sentences and phrases, calibrated, with one threshold a label.

The estimators are scikit-learn's logistic regressions (`training.fit`). What they learnt is kept
as plain arrays, and scoring looks the arrays up word by word, so that the model reads a batch of
notes at the speed of sparse matrix products and does not depend on a scikit-learn version.

Words come first. Where they leave any doubt that a sentence is routine, the sentence encoder reads
it too, and a second logistic regression weighs both (`classifier.calibration`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from scipy.special import expit
from spacy.language import Language

from classifier.calibration import Calibration, Reading, Sources, summarise
from classifier.doc import make_nlp
from classifier.encoder import Reader
from classifier.features import Vocabulary, count_words, unit_lengths
from classifier.labels import LabelSet
from classifier.phrases import Layout

Rows = np.ndarray | sp.csr_matrix

HEADS = {
    "sentence": ("sentence",),
    "phrase": ("phrase", "before", "after"),
    "context": ("phrase", "before", "after", "sentence", "note"),
    "evidence": ("sentence", "note"),
}
"""What each logistic regression looks at. *sentence* and *phrase* say which labels a sentence or
a phrase may show, *context* whether it is affirmed, *evidence* whether a sentence holds any."""

VIEW_UNITS = {
    "sentence": "sentence",
    "phrase": "phrase",
    "before": "phrase",
    "after": "phrase",
    "note": "note",
}
"""What each view is computed on; *before* and *after* are the neighbouring phrases."""

FULL_VIEWS = ("sentence", "phrase")
"""Views with letter groups, vectors and word pairs; the others see words only."""

VIEW_WEIGHTS = {"sentence": 1.0, "phrase": 1.0, "before": 0.5, "after": 0.5, "note": 0.6}
"""How much a view counts beside the others in the same head."""

MOST_LOG_ODDS = 12.0
"""Scores are kept within this of even odds, so that no score is ever quite 0 or 1."""

FIRST_PASS = 0.03
"""Probability of evidence, by words alone and not calibrated, from which the encoder reads a
sentence."""

MEMO_WORDS = 100_000
"""Distinct words whose scores are remembered before the memory is emptied (about 40 MB)."""


@dataclass(frozen=True)
class Head:
    """One linear estimator (or several side by side) over some views.

    Parameters
    ----------
    weights : mapping of str to ndarray of shape (n_features of the view, n_outputs)
        For a full view the rows are words, letter groups, vector dimensions, then word pairs.
    intercept : ndarray of shape (n_outputs,)
        Added to the sum.
    """

    weights: Mapping[str, np.ndarray]
    intercept: np.ndarray


@dataclass(frozen=True)
class Scores:
    """What a model says of a batch of notes.

    Parameters
    ----------
    labels : ndarray of shape (n_phrases, n_labels)
        Calibrated probability that a phrase shows a label, whatever its context.
    contexts : ndarray of shape (n_phrases, n_contexts)
        Probabilities in the order of ``CONTEXTS``; rows sum to 1.
    evidence : ndarray of shape (n_notes,)
        In [0, 1]; orders notes for reading.
    tokens : ndarray of shape (n_tokens, n_labels), optional
        Log odds that a word is part of what shows a label, by the encoder; NaN for a word it did
        not read.
    """

    labels: np.ndarray
    contexts: np.ndarray
    evidence: np.ndarray
    tokens: np.ndarray | None = None


@dataclass(frozen=True)
class Model:
    """Everything needed to score notes.

    Parameters
    ----------
    label_set : LabelSet
        The labels, in column order.
    vocabulary : Vocabulary
        What the features are.
    heads : mapping of str to Head
        One for each of ``HEADS``.
    calibration : Calibration
        Of words alone.
    thresholds : mapping of str to float
        One probability in (0, 1] for each label.
    examples : sequence of dict
        Marked training phrases (``label``, ``context``, ``text``), shown to explain a finding.
    manifest : mapping
        Versions, data, metrics and seed; see `classifier.model_file`.
    nlp : spacy.language.Language
        The preprocessing pipeline.
    reader : classifier.encoder.Reader, optional
        The sentence encoder; without it the model goes by words alone.
    reader_calibration : Calibration, optional
        Of words and encoder together.
    """

    label_set: LabelSet
    vocabulary: Vocabulary = field(repr=False)
    heads: Mapping[str, Head] = field(repr=False)
    calibration: Calibration = field(repr=False)
    thresholds: Mapping[str, float]
    examples: Sequence[Mapping[str, str]] = field(default=(), repr=False)
    manifest: Mapping[str, object] = field(default_factory=dict, repr=False)
    nlp: Language = field(default_factory=make_nlp, repr=False, compare=False)
    reader: Reader | None = field(default=None, repr=False, compare=False)
    reader_calibration: Calibration | None = field(default=None, repr=False)
    _memo: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def raw_scores(self, layout: Layout) -> dict[str, np.ndarray]:
        """Give every head's scores before calibration.

        Parameters
        ----------
        layout : Layout
            A batch of docs of this model's pipeline.

        Returns
        -------
        dict of str to ndarray
            Log odds: ``sentence`` (n_sentences, n_labels), ``phrase`` (n_phrases, n_labels),
            ``context`` (n_phrases, n_contexts) and ``evidence`` (n_sentences, 1).
        """
        sums = self._sum_views(layout)
        return {
            head: self.heads[head].intercept
            + sum(align(sums[head, view], head, view, layout) for view in views)
            for head, views in HEADS.items()
        }

    def score(self, layout: Layout) -> Scores:
        """Score a batch of notes.

        Parameters
        ----------
        layout : Layout
            A batch of docs of this model's pipeline.

        Returns
        -------
        Scores
            A row for each phrase, and a number for each note.
        """
        raw = self.raw_scores(layout)
        words = word_sources(raw, layout)
        scores = _calibrated(words, self.calibration, layout)
        if self.reader is None or self.reader_calibration is None or not len(layout.forms):
            return scores
        wanted = expit(raw["evidence"][:, 0]) >= FIRST_PASS
        reading = self.read(layout, wanted)
        both = words + reader_sources(reading, raw, layout)
        second = _calibrated(both, self.reader_calibration, layout)
        was_read = reading.was_read[:, None]
        notes_read = np.bincount(layout.note_of_phrase, reading.was_read, len(layout.notes) - 1) > 0
        return Scores(
            labels=np.where(was_read, second.labels, scores.labels),
            contexts=np.where(was_read, second.contexts, scores.contexts),
            evidence=np.where(notes_read, second.evidence, scores.evidence),
            tokens=reading.tokens,
        )

    def read(self, layout: Layout, wanted: np.ndarray) -> Reading:
        """Let the encoder read sentences.

        Parameters
        ----------
        layout : Layout
            A batch of docs of this model's pipeline.
        wanted : ndarray of shape (n_sentences,)
            True for a sentence to be read.

        Returns
        -------
        Reading
            In the order of this model's labels.
        """
        scores = self.reader.read(layout, self.nlp.vocab.strings, wanted)
        return summarise(scores, layout, self.reader.labels, self.label_set.ids)

    def _sum_views(self, layout: Layout) -> dict[tuple[str, str], np.ndarray]:
        """Sum the parts of words and pairs over each unit, for every head and view."""
        unique, inverse = np.unique(layout.forms, return_inverse=True)
        parts, idf = self._parts_of(unique.tolist())
        sums: dict[tuple[str, str], np.ndarray] = {}
        for unit, starts in layout.units.items():
            counts = count_words(inverse, len(unique), starts)
            lengths = unit_lengths(idf, inverse, starts)[:, None]
            pairs = self.vocabulary.pairs_in(layout, starts) if unit in FULL_VIEWS else None
            for head, view in self._columns:
                if VIEW_UNITS[view] == unit:
                    total = counts @ parts[:, self._columns[head, view]]
                    if view in FULL_VIEWS:
                        weights = self.heads[head].weights[view]
                        total += pairs @ weights[self.vocabulary.n_word_features :]
                    sums[head, view] = total / lengths
        return sums

    @cached_property
    def _columns(self) -> dict[tuple[str, str], slice]:
        """Columns of the word parts that belong to each head and view."""
        columns, at = {}, 0
        for head, views in HEADS.items():
            for view in views:
                width = len(self.heads[head].intercept)
                columns[head, view] = slice(at, at + width)
                at += width
        return columns

    @cached_property
    def _word_weights(self) -> np.ndarray:
        """Weights of all word features, heads and views side by side."""
        n_features = self.vocabulary.n_word_features
        blocks = []
        for head, view in self._columns:
            weights = self.heads[head].weights[view][:n_features]
            blocks.append(np.pad(weights, ((0, n_features - len(weights)), (0, 0))))
        return np.hstack(blocks)

    def _parts_of(self, forms: list[int]) -> tuple[np.ndarray, np.ndarray]:
        """Give each distinct word's part in every head and view, and its weight by rarity."""
        if len(self._memo) > MEMO_WORDS:
            self._memo.clear()
        # A copy, as another thread of the page may empty the memory meanwhile.
        known = {form: self._memo.get(form) for form in forms}
        new = [form for form, row in known.items() if row is None]
        if new:
            words = [self.nlp.vocab.strings[form] for form in new]
            parts = self.vocabulary.word_features(words) @ self._word_weights
            computed = zip(parts, self.vocabulary.idf_of(words), strict=True)
            known.update(zip(new, computed, strict=True))
            self._memo.update((form, known[form]) for form in new)
        rows = [known[form] for form in forms]
        shape = (len(forms), self._word_weights.shape[1])
        parts = np.array([part for part, _ in rows], dtype=np.float32).reshape(shape)
        return parts, np.array([idf for _, idf in rows], dtype=np.float32)


def align(rows: Rows, head: str, view: str, layout: Layout) -> Rows:
    """Bring what was computed for a view to the units that a head speaks of.

    Parameters
    ----------
    rows : ndarray or scipy.sparse.csr_matrix of shape (n units of the view, n_columns)
        Features or scores.
    head : str
        One of ``HEADS``; *phrase* and *context* speak of phrases, the others of sentences.
    view : str
        One of the head's views.
    layout : Layout
        The batch.

    Returns
    -------
    ndarray or scipy.sparse.csr_matrix of shape (n units of the head, n_columns)
        Weighted by ``VIEW_WEIGHTS``; a phrase without a neighbour in its sentence has a row of
        zeros for it.
    """
    if HEADS[head][0] == "sentence":
        aligned = rows[layout.note_of_sentence] if view == "note" else rows
    elif view == "sentence":
        aligned = rows[layout.sentence_of_phrase]
    elif view == "note":
        aligned = rows[layout.note_of_phrase]
    elif view == "phrase":
        aligned = rows
    else:
        step = -1 if view == "before" else 1
        sentences = layout.sentence_of_phrase
        neighbours = np.clip(np.arange(len(sentences)) + step, 0, max(len(sentences) - 1, 0))
        exists = (sentences[neighbours] == sentences) & (neighbours != np.arange(len(sentences)))
        aligned = sp.diags_array(exists.astype(np.float32)) @ rows[neighbours]
    return aligned * VIEW_WEIGHTS[view]


def word_sources(raw: Mapping[str, np.ndarray], layout: Layout) -> Sources:
    """Put the heads' scores together as the first source.

    Parameters
    ----------
    raw : mapping of str to ndarray
        From `Model.raw_scores`.
    layout : Layout
        The batch.

    Returns
    -------
    Sources
        One of each kind.
    """
    return Sources(
        labels=(join(raw["sentence"][layout.sentence_of_phrase], raw["phrase"]),),
        contexts=(raw["context"],),
        evidence=(evidence_log_odds(raw["evidence"], layout),),
    )


def reader_sources(reading: Reading, raw: Mapping[str, np.ndarray], layout: Layout) -> Sources:
    """Put what the encoder read together as the sources after the words.

    Parameters
    ----------
    reading : Reading
        From `Model.read`.
    raw : mapping of str to ndarray
        From `Model.raw_scores`; stands in for sentences that were not read.
    layout : Layout
        The batch.

    Returns
    -------
    Sources
        Two for labels (phrase and sentence), one for contexts, one for evidence.
    """
    evidence = np.where(np.isnan(reading.evidence), raw["evidence"][:, 0], reading.evidence)
    return Sources(
        labels=(reading.phrases, reading.sentences),
        contexts=(reading.contexts,),
        evidence=(evidence_log_odds(evidence[:, None], layout),),
    )


def _calibrated(sources: Sources, calibration: Calibration, layout: Layout) -> Scores:
    """Turn sources into probabilities; a note without words holds nothing."""
    holds_words = np.diff(layout.notes) > 0
    return Scores(
        labels=calibration.label_probabilities(sources),
        contexts=calibration.context_probabilities(sources),
        evidence=np.where(holds_words, calibration.evidence_probabilities(sources), 0.0),
    )


def evidence_log_odds(sentences: np.ndarray, layout: Layout) -> np.ndarray:
    """Give the log odds that at least one sentence of a note holds evidence: a noisy-or.

    Parameters
    ----------
    sentences : ndarray of shape (n_sentences, 1)
        Log odds that each sentence holds evidence.
    layout : Layout
        The batch.

    Returns
    -------
    ndarray of shape (n_notes,)
        They do not level off where the probability is nearly 1, so that notes stay in order;
        very low for a note without sentences.
    """
    holds_none = -np.logaddexp(0, sentences[:, 0])
    total = np.bincount(layout.note_of_sentence, holds_none, len(layout.notes) - 1)
    total = np.minimum(total, -1e-9)
    return np.log(-np.expm1(total)) - total


def join(sentence: np.ndarray, phrase: np.ndarray) -> np.ndarray:
    """Join what the sentence and the phrase say: the log odds of the geometric mean.

    A sentence tells the label better, a phrase the place; their geometric mean was best at both
    in trials on the synthetic corpus.

    Parameters
    ----------
    sentence, phrase : ndarray of shape (n_phrases, n_labels)
        Log odds.

    Returns
    -------
    ndarray of shape (n_phrases, n_labels)
        Log odds, within ``MOST_LOG_ODDS`` of 0.
    """
    log_mean = -(np.logaddexp(0, -sentence) + np.logaddexp(0, -phrase)) / 2
    odds = log_mean - np.log(-np.expm1(np.minimum(log_mean, -1e-9)))
    return np.clip(odds, -MOST_LOG_ODDS, MOST_LOG_ODDS)
