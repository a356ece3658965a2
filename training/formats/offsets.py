"""Offsets in UTF-16 units, as browsers and Java count them, and in characters, as we do.

An emoji is one character and two units; without such characters both counts are the same.
"""

from __future__ import annotations

from itertools import accumulate

CHARACTERS, UTF16 = "characters", "utf-16"
UNITS = (CHARACTERS, UTF16)
"""What a file may count its offsets in."""

LAST_OF_ONE_UNIT = "\uffff"


def to_utf16(text: str, start: int, end: int) -> tuple[int, int]:
    """Turn offsets of characters into offsets of UTF-16 units; undone by `from_utf16`.

    Parameters
    ----------
    text : str
        What the offsets refer to.
    start, end : int
        In characters.

    Returns
    -------
    start, end : int
        In UTF-16 units.

    Examples
    --------
    >>> to_utf16("😡 shouts", 2, 8)
    (3, 9)
    """
    units = _count_units(text)
    return units[start], units[end]


def from_utf16(text: str, start: int, end: int) -> tuple[int, int]:
    """Turn offsets of UTF-16 units into offsets of characters.

    Parameters
    ----------
    text : str
        What the offsets refer to.
    start, end : int
        In UTF-16 units.

    Returns
    -------
    start, end : int
        In characters.

    Raises
    ------
    ValueError
        If one lies outside the text or inside a character; then the file counts otherwise.
    """
    places = {units: place for place, units in enumerate(_count_units(text))}
    if start not in places or end not in places:
        raise ValueError(
            f"span {start}:{end}, counted in UTF-16 units, lies outside the text or begins or ends "
            "inside a character; does the file count in something else?"
        )
    return places[start], places[end]


def read_offsets(text: str, start: object, end: object, unit: str) -> tuple[int, int]:
    """Turn offsets as a file counts them into offsets of characters.

    Parameters
    ----------
    text : str
        What the offsets refer to.
    start, end : int
        Anything else is refused.
    unit : str
        One of ``UNITS``.

    Returns
    -------
    start, end : int
        In characters.

    Raises
    ------
    ValueError
        If they are no whole numbers, or as in `from_utf16`.
    """
    if type(start) is not int or type(end) is not int:
        raise ValueError("a span has no whole numbers for its start and end")
    return (start, end) if unit == CHARACTERS else from_utf16(text, start, end)


def _count_units(text: str) -> list[int]:
    """Count the UTF-16 units before each character and before the end."""
    return list(accumulate((1 + (c > LAST_OF_ONE_UNIT) for c in text), initial=0))
