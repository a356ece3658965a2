"""Write the figures of an evaluation as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import chain
from pathlib import Path

from classifier.writing.report import POLICY, STYLE_FILE

SIDE, MARGIN = 260, 44
"""Of a chart in SVG units: the plotted square, and the room for its scales."""

TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)

STYLE = """
.charts { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1rem 0; }
figure { margin: 0; max-width: 24rem; flex: 1 1 16rem; }
figcaption { font-weight: 600; }
svg { width: 100%; height: auto; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
.frame { fill: none; stroke: var(--line); }
.even { stroke: var(--soft); stroke-dasharray: 2 4; }
.line { fill: none; stroke: var(--link); stroke-width: 2; }
.second { stroke: var(--ink); stroke-dasharray: 7 4; }
.dot { fill: var(--link); }
.scroll { overflow-x: auto; }
.scroll td, .scroll th { white-space: nowrap; }
.scroll table { width: auto; margin-bottom: 1rem; }
body { max-width: 72rem; }
td.number { text-align: end; font-variant-numeric: tabular-nums; }
small { color: var(--soft); }
summary { cursor: pointer; margin: .5rem 0; }
"""

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
        ["</main></body></html>"],
    )
    Path(path).write_text("\n".join(parts) + "\n", encoding="utf-8", newline="\n")


def _head(results: Mapping) -> Iterator[str]:
    """Open the page: what was measured, what the figures do not show, and the summary."""
    about = results["about"]
    yield '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<title>How well the highlights agree with people – Unheard</title>"
    yield f"<style>{STYLE_FILE.read_text(encoding='utf-8')}{STYLE}</style>\n</head>\n<body>"
    yield "<header><h1>How well the highlights agree with people</h1>"
    yield f"<p>{about['notes']} notes of {about['groups']} author groups, "
    yield f"{about['with_evidence']} with affirmed evidence. Measured on "
    yield f"{_shown(about['measured_on'])}. Seed {about['seed']}.</p>"
    yield '<section class="limits" aria-labelledby="limits">'
    yield '<h2 id="limits">What the figures do not show</h2><ul>'
    yield from (f"<li>{_shown(limit)}</li>" for limit in results["limits"])
    yield "</ul></section></header><main><h2>Summary</h2>"
    rows = [(SUMMARY_WORDS[name], value) for name, value in results["summary"].items()]
    yield _table("Figures between 0 and 1; in brackets 95 % of the draws", ["", "figure"], rows)


def _labels(results: Mapping) -> Iterator[str]:
    """Show the figures of each label, with curves."""
    names = ("notes", "average_precision", *FIGURES)
    rows = [
        (_words(label), *(values[name] for name in names), _words_of_thresholds(results, label))
        for label, values in results["labels"].items()
    ]
    yield "<h2>Labels, note by note</h2><p>A note shows a label if a phrase in it is highlighted "
    yield "as affirmed, and holds it if people marked such a phrase. Threshold: the score from "
    yield "which phrases are highlighted, one for each part.</p>"
    columns = ["label", "notes", "average precision", *FIGURES, "threshold"]
    yield _table("Labels over notes", columns, rows)
    curves = results["curves"]["labels"]
    yield "<details><summary>Precision and recall of each label, from a high threshold to a low "
    yield 'one</summary><div class="charts">'
    yield from (
        _chart(_words(label), "recall", "precision", [points]) for label, points in curves.items()
    )
    yield "</div>"
    yield _curve_table({_words(label): points for label, points in curves.items()})
    yield "</details>"


def _reading(results: Mapping) -> Iterator[str]:
    """Show what a reviewer meets who reads notes in the tool's order."""
    found = {"as in these notes": results["any_evidence"]}
    curves = {"as in these notes": results["curves"]["any_evidence"]}
    if results["at_prevalence"]:
        share = f"if {_percent(results['at_prevalence']['prevalence'])} of notes hold evidence"
        found[share] = results["at_prevalence"]
        curves[share] = results["curves"]["at_prevalence"]
    rows = [("area under ROC", *(values["auc"] for values in found.values()))]
    rows.append(("average precision", *(values["average_precision"] for values in found.values())))
    for row, budget in enumerate(results["any_evidence"]["precision_at"]):
        name = f"precision among the first {_percent(budget['share_read'])} of notes"
        rows.append((name, *(values["precision_at"][row] for values in found.values())))
    recall = _percent(results["any_evidence"]["share_to_read"]["recall"])
    name = f"share of notes to read to meet {recall} of those with evidence"
    rows.append((name, *(values["share_to_read"] for values in found.values())))
    for name in FIGURES:
        words = f"{name} of notes with a highlight"
        rows.append((words, *(values[name] for values in found.values())))
    yield "<h2>Evidence of any kind: reading in order</h2>"
    yield _table("Notes in the order the tool proposes", ["", *found], rows)
    yield '<div class="charts">'
    yield _chart("Evidence of any kind", "recall", "precision", list(curves.values()))
    yield f"</div><p><small>Whole line: {_shown(next(iter(curves)))}."
    yield f"{f' Broken line: {_shown(list(curves)[1])}.' if len(curves) > 1 else ''}</small></p>"
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
    yield _table("Affirmed phrases", ["of", "agreeing in", *FIGURES], rows)
    rows = [
        (_words(label), *(measures[measure]["f1"] for measure in MEASURE_WORDS))
        for label, measures in phrases["labels"].items()
    ]
    columns = ["label", *MEASURE_WORDS.values()]
    yield _table("F1 of each label's affirmed phrases", columns, rows)


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
        caption = f"{words}: {table['n']}, the same context for {_number(table['accuracy'])}"
        yield _table(caption, columns, rows)


def _calibration(calibration: Mapping) -> Iterator[str]:
    """Show whether scores mean what they say."""
    shown, every = calibration["may_be_shown"], calibration["all_phrases"]
    points = [[row["score"], row["share"]] for row in shown["bins"]]
    yield "<h2>Scores of phrases</h2><p>Of phrases with a score of .3, people should have marked "
    yield "three in ten. Expected calibration error (mean gap): "
    yield f"{_number(shown['ece'])} for scores of {calibration['least_shown']} or more, which may "
    yield f"be shown; {_number(every['ece'])} for all phrases, nearly all of which score next to "
    yield 'nothing.</p><div class="charts">'
    chart = _chart("Score and share marked", "mean score", "share marked", [points], even=True)
    yield f"{chart}</div>"
    rows = [(row["n"], row["score"], row["share"]) for row in shown["bins"]]
    yield _table("Bins that are equally full", ["phrases", "mean score", "share marked"], rows)
    rows = [(_words(label), row["n"], row["ece"]) for label, row in calibration["labels"].items()]
    yield _table("Each label", ["label", "phrases", "expected calibration error"], rows)


def _look_alikes(kinds: Mapping) -> Iterator[str]:
    """Show how notes without evidence fare."""
    rows = [
        (_words(kind), row["notes"], row["without_finding"], row["findings_per_note"])
        for kind, row in kinds.items()
    ]
    columns = ["kind of note", "notes", "share with nothing affirmed", "affirmed findings per note"]
    yield "<h2>Notes without evidence</h2>"
    yield _table("Look-alikes by kind", columns, rows)


def _changes(results: Mapping) -> Iterator[str]:
    """Show what changes with things that should not matter, and with what is highlighted."""
    if not results["invariance"]:
        return
    names = ("notes", "same_labels", "notes_with_findings", "same_labels_with_findings")
    rows = [
        (_words(change), *(row[name] for name in names))
        for change, row in results["invariance"].items()
    ]
    yield "<h2>Changes that should not matter</h2>"
    columns = ["change", "notes changed", "share with the same labels"]
    columns += ["of these with findings", "share with the same labels"]
    yield _table("Labels of changed notes", columns, rows)
    faithfulness = dict(results["faithfulness"])
    pairs = faithfulness.pop("pairs")
    yield "<h2>Faithfulness of highlights</h2><p>How far a label's score in a note falls without "
    yield "the highlighted words (comprehensiveness: more is better), and with nothing else "
    yield "(sufficiency: nearer 0 is better), beside as many words in a row anywhere in the note. "
    yield f"{pairs} pairs of note and label.</p>"
    rows = [(_words(name), value) for name, value in faithfulness.items()]
    yield _table("Fall of the score", ["", "mean fall"], rows)


def _shown(text: object) -> str:
    """Make anything safe to stand in a page."""
    return escape(str(text), quote=True)


def _words(name: str) -> str:
    """Write a key as words."""
    return name.replace("_", " ")


def _percent(share: float) -> str:
    """Write a share in per cent."""
    return f"{100 * share:g} %"


def _words_of_thresholds(results: Mapping, label: str) -> str:
    """List the thresholds of a label."""
    return ", ".join(f"{value:g}" for value in results["about"]["thresholds"][label])


def _number(value: object) -> str:
    """Write a figure, with its interval if it has one."""
    if isinstance(value, Mapping):
        interval = value["interval"]
        between = f" <small>[{interval[0]:.2f}, {interval[1]:.2f}]</small>" if interval else ""
        return f"{_number(value['value'])}{between}"
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else _shown(value)


def _table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Draw a table; the first cell of a row names it."""
    head = "".join(f'<th scope="col">{_shown(column)}</th>' for column in columns)
    body = []
    for first, *others in rows:
        cells = "".join(map(_cell, others))
        name = _shown(first) if isinstance(first, str) else _number(first)
        body.append(f'<tr><th scope="row">{name}</th>{cells}</tr>')
    return (
        f'<div class="scroll" tabindex="0"><table><caption>{_shown(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _cell(value: object) -> str:
    """Write a cell; figures stand to the right."""
    if isinstance(value, str):
        return f"<td>{_shown(value)}</td>"
    return f'<td class="number">{_number(value)}</td>'


def _curve_table(curves: Mapping[str, list]) -> str:
    """Give the points of precision-recall curves as a table."""
    recalls = next((points for points in curves.values() if points), [])
    columns = ["precision at recall", *(f"{recall:g}" for recall, _ in recalls)]
    rows = [(name, *(value for _, value in points)) for name, points in curves.items() if points]
    return _table("Points of the curves", columns, rows)


def _chart(
    title: str, x: str, y: str, lines: Sequence[Sequence[Sequence]], *, even: bool = False
) -> str:
    """Draw lines in a unit square as SVG."""
    marks = [f'<rect class="frame" x="{MARGIN}" y="8" width="{SIDE}" height="{SIDE}"/>']
    for tick in TICKS:
        across, down = _place(tick, 0), _place(0, tick)
        marks.append(
            f'<text x="{across[0]}" y="{across[1] + 16}" text-anchor="middle">{tick:g}</text>'
            f'<text x="{down[0] - 6}" y="{down[1] + 4}" text-anchor="end">{tick:g}</text>'
        )
    if even:
        marks.append(f'<polyline class="even" points="{_path([[0, 0], [1, 1]])}"/>')
    for number, points in enumerate(lines):
        known = [point for point in points if None not in point]
        look = "line second" if number else "line"
        marks.append(f'<polyline class="{look}" points="{_path(known)}"/>')
        if even:
            marks += [
                f'<circle class="dot" cx="{cx}" cy="{cy}" r="4"/>'
                for cx, cy in (_place(*point) for point in known)
            ]
    middle, bottom = MARGIN + SIDE / 2, SIDE + MARGIN
    marks.append(f'<text x="{middle:g}" y="{bottom}" text-anchor="middle">{_shown(x)}</text>')
    turned = f'x="{-(8 + SIDE / 2):g}" y="12" transform="rotate(-90)" text-anchor="middle"'
    marks.append(f"<text {turned}>{_shown(y)}</text>")
    size = f"0 0 {SIDE + MARGIN + 16} {SIDE + MARGIN + 8}"
    name = f"{title}: {y} against {x}; the figures are in the table below"
    return (
        f"<figure><figcaption>{_shown(title)}</figcaption>"
        f'<svg viewBox="{size}" role="img" aria-label="{_shown(name)}">{"".join(marks)}</svg>'
        "</figure>"
    )


def _place(x: float, y: float) -> tuple[float, float]:
    """Turn a point of the unit square into SVG units."""
    return round(MARGIN + SIDE * x, 1), round(8 + SIDE * (1 - y), 1)


def _path(points: Iterable[Sequence[float]]) -> str:
    """Write points for a polyline."""
    return " ".join(f"{x},{y}" for x, y in (_place(*point) for point in points))
