"""Rows of the log that count: those that nobody undid, and those that finish a note."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from review.tables import decision


def standing(rows, project_id: int, until: int | None = None) -> ColumnElement[bool]:
    """Keep rows of the log that nobody had undone.

    Parameters
    ----------
    rows : Table or Alias
        ``decision``, or an alias of it.
    project_id : int
        Of the rows.
    until : int, optional
        Id of the last row that counts; all if not given.

    Returns
    -------
    ColumnElement
        A condition for WHERE.
    """
    undone = select(decision.c.changes).where(
        decision.c.project_id == project_id,
        decision.c.kind == "undo",
        decision.c.changes.is_not(None),
    )
    if until is None:
        return rows.c.id.not_in(undone)
    return and_(rows.c.id <= until, rows.c.id.not_in(undone.where(decision.c.id <= until)))


def finishes(rows) -> ColumnElement[bool]:
    """Keep rows of the log that finish a note.

    Parameters
    ----------
    rows : Table or Alias
        ``decision``, or an alias of it.

    Returns
    -------
    ColumnElement
        A condition for WHERE.
    """
    is_done = and_(rows.c.kind == "done", func.coalesce(rows.c.answer, "") != "open")
    return or_(is_done, rows.c.kind == "final")


def first_done(project_id: int) -> Select:
    """Select when each reader first finished each note.

    Parameters
    ----------
    project_id : int
        Of the notes.

    Returns
    -------
    Select
        ``note_id``, ``reader`` and ``first``, the id of that row of the log.
    """
    rows = decision.alias("finishing")
    return (
        select(rows.c.note_id, rows.c.reader, func.min(rows.c.id).label("first"))
        .where(rows.c.project_id == project_id, finishes(rows), standing(rows, project_id))
        .group_by(rows.c.note_id, rows.c.reader)
    )
