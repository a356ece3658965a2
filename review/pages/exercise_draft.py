"""Part of the screen of exercises: notes looked through, put in order, reworded and saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from classifier.labels import LabelSet
from classifier.note import Note
from review.highlight import chosen_in, show_rows
from review.pages.exercise_begin import ask_wish, current_notes, keep_draft
from review.pages.exercise_note import describe_row, show_marked
from review.pages.exercise_save import show_reading, show_save
from review.practice import drafts
from review.practice.choosing import choose
from review.practice.drafts import Draft
from review.practice.exercises import Exercise
from review.practice.material import source_of
from review.practice.rewording import REWORDED, reword, say_changes
from review.practice.variants import compare_notes, say_differences
from review.session import get_shipped_labels
from training.inline import to_inline
from training.probes import affirmed_labels


def show_draft(saved: Sequence[Exercise]) -> None:
    """Show an exercise in the making.

    Parameters
    ----------
    saved : sequence of Exercise
        Whose names are taken.
    """
    draft: Draft = st.session_state["exercise_draft"]
    labels = get_shipped_labels()
    at = min(st.session_state.get("exercise_at", 0), max(len(draft.notes) - 1, 0))
    _show_head(draft, saved)
    show_save(draft, saved)
    if not draft.notes:
        st.markdown("No note is left. Add some, or start again.")
    left, right = st.columns([2, 3], gap="large")
    with left:
        if draft.notes:
            rows = [describe_row(one, at, labels) for at, one in enumerate(draft.notes)]
            show_rows(rows, key="exercise_rows", name="Notes", chosen=at, on_choose=_look_at_chosen)
        with st.expander("Add notes"), st.form("exercise_add", border=False):
            wish = ask_wish(n=1, prefix="exercise_add")
            if st.form_submit_button("Add these"):
                _keep(drafts.add(draft, wish, current_notes()))
                st.rerun()
    with right:
        if draft.notes:
            _show_steps(draft, at)
            show_marked(draft.notes[at], labels, key="exercise_note", title=f"Note {at + 1}")
            _show_more(draft, at, labels)
    if draft.is_masked:
        show_reading(draft)


def _show_head(draft: Draft, saved: Sequence[Exercise]) -> None:
    """Say what this is, and where the wish was not met."""
    n_with = sum(bool(affirmed_labels(one.marks)) for one in draft.notes)
    names = {one.id: one.name for one in saved}
    st.header(f"New exercise, not saved: {len(draft.notes)} notes", anchor=False)
    words = [
        f"{n_with} with evidence, {len(draft.notes) - n_with} without. Seed {draft.wish.seed}."
    ]
    if draft.variant_of is not None:
        same = sum(
            source_of(one) in draft.stands_for and not _differences(draft, one)
            for one in draft.notes
        )
        st.text(f"A variant of: {names.get(draft.variant_of, 'an exercise')}")
        words.append(f"{same} alike in setting, difficulty and length too; the others say how not.")
    st.caption(" ".join(words))
    for told in draft.told:
        st.warning(told, icon=":material/info:")
    with st.container(horizontal=True):
        if draft.variant_of is None and st.button("Choose others", icon=":material/refresh:"):
            wish = replace(draft.wish, seed=draft.wish.seed + 1)
            keep_draft(drafts.begin(choose(current_notes(), wish), wish))
            st.session_state["exercise_seed"] = wish.seed
            st.rerun()
        if st.button("Start again", icon=":material/close:", help="Forget these notes"):
            keep_draft(None)
            st.rerun()


def _look_at_chosen() -> None:
    """Show the note that was chosen in the list."""
    at = chosen_in("exercise_rows")
    if at is not None:
        st.session_state["exercise_at"] = at


def _show_steps(draft: Draft, at: int) -> None:
    """Offer what can be done with the note that is shown."""
    last = len(draft.notes) - 1
    with st.container(horizontal=True, key="exercise_steps"):
        _step("Previous", "p", at > 0, lambda: _look_at(at - 1))
        _step("Next", "n", at < last, lambda: _look_at(at + 1))
        _step("Move up", "u", at > 0, lambda: _move(draft, at, -1))
        _step("Move down", "d", at < last, lambda: _move(draft, at, 1))
        _step("Swap for another", "s", True, lambda: _keep(drafts.swap(draft, at, current_notes())))
        _step("Drop", "x", True, lambda: _keep(drafts.drop(draft, at)))


def _step(name: str, key: str, is_able: bool, do) -> None:
    """Offer one step, by mouse and by key."""
    st.button(name, shortcut=key, disabled=not is_able, on_click=do)


def _look_at(at: int) -> None:
    """Show another note."""
    st.session_state["exercise_at"] = at


def _move(draft: Draft, at: int, step: int) -> None:
    """Move a note and keep it in view."""
    _keep(drafts.move(draft, at, step))
    _look_at(at + step)


def _keep(draft: Draft) -> None:
    """Keep a changed draft."""
    st.session_state["exercise_draft"] = draft


# One note


def _show_more(draft: Draft, at: int, labels: LabelSet) -> None:
    """Say how a variant differs, what became of the note; let it be reworded."""
    note = draft.notes[at]
    if differences := _differences(draft, note):
        told = f"Differs from the note it stands for: {'; '.join(differences)}."
        st.info(told, icon=":material/difference:")
    if handled := dict(note.meta.get("handled") or {}):
        st.caption("Shown to trainees only afterwards:")
        st.text("; ".join(f"{name}: {value}" for name, value in handled.items()))
    with st.expander("Reword this note"):
        _show_rewording(draft, at, labels)


def _differences(draft: Draft, note: Note) -> list[str]:
    """Say how a note of a variant differs from the one it stands for."""
    original = draft.stands_for.get(source_of(note).removesuffix(REWORDED))
    if original is None:
        return []
    return say_differences(compare_notes(original, note), get_shipped_labels())


def _show_rewording(draft: Draft, at: int, labels: LabelSet) -> None:
    """Let the trainer write the note in other words, and say what becomes of its evidence."""
    note = draft.notes[at]
    try:
        marked = to_inline(note.text, note.marks)
    except ValueError:
        st.markdown("Marks of this note overlap; it cannot be reworded here.")
        return
    st.caption(
        "Evidence stands in double brackets: `[[words|label]]`, or `[[words|label:negated]]` for "
        "what did not happen. Change any words; keep the brackets where the evidence stays."
    )
    key = f"exercise_reword_{at}_{source_of(note)}"
    written = st.text_area("Note with its marks", marked, height=260, key=key)
    if written == marked:
        return
    try:
        reworded = reword(note, written, labels)
    except ValueError as error:
        st.error("The brackets do not fit.", icon=":material/error:")
        st.text(str(error))
        return
    if reworded.is_same:
        st.success("The labels of evidence are the same.", icon=":material/check:")
    else:
        st.warning("The evidence has changed:", icon=":material/info:")
        st.text("; ".join(say_changes(reworded, labels)))
    st.button("Use these words", on_click=lambda: _keep(drafts.put(draft, at, reworded.note)))
