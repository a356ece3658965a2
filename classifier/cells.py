"""Cells of a spreadsheet that it must not run."""

from __future__ import annotations

import re
from collections.abc import Iterable

from classifier.wording import encodable

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
"""What may be run as a formula (OWASP, "CSV Injection"), also with apostrophes before it."""


def safe_cell(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet could run as a formula.

    Parameters
    ----------
    text : str
        Of a cell.

    Returns
    -------
    str
        Unaltered if no spreadsheet would run it.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("1+1")
    ("'=1+1", '1+1')
    """
    text = encodable(text)
    return f"'{text}" if _FORMULA.match(text) else text


def safe_row(cells: Iterable[object]) -> list[object]:
    """Make the texts of a row safe; what is no text stays as it is.

    Parameters
    ----------
    cells : iterable of object
        Texts, numbers or None.

    Returns
    -------
    list of object
        In the same order.

    Examples
    --------
    >>> safe_row(["-3", -3, None])
    ["'-3", -3, None]
    """
    return [safe_cell(cell) if isinstance(cell, str) else cell for cell in cells]
