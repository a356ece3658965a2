"""The words in which a case is shown, the same on the page and on paper."""

from __future__ import annotations

from review.timelines import CONFIRMED, DISMISSED, HIGHLIGHTED, Call

PLAIN_WORDS = "Times and phrases for a person to read. No score."
"""Stands wherever a case is shown."""

NOT_READ = "Nobody has read this note to the end yet."
NOTHING_CONFIRMED = "Nothing in it was confirmed."
HELD_BACK = "What others said of this note is held back until you have read it."

STATE_LETTERS = {CONFIRMED: "C", HIGHLIGHTED: "H", DISMISSED: "D"}
"""Stand in charts and tables, so that no state is told by colour or shape alone."""


def say_days(days: int | None) -> str:
    """Say the days since the call before.

    Parameters
    ----------
    days : int or None
        As in ``Call.days_since_previous``.

    Returns
    -------
    str
        A dash for None.

    Examples
    --------
    >>> say_days(None), say_days(0), say_days(1), say_days(43)
    ('–', 'same day', '1 day', '43 days')
    """
    if days is None:
        return "–"
    return "same day" if days == 0 else f"{days} day{'' if days == 1 else 's'}"


def say_facts(call: Call) -> tuple[str, ...]:
    """Say what the export says of a call, and what its values mean by the project's settings.

    Parameters
    ----------
    call : Call
        Of a case.

    Returns
    -------
    tuple of str
        Type, grade, flag, risk and closing code; dashes for what is empty.
    """
    flag = f"{call.da_flag or '–'} ({'flagged' if call.is_flagged else 'not flagged'})"
    risk = f"{call.risk or '–'} ({'graded' if call.is_graded else 'not graded'})"
    closing = (call.closing or "–") + (" (no further action)" if call.is_no_action else "")
    return call.call_type or "–", call.grade or "–", flag, risk, closing


def say_read(call: Call) -> str:
    """Say who has read a call to the end.

    Parameters
    ----------
    call : Call
        Of a case.

    Returns
    -------
    str
        One sentence or two.
    """
    if call.is_withheld:
        return HELD_BACK
    if call.confirmed is None:
        return NOT_READ
    said = f"Read to the end by {', '.join(call.readers)}."
    return said if call.confirmed else f"{said} {NOTHING_CONFIRMED}"


def say_since(days: int | None) -> str:
    """Say how long after the call before a call was received.

    Parameters
    ----------
    days : int or None
        As in ``Call.days_since_previous``.

    Returns
    -------
    str
        Empty for None.

    Examples
    --------
    >>> say_since(0), say_since(43), say_since(None)
    ('on the same day as the call before', '43 days after the call before', '')
    """
    if days is None:
        return ""
    return (
        f"{say_days(days)} after the call before" if days else "on the same day as the call before"
    )
