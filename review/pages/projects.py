"""The screen of projects: who reads, what is reviewed, notes in, the model over them, settings."""

from __future__ import annotations

import streamlit as st

from review.deliveries import list_deliveries
from review.fact_columns import columns_with_facts, guess_facts
from review.pages import columns
from review.pages.notes_in import bring_in, score, show_deliveries, show_import
from review.projects import (
    ROLES,
    change_settings,
    create_project,
    list_members,
    list_projects,
    set_role,
)
from review.queue import list_queues
from review.room import Room, enter, get_room, get_store, leave
from review.scoring import newest_run, unscored
from review.session import DEMO_FILE, go_to
from review.settings import Settings

TEACHING = """
1. **Bring notes in.** Choose an export (CSV, Excel, Parquet, JSON Lines). You see how each column
   is understood before anything is kept. Bringing the same file again adds only what is new.
2. **Let the model read them.** It highlights phrases that may indicate non-physical abuse, and puts
   notes in an order for reading.
3. **Review.** Answer each highlight with *A* accept, *X* dismiss, *U* unsure; mark what was missed;
   say what became of the note. Everything is kept at once and can be undone.
4. **See the pattern.** Notes of one person over time, what was missed by team and indicator, and
   samples that support a claim.
"""
NEW = "A new project"
DEMO_NAME = "Demonstration (invented notes)"


def show() -> None:
    """Show the screen."""
    room = get_room()
    try:
        get_store()
    except (ModuleNotFoundError, OSError, ValueError) as error:
        st.title("Projects", anchor=False)
        st.error("The store of reviews could not be opened.", icon=":material/error:")
        st.text(str(error))
        return
    if room is None:
        _show_entry()
    else:
        _show_project(room)


# Coming in


def _show_entry() -> None:
    """Ask who reads and which project."""
    projects = list_projects(get_store())
    st.title("Review project", anchor=False)
    if not projects:
        st.markdown("There is no project yet. This is how a review goes:")
        st.markdown(TEACHING)
    left, right = st.columns(2, gap="large")
    with left, st.form("enter", border=True):
        st.subheader("Open a project" if projects else "Begin", anchor=False)
        reader = st.text_input(
            "Your name",
            max_chars=200,
            key="room_name",
            autocomplete="off",
            help="Stands beside each of your decisions. It is taken on trust.",
        )
        ids = [one.id for one in projects]
        names = {one.id: one.name for one in projects}
        chosen = st.selectbox(
            "Project", [*ids, 0], format_func=lambda id: names.get(id, NEW), key="room_choice"
        )
        name = st.text_input("Name of a new project", max_chars=200, key="room_new")
        if st.form_submit_button("Start", type="primary"):
            _enter(reader, chosen, name)
    with right, st.container(border=True):
        st.subheader("Look at the demonstration", anchor=False)
        st.markdown(
            "140 invented call records from an invented police force, twelve people with repeat "
            "calls among them. Nobody in them is real."
        )
        if st.button("Open the demonstration project"):
            open_demo_project(st.session_state.get("room_name") or "Demonstration reader")


def _enter(reader: str, chosen: int, name: str) -> None:
    """Open or make a project."""
    try:
        if not reader.strip():
            raise ValueError("Give your name first: it stands beside each of your decisions.")
        if not chosen:
            chosen = create_project(get_store(), name, by=reader).id
        enter(chosen, reader)
    except ValueError as error:
        st.error("The project could not be opened.", icon=":material/error:")
        st.text(str(error))
        return
    st.rerun()


def open_demo_project(reader: str) -> None:
    """Open the project of invented notes, made on first use, and go on to review.

    Parameters
    ----------
    reader : str
        Who looks at it.
    """
    store = get_store()
    demo = next((one for one in list_projects(store) if one.is_demo), None)
    if demo is None:
        demo = create_project(store, DEMO_NAME, by=reader, is_demo=True)
    enter(demo.id, reader)
    if not list_deliveries(store, demo.id):
        data = DEMO_FILE.read_bytes()
        look, header, _ = columns.look_into(data, "csv")
        facts = guess_facts(header)
        taken = columns_with_facts(look.columns, header, facts)
        bring_in(get_room(), data, DEMO_FILE.name, "csv", taken, facts)
    score(get_room())
    go_to("review")


# Inside a project


def _show_project(room: Room) -> None:
    """Show what the project holds, and what can be done with it."""
    st.title(room.project.name if not room.project.is_demo else DEMO_NAME, anchor=False)
    st.text(f"You read as {room.reader} ({room.role}).")
    _show_state(room)
    notes, files, settings, people = st.tabs(
        ["Bring notes in", "Files brought in", "Settings", "People"]
    )
    with notes:
        show_import(room)
    with files:
        show_deliveries(room)
    with settings:
        _show_settings(room)
    with people:
        _show_people(room)
    if st.button("Leave the project", icon=":material/logout:"):
        leave()
        st.rerun()


def _show_state(room: Room) -> None:
    """Say how many notes there are, scored and read, and offer the next step."""
    ranked = next(
        one
        for one in list_queues(room.store, room.project.id)
        if one.id == room.project.ranked_queue
    )
    run = newest_run(room.store, room.project.id)
    waiting = unscored(room.store, room.project.id, run.id) if run else ranked.n_notes
    if not ranked.n_notes:
        st.markdown("The project holds no notes yet. Bring some in below.")
        st.markdown(TEACHING)
        return
    with st.container(horizontal=True):
        st.metric("Notes", f"{ranked.n_notes:,}")
        st.metric("Read by the model", f"{ranked.n_notes - waiting:,}")
        st.metric("Read by people", f"{ranked.n_read:,}")
    with st.container(horizontal=True):
        if st.button("Review", type="primary", disabled=waiting == ranked.n_notes):
            go_to("review")
        if waiting and st.button(
            f"Let the model read {waiting:,} notes", type="secondary" if run else "primary"
        ):
            score(room)
            st.rerun()


# Settings and people


def _show_settings(room: Room) -> None:
    """Let a lead say what the export's values mean, and what readers are told."""
    now = room.project.settings
    with st.form("settings", border=False):
        flagged = st.text_input(
            "Values of the flag that mean *flagged*",
            ", ".join(now.flagged_values),
            help="With commas between. Small and capital letters are the same.",
        )
        ungraded = st.text_input(
            "Values of the risk assessment that mean *not graded*, beside an empty one",
            ", ".join(filter(None, now.ungraded_values)),
        )
        no_action = st.text_input(
            "Closing codes that mean *no further action*", ", ".join(now.no_action_values)
        )
        support = st.text_area("Helpline and staff support, shown below each note", now.support)
        minutes = st.number_input(
            "Remind of a break after (minutes, 0 for never)", 0, 480, now.break_minutes
        )
        minimum = st.number_input("Do not show counts below", 1, 100, now.minimum_count)
        everyone = st.checkbox(
            "Reviewers may see handlers, not leads alone", "reviewer" in now.handlers_for
        )
        is_sent = st.form_submit_button("Save", disabled=not room.leads)
    if not room.leads:
        st.caption("Only a lead may change these.")
    if is_sent and room.leads:
        settings = Settings(
            flagged_values=_split(flagged),
            ungraded_values=("", *_split(ungraded)),
            no_action_values=_split(no_action),
            support=support,
            break_minutes=int(minutes),
            minimum_count=int(minimum),
            handlers_for=ROLES if everyone else ("lead",),
            seed=now.seed,
        )
        change_settings(room.store, room.project.id, settings)
        st.session_state["room_saved"] = True
        st.rerun()
    if st.session_state.pop("room_saved", False):
        st.success("Saved.", icon=":material/check:")


def _split(words: str) -> tuple[str, ...]:
    """Read values with commas between."""
    return tuple(word.strip() for word in words.split(",") if word.strip())


def _show_people(room: Room) -> None:
    """Show who works on the project; a lead may make others one."""
    for name, role in list_members(room.store, room.project.id).items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{name}: {role}", width="stretch")
            other = next(one for one in ROLES if one != role)
            if room.leads and st.button(f"Make {other}", key=f"room_role_{name}"):
                try:
                    set_role(room.store, room.project.id, name, other)
                    st.rerun()
                except ValueError as error:
                    st.text(str(error))
