"""From docs to phrases: the clauses that may be evidence, never across a sentence end.

A batch of docs is laid out as one row of tokens, so that everything after the tokeniser works
on whole arrays and no Python runs per note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from spacy.attrs import NORM, ORTH, SENT_START, SPACY
from spacy.strings import get_string_id
from spacy.tokens import Doc

CUTS = tuple(', ; : . ! ? … ( ) [ ] " “ ” | • .. ...'.split())
"""Marks that end a clause; quotation marks too, as what is quoted often is the act."""

SPACED_CUTS = tuple("- – — -- / ' ‘ ’".split())
"""Marks that end a clause only after a space: not in *ex-husband*, *calls/texts*."""

CONJUNCTIONS = tuple(
    "and but so because then when while if or who which although though until whereas".split()
)
"""Words that begin a new clause. Chosen on the synthetic corpus; *that* and *to* are left out,
as what follows them mostly is the act itself (*told her that she was useless*)."""

_TRUE = np.uint64(1)


def _hashes(words: Sequence[str]) -> np.ndarray:
    """Give spaCy's hashes of words."""
    return np.array([get_string_id(word) for word in words], dtype=np.uint64)


_CUTS, _SPACED_CUTS, _CONJUNCTIONS = map(_hashes, (CUTS, SPACED_CUTS, CONJUNCTIONS))
[_SPACE] = _hashes(["_space"])


@dataclass(frozen=True)
class Layout:
    """A batch of docs as one row of tokens.

    Parameters
    ----------
    forms : ndarray of shape (n_tokens,)
        Hash of the normal form of each token, unsigned 64 bits.
    orths : ndarray of shape (n_tokens,)
        Hash of each token as written.
    is_word : ndarray of shape (n_tokens,)
        False for punctuation and white space.
    notes, sentences, phrases : ndarray of shape (n + 1,)
        Token at which each note, sentence or phrase begins; the last entry is ``n_tokens``.
        A note without tokens begins where the next one does.
    """

    forms: np.ndarray
    orths: np.ndarray
    is_word: np.ndarray
    notes: np.ndarray
    sentences: np.ndarray
    phrases: np.ndarray

    @property
    def units(self) -> dict[str, np.ndarray]:
        """Starts of every kind of unit by its name."""
        return {"note": self.notes, "sentence": self.sentences, "phrase": self.phrases}

    @property
    def sentence_of_phrase(self) -> np.ndarray:
        """Row of the sentence that holds each phrase."""
        return np.searchsorted(self.sentences, self.phrases[:-1], side="right") - 1

    @property
    def note_of_sentence(self) -> np.ndarray:
        """Row of the note that holds each sentence."""
        return np.searchsorted(self.notes, self.sentences[:-1], side="right") - 1

    @property
    def note_of_phrase(self) -> np.ndarray:
        """Row of the note that holds each phrase."""
        return np.searchsorted(self.notes, self.phrases[:-1], side="right") - 1


def lay_out(docs: Sequence[Doc]) -> Layout:
    """Cut a batch of docs into sentences and phrases.

    A phrase ends at a mark of `CUTS`, and a new one begins at a word of `CONJUNCTIONS`. Marks
    belong to the phrase before them.

    Parameters
    ----------
    docs : sequence of spacy.tokens.Doc
        From the pipeline of `classifier.doc.make_nlp`.

    Returns
    -------
    Layout
        Of all tokens of all docs, in order.
    """
    columns = [doc.to_array([NORM, SENT_START, SPACY, ORTH]) for doc in docs]
    notes = np.concatenate([[0], np.cumsum([len(column) for column in columns])]).astype(np.intp)
    if not notes[-1]:
        nothing, no_hash = np.zeros(1, dtype=np.intp), np.zeros(0, dtype=np.uint64)
        return Layout(no_hash, no_hash, np.zeros(0, dtype=bool), notes, nothing, nothing)
    tokens = np.concatenate(columns)
    forms = np.ascontiguousarray(tokens[:, 0])
    starts_note = np.zeros(len(forms) + 1, dtype=bool)
    starts_note[notes] = True
    starts_sentence = (tokens[:, 1] == _TRUE) | starts_note[:-1]
    after_space = np.concatenate([[False], tokens[:-1, 2] == _TRUE]) & ~starts_note[:-1]
    spaced_cut = np.isin(forms, _SPACED_CUTS)
    cut = np.isin(forms, _CUTS) | (spaced_cut & after_space)
    is_space = forms == _SPACE
    cut |= is_space & np.concatenate([[True], cut[:-1]])
    joins = np.isin(forms, _CONJUNCTIONS)
    before_cut, before_joins = (
        np.concatenate([[True], cut[:-1]]),
        np.concatenate([[False], joins[:-1]]),
    )
    starts_phrase = starts_sentence | (~cut & (before_cut | (joins & ~before_joins)))
    end = [len(forms)]
    return Layout(
        forms=forms,
        orths=np.ascontiguousarray(tokens[:, 3]),
        is_word=~(cut | spaced_cut | is_space),
        notes=notes,
        sentences=np.concatenate([np.flatnonzero(starts_sentence), end]),
        phrases=np.concatenate([np.flatnonzero(starts_phrase), end]),
    )
