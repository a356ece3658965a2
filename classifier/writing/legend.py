"""The legend sheet of a workbook: what its words and colours mean, and what it does not say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from classifier.labels import LabelSet
from classifier.note import CONTEXTS
from classifier.wording import (
    CONTEXT_WORDS,
    EVIDENCE_WORDS,
    MATCH_WORDS,
    STRENGTH_WORDS,
    WHAT_IT_DOES_NOT_DO,
)
from classifier.writing.cells import write_text

A4 = 9
"""Excel's number for the paper size."""

CELL_NOTE = (
    "Control characters, which a cell cannot hold, are shown as symbols, one for one; offsets "
    "count the characters of the original text from 0, the end is exclusive."
)


def write_legend(
    sheet: Worksheet,
    labels: LabelSet,
    about: Mapping[str, str],
    formats: Mapping[str, Format],
) -> None:
    """Say what the colours and words mean, what it was made from, and what it does not do.

    Parameters
    ----------
    sheet : Worksheet
        Of XlsxWriter, empty.
    labels : LabelSet
        Explained in its order, with sources.
    about : mapping of str to str
        Facts of the run.
    formats : mapping of str to Format
        ``cell``, ``head``, ``title``, ``aside``, and ``<label id> sample`` for every label.
    """
    for at, width in enumerate((26, 34, 70, 70)):
        sheet.set_column(at, at, width)
    rows = chain(_legend_words(about), _legend_labels(labels))
    for row, (look, *texts) in enumerate(rows):
        for at, text in enumerate(texts):
            write_text(sheet, row, at, text, formats[look if at == 0 else "cell"])
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _legend_words(about) -> Iterator[tuple[str, ...]]:
    """Give the rows above the labels: format of the first cell, then texts."""
    yield "title", "Evidence for review"
    yield "cell", "What this does not do", "", WHAT_IT_DOES_NOT_DO
    for name, value in about.items():
        yield "cell", name, "", value
    yield ("cell",)
    yield "head", "How to read it"
    yield "cell", "Evidence", "", EVIDENCE_WORDS
    yield "cell", "Match to marked examples", "", MATCH_WORDS
    for words, band in STRENGTH_WORDS.items():
        yield "cell", "", words, band
    yield "cell", "Bold, in a colour", "", "May indicate the label of that colour."
    yield "cell", "Underlined too", "", "More than one finding; the closest match gives the colour."
    for context in CONTEXTS[1:]:
        yield "aside", "Grey italics", CONTEXT_WORDS[context], f"The context {context!r}."
    yield "cell", "Text and offsets", "", CELL_NOTE
    yield ("cell",)


def _legend_labels(labels) -> Iterator[tuple[str, ...]]:
    """Give the rows of the labels and of their sources: format of the first cell, then texts."""
    yield "head", "Cue on its colour", "May indicate", "What it is", "Not this"
    for label in labels.label:
        not_this = "; ".join(label.look_alikes)
        yield f"{label.id} sample", label.cue, label.title, label.definition, not_this
        for name, items in label.sources.items():
            yield "aside", "", f"Source: {name}", "; ".join(items)
    yield ("cell",)
    yield "head", "Sources"
    for name, reference in labels.source.items():
        yield "cell", name, "", reference
