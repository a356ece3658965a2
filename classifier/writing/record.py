"""A note's evidence as plain, checked values: what every file format writes."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping

from classifier.findings import NoteEvidence
from classifier.labels import LabelSet
from classifier.note import CONTEXTS, Note

DECIMALS = 4
"""Scores are calibrated on some thousand phrases; further decimals would say nothing."""


def checked(results: Iterable[NoteEvidence], labels: LabelSet) -> Iterator[NoteEvidence]:
    """Pass results on, one at a time, if they fit their notes and the labels.

    Parameters
    ----------
    results : iterable of NoteEvidence
        Read once, as the caller asks for more.
    labels : LabelSet
        The labels the results were made with.

    Yields
    ------
    NoteEvidence
        Unaltered, in the order given.

    Raises
    ------
    ValueError
        If a span does not lie in its text, a label or context is unknown, a score is not in
        [0, 1], or ``scores`` holds other labels than `labels`. Names the note by its id.
    """
    ids = set(labels.ids)
    for result in results:
        fault = _fault(result, ids)
        if fault:
            raise ValueError(f"note {result.note.id!r}: {fault}")
        yield result


def _fault(result: NoteEvidence, ids: set[str]) -> str | None:
    """Name the first thing that is wrong with a result, never its words."""
    length = len(result.note.text)
    for finding in result.findings:
        if not 0 <= finding.start < finding.end <= length:
            span = f"{finding.start}:{finding.end}"
            return f"span {span} is empty or runs past the text ({length} characters)"
        if finding.label not in ids:
            return f"no label {finding.label!r} in the label set"
        if finding.context not in CONTEXTS:
            return f"no context {finding.context!r}; it must be one of {', '.join(CONTEXTS)}"
    if set(result.scores) != ids:
        odd = ", ".join(sorted(set(result.scores) ^ ids))
        return f"scores must hold every label once and no other; look at {odd}"
    numbers = [result.evidence, *result.scores.values(), *(f.score for f in result.findings)]
    wrong = [number for number in numbers if not 0 <= number <= 1]
    return f"scores must be from 0 to 1, got {wrong[0]}" if wrong else None


def record_of(result: NoteEvidence, labels: LabelSet, *, with_text: bool) -> dict[str, object]:
    """Turn a result into the dictionary that one line of JSON Lines holds.

    Parameters
    ----------
    result : NoteEvidence
        One note with its findings.
    labels : LabelSet
        Gives the order of ``scores``.
    with_text : bool
        Whether the note's text goes in.

    Returns
    -------
    dict
        Keys ``id``, ``text`` (if asked), ``spans``, ``scores``, ``evidence``, and ``meta`` where
        the note has any. Scores are rounded to ``DECIMALS``.
    """
    record: dict[str, object] = {"id": result.note.id}
    if with_text:
        record["text"] = result.note.text
    record["spans"] = [
        {
            "start": int(finding.start),
            "end": int(finding.end),
            "label": finding.label,
            "context": finding.context,
            "score": rounded(finding.score),
        }
        for finding in result.findings
    ]
    record["scores"] = {id: rounded(result.scores[id]) for id in labels.ids}
    record["evidence"] = round(float(result.evidence), 6)
    if result.note.meta:
        record["meta"] = plain(result.note.meta)
    return record


def rounded(score: float) -> float:
    """Round a score for a file.

    Parameters
    ----------
    score : float
        Also a NumPy number.

    Returns
    -------
    float
        With at most ``DECIMALS`` decimals.
    """
    return round(float(score), DECIMALS)


def plain(value: object) -> object:
    """Turn a value of a note's meta into one that JSON can hold.

    Parameters
    ----------
    value : object
        Whatever a reader put there.

    Returns
    -------
    object
        Text, whole and finite numbers, true, false, null, and lists and mappings of them as
        they are; anything else, such as a date or NaN, as its text.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return str(value)


def to_json(value: object) -> str:
    r"""Write a value as one line of JSON, in the characters it is made of.

    Parameters
    ----------
    value : object
        Of the kinds that `plain` returns.

    Returns
    -------
    str
        Not ASCII only; half characters (lone surrogates) stand as ``\udXXX``, so that the line
        can be written as UTF-8 and read back the same.
    """
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return line.encode("utf-8", "backslashreplace").decode("utf-8")


def meta_columns(note: Note | None, taken: Collection[str]) -> tuple[str, ...]:
    """Choose the meta keys that get a column of their own in a table.

    Parameters
    ----------
    note : Note or None
        The first note of the file, None for an empty file. A table that is written as a stream
        cannot wait for the keys of the last note.
    taken : collection of str
        Names of the table's own columns.

    Returns
    -------
    tuple of str
        Keys of that note, in its order, without the names taken.
    """
    return tuple(key for key in (note.meta if note else ()) if key not in taken)


def meta_cells(note: Note, columns: Collection[str]) -> list[str]:
    """Lay a note's meta out in columns, and whatever has no column in one last cell.

    Parameters
    ----------
    note : Note
        Any note of the file.
    columns : collection of str
        As returned by `meta_columns`.

    Returns
    -------
    list of str
        One text for each column, empty where the note lacks the key, then the other keys as a
        JSON object, empty if there are none. So nothing is lost.
    """
    rest = {key: value for key, value in note.meta.items() if key not in columns}
    cells = [meta_words(note.meta.get(key)) for key in columns]
    return [*cells, to_json(plain(rest)) if rest else ""]


def meta_words(value: object) -> str:
    """Write one value of a note's meta as text.

    Parameters
    ----------
    value : object
        Whatever a reader put there.

    Returns
    -------
    str
        Text as it is, nothing for None, anything else as in JSON.
    """
    value = plain(value)
    if value is None:
        return ""
    return value if isinstance(value, str) else to_json(value)
