"""Charts of figures, and the same in words for those who cannot see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from classifier.labels import LabelSet
from review.evaluations import Confusion, Figure, Reliability

COLOURS = ("#2386a3", "#b3641a", "#8a63c9", "#6f7f2b")
DASHES = ([1, 0], [7, 4], [2, 3], [9, 3, 2, 3])
SHAPES = ("circle", "square", "triangle-up", "diamond")
"""Of each model: at least 3 to 1 against either ground, and never told apart by colour alone."""

LETTERS = {"light": "#1d2529", "dark": "#e8ecee"}
"""Of words and numbers in charts, which Streamlit colours too faintly or not at all."""

SIDE, CELL = 380, 26
"""Height of a chart of curves and of a row of cells, in pixels."""

NOTHING = "nothing"
"""What a mark is shown as that meets no finding."""


def draw_curves(
    curves: Mapping[str, Sequence[tuple[float, float | None]]], *, theme: str
) -> alt.Chart:
    """Draw precision at growing recall.

    Parameters
    ----------
    curves : mapping of str to sequence of (recall, precision)
        For each model by name.
    theme : str
        ``"light"`` or ``"dark"``.

    Returns
    -------
    altair.Chart
        One line for each, also told apart by dashes and points.
    """
    rows = [
        {"model": name, "x": recall, "y": precision}
        for name, points in curves.items()
        for recall, precision in points
        if precision is not None
    ]
    words = "Precision at growing recall; the figures are in the table and in words below."
    return _draw_lines(rows, list(curves), ("Recall", "Precision"), theme, words)


def draw_reliability(parts: Mapping[str, Reliability], *, theme: str) -> alt.LayerChart:
    """Draw scores beside the share of phrases that people marked.

    Parameters
    ----------
    parts : mapping of str to Reliability
        For each model by name.
    theme : str
        ``"light"`` or ``"dark"``.

    Returns
    -------
    altair.LayerChart
        With a dotted line where both are the same.
    """
    rows = [
        {"model": name, "x": one.score, "y": one.share, "phrases": one.n}
        for name, part in parts.items()
        for one in part.bins
    ]
    words = "Share of phrases marked by people, by score; the figures are in the table below."
    titles = ("Mean score", "Share marked")
    x, y = _axes(titles, theme)
    even = (
        alt.Chart(alt.Data(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}]))
        .mark_line(strokeDash=[2, 4], color="#7d868b", strokeWidth=1.5, aria=False)
        .encode(x=x, y=y)
    )
    lines = _draw_lines(rows, list(parts), titles, theme, words)
    return (even + lines).properties(description=words, height=SIDE)


def _axes(titles: tuple[str, str], theme: str) -> tuple[alt.X, alt.Y]:
    """Give both axes of a unit square."""
    unit = alt.Scale(domain=[0, 1], nice=False)
    letters = LETTERS.get(theme, LETTERS["light"])
    colours = {"labelColor": letters, "titleColor": letters}
    ticks = alt.Axis(values=[0, 0.2, 0.4, 0.6, 0.8, 1], format=".1f", **colours)
    return (
        alt.X("x:Q", title=titles[0], scale=unit, axis=ticks),
        alt.Y("y:Q", title=titles[1], scale=unit, axis=ticks),
    )


def _draw_lines(
    rows: list[dict[str, object]],
    names: list[str],
    titles: tuple[str, str],
    theme: str,
    words: str,
) -> alt.Chart:
    """Draw lines with points in a unit square."""
    n = len(names)
    x, y = _axes(titles, theme)
    letters = LETTERS.get(theme, LETTERS["light"])
    legend = alt.Legend(orient="top", columns=1, labelLimit=320, title=None, labelColor=letters)
    legend = legend if n > 1 else None
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_line(point=alt.OverlayMarkDef(size=46, aria=False), strokeWidth=2, aria=False)
        .encode(
            x=x,
            y=y,
            order="x:Q",
            color=alt.Color(
                "model:N", scale=alt.Scale(domain=names, range=_for(COLOURS, n)), legend=legend
            ),
            strokeDash=alt.StrokeDash(
                "model:N", scale=alt.Scale(domain=names, range=_for(DASHES, n)), legend=None
            ),
            shape=alt.Shape(
                "model:N", scale=alt.Scale(domain=names, range=_for(SHAPES, n)), legend=legend
            ),
            tooltip=[
                alt.Tooltip("model:N", title="Model"),
                alt.Tooltip("x:Q", title=titles[0], format=".2f"),
                alt.Tooltip("y:Q", title=titles[1], format=".2f"),
            ],
        )
        .properties(description=words, height=SIDE)
    )


def _for(looks: Sequence, n: int) -> list:
    """Give a look to each of n models; they repeat if there are many."""
    return [looks[at % len(looks)] for at in range(n)]


def draw_confusion(confusion: Confusion, labels: LabelSet, *, theme: str) -> alt.LayerChart:
    """Draw what is shown where people marked, as cells with numbers.

    Parameters
    ----------
    confusion : Confusion
        Counts.
    labels : LabelSet
        Titles and cues.
    theme : str
        ``"light"`` or ``"dark"``.

    Returns
    -------
    altair.LayerChart
        Cells are darker the larger the share of the row; the label's own cell has a frame.
    """
    shown_ids = [id for id in labels.ids if id in confusion.not_marked]
    rows = [
        {
            "marked": labels[id].title,
            "shown": labels[other].cue if other else NOTHING,
            "as": labels[other].title if other else NOTHING,
            "n": count,
            "share": count / max(1, row.marks),
            "own": id == other,
        }
        for id in labels.ids
        if (row := confusion.labels.get(id))
        for other, count in (*((o, row.shown_as.get(o, 0)) for o in shown_ids), (None, row.nothing))
        if count or id == other
    ]
    marked = [labels[id].title for id in labels.ids if id in confusion.labels]
    columns = [*(labels[id].cue for id in shown_ids), NOTHING]
    words = (
        "How many marks of each label (rows) are shown as each label (columns); "
        "the figures are in the table below."
    )
    letters = LETTERS.get(theme, LETTERS["light"])
    look = {"ticks": False, "domain": False, "labelColor": letters, "titleColor": letters}
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("shown:N", sort=columns, scale=alt.Scale(domain=columns), title="Shown as").axis(
            orient="top", labelAngle=-60, **look
        ),
        y=alt.Y("marked:N", sort=marked, scale=alt.Scale(domain=marked), title="Marked as").axis(
            labelLimit=220, **look
        ),
        tooltip=[
            alt.Tooltip("marked:N", title="Marked as"),
            alt.Tooltip("as:N", title="Shown as"),
            alt.Tooltip("n:Q", title="Marks"),
            alt.Tooltip("share:Q", title="Share of the marks", format=".0%"),
        ],
    )
    opacity = alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.06, 0.6]), legend=None)
    cells = base.mark_rect(color=COLOURS[0], aria=False).encode(opacity=opacity)
    frames = base.transform_filter("datum.own").mark_rect(
        filled=False, aria=False, stroke=letters, strokeWidth=1.5
    )
    numbers = base.mark_text(color=letters, fontSize=12, aria=False).encode(text="n:Q")
    return (cells + frames + numbers).properties(description=words, height=alt.Step(CELL))


def say_curve(points: Sequence[tuple[float, float | None]], average: Figure | None) -> str:
    """Say in words what a curve of precision and recall shows.

    Parameters
    ----------
    points : sequence of (recall, precision)
        In the order of recall.
    average : Figure or None
        Average precision.

    Returns
    -------
    str
        One or two sentences.

    Examples
    --------
    >>> say_curve([(0.5, 0.8), (1.0, 0.2)], Figure(value=0.6))
    'Average precision 0.600. Precision is 0.80 at recall 0.5, 0.20 at recall 1.'
    """
    known = {recall: precision for recall, precision in points if precision is not None}
    asked = [recall for recall in (0.25, 0.5, 0.75, 1.0) if recall in known]
    parts = ", ".join(f"{known[recall]:.2f} at recall {recall:g}" for recall in asked)
    said = [f"Average precision {say_figure(average)}."] if average else []
    said.append(
        f"Precision is {parts}." if parts else "There is no curve: no note holds the label."
    )
    return " ".join(said)


def say_reliability(part: Reliability) -> str:
    """Say in words how scores and marks agree.

    Parameters
    ----------
    part : Reliability
        Of one label, or of all.

    Returns
    -------
    str
        One or two sentences.

    Examples
    --------
    >>> say_reliability(Reliability(n=9, ece=0.1, bins=[{"n": 9, "score": 0.6, "share": 0.5}]))
    'Mean gap 0.100 over 9 phrases. People marked 50 % of those with scores near 0.60.'
    """
    if part.ece is None:
        return "No phrase may be shown as this label."
    said = f"Mean gap {part.ece:.3f} over {part.n:,} phrases."
    if not part.bins:
        return f"{said} This evaluation keeps no curve of each label; make it again to see one."
    first, last = part.bins[0], part.bins[-1]
    said += f" People marked {100 * first.share:.0f} % of those with scores near {first.score:.2f}"
    if last is not first:
        said += f" and {100 * last.share:.0f} % of those near {last.score:.2f}"
    return f"{said}."


def say_figure(figure: Figure) -> str:
    """Write a figure with its interval.

    Parameters
    ----------
    figure : Figure
        Any.

    Returns
    -------
    str
        A dash if it is not known.

    Examples
    --------
    >>> say_figure(Figure(value=0.4924, interval=(0.475, 0.509)))
    '0.492 (95 % interval 0.475 to 0.509)'
    """
    if figure.value is None:
        return "–"
    if figure.interval is None:
        return f"{figure.value:.3f}"
    low, high = figure.interval
    return f"{figure.value:.3f} (95 % interval {low:.3f} to {high:.3f})"


def say_confusion(confusion: Confusion, labels: LabelSet, most: int = 5) -> list[str]:
    """Name the labels that are most often shown where people marked another.

    Parameters
    ----------
    confusion : Confusion
        Counts.
    labels : LabelSet
        Titles.
    most : int
        How many to name.

    Returns
    -------
    list of str
        Most often first.
    """
    pairs = [
        (count, row.marks, labels[id].title, labels[other].title)
        for id, row in confusion.labels.items()
        for other, count in row.shown_as.items()
        if other != id and count
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[2:]))
    return [
        f"{marked}, shown as {shown}: {count} of {marks} marks"
        for count, marks, marked, shown in pairs[:most]
    ]
