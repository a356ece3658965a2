"""Write findings as one self-contained HTML page, for reading and for paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import chain
from pathlib import Path

from classifier.findings import Finding, NoteEvidence
from classifier.labels import Label, LabelSet
from classifier.note import CONTEXTS
from classifier.segments import segments
from classifier.wording import (
    CONTEXT_CUES,
    CONTEXT_WORDS,
    MATCH_WORDS,
    NOTHING_HIGHLIGHTED,
    STRENGTH_WORDS,
    WHAT_IT_DOES_NOT_DO,
    showable,
    strength,
)
from classifier.writing.record import meta_words

STYLE_FILE = Path(__file__).with_name("report.css")

WHAT_THIS_IS = (
    "Call notes in which phrases that may indicate non-physical abuse are highlighted, as "
    "evidence for a trained person to review."
)

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Content Security Policy of the page: nothing is fetched, nothing runs."""


def write_report(
    results: Iterable[NoteEvidence],
    path: Path,
    *,
    labels: LabelSet,
    with_text: bool,
    about: Mapping[str, str],
) -> int:
    """Write one HTML page that needs no script and nothing from outside.

    In an element of class ``text`` stands the note's own text, with a cue (class ``cue``) at the
    end of each phrase; everything that came from a file is escaped, and passed through
    `showable`.

    Parameters
    ----------
    results : iterable of NoteEvidence
        Checked; held in memory, as the list of contents comes first.
    path : Path
        Where to.
    labels : LabelSet
        Titles, definitions, cues and colours.
    with_text : bool
        Always true; a page without the notes would show nothing.
    about : mapping of str to str
        Shown at the top.

    Returns
    -------
    int
        Number of notes written.
    """
    results = list(results)
    parts = chain(
        _head(labels),
        _introduction(results, about),
        _legend(labels),
        _contents(results, labels),
        ['<section aria-labelledby="notes"><h2 id="notes">Notes</h2>'],
        chain.from_iterable(_article(at, result, labels) for at, result in enumerate(results, 1)),
        [f"</section></main><footer><p>{_shown(WHAT_IT_DOES_NOT_DO)}</p></footer></body></html>"],
    )
    with path.open("w", encoding="utf-8", newline="\n") as page:
        page.writelines(f"{part}\n" for part in parts)
    return len(results)


def _shown(text: object) -> str:
    """Make anything safe to stand in a page, as text or as the value of an attribute."""
    return escape(showable(str(text)), quote=True)


def _head(labels: LabelSet) -> Iterator[str]:
    """Open the page; colours are variables, so that a dark theme can change them."""
    light = "".join(f"--{label.id}:{label.colour.light};" for label in labels.label)
    dark = "".join(f"--{label.id}:{label.colour.dark};" for label in labels.label)
    yield '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
    yield "<title>Evidence for review – Unheard</title>\n<style>"
    yield f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    yield f"{STYLE_FILE.read_text(encoding='utf-8')}</style>\n</head>\n<body>"


def _introduction(results: list[NoteEvidence], about: Mapping[str, str]) -> Iterator[str]:
    """Say what this is, what it does not do, and what it was made from."""
    highlighted = sum(bool(result.findings) for result in results)
    counts = {
        "Notes": len(results),
        "With a phrase highlighted": highlighted,
        "With nothing highlighted": len(results) - highlighted,
    }
    yield '<a class="skip" href="#notes">Skip to the notes</a>'
    yield "<header><h1>Evidence for review</h1>"
    yield f'<p>{WHAT_THIS_IS}</p><p class="limits">{_shown(WHAT_IT_DOES_NOT_DO)}</p>'
    yield f"{_pairs({**about, **counts})}</header><main>"


def _pairs(pairs: Mapping[str, object]) -> str:
    """List names and values."""
    rows = (
        f'<div><dt>{_shown(name)}</dt><dd dir="auto">{_shown(meta_words(value) or "–")}</dd></div>'
        for name, value in pairs.items()
    )
    return f'<dl class="facts">{"".join(rows)}</dl>' if pairs else ""


def _legend(labels: LabelSet) -> Iterator[str]:
    """Explain cues, contexts and strengths."""
    yield '<section aria-labelledby="legend"><h2 id="legend">What the highlights mean</h2>'
    yield "<h3>In the note, a phrase may be</h3><ul>"
    first = labels.label[0]
    for context in CONTEXTS:
        sample = Finding(0, 6, first.id, context, 1.0)
        mark = f"{_mark((sample,), 'phrase', labels)}{_cue(sample, first)}"
        yield f"<li>{mark} – {_shown(CONTEXT_WORDS[context])}</li>"
    yield f"</ul><h3>Match to marked examples</h3><p>{_shown(MATCH_WORDS)}</p><ul>"
    for words, band in STRENGTH_WORDS.items():
        yield f"<li>{_shown(words)}: {_shown(band)}</li>"
    yield '</ul><h3>Cues</h3><table><thead><tr><th scope="col">Cue</th>'
    yield '<th scope="col">May indicate</th><th scope="col">What it is</th></tr></thead><tbody>'
    for label in labels.label:
        cue = f'<mark class="sample" style="background:var(--{label.id})">{label.cue}</mark>'
        yield f'<tr id="label-{label.id}"><td>{cue}</td><th scope="row">{_shown(label.title)}</th>'
        yield f"<td>{_shown(label.definition)}</td></tr>"
    yield "</tbody></table></section>"


def _contents(results: list[NoteEvidence], labels: LabelSet) -> Iterator[str]:
    """List the notes, with what each may indicate."""
    yield '<nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ol>'
    for at, result in enumerate(results, 1):
        link = f'<a href="#note-{at}"><bdi>{_shown(result.note.id)}</bdi></a>'
        yield f"<li>{link} <span>{_shown(_summary(result, labels))}</span></li>"
    yield "</ol></nav>"


def _summary(result: NoteEvidence, labels: LabelSet) -> str:
    """Say in a line what is highlighted in a note."""
    if not result.findings:
        return "nothing highlighted"
    found = {finding.label for finding in result.findings if finding.context == "affirmed"}
    titles = [label.title for label in labels.label if label.id in found]
    count = len(result.findings)
    phrases = f"{count} phrase{'s' if count > 1 else ''}"
    return f"{phrases}: {', '.join(titles) or 'none recorded as happening'}"


def _article(at: int, result: NoteEvidence, labels: LabelSet) -> Iterator[str]:
    """Show one note with its phrases, and list them below."""
    note = result.note
    yield f'<article id="note-{at}" aria-labelledby="id-{at}">'
    yield f'<h3 id="id-{at}">Note <bdi>{_shown(note.id)}</bdi></h3>{_pairs(note.meta)}'
    yield f'<div class="text" dir="auto">{_highlighted(result, labels)}</div>'
    if result.findings:
        yield from _table(result, labels)
    else:
        yield f'<p class="nothing">{_shown(NOTHING_HIGHLIGHTED)}</p>'
    yield "</article>"


def _highlighted(result: NoteEvidence, labels: LabelSet) -> str:
    """Mark the phrases in a note's text, each with its cues where it ends."""
    text = showable(result.note.text)
    parts = []
    for start, end, found in segments(len(text), result.findings):
        stretch = escape(text[start:end])
        parts.append(_mark(found, stretch, labels) if found else stretch)
        parts += [_cue(f, labels[f.label]) for f in found if f.end == end]
    return "".join(parts)


def _mark(found: tuple[Finding, ...], stretch: str, labels: LabelSet) -> str:
    """Mark a stretch in the colours of its findings; no colour if none is affirmed."""
    words = (f"{labels[f.label].title}: {_says(f)}" for f in found)
    ids = list(dict.fromkeys(f.label for f in found if f.context == "affirmed"))
    stops = (
        f"var(--{id}) {100 * at // len(ids)}% {100 * (at + 1) // len(ids)}%"
        for at, id in enumerate(ids)
    )
    style = f' style="background:linear-gradient({",".join(stops)})"' if ids else ""
    look = ("affirmed" if ids else "unaffirmed") + (" several" if len(found) > 1 else "")
    return f'<mark class="{look}" title="{_shown("; ".join(words))}"{style}>{stretch}</mark>'


def _says(finding: Finding) -> str:
    """Say a finding's context and strength."""
    return f"{CONTEXT_WORDS[finding.context]}, {strength(finding.score)}"


def _cue(finding: Finding, label: Label) -> str:
    """Show a label's letters where a phrase ends, and tell screen readers what they mean."""
    seen = f"{label.cue} {CONTEXT_CUES[finding.context]}".strip()
    heard = f" (may indicate {label.title}: {_says(finding)}) "
    return (
        f'<bdi class="cue" dir="ltr"><span aria-hidden="true">{_shown(seen)}</span>'
        f'<span class="heard">{_shown(heard)}</span></bdi>'
    )


def _table(result: NoteEvidence, labels: LabelSet) -> Iterator[str]:
    """List the findings of a note in words."""
    yield '<table class="findings"><caption>Phrases highlighted</caption><thead>'
    yield '<tr><th scope="col">Phrase</th><th scope="col">May indicate</th>'
    yield '<th scope="col">In the note it is</th><th scope="col">Match to marked examples</th>'
    yield "</tr></thead><tbody>"
    for finding in result.findings:
        label = labels[finding.label]
        phrase = result.note.text[finding.start : finding.end]
        yield f'<tr><td dir="auto">{_shown(phrase)}</td>'
        yield f'<td><a href="#label-{label.id}">{_shown(label.title)}</a> ({label.cue})</td>'
        yield f"<td>{_shown(CONTEXT_WORDS[finding.context])}</td>"
        yield f"<td>{_shown(strength(finding.score))}</td></tr>"
    yield "</tbody></table>"
