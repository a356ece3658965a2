"""JSON that annotation tools export, record by record: lines, a list, or a zip of these."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from classifier.reading.decoding import SURROGATE
from classifier.reading.rejects import RawNote
from training.formats.task import Task

KINDS = {dict: "object", list: "list", str: "string"}
Parse = Callable[[Mapping[str, Any], RawNote, str], Iterable[Task]]


def read_tasks(path: Path, parse: Parse) -> Iterator[Task]:
    """Read a file of records, each parsed by its own; a faulty one does not stop the rest.

    Parameters
    ----------
    path : Path
        JSON Lines, a JSON list, one JSON object, or a zip file of such files.
    parse : callable
        Takes a record, a raw note that has its number and id, and the name of the file in the
        zip (or ``""``); gives tasks or raises ValueError.

    Yields
    ------
    Task
        At least one for each record.

    Raises
    ------
    ValueError
        If the file as a whole is no JSON.
    """
    for row, (member, line, record) in enumerate(_records(path), start=1):
        raw = RawNote(row, {"line": line})
        if isinstance(record, ValueError):
            yield Task(replace(raw, fault=str(record)))
            continue
        try:
            if not isinstance(record, dict):
                raise ValueError("record is no JSON object in braces")
            raw = replace(raw, id=take_id(record.get("id")))
            tasks = list(parse(record, raw, member))
        except ValueError as error:
            tasks = [Task(replace(raw, fault=str(error)))]
        yield from tasks


def peek(path: Path) -> object:
    """Give the first record of a file, to tell its format.

    Parameters
    ----------
    path : Path
        As in `read_tasks`.

    Returns
    -------
    object
        None if there is none or it cannot be read.
    """
    try:
        record = next((record for _, _, record in _records(path)), None)
    except (ValueError, OSError):
        return None
    return None if isinstance(record, ValueError) else record


def _records(path: Path) -> Iterator[tuple[str, str, object]]:
    """Yield name of the member, the record as it stands, and parsed or why it cannot be."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith((".jsonl", ".json")):
                    with archive.open(name) as file:
                        stem = PurePosixPath(name).stem
                        for line, record in _parse_stream(file, f"{path.name}, {name}"):
                            yield stem, line, record
        return
    with path.open("rb") as file:
        for line, record in _parse_stream(file, path.name):
            yield "", line, record


def _parse_stream(file: Any, where: str) -> Iterator[tuple[str, object]]:
    """Parse lines one by one, or the whole if the first line is no record of its own."""
    lines = (line.decode("utf-8", "surrogateescape") for line in file)
    first = next((line for line in lines if line.strip("\ufeff \t\r\n")), "")
    first = first.removeprefix("\ufeff")
    try:
        whole = isinstance(json.loads(first), list)
    except ValueError:
        whole = first.lstrip().startswith("[") or first.strip() == "{"
    if whole:
        text = "".join(chain([first], lines))
        try:
            parsed = json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError(f"{where}: is no JSON; was it exported completely?") from None
        for record in parsed if isinstance(parsed, list) else [parsed]:
            line = json.dumps(record, ensure_ascii=False)
            yield line, _refuse_half_characters(line, record)
        return
    for line in chain([first], lines):
        if line.strip():
            yield line.rstrip("\r\n"), _parse_line(line)


def _parse_line(line: str) -> object:
    """Parse one line, or give what is wrong with it."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return ValueError("line is no JSON")
    return _refuse_half_characters(json.dumps(record, ensure_ascii=False), record)


def _refuse_half_characters(line: str, record: object) -> object:
    """Give the record, or what is wrong if it holds what no file can hold."""
    if SURROGATE.search(line):
        return ValueError("record holds bytes that are not UTF-8, or half a character")
    return record


def take(record: Mapping[str, Any], name: str, kind: type) -> Any:
    """Give a field of one kind.

    Parameters
    ----------
    record : mapping
        A parsed object.
    name : str
        The field.
    kind : type
        ``dict``, ``list`` or ``str``.

    Returns
    -------
    dict, list or str
        An empty one if the field is missing or null.

    Raises
    ------
    ValueError
        If the field is of another kind.
    """
    value = record.get(name)
    if value is None:
        return kind()
    if not isinstance(value, kind):
        raise ValueError(f"field {name!r} is no {KINDS[kind]}")
    return value


def take_objects(record: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Give a field that is a list of objects.

    Parameters
    ----------
    record : mapping
        A parsed object.
    name : str
        The field.

    Returns
    -------
    list of dict
        Empty if the field is missing or null.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    values = take(record, name, list)
    if not all(isinstance(value, dict) for value in values):
        raise ValueError(f"field {name!r} is no list of objects")
    return values


def take_text(record: Mapping[str, Any], name: str) -> str:
    """Give the text of a note.

    Parameters
    ----------
    record : mapping
        A parsed object.
    name : str
        The field.

    Returns
    -------
    str
        As it stands.

    Raises
    ------
    ValueError
        If there is no such field, or it is no string.
    """
    if not isinstance(record.get(name), str):
        there = ", ".join(map(repr, sorted(record)))
        raise ValueError(
            f"field {name!r} is missing or no string; name the field with --text; there are {there}"
        )
    return record[name]


def take_id(*candidates: object) -> str | None:
    """Give the first candidate that can be an id.

    Parameters
    ----------
    *candidates : object
        Numbers and filled strings can.

    Returns
    -------
    str or None
        As text.
    """
    for value in candidates:
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None


def write_lines(records: Iterable[Mapping[str, object]], path: Path) -> None:
    """Write JSON Lines.

    Parameters
    ----------
    records : iterable of mapping
        One for each line.
    path : Path
        The file to write.
    """
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
