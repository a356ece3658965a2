"""What a rule of redaction is, and what it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

KINDS = (
    *("email", "web address", "username", "IP address", "account", "NI number", "NHS number"),
    *("date of birth", "phone", "vehicle", "collar number", "reference", "postcode", "address"),
    *("code", "date", "name"),
)
"""What can be masked, as the mask says it. Where two overlap, the first in this order names the
mask: an e-mail address that holds a name is an e-mail address."""


@dataclass(frozen=True)
class Found:
    """Characters of a text to be masked.

    Parameters
    ----------
    start, end : int
        Characters from 0, end exclusive.
    kind : str
        One of ``KINDS``.
    """

    start: int
    end: int
    kind: str


Finder = Callable[[str], Iterable[Found]]
"""A text's characters to be masked, in any order; they may overlap."""


@dataclass(frozen=True)
class Rule:
    """A pattern of one kind.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    pattern : re.Pattern
        Its group ``it``, if it has one, is masked, else all of it.
    holds : callable
        Tells whether a match is one (a check digit, a look-alike); every match is if left out.
    needs : tuple of str
        In small letters; a text without any of them is not searched, which is all it is for.
    """

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[re.Match[str]], bool] = bool
    needs: tuple[str, ...] = ()


def rule(
    kind: str,
    pattern: str,
    holds: Callable[[re.Match[str]], bool] = bool,
    needs: tuple[str, ...] = (),
) -> Rule:
    """Make a rule that reads capitals and small letters alike; ``(?-i:…)`` tells them apart.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    pattern : str
        A regular expression.
    holds : callable
        As in ``Rule``.
    needs : tuple of str
        As in ``Rule``.

    Returns
    -------
    Rule
        The rule.
    """
    return Rule(kind, re.compile(pattern, re.IGNORECASE), holds, needs)


def apply(rules: Sequence[Rule], text: str) -> Iterator[Found]:
    """Find what the rules describe.

    Parameters
    ----------
    rules : sequence of Rule
        In any order.
    text : str
        One note.

    Yields
    ------
    Found
        Rule by rule; they may overlap.
    """
    lower = text.lower()
    for each in rules:
        if each.needs and not any(part in lower for part in each.needs):
            continue
        group = "it" if "it" in each.pattern.groupindex else 0
        for match in each.pattern.finditer(text):
            if match.group(group) and each.holds(match):
                yield Found(*match.span(group), each.kind)
