"""Time how fast the room opens a queue, filters it and goes on, with very many notes.

Run: ``python benchmarks/queue.py``. The last line is one JSON object. The notes are put together
from the synthetic corpus, facts and evidence are drawn by a seed. ``open`` reads a page of the
queue, its first note and the findings in it; ``filter`` reads a page of each of several filters;
``next`` claims the next note and reads it. Each is what a screen asks of the store, without the
screen. Other tools were not measured beside it: none is installed here.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = str(Path(__file__).parent)

if __name__ != "__main__":
    # another script of this folder wants the standard library's module of this name
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("queue", Path(sys.modules["os"].__file__).with_name("queue.py"))
    sys.modules[__name__] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules[__name__])
else:
    sys.path[:] = [path for path in sys.path if path != HERE]

    import argparse
    import json
    import tempfile
    import time
    from collections.abc import Callable, Iterator
    from datetime import datetime, timedelta
    from statistics import median

    import numpy as np
    from sqlalchemy import insert, select

    from classifier.labels import load_labels
    from classifier.note import Note
    from review.decisions import Decision, record
    from review.deliveries import deliver
    from review.projects import create_project
    from review.queue import Filters, claim_next, list_page, neighbours, read_note
    from review.scoring import read_findings
    from review.settings import FACTS
    from review.store import Store, now, open_store
    from review.tables import finding, note, reading, run, score
    from training.corpus import read_corpus

    NOTES = 100_000
    ROUNDS = 9
    CHUNK = 5_000
    SEED = 0

    VALUES = {
        "team": [f"Team {letter}" for letter in "ABCDEFGH"],
        "handler": [str(number) for number in range(3000, 3150)],
        "grade": ["1", "2", "3", "4"],
        "da_flag": ["Y", "N", ""],
        "risk": ["DASH Standard", "DASH Medium", "DASH High", ""],
        "closing": [f"Z{number:02d}" for number in range(30)],
        "call_type": [f"C{number:02d}" for number in range(40)],
    }

    FILTERS = {
        "label": Filters(labels=("monitoring",)),
        "rare label": Filters(labels=("sexual_coercion",), teams=("Team C",)),
        "team, dates": Filters(teams=("Team A",), since="2024-03-01", until="2024-05-31"),
        "words": Filters(words="checks her phone"),
        "common word": Filters(words="the"),
        "status": Filters(status="unread"),
        "read": Filters(status="read"),
        "newest": Filters(order="newest"),
        "random": Filters(order="random"),
        "with findings": Filters(with_findings=True),
    }

    def make_notes(count: int, draws: np.random.Generator) -> Iterator[Note]:
        """Put notes together: one to three of the corpus, with facts of a call log."""
        texts = [one.text for one in read_corpus() if one.meta["unit"] == "note"]
        begun = datetime(2023, 1, 1)
        for number in range(count):
            parts = draws.choice(len(texts), size=draws.integers(1, 4))
            meta = {fact: values[draws.integers(len(values))] for fact, values in VALUES.items()}
            meta["received"] = (begun + timedelta(minutes=10 * number)).isoformat()
            meta["person"] = f"P-{draws.integers(count // 2)}"
            yield Note(f"N-{number:07d}", "\n".join(texts[i] for i in parts), meta=meta)

    def add_evidence(store: Store, project_id: int, draws: np.random.Generator) -> int:
        """Draw a score for each note, up to six findings for a third of them, some readings."""
        labels = load_labels().ids
        shares = draws.dirichlet(np.ones(len(labels)))
        with store.write() as connection:
            ids = connection.scalars(
                select(note.c.id).where(note.c.project_id == project_id).order_by(note.c.id)
            ).all()
            made = connection.execute(
                insert(run).values(
                    project_id=project_id,
                    model="drawn",
                    sha256="0" * 64,
                    thresholds={},
                    n_notes=len(ids),
                    at=now(),
                    ended=now(),
                )
            )
            run_id = made.inserted_primary_key[0]
            for first in range(0, len(ids), CHUNK):
                some = ids[first : first + CHUNK]
                counts = draws.integers(1, 7, len(some)) * (draws.random(len(some)) < 1 / 3)
                own = [{"run_id": run_id, "note_id": id} for id in some]
                rows = zip(
                    own, draws.beta(0.4, 2, len(some)).tolist(), counts.tolist(), strict=True
                )
                scores = [key | {"evidence": round(e, 6), "n_findings": n} for key, e, n in rows]
                connection.execute(insert(score), scores)
                findings = [
                    {"run_id": run_id, "note_id": one["note_id"], "start": start, "end": start + 20}
                    | {"label": labels[draws.choice(len(labels), p=shares)]}
                    | {"context": "affirmed", "score": 0.5}
                    for one in scores
                    for start in range(0, 30 * one["n_findings"], 30)
                ]
                connection.execute(insert(finding), findings)
                readings = [
                    {"note_id": id, "reader": "Bo", "project_id": project_id, "labels": ""}
                    | {"is_done": bool(draws.random() < 0.9), "last_id": 0, "at": now()}
                    for id in some
                    if draws.random() < 0.1
                ]
                connection.execute(insert(reading), readings)
        return run_id

    def measure(work: Callable[[], object]) -> float:
        """Give the median time of some rounds in milliseconds."""
        times = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            work()
            times.append(time.perf_counter() - begun)
        return 1000 * median(times)

    def measure_all(store: Store, project_id: int, queue_id: int, run_id: int) -> dict[str, float]:
        """Measure every deed in milliseconds."""

        def open_queue(filters: Filters = Filters()) -> None:  # noqa: B008
            page = list_page(store, queue_id, run_id, "Ann", filters)
            if page.rows:
                read_note(store, page.rows[0].note_id)
                read_findings(store, run_id, page.rows[0].note_id)

        def go_on(filters: Filters = Filters()) -> None:  # noqa: B008
            id = claim_next(store, queue_id, run_id, "Ann", filters)
            if id is None:
                return
            read_note(store, id)
            read_findings(store, run_id, id)
            neighbours(store, queue_id, run_id, "Ann", filters, id)
            asked.append(id)

        def decide() -> None:
            record(store, [Decision(project_id, asked.pop(), "Ann", "done", queue_id=queue_id)])

        asked: list[int] = []
        times = {"open": measure(open_queue)}
        times |= {
            f"filter: {name}": measure(lambda filters=filters: open_queue(filters))
            for name, filters in FILTERS.items()
        }
        times["next"] = measure(go_on)
        times["decide"] = measure(decide)
        times["next: label"] = measure(lambda: go_on(FILTERS["label"]))
        return times

    def main() -> None:
        """Fill a store, measure, and print a table and one JSON object."""
        parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
        parser.add_argument("--notes", type=int, default=NOTES)
        parser.add_argument("--store", metavar="URL", help="an empty PostgreSQL database")
        options = parser.parse_args()
        with tempfile.TemporaryDirectory(prefix="unheard-queue-") as folder:
            store = open_store(options.store or Path(folder) / "review.db")
            project = create_project(store, "Benchmark", by="Ann")
            draws = np.random.default_rng(SEED)
            begun = time.perf_counter()
            facts = {fact: fact for fact in FACTS}
            notes = make_notes(options.notes, draws)
            deliver(store, project.id, notes, name="made", by="Ann", facts=facts)
            print(f"delivered in {time.perf_counter() - begun:.0f} s", flush=True)
            run_id = add_evidence(store, project.id, draws)
            times = measure_all(store, project.id, project.ranked_queue, run_id)
            store.close()
        for name, value in times.items():
            print(f"{name:24} {value:7.1f} ms")
        filters = [value for name, value in times.items() if name.startswith("filter")]
        result = {"notes": options.notes, "open_ms": times["open"], "filter_ms": median(filters)}
        result |= {"filter_slowest_ms": max(filters), "next_ms": times["next"]}
        print(json.dumps({name: round(value, 1) for name, value in result.items()}))

    if __name__ == "__main__":
        main()
