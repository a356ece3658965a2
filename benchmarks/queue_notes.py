"""Notes in great number for the benchmark of the queue: made up, stored, and written for others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import insert, select

from classifier.labels import load_labels
from classifier.note import Note
from review.deliveries import deliver
from review.projects import Project, create_project
from review.settings import FACTS
from review.store import Store, now
from review.tables import finding, note, reading, run, score
from training.corpus import read_corpus

CHUNK = 5_000
SEED = 0
LENGTH = 20
"""Characters of a finding."""

VALUES = {
    "team": [f"Team {letter}" for letter in "ABCDEFGH"],
    "handler": [str(number) for number in range(3000, 3150)],
    "grade": ["1", "2", "3", "4"],
    "da_flag": ["Y", "N", ""],
    "risk": ["DASH Standard", "DASH Medium", "DASH High", ""],
    "closing": [f"Z{number:02d}" for number in range(30)],
    "call_type": [f"C{number:02d}" for number in range(40)],
}


def fill(store: Store, count: int) -> tuple[Project, int]:
    """Put notes, a run and some readings into an empty store; give the project and the run."""
    draws = np.random.default_rng(SEED)
    project = create_project(store, "Benchmark", by="Ann")
    facts = {fact: fact for fact in FACTS}
    deliver(store, project.id, make_notes(count, draws), name="made", by="Ann", facts=facts)
    return project, add_evidence(store, project.id, draws)


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
        found = select(note.c.id, note.c.text).where(note.c.project_id == project_id)
        notes = connection.execute(found.order_by(note.c.id)).all()
        made = connection.execute(
            insert(run).values(
                project_id=project_id,
                model="drawn",
                sha256="0" * 64,
                thresholds={},
                n_notes=len(notes),
                at=now(),
                ended=now(),
            )
        )
        run_id = made.inserted_primary_key[0]
        for first in range(0, len(notes), CHUNK):
            some = notes[first : first + CHUNK]
            counts = draws.integers(1, 7, len(some)) * (draws.random(len(some)) < 1 / 3)
            counts = np.minimum(counts, [len(text) // (LENGTH + 10) for _, text in some])
            keys = [{"run_id": run_id, "note_id": id} for id, _ in some]
            drawn = zip(keys, draws.beta(0.4, 2, len(some)).tolist(), counts.tolist(), strict=True)
            scores = [key | {"evidence": round(e, 6), "n_findings": n} for key, e, n in drawn]
            connection.execute(insert(score), scores)
            findings = [
                {"run_id": run_id, "note_id": one["note_id"], "start": start, "end": start + LENGTH}
                | {"label": labels[draws.choice(len(labels), p=shares)]}
                | {"context": "affirmed", "score": 0.5}
                for one in scores
                for start in range(0, (LENGTH + 10) * one["n_findings"], LENGTH + 10)
            ]
            connection.execute(insert(finding), findings)
            readings = [
                {"note_id": id, "reader": "Bo", "project_id": project_id, "labels": ""}
                | {"is_done": bool(draws.random() < 0.9), "last_id": 0, "at": now()}
                for id, _ in some
                if draws.random() < 0.1
            ]
            connection.execute(insert(reading), readings)
    return run_id


def write_notes(store: Store, run_id: int, path: Path) -> None:
    """Write what the store holds as JSON Lines, for other tools to import."""
    facts = ("received", "person", *VALUES)
    columns = [note.c[name] for name in ("id", "name", "text", *facts)]
    with store.read() as connection, path.open("w", encoding="utf-8") as file:
        spans: dict[int, list[tuple[int, int, str]]] = {}
        found = select(finding.c.note_id, finding.c.start, finding.c.end, finding.c.label)
        for id, *span in connection.execute(found.where(finding.c.run_id == run_id)):
            spans.setdefault(id, []).append(span)
        scores = select(score.c.note_id, score.c.evidence).where(score.c.run_id == run_id)
        evidence = {id: share for id, share in connection.execute(scores)}
        done = set(connection.scalars(select(reading.c.note_id).where(reading.c.is_done)))
        for id, name, text, *values in connection.execute(select(*columns).order_by(note.c.id)):
            line = {
                "name": name,
                "text": text,
                "facts": dict(zip(facts, values, strict=True)),
                "evidence": evidence[id],
                "spans": spans.get(id, []),
                "is_read": id in done,
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
