import numpy as np
import pytest
from nervaluate import Evaluator
from sklearn.metrics import average_precision_score, roc_auc_score

from classifier.findings import Finding
from classifier.note import Mark
from training.measures import (
    MEASURES,
    area_under_roc,
    average_precision,
    count_spans,
    draw_weights,
    figure,
    find_words,
    measure_spans,
    plain,
    precision_at,
    precision_at_recalls,
    precision_recall_f1,
    reading_curve,
    reliability,
    reweigh,
    share_to_read,
)

TEXT = "zero one two three four five six seven eight nine ten, and so on."
LABELS = ("threats", "isolation")


def mark(words, label="threats", context="affirmed", text=TEXT):
    start = text.index(words)
    return Mark(start, start + len(words), label, context)


def count(marks, findings, column=0, **options):
    counts = count_spans([TEXT], [marks], [findings], LABELS, **options)[0, column]
    return {name: tuple(row) for name, row in zip(MEASURES, counts.tolist(), strict=True)}


# Words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("He won't, ever.", ["He", "won't", "ever"]),
        ("she’s - \n he/she (no)", ["she’s", "he", "she", "no"]),
        ("£40 a week… 😡!", ["£", "40", "a", "week", "😡"]),
        ("“Café”", ["Café"]),
    ],
)
def test_words_are_found_without_punctuation(text, words):
    assert [text[start:end] for start, end in find_words(text)] == words


# Spans: in both, found, marked


def test_the_same_span():
    same = count([mark("one two")], [mark("one two")])
    assert same == {"token": (2, 2, 2), "iou": (1, 1, 1), "exact": (1, 1, 1), "overlap": (1, 1, 1)}


def test_half_of_the_words_match_and_less_do_not():
    half = count([mark("one two three four")], [mark("one two")])
    assert half == {"token": (2, 2, 4), "iou": (1, 1, 1), "exact": (0, 1, 1), "overlap": (1, 1, 1)}
    less = count([mark("one two three four five")], [mark("one two")])
    assert less == {"token": (2, 2, 5), "iou": (0, 1, 1), "exact": (0, 1, 1), "overlap": (1, 1, 1)}


def test_iou_counts_words_of_both_spans():
    # three words shared, of six covered; then two of five
    assert count([mark("one two three four")], [mark("two three four five six")])["iou"][0] == 1
    assert count([mark("one two three")], [mark("two three four five")])["iou"][0] == 0


def test_neighbours_share_nothing():
    found = count([mark("one two")], [mark("three four")])
    assert found == {"token": (0, 2, 2), "iou": (0, 1, 1), "exact": (0, 1, 1), "overlap": (0, 1, 1)}


def test_marks_at_the_edge_of_a_span_do_not_matter():
    assert count([mark("nine ten")], [mark(" nine ten, ")])["exact"] == (1, 1, 1)


def test_a_word_covered_in_part_counts():
    assert count([mark("ree four")], [mark("three fo")])["exact"] == (1, 1, 1)


def test_two_halves_are_one_match_and_a_whole_is_one_match():
    halves = [mark("one two"), mark("three four")]
    whole = [mark("one two three four")]
    assert count(whole, halves)["iou"] == (1, 2, 1)
    assert count(halves, whole)["iou"] == (1, 1, 2)
    assert count(whole, halves)["token"] == (4, 4, 4)


def test_the_pairing_with_most_matches_counts():
    # The first mark overlaps both findings, the second only the first finding.
    marks = [mark("one two three four"), mark("five six")]
    findings = [mark("four five"), mark("one")]
    assert count(marks, findings)["overlap"] == (2, 2, 2)


def test_the_same_extent_counts_once_and_words_too():
    assert count([mark("one two")] * 2, [mark("one two")])["exact"] == (1, 1, 1)
    overlapping = [mark("one two"), mark("two three")]
    assert count(overlapping, [mark("one two three")])["token"] == (3, 3, 3)


def test_labels_are_apart_and_any_evidence_leaves_them_out_of_account():
    marks, findings = [mark("one two")], [mark("one two", "isolation")]
    assert count(marks, findings, 0)["token"] == (0, 0, 2)
    assert count(marks, findings, 1)["token"] == (0, 2, 0)
    assert count(marks, findings, -1)["exact"] == (1, 1, 1)
    unknown = [mark("one two", "shouting")]
    assert count(marks, unknown, 0)["token"] == (0, 0, 2)
    assert count(marks, unknown, -1)["token"] == (2, 2, 2)


def test_only_affirmed_spans_count_unless_others_are_asked_for():
    marks = [mark("one two", context="negated"), mark("four")]
    findings = [mark("one two", context="other"), mark("four")]
    assert count(marks, findings)["exact"] == (1, 1, 1)
    assert count(marks, findings, contexts=("negated",))["exact"] == (0, 0, 1)
    every = ("affirmed", "negated", "hypothetical", "other")
    assert count(marks, findings, contexts=every)["exact"] == (2, 2, 2)


def test_a_finding_is_a_span_too_and_sides_swap():
    marks, findings = [mark("one two")], [Finding(5, 18, "threats", "affirmed", 0.4)]
    one, other = count(marks, findings), count(findings, marks)
    assert one["token"] == (2, 3, 2)
    assert other["token"] == (2, 2, 3)


def test_another_tokeniser():
    letters = count([mark("one")], [mark("on")], words=lambda text: [(i, i + 1) for i in range(65)])
    assert letters["token"] == (2, 2, 3)


def test_notes_are_apart():
    counts = count_spans([TEXT, TEXT], [[mark("one")], []], [[], [mark("one")]], LABELS)
    assert counts.shape == (2, 3, 4, 3)
    assert counts[:, 0, 0].tolist() == [[0, 0, 1], [0, 1, 0]]
    with pytest.raises(ValueError):
        count_spans([TEXT, TEXT], [[]], [[], []], LABELS)


def test_figures_of_spans():
    marks = [mark("one two"), mark("six seven", "isolation"), mark("nine", "isolation")]
    findings = [mark("one two"), mark("six", "isolation")]
    figures = measure_spans([TEXT], [marks], [findings], [*LABELS, "monitoring"])
    assert list(figures) == ["any_evidence", "micro", "macro", "labels"]
    assert figures["labels"]["threats"]["token"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert figures["labels"]["isolation"]["token"] == {"precision": 1, "recall": 0.3333, "f1": 0.5}
    assert figures["labels"]["monitoring"]["iou"] == dict.fromkeys(["precision", "recall", "f1"])
    assert figures["micro"]["token"] == {"precision": 1.0, "recall": 0.6, "f1": 0.75}
    assert figures["macro"]["token"] == {"precision": 1.0, "recall": 0.6667, "f1": 0.75}
    assert figures["micro"]["iou"] == {"precision": 1.0, "recall": 0.6667, "f1": 0.8}
    assert figures["micro"]["exact"] == {"precision": 0.5, "recall": 0.3333, "f1": 0.4}
    assert figures["any_evidence"]["token"] == {"precision": 1.0, "recall": 0.6, "f1": 0.75}


def test_a_marked_label_that_nothing_was_found_of_counts_as_nought_in_the_mean():
    marks = [mark("one two"), mark("six", "isolation")]
    figures = measure_spans([TEXT], [marks], [[mark("one two")]], LABELS)
    assert figures["labels"]["isolation"]["exact"] == {"precision": None, "recall": 0, "f1": 0}
    assert figures["macro"]["exact"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5}


def random_spans(generator, n_words):
    """Spans of one label that do not overlap, as ranges of words; ends are inclusive."""
    edges = np.sort(generator.choice(n_words, 2 * generator.integers(1, 6), replace=False))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def test_agrees_with_nervaluate():
    generator = np.random.default_rng(1)
    text = " ".join(f"w{i}" for i in range(30))
    words = find_words(text)
    sides = [
        [{label: random_spans(generator, 30) for label in LABELS} for _ in range(60)]
        for _ in range(2)
    ]
    for one, other in zip(*sides, strict=True):  # some spans are the same
        one["threats"][: generator.integers(2)] = other["threats"][:1]
        one["threats"] = [
            (a, b)
            for i, (a, b) in enumerate(one["threats"])
            if all(b < c or d < a for c, d in one["threats"][:i])
        ]
    given = [
        [
            [
                {"label": label, "start": a, "end": b}
                for label in LABELS
                for a, b in sorted(note[label])
            ]
            for note in side
        ]
        for side in sides
    ]
    spans = [
        [
            [Mark(words[s["start"]][0], words[s["end"]][1], s["label"]) for s in note]
            for note in side
        ]
        for side in given
    ]
    ours = measure_spans([text] * 60, *spans, LABELS)
    theirs = Evaluator(*given, tags=list(LABELS), loader="dict").evaluate()["entities"]
    for label in LABELS:
        mine = ours["labels"][label]
        for name in ("precision", "recall", "f1"):
            strict, partial = (getattr(theirs[label][way], name) for way in ("strict", "partial"))
            assert mine["exact"][name] == pytest.approx(strict, abs=1e-4)
            # A partial match is worth half there.
            half = (mine["exact"][name] + mine["overlap"][name]) / 2
            assert half == pytest.approx(partial, abs=2e-4)
    assert ours["labels"]["threats"]["exact"]["f1"] > 0.05


# Rankings

SCORES = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0])
TRUTH = np.array([1, 0, 1, 0, 0, 1, 0, 0, 0, 1], dtype=bool)
ONCE = np.ones((1, 10))


def test_a_ranking_by_hand():
    curve = reading_curve(SCORES, TRUTH, ONCE)
    assert curve[0].tolist() == [list(range(1, 11))]
    assert curve[1].tolist() == [[1, 1, 2, 2, 2, 3, 3, 3, 3, 4]]
    assert average_precision(*curve)[0] == pytest.approx((1 + 2 / 3 + 3 / 6 + 4 / 10) / 4)
    # Pairs of positive and negative in the right order: 6 + 5 + 3 + 0 of 24.
    assert area_under_roc(*curve)[0] == pytest.approx(14 / 24)
    assert precision_at(*curve, 0.1)[0] == pytest.approx(1)
    assert precision_at(*curve, 0.3)[0] == pytest.approx(2 / 3)
    assert precision_at(*curve, 0.25)[0] == pytest.approx(1.5 / 2.5)
    assert share_to_read(*curve, 0.5)[0] == pytest.approx(0.3)
    assert share_to_read(*curve, 0.75)[0] == pytest.approx(0.6)
    assert share_to_read(*curve, 1)[0] == pytest.approx(1)
    assert precision_at_recalls(*curve, [0.5, 1]) == [[0.5, 0.6667], [1, 0.4]]


def test_a_budget_smaller_than_a_note_takes_part_of_the_first():
    assert precision_at(*reading_curve(SCORES, TRUTH, ONCE), 0.01)[0] == pytest.approx(1)


def test_equal_scores_are_one_step():
    curve = reading_curve(np.zeros(10), TRUTH, ONCE)
    assert precision_at(*curve, 0.1)[0] == pytest.approx(0.4)
    assert share_to_read(*curve, 0.5)[0] == pytest.approx(0.5)
    assert area_under_roc(*curve)[0] == pytest.approx(0.5)
    assert average_precision(*curve)[0] == pytest.approx(0.4)


def test_reading_stops_as_soon_as_enough_has_been_met():
    scores = np.arange(100, 0, -1)
    truth = (np.arange(100) < 19) | (np.arange(100) == 99)
    curve = reading_curve(scores, truth, np.ones((1, 100)))
    assert share_to_read(*curve, 0.95)[0] == pytest.approx(0.19)


def test_rankings_agree_with_scikit_learn_whatever_the_weights():
    generator = np.random.default_rng(2)
    scores, truth = generator.random(80).round(1), generator.random(80) < 0.3
    weights = draw_weights(80, 20, seed=3)
    curve = reading_curve(scores, truth, weights)
    for row, sample in enumerate(weights):
        options = {"sample_weight": sample}
        assert average_precision(*curve)[row] == pytest.approx(
            average_precision_score(truth, scores, **options)
        )
        assert area_under_roc(*curve)[row] == pytest.approx(roc_auc_score(truth, scores, **options))


@pytest.mark.parametrize("truth", [np.zeros(10, dtype=bool), np.ones(10, dtype=bool)])
def test_one_kind_of_note_has_no_area(truth):
    curve = reading_curve(SCORES, truth, ONCE)
    assert np.isnan(area_under_roc(*curve)[0])
    assert np.isnan(average_precision(*curve)[0]) == (not truth.any())
    assert np.isnan(share_to_read(*curve, 0.9)[0]) == (not truth.any())
    assert bool(precision_at_recalls(*curve, [0.5])) == truth.any()


def test_notes_without_evidence_are_weighed_up_to_a_prevalence():
    rare = reweigh(ONCE, TRUTH, 0.01)
    assert rare[0, TRUTH].tolist() == [1] * 4
    assert rare[0] @ TRUTH / rare.sum() == pytest.approx(0.01)
    # 4 notes with evidence among 400: each of the 6 others stands for 66.
    assert rare[0, ~TRUTH] == pytest.approx(66)
    curve = reading_curve(SCORES, TRUTH, rare)
    assert precision_at(*curve, 0.01)[0] == pytest.approx(1 / 4)
    assert share_to_read(*curve, 0.5)[0] == pytest.approx((2 + 66) / 400)
    assert area_under_roc(*curve)[0] == pytest.approx(14 / 24)


# Figures and intervals


def test_precision_recall_and_f1():
    np.testing.assert_allclose(precision_recall_f1([2, 4, 8]), [0.5, 0.25, 1 / 3])
    assert np.isnan(precision_recall_f1([0, 0, 0])).all()
    assert precision_recall_f1([0, 3, 0])[2] == 0


def test_draws_are_samples_of_notes_and_repeatable():
    weights = draw_weights(7, 50, seed=4)
    assert weights.shape == (51, 7)
    assert weights[0].tolist() == [1] * 7
    assert (weights.sum(axis=1) == 7).all()
    assert np.array_equal(weights, draw_weights(7, 50, seed=4))
    assert not np.array_equal(weights, draw_weights(7, 50, seed=5))


def test_an_interval_is_the_middle_of_the_draws():
    values = np.concatenate([[0.5], np.arange(101) / 100, [np.nan]])
    assert figure(values) == {"value": 0.5, "interval": [0.025, 0.975]}
    assert figure(np.array([0.5])) == {"value": 0.5, "interval": None}
    assert figure(np.array([np.nan, 0.5])) == {"value": None, "interval": None}
    assert plain(1 / 3) == 0.3333


def test_the_interval_of_a_mean_is_about_that_of_theory():
    values = np.random.default_rng(6).random(400)
    low, high = figure(draw_weights(400, 2000, seed=1) @ values / 400)["interval"]
    assert high - low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)


# Calibration


def test_reliability_by_hand():
    scores = np.array([0.9, 0.1, 0.7, 0.3])
    truth = np.array([True, False, False, False])
    result = reliability(scores, truth, bins=2)
    assert result == {
        "n": 4,
        "ece": 0.25,  # gaps of .2 and .3
        "bins": [{"n": 2, "score": 0.2, "share": 0.0}, {"n": 2, "score": 0.8, "share": 0.5}],
    }


def test_reliability_of_few_scores_and_of_none():
    assert [row["n"] for row in reliability(np.full(13, 0.5), np.ones(13) > 0)["bins"]] == [
        *([2] * 3),
        *([1] * 7),
    ]
    assert reliability(np.zeros(0), np.zeros(0) > 0) == {"n": 0, "ece": None, "bins": []}


def test_scores_that_come_true_as_often_as_they_say_have_no_error():
    generator = np.random.default_rng(7)
    scores = generator.random(100_000)
    assert reliability(scores, generator.random(100_000) < scores)["ece"] < 0.01
    assert reliability(scores, generator.random(100_000) < scores**2)["ece"] > 0.1
