"""Unheard as ``unheard train`` makes it: words and the sentence encoder together.

The encoder that the package ships has read the held-out notes. So their quality is measured with
the scores of encoders that were adapted without these author groups (`training.held_out`), while
the shipped encoder reads the notes as well, for the sake of the clock alone. Adapting an encoder
takes about half an hour on two cores and is not in the training time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from classifier.evidence import find_all
from classifier.labels import load_labels
from classifier.note import Note
from rivals.ours_fast import read_with
from rivals.said import Read, Said
from training import train as training
from training.held_out import unseen_reader


def train(
    notes: Sequence[Note], labels: Sequence[str], settings: Sequence[float]
) -> Iterator[tuple[float, Read]]:
    """Train words and their weights beside the encoder.

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
    reader = unseen_reader()
    model = training.train(notes, load_labels(), reader=reader, keep_examples=False)
    shipped = replace(model, reader=reader.encoder)
    measured = read_with(model, labels)

    def read(notes: Sequence[Note], thresholds: np.ndarray) -> Said:
        for _ in find_all(notes, shipped):  # for the clock
            pass
        return measured(notes, thresholds)

    for setting in settings:
        yield setting, read
