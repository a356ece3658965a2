"""What a group has done so far with each note of its exercise: counts and marks, never names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from classifier.note import Mark
from review.decisions import Reading
from review.practice.attempts import list_attempts, read_attempts
from review.practice.exercises import ExerciseNote
from review.practice.sessions import Session
from review.store import Store


@dataclass(frozen=True)
class GroupNote:
    """A note, and what the group made of it.

    Parameters
    ----------
    one : ExerciseNote
        With the reference marks.
    begun, done : int
        Trainees who have begun it and not finished, and who have finished.
    marks : tuple of tuple of Mark
        For each trainee who counts, in no order that tells who it is: who has finished, and once
        the reference marks were shown also who had begun.
    outcomes : mapping of str to int
        What they would do, by id, with how many said so.
    words : tuple of str
        What they would ask and record, in alphabetical order.
    """

    one: ExerciseNote
    begun: int
    done: int
    marks: tuple[tuple[Mark, ...], ...] = field(repr=False)
    outcomes: Mapping[str, int]
    words: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Group:
    """Who is there, and what they made of each note.

    Parameters
    ----------
    joined : int
        Trainees.
    aliases : tuple of str
        Of those who gave one, in alphabetical order.
    notes : tuple of GroupNote
        In the exercise's order.
    """

    joined: int
    aliases: tuple[str, ...]
    notes: tuple[GroupNote, ...]


def read_group(store: Store, session: Session, notes: Sequence[ExerciseNote]) -> Group:
    """Read what a group has done so far.

    Parameters
    ----------
    store : Store
        Open.
    session : Session
        As it stands; what was done to a note after its reference marks were shown is left out.
    notes : sequence of ExerciseNote
        Of its exercise.

    Returns
    -------
    Group
        As it stands.
    """
    shown = session.revealed_among(one.id for one in notes)
    attempts = list_attempts(store, session.exercise_id, session_id=session.id)
    readings = read_attempts(store, attempts, until=shown)
    return Group(
        len(attempts),
        tuple(sorted(one.alias for one in attempts if one.alias)),
        tuple(
            _gather(
                one,
                [found[one.id] for found in readings.values() if one.id in found],
                is_shown=one.id in shown,
            )
            for one in notes
        ),
    )


def _gather(one: ExerciseNote, readings: Sequence[Reading], *, is_shown: bool) -> GroupNote:
    """Put together what the group made of a note."""
    done = [reading for reading in readings if reading.is_done]
    counted = readings if is_shown else done
    marks = (tuple(added.mark for added in reading.marks) for reading in counted)
    return GroupNote(
        one,
        len(readings) - len(done),
        len(done),
        tuple(sorted(marks, key=lambda own: [(mark.start, mark.end, mark.label) for mark in own])),
        Counter(reading.outcome for reading in counted if reading.outcome),
        tuple(sorted(reading.comment for reading in counted if reading.comment)),
    )
