import csv
import io
import json
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.labels import load_labels
from classifier.note import Mark, Note
from classifier.reading import look_at, open_rejects, read_notes, rejects, tables, write_rejects
from classifier.reading.columns import Columns, find_column, guess_columns
from classifier.reading.dates import parse_date
from classifier.reading.records import marks_of
from classifier.reading.rejects import Reject

DEMO = Path(__file__).parents[1] / "data" / "synthetic" / "demo"
DATES = "2024-06-30 15:18, 30/06/2024 15:18, 30 Jun 2024"


def save(path, data):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def save_sheets(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def save_json(path, *records):
    return save(path, "".join(json.dumps(record) + "\n" for record in records))


def texts(found):
    return [item.text if isinstance(item, Note) else item.reason for item in found]


def reject_of(found):
    [reject] = [item for item in found if isinstance(item, Reject)]
    return reject


def error_of(source, **options):
    with pytest.raises(ValueError) as error:
        list(read_notes(source, **options))
    return str(error.value)


# The sample export


@pytest.mark.parametrize(("name", "top"), [("call_export.csv", 1), ("call_export.xlsx", 3)])
def test_sample_export_gives_137_notes_and_3_rejects(name, top):
    found = list(read_notes(DEMO / name))
    assert len(found) == 140
    assert {i: item for i, item in enumerate(found) if isinstance(item, Reject)} == {
        i: Reject(i + 1 + top, id, reason, found[i].record)
        for i, id, reason in [
            (104, "24-0626-0433", "column 'Narrative' is empty"),
            (
                107,
                "24-0630-0541",
                f"column 'Received' holds no possible date; allowed are {DATES}",
            ),
            (
                114,
                "24-0711-0344",
                f"id '24-0711-0344' was used before, in row {114 + top}",
            ),
        ]
    }
    assert found[107].record["Received"] == "31/06/2024 15:18"


def test_sample_export_is_the_same_from_csv_and_workbook():
    of_csv, of_workbook = (
        [item for item in read_notes(DEMO / name) if isinstance(item, Note)]
        for name in ("call_export.csv", "call_export.xlsx")
    )
    assert of_csv == of_workbook
    assert of_csv[0].meta == {"person": "P-25001", "received": "2024-01-01T04:08:00"}
    by_id = {note.id: note.text for note in of_csv}
    assert by_id["24-0801-0779"].startswith("=")
    assert "<script>alert(1)</script> & <b>bold</b>" in by_id["24-0814-0368"]
    assert "£2,300" in by_id["24-0105-0267"]


def test_sample_export_keeps_the_word_none():
    columns = Columns("Narrative", "Incident No", keep=("Risk Assessment", "Grade"))
    for name in ("call_export.csv", "call_export.xlsx"):
        found = read_notes(DEMO / name, columns=columns)
        kept = [item.meta for item in found if isinstance(item, Note)]
        assert sum(meta["Risk Assessment"] == "None" for meta in kept) >= 9
        assert kept[0] == {"Risk Assessment": "DASH Standard", "Grade": "1"}


def test_look_says_how_the_file_is_read():
    look = look_at(DEMO / "call_export.csv")
    assert look.columns == Columns("Narrative", "Incident No", "Person Ref", "Received")
    assert (look.format, look.encoding, look.delimiter, look.header_row) == (
        "csv",
        "Windows-1252",
        ";",
        1,
    )
    assert look.explanation == (
        "csv; Windows-1252, delimiter ';'; header in row 1",
        "text: 'Narrative', named like notes and the column with the longest texts "
        "(mean 493 characters)",
        "id: 'Incident No', named like the number of a note, and 139 of 140 values differ",
        "person: 'Person Ref', named like the reference of a person",
        "received: 'Received', named like a date, and 139 of 140 values are dates",
    )
    assert look_at(DEMO / "call_export.xlsx").explanation[0] == (
        "xlsx; sheet 'Export'; header in row 3; what stands above it is left out"
    )


# CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_csv_delimiter_and_encoding_are_told(tmp_path, delimiter, encoding):
    rows = [["id", "text"], ["1", 'He took £20, said "so what"; left | gone\tyes'], ["2", "café"]]
    lines = io.StringIO(newline="")
    csv.writer(lines, delimiter=delimiter).writerows(rows)
    path = save(tmp_path / "notes.csv", lines.getvalue().encode(encoding))
    assert list(read_notes(path)) == [Note(id, text) for id, text in rows[1:]]


def test_csv_keeps_line_ends_quotes_nul_and_white_space(tmp_path):
    path = save(
        tmp_path / "a.csv", 'id,text\r\n1," a\r\nb\nc\rd ""e"" \x00 "\r\n2,"x\x85y\u2028z"\r\n'
    )
    assert texts(read_notes(path)) == [' a\r\nb\nc\rd "e" \x00 ', "x\x85y\u2028z"]


def test_csv_rows_count_as_in_a_spreadsheet_and_blank_ones_are_none(tmp_path):
    path = save(tmp_path / "a.csv", 'id,text\n1,"a\nb"\n\n,,\n,c\n9\n\n , \n\n')
    found = list(read_notes(path))
    assert found[:2] == [Note("1", "a\nb"), Note("row-000005", "c")]
    assert [item.row for item in found[2:]] == [6]


def test_csv_header_below_title_lines(tmp_path):
    text = "Eastmere, extract;;;\nRun by;JS;;\n;;;\n"
    text += "Ref;Notes;Received;Team\n1;He rang;30/06/2024;A\n2;She rang;;\n"
    path = save(tmp_path / "a.csv", text)
    assert list(read_notes(path)) == [
        Note("1", "He rang", meta={"received": "2024-06-30"}),
        Note("2", "She rang"),
    ]
    assert look_at(path).header_row == 4


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            b"2,a,b",
            "3 fields where the header has 2; is a delimiter or a quote mark missing or too many?",
        ),
        (
            b"2",
            "1 field where the header has 2; is a delimiter or a quote mark missing or too many?",
        ),
        (b"2,caf\xe9", "column 'text' holds bytes that are not UTF-8; save the file as UTF-8"),
        (b"2, \t ", "column 'text' is empty"),
        (b"1,again", "id '1' was used before, in row 2"),
        (b'2,"never closed', "quote marks do not match; double those inside a field"),
        (b'2,"closed" early', "quote marks do not match; double those inside a field"),
    ],
)
def test_a_faulty_row_costs_no_other(tmp_path, row, reason):
    path = save(tmp_path / "a.csv", b"id,text\n1,caf\xc3\xa9\n" + row + b'\n3,"last ""one"""\n')
    found = list(read_notes(path))
    assert texts(found) == ["café", reason, 'last "one"']
    assert found[1].row == 3


def test_a_row_in_windows_1252_far_into_a_utf8_file_is_a_reject(tmp_path, monkeypatch):
    monkeypatch.setattr("classifier.reading.decoding.FIRST_LOOK", 64)
    rows = b"".join(b"%d,plain words\n" % i for i in range(50))
    path = save(tmp_path / "a.csv", b"id,text\n" + rows + b"x,\xa320\ny,end\n")
    found = list(read_notes(path))
    assert len(found) == 52
    assert reject_of(found).record == {"id": "x", "text": r"\xa320"}
    assert found[-1] == Note("y", "end")


def test_single_odd_byte_in_plain_ascii_means_windows_1252(tmp_path):
    path = save(tmp_path / "a.csv", b"id,text\n1,took \xa320\n2,bad \x81\n")
    assert texts(read_notes(path)) == [
        "took £20",
        "column 'text' holds bytes that are not Windows-1252; save the file as UTF-8",
    ]


def test_utf16_cut_off_inside_a_character_is_a_reject(tmp_path):
    data = "id,text\n1,one\n2,two".encode("utf-16")[:-1]
    assert texts(read_notes(save(tmp_path / "a.csv", data))) == [
        "one",
        "column 'text' holds bytes that are not UTF-16; save the file as UTF-8",
    ]


def test_huge_field_is_a_reject_and_the_limit_of_csv_is_put_back(tmp_path):
    before = csv.field_size_limit()
    long = "x" * 1_000_001
    path = save(tmp_path / "a.csv", f"id,text\n1,{long[1:]}\n2,{long}\n3,short\n")
    found = list(read_notes(path))
    assert [item.id for item in found] == ["1", "2", "3"]
    assert found[1].reason == (
        "column 'text' is too long (1000001 characters); at most 1000000 are allowed, "
        "split it into several notes"
    )
    assert csv.field_size_limit() == before


def test_header_names_blank_or_doubled_become_usable(tmp_path):
    path = save(tmp_path / "a.csv", "Ref,Notes,Notes,\n1,a,b,c\n")
    assert look_at(path, text="notes (2)").header == ("Ref", "Notes", "Notes (2)", "column 4")
    columns = Columns("Notes (2)", "ref", keep=("column 4",))
    assert list(read_notes(path, columns=columns)) == [Note("1", "b", meta={"column 4": "c"})]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "is empty; was it exported completely?"),
        (" \n\n", "is empty; was it exported completely?"),
        (bytes(range(256)) * 20, "is no text file; export the notes as CSV, .xlsx or .jsonl"),
        (b"PK\x03\x04", "is a zip file or Excel workbook; a workbook needs the ending .xlsx"),
        (
            "1,He rang\n2,She rang\n",
            "row 1 looks like data, not like a header; "
            "give the columns names in a row above the notes",
        ),
        (
            "A,B\nx,y\n",
            "cannot tell which column holds the notes; columns are 'A', 'B'; "
            "name it with --text NAME",
        ),
    ],
)
def test_unusable_csv_says_what_to_do(tmp_path, data, message):
    path = save(tmp_path / "a.csv", data)
    assert error_of(path) == f"{path}: {message}"
    with pytest.raises(ValueError) as error:
        look_at(path)
    assert str(error.value) == f"{path}: {message}"


def test_tables_are_read_row_by_row(tmp_path, monkeypatch):
    monkeypatch.setattr("classifier.reading.decoding.FIRST_LOOK", 256)
    monkeypatch.setattr("classifier.reading.decoding.CHUNK", 256)
    path = save(tmp_path / "a.csv", "id,text\n" + "".join(f"{i},words\n" for i in range(99_999)))
    with path.open("rb") as stream:
        notes = read_notes(stream, format="csv")
        assert next(notes).id == "0"
        assert stream.tell() < 10_000
        notes.close()


# Workbooks


def test_workbook_cells_become_text(tmp_path):
    path = save_sheets(
        tmp_path / "a.xlsx",
        Cover=[["Extract"], ["confidential"]],
        Data=[
            ["Extract of June"],
            [],
            ["Case No", "Note", "When received", "Count", "Day", "Flag"],
            [12.0, "a", datetime(2024, 6, 30, 15, 18), 3, date(2024, 6, 30), True],
            [],
            [13, 40, None, 1.5, "NA", None],
        ],
    )
    columns = Columns("Note", "Case No", None, "When received", ("Count", "Day", "Flag"))
    assert list(read_notes(path, columns=columns)) == [
        Note(
            "12",
            "a",
            meta={
                "Count": "3",
                "Day": "2024-06-30",
                "Flag": "TRUE",
                "received": "2024-06-30T15:18:00",
            },
        ),
        Note("13", "40", meta={"Count": "1.5", "Day": "NA", "Flag": ""}),
    ]


def test_workbook_rows_have_the_number_of_the_sheet(tmp_path):
    path = save_sheets(
        tmp_path / "a.xlsx", S=[["T"], [], ["id", "text"], ["1", "a"], [], ["2", " "]]
    )
    reject = reject_of(read_notes(path))
    assert (reject.row, reject.reason) == (6, "column 'text' is empty")


def test_characters_a_workbook_has_to_escape_come_back(tmp_path):
    text = "a\r\nb _x0041_ _xD800_ \x01 \U0001f600"
    write_xlsx(tmp_path / "a.xlsx", [("1", text)])
    assert list(read_notes(tmp_path / "a.xlsx")) == [Note("1", text)]


def test_formula_counts_as_its_saved_value_or_its_own_text(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "text"])
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_string(1, 1, "=1+1 he said")
    assert list(read_notes(path)) == [Note("2", "=1+1 he said")]
    path = save_sheets(tmp_path / "b.xlsx", S=[["id", "text"], ["1", "=caller rang"]])
    assert list(read_notes(path)) == [Note("1", "=caller rang")]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty; was it exported completely?"),
        (b"id,text\n1,a\n", "is no Excel workbook or a damaged one; save it again"),
        (b"PK\x03\x04 cut", "is no Excel workbook or a damaged one; save it again"),
        (b"\xd0\xcf\x11\xe0" + b"." * 9, "is a workbook of the old kind (.xls); save it as .xlsx"),
        (
            b"\xd0\xcf\x11\xe0....." + "EncryptedPackage".encode("utf-16-le"),
            "is locked with a password; open it and save it without one",
        ),
    ],
)
def test_unusable_workbook_says_what_to_do(tmp_path, data, message):
    path = save(tmp_path / "a.xlsx", data)
    assert error_of(path) == f"{path}: {message}"


def test_workbook_without_rows(tmp_path):
    path = save_sheets(tmp_path / "a.xlsx", S=[])
    assert error_of(path) == (
        f"{path}: has no header row; give the columns names in a row above the notes"
    )
    assert list(read_notes(save_sheets(tmp_path / "b.xlsx", S=[["id", "text"]]))) == []


# Parquet


def test_parquet_is_read_by_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "BATCH", 2)
    table = pyarrow.table(
        {
            "note_id": [1, 2, 3, 4],
            "text": ["a", None, "c", "d"],
            "created": [datetime(2024, 6, 30, 15, 18), None, None, None],
            "person_id": ["", "NA", None, "x"],
        }
    )
    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(table, path)
    assert list(read_notes(path)) == [
        Note("1", "a", meta={"received": "2024-06-30T15:18:00"}),
        Reject(
            3,
            "2",
            "column 'text' is empty",
            {"note_id": "2", "text": "", "created": "", "person_id": "NA"},
        ),
        Note("3", "c"),
        Note("4", "d", meta={"person": "x"}),
    ]


def test_parquet_damaged(tmp_path):
    path = save(tmp_path / "a.parquet", b"PAR1....")
    assert error_of(path) == (
        f"{path}: is no Parquet file, a damaged or an encrypted one; save it again"
    )


# JSON


OURS = {
    "id": "n-1",
    "text": "He checks her phone.",
    "spans": [{"start": 3, "end": 19, "label": "monitoring", "context": "negated"}],
    "meta": {"person": "P-1", "received": "30/06/2024 15:18", "team": "A"},
}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"spans": [{"start": 3, "end": 19, "label": "monitoring:negated"}]},
        {"spans": [{"start": 3, "end": 19, "label": "monitoring|negated", "token_start": 1}]},
        {"spans": None, "label": [[3, 19, "monitoring:negated"]]},
        {"spans": [], "labels": [[3, 19, "monitoring|negated"]]},
        {
            "spans": [],
            "entities": [
                {"id": 9, "start_offset": 3, "end_offset": 19, "label": "monitoring:negated"}
            ],
        },
        {"answer": "accept", "_input_hash": 7},
    ],
)
def test_marks_are_read_from_every_form(tmp_path, change):
    expected = Note(
        "n-1",
        OURS["text"],
        (Mark(3, 19, "monitoring", "negated"),),
        {"person": "P-1", "received": "2024-06-30T15:18:00", "team": "A"},
    )
    path = save_json(tmp_path / "a.jsonl", OURS | change)
    assert list(read_notes(path, labels=load_labels())) == [expected]
    path = save(tmp_path / "a.json", json.dumps([OURS | change], indent=1))
    assert list(read_notes(path)) == [expected]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "a"', "line is no JSON: Expecting ',' delimiter at character 13"),
        ("[1]", "record is no JSON object in braces"),
        ('{"id": 5}', "field 'text' is missing; name the field of the text with --text NAME"),
        ('{"text": 5}', "field 'text' is no string"),
        ('{"text": " "}', "field 'text' is empty"),
        ('{"text": "a", "id": [1]}', "field 'id' is neither a string nor a number"),
        ('{"text": "a", "meta": 1}', "field 'meta' is no JSON object in braces"),
        (
            '{"text": "a\\ud800"}',
            "record holds half a character (a lone surrogate); export it again",
        ),
        (
            '{"text": "a", "answer": "ignore"}',
            "field 'answer' is not 'accept'; only accepted spans count as marks",
        ),
        (
            '{"text": "a", "meta": {"received": "31/06/2024"}}',
            f"field 'received' holds no possible date; allowed are {DATES}",
        ),
        (
            '{"text": "abc", "label": [[1, 4, "threats"]]}',
            "span 1:4 runs past the text (3 characters)",
        ),
        (
            '{"text": "abc", "label": [[2, 2, "threats"]]}',
            "span 2:2 is empty or ends before it starts; offsets count from 0, "
            "the end is exclusive",
        ),
        (
            '{"text": "abc", "label": [[0, 1, "monitering"]]}',
            "no label 'monitering'; did you mean 'monitoring'?",
        ),
        (
            '{"text": "abc", "label": [[0, 1, "monitoring:maybe"]]}',
            "no context 'maybe'; it must be one of affirmed, negated, hypothetical, other",
        ),
        (
            '{"text": "abc", "label": ["x"]}',
            "label 1 is neither [start, end, label] nor an object with these",
        ),
        ('{"text": "abc", "label": "x"}', "field 'label' is no list of spans"),
        (
            '{"text": "abc", "spans": [{"start": 0.5}]}',
            "spans 1 has no whole numbers for start and end",
        ),
        (
            '{"text": "abc", "spans": [{"start": 0, "end": true}]}',
            "spans 1 has no whole numbers for start and end",
        ),
        ('{"text": "abc", "spans": [{"start": 0, "end": 1}]}', "spans 1 has no label"),
        ("[" * 100_000, "line is no JSON"),
    ],
)
def test_a_faulty_record_costs_no_other(tmp_path, line, reason):
    path = save(tmp_path / "a.jsonl", '\n{"text": "first"}\n' + line + '\n{"text": "last"}')
    found = list(read_notes(path, labels=load_labels()))
    assert texts(found) == ["first", reason, "last"]
    assert found[1].row == 3
    assert found[1].record == {"line": line}


def test_json_line_with_a_bad_byte_is_a_reject(tmp_path):
    path = save(tmp_path / "a.jsonl", b'{"text":"caf\xc3\xa9"}\n{"text":"\xe9"}\n')
    assert texts(read_notes(path)) == [
        "café",
        "line holds bytes that cannot be read; save the file as UTF-8",
    ]


def test_ids_of_records(tmp_path):
    path = save_json(
        tmp_path / "a.jsonl",
        {"id": "row-000002", "text": "a"},
        {"text": "b"},
        {"id": 3, "text": "c"},
        {"text": "d", "_input_hash": -7},
        {"id": "row-000002-2", "text": "e"},
        {"id": "", "text": "f"},
    )
    found = list(read_notes(path))
    assert [item.id for item in found] == [
        "row-000002",
        "row-000002-2",
        "3",
        "-7",
        "row-000002-2",
        "row-000006",
    ]
    assert reject_of(found).reason == "id 'row-000002-2' was used before, in row 2"


def test_fields_of_json_can_be_named(tmp_path):
    record = {"body": "a", "key": 1, "when": "1 Jul 2024", "who": "P", "x": [1], "y": 2}
    path = save_json(tmp_path / "a.jsonl", record)
    columns = Columns("body", "key", "who", "when", ("x",))
    meta = {"x": [1], "person": "P", "received": "2024-07-01"}
    assert list(read_notes(path, columns=columns)) == [Note("1", "a", meta=meta)]
    look = look_at(path, text="body", id="key", person="who", received="when", keep=("x",))
    assert look.columns == columns


def test_json_list_cut_off(tmp_path):
    path = save(tmp_path / "a.json", '[{"text": "a"},')
    assert error_of(path) == (
        f"{path}: is no JSON list: Expecting value at character 16; was it exported completely?"
    )


def test_marks_come_in_reading_order():
    record = {"text": "abcdef", "label": [[3, 5, "b"], [0, 2, "z"], [0, 2, "a"]]}
    assert marks_of(record) == (Mark(0, 2, "a"), Mark(0, 2, "z"), Mark(3, 5, "b"))


# Text, folders, standard input, paths


def test_folder_is_read_sorted_with_paths_as_ids(tmp_path):
    (tmp_path / "b").mkdir()
    save(tmp_path / "b" / "2.txt", "two\r\n")
    save(tmp_path / "a.TXT", "caf\u00e9".encode("cp1252"))
    save(tmp_path / "c.txt", b"")
    save(tmp_path / "d.txt", bytes(range(256)))
    save(tmp_path / "e.csv", "x")
    assert list(read_notes(tmp_path)) == [
        Note("a", "café"),
        Note("b/2", "two\r\n"),
        Reject(3, "c", "file is empty", {"file": "c.txt"}),
        Reject(4, "d", "file is no text file", {"file": "d.txt"}),
    ]
    assert look_at(tmp_path).explanation == ("4 .txt files, each one note",)


def test_text_file_is_one_note_unless_it_is_said_to_be_a_table(tmp_path):
    path = save(tmp_path / "a.txt", "id|text\n1|b\n")
    assert list(read_notes(path)) == [Note("a", "id|text\n1|b\n")]
    assert list(read_notes(path, format="csv")) == [Note("1", "b")]


@pytest.mark.parametrize(
    ("data", "format", "expected"),
    [
        (b"He rang.\n", None, [Note("row-000001", "He rang.\n")]),
        (b"[10:20] He rang.", None, [Note("row-000001", "[10:20] He rang.")]),
        (b'\n {"id": 1, "text": "a"}\n', None, [Note("1", "a")]),
        (b'[{"id": 1, "text": "a"}]', None, [Note("1", "a")]),
        (b"id,text\n1,a\n", "csv", [Note("1", "a")]),
    ],
)
def test_standard_input_goes_by_its_first_character(data, format, expected):
    assert list(read_notes(io.BytesIO(data), format=format)) == expected


def test_look_sets_a_stream_back():
    stream = io.BytesIO(b"id,text\n1,a\n")
    columns = look_at(stream, format="csv").columns
    assert list(read_notes(stream, format="csv", columns=columns)) == [Note("1", "a")]


def test_text_stream_is_refused():
    with pytest.raises(TypeError) as error:
        list(read_notes(io.StringIO("a")))
    assert str(error.value) == (
        "standard input: a binary stream is needed, such as sys.stdin.buffer"
    )


def test_unusable_paths_say_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError) as error:
        list(read_notes(tmp_path / "no.csv"))
    assert str(error.value) == f"{tmp_path / 'no.csv'}: no such file or folder"
    assert error_of(tmp_path) == f"{tmp_path}: holds no .txt files"
    assert error_of(tmp_path, format="csv") == (
        f"{tmp_path}: is a folder; only folders of .txt files can be read"
    )
    path = save(tmp_path / "a.xls", b"x")
    assert error_of(path) == f"{path}: is a workbook of the old kind (.xls); save it as .xlsx"
    path = save(tmp_path / "a.docx", b"x")
    assert error_of(path) == (
        f"{path}: cannot tell its format from the ending '.docx'; allowed are .csv, .tsv, .tab, "
        ".xlsx, .xlsm, .parquet, .jsonl, .ndjson, .json, .txt, or say which with --format"
    )
    assert error_of(path, format="word") == (
        "no format 'word'; allowed are csv, tsv, xlsx, parquet, jsonl, json, txt"
    )


# Columns and dates


LONG = "Caller reports that he checks her phone every night."


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (["URN", "Free Text"], ["1", "a"], Columns("Free Text", "URN")),
        (["log_number", "Log"], ["1", LONG], Columns("Log", "log_number")),
        (["CaseNo", "F7"], ["1", LONG], Columns("F7", "CaseNo")),
        (["Address Ref", "Notes"], ["1", "a"], Columns("Notes")),
        (["Client ID", "Comments"], ["1", "a"], Columns("Comments", person="Client ID")),
        (["Service User Ref", "Details"], ["1", "a"], Columns("Details", None, "Service User Ref")),
        (["User ID", "Note"], ["js1", "a"], Columns("Note")),
        (["Subject", "Message"], ["Question about a bin", "a"], Columns("Message")),
        (["Date of birth", "Text"], ["1/2/1990", "a"], Columns("Text")),
        (["Received by", "Text"], ["JS", "a"], Columns("Text")),
        (
            ["Date", "Date created", "Text"],
            ["1/2/24", "1/2/24", "a"],
            Columns("Text", received="Date created"),
        ),
        (["Summary", "Narrative"], ["Call", LONG], Columns("Narrative")),
    ],
)
def test_columns_are_guessed_by_name_and_content(header, row, expected):
    assert guess_columns(header, [row])[0] == expected


def test_repeating_number_is_no_id():
    columns, reasons = guess_columns(["Log No", "Update"], [["7", "a"], ["7", "b"], ["7", "c"]])
    assert columns == Columns("Update")
    assert reasons[1] == (
        "id: none found; notes are called after their row, as row-000002 "
        "('Log No' repeats too often)"
    )


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["Notes", "Comments"], [LONG, LONG]),
        (["Notes", "F7"], ["a", LONG * 5]),
        (["F6", "F7"], [LONG, LONG]),
        (["F6", "F7"], ["a", "b"]),
    ],
)
def test_unclear_text_column_is_asked_for(header, row):
    with pytest.raises(ValueError) as error:
        guess_columns(header, [row])
    assert str(error.value) == (
        f"cannot tell which column holds the notes; columns are '{header[0]}', '{header[1]}'; "
        "name it with --text NAME"
    )
    assert guess_columns(header, [row], named={"text": header[1]})[0] == Columns(header[1])


def test_missing_column_gets_a_hint(tmp_path):
    with pytest.raises(ValueError) as error:
        find_column("Narative", ["Incident No", "Narrative"])
    assert str(error.value) == (
        "no column 'Narative'; did you mean 'Narrative'? columns are 'Incident No', 'Narrative'"
    )
    path = save(tmp_path / "a.csv", "id,text\n1,a\n")
    assert (
        error_of(path, columns=Columns("x")) == f"{path}: no column 'x'; columns are 'id', 'text'"
    )


def test_column_name_counts_exactly_before_case():
    assert find_column("NOTES", ["Notes", "NOTES"]) == "NOTES"
    with pytest.raises(ValueError):
        find_column("notes", ["Notes", "NOTES"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-06-30", "2024-06-30"),
        ("2024-06-30T15:18:05Z", "2024-06-30T15:18:05+00:00"),
        ("2024-06-30 15:18:05.123", "2024-06-30T15:18:05"),
        (" 30/06/2024 15:18 ", "2024-06-30T15:18:00"),
        ("3/6/24", "2024-06-03"),
        ("30-06-2024, 3:18 PM", "2024-06-30T15:18:00"),
        ("30 Jun 2024 12:05 am", "2024-06-30T00:05:00"),
        ("1-Sept-2024", "2024-09-01"),
        ("29 February 2024", "2024-02-29"),
        ("45473.6375", "2024-06-30T15:18:00"),
        ("45473", "2024-06-30"),
    ],
)
def test_dates_are_read_day_first(text, expected):
    assert parse_date(text).isoformat() == expected


@pytest.mark.parametrize(
    "text",
    [
        *("31/06/2024 15:18", "29/02/2023", "06/30/2024", "30/06/2024 24:00", "30/06/2024 15:60"),
        *("30/06-2024", "1 Junk 2024", "15:18", "24-0711-0344", "99999", "2024", "", "today"),
        *("0/1/2024", "0000-01-01", "30/06/2024 13:00 pm"),
    ],
)
def test_impossible_dates_are_none(text):
    assert parse_date(text) is None


# Rejects


def test_rejects_file_is_safe_and_complete(tmp_path):
    path = tmp_path / "a.rejects.csv"
    found = [
        Reject(2, "1", "column 'text' is empty", {"id": "1", "=f": "=1+1", "t": "£\nx"}),
        Reject(3, None, "1 field", {"id": "-2", "=f": "@a", "t": "\ta", "column 4": "+b"}),
        Reject(4, None, "r", {"id": "\rx", "=f": "a=b", "t": ""}),
    ]
    assert write_rejects(path, iter(found)) == 3
    assert path.read_bytes().startswith(b"\xef\xbb\xbfrow,reason,id,'=f,t\r\n")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1:] == [
            ["2", "column 'text' is empty", "1", "'=1+1", "£\nx"],
            ["3", "1 field", "'-2", "'@a", "'\ta", "'+b"],
            ["4", "r", "'\rx", "a=b", ""],
        ]


def test_rejects_file_is_made_only_with_a_reject(tmp_path):
    path = tmp_path / "a.rejects.csv"
    assert write_rejects(path, []) == 0
    with open_rejects(path) as write:
        assert not path.exists()
        write(Reject(2, None, "r", {}))
        assert path.exists()


def test_every_reject_of_a_bad_file_can_be_written(tmp_path):
    path = save(tmp_path / "a.csv", b'id,text\n1,\xc3\xa9\n2,\xe9\n3,a,b,c\n4\n\x005,"x\n')
    found = [item for item in read_notes(path) if isinstance(item, Reject)]
    assert write_rejects(tmp_path / "r.csv", found) == 4


def test_no_words_of_a_note_in_reprs_and_reasons(tmp_path):
    path = save(tmp_path / "a.csv", "id,text\n1,secret,words\n2,secret\n2,secret\n3,\n")
    assert "secret" not in repr(list(read_notes(path)))


# Any texts at all

ANY_TEXT = st.text(max_size=60)
XML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"]).filter(
        lambda character: character not in "\ufffe\uffff"
    ),
    max_size=60,
)


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "text"], *rows])


def write_jsonl(path, rows):
    save_json(path, *({"id": id, "text": text} for id, text in rows))


def write_xlsx(path, rows):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate([("id", "text"), *rows]):
            for j, cell in enumerate(row):
                sheet.write_string(i, j, cell)


def write_parquet(path, rows):
    ids, values = zip(*rows, strict=True) if rows else ((), ())
    table = {"id": pyarrow.array(ids, "string"), "text": pyarrow.array(values, "string")}
    pyarrow.parquet.write_table(pyarrow.table(table), path)


@pytest.mark.parametrize(
    ("ending", "write", "kind"),
    [
        ("csv", write_csv, ANY_TEXT),
        ("jsonl", write_jsonl, ANY_TEXT),
        ("xlsx", write_xlsx, XML_TEXT),
        ("parquet", write_parquet, ANY_TEXT),
    ],
)
@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_texts_come_back_identical(tmp_path, ending, write, kind, data):
    values = data.draw(st.lists(kind, max_size=8))
    rows = [(f"n-{i}", value) for i, value in enumerate(values)]
    path = tmp_path / f"any.{ending}"
    write(path, rows)
    if ending == "jsonl" and not rows:
        return
    found = list(read_notes(path, columns=Columns("text", "id")))
    assert [item.id for item in found] == [id for id, _ in rows]
    for item, value in zip(found, values, strict=True):
        if value.strip():
            assert item == Note(item.id, value)
        else:
            assert item.reason.endswith("is empty")


@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=200), ending=st.sampled_from(["csv", "jsonl", "json", "txt"]))
def test_any_bytes_give_notes_and_rejects_or_a_value_error(tmp_path, data, ending):
    path = save(tmp_path / f"any.{ending}", data)
    try:
        found = list(read_notes(path))
    except ValueError as error:
        assert str(error).startswith(str(path))
        return
    write_rejects(tmp_path / "r.csv", (item for item in found if isinstance(item, Reject)))
    for item in found:
        if isinstance(item, Note):
            item.text.encode("utf-8")
            assert len(item.text) <= rejects.MAX_TEXT
