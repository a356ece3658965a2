"""JSON to notes: our own form, and those that Prodigy and doccano export."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from classifier.labels import LabelSet
from classifier.note import CONTEXTS, Mark
from classifier.reading.columns import Columns
from classifier.reading.decoding import SURROGATE
from classifier.reading.rejects import RawNote

FIELDS = Columns(text="text", id="id", person="person", received="received")
"""Fields read if none are named."""


def read_lines(
    lines: Iterable[str], *, columns: Columns | None = None, labels: LabelSet | None = None
) -> Iterator[RawNote]:
    """Read JSON Lines; blank lines are passed over.

    Parameters
    ----------
    lines : iterable of str
        As decoded by `classifier.reading.decoding.decode_lines`.
    columns : Columns, optional
        Names of the fields, ``FIELDS`` if not given.
    labels : LabelSet, optional
        Labels that spans may have; any if not given.

    Yields
    ------
    RawNote
        One for each line, counted from 1. What is wrong with it is its ``fault``.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        line = line.rstrip("\r\n")
        own = {"line": line}
        if SURROGATE.search(line):
            fault = "line holds bytes that cannot be read; save the file as UTF-8"
            yield RawNote(number, own, fault=fault)
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield RawNote(number, own, fault=f"line is no JSON{_locate(error)}")
        else:
            yield read_record(number, record, own, columns=columns, labels=labels)


def read_list(
    text: str, *, columns: Columns | None = None, labels: LabelSet | None = None
) -> Iterator[RawNote]:
    """Read a JSON list of records.

    Parameters
    ----------
    text : str
        The whole file.
    columns : Columns, optional
        As in `read_lines`.
    labels : LabelSet, optional
        As in `read_lines`.

    Yields
    ------
    RawNote
        One for each record, counted from 1.

    Raises
    ------
    ValueError
        If it is no JSON.
    """
    try:
        records = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is no JSON list{_locate(error)}; was it exported completely?") from None
    for number, record in enumerate(records, start=1):
        own = {"line": json.dumps(record, ensure_ascii=False)}
        yield read_record(number, record, own, columns=columns, labels=labels)


def _locate(error: Exception) -> str:
    """Say where JSON ends to be JSON, without its words."""
    if isinstance(error, json.JSONDecodeError):
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        return f": {error.msg} at {line}character {error.colno}"
    return ""


def read_record(
    number: int,
    record: object,
    own: Mapping[str, str],
    *,
    columns: Columns | None = None,
    labels: LabelSet | None = None,
) -> RawNote:
    """Read one record; a field is looked for in the record, then in its ``meta``.

    A record without ``id`` is called after ``id`` in its ``meta``, or else after Prodigy's
    ``_input_hash``, if it has one. Where a
    person in Prodigy did not accept the record, its spans mean nothing and it is at fault.

    Parameters
    ----------
    number : int
        Line or place in the list.
    record : object
        As parsed; must be a mapping.
    own : mapping of str to str
        What to write back if it is rejected.
    columns : Columns, optional
        As in `read_lines`.
    labels : LabelSet, optional
        As in `read_lines`.

    Returns
    -------
    RawNote
        Complete, or with a ``fault``.
    """
    fields = columns or FIELDS
    names = {
        "text_name": f"field {fields.text!r}",
        "received_name": f"field {fields.received!r}",
    }
    try:
        if not isinstance(record, Mapping):
            raise ValueError("record is no JSON object in braces")
        if SURROGATE.search(json.dumps(record, ensure_ascii=False)):
            raise ValueError("record holds half a character (a lone surrogate); export it again")
        meta = record.get("meta") or {}
        if not isinstance(meta, Mapping):
            raise ValueError("field 'meta' is no JSON object in braces")
        everything = {**meta, **record}
        if columns is None and record.get("id") is None:
            everything["id"] = meta.get("id", record.get("_input_hash"))
        values = {
            role: _simple(everything, name)
            for role, name in [
                ("id", fields.id),
                ("person", fields.person),
                ("received", fields.received),
            ]
            if name is not None
        }
        values["text"] = _text_of(everything, fields.text)
        if (record.get("answer") or "accept") != "accept":
            raise ValueError("field 'answer' is not 'accept'; only accepted spans count as marks")
        marks = marks_of(record, labels, text=values["text"])
    except ValueError as error:
        return RawNote(number, own, fault=str(error), id=_id_of(record, fields.id), **names)
    kept = {name: everything[name] for name in fields.keep if name in everything}
    return RawNote(number, own, meta={**meta, **kept}, marks=marks, **values, **names)


def _text_of(everything: Mapping[str, Any], name: str) -> str:
    """Return the text of a record; ValueError if there is none."""
    if name not in everything:
        raise ValueError(f"field {name!r} is missing; name the field of the text with --text NAME")
    text = everything[name]
    if not isinstance(text, str):
        raise ValueError(f"field {name!r} is no string")
    return text


def _simple(everything: Mapping[str, Any], name: str) -> str | None:
    """Return a field as text; ValueError if it is a list or an object."""
    value = everything.get(name)
    if value is None:
        return None
    if isinstance(value, Mapping | list | bool):
        raise ValueError(f"field {name!r} is neither a string nor a number")
    return str(value)


def _id_of(record: object, name: str | None) -> str | None:
    """Return the id of a faulty record, if it can be told."""
    value = record.get(name) if isinstance(record, Mapping) and name else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def marks_of(
    record: Mapping[str, Any],
    labels: LabelSet | Collection[str] | None = None,
    *,
    text: str | None = None,
) -> tuple[Mark, ...]:
    """Read the spans of a record.

    They stand under ``spans`` (ours and Prodigy's: ``start``, ``end``, ``label``, ``context``),
    ``entities`` (doccano: ``start_offset``, ``end_offset``, ``label``), or ``label`` or
    ``labels`` (doccano: ``[start, end, label]``). A label such as ``monitoring:negated`` or
    ``monitoring|negated`` holds the context too; without any it is affirmed.

    Parameters
    ----------
    record : mapping
        One parsed record.
    labels : LabelSet or collection of str, optional
        Labels allowed; any if not given.
    text : str, optional
        What the spans refer to, the record's ``text`` if not given.

    Returns
    -------
    tuple of Mark
        In reading order.

    Raises
    ------
    ValueError
        If a span is malformed, lies outside the text, or has an unknown label or context.

    Examples
    --------
    >>> marks_of({"text": "He checks her phone.", "label": [[3, 19, "monitoring:negated"]]})
    (Mark(start=3, end=19, label='monitoring', context='negated'),)
    """
    text = record["text"] if text is None else text
    allowed = labels.ids if isinstance(labels, LabelSet) else labels
    marks = []
    for field in ("spans", "entities", "label", "labels"):
        spans = record.get(field) or []
        if not isinstance(spans, list):
            raise ValueError(f"field {field!r} is no list of spans")
        for place, span in enumerate(spans, start=1):
            mark = _read_span(span, f"{field} {place}", allowed)
            if mark.end > len(text):
                raise ValueError(
                    f"span {mark.start}:{mark.end} runs past the text ({len(text)} characters)"
                )
            marks.append(mark)
    return tuple(sorted(marks, key=lambda mark: (mark.start, mark.end, mark.label)))


def _read_span(span: object, name: str, allowed: Collection[str] | None) -> Mark:
    """Read one span in any of the forms."""
    if isinstance(span, list) and len(span) == 3:
        start, end, label = span
        context = None
    elif isinstance(span, Mapping):
        start = span.get("start", span.get("start_offset"))
        end = span.get("end", span.get("end_offset"))
        label, context = span.get("label"), span.get("context")
    else:
        raise ValueError(f"{name} is neither [start, end, label] nor an object with these")
    if type(start) is not int or type(end) is not int:
        raise ValueError(f"{name} has no whole numbers for start and end")
    if not isinstance(label, str) or not label.strip():
        raise ValueError(f"{name} has no label")
    label, context = _split_label(label, context, allowed)
    if not isinstance(context, str):
        raise ValueError(f"{name} has no context of {', '.join(CONTEXTS)}")
    if allowed is not None and label not in allowed:
        close = get_close_matches(label, allowed, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(allowed)}"
        raise ValueError(f"no label {label!r}; {hint}")
    return Mark(start, end, label, context)


def _split_label(
    label: str, context: object, allowed: Collection[str] | None
) -> tuple[str, object]:
    """Part ``monitoring:negated`` into label and context."""
    if context is None and label not in (allowed or ()):
        for separator in ":|":
            label, found, context = label.partition(separator)
            if found:
                return label.strip(), context.strip()
    return label.strip(), "affirmed" if context in (None, "") else context
