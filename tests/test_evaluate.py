import json
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from classifier.findings import Finding, NoteEvidence
from classifier.labels import load_labels
from classifier.note import CONTEXTS, Mark, Note
from training import evaluate as evaluation
from training import outcome as outcomes
from training import train as training
from training.evaluate import (
    LIMITS,
    TOO_GOOD,
    cross_validate,
    evaluate,
    measure_outcomes,
    write_figures,
)
from training.figures import BUDGETS
from training.inline import parse_inline
from training.measures import measure_spans
from training.names import ORIGINS
from training.outcome import Outcome, score_unseen
from training.report import write_report
from training.variants import VARIANTS

LABELS = ("threats", "isolation")
TEXT = "zero one two three four five six seven eight nine"


def note(id, inline, **meta):
    return Note(id, *parse_inline(inline), meta)


def evidence(id, marks, findings, scores=(0, 0), queue=0.0, **meta):
    """What was found in a note; spans are given as words, label and context."""
    spans = [
        [(TEXT.index(words), TEXT.index(words) + len(words), *rest) for words, *rest in side]
        for side in (marks, findings)
    ]
    return NoteEvidence(
        Note(id, TEXT, tuple(Mark(*span) for span in spans[0]), meta),
        tuple(Finding(*span, 0.5) for span in spans[1]),
        dict(zip(LABELS, scores, strict=True)),
        queue,
    )


def outcome(*found, **parts):
    defaults = {
        "affirmed": np.zeros((0, 2)),
        "affirmed_marked": np.zeros((0, 2), dtype=bool),
        "contexts": np.zeros((0, 2), dtype=int),
        "changes": {},
        "removals": np.zeros((0, 6)),
    }
    return Outcome(found, **(defaults | parts))


def measure(*outcomes, **options):
    about = {"measured_on": "invented notes", "thresholds": {label: [0.5] for label in LABELS}}
    options = {"seed": 0, "resamples": 20} | options
    return measure_outcomes(outcomes, LABELS, about=about, **options)


THREAT = ("one two", "threats", "affirmed")
FOUND = (
    evidence("a", [THREAT], [THREAT], (0.9, 0.1), 0.9, kind="abuse", group="x"),
    evidence("b", [THREAT], [], (0.3, 0.1), 0.6, kind="abuse", group="x"),
    evidence("c", [("six", "isolation", "affirmed")], [THREAT], (0.6, 0.4), 0.8, group="y"),
    evidence("d", [], [], (0.1, 0.2), 0.1, kind="benign", group="y"),
    evidence("e", [], [THREAT, ("six", "isolation", "affirmed")], (0.7, 0.6), 0.7, kind="benign"),
    evidence(
        "f",
        [("one two", "threats", "negated")],
        [("one", "threats", "other")],
        (0.2, 0.1),
        0.2,
        kind="negated",
    ),
)


def values(figures):
    """Keep the values of figures."""
    if isinstance(figures, dict) and "value" in figures:
        return figures["value"]
    if isinstance(figures, dict):
        return {name: values(value) for name, value in figures.items()}
    return [values(value) for value in figures] if isinstance(figures, list) else figures


# Figures, by hand


def test_labels_over_notes():
    labels = values(measure(outcome(*FOUND))["labels"])
    assert labels["threats"] == {
        "notes": 2,
        "average_precision": 0.75,  # first of one, second of four
        "precision": 0.3333,
        "recall": 0.5,
        "f1": 0.4,
    }
    assert labels["isolation"] == {
        "notes": 1,
        "average_precision": 0.5,
        "precision": 0,
        "recall": 0,
        "f1": 0,
    }


def test_means_over_labels():
    summary = values(measure(outcome(*FOUND))["summary"])
    assert summary == {
        "mean_average_precision": 0.625,
        "macro_f1": 0.2,
        "micro_f1": 0.2857,  # 1 of 4 shown and 3 held
        "any_evidence_auc": 0.8889,  # one of nine pairs is the wrong way round
        "token_f1": 0.3333,  # 2 words in both, 7 found, 5 marked
    }


def test_labels_that_no_note_holds_are_not_in_the_means():
    some = [found for found in FOUND if found.note.id != "c"]
    results = values(measure(outcome(*some)))
    assert results["labels"]["isolation"]["average_precision"] is None
    assert (
        results["summary"]["mean_average_precision"]
        == results["labels"]["threats"]["average_precision"]
    )
    assert results["summary"]["macro_f1"] == results["labels"]["threats"]["f1"]


def test_evidence_of_any_kind():
    results = values(measure(outcome(*FOUND)))
    queue = results["any_evidence"]
    assert queue["auc"] == 0.8889
    assert queue["average_precision"] == round((1 + 1 + 3 / 4) / 3, 4)
    assert (queue["precision"], queue["recall"], queue["f1"]) == (0.6667, 0.6667, 0.6667)
    assert queue["precision_at"] == [1.0, 1.0, 1.0]
    assert queue["share_to_read"] == round((3 + 0.85) / 6, 4)
    assert results["about"]["notes"] == 6
    assert results["about"]["with_evidence"] == 3
    assert results["about"]["groups"] == 4


def test_at_a_prevalence_of_one_in_a_hundred():
    rare = measure(outcome(*FOUND))["at_prevalence"]
    # Three notes with evidence stand beside 297 without: each of three for 99.
    assert rare["prevalence"] == 0.01
    assert [row["share_read"] for row in rare["precision_at"]] == list(BUDGETS)
    # In order 1, 1, 99, 1, ...: the first three notes' worth holds 2; 15 and 30 hold 2.
    assert values(rare)["precision_at"] == [0.6667, 0.1333, 0.0667]
    assert values(rare)["precision"] == round(2 / (2 + 99), 4)
    assert values(rare)["recall"] == 0.6667
    assert values(rare)["auc"] == 0.8889


@pytest.mark.parametrize("ids", ["ab", "df"])
def test_one_kind_of_note_gives_what_can_be_said(ids):
    results = measure(outcome(*(found for found in FOUND if found.note.id in ids)))
    assert results["at_prevalence"] == {}
    assert values(results["any_evidence"])["auc"] is None
    json.dumps(results, allow_nan=False)


def test_phrases_are_those_of_the_measures():
    results = values(measure(outcome(*FOUND))["phrases"])
    assert results == measure_spans(
        [TEXT] * 6, [e.note.marks for e in FOUND], [e.findings for e in FOUND], LABELS
    )
    assert results["any_evidence"]["token"]["f1"] == round(2 * 2 / (7 + 5), 4)


def test_contexts():
    pairs = np.array([[0, 0], [0, 0], [0, 3], [1, 1], [1, 0], [2, 2]])
    results = measure(outcome(*FOUND, contexts=pairs))["contexts"]
    assert results["phrases"]["n"] == 6
    assert results["phrases"]["accuracy"] == 0.6667
    by_context = results["phrases"]["contexts"]
    assert list(by_context) == list(CONTEXTS)
    assert by_context["affirmed"] == {
        "n": 3,
        "precision": 0.6667,
        "recall": 0.6667,
        "f1": 0.6667,
        "chosen": {"affirmed": 2, "negated": 0, "hypothetical": 0, "other": 1},
    }
    assert by_context["negated"]["recall"] == 0.5
    assert by_context["other"]["recall"] is None
    shown = results["findings"]
    assert shown["n"] == 2  # of a and f; the findings of c and e meet no mark of their label
    assert shown["contexts"]["negated"]["chosen"]["other"] == 1


def test_a_finding_meets_only_marks_of_its_own_label():
    marks = [("one two three", "isolation", "negated"), ("two three", "threats", "other"), THREAT]
    findings = [("one two three", "threats", "affirmed"), ("four", "threats", "affirmed")]
    shown = measure(outcome(evidence("a", marks, findings)))["contexts"]["findings"]
    assert shown["n"] == 1
    assert shown["contexts"]["other"]["chosen"]["affirmed"] == 1  # shares more characters


def test_calibration_of_phrases():
    scores = np.array([[0.8, 0.01], [0.4, 0.02]])
    marked = np.array([[True, False], [False, True]])
    results = measure(outcome(*FOUND, affirmed=scores, affirmed_marked=marked))["calibration"]
    assert results["may_be_shown"]["n"] == 2
    assert results["may_be_shown"]["ece"] == 0.3
    assert results["all_phrases"]["ece"] == round((0.2 + 0.01 + 0.4 + 0.98) / 4, 4)
    bins = [{"n": 1, "score": 0.4, "share": 0.0}, {"n": 1, "score": 0.8, "share": 1.0}]
    assert results["labels"]["threats"] == {"n": 2, "ece": 0.3, "bins": bins}
    assert results["labels"]["isolation"] == {"n": 0, "ece": None, "bins": []}


def test_look_alikes_by_kind():
    kinds = values(measure(outcome(*FOUND))["look_alikes"])
    assert kinds == {
        "benign": {"notes": 2, "without_finding": 0.5, "findings_per_note": 1, "precision": 0.5714},
        "negated": {"notes": 1, "without_finding": 1, "findings_per_note": 0, "precision": 1},
        "all": {
            "notes": 3,
            "without_finding": 0.6667,
            "findings_per_note": 0.6667,
            "precision": 0.6667,  # two of three with evidence and one of three without are shown
        },
    }


def test_invariance_leaves_out_notes_without_anything_to_change():
    changes = {"sex": np.array([1, 0, -1, 1, 0, -1])}
    invariance = values(measure(outcome(*FOUND, changes=changes))["invariance"])
    assert invariance["sex"] == {
        "notes": 4,
        "same_labels": 0.5,
        "notes_with_findings": 2,  # a and e
        "same_labels_with_findings": 0.5,
    }


def test_faithfulness():
    removals = np.array([[0, 0.9, 0.1, 0.8, 0.7, 0.3], [4, 0.7, 0.5, 0.8, 0.7, 0.1]])
    results = values(measure(outcome(*FOUND, removals=removals))["faithfulness"])
    assert results == {
        "pairs": 2,
        "comprehensiveness": 0.5,
        "sufficiency": 0,
        "comprehensiveness_of_random_words": 0.1,
        "sufficiency_of_random_words": 0.6,
    }


def test_parts_are_measured_together():
    removals = np.array([[0, 0.9, 0.1, 0.8, 0.7, 0.3], [2, 0.7, 0.5, 0.8, 0.7, 0.1]])
    changes = np.array([1, 0, -1, 1, 0, -1])
    scores = np.linspace(0, 0.9, 12).reshape(6, 2)
    contexts = np.array([[0, 0], [1, 0], [2, 2]])
    whole = outcome(
        *FOUND,
        removals=removals,
        changes={"sex": changes},
        affirmed=scores,
        affirmed_marked=scores > 0.5,
        contexts=contexts,
    )
    parts = (
        outcome(
            *FOUND[:2],
            removals=removals[:1],
            changes={"sex": changes[:2]},
            affirmed=scores[:3],
            affirmed_marked=scores[:3] > 0.5,
            contexts=contexts[:1],
        ),
        outcome(
            *FOUND[2:],
            removals=removals[1:] - [2, 0, 0, 0, 0, 0],
            changes={"sex": changes[2:]},
            affirmed=scores[3:],
            affirmed_marked=scores[3:] > 0.5,
            contexts=contexts[1:],
        ),
    )
    assert measure(*parts) == measure(whole)


def test_intervals_hold_their_figures_and_get_narrower_with_more_notes():
    few = measure(outcome(*FOUND), resamples=200)["labels"]["threats"]["recall"]
    many = [
        replace(found, note=replace(found.note, id=str(i))) for i in range(30) for found in FOUND
    ]
    more = measure(outcome(*many), resamples=200)["labels"]["threats"]["recall"]
    assert few["value"] == more["value"]
    assert more["interval"][0] <= more["value"] <= more["interval"][1]
    widths = [figure["interval"][1] - figure["interval"][0] for figure in (few, more)]
    assert widths[1] < widths[0] / 3


# A real model


@pytest.fixture(scope="module")
def results(tiny_model, tiny_notes):
    return evaluate(tiny_model, tiny_notes, resamples=20).figures


SECTIONS = (
    *("about", "limits", "summary", "labels", "means", "any_evidence", "at_prevalence"),
    *(
        "phrases",
        "confusion",
        "contexts",
        "calibration",
        "look_alikes",
        "invariance",
        "faithfulness",
    ),
    *("functional", "failures", "curves"),
)


def test_an_evaluation_has_all_its_parts(results, tiny_model, tiny_notes):
    assert tuple(results) == SECTIONS
    assert results["about"]["notes"] == len(tiny_notes)
    assert list(results["labels"]) == list(tiny_model.label_set.ids)
    names = [f"names: {origin}" for origin in ORIGINS][1:]
    assert list(results["invariance"]) == [
        *VARIANTS,
        "other English names",
        *names,
        "names: all of these",
    ]
    assert results["limits"] == [TOO_GOOD, *LIMITS]
    assert results["faithfulness"]["pairs"] > 0


def test_two_runs_give_the_same_bytes_and_another_seed_others(
    results, tiny_model, tiny_notes, tmp_path
):
    write_figures(results, tmp_path / "one.json")
    write_figures(evaluate(tiny_model, tiny_notes, resamples=20).figures, tmp_path / "two.json")
    other = evaluate(tiny_model, tiny_notes, resamples=20, seed=1).figures
    write_figures(other, tmp_path / "three.json")
    one, two, three = ((tmp_path / f"{n}.json").read_bytes() for n in ("one", "two", "three"))
    assert one == two != three
    assert json.loads(one) == results


def test_results_hold_no_words_of_a_note(results, tiny_notes):
    text = json.dumps(results)
    assert not [one.id for one in tiny_notes if one.text[:40] in text or one.text[-40:] in text]


def test_highlights_matter_more_than_random_words(results):
    faithfulness = values(results["faithfulness"])
    assert faithfulness["comprehensiveness"] > faithfulness["comprehensiveness_of_random_words"]
    assert faithfulness["sufficiency"] < faithfulness["sufficiency_of_random_words"]


def test_the_model_keeps_its_labels_where_sex_is_swapped(results):
    assert values(results["invariance"]["sex"]["same_labels"]) > 0.95


def test_changed_notes_are_left_out_on_request(tiny_model, tiny_notes):
    short = evaluate(tiny_model, tiny_notes[:20], resamples=5, probe=False).figures
    assert short["invariance"] == {}
    assert short["faithfulness"]["pairs"] == 0


def test_stages_are_told(tiny_model, tiny_notes):
    stages = []
    evaluate(tiny_model, tiny_notes[:3], resamples=2, tell=stages.append)
    changed = [f"changed notes: {name}" for name in VARIANTS]
    names = f"changed notes: names of {len(ORIGINS)} origins"
    assert stages == ["scoring", *changed, names, "faithfulness", "functional suite", "figures"]


def test_phrases_of_batches_are_put_together(tiny_model, tiny_notes, monkeypatch):
    whole = score_unseen(tiny_model, tiny_notes, seed=0, probe=False)
    monkeypatch.setattr(outcomes, "BATCH_NOTES", 7)
    parts = score_unseen(tiny_model, tiny_notes, seed=0, probe=False)
    np.testing.assert_allclose(parts.affirmed, whole.affirmed, atol=1e-5)
    np.testing.assert_array_equal(parts.affirmed_marked, whole.affirmed_marked)
    np.testing.assert_array_equal(parts.contexts[:, 0], whole.contexts[:, 0])


def test_nothing_to_measure(tiny_model):
    with pytest.raises(ValueError) as error:
        evaluate(tiny_model, [])
    assert str(error.value) == ("nothing to measure; give marked notes that the model has not seen")


def test_a_label_that_the_model_does_not_know(tiny_model):
    with pytest.raises(ValueError, match="note 'n': no label 'shouting'; there are isolation, "):
        evaluate(tiny_model, [note("n", "He [[shouts|shouting]].")])


@pytest.mark.parametrize("text", ["", "...", "Fine."])
def test_notes_without_evidence_or_words(tiny_model, text):
    results = evaluate(tiny_model, [Note("n", text)], resamples=3).figures
    assert results["about"]["with_evidence"] == 0
    json.dumps(results, allow_nan=False)


# Cross-validation


@pytest.fixture(scope="module")
def authors():
    """Notes of four authors and a sentence of one of them and of another."""
    threats = ["He [[threatened to hurt her|threats]].", "She [[said she'd hurt him|threats]]."]
    fine = ["They went to the shop.", "The bus was late."]
    notes = [
        note(
            f"{group}{i}", text, group=group, unit="note", kind="abuse" if "[" in text else "benign"
        )
        for group in "abcd"
        for i, text in enumerate((threats + fine) * 3)
    ]
    return [
        *notes,
        note("s1", threats[0], group="a", unit="sentence"),
        note("s2", fine[0], group="e", unit="sentence"),
    ]


def test_held_out_authors_never_train_and_every_whole_note_is_measured_once(authors, monkeypatch):
    trained, scored = [], []

    def fit(notes, *args):
        trained.append({one.meta["group"] for one in notes})
        return real_fit(notes, *args)

    def score(model, notes, **options):
        scored.append([one.id for one in notes])
        return real_score(model, notes, **options)

    real_fit, real_score = training._fit, evaluation.score_unseen
    monkeypatch.setattr(training, "_fit", fit)
    monkeypatch.setattr(evaluation, "score_unseen", score)
    results = cross_validate(authors, load_labels(), resamples=5).figures
    assert len(trained) == len(scored) == 4
    for groups, ids in zip(trained, scored, strict=True):
        assert not groups & {id[0] for id in ids}
        assert "e" in groups
    whole = [one.id for one in authors if one.meta["unit"] == "note"]
    assert sorted(id for ids in scored for id in ids) == sorted(whole)
    assert results["about"]["notes"] == len(whole)
    assert results["about"]["groups"] == 4
    assert len(results["about"]["thresholds"]["threats"]) == 4
    assert tuple(results) == SECTIONS
    assert values(results["labels"]["threats"])["f1"] > 0.9


def test_cross_validation_is_repeatable(authors):
    one, two = (
        json.dumps(cross_validate(authors, load_labels(), resamples=5, probe=False).figures)
        for _ in range(2)
    )
    assert one == two


def test_two_authors_are_too_few(authors):
    with pytest.raises(ValueError) as error:
        cross_validate([one for one in authors if one.meta["group"] in "ab"], load_labels())
    assert str(error.value) == (
        "cross-validation needs whole notes of three or more author groups, found 2; "
        "measure a trained model on other notes instead"
    )


# The page


class Page(HTMLParser):
    """Checks that tags close, and collects names and text."""

    void = frozenset({"meta", "rect", "polyline", "circle"})

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], [], [], ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def html(results, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_report(results, path)
    return path.read_text(encoding="utf-8")


def test_the_page_is_whole_and_needs_nothing_from_outside(html):
    parsed = Page(html)
    assert not {"script", "link", "img", "iframe"} & set(parsed.tags)
    assert not {"href", "src", "onload"} & {name for name, _ in parsed.attributes}
    assert "url(" not in html
    assert "@import" not in html


def test_what_figures_do_not_show_comes_before_any_figure(html):
    text = Page(html).text
    places = [text.index(limit) for limit in LIMITS]
    assert max(places) < text.index("Mean average precision")


def test_every_chart_has_its_table(html, tiny_model):
    parsed = Page(html)
    n_labels = len(tiny_model.label_set.ids)
    assert parsed.tags.count("svg") == n_labels + 2
    for heading in ("Points of the curves", "Bins that are equally full"):
        assert heading in parsed.text
    assert parsed.text.count("precision at recall") == 2


def test_the_page_shows_the_figures_with_intervals(html, results):
    figure = results["summary"]["mean_average_precision"]
    low, high = figure["interval"]
    assert f"{figure['value']:.3f} [{low:.2f}, {high:.2f}]" in Page(html).text
    assert "nan" not in Page(html).text.lower()


def test_the_page_does_not_claim_what_highlights_are_not(html):
    text = Page(html).text.lower()
    assert not [word for word in ("detect", "risk", "accura") if word in text]


def test_what_comes_from_a_file_is_escaped(tmp_path):
    found = replace(FOUND[3], note=replace(FOUND[3].note, meta={"kind": "<script>1</script>"}))
    write_report(measure(outcome(FOUND[0], found)), tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "script" not in Page(text).tags
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize("ids", ["ab", "df"])
def test_a_page_of_one_kind_of_note(ids, tmp_path):
    results = measure(outcome(*(found for found in FOUND if found.note.id in ids)))
    write_report(json.loads(json.dumps(results)), tmp_path / "page.html")
    assert "if 1 % of notes" not in Page((tmp_path / "page.html").read_text("utf-8")).text
