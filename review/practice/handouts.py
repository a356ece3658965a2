"""Handouts of an exercise: sheets to work on, answer sheets and slides, to print or to show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from classifier.labels import LabelSet
from classifier.note import Note
from classifier.writing.report import POLICY
from review.paper import as_text
from review.practice.handout_answers import answer_pages
from review.practice.handout_key import key_page
from review.practice.handout_lines import Line, cut_lines, show_lines
from review.practice.handout_slides import slide_pages
from review.practice.handout_words import (
    DOES_NOT_SAY,
    INVENTED,
    MASKED,
    NOBODY_GRADED,
    SHORT,
    SOMEBODY_HERE,
    SUPPORT,
    WARNING,
    facts_of,
    paragraphs,
    say_kind,
    show_facts,
    show_name,
)

STATIC = Path(__file__).parents[1] / "static"

KINDS = {
    "exercise": "Exercise",
    "answers": "The reference marks",
    "slides": "Slides",
}
"""What can be made of an exercise."""

QUESTIONS = (
    "What do I hear?",
    "Which indicator?",
    "What would I ask next?",
    "What would I record?",
)

PAGE, HEAD, LINE, GAP, QUESTION, RULE = 730, 95, 20.4, 9, 25, 24.1
"""Heights in points: of a page, of what stands above a note, of a line of it, of a gap, of a
question and of a ruled line to write on. They only choose how many ruled lines there are."""

FEWEST, MOST = 2, 6
"""Ruled lines below a question."""


def make_handout(
    exercise_name: str,
    notes: Sequence[Note],
    kind: str,
    labels: LabelSet,
    *,
    is_synthetic: bool,
) -> str:
    """Make a handout that can be read in black and white.

    ``"exercise"`` has each note as it was received, with numbered lines and room to write, and
    the key of indicators. ``"answers"`` has the notes with the reference marks, why each is
    there, and questions to talk about. ``"slides"`` shows each note and then its marks, in large
    type. Line numbers are the same in all three.

    Parameters
    ----------
    exercise_name : str
        Shown; escaped.
    notes : sequence of Note
        In order, with the reference marks; ``meta`` as in an exercise. Texts are shown as they
        are: real notes must have been masked before.
    kind : str
        One of ``KINDS``.
    labels : LabelSet
        Titles, definitions, cues, look-alikes.
    is_synthetic : bool
        Whether all notes are invented.

    Returns
    -------
    str
        A page of HTML that asks for nothing from outside; `review.paper.make_pdf` makes a PDF.

    Raises
    ------
    ValueError
        If there is no such kind, there are no notes, or a real note would be called invented.
    KeyError
        If a mark has a label that is not among `labels`.
    """
    if kind not in KINDS:
        raise ValueError(f"a handout must be one of {', '.join(KINDS)}, got {kind!r}")
    if not notes:
        raise ValueError("a handout needs one note at least")
    real = [at for at, one in enumerate(notes, 1) if one.meta.get("is_synthetic") is False]
    if is_synthetic and real:
        raise ValueError(f"note {real[0]} is not invented; make the handout of masked notes")
    parts = {
        "exercise": _exercise_pages,
        "answers": answer_pages,
        "slides": slide_pages,
    }[kind](exercise_name, notes, labels, is_synthetic)
    title = f"{KINDS[kind]}: {exercise_name}"
    return "\n".join((_head(kind, title, is_synthetic), *parts, "</main></body></html>"))


def _head(kind: str, title: str, is_synthetic: bool) -> str:
    """Open the page; its style has the foot of each printed page."""
    file = "handout_slides.css" if kind == "slides" else "handout.css"
    style = (STATIC / file).read_text(encoding="utf-8")
    foot = f"{say_kind(is_synthetic)}. {SHORT}"
    if kind != "slides":
        style += f'\n@page {{ @bottom-left {{ content: "{foot}"; }} }}'
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{as_text(POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
        f"<title>{as_text(title)}</title>\n<style>\n{style}\n</style>\n</head>\n"
        f'<body class="{kind}"><main>'
    )


def _exercise_pages(
    name: str, notes: Sequence[Note], labels: LabelSet, is_synthetic: bool
) -> Iterator[str]:
    """Give the sheets to work on: front, a note a page, the key."""
    yield _front(name, len(notes), is_synthetic)
    for at, note in enumerate(notes, start=1):
        lines = cut_lines(note.text)
        yield f'<article class="note"><h2>Note {at} of {len(notes)}</h2>'
        yield f'<p class="kind">{as_text(say_kind(is_synthetic, of="note"))}</p>'
        yield show_facts(facts_of(note))
        yield f'<div class="sheet">{show_lines(note.text, lines, (), labels)}</div>'
        yield from _questions(lines)
        yield "</article>"
    yield key_page(labels)


def _front(name: str, n_notes: int, is_synthetic: bool) -> str:
    """Give the first page."""
    many = f"{n_notes} notes" if n_notes > 1 else "One note"
    return (
        f'<header class="front"><p class="kind">Exercise</p>{show_name(name)}'
        f"<p>{many} to read, as they were received.</p>"
        f'<section class="box"><h2>Before you begin</h2>{paragraphs(WARNING, SUPPORT)}'
        f'<p>{SOMEBODY_HERE}</p><p class="write"></p></section>'
        "<section><h2>How to work</h2><ol>"
        "<li>Read the note as if it had just come in. Nothing has been marked.</li>"
        "<li>Underline the shortest run of words that makes you stop and look: who does what, and "
        "what makes it control. A note may hold nothing.</li>"
        "<li>Write the letters of the indicator in the margin. The key is the last page. Physical "
        "violence alone has no letters.</li>"
        "<li>Where the words are denied, asked about or belong to another setting, underline them "
        "as the key shows. They teach the difference.</li>"
        "<li>Write what you would ask next and what you would record.</li></ol>"
        "<p>The lines are numbered, so that a room can talk about “line 7 of note 2”.</p></section>"
        f"<section><h2>What these notes are</h2>{paragraphs(INVENTED if is_synthetic else MASKED)}"
        "</section><section><h2>What this does not say</h2>"
        f"{paragraphs(DOES_NOT_SAY, NOBODY_GRADED)}</section></header>"
    )


def _questions(lines: Sequence[Line]) -> Iterator[str]:
    """Ask four questions with ruled lines, as many as the page has room for, or on the next."""
    n_blank = sum(not line.number for line in lines)
    height = HEAD + LINE * (len(lines) - n_blank) + GAP * n_blank
    n_full, filled = divmod(height, PAGE)
    left = PAGE - filled - (LINE * (n_full + 2) if n_full else 0)
    n_rules = int((left - QUESTION * len(QUESTIONS)) // RULE)
    where = "" if n_rules >= FEWEST * len(QUESTIONS) else " next"
    each, more = divmod(n_rules, len(QUESTIONS)) if not where else (MOST, 0)
    yield f'<section class="questions{where}"><h3 class="heard">Your answers</h3>'
    for at, question in enumerate(QUESTIONS):
        ruled = min(MOST, each + (at >= len(QUESTIONS) - more))
        lines_to_write_on = '<p class="write"></p>' * ruled
        yield f'<div class="question"><p>{as_text(question)}</p>{lines_to_write_on}</div>'
    yield "</section>"
