"""Train a spaCy pipeline epoch by epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from spacy.language import Language
from spacy.training import Example
from spacy.util import fix_random_seed, minibatch

DROPOUT = 0.1
"""As in spaCy's own configuration."""

SEED = 0


def train_epochs(
    nlp: Language, examples: Sequence[Example], settings: Sequence[float], *, batch: int
) -> Iterator[int]:
    """Train a pipeline with spaCy's defaults (Adam, rate .001).

    Parameters
    ----------
    nlp : spacy.language.Language
        With one component, which knows its labels; altered.
    examples : sequence of spacy.training.Example
        In any order.
    settings : sequence of float
        Epochs after which to stop and look.
    batch : int
        Examples in an update.

    Yields
    ------
    int
        Epochs done, at each of `settings`.
    """
    fix_random_seed(SEED)
    generator = np.random.default_rng(SEED)
    optimiser = nlp.initialize(lambda: examples[:batch])
    for epoch in range(1, int(max(settings)) + 1):
        order = generator.permutation(len(examples))
        for rows in minibatch(order.tolist(), batch):
            nlp.update([examples[row] for row in rows], sgd=optimiser, drop=DROPOUT)
        if epoch in settings:
            yield epoch
