"""Answer sheets: each note with the reference marks, why they are there, and what to talk about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from classifier.findings import NOTE_VOICE
from classifier.labels import LabelSet
from classifier.note import Extent, Mark, Note
from classifier.wording import CONTEXT_WORDS, showable
from review.paper import as_text
from review.practice.comparison import EVIDENCE
from review.practice.handout_key import key_page, label_pages
from review.practice.handout_lines import Line, cut_lines, lines_of, show_lines
from review.practice.handout_phrases import Phrase, number_phrases
from review.practice.handout_words import (
    DOES_NOT_SAY,
    INVENTED,
    INVENTED_BY,
    MASKED,
    REFERENCE_IS,
    SUPPORT,
    WARNING,
    facts_of,
    paragraphs,
    say_kind,
    show_facts,
    show_name,
)
from review.practice.prompts import load_prompts, what_the_note_did
from review.practice.reasons import LOOK_ALIKE_RULES, say_meaning

QUOTE = 300
"""Characters up to which a phrase is quoted whole."""

NOTHING = (
    "The reference has no mark in this note. That is not the same as nothing happening; it says "
    "that one reader saw no words to stop at."
)

NO_EVIDENCE = (
    "The reference has nothing in this note as happening towards a partner, former partner or "
    "relative."
)


def answer_pages(
    name: str, notes: Sequence[Note], labels: LabelSet, is_synthetic: bool
) -> Iterator[str]:
    """Give the pages of an answer sheet.

    Parameters
    ----------
    name : str
        Of the exercise.
    notes : sequence of Note
        With the reference marks.
    labels : LabelSet
        Titles, definitions, cues, look-alikes.
    is_synthetic : bool
        Whether all notes are invented.

    Yields
    ------
    str
        HTML; texts are escaped.
    """
    yield _front(name, notes, labels, is_synthetic)
    for at, note in enumerate(notes, start=1):
        yield from _note(at, len(notes), note, labels, is_synthetic)
    yield label_pages({mark.label for note in notes for mark in note.marks}, labels)
    yield key_page(labels)


def _front(name: str, notes: Sequence[Note], labels: LabelSet, is_synthetic: bool) -> str:
    """Give the first page: what this is, and what is in it."""
    what = (INVENTED, INVENTED_BY) if is_synthetic else (MASKED,)
    return (
        '<header class="front"><p class="kind">The reference marks</p>'
        f"{show_name(name)}"
        f'<section class="box"><h2>Before you begin</h2>{paragraphs(WARNING, SUPPORT)}</section>'
        f"<section><h2>What these marks are</h2>{paragraphs(REFERENCE_IS)}</section>"
        f"<section><h2>What these notes are</h2>{paragraphs(*what)}</section>"
        f"<section><h2>What this does not say</h2>{paragraphs(DOES_NOT_SAY)}</section>"
        f"{_contents(notes, labels)}</header>"
    )


def _contents(notes: Sequence[Note], labels: LabelSet) -> str:
    """List the notes with the letters that are in them."""
    rows = []
    for at, note in enumerate(notes, start=1):
        ids = {mark.label for mark in note.marks if mark.context == EVIDENCE}
        cues = ", ".join(label.cue for label in labels.label if label.id in ids)
        n_others = sum(mark.context != EVIDENCE for mark in note.marks)
        rows.append(
            f'<tr><th scope="row">Note {at}</th><td>{as_text(cues or "none")}</td>'
            f"<td>{n_others or 'none'}</td></tr>"
        )
    return (
        '<section class="contents"><h2>The notes</h2><table><thead><tr><th scope="col">Note</th>'
        '<th scope="col">Marked as evidence</th><th scope="col">Look-alikes marked</th></tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table></section>"
    )


def _note(at: int, of: int, note: Note, labels: LabelSet, is_synthetic: bool) -> Iterator[str]:
    """Give one note: its lines with marks, then what they are."""
    lines, phrases = cut_lines(note.text), number_phrases(note.marks, labels)
    said = f"{say_kind(is_synthetic, of='note')}{_source(note)}"
    yield f'<article class="note"><h2>Note {at} of {of}</h2><p class="kind">{as_text(said)}</p>'
    yield show_facts(facts_of(note))
    yield f'<div class="sheet">{show_lines(note.text, lines, phrases, labels)}</div>'
    yield from _explain(note, lines, phrases, labels)
    yield from _asked(phrases, labels)
    yield from _talk(phrases)
    yield "</article>"


def _source(note: Note) -> str:
    """Say where a note comes from, for the facilitator."""
    return f", from {note.meta['source']}" if note.meta.get("source") else ""


def _explain(
    note: Note, lines: Sequence[Line], phrases: Sequence[Phrase], labels: LabelSet
) -> Iterator[str]:
    """Explain the marks in three groups: recorded, the note's own voice, look-alikes."""
    if not phrases:
        yield f"<h3>The reference marks</h3><p>{as_text(NOTHING)}</p>"
    evidence = [one for one in phrases if one.context == EVIDENCE]
    own = [one for one in evidence if one.labels == (NOTE_VOICE,)]
    recorded = [one for one in evidence if one not in own]
    others = [one for one in phrases if one.context != EVIDENCE]
    if phrases and not recorded:
        yield f"<h3>What the note records</h3><p>{as_text(NO_EVIDENCE)}</p>"
    told: dict[str, int] = {}
    for title, group in (
        ("What the note records", recorded),
        ("What the note itself did", own),
        ("Look-alikes: marked, and not evidence", others),
    ):
        if group:
            yield f"<h3>{title}</h3>{_table(note.text, lines, group, labels, told)}"
    yield from _handled(note)


def _handled(note: Note) -> Iterator[str]:
    """Say what was done with the call, where the marks have not said it."""
    did = [one for one in what_the_note_did(note) if not isinstance(one, Mark)]
    if did:
        yield "<h3>What was done, as far as the note says</h3><ul>"
        for one in did:
            words = one if isinstance(one, str) else f"The note ends: “{_words(note.text, one)}”"
            yield f'<li dir="auto">{as_text(words)}</li>'
        yield "</ul>"


def _words(text: str, extent: Extent) -> str:
    """Quote a note; of a very long phrase beginning and end, for the lines above show it whole."""
    words = showable(text)[extent.start : extent.end]
    if len(words) <= QUOTE:
        return words
    return f"{words[: QUOTE // 2]} […] {words[-QUOTE // 2 :]}"


def _table(
    text: str,
    lines: Sequence[Line],
    phrases: Sequence[Phrase],
    labels: LabelSet,
    told: dict[str, int],
) -> str:
    """List phrases with line, words, label and why; a definition is given once for each note."""
    rows = []
    for one in phrases:
        first, last = lines_of(one, lines)
        where = f"{first}" if first == last else f"{first}–{last}"
        whys = "".join(f"<p>{_why(one, id, labels, told)}</p>" for id in one.labels)
        if one.context != EVIDENCE:
            whys += f"<p>Not evidence: {as_text(LOOK_ALIKE_RULES[one.context])}.</p>"
        rows.append(
            f'<tr><th scope="row">{one.number}</th><td>{where}</td>'
            f'<td class="words" dir="auto">{as_text(_words(text, one))}</td><td>{whys}</td></tr>'
        )
    return (
        '<table class="marks"><thead><tr><th scope="col">Mark</th><th scope="col">Line</th>'
        '<th scope="col">Words</th><th scope="col">What they may indicate, and why</th></tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _why(phrase: Phrase, id: str, labels: LabelSet, told: dict[str, int]) -> str:
    """Name a label with the words' context, and define it the first time."""
    label = labels[id]
    title = f"<strong>{as_text(label.title)} ({as_text(label.cue)})</strong>"
    context = as_text(CONTEXT_WORDS[phrase.context])
    if phrase.context != EVIDENCE:
        return f"{title}, {context}."
    if id != NOTE_VOICE:
        title = f"{title}, {context}"
    first = told.setdefault(id, phrase.number)
    if first != phrase.number:
        return f"{title}: see mark {first}."
    return f"{title}. It may show that {as_text(say_meaning(label))}."


def _asked(phrases: Sequence[Phrase], labels: LabelSet) -> Iterator[str]:
    """Give a first thing to ask and to record for each label recorded as happening."""
    ids = {id for one in phrases if one.context == EVIDENCE for id in one.labels}
    if not ids:
        return
    prompts = load_prompts()
    rows = []
    for label in labels.label:
        if label.id in ids:
            advice = prompts[label.id]
            record = [*advice.record[:1], *(f"Instead: {one}" for one in advice.instead[:1])]
            rows.append(
                f'<tr><th scope="row">{as_text(label.title)}</th>'
                f"<td>{paragraphs(*advice.ask[:1])}</td><td>{paragraphs(*record)}</td></tr>"
            )
    yield (
        '<h3>What could have been asked and recorded</h3><p class="lead">A first question for '
        'each; more are on the last pages. No script.</p><table class="asked"><thead><tr>'
        '<th scope="col">Indicator</th><th scope="col">Ask</th><th scope="col">Record</th></tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _talk(phrases: Sequence[Phrase]) -> Iterator[str]:
    """Ask what a room can talk about, after what is in the note."""
    contexts = {one.context for one in phrases}
    evidence = [one for one in phrases if one.context == EVIDENCE]
    own = [one for one in evidence if NOTE_VOICE in one.labels]
    recorded = [one for one in evidence if one not in own]
    asked = ["Where did you mark otherwise, and what in the note made you?"]
    if recorded:
        asked.append(
            "Which words would you have heard on a busy line, and which only on reading twice?"
        )
        asked.append("What would you need to know to tell one bad day from a pattern?")
    if own:
        asked.append(
            f"Mark {own[0].number} is the note's own voice. How could the same line be written so "
            "that the next reader can act on it?"
        )
    if "negated" in contexts:
        asked.append("A denial is recorded. How was it asked, and who could hear the answer?")
    if "hypothetical" in contexts:
        asked.append("Something was asked or advised. What was the answer, and is it recorded?")
    if "other" in contexts:
        asked.append("Who does it to whom? What would have to change for it to be evidence?")
    if not recorded:
        asked.append("What, if you heard it on the next call, would make you ask more?")
    listed = "".join(f"<li>{as_text(one)}</li>" for one in asked)
    yield f'<section class="talk"><h3>To talk about</h3><ul>{listed}</ul></section>'
