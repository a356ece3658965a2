"""How hard the evidence of a note is to see, in three levels, from features that can be counted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from classifier.note import Mark, Note
from training.measures import find_words

DIFFICULTIES: dict[str, str] = {
    "plain": "Much of the note is evidence, or little else distracts from it.",
    "mixed": "Evidence stands among other matters, or one thing makes it easy to pass over.",
    "buried": "Little of the note is evidence, nothing is named outright, or the note itself "
    "makes light of it.",
}
"""Levels, the easiest first, and what each means where there is evidence."""

WITHOUT_EVIDENCE: dict[str, str] = {
    "plain": "Nothing in it looks like evidence.",
    "mixed": "A phrase or two only look like evidence.",
    "buried": "Three phrases or more only look like evidence.",
}
"""The same levels for a note in which nothing is recorded as happening."""

SMALL_SHARE, TINY_SHARE = 0.20, 0.10
"""Parts of a note's words that are evidence, below which it stands among much else."""

LONG = 120
"""Words above which a note is long to keep in mind."""

MANY = 3
"""Look-alikes from which a note without evidence is hard to leave unmarked."""

LENGTHS: dict[str, str] = {
    "short": "Short, up to 60 words",
    "middle": "Middle, 61 to 120 words",
    "long": "Long, over 120 words",
}
"""Classes of length; of the corpus's 3,408 whole notes 778, 1,616 and 1,014."""

_NAMED = re.compile(
    r"\b(?:abus\w*|d\.?a\.?|dv|domestic\w*|control(?:s|led|ling)?|coerc\w*|threat\w*|harass\w*"
    r"|stalk\w*|jealous\w*|scared|frighten\w*|afraid|bull(?:y|ies|ied)\w*|monitor\w*|isolat\w*"
    r"|gasligh\w*)\b",
    re.IGNORECASE,
)


def difficulty_of(note: Note) -> str:
    """Tell how hard the evidence of a note is to see.

    One point each: less than a fifth of the words are evidence; less than a tenth; it is one
    phrase only; no phrase names what it is (*controls*, *threatens*); the note is long; it holds
    look-alikes; a dismissive voice is in it. Up to one point is plain, up to three mixed, more is
    buried. Without evidence the look-alikes are counted: none, up to two, more.

    It is a rough order. Models that had not seen the author's notes pass over 26 % of the phrases
    marked as evidence in plain notes, 31 % in mixed and 36 % in buried ones, and find nothing at
    all in 3, 6 and 9 % of these notes. Of notes without evidence they highlight something, as if
    it happened, in 40, 41 and 49 %. The cut-offs were
    chosen after trying five ways on these same findings. Nobody has measured people by the levels.

    Parameters
    ----------
    note : Note
        With reference marks.

    Returns
    -------
    str
        Of ``DIFFICULTIES``.
    """
    points = len(reasons_of(note))
    if not _evidence(note):
        n = len({(one.start, one.end) for one in note.marks})
        return "plain" if n == 0 else "mixed" if n < MANY else "buried"
    return "plain" if points <= 1 else "mixed" if points <= MANY else "buried"


def reasons_of(note: Note) -> tuple[str, ...]:
    """Say in words what makes the evidence of a note hard to see.

    Parameters
    ----------
    note : Note
        With reference marks.

    Returns
    -------
    tuple of str
        One for each point of `difficulty_of`; empty without evidence.
    """
    marks = _evidence(note)
    if not marks:
        return ()
    phrases = [one for one in marks if one.label != "dismissive_response"] or marks
    share = share_of_words(note.text, phrases)
    extents = {(one.start, one.end) for one in phrases}
    points = {
        f"less than {SMALL_SHARE:.0%} of its words are evidence": share < SMALL_SHARE,
        f"less than {TINY_SHARE:.0%} of its words are evidence": share < TINY_SHARE,
        "it is one phrase only": len(extents) <= 1,
        "nothing is named outright": not any(_NAMED.search(note.text[a:b]) for a, b in extents),
        f"the note has over {LONG} words": len(find_words(note.text)) > LONG,
        "there are look-alikes in it": len(marks) < len(note.marks),
        "a dismissive voice is in it": len(phrases) < len(marks),
    }
    return tuple(words for words, is_so in points.items() if is_so)


def share_of_words(text: str, marks: Sequence[Mark]) -> float:
    """Give the share of a text's words that marks cover, also in part.

    Parameters
    ----------
    text : str
        Of a note.
    marks : sequence of Mark
        In any order.

    Returns
    -------
    float
        In [0, 1]; 0 for a text without words.
    """
    words = find_words(text)
    covered = sum(any(a < one.end and one.start < b for one in marks) for a, b in words)
    return covered / len(words) if words else 0.0


def length_of(text: str) -> str:
    """Tell how long a note is.

    Parameters
    ----------
    text : str
        Of the note.

    Returns
    -------
    str
        Of ``LENGTHS``.
    """
    n = len(find_words(text))
    return "short" if n <= LONG // 2 else "middle" if n <= LONG else "long"


def _evidence(note: Note) -> list[Mark]:
    """Give the marks of what is recorded as happening."""
    return [one for one in note.marks if one.context == "affirmed"]
