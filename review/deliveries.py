"""Notes in: what a file holds goes into a project, once, whole or not at all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from sqlalchemy import Connection, Row, insert, select, update

from classifier.note import Note
from classifier.reading import Reject
from review.chunks import CHUNK
from review.fact_columns import check_facts
from review.projects import lock_project
from review.renewal import RENEWED, Said, read_said, renew, value_of
from review.store import Store, now
from review.tables import delivery, note

MAX_VALUE = 400
"""Characters of an id, a person's reference or a fact; the length of those columns."""

CHANGED = "changed since"
"""Reason kept with a note that came again under its id with another text."""

UNWRITABLE = re.compile("[\0\ud800-\udfff]")
"""What no database takes as text: the null character and halves of characters."""


@dataclass(frozen=True)
class Delivered:
    """What became of the rows of one file.

    Parameters
    ----------
    id : int
        Of the delivery.
    n_rows : int
        All rows: those added, known, changed and rejected.
    n_added, n_known : int
        New ones, and those that the project has with the same text.
    n_changed : int
        Those that the project has with another text. The earlier text stays, as decisions refer
        to it.
    rejects : tuple of Reject
        Rows that are no notes.
    changed : tuple of str
        Names of the notes that changed.
    n_renewed : int
        Of those known or changed, the ones whose facts are others now, such as a closing code.
        What these were stays in ``meta``, see `review.renewal.EARLIER`.
    """

    id: int
    n_rows: int
    n_added: int
    n_known: int
    n_changed: int
    rejects: tuple[Reject, ...]
    changed: tuple[str, ...] = ()
    n_renewed: int = 0


@dataclass(frozen=True)
class Delivery:
    """One import of one file, as stored.

    Parameters
    ----------
    id, project_id : int
        In the store.
    name, sha256 : str
        Of the file.
    columns : mapping
        How it was read; ``"facts"`` names the columns taken for facts.
    n_rows, n_added, n_known, n_changed : int
        As in `Delivered`.
    rejects : tuple of mapping
        ``row``, ``id`` and ``reason`` of what was not added; changed notes among them.
    at, by : str
        When and by whom.
    n_renewed : int
        As in `Delivered`.
    """

    id: int
    project_id: int
    name: str
    sha256: str
    columns: Mapping[str, object]
    n_rows: int
    n_added: int
    n_known: int
    n_changed: int
    rejects: tuple[Mapping[str, object], ...] = field(repr=False)
    at: str
    by: str
    n_renewed: int = 0


def deliver(
    store: Store,
    project_id: int,
    notes: Iterable[Note | Reject],
    *,
    name: str,
    by: str,
    facts: Mapping[str, str] | None = None,
    sha256: str = "",
    columns: Mapping[str, object] | None = None,
) -> Delivered:
    """Add the notes of one file that the project does not have.

    One transaction: on an error nothing of the file is added. Ids tell notes apart; a text that
    changed is counted and named, and the earlier one stays. Facts follow the newest delivery, and
    of an id that comes twice in it, the first row.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the project.
    notes : iterable of Note or Reject
        From `classifier.reading.read_notes`; read as they are needed.
    name : str
        Of the file.
    by : str
        Who brings it.
    facts : mapping of str to str, optional
        Columns of facts, each in the ``meta`` of the notes.
    sha256 : str
        Of the file.
    columns : mapping, optional
        How the file was read, to be kept.

    Returns
    -------
    Delivered
        Every row is counted once.

    Raises
    ------
    ValueError
        If there is no such project or fact.
    """
    facts = dict(facts or {})
    check_facts(facts)
    with store.write() as connection:
        seed = lock_project(connection, project_id).seed
        read = {**(columns or {}), "facts": facts}
        file = {"name": name[-MAX_VALUE:], "by": by, "sha256": sha256, "columns": read}
        begun = _Begun(project_id, facts, seed, now())
        done = Delivered(_begin(connection, begun, file), 0, 0, 0, 0, ())
        rows = iter(notes)
        while chunk := list(islice(rows, CHUNK)):
            done = _add(connection, done, chunk, begun)
        _end(connection, done)
    return done


def list_deliveries(store: Store, project_id: int) -> list[Delivery]:
    """List what was brought into a project.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the project.

    Returns
    -------
    list of Delivery
        The newest first.
    """
    found = (
        select(delivery).where(delivery.c.project_id == project_id).order_by(delivery.c.id.desc())
    )
    with store.read() as connection:
        return [
            Delivery(**dict(row._mapping) | {"rejects": tuple(row.rejects)})
            for row in connection.execute(found)
        ]


@dataclass(frozen=True)
class _Begun:
    """What holds for all rows of a delivery; ``names`` are of the notes that came so far."""

    project_id: int
    facts: Mapping[str, str]
    seed: int
    at: str
    names: set[str] = field(default_factory=set)


def _begin(connection: Connection, begun: _Begun, file: Mapping[str, object]) -> int:
    """Write a delivery with nothing in it yet."""
    counts = dict.fromkeys(("n_rows", "n_added", "n_known", "n_changed"), 0)
    values = {"project_id": begun.project_id, "at": begun.at, "rejects": [], **counts, **file}
    made = connection.execute(insert(delivery).values(values))
    return made.inserted_primary_key[0]


def _add(
    connection: Connection, done: Delivered, chunk: Sequence[Note | Reject], begun: _Begun
) -> Delivered:
    """Add what is new of some rows, renew the facts of the others, and count all of them."""
    rows = list(_refuse(chunk, begun.facts, first=done.n_rows + 1))
    rejects = tuple(row for row in rows if isinstance(row, Reject))
    given = [row for row in rows if isinstance(row, Note)]
    known = _known(connection, begun.project_id, [one.id for one in given])
    digests = {name: before.sha256 for name, before in known.items()}
    new, changed, renewed, n_known = [], [], [], 0
    for one in given:
        digest = hashlib.sha256(one.text.encode()).hexdigest()
        said = read_said(one, begun.facts)
        if one.id not in digests:
            digests[one.id] = digest
            new.append(_values(one, digest, said, begun.seed))
        elif digests[one.id] == digest:
            n_known += 1
        else:
            changed.append(one.id)
        if one.id in known and one.id not in begun.names:
            renewed.append((known[one.id], said))
        begun.names.add(one.id)
    if new:
        own = {"project_id": begun.project_id, "delivery_id": done.id}
        connection.execute(insert(note), [values | own for values in new])
    n_renewed = renew(connection, begun.project_id, done.id, begun.at, renewed)
    return replace(
        done,
        n_rows=done.n_rows + len(chunk),
        n_added=done.n_added + len(new),
        n_known=done.n_known + n_known,
        n_changed=done.n_changed + len(changed),
        rejects=done.rejects + rejects,
        changed=(*done.changed, *changed),
        n_renewed=done.n_renewed + n_renewed,
    )


def _known(connection: Connection, project_id: int, names: Sequence[str]) -> dict[str, Row]:
    """Read what the project has of these notes, beside their texts."""
    columns = (note.c[name] for name in ("id", "name", "sha256", "meta", *RENEWED))
    found = select(*columns).where(note.c.project_id == project_id, note.c.name.in_(names))
    return {row.name: row for row in connection.execute(found)}


def _refuse(
    rows: Sequence[Note | Reject], facts: Mapping[str, str], *, first: int
) -> Iterator[Note | Reject]:
    """Turn notes that the store cannot keep unaltered into rejects."""
    for place, row in enumerate(rows, start=first):
        fault = isinstance(row, Note) and _find_fault(row, facts)
        yield Reject(place, UNWRITABLE.sub("?", row.id[:40]), fault, {}) if fault else row


def _find_fault(one: Note, facts: Mapping[str, str]) -> str | None:
    """Say why the store cannot keep a note as it is, or None."""
    if found := UNWRITABLE.search(one.text):
        return f"text holds a character that is none at {found.start()}; export it again as UTF-8"
    values = {"id": one.id, "person": value_of(one, "person")}
    values |= {
        f"{fact} (column {column!r})": value_of(one, column) for fact, column in facts.items()
    }
    for what, value in values.items():
        if value and len(value) > MAX_VALUE:
            return f"{what} is too long ({len(value)} characters); at most {MAX_VALUE} are allowed"
        if value and UNWRITABLE.search(value):
            return f"{what} holds a character that is none; export it again as UTF-8"
    return None


def _values(one: Note, digest: str, said: Said, seed: int) -> dict[str, object]:
    """Give the row of a new note."""
    drawn = hashlib.sha256(f"{seed}:{one.id}".encode()).hexdigest()
    columns = {**dict.fromkeys(RENEWED), **said.columns}
    return {
        "name": one.id,
        "text": one.text,
        "sha256": digest,
        **columns,
        "case_ref": columns["person"],
        "meta": dict(said.meta),
        "draw": int(drawn[:8], 16) / 2**32,
    }


def _end(connection: Connection, done: Delivered) -> None:
    """Write what a delivery came to; without any words of its rows."""
    listed = [{"row": one.row, "id": one.id, "reason": one.reason} for one in done.rejects]
    listed += [{"row": None, "id": name, "reason": CHANGED} for name in done.changed]
    connection.execute(
        update(delivery)
        .where(delivery.c.id == done.id)
        .values(
            n_rows=done.n_rows,
            n_added=done.n_added,
            n_known=done.n_known,
            n_changed=done.n_changed,
            n_renewed=done.n_renewed,
            rejects=listed,
        )
    )
