"""The first screen: what Unheard does, and opening notes."""

from __future__ import annotations

import io

import streamlit as st

from classifier.findings import Finding
from classifier.note import Note
from classifier.reading.rejects import MAX_TEXT
from review.highlight import show_note
from review.pages import columns
from review.session import (
    DEMO_FILE,
    Opened,
    find_in,
    forget,
    get_model,
    get_opened,
    get_shipped_labels,
    go_to,
    keep_opened,
    read_source,
)

ENDINGS = ["csv", "tsv", "xlsx", "parquet", "jsonl", "txt"]

EXAMPLE = (
    "Female caller, whispering. Says he goes through her phone every night and she has to be "
    "home by five. Asked if he has ever hurt her, no threats made. Verbal only, advice given."
)
"""Invented, and marked by hand below."""

EXAMPLE_PHRASES = (
    ("whispering", "fear_compliance", "affirmed"),
    ("goes through her phone every night", "monitoring", "affirmed"),
    ("has to be home by five", "daily_control", "affirmed"),
    ("no threats made", "threats", "negated"),
    ("Verbal only", "dismissive_response", "affirmed"),
)

DOES = """
- Reads call notes and highlights phrases that a trained reviewer should look at.
- Says which of 17 labels each phrase may indicate, and why.
- Tells apart what a note records as happening, as not happening, or only asks about.
- Puts notes in an order for reading.
"""

DOES_NOT = """
- It does not say whether abuse took place.
- It scores no person and closes no note.
- It overlooks things. What is not highlighted may still matter.
- It decides nothing. Every decision stays with you.
"""

PRIVACY = """
- Opened here, notes stay in the memory of the computer that runs this page, and nothing is kept on
  disk unless you download it. *Close and forget*, or stopping the program, drops the notes.
- Notes of a review project are kept in its store: a file on that computer, or your own database.
- Nothing is sent elsewhere.
"""


def show() -> None:
    """Show the screen."""
    st.title("Unheard", anchor=False)
    st.markdown(
        "Highlights phrases in call notes that **may indicate non-physical abuse**, "
        "as evidence for a trained person to review."
    )
    _show_open_notes()
    _show_review_entry()
    _show_practice_entry()
    entry, example = st.columns([1, 1], gap="large")
    with entry:
        _show_entries()
    with example:
        _show_example()
    st.space("small")
    for column, (title, words) in zip(
        st.columns(3, gap="large"),
        {"What it does": DOES, "What it does not do": DOES_NOT, "Where notes go": PRIVACY}.items(),
        strict=True,
    ):
        with column:
            st.header(title, anchor=False)
            st.markdown(words)


def open_demo() -> None:
    """Open the invented notes that come with Unheard, and go on to reading."""
    notes, rejects = read_source(DEMO_FILE)
    _find_and_keep(notes, DEMO_FILE.name, rejects, is_demo=True)


def _show_open_notes() -> None:
    """Offer to go on with what is open."""
    opened = get_opened()
    if opened is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(f"Open now: {opened.name}, {len(opened.results)} notes", width="stretch")
        if st.button("Go on reading", type="primary"):
            go_to("read")
        st.button("Close and forget", on_click=forget)


def _show_review_entry() -> None:
    """Offer the review room, where decisions are kept."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            "**Review with others, or over days:** decisions are kept in a store, with repeat "
            "calls, samples and figures. Below, notes are only looked at and nothing is kept.",
            width="stretch",
        )
        if st.button("Review projects"):
            go_to("projects")


def _show_practice_entry() -> None:
    """Offer the practice room, for trainers and trainees."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            "**Train, or practise:** exercises of invented notes, to mark alone or in a group, and "
            "to compare with the marks of others.",
            width="stretch",
        )
        if st.button("Make an exercise"):
            go_to("exercises")
        if st.button("Practise"):
            go_to("practise")


def _show_entries() -> None:
    """Offer a file, a note to paste, and the demonstration."""
    st.header("Open notes", anchor=False)
    file, paste, demo = st.tabs(["Open a file", "Paste a note", "Demonstration"])
    with file:
        _show_file_entry()
    with paste:
        _show_paste_entry()
    with demo:
        st.markdown(
            "140 invented call records from an invented police force, some faulty on purpose. "
            "Nobody in them is real."
        )
        if st.button("Open the demonstration", type="primary"):
            open_demo()


def _show_file_entry() -> None:
    """Let a person choose a file and its columns, and read it."""
    upload = st.file_uploader(
        "A file of call notes",
        type=ENDINGS,
        help="CSV, TSV, Excel (.xlsx), Parquet, JSON Lines, or one note as plain text. "
        "The file stays in memory.",
    )
    if upload is None:
        return
    data, name = upload.getvalue(), upload.name
    format = name.rpartition(".")[2].lower()
    try:
        chosen = columns.choose_columns(data, format)
        if st.button("Read the notes", type="primary", disabled=chosen is columns.MISSING):
            notes, rejects = read_source(io.BytesIO(data), columns=chosen, format=format)
            _find_and_keep(notes, name, rejects)
    except ValueError as error:
        st.error("This file could not be read.", icon=":material/error:")
        st.text(columns.reword(error))


def _show_paste_entry() -> None:
    """Let a person paste one note."""
    with st.form("paste", border=False):
        text = st.text_area(
            "One call note", height=190, max_chars=MAX_TEXT, placeholder="Paste or type a note here"
        )
        is_sent = st.form_submit_button("Find phrases", type="primary")
    if is_sent and not text.strip():
        st.warning("There is no text yet. Paste a note first.")
    elif is_sent:
        _find_and_keep([Note("Pasted note", text)], "a pasted note")


def _find_and_keep(
    notes: list[Note], name: str, rejects: list | tuple = (), *, is_demo: bool = False
) -> None:
    """Find evidence, showing how far it is, and go to the reading screen."""
    if not notes:
        st.error("No row of this file could be read as a note.", icon=":material/error:")
        columns.show_rejects(rejects)
        return
    try:
        get_model()
    except (FileNotFoundError, ValueError) as error:
        st.error("The model could not be loaded.", icon=":material/error:")
        st.text(str(error))
        return
    box = st.container(horizontal=True, vertical_alignment="center")
    bar = box.progress(0.0, f"Reading {len(notes)} notes …" if len(notes) > 1 else "Reading …")
    box.button("Stop", key="stop", on_click=_stop)

    def tell(done: int) -> None:
        bar.progress(done / len(notes), f"{done} of {len(notes)} notes read")

    results = find_in(notes, on_progress=tell)
    keep_opened(Opened(name, results, tuple(rejects), is_demo))
    go_to("read")


def _stop() -> None:
    """Keep the demonstration from starting again; the click itself has ended the reading."""
    st.session_state["demo_seen"] = True


def _show_example() -> None:
    """Show what highlights look like."""
    with st.container(border=True, key="example"):
        st.markdown("**What highlights look like**")
        findings = []
        for phrase, label, context in EXAMPLE_PHRASES:
            start = EXAMPLE.index(phrase)
            findings.append(Finding(start, start + len(phrase), label, context, 0.9))
        show_note(EXAMPLE, findings, get_shipped_labels(), key="example_note")
        st.caption(
            "An invented note, marked by hand. The letters at the end of a phrase name the label "
            "it may indicate: MON is Monitoring. *THR not*, with a broken line, is something the "
            "note records as not happening."
        )
