"""Rows that cannot be notes: what keeps them from it, and the file they are written to."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from classifier.cells import safe_cell
from classifier.note import Mark, Note
from classifier.reading.dates import parse_date
from classifier.reading.decoding import SURROGATE, spell_bad_bytes

MAX_TEXT = 1_000_000
"""Characters; about a novel and a half. spaCy refuses longer texts for lack of memory."""

ALLOWED_DATES = "2024-06-30 15:18, 30/06/2024 15:18, 30 Jun 2024"


@dataclass(frozen=True)
class Reject:
    """A row that could not be read as a note.

    Parameters
    ----------
    row : int
        As a person finds it: row of the spreadsheet, line of the JSON Lines file, place in the
        JSON list or in the sorted folder.
    id : str or None
        The row's own id, if it has one that can be told.
    reason : str
        What is wrong and what is allowed; never words of the note.
    record : mapping of str to str
        The row's own fields, to be written back.
    """

    row: int
    id: str | None
    reason: str
    record: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class RawNote:
    """A row on its way to be a note, not checked yet.

    Parameters
    ----------
    row : int
        As in `Reject`.
    record : mapping of str to str
        As in `Reject`.
    text, id, person, received : str or None
        What the row holds; blank counts as missing, except in `text`.
    meta : mapping
        Other things to keep.
    marks : tuple of Mark
        Checked against the text.
    text_name, received_name : str
        What messages call the two, such as ``column 'Narrative'``.
    fault : str or None
        What was found wrong before.
    """

    row: int
    record: Mapping[str, str] = field(repr=False)
    text: str = field(default="", repr=False)
    id: str | None = None
    person: str | None = field(default=None, repr=False)
    received: str | None = None
    meta: Mapping[str, object] = field(default_factory=dict, repr=False)
    marks: tuple[Mark, ...] = ()
    text_name: str = "text"
    received_name: str = "received"
    fault: str | None = None


def check_notes(raws: Iterable[RawNote]) -> Iterator[Note | Reject]:
    """Turn each row into a note, or say why it cannot be one.

    A row without an id is called after its number, ``row-000012``; if a note before it has that
    id, ``row-000012-2`` and so on. A given id that equals the name of an earlier row counts as
    used before. Of several notes with one id the first stays; a reject does not use its id up.

    Parameters
    ----------
    raws : iterable of RawNote
        In the order of the file.

    Yields
    ------
    Note or Reject
        One for each row, in the same order.
    """
    used: dict[str, int] = {}
    for raw in raws:
        given = raw.id if raw.id and raw.id.strip() else None
        id = given or _name_row(raw.row, used)
        reason = raw.fault or _find_fault(raw, id, used)
        if reason:
            record = {spell_bad_bytes(k): spell_bad_bytes(v) for k, v in raw.record.items()}
            yield Reject(raw.row, given and spell_bad_bytes(given), reason, record)
        else:
            used[id] = raw.row
            yield Note(id, raw.text, raw.marks, _collect_meta(raw))


def _name_row(row: int, used: Mapping[str, int]) -> str:
    """Make an id of a row number that no note has yet."""
    name = id = f"row-{row:06d}"
    times = 1
    while id in used:
        times += 1
        id = f"{name}-{times}"
    return id


def _find_fault(raw: RawNote, id: str, used: Mapping[str, int]) -> str | None:
    """Say what is wrong with a row, or None."""
    if not raw.text.strip():
        return f"{raw.text_name} is empty"
    if SURROGATE.search(raw.text) or SURROGATE.search(id):
        return "id or text holds half a character (a lone surrogate); export it again as UTF-8"
    if len(raw.text) > MAX_TEXT:
        return (
            f"{raw.text_name} is too long ({len(raw.text)} characters); "
            f"at most {MAX_TEXT} are allowed, split it into several notes"
        )
    if _is_filled(raw.received) and parse_date(raw.received) is None:
        return f"{raw.received_name} holds no possible date; allowed are {ALLOWED_DATES}"
    if id in used:
        return f"id {id!r} was used before, in row {used[id]}"
    return None


def _is_filled(value: str | None) -> bool:
    """Tell whether a cell holds anything but white space."""
    return value is not None and bool(value.strip())


def _collect_meta(raw: RawNote) -> dict[str, object]:
    """Join what is kept of a row; person and received have fixed names."""
    meta = dict(raw.meta)
    for name, value in (("person", raw.person), ("received", raw.received)):
        if _is_filled(value):
            meta[name] = parse_date(value).isoformat() if name == "received" else value
        elif name in meta and not str(meta[name] or "").strip():
            del meta[name]
    return meta


@contextmanager
def open_rejects(path: str | Path) -> Iterator[Callable[[Reject], None]]:
    """Offer a function that writes one reject after the other to a CSV file.

    The file is made with the first reject; without any there is none, and a file that is there
    already stays as it is. Columns are ``row``, ``reason`` and the fields of the first reject;
    what a later record has beyond these follows at the end of its line. The file is UTF-8 with
    byte order mark, which Excel needs. A cell that a spreadsheet would take for a formula gets
    an apostrophe in front.

    Parameters
    ----------
    path : path-like
        Usually ``<name>.rejects.csv`` next to the results.

    Yields
    ------
    callable
        Takes a `Reject`.
    """
    writer, names = None, ()

    def write(reject: Reject) -> None:
        nonlocal writer, names
        if writer is None:
            names = tuple(reject.record)
            file = Path(path).open("w", encoding="utf-8-sig", newline="")  # noqa: SIM115
            files.enter_context(file)
            writer = csv.writer(file)
            writer.writerow(["row", "reason", *map(safe_cell, names)])
        cells = [reject.record.get(name, "") for name in names]
        cells += [value for name, value in reject.record.items() if name not in names]
        writer.writerow([reject.row, *map(safe_cell, [reject.reason, *cells])])

    with ExitStack() as files:
        yield write


def write_rejects(path: str | Path, rejects: Iterable[Reject]) -> int:
    """Write rejects to a CSV file, in the form of `open_rejects`.

    Parameters
    ----------
    path : path-like
        Usually ``<name>.rejects.csv``.
    rejects : iterable of Reject
        Any number.

    Returns
    -------
    int
        How many there were; with 0 no file is made.
    """
    count = 0
    with open_rejects(path) as write:
        for reject in rejects:
            write(reject)
            count += 1
    return count
