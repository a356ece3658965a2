"""spaCy's multi-label text categoriser over sentences, on the CPU."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import spacy
from spacy.pipeline.textcat_multilabel import multi_label_bow_config, multi_label_default_config
from spacy.training import Example
from thinc.api import Config

from classifier.note import Note
from rivals.epochs import train_epochs
from rivals.said import Read
from rivals.sentences import cut, mark_affirmed, read_by_sentence, with_any

BATCH = 64
"""Sentences in an update."""

ANY = "any_evidence"
"""The category that stands for evidence of any label."""


def train_bow(
    notes: Sequence[Note], labels: Sequence[str], settings: Sequence[float]
) -> Iterator[tuple[float, Read]]:
    """Train spaCy's bag of words.

    Parameters
    ----------
    notes : sequence of Note
        Marked notes and sentences.
    labels : sequence of str
        Column order.
    settings : sequence of float
        Epochs after which to stop and look.

    Yields
    ------
    tuple of (float, Read)
        A note's score is that of its highest sentence.
    """
    yield from _train(notes, labels, settings, multi_label_bow_config)


def train_ensemble(
    notes: Sequence[Note], labels: Sequence[str], settings: Sequence[float]
) -> Iterator[tuple[float, Read]]:
    """Train spaCy's default, a bag of words together with a convolutional network.

    Parameters
    ----------
    notes : sequence of Note
        Marked notes and sentences.
    labels : sequence of str
        Column order.
    settings : sequence of float
        Epochs after which to stop and look.

    Yields
    ------
    tuple of (float, Read)
        A note's score is that of its highest sentence.
    """
    yield from _train(notes, labels, settings, multi_label_default_config)


def _train(
    notes: Sequence[Note], labels: Sequence[str], settings: Sequence[float], config: str
) -> Iterator[tuple[float, Read]]:
    """Train one architecture."""
    docs, layout, texts = cut(notes)
    wanted = with_any(mark_affirmed(notes, docs, layout, labels).sentences)
    categories = [*labels, ANY]
    nlp = spacy.blank("en")
    pipe = nlp.add_pipe("textcat_multilabel", config={"model": Config().from_str(config)["model"]})
    for category in categories:
        pipe.add_label(category)
    examples = [
        Example.from_dict(
            nlp.make_doc(text),
            {"cats": dict(zip(categories, map(float, row), strict=True))},
        )
        for text, row in zip(texts, wanted, strict=True)
        if text.strip()
    ]

    def score(texts: list[str]) -> np.ndarray:
        found = (doc.cats for doc in nlp.pipe(texts))
        return np.array([[cats[category] for category in categories] for cats in found])

    for epoch in train_epochs(nlp, examples, settings, batch=BATCH):
        yield epoch, read_by_sentence(score)
