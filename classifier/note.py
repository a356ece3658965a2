"""A note, and the marks that people put on it: the first stage of the way.

Offsets count characters of the original text from 0; the end is exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

CONTEXTS = ("affirmed", "negated", "hypothetical", "other")
"""What a phrase may be besides a plain record of behaviour (annotation guide, "Context")."""


class Extent(Protocol):
    """Anything with a start and an end in a text."""

    start: int
    end: int


@dataclass(frozen=True)
class Mark:
    """A person's span in a note.

    Parameters
    ----------
    start, end : int
        Characters from 0, end exclusive.
    label : str
        Id of a label, such as ``"monitoring"``.
    context : str
        One of ``CONTEXTS``.

    Raises
    ------
    ValueError
        If the span is empty or starts before 0, or the context is unknown.
    """

    start: int
    end: int
    label: str
    context: str = "affirmed"

    def __post_init__(self) -> None:
        if self.start < 0 or self.end <= self.start:
            raise ValueError(
                f"span {self.start}:{self.end} is empty or ends before it starts; "
                "offsets count from 0, the end is exclusive"
            )
        if self.context not in CONTEXTS:
            raise ValueError(
                f"no context {self.context!r}; it must be one of {', '.join(CONTEXTS)}"
            )


@dataclass(frozen=True)
class Note:
    """One call note.

    Parameters
    ----------
    id : str
        Unique within a file.
    text : str
        The note as it was exported; never altered.
    marks : tuple of Mark
        What people marked, in reading order; empty for a note nobody has marked.
    meta : mapping
        Other columns worth keeping, such as ``person``, ``received`` and ``team``.

    Raises
    ------
    ValueError
        If a mark runs past the text.
    """

    id: str
    text: str = field(repr=False)
    marks: tuple[Mark, ...] = ()
    meta: Mapping[str, object] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for mark in self.marks:
            if mark.end > len(self.text):
                raise ValueError(
                    f"note {self.id!r}: span {mark.start}:{mark.end} runs past the text "
                    f"({len(self.text)} characters)"
                )


def overlaps(a: Extent, b: Extent) -> bool:
    """Tell whether two extents share at least one character.

    Parameters
    ----------
    a, b : Extent
        Anything with ``start`` and ``end``.

    Returns
    -------
    bool
        Symmetric; extents that only touch do not overlap.

    Examples
    --------
    >>> overlaps(Mark(0, 4, "threats"), Mark(3, 9, "threats"))
    True
    >>> overlaps(Mark(0, 4, "threats"), Mark(4, 9, "threats"))
    False
    """
    return a.start < b.end and b.start < a.end
