"""The trainer's screen: notes chosen, put in order and saved as an exercise; saved ones used."""

from __future__ import annotations

import streamlit as st

from review.pages.exercise_begin import NEW, SAVED, show_begin
from review.pages.exercise_draft import show_draft
from review.pages.exercise_saved import show_saved
from review.practice.exercises import list_exercises
from review.room import get_store

KEPT = (
    *("exercise_source", "exercise_seed", "exercise_labels", "exercise_difficulties"),
    *("exercise_settings", "exercise_victims", "exercise_lengths", "exercise_n", "exercise_share"),
    *("exercise_name", "exercise_trainer", "exercise_kind", "exercise_view"),
)
"""What a trainer chose or typed, which Streamlit would forget while another screen is shown."""

ABOUT = (
    "Notes to practise on. They are invented unless you choose a project's. Their marks are one or "
    "two people's reading, to compare with, and nothing here says whether abuse took place."
)

SAVED_WORDS = "Saved. It never changes now; to change it, make a copy."

TEACHING = """
1. **Choose notes.** Ten of all kinds with one click, or by indicator, difficulty, setting and more.
2. **Look through them.** Move, swap, drop, add or reword; each is shown with its reference marks.
3. **Save.** Then try it yourself, run it with a group, print handouts, or make a variant with the
   same evidence in other words.
"""


def show() -> None:
    """Show the screen."""
    for key in KEPT:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
    st.title("Exercises", anchor=False)
    try:
        saved = list_exercises(get_store())
    except (ModuleNotFoundError, OSError, ValueError) as error:
        st.error("The store of exercises could not be opened.", icon=":material/error:")
        st.text(str(error))
        return
    st.markdown(ABOUT)
    if st.session_state.pop("exercise_told", None):
        st.success(SAVED_WORDS, icon=":material/check:")
    if saved and _choose_view() == SAVED:
        show_saved(saved)
    elif st.session_state.get("exercise_draft") is not None:
        show_draft(saved)
    else:
        if not saved:
            st.markdown(TEACHING)
        show_begin(saved)


def _choose_view() -> str:
    """Let a trainer go between saved exercises and a new one."""
    st.session_state.setdefault("exercise_view", SAVED)
    if view := st.session_state.pop("exercise_view_next", None):
        st.session_state["exercise_view"] = view
    st.segmented_control(
        "Show", [SAVED, NEW], key="exercise_view", required=True, label_visibility="collapsed"
    )
    return st.session_state["exercise_view"]
