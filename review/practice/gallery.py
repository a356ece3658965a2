"""The gallery: what is often passed over, label by label, and what only looks like it."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from sklearn.feature_extraction.text import TfidfVectorizer

from classifier.doc import make_docs, make_nlp
from classifier.findings import Finding, NoteEvidence
from classifier.labels import Label
from classifier.note import Mark, Note, overlaps
from classifier.wording import CONTEXT_WORDS
from review.practice.victims import victims_of

Item = TypeVar("Item")

OWN_VOICE = "dismissive_response"
"""The label of the note's own voice. What it marks is what was made of the evidence."""

MIN_WORDS, MAX_WORDS = 25, 170
"""Words of a note that is shown whole."""

MAX_SHARE = 0.25
"""Share of the note's words that may be evidence; half of the notes with evidence have less."""

MAX_PHRASES = 3
"""Different phrases of evidence that a note may have."""

MAX_FIRST_PERSON = 0.02
"""Share of words that may be *I*, *me* or *my* outside quotes; more is a letter or a chat."""

MIN_PHRASE = 3
"""Words of a phrase that can be understood alone, such as *he decides everything*."""

WHOLE = 60
"""Words up to which a look-alike's note is shown whole; else its sentence and those around it."""

AROUND = 2
"""Sentences shown before and after a look-alike."""

SET_SIZE = 3
"""Examples shown together."""

_WORD = re.compile(r"\w[\w'’-]*")
_FIRST_PERSON = re.compile(r"\b(?:I|me|my)\b")
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]|(?<!\w)['‘][^'’\n]{3,}['’](?!\w)")
_ALARMING = re.compile(
    r"(?i)\b(?:kill\w*|murder\w*|dead|die|dying|kni(?:fe|ves)|blades?|guns?|machete|hammer|blood"
    r"|strang\w*|throttl\w*|throat|chok(?:ed|ing)|petrol|acid|lighter|arson|raped?|suicid\w*|noose"
    r"|hang(?:ed|ing)? (?:him|her|my)self|overdos\w*|stab\w*|scream\w*|sob\w*|crying|in tears"
    r"|terrified|petrified|hysterical|whisper\w*|silent|line (?:cut|lost|dropped|dead|cleared)"
    r"|cut off|immediate|grade (?:1|one)|g1|blue lights?)\b"
)
_ANSWERED = re.compile(
    r"(?i)\b(?:refer\w*|marac|mash|(?:medium|high)(?: risk)?|arrest\w*|crime(?:d| number| ref)"
    r"|charged|bail\w*|custody|dvp[no]|dvpo|idvas?|isva|dvds|dvdc|clare'?s law|refuge|strategy"
    r"|safety plan\w*|women'?s aid|specialist|support (?:service|worker|line)|helpline|signpost\w*"
    r"|domestic abuse|coercive|controlling behaviour|safeguard\w*|dsl|flag(?:ged)?|markers?"
    r"|code ?word|escalat\w*|upgraded|re-?graded|statement|non-mol\w*|solicitors?|legal"
    r"|see (?:her|him|them) (?:alone|on (?:her|his|their) own)|seen alone|alone (?:for|next)"
    r"|asked (?:alone|again|about home|if safe)|recorded separately|reported to|supervisor|vulnerab\w*"
    r"|talk about (?:that|it|this)|appointment with|follow(?:ed)?[- ]up|offered|worker)\b"
)


@dataclass(frozen=True)
class GalleryExample:
    """A routine-looking note with evidence of one label.

    Parameters
    ----------
    note : Note
        Whole, with all its marks.
    marks : tuple of int
        Places of the label's affirmed marks among the note's.
    is_missed : bool
        Whether the model showed nothing under the label at any of them.
    shown_as : tuple of str
        Labels that the model gave the phrases instead.
    """

    note: Note = field(repr=False)
    marks: tuple[int, ...]
    is_missed: bool = False
    shown_as: tuple[str, ...] = ()

    @property
    def closing(self) -> tuple[str, ...]:
        """What the note's own voice made of it, in the note's words; often nothing."""
        return tuple(_words_of(self.note, mark) for mark in self.note.marks if _is_own_voice(mark))

    @property
    def counts(self) -> tuple[int, int]:
        """Words of the label's phrases, and of the note."""
        phrases = [self.note.marks[place] for place in self.marks]
        return count_evidence(self.note.text, phrases), count_words(self.note.text)


@dataclass(frozen=True)
class LookAlike:
    """A phrase in the words of a label that is not behaviour the note records as happening.

    Parameters
    ----------
    shown : Note
        The sentences around the phrase, with it as only mark.
    beside : Note or None
        A phrase of the label that is recorded as happening, the nearest in wording, in the same
        form; None if the label has none.
    is_mistaken : bool
        Whether the model showed it as happening.
    """

    shown: Note = field(repr=False)
    beside: Note | None = field(repr=False)
    is_mistaken: bool = False

    @property
    def context(self) -> str:
        """Of the phrase: negated, hypothetical or other."""
        return self.shown.marks[0].context


def count_words(text: str) -> int:
    """Count the words of a text.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    int
        Numbers are words, punctuation is not.
    """
    return len(_WORD.findall(text))


def count_evidence(text: str, marks: Sequence[Mark]) -> int:
    """Count the words that marks cover, each once.

    Parameters
    ----------
    text : str
        Of the note.
    marks : sequence of Mark
        Overlapping or not.

    Returns
    -------
    int
        A word that is covered in part is counted.
    """
    return sum(
        any(mark.start < word.end() and word.start() < mark.end for mark in marks)
        for word in _WORD.finditer(text)
    )


def looks_routine(note: Note) -> bool:
    """Tell whether a note with evidence looks like any other note, so that it is easily passed over.

    All of this must hold. It has 25 to 170 words. At most a quarter of them, in at most three
    phrases, are evidence (the note's own dismissive wording is not counted). It is written as a log
    is: no exclamation mark, and at most 2 words in 100 outside quotes are *I*, *me* or *my*. No
    word in it is one at which anyone stops (``_ALARMING``: *knife*, *kill*, *whispering*, *line
    cut*, an immediate grade). And what was said got no answer: either the note has a phrase that is
    marked as dismissive, or none of its words outside the evidence says that something was done
    about it (``_ANSWERED``: a referral, a crime recorded, someone told, an offer).

    The words are lists of ours, made by reading these notes; a note may be routine to one reader
    and not to another.

    Parameters
    ----------
    note : Note
        Whole, with marks.

    Returns
    -------
    bool
        False for a note without affirmed evidence.
    """
    evidence = [mark for mark in note.marks if _is_evidence(mark)]
    n_words = count_words(note.text)
    unquoted = _QUOTED.sub(" ", note.text)
    return (
        bool(evidence)
        and MIN_WORDS <= n_words <= MAX_WORDS
        and count_evidence(note.text, evidence) <= MAX_SHARE * n_words
        and len({(mark.start, mark.end) for mark in evidence}) <= MAX_PHRASES
        and "!" not in note.text
        and len(_FIRST_PERSON.findall(unquoted)) <= MAX_FIRST_PERSON * n_words
        and not _ALARMING.search(note.text)
        and (any(map(_is_own_voice, note.marks)) or not _is_answered(note, evidence))
    )


def find_routine(
    notes: Sequence[Note],
    label: str,
    found: Mapping[str, NoteEvidence] | None = None,
    *,
    seed: int = 0,
) -> tuple[GalleryExample, ...]:
    """Find the routine-looking notes with evidence of a label, in the order to show them.

    Those where a model missed the phrase come first; among equals author groups, settings and
    people harmed take turns, and chance decides the rest. Each note stands once.

    Parameters
    ----------
    notes : sequence of Note
        Marked; single sentences are left out.
    label : str
        Id.
    found : mapping of str to NoteEvidence, optional
        By the id of the note: findings of a model that had not seen the note's author.
    seed : int
        Of the order.

    Returns
    -------
    tuple of GalleryExample
        Empty if no note fits.
    """
    examples = []
    for note in notes:
        marks = tuple(
            place
            for place, mark in enumerate(note.marks)
            if mark.label == label
            and mark.context == "affirmed"
            and count_words(_words_of(note, mark)) >= MIN_PHRASE
        )
        if marks and _is_whole(note) and looks_routine(note):
            evidence = (found or {}).get(note.id)
            examples.append(_compare(note, marks, label, evidence.findings if evidence else None))
    return tuple(
        spread_out(examples, lambda one: _traits(one.note), lambda one: not one.is_missed, seed)
    )


def find_look_alikes(
    notes: Sequence[Note],
    label: str,
    context: str,
    found: Mapping[str, NoteEvidence] | None = None,
    *,
    seed: int = 0,
) -> tuple[LookAlike, ...]:
    """Find phrases that look like a label and are not, each beside the true phrase nearest to it.

    Those come first that a model took for behaviour recorded as happening; among equals author
    groups and settings take turns. Near is what shares most stretches of three to five letters.

    Parameters
    ----------
    notes : sequence of Note
        Marked; single sentences are left out.
    label : str
        Id.
    context : str
        ``"negated"``, ``"hypothetical"`` or ``"other"``.
    found : mapping of str to NoteEvidence, optional
        As in `find_routine`.
    seed : int
        Of the order.

    Returns
    -------
    tuple of LookAlike
        Empty if no note has such a phrase. A note stands once, with its first phrase.
    """
    whole = [note for note in notes if _is_whole(note)]
    looking = [pair for note in whole if (pair := _first_phrase(note, label, context))]
    true = [pair for note in whole if (pair := _first_phrase(note, label, "affirmed"))]
    nearest = _pair_up([_words_of(*pair) for pair in looking], [_words_of(*pair) for pair in true])
    examples = []
    for (note, mark), at in zip(looking, nearest, strict=True):
        evidence = (found or {}).get(note.id)
        is_mistaken = evidence is not None and any(
            finding.label == label and finding.context == "affirmed" and overlaps(finding, mark)
            for finding in evidence.findings
        )
        examples.append((note, mark, at, is_mistaken))
    ordered = spread_out(
        examples, lambda one: (*_traits(one[0]), ("beside", one[2])), lambda one: not one[3], seed
    )
    return tuple(
        LookAlike(cut_around(note, mark), None if at is None else cut_around(*true[at]), mistaken)
        for note, mark, at, mistaken in ordered
    )


def pick_set(examples: Sequence[Item], turn: int, size: int = SET_SIZE) -> tuple[Item, ...]:
    """Pick the examples of one turn; every one comes round before any comes again.

    Parameters
    ----------
    examples : sequence
        In the order to show them.
    turn : int
        From 0.
    size : int
        Examples wished for.

    Returns
    -------
    tuple
        All examples if there are no more than `size`. Else `size` of them, or half if there are
        fewer than twice as many, so that none is shown in two turns running.

    Examples
    --------
    >>> [pick_set("abcdefgh", turn) for turn in range(3)]
    [('a', 'b', 'c'), ('d', 'e', 'f'), ('g', 'h', 'a')]
    """
    count = len(examples)
    if count <= size:
        return tuple(examples)
    size = min(size, count // 2)
    return tuple(examples[(turn * size + place) % count] for place in range(size))


def say_difference(label: Label, context: str) -> str:
    """Say in a sentence why a phrase that looks like a label is none.

    Parameters
    ----------
    label : Label
        Which the phrase looks like.
    context : str
        Of the phrase, other than affirmed.

    Returns
    -------
    str
        Without words of a note.

    Examples
    --------
    >>> from classifier.labels import load_labels
    >>> say_difference(load_labels()["monitoring"], "negated")
    'The words are those of Monitoring; in this note it is recorded as not happening.'
    """
    start = f"The words are those of {label.title}; in this note it is"
    return f"{start} {CONTEXT_WORDS[context]}."


def split_look_alike(words: str) -> tuple[str, str]:
    """Take a look-alike of the label file apart.

    Parameters
    ----------
    words : str
        As in ``Label.look_alikes``.

    Returns
    -------
    what, why : str
        What it is, and why it is not the label; the second is empty if it is not said.

    Examples
    --------
    >>> split_look_alike("a curfew for a child: parenting")
    ('a curfew for a child', 'parenting')
    """
    what, _, why = words.partition(": ")
    return what, why


def cut_around(note: Note, mark: Mark) -> Note:
    """Cut a note to the sentences around a phrase.

    Parameters
    ----------
    note : Note
        Any note.
    mark : Mark
        Of it.

    Returns
    -------
    Note
        With this mark only; whole if it has no more than ``WHOLE`` words. An ellipsis stands where
        words were left out.
    """
    start, end = 0, len(note.text)
    if count_words(note.text) > WHOLE:
        sentences = [(one.start_char, one.end_char) for one in _split(note.text)]
        touched = [at for at, (a, b) in enumerate(sentences) if a < mark.end and mark.start < b]
        start = sentences[max(0, touched[0] - AROUND)][0]
        end = sentences[min(len(sentences) - 1, touched[-1] + AROUND)][1]
    before = "… " if note.text[:start].strip() else ""
    after = " …" if note.text[end:].strip() else ""
    shift = len(before) - start
    moved = Mark(mark.start + shift, mark.end + shift, mark.label, mark.context)
    return Note(note.id, before + note.text[start:end].rstrip() + after, (moved,), note.meta)


def spread_out(
    items: Sequence[Item],
    traits_of: Callable[[Item], Sequence[Hashable]],
    rank_of: Callable[[Item], int],
    seed: int,
) -> list[Item]:
    """Put items in an order in which those that follow each other have little in common.

    Parameters
    ----------
    items : sequence
        Any items.
    traits_of : callable
        Gives the traits of an item; the next item is one whose traits were least used before.
    rank_of : callable
        Gives a number; a lower rank comes first, whatever the traits.
    seed : int
        Of the choice among equals.

    Returns
    -------
    list
        All items.
    """
    chance = random.Random(seed)
    left = [(item, rank_of(item), tuple(traits_of(item)), chance.random()) for item in items]
    used: Counter[Hashable] = Counter()
    ordered = []
    while left:
        best = min(left, key=lambda one: (one[1], sum(used[trait] for trait in one[2]), one[3]))
        left.remove(best)
        used.update(best[2])
        ordered.append(best[0])
    return ordered


def _is_whole(note: Note) -> bool:
    """Tell whether a note is more than a single sentence."""
    return note.meta.get("unit") != "sentence"


def _is_own_voice(mark: Mark) -> bool:
    """Tell whether a mark is dismissive wording of the note itself."""
    return mark.label == OWN_VOICE and mark.context == "affirmed"


def _is_evidence(mark: Mark) -> bool:
    """Tell whether a mark is behaviour that was recorded as happening."""
    return mark.label != OWN_VOICE and mark.context == "affirmed"


def _is_answered(note: Note, evidence: Sequence[Mark]) -> bool:
    """Tell whether words outside the evidence say that something was done."""
    return any(
        not any(mark.start < one.end() and one.start() < mark.end for mark in evidence)
        for one in _ANSWERED.finditer(note.text)
    )


def _words_of(note: Note, mark: Mark) -> str:
    """Give the words of a phrase."""
    return note.text[mark.start : mark.end]


def _compare(
    note: Note, marks: tuple[int, ...], label: str, findings: Sequence[Finding] | None
) -> GalleryExample:
    """Put a note beside what the model found in it, if that is known."""
    if findings is None:
        return GalleryExample(note, marks)
    there = [
        finding
        for finding in findings
        if any(overlaps(finding, note.marks[place]) for place in marks)
    ]
    shown_as = tuple(dict.fromkeys(finding.label for finding in there))
    is_missed = label not in shown_as
    return GalleryExample(note, marks, is_missed, shown_as if is_missed else ())


def _traits(note: Note) -> tuple[Hashable, ...]:
    """Give author group, kind of setting and people harmed."""
    setting = (str(note.meta.get("setting") or "").lower().split() or [""])[0]
    return (
        ("group", note.meta.get("group")),
        ("setting", setting),
        ("victims", victims_of(note)),
    )


def _first_phrase(note: Note, label: str, context: str) -> tuple[Note, Mark] | None:
    """Give the first phrase of a label in a context that can be understood alone."""
    for mark in note.marks:
        if (mark.label, mark.context) == (label, context):
            if count_words(_words_of(note, mark)) >= MIN_PHRASE:
                return note, mark
    return None


def _pair_up(phrases: Sequence[str], others: Sequence[str]) -> list[int | None]:
    """Give for each phrase the place of the other phrase that is nearest in wording."""
    if not phrases or not others:
        return [None] * len(phrases)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    known = letters.fit_transform(others)
    return (letters.transform(phrases) @ known.T).toarray().argmax(axis=1).tolist()


@cache
def _nlp():
    """Build the splitter of sentences once."""
    return make_nlp()


def _split(text: str):
    """Cut a text into sentences."""
    return list(make_docs([text], _nlp())[0].sents)
