"""How a comparison is shown after a trainee is done: the note with all marks, and why they differ.

One component: the note with the reference marks as lines below, the trainee's as lines above and
the model's as a hatched band, each also with a letter; beside it every phrase with its reason. What
comes from a note goes into its data and is set as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from classifier.findings import Finding
from classifier.labels import LabelSet
from classifier.note import Mark
from classifier.segments import segments
from classifier.wording import CONTEXT_WORDS, WHAT_IT_DOES_NOT_DO, showable
from review.highlight import make_chip, make_component
from review.practice.colleague import COLLEAGUE_WORDS, Seen, compare_three
from review.practice.comparison import EVIDENCE, KIND_WORDS, MET, Compared, Comparison
from review.practice.prompts import Prompts, what_the_note_did
from review.practice.reasons import title_of

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

_view = make_component(
    "compare", '<div class="root"><div class="compare"></div></div>', files=("highlight",)
)


def show_comparison(
    comparison: Comparison,
    labels: LabelSet,
    *,
    key: str,
    model_marks: Iterable[Mark | Finding] | None = None,
    prompts: Prompts | None = None,
) -> None:
    """Show a comparison: the note with all marks, and beside it every phrase with its reason.

    Parameters
    ----------
    comparison : Comparison
        From `review.practice.comparison.compare`.
    labels : LabelSet
        Titles, definitions, look-alikes and sources.
    key : str
        Of the element, unique on the page.
    model_marks : iterable of Mark or Finding, optional
        What the model highlights, as a third reading; see `review.practice.colleague`.
    prompts : Prompts, optional
        What could have been asked and recorded; not shown if not given.
    """
    _view(key=key, data=describe(comparison, labels, model_marks=model_marks, prompts=prompts))


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


def say_summary(comparison: Comparison) -> str:
    """Say in words what a trainee and the reference have in common in a note.

    Parameters
    ----------
    comparison : Comparison
        Of a trainee's marks.

    Returns
    -------
    str
        Counts of phrases, without a grade.
    """
    evidence = [
        pair.kind
        for pair in comparison.pairs
        if pair.reference and pair.reference.context == EVIDENCE
    ]
    taken = sum(
        pair.reference is not None and pair.reference.context != EVIDENCE
        for pair in comparison.of("context")
        if pair.trainee.context == EVIDENCE
    )
    if evidence:
        parts = [
            f"{count} {words}"
            for count, words in (
                (sum(kind in MET for kind in evidence), "with the same label"),
                (evidence.count("label"), "with another label"),
                (evidence.count("context"), "as a look-alike"),
                (evidence.count("missed"), "not marked as such"),
            )
            if count
        ]
        listed = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
        said = [
            f"The reference has {_count(len(evidence), 'phrase')} of evidence; yours: {listed}."
        ]
    else:
        said = ["The reference has no evidence in this note."]
    if over := len(comparison.of("over")):
        said.append(f"You have {_count(over, 'mark')} where the reference has none.")
    elif not evidence and not taken:
        said.append("You marked none either.")
    if taken:
        said.append(f"You took {_count(taken, 'look-alike')} for evidence.")
    return " ".join(said)


def _count(number: int, noun: str) -> str:
    """Count things."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


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
