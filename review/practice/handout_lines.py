"""Lines of a note for paper: numbered, the same on every sheet, with marks in black ink."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from classifier.labels import LabelSet
from classifier.note import overlaps
from classifier.wording import showable
from review.paper import as_text
from review.practice.handout_phrases import Phrase, show_cue

WIDTH = 48
"""Characters in a line, set in a fixed pitch: leaves room in the margin of an A4 sheet, and the
same lines fit a slide at 24 points."""

TAB = 4
"""Characters that a tab takes."""

LANES = 4
"""Underlines one above another; a fifth is drawn on the fourth."""

_LINE = re.compile("[^\n\x85\u2028\u2029]*[\n\x85\u2028\u2029]?")


@dataclass(frozen=True)
class Line:
    """A stretch of a note that stands in one line; the lines joined are the whole text.

    Parameters
    ----------
    number : int
        From 1; 0 for a blank line, which counts for nothing.
    start, end : int
        Characters of the text, white space at the end among them.
    is_rtl : bool
        Whether the paragraph it is of begins in a script that runs from right to left.
    """

    number: int
    start: int
    end: int
    is_rtl: bool = False


def cut_lines(text: str, width: int = WIDTH) -> list[Line]:
    r"""Cut a text into lines at white space, or inside a word that is longer than a line.

    Parameters
    ----------
    text : str
        Of a note.
    width : int
        Characters of a fixed pitch; wide ones count twice, combining ones not at all.

    Returns
    -------
    list of Line
        In order; none is empty.

    Examples
    --------
    >>> [text[line.start : line.end] for text in ["no tea, no bus\n\nOK"]
    ...  for line in cut_lines(text, width=8)]
    ['no tea, ', 'no bus\n', '\n', 'OK']
    """
    text = showable(text)
    lines: list[Line] = []
    number = 0
    for found in _LINE.finditer(text):
        is_rtl = _is_rtl(found.group())
        for start, end in _cut(text, found.start(), found.end(), width):
            has_words = bool(text[start:end].strip())
            number += has_words
            lines.append(Line(number if has_words else 0, start, end, is_rtl))
    return lines


def _cut(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """Cut one paragraph."""
    while start < end:
        stop = _furthest(text, start, end, width)
        words = re.compile(r"\S").search(text, start, stop)
        if stop < end and not text[stop].isspace() and words:
            spaces = [at for at in range(words.start(), stop) if text[at].isspace()]
            stop = spaces[-1] + 1 if spaces else stop
        while stop < end and text[stop].isspace():
            stop += 1
        yield start, stop
        start = stop


def _furthest(text: str, start: int, end: int, width: int) -> int:
    """Give the place up to which a line has room, one character at least."""
    taken = 0
    for at in range(start, end):
        taken += _cells(text[at])
        if taken > width:
            return max(at, start + 1)
    return end


def _cells(character: str) -> int:
    """Say how much room a character takes in a fixed pitch."""
    if character == "\t":
        return TAB
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _is_rtl(paragraph: str) -> bool:
    """Tell from the first letter with a direction which way a paragraph runs."""
    ways = (unicodedata.bidirectional(character) for character in paragraph)
    return next((way in ("R", "AL") for way in ways if way in ("L", "R", "AL")), False)


def lines_of(phrase: Phrase, lines: Sequence[Line]) -> tuple[int, int]:
    """Give the numbers of the first and the last line that a phrase stands in.

    Parameters
    ----------
    phrase : Phrase
        Of the note.
    lines : sequence of Line
        All of the note.

    Returns
    -------
    tuple of (int, int)
        Blank lines aside; 0 and 0 where there is no other.
    """
    found = [line.number for line in lines if line.number and overlaps(line, phrase)]
    return (found[0], found[-1]) if found else (0, 0)


def show_lines(
    text: str, lines: Sequence[Line], phrases: Sequence[Phrase], labels: LabelSet
) -> str:
    """Write lines as a numbered list, phrases underlined with number and letters where they end.

    Parameters
    ----------
    text : str
        The whole note.
    lines : sequence of Line
        Of `cut_lines`, all or some that follow one another.
    phrases : sequence of Phrase
        Of the note; none for the note as it was received.
    labels : LabelSet
        Gives cues and titles.

    Returns
    -------
    str
        HTML; the text is escaped. Blank lines are a gap above the next.
    """
    text = showable(text)
    ends = {one.number: _last_character(text, one) for one in phrases}
    items, is_first, has_gap = [], True, False
    for line in lines:
        if not line.number:
            has_gap = True
            continue
        kind = ' class="gap"' if has_gap and not is_first else ""
        way = ' dir="rtl"' if line.is_rtl else ' dir="ltr"'
        words = _mark_line(text, line, phrases, ends, labels)
        items.append(f'<li value="{line.number}"{kind}{way}>{words}</li>')
        is_first, has_gap = False, False
    if not items:
        return "<p>The note has no words.</p>"
    first = next((line.number for line in lines if line.number), 1)
    count = f'start="{first}" style="counter-reset:list-item {first - 1}"'
    return f'<ol class="lines" {count}>{"".join(items)}</ol>'


def _last_character(text: str, phrase: Phrase) -> int:
    """Give the end of a phrase without white space, for that is where its letters stand."""
    first = len(text) - len(text.lstrip())
    return max(len(text[: phrase.end].rstrip()), first + 1)


def _mark_line(
    text: str,
    line: Line,
    phrases: Sequence[Phrase],
    ends: Mapping[int, int],
    labels: LabelSet,
) -> str:
    """Mark the phrases of one line."""
    end = line.start + len(text[line.start : line.end].rstrip())
    inside = [
        replace(one, start=max(one.start, line.start), end=min(one.end, end))
        for one in phrases
        if max(one.start, line.start) < min(one.end, end)
    ]
    cues = {one.number: one for one in phrases if line.start < ends[one.number] <= end}
    borders = {line.start, end, *(ends[number] for number in cues)}
    borders |= {at for one in inside for at in (one.start, one.end)}
    parts = []
    for start, stop in pairwise(sorted(borders)):
        words = as_text(text[start:stop])
        covering = [one for one in inside if one.start <= start and stop <= one.end]
        for one in sorted(covering, key=lambda one: one.lane):
            lane = min(one.lane, LANES - 1)
            words = f'<span class="mark {one.context} lane{lane}">{words}</span>'
        parts.append(words)
        parts += [show_cue(one, labels) for one in cues.values() if ends[one.number] == stop]
    return "".join(parts)
