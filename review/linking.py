"""Notes put in a case by a reader, or taken out of it: rows of the log, which can be undone."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from review.case_rows import NO_CASE
from review.decision_log import read_history, record
from review.decisions import Decision
from review.store import Store
from review.tables import note

LONGEST_REF = 400
"""Characters of a reference, as the column holds."""


def find_note(store: Store, project_id: int, name: str) -> tuple[int, str | None] | None:
    """Find a note by its number in the export.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Whose.
    name : str
        The whole number.

    Returns
    -------
    (int, str or None) or None
        Id of the note and the reference of its case; None if there is no such note.
    """
    found = select(note.c.id, note.c.case_ref).where(
        note.c.project_id == project_id, note.c.name == name.strip()
    )
    with store.read() as connection:
        row = connection.execute(found).first()
    return tuple(row) if row else None


def put_in_case(
    store: Store, project_id: int, note_ids: Sequence[int], ref: str, *, reader: str
) -> list[Decision]:
    """Say that notes belong in a case, whatever reference the export gave them.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the notes.
    note_ids : sequence of int
        Of the notes.
    ref : str
        Of a case, known or new.
    reader : str
        Who says it.

    Returns
    -------
    list of Decision
        One row of the log for each note.

    Raises
    ------
    ValueError
        If the reference is empty or too long, or a note is not of the project.
    """
    ref = ref.strip()
    if not 0 < len(ref) <= LONGEST_REF:
        raise ValueError(
            f"the reference of a case must have 1 to {LONGEST_REF} characters, got {len(ref)}"
        )
    return _say_case(store, project_id, note_ids, ref, reader)


def take_out(
    store: Store, project_id: int, note_ids: Sequence[int], *, reader: str
) -> list[Decision]:
    """Say that notes belong in no case; `undo_case` takes it back.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the notes.
    note_ids : sequence of int
        Of the notes.
    reader : str
        Who says it.

    Returns
    -------
    list of Decision
        One row of the log for each note.

    Raises
    ------
    ValueError
        If a note is not of the project.
    """
    return _say_case(store, project_id, note_ids, NO_CASE, reader)


def _say_case(
    store: Store, project_id: int, note_ids: Sequence[int], ref: str, reader: str
) -> list[Decision]:
    """Write in which case notes are."""
    with store.read() as connection:
        own = select(note.c.id).where(note.c.project_id == project_id, note.c.id.in_(note_ids))
        missing = sorted(set(note_ids) - set(connection.scalars(own)))
    if missing:
        raise ValueError(f"note {missing[0]} is not of project {project_id}")
    rows = [Decision(project_id, id, reader, "case", answer=ref) for id in note_ids]
    return record(store, rows)


def undo_case(store: Store, project_id: int, note_id: int, *, reader: str) -> Decision | None:
    """Undo what this reader last said of a note's case; other rows of the reader stay.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the note.
    note_id : int
        Of the note.
    reader : str
        Only own rows can be undone.

    Returns
    -------
    Decision or None
        The row that undoes, or None if there is nothing to undo.
    """
    own = [row for row in read_history(store, note_id) if row.reader == reader]
    undone = {row.changes for row in own if row.kind == "undo"}
    standing = [row for row in own if row.kind == "case" and row.id not in undone]
    if not standing:
        return None
    row = Decision(project_id, note_id, reader, "undo", changes=standing[-1].id)
    return record(store, [row])[0]
