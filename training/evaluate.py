"""Measure a model on notes it has not seen, and say what the figures do not show."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from classifier.doc import make_docs, make_nlp
from classifier.findings import NoteEvidence
from classifier.labels import LabelSet
from classifier.model import Model
from classifier.note import Note
from training.confusion import count_confusion
from training.failures import find_failures
from training.figures import (
    measure_at_prevalence,
    measure_calibration,
    measure_changes,
    measure_contexts,
    measure_functional,
    measure_labels,
    measure_look_alikes,
    measure_phrases,
    measure_queue,
    measure_removals,
)
from training.held_out import UnseenReader
from training.measures import draw_weights
from training.outcome import Outcome, score_unseen
from training.probes import affirmed_labels
from training.seen import find_seen
from training.train import calibrate_model, describe_data, hold_out

RESAMPLES = 1000
"""Bootstrap samples of notes behind the intervals."""

FEWEST_GROUPS = 3
"""Author groups: each part is calibrated on at least two others."""

LIMITS = (
    "The corpus that comes with Unheard is invented. Figures on it may not hold for real "
    "call notes.",
    "Where fewer notes hold evidence than here, precision is lower; see the figures restated at "
    "1 %.",
    "In the corpus, notes without evidence were written to look alike. Real routine notes may be "
    "easier, and may differ in ways that nobody thought of.",
    "Invariance and faithfulness in a cross-validation are those of an encoder that has read the "
    "notes before, as it must be asked again; all other figures are not.",
    "Intervals say how much figures vary with the choice of notes, not with the choice of authors.",
    "A highlight is evidence for a person to review. No figure here says how often abuse took "
    "place or was missed.",
)

TOO_GOOD = (
    "The model has learnt from some of these notes, or from their authors: figures are too good."
)
"""Comes first among the limits where it is so."""


@dataclass(frozen=True)
class Evaluation:
    """Figures, and the findings they are made from.

    Parameters
    ----------
    figures : dict
        Ready for `write_figures`; see `measure_outcomes`.
    found : tuple of NoteEvidence
        One for each note.
    """

    figures: dict[str, object]
    found: tuple[NoteEvidence, ...]


def evaluate(
    model: Model,
    notes: Sequence[Note],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    probe: bool = True,
    tell: Callable[[str], None] = lambda stage: None,
) -> Evaluation:
    """Measure a model on marked notes that it has not seen.

    Parameters
    ----------
    model : Model
        With the thresholds that are to be measured.
    notes : sequence of Note
        Marked by people. If the model has learnt from them or from their authors, the figures
        say so; see `training.seen.find_seen`.
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
    Evaluation
        Figures and findings.

    Raises
    ------
    ValueError
        If there are no notes, or a mark has a label that the model does not know.
    """
    outcome = score_unseen(model, notes, seed=seed, probe=probe, tell=tell)
    labels = model.label_set.ids
    about = {
        "measured_on": "notes that were given",
        "way": "model",
        "model": _digest(model.manifest),
        "seen": find_seen(model.manifest, notes),
        "thresholds": {label: [model.thresholds[label]] for label in labels},
    }
    options = {"seed": seed, "resamples": resamples, "tell": tell}
    return Evaluation(measure_outcomes([outcome], labels, about=about, **options), outcome.found)


def _digest(manifest: Mapping[str, object]) -> str | None:
    """Give the digest of a model's weights, if it comes from a file."""
    return manifest.get("sha256", {}).get("weights.npz")


def cross_validate(
    notes: Sequence[Note],
    label_set: LabelSet,
    *,
    reader: UnseenReader | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
    probe: bool = True,
    tell: Callable[[str], None] = lambda stage: None,
) -> Evaluation:
    """Measure training itself: hold author groups out in turn and score them.

    Everything is chosen among the other authors' notes: calibration and thresholds of each part
    come from the parts beside it. So no figure has seen the notes it is measured on.

    Parameters
    ----------
    notes : sequence of Note
        Whole notes and single sentences, as `training.train.train` takes them; figures are about
        whole notes.
    label_set : LabelSet
        The labels to learn.
    reader : UnseenReader, optional
        The sentence encoder, as it is for notes that it has not seen.
    seed, resamples : int
        As `evaluate` takes them.
    probe : bool
        Whether invariance and faithfulness are measured.
    tell : callable
        Called with the name of every stage as it begins.

    Returns
    -------
    Evaluation
        Figures and findings.

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
    tell("preprocessing")
    nlp = make_nlp()
    docs = make_docs([note.text for note in notes], nlp)
    parts = hold_out(notes, docs, label_set, nlp, reader=reader, tell=tell)
    outcomes, thresholds = [], {label: [] for label in label_set.ids}
    for number, part in enumerate(parts, start=1):
        tell_stage = partial(tell_part, tell, f"part {number} of {len(parts)}")
        others = [other.said for other in parts if other is not part]
        model, _ = calibrate_model(part.model, others, reader)
        held_out = [notes[row] for row in part.notes]
        outcomes.append(score_unseen(model, held_out, seed=seed, probe=probe, tell=tell_stage))
        for label in label_set.ids:
            thresholds[label].append(model.thresholds[label])
    about = {
        "measured_on": f"author groups held out in {len(parts)} parts; calibration and "
        "thresholds chosen among the other authors",
        "way": "cross-validation",
        "data": describe_data(notes)["sha256"],
        "thresholds": thresholds,
    }
    options = {"seed": seed, "resamples": resamples, "tell": tell}
    figures = measure_outcomes(outcomes, label_set.ids, about=about, **options)
    return Evaluation(figures, tuple(one for outcome in outcomes for one in outcome.found))


def tell_part(tell: Callable[[str], None], part: str, stage: str) -> None:
    """Tell a stage of one part of long work.

    Parameters
    ----------
    tell : callable
        Called with both.
    part : str
        Such as ``part 2 of 4``.
    stage : str
        As it begins.
    """
    tell(f"{part}: {stage}")


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
        ``about``, ``limits``, ``summary``, ``labels``, ``means``, ``any_evidence``,
        ``at_prevalence``, ``phrases``, ``confusion``, ``contexts``, ``calibration``,
        ``look_alikes``, ``invariance``, ``faithfulness``, ``functional``, ``failures`` and
        ``curves``. No words of a note.
    """
    tell("figures")
    found = [evidence for outcome in outcomes for evidence in outcome.found]
    truth = _table([affirmed_labels(evidence.note.marks) for evidence in found], labels)
    shown = _table([affirmed_labels(evidence.findings) for evidence in found], labels)
    scores = np.array([[evidence.scores[label] for label in labels] for evidence in found])
    queue = np.array([evidence.evidence for evidence in found])
    any_shown, any_truth = shown.any(axis=1), truth.any(axis=1)
    weights = draw_weights(len(found), resamples, seed=seed)
    by_label, means, label_curves = measure_labels(scores, shown, truth, labels, weights)
    any_evidence, curve = measure_queue(queue, any_shown, any_truth, weights)
    rare, rare_curve = measure_at_prevalence(queue, shown, truth, labels, weights)
    phrases = measure_phrases(found, labels, weights)
    learnt_from = bool(about.get("seen", {}).get("notes"))
    return {
        "about": {
            **about,
            "notes": len(found),
            "with_evidence": int(any_truth.sum()),
            "groups": len({str(e.note.meta.get("group", e.note.id)) for e in found}),
            "seed": seed,
            "resamples": resamples,
        },
        "limits": [*([TOO_GOOD] if learnt_from else []), *LIMITS],
        "summary": {
            "mean_average_precision": means["macro"]["average_precision"],
            "macro_f1": means["macro"]["f1"],
            "micro_f1": means["micro"]["f1"],
            "any_evidence_auc": any_evidence["auc"],
            "token_f1": phrases["any_evidence"]["token"]["f1"],
        },
        "labels": by_label,
        "means": means,
        "any_evidence": any_evidence,
        "at_prevalence": rare,
        "phrases": phrases,
        "confusion": count_confusion(found, labels),
        "contexts": measure_contexts(outcomes),
        "calibration": measure_calibration(outcomes, labels),
        "look_alikes": measure_look_alikes(found, any_shown, any_truth, weights),
        "invariance": measure_changes(outcomes, any_shown, weights),
        "faithfulness": measure_removals(outcomes, weights),
        "functional": measure_functional(outcomes),
        "failures": find_failures(found, labels),
        "curves": {"any_evidence": curve, "at_prevalence": rare_curve, "labels": label_curves},
    }


def _table(sets: Sequence[set[str]], labels: Sequence[str]) -> np.ndarray:
    """Turn sets of labels into a table of notes by labels."""
    return np.array([[label in found for label in labels] for found in sets], dtype=bool)


def write_figures(figures: Mapping[str, object], path: str | Path) -> None:
    """Write figures as JSON; the same figures give the same bytes.

    Parameters
    ----------
    figures : mapping
        Of an `Evaluation`, or of any other measurement here.
    path : path-like
        The file to write.
    """
    text = json.dumps(figures, indent=1, ensure_ascii=False, allow_nan=False)
    Path(path).write_text(text + "\n", encoding="utf-8", newline="\n")
