"""doccano: JSON Lines with ``label`` lists or ``entities``; the context stands after the label.

Offsets count UTF-16 units, since doccano's page counts them in the browser (doccano issues 2290
and 2484). A project that counts grapheme clusters as one character cannot be told from its file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from classifier.note import Note
from classifier.reading.rejects import RawNote
from training.formats.convention import join_label, make_mark, settle_marks
from training.formats.offsets import UTF16, read_offsets, to_utf16
from training.formats.records import read_tasks, take, take_text, write_lines
from training.formats.task import Task

SPANS = ("label", "labels", "entities")
ALL_PEOPLE = ("", "all", "admin_all")
"""Names of a file in doccano's zip that are no person's."""


def read_doccano(path: Path, *, text: str = "text", offsets: str | None = None) -> Iterator[Task]:
    """Read doccano's JSON Lines, or the zip file with one for each person.

    What a record holds besides text and spans is kept in ``meta``.

    Parameters
    ----------
    path : Path
        JSON Lines, a JSON list, or a zip file of these.
    text : str
        Field that holds the note.
    offsets : str, optional
        One of ``UNITS``; UTF-16 units if not given.

    Yields
    ------
    Task
        One for each record.
    """
    yield from read_tasks(path, partial(_parse, text=text, offsets=offsets or UTF16))


def _parse(
    record: Mapping[str, Any], raw: RawNote, member: str, *, text: str, offsets: str
) -> list[Task]:
    """Parse one record."""
    words = take_text(record, text)
    if not any(name in record for name in SPANS):
        raise ValueError(f"none of the fields {', '.join(SPANS)}; was a label exported?")
    marks = []
    for name in SPANS:
        for place, span in enumerate(take(record, name, list), start=1):
            start, end, label = _parse_span(span, f"{name} {place}")
            marks.append(make_mark(*read_offsets(words, start, end, offsets), label))
    others = {
        key: value
        for key, value in record.items()
        if key not in {"id", text, "meta", "relations", *SPANS} and value not in ([], None)
    }
    raw = replace(
        raw,
        text=words,
        marks=settle_marks(words, marks),
        meta={**take(record, "meta", dict), **others},
    )
    annotators = () if member in ALL_PEOPLE else (member,)
    passed_over = ("relations between spans",) if record.get("relations") else ()
    return [Task(raw, annotators, passed_over=passed_over)]


def _parse_span(span: object, name: str) -> tuple[object, object, object]:
    """Give start, end and label of a span in either form."""
    if isinstance(span, list) and len(span) == 3:
        return tuple(span)
    if isinstance(span, dict):
        return span.get("start_offset"), span.get("end_offset"), span.get("label")
    raise ValueError(f"{name} is neither [start, end, label] nor an object with these")


def write_doccano(notes: Iterable[Note], path: Path) -> None:
    """Write notes for doccano's JSONL import of a sequence labelling project.

    doccano keeps ``id`` and ``meta`` and gives them back when it exports.

    Parameters
    ----------
    notes : iterable of Note
        Marked notes.
    path : Path
        JSON Lines file.
    """
    write_lines(
        (
            {
                "id": note.id,
                "text": note.text,
                "label": [
                    [*to_utf16(note.text, mark.start, mark.end), join_label(mark)]
                    for mark in note.marks
                ],
                "meta": dict(note.meta),
            }
            for note in notes
        ),
        path,
    )
