"""Files of any kind to notes and rejects, in order, one at a time, none lost."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from classifier.labels import LabelSet
from classifier.note import Note
from classifier.reading import records
from classifier.reading.columns import Columns, guess_columns, match_columns
from classifier.reading.decoding import (
    ENCODING_NAMES,
    SURROGATE,
    decode_lines,
    decode_text,
    detect_encoding,
    take_first_look,
)
from classifier.reading.rejects import RawNote, Reject, check_notes, open_rejects, write_rejects
from classifier.reading.tables import Table, open_table

__all__ = [
    "FORMATS",
    "Columns",
    "Look",
    "Reject",
    "guess_columns",
    "look_at",
    "open_rejects",
    "read_notes",
    "write_rejects",
]

TABLES = ("csv", "tsv", "xlsx", "parquet")
FORMATS = (*TABLES, "jsonl", "json", "txt")
"""What ``format`` may be."""
ENDINGS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".txt": "txt",
}
"""Format of a file by its ending, if none is given."""


@dataclass(frozen=True)
class Look:
    """What a first look at a file tells, before its notes are read.

    Parameters
    ----------
    format : str
        One of ``FORMATS``, or ``"folder"``.
    header : tuple of str
        Names of the columns; empty if the file is no table.
    header_row : int or None
        Where they stand; rows above it are left out.
    columns : Columns or None
        To give to `read_notes`.
    explanation : tuple of str
        Plain sentences: how the file is read, and why each column was taken.
    encoding, delimiter, sheet : str or None
        Where they apply.
    """

    format: str
    header: tuple[str, ...] = ()
    header_row: int | None = None
    columns: Columns | None = None
    explanation: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


def read_notes(
    source: str | Path | BinaryIO,
    *,
    columns: Columns | None = None,
    format: str | None = None,
    labels: LabelSet | None = None,
) -> Iterator[Note | Reject]:
    """Read notes from a file, a folder of text files, or standard input.

    Every row comes out once, in the order of the source, as a note or as a reject that says why
    it is none; rows without any filled cell are no rows. Texts are kept character for character.
    Nothing is read before the first note is asked for, and tables and JSON Lines are never held
    in memory as a whole; a workbook or Parquet file from a stream and a JSON list are.

    ``meta`` of a note holds ``person`` and ``received`` (ISO 8601) if they are filled, the
    columns to keep, and the ``meta`` of a JSON record. See `rejects.check_notes` for ids of notes
    without one, `decoding.detect_encoding` for how the encoding is told, and `records.marks_of`
    for the spans of JSON records.

    Parameters
    ----------
    source : path-like or binary file
        A file, a folder of ``.txt`` files (their ids are their paths without the ending), or a
        stream such as ``sys.stdin.buffer``.
    columns : Columns, optional
        Read just these; guessed if not given. In JSON they are fields, of the record or of its
        ``meta``; not given they are ``text``, ``id``, ``person`` and ``received``.
    format : str, optional
        One of ``FORMATS``. Not given, it goes by the ending of the file; a stream that starts
        with ``{`` or is a JSON list is JSON, any other is the text of one note.
    labels : LabelSet, optional
        Labels that spans of JSON records may have; any if not given.

    Yields
    ------
    Note or Reject
        One for each row.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the source cannot be read at all: empty, damaged, of another kind, without a header,
        or its text column cannot be told.
    TypeError
        If the stream yields text.
    """
    where, format = _settle_format(source, format)
    if format == "folder":
        yield from check_notes(_read_folder(Path(source)))
        return
    with _open_binary(source) as stream:
        if format in TABLES:
            with open_table(_make_seekable(stream, format), format, where) as table:
                chosen = _choose_columns(table, columns, where)
                yield from check_notes(_read_rows(table, chosen))
        else:
            yield from check_notes(_read_text(source, stream, format, where, columns, labels))


def look_at(
    source: str | Path | BinaryIO,
    *,
    format: str | None = None,
    text: str | None = None,
    id: str | None = None,
    person: str | None = None,
    received: str | None = None,
    keep: tuple[str, ...] = (),
) -> Look:
    """Look at a source before it is read: how it is stored, and which column is which.

    Parameters
    ----------
    source : path-like or binary file
        As in `read_notes`. A stream must allow seeking and is set back; wrap a pipe as
        ``io.BytesIO(sys.stdin.buffer.read())``.
    format : str, optional
        As in `read_notes`.
    text, id, person, received : str, optional
        Columns a person has named; the others are guessed.
    keep : tuple of str
        Columns to keep with the notes.

    Returns
    -------
    Look
        Its ``columns`` are complete and can be given to `read_notes`.

    Raises
    ------
    FileNotFoundError, ValueError, TypeError
        As `read_notes`; also if a column named does not exist.
    """
    where, format = _settle_format(source, format)
    given = {"text": text, "id": id, "person": person, "received": received}
    named = {role: name for role, name in given.items() if name is not None}
    if format == "folder":
        count = len(_list_texts(Path(source)))
        return Look(format, explanation=(f"{count} .txt files, each one note",))
    with _open_binary(source) as stream:
        if not _is_path(source) and not stream.seekable():
            raise ValueError(f"{where}: cannot be looked at before it is read; save it to a file")
        place = stream.tell()
        try:
            if format in TABLES:
                with open_table(stream, format, where) as table:
                    return _look_at_table(table, format, named, keep, where)
            return _look_at_text(stream, format, named, keep, where)
        finally:
            stream.seek(place)


def _look_at_table(
    table: Table, format: str, named: dict[str, str], keep: tuple[str, ...], where: str
) -> Look:
    """Look at a table."""
    try:
        columns, reasons = guess_columns(
            table.header, [row.cells for row in table.first if not row.fault], named=named
        )
        kept = {**vars(columns), "keep": keep}
        columns = match_columns(Columns(**kept), table.header)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
    facts = [format]
    if table.sheet is not None:
        facts.append(f"sheet {table.sheet!r}")
    if table.encoding is not None:
        facts.append(f"{table.encoding}, delimiter {table.delimiter!r}")
    if format != "parquet":
        facts.append(f"header in row {table.header_row}")
        if table.header_row > 1:
            facts.append("what stands above it is left out")
    return Look(
        format,
        table.header,
        None if format == "parquet" else table.header_row,
        columns,
        ("; ".join(facts), *reasons),
        table.encoding,
        table.delimiter,
        table.sheet,
    )


def _look_at_text(
    stream: BinaryIO, format: str | None, named: dict[str, str], keep: tuple[str, ...], where: str
) -> Look:
    """Look at JSON or plain text."""
    head, format = _settle_text(stream, format, where)
    encoding = ENCODING_NAMES[detect_encoding(head, where)[0]]
    if format == "txt":
        return Look(format, explanation=(f"txt; {encoding}; one note",), encoding=encoding)
    columns = None
    if named or keep:
        columns = Columns(**{**vars(records.FIELDS), **named, "keep": keep})
    text = (columns or records.FIELDS).text
    explanation = (f"{format}; {encoding}; text in field {text!r}",)
    return Look(format, columns=columns, explanation=explanation, encoding=encoding)


# Sources


def _is_path(source: object) -> bool:
    """Tell a path from a stream."""
    return isinstance(source, str | Path)


def _settle_format(source: str | Path | BinaryIO, format: str | None) -> tuple[str, str | None]:
    """Name the source for messages, and tell its format; None for a stream to be looked at."""
    if format is not None and format not in FORMATS:
        raise ValueError(f"no format {format!r}; allowed are {', '.join(FORMATS)}")
    if not _is_path(source):
        return "standard input", format
    path = Path(source)
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file or folder")
    if path.is_dir():
        if format not in (None, "txt"):
            raise ValueError(f"{path}: is a folder; only folders of .txt files can be read")
        return str(path), "folder"
    format = format or ENDINGS.get(path.suffix.lower())
    if format is None and path.suffix.lower() == ".xls":
        raise ValueError(f"{path}: is a workbook of the old kind (.xls); save it as .xlsx")
    if format is None:
        raise ValueError(
            f"{path}: cannot tell its format from the ending {path.suffix!r}; "
            f"allowed are {', '.join(ENDINGS)}, or say which with --format"
        )
    return str(path), format


@contextmanager
def _open_binary(source: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    """Open a path; hand a stream on, which stays open."""
    if _is_path(source):
        with Path(source).open("rb") as stream:
            yield stream
    else:
        yield source


def _make_seekable(stream: BinaryIO, format: str) -> BinaryIO:
    """Read a workbook or Parquet file from a pipe into memory; its table of contents is last."""
    if format in ("csv", "tsv") or stream.seekable():
        return stream
    return io.BytesIO(stream.read())


# Tables


def _choose_columns(table: Table, columns: Columns | None, where: str) -> Columns:
    """Match the columns given, or guess them."""
    try:
        if columns is not None:
            return match_columns(columns, table.header)
        return guess_columns(table.header, [row.cells for row in table.first if not row.fault])[0]
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def _read_rows(table: Table, columns: Columns) -> Iterator[RawNote]:
    """Turn rows of a table into notes to be checked."""
    names = {
        "text_name": f"column {columns.text!r}",
        "received_name": f"column {columns.received!r}",
    }
    for row in table.rows:
        record = _name_cells(table.header, row.cells)
        if row.fault:
            # with a cell too many or too few, the id may be in another column
            is_whole = len(row.cells) == len(table.header)
            id = record.get(columns.id) if is_whole else None
            yield RawNote(row.number, record, id=id, fault=row.fault)
            continue
        yield RawNote(
            row.number,
            record,
            text=record[columns.text],
            id=record.get(columns.id),
            person=record.get(columns.person),
            received=record.get(columns.received),
            meta={name: record[name] for name in columns.keep},
            **names,
        )


def _name_cells(header: tuple[str, ...], cells: tuple[str, ...]) -> dict[str, str]:
    """Put names to cells; what is missing is blank, what is beyond gets the number of its place."""
    record = dict.fromkeys(header, "")
    record.update(zip(header, cells, strict=False))
    for place, cell in enumerate(cells[len(header) :], start=len(header) + 1):
        record[f"column {place} (beyond the header)"] = cell
    return record


# Text and JSON


def _settle_text(stream: BinaryIO, format: str | None, where: str) -> tuple[bytes, str]:
    """Take the first look, and tell JSON from plain text if the format is open.

    A note may start with a bracket too, as in ``[10:20] Caller``; so a list must be one.
    """
    head = take_first_look(stream, where)
    if format is not None:
        return head, format
    start = decode_text(head, where).lstrip()[:1]
    if start == "{":
        return head, "jsonl"
    if start == "[":
        head += stream.read()
        try:
            json.loads(decode_text(head, where))
        except (ValueError, RecursionError):
            return head, "txt"
        return head, "json"
    return head, "txt"


def _read_text(
    source: str | Path | BinaryIO,
    stream: BinaryIO,
    format: str | None,
    where: str,
    columns: Columns | None,
    labels: LabelSet | None,
) -> Iterator[RawNote]:
    """Read JSON Lines, a JSON list, or one plain text."""
    head, format = _settle_text(stream, format, where)
    if format == "txt":
        id = Path(source).stem if _is_path(source) else None
        text = decode_text(head + stream.read(), where)
        yield _make_text_note(1, id, text, {"file": where})
        return
    codec, start = detect_encoding(head, where)
    lines = decode_lines(head[start:], stream, codec)
    if decode_text(head, where).lstrip()[:1] == "[":
        try:
            yield from records.read_list("".join(lines), columns=columns, labels=labels)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None
    else:
        yield from records.read_lines(lines, columns=columns, labels=labels)


def _make_text_note(row: int, id: str | None, text: str, record: dict[str, str]) -> RawNote:
    """Make a note of a text file."""
    fault = None
    if SURROGATE.search(text):
        fault = "file holds bytes that are no text; save it as UTF-8"
    return RawNote(row, record, text=text, id=id, text_name="file", fault=fault)


def _list_texts(folder: Path) -> list[Path]:
    """List the text files in a folder and in those below it."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".txt")
    if not any(path.is_file() for path in paths):
        raise ValueError(f"{folder}: holds no .txt files")
    return [path for path in paths if path.is_file()]


def _read_folder(folder: Path) -> Iterator[RawNote]:
    """Read each text file of a folder as one note."""
    for row, path in enumerate(_list_texts(folder), start=1):
        name = path.relative_to(folder).as_posix()
        id = path.relative_to(folder).with_suffix("").as_posix()
        record = {"file": name}
        try:
            text = decode_text(path.read_bytes(), name)
        except ValueError:
            yield RawNote(row, record, id=id, fault="file is no text file")
        else:
            yield _make_text_note(row, id, text, record)
