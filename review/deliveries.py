"""Notes in: what a file holds goes into a project, once, whole or not at all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from sqlalchemy import Connection, insert, select, update

from classifier.note import Note
from classifier.reading import Columns, Reject
from review.settings import FACTS, Settings
from review.store import Store, now
from review.tables import delivery, note, project

CHUNK = 500
"""Notes that are written together; SQLite takes 999 values in one question at the least."""

MAX_VALUE = 400
"""Characters of an id, a person's reference or a fact; the length of those columns."""

CHANGED = "changed since"
"""Reason kept with a note that came again under its id with another text."""

UNWRITABLE = re.compile("[\0\ud800-\udfff]")
"""What no database takes as text: the null character and halves of characters."""

NAMES: dict[str, tuple[str, ...]] = {
    "da_flag": (
        *("da flag", "dv flag", "domestic flag", "domestic abuse", "domestic violence"),
        *("da marker", "dv marker", "domestic", "is da", "da", "dv", "dva"),
    ),
    "risk": ("risk assessment", "risk level", "risk grade", "dash", "dara", "risk"),
    "closing": (
        *("closing code", "closure code", "closing", "closure", "close code", "result code"),
        *("disposal", "disposition", "result", "outcome"),
    ),
    "call_type": (
        *("opening code", "call type", "incident type", "opening", "category"),
        *("classification", "type", "nature"),
    ),
    "grade": ("grade", "grading", "priority", "response level", "urgency"),
    "team": ("team", "unit", "district", "division", "borough", "station", "sector", "area"),
    "handler": (
        *("handler", "call taker", "calltaker", "operator", "call handler", "adviser", "advisor"),
        *("agent", "logged by", "created by", "collar", "officer"),
    ),
}
"""Words in names of columns, the most telling first. Written for this project after the sample
export and common names in British call logs."""

NO_FACTS = frozenset("date time datetime timestamp duration comment comments notes text".split())
"""Words in names of columns that tell when something was, or more than one value can say."""


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
    """

    id: int
    n_rows: int
    n_added: int
    n_known: int
    n_changed: int
    rejects: tuple[Reject, ...]
    changed: tuple[str, ...] = ()


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


def guess_facts(header: Sequence[str]) -> dict[str, str]:
    """Guess which columns hold the facts that the review room knows by meaning.

    Parameters
    ----------
    header : sequence of str
        Names of an export's columns.

    Returns
    -------
    dict of str to str
        Column for each of ``settings.FACTS`` that one is named like; each column once.

    Examples
    --------
    >>> guess_facts(["Incident No", "Type", "CallTaker", "DASH risk", "DA Y/N", "Closed Date"])
    {'handler': 'CallTaker', 'da_flag': 'DA Y/N', 'risk': 'DASH risk', 'call_type': 'Type'}
    """
    words = {column: _split(column) for column in header}
    free = [column for column in header if not NO_FACTS & set(words[column])]
    found = {}
    for fact, names in NAMES.items():
        fitting = (
            column
            for name in names
            for column in free
            if _holds(words[column], name.split()) and column not in found.values()
        )
        if column := next(fitting, None):
            found[fact] = column
    return {fact: found[fact] for fact in FACTS if fact in found}


def _split(name: str) -> list[str]:
    """Split a column name into words: ``CallTaker_ID`` into ``call taker id``."""
    return re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).casefold())


def _holds(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Tell whether words stand in a row somewhere."""
    size = len(wanted)
    return any(list(words[i : i + size]) == list(wanted) for i in range(len(words) - size + 1))


def columns_with_facts(
    columns: Columns, header: Sequence[str], facts: Mapping[str, str]
) -> Columns:
    """Have the columns of facts read along with the others.

    Parameters
    ----------
    columns : Columns
        From `classifier.reading.look_at`.
    header : sequence of str
        Names of the table's columns.
    facts : mapping of str to str
        As `guess_facts` gives them, or as a person chose.

    Returns
    -------
    Columns
        For `classifier.reading.read_notes`.

    Raises
    ------
    ValueError
        If a fact is unknown or its column is not in the table.
    """
    _check_facts(facts)
    for fact, column in facts.items():
        if column not in header:
            raise ValueError(f"{fact}: there is no column {column!r}")
    return replace(columns, keep=tuple(dict.fromkeys((*columns.keep, *facts.values()))))


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
    changed is counted and named, and the earlier one stays.

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
    _check_facts(facts)
    with store.write() as connection:
        seed = _lock_project(connection, project_id)
        id = _begin(
            connection,
            {
                "project_id": project_id,
                "name": name[-MAX_VALUE:],
                "by": by,
                "sha256": sha256,
                "columns": {**(columns or {}), "facts": facts},
            },
        )
        done = Delivered(id, 0, 0, 0, 0, ())
        rows = iter(notes)
        while chunk := list(islice(rows, CHUNK)):
            done = _add(connection, done, chunk, project_id, facts, seed)
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


def _check_facts(facts: Mapping[str, str]) -> None:
    """Refuse facts that the review room does not know."""
    for fact in facts:
        if fact not in FACTS:
            raise ValueError(f"no fact {fact!r}; allowed are {', '.join(FACTS)}")


def _lock_project(connection: Connection, project_id: int) -> int:
    """Let nobody else deliver to a project until the end; give its seed."""
    found = connection.scalar(
        select(project.c.settings).where(project.c.id == project_id).with_for_update()
    )
    if found is None:
        raise ValueError(f"the store has no project {project_id}")
    return Settings.model_validate(found).seed


def _begin(connection: Connection, values: Mapping[str, object]) -> int:
    """Write a delivery with nothing in it yet."""
    counts = dict.fromkeys(("n_rows", "n_added", "n_known", "n_changed"), 0)
    made = connection.execute(insert(delivery).values(**values, **counts, rejects=[], at=now()))
    return made.inserted_primary_key[0]


def _add(
    connection: Connection,
    done: Delivered,
    chunk: Sequence[Note | Reject],
    project_id: int,
    facts: Mapping[str, str],
    seed: int,
) -> Delivered:
    """Add what is new of some rows, and count all of them."""
    rows = list(_refuse(chunk, facts, first=done.n_rows + 1))
    rejects = tuple(row for row in rows if isinstance(row, Reject))
    given = [row for row in rows if isinstance(row, Note)]
    known = _known(connection, project_id, [one.id for one in given])
    new, changed, n_known = [], [], 0
    for one in given:
        digest = hashlib.sha256(one.text.encode()).hexdigest()
        before = known.get(one.id)
        if before is None:
            known[one.id] = digest
            new.append(_values(one, digest, facts, seed))
        elif before == digest:
            n_known += 1
        else:
            changed.append(one.id)
    own = {"project_id": project_id, "delivery_id": done.id}
    if new:
        connection.execute(insert(note), [values | own for values in new])
    return replace(
        done,
        n_rows=done.n_rows + len(chunk),
        n_added=done.n_added + len(new),
        n_known=done.n_known + n_known,
        n_changed=done.n_changed + len(changed),
        rejects=done.rejects + rejects,
        changed=(*done.changed, *changed),
    )


def _known(connection: Connection, project_id: int, names: Sequence[str]) -> dict[str, str]:
    """Read which of these notes the project has, and the digests of their texts."""
    found = select(note.c.name, note.c.sha256).where(
        note.c.project_id == project_id, note.c.name.in_(names)
    )
    return dict(connection.execute(found).all())


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
    values = {"id": one.id, "person": _value(one, "person")}
    values |= {f"{fact} (column {column!r})": _value(one, column) for fact, column in facts.items()}
    for what, value in values.items():
        if value and len(value) > MAX_VALUE:
            return f"{what} is too long ({len(value)} characters); at most {MAX_VALUE} are allowed"
        if value and UNWRITABLE.search(value):
            return f"{what} holds a character that is none; export it again as UTF-8"
    return None


def _value(one: Note, column: str) -> str | None:
    """Read what a column holds, without outer white space; None if nothing."""
    value = one.meta.get(column)
    return None if value is None else str(value).strip() or None


def _values(one: Note, digest: str, facts: Mapping[str, str], seed: int) -> dict[str, object]:
    """Give the row of a new note."""
    person = _value(one, "person")
    drawn = hashlib.sha256(f"{seed}:{one.id}".encode()).hexdigest()
    apart = {"person", "received", *facts.values()}
    return {
        "name": one.id,
        "text": one.text,
        "sha256": digest,
        "received": _value(one, "received"),
        "person": person,
        "case_ref": person,
        **{fact: _value(one, facts[fact]) if fact in facts else None for fact in FACTS},
        "meta": {name: value for name, value in one.meta.items() if name not in apart},
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
            rejects=listed,
        )
    )
