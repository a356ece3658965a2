import csv
import io
import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from evidence_examples import LABELS, QUIET, WATCHED, evidence_for, results
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier import writing
from classifier.findings import Finding, NoteEvidence
from classifier.writing import write_evidence

FORMATS = ("jsonl", "csv", "xlsx", "parquet", "html")


def write(found, form, folder, **options):
    path = Path(folder) / f"out.{form}"
    assert write_evidence(iter(found), path, labels=LABELS, **options) == len(found)
    return path


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def spans_of(result):
    return [
        {
            "start": f.start,
            "end": f.end,
            "label": f.label,
            "context": f.context,
            "score": round(f.score, 4),
        }
        for f in result.findings
    ]


def test_json_lines_keep_to_the_contract(tmp_path):
    path = write([WATCHED, QUIET], "jsonl", tmp_path)
    assert path.read_bytes().decode("utf-8") == (
        '{"id": "n-1", "spans": [{"start": 3, "end": 25, "label": "monitoring", '
        '"context": "affirmed", "score": 0.9123}, {"start": 27, "end": 37, "label": "threats", '
        '"context": "negated", "score": 0.5}], "scores": {"monitoring": 0.9123, "threats": 0.5, '
        '"isolation": 0.01}, "evidence": 0.912345, "meta": {"team": "C", '
        '"received": "2024-01-03"}}\n'
        '{"id": "n-2", "spans": [], "scores": {"monitoring": 0.01, "threats": 0.01, '
        '"isolation": 0.01}, "evidence": 0.01, "meta": {"person": "P-2"}}\n'
    )


def test_json_lines_hold_text_after_id_only_when_asked(tmp_path):
    line = json.loads(write([QUIET], "jsonl", tmp_path, with_text=True).read_text("utf-8"))
    assert list(line) == ["id", "text", "spans", "scores", "evidence", "meta"]
    assert line["text"] == QUIET.note.text
    assert "meta" not in json.loads(
        write([evidence_for("x")], "jsonl", tmp_path).read_text("utf-8")
    )


def test_text_stream_gets_the_same_json_lines_and_stays_open(tmp_path):
    stream = io.StringIO()
    assert write_evidence([WATCHED, QUIET], stream, labels=LABELS) == 2
    assert stream.getvalue() == write([WATCHED, QUIET], "jsonl", tmp_path).read_text("utf-8")
    assert not stream.closed


def test_csv_has_a_row_a_finding_and_one_for_a_quiet_note(tmp_path):
    path = write([WATCHED, QUIET], "csv", tmp_path)
    assert (
        path.read_bytes()
        == (
            "\ufeffid,team,received,meta,evidence,label,title,context,score,start,end,phrase\r\n"
            "n-1,C,2024-01-03,,0.9123,monitoring,Monitoring,affirmed,0.9123,3,25,"
            "goes through her phone\r\n"
            "n-1,C,2024-01-03,,0.9123,threats,Threats,negated,0.5,27,37,No threats\r\n"
            'n-2,,,"{""person"": ""P-2""}",0.01,,,,,,,\r\n'
        ).encode()
    )


def test_csv_without_text_has_no_phrase(tmp_path):
    rows = read_csv(write([WATCHED, QUIET], "csv", tmp_path, with_text=False))
    assert list(rows[0])[-1] == "end"
    assert [row["start"] for row in rows] == ["3", "27", ""]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+44 7700", "'+44 7700"),
        ("-x", "'-x"),
        ("@home", "'@home"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("＝x", "'＝x"),
        ("'=x", "''=x"),
        ("'Allo", "'Allo"),
        ("1=1", "1=1"),
    ],
)
def test_csv_cell_never_starts_a_formula_and_can_be_undone(text, cell, tmp_path):
    found = evidence_for(text, Finding(0, len(text), "threats", "affirmed", 0.6), id=text)
    (row,) = read_csv(write([found], "csv", tmp_path))
    assert (row["id"], row["phrase"]) == (cell, cell)
    assert re.sub("^'('*[=+\\-@\t\r\n＝])", r"\1", cell) == text


def test_csv_heading_of_a_meta_column_is_no_formula_either(tmp_path):
    path = write([evidence_for("x", meta={"=a": 1, "score": 2})], "csv", tmp_path)
    (row,) = read_csv(path)
    assert row["'=a"] == "1"
    assert row["meta"] == '{"score": 2}'


def test_parquet_has_typed_columns_and_says_what_it_is(tmp_path):
    table = pq.read_table(write([WATCHED], "parquet", tmp_path, about={"Model": "0.1 é"}))
    assert table.column_names == ["id", "text", "spans", "scores", "evidence", "meta"]
    assert [field.name for field in table.schema.field("scores").type] == list(LABELS.ids)
    assert json.loads(table.schema.metadata[b"about"]) == {"Model": "0.1 é"}
    assert b"does not say" in table.schema.metadata[b"what_it_does_not_do"]
    without = pq.read_table(write([WATCHED], "parquet", tmp_path, with_text=False))
    assert "text" not in without.column_names


def test_parquet_is_written_in_row_groups(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "ROW_GROUP", 2)
    path = write([QUIET] * 5, "parquet", tmp_path)
    with pq.ParquetFile(path) as file:
        assert [file.metadata.row_group(at).num_rows for at in range(3)] == [2, 2, 1]


@pytest.mark.parametrize("form", FORMATS)
def test_no_notes_make_a_valid_file(form, tmp_path):
    assert write([], form, tmp_path).exists()


@pytest.mark.parametrize("form", FORMATS)
def test_interrupted_run_leaves_no_file(form, tmp_path):
    def interrupted():
        yield WATCHED
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_evidence(interrupted(), tmp_path / f"out.{form}", labels=LABELS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", FORMATS)
def test_interrupted_run_keeps_the_file_of_the_last_one(form, tmp_path):
    before = write([QUIET], form, tmp_path).read_bytes()
    broken = NoteEvidence(QUIET.note, (), {}, 0.0)
    with pytest.raises(ValueError, match=r"^note 'n-2': scores must hold every label"):
        write([QUIET, broken], form, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"out.{form}"]
    assert (tmp_path / f"out.{form}").read_bytes() == before


@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx", "parquet"])
def test_results_are_read_as_they_are_written(form, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "ROW_GROUP", 1)
    alive = []

    class Watched(str):
        def __del__(self):
            alive.remove(1)

    def stream():
        for _ in range(50):
            alive.append(1)
            yield evidence_for("x", id=Watched("n"))
            assert len(alive) < 10

    write_evidence(stream(), tmp_path / f"out.{form}", labels=LABELS)


@pytest.mark.parametrize("name", ["out.txt", "out", "out.jsonl.gz", "-"])
def test_other_extension_is_refused_with_the_allowed_ones(name, tmp_path):
    with pytest.raises(ValueError) as error:
        write_evidence([], tmp_path / name, labels=LABELS)
    assert str(error.value) == (
        f"the file name must end in .jsonl, .csv, .xlsx, .parquet, .html, got {name!r}"
    )


def test_extension_may_be_in_capitals(tmp_path):
    assert write_evidence([QUIET], str(tmp_path / "OUT.JSONL"), labels=LABELS) == 1


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError) as error:
        write_evidence([], tmp_path / "none" / "out.csv", labels=LABELS)
    assert str(error.value) == f"no folder {tmp_path / 'none'}; make it first"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(results(), max_size=3))
def test_json_lines_and_parquet_read_back_equal(found):
    with TemporaryDirectory() as folder:
        path = write(found, "jsonl", folder, with_text=True)
        with path.open(encoding="utf-8", newline="\n") as stream:
            lines = [json.loads(line) for line in stream]
        rows = pq.read_table(write(found, "parquet", folder)).to_pylist()
    for result, line, row in zip(found, lines, rows, strict=True):
        assert json.loads(row.pop("meta")) == line.pop("meta", {}) == result.note.meta
        expected = {
            "id": result.note.id,
            "text": result.note.text,
            "spans": spans_of(result),
            "scores": {id: round(result.scores[id], 4) for id in LABELS.ids},
            "evidence": round(result.evidence, 6),
        }
        assert line == row == expected
        assert list(line["scores"]) == list(LABELS.ids)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(results())
def test_csv_offsets_point_at_the_phrase(result):
    with TemporaryDirectory() as folder:
        rows = read_csv(write([result], "csv", folder))
    assert len(rows) == max(1, len(result.findings))
    for row, finding in zip(rows, result.findings, strict=False):
        phrase = result.note.text[finding.start : finding.end]
        assert row["phrase"] in (phrase, f"'{phrase}")
        assert (row["start"], row["end"]) == (str(finding.start), str(finding.end))


def test_half_characters_do_not_stop_any_format(tmp_path):
    half = evidence_for("a\ud83db", Finding(0, 3, "threats", "affirmed", 0.9), meta={"k": "\udc00"})
    for form in FORMATS:
        write([half], form, tmp_path)
    line = write([half], "jsonl", tmp_path, with_text=True).read_text("utf-8")
    assert json.loads(line)["text"] == half.note.text
    (row,) = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert row["text"] == "a\ufffdb"
