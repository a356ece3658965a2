"""What the review screen asks of our store, timed."""

from __future__ import annotations

from queue_timing import Timing, measure

from review.decision_log import record
from review.decisions import Decision
from review.projects import Project
from review.queue import Filters, claim_next, list_page, neighbours, read_note
from review.scoring import read_findings
from review.store import Store

FILTERS = {
    "label": Filters(labels=("monitoring",)),
    "rare label, team": Filters(labels=("sexual_coercion",), teams=("Team C",)),
    "team": Filters(teams=("Team A",)),
    "team, dates": Filters(teams=("Team A",), since="2024-03-01", until="2024-05-31"),
    "words": Filters(words="her phone"),
    "common word": Filters(words="the"),
    "unread": Filters(status="unread"),
    "read": Filters(status="read"),
    "newest": Filters(order="newest"),
    "random": Filters(order="random"),
    "with findings": Filters(with_findings=True),
}


def measure_store(store: Store, project: Project, run_id: int) -> dict[str, Timing]:
    """Time every deed: a page of the list with its first note, filters, and the next note."""
    queue_id, reader = project.ranked_queue, "Ann"
    opened: list[int] = []

    def open_queue(filters: Filters) -> int:
        page = list_page(store, queue_id, run_id, reader, filters)
        if page.rows:
            read_note(store, page.rows[0].note_id)
            read_findings(store, run_id, page.rows[0].note_id)
        return page.total

    def go_on(filters: Filters) -> None:
        id = claim_next(store, queue_id, run_id, reader, filters)
        if id is None:
            return
        read_note(store, id)
        read_findings(store, run_id, id)
        neighbours(store, queue_id, run_id, reader, filters, id)
        opened.append(id)

    def finish() -> None:
        if opened:
            decision = Decision(project.id, opened.pop(), reader, "done", queue_id=queue_id)
            record(store, [decision])

    plain = Filters()
    times = {"open": measure(lambda: open_queue(plain))}
    for name, filters in FILTERS.items():
        times[f"filter: {name}"] = measure(lambda filters=filters: open_queue(filters))
    times["next"] = measure(lambda: go_on(plain), before=finish)
    times["next with a label"] = measure(lambda: go_on(FILTERS["label"]), before=finish)
    times["finish a note"] = measure(finish, before=lambda: go_on(plain))
    return times
