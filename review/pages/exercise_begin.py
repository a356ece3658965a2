"""Part of the screen of exercises: how notes are chosen, ten mixed ones or by a wish."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from classifier.note import Note
from review.practice.choosing import TEN_WITHOUT, choose, ten_mixed
from review.practice.difficulty import DIFFICULTIES, LENGTHS
from review.practice.drafts import Draft, begin
from review.practice.exercises import MAX_NOTES, Exercise
from review.practice.masked import read_project_notes
from review.practice.material import read_synthetic
from review.practice.setting_kinds import SETTING_KINDS
from review.practice.victims import HOW_FOUND, VICTIMS
from review.practice.wishes import Wish
from review.redact import CANNOT_PROMISE
from review.room import get_room
from review.session import get_shipped_labels

SAVED, NEW = "Saved exercises", "New exercise"
"""What the screen shows."""

INVENTED, PROJECT = "Invented notes", "This project's reviewed notes, masked"

DIFFICULTY_HELP = (
    "Counted from the marks: how much of the note is evidence, whether it is named outright, one "
    "phrase or more, length, look-alikes, a dismissive voice. Models that had not seen the notes "
    "pass over 26 % of the phrases in plain, 31 % in mixed and 36 % in buried ones. Nobody has "
    "measured people by it."
)
SHARES = (0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100)
"""Per cent of notes with nothing in them that can be chosen."""

ANY = "Any"


def show_begin(saved: Sequence[Exercise]) -> None:
    """Offer ten mixed notes, and a wish.

    Parameters
    ----------
    saved : sequence of Exercise
        So many exercises there are; the first seed comes after them.
    """
    notes = choose_source()
    st.session_state.setdefault("exercise_seed", len(saved) + 1)
    left, right = st.columns([1, 2], gap="large")
    with left, st.container(border=True):
        st.header("Ten notes, mixed", anchor=False)
        st.markdown(
            "Of all kinds, by ten authors where there are as many; seven with evidence, three with "
            "nothing: look-alikes and plain routine."
        )
        seed = st.number_input(
            "Seed",
            min_value=0,
            max_value=999_999,
            key="exercise_seed",
            help="The same seed gives the same notes, here and elsewhere.",
        )
        if st.button("Ten notes, mixed", type="primary", width="stretch", disabled=not notes):
            wish = Wish(n=10, share_without=TEN_WITHOUT, seed=int(seed))
            keep_draft(begin(ten_mixed(notes, int(seed)), wish))
            st.rerun()
    with right, st.form("exercise_wish", border=True):
        st.header("Or choose what to practise", anchor=False)
        wish = ask_wish(n=6)
        if st.form_submit_button("Choose notes", disabled=not notes):
            keep_draft(begin(choose(notes, wish), wish))
            st.rerun()


def ask_wish(*, n: int, prefix: str = "exercise") -> Wish:
    """Ask for a wish, inside a form.

    Parameters
    ----------
    n : int
        Notes at first.
    prefix : str
        Of the keys of the fields.

    Returns
    -------
    Wish
        As the fields stand; its seed is that of the screen.
    """
    labels = get_shipped_labels()
    wanted = st.multiselect(
        "Indicators",
        labels.ids,
        format_func=lambda id: labels[id].title,
        key=f"{prefix}_labels",
        placeholder="Any; a note has at least one of those chosen",
    )
    one, two = st.columns(2)
    with one:
        difficulties = st.multiselect(
            "Difficulty",
            list(DIFFICULTIES),
            format_func=str.capitalize,
            key=f"{prefix}_difficulties",
            placeholder=ANY,
            help=DIFFICULTY_HELP,
        )
        settings = _ask_named("Setting", SETTING_KINDS, f"{prefix}_settings")
    with two:
        lengths = _ask_named("Length", LENGTHS, f"{prefix}_lengths")
        victims = _ask_named("Whom it is about", VICTIMS, f"{prefix}_victims", help=HOW_FOUND)
    one, two = st.columns(2)
    with one:
        st.session_state.setdefault(f"{prefix}_n", n)
        number = st.number_input("Notes", 1, MAX_NOTES, key=f"{prefix}_n")
    with two:
        st.session_state.setdefault(f"{prefix}_share", 30)
        share = st.select_slider(
            "Of these with nothing in them",
            SHARES,
            key=f"{prefix}_share",
            format_func=lambda one: f"{one} %",
            help="Half of them look-alikes, half plain routine. Without any, people learn to see "
            "evidence everywhere.",
        )
    return Wish(
        labels=tuple(wanted),
        difficulties=tuple(difficulties),
        settings=settings,
        victims=victims,
        lengths=lengths,
        n=int(number),
        share_without=share / 100,
        seed=int(st.session_state.get("exercise_seed") or 0),
    )


def _ask_named(title: str, names: dict[str, str], key: str, **more) -> tuple[str, ...]:
    """Let a person choose any of some named values."""
    return tuple(
        st.multiselect(title, list(names), format_func=names.get, key=key, placeholder=ANY, **more)
    )


# Where notes come from


def choose_source() -> Sequence[Note]:
    """Let a person choose the notes to choose from, and give them.

    Returns
    -------
    sequence of Note
        Invented, unless a lead has a project open and chooses its notes.
    """
    room = get_room()
    if room is None or not room.leads:
        return invented_notes()
    source = st.radio("Notes", [INVENTED, PROJECT], key="exercise_source", horizontal=True)
    if source == INVENTED:
        return invented_notes()
    with st.expander("What masking cannot promise", expanded=True):
        st.markdown("\n".join(f"- {one}" for one in CANNOT_PROMISE))
    kind = st.selectbox(
        "Where these notes were taken",
        list(SETTING_KINDS),
        format_func=SETTING_KINDS.get,
        key="exercise_kind",
    )
    kept = st.session_state.get("exercise_masked")
    if kept is None or kept[0] != (room.project.id, kind):
        with st.spinner("Names and numbers are masked …"):
            found = read_project_notes(room.store, room.project.id, kind=kind)
        kept = st.session_state["exercise_masked"] = ((room.project.id, kind), found)
    if st.button("Read the project again", help="After more of its notes were finished"):
        st.session_state.pop("exercise_masked", None)
        st.rerun()
    st.caption(f"{len(kept[1]):,} notes were read to the end by somebody who was not unsure.")
    return kept[1]


def current_notes() -> Sequence[Note]:
    """Give the notes that were chosen from last.

    Returns
    -------
    sequence of Note
        Without asking anything.
    """
    room = get_room()
    kept = st.session_state.get("exercise_masked")
    is_project = st.session_state.get("exercise_source") == PROJECT
    if is_project and kept and room and kept[0][0] == room.project.id and room.leads:
        return kept[1]
    return invented_notes()


@st.cache_resource(show_spinner="The invented notes are read …")
def invented_notes() -> list[Note]:
    """Read the invented notes once for all sessions.

    Returns
    -------
    list of Note
        Not to be altered.
    """
    return read_synthetic()


def keep_draft(draft: Draft | None) -> None:
    """Keep an exercise in the making, or forget it.

    Parameters
    ----------
    draft : Draft or None
        As it is now.
    """
    st.session_state["exercise_draft"] = draft
    st.session_state["exercise_at"] = 0
    st.session_state.pop("exercise_name", None)


def show_view(view: str) -> None:
    """Show saved exercises or a new one; to be called before the screen is drawn.

    Parameters
    ----------
    view : str
        ``SAVED`` or ``NEW``.
    """
    st.session_state["exercise_view_next"] = view
