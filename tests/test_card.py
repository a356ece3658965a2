import hashlib
import json
import re
from dataclasses import replace

import pytest

from classifier.model_file import CARD_FILE, DEFAULT_MODEL, FILES, load_model, save_model
from classifier.wording import WHAT_IT_DOES_NOT_DO
from training.card import save_card, write_card
from training.evaluate import LIMITS, evaluate, write_figures


@pytest.fixture(scope="module")
def folder(tiny_model, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "mine"
    save_model(tiny_model, path)
    return path


@pytest.fixture(scope="module")
def figures(folder, tiny_notes):
    return evaluate(load_model(folder), tiny_notes[:30], resamples=10).figures


@pytest.fixture(scope="module")
def card(folder, figures):
    return write_card(folder, figures=figures)


SECTIONS = (
    *("Model details", "Intended use", "Not for", "Training data", "Figures", "Failure examples"),
    *("Limits", "Versions and digests"),
)


def test_a_card_has_its_sections_in_order(card):
    assert tuple(re.findall(r"^## (.+)$", card, re.M)) == SECTIONS
    assert WHAT_IT_DOES_NOT_DO in card
    assert all(limit in card for limit in LIMITS)
    assert "nan" not in card.lower().split()


def test_a_card_agrees_with_the_manifest(card, folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["sha256"].items():
        assert f"| {name} | `{digest}` |" in card
    own = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    assert f"| manifest.json | `{own}` |" in card
    for name, version in manifest["versions"].items():
        assert f"| {name} | {version} |" in card
    data = manifest["data"]
    assert f"{data['notes']} whole notes and {data['sentences']} single sentences" in card
    assert f"{data['marks']} marked phrases. Digest `{data['sha256']}`" in card
    assert f"of {len(data['groups'])} author groups" in card


def test_a_card_agrees_with_the_figures(card, figures):
    value = figures["summary"]["macro_f1"]
    low, high = value["interval"]
    assert f"| F1, mean over labels | {value['value']:.3f} [{low:.3f}, {high:.3f}] |" in card
    for kind, row in figures["look_alikes"].items():
        assert f"| {kind} | {row['notes']} |" in card
    for change in figures["invariance"]:
        assert f"| {change} |" in card


def test_a_card_without_figures_has_those_of_the_manifest(folder, tiny_model):
    card = write_card(folder)
    metrics = tiny_model.manifest["metrics"]
    assert f"| F1, mean over labels | {metrics['macro_f1']:.3f} |" in card
    assert "## Failure examples" not in card


def test_words_of_failures_are_shown_only_on_request(card, folder, figures, tiny_notes):
    texts = {note.id: note.text for note in tiny_notes}
    spans = figures["failures"]["missed"] + figures["failures"]["not_marked"]
    words = [" ".join(texts[s["note"]][s["start"] : s["end"]].split()) for s in spans]
    long = [phrase for phrase in words if len(phrase.split()) > 3]
    assert long
    assert not [phrase for phrase in long if phrase in card]
    shown = write_card(folder, figures=figures, with_words=True)
    assert all(phrase.replace("|", "/") in shown for phrase in long)


def test_words_of_notes_that_are_not_of_the_synthetic_corpus_are_never_shown(folder, tiny_notes):
    secret = [
        replace(note, id=f"real-{note.id}", meta={"group": "real"}) for note in tiny_notes[:30]
    ]
    figures = evaluate(load_model(folder), secret, resamples=5, probe=False).figures
    card = write_card(folder, figures=figures, with_words=True)
    spans = figures["failures"]["missed"]
    texts = {note.id: note.text for note in secret}
    words = [texts[s["note"]][s["start"] : s["end"]] for s in spans]
    assert [phrase for phrase in words if len(phrase.split()) > 3]
    assert not [phrase for phrase in words if len(phrase.split()) > 3 and phrase in card]


def test_figures_of_another_model_or_of_other_data_are_refused(folder, figures):
    about = figures["about"]
    for changed, message in (
        ({"model": "0" * 64}, "the figures are of another model"),
        ({"way": "cross-validation", "data": "0" * 64}, "cross-validation on other notes"),
        ({"way": None}, "these are not figures of an evaluation"),
    ):
        with pytest.raises(ValueError, match=message):
            write_card(folder, figures={**figures, "about": {**about, **changed}})


def test_a_card_lies_in_the_folder_and_goes_when_the_model_is_replaced(
    tiny_model, figures, tmp_path
):
    folder = tmp_path / "mine"
    save_model(tiny_model, folder)
    write_figures({**figures, "about": {**figures["about"]}}, tmp_path / "evaluation.json")
    path = save_card(folder, figures=tmp_path / "evaluation.json")
    assert path == folder / CARD_FILE
    assert load_model(folder).thresholds == tiny_model.thresholds
    first = path.read_bytes()
    save_card(folder, figures=tmp_path / "evaluation.json")
    assert path.read_bytes() == first
    save_model(tiny_model, folder)
    assert sorted(p.name for p in folder.iterdir()) == sorted((*FILES, "manifest.json"))


def test_figures_that_are_no_json_are_refused(folder, tmp_path):
    (tmp_path / "odd.json").write_text("figures", encoding="utf-8")
    with pytest.raises(ValueError, match=r"not a JSON file; give the evaluation\.json"):
        save_card(folder, figures=tmp_path / "odd.json")
    assert not (folder / CARD_FILE).exists()


def test_the_shipped_card_is_that_of_the_shipped_model():
    manifest = DEFAULT_MODEL / "manifest.json"
    card = (DEFAULT_MODEL / CARD_FILE).read_text(encoding="utf-8")
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    assert f"| manifest.json | `{digest}` |" in card, "run: unheard card"
