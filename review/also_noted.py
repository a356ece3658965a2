"""Also noted: facts in the words of a note that raise concern without being labels.

Separation, pregnancy, strangulation, bail and orders, weapons, escalation: each is a phrase for a
person to read, beside the indicators. Nothing is weighed or counted.

Measured on invented lines (``tests/data/also_noted.jsonl``: 321, six kinds, written before the
rules by the hand that then wrote the rules, which flatters them). On the half set apart, looked at
once: of the lines in which a kind was found as affirmed, 77 of 79 hold it; of those that hold it,
76 of 79 were found; of denied or asked facts, 20 of 24 got their context.

By kind (precision, recall, contexts): separation 13/13, 13/14, 4/4; pregnancy 13/14, 13/13, 2/4;
strangulation 12/12, 12/13, 4/4; breach 13/14, 13/13, 3/4; weapons 13/13, 13/13, 4/4; escalation
13/13, 12/13, 3/4.

General faults seen there were mended afterwards; there is no unseen half left. On real notes
expect less, of recall above all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from classifier.doc import make_docs, make_nlp
from review.phrase_rules import (
    SENTENCE_END,
    KindRules,
    Phrases,
    compile_phrases,
    load_rules,
    match_phrases,
)

RULE_FILE = Path(__file__).with_name("also_noted.toml")

NEAR_WORDS, FAR_WORDS = 3, 7
"""How many words may stand between a fact and *not*, and between a fact and *no* or *if*."""

AFTER_WORDS = 4
"""How many words may stand between a fact and the answer after it, as in *weapons on him: none*."""

_SKIPPED = {'"', "'", "‘", "’", "“", "”", "*", "''", "``"}
_HYPHENS = {"-", "‐", "‑"}


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
    """What is said of a kind of fact, wherever it is shown.

    Parameters
    ----------
    title, why, source : str
        Its name, one sentence on why it is shown, and the references.
    """

    title: str
    why: str
    source: str


RULES = load_rules(RULE_FILE)


def _name_sources(kind: KindRules) -> str:
    """Give the references of a kind, each with the items that speak of it."""
    return " ".join(
        f"{', '.join(items)}: {RULES.source[name]}" for name, items in kind.sources.items()
    )


KINDS: Mapping[str, Kind] = {
    kind.id: Kind(kind.title, kind.why, _name_sources(kind)) for kind in RULES.kind
}
"""In the order of the rule file."""


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
    spaced = True
    for token in doc:
        if token.is_sent_start and rows:
            rows.append((SENTENCE_END, SENTENCE_END, token.i - 1))
        text, space_after = token.text, bool(token.whitespace_)
        inside = text in _HYPHENS and not spaced and not space_after
        if not (text.isspace() or text in _SKIPPED or inside):
            rows.append((text.lower().replace("’", "'"), token.norm_, token.i))
        spaced = space_after
    rows.append((SENTENCE_END, SENTENCE_END, len(doc) - 1))
    words, norms, tokens = map(list, zip(*rows, strict=True))
    ends = [place for place, word in enumerate(words) if word == SENTENCE_END]
    return _Laid(words, norms, tokens, ends, match_phrases(_phrases(), words, norms))


@cache
def _phrases() -> Phrases:
    """Make all lists of phrases ready once."""
    return compile_phrases(_lists(), RULES)


def _lists() -> Iterator[tuple[str, Iterable[str]]]:
    """Give every list of phrases a name."""
    yield from ((name, phrases) for name, phrases in RULES.context.items() if name != "stops")
    for kind in RULES.kind:
        yield f"{kind.id} asked_before", kind.asked_before
        for place, rule in enumerate(kind.rule):
            yield f"{kind.id} {place}", rule.phrases
            yield f"{kind.id} {place} not", rule.look_alikes


# Spans


def _spans_of(kind: KindRules, laid: _Laid) -> Iterator[tuple[int, int, bool]]:
    """Give the matches of a kind that nothing speaks against, without marks at their edges."""
    for place, rule in enumerate(kind.rule):
        look_alikes = laid.matches.get(f"{kind.id} {place} not", ())
        for start, end in laid.matches.get(f"{kind.id} {place}", ()):
            if any(a < end and start < b for a, b in look_alikes):
                continue
            sentence = set(laid.words[slice(*laid.sentence(start))])
            if rule.unless & sentence or (rule.near and not rule.near & sentence):
                continue
            while end > start + 1 and laid.words[end - 1] in RULES.words["end"]:
                end -= 1
            yield start, end, rule.stands


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
    before = _context_before(kind, start, stands, laid)
    if before == "negated" or _is_answered("negated_after", end, laid):
        return "negated"
    if _is_answered("confirmed_after", end, laid):
        return "affirmed"
    _, last = laid.sentence(start)
    if laid.words[last - 1] == "?" and last - end <= FAR_WORDS:
        answer = laid.words[last + 1].rstrip(".") if last + 1 < len(laid.words) else ""
        return _ANSWERS.get(answer, "hypothetical")
    return before


def _context_before(kind: str, start: int, stands: bool, laid: _Laid) -> str:
    """Tell what the nearest word of context before a fact makes of it."""
    cues = [
        (cue_end, context)
        for name, context, reach, opens in _BEFORE
        if not (stands and context == "negated")
        for cue, cue_end in laid.matches.get(name.format(kind), ())
        if (cue_end <= start or (opens and cue == start))
        and not _is_pseudo(laid, cue, cue_end)
        and _is_free(laid, cue_end, start, reach, listed=context == "negated")
    ]
    return max(cues, default=(0, "affirmed"))[1]


def _is_answered(name: str, end: int, laid: _Laid) -> bool:
    """Tell whether an answer follows a fact, as in *weapons: none*."""
    return any(
        cue >= end
        and "and" not in laid.words[end:cue]
        and _is_free(laid, end, cue, AFTER_WORDS)
        and not _is_pseudo(laid, cue, cue_end)
        for cue, cue_end in laid.matches.get(name, ())
    )


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
_BEFORE = (  # list of phrases, context, reach in words, whether the fact may begin with it
    ("negated_near", "negated", NEAR_WORDS, False),
    ("negated_far", "negated", FAR_WORDS, True),
    ("asked_before", "hypothetical", FAR_WORDS, True),
    ("{} asked_before", "hypothetical", NEAR_WORDS, False),
)
