"""Change in a note what should not matter: sex, names, role words, letters and spaces."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence

import numpy as np

from classifier.note import Note
from training.measures import find_words
from training.names import (
    NAMES_OF_MANY_ORIGINS,
    NAMES_TO_REPLACE,
    ORIGINS,
    SURNAMES_TO_REPLACE,
)


def change_note(note: Note, name: str, *, seed: int) -> str:
    """Change in a note what should not matter.

    Parameters
    ----------
    note : Note
        Any note.
    name : str
        One of ``VARIANTS``.
    seed : int
        With the note's id it decides what is changed.

    Returns
    -------
    str
        The note's own text if there is nothing to change.
    """
    key = zlib.crc32(f"{name}\n{note.id}".encode())
    return VARIANTS[name](note, np.random.default_rng([seed, key]))


_PAIRS = (
    "he she|himself herself|husband wife|husbands wives|boyfriend girlfriend|bf gf|"
    "boyfriends girlfriends|mum dad|mums dads|mummy daddy|mother father|mothers fathers|"
    "stepmother stepfather|stepmum stepdad|son daughter|sons daughters|stepson stepdaughter|"
    "grandson granddaughter|brother sister|brothers sisters|uncle aunt|uncles aunts|"
    "nephew niece|nephews nieces|grandmother grandfather|grandma grandpa|nan grandad|"
    "man woman|men women|male female|males females|boy girl|boys girls|gentleman lady|"
    "gentlemen ladies|lad lass|lads lasses|mr mrs|sir madam|hubby wifey"
)
"""Pronouns and kin terms that stand for one another but for sex. Written for this project."""

_SWAPS = {
    word: other for pair in _PAIRS.split("|") for word, other in (pair.split(), pair.split()[::-1])
} | {"ms": "mr", "him": "her", "hers": "his", "auntie": "uncle", "granny": "grandad"}
_SEXED = re.compile(
    rf"(?<![\w/])({'|'.join(sorted({*_SWAPS, 'his', 'her'}, key=len, reverse=True))})(?![\w/])",
    re.I,
)
_FOLLOWS_OBJECT = frozenset(
    "a about after again all alone and any as at away back because before but by do doing down "
    "every for from go he how i if in into it just like more not now of off on or out over she "
    "so that the then there they this through to today too until up was we what when where "
    "whether which while who why will with without would you".split()
)
"""Words before which *her* is *him*; before any other word it is *his*."""

_GIVEN = NAMES_TO_REPLACE | {name for given, _ in ORIGINS.values() for name in given} - set(
    ORIGINS["also words"][0]
)
_SURNAMES = SURNAMES_TO_REPLACE | {name for _, surnames in ORIGINS.values() for name in surnames}
_SURNAMES_OF_MANY_ORIGINS = tuple(
    sorted({name for origin in list(ORIGINS)[1:-1] for name in ORIGINS[origin][1]})
)
_NO_SURNAMES = frozenset("Dad Mum Husband Wife His Her No Hot There Explained Refuge".split())
"""Words that follow a title by chance, as at the end of a sentence."""

_NAMED = re.compile(
    r"\b(?P<title>M(?:rs?|s|iss|RS?|ISS)\.? )(?P<titled>[A-Z][A-Za-z]+)\b"
    r"|\b(?P<word>[A-Z][A-Za-z]+)\b"
)
_PERSON = re.compile(
    r"\b(?:husband|wife|boyfriend|girlfriend|partner|fiancée?|caller|informant|mother|father|mum|dad"
    r"|brother|sister|son|daughter|uncle|aunt|cousin|neighbour|client|patient|tenant|ex)\b(?!['’/-])",
    re.I,
)
"""After these a name may stand."""

MOST_NAMED = 2
"""People who get a name in a note that names nobody."""

_SPACE = re.compile(r"(?<=\S) (?=\S)")
_STOP = re.compile(r"(?<=\w)\.(?=\s|$)")

FEW = 0.1
"""Share of spaces doubled or of full stops left out; at least one."""

TYPO_LETTERS = 5
"""Letters that a word needs for two inner ones to change places."""


def _cased_like(word: str, model: str) -> str:
    """Write a word in capitals, with one or without, as another."""
    if model.isupper() and len(model) > 1:
        return word.upper()
    return word.capitalize() if model[0].isupper() else word


def _swap_sex(note: Note, generator: np.random.Generator) -> str:
    """Turn *he* into *she* and *wife* into *husband*, and the other way round."""

    def other(match: re.Match[str]) -> str:
        word = match[0].lower()
        following = re.match(r"\s+([A-Za-z0-9£]+)", note.text[match.end() :])
        next_word = following[1].lower() if following else ""
        if word == "her":
            swapped = "him" if not next_word or next_word in _FOLLOWS_OBJECT else "his"
        elif word == "his":
            swapped = "her" if next_word else "hers"
        else:
            swapped = _SWAPS[word]
        return _cased_like(swapped, match[0])

    return _SEXED.sub(other, note.text)


def _replace_names(note: Note, generator: np.random.Generator) -> str:
    """Give everybody named a name of another origin; the same person keeps the same one."""
    others = generator.permutation(np.array(NAMES_OF_MANY_ORIGINS)).tolist()
    surnames = generator.permutation(np.array(_SURNAMES_OF_MANY_ORIGINS)).tolist()
    return _rename(note.text, others, surnames)


def _rename(text: str, given_names: Sequence[str], surnames: Sequence[str]) -> str:
    """Replace given names, surnames after them and names after titles, each by the next one."""
    chosen: dict[tuple[str, bool], str] = {}
    ends: set[int] = set()  # of given names, after which a surname may stand

    def other(name: str, is_surname: bool) -> str:
        key = (name.capitalize(), is_surname)
        if key not in chosen:
            names = surnames if is_surname else given_names
            n_chosen = sum(kind == is_surname for _, kind in chosen)
            chosen[key] = names[n_chosen % len(names)]
        return _cased_like(chosen[key], name) if name.isupper() else chosen[key]

    def replaced(match: re.Match[str]) -> str:
        title, titled, word = match["title"], match["titled"], match["word"]
        if titled:
            kept = (titled.isupper() and not title.isupper()) or titled in _NO_SURNAMES
            return match[0] if kept else title + other(titled, True)
        if match.start() - 1 in ends and word.capitalize() in _SURNAMES:
            return other(word, True)
        if word.capitalize() not in _GIVEN:
            return word
        if text[match.end() : match.end() + 1] == " ":
            ends.add(match.end())
        return other(word, False)

    return _NAMED.sub(replaced, text)


def name_people(note: Note, origin: str, *, turn: int = 0) -> str:
    """Give people in a note names of one origin, so that notes differ in names alone.

    Where the note names people, their names are replaced; where it names nobody, names are put
    after the first words for a partner, relative or caller. The same note gets names in the same
    places whatever the origin.

    Parameters
    ----------
    note : Note
        Any note.
    origin : str
        One of ``ORIGINS``.
    turn : int
        Another number gives other names of the same origin.

    Returns
    -------
    str
        The note's own text if nobody can be named.
    """
    given, surnames = ORIGINS[origin]
    turn += zlib.crc32(note.id.encode())
    given = [given[(turn + 5 * step) % len(given)] for step in range(len(given))]
    surnames = [surnames[(turn + step) % len(surnames)] for step in range(len(surnames))]
    renamed = _rename(note.text, given, surnames)
    if renamed != note.text or _names_somebody(note.text):
        return renamed
    places: dict[str, int] = {}
    for match in _PERSON.finditer(note.text):
        places.setdefault(match[0].lower(), match.end())
    text = note.text
    for number, at in reversed(list(enumerate(list(places.values())[:MOST_NAMED]))):
        text = f"{text[:at]} {given[number]} {surnames[number]}{text[at:]}"
    return text


def _names_somebody(text: str) -> bool:
    """Tell whether a text holds a name that would be replaced."""
    return _rename(text, ["\0"], ["\0"]) != text


_ROLES = (
    "caller informant|victim complainant|suspect perpetrator|client patient|husband spouse|"
    "wife spouse|boyfriend partner|girlfriend partner|mum mother|dad father|kids children|"
    "nan gran|inf rp|ip aggrieved"
)
"""Words for the same part in a call, said otherwise. Written for this project."""

_SAME_ROLE = dict(pair.split() for pair in _ROLES.split("|"))
_ROLE = re.compile(rf"(?<![\w/-])({'|'.join(_SAME_ROLE)})(?![\w/'’-])", re.I)


def _change_roles(note: Note, generator: np.random.Generator) -> str:
    """Call people by another word for the same part, such as *informant* for *caller*."""

    def other(match: re.Match[str]) -> str:
        if match[0].upper() in {"IP", "INF"} and not match[0].isupper():
            return match[0]
        return _cased_like(_SAME_ROLE[match[0].lower()], match[0])

    return _ROLE.sub(other, note.text)


def _change_few(
    text: str, places: Sequence[re.Match[str]], instead: str, generator: np.random.Generator
) -> str:
    """Put something else in a few of the places, chosen at random."""
    if not places:
        return text
    n_changed = max(1, round(FEW * len(places)))
    chosen = set(generator.choice(len(places), n_changed, replace=False).tolist())
    parts, at = [], 0
    for number, place in enumerate(places):
        if number in chosen:
            parts += [text[at : place.start()], instead]
            at = place.end()
    return "".join([*parts, text[at:]])


def _double_spaces(note: Note, generator: np.random.Generator) -> str:
    """Double some spaces."""
    return _change_few(note.text, list(_SPACE.finditer(note.text)), "  ", generator)


def _leave_out_stops(note: Note, generator: np.random.Generator) -> str:
    """Leave out some full stops."""
    return _change_few(note.text, list(_STOP.finditer(note.text)), "", generator)


def _mistype(note: Note, generator: np.random.Generator) -> str:
    """Let two inner letters of a word change places: a marked word, if any is marked."""
    words = [
        (start, end)
        for start, end in find_words(note.text)
        if end - start >= TYPO_LETTERS and note.text[start:end].isalpha()
    ]
    marked = [
        (start, end)
        for start, end in words
        if any(mark.start < end and start < mark.end for mark in note.marks)
    ]
    places = [
        at
        for start, end in marked or words
        for at in range(start + 1, end - 2)
        if note.text[at] != note.text[at + 1]
    ]
    if not places:
        return note.text
    at = places[int(generator.integers(len(places)))]
    return note.text[:at] + note.text[at + 1] + note.text[at] + note.text[at + 2 :]


VARIANTS: dict[str, Callable[[Note, np.random.Generator], str]] = {
    "sex": _swap_sex,
    "names": _replace_names,
    "role words": _change_roles,
    "capitals": lambda note, generator: note.text.upper(),
    "small letters": lambda note, generator: note.text.lower(),
    "double spaces": _double_spaces,
    "missing full stops": _leave_out_stops,
    "typo": _mistype,
}
"""Changes that should leave the labels of a note as they are."""
