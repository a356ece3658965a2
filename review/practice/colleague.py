"""The model as a colleague who errs too: what it saw, missed and over-marked.

The model that comes with Unheard has learnt from the corpus. What it finds there today would
flatter it, so for these notes only findings of models that had not seen the note's author are
taken, which its evaluation kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from classifier.findings import Finding
from classifier.model_file import DEFAULT_MODEL
from classifier.note import Mark, Note
from review.adjudication import Pair
from review.practice.comparison import EVIDENCE, MET, pair_marks
from review.practice.counted import count_of
from review.practice.material import source_of
from training.compare import PREDICTIONS_FILE, read_predictions
from training.corpus import read_corpus
from training.measures import find_words

COLLEAGUE_WORDS = (
    "The model is shown as a colleague who has read the same note. It misses phrases, takes "
    "look-alikes for evidence, and can be sure and wrong. What it does not highlight may still "
    "matter."
)
"""Stands wherever the model is compared with a trainee and the reference."""


def read_unseen_findings(notes: Iterable[Note]) -> dict[str, tuple[Finding, ...]]:
    """Read what models found in notes of the corpus whose author they had not seen.

    Parameters
    ----------
    notes : iterable of Note
        ``meta["source"]``, or else the id, names the note of the corpus.

    Returns
    -------
    dict of str to tuple of Finding
        By that name; only for whole notes whose text is that of the corpus.
    """
    corpus, _ = _read_whole()
    known = [
        name
        for note in notes
        if (name := source_of(note)) in corpus and corpus[name].text == note.text
    ]
    return {name: _read_unseen()[name] for name in known}


def find_as_colleague(
    notes: Sequence[Note], find: Callable[[Note], Iterable[Finding]] | None = None
) -> list[tuple[Finding, ...] | None]:
    """Give what the model highlights in notes, without flattering it.

    Parameters
    ----------
    notes : sequence of Note
        Of an exercise.
    find : callable, optional
        What a model finds in a note now, such as ``find_evidence(note, model).findings``. It is
        asked only about notes whose words are not in the corpus. Of a model trained on other
        notes the caller must know that it has not learnt from these (`training.seen.find_seen`).

    Returns
    -------
    list of (tuple of Finding or None)
        For each note; None where the model has seen the note, or there is none to ask.
    """
    unseen = read_unseen_findings(notes)
    found: list[tuple[Finding, ...] | None] = []
    for note in notes:
        if source_of(note) in unseen:
            found.append(unseen[source_of(note)])
        elif find is None or is_seen(note):
            found.append(None)
        else:
            found.append(tuple(find(note)))
    return found


def is_seen(note: Note) -> bool:
    """Tell whether the words of a note are in the corpus that the shipped model has learnt from.

    Parameters
    ----------
    note : Note
        From anywhere.

    Returns
    -------
    bool
        Capitals, spaces and punctuation do not matter.
    """
    return _words_of(note.text) in _read_whole()[1]


@cache
def _read_whole() -> tuple[Mapping[str, Note], frozenset[tuple[str, ...]]]:
    """Read the corpus, once: whole notes by id, and the words of all it has taught."""
    notes = read_corpus()
    whole = {note.id: note for note in notes if note.meta.get("unit") == "note"}
    return whole, frozenset(_words_of(note.text) for note in notes)


@cache
def _read_unseen() -> Mapping[str, tuple[Finding, ...]]:
    """Read the findings in whole notes, once: a live screen asks every few seconds."""
    corpus, _ = _read_whole()
    found = read_predictions(DEFAULT_MODEL / PREDICTIONS_FILE, list(corpus.values()))
    return {evidence.note.id: evidence.findings for evidence in found}


def _words_of(text: str) -> tuple[str, ...]:
    """Give the words of a text without capitals and punctuation."""
    return tuple(text[start:end].casefold() for start, end in find_words(text))


def findings_as_marks(findings: Iterable[Finding]) -> list[Mark]:
    """Put findings into the form of marks, to be compared like a person's.

    Parameters
    ----------
    findings : iterable of Finding
        Of one note.

    Returns
    -------
    list of Mark
        In the same order.
    """
    return [Mark(one.start, one.end, one.label, one.context) for one in findings]


# How often it errs


@dataclass(frozen=True)
class ColleagueCounts:
    """What the model met, missed and over-marked in the notes of an exercise.

    Parameters
    ----------
    notes, unknown : int
        Notes that the model can fairly be compared on, and those on which it cannot.
    phrases : int
        Reference phrases of evidence in the former; the sum of the next four.
    met, label, context, missed : int
        Of these, with the same label, with another one, taken for a look-alike, not highlighted.
    over : int
        Highlights, shown as evidence, where the reference has no mark.
    taken : int
        Look-alikes of the reference that the model takes for evidence.
    """

    notes: int
    unknown: int
    phrases: int
    met: int
    label: int
    context: int
    missed: int
    over: int
    taken: int


def count_colleague(
    notes: Sequence[Note], findings: Sequence[Iterable[Finding] | None]
) -> ColleagueCounts:
    """Count what the model met, missed and over-marked.

    Parameters
    ----------
    notes : sequence of Note
        With the reference marks.
    findings : sequence of (iterable of Finding or None)
        From `find_as_colleague`.

    Returns
    -------
    ColleagueCounts
        As trainees' marks are counted.
    """
    known = [
        pair_marks(note, findings_as_marks(found))
        for note, found in zip(notes, findings, strict=True)
        if found is not None
    ]
    pairs = [pair for one in known for pair in one]
    kinds = [pair.kind for pair in pairs if pair.first and pair.first.context == EVIDENCE]
    return ColleagueCounts(
        notes=len(known),
        unknown=len(notes) - len(known),
        phrases=len(kinds),
        met=sum(kind in MET for kind in kinds),
        label=kinds.count("label"),
        context=kinds.count("context"),
        missed=kinds.count("missed"),
        over=sum(pair.kind == "over" for pair in pairs),
        taken=sum(is_taken(pair) for pair in pairs),
    )


def is_taken(pair: Pair) -> bool:
    """Tell whether a look-alike of the reference was marked as evidence.

    Parameters
    ----------
    pair : Pair
        From `review.practice.comparison.pair_marks`.

    Returns
    -------
    bool
        Also where the label is another.
    """
    both = pair.first and pair.second
    return bool(both and pair.first.context != EVIDENCE and pair.second.context == EVIDENCE)


def say_colleague(counts: ColleagueCounts) -> str:
    """Say how the model did, as plainly as of any colleague.

    Parameters
    ----------
    counts : ColleagueCounts
        From `count_colleague`.

    Returns
    -------
    str
        One or two sentences.

    Examples
    --------
    >>> say_colleague(ColleagueCounts(6, 0, 14, 9, 0, 0, 5, 3, 0))[:60]
    'In these 6 notes the model missed 5 of 14 reference phrases '
    """
    if not counts.notes:
        return "The model cannot fairly be compared on these notes."
    notes = "this note" if counts.notes == 1 else f"these {counts.notes} notes"
    missed = (
        f"missed {counts.missed} of {count_of(counts.phrases, 'reference phrase')}"
        if counts.phrases
        else "had no reference phrase to find"
    )
    label = f", gave {counts.label} another label" if counts.label else ""
    context = f", took {counts.context} for a look-alike" if counts.context else ""
    said = (
        f"In {notes} the model {missed}{label}{context} and highlighted {counts.over} where the "
        "reference has no mark."
    )
    if counts.taken:
        said += f" It took {count_of(counts.taken, 'look-alike')} for evidence."
    if counts.unknown:
        said += f" It cannot fairly be compared on {count_of(counts.unknown, 'further note')}."
    return said
