"""Label Studio: JSON of tasks with annotations; the context is a choice for each region.

Offsets count characters since Label Studio 1.4 (label-studio-frontend pull request 308), UTF-16
units before. Label Studio keeps the words of a region beside its offsets: they tell which.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from classifier.note import CONTEXTS, Mark, Note
from classifier.reading.rejects import RawNote
from training.formats.convention import AFFIRMED, make_mark, settle_marks
from training.formats.offsets import UNITS, read_offsets
from training.formats.records import read_tasks, take, take_id, take_objects, take_text
from training.formats.task import Task

REGIONS = ("labels", "hypertextlabels")
"""Types of results that label a piece of text."""
LABEL, CONTEXT, TEXT = "label", "context", "text"
"""Names of the tags that we write; any names are read."""
OF_JSON_MIN = (
    *("id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time"),
    *("agreement", "note_id", "meta"),
)
"""What JSON_MIN puts beside the data of a task, and our own."""


@dataclass(frozen=True)
class Region:
    """A labelled region as Label Studio has it.

    Parameters
    ----------
    start, end : object
        As in the file.
    labels : list
        One or several.
    words : str or None
        What the file says that it covers.
    context : str or None
        The choice for this region.
    """

    start: object
    end: object
    labels: list[object]
    words: str | None
    context: str | None = None


def read_label_studio(
    path: Path, *, text: str = "text", offsets: str | None = None
) -> Iterator[Task]:
    """Read Label Studio's JSON or JSON_MIN.

    The id is ``note_id`` or ``id`` of the data, else that of the task. Skipped annotations and
    tasks without any are left out; predictions are not read.

    Parameters
    ----------
    path : Path
        A JSON list of tasks, or one task.
    text : str
        Field of the data that holds the note.
    offsets : str, optional
        One of ``UNITS``; told by the words of the regions if not given.

    Yields
    ------
    Task
        One for each annotation of each task, at least one a task.
    """
    yield from read_tasks(path, partial(_parse, text=text, offsets=offsets))


def _parse(
    record: Mapping[str, Any], raw: RawNote, member: str, *, text: str, offsets: str | None
) -> list[Task]:
    """Parse one task."""
    if "data" not in record:
        return [_parse_min(record, raw, text, offsets)]
    data = take(record, "data", dict)
    others = {k: v for k, v in data.items() if k not in {text, "id", "note_id", "meta"}}
    raw = replace(
        raw,
        id=take_id(data.get("note_id"), data.get("id"), raw.id),
        meta={**take(data, "meta", dict), **others},
    )
    annotations = take_objects(record, "annotations") or take_objects(record, "completions")
    if not annotations:
        return [Task(raw, left_out="not annotated")]
    return [_parse_annotation(a, raw, take_text(data, text), offsets) for a in annotations]


def _parse_annotation(
    annotation: Mapping[str, Any], raw: RawNote, words: str, offsets: str | None
) -> Task:
    """Parse one person's annotation of a task."""
    people = _name_annotator(annotation.get("completed_by"))
    if annotation.get("was_cancelled"):
        return Task(raw, people, left_out="skipped (was_cancelled)")
    try:
        regions, passed_over = _read_results(take_objects(annotation, "result"))
        marks = _make_marks(words, regions, offsets)
    except ValueError as error:
        return Task(replace(raw, fault=str(error)), people)
    return Task(replace(raw, text=words, marks=marks), people, passed_over=passed_over)


def _name_annotator(person: object) -> tuple[str, ...]:
    """Give the names of the person who annotated; a number or an object."""
    if isinstance(person, dict):
        names = [person.get(key) for key in ("id", "email", "username")]
        return tuple(str(name) for name in names if name is not None)
    return () if person is None else (str(person),)


def _read_results(results: list[dict[str, Any]]) -> tuple[list[Region], tuple[str, ...]]:
    """Bring the results of one annotation together to regions; say what is not taken along."""
    labelled = [result for result in results if result.get("type") in REGIONS]
    ids = {result.get("id") for result in labelled}
    contexts: dict[object, str] = {}
    passed_over: dict[str, None] = {}
    for result in results:
        if result.get("type") in REGIONS:
            continue
        choices = take(take(result, "value", dict), "choices", list)
        here = result.get("id")
        if here in ids and result.get("type") == "choices" and set(choices) <= set(CONTEXTS):
            if len(choices) > 1 or here in contexts:
                raise ValueError("a region has several contexts; one is allowed")
            contexts.update((here, choice) for choice in choices)
        else:
            passed_over[f"results of type {result.get('type')!r}"] = None
    regions = [
        _read_region(take(result, "value", dict), contexts.get(result.get("id")))
        for result in labelled
    ]
    return regions, tuple(passed_over)


def _read_region(value: Mapping[str, Any], context: str | None = None) -> Region:
    """Read where a region is and what it is labelled with."""
    start, end = value.get("start"), value.get("end")
    if isinstance(inside := value.get("globalOffsets"), dict):
        start, end = inside.get("start"), inside.get("end")
    elif "startOffset" in value:
        raise ValueError("a region says its place by XPath only; mark with Text, not HyperText")
    labels = [label for name in REGIONS for label in take(value, name, list)]
    if not labels:
        raise ValueError("a region has no label")
    return Region(start, end, labels, value.get("text"), context)


def _make_marks(words: str, regions: list[Region], offsets: str | None) -> tuple[Mark, ...]:
    """Make marks of regions, several of a region with several labels."""
    unit = offsets or _tell_unit(words, regions)
    return settle_marks(
        words,
        [
            make_mark(*read_offsets(words, region.start, region.end, unit), label, region.context)
            for region in regions
            for label in region.labels
        ],
    )


def _tell_unit(words: str, regions: list[Region]) -> str:
    """Tell what offsets count by the words that the file keeps with them."""
    kept = [region for region in regions if isinstance(region.words, str)]
    for unit in UNITS:
        if all(_has_its_words(words, region, unit) for region in kept):
            return unit
    raise ValueError(
        "the words kept with a region are not those at its offsets, neither in characters nor in "
        "UTF-16 units; was the text changed?"
    )


def _has_its_words(words: str, region: Region, unit: str) -> bool:
    """Tell whether a region covers the words that the file says; blanks may differ."""
    try:
        start, end = read_offsets(words, region.start, region.end, unit)
    except ValueError:
        return False
    return _without_blanks(words[start:end]) == _without_blanks(region.words or "")


def _without_blanks(words: str) -> str:
    r"""Leave out what Label Studio alters: white space, and line breaks written ``\n``."""
    return re.sub(r"\\n|\s+", "", words)


def _parse_min(record: Mapping[str, Any], raw: RawNote, text: str, offsets: str | None) -> Task:
    """Parse a record of JSON_MIN: the data of a task, and its regions under the tag's name."""
    words = take_text(record, text)
    regions, others = [], {}
    for name, value in record.items():
        if name in OF_JSON_MIN or name == text:
            continue
        if _is_regions(value):
            regions += [_read_region(v) for v in value]
        elif name == CONTEXT and (said := _as_contexts(value)):
            if said != {AFFIRMED}:
                raise ValueError(
                    "JSON_MIN does not say which region a context belongs to; export as JSON"
                )
        else:
            others[name] = value
    raw = replace(
        raw,
        id=take_id(record.get("note_id"), raw.id),
        text=words,
        marks=_make_marks(words, regions, offsets),
        meta={**take(record, "meta", dict), **others},
    )
    return Task(raw, _name_annotator(record.get("annotator")))


def _is_regions(value: object) -> bool:
    """Tell whether a field of JSON_MIN holds labelled regions."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(v, dict) and any(name in v for name in REGIONS) for v in value)
    )


def _as_contexts(value: object) -> set[object]:
    """Give the contexts that a field of JSON_MIN holds, if it holds nothing else."""
    values = value if isinstance(value, list) else [value]
    return set(CONTEXTS) & set(values) if all(v in CONTEXTS for v in values) else set()


def write_label_studio(notes: Iterable[Note], path: Path) -> None:
    """Write annotated tasks to import into Label Studio; undoes `read_label_studio`.

    Parameters
    ----------
    notes : iterable of Note
        Marked notes. One without marks becomes a task with an empty annotation.
    path : Path
        JSON file.
    """
    tasks = [
        {
            "id": number,
            "data": {"note_id": note.id, "text": note.text, "meta": dict(note.meta)},
            "annotations": [{"result": list(_write_results(note)), "was_cancelled": False}],
        }
        for number, note in enumerate(notes, start=1)
    ]
    path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1), "utf-8", newline="\n")


def _write_results(note: Note) -> Iterator[dict[str, Any]]:
    """Write two results a mark, label and context, tied by their id."""
    for number, mark in enumerate(note.marks, start=1):
        place = {"start": mark.start, "end": mark.end, "text": note.text[mark.start : mark.end]}
        for name, kind, value in (
            (LABEL, "labels", mark.label),
            (CONTEXT, "choices", mark.context),
        ):
            yield {
                "id": f"mark-{number}",
                "from_name": name,
                "to_name": TEXT,
                "type": kind,
                "value": {**place, kind: [value]},
            }
