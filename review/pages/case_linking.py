"""Part of the screen of cases: notes put into a case by a person, or taken out of it."""

from __future__ import annotations

import streamlit as st

from review.linking import find_note, put_in_case, take_out, undo_case
from review.room import Room, get_room
from review.timelines import Case


def show_linking(room: Room, case: Case) -> None:
    """Let a person put a note in this case by its number.

    Parameters
    ----------
    room : Room
        That is open.
    case : Case
        That is shown.
    """
    with st.expander("Put another note in this case"), st.form("put_in", border=False):
        st.text_input("Number of the note", key="room_case_note")
        args = (room, case.ref)
        st.form_submit_button("Put it in this case", on_click=_put_in, args=args)


def _put_in(room: Room, ref: str) -> None:
    """Put the note with the typed number in a case."""
    name = st.session_state["room_case_note"].strip()
    found = find_note(room.store, room.project.id, name)
    if found is None:
        _keep_message(f"No note of this project has the number {name!r}.", None)
        return
    note_id, before = found
    if before == ref:
        _keep_message(f"Note {name} is in this case already.", None)
        return
    put_in_case(room.store, room.project.id, [note_id], ref, reader=room.reader)
    was = f" It was in {before} before." if before else ""
    _keep_message(f"Note {name} was put in this case.{was}", note_id)


def take_out_of_case(room: Room, note_id: int, name: str) -> None:
    """Take a note out of its case.

    Parameters
    ----------
    room : Room
        That is open.
    note_id : int
        Of the note.
    name : str
        Its number, to be said.
    """
    take_out(room.store, room.project.id, [note_id], reader=room.reader)
    _keep_message(f"Note {name} was taken out of this case; it is in none now.", note_id)


def _undo(note_id: int) -> None:
    """Take back what this reader last said of a note's case."""
    room = st.session_state.get("room") or get_room()
    undo_case(room.store, room.project.id, note_id, reader=room.reader)
    _keep_message("Undone.", None)


def _keep_message(words: str, note_id: int | None) -> None:
    """Keep what was done, to be said on the next run of the page."""
    st.session_state["room_case_said"] = words, note_id


def show_message() -> None:
    """Say what was done, and offer to undo it."""
    words, note_id = st.session_state.get("room_case_said", ("", None))
    if not words:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="case_said"):
        st.text(words)
        if note_id is not None:
            st.button("Undo", on_click=_undo, args=(note_id,))
