"""Also noted: facts in the words of a note that raise concern without being labels.

Separation, pregnancy, strangulation, bail and orders, weapons, escalation: each is a phrase for a
person to read, beside the indicators. Nothing is weighed or counted.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import simplemma
from pydantic import BaseModel, ConfigDict, Field
from spacy.attrs import NORM
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc

from classifier.doc import make_docs, make_nlp

RULE_FILE = Path(__file__).with_name("also_noted.toml")

SENTENCE_END = "¶"
"""Stands after the last word of every sentence, so that no phrase runs across."""

GAP_WORDS = 3
"""Words that ``...`` in a phrase may stand for."""

NEAR_WORDS, FAR_WORDS = 3, 7
"""How many words may stand between a fact and *not*, and between a fact and *no* or *if*."""

AFTER_WORDS = 4
"""How many words may stand between a fact and the answer after it, as in *weapons on him: none*."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"

_SKIPPED = {'"', "'", "‘", "’", "“", "”", "*", "''", "``"}
_HYPHENS = {"-", "‐", "‑"}
_GAP = {"LOWER": {"NOT_IN": [SENTENCE_END, ".", ";", "!", "?"]}, "OP": f"{{0,{GAP_WORDS}}}"}


@dataclass(frozen=True)
class Fact:
    """A phrase that names something of concern; for a person to read, never a score.

    Parameters
    ----------
    start, end : int
        Characters of the note's text from 0, end exclusive.
    kind : str
        One of ``KINDS``.
    context : str
        ``"affirmed"``, ``"negated"`` (the note says no) or ``"hypothetical"`` (asked about, or
        depending on an *if*). Whether it is past or present is not told.
    """

    start: int
    end: int
    kind: str
    context: str


class Kind(NamedTuple):
    """What is said of a kind of fact, wherever it is shown."""

    title: str
    why: str
    source: str


class _Strict(BaseModel):
    """A part of the rule file; keys nobody knows are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _Rule(_Strict):
    """Phrases, and what keeps them from counting."""

    source: str
    phrases: tuple[str, ...] = Field(min_length=1)
    look_alikes: tuple[str, ...] = Field((), alias="not")
    unless: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    stands: bool = False


class _KindRules(_Strict):
    """A kind of fact and its rules."""

    id: str
    title: str
    why: str
    sources: dict[str, tuple[str, ...]]
    asked_before: tuple[str, ...] = ()
    rule: tuple[_Rule, ...]


class _RuleFile(_Strict):
    """The whole of ``also_noted.toml``."""

    source: dict[str, str]
    words: dict[str, tuple[str, ...]]
    shapes: dict[str, str]
    context: dict[str, tuple[str, ...]]
    kind: tuple[_KindRules, ...]


RULES = _RuleFile.model_validate(tomllib.loads(RULE_FILE.read_text(encoding="utf-8")))


def _name_sources(kind: _KindRules) -> str:
    """Give the references of a kind, each with the items that speak of it."""
    return " ".join(
        f"{', '.join(items)}: {RULES.source[name]}" for name, items in kind.sources.items()
    )


KINDS: Mapping[str, Kind] = {
    kind.id: Kind(kind.title, kind.why, _name_sources(kind)) for kind in RULES.kind
}
"""Title, one sentence on why it is shown, and sources of every kind, in the order of the issue."""


def find_facts(note: Doc | str) -> tuple[Fact, ...]:
    """Find the facts that raise concern in the words of a note.

    The rules are ``also_noted.toml``. Whole words are compared, never parts of words. A denial
    or question reaches no further than its part of the sentence; in doubt a fact is affirmed.

    Parameters
    ----------
    note : spacy.tokens.Doc or str
        A doc from `classifier.doc.make_docs`, or the text of a note.

    Returns
    -------
    tuple of Fact
        In reading order; facts of one kind do not overlap.

    Examples
    --------
    >>> for fact in find_facts("Split up in May. No weapons seen."):
    ...     print(fact)
    Fact(start=0, end=8, kind='separation', context='affirmed')
    Fact(start=20, end=27, kind='weapons', context='negated')
    """
    doc = note if isinstance(note, Doc) else make_docs([note], _nlp())[0]
    laid = _lay_out(doc)
    facts = []
    for kind in RULES.kind:
        for start, end, stands in _merge(_spans_of(kind, laid)):
            first, last = doc[laid.tokens[start]], doc[laid.tokens[end - 1]]
            stands = stands or laid.words[start] in _STOPS  # since the baby
            context = _context_of(kind.id, start, end, stands, laid)
            if context == "affirmed" and first.i and doc[first.i - 1].text_with_ws == "?":
                context = "hypothetical"  # ?pregnant
            facts.append(Fact(first.idx, last.idx + len(last), kind.id, context))
    return tuple(sorted(facts, key=lambda fact: (fact.start, fact.end, fact.kind)))


@cache
def _nlp() -> Language:
    """Make the pipeline once."""
    return make_nlp()


@dataclass(frozen=True)
class _Laid:
    """A note laid out for matching: words, their norms, their tokens, sentence ends, matches."""

    words: list[str]
    norms: list[str]
    tokens: list[int]
    ends: list[int]
    matches: Mapping[str, list[tuple[int, int]]]

    def sentence(self, place: int) -> tuple[int, int]:
        """Give the first word of the sentence around a place, and its end."""
        number = bisect_left(self.ends, place)
        return (self.ends[number - 1] + 1 if number else 0), self.ends[number]


def _lay_out(doc: Doc) -> _Laid:
    """Leave out spaces, quotation marks and hyphens inside words; mark the ends of sentences."""
    rows: list[tuple[str, str, int]] = []
    for token in doc:
        if token.is_sent_start and rows:
            rows.append((SENTENCE_END, SENTENCE_END, token.i - 1))
        within = token.i and not doc[token.i - 1].whitespace_ and not token.whitespace_
        if not (token.is_space or token.text in _SKIPPED or (within and token.text in _HYPHENS)):
            rows.append((token.text, token.norm_, token.i))
    rows.append((SENTENCE_END, SENTENCE_END, len(doc) - 1))
    words, norms, tokens = map(list, zip(*rows, strict=True))
    laid = Doc(doc.vocab, words=words)
    codes = np.array([doc.vocab.strings.add(norm) for norm in norms], dtype=np.uint64)
    laid.from_array([NORM], codes[:, None])
    matches = defaultdict(list)
    for key, start, end in _matcher(doc.vocab)(laid):
        matches[doc.vocab.strings[key]].append((start, end))
    lower = [word.lower() for word in words]
    ends = [place for place, word in enumerate(words) if word == SENTENCE_END]
    return _Laid(lower, norms, tokens, ends, matches)


# Rules to patterns


def _slips(word: str) -> Iterator[str]:
    """Spell a word with one slip; spellings that are English words are left out."""
    found = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    found |= {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1)}
    found |= {word[:i] + letter + word[i:] for i in range(1, len(word) + 1) for letter in LETTERS}
    found |= {word[:i] + letter + word[i + 1 :] for i in range(1, len(word)) for letter in LETTERS}
    return (slip for slip in found if not simplemma.is_known(slip, lang="en"))


def _patterns(phrase: str) -> Iterator[list[dict]]:
    """Turn a phrase of the rule file into patterns for spaCy's Matcher."""
    choices = []
    for item in phrase.split():
        if item == "...":
            choices.append([_GAP])
            continue
        once = {"OP": "?"} if len(item) > 1 and item.endswith("?") else {}
        choices.append([{**test, **once} for test in _tests(item[:-1] if once else item)])
    return map(list, product(*choices))


def _tests(item: str) -> Iterator[dict]:
    """Turn ``one|~two|{three}`` into at most three tests of a word."""
    lower, norm = set(), set()
    for part in item.split("|"):
        name = part[1:-1]
        if part.startswith("{") and name in RULES.shapes:
            yield {"LOWER": {"REGEX": rf"^(?:{RULES.shapes[name]})$"}}
        elif part.startswith("{"):
            for word in RULES.words[name]:
                (norm if word.startswith("<") else lower).add(word.strip("<>"))
        else:
            lower |= {part.lstrip("~"), *(_slips(part[1:]) if part.startswith("~") else ())}
    if lower:
        yield {"LOWER": {"IN": sorted(lower)}}
    if norm:
        yield {"NORM": {"IN": sorted(norm)}}


def _phrase_lists() -> Iterator[tuple[str, Iterable[str]]]:
    """Give every list of phrases a name."""
    for name, phrases in RULES.context.items():
        if name != "stops":
            yield name, phrases
    for kind in RULES.kind:
        if kind.asked_before:
            yield f"{kind.id} asked_before", kind.asked_before
        for place, rule in enumerate(kind.rule):
            yield f"{kind.id} {place}", rule.phrases
            if rule.look_alikes:
                yield f"{kind.id} {place} not", rule.look_alikes


@cache
def _matcher(vocab) -> Matcher:
    """Build the matcher of all rules once for a vocabulary."""
    matcher = Matcher(vocab, validate=False)
    for name, phrases in _phrase_lists():
        matcher.add(name, [pattern for phrase in phrases for pattern in _patterns(phrase)])
    return matcher


# Spans


def _spans_of(kind: _KindRules, laid: _Laid) -> Iterator[tuple[int, int, bool]]:
    """Give the matches of a kind that nothing speaks against, without marks at their edges."""
    for place, rule in enumerate(kind.rule):
        look_alikes = laid.matches.get(f"{kind.id} {place} not", ())
        for start, end in laid.matches.get(f"{kind.id} {place}", ()):
            if any(a < end and start < b for a, b in look_alikes):
                continue
            sentence = set(laid.words[slice(*laid.sentence(start))])
            if rule.unless & sentence or (rule.near and not rule.near & sentence):
                continue
            while end > start + 1 and _is_edge(laid.words[end - 1]):
                end -= 1
            yield start, end, rule.stands


def _is_edge(word: str) -> bool:
    """Tell whether a word at the end of a match only shows that the phrase ends there."""
    return word in RULES.words["end"]


def _merge(spans: Iterable[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    """Join spans that overlap; what stands whatever comes before goes on standing."""
    merged: list[tuple[int, int, bool]] = []
    for start, end, stands in sorted(spans):
        if merged and start < merged[-1][1]:
            first, last, stood = merged.pop()
            start, end, stands = first, max(last, end), stands or stood
        merged.append((start, end, stands))
    return merged


# Context


def _context_of(kind: str, start: int, end: int, stands: bool, laid: _Laid) -> str:
    """Tell whether a fact is affirmed, denied or only asked about."""
    for name, context in (("confirmed_after", "affirmed"), ("negated_after", "negated")):
        answers = (
            cue
            for cue, cue_end in laid.matches.get(name, ())
            if cue >= end and not _is_pseudo(laid, cue, cue_end)
        )
        if any(_is_free(laid, end, cue, AFTER_WORDS) for cue in answers):
            return context
    _, last = laid.sentence(start)
    if laid.words[last - 1] == "?" and last - end <= FAR_WORDS:
        answer = laid.words[last + 1] if last + 1 < len(laid.words) else ""
        return _ANSWERS.get(answer, "hypothetical")
    cues = [
        (cue_end, context)
        for name, context, reach in _BEFORE
        if not (stands and context == "negated")
        for cue, cue_end in laid.matches.get(name.format(kind), ())
        if (cue_end <= start or (cue == start and name != "negated_near"))
        and not _is_pseudo(laid, cue, cue_end)
        and _is_free(laid, cue_end, start, reach, listed=context == "negated")
    ]
    return max(cues, default=(0, "affirmed"))[1]


def _is_pseudo(laid: _Laid, start: int, end: int) -> bool:
    """Tell whether a word that looks like a denial is none, as in *no doubt*."""
    return any(a < end and start < b for a, b in laid.matches.get("pseudo", ()))


def _is_free(laid: _Laid, start: int, end: int, reach: int, *, listed: bool = False) -> bool:
    """Tell whether nothing between two places ends the reach of a word of context.

    Commas do not, in a list that goes on with *or*: *no threats, weapons or drugs*.
    """
    between = laid.words[start:end]
    if len(between) > reach:
        return False
    in_list = listed and not {"or", "nor"}.isdisjoint(laid.words[start : end + NEAR_WORDS])
    for place, word in enumerate(between, start):
        if word in _STOPS and not (word == "," and in_list):
            return False
        if word in {"and", "&"} and laid.norms[place + 1] in _SUBJECTS:
            return False
    return True


_STOPS = frozenset(RULES.context["stops"])
_SUBJECTS = {"they", "i", "we", "it", "partner", "suspect", "victim", "informant", "_name", "have"}
_ANSWERS = dict.fromkeys(("n", "no", "none", "nil", "neg", "nope", "negative", "denied"), "negated")
_ANSWERS |= dict.fromkeys(("y", "yes", "yeah", "yep", "confirmed", "true"), "affirmed")
_BEFORE = (
    ("negated_near", "negated", NEAR_WORDS),
    ("negated_far", "negated", FAR_WORDS),
    ("asked_before", "hypothetical", FAR_WORDS),
    ("{} asked_before", "hypothetical", NEAR_WORDS),
)
