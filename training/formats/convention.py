"""The one convention of all formats: a context stands in its own field, or after the label.

Where a tool can hold an attribute of a span it is called ``context``. Where it cannot, the label
is written ``monitoring:negated``; that form is read from every tool.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from classifier.note import Mark, Note

AFFIRMED = "affirmed"
SEPARATORS = ":|"


def make_mark(start: object, end: object, label: object, context: object = None) -> Mark:
    """Make a mark of what a tool says of a span.

    Parameters
    ----------
    start, end : int
        Characters from 0, end exclusive; anything else is refused.
    label : str
        ``monitoring``, ``monitoring:negated`` or ``monitoring|negated``.
    context : str, optional
        If the tool has a field for it; empty or not given, it is the label's, else affirmed.

    Returns
    -------
    Mark
        Its label is not checked yet.

    Raises
    ------
    ValueError
        If the offsets are no whole numbers, there is no label, or two contexts are given.

    Examples
    --------
    >>> make_mark(3, 19, "monitoring:negated")
    Mark(start=3, end=19, label='monitoring', context='negated')
    """
    if type(start) is not int or type(end) is not int:
        raise ValueError("a span has no whole numbers for its start and end")
    if not isinstance(label, str) or not label.strip():
        raise ValueError(f"span {start}:{end} has no label")
    name, said = split_label(label)
    if said and context and said != context:
        raise ValueError(f"span {start}:{end} has two contexts, {said!r} and {context!r}")
    return Mark(start, end, name, context or said or AFFIRMED)


def split_label(label: str) -> tuple[str, str]:
    """Part ``monitoring:negated`` into label and context; undoes `join_label`.

    Parameters
    ----------
    label : str
        With or without a context.

    Returns
    -------
    label, context : str
        The context is empty if none is said.
    """
    for separator in SEPARATORS:
        name, found, context = label.partition(separator)
        if found:
            return name.strip(), context.strip()
    return label.strip(), ""


def join_label(mark: Mark) -> str:
    """Write label and context as one word; affirmed is not written.

    Parameters
    ----------
    mark : Mark
        Any mark.

    Returns
    -------
    str
        Such as ``monitoring`` or ``monitoring:negated``.

    Examples
    --------
    >>> join_label(Mark(0, 4, "threats", "negated"))
    'threats:negated'
    """
    return mark.label if mark.context == AFFIRMED else f"{mark.label}:{mark.context}"


def settle_marks(text: str, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Put marks in reading order and check that they lie inside the text.

    Parameters
    ----------
    text : str
        What the offsets refer to.
    marks : iterable of Mark
        In any order.

    Returns
    -------
    tuple of Mark
        By start, end, label and context.

    Raises
    ------
    ValueError
        If one runs past the text.
    """
    marks = sorted(marks, key=lambda m: (m.start, m.end, m.label, m.context))
    for mark in marks:
        if mark.end > len(text):
            raise ValueError(
                f"span {mark.start}:{mark.end} runs past the text ({len(text)} characters)"
            )
    return tuple(marks)


def check_labels(marks: Iterable[Mark], allowed: tuple[str, ...], where: str) -> None:
    """Refuse a label that the label file does not have.

    Parameters
    ----------
    marks : iterable of Mark
        Of one note.
    allowed : tuple of str
        Ids of the labels.
    where : str
        Names file and record in the message.

    Raises
    ------
    ValueError
        With the label found and all that are allowed.
    """
    for mark in marks:
        if mark.label not in allowed:
            close = get_close_matches(mark.label, allowed, n=1)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise ValueError(
                f"{where}: no label {mark.label!r}; {hint}allowed are {', '.join(allowed)}, each "
                "alone or with a context, such as monitoring:negated"
            )


def check_writable(note: Note) -> None:
    """Refuse to write a note that could not be read back as it is.

    Parameters
    ----------
    note : Note
        Any note.

    Raises
    ------
    ValueError
        If a label holds a colon or a stroke, or `meta` is not JSON.
    """
    for mark in note.marks:
        if split_label(mark.label) != (mark.label, ""):
            raise ValueError(
                f"note {note.id!r}: label {mark.label!r} holds ':' or '|' or blanks at its ends, "
                "which separate label and context"
            )
    if plain_meta(note.meta) != dict(note.meta):
        raise ValueError(f"note {note.id!r}: its meta holds what JSON cannot say")


def plain_meta(meta: Mapping[str, object]) -> dict[str, object]:
    """Give metadata as JSON would give them back.

    Parameters
    ----------
    meta : mapping
        Of strings to anything.

    Returns
    -------
    dict
        With lists instead of tuples.

    Raises
    ------
    ValueError
        If JSON cannot say it.
    """
    try:
        return json.loads(json.dumps(dict(meta), allow_nan=False))
    except (TypeError, ValueError):
        raise ValueError("'meta' holds what JSON cannot say") from None
