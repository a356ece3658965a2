"""The screen of models: cards side by side, curves, confusion between labels, and examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

import streamlit as st

from classifier.model_file import load_model
from review.charts import (
    NOTHING,
    draw_confusion,
    draw_curves,
    draw_reliability,
    say_confusion,
    say_curve,
    say_reliability,
)
from review.evaluations import (
    FIGURES_FILE,
    MANIFEST_FILE,
    PREDICTIONS_FILE,
    Confusion,
    Curve,
    Figure,
    Figures,
    Known,
    Reliability,
    is_shipped,
    look_into,
)
from review.pages.differences import get_found, show_differences
from review.pages.tables import show_table
from review.session import (
    find_in,
    get_folders,
    get_opened,
    get_reading,
    keep_opened,
    use_for_reading,
)
from training.confusion import count_confusion
from training.report import SUMMARY_WORDS

CARDS_IN_A_ROW = 3

ANY = "evidence of any kind"
"""Stands for all labels together where a curve is chosen."""

LABEL_COLUMNS = ("average_precision", "precision", "recall", "f1")

INTRODUCTION = (
    "What each model learnt from, how well its highlights agree with people's marks, and where "
    "they differ. No figure here says how often abuse took place or was missed."
)

NOT_MEASURED = """
No evaluation lies beside a model here, so there are no curves and no examples. To make one with
notes that you marked and the model has not seen, and to look at it here:
"""

CROSS_VALIDATE = "Without notes of your own, training itself can be measured; it takes long:"


def show() -> None:
    """Show the screen."""
    st.title("Models", anchor=False)
    st.markdown(INTRODUCTION)
    known = [one for folder in get_folders() if (one := _look(folder))]
    _show_cards(known)
    _show_uses()
    measured = {_name(one, known): one for one in known if one.figures}
    if not measured:
        _show_own_figures(known)
        _show_how_to_measure(known)
        return
    _show_limits(measured.values())
    _show_labels(measured)
    side = _choose_side(measured)
    _show_all_labels(side)
    found = get_found(side)
    _show_confusion(side, found.evidence if found else ())
    show_differences(side, found)


def _look(folder: Path) -> Known | None:
    """Read what a folder says, or say why it cannot be used."""
    files = (folder / name for name in (MANIFEST_FILE, FIGURES_FILE, PREDICTIONS_FILE))
    try:
        stamps = tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files)
        return _look_once(str(folder), stamps)
    except (OSError, ValueError) as error:
        st.error("This folder cannot be used.", icon=":material/error:")
        st.text(str(error))
        return None


@st.cache_resource(show_spinner=False)
def _look_once(folder: str, stamps: tuple[int, ...]) -> Known:
    """Read a folder again only if its files changed; it holds no words of notes."""
    return look_into(folder)


def _name(one: Known, known: Sequence[Known]) -> str:
    """Name a model so that no other here has the name."""
    same = [other for other in known if other.name == one.name]
    return one.name if len(same) == 1 else str(one.folder)


# Cards


def _show_cards(known: Sequence[Known]) -> None:
    """Show a card of each model, side by side."""
    with st.container(key="cards"):
        for first in range(0, len(known), CARDS_IN_A_ROW):
            row = known[first : first + CARDS_IN_A_ROW]
            for column, one in zip(st.columns(len(row), gap="medium"), row, strict=True):
                with column, st.container(border=True, key=f"card_{known.index(one)}"):
                    _show_card(one, known)


def _show_card(one: Known, known: Sequence[Known]) -> None:
    """Show what a model is, what it learnt from and its figures."""
    st.html(f"<h2>{escape(one.name)}</h2>")
    _show_use(one, known.index(one))
    facts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(words)}</dd></div>"
        for name, words in _facts(one).items()
    )
    st.html(f'<dl class="facts">{facts}</dl>')
    for fault in one.faults:
        st.warning("Part of this folder is not shown.", icon=":material/warning:")
        st.text(fault)
    summary = one.figures.summary if one.figures else one.own.summary if one.own else {}
    if not summary:
        st.markdown("**Not measured.** Nothing is known of how well it does.")
        return
    rows = [(SUMMARY_WORDS.get(name, name), _figure(figure)) for name, figure in summary.items()]
    show_table("Figures from 0 to 1; in brackets 95 % of the draws", ["", "figure"], rows)
    st.html(f"<p><small>{escape(_say_measured(one))}</small></p>")


def _show_use(one: Known, at: int) -> None:
    """Say whether a model reads the notes, or offer that it should."""
    if one.manifest is None:
        st.markdown("Figures only; the model itself is not in this folder.")
    elif one.folder == get_reading():
        st.markdown(":material/check: **Reads the notes in this session.**")
    elif st.button("Read notes with this model", key=f"use_{at}"):
        _read_with(one.folder)


def _read_with(folder: Path) -> None:
    """Let a model read the notes, also those that are open."""
    try:
        with st.spinner("Loading the model …"):
            load_model(folder)
    except (FileNotFoundError, ValueError) as error:
        st.error("This model could not be loaded.", icon=":material/error:")
        st.text(str(error))
        return
    use_for_reading(folder)
    opened = get_opened()
    if opened:
        notes = [result.note for result in opened.results]
        bar = st.progress(0.0, f"Reading {len(notes)} notes again …")
        results = find_in(notes, on_progress=lambda done: bar.progress(done / len(notes)))
        keep_opened(replace(opened, results=results))
    st.rerun()


def _facts(one: Known) -> dict[str, str]:
    """List what a model says of itself."""
    facts = {"Folder": str(one.folder)} if not is_shipped(one.folder) else {}
    if one.manifest is None:
        return facts
    data, versions = one.manifest.data, one.manifest.versions
    groups = data.get("groups")
    n_groups = len(groups) if isinstance(groups, Mapping) else groups
    learnt = (
        f"{_count(data.get('notes'))} whole notes and {_count(data.get('sentences'))} single "
        f"sentences of {_count(n_groups)} author groups, with {_count(data.get('marks'))} marks"
    )
    facts["Learnt from"] = learnt if data else "not said"
    if is_shipped(one.folder):
        facts["Learnt from"] += ". Every note is invented"
    values = one.manifest.thresholds.values()
    facts["Labels"] = f"{len(one.labels.ids)}, each with its own threshold"
    if values:
        facts["Labels"] += f", from {min(values):g} to {max(values):g}"
    facts["Made with"] = ", ".join(f"{name} {number}" for name, number in versions.items())
    facts["Made with"] = facts["Made with"] or "not said"
    facts["Seed"] = str(one.manifest.seed)
    facts["Digest of weights"] = one.manifest.sha256.get("weights.npz", "not said")[:16]
    return facts


def _count(value: object) -> str:
    """Write a number that a manifest gives, or that it gives none."""
    return f"{value:,}" if isinstance(value, int) else "an unknown number of"


def _say_measured(one: Known) -> str:
    """Say what figures were measured on."""
    if one.figures:
        about = one.figures.about
        return (
            f"Measured on {about.measured_on}: {about.notes:,} notes of {about.groups} author "
            f"groups, {about.with_evidence:,} of them with affirmed evidence."
        )
    return (
        f"From training, on {one.own.notes:,} {one.own.measured_on}; so the F1 flatters a little."
    )


def _show_uses() -> None:
    """Say what models of Unheard are for and what not."""
    from training.card import INTENDED_USE, NOT_FOR

    use, never = st.columns([2, 3], gap="large")
    with use:
        st.header("Intended use", anchor=False)
        st.markdown(INTENDED_USE)
    with never:
        st.header("Not for", anchor=False)
        st.markdown("\n".join(f"- {words}" for words in NOT_FOR))


# Without an evaluation


def _show_own_figures(known: Sequence[Known]) -> None:
    """Show what manifests know of each label."""
    for one in known:
        if not one.own or not one.own.labels:
            continue
        st.header("Figures of each label", anchor=False)
        rows = [
            (one.labels[id].title, _whole(row.get("notes")), *(row.get(c) for c in LABEL_COLUMNS))
            for id, row in one.own.labels.items()
            if id in one.labels.ids
        ]
        columns = ["label", "notes", *(name.replace("_", " ") for name in LABEL_COLUMNS)]
        show_table(f"{one.name}: notes that hold the label, and figures over notes", columns, rows)


def _whole(value: float | None) -> int | None:
    """Give a count of notes back as a whole number."""
    return None if value is None else int(value)


def _show_how_to_measure(known: Sequence[Known]) -> None:
    """Say how to make an evaluation."""
    st.header("Curves, confusion and examples", anchor=False)
    st.markdown(NOT_MEASURED)
    own = next((str(one.folder) for one in known if not is_shipped(one.folder)), "models/mine")
    st.code(
        f"unheard evaluate --data unseen.jsonl --model {own} --out evaluation\n"
        f"unheard app --model {own} --model evaluation",
        language=None,
    )
    st.markdown(CROSS_VALIDATE)
    st.code(
        "unheard evaluate --cross-validate --out evaluation\nunheard app --model evaluation",
        language=None,
    )


# With one


def _show_limits(measured: Iterable[Known]) -> None:
    """Say what figures do not show."""
    limits = dict.fromkeys(words for one in measured for words in one.figures.limits)
    with st.container(border=True, key="limits"):
        st.header("What the figures do not show", anchor=False)
        items = "".join(f"<li>{escape(words)}</li>" for words in limits)
        st.html(f"<ul>{items}</ul>")


def _show_labels(measured: Mapping[str, Known]) -> None:
    """Show curves of one label, of all models that were measured."""
    st.header("Curves of a label", anchor=False)
    titles = {
        id: one.labels[id].title
        for one in measured.values()
        for id in one.figures.labels
        if id in one.labels.ids
    }
    id = st.selectbox(
        "Label",
        [ANY, *titles],
        format_func=lambda id: titles.get(id, "All labels together"),
        key="shown_label",
    )
    curves = {name: _curve(one.figures, id) for name, one in measured.items()}
    parts = {name: _reliability(one.figures, id) for name, one in measured.items()}
    left, right = st.columns(2, gap="large")
    with left:
        _show_curves(measured, id, {name: curve for name, curve in curves.items() if curve})
    with right:
        _show_reliability({name: part for name, part in parts.items() if part})


def _curve(figures: Figures, id: str) -> Curve:
    """Give the curve of a label, or of evidence of any kind."""
    return figures.curves.any_evidence if id == ANY else figures.curves.labels.get(id, ())


def _reliability(figures: Figures, id: str) -> Reliability | None:
    """Give scores and marks of a label, or of all."""
    calibration = figures.calibration
    return calibration.may_be_shown if id == ANY else calibration.labels.get(id)


def _show_curves(measured: Mapping[str, Known], id: str, curves: Mapping[str, Curve]) -> None:
    """Show precision and recall as chart, words and table."""
    st.subheader("Precision and recall", anchor=False)
    st.caption("Over notes, from a high threshold to a low one.")
    if not curves:
        st.markdown("No note holds this label, so there is no curve.")
        return
    st.altair_chart(draw_curves(curves, theme=_theme()), width="stretch")
    for name, points in curves.items():
        figures = measured[name].figures
        if id == ANY:
            average = figures.any_evidence.average_precision
        else:
            average = figures.labels[id].average_precision
        _say(name, say_curve(points, average), many=len(measured) > 1)
    with st.expander("Precision and recall as a table"):
        recalls = list(dict.fromkeys(recall for points in curves.values() for recall, _ in points))
        tables = {name: dict(points) for name, points in curves.items()}
        rows = [(f"{r:g}", *(table.get(r) for table in tables.values())) for r in recalls]
        show_table("Precision at each recall", ["recall", *tables], rows)


def _show_reliability(parts: Mapping[str, Reliability]) -> None:
    """Show scores and marks as chart, words and table."""
    st.subheader("Do scores mean what they say?", anchor=False)
    st.caption("Of phrases with a score of .3, people should have marked three in ten.")
    drawn = {name: part for name, part in parts.items() if part.bins}
    if drawn:
        st.altair_chart(draw_reliability(drawn, theme=_theme()), width="stretch")
    for name, part in parts.items():
        _say(name, say_reliability(part), many=len(parts) > 1)
    if drawn:
        with st.expander("Scores and marks as a table"):
            for name, part in drawn.items():
                rows = [(f"{one.score:.3f}", one.share, one.n) for one in part.bins]
                columns = ["mean score", "share marked", "phrases"]
                show_table(f"{name}: phrases by score", columns, rows)


def _theme() -> str:
    """Say whether the page is light or dark."""
    return st.context.theme.type or "light"


def _say(name: str, words: str, *, many: bool) -> None:
    """Say in words what a chart shows; the name may not be ours."""
    st.text(f"{name}: {words}" if many else words)


def _choose_side(measured: Mapping[str, Known]) -> Known:
    """Let a person choose whose figures the rest of the screen is about."""
    names = list(measured)
    if len(names) == 1:
        return measured[names[0]]
    st.header("One model closely", anchor=False)
    if st.session_state.get("side") not in names:
        st.session_state["side"] = names[0]
    return measured[st.selectbox("Figures of", names, key="side")]


def _show_all_labels(side: Known) -> None:
    """Show figures of all labels and of notes without evidence, as tables."""
    st.header("All labels", anchor=False)
    rows = [
        (
            side.labels[id].title,
            row.notes,
            *(_figure(getattr(row, name)) for name in LABEL_COLUMNS),
        )
        for id, row in side.figures.labels.items()
        if id in side.labels.ids
    ]
    columns = ["label", "notes", *(name.replace("_", " ") for name in LABEL_COLUMNS)]
    with st.expander("Figures of each label, with intervals"):
        show_table("Notes that hold the label, and figures over notes", columns, rows)
    with st.expander("Reading in order, in these notes and where evidence is rare"):
        _show_queue(side.figures)
    with st.expander("Notes without evidence, by kind of look-alike"):
        rows = [
            (
                kind.replace("_", " "),
                row.notes,
                _figure(row.without_finding),
                _figure(row.findings_per_note),
            )
            for kind, row in side.figures.look_alikes.items()
        ]
        columns = ["kind of note", "notes", "share with nothing affirmed", "findings per note"]
        show_table("Notes in which people marked nothing as affirmed", columns, rows)


def _show_queue(figures: Figures) -> None:
    """Show what a reader in the tool's order meets."""
    sides = [one for one in (figures.any_evidence, figures.at_prevalence) if one]
    names = ["in these notes"]
    names += [f"if {100 * one.prevalence:g} % hold evidence" for one in sides if one.prevalence]
    rows = [
        (
            f"precision among the first {100 * budget.share_read:g} % read",
            *(_figure(one.precision_at[at]) for one in sides),
        )
        for at, budget in enumerate(sides[0].precision_at)
    ]
    reach = (
        f"share to read to meet {100 * sides[0].share_to_read.recall:g} % of those with evidence"
    )
    rows.append((reach, *(_figure(one.share_to_read) for one in sides)))
    for name in ("precision", "recall"):
        words = f"{name} of notes with a highlight"
        rows.append((words, *(_figure(getattr(one, name)) for one in sides)))
    show_table("Notes in the order that the tool proposes", ["", *names], rows)


def _figure(figure: Figure) -> dict[str, object]:
    """Give a figure as tables take it."""
    return figure.model_dump(include={"value", "interval"})


def _show_confusion(side: Known, found: Sequence) -> None:
    """Show what is highlighted where people marked."""
    st.header("Confusion between labels", anchor=False)
    confusion = side.figures.confusion
    if confusion is None and found:
        confusion = Confusion.model_validate(count_confusion(found, side.labels.ids))
    if confusion is None:
        st.markdown(
            "This evaluation does not say. Make it again, or open the notes it was made on below."
        )
        return
    st.markdown(
        "Phrase by phrase: what the tool shows where people marked affirmed evidence. A mark may "
        "be shown as several labels. The label's own cell has a frame."
    )
    st.altair_chart(draw_confusion(confusion, side.labels, theme=_theme()), width="stretch")
    if often := say_confusion(confusion, side.labels):
        items = "".join(f"<li>{escape(words)}</li>" for words in often)
        st.html(f"<p><strong>Most often taken for another label</strong></p><ul>{items}</ul>")
    with st.expander("Confusion as a table"):
        _show_confusion_table(confusion, side)


def _show_confusion_table(confusion: Confusion, side: Known) -> None:
    """Show all counts, and the findings that meet no mark."""
    shown = [id for id in side.labels.ids if id in confusion.not_marked]
    rows = [
        (
            side.labels[id].title,
            row.marks,
            *(row.shown_as.get(other, 0) for other in shown),
            row.nothing,
        )
        for id in side.labels.ids
        if (row := confusion.labels.get(id))
    ]
    rows.append(("nothing marked there", "", *(confusion.not_marked[id] for id in shown), ""))
    columns = ["marked as", "marks", *(side.labels[id].cue for id in shown), NOTHING]
    show_table("Marks by label (rows) and what they are shown as (columns)", columns, rows)
    legend = "; ".join(f"{side.labels[id].cue} {side.labels[id].title}" for id in shown)
    st.text(legend)
