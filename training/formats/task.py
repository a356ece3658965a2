"""What any annotation tool's record becomes before it is checked: a task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from classifier.reading.rejects import RawNote

BY_ANOTHER = "marked by another annotator"
BY_NOBODY = "does not say who marked it"
AGAIN = "marked again by the same annotator"


@dataclass(frozen=True)
class Task:
    """One person's answer to one note, as a tool wrote it.

    Parameters
    ----------
    raw : RawNote
        The note and its marks, not checked yet; or a ``fault``.
    annotators : tuple of str
        Names of the one person who answered: number, e-mail, user name; empty if not said.
    left_out : str or None
        Why it is no marked note although nothing is wrong with it: rejected, skipped, not done.
    passed_over : tuple of str
        What it holds besides labelled spans and is not taken along.
    """

    raw: RawNote
    annotators: tuple[str, ...] = ()
    left_out: str | None = None
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """Something that was read and on purpose not taken along, to be counted.

    Parameters
    ----------
    row : int
        Number of the record, counted from 1.
    id : str or None
        Its id, if it has one.
    reason : str
        The same words for the same reason; never words of the note.
    """

    row: int
    id: str | None
    reason: str


def pick_annotator(tasks: Iterable[Task], annotator: str | None = None) -> Iterator[Task]:
    """Keep one person's answer to each note; mark the others as left out.

    Parameters
    ----------
    tasks : iterable of Task
        In the order of the file.
    annotator : str, optional
        Any name of the person whose answers count; not given, the first answer to a note counts.

    Yields
    ------
    Task
        Every one that came in, some now with ``left_out``.

    Raises
    ------
    ValueError
        At the end, if nothing was by `annotator`; the message says who there is.
    """
    first: dict[str, Task] = {}
    people: set[str] = set()
    for task in tasks:
        people |= set(task.annotators)
        if not task.left_out:
            earlier = first.get(task.raw.id or "")
            if annotator is not None and annotator not in task.annotators:
                task = _leave_out(task, BY_ANOTHER if task.annotators else BY_NOBODY)
            elif earlier and earlier.annotators != task.annotators:
                task = _leave_out(task, BY_ANOTHER)
            elif earlier and earlier.annotators and earlier.annotators == task.annotators:
                task = _leave_out(task, AGAIN)
            elif task.raw.id:
                first.setdefault(task.raw.id, task)
        yield task
    if annotator is not None and annotator not in people:
        known = ", ".join(sorted(people)) or "no names in this file"
        raise ValueError(f"nothing is marked by {annotator!r}; there are: {known}")


def _leave_out(task: Task, reason: str) -> Task:
    """Give a task a reason to be left out."""
    return Task(task.raw, task.annotators, reason, task.passed_over)
