"""Near-copies: notes that tell the same in almost the same words."""

from __future__ import annotations

import re

COPY_SHARE = 0.15
"""Share of the shorter note's runs of four words that makes two notes near-copies; of all pairs
in the corpus 26 are. Below it they share phrases that many people write."""

RUN = 4
"""Words of a run."""


def runs_of(text: str) -> frozenset[tuple[str, ...]]:
    """Cut a text into all runs of four words, to compare it with others.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    frozenset of tuple of str
        In small letters, without punctuation; of a shorter text, all its words as one run.
    """
    words = re.findall(r"\w+", text.lower())
    return frozenset(tuple(words[at : at + RUN]) for at in range(max(len(words) - RUN + 1, 1)))


def are_near(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    """Tell whether two texts are near-copies.

    Parameters
    ----------
    one, other : frozenset of tuple of str
        From `runs_of`.

    Returns
    -------
    bool
        If more than ``COPY_SHARE`` of the shorter one's runs are also the other's.
    """
    return len(one & other) > COPY_SHARE * min(len(one), len(other))
