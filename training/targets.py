"""From people's marks to what the estimators are to learn, unit by unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

from classifier.note import CONTEXTS, Note
from classifier.phrases import Layout

MARKED_SHARE = 0.5
"""Share of a phrase's words that a mark must cover for the phrase to count as marked."""


@dataclass(frozen=True)
class Targets:
    """What people marked, on the tokens and units of a layout.

    Parameters
    ----------
    tokens : ndarray of shape (n_tokens, n_labels)
        True where a mark of the label covers the token, whatever its context.
    token_contexts : ndarray of shape (n_tokens,)
        Row of ``CONTEXTS``; -1 where nothing is marked.
    sentences, phrases : ndarray of shape (n_units, n_labels)
        Labels of any context.
    affirmed : ndarray of shape (n_sentences,)
        True where a sentence holds affirmed evidence of any label.
    phrase_contexts : ndarray of shape (n_phrases,)
        Row of ``CONTEXTS``; -1 for a phrase that no mark covers.
    notes : ndarray of shape (n_notes, n_labels)
        Labels with affirmed evidence in the note.
    """

    tokens: np.ndarray
    token_contexts: np.ndarray
    sentences: np.ndarray
    phrases: np.ndarray
    affirmed: np.ndarray
    phrase_contexts: np.ndarray
    notes: np.ndarray


def marks_to_targets(
    notes: Sequence[Note], docs: Sequence[Doc], layout: Layout, labels: Sequence[str]
) -> Targets:
    """Lay people's marks over tokens, sentences and phrases.

    Parameters
    ----------
    notes, docs : sequence
        Marked notes and their docs, in the same order.
    layout : Layout
        Of these docs.
    labels : sequence of str
        Column order.

    Returns
    -------
    Targets
        A token counts as marked if a mark covers any of its characters.

    Raises
    ------
    ValueError
        If a mark has a label that is not in `labels`.
    """
    column = {label: i for i, label in enumerate(labels)}
    tokens = np.zeros((len(layout.forms), len(labels)), dtype=bool)
    contexts = np.full(len(layout.forms), -1)
    by_note = np.zeros((len(notes), len(labels)), dtype=bool)
    for row, (note, doc) in enumerate(zip(notes, docs, strict=True)):
        for mark in note.marks:
            if mark.label not in column:
                raise ValueError(
                    f"note {note.id!r}: no label {mark.label!r}; there are {', '.join(labels)}"
                )
            span = doc.char_span(mark.start, mark.end, alignment_mode="expand")
            covered = slice(layout.notes[row] + span.start, layout.notes[row] + span.end)
            tokens[covered, column[mark.label]] = True
            contexts[covered] = CONTEXTS.index(mark.context)
            by_note[row, column[mark.label]] |= mark.context == "affirmed"
    phrase_words = layout.is_word.astype(np.intp)
    word_counts = np.maximum(_sum(phrase_words, layout.phrases), 1)[:, None]
    shares = _sum(tokens & layout.is_word[:, None], layout.phrases) / word_counts
    by_context = np.stack(
        [_sum((contexts == i) & layout.is_word, layout.phrases) for i in range(len(CONTEXTS))],
        axis=1,
    )
    marked = by_context.sum(axis=1) >= MARKED_SHARE * word_counts[:, 0]
    return Targets(
        tokens=tokens,
        token_contexts=contexts,
        sentences=_sum(tokens, layout.sentences) > 0,
        phrases=shares >= MARKED_SHARE,
        affirmed=_sum(contexts == 0, layout.sentences) > 0,
        phrase_contexts=np.where(marked, by_context.argmax(axis=1), -1),
        notes=by_note,
    )


def _sum(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Sum token values over units that follow one another."""
    if not len(values):
        return np.zeros((len(starts) - 1, *values.shape[1:]), dtype=np.intp)
    return np.add.reduceat(values.astype(np.intp), starts[:-1], axis=0)
