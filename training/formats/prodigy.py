"""Prodigy: JSON Lines with ``spans`` and an ``answer``; the context is a key of the span.

Offsets count characters, since Prodigy takes them from spaCy's tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from classifier.note import Note
from classifier.reading.rejects import RawNote
from training.corpus import note_to_record
from training.formats.convention import make_mark, settle_marks
from training.formats.offsets import CHARACTERS, read_offsets
from training.formats.records import (
    read_tasks,
    take,
    take_id,
    take_objects,
    take_text,
    write_lines,
)
from training.formats.task import Task

ANSWERS = ("accept", "reject", "ignore")


def read_prodigy(path: Path, *, text: str = "text", offsets: str | None = None) -> Iterator[Task]:
    """Read what ``prodigy db-out`` writes.

    The id is the record's ``id``, else that in its ``meta``, else ``_input_hash``. Only accepted
    records count; one without an answer counts as accepted.

    Parameters
    ----------
    path : Path
        JSON Lines or a JSON list.
    text : str
        Field that holds the note.
    offsets : str, optional
        One of ``UNITS``; characters if not given.

    Yields
    ------
    Task
        One for each record.
    """
    yield from read_tasks(path, partial(_parse, text=text, offsets=offsets or CHARACTERS))


def _parse(
    record: Mapping[str, Any], raw: RawNote, member: str, *, text: str, offsets: str
) -> list[Task]:
    """Parse one record."""
    meta = take(record, "meta", dict)
    answer = take(record, "answer", str) or "accept"
    if answer not in ANSWERS:
        raise ValueError(f"field 'answer' is none of {', '.join(ANSWERS)}")
    names = [record.get(key) for key in ("_annotator_id", "_session_id")]
    annotators = tuple(dict.fromkeys(str(name) for name in names if name is not None))
    raw = replace(raw, id=take_id(raw.id, meta.get("id"), record.get("_input_hash")), meta=meta)
    if answer != "accept":
        return [Task(raw, annotators, left_out=f"answer is {answer}")]
    words = take_text(record, text)
    marks = [
        make_mark(
            *read_offsets(words, span.get("start"), span.get("end"), offsets),
            span.get("label"),
            span.get("context"),
        )
        for span in take_objects(record, "spans")
    ]
    raw = replace(raw, text=words, marks=settle_marks(words, marks))
    passed_over = ("relations between spans",) if record.get("relations") else ()
    return [Task(raw, annotators, passed_over=passed_over)]


def write_prodigy(notes: Iterable[Note], path: Path) -> None:
    """Write notes for ``prodigy db-in``, or as source of ``spans.manual``; undoes `read_prodigy`.

    Parameters
    ----------
    notes : iterable of Note
        Marked notes.
    path : Path
        JSON Lines file.
    """
    write_lines(({**note_to_record(note), "answer": "accept"} for note in notes), path)
