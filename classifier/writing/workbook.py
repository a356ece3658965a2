"""Write findings to an Excel workbook: the notes with their phrases in bold, a table, a legend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from classifier.findings import Finding, NoteEvidence
from classifier.labels import LabelSet
from classifier.note import Note
from classifier.segments import segments
from classifier.wording import (
    CONTEXT_WORDS,
    NOTHING_HIGHLIGHTED,
    WHAT_IT_DOES_NOT_DO,
    showable,
    strength,
)
from classifier.writing.cells import readable_on_white, write_runs, write_text
from classifier.writing.legend import A4, write_legend
from classifier.writing.record import meta_cells, meta_columns, rounded

SHEET_ROWS = 1_048_575
"""Rows an Excel sheet holds below its header."""

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""Rows go to disk as they come; text stays text, also for somebody who calls ``write``."""

_GREY = "#595959"


def write_workbook(
    results: Iterator[NoteEvidence],
    path: Path,
    *,
    labels: LabelSet,
    with_text: bool,
    about: Mapping[str, str],
) -> int:
    """Write sheets Notes, Findings and Legend.

    The text of a note keeps its length in its cell, so that offsets fit, and is the note's own
    but for the characters that `showable` replaces.

    Parameters
    ----------
    results : iterator of NoteEvidence
        Checked; read once.
    path : Path
        Where to; temporary files lie in its folder and nowhere else.
    labels : LabelSet
        Titles, cues and colours.
    with_text : bool
        Whether words of the notes go in; without them, offsets only.
    about : mapping of str to str
        Shown in the legend.

    Returns
    -------
    int
        Number of notes written.

    Raises
    ------
    ValueError
        If there are more notes or findings than a sheet holds.
    """
    with (
        TemporaryDirectory(prefix=".unheard-", dir=path.parent) as folder,
        xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": folder}) as book,
    ):
        formats = _formats(book, labels)
        notes, findings = book.add_worksheet("Notes"), book.add_worksheet("Findings")
        write_legend(book.add_worksheet("Legend"), labels, about, formats)
        return _write_rows(notes, findings, results, labels, with_text, formats)


def _formats(book, labels: LabelSet) -> dict[str, Format]:
    """Make every cell and text format once."""
    cell = {"text_wrap": True, "valign": "top"}
    formats = {
        "cell": book.add_format(cell),
        "number": book.add_format({"valign": "top", "num_format": "0.00"}),
        "whole": book.add_format({"valign": "top", "num_format": "0"}),
        "head": book.add_format({**cell, "bold": True, "bottom": 2}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "aside": book.add_format({**cell, "italic": True, "font_color": _GREY}),
    }
    for label in labels.label:
        bold = {**cell, "bold": True, "font_color": readable_on_white(label.colour.light)}
        formats[label.id] = book.add_format(bold)
        formats[f"{label.id} and more"] = book.add_format({**bold, "underline": 1})
        formats[f"{label.id} sample"] = book.add_format({**bold, "bg_color": label.colour.light})
    return formats


def _write_rows(notes, findings, results, labels, with_text, formats) -> int:
    """Fill Notes and Findings side by side, as the results come."""
    first = next(results, None)
    taken = {name for name, _ in _note_columns((), with_text)}
    columns = meta_columns(first.note, taken) if first else ()
    width = _head(notes, _note_columns(columns, with_text), formats)
    finding_width = _head(findings, _finding_columns(with_text), formats)
    row = finding_row = 0
    for row, result in enumerate(chain([first] if first else [], results), start=1):
        if max(row, finding_row + len(result.findings)) > SHEET_ROWS:
            raise ValueError(
                f"note {result.note.id!r}: an Excel sheet holds {SHEET_ROWS:,} rows below its "
                "header; write .csv or .parquet, or split the file"
            )
        _write_note(notes, row, result, columns, labels, with_text, formats)
        for finding in result.findings:
            finding_row += 1
            _write_finding(findings, finding_row, result.note, finding, labels, with_text, formats)
    notes.autofilter(0, 0, row, width - 1)
    findings.autofilter(0, 0, finding_row, finding_width - 1)
    return row


def _note_columns(meta, with_text) -> list[tuple[str, int]]:
    """Give the headings of Notes and the widths of their columns, in characters."""
    columns = [("Note", 16), *((key, 14) for key in meta), ("Evidence", 10), ("May indicate", 24)]
    columns += [("Note text", 90)] if with_text else []
    return [*columns, ("Phrases" if with_text else "Phrases (from:to)", 50), ("Other details", 20)]


def _finding_columns(with_text) -> list[tuple[str, int]]:
    """Give the headings of Findings and the widths of their columns, in characters."""
    columns = [("Note", 16), ("Cue", 7), ("May indicate", 26)]
    columns += [("Phrase", 60)] if with_text else []
    columns += [("In the note it is", 26), ("Match to marked examples", 16), ("Score", 8)]
    return [*columns, ("Start", 8), ("End", 8)]


def _head(sheet: Worksheet, columns, formats) -> int:
    """Write the heading row, and set the sheet up for reading and for paper."""
    for at, (name, width) in enumerate(columns):
        sheet.set_column(at, at, width)
        write_text(sheet, 0, at, name, formats["head"])
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L&8{WHAT_IT_DOES_NOT_DO}&R&8&P / &N")
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    return len(columns)


def _write_note(sheet, row, result, columns, labels, with_text, formats) -> None:
    """Write the row of one note."""
    note, findings = result.note, result.findings
    *meta, other = meta_cells(note, columns)
    for at, text in enumerate((note.id, *meta)):
        write_text(sheet, row, at, text, formats["cell"])
    at = len(meta) + 1
    sheet.write_number(row, at, rounded(result.evidence), formats["number"])
    write_text(sheet, row, at + 1, _indicators(findings, labels), formats["cell"])
    at += 2
    if with_text:
        write_runs(sheet, row, at, _runs(note, findings, formats), formats["cell"])
        at += 1
    lines = (_phrase_line(note, finding, labels, with_text) for finding in findings)
    write_text(sheet, row, at, "\n".join(lines) or NOTHING_HIGHLIGHTED, formats["cell"])
    write_text(sheet, row, at + 1, other, formats["cell"])


def _indicators(findings, labels) -> str:
    """Name the labels of what the note records as happening."""
    found = {finding.label for finding in findings if finding.context == "affirmed"}
    titles = [label.title for label in labels.label if label.id in found]
    if findings and not titles:
        return "Nothing recorded as happening"
    return "; ".join(titles)


def _phrase_line(note, finding, labels, with_text) -> str:
    """Say which phrase it is, under which cue, and in which context."""
    where = f"{finding.start}:{finding.end}"
    phrase = note.text[finding.start : finding.end] if with_text else where
    return f"[{labels[finding.label].cue}] {phrase} ({CONTEXT_WORDS[finding.context]})"


def _runs(note: Note, findings, formats) -> list[tuple[Format, str]]:
    """Cut a note's text into stretches of one look."""
    text = showable(note.text)
    return [
        (_look(found, formats), text[start:end])
        for start, end, found in segments(len(text), findings)
    ]


def _look(found: tuple[Finding, ...], formats) -> Format:
    """Choose the look of a stretch: of its best match recorded as happening, if any."""
    affirmed = [finding for finding in found if finding.context == "affirmed"]
    if not affirmed:
        return formats["aside" if found else "cell"]
    best = max(affirmed, key=lambda finding: finding.score)
    return formats[f"{best.label} and more" if len(found) > 1 else best.label]


def _write_finding(sheet, row, note, finding, labels, with_text, formats) -> None:
    """Write the row of one finding."""
    label = labels[finding.label]
    texts = [note.id, label.cue, label.title]
    texts += [note.text[finding.start : finding.end]] if with_text else []
    texts += [CONTEXT_WORDS[finding.context], strength(finding.score)]
    for at, text in enumerate(texts):
        write_text(sheet, row, at, text, formats["cell"])
    at = len(texts)
    sheet.write_number(row, at, rounded(finding.score), formats["number"])
    sheet.write_number(row, at + 1, finding.start, formats["whole"])
    sheet.write_number(row, at + 2, finding.end, formats["whole"])
