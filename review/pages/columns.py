"""Part of the first screen: which column is which, and the rows that are no notes."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import streamlit as st

from classifier.reading import TABLES, Look, Reject, look_at
from classifier.reading.columns import Columns
from classifier.reading.records import FIELDS
from classifier.reading.tables import open_table
from review.session import make_reject_list

ROLES = {
    "text": "Text of the note",
    "id": "Number of the note",
    "person": "Person",
    "received": "Received",
}
"""What a column may be, in words."""

MISSING = object()
"""Stands for columns of which the text is not known yet."""

MAX_REJECTS = 20
"""Rows that are named on the page; all are in the file."""

NO_COLUMN = "– none –"


def choose_columns(data: bytes, format: str) -> Columns | object | None:
    """Show how a file will be read, and let a person change which column is which.

    Parameters
    ----------
    data : bytes
        Of the file.
    format : str
        Ending of the file's name.

    Returns
    -------
    Columns, None or MISSING
        None if the file has none to choose; ``MISSING`` as long as the text is not known.

    Raises
    ------
    ValueError
        If the file cannot be read.
    """
    if format == "txt":
        return None
    if format == "jsonl":
        return _choose_fields()
    look, header, fault = look_into(data, format)
    st.markdown("**How this file will be read.** Change a column if the guess is wrong.")
    if fault:
        st.warning("The column with the notes could not be told. Choose it here.")
    guess = look.columns if look else None
    places = [*st.columns(2), *st.columns(2)]
    chosen = {}
    for place, role in zip(places, ROLES, strict=True):
        with place:
            chosen[role] = _choose_column(role, header, guess)
    if look:
        with st.expander("Why these columns"):
            for line in look.explanation:
                st.text(reword(line))
    if chosen["text"] is None:
        return MISSING
    return Columns(**chosen)


def show_rejects(rejects: Sequence[Reject]) -> None:
    """List rows that are no notes, with a file to take away.

    Parameters
    ----------
    rejects : sequence of Reject
        At least one.
    """
    for reject in rejects[:MAX_REJECTS]:
        number = f", {reject.id}" if reject.id else ""
        st.text(f"Row {reject.row}{number}: {reject.reason}")
    if len(rejects) > MAX_REJECTS:
        st.markdown(f"The other {len(rejects) - MAX_REJECTS} are in the list below.")
    st.download_button(
        "Download the list (CSV)",
        data=lambda: make_reject_list(rejects),
        file_name="rows-not-read.csv",
        mime="text/csv",
        on_click="ignore",
    )


def reword(message: object) -> str:
    """Say a message of the reading stage as fits the page, which has no command line.

    Parameters
    ----------
    message : object
        An error or a line of explanation.

    Returns
    -------
    str
        As in ``"person: none found"``.

    Examples
    --------
    >>> reword("standard input: the file is empty")
    'the file is empty'
    >>> reword("person: none found; name it with --person NAME")
    'person: none found'
    """
    text = str(message).removeprefix("standard input: ")
    return re.sub(r"; name it with --\w+ NAME", "", text)


def look_into(data: bytes, format: str) -> tuple[Look | None, tuple[str, ...], bool]:
    """Look at a table; if its text cannot be told, at least find its header.

    Parameters
    ----------
    data : bytes
        Of the file.
    format : str
        Ending of the file's name.

    Returns
    -------
    look : Look or None
        None if the column with the text cannot be told.
    header : tuple of str
        Names of the columns.
    fault : bool
        Whether `look` is None.

    Raises
    ------
    ValueError
        If the file cannot be read.
    """
    try:
        look = look_at(io.BytesIO(data), format=format)
    except ValueError:
        if format not in TABLES:
            raise
        with open_table(io.BytesIO(data), format, "this file") as table:
            return None, table.header, True
    return look, look.header, False


def _choose_column(role: str, header: tuple[str, ...], guess: Columns | None) -> str | None:
    """Let a person choose one column; all but the text may stay open."""
    guessed = getattr(guess, role, None)
    options = list(header) if role == "text" else [NO_COLUMN, *header]
    at = None if role == "text" else 0
    chosen = st.selectbox(
        ROLES[role],
        options,
        index=options.index(guessed) if guessed in options else at,
        placeholder="Choose a column",
    )
    return None if chosen == NO_COLUMN else chosen


def _choose_fields() -> Columns:
    """Let a person name the fields of JSON Lines."""
    st.markdown("**Fields of each line.** Change a name if your file uses another.")
    named = {
        role: st.text_input(ROLES[role], value=getattr(FIELDS, role)).strip() or None
        for role in ROLES
    }
    return Columns(**{**named, "text": named["text"] or FIELDS.text})
