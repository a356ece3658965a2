"""Second readers: a blind share of what was read goes to somebody who has not seen it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Select, select

from review.projects import lock_project
from review.queues import add_queue
from review.sampling import draw
from review.store import Store
from review.tables import queue, queue_note, reading


def draw_second(
    store: Store, project_id: int, share: float, readers: Sequence[str], *, by: str, seed: int
) -> int:
    """Give a random share of the notes that were read to somebody who has not seen them.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the notes.
    share : float
        In (0, 1], of the finished notes that are not settled and had no second reader yet.
    readers : sequence of str
        Who may read; each note goes to the one with the fewest so far who has no word on it.
    by : str
        Who draws.
    seed : int
        From 0; stored with the sample.

    Returns
    -------
    int
        Id of the new, blind queue.

    Raises
    ------
    ValueError
        If there is no such share, nothing was read yet, or the readers have read it all.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share must be above 0 and at most 1, got {share}")
    names = tuple(dict.fromkeys(name.strip() for name in readers if name.strip()))
    with store.write() as connection:
        lock_project(connection, project_id)
        pool = _read_once(connection, project_id)
        given, plan = _share_out(pool, share, names, seed)
        return add_queue(
            connection,
            project_id,
            f"Second reader, {len(given):,} of {len(pool):,} read, seed {seed}",
            "second",
            list(given),
            by=by,
            seed=seed,
            plan=plan,
            is_blind=True,
            readers=given,
        )


def _share_out(
    pool: Mapping[int, set[str]], share: float, names: Sequence[str], seed: int
) -> tuple[dict[int, str], dict[str, object]]:
    """Draw notes and name a reader for each; give the plan, too."""
    free = {id: [name for name in names if name not in seen] for id, seen in pool.items()}
    able = [id for id, left in free.items() if left]
    n = max(1, round(share * len(pool)))
    if n > len(able):
        raise ValueError(
            f"{n} notes are wanted, {len(able)} of {len(pool)} finished notes have a reader left "
            "among those named; name others, or take a smaller share"
        )
    load = dict.fromkeys(names, 0)
    given: dict[int, str] = {}
    for id in draw(able, n, seed=seed):
        given[id] = min(free[id], key=lambda name: (load[name], names.index(name)))
        load[given[id]] += 1
    plan = {"share": share, "pool": len(pool), "able": len(able), "n": n, "readers": list(names)}
    return given, plan


def drawn_for_second(project_id: int) -> Select:
    """Select the notes that were drawn for second readers.

    Parameters
    ----------
    project_id : int
        Of the notes.

    Returns
    -------
    Select
        Of note ids.
    """
    return (
        select(queue_note.c.note_id)
        .join(queue, queue.c.id == queue_note.c.queue_id)
        .where(queue.c.project_id == project_id, queue.c.kind == "second")
    )


def _read_once(connection: Connection, project_id: int) -> dict[int, set[str]]:
    """Give finished, unsettled notes without a second reader, and who has a word on each."""
    columns = (reading.c.note_id, reading.c.reader, reading.c.is_done, reading.c.is_final)
    seen: dict[int, set[str]] = {}
    done, settled = set(), set()
    found = select(*columns).where(
        reading.c.project_id == project_id,
        reading.c.note_id.not_in(drawn_for_second(project_id)),
    )
    for row in connection.execute(found.order_by(reading.c.note_id)):
        seen.setdefault(row.note_id, set()).add(row.reader)
        done |= {row.note_id} if row.is_done else set()
        settled |= {row.note_id} if row.is_final else set()
    return {id: names for id, names in seen.items() if id in done - settled}
