"""Word vectors: what a word the model never saw in training is near to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from spacy.language import Language
from spacy.vectors import Vectors

VECTOR_FOLDER = Path(__file__).with_name("vectors")


def load_vectors() -> tuple[list[str], np.ndarray]:
    """Read the table of word vectors that comes with the package.

    Each row is stored as whole numbers from -127 to 127, of which only the direction counts;
    here it is brought back to length 1.

    Returns
    -------
    words : list of str
        Lower case, none twice; the most frequent first. Length ``n_words``.
    vectors : ndarray of shape (n_words, n_dimensions)
        Float32, one row of length 1 for each word; their dot product is the cosine.

    Raises
    ------
    ValueError
        If the two files do not belong together.
    """
    words = (VECTOR_FOLDER / "words.txt").read_text(encoding="utf-8").splitlines()
    codes = np.load(VECTOR_FOLDER / "vectors.npy", allow_pickle=False)
    if len(words) != len(codes):
        raise ValueError(
            f"{VECTOR_FOLDER}: {len(words)} words but {len(codes)} vectors; "
            "make both again with: python -m training.vectors"
        )
    vectors = codes.astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return words, vectors


def add_vectors(nlp: Language) -> None:
    """Give the tokens of a pipeline their word vectors.

    Words are looked up in lower case, so ``Phone`` and ``phone`` share a vector; a word
    outside the table has none (``token.has_vector`` is false, ``token.vector`` is zero).

    Parameters
    ----------
    nlp : spacy.language.Language
        Changed in place; vectors it had before are replaced.
    """
    words, vectors = load_vectors()
    nlp.vocab.vectors = Vectors(
        strings=nlp.vocab.strings, data=vectors, keys=words, name="minilm-words", attr="LOWER"
    )
