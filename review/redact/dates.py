"""Dates of birth; other dates stay, since the timeline needs them, unless all are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from review.redact.found import Found, apply, rule

LAST_BIRTH_YEAR = 2010
"""A full date right after a name is a date of birth up to this year, after it a date of the
story: notes are written later than that. A child born since needs the word *DOB* or *born*."""

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:(?:19|20)\d\d|['’]?\d\d)"
_NUMERIC = rf"{_DAY}(?P<mark{{0}}>[/.\-–]| ?/ ?| )(?:0?[1-9]|1[0-2])(?P=mark{{0}}){_YEAR}"
_ISO = r"(?:19|20)\d\d[-/.](?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12]\d|3[01])"
_WORDED = (
    rf"{_DAY}(?:st|nd|rd|th)?(?: of)?[ .-]?{_MONTH}\b\.?,?(?:[ -]?{_YEAR}\b)?|"
    rf"{_MONTH}\.? {_DAY}(?:st|nd|rd|th)?\b(?!:)(?:,? {_YEAR}\b)?"
)
_ANY = rf"(?:{_ISO}|{_WORDED}|{{0}})(?!\d)"


def _born_early(match: re.Match[str]) -> bool:
    """Tell whether a date's year is one of birth: written out up to 2010, in two digits 31-99."""
    year = int(re.findall(r"\d+", match["year"])[-1])
    return 1900 <= year <= LAST_BIRTH_YEAR or 30 < year < 100


RULES = (
    # "DOB 12/3/88", "d.o.b. 12 03 1988", "d/o/b: 120388", "born 3rd March 1988", "born in Leeds
    # on 3.3.88"; "born October", "DOB taken", "DOB 1990ish", "born 3 weeks ago" stay.
    rule(
        "date of birth",
        r"\b(?:d\.? ?o\.? ?b\b\.?|d/o/b|d of b|dates? of birth|birth ?da(?:te|y)|born|b\.)"
        r"(?: in \w+)?"
        r"(?:[\s:=,(\-–]|is\b|was\b|on\b|the\b|of\b|given\b|as\b)*"
        rf"(?P<it>{_ANY.format(_NUMERIC.format(1))}|\d{{8}}\b|\d{{6}}\b|{_DAY}/(?:0?[1-9]|1[0-2])\b"
        rf"|{_MONTH} (?:19|20)\d\d\b)",
    ),
    # "12/03/1988 (DOB)".
    rule(
        "date of birth",
        rf"(?<![\w/.-])(?=\d)(?P<it>{_ANY.format(_NUMERIC.format(2))})"
        r"[ (,]*(?:d\.?o\.?b\b|date of birth)",
    ),
)

AFTER_NAME = re.compile(
    rf"[ ,/–-]*(?:\(|b )?(?P<it>{_DAY}([/.-])(?:0?[1-9]|1[0-2])\2"
    r"(?P<year>(?:19|20)\d\d|\d\d))(?!\d)"
)
"""A full date right after a name, as in *SMITH, John 12/03/1988*."""

ALL_RULES = (
    rule("date", rf"(?<![\w£.,:/-]){_ANY.format(_NUMERIC.format(3))}"),
    rule("date", rf"(?<![\w£.,:/-])(?!24/7|9/11){_DAY}/(?:0?[1-9]|1[0-2])(?![\w/]|\.\d)"),
)


def find_birth_dates(text: str) -> Iterator[Found]:
    """Find dates after (or before) *DOB* and *born*; ages stay.

    Parameters
    ----------
    text : str
        One note.

    Yields
    ------
    Found
        In no order.
    """
    yield from apply(RULES, text)


def find_birth_date_after(text: str, end: int) -> Found | None:
    """Find a date of birth that follows a name without a word between them.

    Parameters
    ----------
    text : str
        One note.
    end : int
        Where the name ends.

    Returns
    -------
    Found or None
        None if no date follows, or one later than ``LAST_BIRTH_YEAR``.
    """
    match = AFTER_NAME.match(text, end)
    return Found(*match.span("it"), "date of birth") if match and _born_early(match) else None


def find_dates(text: str) -> Iterator[Found]:
    """Find every date, for exports that may not show when anything happened.

    Days and months in figures count (*14/3*), so a score such as *9/10* is masked too; *24/7*
    stays.

    Parameters
    ----------
    text : str
        One note.

    Yields
    ------
    Found
        In no order.
    """
    yield from apply(ALL_RULES, text)
