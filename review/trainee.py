"""The practice room as one trainee has it open: attempt, group, and the code to come back by."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from review.practice.attempts import Attempt, find_attempts
from review.practice.exercises import Exercise, ExerciseNote, read_exercise, read_notes
from review.practice.sessions import Session, read_session
from review.room import get_store
from review.store import Store

CODE, ATTEMPT, GROUP = "me", "attempt", "group"
"""What stands in the address of the page, so that a browser that was closed comes back."""

KEYS = ("own_code", "attempt_id", "practice_note", "practice_begun")
"""What a session remembers; what was done is in the store alone."""


@dataclass(frozen=True)
class Trainee:
    """What the trainee's screen works with.

    Parameters
    ----------
    store : Store
        Open.
    own_code : str
        Of the trainee.
    attempt : Attempt
        That is open.
    exercise : Exercise
        Of the attempt.
    notes : tuple of ExerciseNote
        In their order.
    group : Session or None
        None for somebody on their own.
    """

    store: Store
    own_code: str
    attempt: Attempt
    exercise: Exercise
    notes: tuple[ExerciseNote, ...]
    group: Session | None


def get_trainee() -> Trainee | None:
    """Give what is open here, or what the address of the page says was.

    Returns
    -------
    Trainee or None
        None if there is nothing, or it is gone.
    """
    own_code = st.session_state.get("own_code") or st.query_params.get(CODE, "")
    attempt_id = st.session_state.get("attempt_id") or st.query_params.get(ATTEMPT, "")
    store = get_store()
    attempt = _find(store, own_code, str(attempt_id)) if own_code and attempt_id else None
    if attempt is None:
        return None
    enter(own_code, attempt)
    return Trainee(
        store,
        own_code,
        attempt,
        read_exercise(store, attempt.exercise_id),
        tuple(read_notes(store, attempt.exercise_id)),
        None if attempt.session_id is None else read_session(store, attempt.session_id),
    )


def enter(own_code: str, attempt: Attempt) -> None:
    """Open an attempt, and put into the address how to come back to it.

    Parameters
    ----------
    own_code : str
        Of the trainee.
    attempt : Attempt
        One of theirs.
    """
    if st.session_state.get("attempt_id") != attempt.id:
        st.session_state.update(practice_note=None, practice_begun=False)
    st.session_state.update(own_code=own_code, attempt_id=attempt.id)
    address = {CODE: own_code, ATTEMPT: str(attempt.id)}
    if st.query_params.to_dict() != address:
        st.query_params.from_dict(address)


def leave() -> None:
    """Close the attempt, and take it out of the address; everything done is in the store."""
    for key in KEYS:
        st.session_state.pop(key, None)
    st.query_params.clear()


def _find(store: Store, own_code: str, attempt_id: str) -> Attempt | None:
    """Find one of the attempts of a code."""
    try:
        own = find_attempts(store, own_code)
    except ValueError:
        return None
    return next((one for one in own if str(one.id) == attempt_id), None)
