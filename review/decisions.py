"""What people say of a note: rows that are added and never altered, and what they come to.

`settle` reads one reader's rows of one note as a `Reading`; `review.decision_log` writes them. An
edit is a new row, an undo is a new row that names the one it undoes; the history stays whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import uuid4

from sqlalchemy import Row

from classifier.note import CONTEXTS, Mark

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
    for row in standing_rows(own):
        so_far = _apply(so_far, row)
    return so_far


def standing_rows(rows: Sequence[Decision]) -> list[Decision]:
    """Keep the rows that nobody undid.

    Parameters
    ----------
    rows : sequence of Decision
        In the order of their ids.

    Returns
    -------
    list of Decision
        Without undone ones and without those that undo.
    """
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
