"""The model as a colleague who errs too: what it saw, missed and over-marked.

The model that comes with Unheard has learnt from the corpus. What it finds there today would
flatter it, so for these notes only findings of models that had not seen the note's author are
taken, which its evaluation kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from classifier.findings import Finding
from classifier.labels import LabelSet
from classifier.model_file import DEFAULT_MODEL
from classifier.note import Mark, Note
from review.adjudication import Pair, compare_two
from review.practice.comparison import EVIDENCE, MET, pair_marks
from review.practice.reasons import title_of
from training.compare import PREDICTIONS_FILE, read_predictions
from training.corpus import read_corpus
from training.measures import find_words

COLLEAGUE_WORDS = (
    "The model is shown as a colleague who has read the same note. It misses phrases, takes "
    "look-alikes for evidence, and can be sure and wrong. What it does not highlight may still "
    "matter."
)
"""Stands wherever the model is compared with a trainee and the reference."""

CLEAREST = 60
"""Notes of each way to fail, the clearest first, among which a seed chooses."""

MAX_PHRASES = 4
"""Reference phrases in a note from which it no longer serves as a plain example of one missed."""


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
    known = {
        name: corpus[name]
        for note in notes
        if (name := source_of(note)) in corpus and corpus[name].text == note.text
    }
    if not known:
        return {}
    found = read_predictions(DEFAULT_MODEL / PREDICTIONS_FILE, list(known.values()))
    return {evidence.note.id: evidence.findings for evidence in found}


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


def source_of(note: Note) -> str:
    """Name the note of the corpus that a note may come from.

    Parameters
    ----------
    note : Note
        Of an exercise, or of the corpus.

    Returns
    -------
    str
        ``meta["source"]``, or else the id.
    """
    return str(note.meta.get("source") or note.id)


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


# Three side by side


@dataclass(frozen=True)
class Seen:
    """A phrase, and who has it.

    Parameters
    ----------
    reference, trainee, model : Mark or None
        At least one is a mark.
    by_trainee, by_model : str
        Kind of the pair with the reference, as in `review.practice.comparison`; ``"none"`` where
        neither the reference nor this side has a mark.
    """

    reference: Mark | None
    trainee: Mark | None
    model: Mark | None
    by_trainee: str
    by_model: str

    @property
    def mark(self) -> Mark:
        """The reference mark, or else the trainee's, or else the model's."""
        return self.reference or self.trainee or self.model


def compare_three(
    note: Note, trainee_marks: Iterable[Mark], model_marks: Iterable[Mark | Finding]
) -> tuple[Seen, ...]:
    """Put reference, trainee and model side by side, phrase by phrase.

    Parameters
    ----------
    note : Note
        With the reference marks.
    trainee_marks : iterable of Mark
        The trainee's.
    model_marks : iterable of Mark or Finding
        What the model highlights.

    Returns
    -------
    tuple of Seen
        In reading order: every reference mark once, then what only the others have. Where
        trainee and model overlap outside the reference, they are one phrase.

    Examples
    --------
    >>> note = Note("1", "He checks her phone.", (Mark(3, 19, "monitoring"),))
    >>> [(one.by_trainee, one.by_model) for one in compare_three(note, note.marks, [])]
    [('agreed', 'missed')]
    """
    ours = pair_marks(note, trainee_marks)
    theirs = pair_marks(note, findings_as_marks(model_marks))
    model_of = {pair.first: pair for pair in theirs if pair.first}
    seen = [
        Seen(pair.first, pair.second, other.second, pair.kind, other.kind)
        for pair in ours
        if pair.first and (other := model_of[pair.first])
    ]
    alone, alone_too = _without_reference(ours), _without_reference(theirs)
    for pair in compare_two(note.text, alone, alone_too):
        kinds = (alone.get(pair.first, "none"), alone_too.get(pair.second, "none"))
        seen.append(Seen(None, pair.first, pair.second, *kinds))
    return tuple(sorted(seen, key=lambda one: (one.mark.start, one.mark.end, one.mark.label)))


def _without_reference(pairs: Iterable[Pair]) -> dict[Mark, str]:
    """Give the marks that meet no reference mark, with the kind of their pair."""
    return {pair.second: pair.kind for pair in pairs if not pair.first}


def say_seen(one: Seen, labels: LabelSet) -> tuple[str, str, str]:
    """Say who has a phrase: reference, trainee, model.

    Parameters
    ----------
    one : Seen
        From `compare_three`.
    labels : LabelSet
        Titles.

    Returns
    -------
    tuple of str
        A few words for each of the three.
    """
    return tuple(_say_mark(mark, labels) for mark in (one.reference, one.trainee, one.model))


def _say_mark(mark: Mark | None, labels: LabelSet) -> str:
    """Name a mark in a few words."""
    if mark is None:
        return "no mark"
    title = title_of(labels, mark.label)
    return title if mark.context == EVIDENCE else f"{title}, as a look-alike"


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
        taken=sum(_is_taken(pair) for pair in pairs),
    )


def _is_taken(pair: Pair) -> bool:
    """Tell whether a look-alike of the reference was marked as evidence."""
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
        f"missed {counts.missed} of {_count(counts.phrases, 'reference phrase')}"
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
        said += f" It took {_count(counts.taken, 'look-alike')} for evidence."
    if counts.unknown:
        said += f" It cannot fairly be compared on {_count(counts.unknown, 'further note')}."
    return said


def _count(number: int, noun: str) -> str:
    """Count things."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# Where it fails


@dataclass(frozen=True)
class Failure:
    """A note from which one can learn not to trust the model blindly.

    Parameters
    ----------
    note : Note
        With the reference marks.
    findings : tuple of Finding
        What the model highlights.
    way : str
        ``"missed"``: it highlights none of the evidence; ``"over"``: it highlights as evidence
        what the reference has not, or has as a look-alike, in a note without evidence.
    marks : tuple of Mark
        Those in question, of the reference or of the model.
    """

    note: Note = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    way: str
    marks: tuple[Mark, ...]


def where_it_fails(notes: Sequence[Note], n: int, *, seed: int) -> tuple[Failure, ...]:
    """Pick notes of the corpus in which the model fails most plainly, half of either way.

    Plainest of those missed are short notes in which the model highlights none of one to
    ``MAX_PHRASES`` phrases of evidence; of those over-marked, notes without any evidence in which
    it highlights with the highest score. Of the ``CLEAREST`` of each a seed chooses.

    Parameters
    ----------
    notes : sequence of Note
        With the reference marks; those that `read_unseen_findings` does not know are passed over.
    n : int
        How many are wanted.
    seed : int
        From 0; the same seed picks the same notes, in whatever order they come.

    Returns
    -------
    tuple of Failure
        At most `n`, the two ways in turn; fewer where there are no more.

    Raises
    ------
    ValueError
        If `n` or `seed` is below 0.
    """
    if n < 0 or seed < 0:
        raise ValueError(f"n and seed must be 0 or more, got {n} and {seed}")
    unseen = read_unseen_findings(notes)
    known = {source_of(note): note for note in notes if source_of(note) in unseen}
    failures = [
        failure
        for name in sorted(known)
        if (failure := _failure(known[name], unseen[name])) is not None
    ]
    random = np.random.Generator(np.random.PCG64(seed))
    missed, over = (
        _shuffled(sorted((one for one in failures if one.way == way), key=_plainness), random)
        for way in ("missed", "over")
    )
    turns = [one for pair in zip(missed, over, strict=False) for one in pair]
    rest = missed[len(over) :] + over[len(missed) :]
    return tuple([*turns, *rest][:n])


def _failure(note: Note, findings: tuple[Finding, ...]) -> Failure | None:
    """Tell in which way the model fails in a note, if it does so plainly."""
    pairs = pair_marks(note, findings_as_marks(findings))
    evidence = [pair for pair in pairs if pair.first and pair.first.context == EVIDENCE]
    if evidence:
        marks = tuple(pair.first for pair in evidence)
        is_silent = all(pair.kind == "missed" for pair in evidence)
        is_plain = is_silent and len(marks) <= MAX_PHRASES
        return Failure(note, findings, "missed", marks) if is_plain else None
    marks = tuple(pair.second for pair in pairs if pair.kind == "over" or _is_taken(pair))
    return Failure(note, findings, "over", marks) if marks else None


def _plainness(one: Failure) -> tuple[float, int, str]:
    """Order failures, the plainest first."""
    if one.way == "missed":
        return -len(one.marks), len(one.note.text), one.note.id
    scores = [
        finding.score
        for finding, mark in zip(one.findings, findings_as_marks(one.findings), strict=True)
        if mark in one.marks
    ]
    return -max(scores), len(one.note.text), one.note.id


def _shuffled(failures: Sequence[Failure], random: np.random.Generator) -> list[Failure]:
    """Put the plainest in random order, and leave the others out."""
    plainest = failures[:CLEAREST]
    return [plainest[place] for place in random.permutation(len(plainest)).tolist()]
