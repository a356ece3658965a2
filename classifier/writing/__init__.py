"""Write findings to a file: JSON Lines, CSV, XLSX, Parquet or HTML."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from secrets import token_hex
from typing import TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from classifier.cells import safe_cell
from classifier.findings import NoteEvidence
from classifier.labels import LabelSet
from classifier.wording import WHAT_IT_DOES_NOT_DO, encodable
from classifier.writing.record import (
    checked,
    meta_cells,
    meta_columns,
    plain,
    record_of,
    rounded,
    to_json,
)
from classifier.writing.report import write_report
from classifier.writing.workbook import write_workbook

ROW_GROUP = 5_000
"""Notes in one row group of a Parquet file: what is held in memory at a time."""

FINDING_COLUMNS = ("label", "title", "context", "score", "start", "end")
"""Columns of a CSV file that are blank in the row of a note with no finding."""


def write_evidence(
    results: Iterable[NoteEvidence],
    path: str | os.PathLike[str] | TextIO,
    *,
    labels: LabelSet,
    with_text: bool | None = None,
    about: Mapping[str, str] | None = None,
) -> int:
    r"""Write results in the format that the file name ends in.

    Every note is written, in the order given, also one with no finding. Results are read one at
    a time, whatever their number; only HTML, which is for reading, is held in memory. The file
    grows beside the target under another name and takes its name when it is complete: after an
    interruption the target is missing, or still the old one.

    **JSON Lines** (``.jsonl``, or an open text stream): one object a line, UTF-8, ``\n`` ends::

        {"id": str, "spans": [{"start": int, "end": int, "label": str, "context": str,
         "score": float}], "scores": {label: float}, "evidence": float}

    Offsets count characters (code points) from 0, the end is exclusive. ``context`` is
    ``affirmed``, ``negated``, ``hypothetical`` or ``other``. ``scores`` holds every label in the
    order of `labels`. Scores have four decimals. ``text`` follows ``id`` if asked for; ``meta``
    comes last, only for a note that has any.

    **CSV**: UTF-8 with a byte order mark, for spreadsheets. One row a finding, and one row with
    blank finding columns for a note with none: ``id``, the meta of the first note, ``meta`` (any
    other meta, as JSON), ``evidence``, ``label``, ``title``, ``context``, ``score``, ``start``,
    ``end`` and, with text, ``phrase``. A cell that a spreadsheet could take for a formula is
    given a leading apostrophe; drop it from cells where ``'`` stands before any more of them
    and one of ``= + - @``, tab or a line end, and the text is the original again.

    **XLSX**: sheets ``Notes``, ``Findings`` and ``Legend``. **HTML**: one page that needs nothing
    from outside. **Parquet**: one row a note with the fields of JSON Lines; ``meta`` is JSON text.

    Parameters
    ----------
    results : iterable of NoteEvidence
        One for each note, all made with `labels`.
    path : path-like or text stream
        Where to; its folder must be there. An existing file is replaced. Something with a
        ``write`` method gets JSON Lines and stays open.
    labels : LabelSet
        Order of the scores, titles, cues and colours.
    with_text : bool, optional
        Whether words of the notes go into the file. Left out: not for JSON Lines, which can be
        joined to the notes by id; yes for the others. HTML is nothing without.
    about : mapping of str to str, optional
        What a reader should know of the run, such as the model's version, the source file, the
        date and the number of rejects. Shown in XLSX and HTML, metadata ``about`` of Parquet.

    Returns
    -------
    int
        Number of notes written.

    Raises
    ------
    FileNotFoundError
        If the folder is missing.
    ValueError
        If the name ends in anything else, HTML is asked for without text, a result does not fit
        its note or `labels`, or there are more rows than an XLSX sheet holds.
    """
    about = dict(about or {})
    results = checked(results, labels)
    if hasattr(path, "write"):
        return _write_json_lines(results, path, labels=labels, with_text=bool(with_text))
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        raise ValueError(f"the file name must end in {', '.join(_WRITERS)}, got {path.name!r}")
    if with_text is None:
        with_text = suffix != ".jsonl"
    if suffix == ".html" and not with_text:
        raise ValueError("an HTML file shows the notes; without text write .jsonl, .csv or .xlsx")
    with _replacing(path) as part:
        return _WRITERS[suffix](results, part, labels=labels, with_text=with_text, about=about)


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """Give a name beside the target; move the file there when complete, else delete it."""
    if not path.parent.is_dir():
        raise FileNotFoundError(f"no folder {path.parent}; make it first")
    part = path.with_name(f".{path.name}.{token_hex(4)}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write_jsonl(results, path, *, labels, with_text, about) -> int:
    """Write a JSON Lines file; `about` has no place in it."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        return _write_json_lines(results, stream, labels=labels, with_text=with_text)


def _write_json_lines(results, stream, *, labels, with_text) -> int:
    """Write one line a note to an open stream."""
    count = 0
    for count, result in enumerate(results, start=1):  # noqa: B007
        stream.write(to_json(record_of(result, labels, with_text=with_text)) + "\n")
    return count


def _write_csv(results, path, *, labels, with_text, about) -> int:
    """Write one row a finding, and one for a note with none."""
    ends = ("evidence", *FINDING_COLUMNS, *(["phrase"] if with_text else []))
    first = next(results, None)
    columns = meta_columns(first and first.note, ("id", "meta", *ends))
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow([safe_cell(name) for name in ("id", *columns, "meta", *ends)])
        for count, result in enumerate(_rejoined(first, results), start=1):  # noqa: B007
            note = result.note
            head = [safe_cell(note.id), *map(safe_cell, meta_cells(note, columns))]
            for cells in _finding_rows(result, labels, with_text):
                rows.writerow([*head, rounded(result.evidence), *cells])
    return count


def _finding_rows(result, labels, with_text) -> list[list[object]]:
    """Give the cells of every finding, or one row of blanks."""
    rows = []
    for finding in result.findings:
        title = safe_cell(labels[finding.label].title)
        row = [finding.label, title, finding.context, rounded(finding.score)]
        row += [finding.start, finding.end]
        if with_text:
            row.append(safe_cell(result.note.text[finding.start : finding.end]))
        rows.append(row)
    return rows or [[""] * (len(FINDING_COLUMNS) + with_text)]


def _rejoined(first, rest):
    """Put back the first result, which was taken to see its meta."""
    return rest if first is None else chain([first], rest)


def _write_parquet(results, path, *, labels, with_text, about) -> int:
    """Write one row a note, in row groups."""
    schema = _schema(labels, with_text, about)
    count = 0
    with pq.ParquetWriter(path, schema) as writer:
        while group := list(islice(results, ROW_GROUP)):
            rows = [_parquet_row(result, labels, with_text) for result in group]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def _schema(labels, with_text, about) -> pa.Schema:
    """Name the columns of a Parquet file and their types."""
    offset, text, number = pa.int64(), pa.string(), pa.float64()
    span = {"start": offset, "end": offset, "label": text, "context": text, "score": number}
    columns = {"id": text} | ({"text": text} if with_text else {})
    columns |= {
        "spans": pa.list_(pa.struct(list(span.items()))),
        "scores": pa.struct([(id, number) for id in labels.ids]),
        "evidence": number,
        "meta": text,
    }
    metadata = {"about": to_json(plain(about)), "what_it_does_not_do": WHAT_IT_DOES_NOT_DO}
    return pa.schema(list(columns.items()), metadata=metadata)


def _parquet_row(result, labels, with_text) -> dict[str, object]:
    """Turn a result into a row; meta as JSON text, as its keys differ from note to note."""
    row = record_of(result, labels, with_text=with_text)
    row["id"] = encodable(result.note.id)
    if with_text:
        row["text"] = encodable(result.note.text)
    return row | {"meta": to_json(plain(result.note.meta))}


_WRITERS = {
    ".jsonl": _write_jsonl,
    ".csv": _write_csv,
    ".xlsx": write_workbook,
    ".parquet": _write_parquet,
    ".html": write_report,
}
