"""Part of the screen of exercises: masked notes read by a person, a name given, all saved."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from review.pages.exercise_begin import SAVED, keep_draft, show_view
from review.practice.drafts import Draft, about_of
from review.practice.exercises import Exercise, create_exercise
from review.practice.masked import mask_words
from review.redact import CANNOT_PROMISE
from review.room import get_store


def show_save(draft: Draft, saved: Sequence[Exercise]) -> None:
    """Ask for a name and save; masked notes must have been read before.

    Parameters
    ----------
    draft : Draft
        To be saved.
    saved : sequence of Exercise
        Whose names are taken.
    """
    is_read = not draft.is_masked or bool(st.session_state.get(_key_of(draft)))
    taken = {one.name for one in saved}
    st.session_state.setdefault("exercise_name", _propose(draft, taken, saved))
    st.session_state.setdefault("exercise_trainer", st.session_state.get("trainer", ""))
    with st.form("exercise_save", border=True):
        one, two, three = st.columns([3, 2, 1], vertical_alignment="bottom")
        with one:
            name = st.text_input(
                "Name of the exercise", key="exercise_name", max_chars=200, autocomplete="off"
            )
        with two:
            trainer = st.text_input(
                "Your name", key="exercise_trainer", max_chars=200, autocomplete="off"
            )
        with three:
            is_sent = st.form_submit_button(
                "Save", type="primary", width="stretch", disabled=not draft.notes or not is_read
            )
    if not is_read:
        st.caption("Read the masked notes below, and say at their end that you have: then save.")
    if not is_sent:
        return
    try:
        if not trainer.strip():
            raise ValueError("Give your name first: it says who made the exercise.")
        made = create_exercise(
            get_store(),
            name,
            draft.notes,
            by=trainer,
            about=about_of(draft),
            variant_of=draft.variant_of,
        )
    except ValueError as error:
        st.error("The exercise was not saved.", icon=":material/error:")
        st.text(str(error))
        return
    st.session_state["trainer"] = trainer.strip()
    keep_draft(None)
    show_view(SAVED)
    st.session_state.update(exercise_id=made.id, exercise_told=made.name)
    st.rerun()


def _propose(draft: Draft, taken: set[str], saved: Sequence[Exercise]) -> str:
    """Propose a name that is not taken."""
    name = f"{len(draft.notes)} notes, seed {draft.wish.seed}"
    if draft.variant_of is not None:
        name = next((f"{one.name}, variant" for one in saved if one.id == draft.variant_of), name)
    tries = (name, *(f"{name} ({number})" for number in range(2, len(taken) + 3)))
    return next(one for one in tries if one not in taken)


def show_reading(draft: Draft) -> None:
    """Show every masked note, and ask whether a person found a name left in it.

    Parameters
    ----------
    draft : Draft
        With masked notes among its notes.
    """
    st.header("Read every note before you save", anchor=False)
    st.warning(
        "Notes of real calls. Masking follows rules and misses some of what names a person.",
        icon=":material/visibility:",
    )
    with st.expander("What masking cannot promise"):
        st.markdown("\n".join(f"- {one}" for one in CANNOT_PROMISE))
    for at, note in enumerate(draft.notes):
        if not note.meta.get("is_synthetic"):
            with st.container(border=True):
                st.caption(f"Note {at + 1}")
                st.text(note.text)
                told = {**(note.meta.get("facts") or {}), **(note.meta.get("handled") or {})}
                st.text("; ".join(f"{name}: {value}" for name, value in told.items()))
    words = st.text_input(
        "Mask these words too, with commas between", key="exercise_mask", autocomplete="off"
    )
    st.button("Mask them", on_click=lambda: _mask(draft, words), disabled=not words.strip())
    st.checkbox(
        "I have read every masked note and found nothing that names a person", key=_key_of(draft)
    )


def _key_of(draft: Draft) -> str:
    """Name the answer for these very texts: other words must be read again."""
    texts = "\0".join(one.text for one in draft.notes if not one.meta.get("is_synthetic"))
    return f"exercise_read_{hashlib.sha256(texts.encode()).hexdigest()}"


def _mask(draft: Draft, words: str) -> None:
    """Mask further words in all real notes."""
    some = [one for one in words.split(",") if one.strip()]
    notes = tuple(
        one if one.meta.get("is_synthetic") else mask_words(one, some) for one in draft.notes
    )
    st.session_state["exercise_draft"] = replace(draft, notes=notes)
