"""Phrases that look like a label and are not, beside the phrases they look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from sklearn.feature_extraction.text import TfidfVectorizer
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.tokens import Span

from classifier.doc import make_docs, make_nlp
from classifier.findings import NoteEvidence
from classifier.labels import Label
from classifier.note import Mark, Note, overlaps
from review.practice.routine import MIN_PHRASE, count_words, is_whole, words_of
from review.practice.turns import spread_out, traits_of

WHOLE = 60
"""Words up to which a look-alike's note is shown whole; else its sentence and those around it."""

AROUND = 2
"""Sentences shown before and after a look-alike."""

NEAR = 0.2
"""Cosine from which two phrases have enough in common to be told apart side by side."""

DIFFERENCES = {
    "negated": "The subject is {title}, but the note says that it did not happen.",
    "hypothetical": "The subject is {title}, but it was only asked about, warned of or supposed; "
    "the note does not say that it happened.",
    "other": "The words are those of {title}, but this is not a partner or relative. It is someone "
    "else, such as an employer, an institution or a stranger, or it is a story or a training case.",
}
"""Why a phrase that looks like a label is none, by its context."""


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


def find_look_alikes(
    notes: Sequence[Note],
    label: str,
    context: str,
    found: Mapping[str, NoteEvidence] | None = None,
    *,
    seed: int = 0,
) -> tuple[LookAlike, ...]:
    """Find phrases that look like a label and are not, each beside the true phrase nearest to it.

    Those come first that a model took for behaviour recorded as happening, and that have a true
    phrase near enough; among equals author groups, settings and people harmed take turns. Near is
    what shares stretches of three to five letters, words such as *he* and *with* left out.

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
    whole = [note for note in notes if is_whole(note)]
    looking = [pair for note in whole if (pair := _first_phrase(note, label, context))]
    true = [pair for note in whole if (pair := _first_phrase(note, label, "affirmed"))]
    nearest = _pair_up([words_of(*pair) for pair in looking], [words_of(*pair) for pair in true])
    ranks, examples = {}, []
    for (note, mark), (at, nearness) in zip(looking, nearest, strict=True):
        beside = None if at is None else true[at]
        example = LookAlike(note, mark, beside, _is_shown(mark, found, note))
        examples.append(example)
        ranks[note.id] = (nearness < NEAR) + (not example.is_mistaken)
    return tuple(
        spread_out(examples, lambda one: traits_of(one.note), lambda one: ranks[one.note.id], seed)
    )


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
        With this mark only; whole if it has no more than ``WHOLE`` words, and from its start if
        the mark is of someone else, for the start says who. An ellipsis stands where words were
        left out.
    """
    start, end = 0, len(note.text)
    if count_words(note.text) > WHOLE:
        sentences = [(one.start_char, one.end_char) for one in split_sentences(note.text)]
        touched = [at for at, (a, b) in enumerate(sentences) if a < mark.end and mark.start < b]
        is_of_others = mark.context == "other"
        start = 0 if is_of_others else sentences[max(0, touched[0] - AROUND)][0]
        end = sentences[min(len(sentences) - 1, touched[-1] + AROUND)][1]
    before = "… " if note.text[:start].strip() else ""
    after = " …" if note.text[end:].strip() else ""
    shift = len(before) - start
    moved = Mark(mark.start + shift, mark.end + shift, mark.label, mark.context)
    return Note(note.id, before + note.text[start:end].rstrip() + after, (moved,), note.meta)


def _is_shown(mark: Mark, found: Mapping[str, NoteEvidence] | None, note: Note) -> bool:
    """Tell whether the model showed a phrase as recorded as happening."""
    evidence = (found or {}).get(note.id)
    return evidence is not None and any(
        (finding.label, finding.context) == (mark.label, "affirmed") and overlaps(finding, mark)
        for finding in evidence.findings
    )


def _first_phrase(note: Note, label: str, context: str) -> tuple[Note, Mark] | None:
    """Give the first phrase of a label in a context that can be understood alone."""
    for mark in note.marks:
        is_sought = (mark.label, mark.context) == (label, context)
        if is_sought and count_words(words_of(note, mark)) >= MIN_PHRASE:
            return note, mark
    return None


def _pair_up(phrases: Sequence[str], others: Sequence[str]) -> list[tuple[int | None, float]]:
    """Give for each phrase the place of the other phrase nearest in wording, and how near it is."""
    if not phrases or not others:
        return [(None, 0.0)] * len(phrases)
    letters = TfidfVectorizer(preprocessor=_telling_words, analyzer="char_wb", ngram_range=(3, 5))
    known = letters.fit_transform(others)
    nearness = (letters.transform(phrases) @ known.T).toarray()
    return [(int(row.argmax()), float(row.max())) for row in nearness]


def _telling_words(phrase: str) -> str:
    """Leave out words such as *he*, *doesn't* and *with*."""
    words = phrase.lower().replace("’", "'").split()
    return " ".join(word for word in words if word not in STOP_WORDS and "n't" not in word)


@cache
def _nlp():
    """Build the splitter of sentences once."""
    return make_nlp()


def split_sentences(text: str) -> list[Span]:
    """Cut a text into sentences.

    Parameters
    ----------
    text : str
        Of a note.

    Returns
    -------
    list of spacy.tokens.Span
        In the order of the text.
    """
    return list(make_docs([text], _nlp())[0].sents)
