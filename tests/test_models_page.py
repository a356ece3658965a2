"""The screen of models: cards, curves, confusion and examples, from hand-made evaluations."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from evidence_examples import LABELS
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

import cli
from classifier.findings import Finding, NoteEvidence
from classifier.labels import LabelSet, load_labels
from classifier.model_file import DEFAULT_MODEL, FILES
from classifier.note import Mark, Note
from classifier.writing import write_evidence
from review.evaluations import Figures, look_into, make_labels
from review.examples import CONTEXT, FLAGGED, MISSED, find_examples, pick_examples, read_found
from training.corpus import SYNTHETIC, read_corpus, write_corpus
from training.evaluate import LIMITS, measure_outcomes, write_figures
from training.outcome import Outcome

TEXT = "Says he goes through her phone. <b>No threats</b> made. Keeps her from her mum."
WATCHED, THREAT, ALONE = (
    (TEXT.index(words), TEXT.index(words) + len(words))
    for words in ("goes through her phone", "No threats", "Keeps her from her mum")
)
IDS = LABELS.ids
PAGE = """
from pathlib import Path
import streamlit as st
from review.pages import models
from review.session import settle_folders
settle_folders([Path(folder) for folder in {folders!r}])
models.show()
"""


def evidence(id, marks, findings, scores=(0.2, 0.2, 0.2), text=TEXT, **meta):
    note = Note(id, text, tuple(Mark(*mark) for mark in marks), meta)
    found = tuple(Finding(*finding, 0.6) for finding in findings)
    return NoteEvidence(note, found, dict(zip(IDS, scores, strict=True)), max(scores))


WATCHED_MARK = (*WATCHED, "monitoring", "affirmed")
FOUND = (
    evidence("a", [WATCHED_MARK], [WATCHED_MARK], (0.9, 0.1, 0.1), kind="abuse", group="x"),
    evidence("b", [(*ALONE, "isolation", "affirmed")], [], (0.1, 0.1, 0.4), kind="abuse"),
    evidence("c", [WATCHED_MARK], [(*WATCHED, "isolation", "affirmed")], kind="abuse", group="y"),
    evidence(
        "d",
        [(*THREAT, "threats", "negated")],
        [(*THREAT, "threats", "affirmed"), (*ALONE, "isolation", "affirmed")],
        kind="negated",
        group="y",
    ),
)


def measure(found, ids=IDS, **about):
    outcome = Outcome(
        found,
        np.tile([[0.1], [0.4], [0.8]], (4, len(ids))),
        np.tile([[False], [False], [True]], (4, len(ids))),
        np.zeros((0, 2), dtype=int),
        {},
        np.zeros((0, 6)),
    )
    told = {"measured_on": "invented *notes*", "way": "cross-validation", "data": "none"}
    told |= {"thresholds": {label: [0.5] for label in ids}} | about
    return measure_outcomes([outcome], ids, about=told, seed=0, resamples=20)


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    """A folder as ``unheard evaluate`` writes it."""
    folder = tmp_path_factory.mktemp("evaluations") / "<i>ours *bold*"
    folder.mkdir()
    write_figures(measure(FOUND), folder / "evaluation.json")
    write_evidence(FOUND, folder / "predictions.jsonl", labels=LABELS)
    return folder


def copy_of(evaluation, folder, **changes):
    """Put a changed copy of the figures into a folder."""
    folder.mkdir(exist_ok=True)
    figures = json.loads((evaluation / "evaluation.json").read_text()) | changes
    (folder / "evaluation.json").write_text(json.dumps(figures))
    return folder


def model_folder(path, **changes):
    """A folder that looks like a model, without its weights."""
    path.mkdir()
    manifest = json.loads((DEFAULT_MODEL / "manifest.json").read_text()) | changes
    (path / "manifest.json").write_text(json.dumps(manifest))
    (path / "labels.json").write_bytes((DEFAULT_MODEL / "labels.json").read_bytes())
    return path


def open_page(*folders):
    script = PAGE.format(folders=[str(folder) for folder in folders])
    return AppTest.from_string(script, default_timeout=300).run()


def said_by(app):
    kinds = "title header subheader markdown caption text warning error code"
    said = [element.value for kind in kinds.split() for element in app.get(kind)]
    said += [element.proto.body for element in app.get("html")]
    said += [button.label for button in app.button]
    return "\n".join(said)


# Differences between marks and findings


def test_every_difference_is_found_once():
    examples = find_examples(FOUND, IDS)
    told = [(one.way, one.evidence.note.id, one.label, one.beside) for one in examples]
    assert told == [
        (MISSED, "c", "monitoring", (("isolation", "affirmed"),)),
        (MISSED, "b", "isolation", ()),
        (FLAGGED, "c", "isolation", (("monitoring", "affirmed"),)),
        (FLAGGED, "d", "isolation", ()),
        (CONTEXT, "d", "threats", (("threats", "affirmed"),)),
    ]


def test_examples_are_filtered_by_label_kind_and_context():
    examples = find_examples(FOUND, IDS)
    assert pick_examples(examples, way=MISSED) == [0, 1]
    assert pick_examples(examples, way=MISSED, label="isolation") == [1]
    assert pick_examples(examples, way=FLAGGED, kind="negated") == [3]
    assert pick_examples(examples, way=CONTEXT, context="negated") == [4]
    assert pick_examples(examples, way=CONTEXT, context="affirmed") == []


def test_findings_are_read_for_notes_at_hand_and_others_counted(evaluation):
    notes = [one.note for one in FOUND[:3]]
    notes[1] = replace(notes[1], text="short", marks=())
    notes[2] = replace(notes[2], text="short", marks=())
    found, absent, unfit = read_found(evaluation / "predictions.jsonl", notes)
    assert [one.note.id for one in found] == ["a", "b"], "b has no finding that could not fit"
    assert (absent, unfit) == (1, 1)
    assert found[0].findings == FOUND[0].findings


def test_line_that_is_no_findings_is_named_without_its_words(tmp_path):
    path = tmp_path / "predictions.jsonl"
    path.write_text('{"id": "secret"}\n')
    with pytest.raises(ValueError, match=r"predictions\.jsonl line 1") as error:
        read_found(path, [])
    assert "secret" not in str(error.value)


# Folders


def test_folder_of_an_evaluation_is_known(evaluation):
    known = look_into(evaluation)
    assert known.manifest is None
    assert known.figures.about.notes == 4
    assert known.figures.confusion.labels["monitoring"].shown_as["isolation"] == 1
    assert [one.score for one in known.figures.calibration.labels["threats"].bins]
    assert known.labels.ids == IDS
    assert known.predictions == evaluation / "predictions.jsonl"


def test_shipped_model_is_known_by_its_manifest():
    known = look_into(DEFAULT_MODEL)
    manifest = json.loads((DEFAULT_MODEL / "manifest.json").read_text())
    assert known.own.summary["macro_f1"].value == manifest["metrics"]["macro_f1"]
    assert known.labels == load_labels()
    assert known.faults == ()


def test_empty_folder_is_refused_in_words(tmp_path):
    with pytest.raises(FileNotFoundError, match="no model and no evaluation at") as error:
        look_into(tmp_path)
    assert "unheard train" in str(error.value)


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"about": {}}', "[" * 100_000, '{"about": NaN}', "\udcff"]
)
def test_figures_that_are_none_are_refused_in_words(tmp_path, content):
    (tmp_path / "evaluation.json").write_text(content, errors="surrogateescape")
    with pytest.raises(ValueError, match="not figures of unheard evaluate"):
        look_into(tmp_path)


def test_figures_of_another_model_are_not_shown(evaluation, tmp_path):
    folder = copy_of(evaluation, model_folder(tmp_path / "mine"))
    known = look_into(folder)
    assert known.figures is None
    assert "is not shown: the figures are of cross-validation on other notes" in known.faults[0]


def test_figures_beside_their_model_are_shown(evaluation, tmp_path):
    folder = model_folder(tmp_path / "mine")
    data = json.loads((folder / "manifest.json").read_text())["data"]["sha256"]
    about = json.loads((evaluation / "evaluation.json").read_text())["about"] | {"data": data}
    known = look_into(copy_of(evaluation, folder, about=about))
    assert known.figures and known.manifest and not known.faults


def test_older_evaluations_without_confusion_and_bins_can_be_read(evaluation):
    figures = json.loads((evaluation / "evaluation.json").read_text())
    del figures["confusion"]
    for row in figures["calibration"]["labels"].values():
        del row["bins"]
    read = Figures.model_validate(figures | {"at_prevalence": {}})
    assert read.confusion is None
    assert read.at_prevalence is None


def test_labels_that_only_figures_name_get_cues_of_their_own():
    labels = make_labels(["threats", "thrift", "thrice", "x"])
    assert isinstance(labels, LabelSet)
    assert [label.cue for label in labels.label] == ["THR", "TH", "AA", "AB"]


# The screen


def test_page_of_a_model_without_an_evaluation_shows_what_its_manifest_knows(tmp_path):
    app = open_page(model_folder(tmp_path / "mine"))
    said = said_by(app)
    assert not app.exception
    assert "The model that comes with Unheard" in said
    assert "Mean average precision over labels" in said
    assert "Every note is invented" in said
    assert "Intended use" in said and "Not for" in said


def test_page_shows_limits_curves_confusion_and_tables(evaluation):
    app = open_page(evaluation)
    said = said_by(app)
    assert not app.exception
    for limit in LIMITS:
        assert limit.replace("'", "&#x27;") in said or limit in said
    for words in ("Precision is", "Mean gap", "Marks by label (rows)", "if 1 % hold evidence"):
        assert words in said
    assert "Monitoring, shown as Isolation: 1 of 2 marks" in said
    assert len(app.get("vega_lite_chart")) == 3
    app.selectbox(key="shown_label").set_value("threats").run()
    assert not app.exception


def test_names_of_folders_and_files_are_never_markup(evaluation):
    app = open_page(evaluation)
    html = "\n".join(element.proto.body for element in app.get("html"))
    markdown = [e.value for kind in ("markdown", "caption", "header") for e in app.get(kind)]
    assert "<i>" not in html
    assert not [words for words in markdown if "bold" in words or "*notes*" in words]


def test_examples_need_the_text_of_notes(evaluation, tmp_path):
    app = open_page(evaluation)
    assert "The text of 0 of 4 measured notes is at hand." in said_by(app)
    write_corpus([one.note for one in FOUND], tmp_path / "marked.jsonl")
    app.file_uploader[0].upload("marked.jsonl", (tmp_path / "marked.jsonl").read_bytes())
    app.run()
    said = said_by(app)
    assert not app.exception
    assert "The text of 4 of 4 measured notes is at hand." in said
    assert "Missed: Monitoring, recorded as happening." in said
    assert "The tool shows there: Isolation (recorded as happening)." in said
    click(app, "Next example")
    assert "Missed: Isolation, recorded as happening. The tool shows there: nothing." in said_by(
        app
    )
    app.segmented_control[0].set_value(FLAGGED).run()
    assert "Example 1 of 2, the clearest first" in said_by(app)
    app.selectbox(key="ex_kind").set_value("negated").run()
    assert "People marked there: nothing." in said_by(app)
    app.selectbox(key="ex_label").set_value("threats").run()
    assert "No example fits. Change the filters above." in said_by(app)
    click(app, "Forget these notes")
    assert "The text of 0 of 4 measured notes is at hand." in said_by(app)
    assert "marked" not in app.session_state


def click(app, label):
    next(button for button in app.button if button.label == label).click()
    return app.run()


@pytest.mark.parametrize("data", [b"{", b'{"id": "n", "text": 3}', b"\xff\xfe", b'["secret"]'])
def test_file_that_holds_no_marked_notes_is_refused_in_words(evaluation, data):
    app = open_page(evaluation)
    app.file_uploader[0].upload("a.jsonl", data)
    app.run()
    assert not app.exception
    assert app.error[0].value == "This file could not be read as marked notes."
    assert "secret" not in said_by(app)


def test_invented_notes_are_at_hand(tmp_path):
    file = sorted((SYNTHETIC / "notes").glob("*.jsonl"))[0]
    notes = [note for note in read_corpus(file) if note.marks][:3]
    ids = load_labels().ids
    found = tuple(NoteEvidence(note, (), dict.fromkeys(ids, 0.1), 0.1) for note in notes)
    write_figures(measure(found, ids), tmp_path / "evaluation.json")
    write_evidence(found, tmp_path / "predictions.jsonl", labels=load_labels())
    app = open_page(tmp_path)
    assert not app.exception
    assert "The text of 3 of 3 measured notes is at hand." in said_by(app)
    assert not app.file_uploader, "nothing is missing"


def test_findings_that_cannot_be_read_are_named(evaluation, tmp_path):
    folder = copy_of(evaluation, tmp_path / "other")
    (folder / "predictions.jsonl").write_text("secret\n")
    app = open_page(folder)
    assert not app.exception
    assert app.error[0].value == "The findings beside these figures cannot be read."
    assert "secret" not in said_by(app)


def test_bad_folder_is_named_and_the_rest_is_shown(tmp_path):
    app = open_page(tmp_path / "nowhere")
    assert not app.exception
    assert app.error[0].value == "This folder cannot be used."
    assert "The model that comes with Unheard" in said_by(app)


def test_model_that_does_not_load_does_not_read(tmp_path):
    folder = model_folder(tmp_path / "mine")
    (folder / FILES[0]).unlink()
    (folder / "labels.json").write_bytes((DEFAULT_MODEL / "labels.json").read_bytes())
    app = open_page(DEFAULT_MODEL, folder)
    assert app.session_state["reading"] == DEFAULT_MODEL
    click(app, "Read notes with this model")
    assert not app.exception
    assert app.error[0].value == "This model could not be loaded."
    assert app.session_state["reading"] == DEFAULT_MODEL


# The command


@pytest.fixture
def started(monkeypatch):
    """What Streamlit would be started with."""
    given = []
    monkeypatch.setattr(
        "streamlit.web.cli.main", lambda arguments, prog_name: given.extend(arguments)
    )
    return given


def test_command_passes_folders_on_but_not_in_an_address(evaluation, started):
    result = CliRunner().invoke(cli.app, ["app", "--no-browser", "--model", str(evaluation)])
    assert result.exit_code == 0, result.output
    assert started[started.index("--") + 1 :] == [f"--model={evaluation.resolve()}"]
    assert str(evaluation) not in result.output


def test_command_refuses_a_folder_that_is_nothing(tmp_path, started):
    result = CliRunner().invoke(cli.app, ["app", "--no-browser", "--model", str(tmp_path)])
    assert isinstance(result.exception, FileNotFoundError)
    assert "no model and no evaluation" in str(result.exception)
    assert started == []


def test_command_refuses_a_model_that_was_altered(tmp_path, started):
    folder = model_folder(tmp_path / "mine")
    result = CliRunner().invoke(cli.app, ["app", "--no-browser", "--model", str(folder)])
    assert isinstance(result.exception, ValueError)
    assert started == []


def test_app_reads_notes_with_the_first_model(evaluation, tmp_path, monkeypatch):
    first = model_folder(tmp_path / "first")
    argv = ["app.py", "--model", str(evaluation), f"--model={first}"]
    monkeypatch.setattr("sys.argv", argv)
    app = AppTest.from_file(Path(cli.__file__).with_name("app.py"), default_timeout=300).run()
    assert not app.exception
    assert app.session_state["folders"] == (evaluation, first, DEFAULT_MODEL)
    assert app.session_state["reading"] == first
