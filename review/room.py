"""The review room as one person has it open: store, project, and who reads."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from review.projects import Project, join, list_members, read_project
from review.store import Store, default_url, open_store

ROOM_KEYS = ("reader", "project_id", "queue_id", "note_id", "case_ref")
"""What a session remembers of the room; notes and decisions are in the store alone."""


@dataclass(frozen=True)
class Room:
    """What the screens of the review room work with.

    Parameters
    ----------
    store : Store
        Open.
    project : Project
        With its settings.
    reader : str
        Who reads; taken on trust.
    role : str
        ``"reviewer"`` or ``"lead"``.
    """

    store: Store
    project: Project
    reader: str
    role: str

    @property
    def leads(self) -> bool:
        """Whether the reader may change settings, draw samples and settle differences."""
        return self.role == "lead"

    @property
    def sees_handlers(self) -> bool:
        """Whether the reader may see figures and names of handlers."""
        return self.role in self.project.settings.handlers_for


def settle_store(url: str | None) -> None:
    """Keep which store this page was started with.

    Parameters
    ----------
    url : str or None
        As `review.store.open_store` takes it; None for the default.
    """
    st.session_state["store_url"] = url or default_url()


def get_store() -> Store:
    """Open the store, once for all sessions.

    Returns
    -------
    Store
        Made on first use.

    Raises
    ------
    OSError, ValueError
        If it cannot be opened.
    """
    return _open(st.session_state.get("store_url") or default_url())


@st.cache_resource(show_spinner=False)
def _open(url: str) -> Store:
    """Open a store once."""
    return open_store(url)


def enter(project_id: int, reader: str) -> None:
    """Open a project as somebody.

    Parameters
    ----------
    project_id : int
        Of a project in the store.
    reader : str
        Who reads; joins the project if new.

    Raises
    ------
    ValueError
        If the name is empty or too long.
    """
    store = get_store()
    join(store, project_id, reader)
    leave()
    st.session_state.update(project_id=project_id, reader=reader.strip())


def leave() -> None:
    """Close the project; everything decided is in the store."""
    for key in [*ROOM_KEYS, *(key for key in st.session_state if str(key).startswith("room_"))]:
        st.session_state.pop(key, None)


def get_room() -> Room | None:
    """Give the room that is open in this session.

    Returns
    -------
    Room or None
        None if no project is open, or it is gone.
    """
    project_id, reader = st.session_state.get("project_id"), st.session_state.get("reader")
    if project_id is None or not reader:
        return None
    store = get_store()
    try:
        project = read_project(store, project_id)
    except ValueError:
        return None
    return Room(store, project, reader, list_members(store, project_id).get(reader, "reviewer"))
