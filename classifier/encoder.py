"""What the sentence encoder says of every word, read in its place among the others.

The encoder is MiniLM, adapted to the synthetic corpus by `training.encoder` and stored in 8 bits.
It gives each word a log odds for every label and context. Classes of words are written out the
same for everyone (`classifier.words.plain_word`), so that it cannot tell *he* from *she* either.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from spacy.strings import StringStore
from tokenizers import Tokenizer

from classifier.digest import digest
from classifier.note import CONTEXTS
from classifier.phrases import Layout
from classifier.words import normal_form, plain_word

ENCODER_FOLDER = Path(__file__).with_name("encoder")
"""Where the package keeps the encoder."""

FILES = ("encoder.int8.onnx", "tokenizer.json")
"""What the folder holds beside ``encoder.json`` and ``NOTICE.md``."""

CHUNK_PIECES = 96
"""Word pieces that are read together: some sentences that follow one another in a note."""

WORD_PIECES = 6
"""Pieces of a word that are read at most; longer words are codes and links."""

START, END = 101, 102
"""Pieces that open and close a chunk."""

BATCH_PIECES = 3_000
"""Pieces that go through the encoder at once."""

PADDED_TO = 16
"""Chunks are filled up to a multiple of this, whatever chunks go with them: a note's scores then
do not depend on its neighbours."""

MEMO_WORDS = 200_000
"""Distinct words whose pieces are remembered before the memory is emptied."""


class Reader(Protocol):
    """Whatever gives a batch of docs the encoder's scores."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels that the reader knows."""

    def read(self, layout: Layout, strings: StringStore, wanted: np.ndarray) -> np.ndarray:
        """Score the words of the wanted sentences; see `Encoder.read`."""


@dataclass(frozen=True)
class Encoder:
    """The encoder, ready to read.

    Parameters
    ----------
    labels : tuple of str
        Labels that it was adapted to, in column order.
    session : onnxruntime.InferenceSession
        The network.
    tokenizer : tokenizers.Tokenizer
        Cuts words into pieces.
    """

    labels: tuple[str, ...]
    session: onnxruntime.InferenceSession = field(repr=False, compare=False)
    tokenizer: Tokenizer = field(repr=False, compare=False)
    _memo: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def read(self, layout: Layout, strings: StringStore, wanted: np.ndarray) -> np.ndarray:
        """Score the words of the wanted sentences.

        Parameters
        ----------
        layout : Layout
            A batch of docs.
        strings : spacy.strings.StringStore
            Of the pipeline that made them.
        wanted : ndarray of shape (n_sentences,)
            True for a sentence to be read. What is read with it in one chunk is scored as well.

        Returns
        -------
        ndarray of shape (n_tokens, n_columns)
            Log odds, float32, in the columns of `columns`; NaN for a word that was not read.
        """
        scores = np.full((len(layout.forms), columns(self.labels)["all"].stop), np.nan, np.float32)
        pieces = self._pieces_of(layout, strings)
        by_length: dict[int, list[list[int]]] = {}
        for tokens in chunk_sentences(layout, pieces, wanted):
            length = sum(len(pieces[token]) for token in tokens) + 2
            by_length.setdefault(-(-length // PADDED_TO) * PADDED_TO, []).append(tokens)
        for length, chunks in sorted(by_length.items()):
            step = max(BATCH_PIECES // length, 1)
            for start in range(0, len(chunks), step):
                self._read_chunks(chunks[start : start + step], length, pieces, scores)
        return scores

    def _read_chunks(
        self,
        chunks: list[list[int]],
        length: int,
        pieces: list[tuple[int, ...]],
        scores: np.ndarray,
    ) -> None:
        """Put chunks of one length through the network; a word is read off its first piece."""
        lines = [[(token, pieces[token]) for token in chunk] for chunk in chunks]
        ids, mask, rows, places, tokens = fill_lines(lines, length)
        [read] = self.session.run(None, {"ids": ids, "mask": mask})
        scores[tokens] = read[rows, places]

    def _pieces_of(self, layout: Layout, strings: StringStore) -> list[tuple[int, ...]]:
        """Cut every token into pieces; white space has none."""
        if len(self._memo) > MEMO_WORDS:
            self._memo.clear()
        unique, inverse = np.unique(layout.orths, return_inverse=True)
        known = []
        for orth in unique.tolist():
            found = self._memo.get(orth)
            if found is None:
                word = strings[orth]
                found = cut_word(self.tokenizer, plain_word(word, normal_form(word)))
                self._memo[orth] = found
            known.append(found)
        return [known[row] for row in inverse.tolist()]


def fill_lines(
    lines: Sequence[Sequence[tuple[int, tuple[int, ...]]]], length: int
) -> tuple[np.ndarray, np.ndarray, list[int], list[int], list[int]]:
    """Put chunks into one table of pieces, and say where each token is read off.

    Parameters
    ----------
    lines : sequence of sequence of (int, tuple of int)
        For each chunk its tokens with their pieces.
    length : int
        Columns of the table, enough for the longest chunk with its start and its end.

    Returns
    -------
    ids, mask : ndarray of shape (n_lines, length)
        Pieces, and 1 where there is one; int64.
    rows, places, tokens : list of int
        Where each token's first piece lies, and the token.
    """
    ids = np.zeros((len(lines), length), np.int64)
    mask = np.zeros((len(lines), length), np.int64)
    rows, places, tokens = [], [], []
    for row, line in enumerate(lines):
        filled = [START]
        for token, pieces in line:
            rows.append(row)
            places.append(len(filled))
            tokens.append(token)
            filled += pieces
        filled.append(END)
        ids[row, : len(filled)], mask[row, : len(filled)] = filled, 1
    return ids, mask, rows, places, tokens


def cut_word(tokenizer: Tokenizer, word: str) -> tuple[int, ...]:
    """Cut a word into pieces.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer
        Of the encoder.
    word : str
        As `classifier.words.plain_word` writes it.

    Returns
    -------
    tuple of int
        At most ``WORD_PIECES``; none for white space.
    """
    ids = tokenizer.encode(word, add_special_tokens=False).ids if word.strip() else []
    return tuple(ids[:WORD_PIECES])


def columns(labels: tuple[str, ...]) -> Mapping[str, slice]:
    """Say which columns of an encoder's scores mean what.

    Parameters
    ----------
    labels : tuple of str
        Labels of the encoder.

    Returns
    -------
    mapping of str to slice
        ``labels`` (what a word shows, in any context), ``contexts``, ``evidence`` (affirmed, of
        any label); ``sentence_labels`` and ``sentence_evidence``, whose mean over a sentence is
        the sentence's; and ``all``.
    """
    widths = {
        "labels": len(labels),
        "contexts": len(CONTEXTS),
        "evidence": 1,
        "sentence_labels": len(labels),
        "sentence_evidence": 1,
    }
    edges = np.cumsum([0, *widths.values()]).tolist()
    named = {name: slice(*edge) for name, edge in zip(widths, pairwise(edges), strict=True)}
    return {**named, "all": slice(0, edges[-1])}


def chunk_sentences(
    layout: Layout, pieces: Sequence[tuple[int, ...]], wanted: np.ndarray
) -> list[list[int]]:
    """Put sentences that follow one another in a note together, and keep what is wanted.

    Parameters
    ----------
    layout : Layout
        A batch of docs.
    pieces : sequence of tuple of int
        Word pieces of each token.
    wanted : ndarray of shape (n_sentences,)
        A chunk is kept if one of its sentences is wanted.

    Returns
    -------
    list of list of int
        Tokens of each chunk, without white space. A sentence longer than a chunk is cut. Where
        chunks begin does not depend on what is wanted.
    """
    kept = []
    first_sentences = np.searchsorted(layout.sentences, layout.notes)
    for note in range(len(layout.notes) - 1):
        chunk: list[int] = []
        length, is_wanted = 0, False
        for sentence in range(first_sentences[note], first_sentences[note + 1]):
            start, end = layout.sentences[sentence : sentence + 2].tolist()
            for part, part_length in _parts(range(start, end), pieces):
                if chunk and length + part_length > CHUNK_PIECES:
                    if is_wanted:
                        kept.append(chunk)
                    chunk, length, is_wanted = [], 0, False
                chunk = chunk + part
                length += part_length
                is_wanted = is_wanted or bool(wanted[sentence])
        if chunk and is_wanted:
            kept.append(chunk)
    return kept


def _parts(tokens: range, pieces: Sequence[tuple[int, ...]]) -> list[tuple[list[int], int]]:
    """Cut the tokens of a sentence into parts that fit a chunk, each with its pieces counted."""
    parts: list[tuple[list[int], int]] = []
    part: list[int] = []
    length = 0
    for token in tokens:
        n = len(pieces[token])
        if length + n > CHUNK_PIECES:
            parts.append((part, length))
            part, length = [], 0
        if n:
            part.append(token)
            length += n
    if part:
        parts.append((part, length))
    return parts


def load_encoder(folder: Path = ENCODER_FOLDER, threads: int = 0) -> Encoder:
    """Read the encoder that comes with the package.

    Parameters
    ----------
    folder : Path
        Written by `training.encoder`.
    threads : int
        Processor cores to read with; 0 is as many as there are.

    Returns
    -------
    Encoder
        Read once a process.

    Raises
    ------
    FileNotFoundError
        If there is no encoder.
    ValueError
        If a file is not the one that was written.
    """
    return _load_once(Path(folder), threads)


def read_encoder(folder: Path, threads: int = 0) -> Encoder:
    """Read an encoder from its folder, as `load_encoder` does, without remembering it.

    Parameters
    ----------
    folder : Path
        Written by `training.encoder`.
    threads : int
        Processor cores to read with; 0 is as many as there are.

    Returns
    -------
    Encoder
        Ready to read.
    """
    about = describe_encoder(folder)
    for name in FILES:
        if digest(folder / name) != about["sha256"].get(name):
            raise ValueError(f"{folder}: {name} was altered; install Unheard again")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        folder / FILES[0], options, providers=["CPUExecutionProvider"]
    )
    tokenizer = Tokenizer.from_file(str(folder / FILES[1]))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Encoder(tuple(about["labels"]), session, tokenizer)


_load_once = cache(read_encoder)


def describe_encoder(folder: Path = ENCODER_FOLDER) -> dict:
    """Read what the encoder says of itself.

    Parameters
    ----------
    folder : Path
        Written by `training.encoder`.

    Returns
    -------
    dict
        ``labels``, ``sha256`` of its files, ``groups`` it has read, ``data`` and ``versions``.

    Raises
    ------
    FileNotFoundError
        If there is no encoder.
    """
    path = folder / "encoder.json"
    if not path.is_file():
        raise FileNotFoundError(f"no encoder at {folder}; install Unheard again, or use --fast")
    return json.loads(path.read_text(encoding="utf-8"))
