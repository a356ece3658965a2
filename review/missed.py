"""What was missed: confirmed evidence beside what the export says was flagged, graded and closed.

Shares hold for all notes only where the notes were drawn at random. Of notes read because a model
put them first, counts are given, without share or interval, and the two are never put together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from review.decisions import OUTCOMES
from review.settings import Settings
from review.settled import ReadNote, ReadNotes
from review.small_counts import Rate, Row, rate, rates, suppress

WHATS = {
    "not_flagged": "not flagged as domestic abuse",
    "not_graded": "not risk-graded",
    "no_action": "closed with no further action",
}
"""What may have been missed, in words that complete "notes with confirmed evidence that were"."""

COLUMN_OF = {"not_flagged": "da_flag", "not_graded": "risk", "no_action": "closing"}
"""The export's column that each speaks of."""

BYS = {
    "label": "Indicator",
    "team": "Team",
    "call_type": "Call type",
    "month": "Month",
    "handler": "Handler",
}
"""How figures may be broken down."""

NO_OUTCOME = "no outcome given"

DISMISSIVE = "dismissive_response"


@dataclass(frozen=True)
class Missed:
    """Of notes with confirmed evidence, how many were passed over.

    Parameters
    ----------
    what : str
        One of ``WHATS``.
    by : str
        One of ``BYS``.
    is_sample : bool
        Whether shares and intervals are given: they hold for the notes drawn from. Otherwise
        these are counts among notes read.
    groups : mapping of str to Rate
        Labels by their order, others by name. A note with several labels counts with each.
    of_all : Rate
        All notes with confirmed evidence.
    """

    what: str
    by: str
    is_sample: bool
    groups: Mapping[str, Rate]
    of_all: Rate


def measure_missed(
    notes: ReadNotes,
    what: str,
    by: str,
    settings: Settings,
    *,
    labels: Sequence[str] = (),
    role: str = "reviewer",
) -> Missed:
    """Count, among notes with confirmed evidence, those passed over; of a draw, also their share.

    Parameters
    ----------
    notes : ReadNotes
        Of one random draw, or all that were read.
    what : str
        One of ``WHATS``.
    by : str
        One of ``BYS``.
    settings : Settings
        Of the project.
    labels : sequence of str
        Ids in the order wanted; others follow by name.
    role : str
        Of who asks; handlers are for those in ``settings.handlers_for`` only.

    Returns
    -------
    Missed
        Small counts are not shown.

    Raises
    ------
    ValueError
        If there is no such question or breakdown, the export lacks the column, the settings do
        not name what it means, or the role may not see handlers.
    """
    _check(notes, what, by, settings, role)
    held = [one for one in notes.notes if one.labels]
    pairs = _count(held, what, by, labels)
    total = (sum(_is(one, what) for one in held), len(held))
    if by == "label":
        groups = {name: rate(*pair, minimum=settings.minimum_count) for name, pair in pairs.items()}
        of_all = rate(*total, minimum=settings.minimum_count)
    else:
        groups, of_all = rates(pairs, minimum=settings.minimum_count)
    if not notes.is_sample:
        groups = {name: _without_share(one) for name, one in groups.items()}
        of_all = _without_share(of_all)
    return Missed(what, by, notes.is_sample, groups, of_all)


def keep_only(
    notes: ReadNotes,
    *,
    teams: Iterable[str] = (),
    call_types: Iterable[str] = (),
    months: Iterable[str] = (),
) -> ReadNotes:
    """Keep notes of some teams, call types and months; of a draw they stay a sample of these.

    Parameters
    ----------
    notes : ReadNotes
        Any.
    teams, call_types, months : iterable of str
        Names; none given, all stay.

    Returns
    -------
    ReadNotes
        In the same order.
    """
    wanted = {"team": set(teams), "call_type": set(call_types), "month": set(months)}
    kept = tuple(
        one
        for one in notes.notes
        if all(not names or getattr(one, fact) in names for fact, names in wanted.items())
    )
    return ReadNotes(kept, notes.queue_id, notes.drawn, notes.ahead, notes.columns)


def count_outcomes(
    notes: ReadNotes, by: str, settings: Settings, *, role: str = "reviewer"
) -> dict[str, Row]:
    """Count what readers made of the notes, group by group.

    Totals of the columns are left out on purpose: small counts could be had from them.

    Parameters
    ----------
    notes : ReadNotes
        Of one draw, or all that were read.
    by : str
        One of ``BYS`` but ``"label"``.
    settings : Settings
        Of the project.
    role : str
        Of who asks.

    Returns
    -------
    dict of str to Row
        By group; counts by outcome, and ``NO_OUTCOME``.

    Raises
    ------
    ValueError
        If there is no such breakdown, or the role may not see handlers.
    """
    if by == "label":
        raise ValueError("outcomes are of notes, not of labels; count them by team or month")
    _check_by(by, settings, role)
    names = (*OUTCOMES, NO_OUTCOME)
    groups: dict[str, dict[str, int]] = {}
    for one in notes.notes:
        row = groups.setdefault(getattr(one, by), dict.fromkeys(names, 0))
        row[one.outcome or NO_OUTCOME] += 1
    minimum = settings.minimum_count
    return {name: suppress(row, minimum=minimum) for name, row in sorted(groups.items())}


@dataclass(frozen=True)
class Followed:
    """What stands beside confirmed evidence of a dismissive response, among notes read.

    Parameters
    ----------
    notes : int or None
        With a dismissive response; None if not shown.
    alone : int or None
        Of these, with no other label, in the note or in earlier calls of the case.
    with_earlier : int or None
        Of these, with an earlier call of the same case that was read.
    same, earlier : mapping of str to int or None
        How many of these notes have each other label in the note itself, and in earlier calls.
    """

    notes: int | None
    alone: int | None
    with_earlier: int | None
    same: Mapping[str, int | None]
    earlier: Mapping[str, int | None]


def find_followed(notes: ReadNotes, settings: Settings) -> Followed:
    """Tell what dismissive responses followed.

    Calls are earlier if they were received earlier; calls without a time, and calls that nobody
    has read, are not known. A note counts once for each label.

    Parameters
    ----------
    notes : ReadNotes
        All that were read, as earlier calls are seldom in a draw.
    settings : Settings
        Of the project.

    Returns
    -------
    Followed
        Most frequent labels first.

    Raises
    ------
    ValueError
        If the notes are of a draw.
    """
    if notes.is_sample:
        raise ValueError(
            "earlier calls of a case are seldom in a draw; give all notes that were read"
        )
    cases: dict[str, list[ReadNote]] = {}
    for one in notes.notes:
        if one.case_ref and one.received:
            cases.setdefault(one.case_ref, []).append(one)
    same: dict[str, int] = {}
    earlier: dict[str, int] = {}
    total = alone = with_earlier = 0
    for one in notes.notes:
        if DISMISSIVE not in one.labels:
            continue
        calls = cases.get(one.case_ref or "", ()) if one.received else ()
        before = [call for call in calls if call.received < one.received]
        beside = one.labels - {DISMISSIVE}
        held = frozenset().union(*(call.labels for call in before)) - {DISMISSIVE}
        total, with_earlier = total + 1, with_earlier + bool(before)
        alone += not (beside or held)
        for counts, found in ((same, beside), (earlier, held)):
            for label in found:
                counts[label] = counts.get(label, 0) + 1

    def show(count: int) -> int | None:
        return rate(count, total, minimum=settings.minimum_count).hits

    return Followed(
        notes=rate(total, total, minimum=settings.minimum_count).n,
        alone=show(alone),
        with_earlier=show(with_earlier),
        same={name: show(n) for name, n in _by_count(same)},
        earlier={name: show(n) for name, n in _by_count(earlier)},
    )


def _by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Put the most frequent first."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _check(notes: ReadNotes, what: str, by: str, settings: Settings, role: str) -> None:
    """Refuse a question that the notes or the settings cannot answer."""
    if what not in WHATS:
        raise ValueError(f"what must be one of {', '.join(WHATS)}, got {what!r}")
    _check_by(by, settings, role)
    if (column := COLUMN_OF[what]) not in notes.columns:
        raise ValueError(
            f"no note of this project has a value for {column!r}, so nothing can be said of it; "
            "name the column when importing"
        )
    if what == "no_action" and not settings.no_action_values:
        raise ValueError(
            "no closing code is known to mean no further action; name them in the settings"
        )


def _check_by(by: str, settings: Settings, role: str) -> None:
    """Refuse a breakdown that is none, or that the role may not see."""
    if by not in BYS:
        raise ValueError(f"by must be one of {', '.join(BYS)}, got {by!r}")
    if by == "handler" and role not in settings.handlers_for:
        allowed = ", ".join(settings.handlers_for) or "nobody"
        raise ValueError(f"figures by handler are for {allowed} in this project, not for {role}")


def _count(
    held: Sequence[ReadNote], what: str, by: str, labels: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """Count those passed over and all, by group."""
    counts: dict[str, list[int]] = {}
    for one in held:
        for name in one.labels if by == "label" else (getattr(one, by),):
            count = counts.setdefault(name, [0, 0])
            count[0] += _is(one, what)
            count[1] += 1
    places = {label: at for at, label in enumerate(labels)} if by == "label" else {}
    order = sorted(counts, key=lambda name: (places.get(name, len(places)), name))
    return {name: (counts[name][0], counts[name][1]) for name in order}


def _is(one: ReadNote, what: str) -> bool:
    """Tell whether a note was passed over in this way."""
    if what == "no_action":
        return one.no_action
    return not (one.flagged if what == "not_flagged" else one.graded)


def _without_share(one: Rate) -> Rate:
    """Leave counts only: of notes that were not drawn at random, a share says nothing."""
    return Rate(one.hits, one.n, None, None, None)
