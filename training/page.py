"""Tables and charts of figures as HTML and inline SVG that need nothing from outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

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
td.number, th.number { text-align: end; font-variant-numeric: tabular-nums; }
small { color: var(--soft); }
summary { cursor: pointer; margin: .5rem 0; }
"""


def open_page(title: str) -> Iterator[str]:
    """Open a page; it runs nothing and asks for nothing from outside.

    Parameters
    ----------
    title : str
        Its name.

    Yields
    ------
    str
        Lines up to the opened body.
    """
    yield '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{safe(title)} – Unheard</title>"
    yield f"<style>{STYLE_FILE.read_text(encoding='utf-8')}{STYLE}</style>\n</head>\n<body>"


def safe(text: object) -> str:
    """Make anything safe to stand in a page.

    Parameters
    ----------
    text : object
        Anything.

    Returns
    -------
    str
        For HTML.
    """
    return escape(str(text), quote=True)


def words_of(name: str) -> str:
    """Write a key as words.

    Parameters
    ----------
    name : str
        As in the figures.

    Returns
    -------
    str
        Without underscores.
    """
    return name.replace("_", " ")


def percent(share: float) -> str:
    """Write a share in per cent.

    Parameters
    ----------
    share : float
        In [0, 1].

    Returns
    -------
    str
        Such as ``1 %``.
    """
    return f"{100 * share:g} %"


def number(value: object) -> str:
    """Write a figure, with its interval if it has one.

    Parameters
    ----------
    value : object
        A number, a figure with its interval, a text or nothing.

    Returns
    -------
    str
        HTML.
    """
    if isinstance(value, Mapping):
        interval = value["interval"]
        between = f" <small>[{interval[0]:.2f}, {interval[1]:.2f}]</small>" if interval else ""
        return f"{number(value['value'])}{between}"
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else safe(value)


def draw_table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Draw a table; the first cell of a row names it.

    A column in which any cell is no text is one of figures, and stands to the right.

    Parameters
    ----------
    caption : str
        What it shows.
    columns : sequence of str
        Heads.
    rows : iterable of sequence
        Figures, numbers or texts.

    Returns
    -------
    str
        HTML.
    """
    rows = [list(row) for row in rows]
    kinds = [
        at > 0 and any(not isinstance(row[at], str) for row in rows) for at in range(len(columns))
    ]
    head = "".join(
        f'<th scope="col"{_look(kind)}>{safe(name)}</th>' if name else "<td></td>"
        for name, kind in zip(columns, kinds, strict=True)
    )
    body = []
    for first, *others in rows:
        cells = "".join(
            f"<td{_look(kind)}>{_write(cell)}</td>"
            for cell, kind in zip(others, kinds[1:], strict=True)
        )
        body.append(f'<tr><th scope="row">{_write(first)}</th>{cells}</tr>')
    return (
        f'<div class="scroll" tabindex="0"><table><caption>{safe(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _look(is_figures: bool) -> str:
    """Let columns of figures stand to the right."""
    return ' class="number"' if is_figures else ""


def _write(value: object) -> str:
    """Write a cell."""
    return safe(value) if isinstance(value, str) else number(value)


def draw_chart(
    title: str, x: str, y: str, lines: Sequence[Sequence[Sequence]], *, even: bool = False
) -> str:
    """Draw lines in a unit square as SVG.

    Parameters
    ----------
    title, x, y : str
        Names of the chart and its axes.
    lines : sequence of sequence of (float, float)
        Points in the unit square; the first line is whole, others are broken.
    even : bool
        Whether points are dotted and the diagonal is drawn.

    Returns
    -------
    str
        HTML with inline SVG.
    """
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
    marks.append(f'<text x="{middle:g}" y="{bottom}" text-anchor="middle">{safe(x)}</text>')
    turned = f'x="{-(8 + SIDE / 2):g}" y="12" transform="rotate(-90)" text-anchor="middle"'
    marks.append(f"<text {turned}>{safe(y)}</text>")
    size = f"0 0 {SIDE + MARGIN + 16} {SIDE + MARGIN + 8}"
    name = f"{title}: {y} against {x}; the figures are in the table below"
    return (
        f"<figure><figcaption>{safe(title)}</figcaption>"
        f'<svg viewBox="{size}" role="img" aria-label="{safe(name)}">{"".join(marks)}</svg>'
        "</figure>"
    )


def _place(x: float, y: float) -> tuple[float, float]:
    """Turn a point of the unit square into SVG units."""
    return round(MARGIN + SIDE * x, 1), round(8 + SIDE * (1 - y), 1)


def _path(points: Iterable[Sequence[float]]) -> str:
    """Write points for a polyline."""
    return " ".join(f"{x},{y}" for x, y in (_place(*point) for point in points))
