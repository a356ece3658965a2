"""The gallery: what is often passed over, label by label, and what only looks like it."""

from __future__ import annotations

import random
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
from review.practice.routine import OWN_VOICE, count_evidence, count_words, looks_routine
from review.practice.setting_kinds import setting_kind
from review.practice.victims import victims_of

Item = TypeVar("Item")

MIN_PHRASE = 3
"""Words of a phrase that can be understood alone, such as *he decides everything*."""

WHOLE = 60
"""Words up to which a look-alike's note is shown whole; else its sentence and those around it."""

AROUND = 2
"""Sentences shown before and after a look-alike."""

DIFFERENCES = {
    "negated": "The subject is {title}, but the note says that it did not happen.",
    "hypothetical": "The subject is {title}, but it was only asked about, warned of or supposed; "
    "the note does not say that it happened.",
    "other": "The words are those of {title}, but this is not a partner or relative. It is someone "
    "else, such as an employer, an institution or a stranger, or it is a story or a training case.",
}
"""Why a phrase that looks like a label is none, by its context."""

SET_SIZE = 3
"""Examples shown together."""


@dataclass(frozen=True)
class GalleryExample:
    """A routine-looking note with evidence of one label.

    Parameters
    ----------
    note : Note
        Whole, with all its marks.
    marks : tuple of int
        Places of the label's affirmed marks among the note's.
    is_missed : bool or None
        Whether the model showed nothing under the label at any of them; None if that is not known.
    shown_as : tuple of str
        Labels that the model gave the phrases instead.
    """

    note: Note = field(repr=False)
    marks: tuple[int, ...]
    is_missed: bool | None = None
    shown_as: tuple[str, ...] = ()

    @property
    def closing(self) -> tuple[str, ...]:
        """What the note's own voice made of it, in the note's words; often nothing."""
        return tuple(
            _words_of(self.note, mark)
            for mark in self.note.marks
            if (mark.label, mark.context) == (OWN_VOICE, "affirmed")
        )

    @property
    def last_words(self) -> str:
        """Give the last sentence of the note."""
        return str(_split(self.note.text)[-1]).strip()

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
    note : Note
        In which it stands.
    mark : Mark
        The phrase; negated, hypothetical or other.
    beside : tuple of (Note, Mark) or None
        The phrase of the label that is nearest in wording and recorded as happening; None if the
        label has none.
    is_mistaken : bool
        Whether the model showed the look-alike as happening.
    """

    note: Note = field(repr=False)
    mark: Mark
    beside: tuple[Note, Mark] | None = field(repr=False)
    is_mistaken: bool = False


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
    examples = [
        LookAlike(note, mark, None if at is None else true[at], _is_shown(mark, found, note))
        for (note, mark), at in zip(looking, nearest, strict=True)
    ]
    return tuple(
        spread_out(examples, lambda one: _traits(one.note), lambda one: not one.is_mistaken, seed)
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
    'The subject is Monitoring, but the note says that it did not happen.'
    """
    return DIFFERENCES[context].format(title=label.title)


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


def _is_shown(mark: Mark, found: Mapping[str, NoteEvidence] | None, note: Note) -> bool:
    """Tell whether the model showed a phrase as recorded as happening."""
    evidence = (found or {}).get(note.id)
    return evidence is not None and any(
        (finding.label, finding.context) == (mark.label, "affirmed") and overlaps(finding, mark)
        for finding in evidence.findings
    )


def _traits(note: Note) -> tuple[Hashable, ...]:
    """Give author group, kind of setting and people harmed."""
    group = note.meta.get("group")
    return (
        ("group", group),
        ("setting", setting_kind(note.meta.get("setting"), group)),
        ("victims", victims_of(note)),
    )


def _first_phrase(note: Note, label: str, context: str) -> tuple[Note, Mark] | None:
    """Give the first phrase of a label in a context that can be understood alone."""
    for mark in note.marks:
        is_sought = (mark.label, mark.context) == (label, context)
        if is_sought and count_words(_words_of(note, mark)) >= MIN_PHRASE:
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
