"""Dates as people and exports write them, day first."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

EXCEL_EPOCH = datetime(1899, 12, 30)
EXCEL_DAYS = (20_000, 80_000)
"""Day numbers taken for a date: 1954 to 2119. Excel saves so what it is not told to be a date."""

_TIME = r"(?:[T,]?\s*(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
_TIME += r"\s*(?P<half>[ap]m)?\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
_DATES = [
    re.compile(form + _TIME, re.IGNORECASE | re.ASCII)
    for form in (
        r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4}|\d\d)",
        r"(?P<day>\d{1,2})[- ](?P<month>[a-z]{3,9})\.?[- ,]\s?(?P<year>\d{4}|\d\d)",
    )
]
_EXCEL_NUMBER = re.compile(r"\d{5}(\.\d+)?", re.ASCII)


def parse_date(text: str) -> date | datetime | None:
    """Read a date, with a time if there is one.

    Allowed are ISO 8601 (``2024-06-30``, ``2024-06-30T15:18``), day first with stroke, dash or
    dot (``30/06/2024``, two figures for a year from 1970 to 2069), a named month (``30 Jun
    2024``), each with or without ``15:18``, ``15:18:05`` or ``3:18 pm``, and the day numbers
    of Excel (``45473.6375``). The American order is not read.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    date, datetime or None
        A date if there is no time; None if it is no date, or one that cannot be.

    Examples
    --------
    >>> parse_date("30/06/2024 15:18")
    datetime.datetime(2024, 6, 30, 15, 18)
    >>> parse_date("1 September 2024").isoformat()
    '2024-09-01'
    >>> parse_date("31/06/2024 15:18") is None
    True
    """
    text = text.strip()
    if _EXCEL_NUMBER.fullmatch(text):
        return _from_excel(float(text))
    for form in _DATES:
        if match := form.fullmatch(text):
            try:
                return _build(match.groupdict())
            except ValueError:
                return None
    return None


def _from_excel(days: float) -> datetime | date | None:
    """Turn Excel's day number into a date; whole numbers have no time."""
    if not EXCEL_DAYS[0] <= days <= EXCEL_DAYS[1]:
        return None
    moment = EXCEL_EPOCH + timedelta(seconds=round(days * 86_400))
    return moment.date() if days.is_integer() else moment


def _build(parts: dict[str, str | None]) -> date | datetime:
    """Make a date of the parts of a match; ValueError if there is no such day or time."""
    year, day = int(parts["year"]), int(parts["day"])
    if len(parts["year"]) == 2:
        year += 1900 if year >= 70 else 2000
    month = _number_month(parts["month"])
    if parts["hour"] is None:
        return date(year, month, day)
    hour, second = int(parts["hour"]), int(parts["second"] or 0)
    if parts["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("no such hour")
        hour = hour % 12 + (12 if parts["half"].lower() == "pm" else 0)
    zone = _read_zone(parts["zone"])
    return datetime(year, month, day, hour, int(parts["minute"]), second, tzinfo=zone)


def _number_month(month: str) -> int:
    """Turn ``6``, ``Jun`` or ``June`` into 6."""
    if month.isdigit():
        return int(month)
    for number, name in enumerate(MONTHS, start=1):
        if month.lower() in (name, name[:3], name[:4]):
            return number
    raise ValueError("no such month")


def _read_zone(zone: str | None) -> timezone | None:
    """Turn ``Z`` or ``+01:00`` into a time zone."""
    if zone is None:
        return None
    if zone in "Zz":
        return UTC
    sign = -1 if zone[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:])))
