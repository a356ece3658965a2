"""The README is true: its commands and code run, its figures are the shipped model's."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from classifier.labels import load_labels
from classifier.model_file import DEFAULT_MODEL
from training.agreement import measure_second_pass
from training.corpus import read_corpus
from training.datacard import CARD, update_card
from training.formats import FORMATS as TOOLS

ROOT = Path(__file__).parents[1]
FORMATS = Path(__file__).parent / "data" / "formats"
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (unheard .+)$", README, re.M)
FAST = [line for line in COMMANDS if re.match(r"unheard (find|import|export)", line)]
FAST = [line for line in FAST if "models/" not in line]


def test_readme_names_the_two_commands_as_written():
    assert "pip install . && unheard app --demo" in README
    assert "pip install '.[dev]' && pytest" in README


@pytest.mark.parametrize("line", FAST)
def test_readme_command_runs(line, tmp_path, monkeypatch):
    (tmp_path / "data").symlink_to(ROOT / "data")
    marked = re.findall(r"^    (Says he \[\[.+)$", README, re.M)[0]
    (tmp_path / "mine.txt").write_text(f"{marked}\n", encoding="utf-8")
    shutil.copytree(FORMATS, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli.app, shlex.split(line)[1:])
    assert result.exit_code in {0, cli.WITH_REJECTS}, result.output
    out = shlex.split(line)[shlex.split(line).index("--out") + 1]
    assert (tmp_path / out).stat().st_size > 0


def test_readme_code_runs_and_finds_its_phrases(capsys):
    code = re.search(r"```python\n(.*?)```", README, re.S)[1]
    exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "goes through her phone every night monitoring affirmed" in printed
    assert "threats negated" in printed


def test_every_command_and_option_of_find_is_documented():
    for command in cli.app.registered_commands:
        name = command.name or command.callback.__name__
        assert f"unheard {name}" in README or f"`{name}`" in README, name


def test_readme_figures_are_those_of_the_shipped_model():
    metrics = json.loads((DEFAULT_MODEL / "manifest.json").read_text())["metrics"]
    row = "| {} | {:.3f} | {:.3f} to {:.3f} | {:.3f} |"
    for key, name in (
        ("mean_average_precision", "mean average precision over labels"),
        ("macro_f1", "macro F1 over labels"),
        ("any_evidence_auc", "any-evidence AUC"),
    ):
        fast = metrics["words_alone"][key]
        assert row.format(name, metrics[key], *metrics["intervals_95"][key], fast) in README
    assert f"{metrics['notes']:,} notes" in README


def test_data_card_tables_are_current():
    card = CARD.read_text(encoding="utf-8")
    agreement = measure_second_pass(load_labels().ids)
    current = update_card(card, read_corpus(), agreement)
    assert current == card, "run: python -m training.datacard"


def test_model_was_trained_on_the_corpus_beside_it():
    from training.train import describe_data

    manifest = json.loads((DEFAULT_MODEL / "manifest.json").read_text())
    assert manifest["data"] == describe_data(read_corpus())


def test_screenshot_in_readme_is_there():
    for path in re.findall(r"!\[.+?\]\((.+?)\)", README):
        assert (ROOT / path).is_file()


def test_readme_has_every_format_of_marks():
    section = README.split("## Bring your own marks")[1].split("\n## ")[0]
    for name in TOOLS:
        assert f"| `{name}` |" in section, name
