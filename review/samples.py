"""Samples drawn from the store: their plans are stored before the first note is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Row, Select, func, select

from review.bounds import LEVEL
from review.decisions import read_readings
from review.elusion import ELUSION, ElusionPlan, ElusionResult, judge_elusion, plan_elusion
from review.queue import make_queue
from review.sampling import Estimate, draw, draw_strata, estimate
from review.settled import (
    finishes,
    month_of,
    read_drawn,
    read_settled,
    settled_readings,
    standing,
)
from review.store import Store
from review.tables import decision, note, queue

NO_TEAM = "no team"


@dataclass(frozen=True)
class Progress:
    """How far the reading of a drawn queue is.

    Parameters
    ----------
    drawn : int
        Notes of the draw.
    read : int
        Finished by somebody.
    unsettled : int
        Of these, without a confirmed phrase though the reader was unsure of one, or named an
        outcome that speaks of evidence.
    """

    drawn: int
    read: int
    unsettled: int


@dataclass(frozen=True)
class GroupEstimate:
    """What a dip sample says of one team in one month.

    Parameters
    ----------
    group : str
        Team and month.
    size : int
        Notes that it had at the draw.
    result : Estimate
        Of the notes of this group.
    """

    group: str
    size: int
    result: Estimate


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
    with store.read() as connection:
        ids = connection.scalars(select(note.c.id).where(note.c.project_id == project_id)).all()
    drawn = draw(ids, n, seed=seed)
    name = f"Random sample of {n:,}, seed {seed}"
    plan = {"notes": len(ids), "n": n}
    return make_queue(store, project_id, name, "random", drawn, by=by, seed=seed, plan=plan)


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
        found = _pile(project_id, until, newest).subquery()
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
    with store.read() as connection:
        until, newest = _last(connection, project_id)
        pile = connection.scalars(_pile(project_id, until, newest)).all()
    if not pile:
        raise ValueError("every note of this project was read; there is no pile to draw from")
    plan = plan_elusion(len(pile), at_most=at_most, level=level, expected_hits=expected_hits)
    kept = {"plan": asdict(plan), "run": run_id, "until": until, "newest_note": newest}
    name = f"Elusion sample, {plan.n:,} of {len(pile):,} unread, seed {seed}"
    drawn = draw(pile, plan.n, seed=seed)
    return make_queue(store, project_id, name, ELUSION, drawn, by=by, seed=seed, plan=kept)


def read_elusion_plan(plan: dict) -> ElusionPlan:
    """Read what `plan_and_draw_elusion` stored.

    Parameters
    ----------
    plan : dict
        Of a queue of kind ``"elusion"``.

    Returns
    -------
    ElusionPlan
        As drawn.
    """
    return ElusionPlan(**plan["plan"])


def elusion_result(store: Store, queue_id: int) -> ElusionResult:
    """Say what an elusion sample shows, once all of it was read.

    A note counts as a hit if its settled reading confirms a phrase, is unsure of one, or names an
    outcome that speaks of evidence. What was found before are notes outside the pile with a
    confirmed phrase.

    Parameters
    ----------
    store : Store
        Open.
    queue_id : int
        Of a queue that `plan_and_draw_elusion` made.

    Returns
    -------
    ElusionResult
        With its sentence.

    Raises
    ------
    ValueError
        If the queue is of another kind, or not all of it was read.
    """
    made = _read_queue(store, queue_id)
    if made.kind != ELUSION:
        raise ValueError(
            f"queue {queue_id} is of kind {made.kind!r}; only notes that were drawn for a plan "
            "from the unread pile bound what was missed"
        )
    plan = read_elusion_plan(made.plan)
    answers = _answers(store, made.project_id, queue_id)
    with store.read() as connection:
        drawn = set(read_drawn(connection, queue_id))
        pile = _pile(made.project_id, made.plan["until"], made.plan["newest_note"])
        settled = settled_readings(made.project_id).subquery("settled")
        found = connection.scalars(
            select(settled.c.note_id).where(
                settled.c.labels != "",
                settled.c.note_id <= made.plan["newest_note"],
                settled.c.note_id.not_in(pile),
            )
        )
        n_found = len(set(found) - drawn)
    hits = sum(answer is not False for answer in answers.values())
    return judge_elusion(plan, hits, len(answers), n_found, kind=made.kind)


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
    groups: dict[str, list[int]] = {}
    with store.read() as connection:
        columns = select(note.c.id, note.c.team, note.c.received)
        for row in connection.execute(columns.where(note.c.project_id == project_id)):
            name = f"{(row.team or '').strip() or NO_TEAM}, {month_of(row.received)}"
            groups.setdefault(name, []).append(row.id)
    if not groups:
        raise ValueError(f"project {project_id} has no notes to draw from")
    drawn = draw_strata(groups, per_group, seed=seed)
    parts = [{"group": one.group, "size": one.size, "n": len(one.ids)} for one in drawn]
    ids = [id for one in drawn for id in one.ids]
    name = f"Dip sample, {per_group} of each team and month, seed {seed}"
    plan = {"per_group": per_group, "groups": parts}
    return make_queue(store, project_id, name, "dip", ids, by=by, seed=seed, plan=plan)


def random_result(store: Store, queue_id: int) -> Estimate:
    """Estimate the share of notes with confirmed evidence from a random draw.

    Parameters
    ----------
    store : Store
        Open.
    queue_id : int
        Of a queue of kind ``"random"``.

    Returns
    -------
    Estimate
        Up to the first note that nobody has read, or that is not settled.

    Raises
    ------
    ValueError
        If the queue is of another kind.
    """
    made = _read_queue(store, queue_id)
    if made.kind != "random":
        raise ValueError(
            f"queue {queue_id} is of kind {made.kind!r}; only a random draw gives a share of all "
            "notes"
        )
    with store.read() as connection:
        drawn = read_drawn(connection, queue_id)
    return estimate(drawn, _settled_only(_answers(store, made.project_id, queue_id)))


def dip_results(store: Store, queue_id: int) -> list[GroupEstimate]:
    """Estimate the share of notes with confirmed evidence, group by group of a dip sample.

    Parameters
    ----------
    store : Store
        Open.
    queue_id : int
        Of a queue of kind ``"dip"``.

    Returns
    -------
    list of GroupEstimate
        In order of the groups' names; groups are drawn from unequally, so there is no total.

    Raises
    ------
    ValueError
        If the queue is of another kind.
    """
    made = _read_queue(store, queue_id)
    if made.kind != "dip":
        raise ValueError(f"queue {queue_id} is of kind {made.kind!r}, not a dip sample")
    answers = _settled_only(_answers(store, made.project_id, queue_id))
    with store.read() as connection:
        left = read_drawn(connection, queue_id)
    results = []
    for part in made.plan["groups"]:
        own, left = left[: part["n"]], left[part["n"] :]
        told = {id: answers[id] for id in own if id in answers}
        results.append(GroupEstimate(part["group"], part["size"], estimate(own, told)))
    return results


def read_progress(store: Store, queue_id: int) -> Progress:
    """Tell how far the reading of a drawn queue is.

    Parameters
    ----------
    store : Store
        Open.
    queue_id : int
        Of the queue.

    Returns
    -------
    Progress
        Whoever read the notes, and from which queue.
    """
    made = _read_queue(store, queue_id)
    answers = _answers(store, made.project_id, queue_id)
    with store.read() as connection:
        drawn = len(read_drawn(connection, queue_id))
    return Progress(drawn, len(answers), sum(answer is None for answer in answers.values()))


def _read_queue(store: Store, queue_id: int) -> Row:
    """Read kind, project and plan of a queue."""
    columns = select(queue.c.kind, queue.c.project_id, queue.c.plan)
    with store.read() as connection:
        row = connection.execute(columns.where(queue.c.id == queue_id)).first()
    if row is None:
        raise ValueError(f"the store has no queue {queue_id}")
    return row


def _answers(store: Store, project_id: int, queue_id: int) -> dict[int, bool | None]:
    """Tell of each note of a draw that was read whether it holds evidence; None if unsettled."""
    with store.read() as connection:
        ids = read_drawn(connection, queue_id)
        settled = read_settled(connection, project_id, ids)
    open_ids = [id for id, one in settled.items() if not one.labels]
    unsure = {
        one.note_id
        for one in read_readings(store, open_ids)
        if one.reader == settled[one.note_id].reader
        and any(answer.answer == "unsure" for answer in one.answers.values())
    }
    return {
        id: True if one.labels else None if id in unsure or _speaks(one.outcome) else False
        for id, one in settled.items()
    }


def _speaks(outcome: str | None) -> bool:
    """Tell whether an outcome speaks of evidence."""
    return outcome not in (None, "none")


def _settled_only(answers: dict[int, bool | None]) -> dict[int, bool]:
    """Leave out notes that are not settled."""
    return {id: answer for id, answer in answers.items() if answer is not None}


def _last(connection: Connection, project_id: int) -> Sequence[int]:
    """Give the newest row of the log and the newest note of a project; 0 where there is none."""
    until = select(func.max(decision.c.id)).where(decision.c.project_id == project_id)
    newest = select(func.max(note.c.id)).where(note.c.project_id == project_id)
    return connection.scalar(until) or 0, connection.scalar(newest) or 0


def _pile(project_id: int, until: int, newest: int) -> Select:
    """Select the notes that nobody had finished when the log ended at `until`."""
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
