"""Write the figures of an evaluation as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from training.page import draw_chart, draw_table, number, open_page, percent, safe, words_of

SUMMARY_WORDS = {
    "mean_average_precision": "Mean average precision over labels",
    "macro_f1": "F1, mean over labels",
    "micro_f1": "F1, all labels together",
    "any_evidence_auc": "Area under ROC, evidence of any kind",
    "token_f1": "F1 of highlighted words, evidence of any kind",
}

MEASURE_WORDS = {
    "token": "words",
    "iou": "half of the words shared or more (IOU)",
    "exact": "exactly the same words",
    "overlap": "any word shared",
}

SPAN_WORDS = {
    "any_evidence": "evidence of any kind",
    "micro": "all labels together",
    "macro": "mean over labels",
}

FAILURE_WORDS = {
    "not_marked": "Highlighted as affirmed where people marked nothing as affirmed",
    "missed": "Marked by people as affirmed where nothing is highlighted as affirmed",
}

FIGURES = ("precision", "recall", "f1")


def write_report(results: Mapping[str, object], path: str | Path) -> None:
    """Write one HTML page with tables and charts that needs no script and nothing from outside.

    Parameters
    ----------
    results : mapping
        From `training.evaluate.evaluate` or `training.evaluate.cross_validate`, also read back
        from JSON.
    path : path-like
        The file to write.
    """
    parts = chain(
        _head(results),
        _labels(results),
        _reading(results),
        _phrases(results),
        _contexts(results["contexts"]),
        _calibration(results["calibration"]),
        _look_alikes(results["look_alikes"]),
        _changes(results),
        _functional(results["functional"]),
        _failures(results["failures"]),
        ["</main></body></html>"],
    )
    Path(path).write_text("\n".join(parts) + "\n", encoding="utf-8", newline="\n")


def _head(results: Mapping) -> Iterator[str]:
    """Open the page: what was measured, what the figures do not show, and the summary."""
    about = results["about"]
    yield from open_page("How well the highlights agree with people")
    yield "<header><h1>How well the highlights agree with people</h1>"
    yield f"<p>{about['notes']} notes of {about['groups']} author groups, "
    yield f"{about['with_evidence']} with affirmed evidence. Measured on "
    yield f"{safe(about['measured_on'])}. Seed {about['seed']}.</p>"
    yield '<section class="limits" aria-labelledby="limits">'
    yield '<h2 id="limits">What the figures do not show</h2><ul>'
    yield from (f"<li>{safe(limit)}</li>" for limit in results["limits"])
    yield "</ul></section></header><main><h2>Summary</h2>"
    rows = [(SUMMARY_WORDS[name], value) for name, value in results["summary"].items()]
    yield draw_table("Figures between 0 and 1; in brackets 95 % of the draws", ["", "figure"], rows)


def _labels(results: Mapping) -> Iterator[str]:
    """Show the figures of each label, with curves."""
    names = ("notes", "average_precision", *FIGURES)
    rows = [
        (words_of(label), *(values[name] for name in names), _words_of_thresholds(results, label))
        for label, values in results["labels"].items()
    ]
    yield "<h2>Labels, note by note</h2><p>A note shows a label if a phrase in it is highlighted "
    yield "as affirmed, and holds it if people marked such a phrase. Threshold: the score from "
    yield "which phrases are highlighted, one for each part.</p>"
    means = results["means"]
    macro, micro = (
        [means[mean].get(name) for name in ("average_precision", *FIGURES)]
        for mean in ("macro", "micro")
    )
    rows += [("mean over labels", "", *macro, ""), ("all labels together", "", *micro, "")]
    columns = ["label", "notes", "average precision", *FIGURES, "threshold"]
    yield draw_table("Labels over notes", columns, rows)
    yield from _rare_labels(results["at_prevalence"])
    curves = results["curves"]["labels"]
    yield "<details><summary>Precision and recall of each label, from a high threshold to a low "
    yield 'one</summary><div class="charts">'
    yield from (
        draw_chart(words_of(label), "recall", "precision", [points])
        for label, points in curves.items()
    )
    yield "</div>"
    yield _curve_table({words_of(label): points for label, points in curves.items()})
    yield "</details>"


def _rare_labels(rare: Mapping) -> Iterator[str]:
    """Restate the figures of labels for a place where evidence is rare."""
    if not rare:
        return
    rows = [
        (words_of(label), *(values[name] for name in FIGURES))
        for label, values in {
            **rare["labels"],
            "mean over labels": rare["macro"],
            "all labels together": rare["micro"],
        }.items()
    ]
    caption = f"Labels over notes, if {percent(rare['prevalence'])} of notes hold evidence"
    yield draw_table(caption, ["label", *FIGURES], rows)


def _reading(results: Mapping) -> Iterator[str]:
    """Show what a reviewer meets who reads notes in the tool's order."""
    found = {"as in these notes": results["any_evidence"]}
    curves = {"as in these notes": results["curves"]["any_evidence"]}
    if results["at_prevalence"]:
        share = f"if {percent(results['at_prevalence']['prevalence'])} of notes hold evidence"
        found[share] = results["at_prevalence"]
        curves[share] = results["curves"]["at_prevalence"]
    rows = [("area under ROC", *(values["auc"] for values in found.values()))]
    rows.append(("average precision", *(values["average_precision"] for values in found.values())))
    for row, budget in enumerate(results["any_evidence"]["precision_at"]):
        name = f"precision among the first {percent(budget['share_read'])} of notes"
        rows.append((name, *(values["precision_at"][row] for values in found.values())))
    recall = percent(results["any_evidence"]["share_to_read"]["recall"])
    name = f"share of notes to read to meet {recall} of those with evidence"
    rows.append((name, *(values["share_to_read"] for values in found.values())))
    for name in FIGURES:
        words = f"{name} of notes with a highlight"
        rows.append((words, *(values[name] for values in found.values())))
    yield "<h2>Evidence of any kind: reading in order</h2>"
    yield draw_table("Notes in the order the tool proposes", ["", *found], rows)
    yield '<div class="charts">'
    yield draw_chart("Evidence of any kind", "recall", "precision", list(curves.values()))
    yield f"</div><p><small>Whole line: {safe(next(iter(curves)))}."
    yield f"{f' Broken line: {safe(list(curves)[1])}.' if len(curves) > 1 else ''}</small></p>"
    yield _curve_table(curves)


def _phrases(results: Mapping) -> Iterator[str]:
    """Show how well highlights cover the words that people marked."""
    phrases = results["phrases"]
    rows = [
        (words, MEASURE_WORDS[measure], *(figures[name] for name in FIGURES))
        for key, words in SPAN_WORDS.items()
        for measure, figures in phrases[key].items()
    ]
    yield "<h2>Phrases, word by word</h2>"
    yield draw_table("Affirmed phrases", ["of", "agreeing in", *FIGURES], rows)
    rows = [
        (words_of(label), *(measures[measure]["f1"] for measure in MEASURE_WORDS))
        for label, measures in phrases["labels"].items()
    ]
    columns = ["label", *MEASURE_WORDS.values()]
    yield draw_table("F1 of each label's affirmed phrases", columns, rows)


def _contexts(contexts: Mapping) -> Iterator[str]:
    """Show how often the context is as people marked it."""
    yield "<h2>Contexts</h2>"
    for key, words in (
        ("phrases", "Marked phrases, by their likeliest context"),
        ("findings", "Findings that meet a mark of their label, as they are shown"),
    ):
        table = contexts[key]
        rows = [
            (context, row["n"], *(row[name] for name in FIGURES), *row["chosen"].values())
            for context, row in table["contexts"].items()
        ]
        columns = ["marked", "n", *FIGURES, *(f"as {name}" for name in table["contexts"])]
        caption = f"{words}: {table['n']}, the same context for {number(table['accuracy'])}"
        yield draw_table(caption, columns, rows)


def _calibration(calibration: Mapping) -> Iterator[str]:
    """Show whether scores mean what they say."""
    shown, every = calibration["may_be_shown"], calibration["all_phrases"]
    points = [[row["score"], row["share"]] for row in shown["bins"]]
    yield "<h2>Scores of phrases</h2><p>Of phrases with a score of .3, people should have marked "
    yield "three in ten. Expected calibration error (mean gap): "
    yield f"{number(shown['ece'])} for scores of {calibration['least_shown']} or more, which may "
    yield f"be shown; {number(every['ece'])} for all phrases, nearly all of which score next to "
    yield 'nothing.</p><div class="charts">'
    chart = draw_chart("Score and share marked", "mean score", "share marked", [points], even=True)
    yield f"{chart}</div>"
    rows = [(row["n"], row["score"], row["share"]) for row in shown["bins"]]
    yield draw_table("Bins that are equally full", ["phrases", "mean score", "share marked"], rows)
    rows = [(words_of(label), row["n"], row["ece"]) for label, row in calibration["labels"].items()]
    yield draw_table("Each label", ["label", "phrases", "expected calibration error"], rows)


def _look_alikes(kinds: Mapping) -> Iterator[str]:
    """Show how notes without evidence fare."""
    rows = [
        (
            words_of(kind),
            row["notes"],
            row["without_finding"],
            row["findings_per_note"],
            row["precision"],
        )
        for kind, row in kinds.items()
    ]
    columns = ["kind of note", "notes", "share with nothing affirmed", "affirmed findings per note"]
    columns.append("precision")
    yield "<h2>Notes without evidence</h2><p>Precision: the share with evidence among highlighted "
    yield "notes, if there were as many notes of this kind as notes with evidence.</p>"
    yield draw_table("Look-alikes by kind", columns, rows)


def _changes(results: Mapping) -> Iterator[str]:
    """Show what changes with things that should not matter, and with what is highlighted."""
    if not results["invariance"]:
        return
    names = ("notes", "same_labels", "notes_with_findings", "same_labels_with_findings")
    rows = [
        (words_of(change), *(row[name] for name in names))
        for change, row in results["invariance"].items()
    ]
    yield "<h2>Changes that should not matter</h2>"
    columns = ["change", "notes changed", "share with the same labels"]
    columns += ["of these with findings", "share with the same labels"]
    yield draw_table("Labels of changed notes", columns, rows)
    faithfulness = dict(results["faithfulness"])
    pairs = faithfulness.pop("pairs")
    yield "<h2>Faithfulness of highlights</h2><p>How far a label's score in a note falls without "
    yield "the highlighted words (comprehensiveness: more is better), and with nothing else "
    yield "(sufficiency: nearer 0 is better), beside as many words in a row anywhere in the note. "
    yield f"{pairs} pairs of note and label.</p>"
    rows = [(words_of(name), value) for name, value in faithfulness.items()]
    yield draw_table("Fall of the score", ["", "mean fall"], rows)


def _functional(suite: Mapping) -> Iterator[str]:
    """Show how the hand-written functional cases fared."""
    yield "<h2>Functional suite</h2>"
    if not suite["run"]:
        yield f"<p>No figures: {safe(suite['why'])}.</p>"
        return
    yield f"<p>{suite['passed']} of {suite['cases']} cases pass ({number(suite['share'])}), "
    yield f"put to {suite['models']} trained model{'s' * (suite['models'] > 1)}.</p>"
    rows = [
        (words_of(name), row["passed"], row["cases"])
        for name, row in suite["by_functionality"].items()
    ]
    yield draw_table("Cases by what they ask for", ["functionality", "passed", "cases"], rows)


def _failures(failures: Mapping) -> Iterator[str]:
    """List where findings and marks differ most clearly, by note and place."""
    yield "<h2>Where highlights and people differ</h2><p>The clearest of each label, by number of "
    yield "the note and characters of its text.</p>"
    for kind, words in FAILURE_WORDS.items():
        rows = [
            (words_of(row["label"]), row["note"], f"{row['start']}–{row['end']}", row["score"])
            for row in failures[kind]
        ]
        yield draw_table(words, ["label", "note", "characters", "score"], rows)


def _words_of_thresholds(results: Mapping, label: str) -> str:
    """List the thresholds of a label."""
    return ", ".join(f"{value:g}" for value in results["about"]["thresholds"][label])


def _curve_table(curves: Mapping[str, list]) -> str:
    """Give the points of precision-recall curves as a table."""
    recalls = next((points for points in curves.values() if points), [])
    columns = ["precision at recall", *(f"{recall:g}" for recall, _ in recalls)]
    rows = [(name, *(value for _, value in points)) for name, points in curves.items() if points]
    return draw_table("Points of the curves", columns, rows)
