import json

import pytest

from classifier.labels import load_labels
from classifier.note import Note
from training import learning_curve as curves
from training.evaluate import write_figures
from training.inline import parse_inline
from training.learning_curve import learning_curve, write_learning_curve


@pytest.fixture(scope="module")
def notes():
    """Notes of eight authors, and sentences of two others."""
    threats = ["He [[threatened to hurt her|threats]].", "She [[said she'd hurt him|threats]]."]
    fine = ["They went to the shop.", "The bus was late."]
    made = [
        Note(f"{group}{i}", *parse_inline(text), {"group": group, "unit": "note"})
        for group in "abcdefgh"
        for i, text in enumerate((threats + fine) * 2)
    ]
    return made + [
        Note(f"s{group}", *parse_inline(threats[0]), {"group": group, "unit": "sentence"})
        for group in "xy"
    ]


@pytest.fixture(scope="module")
def trained():
    """Groups that each model was trained on, in order."""
    return []


@pytest.fixture(scope="module")
def curve(notes, trained):
    def train(part, *args, **options):
        trained.append({note.meta["group"] for note in part})
        return real(part, *args, **options)

    real = curves.train
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(curves, "train", train)
        return learning_curve(notes, load_labels(), shares=[1, 0.34, 0.67], resamples=5)


def test_shares_are_nested_and_tested_on_the_same_other_groups(curve, trained):
    assert [point["share"] for point in curve["points"]] == [0.34, 0.67, 1]
    assert trained == [set(point["groups"]) for point in curve["points"]]
    assert trained[0] < trained[1] < trained[2]
    held_out = set(curve["about"]["test_groups"])
    assert not held_out & trained[2]
    assert held_out | trained[2] == set("abcdefghxy")
    assert [len(groups & set("xy")) for groups in trained] == [1, 2, 2]
    assert curve["about"]["test_notes"] == 8 * len(held_out)
    assert [point["notes"] for point in curve["points"]] == [
        8 * len(groups & set("abcdefgh")) for groups in trained
    ]


def test_every_point_has_figures_with_intervals(curve):
    for point in curve["points"]:
        assert point["summary"]["macro_f1"]["value"] > 0.5
        assert point["summary"]["macro_f1"]["interval"]


def test_two_runs_give_the_same_bytes(notes, tmp_path):
    for name in ("a", "b"):
        again = learning_curve(notes, load_labels(), shares=[0.4], resamples=5)
        write_figures(again, tmp_path / name)
        write_learning_curve(again, tmp_path / f"{name}.html")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_the_page_has_charts_with_a_table_and_the_limits(curve, tmp_path):
    write_learning_curve(json.loads(json.dumps(curve)), tmp_path / "curve.html")
    page = (tmp_path / "curve.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 5
    assert page.count("<table") == 1
    assert page.index("One split of authors") < page.index("<svg")
    assert "<script" not in page


@pytest.mark.parametrize("share", [0, -1, 1.5])
def test_shares_are_checked(share, notes):
    with pytest.raises(ValueError, match="a share must be above 0 and at most 1"):
        learning_curve(notes, load_labels(), shares=[share])


def test_two_groups_are_too_few(notes):
    few = [note for note in notes if note.meta["group"] in "ab"]
    with pytest.raises(ValueError, match="three or more author groups, found 2"):
        learning_curve(few, load_labels())
