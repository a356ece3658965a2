"""Notes that two have read: what each said when they first finished, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Integer, cast, func, select

from review.adjudication import Pair, compare_two
from review.agreement import NoteReading
from review.chunks import chunks
from review.decision_log import read_history
from review.decisions import Reading, confirmed_marks, settle
from review.found_marks import read_marks
from review.queues import find_queue, read_drawn
from review.second import drawn_for_second
from review.store import Store
from review.tables import note, reading


@dataclass(frozen=True)
class Disagreement:
    """A note that two readers read differently.

    Parameters
    ----------
    note_id : int
        In the store.
    first, second : NoteReading
        As each first finished it; the earlier first.
    pairs : tuple of Pair
        Their phrases side by side, also those on which they agree.
    is_settled : bool
        Whether somebody has said the final word.
    """

    note_id: int
    first: NoteReading
    second: NoteReading
    pairs: tuple[Pair, ...] = field(repr=False)
    is_settled: bool


def readings_for_agreement(store: Store, project_id: int, queue_id: int) -> list[NoteReading]:
    """Give what each reader said of the notes of a second-reader queue, when first finished.

    What a reader changed later, perhaps after talking with the other, counts for nothing here,
    nor does the word of who only settled the note.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the queue.
    queue_id : int
        Of a queue of kind ``"second"``.

    Returns
    -------
    list of NoteReading
        For `review.agreement.measure_readers`: notes in the order drawn, whoever finished first
        first; only notes that two readers have finished.

    Raises
    ------
    ValueError
        If the queue is of another kind or project.
    """
    found = _read_twice(store, project_id, queue_id)
    return [one for readings in found.values() for one in readings]


def disagreements(store: Store, project_id: int, queue_id: int) -> list[Disagreement]:
    """List the notes on which the two readers of a second-reader queue differ.

    Parameters
    ----------
    store : Store
        Open.
    project_id, queue_id : int
        As for `readings_for_agreement`.

    Returns
    -------
    list of Disagreement
        In the order drawn; settled ones among them.

    Raises
    ------
    ValueError
        If the queue is of another kind or project.
    """
    found = _read_twice(store, project_id, queue_id)
    final: set[int] = set()
    with store.read() as connection:
        for some in chunks(list(found)):
            ids = select(reading.c.note_id).where(reading.c.note_id.in_(some), reading.c.is_final)
            final |= set(connection.scalars(ids))
    compared = (_compare(id, readings[:2], id in final) for id, readings in found.items())
    return [one for one in compared if one]


def differing_elsewhere(store: Store, project_id: int) -> list[Disagreement]:
    """List notes outside second readings that readers read differently and nobody settled.

    These readers may have seen what others said, so nothing here measures agreement.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the notes.

    Returns
    -------
    list of Disagreement
        By note; the reading that was finished first beside the first that differs from it.
    """
    twice = (
        select(reading.c.note_id)
        .where(
            reading.c.project_id == project_id,
            reading.c.is_done,
            reading.c.note_id.not_in(drawn_for_second(project_id)),
        )
        .group_by(reading.c.note_id)
        .having(func.count() > 1, func.max(cast(reading.c.is_final, Integer)) == 0)
        .order_by(reading.c.note_id)
    )
    with store.read() as connection:
        ids = list(connection.scalars(twice))
    found = _readings_of(store, ids)
    compared = (_compare(id, readings, False) for id, readings in found.items())
    return [one for one in compared if one]


def _compare(id: int, readings: Sequence[NoteReading], is_settled: bool) -> Disagreement | None:
    """Put the first reading beside the first that differs from it; None if none does."""
    first, *others = readings
    for second in others:
        pairs = tuple(compare_two(first.text, first.spans, second.spans))
        if first.outcome != second.outcome or any(pair.kind != "agreed" for pair in pairs):
            return Disagreement(id, first, second, pairs, is_settled)
    return None


def _read_twice(store: Store, project_id: int, queue_id: int) -> dict[int, list[NoteReading]]:
    """Give the first finished readings of notes that two have finished, in the order drawn."""
    with store.read() as connection:
        kind = find_queue(connection, queue_id, project_id).kind
        if kind != "second":
            raise ValueError(
                f"queue {queue_id} of project {project_id} holds no second readings (it is of "
                f"kind {kind!r}); draw a share for a second reader"
            )
        ids = read_drawn(connection, queue_id)
    return _readings_of(store, ids)


def _readings_of(store: Store, ids: Sequence[int]) -> dict[int, list[NoteReading]]:
    """Give the first finished readings of those of some notes that two have finished."""
    settled = {id: found for id in ids if len(found := _first_finished(store, id)) > 1}
    with store.read() as connection:
        texts = {
            row.id: row
            for some in chunks(list(settled))
            for row in connection.execute(
                select(note.c.id, note.c.name, note.c.text).where(note.c.id.in_(some))
            )
        }
    answered = {id for readings in settled.values() for one in readings for id in one.answers}
    marks = read_marks(store, answered)
    return {
        id: [
            NoteReading(
                texts[id].name, texts[id].text, one.reader, confirmed_marks(one, marks), one.outcome
            )
            for one in readings
        ]
        for id, readings in settled.items()
    }


def _first_finished(store: Store, note_id: int) -> list[Reading]:
    """Settle each reader's rows up to the first that finished the note, in that order."""
    rows = read_history(store, note_id)
    found: list[Reading] = []
    for at, row in enumerate(rows):
        is_known = row.reader in {one.reader for one in found}
        if row.kind == "done" and row.answer != "open" and not is_known:
            found.append(settle(rows[: at + 1], note_id=note_id, reader=row.reader))
    return found
