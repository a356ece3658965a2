"""A keyword list: counts terms, learns nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from classifier.note import Mark, Note
from rivals.said import Read, Said

KEYWORD_FILE = Path(__file__).parents[1] / "keywords.toml"


def read_keywords() -> tuple[dict[str, str], dict[str, dict[str, list[str]]]]:
    """Read the keyword file.

    Returns
    -------
    sources : dict of str to str
        Reference of each source.
    terms : dict of str to dict of str to list of str
        For each label the terms of each source.
    """
    tables = tomllib.loads(KEYWORD_FILE.read_text(encoding="utf-8"))
    return tables.pop("source"), tables


def pattern_of(term: str) -> re.Pattern[str]:
    """Turn a term into a pattern.

    Parameters
    ----------
    term : str
        ``*`` at the end of a word stands for any ending, ``_`` for any one word.

    Returns
    -------
    re.Pattern
        Any case, at word borders, either apostrophe.

    Examples
    --------
    >>> pattern = pattern_of("check* _ phone")
    >>> bool(pattern.search("He checks her phone.")), bool(pattern.search("check phone"))
    (True, False)
    >>> bool(pattern_of("nfa").search("unfair"))
    False
    """
    words = [
        r"[\w'’-]+"
        if word == "_"
        else re.escape(word.rstrip("*")).replace("'", "['’]") + (r"\w*" if "*" in word else "")
        for word in term.split()
    ]
    return re.compile(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)", re.I)


def needle_of(term: str) -> str:
    """Give letters that every hit of a term holds, to pass over most notes quickly.

    Parameters
    ----------
    term : str
        As `pattern_of` takes it.

    Returns
    -------
    str
        Lower case; its longest word, up to an apostrophe.
    """
    words = [re.split("['*]", word.lower())[0] for word in term.split() if word != "_"]
    return max(words, key=len)


def train(
    notes: Sequence[Note], labels: Sequence[str], settings: Sequence[float]
) -> Iterator[tuple[float, Read]]:
    """Read the list; a note's score is the number of different terms found.

    Parameters
    ----------
    notes : sequence of Note
        Not looked at.
    labels : sequence of str
        Column order.
    settings : sequence of float
        One that says nothing.

    Yields
    ------
    tuple of (float, Read)
        Shows the terms found, of labels that reach their thresholds.
    """
    _, tables = read_keywords()
    terms = [[term for group in tables[label].values() for term in group] for label in labels]
    patterns = [[(needle_of(term), pattern_of(term)) for term in group] for group in terms]

    def read(notes: Sequence[Note], thresholds: np.ndarray) -> Said:
        scores = np.zeros((len(notes), len(labels)))
        spans: list[list[Mark]] = [[] for _ in notes]
        for row, note in enumerate(notes):
            lower = note.text.lower()
            for column, label in enumerate(labels):
                hits = [
                    [match.span() for match in pattern.finditer(note.text)]
                    for needle, pattern in patterns[column]
                    if needle in lower
                ]
                scores[row, column] = sum(map(bool, hits))
                if scores[row, column] >= thresholds[column]:
                    spans[row] += [Mark(*extent, label) for found in hits for extent in found]
        return Said(scores, scores.sum(axis=1), spans)

    for setting in settings:
        yield setting, read
