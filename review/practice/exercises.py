"""Exercises in the store: frozen copies of marked notes, in a trainer's order."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, func, insert, select
from sqlalchemy.exc import IntegrityError

from classifier.note import Note
from review.decision_log import add_row
from review.decisions import Decision, mark_of
from review.projects import check_name
from review.settings import Settings
from review.store import Store, now
from review.tables import decision, delivery, exercise, note, project

REFERENCE = "reference"
"""The reader whose marks an exercise is compared with. One reading, which others may not share."""

MAX_NOTES = 200
"""Notes of an exercise; a day of practice takes about forty."""


@dataclass(frozen=True)
class Exercise:
    """A saved exercise. It never changes, for attempts refer to it.

    Parameters
    ----------
    id : int
        In the store.
    name : str
        Shown; unique among exercises and projects.
    by, at : str
        Who saved it, and when.
    n_notes : int
        How many notes it has.
    is_synthetic : bool
        Whether all of them are invented.
    about : mapping
        How its notes were chosen.
    variant_of : int or None
        The exercise whose evidence it has in other words.
    """

    id: int
    name: str
    by: str
    at: str
    n_notes: int
    is_synthetic: bool
    about: Mapping[str, object]
    variant_of: int | None


@dataclass(frozen=True)
class ExerciseNote:
    """A note of an exercise.

    Parameters
    ----------
    id : int
        In the store.
    place : int
        In the exercise, from 1.
    note : Note
        Named by its place alone (``"Note 1"``), with the reference marks.
    """

    id: int
    place: int
    note: Note


def create_exercise(
    store: Store,
    name: str,
    notes: Sequence[Note],
    *,
    by: str,
    about: Mapping[str, object] | None = None,
    variant_of: int | None = None,
) -> Exercise:
    """Save an exercise, all of it or nothing.

    Parameters
    ----------
    store : Store
        Open.
    name : str
        Not yet taken, at most 200 characters.
    notes : sequence of Note
        1 to ``MAX_NOTES``, in order, with reference marks; ``meta["is_synthetic"]`` says whether
        one is invented.
    by : str
        Who makes it.
    about : mapping, optional
        How the notes were chosen; plain values.
    variant_of : int, optional
        Another exercise.

    Returns
    -------
    Exercise
        As stored.

    Raises
    ------
    ValueError
        If there are no notes or too many, a name is empty, too long or taken, or there is no
        exercise `variant_of`.
    """
    name, by = check_name(name, "an exercise"), check_name(by, "a trainer")
    if not 0 < len(notes) <= MAX_NOTES:
        raise ValueError(f"an exercise has 1 to {MAX_NOTES} notes, got {len(notes)}")
    if variant_of is not None:
        read_exercise(store, variant_of)
    is_synthetic = all(one.meta.get("is_synthetic", False) for one in notes)
    try:
        with store.write() as connection:
            made = connection.execute(
                insert(project).values(
                    name=name,
                    is_demo=False,
                    settings=Settings().model_dump(mode="json"),
                    at=now(),
                    by=by,
                )
            )
            id = made.inserted_primary_key[0]
            connection.execute(
                insert(exercise).values(
                    project_id=id,
                    is_synthetic=is_synthetic,
                    about=dict(about or {}),
                    variant_of=variant_of,
                )
            )
            _add_notes(connection, id, notes, by)
    except IntegrityError:
        raise ValueError(
            f"there is an exercise or project {name!r} already; choose another name"
        ) from None
    return read_exercise(store, id)


def list_exercises(store: Store) -> list[Exercise]:
    """List all exercises.

    Parameters
    ----------
    store : Store
        Open.

    Returns
    -------
    list of Exercise
        The newest first.
    """
    with store.read() as connection:
        found = connection.execute(_exercises().order_by(project.c.id.desc()))
        return [Exercise(**row._mapping) for row in found]


def read_exercise(store: Store, exercise_id: int) -> Exercise:
    """Read what is known of an exercise besides its notes.

    Parameters
    ----------
    store : Store
        Open.
    exercise_id : int
        Of the exercise.

    Returns
    -------
    Exercise
        As stored.

    Raises
    ------
    ValueError
        If there is none.
    """
    with store.read() as connection:
        row = connection.execute(_exercises().where(project.c.id == exercise_id)).first()
    if row is None:
        raise ValueError(f"the store has no exercise {exercise_id}")
    return Exercise(**row._mapping)


def read_notes(store: Store, exercise_id: int) -> list[ExerciseNote]:
    """Read the notes of an exercise.

    Parameters
    ----------
    store : Store
        Open.
    exercise_id : int
        Of the exercise; an unknown one has no notes.

    Returns
    -------
    list of ExerciseNote
        In their order.
    """
    marks: dict[int, list] = {}
    with store.read() as connection:
        rows = connection.execute(
            select(note.c.id, note.c.name, note.c.text, note.c.meta)
            .where(note.c.project_id == exercise_id)
            .order_by(note.c.id)
        ).all()
        given = select(decision).where(
            decision.c.project_id == exercise_id, decision.c.reader == REFERENCE
        )
        for row in connection.execute(given.order_by(decision.c.start, decision.c.end)):
            marks.setdefault(row.note_id, []).append(mark_of(row))
    return [
        ExerciseNote(row.id, place, _note_of(row, tuple(marks.get(row.id, ()))))
        for place, row in enumerate(rows, start=1)
    ]


def _exercises():
    """Select exercises with their number of notes."""
    n_notes = (
        select(func.count())
        .where(note.c.project_id == project.c.id)
        .scalar_subquery()
        .label("n_notes")
    )
    own = (exercise.c[name] for name in ("is_synthetic", "about", "variant_of"))
    return select(project.c.id, project.c.name, project.c.by, project.c.at, n_notes, *own).join(
        exercise, exercise.c.project_id == project.c.id
    )


def _note_of(row: Row, marks: tuple) -> Note:
    """Make a marked note of a row."""
    return Note(row.name, row.text, marks, row.meta)


def _add_notes(connection: Connection, id: int, notes: Sequence[Note], by: str) -> None:
    """Write the notes, and their marks as the reading of the reference."""
    counts = {"n_rows": len(notes), "n_added": len(notes), "n_known": 0, "n_changed": 0}
    made = connection.execute(
        insert(delivery).values(
            **counts,
            project_id=id,
            name="notes of the exercise",
            sha256=hashlib.sha256("\0".join(one.text for one in notes).encode()).hexdigest(),
            columns={},
            rejects=[],
            at=now(),
            by=by,
        )
    )
    for place, one in enumerate(notes, start=1):
        note_id = connection.execute(
            insert(note).values(
                project_id=id,
                delivery_id=made.inserted_primary_key[0],
                name=f"Note {place}",
                text=one.text,
                sha256=hashlib.sha256(one.text.encode()).hexdigest(),
                meta=dict(one.meta),
                draw=0.0,
            )
        ).inserted_primary_key[0]
        for mark in one.marks:
            add_row(connection, Decision(id, note_id, REFERENCE, "mark", **vars(mark)))
