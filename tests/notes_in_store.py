"""Put notes, runs and findings straight into a store, for tests of what comes after."""

import hashlib

from sqlalchemy import insert, select

from review.queues import add_queue
from review.store import now
from review.tables import delivery, finding, note, run, score


def add_note(store, project_id, name, text, **facts):
    """Facts are columns of ``note``: received, person, team, ..."""
    with store.write() as connection:
        delivery_id = connection.scalar(
            select(delivery.c.id).where(delivery.c.project_id == project_id)
        )
        if delivery_id is None:
            counts = dict.fromkeys(("n_rows", "n_added", "n_known", "n_changed"), 0)
            values = {"name": "by hand", "sha256": "", "columns": {}, "rejects": [], "by": "Ann"}
            made = connection.execute(
                insert(delivery).values(project_id=project_id, at=now(), **counts, **values)
            )
            delivery_id = made.inserted_primary_key[0]
        values = {
            "draw": int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) / 2**32,
            "case_ref": facts.get("person"),
            "meta": {},
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
        }
        made = connection.execute(
            insert(note).values(
                project_id=project_id,
                delivery_id=delivery_id,
                name=name,
                text=text,
                **values | facts,
            )
        )
        return made.inserted_primary_key[0]


def add_run(store, project_id, *, model="ours", thresholds=None):
    with store.write() as connection:
        made = connection.execute(
            insert(run).values(
                project_id=project_id,
                model=model,
                sha256="0" * 64,
                at=now(),
                ended=now(),
                thresholds=thresholds or {"monitoring": 0.2},
                n_notes=0,
            )
        )
        return made.inserted_primary_key[0]


def add_finding(store, run_id, note_id, start, end, label, *, context="affirmed", value=0.7):
    """Its note is scored too, by its highest finding."""
    with store.write() as connection:
        made = connection.execute(
            insert(finding).values(
                run_id=run_id,
                note_id=note_id,
                start=start,
                end=end,
                label=label,
                context=context,
                score=value,
            )
        )
        before = connection.execute(
            select(score).where(score.c.run_id == run_id, score.c.note_id == note_id)
        ).first()
        if before is None:
            add_score(store, run_id, note_id, value, n_findings=1, connection=connection)
        else:
            connection.execute(
                score.update()
                .where(score.c.run_id == run_id, score.c.note_id == note_id)
                .values(evidence=max(before.evidence, value), n_findings=before.n_findings + 1)
            )
        return made.inserted_primary_key[0]


def add_score(store, run_id, note_id, evidence, *, n_findings=0, connection=None):
    values = {"run_id": run_id, "note_id": note_id, "evidence": evidence, "n_findings": n_findings}
    if connection is not None:
        connection.execute(insert(score).values(values))
        return
    with store.write() as opened:
        opened.execute(insert(score).values(values))


def make_queue(store, project_id, name, kind, note_ids, **more):
    """As the product draws and makes a queue, in a transaction of its own."""
    with store.write() as connection:
        return add_queue(connection, project_id, name, kind, note_ids, **more)
