"""What the model sees of a sentence and of a phrase: the sum of its words and word pairs.

Every word has one row of features: itself, its letter groups and its static vector, weighted by
how rare it is. A unit (sentence, phrase or whole note) is the sum of its words' rows and its
word pairs, divided by one length. A linear model's score of a unit is therefore a sum over words
too, so a score can be looked up word by word and each word's part in it is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import scipy.sparse as sp
from spacy.strings import StringStore

from classifier.embedding import load_vectors
from classifier.phrases import Layout

GRAM_SIZES = (3, 4, 5)
"""Letters in a letter group; groups stay inside a word and its edges count as a letter."""

VECTOR_WEIGHT = 0.7
"""Of the static vectors (length 1) beside the words (1) and the letter groups (length 1)."""

SEEN_AT_LEAST = 2
"""Sentences that must hold a word, pair or letter group before the model learns about it."""


@dataclass(frozen=True)
class Vocabulary:
    """What a model learnt to tell apart.

    Parameters
    ----------
    words : tuple of str
        Normal forms.
    word_idf : ndarray of shape (n_words,)
        Inverse document frequency with sentences as documents, at least 1.
    pairs : tuple of str
        Adjacent normal forms joined by a space.
    pair_idf : ndarray of shape (n_pairs,)
        As `word_idf`.
    grams : tuple of str
        Letter groups.
    rare_idf : float
        That of a word never seen.
    """

    words: tuple[str, ...]
    word_idf: np.ndarray
    pairs: tuple[str, ...]
    pair_idf: np.ndarray
    grams: tuple[str, ...]
    rare_idf: float

    @property
    def n_word_features(self) -> int:
        """Columns of `word_features`."""
        return len(self.words) + len(self.grams) + _vectors()[1].shape[1]

    @cached_property
    def _word_rows(self) -> dict[str, int]:
        """Row of each word."""
        return {word: row for row, word in enumerate(self.words)}

    @cached_property
    def _gram_rows(self) -> dict[str, int]:
        """Row of each letter group."""
        return {gram: row for row, gram in enumerate(self.grams)}

    @cached_property
    def _pair_keys(self) -> tuple[np.ndarray, np.ndarray]:
        """Sorted keys of the pairs, and the column of each."""
        strings = StringStore()
        firsts, seconds = np.array(
            [[strings.add(word) for word in pair.split(" ")] for pair in self.pairs] or [[0, 0]],
            dtype=np.uint64,
        ).T
        keys = _pair_key(firsts, seconds)
        order = np.argsort(keys)
        return keys[order], order

    def word_features(self, words: Sequence[str]) -> sp.csr_matrix:
        """Describe distinct words.

        Parameters
        ----------
        words : sequence of str
            Normal forms.

        Returns
        -------
        scipy.sparse.csr_matrix of shape (n_words, n_word_features)
            Columns: words, letter groups, dimensions of the static vector.
        """
        known = [self._word_rows.get(word, -1) for word in words]
        return (
            sp.hstack(
                [
                    _one_hot(known, len(self.words)),
                    self._gram_features(words),
                    _vector_features(words),
                ],
                format="csr",
                dtype=np.float32,
            )
            .multiply(self.idf_of(words)[:, None])
            .tocsr()
        )

    def idf_of(self, words: Sequence[str]) -> np.ndarray:
        """Give the weight of each word by its rarity; white space weighs nothing.

        Parameters
        ----------
        words : sequence of str
            Normal forms.

        Returns
        -------
        ndarray of shape (n_words,)
            Float32.
        """
        rows = self._word_rows
        return np.array(
            [
                0.0
                if word == "_space"
                else self.word_idf[rows[word]]
                if word in rows
                else self.rare_idf
                for word in words
            ],
            dtype=np.float32,
        )

    def _gram_features(self, words: Sequence[str]) -> sp.csr_matrix:
        """Describe words by their letter groups, each row of length 1 or empty."""
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        for row, word in enumerate(words):
            groups = letter_groups(word)
            known = [self._gram_rows[group] for group in groups if group in self._gram_rows]
            rows += [row] * len(known)
            columns += known
            values += [len(groups) ** -0.5] * len(known)
        shape = (len(words), len(self.grams))
        return sp.csr_matrix((values, (rows, columns)), shape=shape, dtype=np.float32)

    def pairs_in(self, layout: Layout, starts: np.ndarray) -> sp.csr_matrix:
        """Count the known word pairs inside units.

        Parameters
        ----------
        layout : Layout
            A batch of docs.
        starts : ndarray of shape (n_units + 1,)
            Token at which each unit begins, as in `Layout`.

        Returns
        -------
        scipy.sparse.csr_matrix of shape (n_units, n_pairs)
            Weighted by rarity.
        """
        shape = (len(starts) - 1, len(self.pairs))
        if not self.pairs or len(layout.forms) < 2:
            return sp.csr_matrix(shape, dtype=np.float32)
        inside = np.ones(len(layout.forms), dtype=bool)
        inside[starts[:-1][starts[:-1] < len(inside)]] = False
        seconds = np.flatnonzero(inside[1:]) + 1
        wanted = _pair_key(layout.forms[seconds - 1], layout.forms[seconds])
        keys, columns = self._pair_keys
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        known = keys[at] == wanted
        units = np.searchsorted(starts, seconds[known], side="right") - 1
        found = columns[at[known]]
        return sp.csr_matrix((self.pair_idf[found], (units, found)), shape=shape, dtype=np.float32)


def letter_groups(word: str) -> set[str]:
    """Cut a word into its letter groups.

    Parameters
    ----------
    word : str
        A normal form.

    Returns
    -------
    set of str
        Of `GRAM_SIZES` letters; the edges of the word count as a space.

    Examples
    --------
    >>> sorted(letter_groups("spy"))
    [' sp', ' spy', ' spy ', 'py ', 'spy', 'spy ']
    """
    edged = f" {word} "
    return {edged[i : i + size] for size in GRAM_SIZES for i in range(len(edged) - size + 1)}


def count_words(inverse: np.ndarray, n_words: int, starts: np.ndarray) -> sp.csr_matrix:
    """Count distinct words in units.

    Parameters
    ----------
    inverse : ndarray of shape (n_tokens,)
        Row of each token's word.
    n_words : int
        Distinct words.
    starts : ndarray of shape (n_units + 1,)
        Token at which each unit begins; together the units hold all tokens.

    Returns
    -------
    scipy.sparse.csr_matrix of shape (n_units, n_words)
        A word that occurs twice is stored twice; sums come out right.
    """
    ones = np.ones(len(inverse), dtype=np.float32)
    return sp.csr_matrix((ones, inverse, starts), shape=(len(starts) - 1, n_words))


def unit_lengths(idf: np.ndarray, inverse: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Give the number that each unit's sum is divided by: the length of its vector of words.

    Parameters
    ----------
    idf : ndarray of shape (n_words,)
        Weight of each distinct word.
    inverse : ndarray of shape (n_tokens,)
        Row of each token's word.
    starts : ndarray of shape (n_units + 1,)
        Token at which each unit begins.

    Returns
    -------
    ndarray of shape (n_units,)
        Above 0; repeated words count each time.
    """
    running = np.concatenate([[0.0], np.cumsum(idf[inverse].astype(np.float64) ** 2)])
    squares = running[starts[1:]] - running[starts[:-1]]
    return np.sqrt(np.where(squares > 0, squares, 1.0)).astype(np.float32)


def learn_vocabulary(layout: Layout, strings: StringStore) -> Vocabulary:
    """Choose what to learn about from training notes.

    Parameters
    ----------
    layout : Layout
        All training notes.
    strings : spacy.strings.StringStore
        Of the pipeline that made the docs.

    Returns
    -------
    Vocabulary
        Sorted, so that the same notes in any order give the same.

    Raises
    ------
    ValueError
        If no word is seen often enough.
    """
    n_sentences = len(layout.sentences) - 1
    unique, inverse = np.unique(layout.forms, return_inverse=True)
    words = [strings[int(form)] for form in unique]
    counts = (count_words(inverse, len(unique), layout.sentences).tocsc() > 0).sum(axis=0)
    frequency = dict(zip(words, np.asarray(counts).ravel().tolist(), strict=True))
    kept = sorted(word for word, n in frequency.items() if n >= SEEN_AT_LEAST and word != "_space")
    if not kept:
        raise ValueError(
            f"training needs words that are seen in {SEEN_AT_LEAST} sentences; "
            f"these notes hold {n_sentences} sentences and no such word"
        )
    pairs, pair_counts = _count_pairs(layout, words, inverse)
    gram_counts: dict[str, int] = {}
    for word in kept:
        for group in letter_groups(word):
            gram_counts[group] = gram_counts.get(group, 0) + 1

    def idf(counts: Sequence[int]) -> np.ndarray:
        return (np.log((n_sentences + 1) / (np.array(counts) + 1)) + 1).astype(np.float32)

    return Vocabulary(
        words=tuple(kept),
        word_idf=idf([frequency[word] for word in kept]),
        pairs=tuple(pairs),
        pair_idf=idf(pair_counts),
        grams=tuple(sorted(gram for gram, n in gram_counts.items() if n >= SEEN_AT_LEAST)),
        rare_idf=float(idf([0])[0]),
    )


def _count_pairs(
    layout: Layout, words: list[str], inverse: np.ndarray
) -> tuple[list[str], list[int]]:
    """List the word pairs inside sentences that are seen often enough."""
    inside = np.ones(len(inverse), dtype=bool)
    inside[layout.sentences[:-1]] = False
    seconds = np.flatnonzero(inside)
    codes = inverse[seconds - 1].astype(np.int64) * len(words) + inverse[seconds]
    unique, counts = np.unique(codes, return_counts=True)
    found = sorted(
        (f"{words[code // len(words)]} {words[code % len(words)]}", count)
        for code, count in zip(unique.tolist(), counts.tolist(), strict=True)
        if count >= SEEN_AT_LEAST
        and not {"_space", ""} & {words[code // len(words)], words[code % len(words)]}
    )
    return [pair for pair, _ in found], [count for _, count in found]


def _pair_key(firsts: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Join the hashes of two words into one (odd factor: 2**64 / golden ratio)."""
    return firsts * np.uint64(0x9E3779B97F4A7C15) ^ seconds


def _one_hot(columns: Sequence[int], n_columns: int) -> sp.csr_matrix:
    """Put a 1 in the column of each row; -1 leaves the row empty."""
    columns = np.asarray(columns, dtype=np.intp)
    rows = np.flatnonzero(columns >= 0)
    ones = np.ones(len(rows), dtype=np.float32)
    return sp.csr_matrix((ones, (rows, columns[rows])), shape=(len(columns), n_columns))


@cache
def _vectors() -> tuple[dict[str, int], np.ndarray]:
    """Read the table of static vectors once."""
    words, vectors = load_vectors()
    return {word: row for row, word in enumerate(words)}, vectors * VECTOR_WEIGHT


def _vector_features(words: Sequence[str]) -> sp.csr_matrix:
    """Look up static vectors; a word without one has an empty row."""
    rows, vectors = _vectors()
    known = [rows.get(word, -1) for word in words]
    dense = np.where(np.array(known)[:, None] >= 0, vectors[known], np.float32(0))
    return sp.csr_matrix(dense)
