"""What of a queue is to be shown, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, field

STATUSES = ("any", "open", "unread", "begun", "read", "flagged", "mine")
"""What of a note may be asked: nothing, nobody finished it, nobody began it, somebody began it and
nobody finished it, somebody finished it, it was flagged to this reader, this reader began it. In a
blind queue *somebody* is this reader."""

ORDERS = ("evidence", "newest", "oldest", "random")
"""Orders of the queue of all notes; a drawn queue keeps the order in which it was drawn."""

FACT_FILTERS = {
    "teams": "team",
    "handlers": "handler",
    "grades": "grade",
    "da_flags": "da_flag",
    "risks": "risk",
    "closings": "closing",
    "call_types": "call_type",
}
"""Columns that filters by fact look at."""


@dataclass(frozen=True)
class Filters:
    """Which notes of a queue to show, and in which order.

    Parameters
    ----------
    labels : tuple of str
        The tool found one of these, in any context.
    teams, handlers, grades, da_flags, risks, closings, call_types : tuple of str
        The fact has one of these values.
    since, until : str, optional
        First and last day of receipt, such as ``"2024-06-30"``.
    status : str
        One of ``STATUSES``.
    words : str
        All of these are in the note or its number; the last may be the beginning of a word.
    with_findings : bool, optional
        Whether the tool found anything.
    order : str
        One of ``ORDERS``.

    Raises
    ------
    ValueError
        If there is no such status or order.
    """

    labels: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    handlers: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    da_flags: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    closings: tuple[str, ...] = ()
    call_types: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    status: str = "any"
    words: str = field(default="", repr=False)
    with_findings: bool | None = None
    order: str = "evidence"

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"status must be one of {STATUSES}, got {self.status!r}")
        if self.order not in ORDERS:
            raise ValueError(f"order must be one of {ORDERS}, got {self.order!r}")
