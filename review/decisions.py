"""What people say of a note: rows that are added and never altered, and what they come to.

`record` writes rows, `settle` reads one reader's rows of one note as a `Reading`. An edit is a new
row, an undo is a new row that names the one it undoes; the history stays whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, insert, select, update

from classifier.note import CONTEXTS, Mark
from review.store import Store, now
from review.tables import claim, decision, finding, note, reading

ANSWERS = ("accept", "dismiss", "unsure")
"""What a reader may say of a finding."""

OUTCOMES: dict[str, str] = {
    "acted": "Evidence was recorded and acted on",
    "not_acted": "Evidence was recorded, not acted on",
    "missed": "Evidence was missed",
    "none": "No evidence in this note",
}
"""What a reader may say of a whole note, and how it is said."""

TO_RECORD: dict[str, str] = {
    "record": "Record the words, and act on them",
    "ask": "Record the words, and ask more",
    "routine": "Record as routine",
}
"""What a trainee would do with a note; stands where a reviewer's outcome does."""

REASONS: dict[str, dict[str, str]] = {
    "accept": {
        "plain": "Plainly said",
        "pattern": "With earlier calls",
        "implied": "Half-said, read with the rest",
    },
    "dismiss": {
        "not_personal": "Not a partner, relative or carer",
        "denied": "Denied, or did not happen",
        "asked": "Asked, advised or feared only",
        "ordinary": "Ordinary or agreed between them",
        "physical": "Physical violence only",
        "wording": "Means something else",
    },
    "unsure": {
        "who": "Unclear who did what to whom",
        "context": "More must be known",
        "guide": "The guide does not settle it",
    },
}
"""Coded reasons for each answer; after the guide's look-alikes. Written for this project."""

KINDS = (
    *("answer", "change", "mark", "remove", "outcome", "comment", "flag", "case"),
    *("done", "final", "undo"),
)
"""What a row of the log may be."""

EVIDENCE = "affirmed"


@dataclass(frozen=True)
class Decision:
    """One row of the log.

    Parameters
    ----------
    project_id, note_id : int
        Of the note.
    reader : str
        Who says it.
    kind : str
        One of ``KINDS``: ``"answer"`` to a finding (`answer` None takes one back), ``"change"`` of
        a finding's or one's own mark's label, context or extent (of a finding it accepts it),
        ``"mark"``, ``"remove"`` of one's own mark, ``"outcome"`` of the note, ``"comment"`` on it,
        ``"flag"`` to a colleague named in `answer`, ``"case"`` in which the note belongs by
        `answer`, ``"done"`` (`answer` ``"open"`` takes it back), ``"final"``: this reader's word
        settles the note between readers, ``"undo"``.
    key : str
        Made by whoever asks for it; a second row with the same key is the same row.
    queue_id, run_id : int, optional
        From which queue the note was read, and which run's findings were shown.
    finding_id : int, optional
        Of which finding an answer or change speaks.
    changes : int, optional
        Id of the earlier row that this one changes, removes or undoes.
    answer : str, optional
        See `kind`.
    start, end : int, optional
        Characters of the note's text, end exclusive.
    label, context : str, optional
        Of a mark or change.
    reason, comment : str, optional
        `reason` is a key of ``REASONS[answer]``.
    id : int, optional
        Given by the store, in order of time.
    at : str, optional
        When, given by the store.
    """

    project_id: int
    note_id: int
    reader: str
    kind: str
    key: str = field(default_factory=lambda: uuid4().hex)
    queue_id: int | None = None
    run_id: int | None = None
    finding_id: int | None = None
    changes: int | None = None
    answer: str | None = None
    start: int | None = None
    end: int | None = None
    label: str | None = None
    context: str | None = None
    reason: str | None = None
    comment: str | None = field(default=None, repr=False)
    id: int | None = None
    at: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no kind of decision {self.kind!r}; it must be one of {KINDS}")
        if not self.reader.strip():
            raise ValueError("a decision needs the name of who makes it")
        if self.kind == "answer" and self.answer not in (None, *ANSWERS):
            raise ValueError(
                f"decision must be 'accept', 'dismiss' or 'unsure', got {self.answer!r}"
            )
        allowed = (*OUTCOMES, *TO_RECORD)
        if self.kind == "outcome" and self.answer not in (None, *allowed):
            raise ValueError(f"outcome must be one of {allowed}, got {self.answer!r}")
        if self.reason is not None and self.reason not in REASONS.get(self.answer or "", {}):
            raise ValueError(f"{self.reason!r} is no reason to {self.answer!r} a finding")
        if self.context is not None and self.context not in CONTEXTS:
            raise ValueError(f"no context {self.context!r}; it must be one of {CONTEXTS}")


@dataclass(frozen=True)
class Answer:
    """What a reader last said of one finding.

    Parameters
    ----------
    finding_id : int
        Of the finding.
    answer : str or None
        One of ``ANSWERS``; None where only a comment was made.
    reason, comment : str or None
        If any was given.
    changed : Mark or None
        The finding as the reader would have it, where that differs.
    """

    finding_id: int
    answer: str | None
    reason: str | None = None
    comment: str | None = field(default=None, repr=False)
    changed: Mark | None = None


@dataclass(frozen=True)
class AddedMark:
    """A phrase that a reader added.

    Parameters
    ----------
    id : int
        Of the row that added it first.
    key : str
        Of that row.
    mark : Mark
        As last changed.
    comment : str or None
        If any was given.
    """

    id: int
    key: str
    mark: Mark
    comment: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Reading:
    """What one reader's rows of one note come to.

    Parameters
    ----------
    note_id : int
        Of the note.
    reader : str
        Whose reading.
    answers : mapping of int to Answer
        By finding.
    marks : tuple of AddedMark
        In reading order.
    outcome : str or None
        One of ``OUTCOMES``, of a trainee one of ``TO_RECORD``.
    comment : str or None
        On the note.
    flagged_to : str or None
        A colleague asked to look.
    case_ref : str or None
        Case that the reader put the note into.
    is_done, is_final : bool
        Whether the reader has finished it, and settled it between readers.
    queue_id : int or None
        Queue of the reader's first row.
    last_id : int
        The newest row; 0 if there is none.
    at : str
        Its time.
    """

    note_id: int
    reader: str
    answers: Mapping[int, Answer] = field(default_factory=dict)
    marks: tuple[AddedMark, ...] = ()
    outcome: str | None = None
    comment: str | None = field(default=None, repr=False)
    flagged_to: str | None = None
    case_ref: str | None = None
    is_done: bool = False
    is_final: bool = False
    queue_id: int | None = None
    last_id: int = 0
    at: str = ""


def settle(rows: Iterable[Decision], *, note_id: int, reader: str) -> Reading:
    """Read one reader's rows of one note as what they come to.

    Parameters
    ----------
    rows : iterable of Decision
        All of this reader and note, in the order of their ids; others are left out.
    note_id : int
        Of the note.
    reader : str
        Whose reading.

    Returns
    -------
    Reading
        Rows that were undone count for nothing.
    """
    own = [row for row in rows if row.note_id == note_id and row.reader == reader]
    last = {"last_id": own[-1].id or 0, "at": own[-1].at or ""} if own else {}
    queue_id = next((row.queue_id for row in own if row.queue_id is not None), None)
    so_far = Reading(note_id, reader, queue_id=queue_id, **last)
    for row in _standing(own):
        so_far = _apply(so_far, row)
    return so_far


def _standing(rows: Sequence[Decision]) -> list[Decision]:
    """Keep the rows that nobody undid."""
    undone = {row.changes for row in rows if row.kind == "undo"}
    return [row for row in rows if row.kind != "undo" and row.id not in undone]


def _apply(so_far: Reading, row: Decision) -> Reading:
    """Add what one row says to a reading."""
    match row.kind:
        case "answer":
            return replace(so_far, answers=_answer(so_far.answers, row))
        case "change" if row.finding_id is not None:
            before = so_far.answers.get(row.finding_id, Answer(row.finding_id, "accept"))
            changed = replace(before, answer="accept", reason=None, changed=mark_of(row))
            return replace(so_far, answers={**so_far.answers, row.finding_id: changed})
        case "mark":
            added = AddedMark(row.id or 0, row.key, mark_of(row), row.comment)
            return replace(so_far, marks=_in_order((*so_far.marks, added)))
        case "change":
            return replace(so_far, marks=_in_order(_change(one, row) for one in so_far.marks))
        case "remove":
            return replace(
                so_far, marks=tuple(one for one in so_far.marks if one.id != row.changes)
            )
        case "outcome":
            return replace(so_far, outcome=row.answer)
        case "comment":
            return replace(so_far, comment=row.comment or None)
        case "flag":
            return replace(so_far, flagged_to=row.answer)
        case "case":
            return replace(so_far, case_ref=row.answer)
        case "done":
            return replace(so_far, is_done=row.answer != "open")
        case _:
            return replace(so_far, is_final=True, is_done=True)


def _answer(answers: Mapping[int, Answer], row: Decision) -> dict[int, Answer]:
    """Set or take back the answer to a finding."""
    others = {id: one for id, one in answers.items() if id != row.finding_id}
    if row.answer is None and not row.comment:
        return others
    before = answers.get(row.finding_id)
    answer = Answer(
        row.finding_id, row.answer, row.reason, row.comment, before.changed if before else None
    )
    return {**others, row.finding_id: answer}


def _change(added: AddedMark, row: Decision) -> AddedMark:
    """Change a mark if the row is about it."""
    if added.id != row.changes:
        return added
    return replace(
        added, mark=mark_of(row), comment=added.comment if row.comment is None else row.comment
    )


def mark_of(row: Decision | Row) -> Mark:
    """Read the extent, label and context of a mark, a change or a finding.

    Parameters
    ----------
    row : Decision or Row
        Of the log, or of ``finding``.

    Returns
    -------
    Mark
        As a person would have marked it; affirmed where no context is given.
    """
    return Mark(row.start, row.end, row.label, row.context or EVIDENCE)


def _in_order(marks: Iterable[AddedMark]) -> tuple[AddedMark, ...]:
    """Put marks in reading order."""
    return tuple(sorted(marks, key=lambda one: (one.mark.start, one.mark.end, one.id)))


def confirmed_marks(reading: Reading, findings: Mapping[int, Mark]) -> tuple[Mark, ...]:
    """Give the phrases that a reader stands by: accepted findings and own marks.

    Parameters
    ----------
    reading : Reading
        From `settle`.
    findings : mapping of int to Mark
        The findings that the answers speak of, by id.

    Returns
    -------
    tuple of Mark
        In reading order, each once, of any context.

    Raises
    ------
    KeyError
        If a finding is missing.
    """
    accepted = (
        one.changed or findings[one.finding_id]
        for one in reading.answers.values()
        if one.answer == "accept"
    )
    marks = {*accepted, *(one.mark for one in reading.marks)}
    return tuple(sorted(marks, key=lambda mark: (mark.start, mark.end, mark.label, mark.context)))


# Into the store


def record(store: Store, rows: Sequence[Decision]) -> list[Decision]:
    """Write decisions, all in one transaction, and bring the readings up to date.

    A row whose key the store has already is not written again, so that a page may ask twice.

    Parameters
    ----------
    store : Store
        Open.
    rows : sequence of Decision
        In their order.

    Returns
    -------
    list of Decision
        As stored, with id and time; one for each given row.

    Raises
    ------
    ValueError
        If a row does not fit its note: extent past the text, a finding of another note, a change
        of a row that is not there. Nothing is written then.
    """
    with store.write() as connection:
        lengths = _lock_notes(connection, {row.note_id for row in rows})
        written = [_write(connection, row, lengths) for row in rows]
        touched = sorted({(row.note_id, row.reader) for row in written})
        for note_id, reader in touched:
            _renew(connection, note_id, reader)
        for note_id in sorted({row.note_id for row in written}):
            _renew_note(connection, note_id)
        return written


def undo(
    store: Store, *, project_id: int, reader: str, note_id: int, key: str | None = None
) -> Decision | None:
    """Undo this reader's newest row of a note that still counts.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the note.
    reader : str
        Only own rows can be undone.
    note_id : int
        Of the note.
    key : str, optional
        As in `Decision`; the same key undoes only once.

    Returns
    -------
    Decision or None
        The row that undoes, or None if there is nothing to undo.
    """
    with store.write() as connection:
        _lock_notes(connection, {note_id})
        rows = _rows(connection, note_id, reader)
        if key is not None and (before := next((row for row in rows if row.key == key), None)):
            return before
        standing = _standing(rows)
        if not standing:
            return None
        row = Decision(project_id, note_id, reader, "undo", changes=standing[-1].id)
        written = _insert(connection, replace(row, key=key) if key else row)
        _renew(connection, note_id, reader)
        _renew_note(connection, note_id)
        return written


def read_history(store: Store, note_id: int) -> list[Decision]:
    """Read all rows of a note.

    Parameters
    ----------
    store : Store
        Open.
    note_id : int
        Of the note.

    Returns
    -------
    list of Decision
        Of all readers, in order of time, undone ones among them.
    """
    with store.read() as connection:
        return _rows(connection, note_id)


def read_readings(store: Store, note_ids: Sequence[int]) -> list[Reading]:
    """Settle all readings of some notes.

    Parameters
    ----------
    store : Store
        Open.
    note_ids : sequence of int
        Of the notes.

    Returns
    -------
    list of Reading
        By note and reader.
    """
    with store.read() as connection:
        return [
            settle(rows, note_id=note_id, reader=reader)
            for (note_id, reader), rows in _by_reading(connection, note_ids)
        ]


def read_reading(store: Store, note_id: int, reader: str) -> Reading:
    """Settle one reader's reading of a note.

    Parameters
    ----------
    store : Store
        Open.
    note_id : int
        Of the note.
    reader : str
        Whose.

    Returns
    -------
    Reading
        Empty if the reader has said nothing of it.
    """
    with store.read() as connection:
        return settle(_rows(connection, note_id, reader), note_id=note_id, reader=reader)


def read_rows_of(store: Store, project_id: int, readers: Sequence[str]) -> list[Decision]:
    """Read all rows of some readers of a project.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the notes.
    readers : sequence of str
        Whose.

    Returns
    -------
    list of Decision
        By reader and note, then in order of time, undone ones among them.
    """
    found = []
    with store.read() as connection:
        for first in range(0, len(readers), CHUNK):
            some = list(readers[first : first + CHUNK])
            found += connection.execute(
                select(decision).where(
                    decision.c.project_id == project_id, decision.c.reader.in_(some)
                )
            ).all()
    rows = [_decision_of(row) for row in found]
    return sorted(rows, key=attrgetter("reader", "note_id", "id"))


def read_last_notes(store: Store, *, project_id: int, reader: str, n: int = 10) -> list[int]:
    """Give the notes on which a reader decided last.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the notes.
    reader : str
        Whose.
    n : int
        How many at most.

    Returns
    -------
    list of int
        Ids, the newest first.
    """
    found = (
        select(reading.c.note_id)
        .where(reading.c.project_id == project_id, reading.c.reader == reader)
        .order_by(reading.c.last_id.desc())
        .limit(n)
    )
    with store.read() as connection:
        return list(connection.scalars(found))


CHUNK = 500
"""Ids in one question to the database; SQLite takes 999 at the least."""


def _by_reading(connection: Connection, note_ids: Sequence[int]):
    """Read the rows of notes, grouped by note and reader."""
    for first in range(0, len(note_ids), CHUNK):
        some = list(note_ids[first : first + CHUNK])
        found = connection.execute(
            select(decision)
            .where(decision.c.note_id.in_(some))
            .order_by(decision.c.note_id, decision.c.reader, decision.c.id)
        )
        rows = [_decision_of(row) for row in found]
        yield from (
            (key, list(group)) for key, group in groupby(rows, key=attrgetter("note_id", "reader"))
        )


def _lock_notes(connection: Connection, note_ids: set[int]) -> dict[int, int]:
    """Let nobody else write of these notes until the end; give the lengths of their texts."""
    found = connection.execute(
        select(note.c.id, note.c.text)
        .where(note.c.id.in_(note_ids))
        .order_by(note.c.id)
        .with_for_update()
    )
    lengths = {id: len(text) for id, text in found}
    for id in sorted(note_ids - set(lengths)):
        raise ValueError(f"the store has no note {id}")
    return lengths


def _write(connection: Connection, row: Decision, lengths: Mapping[int, int]) -> Decision:
    """Write a row, unless it is there already."""
    before = connection.execute(select(decision).where(decision.c.key == row.key)).first()
    if before is not None:
        return _decision_of(before)
    _check(connection, row, lengths[row.note_id])
    return _insert(connection, row)


def _insert(connection: Connection, row: Decision) -> Decision:
    """Add a row to the log."""
    values = asdict(row) | {"at": now()}
    del values["id"]
    id = connection.execute(insert(decision).values(values)).inserted_primary_key[0]
    return replace(row, id=id, at=values["at"])


def _check(connection: Connection, row: Decision, length: int) -> None:
    """Refuse a row that does not fit its note."""
    where = f"note {row.note_id}, {row.kind}"
    is_of_finding = row.finding_id is not None
    if row.kind == "answer" and not is_of_finding:
        raise ValueError(f"{where}: the finding is missing")
    if is_of_finding:
        of_note = select(finding.c.note_id).where(finding.c.id == row.finding_id)
        if connection.scalar(of_note) != row.note_id:
            raise ValueError(f"{where}: finding {row.finding_id} is not of this note")
    if row.kind in ("mark", "change"):
        if row.start is None or row.end is None or not row.label:
            raise ValueError(f"{where}: start, end and label are needed")
        if not 0 <= row.start < row.end <= length:
            raise ValueError(
                f"{where}: span {row.start}:{row.end} does not lie in the text "
                f"({length} characters)"
            )
    if row.kind in ("remove", "undo") or (row.kind == "change" and not is_of_finding):
        own = select(decision.c.id).where(
            decision.c.id == row.changes,
            decision.c.note_id == row.note_id,
            decision.c.reader == row.reader,
        )
        if connection.scalar(own) is None:
            raise ValueError(f"{where}: {row.reader!r} has made no decision {row.changes} on it")


def _rows(connection: Connection, note_id: int, reader: str | None = None) -> list[Decision]:
    """Read the rows of a note, of one reader or of all."""
    found = select(decision).where(decision.c.note_id == note_id).order_by(decision.c.id)
    if reader is not None:
        found = found.where(decision.c.reader == reader)
    return [_decision_of(row) for row in connection.execute(found)]


def _decision_of(row: Row) -> Decision:
    """Make a decision of a row of the table."""
    return Decision(**row._mapping)


def _renew(connection: Connection, note_id: int, reader: str) -> None:
    """Derive one reading anew from the log."""
    rows = _rows(connection, note_id, reader)
    settled = settle(rows, note_id=note_id, reader=reader)
    key = (reading.c.note_id == note_id, reading.c.reader == reader)
    connection.execute(delete(reading).where(*key))
    if all(row.kind == "case" for row in _standing(rows)):
        return  # nothing is said of the note itself, or nothing any more
    connection.execute(
        insert(reading).values(
            note_id=note_id,
            reader=reader,
            project_id=rows[0].project_id,
            queue_id=settled.queue_id,
            is_done=settled.is_done,
            is_final=False,
            outcome=settled.outcome,
            flagged_to=settled.flagged_to,
            labels=_confirmed_labels(connection, settled),
            last_id=settled.last_id,
            at=settled.at,
        )
    )
    if settled.is_done:
        connection.execute(
            delete(claim).where(claim.c.note_id == note_id, claim.c.reader == reader)
        )


def _confirmed_labels(connection: Connection, settled: Reading) -> str:
    """Write the labels of confirmed evidence, with spaces around each."""
    ids = [one.finding_id for one in settled.answers.values() if one.answer == "accept"]
    found = connection.execute(select(finding).where(finding.c.id.in_(ids)))
    findings = {row.id: mark_of(row) for row in found}
    labels = {mark.label for mark in confirmed_marks(settled, findings) if mark.context == EVIDENCE}
    return "".join(f" {label} " for label in sorted(labels))


def _renew_note(connection: Connection, note_id: int) -> None:
    """Derive anew what all readers together have made of a note: its case, whose word is final.

    The newest row that stands counts. Without one the note is in the case of its own reference.
    """
    standing = _standing(_rows(connection, note_id))
    cases = [row.answer for row in standing if row.kind == "case"]
    connection.execute(
        update(note)
        .where(note.c.id == note_id)
        .values(case_ref=cases[-1] if cases else note.c.person)
    )
    final = [row.reader for row in standing if row.kind == "final"]
    connection.execute(
        update(reading)
        .where(reading.c.note_id == note_id)
        .values(is_final=reading.c.reader == (final[-1] if final else ""))
    )
