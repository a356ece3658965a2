"""The screen where decisions go out again: files with rows in and rows out, feedback sheets."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from review.export import LOG_FORMATS, export_notes
from review.fact_values import list_values
from review.feedback import make_feedback
from review.paper import PDF_NEEDS, has_pdf, make_pdf
from review.room import Room

FORMAT_WORDS = {
    "jsonl": "Marked notes for training (JSON Lines)",
    "decisions.jsonl": "Every decision (JSON Lines)",
    "csv": "Every decision (CSV)",
    "xlsx": "Every decision (Excel)",
    "spacy": "Marked notes for spaCy",
    "prodigy": "Marked notes for Prodigy",
    "doccano": "Marked notes for doccano",
    "label-studio": "Marked notes for Label Studio",
}
ENDINGS = {
    "spacy": ".spacy",
    "prodigy": ".prodigy.jsonl",
    "doccano": ".doccano.jsonl",
    "label-studio": ".label-studio.json",
}
WHICH_WORDS = {
    "read": "On notes read to the end",
    "all": "On all notes, also those only begun",
}
MADE, SHEET = "room_export_made", "room_export_sheet"


def show() -> None:
    """Show the screen."""
    room: Room = st.session_state["room"]
    st.title("Export", anchor=False)
    st.markdown(
        "A file leaves this room with all that is in it. Keep it where only those who may read "
        "the notes can open it."
    )
    _show_files(room)
    if room.role == "lead":
        _show_sheets(room)


def _show_files(room: Room) -> None:
    """Offer a file of decisions or marked notes."""
    st.header("A file", anchor=False)
    format = st.selectbox(
        "What", list(FORMAT_WORDS), format_func=FORMAT_WORDS.get, key="room_export_format"
    )
    which = "read"
    if format in LOG_FORMATS:
        which = st.radio(
            "Which decisions",
            list(WHICH_WORDS),
            format_func=WHICH_WORDS.get,
            key="room_export_which",
        )
    else:
        st.caption(
            "Notes that were read to the end, those without marks too. A final reading settles a "
            "note, else the one finished first."
        )
    only_mine = st.checkbox("Only what I decided", key="room_export_mine")
    redacted = st.checkbox("Mask names, numbers and addresses", key="room_export_redacted")
    wish = (room.project.id, format, which, only_mine, redacted)
    if st.button("Make the file", type="primary", key="room_export_make"):
        _make_file(room, wish)
    kept = st.session_state.get(MADE)
    if kept is not None and kept[0] == wish:
        _, name, data, sentences = kept
        for sentence in sentences:
            st.text(sentence)
        st.download_button("Download", data, file_name=name, key="room_export_download")


def _make_file(room: Room, wish: tuple) -> None:
    """Make a file in a folder of this user alone, and keep its bytes in this session."""
    _, format, which, only_mine, redacted = wish
    name = f"{'masked-' if redacted else ''}{'decisions' if format in LOG_FORMATS else 'notes'}"
    ending = ENDINGS.get(format, f".{format.rpartition('.')[2]}")
    st.session_state.pop(MADE, None)
    with tempfile.TemporaryDirectory(prefix="unheard-") as folder:
        path = Path(folder) / f"{name}{ending}"
        try:
            told = export_notes(
                room.store,
                room.project.id,
                path,
                format=format,
                which=which,
                redacted=redacted,
                reader=room.reader if only_mine else None,
            )
        except ValueError as error:
            st.error("The file could not be made.", icon=":material/error:")
            st.text(str(error))
            return
        st.session_state[MADE] = (wish, path.name, path.read_bytes(), told.sentences)


def _show_sheets(room: Room) -> None:
    """Offer a feedback sheet for a team, or for a handler where that may be seen."""
    st.header("A feedback sheet", anchor=False)
    st.markdown(
        "For a conversation about notes: what was heard, what was missed, and the guide's words. "
        "It gives no score and compares nobody."
    )
    kinds = ["team", "handler"] if room.sees_handlers else ["team"]
    kind = st.radio("For a", kinds, horizontal=True, key="room_sheet_kind")
    with room.store.read() as connection:
        names = list_values(connection, room.project.id, kind)
    if not names:
        st.text(f"No note of this project names a {kind}.")
        return
    name = st.selectbox("Whose notes", names, key=f"room_sheet_{kind}")
    first, last = st.columns(2)
    since = first.date_input("From", value=None, key="room_sheet_since", format="DD/MM/YYYY")
    until = last.date_input("To", value=None, key="room_sheet_until", format="DD/MM/YYYY")
    masked = st.checkbox("Mask quotes", value=True, key="room_sheet_masked")
    wish = (room.project.id, kind, name, since, until, masked)
    if st.button("Make the sheet", key="room_sheet_make"):
        page = make_feedback(
            room.store,
            room.project.id,
            **{kind: name},
            since=since and since.isoformat(),
            until=until and until.isoformat(),
            mask_quotes=masked,
        )
        st.session_state[SHEET] = (wish, page)
    kept = st.session_state.get(SHEET)
    if kept is not None and kept[0] == wish:
        _offer_sheet(kept[1])


def _offer_sheet(page: str) -> None:
    """Offer a sheet as HTML and, where WeasyPrint is installed, as PDF."""
    st.download_button("Download HTML", page, file_name="feedback.html", mime="text/html")
    if has_pdf():
        st.download_button(
            "Download PDF",
            lambda: make_pdf(page),
            file_name="feedback.pdf",
            mime="application/pdf",
        )
    else:
        st.text(f"{PDF_NEEDS[0].upper()}{PDF_NEEDS[1:]}.")
