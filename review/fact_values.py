"""Which values the facts of a project's notes have."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from review.settings import FACTS
from review.store import Store
from review.tables import note

MAX_VALUES = 200
"""Values of a fact that are offered to filter by."""


def facts_of(store: Store, project_id: int) -> dict[str, list[str]]:
    """List the values that facts have, to filter by.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the project.

    Returns
    -------
    dict of str to list of str
        For each of ``settings.FACTS`` its values in order, ``MAX_VALUES`` at most.
    """
    with store.read() as connection:
        return {fact: list_values(connection, project_id, fact, most=MAX_VALUES) for fact in FACTS}


def list_values(
    connection: Connection, project_id: int, fact: str, *, most: int | None = None
) -> list[str]:
    """List the values of a fact, leaping along its index from each to the next.

    Parameters
    ----------
    connection : Connection
        To read with.
    project_id : int
        Of the project.
    fact : str
        One of ``settings.FACTS``.
    most : int, optional
        How many at most; all if not given.

    Returns
    -------
    list of str
        In order, without an empty one.
    """
    value = note.c[fact]
    is_ours = note.c.project_id == project_id
    leaps = select(func.min(value).label("value")).where(is_ours).cte("leaps", recursive=True)
    onward = select(func.min(value)).where(is_ours, value > leaps.c.value).scalar_subquery()
    leaps = leaps.union_all(select(onward).where(leaps.c.value.is_not(None)))
    found = select(leaps.c.value).where(leaps.c.value != "").limit(most)
    return sorted(connection.scalars(found))
