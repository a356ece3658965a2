"""Every figure against a second computation that shares no code with the first."""

import numpy as np
import pytest
from sklearn.metrics import (
    average_precision_score,
    f1_score,
    precision_recall_fscore_support,
    roc_auc_score,
)

from classifier.findings import Finding, NoteEvidence
from classifier.note import Mark, Note
from training.evaluate import measure_outcomes
from training.figures import BUDGETS, measure_functional, measure_labels
from training.measures import draw_weights
from training.outcome import SUITE_NOT_RUN, Outcome, run_functional_suite

LABELS = ("threats", "isolation", "monitoring")
TEXT = " ".join(f"w{i:02}" for i in range(20))
N = 120


def spans(generator, kind, n):
    """Up to n spans of whole words, no two of a label overlapping."""
    made = []
    for label in LABELS:
        edges = np.sort(generator.choice(20, 2 * generator.integers(0, n + 1), replace=False))
        for first, last in edges.reshape(-1, 2).tolist():
            extent = (first * 4, last * 4 + 3)
            context = "affirmed" if generator.random() < 0.8 else "negated"
            score = (round(float(generator.random()), 4),) if kind is Finding else ()
            made.append(kind(*extent, label, context, *score))
    return tuple(made)


@pytest.fixture(scope="module")
def outcome():
    generator = np.random.default_rng(5)
    found = []
    for row in range(N):
        marks = spans(generator, Mark, 1) if row % 2 else ()
        kind = "abuse" if row % 2 else ("benign", "negated")[row // 2 % 2]
        scores = dict(zip(LABELS, generator.random(3).round(4).tolist(), strict=True))
        found.append(
            NoteEvidence(
                Note(f"n{row}", TEXT, marks, {"kind": kind, "group": f"g{row % 5}"}),
                spans(generator, Finding, 1),
                scores,
                round(float(generator.random() + 0.3 * (row % 2)), 4),
            )
        )
    scores = generator.random((400, 3))
    return Outcome(
        found=tuple(found),
        affirmed=scores,
        affirmed_marked=generator.random((400, 3)) < scores**2,
        contexts=generator.integers(0, 4, (50, 2)),
        changes={"sex": generator.integers(-1, 2, N)},
        removals=np.zeros((0, 6)),
    )


@pytest.fixture(scope="module")
def figures(outcome):
    about = {"measured_on": "made up", "thresholds": {label: [0.5] for label in LABELS}}
    return measure_outcomes([outcome], LABELS, about=about, seed=11, resamples=60)


@pytest.fixture(scope="module")
def tables(outcome):
    def table(side):
        return np.array(
            [
                [
                    any(s.label == label and s.context == "affirmed" for s in side(e))
                    for label in LABELS
                ]
                for e in outcome.found
            ]
        )

    truth, shown = table(lambda e: e.note.marks), table(lambda e: e.findings)
    scores = np.array([[e.scores[label] for label in LABELS] for e in outcome.found])
    queue = np.array([e.evidence for e in outcome.found])
    return truth, shown, scores, queue


def test_labels_are_those_of_scikit_learn(figures, tables):
    truth, shown, scores, _ = tables
    p, r, f, support = precision_recall_fscore_support(truth, shown, zero_division=0)
    for column, label in enumerate(LABELS):
        row = figures["labels"][label]
        assert row["notes"] == support[column]
        assert row["precision"]["value"] == pytest.approx(p[column], abs=1e-4)
        assert row["recall"]["value"] == pytest.approx(r[column], abs=1e-4)
        assert row["f1"]["value"] == pytest.approx(f[column], abs=1e-4)
        ap = average_precision_score(truth[:, column], scores[:, column])
        assert row["average_precision"]["value"] == pytest.approx(ap, abs=1e-4)


@pytest.mark.parametrize("mean", ["macro", "micro"])
def test_means_are_those_of_scikit_learn(mean, figures, tables):
    truth, shown, scores, _ = tables
    values = precision_recall_fscore_support(truth, shown, average=mean, zero_division=0)
    for name, value in zip(("precision", "recall", "f1"), values, strict=False):
        assert figures["means"][mean][name]["value"] == pytest.approx(value, abs=1e-4)
    mean_ap = average_precision_score(truth, scores, average="macro")
    ours = figures["summary"]["mean_average_precision"]["value"]
    assert ours == pytest.approx(mean_ap, abs=1e-4)


def test_a_marked_label_that_is_never_shown_counts_as_nought_in_the_mean():
    truth = np.array([[True, True], [False, False]])
    shown = np.array([[True, False], [False, False]])
    scores = np.array([[0.9, 0.2], [0.1, 0.1]])
    by_label, means, _ = measure_labels(scores, shown, truth, ["a", "b"], np.ones((1, 2)))
    assert by_label["b"]["precision"]["value"] is None
    assert means["macro"]["precision"]["value"] == 0.5
    assert means["micro"]["precision"]["value"] == 1


def test_intervals_are_those_of_notes_drawn_again(figures, tables):
    truth, shown, _, queue = tables
    draws = draw_weights(N, 60, seed=11)[1:].astype(int)
    samples = [np.repeat(np.arange(N), weights) for weights in draws]
    macro = [f1_score(truth[rows], shown[rows], average="macro") for rows in samples]
    auc = [roc_auc_score(truth[rows].any(axis=1), queue[rows]) for rows in samples]
    for name, values in (("macro_f1", macro), ("any_evidence_auc", auc)):
        interval = figures["summary"][name]["interval"]
        assert interval == pytest.approx(np.quantile(values, [0.025, 0.975]), abs=1e-4)


def read_in_order(queue, truth, weight):
    """Walk down the queue note by note; a note without evidence stands for several."""
    order = np.argsort(-queue)
    sizes = np.where(truth, 1.0, weight)[order]
    return truth[order], sizes


@pytest.mark.parametrize("section", ["any_evidence", "at_prevalence"])
def test_budgets_and_the_share_to_read_by_walking_down_the_queue(section, figures, tables):
    truth, _, _, queue = tables
    truth = truth.any(axis=1)
    n, rare = truth.sum(), section == "at_prevalence"
    weight = 99 * n / (~truth).sum() if rare else 1.0
    met, sizes = read_in_order(queue, truth, weight)
    total = sizes.sum()
    for row in figures[section]["precision_at"]:
        left, hits = row["share_read"] * total, 0.0
        for is_evidence, size in zip(met, sizes, strict=True):
            part = min(left, size) / size
            hits, left = hits + part * is_evidence, left - part * size
        assert row["value"] == pytest.approx(hits / (row["share_read"] * total), abs=1e-4)
    wanted, read = 0.95 * n, 0.0
    for is_evidence, size in zip(met, sizes, strict=True):
        part = min(wanted, 1.0) if is_evidence else 1.0
        read, wanted = read + part * size, wanted - part * is_evidence
        if wanted < 1e-9:
            break
    assert figures[section]["share_to_read"]["value"] == pytest.approx(read / total, abs=1e-4)
    assert [row["share_read"] for row in figures[section]["precision_at"]] == list(BUDGETS)


def test_one_in_a_hundred_is_what_copies_of_quiet_notes_give(figures, tables):
    truth, shown, _, queue = tables
    weights = np.where(
        truth.any(axis=1), 1.0, 99 * truth.any(axis=1).sum() / (~truth.any(axis=1)).sum()
    )
    options = {"sample_weight": weights, "zero_division": 0}
    p, r, f, _ = precision_recall_fscore_support(truth, shown, **options)
    rare = figures["at_prevalence"]
    for column, label in enumerate(LABELS):
        values = [rare["labels"][label][name]["value"] for name in ("precision", "recall", "f1")]
        assert values == pytest.approx([p[column], r[column], f[column]], abs=1e-4)
    macro = precision_recall_fscore_support(truth, shown, average="macro", **options)
    assert rare["macro"]["f1"]["value"] == pytest.approx(macro[2], abs=1e-4)
    auc = roc_auc_score(truth.any(axis=1), queue)
    assert rare["auc"]["value"] == pytest.approx(auc, abs=1e-4)


def words_of(span):
    return frozenset(range(span.start // 4, (span.end + 1) // 4))


@pytest.mark.parametrize("label", LABELS)
def test_phrases_by_sets_of_words(label, outcome, figures):
    sides = []
    for evidence in outcome.found:
        sides.append(
            [
                [words_of(s) for s in side if s.label == label and s.context == "affirmed"]
                for side in (evidence.note.marks, evidence.findings)
            ]
        )
    # Here a label has at most one span a side, so that there is nothing to pair.
    shared = sum(len(frozenset().union(*m) & frozenset().union(*f)) for m, f in sides)
    found = sum(len(words) for _, f in sides for words in f)
    marked = sum(len(words) for m, _ in sides for words in m)
    row = figures["phrases"]["labels"][label]
    assert row["token"]["f1"]["value"] == pytest.approx(2 * shared / (found + marked), abs=1e-4)
    pairs = [(m[0], f[0]) for m, f in sides if m and f]
    alike = sum(len(a & b) / len(a | b) >= 0.5 for a, b in pairs)
    same = sum(a == b for a, b in pairs)
    n = sum(len(m) + len(f) for m, f in sides)
    assert row["iou"]["f1"]["value"] == pytest.approx(2 * alike / n, abs=1e-4)
    assert row["exact"]["f1"]["value"] == pytest.approx(2 * same / n, abs=1e-4)


def test_calibration_bin_by_bin(outcome, figures):
    scores = outcome.affirmed.ravel()
    marked = outcome.affirmed_marked.ravel()[np.argsort(scores)]
    scores = np.sort(scores)
    gap = sum(
        abs(scores[at : at + 120].sum() - marked[at : at + 120].sum()) for at in range(0, 1200, 120)
    )
    assert figures["calibration"]["all_phrases"]["ece"] == pytest.approx(gap / 1200, abs=1e-4)
    assert len(figures["calibration"]["all_phrases"]["bins"]) == 10


@pytest.mark.parametrize("kind", ["benign", "negated"])
def test_look_alikes_one_by_one(kind, outcome, figures):
    quiet = [e for e in outcome.found if e.note.meta["kind"] == kind]
    n_findings = [sum(f.context == "affirmed" for f in e.findings) for e in quiet]
    marked = [e for e in outcome.found if any(m.context == "affirmed" for m in e.note.marks)]
    recall = np.mean([any(f.context == "affirmed" for f in e.findings) for e in marked])
    wrong = np.mean([n > 0 for n in n_findings])
    row = figures["look_alikes"][kind]
    assert row["notes"] == len(quiet)
    assert row["without_finding"]["value"] == pytest.approx(1 - wrong, abs=1e-4)
    assert row["findings_per_note"]["value"] == pytest.approx(np.mean(n_findings), abs=1e-4)
    assert row["precision"]["value"] == pytest.approx(recall / (recall + wrong), abs=1e-4)


# The functional suite


def suite(outcome, **parts):
    return Outcome(
        **{
            name: getattr(outcome, name)
            for name in ("found", "affirmed", "affirmed_marked", "contexts", "changes", "removals")
        },
        functional=parts,
    )


def test_suites_of_several_models_are_added_up(outcome):
    rows = {"negation": {"passed": 1, "cases": 2}, "typo": {"passed": 2, "cases": 2}}
    one = suite(
        outcome, run=True, passed=3, cases=4, share=0.75, by_functionality=rows, failed=["a"]
    )
    two = suite(
        outcome, run=True, passed=3, cases=4, share=0.75, by_functionality=rows, failed=["b", "a"]
    )
    assert measure_functional([one, two]) == {
        "run": True,
        "models": 2,
        "passed": 6,
        "cases": 8,
        "share": 0.75,
        "by_functionality": {
            "negation": {"passed": 2, "cases": 4},
            "typo": {"passed": 4, "cases": 4},
        },
        "failed": ["a", "b"],
        "left_out": 0,
    }


def test_a_suite_that_is_not_there_is_said_to_be_missing(outcome, monkeypatch, tiny_model):
    monkeypatch.setitem(__import__("sys").modules, "training.functional", None)
    result = run_functional_suite(tiny_model)
    why = SUITE_NOT_RUN.format("its cases are not installed")
    assert result == {"run": False, "why": why}
    assert measure_functional([suite(outcome, **result)]) == result
    assert measure_functional([outcome])["run"] is False
