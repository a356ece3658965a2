"""What an export is made of, read from the store as it stood at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Row, Select, func, select

from review.chunks import chunks
from review.decisions import Decision
from review.queues import find_queue
from review.settled import settled_readings
from review.store import Store
from review.tables import decision, finding, note, project, queue_note, reading, run


@contextmanager
def snapshot(store: Store) -> Iterator[Connection]:
    """Read the store as it stands now, whatever others write meanwhile.

    Parameters
    ----------
    store : Store
        Open.

    Yields
    ------
    Connection
        For SELECT only; all of them see the same state.
    """
    with store.engine.connect() as connection:
        if store.is_sqlite:
            connection.exec_driver_sql("BEGIN")
        else:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        try:
            yield connection
        finally:
            if store.is_sqlite:
                connection.exec_driver_sql("ROLLBACK")


def project_name(connection: Connection, project_id: int) -> str:
    """Read a project's name.

    Parameters
    ----------
    connection : Connection
        From `snapshot`.
    project_id : int
        Of the project.

    Returns
    -------
    str
        As set.

    Raises
    ------
    ValueError
        If there is no such project.
    """
    name = connection.scalar(select(project.c.name).where(project.c.id == project_id))
    if name is None:
        raise ValueError(f"the store has no project {project_id}")
    return name


def choose_notes(connection: Connection, project_id: int, queue_id: int | None) -> Select:
    """Select the ids of the notes that an export is about.

    Parameters
    ----------
    connection : Connection
        From `snapshot`.
    project_id : int
        Of the notes.
    queue_id : int or None
        Of a drawn queue, for its notes alone; the queue of all notes changes nothing.

    Returns
    -------
    Select
        Of one column.

    Raises
    ------
    ValueError
        If the project has no such queue.
    """
    ids = select(note.c.id).where(note.c.project_id == project_id)
    if queue_id is None:
        return ids
    if find_queue(connection, queue_id, project_id).kind == "ranked":
        return ids
    drawn = select(queue_note.c.note_id).where(queue_note.c.queue_id == queue_id)
    return ids.where(note.c.id.in_(drawn))


def read_by(connection: Connection, project_id: int, reader: str | None) -> dict[int, str]:
    """Say whose reading of each note counts.

    Parameters
    ----------
    connection : Connection
        From `snapshot`.
    project_id : int
        Of the notes.
    reader : str or None
        Whose readings to take; None for the one that settles each note.

    Returns
    -------
    dict of int to str
        By note; notes that were not read to the end are missing.
    """
    if reader is None:
        found = settled_readings(project_id).subquery("settled")
        own = select(found.c.note_id, found.c.reader)
        return {id: name for id, name in connection.execute(own)}
    own = select(reading.c.note_id, reading.c.reader).where(
        reading.c.project_id == project_id, reading.c.reader == reader, reading.c.is_done
    )
    return {id: name for id, name in connection.execute(own)}


def count(connection: Connection, rows: Select) -> int:
    """Count rows.

    Parameters
    ----------
    connection : Connection
        From `snapshot`.
    rows : Select
        Any.

    Returns
    -------
    int
        How many there are.
    """
    return connection.scalar(select(func.count()).select_from(rows.subquery()))


def in_chunks(
    connection: Connection, ids: Sequence[int]
) -> Iterator[tuple[Sequence[Row], dict[int, list[Decision]], dict[int, Row]]]:
    """Read notes with all that was said of them, some at a time.

    Parameters
    ----------
    connection : Connection
        From `snapshot`.
    ids : sequence of int
        Of notes, in the order wanted.

    Yields
    ------
    notes : sequence of Row
        Of ``note``.
    decisions : dict of int to list of Decision
        By note, in order of time.
    findings : dict of int to Row
        Those that decisions speak of, with ``model``, by id.
    """
    for some in chunks(ids):
        rows = {row.id: row for row in connection.execute(select(note).where(note.c.id.in_(some)))}
        said: dict[int, list[Decision]] = {id: [] for id in some}
        named = select(decision).where(decision.c.note_id.in_(some)).order_by(decision.c.id)
        for row in connection.execute(named):
            said[row.note_id].append(Decision(**row._mapping))
        spoken_of = select(decision.c.finding_id).where(decision.c.note_id.in_(some))
        found = connection.execute(
            select(finding, run.c.model)
            .join(run, run.c.id == finding.c.run_id)
            .where(finding.c.note_id.in_(some), finding.c.id.in_(spoken_of))
        )
        yield [rows[id] for id in some], said, {row.id: row for row in found}
