"""Rules of phrases, as people write them in a TOML file, and where a note holds them.

A phrase is a row of tests, each of one word. Words are looked up, not tried one after another:
spaCy's Matcher, with lists of words as tests, took 45 ms for a note where this takes less than one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import simplemma
from pydantic import BaseModel, ConfigDict, Field

from classifier.toml_file import read_toml

SENTENCE_END = "¶"
"""Stands after the last word of every sentence, so that no phrase runs across."""

GAP = -1
"""Stands for ``...`` among the tests of a phrase."""

GAP_WORDS = 3
"""Words that ``...`` may stand for."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NEVER_IN_A_GAP = {SENTENCE_END, ".", ";", "!", "?"}


class _Strict(BaseModel):
    """A part of the rule file; keys nobody knows are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(_Strict):
    """Phrases, and what keeps them from counting.

    Parameters
    ----------
    source : str
        Where the wording comes from.
    phrases : tuple of str
        In the form that the head of the file explains.
    look_alikes : tuple of str
        Phrases beside which none counts; ``not`` in the file.
    unless, near : frozenset of str
        Words of which none may, or one must, stand in the same sentence.
    stands : bool
        Whether a denial before the phrase leaves it alone.
    """

    source: str = Field(min_length=1)
    phrases: tuple[str, ...] = Field(min_length=1)
    look_alikes: tuple[str, ...] = Field((), alias="not")
    unless: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    stands: bool = False


class KindRules(_Strict):
    """A kind of fact and its rules.

    Parameters
    ----------
    id, title, why : str
        For people.
    sources : dict of str to tuple of str
        Name of a source to the items of it that speak of the kind.
    asked_before : tuple of str
        Phrases that make facts of this kind alone a question or a condition.
    rule : tuple of Rule
        At least one.
    """

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: str = Field(min_length=1)
    why: str = Field(min_length=1)
    sources: dict[str, tuple[str, ...]]
    asked_before: tuple[str, ...] = ()
    rule: tuple[Rule, ...] = Field(min_length=1)


class RuleFile(_Strict):
    """Everything in a rule file.

    Parameters
    ----------
    source : dict of str to str
        References.
    words : dict of str to tuple of str
        Lists of words, for use in phrases; ``<they>`` is a class of normal forms.
    shapes : dict of str to str
        Regular expressions of single words, for use in phrases.
    context : dict of str to tuple of str
        Phrases that deny, ask or confirm; ``stops`` are words that end their reach.
    kind : tuple of KindRules
        In the order in which they are shown.
    """

    source: dict[str, str]
    words: dict[str, tuple[str, ...]]
    shapes: dict[str, str]
    context: dict[str, tuple[str, ...]]
    kind: tuple[KindRules, ...]


@dataclass(frozen=True)
class Phrases:
    """Lists of phrases, made ready for looking up.

    Parameters
    ----------
    of_word, of_norm : mapping of str to set of int
        Tests that a word in small letters, or its normal form, passes.
    shapes : tuple of (compiled regular expression, int)
        Tests of words with a digit.
    starting : mapping of int to list of (str, tuple of int)
        Name of the list and the tests of each phrase, by its first test.
    """

    of_word: Mapping[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    of_norm: Mapping[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    shapes: tuple[tuple[re.Pattern[str], int], ...] = ()
    starting: Mapping[int, list[tuple[str, tuple[int, ...]]]] = field(
        default_factory=lambda: defaultdict(list)
    )


def load_rules(path: str | Path) -> RuleFile:
    """Read a rule file.

    Parameters
    ----------
    path : path-like
        A TOML file in the form of ``also_noted.toml``.

    Returns
    -------
    RuleFile
        In file order.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is not TOML or not in the form; the message names every fault.
    """
    return read_toml(path, RuleFile)


def compile_phrases(lists: Iterable[tuple[str, Iterable[str]]], rules: RuleFile) -> Phrases:
    """Make lists of phrases ready for looking up.

    Parameters
    ----------
    lists : iterable of (str, iterable of str)
        Name of each list, and its phrases.
    rules : RuleFile
        Gives the lists of words and the shapes that phrases use.

    Returns
    -------
    Phrases
        For `match_phrases`.

    Raises
    ------
    ValueError
        If a phrase uses a list that the file does not have, or begins with a gap.

    Examples
    --------
    >>> rules = RuleFile(source={}, words={"who": ["him", "her"]}, shapes={}, context={}, kind=[])
    >>> phrases = compile_phrases([("left", ["left|leaving {who}"])], rules)
    >>> words = "she is leaving him".split()
    >>> dict(match_phrases(phrases, words, words))
    {'left': [(2, 4)]}
    """
    numbers: dict[str, int] = {}
    made = Phrases(
        shapes=tuple(
            (re.compile(pattern), numbers.setdefault(f"{{{name}}}", len(numbers)))
            for name, pattern in rules.shapes.items()
        )
    )
    for name, phrases in lists:
        for phrase in phrases:
            for tests in _rows_of_tests(phrase, rules.shapes):
                row = tuple(
                    GAP if test == "..." else _number(test, numbers, made, rules) for test in tests
                )
                if not row or row[0] == GAP:
                    raise ValueError(f"list {name!r}: phrase {phrase!r} needs a word to begin with")
                made.starting[row[0]].append((name, row))
    return made


def _rows_of_tests(phrase: str, shapes: Mapping[str, str]) -> Iterator[list[str]]:
    """Write out a phrase with and without its words that may be missing."""
    choices = []
    for item in phrase.split():
        optional = len(item) > 1 and item.endswith("?") and not item.endswith("|?")
        parts = item.removesuffix("?").split("|") if optional else item.split("|")
        shaped = [part for part in parts if part[1:-1] in shapes]
        plain = "|".join(part for part in parts if part not in shaped)
        choices.append([*shaped, *([plain] if plain else []), *([""] if optional else [])])
    for row in product(*choices):
        yield [test for test in row if test]


def _number(test: str, numbers: dict[str, int], made: Phrases, rules: RuleFile) -> int:
    """Give a test its number, and note the words that pass it."""
    if test in numbers:
        return numbers[test]
    number = numbers[test] = len(numbers)
    for part in test.split("|"):
        if part.startswith("{"):
            if part[1:-1] not in rules.words:
                raise ValueError(f"no list {part} under [words] or [shapes]")
            for word in rules.words[part[1:-1]]:
                is_class = word.startswith("<")
                (made.of_norm if is_class else made.of_word)[word.strip("<>")].add(number)
        else:
            for word in _spellings(part):
                made.of_word[word].add(number)
    return number


def _spellings(part: str) -> set[str]:
    """Give a word and, after ``~``, also what one slip of the pen makes of it."""
    word = part.removeprefix("~")
    if word == part:
        return {word}
    ends = range(1, len(word) + 1)
    found = {word[:i] + word[i + 1 :] for i in ends}
    found |= {word[:i] + word[i + 1 : i + 2] + word[i] + word[i + 2 :] for i in ends[:-1]}
    found |= {word[:i] + letter + word[i:] for i in ends for letter in _LETTERS}
    found |= {word[:i] + letter + word[i + 1 :] for i in ends[:-1] for letter in _LETTERS}
    return {word, *(slip for slip in found if not simplemma.is_known(slip, lang="en"))}


def match_phrases(
    phrases: Phrases, words: Sequence[str], norms: Sequence[str]
) -> Mapping[str, list[tuple[int, int]]]:
    """Find every place of every phrase.

    Parameters
    ----------
    phrases : Phrases
        From `compile_phrases`.
    words : sequence of str
        In small letters, with ``SENTENCE_END`` after each sentence.
    norms : sequence of str
        Normal forms of the words.

    Returns
    -------
    mapping of str to list of (int, int)
        Name of the list to first and last word of each match, end exclusive.
    """
    nothing, passed = set(), []
    for word, norm in zip(words, norms, strict=True):
        tests = phrases.of_word.get(word, nothing) | phrases.of_norm.get(norm, nothing)
        if any(map(str.isdigit, word)):
            tests = tests | {number for shape, number in phrases.shapes if shape.fullmatch(word)}
        passed.append(tests)
    found = defaultdict(list)
    for place, tests in enumerate(passed):
        for test in tests:
            for name, row in phrases.starting.get(test, ()):
                found[name] += ((place, end) for end in _ends(row, 1, place + 1, words, passed))
    return found


def _ends(
    row: tuple[int, ...], step: int, place: int, words: Sequence[str], passed: Sequence[set[int]]
) -> Iterator[int]:
    """Give every place where the rest of a phrase ends that goes on at a place."""
    while step < len(row) and row[step] != GAP:
        if place >= len(passed) or row[step] not in passed[place]:
            return
        step, place = step + 1, place + 1
    if step == len(row):
        yield place
        return
    for skipped in range(GAP_WORDS + 1):
        yield from _ends(row, step + 1, place + skipped, words, passed)
        if place + skipped >= len(words) or words[place + skipped] in _NEVER_IN_A_GAP:
            return
