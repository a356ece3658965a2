"""Samples drawn from the store: their plans are stored before the first note is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Select, func, select

from review.bounds import LEVEL
from review.elusion import ELUSION, plan_elusion
from review.projects import lock_project
from review.queues import add_queue
from review.sampling import draw, draw_strata
from review.settled import month_of
from review.standing import finishes, standing
from review.store import Store
from review.tables import decision, note

NO_TEAM = "no team"


def draw_random(store: Store, project_id: int, n: int, *, seed: int, by: str) -> int:
    """Draw notes at random from all notes of a project, read or not.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the notes.
    n : int
        How many to draw.
    seed : int
        From 0; stored with the sample.
    by : str
        Who draws.

    Returns
    -------
    int
        Id of the new queue.

    Raises
    ------
    ValueError
        If there are fewer notes, or none is wanted.
    """
    if n < 1:
        raise ValueError(f"notes to draw must be 1 or more, got {n}")
    name = f"Random sample of {n:,}, seed {seed}"
    with store.write() as connection:
        lock_project(connection, project_id)
        ids = connection.scalars(select(note.c.id).where(note.c.project_id == project_id)).all()
        drawn = draw(ids, n, seed=seed)
        plan = {"notes": len(ids), "n": n}
        return add_queue(connection, project_id, name, "random", drawn, by=by, seed=seed, plan=plan)


def count_unread(store: Store, project_id: int) -> int:
    """Count the notes that nobody has finished.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the notes.

    Returns
    -------
    int
        The pile that an elusion sample would be drawn from.
    """
    with store.read() as connection:
        until, newest = _last(connection, project_id)
        found = unread_pile(project_id, until, newest).subquery()
        return connection.scalar(select(func.count()).select_from(found))


def plan_and_draw_elusion(
    store: Store,
    project_id: int,
    run_id: int | None,
    at_most: float,
    *,
    level: float = LEVEL,
    expected_hits: int = 0,
    by: str,
    seed: int,
) -> int:
    """Plan an elusion sample of the notes that nobody has finished, draw it and store both.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the notes.
    run_id : int or None
        The run by whose order the notes were read; kept with the plan.
    at_most : float
        Share of the unread pile, in (0, 1), that the claim is to name.
    level : float
        In (0, 1).
    expected_hits : int
        Hits for which to leave room.
    by : str
        Who plans.
    seed : int
        From 0; stored with the sample.

    Returns
    -------
    int
        Id of the new queue. Its plan holds the ``ElusionPlan`` and where the log and the notes
        ended at the draw, by which the pile can be told again at any time.

    Raises
    ------
    ValueError
        If the pile is empty or the plan cannot be made.
    """
    with store.write() as connection:
        lock_project(connection, project_id)
        until, newest = _last(connection, project_id)
        pile = connection.scalars(unread_pile(project_id, until, newest)).all()
        if not pile:
            raise ValueError("every note of this project was read; there is no pile to draw from")
        plan = plan_elusion(len(pile), at_most=at_most, level=level, expected_hits=expected_hits)
        kept = {"plan": asdict(plan), "run": run_id, "until": until, "newest_note": newest}
        name = f"Elusion sample, {plan.n:,} of {len(pile):,} unread, seed {seed}"
        drawn = draw(pile, plan.n, seed=seed)
        return add_queue(connection, project_id, name, ELUSION, drawn, by=by, seed=seed, plan=kept)


def draw_dip(store: Store, project_id: int, per_group: int, *, by: str, seed: int) -> int:
    """Draw so many notes at random from each team in each month.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the notes.
    per_group : int
        Notes wanted from each team in each month; smaller groups are taken whole.
    by : str
        Who draws.
    seed : int
        From 0; stored with the sample.

    Returns
    -------
    int
        Id of the new queue; its plan lists the groups with their sizes, in the order of the notes.

    Raises
    ------
    ValueError
        If the project has no notes or none are wanted.
    """
    if per_group < 1:
        raise ValueError(f"notes of each team and month must be 1 or more, got {per_group}")
    name = f"Dip sample, {per_group} of each team and month, seed {seed}"
    with store.write() as connection:
        lock_project(connection, project_id)
        groups = _groups(connection, project_id)
        if not groups:
            raise ValueError(f"project {project_id} has no notes to draw from")
        drawn = draw_strata(groups, per_group, seed=seed)
        parts = [{"group": one.group, "size": one.size, "n": len(one.ids)} for one in drawn]
        ids = [id for one in drawn for id in one.ids]
        plan = {"per_group": per_group, "groups": parts}
        return add_queue(connection, project_id, name, "dip", ids, by=by, seed=seed, plan=plan)


def _groups(connection: Connection, project_id: int) -> dict[str, list[int]]:
    """Give the notes of each team in each month."""
    groups: dict[str, list[int]] = {}
    columns = select(note.c.id, note.c.team, note.c.received)
    for row in connection.execute(columns.where(note.c.project_id == project_id)):
        name = f"{(row.team or '').strip() or NO_TEAM}, {month_of(row.received)}"
        groups.setdefault(name, []).append(row.id)
    return groups


def _last(connection: Connection, project_id: int) -> Sequence[int]:
    """Give the newest row of the log and the newest note of a project; 0 where there is none."""
    until = select(func.max(decision.c.id)).where(decision.c.project_id == project_id)
    newest = select(func.max(note.c.id)).where(note.c.project_id == project_id)
    return connection.scalar(until) or 0, connection.scalar(newest) or 0


def unread_pile(project_id: int, until: int, newest: int) -> Select:
    """Select the notes that nobody had finished at some time, now or long after it.

    Parameters
    ----------
    project_id : int
        Of the notes.
    until : int
        Id of the last row of the log at that time.
    newest : int
        Id of the last note at that time.

    Returns
    -------
    Select
        Of note ids.
    """
    rows = decision.alias("finishing")
    last = (
        select(func.max(rows.c.id))
        .where(
            rows.c.project_id == project_id,
            rows.c.kind.in_(("done", "final")),
            standing(rows, project_id, until),
        )
        .group_by(rows.c.note_id, rows.c.reader)
    )
    ends = decision.alias("ends")
    read = select(ends.c.note_id).where(ends.c.id.in_(last), finishes(ends))
    return select(note.c.id).where(
        note.c.project_id == project_id, note.c.id <= newest, note.c.id.not_in(read)
    )
