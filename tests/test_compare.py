import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from classifier.evidence import find_all
from classifier.model_file import load_model, save_model
from classifier.note import Note
from classifier.writing import write_evidence
from training.compare import compare, read_predictions, table_of
from training.evaluate import evaluate, write_figures
from training.measures import draw_weights
from training.probes import affirmed_labels


@pytest.fixture(scope="module")
def sides(tiny_model, tmp_path_factory):
    """A model, and one with higher thresholds."""
    folder = tmp_path_factory.mktemp("models")
    save_model(tiny_model, folder / "one")
    raised = {label: min(value + 0.2, 0.99) for label, value in tiny_model.thresholds.items()}
    save_model(replace(tiny_model, thresholds=raised), folder / "other")
    return folder / "one", folder / "other"


@pytest.fixture(scope="module")
def results(sides, tiny_notes):
    return compare(*sides, tiny_notes, resamples=40, seed=2)


def test_figures_of_each_side_are_those_of_an_evaluation(results, sides, tiny_notes):
    for name, folder in zip(("one", "other"), sides, strict=True):
        summary = evaluate(
            load_model(folder), tiny_notes, probe=False, resamples=40, seed=2
        ).figures["summary"]
        for key, row in results["figures"].items():
            assert row[name] == summary[key]


def test_differences_are_taken_draw_by_draw(results, sides, tiny_notes):
    labels = results["about"]["labels"]
    draws = draw_weights(len(tiny_notes), 40, seed=2).astype(int)
    tables = []
    for folder in sides:
        found = list(find_all(tiny_notes, load_model(folder)))
        tables.append([[label in affirmed_labels(e.findings) for label in labels] for e in found])
    truth = np.array([[label in affirmed_labels(n.marks) for label in labels] for n in tiny_notes])
    values = []
    for weights in draws:
        rows = np.repeat(np.arange(len(tiny_notes)), weights)
        some = truth[rows].any(axis=0)
        one, other = (
            f1_score(
                truth[rows][:, some], np.array(t)[rows][:, some], average="macro", zero_division=0
            )
            for t in tables
        )
        values.append(other - one)
    row = results["figures"]["macro_f1"]
    assert row["difference"]["value"] == pytest.approx(values[0], abs=1e-4)
    assert row["difference"]["interval"] == pytest.approx(
        np.quantile(values[1:], [0.025, 0.975]), abs=1e-4
    )
    other_way = np.mean(np.array(values[1:]) * np.sign(values[0]) <= 0)
    assert row["other_way"] == pytest.approx(other_way, abs=1e-4)


def test_thresholds_alone_leave_rankings_as_they_are(results, sides, tiny_notes):
    for name in ("mean_average_precision", "any_evidence_auc"):
        row = results["figures"][name]
        assert row["difference"] == {"value": 0, "interval": [0, 0]}
        assert row["other_way"] == 1
    found = list(find_all(tiny_notes, load_model(sides[0])))
    truth = [bool(affirmed_labels(e.note.marks)) for e in found]
    auc = roc_auc_score(truth, [e.evidence for e in found])
    assert results["figures"]["any_evidence_auc"]["one"]["value"] == pytest.approx(auc, abs=1e-4)
    precisions = [
        average_precision_score(
            [label in affirmed_labels(e.note.marks) for e in found],
            [e.scores[label] for e in found],
        )
        for label in results["about"]["labels"]
        if any(label in affirmed_labels(e.note.marks) for e in found)
    ]
    ours = results["figures"]["mean_average_precision"]["one"]["value"]
    assert ours == pytest.approx(np.mean(precisions), abs=1e-4)


def test_findings_in_a_file_compare_as_their_model(results, sides, tiny_notes, tmp_path):
    model = load_model(sides[1])
    path = tmp_path / "predictions.jsonl"
    write_evidence(find_all(reversed(tiny_notes), model), path, labels=model.label_set)
    again = compare(sides[0], path, tiny_notes, resamples=40, seed=2)
    for name in ("mean_average_precision", "macro_f1", "token_f1"):
        assert again["figures"][name] == results["figures"][name]


def test_two_runs_give_the_same_bytes(sides, tiny_notes, tmp_path):
    for name in ("a", "b"):
        write_figures(compare(*sides, tiny_notes[:20], resamples=10), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_what_a_side_has_seen_is_said(results, sides, tiny_notes, tmp_path):
    assert results["about"]["seen"] == {
        "one": f"{sides[0]} has learnt from these very notes",
        "other": f"{sides[1]} has learnt from these very notes",
    }
    model = load_model(sides[0])
    path = tmp_path / "predictions.jsonl"
    write_evidence(find_all(tiny_notes, model), path, labels=model.label_set)
    for about, said in (
        (None, f"{path} does not say which notes its model has learnt from"),
        ({"way": "cross-validation"}, ""),
        (
            {"way": "model", "seen": {"notes": 3, "groups": ["tk"], "same_data": False}},
            f"the model of {path} has learnt from the authors of 3 of these notes (tk)",
        ),
    ):
        if about:
            (tmp_path / "evaluation.json").write_text(json.dumps({"about": about}), "utf-8")
        seen = compare(sides[0], path, tiny_notes[:9], resamples=2)["about"]["seen"]
        assert seen["other"] == said


def test_the_table_shows_every_figure(results):
    lines = table_of(results).splitlines()
    assert [line for line in lines if line.startswith("macro f1")]
    assert len(lines) == 4 + len(results["figures"]) + 1


NOTES = [Note("a", "He shouts."), Note("b", "She left.")]
LINE = '{{"id": "{}", "spans": {}, "scores": {{"threats": 0.1}}, "evidence": 0.5}}\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (LINE.format("a", []), "holds nothing on 1 of 2 notes, such as 'b'"),
        ("no json\n", "line 1: not a line of findings"),
        ('{"id": "a"}\n', "line 1: not a line of findings for these notes"),
        (
            LINE.format(
                "a",
                '[{"start": 3, "end": 99, "label": "threats", "context": "affirmed", "score": 1}]',
            ),
            "span 3:99 is not inside note 'a'",
        ),
    ],
)
def test_a_file_that_does_not_fit_is_refused(content, message, tmp_path):
    path = tmp_path / "found.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError) as error:
        read_predictions(path, NOTES)
    assert message in str(error.value)


def test_nothing_to_compare_on(sides):
    with pytest.raises(ValueError, match="nothing to compare on"):
        compare(*sides, [])
