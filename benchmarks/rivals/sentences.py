"""Sentences for the ways that know nothing smaller; cut the same way for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from classifier.doc import make_docs, make_nlp
from classifier.note import Note
from classifier.phrases import Layout, lay_out
from rivals.said import Read, Said
from training.targets import Targets, marks_to_targets

NLP: Callable[[], Language] = cache(make_nlp)
"""The tokeniser and sentence rules of Unheard, made once."""


def cut(notes: Sequence[Note]) -> tuple[list[Doc], Layout, list[str]]:
    """Cut notes into sentences.

    Parameters
    ----------
    notes : sequence of Note
        At least one.

    Returns
    -------
    docs : list of spacy.tokens.Doc
        One a note.
    layout : Layout
        Where sentences and clauses begin.
    texts : list of str
        One a sentence.
    """
    docs = make_docs([note.text for note in notes], NLP())
    layout = lay_out(docs)
    texts = []
    owners = layout.note_of_sentence
    for row, (start, end) in enumerate(
        zip(layout.sentences[:-1].tolist(), layout.sentences[1:].tolist(), strict=True)
    ):
        offset = int(layout.notes[owners[row]])
        texts.append(docs[owners[row]][start - offset : end - offset].text)
    return docs, layout, texts


def mark_affirmed(
    notes: Sequence[Note], docs: Sequence[Doc], layout: Layout, labels: Sequence[str]
) -> Targets:
    """Lay affirmed marks over sentences and clauses; marks in other contexts are left out.

    Parameters
    ----------
    notes, docs : sequence
        In the same order.
    layout : Layout
        Of these docs.
    labels : sequence of str
        Column order.

    Returns
    -------
    Targets
        Its tables of labels are of affirmed evidence only.
    """
    affirmed = [
        replace(note, marks=tuple(mark for mark in note.marks if mark.context == "affirmed"))
        for note in notes
    ]
    return marks_to_targets(affirmed, docs, layout, labels)


def with_any(table: np.ndarray) -> np.ndarray:
    """Add a last column for evidence of any label.

    Parameters
    ----------
    table : ndarray of shape (n, n_labels)
        Booleans.

    Returns
    -------
    ndarray of shape (n, n_labels + 1)
        Booleans.
    """
    return np.hstack([table, table.any(axis=1, keepdims=True)])


def highest(scores: np.ndarray, owners: np.ndarray, n_notes: int) -> tuple[np.ndarray, np.ndarray]:
    """Give each note the highest score of its parts.

    Parameters
    ----------
    scores : ndarray of shape (n_parts, n_labels + 1)
        Not negative; the last column is evidence of any label.
    owners : ndarray of shape (n_parts,)
        Row of the note of each part.
    n_notes : int
        Notes; one without parts gets 0.

    Returns
    -------
    scores : ndarray of shape (n_notes, n_labels)
        Of labels.
    evidence : ndarray of shape (n_notes,)
        Of any.
    """
    best = np.zeros((n_notes, scores.shape[1]))
    np.maximum.at(best, owners, scores)
    return best[:, :-1], best[:, -1]


def read_by_sentence(score: Callable[[list[str]], np.ndarray]) -> Read:
    """Read notes with what scores sentences.

    Parameters
    ----------
    score : callable
        From texts to an ndarray of shape (n_sentences, n_labels + 1).

    Returns
    -------
    Read
        Shows no phrases.
    """

    def read(notes: Sequence[Note], thresholds: np.ndarray) -> Said:
        _, layout, texts = cut(notes)
        return Said(*highest(score(texts), layout.note_of_sentence, len(notes)))

    return read
