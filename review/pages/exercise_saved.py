"""Part of the screen of exercises: those that are saved, and what can be done with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from classifier.note import Note
from review.highlight import chosen_in, show_rows
from review.pages.exercise_begin import NEW, invented_notes, keep_draft, show_view
from review.pages.exercise_note import describe_row, show_marked
from review.pages.tables import show_table
from review.paper import PDF_NEEDS, as_text, has_pdf, make_pdf
from review.practice.drafts import Draft, begin_variant
from review.practice.exercises import Exercise, read_notes
from review.practice.handouts import KINDS, make_handout
from review.practice.material import describe, source_of
from review.practice.results import (
    SUMMARY_COLUMNS,
    make_results,
    results_csv,
    results_xlsx,
    say_results,
    summarise_results,
)
from review.practice.variants import make_variant
from review.practice.wishes import Wish
from review.room import get_store
from review.session import get_shipped_labels, go_to, say_received

HANDOUT_WORDS = {
    "exercise": "Each note with numbered lines and room to write, and the key of indicators.",
    "answers": "The notes with their reference marks, why each is there, questions to talk about.",
    "slides": "Each note and then its marks, in large type, to show on a wall.",
}
"""What each kind of handout holds."""


def show_saved(saved: Sequence[Exercise]) -> None:
    """List saved exercises, and show the one that is chosen.

    Parameters
    ----------
    saved : sequence of Exercise
        The newest first.
    """
    by_id = {one.id: one for one in saved}
    if st.session_state.get("exercise_id") not in by_id:
        st.session_state["exercise_id"] = saved[0].id
    chosen = by_id[st.session_state["exercise_id"]]
    left, right = st.columns([2, 3], gap="large")
    with left:
        show_rows(
            [_row(one, by_id) for one in saved],
            key="exercise_list",
            name="Saved exercises",
            chosen=chosen.id,
            on_choose=_choose,
        )
    notes = [each.note for each in read_notes(get_store(), chosen.id)]
    with right:
        _show_card(chosen, notes)
    look, handouts, results = st.tabs(["Look at its notes", "Handouts", "Results without names"])
    with look:
        _show_notes(chosen, notes)
    with handouts:
        _show_handouts(chosen, notes)
    with results:
        _show_results(chosen)


def _row(one: Exercise, by_id: dict[int, Exercise]) -> dict[str, object]:
    """Describe an exercise for the list."""
    words = [f"{one.n_notes} notes", "invented" if one.is_synthetic else "masked real notes"]
    if one.variant_of in by_id:
        words.append(f"variant of {by_id[one.variant_of].name}")
    return {
        "id": one.id,
        "title": one.name,
        "aside": say_received(one.at[:10]),
        "chips": [],
        "line": " · ".join(words),
    }


def _choose() -> None:
    """Show the exercise that was chosen in the list."""
    chosen = chosen_in("exercise_list")
    if chosen is not None:
        st.session_state.update(exercise_id=chosen, exercise_look=0)


def _show_card(one: Exercise, notes: Sequence[Note]) -> None:
    """Show what can be done with an exercise."""
    with st.container(border=True, key="exercise_card"):
        st.html(f'<h2 style="margin: 0; padding: 0">{as_text(one.name)}</h2>')
        kind = "invented notes" if one.is_synthetic else "real notes with masks"
        st.text(f"{one.n_notes} {kind}, saved {say_received(one.at[:10])} by {one.by}")
        with st.container(horizontal=True):
            if st.button("Try it yourself", type="primary", icon=":material/edit_note:"):
                go_to("practise")
            if st.button("Run with a group", type="primary", icon=":material/groups:"):
                go_to("group")
        with st.container(horizontal=True):
            if st.button(
                "Make a variant",
                icon=":material/shuffle:",
                help="The same evidence in other authors' words",
            ):
                _begin_variant(one, notes)
            if st.button(
                "Change a copy",
                icon=":material/content_copy:",
                help="This one stays as it is; the copy is saved under another name",
            ):
                _begin_copy(notes)


def _begin_variant(one: Exercise, notes: Sequence[Note]) -> None:
    """Look for other authors' notes with the same evidence, and show them as a draft."""
    seed = int(st.session_state.get("exercise_seed") or 0)
    variant = make_variant(notes, invented_notes(), seed)
    keep_draft(begin_variant(variant, one.id, seed))
    show_view(NEW)
    st.rerun()


def _begin_copy(notes: Sequence[Note]) -> None:
    """Begin a new exercise with the notes of this one."""
    known = tuple(describe(replace(one, id=source_of(one))) for one in notes)
    keep_draft(Draft(known, Wish(n=max(len(notes), 1))))
    show_view(NEW)
    st.rerun()


def _show_notes(one: Exercise, notes: Sequence[Note]) -> None:
    """Show the notes of an exercise, one at a time."""
    labels = get_shipped_labels()
    at = min(st.session_state.get("exercise_look", 0), len(notes) - 1)
    left, right = st.columns([2, 3], gap="large")
    with left:
        show_rows(
            [describe_row(note, place, labels) for place, note in enumerate(notes)],
            key=f"exercise_look_{one.id}",
            name="Notes of the exercise",
            chosen=at,
            on_choose=lambda: _look(one.id),
        )
    with right:
        show_marked(notes[at], labels, key="exercise_looked_at", title=f"Note {at + 1}")


def _look(exercise_id: int) -> None:
    """Show the note that was chosen."""
    chosen = chosen_in(f"exercise_look_{exercise_id}")
    if chosen is not None:
        st.session_state["exercise_look"] = chosen


def _show_handouts(one: Exercise, notes: Sequence[Note]) -> None:
    """Offer what can be printed or shown."""
    labels = get_shipped_labels()
    for kind, title in KINDS.items():

        def make(kind: str = kind) -> str:
            return make_handout(one.name, notes, kind, labels, is_synthetic=one.is_synthetic)

        with st.container(border=True):
            st.markdown(f"**{title}**")
            st.caption(HANDOUT_WORDS[kind])
            with st.container(horizontal=True):
                st.download_button(
                    "HTML page",
                    data=make,
                    file_name=f"{kind}-{one.id}.html",
                    mime="text/html",
                    key=f"exercise_html_{kind}",
                )
                st.download_button(
                    "PDF",
                    data=lambda make=make: make_pdf(make()),
                    file_name=f"{kind}-{one.id}.pdf",
                    mime="application/pdf",
                    disabled=not has_pdf(),
                    key=f"exercise_pdf_{kind}",
                )
    if not has_pdf():
        st.caption(PDF_NEEDS)


def _show_results(one: Exercise) -> None:
    """Offer what trainees marked, without names."""
    rows = make_results(get_store(), one.id, get_shipped_labels())
    if not rows:
        st.markdown("Nobody has begun this exercise yet.")
        return
    for sentence in say_results(rows):
        st.caption(sentence)
    columns = [name for name in SUMMARY_COLUMNS if name != "label"]
    counted = [[row[name] for name in columns] for row in summarise_results(rows)]
    heads = [name.replace("_", " ") for name in columns]
    show_table("By label, in all attempts", heads, counted)
    with st.container(horizontal=True):
        for name, make, mime in (
            ("csv", results_csv, "text/csv"),
            (
                "xlsx",
                results_xlsx,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
        ):
            st.download_button(
                name.upper(),
                data=lambda make=make: make(rows),
                file_name=f"results-{one.id}.{name}",
                mime=mime,
                key=f"exercise_results_{name}",
            )
