"""Turn what models said of unseen notes into figures with bootstrap intervals.

Tables of notes by labels and weights of draws by notes go in; dicts that can be written as JSON
come out. A figure is a dict of ``value`` and ``interval``, see `training.measures.figure`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from classifier.findings import Finding, NoteEvidence
from classifier.note import CONTEXTS, Mark, Note, overlaps
from training.measures import (
    FIGURES,
    MEASURES,
    area_under_roc,
    average_precision,
    count_spans,
    figure,
    mean_over_labels,
    plain,
    precision_at,
    precision_at_recalls,
    precision_recall_f1,
    reading_curve,
    reliability,
    reweigh,
    share_to_read,
    span_figures,
)
from training.outcome import SUITE_NOT_RUN, Outcome
from training.probes import NAMES_OF

BUDGETS = (0.01, 0.05, 0.1)
"""Shares of the notes that a force may have time to read."""

RECALL = 0.95
"""Share of the notes with evidence that reading on is to reach."""

PREVALENCE = 0.01
"""Share of notes with evidence in a busy control room; in the corpus it is about half."""

LEAST_SHOWN = 0.05
"""Lowest threshold that training may choose; a phrase with a lower score is never shown."""

CURVE_RECALLS = tuple(round(0.05 * step, 2) for step in range(1, 21))
"""Where precision-recall curves are drawn."""

ALL_NAMES = f"{NAMES_OF}all of these"
"""A note counts as unchanged here only if it is so for every origin."""


def measure_labels(
    scores: np.ndarray,
    shown: np.ndarray,
    truth: np.ndarray,
    labels: Sequence[str],
    weights: np.ndarray,
) -> tuple[dict[str, dict], dict[str, dict], dict[str, list]]:
    """Measure each label over notes, the means over labels, and the curves.

    Parameters
    ----------
    scores, shown, truth : ndarray of shape (n_notes, n_labels)
        Highest affirmed score; whether an affirmed finding is shown; whether people marked one.
    labels : sequence of str
        Column order.
    weights : ndarray of shape (n_draws, n_notes)
        From `training.measures.draw_weights`.

    Returns
    -------
    by_label : dict
        ``notes`` that hold the label (support), ``average_precision`` and ``FIGURES`` of each.
    means : dict
        ``macro``, the mean over labels that some note holds, and ``micro``, all labels together.
    curves : dict
        Points of precision and recall of each label.
    """
    counts = _count(shown, truth, weights)
    figures = precision_recall_f1(counts)
    by_label, curves, precisions = {}, {}, []
    for column, label in enumerate(labels):
        read, met = reading_curve(scores[:, column], truth[:, column], weights)
        precisions.append(average_precision(read, met))
        by_label[label] = {
            "notes": int(truth[:, column].sum()),
            "average_precision": figure(precisions[-1]),
            **_named(figures[:, column]),
        }
        curves[label] = precision_at_recalls(read, met, CURVE_RECALLS)
    macro = _macro(counts, figures)
    means = {
        "macro": {
            "average_precision": figure(mean_over_labels(np.array(precisions).T)),
            **_named(macro),
        },
        "micro": _named(precision_recall_f1(counts.sum(axis=1))),
    }
    return by_label, means, curves


def _count(shown: np.ndarray, truth: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Sum over notes, in every draw, what is in both, shown and marked."""
    return np.stack([weights @ table for table in (shown & truth, shown, truth)], axis=-1)


def _macro(counts: np.ndarray, figures: np.ndarray) -> np.ndarray:
    """Average over labels that are marked; one of which nothing is shown has no precision: 0."""
    is_marked = counts[:, :, 2] > 0
    known = np.where(is_marked[:, :, None], np.nan_to_num(figures), np.nan)
    return np.stack([mean_over_labels(known[:, :, i]) for i in range(len(FIGURES))], axis=-1)


def _named(values: np.ndarray) -> dict[str, dict]:
    """Name precision, recall and F1 of all draws."""
    return {name: figure(values[:, i]) for i, name in enumerate(FIGURES)}


def measure_queue(
    queue: np.ndarray, shown: np.ndarray, truth: np.ndarray, weights: np.ndarray
) -> tuple[dict[str, object], list[list[float | None]]]:
    """Measure evidence of any kind: the order of reading, and highlighted or not.

    Parameters
    ----------
    queue : ndarray of shape (n_notes,)
        Notes are read in its order, highest first.
    shown, truth : ndarray of shape (n_notes,)
        Whether any affirmed finding is shown; whether people marked any.
    weights : ndarray of shape (n_draws, n_notes)
        From `training.measures.draw_weights`.

    Returns
    -------
    figures : dict
        ``auc``, ``average_precision``, ``FIGURES``, ``precision_at`` the ``BUDGETS`` and
        ``share_to_read`` for ``RECALL``.
    curve : list of [recall, precision]
        Of the order.
    """
    read, met = reading_curve(queue, truth, weights)
    return {
        "auc": figure(area_under_roc(read, met)),
        "average_precision": figure(average_precision(read, met)),
        **_named(precision_recall_f1(_count(shown, truth, weights))),
        "precision_at": [
            {"share_read": share, **figure(precision_at(read, met, share))} for share in BUDGETS
        ],
        "share_to_read": {"recall": RECALL, **figure(share_to_read(read, met, RECALL))},
    }, precision_at_recalls(read, met, CURVE_RECALLS)


def measure_at_prevalence(
    queue: np.ndarray,
    shown: np.ndarray,
    truth: np.ndarray,
    labels: Sequence[str],
    weights: np.ndarray,
) -> tuple[dict[str, object], list[list[float | None]]]:
    """Restate figures as if only ``PREVALENCE`` of the notes held evidence.

    Parameters
    ----------
    queue : ndarray of shape (n_notes,)
        The order of reading.
    shown, truth : ndarray of shape (n_notes, n_labels)
        What is shown and what people marked.
    labels : sequence of str
        Column order.
    weights : ndarray of shape (n_draws, n_notes)
        From `training.measures.draw_weights`.

    Returns
    -------
    figures : dict
        As `measure_queue` gives them, with ``prevalence``, and ``macro``, ``micro`` and ``labels``
        with ``FIGURES``; empty where all notes are of one kind, so that nothing can be restated.
    curve : list of [recall, precision]
        Of the order.
    """
    any_truth = truth.any(axis=1)
    if any_truth.all() or not any_truth.any():
        return {}, []
    rare = reweigh(weights, any_truth, PREVALENCE)
    figures, curve = measure_queue(queue, shown.any(axis=1), any_truth, rare)
    counts = _count(shown, truth, rare)
    by_label = precision_recall_f1(counts)
    return {
        "prevalence": PREVALENCE,
        **figures,
        "macro": _named(_macro(counts, by_label)),
        "micro": _named(precision_recall_f1(counts.sum(axis=1))),
        "labels": {label: _named(by_label[:, column]) for column, label in enumerate(labels)},
    }, curve


def measure_phrases(
    found: Sequence[NoteEvidence], labels: Sequence[str], weights: np.ndarray
) -> dict[str, object]:
    """Measure which words are highlighted.

    Parameters
    ----------
    found : sequence of NoteEvidence
        With the marks of people in their notes.
    labels : sequence of str
        Column order.
    weights : ndarray of shape (n_draws, n_notes)
        From `training.measures.draw_weights`.

    Returns
    -------
    dict
        As `training.measures.measure_spans`, every number with its interval.
    """
    counts = count_spans(
        [evidence.note.text for evidence in found],
        [evidence.note.marks for evidence in found],
        [evidence.findings for evidence in found],
        labels,
    )
    sums = (weights @ counts.reshape(len(found), -1)).reshape(-1, *counts.shape[1:])
    figures = span_figures(sums)
    by_label = figures.pop("labels")
    return {
        **{name: _by_measure(values) for name, values in figures.items()},
        "labels": {label: _by_measure(by_label[:, column]) for column, label in enumerate(labels)},
    }


def _by_measure(values: np.ndarray) -> dict[str, dict[str, dict]]:
    """Name the figures of each measure of spans."""
    return {measure: _named(values[:, row]) for row, measure in enumerate(MEASURES)}


def measure_contexts(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Compare contexts: of marked phrases, and of findings that meet a mark of their label.

    Parameters
    ----------
    outcomes : sequence of Outcome
        One for each part.

    Returns
    -------
    dict
        ``phrases`` and ``findings``, each with ``n``, ``accuracy`` and a table of ``contexts``.
    """
    phrases = np.concatenate([outcome.contexts for outcome in outcomes])
    shown = [
        (CONTEXTS.index(mark.context), CONTEXTS.index(finding.context))
        for outcome in outcomes
        for evidence in outcome.found
        for finding in evidence.findings
        if (mark := _met_mark(finding, evidence.note))
    ]
    return {
        "phrases": _confusion(phrases),
        "findings": _confusion(np.array(shown, dtype=np.intp).reshape(-1, 2)),
    }


def _met_mark(finding: Finding, note: Note) -> Mark | None:
    """Find the mark of a finding's label that shares most characters with it."""
    met = [mark for mark in note.marks if mark.label == finding.label and overlaps(mark, finding)]
    return max(
        met, key=lambda m: min(m.end, finding.end) - max(m.start, finding.start), default=None
    )


def _confusion(pairs: np.ndarray) -> dict[str, object]:
    """Count pairs of marked and chosen context, with precision and recall of each."""
    table = np.zeros((len(CONTEXTS), len(CONTEXTS)), dtype=np.int64)
    np.add.at(table, (pairs[:, 0], pairs[:, 1]), 1)
    counts = np.stack([table.diagonal(), table.sum(axis=0), table.sum(axis=1)], axis=-1)
    return {
        "n": len(pairs),
        "accuracy": plain(table.trace() / len(pairs)) if len(pairs) else None,
        "contexts": {
            context: {
                "n": int(table[row].sum()),
                **dict(zip(FIGURES, map(plain, values), strict=True)),
                "chosen": dict(zip(CONTEXTS, table[row].tolist(), strict=True)),
            }
            for row, (context, values) in enumerate(
                zip(CONTEXTS, precision_recall_f1(counts), strict=True)
            )
        },
    }


def measure_calibration(outcomes: Sequence[Outcome], labels: Sequence[str]) -> dict[str, object]:
    """Compare the scores of phrases with how often people marked them.

    Parameters
    ----------
    outcomes : sequence of Outcome
        One for each part.
    labels : sequence of str
        Column order.

    Returns
    -------
    dict
        ``all_phrases``, those that ``may_be_shown`` (from ``least_shown``), and ``labels``; see
        `training.measures.reliability`.
    """
    scores = np.concatenate([outcome.affirmed for outcome in outcomes])
    marked = np.concatenate([outcome.affirmed_marked for outcome in outcomes])
    may_show = scores >= LEAST_SHOWN
    by_label = {}
    for column, label in enumerate(labels):
        rows = may_show[:, column]
        by_label[label] = reliability(scores[rows, column], marked[rows, column])
    return {
        "all_phrases": reliability(scores.ravel(), marked.ravel()),
        "least_shown": LEAST_SHOWN,
        "may_be_shown": reliability(scores[may_show], marked[may_show]),
        "labels": by_label,
    }


def measure_look_alikes(
    found: Sequence[NoteEvidence], shown: np.ndarray, truth: np.ndarray, weights: np.ndarray
) -> dict[str, dict]:
    """Say, for each kind of note without evidence, how many stay without an affirmed finding.

    Parameters
    ----------
    found : sequence of NoteEvidence
        With ``meta["kind"]`` in their notes.
    shown, truth : ndarray of shape (n_notes,)
        Whether any affirmed finding is shown; whether people marked any.
    weights : ndarray of shape (n_draws, n_notes)
        From `training.measures.draw_weights`.

    Returns
    -------
    dict
        By kind, and for ``all``: ``notes``, ``without_finding``, ``findings_per_note``, and
        ``precision``: the share with evidence among highlighted notes, if there were as many
        notes of this kind as notes with evidence.
    """
    kinds = np.array([str(evidence.note.meta.get("kind", "not given")) for evidence in found])
    counts = np.array(
        [sum(f.context == "affirmed" for f in evidence.findings) for evidence in found]
    )
    met = _share(shown, truth, weights)
    figures = {}
    for kind in [*sorted(set(kinds[~truth].tolist())), "all"]:
        rows = ~truth & ((kinds == kind) | (kind == "all"))
        wrong = _share(shown, rows, weights)
        both = met + wrong
        figures[kind] = {
            "notes": int(rows.sum()),
            "without_finding": figure(1 - wrong),
            "findings_per_note": figure(_share(counts, rows, weights)),
            "precision": figure(
                np.divide(met, both, out=np.full(len(both), np.nan), where=both > 0)
            ),
        }
    return figures


def _share(values: np.ndarray, rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Average values over some notes, in every draw."""
    total, n = weights @ (values * rows), weights @ rows
    return np.divide(total, n, out=np.full(len(weights), np.nan), where=n > 0)


def measure_changes(
    outcomes: Sequence[Outcome], shown: np.ndarray, weights: np.ndarray
) -> dict[str, dict]:
    """Say how many notes keep their affirmed labels when what should not matter is changed.

    Parameters
    ----------
    outcomes : sequence of Outcome
        One for each part.
    shown : ndarray of shape (n_notes,)
        Whether any affirmed finding is shown.
    weights : ndarray of shape (n_draws, n_notes)
        From `training.measures.draw_weights`.

    Returns
    -------
    dict
        For each change: ``notes`` and ``same_labels``, and both again for notes with findings.
    """
    changes = {
        name: np.concatenate([outcome.changes[name] for outcome in outcomes])
        for name in outcomes[0].changes
    }
    if named := [same for name, same in changes.items() if name.startswith(NAMES_OF)]:
        changes[ALL_NAMES] = np.min(named, axis=0)
    figures = {}
    for name, same in changes.items():
        rows = same >= 0
        figures[name] = {
            "notes": int(rows.sum()),
            "same_labels": figure(_share(same == 1, rows, weights)),
            "notes_with_findings": int((rows & shown).sum()),
            "same_labels_with_findings": figure(_share(same == 1, rows & shown, weights)),
        }
    return figures


def measure_removals(outcomes: Sequence[Outcome], weights: np.ndarray) -> dict[str, object]:
    """Give comprehensiveness and sufficiency of highlights.

    Parameters
    ----------
    outcomes : sequence of Outcome
        One for each part.
    weights : ndarray of shape (n_draws, n_notes)
        From `training.measures.draw_weights`.

    Returns
    -------
    dict
        ``pairs`` of note and label, the mean fall of the score, and that for random words.

    References
    ----------
    .. [1] J. DeYoung et al., "ERASER: A Benchmark to Evaluate Rationalized NLP Models", ACL 2020.
    """
    firsts = np.cumsum([0] + [len(outcome.found) for outcome in outcomes[:-1]])
    removals = np.concatenate(
        [
            outcome.removals + first * np.eye(6)[0]
            for outcome, first in zip(outcomes, firsts, strict=True)
        ]
    )
    notes, score = removals[:, 0].astype(np.intp), removals[:, 1]
    n_pairs = np.bincount(notes, minlength=weights.shape[1])
    figures: dict[str, object] = {"pairs": len(removals)}
    columns = (
        *("comprehensiveness", "sufficiency"),
        *("comprehensiveness_of_random_words", "sufficiency_of_random_words"),
    )
    for column, name in enumerate(columns, start=2):
        change = np.bincount(notes, score - removals[:, column], weights.shape[1])
        total, n = weights @ change, weights @ n_pairs
        figures[name] = figure(np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0))
    return figures


def measure_functional(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Join what the functional suite gave for each part.

    Parameters
    ----------
    outcomes : sequence of Outcome
        One for each part, each with a model of its own.

    Returns
    -------
    dict
        ``run``; if so ``models``, ``passed``, ``cases`` (each case once a model), ``share``,
        ``by_functionality`` the ids that any model ``failed`` and how many
        cases were ``left_out``; else ``why``.
    """
    suites = [outcome.functional for outcome in outcomes]
    if not all(suite.get("run") for suite in suites):
        why = next((suite["why"] for suite in suites if "why" in suite), None)
        return {"run": False, "why": why or SUITE_NOT_RUN.format("it was not asked for")}
    passed, cases = (Counter() for _ in range(2))
    for suite in suites:
        for name, row in suite["by_functionality"].items():
            passed[name] += row["passed"]
            cases[name] += row["cases"]
    n_passed, n_cases = (sum(suite[key] for suite in suites) for key in ("passed", "cases"))
    failed: Mapping[str, None] = dict.fromkeys(id for suite in suites for id in suite["failed"])
    return {
        "run": True,
        "models": len(suites),
        "passed": n_passed,
        "cases": n_cases,
        "share": plain(n_passed / n_cases),
        "by_functionality": {
            name: {"passed": passed[name], "cases": cases[name]} for name in cases
        },
        "failed": list(failed),
        "left_out": max(suite.get("left_out", 0) for suite in suites),
    }
