"""The screen of exercises alone: ``streamlit run exercises_page.py -- STORE [PROJECT READER]``.

With a project, it is open as its lead.
"""

import sys

import streamlit as st

from review.highlight import STATIC
from review.pages import exercises
from review.room import enter, get_store, settle_store


def practise() -> None:
    """Stand for the trainee's screen."""
    st.text(f"practise {st.session_state.get('exercise_id')}")


def group() -> None:
    """Stand for the trainer's live screen."""
    st.text(f"group {st.session_state.get('exercise_id')}")


def main(store: str, *opened: str) -> None:
    st.set_page_config(layout="wide")
    st.html(STATIC / "page.css")
    settle_store(store)
    get_store()
    if opened and "project_id" not in st.session_state:
        enter(int(opened[0]), opened[1])
    places = {
        "exercises": st.Page(exercises.show, title="Exercises", url_path="exercises", default=True),
        "practise": st.Page(practise, title="Practise", url_path="practise"),
        "group": st.Page(group, title="Group", url_path="group"),
    }
    st.session_state["places"] = places
    st.navigation(list(places.values()), position="top").run()


if __name__ == "__main__":
    main(*sys.argv[1:])
