"""Measure a model on notes it has not seen, and say what the figures do not show."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from classifier.context import AFFIRMED
from classifier.doc import make_docs
from classifier.evidence import BATCH_NOTES, find_all
from classifier.findings import NoteEvidence
from classifier.labels import LabelSet
from classifier.model import Model
from classifier.note import CONTEXTS, Note, overlaps
from classifier.phrases import lay_out
from training.measures import (
    FIGURES,
    MEASURES,
    area_under_roc,
    average_precision,
    count_spans,
    draw_weights,
    figure,
    find_words,
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
from training.targets import marks_to_targets
from training.train import split_by_author, train

RESAMPLES = 1000
"""Bootstrap samples of notes behind the intervals."""

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

MOST_REMOVALS = 1000
"""Pairs of note and label, chosen at random, from which highlights are taken to measure them."""

FEWEST_GROUPS = 3
"""Author groups: one is held out, and training holds one of the others out in turn."""

LIMITS = (
    "The corpus that comes with Unheard is invented. Figures on it may not hold for real "
    "call notes.",
    "Where fewer notes hold evidence than here, precision is lower; see the figures restated at "
    "1 %.",
    "In the corpus, notes without evidence were written to look alike. Real routine notes may be "
    "easier, and may differ in ways that nobody thought of.",
    "Intervals say how much figures vary with the choice of notes, not with the choice of authors.",
    "A highlight is evidence for a person to review. No figure here says how often abuse took "
    "place or was missed.",
)


@dataclass(frozen=True)
class Outcome:
    """What a model said of notes it has not seen, beside what people marked.

    Parameters
    ----------
    found : tuple of NoteEvidence
        One for each note.
    affirmed, affirmed_marked : ndarray of shape (n_phrases, n_labels)
        Scores of affirmed evidence, and whether people marked it.
    contexts : ndarray of shape (n_marked_phrases, 2)
        Rows of ``CONTEXTS``, marked and likeliest, of the phrases that people marked.
    changes : dict of str to ndarray of shape (n_notes,)
        For each of ``VARIANTS``: 1 if the changed note keeps its labels, 0 if not, -1 if there was
        nothing to change.
    removals : ndarray of shape (n_pairs, 6)
        Row of the note; its score for one label; and this score without the highlighted words,
        with nothing else, and the same for as many words chosen at random.
    """

    found: tuple[NoteEvidence, ...]
    affirmed: np.ndarray
    affirmed_marked: np.ndarray
    contexts: np.ndarray
    changes: Mapping[str, np.ndarray]
    removals: np.ndarray


def evaluate(
    model: Model,
    notes: Sequence[Note],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    probe: bool = True,
    tell: Callable[[str], None] = lambda stage: None,
) -> dict[str, object]:
    """Measure a model on marked notes that it has not seen.

    Parameters
    ----------
    model : Model
        With the thresholds that are to be measured.
    notes : sequence of Note
        Marked by people, and not among the notes the model learnt from: this is not checked.
    seed : int
        For bootstrap samples and changes of notes; figures are repeatable from it.
    resamples : int
        Bootstrap samples behind the intervals.
    probe : bool
        Whether notes are changed to measure invariance and faithfulness, which takes longest.
    tell : callable
        Called with the name of every stage as it begins.

    Returns
    -------
    dict
        Ready for `write_results`; see `measure_outcomes`.

    Raises
    ------
    ValueError
        If there are no notes, or a mark has a label that the model does not know.
    """
    outcome = score_unseen(model, notes, seed=seed, probe=probe, tell=tell)
    thresholds = {label: [model.thresholds[label]] for label in model.label_set.ids}
    measured_on = "notes that were given; the model must not have learnt from them"
    return measure_outcomes(
        [outcome],
        model.label_set.ids,
        about={"measured_on": measured_on, "thresholds": thresholds},
        seed=seed,
        resamples=resamples,
        tell=tell,
    )


def cross_validate(
    notes: Sequence[Note],
    label_set: LabelSet,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    probe: bool = True,
    tell: Callable[[str], None] = lambda stage: None,
) -> dict[str, object]:
    """Measure training itself: hold author groups out in turn and score them.

    Everything is chosen among the other authors' notes, calibration and thresholds too, where
    training holds groups out once more. So no figure has seen the notes it is measured on.

    Parameters
    ----------
    notes : sequence of Note
        Whole notes and single sentences, as `training.train.train` takes them; figures are about
        whole notes.
    label_set : LabelSet
        The labels to learn.
    seed, resamples : int
        As `evaluate` takes them.
    probe : bool
        Whether invariance and faithfulness are measured.
    tell : callable
        Called with the name of every stage as it begins.

    Returns
    -------
    dict
        Ready for `write_results`; see `measure_outcomes`.

    Raises
    ------
    ValueError
        If fewer than three author groups hold whole notes, or training is not possible.
    """
    whole = [note for note in notes if note.meta.get("unit", "note") == "note"]
    groups = {str(note.meta.get("group", note.id)) for note in whole}
    if len(groups) < FEWEST_GROUPS:
        raise ValueError(
            f"cross-validation needs whole notes of three or more author groups, found "
            f"{len(groups)}; measure a trained model on other notes instead"
        )
    folds = split_by_author(notes)
    outcomes, thresholds = [], {label: [] for label in label_set.ids}
    for number, (training, testing) in enumerate(folds, start=1):
        tell_part = partial(_tell_part, tell, f"part {number} of {len(folds)}")
        model = train(
            [notes[row] for row in training],
            label_set,
            seed=seed,
            keep_examples=False,
            tell=tell_part,
        )
        held_out = [notes[row] for row in testing]
        outcomes.append(score_unseen(model, held_out, seed=seed, probe=probe, tell=tell_part))
        for label in label_set.ids:
            thresholds[label].append(model.thresholds[label])
    measured_on = (
        f"author groups held out in {len(folds)} parts; calibration and thresholds chosen among "
        "the other authors"
    )
    return measure_outcomes(
        outcomes,
        label_set.ids,
        about={"measured_on": measured_on, "thresholds": thresholds},
        seed=seed,
        resamples=resamples,
        tell=tell,
    )


def _tell_part(tell: Callable[[str], None], part: str, stage: str) -> None:
    """Tell a stage of one part."""
    tell(f"{part}: {stage}")


def score_unseen(
    model: Model,
    notes: Sequence[Note],
    *,
    seed: int,
    probe: bool = True,
    tell: Callable[[str], None] = lambda stage: None,
) -> Outcome:
    """Let a model say what it finds in notes it has not seen.

    Parameters
    ----------
    model : Model
        Trained on other notes.
    notes : sequence of Note
        Marked by people.
    seed : int
        For changes of notes.
    probe : bool
        Whether invariance and faithfulness are measured.
    tell : callable
        Called with the name of every stage as it begins.

    Returns
    -------
    Outcome
        For `measure_outcomes`.

    Raises
    ------
    ValueError
        If there are no notes, or a mark has a label that the model does not know.
    """
    if not notes:
        raise ValueError("nothing to measure; give marked notes that the model has not seen")
    tell("scoring")
    affirmed, marked, contexts = [], [], []
    for start in range(0, len(notes), BATCH_NOTES):
        batch = notes[start : start + BATCH_NOTES]
        docs = make_docs([note.text for note in batch], model.nlp)
        layout = lay_out(docs)
        targets = marks_to_targets(batch, docs, layout, model.label_set.ids)
        scores = model.score(layout)
        affirmed.append(scores.labels * scores.contexts[:, [AFFIRMED]])
        marked.append(targets.phrases & (targets.phrase_contexts == AFFIRMED)[:, None])
        rows = np.flatnonzero(targets.phrase_contexts >= 0)
        likeliest = scores.contexts[rows].argmax(axis=1)
        contexts.append(np.stack([targets.phrase_contexts[rows], likeliest], axis=1))
    found = tuple(find_all(notes, model))
    changes: dict[str, np.ndarray] = {}
    if probe:
        for name in VARIANTS:
            tell(f"changed notes: {name}")
            changes[name] = _same_labels(model, found, name, seed)
        tell("faithfulness")
    return Outcome(
        found=found,
        affirmed=np.concatenate(affirmed),
        affirmed_marked=np.concatenate(marked),
        contexts=np.concatenate(contexts),
        changes=changes,
        removals=_remove_highlights(model, found, seed) if probe else np.zeros((0, 6)),
    )


# Figures


def measure_outcomes(
    outcomes: Sequence[Outcome],
    labels: Sequence[str],
    *,
    about: Mapping[str, object],
    seed: int,
    resamples: int,
    tell: Callable[[str], None] = lambda stage: None,
) -> dict[str, object]:
    """Turn what models said into figures.

    A figure is a dict of ``value`` and ``interval`` (95 %, bootstrap over notes). A note counts
    as showing a label if it has an affirmed finding of it, and as holding a label if people
    marked affirmed evidence of it. Means over labels are over those that some note holds.

    Parameters
    ----------
    outcomes : sequence of Outcome
        One for each part.
    labels : sequence of str
        Column order.
    about : mapping
        Where the figures come from.
    seed, resamples : int
        Of the bootstrap.
    tell : callable
        Called with the name of every stage as it begins.

    Returns
    -------
    dict
        ``about``, ``limits``, ``summary``, ``labels``, ``any_evidence``, ``at_prevalence``,
        ``phrases``, ``contexts``, ``calibration``, ``look_alikes``, ``invariance``,
        ``faithfulness`` and ``curves``. No words of a note.
    """
    tell("figures")
    found = [evidence for outcome in outcomes for evidence in outcome.found]
    truth = _table([_affirmed(evidence.note.marks) for evidence in found], labels)
    shown = _table([_affirmed(evidence.findings) for evidence in found], labels)
    scores = np.array([[evidence.scores[label] for label in labels] for evidence in found])
    weights = draw_weights(len(found), resamples, seed=seed)
    by_label, means, label_curves = _measure_labels(scores, shown, truth, labels, weights)
    queue = np.array([evidence.evidence for evidence in found])
    any_shown, any_truth = shown.any(axis=1), truth.any(axis=1)
    any_evidence, curve = _measure_queue(queue, any_shown, any_truth, weights)
    at_prevalence, rare_curve = {}, []  # with one kind of note there is nothing to reweigh
    if any_truth.any() and not any_truth.all():
        rare = reweigh(weights, any_truth, PREVALENCE)
        figures, rare_curve = _measure_queue(queue, any_shown, any_truth, rare)
        at_prevalence = {"prevalence": PREVALENCE, **figures}
    phrases = _measure_phrases(found, labels, weights)
    token_f1 = phrases["any_evidence"]["token"]["f1"]
    return {
        "about": {
            **about,
            "notes": len(found),
            "with_evidence": int(any_truth.sum()),
            "groups": len({str(e.note.meta.get("group", e.note.id)) for e in found}),
            "seed": seed,
            "resamples": resamples,
        },
        "limits": list(LIMITS),
        "summary": means | {"any_evidence_auc": any_evidence["auc"], "token_f1": token_f1},
        "labels": by_label,
        "any_evidence": any_evidence,
        "at_prevalence": at_prevalence,
        "phrases": phrases,
        "contexts": _measure_contexts(outcomes),
        "calibration": _measure_calibration(outcomes, labels),
        "look_alikes": _measure_look_alikes(found, any_truth, weights),
        "invariance": _measure_changes(outcomes, any_shown, weights),
        "faithfulness": _measure_removals(outcomes, weights),
        "curves": {"any_evidence": curve, "at_prevalence": rare_curve, "labels": label_curves},
    }


def write_results(results: Mapping[str, object], path: str | Path) -> None:
    """Write results as JSON; the same results give the same bytes.

    Parameters
    ----------
    results : mapping
        From `evaluate` or `cross_validate`.
    path : path-like
        The file to write.
    """
    text = json.dumps(results, indent=1, ensure_ascii=False, allow_nan=False)
    Path(path).write_text(text + "\n", encoding="utf-8", newline="\n")


def _affirmed(spans: Sequence) -> set[str]:
    """Give the labels of affirmed spans."""
    return {span.label for span in spans if span.context == "affirmed"}


def _table(sets: Sequence[set[str]], labels: Sequence[str]) -> np.ndarray:
    """Turn sets of labels into a table of notes by labels."""
    return np.array([[label in found for label in labels] for found in sets], dtype=bool)


def _measure_labels(
    scores: np.ndarray,
    shown: np.ndarray,
    truth: np.ndarray,
    labels: Sequence[str],
    weights: np.ndarray,
) -> tuple[dict[str, dict], dict[str, dict], dict[str, list]]:
    """Measure each label over notes, the means over labels, and the curves."""
    counts = np.stack([weights @ table for table in (shown & truth, shown, truth)], axis=-1)
    figures = precision_recall_f1(counts)
    by_label, curves, precisions = {}, {}, []
    for column, label in enumerate(labels):
        read, met = reading_curve(scores[:, column], truth[:, column], weights)
        precisions.append(average_precision(read, met))
        by_label[label] = {
            "notes": int(truth[:, column].sum()),
            "average_precision": figure(precisions[-1]),
            **{name: figure(figures[:, column, i]) for i, name in enumerate(FIGURES)},
        }
        curves[label] = precision_at_recalls(read, met, CURVE_RECALLS)
    f1 = np.where(counts[:, :, 2] > 0, figures[:, :, 2], np.nan)
    micro = precision_recall_f1(counts.sum(axis=1))
    means = {
        "mean_average_precision": figure(_mean(np.array(precisions).T)),
        "macro_f1": figure(_mean(f1)),
        "micro_f1": figure(micro[:, 2]),
    }
    return by_label, means, curves


def _mean(values: np.ndarray) -> np.ndarray:
    """Average over labels, without those that a draw does not hold."""
    known = np.isfinite(values)
    total = np.where(known, values, 0).sum(axis=1)
    return np.where(known.any(axis=1), total / np.maximum(known.sum(axis=1), 1), np.nan)


def _measure_queue(
    queue: np.ndarray, shown: np.ndarray, truth: np.ndarray, weights: np.ndarray
) -> tuple[dict[str, object], list[list[float | None]]]:
    """Measure evidence of any kind: the order of reading, and highlighted or not."""
    read, met = reading_curve(queue, truth, weights)
    counts = np.stack([weights @ table for table in (shown & truth, shown, truth)], axis=-1)
    figures = precision_recall_f1(counts)
    return {
        "auc": figure(area_under_roc(read, met)),
        "average_precision": figure(average_precision(read, met)),
        **{name: figure(figures[:, i]) for i, name in enumerate(FIGURES)},
        "precision_at": [
            {"share_read": share, **figure(precision_at(read, met, share))} for share in BUDGETS
        ],
        "share_to_read": {"recall": RECALL, **figure(share_to_read(read, met, RECALL))},
    }, precision_at_recalls(read, met, CURVE_RECALLS)


def _measure_phrases(
    found: Sequence[NoteEvidence], labels: Sequence[str], weights: np.ndarray
) -> dict[str, object]:
    """Measure which words are highlighted."""
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
        **{name: _named(values) for name, values in figures.items()},
        "labels": {label: _named(by_label[:, column]) for column, label in enumerate(labels)},
    }


def _named(values: np.ndarray) -> dict[str, dict[str, dict]]:
    """Name the figures of each measure of spans."""
    return {
        measure: {name: figure(values[:, row, i]) for i, name in enumerate(FIGURES)}
        for row, measure in enumerate(MEASURES)
    }


def _measure_contexts(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Compare contexts: of marked phrases, and of findings that meet a mark of their label."""
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


def _met_mark(finding, note: Note):
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


def _measure_calibration(outcomes: Sequence[Outcome], labels: Sequence[str]) -> dict[str, object]:
    """Compare the scores of phrases with how often people marked them."""
    scores = np.concatenate([outcome.affirmed for outcome in outcomes])
    marked = np.concatenate([outcome.affirmed_marked for outcome in outcomes])
    may_show = scores >= LEAST_SHOWN
    return {
        "all_phrases": reliability(scores.ravel(), marked.ravel()),
        "least_shown": LEAST_SHOWN,
        "may_be_shown": reliability(scores[may_show], marked[may_show]),
        "labels": {
            label: {
                key: value
                for key, value in reliability(
                    scores[may_show[:, column], column], marked[may_show[:, column], column]
                ).items()
                if key != "bins"
            }
            for column, label in enumerate(labels)
        },
    }


def _measure_look_alikes(
    found: Sequence[NoteEvidence], truth: np.ndarray, weights: np.ndarray
) -> dict[str, dict]:
    """Say, for each kind of note without evidence, how many stay without an affirmed finding."""
    kinds = np.array([str(evidence.note.meta.get("kind", "not given")) for evidence in found])
    counts = np.array(
        [sum(f.context == "affirmed" for f in evidence.findings) for evidence in found]
    )
    figures = {}
    for kind in [*sorted(set(kinds[~truth])), "all"]:
        rows = ~truth & ((kinds == kind) | (kind == "all"))
        figures[kind] = {
            "notes": int(rows.sum()),
            "without_finding": figure(_share(counts == 0, rows, weights)),
            "findings_per_note": figure(_share(counts, rows, weights)),
        }
    return figures


def _share(values: np.ndarray, rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Average values over some notes, in every draw."""
    total, n = weights @ (values * rows), weights @ rows
    return np.divide(total, n, out=np.full(len(weights), np.nan), where=n > 0)


def _measure_changes(
    outcomes: Sequence[Outcome], shown: np.ndarray, weights: np.ndarray
) -> dict[str, dict]:
    """Say how many notes keep their labels when what should not matter is changed."""
    figures = {}
    for name in outcomes[0].changes:
        same = np.concatenate([outcome.changes[name] for outcome in outcomes])
        rows = same >= 0
        figures[name] = {
            "notes": int(rows.sum()),
            "same_labels": figure(_share(same == 1, rows, weights)),
            "notes_with_findings": int((rows & shown).sum()),
            "same_labels_with_findings": figure(_share(same == 1, rows & shown, weights)),
        }
    return figures


def _measure_removals(outcomes: Sequence[Outcome], weights: np.ndarray) -> dict[str, object]:
    """Give comprehensiveness and sufficiency of highlights as in ERASER (ACL 2020)."""
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


# Changed notes


def _same_labels(model: Model, found: Sequence[NoteEvidence], name: str, seed: int) -> np.ndarray:
    """Compare the labels of notes and of their changed versions."""
    same = np.full(len(found), -1)
    texts = {row: change_note(evidence.note, name, seed=seed) for row, evidence in enumerate(found)}
    rows = [row for row, text in texts.items() if text != found[row].note.text]
    changed = find_all((Note(str(row), texts[row]) for row in rows), model)
    for row, evidence in zip(rows, changed, strict=True):
        same[row] = _affirmed(evidence.findings) == _affirmed(found[row].findings)
    return same


def _remove_highlights(model: Model, found: Sequence[NoteEvidence], seed: int) -> np.ndarray:
    """Score notes without their highlighted words, and with nothing else."""
    pairs = [
        (row, label)
        for row, evidence in enumerate(found)
        for label in sorted(_affirmed(evidence.findings))
    ]
    generator = np.random.default_rng(seed)
    chosen = generator.choice(len(pairs), min(MOST_REMOVALS, len(pairs)), replace=False)
    pairs = [pairs[at] for at in sorted(chosen.tolist())]
    notes = []
    for row, label in pairs:
        text = found[row].note.text
        spans = [
            (finding.start, finding.end)
            for finding in found[row].findings
            if finding.label == label and finding.context == "affirmed"
        ]
        for extents in (spans, _random_stretch(text, spans, generator)):
            notes += [Note(str(len(notes)), part) for part in split_text(text, extents)]
    values = [evidence.scores for evidence in find_all(notes, model)]
    rows = [
        (row, found[row].scores[label], *(values[4 * at + i][label] for i in range(4)))
        for at, (row, label) in enumerate(pairs)
    ]
    return np.array(rows, dtype=float).reshape(-1, 6)


def _random_stretch(
    text: str, spans: Sequence[tuple[int, int]], generator: np.random.Generator
) -> list[tuple[int, int]]:
    """Choose as many words in a row as spans cover, anywhere in a text."""
    words = find_words(text)
    n_covered = sum(
        any(start < word_end and word_start < end for start, end in spans)
        for word_start, word_end in words
    )
    if not n_covered:
        return list(spans)
    first = int(generator.integers(len(words) - n_covered + 1))
    return [(words[first][0], words[first + n_covered - 1][1])]


def split_text(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, str]:
    """Split a text into what is outside spans and what is inside.

    Parameters
    ----------
    text : str
        Any text.
    spans : sequence of (int, int)
        In characters; may overlap.

    Returns
    -------
    outside, inside : str
        Inside, every stretch stands on a line of its own.

    Examples
    --------
    >>> split_text("He rang. He shouts at her. Left.", [(12, 25), (12, 18)])
    ('He rang. He  . Left.', 'shouts at her')
    """
    covered = np.zeros(len(text), dtype=bool)
    for start, end in spans:
        covered[start:end] = True
    edges = [0, *(np.flatnonzero(np.diff(covered)) + 1).tolist(), len(text)]
    stretches = [(covered[start], text[start:end]) for start, end in pairwise(edges) if start < end]
    outside = "".join(" " if inside else stretch for inside, stretch in stretches)
    return outside, "\n".join(stretch for inside, stretch in stretches if inside)


def change_note(note: Note, name: str, *, seed: int) -> str:
    """Change in a note what should not matter.

    Parameters
    ----------
    note : Note
        Any note.
    name : str
        One of ``VARIANTS``.
    seed : int
        With the note's id it decides what is changed.

    Returns
    -------
    str
        The note's own text if there is nothing to change.
    """
    key = zlib.crc32(f"{name}\n{note.id}".encode())
    return VARIANTS[name](note, np.random.default_rng([seed, key]))


_PAIRS = (
    "he she|himself herself|husband wife|husbands wives|boyfriend girlfriend|bf gf|"
    "boyfriends girlfriends|mum dad|mums dads|mummy daddy|mother father|mothers fathers|"
    "stepmother stepfather|stepmum stepdad|son daughter|sons daughters|stepson stepdaughter|"
    "grandson granddaughter|brother sister|brothers sisters|uncle aunt|uncles aunts|"
    "nephew niece|nephews nieces|grandmother grandfather|grandma grandpa|nan grandad|"
    "man woman|men women|male female|males females|boy girl|boys girls|gentleman lady|"
    "gentlemen ladies|lad lass|lads lasses|mr mrs|sir madam|hubby wifey"
)
"""Pronouns and kin terms that stand for one another but for sex. Written for this project."""

_SWAPS = {
    word: other for pair in _PAIRS.split("|") for word, other in (pair.split(), pair.split()[::-1])
} | {"ms": "mr", "him": "her", "hers": "his", "auntie": "uncle", "granny": "grandad"}
_SEXED = re.compile(
    rf"(?<![\w/])({'|'.join(sorted({*_SWAPS, 'his', 'her'}, key=len, reverse=True))})(?![\w/])",
    re.I,
)
_FOLLOWS_OBJECT = frozenset(
    "a about after again all alone and any as at away back because before but by do doing down "
    "every for from go he how i if in into it just like more not now of off on or out over she "
    "so that the then there they this through to today too until up was we what when where "
    "whether which while who why will with without would you".split()
)
"""Words before which *her* is *him*; before any other word it is *his*."""

NAMES_TO_REPLACE = frozenset(
    "Aaron Adam Adele Agnes Aisha Alan Alex Alfie Ali Alice Alison Amanda Amy Andrea Andrew "
    "Andy Angela Anita Ann Anna Anne Anthony Arthur Ashley Barbara Barry Ben Beth Bev Brenda "
    "Brian Callum Carl Caroline Catherine Charlie Charlotte Chloe Chris Christine Claire Colin "
    "Connor Craig Daisy Daniel Danny Darren Dave David Dawid Deborah Debbie Denise Derek Diane "
    "Donna Doreen Dorothy Eddie Edward Eileen Elaine Eleanor Elizabeth Ella Ellie Emily Emma "
    "Eric Ethan Evie Fatima Fiona Freya Gareth Garry Gary Gavin Gemma Geoff George Gillian "
    "Gordon Graham Greg Hannah Harry Hassan Hayley Heather Helen Henry Holly Ian Isabel Isla "
    "Jacob Jacqueline Jake James Jamie Jane Janet Jason Jean Jeff Jenny Jessica Joan Joanne Joe "
    "John Jordan Joseph Josh Joyce Jude Julia Julie Karen Kate Katie Kayleigh Keith Kelly "
    "Kenneth Kerry Kevin Khalid Kian Kieran Kim Kirsty Kyle Laura Lauren Leanne Lee Leon Lewis "
    "Liam Linda Lisa Liz Lorraine Louise Lucy Luke Lynn Maisie Malcolm Margaret Maria Marie "
    "Martin Mary Matthew Maureen Megan Mia Michael Michelle Mick Mike Millie Mohammed Molly "
    "Nadia Naomi Natalie Nathan Neil Niamh Nicola Nigel Noah Nicole Oliver Olivia Oscar Owen "
    "Pamela Patricia Paul Pauline Peter Phil Philip Rachel Raj Rebecca Richard Rita Robert "
    "Roger Ronald Ross Rowan Roy Russell Ruth Ryan Sally Sam Samantha Samuel Sandra Sarah Scott "
    "Sean Sharon Sheila Shirley Sian Simon Sophie Stacey Stephen Steve Steven Stuart Susan "
    "Suzanne Tanya Terry Theresa Thomas Tim Tina Toby Tom Tony Tracey Tracy Trevor Valerie "
    "Vanessa Vera Wayne Wendy William Yvonne Zoe".split()
)
"""Given names often met in notes; none is also an ordinary word. Written for this project."""

NAMES_OF_MANY_ORIGINS = tuple(
    "Aarav Abena Adaeze Agnieszka Aisling Amara Anahit Anjali Ayodele Beatriz Bilal Bronwen "
    "Chiara Chidi Dimitrios Eilidh Emeka Farida Gurpreet Hamza Hiroko Ifeoma Imran Ioana Jelena "
    "Jiawei Katarzyna Kwame Lakshmi Leila Linh Mateo Mehmet Mei Nikolai Nasrin Oksana Parveen "
    "Priya Rashid Roksana Samir Siobhan Somchai Tariq Thandiwe Tomasz Yasmin Yusuf Zainab".split()
)
"""Given names from Africa, Asia, Europe and Latin America, as met in Britain."""

_CAPITALISED = re.compile(r"\b[A-Z][A-Za-z]+\b")
_SPACE = re.compile(r"(?<=\S) (?=\S)")
_STOP = re.compile(r"(?<=\w)\.(?=\s|$)")

FEW = 0.1
"""Share of spaces doubled or of full stops left out; at least one."""

TYPO_LETTERS = 5
"""Letters that a word needs for two inner ones to change places."""


def _cased_like(word: str, model: str) -> str:
    """Write a word in capitals, with one or without, as another."""
    if model.isupper() and len(model) > 1:
        return word.upper()
    return word.capitalize() if model[0].isupper() else word


def _swap_sex(note: Note, generator: np.random.Generator) -> str:
    """Turn *he* into *she* and *wife* into *husband*, and the other way round."""

    def other(match: re.Match[str]) -> str:
        word = match[0].lower()
        following = re.match(r"\s+([A-Za-z0-9£]+)", note.text[match.end() :])
        next_word = following[1].lower() if following else ""
        if word == "her":
            swapped = "him" if not next_word or next_word in _FOLLOWS_OBJECT else "his"
        elif word == "his":
            swapped = "her" if next_word else "hers"
        else:
            swapped = _SWAPS[word]
        return _cased_like(swapped, match[0])

    return _SEXED.sub(other, note.text)


def _replace_names(note: Note, generator: np.random.Generator) -> str:
    """Give everybody named another name; the same person keeps the same one."""
    others = generator.permutation(np.array(NAMES_OF_MANY_ORIGINS)).tolist()
    chosen: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        name = match[0].capitalize()
        if name not in NAMES_TO_REPLACE and name not in NAMES_OF_MANY_ORIGINS:
            return match[0]
        if name not in chosen:
            chosen[name] = others[len(chosen) % len(others)]
        return _cased_like(chosen[name], match[0])

    return _CAPITALISED.sub(other, note.text)


def _change_few(
    text: str, places: Sequence[re.Match[str]], instead: str, generator: np.random.Generator
) -> str:
    """Put something else in a few of the places, chosen at random."""
    if not places:
        return text
    n_changed = max(1, round(FEW * len(places)))
    chosen = set(generator.choice(len(places), n_changed, replace=False).tolist())
    parts, at = [], 0
    for number, place in enumerate(places):
        if number in chosen:
            parts += [text[at : place.start()], instead]
            at = place.end()
    return "".join([*parts, text[at:]])


def _double_spaces(note: Note, generator: np.random.Generator) -> str:
    """Double some spaces."""
    return _change_few(note.text, list(_SPACE.finditer(note.text)), "  ", generator)


def _leave_out_stops(note: Note, generator: np.random.Generator) -> str:
    """Leave out some full stops."""
    return _change_few(note.text, list(_STOP.finditer(note.text)), "", generator)


def _mistype(note: Note, generator: np.random.Generator) -> str:
    """Let two inner letters of a word change places: a marked word, if any is marked."""
    words = [
        (start, end)
        for start, end in find_words(note.text)
        if end - start >= TYPO_LETTERS and note.text[start:end].isalpha()
    ]
    marked = [
        (start, end)
        for start, end in words
        if any(mark.start < end and start < mark.end for mark in note.marks)
    ]
    places = [
        at
        for start, end in marked or words
        for at in range(start + 1, end - 2)
        if note.text[at] != note.text[at + 1]
    ]
    if not places:
        return note.text
    at = places[int(generator.integers(len(places)))]
    return note.text[:at] + note.text[at + 1] + note.text[at] + note.text[at + 2 :]


VARIANTS: dict[str, Callable[[Note, np.random.Generator], str]] = {
    "sex": _swap_sex,
    "names": _replace_names,
    "capitals": lambda note, generator: note.text.upper(),
    "small letters": lambda note, generator: note.text.lower(),
    "double spaces": _double_spaces,
    "missing full stops": _leave_out_stops,
    "typo": _mistype,
}
"""Changes that should leave the labels of a note as they are."""
