"""What a way says of notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.note import Note
from training.measures import Marked


@dataclass(frozen=True)
class Said:
    """What a way says of notes.

    Parameters
    ----------
    scores : ndarray of shape (n_notes, n_labels)
        Any scale; the higher, the more likely the note holds affirmed evidence of the label.
    evidence : ndarray of shape (n_notes,)
        The same for evidence of any label.
    spans : sequence of sequence of Marked, optional
        For each note the phrases that reach the thresholds; None if the way shows none.
    """

    scores: np.ndarray
    evidence: np.ndarray
    spans: Sequence[Sequence[Marked]] | None = None


Read = Callable[[Sequence[Note], np.ndarray], Said]
"""Reads notes with one threshold a label."""
