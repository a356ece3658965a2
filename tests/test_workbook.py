import re
import tempfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from evidence_examples import LABELS, QUIET, WATCHED, evidence_for, results
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock

from classifier.findings import Finding
from classifier.wording import NOTHING_HIGHLIGHTED, WHAT_IT_DOES_NOT_DO, showable
from classifier.writing import workbook, write_evidence
from classifier.writing.cells import CELL_CHARACTERS, CONTRAST, CUT, readable_on_white


def book_of(found, *, rich_text=False, **options):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "out.xlsx"
        assert write_evidence(iter(found), path, labels=LABELS, **options) == len(found)
        assert [file.name for file in Path(folder).iterdir()] == ["out.xlsx"]
        return load_workbook(path, rich_text=rich_text)


def rows_of(sheet):
    heading, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def fonts_of(cell):
    """Every run of a cell as its text and whether it is bold, italic, underlined."""
    assert isinstance(cell.value, CellRichText)
    return [
        (run.text, bool(run.font.b), bool(run.font.i), bool(run.font.u))
        for run in cell.value
        if isinstance(run, TextBlock)
    ]


def test_notes_have_a_row_each_in_the_order_given():
    assert rows_of(book_of([WATCHED, QUIET])["Notes"]) == [
        {
            "Note": "n-1",
            "team": "C",
            "received": "2024-01-03",
            "Evidence": 0.9123,
            "May indicate": "Monitoring",
            "Note text": WATCHED.note.text,
            "Phrases": "[MON] goes through her phone (recorded as happening)\n"
            "[THR] No threats (recorded as not happening)",
            "Other details": None,
        },
        {
            "Note": "n-2",
            "team": None,
            "received": None,
            "Evidence": 0.01,
            "May indicate": None,
            "Note text": QUIET.note.text,
            "Phrases": NOTHING_HIGHLIGHTED,
            "Other details": '{"person": "P-2"}',
        },
    ]


def test_findings_have_a_row_each_in_words():
    first, second = rows_of(book_of([WATCHED, QUIET])["Findings"])
    assert first == {
        "Note": "n-1",
        "Cue": "MON",
        "May indicate": "Monitoring",
        "Phrase": "goes through her phone",
        "In the note it is": "recorded as happening",
        "Match to marked examples": "strong match",
        "Score": 0.9123,
        "Start": 3,
        "End": 25,
    }
    assert (second["Cue"], second["In the note it is"]) == ("THR", "recorded as not happening")


def test_phrases_are_bold_in_the_cell_and_denied_ones_grey_italics():
    book = book_of([WATCHED], rich_text=True)
    assert fonts_of(book["Notes"]["F2"]) == [
        ("He ", False, False, False),
        ("goes through her phone", True, False, False),
        (". ", False, False, False),
        ("No threats", False, True, False),
        (".", False, False, False),
    ]


def test_overlap_takes_the_colour_of_the_best_match_and_is_underlined():
    found = evidence_for(
        "tells her what to wear",
        Finding(0, 14, "isolation", "affirmed", 0.6),
        Finding(10, 22, "threats", "affirmed", 0.9),
    )
    cell = book_of([found], rich_text=True)["Notes"]["D2"]
    colours = [run.font.color.rgb[2:].lower() for run in cell.value]
    isolation, threats = (
        readable_on_white(LABELS[id].colour.light)[1:] for id in ("isolation", "threats")
    )
    assert colours == [isolation, threats, threats]
    assert [underlined for *_, underlined in fonts_of(cell)] == [False, True, False]


def test_wholly_marked_text_is_bold():
    found = evidence_for("moans", Finding(0, 5, "threats", "affirmed", 0.6))
    cell = book_of([found])["Notes"]["D2"]
    assert (cell.value, cell.font.b) == ("moans", True)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+44", "-x", "@home", "{=1}", "007", "1e5", "http://x.test", "mailto:a@b.c", "TRUE"],
)
def test_text_in_every_cell_stays_text(text):
    found = evidence_for(
        text, Finding(0, len(text), "threats", "affirmed", 0.6), id=text, meta={text: text}
    )
    book = book_of([found], about={text: text})
    for place in ("A2", "B1", "B2", "E2"):
        cell = book["Notes"][place]
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert book["Findings"]["D2"].value == text
    assert book["Findings"]["D2"].data_type == "s"


@pytest.mark.parametrize(
    "text",
    ["<r><t>x</t></r>", "<r></r>", "_x0041_ b", "a_x0041__x0042_", "__x000D_", "&lt;_x005F_x0041_"],
)
@pytest.mark.parametrize("marked", [False, True])
def test_text_that_looks_like_the_inside_of_a_workbook_is_kept(text, marked):
    findings = [Finding(0, 3, "threats", "affirmed", 0.6)] if marked else []
    assert book_of([evidence_for(text, *findings)])["Notes"]["D2"].value == text


def test_text_too_long_for_a_cell_is_cut_aloud_and_its_findings_kept():
    text = "😀" * 10_000 + "x" * 20_000 + "he threatens her"
    found = evidence_for(
        text,
        Finding(0, 4, "threats", "affirmed", 0.6),
        Finding(30_003, 30_012, "threats", "affirmed", 0.9),
    )
    book = book_of([found])
    cell = book["Notes"]["D2"].value
    assert len(cell.encode("utf-16-le")) // 2 == CELL_CHARACTERS
    assert cell.endswith(CUT)
    assert text.startswith(cell.removesuffix(CUT))
    assert [row["Phrase"] for row in rows_of(book["Findings"])] == ["😀" * 4, "threatens"]


def test_longest_text_a_cell_holds_is_whole():
    text = "😀" * 16_383 + "x"
    assert book_of([evidence_for(text)])["Notes"]["D2"].value == text


def test_workbook_without_text_gives_offsets_only():
    book = book_of([WATCHED], with_text=False)
    (row,) = rows_of(book["Notes"])
    assert row["Phrases (from:to)"] == (
        "[MON] 3:25 (recorded as happening)\n[THR] 27:37 (recorded as not happening)"
    )
    assert "Phrase" not in rows_of(book["Findings"])[0]
    values = [value for sheet in book for row in sheet.iter_rows(values_only=True) for value in row]
    assert not [value for value in values if "phone" in str(value)]


@pytest.mark.parametrize("found", [[QUIET] * 3, [WATCHED] * 2])
def test_more_rows_than_a_sheet_holds_are_refused(found, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "SHEET_ROWS", 2)
    with pytest.raises(ValueError) as error:
        write_evidence(found, tmp_path / "out.xlsx", labels=LABELS)
    assert str(error.value) == (
        f"note {found[-1].note.id!r}: an Excel sheet holds 2 rows below its header; "
        "write .csv or .parquet, or split the file"
    )
    assert list(tmp_path.iterdir()) == []


def test_meta_named_like_a_column_goes_to_other_details():
    (row,) = rows_of(book_of([evidence_for("x", meta={"Note": "y", "team": "C"})])["Notes"])
    assert (row["Note"], row["team"], row["Other details"]) == ("n-1", "C", '{"Note": "y"}')


def test_no_words_of_a_note_are_written_outside_the_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    assert write_evidence([WATCHED], tmp_path / "out.xlsx", labels=LABELS) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["out.xlsx"]


def test_legend_explains_labels_and_limits():
    book = book_of([WATCHED], about={"Model": "0.1"})
    assert book.sheetnames == ["Notes", "Findings", "Legend"]
    rows = [row for row in book["Legend"].iter_rows(values_only=True) if any(row)]
    assert ("What this does not do", None, WHAT_IT_DOES_NOT_DO, None) in rows
    assert ("Model", None, "0.1", None) in rows
    assert ("THR", "Threats", "About threats.", "a shared calendar") in rows
    assert ("HO", None, "A statutory guidance", None) in rows


def test_sheets_are_ready_to_read():
    book = book_of([WATCHED, QUIET])
    assert (book["Notes"].freeze_panes, book["Notes"].auto_filter.ref) == ("B2", "A1:H3")
    assert (book["Findings"].freeze_panes, book["Findings"].auto_filter.ref) == ("B2", "A1:I3")
    assert book["Notes"]["F2"].alignment.wrap_text
    assert "scores no person" in book["Notes"].oddFooter.left.text


@given(st.from_regex("#[0-9a-f]{6}", fullmatch=True))
def test_every_colour_becomes_readable_on_white(colour):
    dark = readable_on_white(colour)
    assert re.fullmatch("#[0-9a-f]{6}", dark)
    linear = [int(dark[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in linear]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= CONTRAST


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(results(), max_size=3))
def test_workbook_reads_back_equal(found):
    book = book_of(found)
    notes, findings = rows_of(book["Notes"]), rows_of(book["Findings"])
    for result, row in zip(found, notes, strict=True):
        text = showable(result.note.text)
        assert (row["Note text"] or "") == text
        assert row["Note"] == showable(result.note.id)
    told = [(result.note, finding) for result in found for finding in result.findings]
    for (note, finding), row in zip(told, findings, strict=True):
        assert (row["Start"], row["End"]) == (finding.start, finding.end)
        assert row["Score"] == round(finding.score, 4)
        assert row["Phrase"] == showable(note.text[finding.start : finding.end])
