"""Start the page: ``streamlit run app.py -- [--demo] [--model FOLDER] [--store URL]``."""

from __future__ import annotations

import argparse

import streamlit as st

from classifier.wording import WHAT_IT_DOES_NOT_DO
from review.highlight import STATIC
from review.pages import (
    agreement,
    case,
    export,
    guide,
    missed,
    models,
    projects,
    read,
    review,
    samples,
    start,
)
from review.room import get_room, settle_store
from review.session import KEPT_KEYS, MODEL_KEYS, get_opened, settle_folders

DEMO_WORDS = (
    "Demonstration with invented (synthetic) notes. No person, place or call in them is real."
)


# Screens that can be gone to, without a project open and with one.
OUTSIDE = ("open", "read", "projects", "guide", "models")
IN_A_PROJECT = (
    *("projects", "review", "cases", "missed", "samples", "agreement", "export"),
    *("guide", "models"),
)


def make_places() -> dict[str, st.Page]:
    """Name all screens.

    Returns
    -------
    dict of str to st.Page
        By the name that `review.session.go_to` takes.
    """
    screens = {
        "open": (start, "Open"),
        "read": (read, "Read"),
        "projects": (projects, "Projects"),
        "review": (review, "Review"),
        "cases": (case, "Cases"),
        "missed": (missed, "Missed"),
        "samples": (samples, "Samples"),
        "agreement": (agreement, "Agreement"),
        "export": (export, "Export"),
        "guide": (guide, "Labels"),
        "models": (models, "Models"),
    }
    return {
        name: st.Page(page.show, title=title, url_path=name, default=name == "open")
        for name, (page, title) in screens.items()
    }


def main() -> None:
    """Show the screen that a person chose, between the banner and the standing line."""
    options = argparse.ArgumentParser(allow_abbrev=False)
    options.add_argument("--demo", action="store_true", help="open the invented notes")
    options.add_argument("--model", action="append", default=[], help="folder; repeat")
    options.add_argument("--store", help="path or URL of the store of reviews")
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
    settle_store(given.store)
    for key in (*KEPT_KEYS, *MODEL_KEYS):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
    places = make_places()
    st.session_state["places"] = places
    room = st.session_state["room"] = get_room()
    shown = IN_A_PROJECT if room else OUTSIDE
    screen = st.navigation([places[name] for name in shown], position="top")
    opened = get_opened()
    if (opened.is_demo if opened else is_demo) or (room and room.project.is_demo):
        st.info(DEMO_WORDS, icon=":material/science:")
    st.caption(WHAT_IT_DOES_NOT_DO)
    if is_demo and not st.session_state.get("demo_seen"):
        start.open_demo()
    screen.run()
    with st.container(key="closing"):
        st.caption("Call notes can be distressing to read. Take breaks, and talk to someone.")


if __name__ == "__main__":
    main()
