"""Part of the screen of projects: notes in, the model over them, and what was brought in before."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from itertools import islice

import streamlit as st

from classifier.model_file import DEFAULT_MODEL
from classifier.note import Note
from classifier.reading import TABLES, read_notes
from classifier.reading.columns import Columns
from classifier.wording import showable
from review.deliveries import deliver, list_deliveries
from review.fact_columns import FACT_TITLES, columns_with_facts, guess_facts
from review.pages import columns
from review.pages.start import ENDINGS
from review.pages.tables import show_table
from review.room import Room, get_room
from review.scoring import score_notes
from review.session import get_model, get_reading, say_received
from review.settings import FACTS

PREVIEWED = 5
"""Notes shown before a file is taken in."""


def score(room: Room) -> None:
    """Let the model read what it has not read, showing how far it is.

    Parameters
    ----------
    room : Room
        Whose notes.
    """
    bar = st.progress(0.0, "The model reads …")

    def tell(done: int, of: int) -> None:
        bar.progress(done / max(of, 1), f"{done:,} of {of:,} notes read by the model")

    folder = get_reading()
    score_notes(
        room.store,
        room.project.id,
        get_model(),
        folder_name="Unheard's own" if folder == DEFAULT_MODEL else folder.name,
        sha256=hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest(),
        on_progress=tell,
    )
    bar.empty()


def show_import(room: Room) -> None:
    """Let a person choose a file, see how it is understood, and take it in.

    Parameters
    ----------
    room : Room
        Whose notes.
    """
    upload = st.file_uploader(
        "A file of call notes",
        type=ENDINGS,
        help="CSV, TSV, Excel (.xlsx), Parquet, JSON Lines, or one note as plain text.",
        key="room_upload",
    )
    if told := st.session_state.pop("room_told", None):
        st.success(told["words"])
        if told["rejects"]:
            columns.show_rejects(told["rejects"])
    if upload is None:
        return
    data, format = upload.getvalue(), upload.name.rpartition(".")[2].lower()
    try:
        chosen = columns.choose_columns(data, format)
        if chosen is columns.MISSING:
            return
        facts: dict[str, str] = {}
        if format in TABLES:
            _, header, _ = columns.look_into(data, format)
            facts = _choose_facts(header)
            chosen = columns_with_facts(chosen, header, facts)
        _show_preview(data, format, chosen, facts)
        if st.button("Bring these notes in", type="primary"):
            bring_in(room, data, upload.name, format, chosen, facts)
            score(get_room())
            st.rerun()
    except ValueError as error:
        st.error("This file could not be read.", icon=":material/error:")
        st.text(columns.reword(error))


def _choose_facts(header: tuple[str, ...]) -> dict[str, str]:
    """Let a person say which column is the team, the flag and so on."""
    guess = guess_facts(header)
    chosen = {}
    with st.expander("What else the export says: team, flag, grade …", expanded=True):
        st.caption(
            "Needed for filters and for figures of what was missed. Leave out what is not there."
        )
        places = st.columns(4)
        for at, name in enumerate(FACTS):
            options = [columns.NO_COLUMN, *header]
            found = guess.get(name)
            with places[at % 4]:
                chosen[name] = st.selectbox(
                    FACT_TITLES[name],
                    options,
                    index=options.index(found) if found in options else 0,
                    key=f"room_fact_{name}",
                )
    return {name: column for name, column in chosen.items() if column != columns.NO_COLUMN}


def _show_preview(
    data: bytes, format: str, chosen: Columns | None, facts: Mapping[str, str]
) -> None:
    """Show the first notes as they would be taken in."""
    st.markdown("**The first notes, as they will be taken in**")
    source = io.BytesIO(data)
    items = islice(read_notes(source, columns=chosen, format=format), 3 * PREVIEWED)
    notes = [item for item in items if isinstance(item, Note)][:PREVIEWED]
    rows = [
        {
            "Number": note.id,
            "Received": note.meta.get("received"),
            "Person": note.meta.get("person"),
            **{FACT_TITLES[name]: note.meta.get(column) for name, column in facts.items()},
            "Text": note.text,
        }
        for note in notes
    ]
    st.dataframe(rows, hide_index=True, width="stretch")


def bring_in(
    room: Room,
    data: bytes,
    name: str,
    format: str,
    chosen: Columns | None,
    facts: Mapping[str, str],
) -> None:
    """Take a file in, and keep what became of each row, to be said on the next run.

    Parameters
    ----------
    room : Room
        Into whose project.
    data : bytes
        Of the file.
    name, format : str
        Of the file; the format as its ending says it.
    chosen : Columns or None
        Which column is which; None for what is no table.
    facts : mapping of str to str
        Columns of facts.
    """
    with st.spinner("Bringing notes in …"):
        done = deliver(
            room.store,
            room.project.id,
            read_notes(io.BytesIO(data), columns=chosen, format=format),
            name=name,
            by=room.reader,
            facts=facts,
            sha256=hashlib.sha256(data).hexdigest(),
        )
    words = (
        f"{done.n_rows:,} rows: {done.n_added:,} notes added, {done.n_known:,} known already, "
        f"{done.n_changed:,} changed since (the earlier text stays), "
        f"{len(done.rejects):,} that are no notes."
    )
    if done.n_renewed:
        words += (
            f" Of {done.n_renewed:,} known or changed notes the export says other facts now, such "
            "as a closing code; these count from now on, and what they were is kept with the note."
        )
    st.session_state["room_told"] = {"words": words, "rejects": list(done.rejects)}


def show_deliveries(room: Room) -> None:
    """List what was brought in.

    Parameters
    ----------
    room : Room
        Whose deliveries.
    """
    found = list_deliveries(room.store, room.project.id)
    if not found:
        st.markdown("Nothing yet.")
        return
    columns = ["File", "brought in", "by", "rows", "added", "known", "changed", "no notes"]
    rows = [
        (
            showable(one.name),
            say_received(one.at[:16]),
            showable(one.by),
            *(one.n_rows, one.n_added, one.n_known, one.n_changed),
            one.n_rows - one.n_added - one.n_known - one.n_changed,
            one.n_renewed,
        )
        for one in found
    ]
    show_table("The newest first; times are UTC", [*columns, "facts renewed"], rows)
    st.caption(
        "Each row was added, known, changed (the earlier text stays) or no note. Facts renewed: of "
        "the notes known or changed, those of which the export said something else than before."
    )
