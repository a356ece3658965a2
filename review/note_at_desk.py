"""A note of the store at the desk: what stands there, and what was done becomes rows of the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from review.actions import Action
from review.decision_log import read_history, read_reading, record, undo
from review.decisions import OUTCOMES, REASONS, Answer, Decision, Reading
from review.desk import Desk, Phrase
from review.queue import StoredNote
from review.scoring import StoredFinding, read_findings
from review.store import Store
from review.tables import finding


@dataclass(frozen=True)
class Stored:
    """What came of actions.

    Parameters
    ----------
    taken : tuple of str
        Keys that the store has now.
    refused : dict of str to str
        Keys that it cannot have, and why.
    steps : tuple of Action
        Those that leave a note: ``"done"`` and ``"go"``.
    """

    taken: tuple[str, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)
    steps: tuple[Action, ...] = ()


def store_actions(
    store: Store,
    actions: Iterable[Action],
    *,
    project_id: int,
    reader: str,
    queue_id: int | None = None,
    run_id: int | None = None,
) -> Stored:
    """Write what a person did, each action at once and for itself.

    Parameters
    ----------
    store : Store
        Open.
    actions : iterable of Action
        In their order; those that are stored already are not stored again.
    project_id : int
        Of the notes.
    reader : str
        Who did it.
    queue_id, run_id : int, optional
        From which queue the notes are read, and whose findings are shown.

    Returns
    -------
    Stored
        Each action is in `taken` or in `refused`.
    """
    taken, refused, steps = [], {}, []
    for action in actions:
        try:
            row = Decision(
                project_id,
                action.note,
                reader,
                "comment",
                key=action.key,
                queue_id=queue_id,
                run_id=run_id,
            )
            _store(store, action, row)
        except ValueError as error:
            refused[action.key] = f"This was not stored: {error}"
            continue
        taken.append(action.key)
        if action.kind in ("done", "go"):
            steps.append(action)
    return Stored(tuple(taken), refused, tuple(steps))


def _store(store: Store, action: Action, row: Decision) -> None:
    """Write one action; going to another note is none of the log's."""
    if action.kind == "undo":
        undo(
            store,
            project_id=row.project_id,
            reader=row.reader,
            note_id=row.note_id,
            key=action.key,
        )
    elif action.kind != "go":
        record(store, [_fill(store, action, row)])


def _fill(store: Store, action: Action, row: Decision) -> Decision:
    """Put what an action says into its row."""
    extent = {name: getattr(action, name) for name in ("start", "end", "label", "context")}
    row = replace(row, kind=action.kind)
    match action.kind:
        case "answer":
            return replace(
                row,
                finding_id=_finding_id(action),
                answer=action.answer,
                reason=action.reason,
                comment=action.comment,
            )
        case "mark":
            return replace(row, **extent)
        case "change" if (action.phrase or "").isdecimal():
            return replace(row, **extent, finding_id=_finding_id(action))
        case "change":
            made = _mark_row(store, action, row.reader)
            return replace(row, **extent, changes=made, comment=action.comment)
        case "remove":
            return replace(row, changes=_mark_row(store, action, row.reader))
        case "outcome":
            return replace(row, answer=action.outcome)
        case "flag":
            return replace(row, answer=action.to)
        case "comment":
            return replace(row, comment=action.comment)
        case _:
            return row


def _finding_id(action: Action) -> int:
    """Read the id of a finding."""
    if not (action.phrase or "").isdecimal():
        raise ValueError(f"{action.phrase!r} is no finding")
    return int(action.phrase)


def _mark_row(store: Store, action: Action, reader: str) -> int:
    """Find the row that made a mark, whose key is the mark's id at the desk."""
    for row in read_history(store, action.note):
        if row.key == action.phrase and row.reader == reader and row.kind == "mark":
            return row.id
    raise ValueError(f"note {action.note} has no mark {action.phrase!r} of this reader")


def make_desk(
    store: Store,
    note: StoredNote,
    *,
    reader: str,
    run_id: int | None,
    facts: dict[str, str],
    place: str = "",
    colleagues: tuple[str, ...] = (),
    notices: tuple[str, ...] = (),
    can_decide: bool = True,
) -> Desk:
    """Put a note on the desk as this reader has left it.

    Parameters
    ----------
    store : Store
        Open.
    note : StoredNote
        From the queue.
    reader : str
        Whose reading is shown; nobody else's is.
    run_id : int or None
        Whose findings are shown. Findings of earlier runs that the reader has answered stay.
    facts : dict of str to str
        Shown below the title.
    place : str
        Such as ``"Note 3 of 120"``.
    colleagues, notices : tuple of str
        As in `Desk`.
    can_decide : bool
        If false, the note can only be read.

    Returns
    -------
    Desk
        To be shown.
    """
    reading = read_reading(store, note.id, reader)
    found = [] if run_id is None else read_findings(store, run_id, note.id)
    phrases = [
        _phrase_of(one, reading.answers.get(one.id))
        for one in _with_answered(found, _read_answered(store, reading))
    ]
    marks = [
        Phrase(
            id=one.key,
            kind="mark",
            start=one.mark.start,
            end=one.mark.end,
            label=one.mark.label,
            context=one.mark.context,
            comment=one.comment,
        )
        for one in reading.marks
    ]
    return Desk(
        note.id,
        note.name,
        note.text,
        facts=facts,
        phrases=(*phrases, *marks),
        outcome=reading.outcome,
        comment=reading.comment or "",
        flagged_to=reading.flagged_to,
        colleagues=colleagues,
        place=place,
        reasons=REASONS,
        outcomes=OUTCOMES,
        can_decide=can_decide,
        notices=notices,
    )


def _phrase_of(found: StoredFinding, answer: Answer | None) -> Phrase:
    """Describe a finding with its answer."""
    stands = (answer.changed if answer else None) or found
    return Phrase(
        id=str(found.id),
        kind="finding",
        start=stands.start,
        end=stands.end,
        label=stands.label,
        context=stands.context,
        score=found.score,
        answer=answer.answer if answer else None,
        reason=answer.reason if answer else None,
        comment=answer.comment if answer else None,
        changed=bool(answer and answer.changed),
    )


def _with_answered(
    found: list[StoredFinding], answered: list[StoredFinding]
) -> list[StoredFinding]:
    """Add findings of earlier runs; one that a new run finds again stands in its place."""
    earlier = {(one.start, one.end, one.label, one.context): one for one in answered}
    ids = {one.id for one in answered}
    new = [
        one
        for one in found
        if one.id not in ids and (one.start, one.end, one.label, one.context) not in earlier
    ]
    return [*answered, *new]


def _read_answered(store: Store, reading: Reading) -> list[StoredFinding]:
    """Read the findings, of whatever run, that a reading speaks of."""
    if not reading.answers:
        return []
    columns = [finding.c[name] for name in ("id", "start", "end", "label", "context", "score")]
    with store.read() as connection:
        rows = connection.execute(select(*columns).where(finding.c.id.in_(reading.answers)))
        return [StoredFinding(**row._mapping) for row in rows]
