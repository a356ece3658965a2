"""Why a finding is shown: the words that weighed most, and marked phrases that it looks like."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import scipy.sparse as sp

from classifier.doc import make_docs
from classifier.features import count_words
from classifier.findings import Finding
from classifier.model import FULL_VIEWS, VIEW_WEIGHTS, Model
from classifier.note import Note
from classifier.phrases import Layout, lay_out

MOST_WORDS = 6
"""Words that `words_behind` gives; more do not help a reader."""

LEAST_LIKENESS = 0.1
"""Cosine below which a marked phrase is not called alike."""


def words_behind(finding: Finding, note: Note, model: Model) -> list[tuple[str, float]]:
    """Give the words of the finding's sentence that weighed most for its label.

    The model is linear, so the parts are exact: together with the constant they add up to the
    scores of the sentence and of the phrase, of which each counts half.

    Parameters
    ----------
    finding : Finding
        Of this note, by this model.
    note : Note
        The note.
    model : Model
        The model.

    Returns
    -------
    list of (str, float)
        Words as written in the note and their part in the log odds, above 0 towards the label;
        largest parts first, at most ``MOST_WORDS``. A word that occurs twice stands once, with
        both parts.
    """
    [doc] = make_docs([note.text], model.nlp)
    layout = lay_out([doc])
    start = doc.char_span(finding.start, finding.end, alignment_mode="expand").start
    parts = _token_parts(layout, start, model, model.label_set.ids.index(finding.label))
    by_word: dict[str, tuple[str, float]] = {}
    for token, part in zip(doc, parts.tolist(), strict=True):
        written, before = by_word.get(token.norm_, (token.text, 0.0))
        if part and layout.is_word[token.i]:
            by_word[token.norm_] = written, before + part
    ordered = sorted(by_word.values(), key=lambda item: -abs(item[1]))
    return [(word, round(part, 3)) for word, part in ordered[:MOST_WORDS]]


def _token_parts(layout: Layout, start: int, model: Model, label: int) -> np.ndarray:
    """Split half the sentence's and half the phrase's log odds among the tokens."""
    phrase = int(np.searchsorted(layout.phrases, start, side="right")) - 1
    sentence = int(layout.sentence_of_phrase[phrase])
    parts = np.zeros(len(layout.forms))
    for head, view, unit, row in (
        ("sentence", "sentence", layout.sentences, sentence),
        ("phrase", "phrase", layout.phrases, phrase),
        ("phrase", "before", layout.phrases, phrase - 1),
        ("phrase", "after", layout.phrases, phrase + 1),
    ):
        in_sentence = 0 <= row < len(unit) - 1 and (
            layout.sentences[sentence] <= unit[row] < layout.sentences[sentence + 1]
        )
        if in_sentence:
            tokens = slice(int(unit[row]), int(unit[row + 1]))
            weights = model.heads[head].weights[view][:, label]
            parts[tokens] += (
                0.5 * VIEW_WEIGHTS[view] * _unit_parts(layout, tokens, weights, view, model)
            )
    return parts


def _unit_parts(
    layout: Layout, tokens: slice, weights: np.ndarray, view: str, model: Model
) -> np.ndarray:
    """Split one unit's score among its tokens; a pair's part goes half to each word."""
    vocabulary, strings = model.vocabulary, model.nlp.vocab.strings
    words = [strings[int(form)] for form in layout.forms[tokens]]
    features = vocabulary.word_features(words)
    idf = vocabulary.idf_of(words)
    length = float(np.sqrt((idf.astype(np.float64) ** 2).sum())) or 1.0
    n_features = features.shape[1] if view in FULL_VIEWS else len(vocabulary.words)
    parts = features[:, :n_features] @ weights[:n_features]
    if view in FULL_VIEWS:
        rows = {pair: row for row, pair in enumerate(vocabulary.pairs)}
        for i, pair in enumerate(pairwise(words)):
            row = rows.get(" ".join(pair))
            if row is not None:
                parts[i : i + 2] += 0.5 * vocabulary.pair_idf[row] * weights[n_features + row]
    return parts / length


def nearest_phrases(finding: Finding, note: Note, model: Model, n: int = 3) -> list[str]:
    """Give the marked training phrases of the same label that a finding resembles most.

    Parameters
    ----------
    finding : Finding
        Of this note, by this model.
    note : Note
        The note.
    model : Model
        The model; one trained without examples gives none.
    n : int
        At most so many.

    Returns
    -------
    list of str
        Most alike first; phrases of the same context only.
    """
    texts = [
        example["text"]
        for example in model.examples
        if example["label"] == finding.label and example["context"] == finding.context
    ]
    if not texts:
        return []
    vectors = _phrase_vectors([note.text[finding.start : finding.end], *texts], model)
    likeness = np.asarray((vectors[1:] @ vectors[0].T).todense()).ravel()
    order = np.argsort(-likeness, kind="stable")[:n]
    return [texts[row] for row in order if likeness[row] >= LEAST_LIKENESS]


def _phrase_vectors(texts: list[str], model: Model) -> sp.csr_matrix:
    """Describe phrases by the features of their words, each row of length 1."""
    layout = lay_out(make_docs(texts, model.nlp))
    unique, inverse = np.unique(layout.forms, return_inverse=True)
    words = [model.nlp.vocab.strings[int(form)] for form in unique]
    summed = count_words(inverse, len(words), layout.notes) @ model.vocabulary.word_features(words)
    lengths = np.sqrt(np.asarray(summed.multiply(summed).sum(axis=1)).ravel())
    return sp.csr_matrix(sp.diags_array(1 / np.where(lengths > 0, lengths, 1.0)) @ summed)
