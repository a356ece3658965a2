"""Calibrated probabilities and one threshold a label, from held-out author groups only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from spacy.tokens import Doc

from classifier.context import AFFIRMED
from classifier.model import Model, evidence_log_odds, join
from classifier.note import Note
from classifier.phrases import lay_out
from training.targets import marks_to_targets

THRESHOLDS = np.round(np.arange(0.05, 0.91, 0.01), 2)
"""Thresholds to choose from. Below .05 a phrase is not worth a reviewer's look."""

RESAMPLES = 300
"""Bootstrap samples of notes behind the intervals of the figures."""

SUMMARY = ("mean_average_precision", "macro_f1", "any_evidence_auc")

TEMPERATURES = np.round(np.arange(0.5, 4.01, 0.1), 1)
"""Temperatures of the context scores to choose from."""


@dataclass(frozen=True)
class HeldOut:
    """What a model said of notes it has not seen, beside what people marked.

    Parameters
    ----------
    log_odds : ndarray of shape (n_phrases, n_labels)
        Sentence and phrase scores joined, not calibrated.
    contexts : ndarray of shape (n_phrases, n_contexts)
        Context scores, not calibrated.
    notes : ndarray of shape (n_phrases,)
        Row of each phrase's note.
    evidence : ndarray of shape (n_notes,)
        Log odds that a note holds evidence, not calibrated.
    phrase_labels, phrase_contexts, note_labels : ndarray
        As in `training.targets.Targets`.
    """

    log_odds: np.ndarray
    contexts: np.ndarray
    notes: np.ndarray
    evidence: np.ndarray
    phrase_labels: np.ndarray
    phrase_contexts: np.ndarray
    note_labels: np.ndarray


@dataclass(frozen=True)
class Calibrated:
    """What calibration gives a model.

    Parameters
    ----------
    calibration : ndarray of shape (n_labels, 2)
        Slope and intercept of Platt's sigmoid for each label.
    evidence_calibration : ndarray of shape (2,)
        Slope and intercept for the queue value.
    temperature : float
        Divisor of the context scores.
    thresholds : dict of str to float
        For each label, the lowest that gives the best F1 over held-out notes.
    metrics : dict
        Figures over the held-out notes.
    """

    calibration: np.ndarray
    evidence_calibration: np.ndarray
    temperature: float
    thresholds: dict[str, float]
    metrics: dict[str, object]


def score_held_out(notes: Sequence[Note], docs: Sequence[Doc], model: Model) -> HeldOut:
    """Let a model score notes that it has not seen.

    Parameters
    ----------
    notes, docs : sequence
        Marked notes and their docs.
    model : Model
        Fitted to other authors' notes.

    Returns
    -------
    HeldOut
        Its scores and the marks.
    """
    layout = lay_out(docs)
    targets = marks_to_targets(notes, docs, layout, model.label_set.ids)
    raw = model.raw_scores(layout)
    return HeldOut(
        log_odds=join(raw["sentence"][layout.sentence_of_phrase], raw["phrase"]),
        contexts=raw["context"],
        notes=layout.note_of_phrase,
        evidence=evidence_log_odds(raw["evidence"], layout),
        phrase_labels=targets.phrases,
        phrase_contexts=targets.phrase_contexts,
        note_labels=targets.notes,
    )


def calibrate(parts: Sequence[HeldOut], labels: Sequence[str]) -> Calibrated:
    """Calibrate scores and choose thresholds on all held-out parts together.

    Parameters
    ----------
    parts : sequence of HeldOut
        One for each held-out part.
    labels : sequence of str
        Column order.

    Returns
    -------
    Calibrated
        Scores and contexts are calibrated for phrases, thresholds chosen for notes.
    """
    log_odds, contexts, marked, marked_contexts, evidence, truth = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in (
            *("log_odds", "contexts", "phrase_labels", "phrase_contexts", "evidence"),
            "note_labels",
        )
    )
    first_rows = np.cumsum([0] + [len(part.note_labels) for part in parts[:-1]])
    notes = np.concatenate([part.notes + row for part, row in zip(parts, first_rows, strict=True)])
    calibration = np.array(
        [_platt(log_odds[:, column], marked[:, column]) for column in range(len(labels))]
    )
    temperature = _best_temperature(contexts, marked_contexts)
    probabilities = expit(log_odds * calibration[:, 0] + calibration[:, 1])
    affirmed = probabilities * softmax(contexts / temperature, axis=1)[:, [AFFIRMED]]
    best = np.zeros(truth.shape)
    np.maximum.at(best, notes, affirmed)
    chosen = [_best_threshold(best[:, column], truth[:, column]) for column in range(len(labels))]
    return Calibrated(
        calibration=calibration,
        evidence_calibration=np.array(_platt(evidence, truth.any(axis=1))),
        temperature=temperature,
        thresholds=dict(zip(labels, chosen, strict=True)),
        metrics=_metrics(best, evidence, truth, np.array(chosen), labels),
    )


def _platt(log_odds: np.ndarray, marked: np.ndarray) -> tuple[float, float]:
    """Fit slope and intercept of a sigmoid; a label never or always marked has but one answer."""
    if marked.all() or not marked.any():
        return 0.0, 10.0 if marked.any() else -10.0
    # C is large: the two numbers need no penalty.
    fitted = LogisticRegression(C=1e6).fit(log_odds[:, None], marked)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _best_temperature(contexts: np.ndarray, marked_contexts: np.ndarray) -> float:
    """Choose the temperature with the highest likelihood of the marked contexts."""
    rows = np.flatnonzero(marked_contexts >= 0)
    likelihoods = [
        log_softmax(contexts[rows] / temperature, axis=1)[
            np.arange(len(rows)), marked_contexts[rows]
        ].sum()
        for temperature in TEMPERATURES
    ]
    return float(TEMPERATURES[int(np.argmax(likelihoods))])


def _best_threshold(scores: np.ndarray, truth: np.ndarray) -> float:
    """Choose the lowest threshold that gives the best F1 over notes."""
    shown = scores[:, None] >= THRESHOLDS
    hits = (shown & truth[:, None]).sum(axis=0)
    f1 = 2 * hits / np.maximum(shown.sum(axis=0) + truth.sum(), 1)
    return float(THRESHOLDS[int(np.argmax(f1))]) if truth.any() else float(THRESHOLDS[-1])


def _metrics(
    best: np.ndarray,
    evidence: np.ndarray,
    truth: np.ndarray,
    thresholds: np.ndarray,
    labels: Sequence[str],
) -> dict[str, object]:
    """Give the figures over held-out notes that go into the manifest."""
    by_label = {}
    for column, label in enumerate(labels):
        marked, shown = truth[:, column], best[:, column] >= thresholds[column]
        hits = int((marked & shown).sum())
        by_label[label] = {
            "notes": int(marked.sum()),
            "average_precision": _rounded(average_precision_score, marked, best[:, column]),
            "precision": round(hits / max(int(shown.sum()), 1), 3),
            "recall": round(hits / max(int(marked.sum()), 1), 3),
            "f1": round(2 * hits / max(int(shown.sum() + marked.sum()), 1), 3),
        }
    shown = best >= thresholds
    generator = np.random.default_rng(0)
    draws = [generator.integers(len(truth), size=len(truth)) for _ in range(RESAMPLES)]
    samples = np.array(
        [_summary(best[rows], shown[rows], evidence[rows], truth[rows]) for rows in draws]
    )
    figures = _summary(best, shown, evidence, truth)
    return {
        "measured_on": "notes of author groups held out in turn; thresholds chosen on the same",
        "notes": len(truth),
        **{name: _plain(value) for name, value in zip(SUMMARY, figures, strict=True)},
        "intervals_95": {
            name: [_plain(edge) for edge in np.quantile(column[~np.isnan(column)], [0.025, 0.975])]
            for name, column, value in zip(SUMMARY, samples.T, figures, strict=True)
            if not np.isnan(value)
        },
        "labels": by_label,
    }


def _summary(
    best: np.ndarray, shown: np.ndarray, evidence: np.ndarray, truth: np.ndarray
) -> np.ndarray:
    """Compute the figures of ``SUMMARY``; not a number where a class is missing."""
    some = truth.any(axis=0)
    hits = (shown & truth).sum(axis=0)
    f1 = 2 * hits / np.maximum(shown.sum(axis=0) + truth.sum(axis=0), 1)
    precisions = [
        average_precision_score(truth[:, column], best[:, column])
        for column in np.flatnonzero(some)
    ]
    any_evidence = truth.any(axis=1)
    one_class = any_evidence.all() or not any_evidence.any()
    auc = np.nan if one_class else roc_auc_score(any_evidence, evidence)
    return np.array([np.mean(precisions) if precisions else np.nan, f1.mean(), auc])


def _plain(value: float) -> float | None:
    """Round a figure for the manifest; JSON has no word for not a number."""
    return None if np.isnan(value) else round(float(value), 3)


def _rounded(metric, truth: np.ndarray, scores: np.ndarray) -> float | None:
    """Compute a metric to three places, or nothing where only one class is there."""
    if truth.all() or not truth.any():
        return None
    return round(float(metric(truth, scores)), 3)
