"""Choose which notes people should mark next: uncertain ones, unlike one another, some at random.

The choice says nothing of what is in a note: it serves training, not reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.special import logit
from sklearn.preprocessing import normalize

from classifier.doc import make_docs
from classifier.evidence import BATCH_NOTES, find_all
from classifier.findings import NoteEvidence
from classifier.model import Model
from classifier.note import Note
from classifier.phrases import lay_out
from training.fit import view_features

RANDOM_SHARE = 0.1
"""Of the chosen notes; so that what the model is wrongly sure of is read too."""

EDGE = 1e-6
"""Scores are kept this far from 0 and 1, so that their log odds are finite."""


@dataclass(frozen=True)
class Suggestion:
    """A note to mark next.

    Parameters
    ----------
    note : Note
        As it was given.
    reason : str
        Why it was chosen; no words of the note.
    """

    note: Note
    reason: str


def suggest(notes: Sequence[Note], model: Model, *, n: int = 50, seed: int = 0) -> list[Suggestion]:
    """Choose notes to mark next.

    A note is uncertain as far as a label's score is near its threshold, in log odds. Notes are
    taken one by one: the one for which uncertainty times distance to the nearest note already
    chosen is highest (greedy k-centre, weighted). A tenth are drawn by chance from the rest.

    Parameters
    ----------
    notes : sequence of Note
        Not marked yet.
    model : Model
        From `classifier.model_file.load_model`.
    n : int
        How many to choose; all, if there are fewer.
    seed : int
        The choice is repeatable from it.

    Returns
    -------
    list of Suggestion
        In the order in which they were chosen, those by chance last.

    Raises
    ------
    ValueError
        If there are no notes, or fewer than one is to be chosen.
    """
    if n < 1:
        raise ValueError(f"n must be 1 or more, got {n}")
    if not notes:
        raise ValueError("there are no notes to choose from; is the file empty?")
    found = list(find_all(notes, model))
    n = min(n, len(notes))
    n_random = int(RANDOM_SHARE * n)
    uncertainty, nearest = _uncertainty(found, model)
    rows = describe_notes(notes, model)
    chosen = choose_apart(rows, uncertainty, n - n_random)
    rest = np.setdiff1d(np.arange(len(notes)), chosen)
    drawn = np.random.default_rng(seed).choice(rest, n_random, replace=False).tolist()
    return [
        *(Suggestion(notes[row], _reason(found[row], nearest[row], model)) for row in chosen),
        *(Suggestion(notes[row], "drawn by chance, whatever its scores") for row in drawn),
    ]


def _uncertainty(found: Sequence[NoteEvidence], model: Model) -> tuple[np.ndarray, list[str]]:
    """Give each note's uncertainty in (0, 1] and the label that is nearest its threshold."""
    labels = model.label_set.ids
    scores = np.array([[evidence.scores[label] for label in labels] for evidence in found])
    thresholds = np.array([model.thresholds[label] for label in labels])
    margins = np.abs(
        logit(np.clip(scores, EDGE, 1 - EDGE)) - logit(np.clip(thresholds, EDGE, 1 - EDGE))
    )
    return np.exp(-margins.min(axis=1)), [labels[column] for column in margins.argmin(axis=1)]


def _reason(evidence: NoteEvidence, label: str, model: Model) -> str:
    """Say why a note was chosen, without its words."""
    score, threshold = evidence.scores[label], model.thresholds[label]
    return (
        f"{label}: score {score:.2f} beside a threshold of {threshold:.2f}, in words unlike those "
        "of the other chosen notes"
    )


def describe_notes(notes: Sequence[Note], model: Model) -> sp.csr_matrix:
    """Describe notes by the words that the model knows, weighted by rarity.

    Parameters
    ----------
    notes : sequence of Note
        Any notes.
    model : Model
        Whose vocabulary is used.

    Returns
    -------
    scipy.sparse.csr_matrix of shape (n_notes, n_words)
        Of length 1; 0 for a note without known words.
    """
    parts = []
    for start in range(0, len(notes), BATCH_NOTES):
        batch = notes[start : start + BATCH_NOTES]
        layout = lay_out(make_docs([note.text for note in batch], model.nlp))
        parts.append(view_features("note", layout, model.vocabulary, model.nlp.vocab.strings))
    return normalize(sp.vstack(parts, format="csr").astype(np.float64))


def choose_apart(rows: sp.csr_matrix, weights: np.ndarray, n: int) -> list[int]:
    """Choose rows one by one, far from those already chosen and of high weight.

    Parameters
    ----------
    rows : scipy.sparse.csr_matrix of shape (n_rows, n_columns)
        Of length 1.
    weights : ndarray of shape (n_rows,)
        Above 0.
    n : int
        How many; at most as many as there are rows.

    Returns
    -------
    list of int
        Different rows, in the order of choice; equal ones in the order given.
    """
    nearest = np.full(rows.shape[0], np.inf)
    left = np.ones(rows.shape[0], dtype=bool)
    chosen: list[int] = []
    for _ in range(n):
        gain = weights * (nearest if chosen else 1.0)
        # Rounded: machines may differ in the last places.
        row = int(np.argmax(np.where(left, np.round(gain, 9), -1.0)))
        chosen.append(row)
        left[row] = False
        likeness = (rows @ rows[[row]].T).toarray()[:, 0]
        nearest = np.minimum(nearest, np.maximum(1.0 - likeness, 0.0))
    return chosen


def to_mark(suggestions: Iterable[Suggestion]) -> list[Note]:
    """Make notes for people to mark, without anything that the model found in them.

    Parameters
    ----------
    suggestions : iterable of Suggestion
        From `suggest`.

    Returns
    -------
    list of Note
        Without reasons too: an annotator should not be led to a label.
    """
    return [
        Note(one.note.id, one.note.text, (), {"unit": "note", **one.note.meta})
        for one in suggestions
    ]
