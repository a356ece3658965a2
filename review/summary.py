"""A case summary for a supervisor: one page of times and phrases, for paper; nothing is scored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from html import escape
from pathlib import Path

from classifier.labels import LabelSet
from classifier.note import Mark
from classifier.wording import CONTEXT_WORDS, WHAT_IT_DOES_NOT_DO
from classifier.writing.report import POLICY
from review.also_noted import KINDS
from review.case_words import (
    PLAIN_WORDS,
    STATE_LETTERS,
    say_days,
    say_facts,
    say_read,
    say_since,
)
from review.chunks import chunks
from review.paper import as_text
from review.projects import Project
from review.store import now
from review.timelines import (
    CONFIRMED,
    DISMISSED,
    HIGHLIGHTED,
    STATE_WORDS,
    Call,
    Case,
    first_appearances,
    indicator_grid,
    phrase_states,
    say_date,
)

CALLS_ACROSS = 20
"""Calls that stand side by side on paper; further ones follow below."""

STYLE_FILE = Path(__file__).with_name("static") / "print.css"


def make_summary(
    case: Case,
    project: Project,
    labels: LabelSet,
    *,
    reader: str,
    mask: Callable[[str], str] | None = None,
) -> str:
    """Make a page of a case that prints in black and white on A4.

    It quotes phrases, never whole notes, and names no handler. What a reader confirmed stands
    apart from what is highlighted only. Nothing runs in it and nothing is fetched.

    Parameters
    ----------
    case : Case
        From `review.cases.read_case`.
    project : Project
        Whose.
    labels : LabelSet
        Titles and cues.
    reader : str
        Who makes it.
    mask : callable, optional
        Given a quoted phrase, gives it back with names and numbers masked.

    Returns
    -------
    str
        HTML; every text from a file is escaped.
    """
    parts = [
        *_head(),
        *_introduction(case, project, reader=reader, is_masked=mask is not None),
        *_overview(case),
        *_grid(case, labels),
        *_firsts(case, labels),
        "<h2>The calls</h2>",
    ]
    for at, call in enumerate(case.calls, 1):
        parts += _call(at, call, labels, mask or (lambda quote: quote))
    parts.append(f"<footer><p>{as_text(WHAT_IT_DOES_NOT_DO)}</p></footer></body></html>")
    return "\n".join(parts)


def _head() -> Iterator[str]:
    """Open the page; its title names nobody."""
    yield '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
    yield "<title>Case summary – Unheard</title>"
    yield f"<style>\n{STYLE_FILE.read_text(encoding='utf-8')}</style>\n</head>\n<body>"


def _introduction(case: Case, project: Project, *, reader: str, is_masked: bool) -> Iterator[str]:
    """Say what this is, what it does not do, and who made it from what."""
    run = case.run
    model = f"{run.model}, run {run.id} of {say_date(run.at[:10])}" if run else "none has read it"
    read = sum(call.confirmed is not None for call in case.calls)
    about = {
        "Project": project.name + (" (invented notes)" if project.is_demo else ""),
        "Made by": reader,
        "Made": f"{say_date(now()[:16])} UTC",
        "Highlights from": model,
        "Calls": f"{len(case.calls)}, of which {read} read to the end",
        "Quotes": "names and numbers masked by rules, which may miss some"
        if is_masked
        else "as in the notes, nothing masked",
    }
    yield f"<h1>Case {as_text(case.ref)}: calls over time</h1>"
    yield f'<p class="limits"><strong>{PLAIN_WORDS}</strong> {as_text(WHAT_IT_DOES_NOT_DO)} '
    yield "It names no handler and quotes phrases only; read the notes themselves.</p>"
    rows = (f"<div><dt>{as_text(k)}</dt><dd>{as_text(v)}</dd></div>" for k, v in about.items())
    yield f'<dl class="facts">{"".join(rows)}</dl>'


def _table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Draw a table; the first cell of a row names it."""
    head = "".join(f'<th scope="col">{as_text(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row">{as_text(first)}</th>'
        + "".join(f"<td>{as_text(one)}</td>" for one in others)
        + "</tr>"
        for first, *others in rows
    )
    return (
        f"<table><caption>{as_text(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _overview(case: Case) -> Iterator[str]:
    """List the calls with what the export says of each."""
    heads = ("", "Note", "Received", "Days since", "Type", "Grade", "DA flag", "Risk", "Closed as")
    rows = [
        (
            at,
            call.name,
            say_date(call.received),
            say_days(call.days_since_previous),
            *say_facts(call),
        )
        for at, call in enumerate(case.calls, 1)
    ]
    yield _table("Calls in order, as the export has them", heads, rows)


def _grid(case: Case, labels: LabelSet) -> Iterator[str]:
    """Lay out indicators by call, in letters."""
    grid = indicator_grid(case)
    if not grid:
        yield "<p>No indicator is confirmed or highlighted in these calls.</p>"
        return
    words = "; ".join(f"{STATE_LETTERS[state]}: {said}" for state, said in STATE_WORDS.items())
    parts = list(chunks(list(enumerate(case.calls, 1)), size=CALLS_ACROSS))
    for part in parts:
        rows = [
            (
                f"{labels[label].title} ({labels[label].cue})",
                *(STATE_LETTERS.get(found.get(call.note_id), "·") for _, call in part),
            )
            for label, found in grid.items()
            if any(call.note_id in found for _, call in part)
        ]
        numbers = [str(at) for at, _ in part]
        which = f", calls {numbers[0]} to {numbers[-1]}" if len(parts) > 1 else ""
        if rows:
            drawn = _table(f"Indicators by call{which}. {words}", ("Indicator", *numbers), rows)
            yield f'<div class="grid">{drawn}</div>'


def _firsts(case: Case, labels: LabelSet) -> Iterator[str]:
    """Say when each indicator first came up, confirmed apart from highlighted only."""
    for state, title in (
        (CONFIRMED, "First confirmed by a reader"),
        (HIGHLIGHTED, "First highlighted only: nobody has confirmed it there"),
    ):
        firsts = first_appearances(case, state)
        if firsts:
            rows = [
                (labels[label].title, say_date(call.received), call.name)
                for label, call in firsts.items()
            ]
            yield _table(title, ("Indicator", "Received", "Note"), rows)


def _call(at: int, call: Call, labels: LabelSet, mask: Callable[[str], str]) -> Iterator[str]:
    """Say what was confirmed, highlighted and also noted in one call."""
    since = say_since(call.days_since_previous)
    heads = (say_date(call.received), since, f"note {call.name}")
    yield f"<article><h3>{at}. {as_text(', '.join(filter(None, heads)))}</h3>"
    yield f"<p>{as_text(say_read(call))}</p>"
    states = phrase_states(call)
    for state in (CONFIRMED, HIGHLIGHTED):
        found = [mark for mark, its in states.items() if its == state]
        if found:
            said = STATE_WORDS[state]
            yield f"<h4>{said[0].upper()}{said[1:]}</h4><ul>"
            yield from (f"<li>{_quote(mark, call, labels, mask)}</li>" for mark in found)
            yield "</ul>"
    dismissed = sum(state == DISMISSED for state in states.values())
    if dismissed:
        yield f"<p>Highlighted and dismissed by the reader: {dismissed}, not quoted.</p>"
    if call.facts:
        yield "<h4>Also noted in the words of the note</h4><ul>"
        for fact in call.facts:
            words = CONTEXT_WORDS[fact.context]
            phrase = as_text(mask(call.text[fact.start : fact.end]))
            yield f"<li>{as_text(KINDS[fact.kind].title)}, {words}: <q>{phrase}</q></li>"
        yield "</ul>"
    yield "</article>"


def _quote(mark: Mark, call: Call, labels: LabelSet, mask: Callable[[str], str]) -> str:
    """Quote a phrase with its indicator and context."""
    words = CONTEXT_WORDS[mark.context]
    phrase = as_text(mask(call.text[mark.start : mark.end]))
    return f"{as_text(labels[mark.label].title)}, {words}: <q>{phrase}</q>"
