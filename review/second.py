"""Second readers: a blind share of what was read, what both said, and the word that settles it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from classifier.note import Mark
from review.adjudication import Pair, compare_two
from review.agreement import NoteReading
from review.decisions import (
    CHUNK,
    Decision,
    Reading,
    confirmed_marks,
    mark_of,
    read_history,
    read_reading,
    record,
    settle,
)
from review.queue import make_queue
from review.sampling import draw
from review.settled import read_drawn
from review.store import Store
from review.tables import finding, member, note, queue, queue_note, reading


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


def draw_second(
    store: Store, project_id: int, share: float, readers: Sequence[str], *, by: str, seed: int
) -> int:
    """Give a random share of the notes that were read to somebody who has not seen them.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the notes.
    share : float
        In (0, 1], of the finished notes that are not settled and had no second reader yet.
    readers : sequence of str
        Who may read; each note goes to the one with the fewest so far who has no word on it.
    by : str
        Who draws.
    seed : int
        From 0; stored with the sample.

    Returns
    -------
    int
        Id of the new, blind queue.

    Raises
    ------
    ValueError
        If there is no such share, nothing was read yet, or the readers have read it all.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share must be above 0 and at most 1, got {share}")
    names = tuple(dict.fromkeys(name.strip() for name in readers if name.strip()))
    pool = _read_once(store, project_id)
    free = {id: [name for name in names if name not in seen] for id, seen in pool.items()}
    able = [id for id, left in free.items() if left]
    n = max(1, round(share * len(pool)))
    if n > len(able):
        raise ValueError(
            f"{n} notes are wanted, {len(able)} of {len(pool)} finished notes have a reader left "
            "among those named; name others, or take a smaller share"
        )
    load = dict.fromkeys(names, 0)
    given: dict[int, str] = {}
    for id in draw(able, n, seed=seed):
        given[id] = min(free[id], key=lambda name: (load[name], names.index(name)))
        load[given[id]] += 1
    plan = {"share": share, "pool": len(pool), "able": len(able), "n": n, "readers": list(names)}
    return make_queue(
        store,
        project_id,
        f"Second reader, {n:,} of {len(pool):,} read, seed {seed}",
        "second",
        list(given),
        by=by,
        seed=seed,
        plan=plan,
        is_blind=True,
        readers=given,
    )


def _read_once(store: Store, project_id: int) -> dict[int, set[str]]:
    """Give finished, unsettled notes without a second reader, and who has a word on each."""
    second = (
        select(queue_note.c.note_id)
        .join(queue, queue.c.id == queue_note.c.queue_id)
        .where(queue.c.project_id == project_id, queue.c.kind == "second")
    )
    columns = (reading.c.note_id, reading.c.reader, reading.c.is_done, reading.c.is_final)
    seen: dict[int, set[str]] = {}
    done, settled = set(), set()
    with store.read() as connection:
        found = select(*columns).where(
            reading.c.project_id == project_id, reading.c.note_id.not_in(second)
        )
        for row in connection.execute(found.order_by(reading.c.note_id)):
            seen.setdefault(row.note_id, set()).add(row.reader)
            done |= {row.note_id} if row.is_done else set()
            settled |= {row.note_id} if row.is_final else set()
    return {id: names for id, names in seen.items() if id in done - settled}


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
    ids = list(found)
    final: set[int] = set()
    with store.read() as connection:
        for at in range(0, len(ids), CHUNK):
            some = reading.c.note_id.in_(ids[at : at + CHUNK])
            final |= set(
                connection.scalars(select(reading.c.note_id).where(some, reading.c.is_final))
            )
    listed = []
    for id, (first, second, *_) in found.items():
        pairs = tuple(compare_two(first.text, first.spans, second.spans))
        if first.outcome != second.outcome or any(pair.kind != "agreed" for pair in pairs):
            listed.append(Disagreement(id, first, second, pairs, id in final))
    return listed


def settle_note(
    store: Store,
    project_id: int,
    note_id: int,
    marks: Iterable[Mark],
    outcome: str | None,
    *,
    by: str,
    queue_id: int,
    comment: str | None = None,
) -> list[Decision]:
    """Write the final word on a note: these phrases and this outcome, in one transaction.

    Nothing of the two readings is altered. Whoever settles gets a reading of their own with just
    these phrases; a finding that a reader had accepted as it is, is accepted, others are marked.

    Parameters
    ----------
    store : Store
        Open.
    project_id, note_id : int
        Of the note.
    marks : iterable of Mark
        Every phrase that stands.
    outcome : str or None
        One of ``review.decisions.OUTCOMES``.
    by : str
        Who settles; a lead of the project.
    queue_id : int
        Where the readings differed.
    comment : str, optional
        On the note.

    Returns
    -------
    list of Decision
        As stored.

    Raises
    ------
    ValueError
        If `by` does not lead the project, or a phrase does not fit the note.
    """
    with store.read() as connection:
        who = (member.c.project_id == project_id, member.c.name == by)
        role = connection.scalar(select(member.c.role).where(*who))
    if role != "lead":
        raise ValueError(f"{by!r} does not lead this project; only a lead may settle a note")
    history = read_history(store, note_id)
    findings = _findings(store, {row.finding_id for row in history} - {None})
    now = read_reading(store, note_id, by)
    wanted = set(marks)
    common = {"queue_id": queue_id}
    rows = _take_back(project_id, now, findings, wanted, common)
    standing = set(confirmed_marks(now, findings)) & wanted
    ids = {mark: id for id, mark in sorted(findings.items(), reverse=True)}
    for mark in sorted(wanted - standing, key=lambda mark: (mark.start, mark.end, mark.label)):
        answered = now.answers.get(ids.get(mark, -1))
        if mark in ids and not (answered and answered.changed):
            fields = {"kind": "answer", "answer": "accept", "finding_id": ids[mark]}
        else:
            place = {"start": mark.start, "end": mark.end}
            fields = {"kind": "mark", "label": mark.label, "context": mark.context, **place}
        rows.append(Decision(project_id, note_id, by, **fields, **common))
    if outcome != now.outcome:
        rows.append(Decision(project_id, note_id, by, "outcome", answer=outcome, **common))
    if comment:
        rows.append(Decision(project_id, note_id, by, "comment", comment=comment, **common))
    return record(store, [*rows, Decision(project_id, note_id, by, "final", **common)])


def _take_back(
    project_id: int,
    now: Reading,
    findings: Mapping[int, Mark],
    wanted: set[Mark],
    common: Mapping[str, int],
) -> list[Decision]:
    """Take back what the one who settles had confirmed and does not want any more."""
    rows = []
    for answer in now.answers.values():
        mark = answer.changed or findings[answer.finding_id]
        if answer.answer in ("accept", "unsure") and mark not in wanted:
            fields = {"finding_id": answer.finding_id, "answer": "dismiss"}
            rows.append(Decision(project_id, now.note_id, now.reader, "answer", **fields, **common))
    for one in now.marks:
        if one.mark not in wanted:
            fields = {"changes": one.id}
            rows.append(Decision(project_id, now.note_id, now.reader, "remove", **fields, **common))
    return rows


def _read_twice(store: Store, project_id: int, queue_id: int) -> dict[int, list[NoteReading]]:
    """Give the first finished readings of notes that two have finished, in the order drawn."""
    with store.read() as connection:
        kind = connection.scalar(
            select(queue.c.kind).where(queue.c.id == queue_id, queue.c.project_id == project_id)
        )
        if kind != "second":
            raise ValueError(
                f"queue {queue_id} of project {project_id} holds no second readings (it is of "
                f"kind {kind!r}); draw a share for a second reader"
            )
        ids = read_drawn(connection, queue_id)
        texts = {
            row.id: row
            for at in range(0, len(ids), CHUNK)
            for row in connection.execute(
                select(note.c.id, note.c.name, note.c.text).where(
                    note.c.id.in_(ids[at : at + CHUNK])
                )
            )
        }
    settled = {id: _first_finished(store, id) for id in ids}
    answered = {
        answer for readings in settled.values() for one in readings for answer in one.answers
    }
    findings = _findings(store, answered)
    return {
        id: [
            NoteReading(
                texts[id].name,
                texts[id].text,
                one.reader,
                confirmed_marks(one, findings),
                one.outcome,
            )
            for one in readings
        ]
        for id, readings in settled.items()
        if len(readings) > 1
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


def _findings(store: Store, ids: Iterable[int]) -> dict[int, Mark]:
    """Read findings by id."""
    wanted = sorted(ids)
    with store.read() as connection:
        return {
            row.id: mark_of(row)
            for at in range(0, len(wanted), CHUNK)
            for row in connection.execute(
                select(finding).where(finding.c.id.in_(wanted[at : at + CHUNK]))
            )
        }
