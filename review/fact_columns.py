"""Which columns of an export hold the facts that the review room knows by meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from classifier.reading import Columns
from review.settings import FACTS

FACT_TITLES = {
    "team": "Team",
    "handler": "Handler",
    "grade": "Grade",
    "da_flag": "Domestic-abuse flag",
    "risk": "Risk assessment",
    "closing": "Closing code",
    "call_type": "Call type",
}
"""What facts are called on the screens."""

NAMES: dict[str, tuple[str, ...]] = {
    "da_flag": (
        *("da flag", "dv flag", "domestic flag", "domestic abuse", "domestic violence"),
        *("da marker", "dv marker", "domestic", "is da", "da", "dv", "dva"),
    ),
    "risk": ("risk assessment", "risk level", "risk grade", "dash", "dara", "risk"),
    "closing": (
        *("closing code", "closure code", "closing", "closure", "close code", "result code"),
        *("disposal", "disposition", "result", "outcome"),
    ),
    "call_type": (
        *("opening code", "call type", "incident type", "opening", "category"),
        *("classification", "type", "nature"),
    ),
    "grade": ("grade", "grading", "priority", "response level", "urgency"),
    "team": ("team", "unit", "district", "division", "borough", "station", "sector", "area"),
    "handler": (
        *("handler", "call taker", "calltaker", "operator", "call handler", "adviser", "advisor"),
        *("agent", "logged by", "created by", "collar", "officer"),
    ),
}
"""Words in names of columns, the most telling first. Written for this project after the sample
export and common names in British call logs."""

NO_FACTS = frozenset("date time datetime timestamp duration comment comments notes text".split())
"""Words in names of columns that tell when something was, or more than one value can say."""


def guess_facts(header: Sequence[str]) -> dict[str, str]:
    """Guess which columns hold the facts that the review room knows by meaning.

    Parameters
    ----------
    header : sequence of str
        Names of an export's columns.

    Returns
    -------
    dict of str to str
        Column for each of ``settings.FACTS`` that one is named like; each column once.

    Examples
    --------
    >>> guess_facts(["Incident No", "Type", "CallTaker", "DASH risk", "DA Y/N", "Closed Date"])
    {'handler': 'CallTaker', 'da_flag': 'DA Y/N', 'risk': 'DASH risk', 'call_type': 'Type'}
    """
    words = {column: _split(column) for column in header}
    free = [column for column in header if not NO_FACTS & set(words[column])]
    found = {}
    for fact, names in NAMES.items():
        fitting = (
            column
            for name in names
            for column in free
            if _holds(words[column], name.split()) and column not in found.values()
        )
        if column := next(fitting, None):
            found[fact] = column
    return {fact: found[fact] for fact in FACTS if fact in found}


def _split(name: str) -> list[str]:
    """Split a column name into words: ``CallTaker_ID`` into ``call taker id``."""
    return re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).casefold())


def _holds(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Tell whether words stand in a row somewhere."""
    size = len(wanted)
    return any(list(words[i : i + size]) == list(wanted) for i in range(len(words) - size + 1))


def columns_with_facts(
    columns: Columns, header: Sequence[str], facts: Mapping[str, str]
) -> Columns:
    """Have the columns of facts read along with the others.

    Parameters
    ----------
    columns : Columns
        From `classifier.reading.look_at`.
    header : sequence of str
        Names of the table's columns.
    facts : mapping of str to str
        As `guess_facts` gives them, or as a person chose.

    Returns
    -------
    Columns
        For `classifier.reading.read_notes`.

    Raises
    ------
    ValueError
        If a fact is unknown or its column is not in the table.
    """
    check_facts(facts)
    for fact, column in facts.items():
        if column not in header:
            raise ValueError(f"{fact}: there is no column {column!r}")
    return replace(columns, keep=tuple(dict.fromkeys((*columns.keep, *facts.values()))))


def check_facts(facts: Mapping[str, str]) -> None:
    """Refuse facts that the review room does not know.

    Parameters
    ----------
    facts : mapping of str to str
        By the names that they should have.

    Raises
    ------
    ValueError
        If there is no such fact.
    """
    for fact in facts:
        if fact not in FACTS:
            raise ValueError(f"no fact {fact!r}; allowed are {', '.join(FACTS)}")
