"""The context of a phrase: affirmed, negated, hypothetical or other."""

from __future__ import annotations

import numpy as np

from classifier.note import CONTEXTS

AFFIRMED = CONTEXTS.index("affirmed")

PLACES = 4
"""Decimal places of a score. It is rounded before it meets its threshold, so that what is written
agrees with what is shown."""


def choose_contexts(
    labels: np.ndarray, contexts: np.ndarray, thresholds: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Choose, for every phrase and label, the context to show and its score.

    A phrase is shown as affirmed wherever its affirmed score reaches the threshold, even if
    another context is likelier: the tool is for human review, and what may have happened comes
    first. Otherwise the likeliest other context is chosen.

    Parameters
    ----------
    labels : ndarray of shape (n_phrases, n_labels)
        Probability that a phrase shows a label, whatever its context.
    contexts : ndarray of shape (n_phrases, n_contexts)
        Probabilities in the order of ``CONTEXTS``.
    thresholds : ndarray of shape (n_labels,)
        Probabilities in (0, 1].

    Returns
    -------
    chosen : ndarray of shape (n_phrases, n_labels)
        Row of ``CONTEXTS``.
    scores : ndarray of shape (n_phrases, n_labels)
        Probability of the label in the chosen context.
    """
    affirmed = (labels * contexts[:, [AFFIRMED]]).round(PLACES)
    rest = contexts.copy()
    rest[:, AFFIRMED] = -1
    other = rest.argmax(axis=1)[:, None]
    others = (labels * np.take_along_axis(contexts, other, axis=1)).round(PLACES)
    is_affirmed = (affirmed >= thresholds) | (others < thresholds)
    return np.where(is_affirmed, AFFIRMED, other), np.where(is_affirmed, affirmed, others)
