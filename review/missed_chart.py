"""What was missed, as a chart, and the same in words for those who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt

from review.charts import COLOURS, LETTERS
from review.missed import BYS, WHATS, Missed
from review.small_counts import Rate

ROW = 26
"""Height of a bar, in pixels."""


def draw_missed(groups: Mapping[str, Rate], found: Missed, *, theme: str) -> alt.LayerChart:
    """Draw shares with their intervals, or counts beside those of all with evidence.

    Parameters
    ----------
    groups : mapping of str to Rate
        By title; groups that are not shown are left out.
    found : Missed
        Says which of the two.
    theme : str
        ``"light"`` or ``"dark"``.

    Returns
    -------
    altair.LayerChart
        Bars lie, so that names can be read.
    """
    letters = LETTERS.get(theme, LETTERS["light"])
    rows = [
        {
            "group": name,
            "hits": one.hits,
            "n": one.n,
            "share": one.share,
            "low": one.low,
            "high": one.high,
        }
        for name, one in groups.items()
        if not one.suppressed
    ]
    look = {"labelColor": letters, "titleColor": letters}
    order = [row["group"] for row in rows]
    y = alt.Y("group:N", sort=order, title=None, axis=alt.Axis(labelLimit=260, **look))
    base = alt.Chart(alt.Data(values=rows))
    tooltip = [
        alt.Tooltip("group:N", title=BYS[found.by]),
        alt.Tooltip("hits:Q", title=WHATS[found.what]),
        alt.Tooltip("n:Q", title="with evidence"),
    ]
    if found.is_sample:
        axis = alt.Axis(format="%", **look)
        x = alt.X("share:Q", title="Share", scale=alt.Scale(domain=[0, 1]), axis=axis)
        points = base.mark_point(filled=True, size=80, color=COLOURS[0], aria=False)
        spans = base.mark_rule(strokeWidth=2, color=letters, aria=False)
        layers = spans.encode(y=y, x=alt.X("low:Q", axis=axis, title="Share"), x2="high:Q")
        layers += points.encode(y=y, x=x, tooltip=tooltip)
    else:
        whole = alt.Axis(tickMinStep=1, format="d", **look)
        x = alt.X("n:Q", title="Notes read, with confirmed evidence (outline)", axis=whole)
        all_bars = base.mark_bar(filled=False, stroke=letters, strokeWidth=1.5, aria=False)
        bars = base.mark_bar(color=COLOURS[0], aria=False)
        layers = bars.encode(y=y, x=alt.X("hits:Q", axis=whole), tooltip=tooltip)
        layers += all_bars.encode(y=y, x=x, tooltip=tooltip)
    words = f"Notes with confirmed evidence, {WHATS[found.what]}, by {BYS[found.by].lower()}; "
    words += "the figures are in words and in the table below."
    return layers.properties(description=words, height=alt.Step(ROW))


def say_missed(groups: Mapping[str, Rate], found: Missed, most: int = 3) -> str:
    """Say in words what a chart shows.

    Parameters
    ----------
    groups : mapping of str to Rate
        By title.
    found : Missed
        With the figures of all.
    most : int
        How many groups to name.

    Returns
    -------
    str
        Two or three sentences.
    """
    one, words = found.of_all, WHATS[found.what]
    if one.suppressed:
        said = ["The count of all together is too small to be shown, or would give one away."]
    elif found.is_sample and one.share is not None:
        said = [
            f"Of {one.n:,} drawn notes with confirmed evidence, {words}: {one.hits:,}, "
            f"{one.share:.1%} (95 % interval {one.low:.1%} to {one.high:.1%})."
        ]
    else:
        said = [f"Of {one.n:,} notes read with confirmed evidence, {words}: {one.hits:,}."]
    shown = [(name, rate) for name, rate in groups.items() if not rate.suppressed and rate.hits]
    shown.sort(key=lambda pair: (-pair[1].hits, pair[0]))
    if shown:
        parts = "; ".join(f"{name}: {rate.hits:,} of {rate.n:,}" for name, rate in shown[:most])
        said.append(f"Most in number: {parts}.")
    if hidden := sum(rate.suppressed for rate in groups.values()):
        holds = "row holds" if hidden == 1 else "rows hold"
        said.append(f"{hidden} {holds} a count that is not shown (of {len(groups)}).")
    return " ".join(said)
