"""Dates of calls, as people write them."""

from __future__ import annotations

from datetime import datetime

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Whatever language the machine speaks."""

DAY_LENGTH = len("2024-07-04")
"""What is no longer than this has no time of day."""


def read_date(received: str | None) -> datetime | None:
    """Read the date of a call.

    Parameters
    ----------
    received : str or None
        ISO 8601, as exports are read, or anything else.

    Returns
    -------
    datetime or None
        Without a zone, as given; None if it is no date.

    Examples
    --------
    >>> read_date("2024-07-04T15:18:00"), read_date("31/06/2024")
    (datetime.datetime(2024, 7, 4, 15, 18), None)
    """
    try:
        return datetime.fromisoformat(received or "").replace(tzinfo=None)
    except ValueError:
        return None


def write_date(received: str | None) -> str | None:
    """Write a date for people.

    Parameters
    ----------
    received : str or None
        As for `read_date`.

    Returns
    -------
    str or None
        With the time of day if it has one; None if it is no date.

    Examples
    --------
    >>> write_date("2024-07-04T15:18:00"), write_date("2024-07-04"), write_date("31/06")
    ('4 Jul 2024, 15:18', '4 Jul 2024', None)
    """
    day = read_date(received)
    if day is None:
        return None
    said = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return said if len(received) <= DAY_LENGTH else f"{said}, {day:%H:%M}"
