"""Cut a note's text at the borders of its findings, so that overlapping ones can be shown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from classifier.note import Extent

Span = TypeVar("Span", bound=Extent)


def segments(text_length: int, findings: Sequence[Span]) -> list[tuple[int, int, tuple[Span, ...]]]:
    """Cut a text wherever a finding starts or ends.

    Parameters
    ----------
    text_length : int
        Characters of the text, 0 or more.
    findings : sequence of Finding
        In any order, overlapping or not; a Mark will do as well.

    Returns
    -------
    list of (int, int, tuple of Finding)
        Start, end and the findings (in the order given) that cover the stretch, none for plain
        text. No stretch is empty; joined they are the whole text.

    Raises
    ------
    ValueError
        If a finding is empty or runs past the text.

    Examples
    --------
    >>> from classifier.note import Mark
    >>> watching, control = Mark(2, 6, "monitoring"), Mark(4, 8, "daily_control")
    >>> for start, end, found in segments(9, [watching, control]):
    ...     print(start, end, *(mark.label for mark in found))
    0 2
    2 4 monitoring
    4 6 monitoring daily_control
    6 8 daily_control
    8 9
    """
    for finding in findings:
        if not 0 <= finding.start < finding.end <= text_length:
            raise ValueError(
                f"span {finding.start}:{finding.end} is empty or runs past the text "
                f"({text_length} characters)"
            )
    borders = {0, text_length}
    borders.update(finding.start for finding in findings)
    borders.update(finding.end for finding in findings)
    return [
        (start, end, tuple(f for f in findings if f.start <= start and end <= f.end))
        for start, end in pairwise(sorted(borders))
    ]
