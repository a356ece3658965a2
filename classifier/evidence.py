"""Read this first: the whole way from notes to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed

from classifier.context import AFFIRMED, PLACES
from classifier.doc import make_docs
from classifier.findings import NoteEvidence, pick_findings
from classifier.model import Model, Scores
from classifier.model_file import load_model
from classifier.note import Note
from classifier.phrases import Layout, lay_out

BATCH_NOTES = 256
"""Notes that are scored together: enough to fill whole arrays, few enough for little memory."""


def find_evidence(note: Note, model: Model) -> NoteEvidence:
    """Find the phrases of one note that a trained reviewer should look at.

    Parameters
    ----------
    note : Note
        Any note.
    model : Model
        From `classifier.model_file.load_model`.

    Returns
    -------
    NoteEvidence
        Findings for a person to review; it decides nothing.

    Examples
    --------
    >>> note = Note("n-1", "Caller says her husband checks her phone every night.")
    >>> finding = find_evidence(note, load_model()).findings[0]
    >>> finding.label, finding.context
    ('monitoring', 'affirmed')
    """
    return next(find_all([note], model))


def find_all(notes: Iterable[Note], model: Model) -> Iterator[NoteEvidence]:
    """Find evidence in many notes, batch by batch.

    Parameters
    ----------
    notes : iterable of Note
        Read as they are needed.
    model : Model
        From `classifier.model_file.load_model`.

    Yields
    ------
    NoteEvidence
        One for each note, in the same order.
    """
    for batch in _batches(notes):
        yield from find_in_batch(batch, model)


def find_in_parallel(
    notes: Iterable[Note],
    folder: str | Path,
    *,
    jobs: int,
    thresholds: Mapping[str, float] | None = None,
    fast: bool = False,
) -> Iterator[NoteEvidence]:
    """Find evidence in many notes on several processor cores.

    Parameters
    ----------
    notes : iterable of Note
        Read as they are needed.
    folder : path-like
        The model's folder; every process reads it once.
    jobs : int
        Processes; -1 means one for each core.
    thresholds : mapping of str to float, optional
        In place of the model's own.
    fast : bool
        Words alone, without the sentence encoder.

    Yields
    ------
    NoteEvidence
        One for each note, in the same order.
    """
    changed = tuple(sorted((thresholds or {}).items()))
    work = Parallel(n_jobs=jobs, return_as="generator")
    for found in work(
        delayed(_find_in_process)(batch, str(folder), changed, fast) for batch in _batches(notes)
    ):
        yield from found


def _batches(notes: Iterable[Note]) -> Iterator[list[Note]]:
    """Take notes together as they come."""
    notes = iter(notes)
    while batch := list(islice(notes, BATCH_NOTES)):
        yield batch


def _find_in_process(
    batch: list[Note], folder: str, thresholds: tuple[tuple[str, float], ...], fast: bool
) -> list[NoteEvidence]:
    """Find evidence in a batch, with the model that this process has read."""
    return find_in_batch(batch, _model_with(folder, thresholds, fast))


@cache
def _model_with(folder: str, thresholds: tuple[tuple[str, float], ...], fast: bool) -> Model:
    """Read a model once and put thresholds in place of its own."""
    model = load_model(folder, fast=fast, threads=1)
    return replace(model, thresholds={**model.thresholds, **dict(thresholds)})


def find_in_batch(notes: list[Note], model: Model) -> list[NoteEvidence]:
    """Find evidence in one batch of notes: note, doc, phrases, scores, context, findings.

    Parameters
    ----------
    notes : list of Note
        Some hundreds at most.
    model : Model
        From `classifier.model_file.load_model`.

    Returns
    -------
    list of NoteEvidence
        One for each note, in the same order.
    """
    docs = make_docs([note.text for note in notes], model.nlp)
    layout = lay_out(docs)
    scores = model.score(layout)
    labels = model.label_set.ids
    findings = pick_findings(
        docs, layout, scores, [model.thresholds[label] for label in labels], labels
    )
    best = best_scores(layout, scores).round(PLACES).tolist()
    evidence = scores.evidence.round(6).tolist()
    return [
        NoteEvidence(note, tuple(found), dict(zip(labels, row, strict=True)), value)
        for note, found, row, value in zip(notes, findings, best, evidence, strict=True)
    ]


def best_scores(layout: Layout, scores: Scores) -> np.ndarray:
    """Give each note's highest score of affirmed evidence for every label.

    Parameters
    ----------
    layout : Layout
        A batch of docs.
    scores : Scores
        Of this layout.

    Returns
    -------
    ndarray of shape (n_notes, n_labels)
        In [0, 1]; 0 for a note without words.
    """
    affirmed = scores.labels * scores.contexts[:, [AFFIRMED]]
    return best_of_notes(affirmed, layout.note_of_phrase, len(layout.notes) - 1)


def best_of_notes(scores: np.ndarray, note_of_phrase: np.ndarray, n_notes: int) -> np.ndarray:
    """Take each note's highest score of every label.

    Parameters
    ----------
    scores : ndarray of shape (n_phrases, n_labels)
        At least 0.
    note_of_phrase : ndarray of shape (n_phrases,)
        Row of each phrase's note.
    n_notes : int
        Notes, those without phrases among them.

    Returns
    -------
    ndarray of shape (n_notes, n_labels)
        0 for a note without phrases.
    """
    best = np.zeros((n_notes, scores.shape[1]))
    np.maximum.at(best, note_of_phrase, scores)
    return best
