"""Redaction: names and numbers of a note masked, its story and its marks kept.

`found` says what a rule is; `names`, `places`, `contacts`, `numbers`, `vehicles` and `dates` hold
the rules. Nothing here learns, asks a service or keeps anything between two calls.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from review.redact.contacts import find_contacts
from review.redact.dates import find_birth_dates, find_dates
from review.redact.found import KINDS, Finder, Found
from review.redact.names import find_known, find_names
from review.redact.numbers import find_numbers
from review.redact.places import find_places
from review.redact.vehicles import find_vehicles

__all__ = [
    "CANNOT_PROMISE",
    "FINDERS",
    "KINDS",
    "Masks",
    "Redacted",
    "Span",
    "find_dates",
    "map_extent",
    "redact",
    "report",
]

FINDERS: tuple[Finder, ...] = (
    *(find_contacts, find_numbers, find_vehicles, find_birth_dates, find_places, find_names),
)
"""What is looked for unless told otherwise. ``(*FINDERS, find_dates)`` masks every date too."""

CANNOT_PROMISE = (
    "Masking follows rules and lists; it misses some of what names a person. Read every note "
    "before it leaves your team.",
    "Nicknames, misspelt names and names in small letters that no list holds may remain.",
    "Names that are ordinary words, such as Mark, Rose, Will or Brown, may remain at the start "
    "of a sentence and in notes written in capitals.",
    "Towns, schools, workplaces, pubs, shops, units and callsigns mostly remain; in a small place "
    "they can name a person.",
    "Four-figure numbers that could be a time remain, also where they are an officer's or a log's.",
    "What happened remains, with times, ages, jobs and relations. Someone who knows the people "
    "may know them by the story alone.",
    "The same number on two masks says that the same name was written, not that it is the same "
    "person; a person under two names has two numbers.",
    "Only a note's text is masked: ids, references and other columns are not.",
    "Masked notes are still personal data, and not anonymous.",
)
"""To be shown with each export that is masked."""


@dataclass(frozen=True)
class Span:
    """One mask.

    Parameters
    ----------
    start, end : int
        Characters of the original text from 0, end exclusive.
    kind : str
        One of ``KINDS``.
    masked_start, masked_end : int
        Characters of the redacted text.
    """

    start: int
    end: int
    kind: str
    masked_start: int
    masked_end: int


@dataclass(frozen=True)
class Masks:
    """The names numbered so far, for the same numbers over a case.

    It holds names: keep it in memory while a case is exported, and nowhere else.

    Parameters
    ----------
    people : tuple of frozenset of str
        The words of each name in small letters; the first is number 1.
    """

    people: tuple[frozenset[str], ...] = field(default=(), repr=False)

    def number(self, name: str) -> tuple[int, Masks]:
        """Give a name its number.

        *Sarah*, *Jones*, *S. Jones* and *SARAH JONES* are *Sarah Jones* as long as no other
        Sarah or Jones was named; if one was, the shorter form gets a number of its own.

        Parameters
        ----------
        name : str
            As written.

        Returns
        -------
        number : int
            From 1.
        masks : Masks
            With this name.
        """
        words = _name_words(name)
        if words in self.people:
            return self.people.index(words) + 1, self
        same = [
            place for place, known in enumerate(self.people) if words <= known or known <= words
        ]
        if len(same) != 1:
            return len(self.people) + 1, Masks((*self.people, words))
        place = same[0]
        people = list(self.people)
        people[place] |= words
        return place + 1, Masks(tuple(people))


@dataclass(frozen=True)
class Redacted:
    """A text with masks.

    Parameters
    ----------
    text : str
        The text with each mask in the place of what it hides.
    spans : tuple of Span
        In reading order; they do not overlap.
    masks : Masks
        Pass it to the next note of the same case.
    """

    text: str
    spans: tuple[Span, ...]
    masks: Masks = field(repr=False, default_factory=Masks)


def redact(
    text: str,
    *,
    using: Sequence[Finder] = FINDERS,
    kinds: Collection[str] = KINDS,
    extra_names: Iterable[str] = (),
    masks: Masks | None = None,
) -> Redacted:
    """Mask what names a person, a place, a number or an account.

    Relations, pronouns, times, dates, ages and money stay, so that the evidence can be read.

    Parameters
    ----------
    text : str
        One note.
    using : sequence of callable
        Each gives the ``Found`` of a text.
    kinds : collection of str
        What to mask, of ``KINDS``.
    extra_names : iterable of str
        Names known from the record (person, handler, address), masked wherever they are written
        with a capital, or at all if no dictionary holds them.
    masks : Masks
        From an earlier note of the same case; its names are looked for as well.

    Returns
    -------
    Redacted
        The masked text with its spans.

    Raises
    ------
    ValueError
        If a kind is unknown.

    Examples
    --------
    >>> redact("Husband Dave rang from 07700 900123. Dave's mum lives at 14 Mill Lane.").text
    "Husband [name 1] rang from [phone]. [name 1]'s mum lives at [address]."
    """
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise ValueError(f"no kind {unknown[0]!r} to mask; it must be one of {', '.join(KINDS)}")
    masks = masks or Masks()
    known = set().union(*masks.people, *map(_name_words, extra_names))
    found = [each for finder in using for each in finder(text)]
    if "name" in kinds:
        found += find_known(text, known)
    parts: list[str] = []
    spans: list[Span] = []
    at = length = 0
    for each in _settle(text, [each for each in found if each.kind in kinds]):
        mask = f"[{each.kind}]"
        if each.kind == "name":
            number, masks = masks.number(text[each.start : each.end])
            mask = f"[name {number}]"
        parts += [text[at : each.start], mask]
        start = length + each.start - at
        length, at = start + len(mask), each.end
        spans.append(Span(each.start, each.end, each.kind, start, length))
    return Redacted("".join([*parts, text[at:]]), tuple(spans), masks)


def map_extent(redacted: Redacted, start: int, end: int) -> tuple[int, int]:
    """Say where an extent of the original text lies after masking.

    An extent that overlaps a mask keeps the whole mask.

    Parameters
    ----------
    redacted : Redacted
        From ``redact``.
    start, end : int
        Characters of the original text from 0, end exclusive.

    Returns
    -------
    start, end : int
        Characters of ``redacted.text``.

    Raises
    ------
    ValueError
        If the extent is empty, ends before it starts or runs past the text.

    Examples
    --------
    >>> redacted = redact("He told Priya to stay in.")
    >>> start, end = map_extent(redacted, 3, 24)
    >>> redacted.text[start:end]
    'told [name 1] to stay in'
    """
    spans = redacted.spans
    grown = sum((span.masked_end - span.masked_start) - (span.end - span.start) for span in spans)
    length = len(redacted.text) - grown
    if not 0 <= start < end <= length:
        raise ValueError(
            f"extent {start}:{end} is empty, ends before it starts or runs past the text "
            f"({length} characters); offsets count from 0, the end is exclusive"
        )
    first = bisect_right(spans, start, key=lambda span: span.end)
    last = bisect_left(spans, end, key=lambda span: span.start)
    if first < len(spans) and spans[first].start <= start:
        mapped_start = spans[first].masked_start
    else:
        mapped_start = start + _shift(spans, first)
    if last and spans[last - 1].end >= end:
        return mapped_start, spans[last - 1].masked_end
    return mapped_start, end + _shift(spans, last)


def report(redactions: Iterable[Redacted]) -> dict[str, int]:
    """Count the masks of each kind.

    Parameters
    ----------
    redactions : iterable of Redacted
        The notes of one export.

    Returns
    -------
    dict of str to int
        In the order of ``KINDS``, without kinds that were not masked.
    """
    counts = Counter(span.kind for redacted in redactions for span in redacted.spans)
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def _shift(spans: tuple[Span, ...], before: int) -> int:
    """Give how far the text moves after so many masks."""
    return spans[before - 1].masked_end - spans[before - 1].end if before else 0


def _name_words(name: str) -> frozenset[str]:
    """Give the words of a name in small letters, initials only if there is nothing else."""
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", name.lower().replace("’", "'"))
    return frozenset(word for word in words if len(word) > 1) or frozenset(words)


def _settle(text: str, found: list[Found]) -> list[Found]:
    """Make one mask of what overlaps, and of the parts of one name side by side."""
    settled: list[Found] = []
    for each in sorted(found, key=lambda found: (found.start, -found.end)):
        last = settled[-1] if settled else None
        if last and each.start < last.end:
            kind = min(last.kind, each.kind, key=KINDS.index)
            settled[-1] = Found(last.start, max(last.end, each.end), kind)
        elif last and last.kind == each.kind == "name" and text[last.end : each.start] == " ":
            settled[-1] = Found(last.start, each.end, "name")
        else:
            settled.append(each)
    return settled
