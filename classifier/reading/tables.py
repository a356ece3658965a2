"""Files with columns to rows: CSV, Excel workbooks and Parquet."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, islice
from math import ceil, isnan
from typing import BinaryIO
from zipfile import ZipFile

import pyarrow
import pyarrow.parquet
from openpyxl import load_workbook

from classifier.reading.dates import parse_date
from classifier.reading.decoding import (
    ENCODING_NAMES,
    SURROGATE,
    decode_lines,
    detect_encoding,
    take_first_look,
)

DELIMITERS = ",;\t|"
LOOK_ROWS = 200
"""Rows from which header, delimiter and columns are told."""
LOOK_LINES = 5_000
"""Lines for those rows; a long log may hold a hundred line breaks."""
MAX_FIELD = 16_000_000
"""Characters of a CSV field; beyond it a quote mark was surely never closed."""
MAX_NAME = 80
"""Characters of a column name; a longer cell is data."""
FULL_HEADER = 0.6
"""Share of the cells usual in a row that a header fills; title lines fill fewer."""
BATCH = 1_000
"""Parquet rows read at a time."""


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Parameters
    ----------
    number : int
        Row of the spreadsheet; in CSV records count as rows, however many lines they hold. The
        first row of Parquet is 2, as if the header were on top.
    cells : tuple of str
        As many as the header has, unless there is a fault.
    fault : str or None
        Why the row cannot be used.
    """

    number: int
    cells: tuple[str, ...]
    fault: str | None = None


@dataclass(frozen=True)
class Table:
    """An open table.

    Parameters
    ----------
    header : tuple of str
        Names, none blank, all different.
    header_row : int
        Row of the header; what stands above it is a title.
    first : tuple of Row
        Up to ``LOOK_ROWS`` rows.
    rows : iterator of Row
        All rows, `first` included; can be read once.
    encoding, delimiter : str or None
        For CSV.
    sheet : str or None
        For a workbook.
    """

    header: tuple[str, ...]
    header_row: int
    first: tuple[Row, ...]
    rows: Iterator[Row]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@contextmanager
def open_table(stream: BinaryIO, format: str, where: str) -> Iterator[Table]:
    """Open a table and find its header.

    Rows without any filled cell are left out; they count in the numbers of the others.

    Parameters
    ----------
    stream : binary file
        At its start; a workbook or Parquet file must allow seeking.
    format : str
        ``"csv"``, ``"tsv"``, ``"xlsx"`` or ``"parquet"``.
    where : str
        Name of the file, for messages.

    Yields
    ------
    Table
        Usable until the context ends.

    Raises
    ------
    ValueError
        If the file is empty, damaged, encrypted, of another kind, or has no header.
    """
    if format == "xlsx":
        with _open_workbook(stream, where) as table:
            yield table
    elif format == "parquet":
        yield _open_parquet(stream, where)
    else:
        yield _open_delimited(stream, where, "\t" if format == "tsv" else None)


# Header


def _find_header(rows: Sequence[Row]) -> int:
    """Find the first row about as full as the others; it must look like names, not data.

    How full rows usually are is the upper quartile, as titles are few and faulty rows fewer.
    """
    filled = [sum(bool(cell.strip()) for cell in row.cells) for row in rows]
    if not filled:
        raise LookupError("has no header row; give the columns names in a row above the notes")
    usual = sorted(filled)[int(0.75 * (len(filled) - 1))]
    needed = 1 if usual == 1 else max(2, ceil(FULL_HEADER * usual))
    index = next(i for i, count in enumerate(filled) if count >= needed)
    if not all(_is_name(cell) for cell in rows[index].cells):
        raise LookupError(
            f"row {rows[index].number} looks like data, not like a header; "
            "give the columns names in a row above the notes"
        )
    return index


def _is_name(cell: str) -> bool:
    """Tell whether a cell may be a column name: short, no number, no date."""
    cell = cell.strip()
    return (
        len(cell) <= MAX_NAME
        and not re.fullmatch(r"[-+]?[\d.,]*\d", cell)
        and parse_date(cell) is None
        and not SURROGATE.search(cell)
    )


def name_columns(cells: Iterable[str]) -> tuple[str, ...]:
    r"""Make usable names of a header.

    Parameters
    ----------
    cells : iterable of str
        As they stand.

    Returns
    -------
    tuple of str
        None blank, all different, white space put right.

    Examples
    --------
    >>> name_columns(["Notes", " Notes", "", "Call\ntime"])
    ('Notes', 'Notes (2)', 'column 3', 'Call time')
    """
    names: list[str] = []
    taken = {" ".join(cell.split()) for cell in cells}
    for place, cell in enumerate(cells, start=1):
        stem = name = " ".join(cell.split()) or f"column {place}"
        times = 1
        while name in names or (times > 1 and name in taken):
            times += 1
            name = f"{stem} ({times})"
        names.append(name)
    return tuple(names)


def _drop_blank(rows: Iterable[Row]) -> Iterator[Row]:
    """Leave out rows without any filled cell."""
    return (row for row in rows if any(cell.strip() for cell in row.cells))


# CSV


def _open_delimited(stream: BinaryIO, where: str, delimiter: str | None) -> Table:
    """Open delimited text."""
    head = take_first_look(stream, where)
    codec, start = detect_encoding(head, where)
    head = head[start:]
    if delimiter is None:
        sample = decode_lines(head, io.BytesIO(), codec)
        delimiter = _detect_delimiter(list(islice(sample, LOOK_LINES)))
    rows = _drop_blank(_read_records(decode_lines(head, stream, codec), delimiter))
    look = list(islice(rows, LOOK_ROWS))
    try:
        index = _find_header(look)
    except LookupError as error:
        raise ValueError(f"{where}: {error}") from None
    header = name_columns(look[index].cells)
    encoding = ENCODING_NAMES[codec]

    def check(row: Row) -> Row:
        return replace(row, fault=row.fault or _find_fault(row.cells, header, encoding))

    first = tuple(map(check, look[index + 1 :]))
    return Table(
        header,
        look[index].number,
        first,
        chain(first, map(check, rows)),
        encoding=encoding,
        delimiter=delimiter,
    )


def _find_fault(cells: Sequence[str], header: Sequence[str], encoding: str) -> str | None:
    """Say what is wrong with the cells of a CSV record, or None."""
    if len(cells) != len(header):
        return (
            f"{_count(len(cells))} where the header has {len(header)}; "
            "is a delimiter or a quote mark missing or too many?"
        )
    bad = [name for name, cell in zip(header, cells, strict=True) if SURROGATE.search(cell)]
    if bad:
        columns = ", ".join(map(repr, bad))
        return f"column {columns} holds bytes that are not {encoding}; save the file as UTF-8"
    return None


def _count(fields: int) -> str:
    """Count fields in words."""
    return "1 field" if fields == 1 else f"{fields} fields"


def _detect_delimiter(lines: Sequence[str]) -> str:
    """Pick the delimiter that cuts most records into equally many fields, from early on.

    With none that cuts at all there is one column, and the comma does.
    """

    def fit(delimiter: str) -> tuple[float, int, float, int]:
        with _huge_fields():
            records = islice(csv.reader(lines, delimiter=delimiter), LOOK_ROWS)
            widths = [len(cells) for cells in records if any(cell.strip() for cell in cells)]
        width, times = Counter(widths).most_common(1)[0] if widths else (1, 1)
        if width == 1:
            return (0.0, 0, 0.0, 0)
        share = times / len(widths)
        return (round(share, 1), -widths.index(width), share, width)

    return max(DELIMITERS, key=fit)


@contextmanager
def _huge_fields() -> Iterator[None]:
    """Raise the limit on the length of a CSV field for a moment; it is global."""
    before = csv.field_size_limit(MAX_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _read_records(lines: Iterator[str], delimiter: str) -> Iterator[Row]:
    """Split lines into records.

    Where quote marks do not match, only the first line of the record is given up and reading
    goes on with the next, so that one stray mark does not swallow what follows.
    """
    again: deque[str] = deque()
    taken: list[str] = []

    def feed() -> Iterator[str]:
        while (line := again.popleft() if again else next(lines, None)) is not None:
            taken.append(line)
            yield line

    reader = csv.reader(feed(), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        taken.clear()
        try:
            with _huge_fields():
                cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            again.extendleft(reversed(taken[1:]))
            cells = taken[0].rstrip("\r\n").split(delimiter)
            reader = csv.reader(feed(), delimiter=delimiter, strict=True)
            yield Row(number, tuple(cells), "quote marks do not match; double those inside a field")
        else:
            yield Row(number, tuple(cells))


# Workbooks


@contextmanager
def _open_workbook(stream: BinaryIO, where: str) -> Iterator[Table]:
    """Open the first sheet with a table."""
    start = stream.read(8)
    if not start:
        raise ValueError(f"{where}: is empty; was it exported completely?")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValueError(f"{where}: {_describe_ole(stream)}")
    stream.seek(0)
    try:
        has_formulas = _has_formulas(stream)
        with warnings.catch_warnings(action="ignore"):
            values = load_workbook(stream, read_only=True, data_only=True)
            formulas = load_workbook(stream, read_only=True) if has_formulas else None
    except Exception as error:  # a damaged workbook may fail anywhere
        raise ValueError(
            f"{where}: is no Excel workbook or a damaged one; save it again"
        ) from error
    try:
        yield _pick_sheet(values, formulas, where)
    finally:
        values.close()
        if formulas is not None:
            formulas.close()


def _describe_ole(stream: BinaryIO) -> str:
    """Tell a workbook with a password from one of the time before 2007."""
    if "EncryptedPackage".encode("utf-16-le") in stream.read():
        return "is locked with a password; open it and save it without one"
    return "is a workbook of the old kind (.xls); save it as .xlsx"


def _has_formulas(stream: BinaryIO) -> bool:
    """Tell whether any sheet holds a formula."""
    with ZipFile(stream) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                with archive.open(name) as sheet:
                    before = b""
                    while chunk := sheet.read(2**20):
                        if re.search(rb"<f[ />]", before + chunk):
                            return True
                        before = chunk[-2:]
    return False


def _pick_sheet(values, formulas, where: str) -> Table:
    """Pick the first sheet with a header and data below; one with several columns if any."""
    single, fault = None, None
    for place, sheet in enumerate(values.worksheets):
        rows = _read_sheet(sheet, formulas and formulas.worksheets[place], where)
        try:
            table = _make_sheet_table(sheet.title, rows)
        except LookupError as error:
            fault = fault or error
            continue
        if len(table.header) > 1 and table.first:
            return table
        single = single or table
    if single is None:
        raise ValueError(f"{where}: {fault or 'has no sheet with cells'}")
    return single


def _make_sheet_table(title: str, rows: Iterator[Row]) -> Table:
    """Find the header of a sheet."""
    look = list(islice(rows, LOOK_ROWS))
    index = _find_header(look)
    width = max(len(row.cells) for row in look[index:])
    blanks = ("",) * (width - len(look[index].cells))
    header = name_columns(look[index].cells + blanks)

    def pad(row: Row) -> Row:
        blanks = ("",) * (width - len(row.cells))
        fault = row.fault
        if len(row.cells) > width:
            fault = f"{_count(len(row.cells))} where the first {LOOK_ROWS} rows have {width}"
        return Row(row.number, row.cells + blanks, fault)

    first = tuple(map(pad, look[index + 1 :]))
    return Table(header, look[index].number, first, chain(first, map(pad, rows)), sheet=title)


def _read_sheet(values, formulas, where: str) -> Iterator[Row]:
    """Read the rows of a sheet that hold anything, cut after the last filled cell.

    A formula counts as the value saved with it, or as its own text if none was saved.
    """
    values.reset_dimensions()  # what the file says of its size may be wrong
    rows = values.iter_rows()
    formula_rows = None
    if formulas is not None:
        formulas.reset_dimensions()
        formula_rows = formulas.iter_rows(values_only=True)
    number = 0
    while True:
        try:
            with warnings.catch_warnings(action="ignore"):
                row = next(rows)
                own = next(formula_rows) if formula_rows else ()
        except StopIteration:
            return
        except Exception:  # a damaged sheet may fail anywhere
            raise ValueError(f"{where}: damaged below row {number}; save it again") from None
        number += 1
        cells = [_cell_to_text(cell) for cell in row]
        for i, formula in enumerate(own[: len(cells)]):
            if formula is not None and row[i].value is None:
                cells[i] = str(getattr(formula, "text", formula) or "")
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield Row(number, tuple(cells))


def _cell_to_text(cell) -> str:
    """Turn a cell of a workbook into text; a date without a time shown is only a date."""
    value = cell.value
    if isinstance(value, datetime):
        # Excel keeps time as a fraction of a day, so seconds come with noise
        value = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        if value.time() == time() and "h" not in cell.number_format.lower():
            value = value.date()
    if isinstance(value, str):
        return _unescape(value)
    return _value_to_text(value)


def _unescape(text: str) -> str:
    """Undo what workbooks do to control characters: ``_x000D_`` is CR.

    Only these need it. openpyxl has undone the escaping of a literal ``_x0041_`` already, so
    that such a text stays as it is.
    """
    return re.sub(r"_x(00[01][0-9A-Fa-f])_", lambda match: chr(int(match[1], 16)), text)


def _value_to_text(value: object) -> str:
    """Turn a value into text: ISO 8601 dates, whole numbers without ``.0``, nothing as ''."""
    if value is None or (isinstance(value, float) and isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float | Decimal) and value == value // 1:
        return str(int(value))
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return str(value)


# Parquet


def _open_parquet(stream: BinaryIO, where: str) -> Table:
    """Open a Parquet file."""
    try:
        file = pyarrow.parquet.ParquetFile(stream)
    except (pyarrow.ArrowException, OSError) as error:
        raise ValueError(
            f"{where}: is no Parquet file, a damaged or an encrypted one; save it again"
        ) from error
    header = name_columns(file.schema_arrow.names)
    if not header:
        raise ValueError(f"{where}: has no columns")
    rows = _drop_blank(_read_batches(file, header, where))
    first = tuple(islice(rows, LOOK_ROWS))
    return Table(header, 1, first, chain(first, rows))


def _read_batches(file, header: Sequence[str], where: str) -> Iterator[Row]:
    """Read the rows of a Parquet file."""
    number = 1
    batches = file.iter_batches(batch_size=BATCH)
    while True:
        try:
            batch = next(batches, None)
        except (pyarrow.ArrowException, OSError):
            raise ValueError(f"{where}: damaged below row {number}; save it again") from None
        if batch is None:
            return
        columns = [map(_value_to_text, _list_values(column)) for column in batch.columns]
        for cells in zip(*columns, strict=True):
            number += 1
            yield Row(number, cells, _find_fault(cells, header, "UTF-8"))


def _list_values(column) -> list:
    """List the values of a column; text that is not UTF-8 comes as bytes."""
    with suppress(UnicodeDecodeError):
        return column.to_pylist()
    return column.cast(pyarrow.large_binary()).to_pylist()
