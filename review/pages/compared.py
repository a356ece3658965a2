"""Part of the trainee's screen: a finished note beside its reference marks, and how it went on."""

from __future__ import annotations

import streamlit as st

from classifier.labels import LabelSet
from classifier.note import Note
from review.decisions import TO_RECORD, Reading
from review.pages.model_reading import FLATTERED, find_unseen
from review.pages.tables import show_table
from review.practice.attempts import Attempt, find_attempts, read_attempt
from review.practice.compare_view import show_comparison
from review.practice.comparison import compare
from review.practice.exercises import ExerciseNote, read_notes
from review.practice.progress import PROGRESS_WORDS, Progress, progress, say_progress
from review.practice.prompts import load_prompts
from review.practice.reasons import title_of
from review.practice.sessions import read_session
from review.store import Store
from review.trainee import Trainee


def show_compared(
    trainee: Trainee, one: ExerciseNote, reading: Reading | None, labels: LabelSet
) -> None:
    """Show a note with the trainee's marks, the reference's, and on request the model's.

    Parameters
    ----------
    trainee : Trainee
        Whose marks.
    one : ExerciseNote
        That may be compared.
    reading : Reading or None
        What the trainee made of it; None if it was not begun.
    labels : LabelSet
        Words for the labels.
    """
    st.title(f"{one.note.id}, compared", anchor=False)
    has_model = st.toggle(
        "Show what the model highlighted",
        key="practice_model",
        help="A model that had not seen this note. It errs too; compare it with the reference.",
    )
    model_marks = find_unseen([one.note])[0] if has_model else None
    if has_model and model_marks is None:
        st.caption(FLATTERED)
    marks = [added.mark for added in reading.marks] if reading else []
    show_comparison(
        compare(one.note, marks, labels),
        labels,
        key=f"compared_{one.id}",
        model_marks=model_marks,
        prompts=load_prompts(),
    )
    _show_own_words(reading)


def _show_own_words(reading: Reading | None) -> None:
    """Show what the trainee would have done and asked, in their own words."""
    if reading is None or not (reading.outcome or reading.comment):
        return
    st.header("What you wrote", anchor=False)
    if reading.outcome:
        st.text(TO_RECORD.get(reading.outcome, reading.outcome))
    if reading.comment:
        st.text(reading.comment)


def show_progress(trainee: Trainee, labels: LabelSet) -> None:
    """Show the trainee, and nobody else, what they saw by indicator, over all their exercises.

    Parameters
    ----------
    trainee : Trainee
        Whose exercises.
    labels : LabelSet
        Words for the labels.
    """
    attempts = find_attempts(trainee.store, trainee.own_code)[::-1]
    finished = [_finished(trainee.store, attempt) for attempt in attempts]
    met = progress(finished, labels)
    st.header("By indicator", anchor=False)
    st.markdown(PROGRESS_WORDS)
    if not met.labels:
        st.markdown("No note with evidence has been compared yet.")
        return
    for label in met.labels:
        st.text(say_progress(label, labels))
    if met.attempts > 1:
        _show_attempts(met, labels)


def _show_attempts(met: Progress, labels: LabelSet) -> None:
    """Show all exercises side by side."""
    show_table(
        "Reference phrases met, exercise by exercise, the oldest first",
        ["Indicator", *(f"Exercise {number + 1}" for number in range(met.attempts))],
        [
            [title_of(labels, one.label), *("" if each is None else each for each in one.attempts)]
            for one in met.labels
        ],
    )


def _finished(store: Store, attempt: Attempt) -> list[tuple[Note, list]]:
    """Give the notes of an attempt whose reference marks the trainee may see, with their marks."""
    group = None if attempt.session_id is None else read_session(store, attempt.session_id)
    notes = read_notes(store, attempt.exercise_id)
    shown = {} if group is None else group.revealed_among(one.id for one in notes)
    readings = read_attempt(store, attempt, until=shown)
    return [
        (one.note, [added.mark for added in readings[one.id].marks])
        for one in notes
        if one.id in readings and (readings[one.id].is_done if group is None else one.id in shown)
    ]
