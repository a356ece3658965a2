"""What the encoder says of notes that it has not seen, though it was adapted to the corpus.

The encoder has read the whole corpus. Calibrating or measuring on what it says there would flatter
it. So when it was made, encoders of the same kind were adapted without some author groups in turn
(`training.encoder`), and what they said of the notes left out was kept: those scores are read
here in place of the encoder's own. Of any other note the encoder is asked itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from spacy.strings import StringStore

from classifier.encoder import Encoder, columns, load_encoder
from classifier.model import Model
from classifier.phrases import Layout
from training.corpus import SYNTHETIC

HELD_OUT_FILE = SYNTHETIC / "held_out_scores.npz"
"""Scores of the whole notes of the corpus, each by an encoder adapted without its author group."""

STEP = 0.125
"""Log odds are kept as whole numbers of this, in 8 bits."""


@dataclass(frozen=True)
class UnseenReader:
    """Scores words as an encoder would that has not seen their note.

    Parameters
    ----------
    encoder : Encoder
        Asked about notes that are not in the corpus.
    recorded : mapping of bytes to ndarray of shape (n_tokens, n_columns)
        Scores of the notes of the corpus, in steps, by `key_of`.
    """

    encoder: Encoder
    recorded: Mapping[bytes, np.ndarray] = field(repr=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels that the encoder knows."""
        return self.encoder.labels

    def read(self, layout: Layout, strings: StringStore, wanted: np.ndarray) -> np.ndarray:
        """Score the words of the wanted sentences.

        Parameters
        ----------
        layout : Layout
            A batch of docs.
        strings : spacy.strings.StringStore
            Of the pipeline that made them.
        wanted : ndarray of shape (n_sentences,)
            True for a sentence to be read.

        Returns
        -------
        ndarray of shape (n_tokens, n_columns)
            As from `classifier.encoder.Encoder.read`.
        """
        found = {
            note: self.recorded[key]
            for note in range(len(layout.notes) - 1)
            if (key := key_of(layout, note)) in self.recorded
        }
        unknown = ~np.isin(layout.note_of_sentence, list(found))
        scores = self.encoder.read(layout, strings, wanted & unknown)
        for note, steps in found.items():
            scores[layout.notes[note] : layout.notes[note + 1]] = steps * np.float32(STEP)
        left_out = np.repeat(~wanted, np.diff(layout.sentences))
        scores[left_out & np.repeat(~unknown, np.diff(layout.sentences))] = np.nan
        return scores


def key_of(layout: Layout, note: int) -> bytes:
    """Name a note by its words as written.

    Parameters
    ----------
    layout : Layout
        A batch of docs.
    note : int
        Row.

    Returns
    -------
    bytes
        A digest of 8 bytes.
    """
    words = layout.orths[layout.notes[note] : layout.notes[note + 1]]
    return hashlib.blake2b(np.ascontiguousarray(words).tobytes(), digest_size=8).digest()


def unseen_reader(encoder: Encoder | None = None, file: Path = HELD_OUT_FILE) -> UnseenReader:
    """Read the scores that were kept, for training and measuring.

    Parameters
    ----------
    encoder : Encoder, optional
        The default is the one that comes with the package.
    file : Path
        Written by `write_held_out`.

    Returns
    -------
    UnseenReader
        Of all notes.

    Raises
    ------
    FileNotFoundError
        If the encoder or the scores are not there.
    ValueError
        If the scores are of another encoder's labels.
    """
    encoder = encoder or load_encoder()
    if not file.is_file():
        raise FileNotFoundError(
            f"no held-out scores at {file}; make them, and the encoder, with: "
            "python -m training.encoder"
        )
    with np.load(file, allow_pickle=False) as arrays:
        keys, starts, scores = arrays["keys"], arrays["starts"], arrays["scores"]
    if scores.shape[1] != columns(encoder.labels)["all"].stop or len(starts) != len(keys) + 1:
        raise ValueError(
            f"{file.name} is not of this encoder; make both again with: python -m training.encoder"
        )
    return UnseenReader(
        encoder,
        {
            key.tobytes(): scores[start:end]
            for key, start, end in zip(keys, starts[:-1], starts[1:], strict=True)
        },
    )


def as_unseen(model: Model) -> Model:
    """Let a model's encoder answer as one that has not read the corpus, for measuring.

    Parameters
    ----------
    model : Model
        With or without an encoder.

    Returns
    -------
    Model
        Differs only for whole notes of the corpus.
    """
    if isinstance(model.reader, Encoder) and HELD_OUT_FILE.is_file():
        return replace(model, reader=unseen_reader(model.reader))
    return model


def write_held_out(layout: Layout, scores: np.ndarray, notes: np.ndarray, file: Path) -> None:
    """Keep what encoders said of notes they were adapted without.

    Parameters
    ----------
    layout : Layout
        Of the corpus.
    scores : ndarray of shape (n_tokens, n_columns)
        Log odds; NaN for white space.
    notes : ndarray of int
        Rows of the notes to keep.
    file : Path
        An ``.npz`` file.
    """
    steps = np.clip(np.rint(np.nan_to_num(scores) / STEP), -127, 127).astype(np.int8)
    pieces = [steps[layout.notes[note] : layout.notes[note + 1]] for note in notes]
    keys = [np.frombuffer(key_of(layout, note), dtype=np.uint8) for note in notes]
    np.savez_compressed(
        file,
        keys=np.array(keys),
        starts=np.cumsum([0, *map(len, pieces)]),
        scores=np.concatenate(pieces),
    )
