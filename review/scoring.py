"""A model over a project's notes: what it found, batch by batch, so that nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, func, insert, select, update

from classifier.evidence import find_all
from classifier.findings import NoteEvidence
from classifier.model import Model
from classifier.note import Note
from review.store import Store, now
from review.tables import finding, note, project, run, score

BATCH_NOTES = 256
"""Notes that are scored and written together; so many are scored again after a crash, at most."""


@dataclass(frozen=True)
class Run:
    """One model over a project's notes.

    Parameters
    ----------
    id, project_id : int
        In the store.
    model : str
        Name of the model's folder.
    sha256 : str
        Of its manifest.
    is_fast : bool
        Whether it went by words alone.
    thresholds : mapping of str to float
        For each label.
    n_notes : int
        Scored so far.
    at : str
        When it was begun.
    ended : str or None
        When it had scored every note; None while it has not.
    """

    id: int
    project_id: int
    model: str
    sha256: str
    is_fast: bool
    thresholds: Mapping[str, float]
    n_notes: int
    at: str
    ended: str | None


@dataclass(frozen=True)
class StoredFinding:
    """A finding of a run.

    Parameters
    ----------
    id : int
        In the store; decisions name it.
    start, end : int
        Characters of the note's text from 0, end exclusive.
    label, context : str
        As in `classifier.findings.Finding`.
    score : float
        In [0, 1].
    """

    id: int
    start: int
    end: int
    label: str
    context: str
    score: float


def score_notes(
    store: Store,
    project_id: int,
    model: Model,
    *,
    folder_name: str,
    sha256: str,
    on_progress: Callable[[int, int], None] = lambda done, of: None,
) -> int:
    """Score the notes of a project that this model has not scored yet.

    Every batch is kept as soon as it is scored: if the work is broken off, calling this again
    does the rest. Findings of other models stay beside these.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the project.
    model : Model
        From `classifier.model_file.load_model`.
    folder_name : str
        Of the model, to be shown.
    sha256 : str
        Of its ``manifest.json``; with the thresholds it tells models apart.
    on_progress : callable
        Takes how many notes of the project are scored, and of how many.

    Returns
    -------
    int
        Id of the run.

    Raises
    ------
    ValueError
        If there is no such project.
    """
    run_id = _find_run(store, project_id, model, folder_name, sha256)
    with store.read() as connection:
        of = connection.scalar(_count_notes(project_id))
        done = connection.scalar(_count_scores(run_id))
    on_progress(done, of)
    last = 0
    while batch := _next_batch(store, project_id, run_id, last):
        last = int(batch[-1].id)
        found = list(find_all(batch, model))
        with store.write() as connection:
            done += _write(connection, run_id, found)
        on_progress(done, max(done, of))
    with store.write() as connection:
        connection.execute(
            update(run)
            .where(run.c.id == run_id)
            .values(n_notes=_count_scores(run_id).scalar_subquery(), ended=now())
        )
    return run_id


def newest_run(store: Store, project_id: int) -> Run | None:
    """Give the run of a project that was begun last.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the project.

    Returns
    -------
    Run or None
        None if no model has scored its notes.
    """
    with store.read() as connection:
        row = connection.execute(_runs(project_id).limit(1)).first()
    return None if row is None else _run_of(row)


def list_runs(store: Store, project_id: int) -> list[Run]:
    """List the runs of a project.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the project.

    Returns
    -------
    list of Run
        The newest first.
    """
    with store.read() as connection:
        return [_run_of(row) for row in connection.execute(_runs(project_id))]


def read_findings(store: Store, run_id: int, note_id: int) -> list[StoredFinding]:
    """Read what a run found in a note.

    Parameters
    ----------
    store : Store
        Open.
    run_id, note_id : int
        Of the run and the note.

    Returns
    -------
    list of StoredFinding
        In reading order; longer findings first where they start together.
    """
    columns = ("id", "start", "end", "label", "context", "score")
    found = (
        select(*(finding.c[name] for name in columns))
        .where(finding.c.note_id == note_id, finding.c.run_id == run_id)
        .order_by(finding.c.start, finding.c.end.desc(), finding.c.id)
    )
    with store.read() as connection:
        return [StoredFinding(**row._mapping) for row in connection.execute(found)]


def unscored(store: Store, project_id: int, run_id: int) -> int:
    """Count the notes of a project that a run has not scored.

    Parameters
    ----------
    store : Store
        Open.
    project_id, run_id : int
        Of the project and the run.

    Returns
    -------
    int
        0 if nothing is left to do.
    """
    with store.read() as connection:
        return connection.scalar(_count_notes(project_id)) - connection.scalar(
            _count_scores(run_id)
        )


def _find_run(store: Store, project_id: int, model: Model, name: str, sha256: str) -> int:
    """Give the run of this model, made if there is none."""
    values = {"sha256": sha256, "is_fast": model.reader is None}
    thresholds = {label: float(value) for label, value in model.thresholds.items()}
    with store.write() as connection:
        here = select(project.c.id).where(project.c.id == project_id).with_for_update()
        if connection.scalar(here) is None:
            raise ValueError(f"the store has no project {project_id}")
        alike = connection.execute(
            _runs(project_id).where(*(run.c[key] == value for key, value in values.items()))
        )
        for row in alike:
            if row.thresholds == thresholds:
                return row.id
        made = connection.execute(
            insert(run).values(
                project_id=project_id,
                model=name,
                thresholds=thresholds,
                n_notes=0,
                at=now(),
                **values,
            )
        )
        return made.inserted_primary_key[0]


def _next_batch(store: Store, project_id: int, run_id: int, last: int) -> Sequence[Note]:
    """Read notes that are not scored, in order of id; they are called after it."""
    scored = select(score.c.note_id).where(score.c.run_id == run_id, score.c.note_id == note.c.id)
    found = (
        select(note.c.id, note.c.text)
        .where(note.c.project_id == project_id, note.c.id > last, ~scored.exists())
        .order_by(note.c.id)
        .limit(BATCH_NOTES)
    )
    with store.read() as connection:
        return [Note(str(row.id), row.text) for row in connection.execute(found)]


def _write(connection: Connection, run_id: int, found: Sequence[NoteEvidence]) -> int:
    """Write what was found, unless another process did so meanwhile; count the notes written."""
    connection.execute(select(run.c.id).where(run.c.id == run_id).with_for_update())
    ids = [int(one.note.id) for one in found]
    there = connection.scalars(
        select(score.c.note_id).where(score.c.run_id == run_id, score.c.note_id.in_(ids))
    )
    new = {int(one.note.id): one for one in found}
    for id in there.all():
        del new[id]
    own = {"run_id": run_id}
    scores = [
        own | {"note_id": id, "evidence": float(one.evidence), "n_findings": len(one.findings)}
        for id, one in new.items()
    ]
    findings = [own | {"note_id": id} | vars(f) for id, one in new.items() for f in one.findings]
    for table, rows in ((score, scores), (finding, findings)):
        if rows:
            connection.execute(insert(table), rows)
    connection.execute(
        update(run).where(run.c.id == run_id).values(n_notes=run.c.n_notes + len(new), ended=None)
    )
    return len(new)


def _count_notes(project_id: int):
    """Select how many notes a project has."""
    return select(func.count()).select_from(note).where(note.c.project_id == project_id)


def _count_scores(run_id: int):
    """Select how many notes a run has scored."""
    return select(func.count()).select_from(score).where(score.c.run_id == run_id)


def _runs(project_id: int):
    """Select the runs of a project, the newest first."""
    return select(run).where(run.c.project_id == project_id).order_by(run.c.id.desc())


def _run_of(row: Row) -> Run:
    """Make a run of a row."""
    return Run(**row._mapping)
