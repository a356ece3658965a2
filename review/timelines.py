"""One person's calls in their order: what each holds, first appearances, gaps. Nothing is scored.

Pure: `review.cases` reads the store and puts a `Case` together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from datetime import datetime
from itertools import pairwise

from classifier.note import Mark, overlaps
from review.also_noted import Fact
from review.dates import read_date, write_date

CONFIRMED, HIGHLIGHTED, DISMISSED = STATES = ("confirmed", "highlighted", "dismissed")
"""What became of an indicator in a call: a person stands by it, nobody has said, a person does
not."""

STATE_WORDS: dict[str, str] = {
    CONFIRMED: "confirmed by a reader",
    HIGHLIGHTED: "highlighted only, not confirmed",
    DISMISSED: "highlighted, dismissed by a reader",
}

EVIDENCE = "affirmed"


@dataclass(frozen=True)
class Run:
    """Which model's findings are shown.

    Parameters
    ----------
    id : int
        In the store.
    model : str
        Its name.
    at : str
        When it began.
    """

    id: int
    model: str
    at: str


@dataclass(frozen=True)
class Call:
    """One note of a case, with what the export, the tool and people say of it.

    Parameters
    ----------
    note_id : int
        In the store.
    name : str
        Number in the export.
    received : str or None
        As the export gave it.
    days_since_previous : int or None
        Days of the calendar since the call before; None for the first and without a date.
    text : str
        Of the note.
    handler, team, grade, da_flag, risk, closing, call_type : str or None
        As the export gave them.
    is_flagged, is_graded, is_no_action : bool
        What these mean by the project's settings.
    findings : mapping of int to Mark
        Of the run, by id, in reading order.
    confirmed : tuple of Mark or None
        Of the reading that counts; None if nobody has read the note to the end.
    dismissed : tuple of Mark
        Findings that this reading turned down, or gave another label or context.
    readers : tuple of str
        Who has read it to the end; the one whose reading counts comes first.
    facts : tuple of Fact
        Also noted in its words.
    is_withheld : bool
        Whether readings are held back, as the reader is still to read the note blind.
    is_linked : bool
        Whether a reader, not the export, put it in this case.
    """

    note_id: int
    name: str
    received: str | None
    days_since_previous: int | None
    text: str = field(repr=False)
    handler: str | None = None
    team: str | None = None
    grade: str | None = None
    da_flag: str | None = None
    risk: str | None = None
    closing: str | None = None
    call_type: str | None = None
    is_flagged: bool = False
    is_graded: bool = False
    is_no_action: bool = False
    findings: Mapping[int, Mark] = field(default_factory=dict)
    confirmed: tuple[Mark, ...] | None = None
    dismissed: tuple[Mark, ...] = ()
    readers: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    is_withheld: bool = False
    is_linked: bool = False


@dataclass(frozen=True)
class Case:
    """The calls of one case.

    Parameters
    ----------
    ref : str
        Reference of the case.
    calls : tuple of Call
        By date, then by name; those without a date last.
    run : Run or None
        Whose findings they hold.
    """

    ref: str
    calls: tuple[Call, ...]
    run: Run | None = None


def say_date(received: str | None) -> str:
    """Say when a call was received.

    Parameters
    ----------
    received : str or None
        As in `review.dates.read_date`.

    Returns
    -------
    str
        For people; what is no date is said as it stands.

    Examples
    --------
    >>> say_date("2024-07-04T15:18:00"), say_date("2024-07-04"), say_date("31/06"), say_date(None)
    ('4 Jul 2024, 15:18', '4 Jul 2024', '31/06 (no date)', 'no date')
    """
    return write_date(received) or (f"{received} (no date)" if received else "no date")


def order_key(received: str | None, name: str) -> tuple[bool, datetime, str]:
    """Give the place of a call among others.

    Parameters
    ----------
    received : str or None
        As in `review.dates.read_date`.
    name : str
        Of the note.

    Returns
    -------
    tuple
        By date, then by name; without a date last.
    """
    day = read_date(received)
    return day is None, day or datetime.min, name


def phrase_states(call: Call) -> dict[Mark, str]:
    """Say of each phrase of a call what became of it.

    Parameters
    ----------
    call : Call
        Of a case.

    Returns
    -------
    dict of Mark to str
        One of ``STATES``, in reading order; of any context. A finding that overlaps a confirmed
        phrase of its label and context is that phrase, not another.
    """
    states = dict.fromkeys(call.confirmed or (), CONFIRMED)
    for mark in call.findings.values():
        if not any(_says_the_same(mark, one) for one in call.confirmed or ()):
            states[mark] = DISMISSED if mark in call.dismissed else HIGHLIGHTED
    return dict(sorted(states.items(), key=lambda one: astuple(one[0])))


def _says_the_same(found: Mark, confirmed: Mark) -> bool:
    """Tell whether a person stands by a finding, perhaps with another extent."""
    return (found.label, found.context) == (confirmed.label, confirmed.context) and overlaps(
        found, confirmed
    )


def indicator_states(call: Call) -> dict[str, str]:
    """Say of each indicator in a call what became of it.

    Parameters
    ----------
    call : Call
        Of a case.

    Returns
    -------
    dict of str to str
        Label to one of ``STATES``: confirmed if any phrase is, dismissed only if all are. Only
        phrases recorded as happening count.
    """
    states: dict[str, str] = {}
    for mark, state in phrase_states(call).items():
        if mark.context == EVIDENCE:
            states[mark.label] = min(states.get(mark.label, state), state, key=STATES.index)
    return states


def indicator_grid(case: Case) -> dict[str, dict[int, str]]:
    """Lay out indicators by call.

    Parameters
    ----------
    case : Case
        From `review.cases.read_case`.

    Returns
    -------
    dict of str to dict of int to str
        Label, in the order in which they come up, to note id to one of ``STATES``; calls without
        the indicator are left out.
    """
    grid: dict[str, dict[int, str]] = {}
    for call in case.calls:
        for label, state in indicator_states(call).items():
            grid.setdefault(label, {})[call.note_id] = state
    return grid


def first_appearances(case: Case, state: str) -> dict[str, Call]:
    """Find where each indicator is first confirmed, or first highlighted only.

    Parameters
    ----------
    case : Case
        From `review.cases.read_case`.
    state : str
        One of ``STATES``. A label may be highlighted only in one call and confirmed in another.

    Returns
    -------
    dict of str to Call
        By label, in the order of the calls; a call without a date only where no other has it.
    """
    firsts: dict[str, Call] = {}
    for call in case.calls:
        for label, found in indicator_states(call).items():
            if found == state:
                firsts.setdefault(label, call)
    return firsts


def find_gaps(case: Case) -> list[tuple[Call, Call]]:
    """Give the calls on either side of each time without a call.

    Parameters
    ----------
    case : Case
        From `review.cases.read_case`.

    Returns
    -------
    list of (Call, Call)
        In their order; the second call knows the days between. Calls without a date are left out.
    """
    return list(pairwise(call for call in case.calls if read_date(call.received)))
