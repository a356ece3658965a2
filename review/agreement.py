"""How far readers of the same notes agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from classifier.note import Mark, Note
from training.agreement import cohen_kappa, measure_agreement, nominal_alpha, pair_up
from training.measures import draw_weights, figure, plain
from training.probes import affirmed_labels

ANY, OUTCOME = "any evidence", "outcome"
"""Questions beside the labels: all of these together, and what a reader says of a whole note."""

YES, NO = "yes", "no"
"""Whether a note holds affirmed evidence of a label, to a reader."""

RESAMPLES = 500
"""Bootstrap samples of notes behind the intervals; 17 labels of a few hundred notes take 2 s."""

NO_NOTES = "no note has an answer from two readers"
ONE_ANSWER = "all answers are the same, so agreement cannot be told from chance"
"""Why a figure has no value."""


@dataclass(frozen=True)
class NoteReading:
    """What one reader said of one note.

    Parameters
    ----------
    note : str
        Id.
    text : str
        Of the note.
    reader : str
        Name.
    spans : tuple of Mark
        What the reader accepted or marked.
    outcome : str or None
        Of the note; None if the reader gave none.
    """

    note: str
    text: str = field(repr=False)
    reader: str
    spans: tuple[Mark, ...] = field(repr=False)
    outcome: str | None = None


@dataclass(frozen=True)
class Figure:
    """A figure with its interval, or why there is none.

    Parameters
    ----------
    value : float or None
        None where it has no meaning.
    interval : tuple of (float, float) or None
        The middle 95 % of bootstrap samples of notes. Of few notes that all agree it has no
        width; that is no certainty, look at the number of notes.
    why : str
        Why there is no value; otherwise empty.
    """

    value: float | None
    interval: tuple[float, float] | None = None
    why: str = ""


@dataclass(frozen=True)
class PairAgreement:
    """How far two readers agree on one question.

    Parameters
    ----------
    first, second : str
        The readers.
    notes : int
        That both answered.
    table : mapping of (str, str) to int
        Notes by what the first and the second answered.
    agreed : float or None
        Share of notes on which they agree.
    specific : mapping of str to float or None
        For each answer, how often the other gives it where one does. Where an answer is rare,
        kappa may be low though both agree on nearly all notes; this shows on which.
    kappa : Figure
        Cohen's kappa: 1 is agreement, 0 what chance would give with such readers.
    spans : mapping of str to float or None
        ``token_f1``, ``exact_f1`` and ``overlap_f1`` of affirmed spans, see
        `training.agreement.measure_agreement`; empty for outcomes.
    """

    first: str
    second: str
    notes: int
    table: Mapping[tuple[str, str], int]
    agreed: float | None
    specific: Mapping[str, float | None]
    kappa: Figure
    spans: Mapping[str, float | None]


@dataclass(frozen=True)
class Agreement:
    """How far all readers agree on one question.

    Parameters
    ----------
    name : str
        Id of a label, ``ANY`` or ``OUTCOME``.
    notes : int
        Answered by two readers or more; only these count.
    answers : mapping of str to int
        How often each was given. Rare answers make kappa and alpha unsteady.
    alpha : Figure
        Krippendorff's alpha: as kappa, but of any number of readers, with gaps.
    pairs : tuple of PairAgreement
        Each two readers with a note in common.
    """

    name: str
    notes: int
    answers: Mapping[str, int]
    alpha: Figure
    pairs: tuple[PairAgreement, ...]

    @property
    def prevalence(self) -> Mapping[str, float | None]:
        """Give the share of each answer, to be shown beside kappa and alpha.

        Returns
        -------
        mapping of str to float or None
            In [0, 1]; None if nobody answered.
        """
        n = sum(self.answers.values())
        return {name: plain(count / n) if n else None for name, count in self.answers.items()}


@dataclass(frozen=True)
class ReadersAgreement:
    """How far readers of the same notes agree.

    Parameters
    ----------
    readers : mapping of str to int
        How many notes each has read.
    notes : int
        Read by anyone.
    shared : int
        Read by two or more.
    any_evidence : Agreement
        Whether a note holds affirmed evidence of any kind.
    labels : mapping of str to Agreement
        Whether it holds affirmed evidence of a label.
    outcome : Agreement
        What was made of the note.
    """

    readers: Mapping[str, int]
    notes: int
    shared: int
    any_evidence: Agreement
    labels: Mapping[str, Agreement]
    outcome: Agreement


def measure_readers(
    readings: Sequence[NoteReading],
    labels: Sequence[str],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> ReadersAgreement:
    """Measure how far readers agree, note by note and span by span.

    No reader is the reference. A note counts for the two or more who read it blind to each
    other; leave out readings that settle differences.

    Parameters
    ----------
    readings : sequence of NoteReading
        One of a reader and a note, of any number of readers, who need not have read the same.
    labels : sequence of str
        Ids; spans of other labels count as evidence of any kind only.
    resamples : int
        Bootstrap samples of notes behind the intervals; 0 for none.
    seed : int
        For these.

    Returns
    -------
    ReadersAgreement
        Figures are rounded to four places.

    Raises
    ------
    ValueError
        If a reader read a note twice, or an id stands for two texts.

    References
    ----------
    .. [1] J. Cohen, "A coefficient of agreement for nominal scales", Educational and
       Psychological Measurement 20, 1960.
    .. [2] K. Krippendorff, "Content Analysis", 4th ed., SAGE 2018, chapter 12.
    .. [3] D. V. Cicchetti and A. R. Feinstein, "High agreement but low kappa: II. Resolving the
       paradoxes", Journal of Clinical Epidemiology 43(6), 1990.
    """
    by_reader = _by_reader(readings)
    notes = sorted({reading.note for reading in readings})
    rows = [[own.get(note) for own in by_reader.values()] for note in notes]
    held = [[affirmed_labels(one.spans) if one else None for one in row] for row in rows]
    spans = _measure_spans(by_reader, labels)

    def measure(name: str, answers: list[list[str | None]]) -> Agreement:
        return _measure(name, list(by_reader), answers, spans.get(name, {}), resamples, seed)

    return ReadersAgreement(
        readers={name: len(own) for name, own in by_reader.items()},
        notes=len(notes),
        shared=sum(sum(one is not None for one in row) > 1 for row in rows),
        any_evidence=measure(ANY, [[_say(one, bool(one)) for one in row] for row in held]),
        labels={
            label: measure(
                label, [[_say(one, label in (one or ())) for one in row] for row in held]
            )
            for label in labels
        },
        outcome=measure(OUTCOME, [[one.outcome if one else None for one in row] for row in rows]),
    )


def _by_reader(readings: Sequence[NoteReading]) -> dict[str, dict[str, NoteReading]]:
    """Give each reader's readings by note, readers in order of name."""
    by_reader: dict[str, dict[str, NoteReading]] = {}
    texts: dict[str, str] = {}
    for reading in sorted(readings, key=lambda reading: (reading.reader, reading.note)):
        if reading.note in by_reader.setdefault(reading.reader, {}):
            raise ValueError(
                f"note {reading.note!r}: {reading.reader!r} read it twice; give the last reading"
            )
        if texts.setdefault(reading.note, reading.text) != reading.text:
            raise ValueError(
                f"note {reading.note!r}: two readings are of different texts; "
                "give readings of one text"
            )
        by_reader[reading.reader][reading.note] = reading
    return by_reader


def _say(held: set[str] | None, is_held: bool) -> str | None:
    """Answer yes or no for a note that was read."""
    return None if held is None else YES if is_held else NO


def _measure_spans(
    by_reader: Mapping[str, Mapping[str, NoteReading]], labels: Sequence[str]
) -> dict[str, dict[tuple[str, str], dict[str, float | None]]]:
    """Give F1 of spans by question and pair of readers."""
    marked = {
        reader: [Note(one.note, one.text, one.spans) for one in own.values()]
        for reader, own in by_reader.items()
    }
    f1: dict[str, dict] = {ANY: {}, **{label: {} for label in labels}}
    for first, second in combinations(marked, 2):
        if not (pairs := pair_up(marked[first], marked[second])):
            continue
        found = measure_agreement(pairs, labels)
        for name, figures in ((ANY, found["any_evidence"]), *found["labels"].items()):
            figures.pop("alpha")  # of these two alone
            f1[name][first, second] = figures
    return f1


def _measure(
    name: str,
    readers: Sequence[str],
    answers: Sequence[Sequence[str | None]],
    f1: Mapping[tuple[str, str], Mapping[str, float | None]],
    resamples: int,
    seed: int,
) -> Agreement:
    """Measure one question from the answer of each reader (column) to each note (row)."""
    given = sorted({answer for row in answers for answer in row} - {None})
    kinds = given if name == OUTCOME else [YES, NO]
    gave = np.array(
        [[[one == kind for kind in kinds] for one in row] for row in answers], dtype=int
    )
    gave = gave.reshape(len(answers), len(readers), len(kinds))
    counts = gave.sum(axis=1)
    counts = counts[counts.sum(axis=1) > 1]
    pairs = []
    for i, j in combinations(range(len(readers)), 2):
        tables = gave[:, i, :, None] * gave[:, j, None, :]
        tables = tables[tables.any(axis=(1, 2))]
        if len(tables):
            pair = (readers[i], readers[j])
            pairs.append(_measure_pair(pair, tables, kinds, f1.get(pair, {}), resamples, seed))
    values = [
        nominal_alpha(np.repeat(counts, weights.astype(int), axis=0))
        for weights in _weights(len(counts), resamples, seed)
    ]
    alpha = _figure(np.array(values), ONE_ANSWER if len(counts) else NO_NOTES)
    n_answers = dict(zip(kinds, counts.sum(axis=0).tolist(), strict=True))
    return Agreement(name, len(counts), n_answers, alpha, tuple(pairs))


def _measure_pair(
    pair: tuple[str, str],
    tables: np.ndarray,
    kinds: Sequence[str],
    f1: Mapping[str, float | None],
    resamples: int,
    seed: int,
) -> PairAgreement:
    """Measure two readers from a table of 0 and a single 1 for each note."""
    table = tables.sum(axis=0)
    sums = np.tensordot(_weights(len(tables), resamples, seed), tables, axes=1)
    same, either = np.diag(table), table.sum(axis=0) + table.sum(axis=1)
    return PairAgreement(
        *pair,
        notes=len(tables),
        table={
            (one, other): int(table[i, j])
            for i, one in enumerate(kinds)
            for j, other in enumerate(kinds)
        },
        agreed=plain(same.sum() / len(tables)),
        specific={
            kind: plain(2 * both / n) if n else None
            for kind, both, n in zip(kinds, same, either, strict=True)
        },
        kappa=_figure(cohen_kappa(sums), ONE_ANSWER),
        spans=f1,
    )


def _weights(n_notes: int, resamples: int, seed: int) -> np.ndarray:
    """Draw bootstrap samples, also of no notes."""
    if not n_notes:
        return np.ones((1, 0))
    return draw_weights(n_notes, resamples, seed=seed)


def _figure(values: np.ndarray, why: str) -> Figure:
    """Give a figure from its value and those of the bootstrap samples."""
    found = figure(values)
    if found["value"] is None:
        return Figure(None, None, why)
    return Figure(found["value"], tuple(found["interval"]) if found["interval"] else None)
