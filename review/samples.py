"""What drawn samples say, once they were read: from the store, by the plans kept with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Row, select

from review.decision_log import read_readings
from review.drawing import unread_pile
from review.elusion import ELUSION, ElusionPlan, ElusionResult, judge_elusion
from review.queues import find_queue, read_drawn
from review.sampling import Estimate, estimate
from review.settled import read_settled, settled_readings
from review.store import Store


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


def read_elusion_plan(plan: dict) -> ElusionPlan:
    """Read what `review.drawing.plan_and_draw_elusion` stored.

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
        Of a queue that `review.drawing.plan_and_draw_elusion` made.

    Returns
    -------
    ElusionResult
        With its sentence.

    Raises
    ------
    ValueError
        If the queue is of another kind, or not all of it was read.
    """
    made, drawn, answers = _read(store, queue_id)
    if made.kind != ELUSION:
        raise ValueError(
            f"queue {queue_id} is of kind {made.kind!r}; only notes that were drawn for a plan "
            "from the unread pile bound what was missed"
        )
    plan = read_elusion_plan(made.plan)
    with store.read() as connection:
        pile = unread_pile(made.project_id, made.plan["until"], made.plan["newest_note"])
        settled = settled_readings(made.project_id).subquery("settled")
        found = connection.scalars(
            select(settled.c.note_id).where(
                settled.c.labels != "",
                settled.c.note_id <= made.plan["newest_note"],
                settled.c.note_id.not_in(pile),
            )
        )
        n_found = len(set(found) - set(drawn))
    hits = sum(answer is not False for answer in answers.values())
    return judge_elusion(plan, hits, len(answers), n_found, kind=made.kind)


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
    made, drawn, answers = _read(store, queue_id)
    if made.kind != "random":
        raise ValueError(
            f"queue {queue_id} is of kind {made.kind!r}; only a random draw gives a share of all "
            "notes"
        )
    return estimate(drawn, _settled_only(answers))


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
    made, left, answers = _read(store, queue_id)
    if made.kind != "dip":
        raise ValueError(f"queue {queue_id} is of kind {made.kind!r}, not a dip sample")
    answers = _settled_only(answers)
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
    _, drawn, answers = _read(store, queue_id)
    return Progress(len(drawn), len(answers), sum(answer is None for answer in answers.values()))


def _read(store: Store, queue_id: int) -> tuple[Row, list[int], dict[int, bool | None]]:
    """Read a drawn queue, its notes in order, and what was made of those that were read."""
    with store.read() as connection:
        made = find_queue(connection, queue_id)
        drawn = read_drawn(connection, queue_id)
        settled = read_settled(connection, made.project_id, drawn)
    return made, drawn, _tell(store, settled)


def _tell(store: Store, settled: Mapping[int, Row]) -> dict[int, bool | None]:
    """Tell of each note that was read whether it holds evidence; None if unsettled."""
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
