"""The command as its users meet it: files in, files out, exit codes, messages."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from classifier.labels import LABEL_FILE
from classifier.model_file import load_model
from training.corpus import read_corpus

DEMO = Path(__file__).parents[1] / "data" / "synthetic" / "demo"
SECRET = "zanzibar lighthouse"


def run(*arguments, input=None):
    return CliRunner().invoke(cli.app, [str(a) for a in arguments], input=input)


def as_user(*arguments, input=None):
    """Run the real command in its own process."""
    return subprocess.run(
        [sys.executable, "-c", "import cli; cli.main()", *map(str, arguments)],
        capture_output=True,
        input=input,
        check=False,
    )


def read_lines(path):
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def write_csv(path, rows):
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    return path


@pytest.fixture
def notes_csv(tmp_path):
    return write_csv(
        tmp_path / "notes.csv",
        [
            ("Ref", "Narrative"),
            ("a1", "Says husband checks her phone every night and times her shopping."),
            ("a2", "Bin lorry blocking the road, council told."),
        ],
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_row_of_the_sample_becomes_a_finding_row_or_a_reject(kind, tmp_path):
    result = run("find", DEMO / f"call_export.{kind}", "--out", tmp_path / "found.jsonl")
    assert result.exit_code == cli.WITH_REJECTS
    with (tmp_path / "call_export.rejects.csv").open(encoding="utf-8-sig", newline="") as rows:
        rejects = list(csv.DictReader(rows))
    assert [row["Incident No"] for row in rejects] == [
        "24-0626-0433",
        "24-0630-0541",
        "24-0711-0344",
    ]
    assert len(read_lines(tmp_path / "found.jsonl")) + len(rejects) == 140
    assert "140 rows: 137 notes" in result.stderr


def test_sample_gives_the_same_findings_from_both_files(tmp_path):
    for kind in ("csv", "xlsx"):
        run("find", DEMO / f"call_export.{kind}", "--out", tmp_path / f"{kind}.jsonl")
    assert (tmp_path / "csv.jsonl").read_bytes() == (tmp_path / "xlsx.jsonl").read_bytes()


def test_line_of_findings_keeps_its_contract(notes_csv, tmp_path):
    result = run("find", notes_csv, "--out", tmp_path / "found.jsonl")
    assert result.exit_code == 0
    first, second = read_lines(tmp_path / "found.jsonl")
    assert list(first) == ["id", "spans", "scores", "evidence"]
    assert (first["id"], second["id"]) == ("a1", "a2")
    model = load_model()
    assert list(first["scores"]) == list(model.label_set.ids)
    assert all(0 <= score <= 1 for score in first["scores"].values())
    for span in first["spans"]:
        assert list(span) == ["start", "end", "label", "context", "score"]
        assert span["score"] >= model.thresholds[span["label"]]
    assert "monitoring" in {span["label"] for span in first["spans"]}
    assert first["evidence"] > second["evidence"]


def test_label_is_shown_exactly_where_its_score_reaches_the_threshold(tmp_path):
    run("find", DEMO / "call_export.csv", "--out", tmp_path / "found.jsonl")
    thresholds = load_model().thresholds
    for line in read_lines(tmp_path / "found.jsonl"):
        shown = {s["label"] for s in line["spans"] if s["context"] == "affirmed"}
        assert shown == {k for k, score in line["scores"].items() if score >= thresholds[k]}


def test_words_of_notes_stay_out_of_json_lines_unless_asked_for(notes_csv, tmp_path):
    run("find", notes_csv, "--out", tmp_path / "bare.jsonl")
    run("find", notes_csv, "--out", tmp_path / "full.jsonl", "--with-text")
    assert "husband" not in (tmp_path / "bare.jsonl").read_text()
    assert "husband" in (tmp_path / "full.jsonl").read_text()


def test_standard_input_and_output(notes_csv):
    text = b"He reads all her messages. She is scared to go home."
    done = as_user("find", "-", input=text)
    assert done.returncode == 0, done.stderr
    (line,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert "monitoring" in {span["label"] for span in line["spans"]}
    assert done.stderr.startswith(b"txt")


def test_jobs_give_the_same_lines_in_the_same_order(tmp_path):
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    assert as_user("find", DEMO / "call_export.csv", "--out", one).returncode == 3
    assert as_user("find", DEMO / "call_export.csv", "--out", two, "--jobs", 2).returncode == 3
    assert one.read_bytes() == two.read_bytes()


def test_label_option_keeps_only_that_label(tmp_path):
    run("find", DEMO / "call_export.csv", "--out", tmp_path / "f.jsonl", "--label", "monitoring")
    spans = [span for line in read_lines(tmp_path / "f.jsonl") for span in line["spans"]]
    assert {span["label"] for span in spans} == {"monitoring"}


def test_threshold_option_shows_more_or_fewer(notes_csv, tmp_path):
    counts = []
    for threshold in (".02", "monitoring=.02", "1"):
        run("find", notes_csv, "--out", tmp_path / "f.jsonl", "--threshold", threshold)
        counts.append(sum(len(line["spans"]) for line in read_lines(tmp_path / "f.jsonl")))
    assert counts[0] > counts[1] > counts[2] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.csv"], "nowhere.csv"),
        (["{notes}", "--text", "Narative"], "did you mean 'Narrative'?"),
        (["{notes}", "--threshold", "2"], "--threshold 2: must be above 0 and at most 1"),
        (["{notes}", "--threshold", "x"], "--threshold x: write 0.4 or monitoring=0.4"),
        (["{notes}", "--label", "monitering"], "did you mean 'monitoring'?"),
        (["{notes}", "--model", "nowhere"], "no model at nowhere; train one with: unheard train"),
        (["{notes}", "--out", "found.doc"], ".html"),
    ],
)
def test_unusable_input_stops_with_a_message_and_code_2(arguments, message, notes_csv, tmp_path):
    done = as_user("find", *(a.format(notes=notes_csv) for a in arguments))
    assert done.returncode == cli.UNUSABLE
    assert message in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_no_word_of_a_note_is_printed(tmp_path):
    notes = write_csv(
        tmp_path / "notes.csv",
        [("Ref", "Narrative"), ("a1", f"{SECRET} he reads her post"), ("a1", f"{SECRET} twice")],
    )
    done = as_user("find", notes, "--out", tmp_path / "found.jsonl")
    assert done.returncode == cli.WITH_REJECTS
    assert SECRET.encode() not in done.stdout + done.stderr


def test_unexpected_error_is_told_without_its_message(monkeypatch, capsys):
    def fail():
        raise RuntimeError(SECRET)

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    told = capsys.readouterr().err
    assert stopped.value.code == cli.UNUSABLE
    assert "unexpected RuntimeError at test_cli.py" in told
    assert SECRET not in told


def test_marks_come_in_and_go_out_unchanged(tmp_path):
    source = tmp_path / "mine.txt"
    source.write_text("He [[hid her keys|daily_control+gaslighting]].\nTea made.\n", "utf-8")
    run("import-marks", source, "--out", tmp_path / "mine.jsonl", "--group", "ours")
    run("export-marks", tmp_path / "mine.jsonl", "--out", tmp_path / "again.txt")
    assert (tmp_path / "again.txt").read_bytes() == source.read_bytes()


FORMATS = Path(__file__).parent / "data" / "formats"


def test_marks_of_a_tool_come_in_with_a_count_of_what_is_left_out(tmp_path):
    result = run(
        *("import-marks", FORMATS / "prodigy.jsonl", "--format", "prodigy"),
        *("--group", "ours", "--out", tmp_path / "mine.jsonl"),
    )
    assert result.exit_code == 0, result.output
    assert result.stderr.splitlines() == [
        f"2 notes in {tmp_path / 'mine.jsonl'}",
        "1 left out: answer is reject",
        "1 left out: answer is ignore",
        "some notes keep the author group that the file gives: theirs",
    ]
    assert [n.meta["group"] for n in read_corpus(tmp_path / "mine.jsonl")] == ["ours", "theirs"]


def test_bad_records_of_a_tool_go_to_the_rejects_file(tmp_path):
    source = tmp_path / "export.jsonl"
    source.write_text(f'{{"text": "{SECRET}", "label": [[0, 99, "threats"]]}}\n', "utf-8")
    done = as_user("import-marks", source, "--group", "ours", "--out", tmp_path / "mine.jsonl")
    assert done.returncode == cli.WITH_REJECTS
    assert SECRET.encode() not in done.stdout + done.stderr
    with (tmp_path / "export.rejects.csv").open(encoding="utf-8-sig", newline="") as rows:
        (reject,) = csv.DictReader(rows)
    assert (reject["row"], SECRET in reject["line"]) == ("1", True)


def test_an_unknown_label_of_a_tool_stops_without_a_word_of_the_note(tmp_path):
    source = tmp_path / "export.jsonl"
    source.write_text(f'{{"text": "{SECRET}", "label": [[0, 4, "monitering"]]}}\n', "utf-8")
    done = as_user("import-marks", source, "--group", "ours", "--out", tmp_path / "mine.jsonl")
    assert done.returncode == cli.UNUSABLE
    assert b"export.jsonl record 1: no label 'monitering'; did you mean" in done.stderr
    assert SECRET.encode() not in done.stderr
    assert not (tmp_path / "mine.jsonl").exists()


def test_own_labels_are_allowed_with_an_own_label_file(tmp_path):
    labels = tmp_path / "mine.toml"
    ours = LABEL_FILE.read_text(encoding="utf-8")
    labels.write_text(ours.replace('id = "threats"', 'id = "menaces"'), "utf-8")
    source = tmp_path / "export.jsonl"
    source.write_text('{"text": "Shouts", "label": [[0, 6, "menaces"]]}\n', "utf-8")
    arguments = ("import-marks", source, "--group", "ours", "--out", tmp_path / "mine.jsonl")
    assert run(*arguments, "--labels", labels).exit_code == 0
    assert as_user(*arguments).returncode == cli.UNUSABLE


@pytest.mark.parametrize(
    ("format", "name"),
    [
        ("prodigy", "a.jsonl"),
        ("doccano", "a.jsonl"),
        ("label-studio", "a.json"),
        ("inception", "a.zip"),
        ("spacy", "a.spacy"),
    ],
)
def test_marks_go_out_to_a_tool_and_come_back(format, name, tmp_path):
    notes = DEMO.parent / "notes" / "tk.jsonl"
    run("export-marks", notes, "--format", format, "--out", tmp_path / name)
    run("import-marks", tmp_path / name, "--format", format, "--out", tmp_path / "mine.jsonl")
    back = {note.id: note for note in read_corpus(tmp_path / "mine.jsonl")}
    for note in read_corpus(notes):
        assert set(back[note.id].marks) == set(note.marks)
        assert (back[note.id].text, back[note.id].meta) == (note.text, note.meta)


def test_store_that_cannot_be_opened_is_said_before_the_page_starts():
    url = "postgresql://ann:hunter2@/none?host=/nowhere"
    done = as_user("app", "--store", url, "--no-browser")
    assert done.returncode == cli.UNUSABLE
    assert "cannot be opened" in done.stderr.decode()
    assert "hunter2" not in done.stderr.decode()
