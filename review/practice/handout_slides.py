"""Slides: a note in large type, then the same lines with the reference marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from classifier.labels import LabelSet
from classifier.note import Note, overlaps
from classifier.wording import CONTEXT_CUES, CONTEXT_WORDS
from review.paper import as_text
from review.practice.handout_key import context_list
from review.practice.handout_lines import Line, cut_lines, show_lines
from review.practice.handout_phrases import Phrase, cue_of, number_phrases
from review.practice.handout_words import (
    DOES_NOT_SAY,
    INVENTED,
    MASKED,
    NOBODY_GRADED,
    REFERENCE_IS,
    SHORT,
    SUPPORT,
    WARNING,
    facts_of,
    paragraphs,
    say_kind,
    show_facts,
    show_name,
)

ROOM = 10
"""Lines of a slide at 24 points, below its heading and above a legend of nine labels."""

ACROSS = 57
"""Characters across a slide: more than in a line, for the letters at the end of phrases."""

FACTS_BESIDE = 35
"""Characters up to which what is known of a call stands beside the heading of a slide."""

GAP = 0.5
"""Height of a blank line, in lines."""

ASK = "What do you hear? Which words? What would you ask next?"

NOTHING = "The reference has no mark here."


def slide_pages(
    name: str, notes: Sequence[Note], labels: LabelSet, is_synthetic: bool
) -> Iterator[str]:
    """Give the slides of an exercise, wide as a screen.

    Parameters
    ----------
    name : str
        Of the exercise.
    notes : sequence of Note
        With the reference marks.
    labels : LabelSet
        Cues and titles.
    is_synthetic : bool
        Whether all notes are invented.

    Yields
    ------
    str
        HTML; texts are escaped.
    """
    slides = [
        _title(name),
        _begin(is_synthetic),
        _how_to_read(),
        *(
            slide
            for at, note in enumerate(notes, start=1)
            for slide in _note(at, len(notes), note, labels)
        ),
        _end(),
    ]
    foot = f"{say_kind(is_synthetic)}. {SHORT}"
    for at, slide in enumerate(slides, start=1):
        yield (
            f'<section class="slide">{slide}<p class="foot"><span>{as_text(foot)}</span> '
            f'<span class="number">{at} / {len(slides)}</span></p></section>'
        )


def _title(name: str) -> str:
    """Give the first slide."""
    return f"{show_name(name)}{paragraphs(WARNING)}"


def _begin(is_synthetic: bool) -> str:
    """Say where help is, and what the notes are."""
    what = INVENTED if is_synthetic else MASKED
    return f"<h2>Before we begin</h2>{paragraphs(SUPPORT, what, NOBODY_GRADED)}"


def _how_to_read() -> str:
    """Explain marks, and what they are."""
    return f"<h2>How to read the marks</h2>{context_list()}{paragraphs(REFERENCE_IS)}"


def _end() -> str:
    """Close with what was not said."""
    return (
        f"<h2>Before we go</h2>{paragraphs(DOES_NOT_SAY)}"
        "<p>What will you listen for tomorrow? Take a moment before the next call.</p>"
    )


def _note(at: int, of: int, note: Note, labels: LabelSet) -> Iterator[str]:
    """Give the slides of one note, first without marks, then with them."""
    lines, phrases = cut_lines(note.text), number_phrases(note.marks, labels)
    n_labels = len({id for one in phrases for id in one.labels})
    facts = facts_of(note)
    are_long = sum(len(f"{name} {value}") for name, value in facts.items()) > FACTS_BESIDE
    room = ROOM - max(0, ceil(n_labels / 3) - 3) - are_long
    parts = cut_slides(lines, [_height(note.text, line, phrases, labels) for line in lines], room)
    above = show_facts(facts)
    kind = "top stacked" if are_long else "top"
    for place, part in enumerate(parts, start=1):
        title = f"Note {at} of {of}{_say_part(place, len(parts))}"
        yield _lines(kind, title, above, show_lines(note.text, part, (), labels), ASK)
    for place, part in enumerate(parts, start=1):
        title = f"Note {at}: the reference marks{_say_part(place, len(parts))}"
        below = _legend(part, phrases, labels)
        yield _lines(kind, title, above, show_lines(note.text, part, phrases, labels), below)


def _say_part(place: int, of: int) -> str:
    """Say which part of a note a slide shows, if there are several."""
    return f", part {place} of {of}" if of > 1 else ""


def _lines(kind: str, title: str, facts: str, lines: str, below: str) -> str:
    """Put a slide with lines together."""
    return (
        f'<div class="{kind}"><h2>{title}</h2>{facts}</div>{lines}'
        f'<p class="below">{as_text(below)}</p>'
    )


def _legend(part: Sequence[Line], phrases: Sequence[Phrase], labels: LabelSet) -> str:
    """Say what the letters on a slide mean."""
    here = [one for one in phrases if any(overlaps(one, line) for line in part)]
    if not here:
        return "No mark in this part." if phrases else NOTHING
    ids = {id for one in here for id in one.labels}
    titles = [f"{label.cue} {label.title}" for label in labels.label if label.id in ids]
    contexts = {one.context for one in here}
    words = [
        f"{cue}: {CONTEXT_WORDS[context]}"
        for context, cue in CONTEXT_CUES.items()
        if cue and context in contexts
    ]
    return " · ".join((*titles, *words))


def _height(text: str, line: Line, phrases: Sequence[Phrase], labels: LabelSet) -> float:
    """Say how many lines of a slide a line may take once its marks have letters."""
    if not line.number:
        return GAP
    letters = [
        f"{one.number} {cue_of(one, labels)}" for one in phrases if line.start < one.end <= line.end
    ]
    n_characters = len(text[line.start : line.end].rstrip())
    return ceil((n_characters + sum(0.85 * len(one) + 1.2 for one in letters)) / ACROSS)


def cut_slides(
    lines: Sequence[Line], heights: Sequence[float], room: int = ROOM
) -> list[list[Line]]:
    """Share lines out between as few slides as hold them, about as many on each.

    Parameters
    ----------
    lines : sequence of Line
        Of a note.
    heights : sequence of float
        Of each line, in lines.
    room : int
        Lines of a slide.

    Returns
    -------
    list of list of Line
        In order; each at most `room` high, unless a single line is higher.
    """
    filled = _share(lines, heights, room)
    lowest = ceil(sum(heights) / len(filled))
    shares = (_share(lines, heights, limit) for limit in range(lowest, room))
    return next((one for one in shares if len(one) == len(filled)), filled)


def _share(lines: Sequence[Line], heights: Sequence[float], limit: float) -> list[list[Line]]:
    """Fill one slide after the other up to a height."""
    slides: list[list[Line]] = [[]]
    filled = 0.0
    for line, height in zip(lines, heights, strict=True):
        if slides[-1] and filled + height > limit:
            slides.append([])
            filled = 0.0
        slides[-1].append(line)
        filled += height
    return slides
