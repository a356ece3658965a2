"""A feedback sheet for a handler or team: what was heard, what was missed, the guide's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Select, func, or_, select

from classifier.labels import Label, LabelSet, load_labels
from classifier.note import Mark
from classifier.wording import WHAT_IT_DOES_NOT_DO
from review.dates import write_date
from review.decisions import EVIDENCE, confirmed_marks, mark_of, settle
from review.export.source import in_chunks, project_name, read_by, snapshot
from review.paper import as_text
from review.redact import CANNOT_PROMISE, Masks, map_extent, redact
from review.store import Store
from review.tables import note

CSS = Path(__file__).with_name("static") / "feedback.css"

MISSED = {"missed": "missed", "not_acted": "recorded, not acted on"}
"""Outcomes that a sheet lists by indicator, and how."""

LIMITS = (
    "This sheet is for a conversation about how notes are taken. It is not an appraisal, gives no "
    "score and compares nobody.",
    "It shows what is written in the notes, not all that was said on the calls.",
    "The notes were not read as a fair sample, so these counts are no rates.",
    "A reviewer read each note afterwards, with time that a call does not leave, and can be wrong. "
    "If you see a note otherwise, say so.",
)


@dataclass(frozen=True)
class _Read:
    """One note that was read, as the sheet shows it."""

    name: str
    day: str
    outcome: str | None
    phrases: tuple[tuple[str, str], ...] = field(repr=False)


def make_feedback(
    store: Store,
    project_id: int,
    *,
    team: str | None = None,
    handler: str | None = None,
    since: str | None = None,
    until: str | None = None,
    mask_quotes: bool = False,
    labels: LabelSet | None = None,
) -> str:
    """Make a sheet to print in black and white on A4.

    It takes notes that were read to the end, as settled between readers: first those whose
    evidence was acted on, then what was missed or not acted on, by indicator, with the guide's
    definition, examples and sources. It counts, and turns no count into a rate.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the project.
    team, handler : str, optional
        Whose notes, as in the export; one at least. Handlers' sheets are for those who may see
        them, which the caller must have checked.
    since, until : str, optional
        First and last day, ``YYYY-MM-DD``; notes without a date are then left out, and counted.
    mask_quotes : bool
        Whether to mask names and numbers in quoted phrases.
    labels : LabelSet, optional
        Ours if not given.

    Returns
    -------
    str
        A whole page of HTML; all text of the notes is escaped.

    Raises
    ------
    ValueError
        If neither team nor handler is given, a day is none, or there is no such project.
    """
    if not team and not handler:
        raise ValueError("a feedback sheet is for a team or a handler; name one")
    for day in filter(None, (since, until)):
        _check_day(day)
    labels = labels or load_labels()
    with snapshot(store) as connection:
        project = project_name(connection, project_id)
        theirs = _theirs(project_id, team, handler)
        chosen = _choose(connection, theirs, since, until)
        n_undated = _count_undated(connection, theirs) if since or until else 0
        settled = read_by(connection, project_id, None)
        notes = list(
            _read(connection, [id for id in chosen if id in settled], settled, mask_quotes)
        )
    whose = " · ".join(
        f"{kind} {name}" for kind, name in (("Team", team), ("Handler", handler)) if name
    )
    parts = [
        *_head(whose, project, since, until, len(chosen), notes),
        *_undated(n_undated),
        *_acted(notes, labels),
        *_missed(notes, labels),
        *_limits(mask_quotes),
        *_sources(notes, labels),
    ]
    style = CSS.read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>Feedback: {as_text(whose)}</title><style>{style}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>"
    )


def _check_day(day: str) -> None:
    """Refuse what is no day."""
    try:
        date.fromisoformat(day)
    except ValueError:
        raise ValueError(f"a day is written YYYY-MM-DD, got {day!r}") from None


HAS_DATE = note.c.received.like("____-__-__%")
"""Notes of which the export gives a day."""


def _theirs(project_id: int, team: str | None, handler: str | None) -> Select:
    """Select the notes of a team or handler."""
    found = select(note.c.id).where(note.c.project_id == project_id)
    for column, wanted in ((note.c.team, team), (note.c.handler, handler)):
        found = found.where(column == wanted) if wanted else found
    return found


def _choose(
    connection: Connection, theirs: Select, since: str | None, until: str | None
) -> list[int]:
    """Give the ids of the notes in question, by date."""
    day = func.substr(note.c.received, 1, 10)
    found = theirs.where(HAS_DATE) if since or until else theirs
    found = found.where(day >= since) if since else found
    found = found.where(day <= until) if until else found
    order = (func.coalesce(note.c.received, ""), note.c.id)
    return list(connection.scalars(found.order_by(*order)))


def _count_undated(connection: Connection, theirs: Select) -> int:
    """Count the notes that no first or last day can be told of."""
    undated = theirs.where(or_(note.c.received.is_(None), ~HAS_DATE))
    return connection.scalar(select(func.count()).select_from(undated.subquery()))


def _read(connection: Connection, ids, settled, mask_quotes: bool) -> Iterator[_Read]:
    """Read the notes with the phrases that their settled readings confirm as evidence."""
    for rows, said, findings in in_chunks(connection, ids):
        marks = {id: mark_of(one) for id, one in findings.items()}
        for row in rows:
            reading = settle(said[row.id], note_id=row.id, reader=settled[row.id])
            confirmed = [
                mark for mark in confirmed_marks(reading, marks) if mark.context == EVIDENCE
            ]
            phrases = _quote(row, confirmed, mask_quotes)
            day = (row.received or "")[:10]
            written = write_date(day) or day or "no date"
            yield _Read(row.name, written, reading.outcome, tuple(phrases))


def _quote(row, marks: list[Mark], mask_quotes: bool) -> Iterator[tuple[str, str]]:
    """Give label and words of each phrase, masked on request."""
    if not mask_quotes:
        yield from ((mark.label, row.text[mark.start : mark.end]) for mark in marks)
        return
    redacted = redact(
        row.text, masks=Masks(), extra_names=[one for one in (row.person, row.handler) if one]
    )
    for mark in marks:
        start, end = map_extent(redacted, mark.start, mark.end)
        yield mark.label, redacted.text[start:end]


def _head(whose, project, since, until, n_chosen, notes) -> Iterator[str]:
    """Say whose notes, from when, and what became of each: the counts add up."""
    first, last = write_date(since) or "the first note", write_date(until) or "the last note"
    days = f", {first} to {last}" if since or until else ""
    yield f"<h1>Feedback on call notes</h1><p><strong>{as_text(whose)}</strong></p>"
    yield f'<p class="aside">{as_text(project + days)}</p>'
    n = {key: sum(one.outcome == key for one in notes) for key in ("acted", *MISSED, "none", None)}
    yield (
        f"<p>{n_chosen} of their notes in the project, {len(notes)} read to the end: "
        f"{n['acted']} heard and acted on, {n['not_acted']} recorded and not acted on, "
        f"{n['missed']} missed, {n['none']} without evidence, {n[None]} without an outcome yet.</p>"
    )


def _undated(n: int) -> Iterator[str]:
    """Say that notes without a date are left out."""
    if n:
        notes = (
            "1 note of theirs has no date and is"
            if n == 1
            else (f"{n} notes of theirs have no date and are")
        )
        yield f"<p>{notes} not counted here: nobody can tell whether it was in these days.</p>"


def _acted(notes: list[_Read], labels: LabelSet) -> Iterator[str]:
    """Show first what went well."""
    yield "<h2>Heard and acted on</h2>"
    acted = [one for one in notes if one.outcome == "acted"]
    if not acted:
        yield "<p>No note of these was read as acted on. That may be chance.</p>"
        return
    yield (
        "<p>Here the note records what may indicate abuse, and something was done. It gives the "
        "next person who reads it something to go on.</p>"
    )
    rows = [
        (one, f"{labels[label].title}: {_quoted(words)}")
        for one in acted
        for label, words in one.phrases or ()
    ]
    bare = [(one, "No phrase was marked.") for one in acted if not one.phrases]
    yield _table(rows + bare)


def _missed(notes: list[_Read], labels: LabelSet) -> Iterator[str]:
    """Show what was missed or not acted on, by indicator, in the order of the guide."""
    missed = [one for one in notes if one.outcome in MISSED]
    yield "<h2>What could be heard next time</h2>"
    if not missed:
        yield "<p>Nothing was read as missed, or as recorded and not acted on.</p>"
        return
    yield (
        "<p>These are easy to miss on a busy line. Each phrase may indicate something that, with "
        "other calls, would form a pattern.</p>"
    )
    for label in labels.label:
        rows = [
            (one, f"{_quoted(words)} ({MISSED[one.outcome]})")
            for one in missed
            for id, words in one.phrases
            if id == label.id
        ]
        if rows:
            yield f"<h3>{as_text(label.title)}</h3><p>{as_text(label.definition)}</p>"
            yield _table(rows)
            yield from _guide(label, labels)
    if bare := [(one, MISSED[one.outcome or ""]) for one in missed if not one.phrases]:
        yield "<h3>No phrase marked</h3>"
        yield _table(bare)


def _guide(label: Label, labels: LabelSet) -> Iterator[str]:
    """Give the guide's own examples, look-alikes and sources; nothing is made up here."""
    for title, items in (
        ("Worth asking about; the guide's examples", [f"“{one}”" for one in label.evidence]),
        ("Resembles it, but is not", list(label.look_alikes)),
    ):
        if items:
            listed = "".join(f"<li>{as_text(one)}</li>" for one in items)
            yield f'<div class="aside"><strong>{as_text(title)}</strong><ul>{listed}</ul></div>'
    listed = "; ".join(f"{name}: {', '.join(items)}" for name, items in label.sources.items())
    if listed:
        yield f'<p class="aside">Sources: {as_text(listed)}.</p>'


def _sources(notes: list[_Read], labels: LabelSet) -> Iterator[str]:
    """Write out once the sources that indicators above are named after."""
    shown = {id for one in notes if one.outcome in MISSED for id, _ in one.phrases}
    names = dict.fromkeys(name for one in labels.label if one.id in shown for name in one.sources)
    if names:
        yield "<h2>Sources of the guide</h2>"
        for name in names:
            reference = as_text(labels.source[name].strip())
            yield f'<p class="aside"><strong>{as_text(name)}</strong>: {reference}</p>'


def _table(rows: list[tuple[_Read, str]]) -> str:
    """List notes with date, number and words."""
    body = "".join(
        f"<tr><td>{as_text(one.day)}</td><td><bdi>{as_text(one.name)}</bdi></td>"
        f'<td class="phrase" dir="auto">{as_text(words)}</td></tr>'
        for one, words in rows
    )
    head = '<th scope="col">Date</th><th scope="col">Note</th><th scope="col">In the note</th>'
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _limits(mask_quotes: bool) -> Iterator[str]:
    """Say what the sheet does not do."""
    said = (*LIMITS, WHAT_IT_DOES_NOT_DO, *(CANNOT_PROMISE if mask_quotes else ()))
    listed = "".join(f"<li>{as_text(one)}</li>" for one in said)
    yield f'<section class="limits"><strong>What this sheet does not do</strong><ul>{listed}</ul>'
    yield "</section>"


def _quoted(words: str) -> str:
    """Put quotation marks around words of a note."""
    return f"“{words}”"
