"""A chart of a case: indicators by date, told apart by shape and letter as well as colour."""

from __future__ import annotations

import altair as alt

from classifier.labels import LabelSet
from review.case_words import STATE_LETTERS, say_days, say_facts
from review.charts import COLOURS, LETTERS
from review.dates import read_date
from review.timelines import (
    CONFIRMED,
    DISMISSED,
    HIGHLIGHTED,
    STATE_WORDS,
    STATES,
    Case,
    indicator_states,
    say_date,
)

CALLS = "Calls"
"""The first row of the chart, in which every dated call has its number."""

ROW = 30
"""Height of a row in pixels."""

LOOKS = {
    CONFIRMED: ("circle", COLOURS[0]),
    HIGHLIGHTED: ("square", COLOURS[1]),
    DISMISSED: ("diamond", "#7d868b"),
}
"""Shape and colour of each state."""

CHART_WORDS = (
    "Indicators by the date of the call: circles with C are confirmed by a reader, squares with H "
    "highlighted only, diamonds with D dismissed. The same is in the table below."
)


def draw_timeline(case: Case, labels: LabelSet, *, theme: str) -> alt.LayerChart:
    """Draw the indicators of a case by date.

    Parameters
    ----------
    case : Case
        Calls without a date are left out.
    labels : LabelSet
        Titles.
    theme : str
        ``"light"`` or ``"dark"``.

    Returns
    -------
    altair.LayerChart
        With a description for those who cannot see it.
    """
    calls, marks = _rows(case, labels)
    letters = LETTERS.get(theme, LETTERS["light"])
    titles = list(dict.fromkeys([CALLS, *(row["row"] for row in marks)]))
    x = alt.X("at:T", title=None).axis(
        labelColor=letters, grid=False, format="%d %b %Y", labelOverlap="greedy", tickCount=6
    )
    y = alt.Y("row:N", sort=titles, scale=alt.Scale(domain=titles), title=None).axis(
        labelColor=letters, labelLimit=220, ticks=False, domain=False, grid=True, gridOpacity=0.35
    )
    tooltip = [alt.Tooltip(f"{name}:N", title=title) for name, title in TOOLTIP.items()]
    numbers = (
        alt.Chart(alt.Data(values=calls))
        .mark_text(color=letters, fontWeight="bold", fontSize=13, aria=False)
        .encode(x=x, y=y, text="number:N", tooltip=tooltip)
    )
    base = alt.Chart(alt.Data(values=marks)).encode(
        x=x, y=y, tooltip=[alt.Tooltip("state:N", title="Indicator"), *tooltip]
    )
    shapes, colours = zip(*LOOKS.values(), strict=True)
    said = [STATE_WORDS[state] for state in STATES]
    legend = alt.Legend(title=None, orient="top", columns=1, labelLimit=340, labelColor=letters)
    points = base.mark_point(size=330, filled=True, fillOpacity=0.3, strokeWidth=2, aria=False)
    points = points.encode(
        shape=alt.Shape("state:N", scale=alt.Scale(domain=said, range=shapes), legend=legend),
        color=alt.Color("state:N", scale=alt.Scale(domain=said, range=colours), legend=legend),
        stroke=alt.Stroke("state:N", scale=alt.Scale(domain=said, range=colours), legend=None),
    )
    cues = base.mark_text(color=letters, fontWeight="bold", fontSize=11, aria=False).encode(
        text="letter:N"
    )
    return (numbers + points + cues).properties(description=CHART_WORDS, height=alt.Step(ROW))


TOOLTIP = {
    "name": "Note",
    "when": "Received",
    "since": "Days since",
    "grade": "Grade",
    "closing": "Closed as",
}
"""What is said of a call when it is pointed at."""


def _rows(case: Case, labels: LabelSet) -> tuple[list[dict], list[dict]]:
    """Give a row for each dated call, and one for each indicator in it."""
    calls, marks = [], []
    for number, call in enumerate(case.calls, 1):
        day = read_date(call.received)
        if day is None:
            continue
        _, grade, _, _, closing = say_facts(call)
        since = say_days(call.days_since_previous)
        shown = {"at": day.isoformat(), "name": call.name, "when": say_date(call.received)}
        shown |= {"since": since, "grade": grade, "closing": closing}
        calls.append({**shown, "row": CALLS, "number": str(number)})
        for label, state in indicator_states(call).items():
            one = {"row": labels[label].title, "letter": STATE_LETTERS[state]}
            marks.append({**shown, **one, "state": STATE_WORDS[state]})
    return calls, marks
