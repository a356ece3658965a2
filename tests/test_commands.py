"""The researcher's commands as their users meet them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from classifier.model_file import save_model
from classifier.note import Note
from training.corpus import read_corpus, write_corpus

SECRET = "zanzibar lighthouse"


def run(*arguments):
    return CliRunner().invoke(cli.app, [str(a) for a in arguments])


def refusal(*arguments):
    """The message of an error that `cli.main` turns into exit code 2."""
    result = run(*arguments)
    assert isinstance(result.exception, ValueError | FileNotFoundError), result.output
    return str(result.exception)


def as_user(*arguments):
    """Run the real command in its own process."""
    return subprocess.run(
        [sys.executable, "-c", "import cli; cli.main()", *map(str, arguments)],
        capture_output=True,
        check=False,
    )


@pytest.fixture(scope="module")
def model(tiny_model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "tiny"
    save_model(tiny_model, folder)
    return folder


@pytest.fixture(scope="module")
def unseen(corpus, tiny_model, tmp_path_factory):
    """Notes of authors that the tiny model has not learnt from."""
    known = tiny_model.manifest["data"]["groups"]
    notes = [n for n in corpus if n.meta["unit"] == "note" and n.meta["group"] not in known][:40]
    path = tmp_path_factory.mktemp("data") / "unseen.jsonl"
    write_corpus(notes, path)
    return path


@pytest.fixture(scope="module")
def seen(tiny_notes, tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "seen.jsonl"
    write_corpus(tiny_notes, path)
    return path


FILES = ("MODEL_CARD.md", "evaluation.html", "evaluation.json", "predictions.jsonl")


@pytest.fixture(scope="module")
def evaluated(model, unseen, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "evaluation"
    options = ("--model", model, "--out", out, "--resamples", 20)
    result = run("evaluate", "--data", unseen, *options)
    assert result.exit_code == 0, result.output
    return out, result


def test_an_evaluation_is_a_folder_of_figures_page_card_and_findings(evaluated, unseen):
    out, result = evaluated
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    figures = json.loads((out / "evaluation.json").read_text(encoding="utf-8"))
    assert figures["about"]["seen"]["notes"] == 0
    assert "40 notes measured; figures in" in result.stderr
    assert result.stdout == ""
    texts = [note.text for note in read_corpus(unseen)]
    for name in FILES:
        content = (out / name).read_text(encoding="utf-8")
        assert not [text for text in texts if text[:40] in content or text[-40:] in content]


def test_two_evaluations_give_the_same_bytes(evaluated, model, unseen, tmp_path):
    run("evaluate", "--data", unseen, "--model", model, "--out", tmp_path, "--resamples", 20)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (evaluated[0] / name).read_bytes(), name


def test_notes_that_the_model_has_learnt_from_are_refused(model, seen, tmp_path):
    arguments = ("evaluate", "--data", seen, "--model", model, "--out", tmp_path / "out")
    message = refusal(*arguments)
    assert message.startswith("the model has learnt from these very notes: figures would be too")
    assert not (tmp_path / "out").exists()
    result = run(*arguments, "--seen", "--no-probe", "--resamples", 5)
    assert result.exit_code == 0, result.output
    assert "these very notes: figures are too good" in result.stderr
    page = (tmp_path / "out" / "evaluation.html").read_text(encoding="utf-8")
    assert "figures are too good" in page
    assert "figures are too good" in (tmp_path / "out" / "MODEL_CARD.md").read_text("utf-8")


def test_the_shipped_model_is_not_measured_on_its_corpus(tmp_path):
    notes = Path(cli.__file__).parent / "data" / "synthetic" / "notes" / "tk.jsonl"
    message = refusal("evaluate", "--data", notes, "--out", tmp_path / "out")
    assert message.startswith("the model has learnt from the authors of 40 of these notes (tk)")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["evaluate"], "no notes to measure on; give --data"),
        (["evaluate", "--cross-validate", "--model", "x"], "exclude one another"),
        (["compare", "a", "b"], "no notes to compare on; give --data"),
        (["card", "--model", "nowhere"], "no model at nowhere; train one with"),
        (["learning-curve", "--shares", "half"], "--shares half: write numbers such as"),
        (["suggest", "notes.csv", "--out", "next.csv"], "ends in .jsonl"),
    ],
)
def test_unusable_options_are_refused_with_a_message(arguments, message):
    assert message in refusal(*arguments)


def test_cross_validation_writes_findings_that_compare_as_unseen(model, seen, tmp_path):
    out = tmp_path / "cv"
    options = ("--no-probe", "--resamples", 5, "--out", out)
    result = run("evaluate", "--cross-validate", "--data", seen, *options)
    assert result.exit_code == 0, result.output
    assert "no model card: the figures are of cross-validation on other notes" in result.stderr
    figures = out / "evaluation.json"
    result = run("card", "--model", model, "--figures", figures, "--out", tmp_path / "card.md")
    assert result.exit_code == 0, result.output
    assert "author groups held out in 4 parts" in (tmp_path / "card.md").read_text("utf-8")
    arguments = (model, out / "predictions.jsonl", "--data", seen, "--resamples", 5)
    result = run("compare", *arguments, "--out", tmp_path / "compared.json")
    assert result.exit_code == 0, result.output
    assert result.stderr.count("has learnt from") == 1
    assert "macro f1" in result.stdout
    compared = json.loads((tmp_path / "compared.json").read_text(encoding="utf-8"))
    assert compared["about"]["seen"]["other"] == ""
    assert compared["figures"]["macro_f1"]["difference"]["value"] < 0


def test_a_learning_curve_is_a_folder_of_figures_and_a_page(seen, tmp_path):
    options = ("--shares", "0.5, 1", "--resamples", 5, "--out", tmp_path / "curve")
    result = run("learning-curve", "--data", seen, *options)
    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in (tmp_path / "curve").iterdir())
    assert names == ["learning_curve.html", "learning_curve.json"]
    curve = json.loads((tmp_path / "curve" / "learning_curve.json").read_text(encoding="utf-8"))
    assert [point["share"] for point in curve["points"]] == [0.5, 1.0]


def test_suggested_notes_are_told_by_number_and_can_be_sent_out_for_marking(model, tmp_path):
    source = tmp_path / "notes.csv"
    rows = [f"n{i},{SECRET} says he reads her post again {i}" for i in range(12)]
    source.write_text("\n".join(["Ref,Narrative", *rows]) + "\n", encoding="utf-8")
    arguments = ("suggest", source, "--n", 4, "--model", model, "--out", tmp_path / "next.jsonl")
    done = as_user(*arguments)
    assert done.returncode == 0, done.stderr
    assert SECRET.encode() not in done.stdout + done.stderr
    told = [line.split("\t")[0] for line in done.stdout.decode().splitlines()]
    notes = read_corpus(tmp_path / "next.jsonl")
    assert [note.id for note in notes] == told
    assert len(told) == 4
    assert all(isinstance(note, Note) and not note.marks for note in notes)
    run("export-marks", tmp_path / "next.jsonl", "--out", tmp_path / "next.txt")
    assert (tmp_path / "next.txt").read_text(encoding="utf-8").count(SECRET) == 4


def test_stages_are_not_shown_where_nobody_watches(evaluated):
    assert "scoring" not in evaluated[1].stderr
