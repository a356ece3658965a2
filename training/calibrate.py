"""Calibrated probabilities and one threshold a label, from held-out author groups only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from spacy.tokens import Doc

from classifier.calibration import Calibration, Sources
from classifier.context import AFFIRMED
from classifier.evidence import best_of_notes
from classifier.model import Model, reader_sources, word_sources
from classifier.note import CONTEXTS, Note
from classifier.phrases import lay_out
from training.targets import marks_to_targets

THRESHOLDS = np.round(np.arange(0.05, 0.91, 0.01), 2)
"""Thresholds to choose from. Below .05 a phrase is not worth a reviewer's look."""

RESAMPLES = 300
"""Bootstrap samples of notes behind the intervals of the figures."""

MOST_STEPS = 1000
"""Steps of the solver; it stops earlier."""

UNSEEN_LOG_ODDS = 10.0
"""How unlikely a context is that no held-out phrase has."""

SUMMARY = ("mean_average_precision", "macro_f1", "any_evidence_auc")


@dataclass(frozen=True)
class HeldOut:
    """What a model said of notes it has not seen, beside what people marked.

    Parameters
    ----------
    words : Sources
        What words alone say.
    both : Sources or None
        What words and encoder say, if the model has one.
    notes : ndarray of shape (n_phrases,)
        Row of each phrase's note.
    phrase_labels, phrase_contexts, note_labels : ndarray
        As in `training.targets.Targets`.
    """

    words: Sources
    both: Sources | None
    notes: np.ndarray
    phrase_labels: np.ndarray
    phrase_contexts: np.ndarray
    note_labels: np.ndarray


@dataclass(frozen=True)
class Calibrated:
    """What calibration gives a model for one set of sources.

    Parameters
    ----------
    calibration : Calibration
        Slopes and intercepts.
    thresholds : dict of str to float
        For each label, the lowest that gives the best F1 over held-out notes.
    metrics : dict
        Figures over the held-out notes.
    """

    calibration: Calibration
    thresholds: dict[str, float]
    metrics: dict[str, object]


def score_held_out(notes: Sequence[Note], docs: Sequence[Doc], model: Model) -> HeldOut:
    """Let a model score notes that it has not seen.

    Parameters
    ----------
    notes, docs : sequence
        Marked notes and their docs.
    model : Model
        Fitted to other authors' notes; so was its encoder, if it has one (see
        `training.held_out`).

    Returns
    -------
    HeldOut
        Its scores and the marks.
    """
    layout = lay_out(docs)
    targets = marks_to_targets(notes, docs, layout, model.label_set.ids)
    raw = model.raw_scores(layout)
    words, both = word_sources(raw, layout), None
    if model.reader:
        reading = model.read(layout, np.ones(len(layout.sentences) - 1, dtype=bool))
        both = words + reader_sources(reading, raw, layout)
    return HeldOut(
        words=words,
        both=both,
        notes=layout.note_of_phrase,
        phrase_labels=targets.phrases,
        phrase_contexts=targets.phrase_contexts,
        note_labels=targets.notes,
    )


def calibrate(
    parts: Sequence[HeldOut], labels: Sequence[str], *, with_reader: bool = False
) -> Calibrated:
    """Calibrate scores and choose thresholds on all held-out parts together.

    Parameters
    ----------
    parts : sequence of HeldOut
        One for each held-out part.
    labels : sequence of str
        Column order.
    with_reader : bool
        Whether the encoder's sources are weighed with the words'.

    Returns
    -------
    Calibrated
        Scores and contexts are calibrated for phrases, thresholds chosen for notes.
    """
    sources = _concatenate([part.both if with_reader else part.words for part in parts])
    marked, marked_contexts, truth = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("phrase_labels", "phrase_contexts", "note_labels")
    )
    first_rows = np.cumsum([0] + [len(part.note_labels) for part in parts[:-1]])
    notes = np.concatenate([part.notes + row for part, row in zip(parts, first_rows, strict=True)])
    calibration = Calibration(
        labels=np.array(
            [
                _platt([source[:, column] for source in sources.labels], marked[:, column])
                for column in range(len(labels))
            ]
        ),
        contexts=_calibrate_contexts(sources.contexts, marked_contexts),
        evidence=_platt(sources.evidence, truth.any(axis=1)),
    )
    affirmed = calibration.context_probabilities(sources)[:, [AFFIRMED]]
    scores = calibration.label_probabilities(sources) * affirmed
    best = best_of_notes(scores, notes, len(truth))
    evidence = calibration.evidence_probabilities(sources)
    chosen = [_best_threshold(best[:, column], truth[:, column]) for column in range(len(labels))]
    return Calibrated(
        calibration=calibration,
        thresholds=dict(zip(labels, chosen, strict=True)),
        metrics=_metrics(best, evidence, truth, np.array(chosen), labels),
    )


def _concatenate(parts: Sequence[Sources]) -> Sources:
    """Put the rows of the same sources below one another."""
    return Sources(
        *(
            tuple(map(np.concatenate, zip(*(getattr(part, kind) for part in parts), strict=True)))
            for kind in ("labels", "contexts", "evidence")
        )
    )


def _platt(sources: Sequence[np.ndarray], marked: np.ndarray) -> np.ndarray:
    """Fit slopes and intercept of a sigmoid; what is never or always marked has one answer."""
    if marked.all() or not marked.any():
        return np.array([0.0] * len(sources) + [10.0 if marked.any() else -10.0])
    # C is large: a few numbers from thousands of rows need no penalty.
    fitted = LogisticRegression(C=1e3, max_iter=MOST_STEPS).fit(np.stack(sources, axis=1), marked)
    return np.append(fitted.coef_[0], fitted.intercept_[0])


def _calibrate_contexts(sources: Sequence[np.ndarray], marked: np.ndarray) -> np.ndarray:
    """Fit one multinomial logistic regression from all sources' context scores."""
    rows = np.flatnonzero(marked >= 0)
    stacked = np.hstack(sources)[rows]
    weights = np.zeros((stacked.shape[1] + 1, len(CONTEXTS)))
    seen = np.unique(marked[rows])
    # A context that no held-out phrase has stays as unlikely as numbers can say.
    weights[-1] = np.where(np.isin(np.arange(len(CONTEXTS)), seen), 0.0, -UNSEEN_LOG_ODDS)
    if len(seen) > 1:
        fitted = LogisticRegression(C=1.0, max_iter=MOST_STEPS).fit(stacked, marked[rows])
        coefficients, intercepts = fitted.coef_, fitted.intercept_
        if len(seen) == 2:  # scikit-learn then keeps the second only
            coefficients = np.vstack([0 * coefficients, coefficients])
            intercepts = np.append(0.0, intercepts)
        weights[:-1, seen], weights[-1, seen] = coefficients.T, intercepts
    return weights


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
