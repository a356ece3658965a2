"""Thresholds and figures, the same for every way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.note import Note
from rivals.said import Said
from training.measures import (
    MEASURES,
    area_under_roc,
    average_precision,
    count_spans,
    precision_recall_f1,
    reading_curve,
)


@dataclass(frozen=True)
class Draws:
    """Figures of one way; each first as it is, then in every bootstrap draw of notes.

    Parameters
    ----------
    mean_average_precision : ndarray of shape (n_draws,)
        Mean over the labels that some note holds.
    macro_f1 : ndarray of shape (n_draws,)
        The same for F1 at the thresholds.
    any_evidence_auc : ndarray of shape (n_draws,)
        Of notes with affirmed evidence of any label against those without.
    token_f1 : ndarray of shape (n_draws,), optional
        Words shown against words marked as affirmed evidence of any label.
    """

    mean_average_precision: np.ndarray
    macro_f1: np.ndarray
    any_evidence_auc: np.ndarray
    token_f1: np.ndarray | None


def truth_of(notes: Sequence[Note], labels: Sequence[str]) -> np.ndarray:
    """Say which labels people marked as affirmed in each note.

    Parameters
    ----------
    notes : sequence of Note
        Marked.
    labels : sequence of str
        Column order.

    Returns
    -------
    ndarray of shape (n_notes, n_labels)
        Booleans.
    """
    affirmed = [{m.label for m in note.marks if m.context == "affirmed"} for note in notes]
    return np.array([[label in found for label in labels] for found in affirmed], dtype=bool)


def choose_thresholds(scores: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Choose for each label the threshold with the best F1.

    Parameters
    ----------
    scores : ndarray of shape (n_notes, n_labels)
        Not negative; a note with 0 is never shown.
    truth : ndarray of shape (n_notes, n_labels)
        Booleans.

    Returns
    -------
    ndarray of shape (n_labels,)
        Half-way between two scores that were met, the highest of the best; infinite, so that
        nothing is shown, for a label that no note holds or that scores 0 throughout.
    """
    chosen = np.full(scores.shape[1], np.inf)
    for column in np.flatnonzero(truth.any(axis=0)):
        read, met = reading_curve(scores[:, column], truth[:, column], np.ones((1, len(scores))))
        steps = np.append(np.unique(scores[:, column])[::-1], 0.0)
        f1 = np.where(steps[:-1] > 0, 2 * met[0] / (read[0] + met[0, -1]), 0.0)
        if f1.any():
            at = int(np.argmax(f1))
            chosen[column] = (steps[at] + steps[at + 1]) / 2
    return chosen


def mean_average_precision(
    scores: np.ndarray, truth: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Give the mean of average precision over the labels that some note holds.

    Parameters
    ----------
    scores, truth : ndarray of shape (n_notes, n_labels)
        Any scale; booleans.
    weights : ndarray of shape (n_draws, n_notes)
        From `training.measures.draw_weights`.

    Returns
    -------
    ndarray of shape (n_draws,)
        In [0, 1].
    """
    return np.nanmean(
        [
            average_precision(*reading_curve(scores[:, column], truth[:, column], weights))
            for column in np.flatnonzero(truth.any(axis=0))
        ],
        axis=0,
    )


def measure(
    said: Said,
    notes: Sequence[Note],
    labels: Sequence[str],
    thresholds: np.ndarray,
    weights: np.ndarray,
) -> Draws:
    """Measure what a way said of notes against people's marks.

    Parameters
    ----------
    said : Said
        Of these notes.
    notes : sequence of Note
        Marked.
    labels : sequence of str
        Column order.
    thresholds : ndarray of shape (n_labels,)
        From `choose_thresholds`, on other notes.
    weights : ndarray of shape (n_draws, n_notes)
        From `training.measures.draw_weights`.

    Returns
    -------
    Draws
        Figures.
    """
    truth = truth_of(notes, labels)
    shown = said.scores >= thresholds
    counts = np.stack([weights @ table for table in (shown & truth, shown, truth)], axis=-1)
    f1 = np.nan_to_num(precision_recall_f1(counts)[..., 2])
    token_f1 = None
    if said.spans is not None:
        marks = [note.marks for note in notes]
        words = count_spans([note.text for note in notes], marks, said.spans, labels)
        token_f1 = precision_recall_f1(weights @ words[:, -1, MEASURES.index("token")])[..., 2]
    return Draws(
        mean_average_precision(said.scores, truth, weights),
        np.nanmean(np.where(counts[..., 2] > 0, f1, np.nan), axis=1),
        area_under_roc(*reading_curve(said.evidence, truth.any(axis=1), weights)),
        token_f1,
    )
