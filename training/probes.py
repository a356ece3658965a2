"""Ask a model again about notes that were changed in what should not matter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from classifier.evidence import find_all
from classifier.findings import NoteEvidence
from classifier.model import Model
from classifier.note import Note
from training.measures import find_words
from training.names import ORIGINS
from training.variants import VARIANTS, change_note, name_people

MOST_REMOVALS = 150
"""Pairs of note and label, chosen at random, from which highlights are taken to measure them."""

MOST_CHANGED_NOTES = 150
"""Notes, chosen at random, that are changed in every other way."""

MOST_NAMED_NOTES = 100
"""Notes, chosen at random, whose people are given names of every origin."""

NAMES_OF = "names: "
"""Before the origin, in the name of a change."""

SAME_ORIGIN = "other English names"
"""A yardstick: what any other name changes, whatever its origin."""


def probe_changes(
    model: Model,
    found: Sequence[NoteEvidence],
    *,
    seed: int,
    tell: Callable[[str], None] = lambda stage: None,
) -> dict[str, np.ndarray]:
    """Change notes in what should not matter and compare their affirmed labels.

    Parameters
    ----------
    model : Model
        That found what is found.
    found : sequence of NoteEvidence
        One for each note.
    seed : int
        For the changes.
    tell : callable
        Called with the name of every stage as it begins.

    Returns
    -------
    dict of str to ndarray of shape (n_notes,)
        For each of ``VARIANTS``, for ``SAME_ORIGIN`` and for each of ``ORIGINS``: 1 if the changed
        note keeps its labels, 0 if not, -1 if there was nothing to change or the note was
        not chosen.
    """
    changes = {}
    generator = np.random.default_rng(seed)
    n_chosen = min(MOST_CHANGED_NOTES, len(found))
    chosen = np.sort(generator.choice(len(found), n_chosen, replace=False)).tolist()
    some = [found[row] for row in chosen]
    for name in VARIANTS:
        tell(f"changed notes: {name}")
        texts = [change_note(evidence.note, name, seed=seed) for evidence in some]
        changes[name] = np.full(len(found), -1)
        changes[name][chosen] = _same_labels(model, some, texts)
    tell(f"changed notes: names of {len(ORIGINS)} origins")
    return changes | _probe_origins(model, found, seed)


def _probe_origins(model: Model, found: Sequence[NoteEvidence], seed: int) -> dict[str, np.ndarray]:
    """Compare the labels of notes with English names and of the same notes with others."""
    first, *others = ORIGINS
    notes = [evidence.note for evidence in found]
    named = [name_people(note, first) for note in notes]
    rows = np.flatnonzero(
        [name_people(note, others[0]) != text for note, text in zip(notes, named, strict=True)]
    )
    generator = np.random.default_rng(seed)
    chosen = generator.choice(rows, min(MOST_NAMED_NOTES, len(rows)), replace=False)
    chosen = np.sort(chosen).tolist()
    before = list(find_all((Note(notes[row].id, named[row]) for row in chosen), model))
    renamed = {SAME_ORIGIN: [name_people(notes[row], first, turn=1) for row in chosen]}
    for origin in others:
        renamed[f"{NAMES_OF}{origin}"] = [name_people(notes[row], origin) for row in chosen]
    changes = {}
    for name, texts in renamed.items():
        changes[name] = np.full(len(found), -1)
        changes[name][chosen] = _same_labels(model, before, texts)
    return changes


def _same_labels(model: Model, found: Sequence[NoteEvidence], texts: Sequence[str]) -> np.ndarray:
    """Compare the affirmed labels of notes with those of their changed texts."""
    same = np.full(len(found), -1)
    rows = [row for row, text in enumerate(texts) if text != found[row].note.text]
    changed = find_all((Note(str(row), texts[row]) for row in rows), model)
    for row, evidence in zip(rows, changed, strict=True):
        same[row] = affirmed_labels(evidence.findings) == affirmed_labels(found[row].findings)
    return same


def affirmed_labels(spans: Sequence) -> set[str]:
    """Give the labels of affirmed marks or findings.

    Parameters
    ----------
    spans : sequence of Mark or Finding
        Of one note.

    Returns
    -------
    set of str
        Ids.
    """
    return {span.label for span in spans if span.context == "affirmed"}


def remove_highlights(model: Model, found: Sequence[NoteEvidence], *, seed: int) -> np.ndarray:
    """Score notes without their highlighted words, and with nothing else.

    Parameters
    ----------
    model : Model
        That found what is found.
    found : sequence of NoteEvidence
        One for each note.
    seed : int
        For the choice of pairs and of random words.

    Returns
    -------
    ndarray of shape (n_pairs, 6)
        Row of the note; its score for one affirmed label; this score without the highlighted
        words, with nothing else, and the same for as many words in a row chosen at random.
    """
    pairs = [
        (row, label)
        for row, evidence in enumerate(found)
        for label in sorted(affirmed_labels(evidence.findings))
    ]
    generator = np.random.default_rng(seed)
    chosen = generator.choice(len(pairs), min(MOST_REMOVALS, len(pairs)), replace=False)
    pairs = [pairs[at] for at in sorted(chosen.tolist())]
    notes = []
    for row, label in pairs:
        text = found[row].note.text
        spans = [
            (finding.start, finding.end)
            for finding in found[row].findings
            if finding.label == label and finding.context == "affirmed"
        ]
        for extents in (spans, _random_stretch(text, spans, generator)):
            notes += [Note(str(len(notes)), part) for part in split_text(text, extents)]
    values = [evidence.scores for evidence in find_all(notes, model)]
    rows = [
        (row, found[row].scores[label], *(values[4 * at + i][label] for i in range(4)))
        for at, (row, label) in enumerate(pairs)
    ]
    return np.array(rows, dtype=float).reshape(-1, 6)


def _random_stretch(
    text: str, spans: Sequence[tuple[int, int]], generator: np.random.Generator
) -> list[tuple[int, int]]:
    """Choose as many words in a row as spans cover, anywhere in a text."""
    words = find_words(text)
    n_covered = sum(
        any(start < word_end and word_start < end for start, end in spans)
        for word_start, word_end in words
    )
    if not n_covered:
        return list(spans)
    first = int(generator.integers(len(words) - n_covered + 1))
    return [(words[first][0], words[first + n_covered - 1][1])]


def split_text(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, str]:
    """Split a text into what is outside spans and what is inside.

    Parameters
    ----------
    text : str
        Any text.
    spans : sequence of (int, int)
        In characters; may overlap.

    Returns
    -------
    outside, inside : str
        Inside, every stretch stands on a line of its own.

    Examples
    --------
    >>> split_text("He rang. He shouts at her. Left.", [(12, 25), (12, 18)])
    ('He rang. He  . Left.', 'shouts at her')
    """
    covered = np.zeros(len(text), dtype=bool)
    for start, end in spans:
        covered[start:end] = True
    edges = [0, *(np.flatnonzero(np.diff(covered)) + 1).tolist(), len(text)]
    stretches = [(covered[start], text[start:end]) for start, end in pairwise(edges) if start < end]
    outside = "".join(" " if inside else stretch for inside, stretch in stretches)
    return outside, "\n".join(stretch for inside, stretch in stretches if inside)
