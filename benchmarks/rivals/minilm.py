"""Frozen MiniLM sentence vectors and logistic regression; needs the encoder's wheel and torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from classifier.note import Note
from rivals.said import Read
from rivals.sentences import cut, mark_affirmed, read_by_sentence, with_any
from rivals.tfidf import fit_one_against_rest

BATCH = 64
"""Sentences that go through the encoder together, of about the same length."""

MOST_PIECES = 256
"""Word pieces of a sentence that are looked at, as its makers set it."""


def train(
    notes: Sequence[Note], labels: Sequence[str], settings: Sequence[float]
) -> Iterator[tuple[float, Read]]:
    """Fit one regression a label, against the rest, over sentence vectors.

    Parameters
    ----------
    notes : sequence of Note
        Marked notes and sentences.
    labels : sequence of str
        Column order.
    settings : sequence of float
        Inverse strengths of the penalty.

    Yields
    ------
    tuple of (float, Read)
        A note's score is that of its highest sentence.

    Raises
    ------
    ModuleNotFoundError
        If the encoder cannot run here; the message says what is missing.
    """
    from training.vectors import load_encoder

    tokenizer, encoder = load_encoder()
    docs, layout, texts = cut(notes)
    features = embed(texts, tokenizer, encoder)
    wanted = with_any(mark_affirmed(notes, docs, layout, labels).sentences)
    for strength in settings:
        fitted = fit_one_against_rest(features, wanted, strength)
        yield (
            strength,
            read_by_sentence(lambda t, f=fitted: f.predict_proba(embed(t, tokenizer, encoder))),
        )


def embed(texts: Sequence[str], tokenizer, encoder) -> np.ndarray:
    """Give sentence vectors as sentence-transformers does for this encoder.

    Parameters
    ----------
    texts : sequence of str
        Sentences.
    tokenizer, encoder : PreTrainedTokenizerBase, PreTrainedModel
        From `training.vectors.load_encoder`.

    Returns
    -------
    ndarray of shape (n_sentences, 384)
        Mean over pieces, length 1.
    """
    import torch

    torch.set_num_threads(1)  # as every other way here
    vectors = np.empty((len(texts), encoder.config.hidden_size), dtype=np.float32)
    order = np.argsort([len(text) for text in texts], kind="stable")
    for start in range(0, len(texts), BATCH):
        rows = order[start : start + BATCH]
        pieces = tokenizer(
            [texts[row] for row in rows],
            padding=True,
            truncation=True,
            max_length=MOST_PIECES,
            return_tensors="pt",
        )
        with torch.inference_mode():
            last = encoder(**pieces).last_hidden_state
        mask = pieces["attention_mask"][:, :, None].to(last.dtype)
        mean = (last * mask).sum(dim=1) / mask.sum(dim=1)
        vectors[rows] = torch.nn.functional.normalize(mean, dim=1).numpy()
    return vectors
