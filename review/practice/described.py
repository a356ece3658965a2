"""A comparison as plain values: what the page that shows it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from classifier.findings import Finding
from classifier.labels import LabelSet
from classifier.note import Mark
from classifier.segments import segments
from classifier.wording import CONTEXT_WORDS, WHAT_IT_DOES_NOT_DO, showable
from review.highlight import make_chip
from review.practice.colleague import COLLEAGUE_WORDS
from review.practice.comparison import EVIDENCE, KIND_WORDS, Compared, Comparison
from review.practice.counted import say_summary
from review.practice.prompts import Prompts, what_the_note_did
from review.practice.reasons import title_of
from review.practice.three_readings import Seen, compare_three

WHO = {"R": "the reference", "Y": "you", "M": "the model"}
"""Letters of the three readings, and who they are."""

LEGEND = {"R": "line below: the reference", "Y": "line above: you", "M": "hatched band: the model"}

ONLY_MODEL = "Only the model has these"

ONE_READING = (
    "The reference is one or two people's reading, not the truth. If you see a phrase otherwise, "
    "say so: it may be the reference that should change."
)
"""Stands above every comparison."""

PLAIN = {"light": "#d6d6d6", "dark": "#4a4a4a"}
"""Colours of a label that the label set does not have."""


def describe(
    comparison: Comparison,
    labels: LabelSet,
    *,
    model_marks: Iterable[Mark | Finding] | None = None,
    prompts: Prompts | None = None,
) -> dict[str, object]:
    """Put a comparison into the form that the component takes.

    Parameters
    ----------
    comparison : Comparison
        Of a trainee's marks.
    labels : LabelSet
        Titles, definitions, look-alikes and sources.
    model_marks : iterable of Mark or Finding, optional
        What the model highlights.
    prompts : Prompts, optional
        What could have been asked and recorded.

    Returns
    -------
    dict
        Texts, lists and numbers only, every text as a page can hold it.
    """
    note = comparison.note
    text = showable(note.text)
    rows = _rows(comparison, model_marks)
    spans = [
        _Span(mark.start, mark.end, who, number, mark)
        for number, row in enumerate(rows)
        for who, mark in row.marks.items()
    ]
    used = dict.fromkeys(mark.label for row in rows for mark in row.marks.values())
    letters = [who for who in WHO if who != "M" or model_marks is not None]
    return {
        "summary": say_summary(comparison),
        "words": [
            *(["This note is invented."] if note.meta.get("is_synthetic") else []),
            ONE_READING,
            *([COLLEAGUE_WORDS] if model_marks is not None else []),
            WHAT_IT_DOES_NOT_DO,
        ],
        "legend": [[who, LEGEND[who]] for who in letters],
        "segments": _cut(text, spans, rows, labels),
        "rows": [_describe_row(row, text, labels) for row in rows],
        "groups": _group(rows),
        "labels": {id: _describe_label(id, labels, prompts) for id in used},
        "did": [_describe_did(one, text) for one in what_the_note_did(note)],
        "advice": (
            {"about": prompts.about.strip(), "safety": list(prompts.safety)} if prompts else None
        ),
    }


# Phrases: a pair, and what the model has there


@dataclass(frozen=True)
class _Row:
    """A phrase with all marks on it."""

    kind: str
    pair: Compared | None
    marks: Mapping[str, Mark]
    has_model: bool


@dataclass(frozen=True)
class _Span:
    """A mark of one of the three, and the row it belongs to."""

    start: int
    end: int
    who: str
    row: int
    mark: Mark


def _rows(comparison: Comparison, model_marks: Iterable[Mark | Finding] | None) -> list[_Row]:
    """Give every phrase once, in reading order."""
    if model_marks is None:
        return [
            _Row(pair.kind, pair, _marks(pair.reference, pair.trainee, None), has_model=False)
            for pair in comparison.pairs
        ]
    pairs = {(pair.reference, pair.trainee): pair for pair in comparison.pairs}
    trainee = [pair.trainee for pair in comparison.pairs if pair.trainee]
    return [
        _row_of_three(one, pairs) for one in compare_three(comparison.note, trainee, model_marks)
    ]


def _row_of_three(seen: Seen, pairs: Mapping[tuple, Compared]) -> _Row:
    """Add to a pair what the model has there."""
    pair = pairs.get((seen.reference, seen.trainee))
    kind = pair.kind if pair else "model"
    return _Row(kind, pair, _marks(seen.reference, seen.trainee, seen.model), has_model=True)


def _marks(*marks: Mark | None) -> dict[str, Mark]:
    """Give the marks that there are, by whose they are."""
    return {who: mark for who, mark in zip(WHO, marks, strict=True) if mark}


def _group(rows: list[_Row]) -> list[dict[str, object]]:
    """Put the rows under headings, what the reference also has first."""
    titles = {**KIND_WORDS, "model": ONLY_MODEL}
    groups = [
        {"title": title, "rows": [at for at, row in enumerate(rows) if row.kind == kind]}
        for kind, title in titles.items()
    ]
    return [group for group in groups if group["rows"]]


# The text


def _cut(text: str, spans: list[_Span], rows: list[_Row], labels: LabelSet) -> list[list[object]]:
    """Cut the text at the borders of all marks; say who covers each stretch, and which end."""
    return [
        [
            text[start:end],
            sorted({span.row for span in found}),
            _lines(found),
            _cues([span for span in found if span.end == end], labels),
        ]
        for start, end, found in segments(len(text), spans)
    ]


def _lines(found: Iterable[_Span]) -> dict[str, bool]:
    """Say whose marks cover a stretch, and whether any of them is of evidence."""
    lines: dict[str, bool] = {}
    for span in found:
        lines[span.who] = lines.get(span.who, False) or span.mark.context == EVIDENCE
    return lines


def _cues(ending: Iterable[_Span], labels: LabelSet) -> list[dict[str, object]]:
    """Make one cue of the marks of a row that end here with one label and context."""
    together: dict[tuple[int, str, str], list[str]] = {}
    for span in ending:
        key = (span.row, span.mark.label, span.mark.context)
        together.setdefault(key, []).append(span.who)
    return [
        {"row": row, "who": "".join(who), **_chip(label, context, labels)}
        for (row, label, context), who in sorted(together.items(), key=lambda one: one[0][0])
    ]


def _chip(id: str, context: str, labels: LabelSet) -> dict[str, str]:
    """Describe a label as a chip, also one that the label set does not have."""
    if id in labels.ids:
        return make_chip(labels[id], context)
    title = id if context == EVIDENCE else f"{id} ({CONTEXT_WORDS[context]})"
    return {"cue": id[:3].upper(), "title": title, "context": context, **PLAIN}


# What stands beside it


def _describe_row(row: _Row, text: str, labels: LabelSet) -> dict[str, object]:
    """Describe a phrase with its reason."""
    marks = [
        {"who": who, "name": WHO[who], **_chip(mark.label, mark.context, labels)}
        for who, mark in row.marks.items()
    ]
    first = next(iter(row.marks.values()))
    is_evidence = "R" in row.marks and row.marks["R"].context == EVIDENCE
    return {
        "phrase": text[first.start : first.end],
        "marks": marks,
        "reason": row.pair.reason if row.pair else _say_only_model(row.marks["M"], labels),
        "model": _say_model(row, labels) if row.has_model and row.pair else "",
        "labels": list(dict.fromkeys(mark.label for mark in row.marks.values())),
        "asked": row.marks["R"].label if is_evidence else "",
    }


def _say_only_model(mark: Mark, labels: LabelSet) -> str:
    """Say that neither of the people has what the model highlights."""
    title, words = title_of(labels, mark.label), CONTEXT_WORDS[mark.context]
    return f"The model highlights {title} here, {words}; neither you nor the reference has a mark."


def _say_model(row: _Row, labels: LabelSet) -> str:
    """Say what the model has on a phrase of the others."""
    if "M" not in row.marks:
        return "The model highlights nothing here as this."
    mark = row.marks["M"]
    return f"The model has {title_of(labels, mark.label)}, {CONTEXT_WORDS[mark.context]}."


def _describe_label(id: str, labels: LabelSet, prompts: Prompts | None) -> dict[str, object]:
    """Describe what the guide and the prompts say of a label."""
    advice = prompts[id].model_dump(include={"ask", "record", "instead"}) if prompts else None
    if id not in labels.ids:
        return {"title": id, "definition": "", "look_alikes": [], "sources": [], "advice": advice}
    label = labels[id]
    return {
        "title": label.title,
        "definition": label.definition,
        "look_alikes": list(label.look_alikes),
        "sources": [
            [name, "; ".join(items), labels.source[name].strip()]
            for name, items in label.sources.items()
        ],
        "advice": advice,
    }


def _describe_did(did, text: str) -> dict[str, object]:
    """Describe what a note did, in its own words or in a reviewer's."""
    if isinstance(did, str):
        return {"words": showable(did), "quoted": False, "dismissive": False}
    return {
        "words": text[did.start : did.end],
        "quoted": True,
        "dismissive": isinstance(did, Mark),
    }
