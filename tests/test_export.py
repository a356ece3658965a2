"""Out again: what goes out can be read back, adds up, and holds no names when masked."""

import csv
import json
import stat
from dataclasses import replace
from io import BytesIO
from itertools import count

import pytest
from openpyxl import load_workbook

from classifier.note import Mark
from review.decision_log import record, undo
from review.decisions import Decision
from review.export import FORMATS, MARKED_FORMATS, Exported, export_notes
from review.projects import create_project
from review.room import Room
from review.settings import Settings
from tests.notes_in_store import add_finding, add_note, add_run
from training.corpus import read_corpus
from training.formats import read_marks

ODD = "👩‍👧 Cafe\u0301: he checks\ther phone 📱 nightly. =cmd|' /C calc'!A0"
NAMES = (
    "PC 7041 took it. Sarah Jones, ref P-1042, says Dave Jones reads her messages. Log INC-88/1."
)


def accept(made, note_id, finding_id, reader="Ann", **more):
    return Decision(
        made.id, note_id, reader, "answer", finding_id=finding_id, answer="accept", **more
    )


def done(made, note_id, reader="Ann", kind="done"):
    return Decision(made.id, note_id, reader, kind)


def mark_at(made, note_id, text, words, reader="Ann", **more):
    start = text.index(words)
    values = {"label": "monitoring", "context": "affirmed", **more}
    return Decision(made.id, note_id, reader, "mark", start=start, end=start + len(words), **values)


@pytest.fixture
def read_notes(store):
    """Four notes: with marks, read without any, begun only, untouched."""
    made = create_project(store, "One", by="Ann")
    names = ["n1", "n2", "n3", "n4"]
    facts = {"person": "P-1042", "handler": "7041", "team": "North", "meta": {"outcome": "seen"}}
    ids = [add_note(store, made.id, name, ODD, **facts) for name in names]
    run_id = add_run(store, made.id)
    finding_id = add_finding(
        store, run_id, ids[0], ODD.index("he"), ODD.index("📱") + 1, "monitoring"
    )
    comment = "=HYPERLINK(1)"
    record(store, [accept(made, ids[0], finding_id, comment=comment)])
    record(store, [mark_at(made, ids[0], ODD, "Cafe\u0301", label="isolation", context="negated")])
    record(store, [Decision(made.id, ids[0], "Ann", "outcome", answer="missed")])
    undo(store, project_id=made.id, reader="Ann", note_id=ids[0])
    record(store, [done(made, ids[0]), done(made, ids[1]), mark_at(made, ids[2], ODD, "phone")])
    return made, ids


MARKS = (
    Mark(ODD.index("Cafe"), ODD.index(":"), "isolation", "negated"),
    Mark(ODD.index("he"), ODD.index("📱") + 1, "monitoring"),
)


def test_marked_notes_are_what_training_reads(store, read_notes, tmp_path):
    made, _ = read_notes
    told = export_notes(store, made.id, tmp_path / "out.jsonl", format="jsonl")
    assert told == Exported(
        n_notes_in=4,
        n_notes_out=2,
        n_left_out={"not read to the end": 2},
        n_decisions_in=7,
        n_decisions_out=6,
        n_decisions_left_out={"on notes not read to the end": 1},
        n_marks=2,
        sentences=(
            "Notes: 4 in, 2 out, 2 left out (2 not read to the end).",
            "Decisions: 7 in, 6 out, 1 left out (1 on notes not read to the end).",
            "Marks: 2.",
        ),
    )
    first, second = read_corpus(tmp_path / "out.jsonl")
    assert (first.id, first.text, first.marks) == ("n1", ODD, MARKS)
    assert (second.id, second.marks) == ("n2", ())
    assert first.meta == {
        **{"person": "P-1042", "handler": "7041", "team": "North", "export outcome": "seen"},
        **{"group": "One", "unit": "note", "reader": "Ann"},
    }


@pytest.mark.parametrize("format", MARKED_FORMATS[1:])
def test_each_tools_file_reads_back_as_the_same_notes(store, read_notes, tmp_path, format):
    made, _ = read_notes
    export_notes(store, made.id, tmp_path / "out.jsonl", format="jsonl")
    export_notes(store, made.id, tmp_path / "out.any", format=format)
    assert list(read_marks(tmp_path / "out.any", format)) == read_corpus(tmp_path / "out.jsonl")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("which", ["read", "all"])
def test_every_format_adds_up_also_without_notes(store, tmp_path, format, which):
    made = create_project(store, "Empty", by="Ann")
    told = export_notes(store, made.id, tmp_path / "out", format=format, which=which)
    assert (told.n_notes_in, told.n_notes_out, told.n_decisions_in, told.n_decisions_out) == (
        *(0, 0),
        *(0, 0),
    )
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["out"]
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o600
    if format in MARKED_FORMATS[1:]:
        assert list(read_marks(tmp_path / "out", format)) == []


def test_final_reading_settles_a_note_else_the_first_finished(store, read_notes, tmp_path):
    made, ids = read_notes
    record(store, [mark_at(made, ids[1], ODD, "phone", reader="Ben"), done(made, ids[1], "Ben")])
    export_notes(store, made.id, tmp_path / "first.jsonl", format="jsonl")
    record(store, [done(made, ids[1], "Ben", "final")])
    told = export_notes(store, made.id, tmp_path / "final.jsonl", format="jsonl")
    assert [note.meta["reader"] for note in read_corpus(tmp_path / "first.jsonl")] == ["Ann"] * 2
    final = read_corpus(tmp_path / "final.jsonl")
    assert [(note.meta["reader"], len(note.marks)) for note in final] == [("Ann", 2), ("Ben", 1)]
    assert told.n_decisions_left_out["of readings that are not the settled one"] == 1


def test_log_holds_every_row_and_tells_what_was_undone(store, read_notes, tmp_path):
    made, _ = read_notes
    told = export_notes(store, made.id, tmp_path / "log", format="decisions.jsonl", which="all")
    assert told.n_left_out == {"nothing decided on them": 1}
    rows = [json.loads(line) for line in (tmp_path / "log").read_text("utf-8").splitlines()]
    assert [row["kind"] for row in rows] == [
        *("answer", "mark", "outcome", "undo", "done", "done", "mark")
    ]
    assert [row["undone_by"] for row in rows] == [None, None, rows[3]["id"], *[None] * 4]
    assert rows[3]["changes"] == rows[2]["id"]
    answer = rows[0]
    assert (answer["finding_phrase"], answer["finding_score"], answer["finding_model"]) == (
        *("he checks\ther phone 📱", 0.7, "ours"),
    )
    assert rows[1]["phrase"] == "Cafe\u0301"


def test_log_of_one_reader_leaves_out_the_others(store, read_notes, tmp_path):
    made, ids = read_notes
    record(store, [mark_at(made, ids[1], ODD, "phone", reader="Ben"), done(made, ids[1], "Ben")])
    told = export_notes(store, made.id, tmp_path / "log", format="csv", which="all", reader="Ben")
    assert (told.n_decisions_in, told.n_decisions_out) == (9, 2)
    assert told.n_decisions_left_out == {"by other readers": 7}


def test_cells_that_look_like_formulas_are_disarmed(store, read_notes, tmp_path):
    made, _ = read_notes
    for format in ("csv", "xlsx"):
        export_notes(store, made.id, tmp_path / f"log.{format}", format=format)
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert next(csv.DictReader(lines))["comment"] == "'=HYPERLINK(1)"
    book = load_workbook(tmp_path / "log.xlsx")
    cells = {cell.value: cell.data_type for row in book["Decisions"] for cell in row}
    assert cells["=HYPERLINK(1)"] == "s"
    assert book["About"]["A1"].value == "Notes: 4 in, 2 out, 2 left out (2 not read to the end)."
    assert book["Decisions"].max_row == 7


@pytest.mark.parametrize("format", FORMATS)
def test_masked_export_holds_no_text_person_or_handler(store, tmp_path, format):
    made = create_project(store, "One", by="Ann Reader")
    facts = {"person": "P-1042", "handler": "7041", "team": "North"}
    first = add_note(store, made.id, "INC-88/1", NAMES, meta={"address": "9 Elm"}, **facts)
    other = add_note(store, made.id, "INC-89/2", "See INC-88/1 and p-1042 again.", **facts)
    for id, text, words in ((first, NAMES, "Dave Jones reads"), (other, "See", "See")):
        record(store, [mark_at(made, id, text, words, "Ann Reader", comment="asked PC 7041")])
        record(store, [Decision(made.id, id, "Ann Reader", "flag", answer="Ben Colleague")])
        record(store, [done(made, id, "Ann Reader")])
    told = export_notes(store, made.id, tmp_path / "out", format=format, redacted=True)
    content = (tmp_path / "out").read_bytes()
    if format == "xlsx":
        book = load_workbook(BytesIO(content))
        content = str([[cell.value for cell in row] for page in book for row in page]).encode()
    elif format == "spacy":
        content = str(
            [(n.id, n.text, n.meta) for n in read_marks(tmp_path / "out", format)]
        ).encode()
    for word in ("1042", "7041", "INC-8", "Dave", "Sarah", "North", "Elm", "Reader", "Colleague"):
        assert word.encode() not in content, word
    assert told.n_marks == 2
    assert told.sentences[3].startswith("Masked: ")
    assert "Masked notes are still personal data, and not anonymous." in told.sentences


def test_masked_marks_stay_on_their_words(store, tmp_path):
    made = create_project(store, "One", by="Ann")
    ids = [
        add_note(store, made.id, f"n{n}00", NAMES, person="P-1042", handler="7041") for n in (1, 2)
    ]
    words = ("Dave Jones reads her messages", "Dave", "Jones, ref")
    for id in ids:
        record(store, [mark_at(made, id, NAMES, one) for one in words[:2]])
        record(store, [mark_at(made, id, NAMES, "Dave Jones"), done(made, id)])
    told = export_notes(store, made.id, tmp_path / "out", format="jsonl", redacted=True)
    first, second = read_corpus(tmp_path / "out")
    phrases = [first.text[mark.start : mark.end] for mark in first.marks]
    assert [phrase.split("]")[1] for phrase in phrases] == ["", " reads her messages"]
    assert (told.n_marks, told.n_joined) == (4, 2)
    assert (first.id, second.id) == ("note 1", "note 2")
    assert first.meta["person"] == second.meta["person"] == "person 1"
    assert first.text == second.text


def test_failed_export_leaves_the_old_file_and_nothing_else(
    store, read_notes, tmp_path, monkeypatch
):
    made, _ = read_notes
    (tmp_path / "out").write_text("old")
    numbers = count()
    monkeypatch.setattr("review.export.count", lambda connection, rows: 90 + next(numbers))
    with pytest.raises(ValueError) as error:
        export_notes(store, made.id, tmp_path / "out", format="jsonl")
    assert str(error.value) == (
        "export does not add up: 90 notes in, 2 out, 2 left out; nothing was written"
    )
    assert (tmp_path / "out").read_text() == "old"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["out"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"format": "pdf"}, f"format must be one of {', '.join(FORMATS)}, got 'pdf'"),
        ({"which": "some"}, "which must be one of read, all, got 'some'"),
        ({"queue_id": 99}, "project 1 has no queue 99"),
        ({"project_id": 99}, "the store has no project 99"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_wrong_wishes_are_refused(store, a_note, tmp_path, wrong, message):
    values = {"project_id": a_note[0].id, "format": "jsonl", **wrong}
    with pytest.raises(ValueError) as error:
        export_notes(store, values.pop("project_id"), tmp_path / "out", **values)
    assert str(error.value) == message
    assert not (tmp_path / "out").exists()


def show_page(room):
    from streamlit.testing.v1 import AppTest

    def page(room):
        import streamlit as st

        from review.pages import export

        st.session_state["room"] = room
        export.show()

    return AppTest.from_function(page, args=(room,), default_timeout=60).run()


@pytest.mark.parametrize(
    ("role", "handlers_for", "kinds"),
    [("lead", ("lead",), ["team", "handler"]), ("lead", (), ["team"]), ("reviewer", ("lead",), [])],
)
def test_page_tells_rows_before_download_and_sheets_by_role(
    store, read_notes, role, handlers_for, kinds
):
    made = replace(read_notes[0], settings=Settings(handlers_for=handlers_for))
    app = show_page(Room(store, made, "Ann", role))
    assert [one.options for one in app.radio] == ([kinds] if kinds else [])
    assert not app.get("download_button")
    app.button(key="room_export_make").click().run()
    assert not app.exception
    said = [one.value for one in app.text]
    assert "Notes: 4 in, 2 out, 2 left out (2 not read to the end)." in said
    assert len(app.get("download_button")) == 1
    app.checkbox(key="room_export_redacted").check().run()
    assert not app.get("download_button")
