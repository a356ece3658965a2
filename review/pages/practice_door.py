"""Part of the trainee's screen: the ways in. Join a group, practise alone, or come back."""

from __future__ import annotations

import streamlit as st

from review.practice.attempts import Attempt, find_attempts, join_session, start_attempt
from review.practice.codes import make_own_code
from review.practice.exercises import Exercise, list_exercises
from review.practice.sessions import find_session
from review.room import get_store
from review.session import say_received
from review.store import Store
from review.trainee import enter

OWN_CODE = "Your own code, if you have one"
OWN_CODE_HELP = (
    "Three words and a number, from an earlier exercise. With it you see how you went on over "
    "several exercises. Leave it empty to get a new one."
)
WORDS = """
Read call notes as they were received, mark what you hear, and compare with the marks of others.
Nobody is graded, and nothing here bears your name unless you give one.
"""


def show_door() -> None:
    """Show the ways in."""
    st.title("Practise", anchor=False)
    st.markdown(WORDS)
    store = get_store()
    exercises = list_exercises(store)
    group, alone = st.columns(2, gap="large")
    with group:
        _show_group(store)
    with alone:
        _show_alone(store, exercises)
    with st.expander("Come back to an exercise"):
        _show_return(store, {one.id: one.name for one in exercises})


def _show_group(store: Store) -> None:
    """Let a trainee join a group by the code on the trainer's screen."""
    st.header("With a group", anchor=False)
    with st.form("practice_group", border=True):
        code = st.text_input("Code of the group", autocomplete="off", max_chars=20)
        alias = st.text_input(
            "What to call you (optional)",
            autocomplete="off",
            max_chars=80,
            help="The trainer sees it in the list of who is here, and nowhere else.",
        )
        own = st.text_input(OWN_CODE, autocomplete="off", help=OWN_CODE_HELP, key="group_own")
        if st.form_submit_button("Join", type="primary"):
            own = own.strip() or make_own_code()
            _come_in(own, lambda: join_session(store, find_session(store, code), own, alias=alias))


def _show_alone(store: Store, exercises: list[Exercise]) -> None:
    """Let a trainee begin an exercise."""
    st.header("On your own", anchor=False)
    if not exercises:
        st.markdown("There is no exercise yet. A trainer makes them on the page *Exercises*.")
        return
    names = {one.id: f"{one.name} ({one.n_notes})" for one in exercises}
    wanted = st.session_state.get("exercise_id")
    with st.form("practice_alone", border=True):
        chosen = st.selectbox(
            "Exercise",
            list(names),
            index=list(names).index(wanted) if wanted in names else 0,
            format_func=names.get,
        )
        own = st.text_input(OWN_CODE, autocomplete="off", help=OWN_CODE_HELP, key="alone_own")
        if st.form_submit_button("Begin", type="primary"):
            own = own.strip() or make_own_code()
            _come_in(own, lambda: start_attempt(store, chosen, own))


def _show_return(store: Store, names: dict[int, str]) -> None:
    """List what was done by a code."""
    own = st.text_input("Your own code", autocomplete="off", key="return_own").strip()
    if not own:
        return
    try:
        found = find_attempts(store, own)
    except ValueError as error:
        st.text(str(error))
        return
    if not found:
        st.markdown("Nothing was done with this code here.")
        return
    names_of = {one.id: f"{names[one.exercise_id]}, {say_received(one.at)}" for one in found}
    by_id = {one.id: one for one in found}
    chosen = st.selectbox("Exercise", list(by_id), format_func=names_of.get, key="return_attempt")
    st.button("Go on with it", on_click=enter, args=(own, by_id[chosen]))


def _come_in(own_code: str, begin) -> None:
    """Begin, or say why not."""
    try:
        attempt: Attempt = begin()
    except ValueError as error:
        st.error("This did not work.", icon=":material/error:")
        st.text(str(error))
        return
    enter(own_code, attempt)
    st.rerun()
