"""Facts of a note follow the newest delivery; its text never changes, as decisions refer to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Row, bindparam, select, update

from classifier.note import Note
from review.settings import FACTS
from review.standing import standing
from review.tables import decision, note

EARLIER = "unheard: earlier facts"
"""Under this name ``note.meta`` keeps what facts were before: a list of ``delivery`` (the id of the
one that brought others), ``at``, and ``facts`` and ``meta`` as they were, oldest first."""

RENEWED = ("received", "person", *FACTS)
"""Columns of ``note`` that a later delivery may set anew."""


@dataclass(frozen=True)
class Said:
    """What a delivery says of one note, beside its text.

    Parameters
    ----------
    columns : mapping of str to str or None
        Those of ``RENEWED`` that it speaks of; None where its cell is empty.
    meta : mapping
        Other columns.
    """

    columns: Mapping[str, str | None]
    meta: Mapping[str, object] = field(repr=False)


def read_said(one: Note, facts: Mapping[str, str]) -> Said:
    """Read what a delivery says of a note.

    Parameters
    ----------
    one : Note
        As it was read from the file.
    facts : mapping of str to str
        Columns of facts, each in the ``meta`` of the note.

    Returns
    -------
    Said
        Without what the file has no column for. An empty date or person says nothing, either.
    """
    places = {"received": "received", "person": "person", **facts}
    columns = {name: value_of(one, column) for name, column in places.items() if column in one.meta}
    apart = {*places.values(), EARLIER}
    return Said(columns, {name: value for name, value in one.meta.items() if name not in apart})


def value_of(one: Note, column: str) -> str | None:
    """Read what a column holds.

    Parameters
    ----------
    one : Note
        With the column in its ``meta``.
    column : str
        Name of the column.

    Returns
    -------
    str or None
        Without outer white space; None if nothing.
    """
    value = one.meta.get(column)
    return None if value is None else str(value).strip() or None


def renew(
    connection: Connection,
    project_id: int,
    delivery_id: int,
    at: str,
    pairs: Sequence[tuple[Row, Said]],
) -> int:
    """Set facts anew where a delivery says others, and keep what they were.

    A note follows its person into another case unless a reader has put it in one.

    Parameters
    ----------
    connection : Connection
        Of the delivery's transaction.
    project_id, delivery_id : int
        Of the delivery.
    at : str
        When it came.
    pairs : sequence of (Row, Said)
        Each note as it stands (``id``, ``meta`` and ``RENEWED``), once, and what is said of it now.

    Returns
    -------
    int
        Notes of which some fact is another now.
    """
    rows, moved = [], []
    for before, said in pairs:
        if values := _renewed(before, said, {"delivery": delivery_id, "at": at}):
            rows.append({f"now_{name}": value for name, value in values.items()})
            rows[-1]["of_note"] = before.id
            if values["person"] != before.person:
                moved.append(before.id)
    if rows:
        connection.execute(
            update(note)
            .where(note.c.id == bindparam("of_note"))
            .values({name: bindparam(f"now_{name}") for name in (*RENEWED, "meta")}),
            rows,
        )
    if moved:
        _follow_persons(connection, project_id, moved)
    return len(rows)


def _renewed(before: Row, said: Said, by: Mapping[str, object]) -> dict[str, object] | None:
    """Give the new values of a note, or None if nothing is said that it does not say already."""
    now = {name: getattr(before, name) for name in RENEWED}
    facts = {name: now[name] for name, value in said.columns.items() if value != now[name]}
    meta = {
        name: before.meta.get(name)
        for name, value in said.meta.items()
        if name not in before.meta or value != before.meta[name]
    }
    if not facts and not meta:
        return None
    earlier = [*before.meta.get(EARLIER, ()), {**by, "facts": facts, "meta": meta}]
    return {**now, **said.columns, "meta": {**before.meta, **said.meta, EARLIER: earlier}}


def _follow_persons(connection: Connection, project_id: int, note_ids: Sequence[int]) -> None:
    """Put notes in the case of their person, unless a reader put them in one."""
    of_these = note.c.id.in_(note_ids)
    connection.execute(select(note.c.id).where(of_these).order_by(note.c.id).with_for_update())
    rows = decision.alias("of_cases")
    said = select(rows.c.note_id).where(
        rows.c.note_id.in_(note_ids), rows.c.kind == "case", standing(rows, project_id)
    )
    connection.execute(
        update(note).where(of_these, note.c.id.not_in(said)).values(case_ref=note.c.person)
    )
