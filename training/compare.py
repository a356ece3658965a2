"""Compare two models, or two files of findings, on the same marked notes, draw by draw."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from classifier.evidence import find_all
from classifier.findings import Finding, NoteEvidence
from classifier.model_file import load_model
from classifier.note import CONTEXTS, Note
from training.evaluate import RESAMPLES
from training.held_out import as_unseen
from training.measures import (
    area_under_roc,
    average_precision,
    count_spans,
    draw_weights,
    figure,
    mean_over_labels,
    plain,
    precision_recall_f1,
    reading_curve,
    span_figures,
)
from training.probes import affirmed_labels
from training.seen import find_seen, tell_seen

FIGURES_FILE = "evaluation.json"
"""Beside a file of findings it says where they come from."""

PREDICTIONS_FILE = "predictions.jsonl"
"""What an evaluation writes there, in the form of ``unheard find``."""


def compare(
    one: str | Path,
    other: str | Path,
    notes: Sequence[Note],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> dict[str, object]:
    """Compare two sides on the same notes with a paired bootstrap.

    Both sides are measured in every draw of notes, and the difference is taken draw by draw: what
    makes a draw hard is hard for both.

    Parameters
    ----------
    one, other : path-like
        Folder of a model, or findings as JSON Lines (from ``unheard find``, or the
        ``predictions.jsonl`` of an evaluation).
    notes : sequence of Note
        Marked by people.
    seed, resamples : int
        Of the bootstrap.

    Returns
    -------
    dict
        ``about``, with what each side has ``seen``; and ``figures``: for each figure ``one`` and
        ``other``, the ``difference`` (other less one), each with its interval, and
        ``other_way``: the share of draws whose difference is nought or has the other sign.

    Raises
    ------
    ValueError
        If there are no notes, a side lacks a note or is no file of findings, or the sides share
        no label.
    """
    if not notes:
        raise ValueError("nothing to compare on; give marked notes with --data")
    sides = [_find(side, notes) for side in (one, other)]
    labels = [label for label in sides[0][0][0].scores if label in sides[1][0][0].scores]
    if not labels:
        raise ValueError(f"{one} and {other} share no label; nothing can be compared")
    weights = draw_weights(len(notes), resamples, seed=seed)
    draws = [_summaries(found, labels, weights) for found, _ in sides]
    return {
        "about": {
            "notes": len(notes),
            "labels": labels,
            "one": str(one),
            "other": str(other),
            "seen": {"one": sides[0][1], "other": sides[1][1]},
            "seed": seed,
            "resamples": resamples,
        },
        "figures": {
            name: {
                "one": figure(draws[0][name]),
                "other": figure(draws[1][name]),
                **_difference(draws[1][name] - draws[0][name]),
            }
            for name in draws[0]
        },
    }


def _difference(values: np.ndarray) -> dict[str, object]:
    """Describe differences: the first is that of the notes themselves, the rest are draws."""
    draws = values[1:][np.isfinite(values[1:])]
    known = len(draws) and np.isfinite(values[0])
    other_way = np.mean(draws * np.sign(values[0]) <= 0) if known else np.nan
    return {"difference": figure(values), "other_way": plain(other_way)}


def _find(side: str | Path, notes: Sequence[Note]) -> tuple[list[NoteEvidence], str]:
    """Give what a side finds in the notes, and say which of them it has seen."""
    path = Path(side)
    if path.is_dir():
        model = as_unseen(load_model(path))
        return list(find_all(notes, model)), tell_seen(find_seen(model.manifest, notes), str(side))
    beside = path.with_name(FIGURES_FILE)
    seen = f"{side} does not say which notes its model has learnt from"
    if beside.is_file():
        about = json.loads(beside.read_text(encoding="utf-8")).get("about", {})
        if about.get("way") == "cross-validation":
            seen = ""
        elif "seen" in about:
            seen = tell_seen(about["seen"], f"the model of {side}")
    return read_predictions(path, notes), seen


def read_predictions(path: str | Path, notes: Sequence[Note]) -> list[NoteEvidence]:
    """Read findings from JSON Lines and put them beside the notes they are about.

    Parameters
    ----------
    path : path-like
        In the form of ``unheard find``; it may hold other notes too.
    notes : sequence of Note
        Marked by people.

    Returns
    -------
    list of NoteEvidence
        One for each note, in the same order.

    Raises
    ------
    ValueError
        If a line is not in the form, a finding does not fit its note, or a note is missing.
    """
    path = Path(path)
    by_id = {note.id: note for note in notes}
    found: dict[str, NoteEvidence] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                record = json.loads(line)
                if record["id"] in by_id:
                    found[record["id"]] = evidence_from_record(record, by_id[record["id"]])
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(
                    f"{path.name} line {number}: not a line of findings for these notes "
                    f"({type(error).__name__}: {error}); give JSON Lines from unheard find"
                ) from error
    if missing := [id for id in by_id if id not in found]:
        raise ValueError(
            f"{path.name} holds nothing on {len(missing)} of {len(by_id)} notes, such as "
            f"{missing[0]!r}; find in the same notes first, or give others with --data"
        )
    evidence = [found[note.id] for note in notes]
    if odd := next((e for e in evidence if e.scores.keys() != evidence[0].scores.keys()), None):
        raise ValueError(f"{path.name}: note {odd.note.id!r} has scores for other labels")
    return evidence


def evidence_from_record(record: Mapping, note: Note) -> NoteEvidence:
    """Turn a line of findings into findings of a note.

    Parameters
    ----------
    record : mapping
        In the form of ``unheard find``.
    note : Note
        The note of its id.

    Returns
    -------
    NoteEvidence
        With checked offsets.

    Raises
    ------
    KeyError, TypeError, ValueError
        If the record is not in the form, or a finding does not fit the note.
    """
    findings = []
    for span in record["spans"]:
        finding = Finding(*(span[name] for name in ("start", "end", "label", "context", "score")))
        if not 0 <= finding.start < finding.end <= len(note.text):
            raise ValueError(f"span {finding.start}:{finding.end} is not inside note {note.id!r}")
        if finding.context not in CONTEXTS:
            raise ValueError(f"context must be one of {', '.join(CONTEXTS)}")
        findings.append(finding)
    scores = {str(label): float(score) for label, score in record["scores"].items()}
    return NoteEvidence(note, tuple(findings), scores, float(record["evidence"]))


def _summaries(
    found: Sequence[NoteEvidence], labels: Sequence[str], weights: np.ndarray
) -> dict[str, np.ndarray]:
    """Give the figures of an evaluation's summary in every draw, not yet rounded."""
    truth, shown = (
        np.array([[label in affirmed_labels(side(e)) for label in labels] for e in found])
        for side in (lambda e: e.note.marks, lambda e: e.findings)
    )
    scores = np.array([[evidence.scores[label] for label in labels] for evidence in found])
    counts = np.stack([weights @ table for table in (shown & truth, shown, truth)], axis=-1)
    precisions = [
        average_precision(*reading_curve(scores[:, column], truth[:, column], weights))
        for column in range(len(labels))
    ]
    f1 = np.where(counts[:, :, 2] > 0, precision_recall_f1(counts)[:, :, 2], np.nan)
    queue = np.array([evidence.evidence for evidence in found])
    spans = count_spans(
        [evidence.note.text for evidence in found],
        [evidence.note.marks for evidence in found],
        [evidence.findings for evidence in found],
        labels,
    )
    sums = (weights @ spans.reshape(len(found), -1)).reshape(-1, *spans.shape[1:])
    return {
        "mean_average_precision": mean_over_labels(np.array(precisions).T),
        "macro_f1": mean_over_labels(f1),
        "any_evidence_auc": area_under_roc(*reading_curve(queue, truth.any(axis=1), weights)),
        "token_f1": span_figures(sums)["any_evidence"][:, 0, 2],
    }


def table_of(results: Mapping[str, object]) -> str:
    """Write a comparison as lines for a terminal.

    Parameters
    ----------
    results : mapping
        From `compare`.

    Returns
    -------
    str
        A line a figure, with the difference, its interval and the share of draws that go the
        other way.
    """
    about = results["about"]
    lines = [f"A: {about['one']}", f"B: {about['other']}"]
    lines.append(f"{about['notes']} notes, {about['resamples']} draws of notes; B less A:")
    lines.append(f"{'':24}{'A':>8}{'B':>8}{'B - A':>9}   95 % interval      other way")
    for name, row in results["figures"].items():
        low, high = row["difference"]["interval"] or (None, None)
        cells = [row[side]["value"] for side in ("one", "other")]
        shown = "".join(f"{_cell(value):>8}" for value in cells)
        difference = f"{_cell(row['difference']['value'], '+'):>9}"
        interval = f"{_cell(low, '+')} to {_cell(high, '+')}"
        words = name.replace("_", " ")
        lines.append(f"{words:24}{shown}{difference}   {interval:19}{_cell(row['other_way'])}")
    lines.append("Intervals say how figures vary with the choice of notes, not of authors.")
    return "\n".join(lines)


def _cell(value: float | None, sign: str = "") -> str:
    """Write a number for a terminal."""
    return "–" if value is None else f"{value:{sign}.3f}"
