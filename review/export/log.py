"""The log of decisions as rows: whole, with what was undone, and what each row speaks of."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from sqlalchemy import Row

from classifier.cells import safe_row
from classifier.note import Mark
from classifier.writing.cells import write_text
from classifier.writing.workbook import OPTIONS, SHEET_ROWS
from review.decisions import Decision, mark_of
from review.export.masking import Masker
from review.redact import Redacted, map_extent

COLUMNS = (
    *("id", "note", "at", "reader", "kind", "answer", "reason", "comment", "label", "context"),
    *("start", "end", "phrase", "changes", "undone_by", "queue", "run", "finding"),
    *("finding_label", "finding_context", "finding_start", "finding_end", "finding_phrase"),
    *("finding_score", "finding_run", "finding_model"),
)
"""``label`` to ``phrase`` are the row's own mark or change; ``undone_by`` is the id of the row
that took this one back, and empty where it stands. Offsets count characters of the note."""


def make_log(
    row: Row,
    rows: list[Decision],
    findings: Mapping[int, Row],
    *,
    wanted: Callable[[Decision], bool],
    masker: Masker | None = None,
) -> Iterator[dict[str, object]]:
    """Make the rows of one note.

    Parameters
    ----------
    row : Row
        Of ``note``.
    rows : list of Decision
        All that was said of it.
    findings : mapping of int to Row
        Those that decisions speak of.
    wanted : callable
        Tells which rows go out.
    masker : Masker, optional
        For a masked export.

    Yields
    ------
    dict
        With ``COLUMNS``.
    """
    redacted = masker.mask(row.text, row) if masker else None
    undone_by = {one.changes: one.id for one in rows if one.kind == "undo"}
    for one in filter(wanted, rows):
        own = Mark(one.start, one.end, one.label) if one.kind in ("mark", "change") else None
        start, end, phrase = _place(row.text, own, redacted)
        values = {
            **{name: getattr(one, name) for name in ("id", "at", "kind", "reason", "changes")},
            **{"note": row.name, "reader": one.reader, "answer": one.answer},
            **{"comment": one.comment, "label": one.label, "context": one.context},
            **{"start": start, "end": end, "phrase": phrase},
            **{"undone_by": undone_by.get(one.id), "queue": one.queue_id, "run": one.run_id},
            "finding": one.finding_id,
            **_tell_finding(row.text, findings.get(one.finding_id), redacted),
        }
        values |= _mask(one, row, masker) if masker else {}
        yield {name: values[name] for name in COLUMNS}


def _place(text: str, mark: Mark | None, redacted: Redacted | None):
    """Say where a mark lies in what goes out, and its words."""
    if mark is None:
        return None, None, None
    start, end = mark.start, mark.end
    if redacted is not None:
        start, end = map_extent(redacted, start, end)
        text = redacted.text
    return start, end, text[start:end]


def _tell_finding(text: str, found: Row | None, redacted: Redacted | None) -> dict[str, object]:
    """Say which finding a row speaks of."""
    start, end, phrase = _place(text, mark_of(found) if found else None, redacted)
    return {
        "finding_label": found and found.label,
        "finding_context": found and found.context,
        "finding_start": start,
        "finding_end": end,
        "finding_phrase": phrase,
        "finding_score": found and round(found.score, 4),
        "finding_run": found and found.run_id,
        "finding_model": found and found.model,
    }


def _mask(one: Decision, row: Row, masker: Masker) -> dict[str, object]:
    """Put masks and numbers in the place of whom a row names."""
    give = masker.pseudonyms.give
    answer = one.answer
    if one.kind in ("flag", "case"):
        answer = give("reader" if one.kind == "flag" else "case", answer)
    comment = masker.mask(one.comment, row).text if one.comment else one.comment
    names = {"note": give("note", row.name), "reader": give("reader", one.reader)}
    return {**names, "answer": answer, "comment": comment, "at": None}


def write_json_lines(rows: Iterable[Mapping[str, object]], path: Path, about: Iterable[str]) -> int:
    """Write one JSON object a row.

    Parameters
    ----------
    rows : iterable of mapping
        From `make_log`.
    path : Path
        The file.
    about : iterable of str
        Has no place in it.

    Returns
    -------
    int
        Number of rows.
    """
    n = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for n, row in enumerate(rows, start=1):  # noqa: B007
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return n


def write_csv(rows: Iterable[Mapping[str, object]], path: Path, about: Iterable[str]) -> int:
    """Write CSV for spreadsheets; cells that look like a formula begin with an apostrophe.

    Parameters
    ----------
    rows : iterable of mapping
        From `make_log`.
    path : Path
        The file.
    about : iterable of str
        Has no place in it.

    Returns
    -------
    int
        Number of rows.
    """
    n = 0
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(COLUMNS)
        for n, row in enumerate(rows, start=1):  # noqa: B007
            cells = (row[name] for name in COLUMNS)
            lines.writerow(safe_row(cells))
    return n


def write_workbook(rows: Iterable[Mapping[str, object]], path: Path, about: Iterable[str]) -> int:
    """Write an Excel workbook with sheets Decisions and About; text stays text.

    Parameters
    ----------
    rows : iterable of mapping
        From `make_log`.
    path : Path
        The file.
    about : iterable of str
        What a reader should know; asked for when all rows are written.

    Returns
    -------
    int
        Number of rows.

    Raises
    ------
    ValueError
        If there are more rows than a sheet holds.
    """
    n = 0
    with (
        TemporaryDirectory(prefix=".unheard-", dir=path.parent) as folder,
        xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": folder}) as book,
    ):
        bold, plain = book.add_format({"bold": True}), book.add_format({"valign": "top"})
        sheet, aside = book.add_worksheet("Decisions"), book.add_worksheet("About")
        for at, name in enumerate(COLUMNS):
            write_text(sheet, 0, at, name, bold)
        for n, row in enumerate(rows, start=1):
            if n > SHEET_ROWS:
                raise ValueError(f"an Excel sheet holds {SHEET_ROWS:,} rows; write CSV instead")
            for at, name in enumerate(COLUMNS):
                _write_cell(sheet, n, at, row[name], plain)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, n, len(COLUMNS) - 1)
        for at, sentence in enumerate(about):
            write_text(aside, at, 0, sentence, plain)
    return n


def _write_cell(sheet, row: int, column: int, value: object, format) -> None:
    """Write a number or text."""
    if isinstance(value, (int, float)):
        sheet.write_number(row, column, value, format)
    elif value is not None:
        write_text(sheet, row, column, str(value), format)
