"""Words of a note, as the rules about names see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from classifier.words import NAMES, normal_form
from review.redact.name_words import (
    ABBREVIATIONS,
    ACRONYMS,
    KIN,
    MEDICINES,
    ORDINARY_SURNAMES,
    ROLES,
)

SHOUTED_SHARE = 0.8
"""Share of capitals from which a line counts as written in capitals."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SUFFIX = re.compile(r"['’](?:s|ll|ve|re|d|m|em|S|LL|VE|RE|D|M)$")
_OPENING = re.compile(r"(?:^|[.!?;:\n\r/\"“(\[•–—]|\d\)|\s-)[\s\"“'‘(\[*-]*$")
_CONTRACTED = re.compile(r"(?:has|was|is|did|does|do|had|would|could|should|were|are|have|ca|wo)nt")


class Word(NamedTuple):
    """A word with what a rule about names asks of it.

    Parameters
    ----------
    text : str
        As written, without *'s*.
    lower : str
        In small letters.
    start, end : int
        Characters of the note from 0, end exclusive.
    capital : bool
        Whether it begins with one.
    opens : bool
        Whether a sentence, a quotation or a list begins with it.
    shouted : bool
        Whether its line is written in capitals.
    gap : str
        What stands between it and the word before.
    """

    text: str
    lower: str
    start: int
    end: int
    capital: bool
    opens: bool
    shouted: bool
    gap: str

    @property
    def acronym(self) -> bool:
        """Capitals in a line that is not all capitals."""
        return len(self.text) > 1 and self.text.isupper() and not self.shouted


def _lines(text: str) -> Iterator[tuple[int, int, bool]]:
    """Give each line's extent and whether it is written in capitals."""
    start = 0
    for line in text.splitlines(keepends=True):
        letters = sum(map(str.isalpha, line))
        capitals = sum(map(str.isupper, line))
        yield start, start + len(line), letters >= 10 and capitals >= SHOUTED_SHARE * letters
        start += len(line)


def cut_words(text: str) -> list[Word]:
    """Cut a text into words; a possessive *'s* and contractions are left out.

    Parameters
    ----------
    text : str
        One note.

    Returns
    -------
    list of Word
        In reading order.
    """
    words: list[Word] = []
    before = 0
    for first, last, shouted in _lines(text):
        for match in _WORD.finditer(text, first, last):
            start, word = match.start(), match[0]
            if not word.isalpha():
                word = _SUFFIX.sub("", word)
            capital = word[0].isupper()
            opens = capital and bool(_OPENING.search(text[max(0, start - 8) : start]))
            gap = text[before:start]
            before = start + len(word)
            lower = word.lower().replace("’", "'")
            words.append(Word(word, lower, start, before, capital, opens, shouted, gap))
    return words


def is_unknown(word: str) -> bool:
    """Tell whether a word is a listed name or in no dictionary; ordinary names are neither.

    Parameters
    ----------
    word : str
        As written.

    Returns
    -------
    bool
        False for ordinary words, and for names that are ordinary words too.
    """
    title = word.capitalize()
    return word.lower() in NAMES or (title not in NAMES and normal_form(title) == "_name")


def is_no_person(word: Word) -> bool:
    """Tell whether a word only looks like a name: an abbreviation, a medicine, *hasnt*.

    Parameters
    ----------
    word : Word
        A word of a note.

    Returns
    -------
    bool
        Whether it is never a name by itself.
    """
    return (
        word.lower in ABBREVIATIONS
        or (word.acronym and word.lower in ACRONYMS)
        or bool(_CONTRACTED.fullmatch(word.lower))
        or (word.lower not in NAMES and bool(MEDICINES.fullmatch(word.lower)))
    )


def says_role(word: Word) -> bool:
    """Tell whether a word is *wife*, *caller*, *adult*, *Mrs* and the like.

    Parameters
    ----------
    word : Word
        A word of a note.

    Returns
    -------
    bool
        Whether it says who somebody is, not what they are called.
    """
    return normal_form(word.text) in KIN | {"title"} or word.lower in ROLES


def could_be_surname(word: Word) -> bool:
    """Tell whether a word may be the second part of a name.

    Parameters
    ----------
    word : Word
        A word of a note.

    Returns
    -------
    bool
        Whether it has a capital and is listed, unknown or an ordinary family name.
    """
    if not word.capital or is_no_person(word):
        return False
    title = word.text.capitalize()
    return title in NAMES or title in ORDINARY_SURNAMES or is_unknown(word.text)
