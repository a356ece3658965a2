"""spaCy's span categoriser over clauses, on the CPU.

Its candidates are Unheard's clauses: with n-grams long enough for the marks, of seven words and
more, it would score a dozen candidates for every word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from thinc.api import Ops
from thinc.types import Ragged

from classifier.note import Mark, Note
from classifier.phrases import Layout
from rivals.epochs import train_epochs
from rivals.said import Read, Said
from rivals.sentences import cut, highest, mark_affirmed, with_any
from rivals.textcat import ANY

BATCH = 32
"""Notes or single sentences in an update."""

READ_TOGETHER = 128
"""Notes that are scored together."""

CLAUSES, FOUND = "clauses", "sc"
"""Span groups: the candidates, and spaCy's own name for what is marked."""


@spacy.registry.misc("unheard_clauses.v1")
def make_suggester():
    """Make the function that offers a doc's clauses.

    Returns
    -------
    callable
        As `spacy.pipeline.spancat.Suggester`.
    """

    def suggest(docs: Sequence[Doc], *, ops: Ops | None = None) -> Ragged:
        ops = ops or spacy.util.get_current_ops()
        extents = [[(span.start, span.end) for span in doc.spans[CLAUSES]] for doc in docs]
        flat = [extent for one in extents for extent in one]
        return Ragged(
            ops.asarray2i(np.array(flat, dtype="i").reshape(-1, 2)),
            ops.asarray1i([len(one) for one in extents]),
        )

    return suggest


def train(
    notes: Sequence[Note], labels: Sequence[str], settings: Sequence[float]
) -> Iterator[tuple[float, Read]]:
    """Train the categoriser; a clause is marked if affirmed marks cover half of its words.

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
        A note's score is that of its highest clause; shows clauses.
    """
    nlp = spacy.blank("en")
    pipe = nlp.add_pipe("spancat", config={"suggester": {"@misc": "unheard_clauses.v1"}})
    categories = [*labels, ANY]
    for category in categories:
        pipe.add_label(category)
    docs, layout, _ = cut(notes)
    wanted = with_any(mark_affirmed(notes, docs, layout, labels).phrases)
    examples, row = [], 0
    for predicted, reference in zip(
        _plain(docs, layout, nlp), _plain(docs, layout, nlp), strict=True
    ):
        clauses = reference.spans[CLAUSES]
        reference.spans[FOUND] = [
            Span(reference, clause.start, clause.end, categories[column])
            for at, clause in enumerate(clauses)
            for column in np.flatnonzero(wanted[row + at])
        ]
        row += len(clauses)
        if len(predicted):
            examples.append(Example(predicted, reference))
    order = [pipe.labels.index(category) for category in categories]

    def read(notes: Sequence[Note], thresholds: np.ndarray) -> Said:
        parts = []
        docs, layout, _ = cut(notes)
        plain = _plain(docs, layout, nlp)
        for start in range(0, len(plain), READ_TOGETHER):
            _, scores = pipe.predict(plain[start : start + READ_TOGETHER])
            parts.append(scores[:, order])
        scores = np.concatenate(parts)
        owners = layout.note_of_phrase
        clauses = [clause for doc in plain for clause in doc.spans[CLAUSES]]
        spans: list[list[Mark]] = [[] for _ in notes]
        for at, column in zip(*np.nonzero(scores[:, :-1] >= thresholds), strict=True):
            span = clauses[at]
            spans[owners[at]].append(Mark(span.start_char, span.end_char, labels[column]))
        return Said(*highest(scores, owners, len(notes)), spans)

    for epoch in train_epochs(nlp, examples, settings, batch=BATCH):
        yield epoch, read


def _plain(docs: Sequence[Doc], layout: Layout, nlp: Language) -> list[Doc]:
    """Copy docs without Unheard's normal forms, with their clauses as candidates."""
    copies = [
        Doc(nlp.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc])
        for doc in docs
    ]
    clauses: list[list[Span]] = [[] for _ in docs]
    for owner, start, end in zip(
        layout.note_of_phrase, layout.phrases[:-1], layout.phrases[1:], strict=True
    ):
        offset = layout.notes[owner]
        clauses[owner].append(copies[owner][int(start - offset) : int(end - offset)])
    for copy, found in zip(copies, clauses, strict=True):
        copy.spans[CLAUSES] = found
    return copies
