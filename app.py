"""Start the page: ``streamlit run app.py -- [--demo] [--model FOLDER]``, or ``unheard app``."""

from __future__ import annotations

import argparse

import streamlit as st

from classifier.wording import WHAT_IT_DOES_NOT_DO
from review.highlight import STATIC
from review.pages import guide, models, read, start
from review.session import KEPT_KEYS, MODEL_KEYS, get_opened, settle_folders

DEMO_WORDS = (
    "Demonstration with invented (synthetic) notes. No person, place or call in them is real."
)


def main() -> None:
    """Show the screen that a person chose, between the banner and the standing line."""
    options = argparse.ArgumentParser(allow_abbrev=False)
    options.add_argument("--demo", action="store_true", help="open the invented notes")
    options.add_argument("--model", action="append", default=[], help="folder; repeat")
    given = options.parse_known_args()[0]
    is_demo = given.demo
    st.set_page_config(
        page_title="Unheard",
        page_icon=str(STATIC / "icon.svg"),
        layout="wide",
        initial_sidebar_state=330,
    )
    st.html(STATIC / "page.css")
    settle_folders(given.model)
    for key in (*KEPT_KEYS, *MODEL_KEYS):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
    places = {
        "open": st.Page(start.show, title="Open", url_path="open", default=True),
        "read": st.Page(read.show, title="Read", url_path="read"),
        "guide": st.Page(guide.show, title="Labels", url_path="guide"),
        "models": st.Page(models.show, title="Models", url_path="models"),
    }
    st.session_state["places"] = places
    screen = st.navigation(list(places.values()), position="top")
    opened = get_opened()
    if opened.is_demo if opened else is_demo:
        st.info(DEMO_WORDS, icon=":material/science:")
    st.caption(WHAT_IT_DOES_NOT_DO)
    if is_demo and not st.session_state.get("demo_seen"):
        start.open_demo()
    screen.run()
    with st.container(key="closing"):
        st.caption("Call notes can be distressing to read. Take breaks, and talk to someone.")


if __name__ == "__main__":
    main()
