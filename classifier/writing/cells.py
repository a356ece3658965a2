"""Text in the cells of an Excel workbook: kept as text, whole where it fits, readable."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable
from itertools import chain

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from classifier.wording import showable

CELL_CHARACTERS = 32_767
"""The most an Excel cell holds, in UTF-16 units: an emoji counts twice [1]_.

.. [1] Microsoft Support, "Excel specifications and limits".
"""

CONTRAST = 5.5
"""Of coloured text on white. WCAG 2.2 AA asks for 4.5; projectors and cheap paper take some."""

CUT = " [… cut here: a cell holds 32,767 characters. Every phrase is listed under Findings.]"
"""Ends a cell whose text is longer than Excel allows."""

# Zero-width places where a text must be cut into two runs: Excel reads _x0041_ as an A, and
# XlsxWriter takes a text from <r> to </r> for finished XML.
_ESCAPES = re.compile(r"(?<=_)(?=x[0-9A-Fa-f]{4}_)|(?<=^<)(?=r>)")


def readable_on_white(colour: str) -> str:
    """Darken a colour, keeping its hue, until text in it can be read on white.

    Parameters
    ----------
    colour : str
        ``#rrggbb``.

    Returns
    -------
    str
        ``#rrggbb`` with a contrast to white of at least ``CONTRAST`` (WCAG 2.2).

    Examples
    --------
    >>> readable_on_white("#ffe08a")
    '#856200'
    """
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    parts = [red, green, blue]
    while 1.05 / (_luminance(parts) + 0.05) < CONTRAST:
        light -= 0.01
        parts = [round(part * 255) / 255 for part in colorsys.hls_to_rgb(hue, light, saturation)]
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _luminance(parts) -> float:
    """Give the relative luminance of red, green and blue in [0, 1], as WCAG defines it."""
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def write_text(sheet: Worksheet, row: int, column: int, text: str, format: Format) -> None:
    """Write text as text, whatever it looks like.

    Parameters
    ----------
    sheet : Worksheet
        Of XlsxWriter.
    row, column : int
        From 0.
    text : str
        Passed through `showable` first.
    format : Format
        Of the cell.
    """
    write_runs(sheet, row, column, [(format, showable(text))], format)


def write_runs(
    sheet: Worksheet,
    row: int,
    column: int,
    runs: Iterable[tuple[Format, str]],
    cell_format: Format,
) -> None:
    """Write stretches of text, each in its own format, into one cell.

    Parameters
    ----------
    sheet : Worksheet
        Of XlsxWriter.
    row, column : int
        From 0.
    runs : iterable of (Format, str)
        Joined they are the text; `showable` already. What a cell cannot hold is cut, and the
        cell says so (``CUT``).
    cell_format : Format
        Of the cell.

    Raises
    ------
    ValueError
        If XlsxWriter refuses; nothing is lost in silence.
    """
    pieces = [
        (format, piece)
        for format, text in _fitting(list(runs), cell_format)
        for piece in _ESCAPES.split(text)
    ]
    if not any(text for _, text in pieces):
        written = sheet.write_blank(row, column, None, cell_format)
    elif len(pieces) > 1:
        written = sheet.write_rich_string(row, column, *chain(*pieces), cell_format)
    else:
        format, text = pieces[0]
        written = sheet.write_string(row, column, text, format)
    if written != 0:
        raise ValueError(f"XlsxWriter refused row {row}, column {column} (code {written})")


def _fitting(runs: list[tuple[Format, str]], cell_format: Format) -> list[tuple[Format, str]]:
    """Cut stretches that together are too long for a cell, and say so in the cell."""
    if sum(_units(text) for _, text in runs) <= CELL_CHARACTERS:
        return runs
    room, kept = CELL_CHARACTERS - len(CUT), []
    for format, text in runs:
        fitting = text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")
        if fitting:
            kept.append((format, fitting))
        room -= _units(fitting) if fitting == text else room
    return [*kept, (cell_format, CUT)]


def _units(text: str) -> int:
    """Count UTF-16 units, as Excel does."""
    return len(text.encode("utf-16-le")) // 2
