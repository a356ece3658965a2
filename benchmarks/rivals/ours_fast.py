"""Unheard, words only: what ``unheard train`` makes without a sentence encoder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from classifier.evidence import find_all
from classifier.labels import load_labels
from classifier.model import Model
from classifier.note import Note
from rivals.said import Read, Said
from training import train as training


def train(
    notes: Sequence[Note], labels: Sequence[str], settings: Sequence[float]
) -> Iterator[tuple[float, Read]]:
    """Train a model as anyone would; marks in every context are used.

    Parameters
    ----------
    notes : sequence of Note
        Marked notes and sentences.
    labels : sequence of str
        Column order.
    settings : sequence of float
        One that says nothing.

    Yields
    ------
    tuple of (float, Read)
        Shows findings.
    """
    model = training.train(notes, load_labels(), keep_examples=False)
    for setting in settings:
        yield setting, read_with(model, labels)


def read_with(model: Model, labels: Sequence[str]) -> Read:
    """Read notes with a model, and thresholds in place of its own.

    Parameters
    ----------
    model : Model
        Any.
    labels : sequence of str
        Column order.

    Returns
    -------
    Read
        Shows findings.
    """

    def read(notes: Sequence[Note], thresholds: np.ndarray) -> Said:
        chosen = replace(model, thresholds=dict(zip(labels, thresholds.tolist(), strict=True)))
        found = list(find_all(notes, chosen))
        return Said(
            np.array([[one.scores[label] for label in labels] for one in found]),
            np.array([one.evidence for one in found]),
            [one.findings for one in found],
        )

    return read
