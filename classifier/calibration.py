"""From raw scores to probabilities: what words and encoder say, weighed and calibrated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, softmax

from classifier.encoder import columns
from classifier.phrases import Layout


@dataclass(frozen=True)
class Sources:
    """Raw scores of a batch from one or more sources, in the same order everywhere.

    Parameters
    ----------
    labels : tuple of ndarray of shape (n_phrases, n_labels)
        Log odds that a phrase shows a label, whatever its context.
    contexts : tuple of ndarray of shape (n_phrases, n_contexts)
        Log odds of contexts, up to a constant.
    evidence : tuple of ndarray of shape (n_notes,)
        Log odds that a note holds affirmed evidence.
    """

    labels: tuple[np.ndarray, ...]
    contexts: tuple[np.ndarray, ...]
    evidence: tuple[np.ndarray, ...]

    def __add__(self, other: Sources) -> Sources:
        """Put the sources of another side by side with these."""
        return Sources(
            self.labels + other.labels,
            self.contexts + other.contexts,
            self.evidence + other.evidence,
        )


@dataclass(frozen=True)
class Calibration:
    """Linear weights that turn sources into calibrated log odds.

    Parameters
    ----------
    labels : ndarray of shape (n_labels, n_label_sources + 1)
        A slope for each source, then an intercept.
    contexts : ndarray of shape (n_context_sources * n_contexts + 1, n_contexts)
        A row of slopes for each score of each source, then a row of intercepts.
    evidence : ndarray of shape (n_evidence_sources + 1,)
        A slope for each source, then an intercept.
    """

    labels: np.ndarray
    contexts: np.ndarray
    evidence: np.ndarray

    def label_probabilities(self, sources: Sources) -> np.ndarray:
        """Give the probability that each phrase shows each label.

        Parameters
        ----------
        sources : Sources
            As many as there are slopes.

        Returns
        -------
        ndarray of shape (n_phrases, n_labels)
            In (0, 1).
        """
        *slopes, intercept = self.labels.T
        return expit(sum(map(np.multiply, sources.labels, slopes)) + intercept)

    def context_probabilities(self, sources: Sources) -> np.ndarray:
        """Give the probability of each context for each phrase.

        Parameters
        ----------
        sources : Sources
            As many as there are slopes.

        Returns
        -------
        ndarray of shape (n_phrases, n_contexts)
            Rows sum to 1.
        """
        stacked = np.hstack(sources.contexts)
        return softmax(stacked @ self.contexts[:-1] + self.contexts[-1], axis=1)

    def evidence_probabilities(self, sources: Sources) -> np.ndarray:
        """Give the queue value of each note.

        Parameters
        ----------
        sources : Sources
            As many as there are slopes.

        Returns
        -------
        ndarray of shape (n_notes,)
            In (0, 1).
        """
        *slopes, intercept = self.evidence
        return expit(sum(map(np.multiply, sources.evidence, slopes)) + intercept)


@dataclass(frozen=True)
class Reading:
    """What the encoder read of a batch.

    Parameters
    ----------
    tokens : ndarray of shape (n_tokens, n_labels)
        Log odds that a word is part of what shows a label; NaN where nothing was read.
    phrases, sentences : ndarray of shape (n_phrases, n_labels)
        Mean log odds of each phrase, and of the sentence it stands in.
    contexts : ndarray of shape (n_phrases, n_contexts)
        Mean log odds.
    evidence : ndarray of shape (n_sentences,)
        Log odds of affirmed evidence; NaN where nothing was read.
    was_read : ndarray of shape (n_phrases,)
        Whether any word was.
    """

    tokens: np.ndarray
    phrases: np.ndarray
    sentences: np.ndarray
    contexts: np.ndarray
    evidence: np.ndarray
    was_read: np.ndarray


def summarise(
    scores: np.ndarray, layout: Layout, known: tuple[str, ...], labels: tuple[str, ...]
) -> Reading:
    """Bring the encoder's scores of words to phrases and sentences.

    Parameters
    ----------
    scores : ndarray of shape (n_tokens, n_columns)
        From `classifier.encoder.Encoder.read`.
    layout : Layout
        The batch.
    known : tuple of str
        Labels of the encoder.
    labels : tuple of str
        Labels of the model, in column order; the encoder's score of one it does not know is 0.

    Returns
    -------
    Reading
        Means are over words; punctuation does not count.
    """
    where = columns(known)
    was_read = ~np.isnan(scores[:, 0]) & layout.is_word
    held = np.where(was_read[:, None], scores, 0.0)
    by_phrase, read_in_phrase = _means(held, was_read, layout.phrases)
    by_sentence, read_in_sentence = _means(held, was_read, layout.sentences)
    evidence = by_sentence[:, where["sentence_evidence"]][:, 0]
    return Reading(
        tokens=_in_order(scores[:, where["labels"]], known, labels),
        phrases=_in_order(by_phrase[:, where["labels"]], known, labels),
        sentences=_in_order(by_sentence[:, where["sentence_labels"]], known, labels)[
            layout.sentence_of_phrase
        ],
        contexts=by_phrase[:, where["contexts"]],
        evidence=np.where(read_in_sentence, evidence, np.nan),
        was_read=read_in_phrase,
    )


def _means(
    scores: np.ndarray, counted: np.ndarray, starts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Take the mean over the counted tokens of units, and tell which units have any."""
    if not len(scores):
        return np.zeros((len(starts) - 1, scores.shape[1])), np.zeros(len(starts) - 1, dtype=bool)
    counts = np.add.reduceat(counted.astype(np.intp), starts[:-1])
    sums = np.add.reduceat(scores.astype(np.float64), starts[:-1], axis=0)
    return sums / np.maximum(counts, 1)[:, None], counts > 0


def _in_order(scores: np.ndarray, known: tuple[str, ...], labels: tuple[str, ...]) -> np.ndarray:
    """Put the encoder's columns into the model's order."""
    ordered = np.zeros((len(scores), len(labels)), scores.dtype)
    for column, label in enumerate(labels):
        if label in known:
            ordered[:, column] = scores[:, known.index(label)]
    return ordered
