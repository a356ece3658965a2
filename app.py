"""Start the page: ``streamlit run app.py -- [--demo] [--practice] [--model DIR] [--store URL]``."""

from __future__ import annotations

import argparse

import streamlit as st

from classifier.wording import WHAT_IT_DOES_NOT_DO
from review.highlight import STATIC
from review.offline import ask_nobody
from review.pages import (
    agreement,
    case,
    exercises,
    export,
    gallery,
    group,
    guide,
    missed,
    models,
    practise,
    projects,
    read,
    review,
    samples,
    start,
)
from review.room import Room, get_room, settle_store
from review.session import KEPT_KEYS, MODEL_KEYS, get_opened, settle_folders

DEMO_WORDS = (
    "Demonstration with invented (synthetic) notes. No person, place or call in them is real."
)


# Screens that can be gone to: without a project open, with one, and beside either.
OUTSIDE = ("open", "read", "projects", "guide", "models")
IN_A_PROJECT = (
    *("projects", "review", "cases", "missed", "samples", "agreement", "export"),
    *("guide", "models"),
)
PRACTICE = ("exercises", "group", "practise", "gallery")
# All that there is with --practice: no project, no exercise with its reference marks.
FOR_TRAINEES = ("practise", "gallery", "guide")


def make_places(first: str = "open") -> dict[str, st.Page]:
    """Name all screens.

    Parameters
    ----------
    first : str
        The screen that the bare address shows.

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
        "exercises": (exercises, "Exercises"),
        "group": (group, "Group"),
        "practise": (practise, "Practise"),
        "gallery": (gallery, "Gallery"),
    }
    return {
        name: st.Page(page.show, title=title, url_path=name, default=name == first)
        for name, (page, title) in screens.items()
    }


def choose_places(
    places: dict[str, st.Page], is_practice: bool, room: Room | None
) -> dict[str, list[st.Page]]:
    """Choose the screens that can be gone to.

    Parameters
    ----------
    places : dict of str to st.Page
        From `make_places`.
    is_practice : bool
        Whether this page is for trainees only.
    room : Room or None
        The project that is open.

    Returns
    -------
    dict of str to list of st.Page
        By the heading of the menu; those without one stand by themselves.
    """
    if is_practice:
        return {"": [places[name] for name in FOR_TRAINEES]}
    shown = IN_A_PROJECT if room else OUTSIDE
    return {
        "": [places[name] for name in shown],
        "Practice": [places[name] for name in PRACTICE],
    }


def main() -> None:
    """Show the screen that a person chose, between the banner and the standing line."""
    options = argparse.ArgumentParser(allow_abbrev=False)
    options.add_argument("--demo", action="store_true", help="open the invented notes")
    options.add_argument("--practice", action="store_true", help="for trainees only")
    options.add_argument("--model", action="append", default=[], help="folder; repeat")
    options.add_argument("--store", help="path or URL of the store of reviews")
    given = options.parse_known_args()[0]
    ask_nobody()
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
    places = make_places("practise" if given.practice else "open")
    st.session_state["places"] = places
    room = st.session_state["room"] = None if given.practice else get_room()
    screen = st.navigation(choose_places(places, given.practice, room), position="top")
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
