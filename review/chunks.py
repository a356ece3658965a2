"""Long lists of ids, in parts that one question to the database can name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

CHUNK = 500
"""Ids in one question to the database; SQLite takes 999 at the least."""

One = TypeVar("One")


def chunks(ids: Sequence[One], size: int = CHUNK) -> Iterator[list[One]]:
    """Cut a list into parts.

    Parameters
    ----------
    ids : sequence
        Of any length.
    size : int
        Of each part but the last.

    Yields
    ------
    list
        In order; none of them empty.

    Examples
    --------
    >>> list(chunks([5, 3, 8], size=2))
    [[5, 3], [8]]
    """
    for first in range(0, len(ids), size):
        yield list(ids[first : first + size])
