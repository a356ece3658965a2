"""Which column of a table is which: as named by a person, or guessed with reasons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from statistics import mean

from classifier.reading.dates import parse_date


def _words(text: str) -> frozenset[str]:
    """Make a set of words."""
    return frozenset(text.split())


# Words that stand in column names of exports
TEXT_WORDS = _words(
    "narrative text note notes description summary log logs detail details comment comments "
    "remarks circumstances account message body content transcript freetext update updates"
)
ITEM_WORDS = _words(
    "incident log case call note record cad occurrence contact crime event enquiry inquiry report "
    "ticket job message episode storm unique entry text row"
)
PERSON_WORDS = _words(
    "person subject nominal client victim caller customer patient individual party complainant "
    "aggrieved resident"
)
NUMBER_WORDS = _words("id ids no nr num number ref reference urn uid key code pin")
BARE_IDS = _words("id ref reference urn uid uuid number no key")
BARE_PERSONS = _words("person subject nominal client")
RECEIVED_WORDS = ("received", "reported", "created", "logged", "opened", "start", "started")
DATE_WORDS = ("datetime", "timestamp", "date", "time", "when")
OTHER_DATES = _words(
    "birth dob born closed updated modified changed due review end ended finished deadline"
)

LONG_TEXT = 40
"""Characters on average from which a column without a telling name may be the text."""
CLEAR_LEAD = 1.5
"""How many times longer than the next the text column must be, to be told from it."""
MUCH_LONGER = 5
"""How many times longer than the text column by name another must be to cast doubt on it."""
MIN_DISTINCT = 0.9
"""Share of different values from which a column may be the id; duplicates are allowed for."""
MIN_DATES = 0.8
"""Share of dates from which a column may be the time of receipt; faults are allowed for."""
MAX_REFERENCE = 40
"""Characters on average up to which a column may be a reference."""
SHOWN_NAME = 40
"""Characters of a column name shown in messages; a longer one may be a note by mistake."""


@dataclass(frozen=True)
class Columns:
    """Names of the columns to read.

    Parameters
    ----------
    text : str
        The note.
    id : str, optional
        Unique; without it notes are called after their row.
    person : str, optional
        Reference of the person the note is about; notes with the same one form a case.
    received : str, optional
        Date, or date and time, when the call came in.
    keep : tuple of str
        Further columns to keep with the note.
    """

    text: str
    id: str | None = None
    person: str | None = None
    received: str | None = None
    keep: tuple[str, ...] = ()


def find_column(name: str, header: Sequence[str]) -> str:
    """Find a column by the name a person gave.

    Exactly first; else without regard to case and to white space around it.

    Parameters
    ----------
    name : str
        As given.
    header : sequence of str
        Names of the table.

    Returns
    -------
    str
        The name in the table.

    Raises
    ------
    ValueError
        If there is no such column, or several differ only in case.

    Examples
    --------
    >>> find_column("narrative ", ["Incident No", "Narrative"])
    'Narrative'
    """
    if name in header:
        return name
    folded = name.strip().casefold()
    fitting = [column for column in header if column.strip().casefold() == folded]
    if len(fitting) == 1:
        return fitting[0]
    by_fold = {column.casefold(): column for column in header}
    close = get_close_matches(folded, by_fold, n=1)
    hint = f"did you mean {by_fold[close[0]]!r}? " if close and not fitting else ""
    raise ValueError(f"no column {name!r}; {hint}columns are {list_names(header)}")


def match_columns(columns: Columns, header: Sequence[str]) -> Columns:
    """Replace the names a person gave by those of the table.

    Parameters
    ----------
    columns : Columns
        As given.
    header : sequence of str
        Names of the table.

    Returns
    -------
    Columns
        Every name is in `header`.

    Raises
    ------
    ValueError
        As `find_column`.
    """

    def find(name: str | None) -> str | None:
        return None if name is None else find_column(name, header)

    return Columns(
        text=find_column(columns.text, header),
        id=find(columns.id),
        person=find(columns.person),
        received=find(columns.received),
        keep=tuple(find_column(name, header) for name in columns.keep),
    )


def list_names(header: Iterable[str]) -> str:
    """List column names for a message.

    Parameters
    ----------
    header : iterable of str
        Names; long ones are cut, as they may be a note taken for a header.

    Returns
    -------
    str
        In quotes, with commas.

    Examples
    --------
    >>> list_names(["id", "text"])
    "'id', 'text'"
    """
    return ", ".join(
        repr(name if len(name) <= SHOWN_NAME else name[:SHOWN_NAME] + "…") for name in header
    )


def guess_columns(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    named: Mapping[str, str] | None = None,
) -> tuple[Columns, list[str]]:
    r"""Guess which column is which, from their names and the first rows.

    The text is the column with the longest texts of those named like notes, or of all if none
    is; it must be clearly longer than the next. The id is named like the number of an incident,
    and hardly any value repeats. Person is named like a reference to a person. Received is named
    like a date, and most of its values are dates. Id, person and received stay open if nothing
    fits.

    Parameters
    ----------
    header : sequence of str
        Names, all different.
    rows : sequence of sequence of str
        The first rows; a blank cell is an empty string.
    named : mapping of str to str, optional
        What a person has named already, by ``"text"``, ``"id"``, ``"person"``, ``"received"``.

    Returns
    -------
    columns : Columns
        ``keep`` is empty.
    reasons : list of str
        One sentence for each of text, id, person and received.

    Raises
    ------
    ValueError
        If the text cannot be told, or a named column does not exist.

    Examples
    --------
    >>> columns, reasons = guess_columns(["Ref", "Notes"], [["1", "call"], ["2", "Caller rang"]])
    >>> columns.text
    'Notes'
    >>> print(*reasons, sep="\n")
    text: 'Notes', named like notes and the column with the longest texts (mean 8 characters)
    id: 'Ref', named like the number of a note, and 2 of 2 values differ
    person: none found; name it with --person NAME
    received: none found; name it with --received NAME
    """
    cells = {
        name: [row[i] for row in rows if i < len(row) and row[i].strip()]
        for i, name in enumerate(header)
    }
    found = {role: find_column(name, header) for role, name in (named or {}).items()}
    why = {role: f"{name!r}, as named" for role, name in found.items()}
    for role, guess in GUESSES.items():
        if role in found:
            continue
        free = {name: values for name, values in cells.items() if name not in found.values()}
        name, why[role] = guess(free)
        if name is not None:
            found[role] = name
    columns = replace(Columns(text=found["text"]), **found)
    return columns, [f"{role}: {why[role]}" for role in GUESSES]


def _split_name(name: str) -> list[str]:
    """Split a column name into words: ``CaseRef_No.`` into ``case ref no``."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.findall(r"[a-z]+", name.casefold())


def _mean_length(values: Sequence[str]) -> float:
    """Give the mean number of characters, 0 for none."""
    return mean(map(len, values)) if values else 0.0


def _is_named_like_text(name: str) -> bool:
    """Tell whether a name is like ``Narrative`` or ``Call notes``, not like ``Log No``."""
    words = set(_split_name(name))
    other = NUMBER_WORDS | set(DATE_WORDS) | {"type", "by", "count", "length"}
    return bool(words & TEXT_WORDS) and not words & other


def _guess_text(cells: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Pick the text column, or raise."""
    lengths = {name: _mean_length(values) for name, values in cells.items()}
    order = sorted(lengths, key=lengths.get, reverse=True)
    named = [name for name in order if _is_named_like_text(name)]
    pool = named or [name for name in order if lengths[name] >= LONG_TEXT]
    is_clear = bool(pool)
    if len(pool) > 1 and lengths[pool[0]] < CLEAR_LEAD * lengths[pool[1]]:
        is_clear = False
    if named and lengths[order[0]] > max(100, MUCH_LONGER * lengths[named[0]]):
        is_clear = False
    if len(pool) > 1 and not lengths[pool[0]]:
        is_clear = False
    if not is_clear:
        raise ValueError(
            f"cannot tell which column holds the notes; columns are {list_names(cells)}; "
            "name it with --text NAME"
        )
    reasons = ["named like notes"] if named else []
    if pool[0] == order[0]:
        reasons.append("the column with the longest texts")
    mean_length = f"(mean {lengths[pool[0]]:.0f} characters)"
    return pool[0], f"{pool[0]!r}, {' and '.join(reasons)} {mean_length}"


def _is_named_like_id(name: str) -> bool:
    """Tell whether a name is like ``Incident No``, not like ``Address Ref``."""
    words = set(_split_name(name))
    if words & PERSON_WORDS or "code" in words:
        return False
    is_bare = bool(words) and words <= BARE_IDS
    return is_bare or bool(words & ITEM_WORDS and words & NUMBER_WORDS)


def _guess_id(cells: Mapping[str, Sequence[str]]) -> tuple[str | None, str]:
    """Pick the column with the number of the note, if there is one."""
    none = "none found; notes are called after their row, as row-000002"
    shares = {
        name: len(set(values)) / len(values)
        for name, values in cells.items()
        if values and _is_named_like_id(name) and _mean_length(values) <= MAX_REFERENCE
    }
    if not shares:
        return None, none
    best = max(shares, key=shares.get)
    distinct, count = len(set(cells[best])), len(cells[best])
    # one repeated value in a handful of rows is a fault, not a sign of another column
    if shares[best] < MIN_DISTINCT and count - distinct > 1:
        return None, f"{none} ({best!r} repeats too often)"
    return (
        best,
        f"{best!r}, named like the number of a note, and {distinct} of {count} values differ",
    )


def _is_named_like_person(name: str) -> bool:
    """Tell whether a name is like ``Person Ref`` or ``Nominal``, not like ``User ID``."""
    words = set(_split_name(name))
    if len(words) == 1 and words <= BARE_PERSONS:
        return True
    is_person = bool(words & PERSON_WORDS) or words >= {"service", "user"}
    return is_person and bool(words & NUMBER_WORDS)


def _guess_person(cells: Mapping[str, Sequence[str]]) -> tuple[str | None, str]:
    """Pick the column with the reference of a person, if there is one."""
    for name, values in cells.items():
        words = sum(len(value.split()) for value in values)
        is_short = 0 < _mean_length(values) <= MAX_REFERENCE and words <= 2 * len(values)
        if _is_named_like_person(name) and is_short:
            return name, f"{name!r}, named like the reference of a person"
    return None, "none found; name it with --person NAME"


def _guess_received(cells: Mapping[str, Sequence[str]]) -> tuple[str | None, str]:
    """Pick the column with the time of receipt, if there is one."""
    fitting = []
    for name, values in cells.items():
        words = set(_split_name(name))
        ranks = [i for i, word in enumerate(RECEIVED_WORDS + DATE_WORDS) if word in words]
        dates = sum(parse_date(value) is not None for value in values)
        if ranks and not words & OTHER_DATES and values and dates >= MIN_DATES * len(values):
            fitting.append((ranks[0], name, dates))
    if not fitting:
        return None, "none found; name it with --received NAME"
    _, name, dates = min(fitting, key=lambda fit: fit[0])
    return name, f"{name!r}, named like a date, and {dates} of {len(cells[name])} values are dates"


GUESSES = {
    "text": _guess_text,
    "id": _guess_id,
    "person": _guess_person,
    "received": _guess_received,
}
"""In this order; a column is taken once."""
