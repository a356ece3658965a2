"""The trainee's screen: read a note as it was received, mark it, then compare."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from classifier.labels import LabelSet
from review.decisions import TO_RECORD, Reading
from review.desk import Desk, show_desk, waiting_actions
from review.highlight import chosen_in, show_rows
from review.note_at_desk import Stored, make_desk, store_actions
from review.pages.compared import show_compared, show_progress
from review.pages.model_reading import show_colleague
from review.pages.practice_door import show_door
from review.practice.attempts import read_attempt
from review.practice.exercises import ExerciseNote
from review.practice.sessions import Session, read_session
from review.queue import read_note
from review.room import get_store
from review.session import get_labels
from review.trainee import Trainee, get_trainee, leave

LOOK_EVERY = 2.0
"""Seconds after which a group's screen looks whether the trainer has revealed something."""

ASKS = {
    "outcome_name": "What would you do?",
    "comment_name": "What would you ask next? What would you record?",
}
WARNING = "This note may be distressing to read. You may stop at any time, and nobody asks why."
WORDS_BEFORE = """
Read each note as it was received. Mark every phrase that a trained reviewer should look at, with
the indicator that it may show; then say what you would do and what you would ask, and press
*Done*. Some notes hold nothing at all, and some phrases only look like evidence.

The notes tell of control, threats and fear. You may stop or leave at any time.
"""
KEY_WORDS = (
    "Keys: `M` marks what is selected, or lets you walk by words; `L` changes the label, `O` says "
    "what you would do, `W` writes what you would ask, `Z` undoes, `D` is done, `?` shows them all."
)


def show() -> None:
    """Show the screen."""
    trainee = get_trainee()
    if trainee is None:
        show_door()
        return
    labels = get_labels()
    stored = _store_waiting(trainee, labels)
    readings = read_attempt(trainee.store, trainee.attempt, until=_revealed(trainee))
    _take_steps(trainee, readings, stored)
    if trainee.group is not None:
        _look_again(trainee.group.id, _shown_of(trainee.group))
    _show_sidebar(trainee, readings)
    if not readings and not st.session_state.get("practice_begun"):
        _show_beginning(trainee)
        return
    one = _settle_note(trainee, readings)
    _tell_revealed(trainee, one)
    if one is None:
        _show_end(trainee, readings, labels)
    elif _may_compare(trainee, readings, one):
        show_compared(trainee, one, readings.get(one.id), labels)
        _offer_next(trainee, readings, one)
    else:
        _show_desk(trainee, readings, one, labels, stored)


# What was done


def _desk_key(trainee: Trainee) -> str:
    """Name the desk, so that what one attempt left waiting never reaches another."""
    return f"practice_desk_{trainee.attempt.id}"


def _store_waiting(trainee: Trainee, labels: LabelSet) -> Stored:
    """Write what the desk has sent, before anything is shown."""
    return store_actions(
        trainee.store,
        waiting_actions(_desk_key(trainee), labels),
        project_id=trainee.exercise.id,
        reader=trainee.attempt.reader,
    )


def _take_steps(trainee: Trainee, readings: dict[int, Reading], stored: Stored) -> None:
    """Go on where the desk asked for it, once for each time it was asked."""
    walked = st.session_state.setdefault("practice_walked", set())
    for step in stored.steps:
        if step.key in walked:
            continue
        walked.add(step.key)
        if step.kind == "go":
            st.session_state["practice_note"] = _beside(trainee, step.note, step.to)
        elif trainee.group is not None:
            st.session_state["practice_note"] = _next_open(trainee, readings, after=step.note)


def _beside(trainee: Trainee, note_id: int, to: str | None) -> int:
    """Give the note before or after one; at the ends the same."""
    ids = [one.id for one in trainee.notes]
    if note_id not in ids:
        return ids[0]
    at = ids.index(note_id) + (-1 if to == "previous" else 1)
    return ids[min(max(at, 0), len(ids) - 1)]


def _next_open(
    trainee: Trainee, readings: dict[int, Reading], *, after: int | None = None
) -> int | None:
    """Give the next note that is not done yet, from one onwards and then from the start."""
    ids = [one.id for one in trainee.notes]
    first = ids.index(after) + 1 if after in ids else 0
    for id in (*ids[first:], *ids[:first]):
        if not _is_done(readings, id) and not _is_revealed(trainee, id):
            return id
    return None


def _settle_note(trainee: Trainee, readings: dict[int, Reading]) -> ExerciseNote | None:
    """Give the note that is open; at first the next that is not done."""
    by_id = {one.id: one for one in trainee.notes}
    chosen = st.session_state.get("practice_note")
    if chosen not in by_id and not st.session_state.get("practice_over"):
        chosen = st.session_state["practice_note"] = _next_open(trainee, readings)
    return by_id.get(chosen)


def _is_done(readings: dict[int, Reading], note_id: int) -> bool:
    """Tell whether the trainee has finished a note."""
    return note_id in readings and readings[note_id].is_done


def _is_revealed(trainee: Trainee, note_id: int) -> bool:
    """Tell whether the trainer has shown the reference marks of a note."""
    return trainee.group is not None and trainee.group.revealed_at(note_id) is not None


def _may_compare(trainee: Trainee, readings: dict[int, Reading], one: ExerciseNote) -> bool:
    """Tell whether the reference marks may be shown: in a group it is the trainer who says so."""
    if trainee.group is not None:
        return _is_revealed(trainee, one.id)
    return _is_done(readings, one.id)


def _revealed(trainee: Trainee) -> dict[int, str]:
    """Tell since when the reference marks of notes are shown."""
    group = trainee.group
    return {} if group is None else group.revealed_among(one.id for one in trainee.notes)


def _shown_of(group: Session) -> tuple[object, ...]:
    """Tell what of a group's state the page is made from."""
    return (*sorted(group.revealed), group.ended)


@st.fragment(run_every=LOOK_EVERY)
def _look_again(session_id: int, shown: tuple[object, ...]) -> None:
    """Show the page anew once the trainer has revealed something."""
    if _shown_of(read_session(get_store(), session_id)) != shown:
        st.rerun(scope="app")


# What is shown


def _show_sidebar(trainee: Trainee, readings: dict[int, Reading]) -> None:
    """Show the notes and how far each is, the trainee's own code, and the way out."""
    with st.sidebar:
        st.header("Exercise", anchor=False)
        st.text(trainee.exercise.name)
        done = sum(_is_done(readings, one.id) for one in trainee.notes)
        st.caption(f"{done} of {len(trainee.notes)} notes done")
        show_rows(
            [
                {"id": one.id, "title": one.note.id, "line": _say_state(trainee, readings, one)}
                for one in trainee.notes
            ],
            key="practice_list",
            name="Notes",
            chosen=st.session_state.get("practice_note"),
            on_choose=_choose_note,
        )
        st.button("How it went", on_click=_finish, width="stretch")
        st.caption("Your own code. With it you come back to this exercise, from any browser:")
        st.text(trainee.own_code)
        st.button("Leave", on_click=leave, width="stretch")


def _say_state(trainee: Trainee, readings: dict[int, Reading], one: ExerciseNote) -> str:
    """Say how far a note is."""
    if _is_revealed(trainee, one.id):
        return "Revealed: compare"
    if _is_done(readings, one.id):
        return "Done"
    return "Begun" if one.id in readings else "To read"


def _choose_note() -> None:
    """Open the note that was chosen in the list."""
    chosen = chosen_in("practice_list")
    if chosen is not None:
        _open(chosen)


def _open(note_id: int | None) -> None:
    """Open a note."""
    st.session_state.update(practice_note=note_id, practice_begun=True, practice_over=False)


def _finish() -> None:
    """Show what came of the exercise so far."""
    st.session_state.update(practice_note=None, practice_begun=True, practice_over=True)


def _show_beginning(trainee: Trainee) -> None:
    """Say what is to be done and what the notes are, before the first is shown."""
    st.title("Before you begin", anchor=False)
    st.markdown(WORDS_BEFORE)
    if trainee.exercise.is_synthetic:
        st.markdown("All notes here are invented (synthetic).")
    else:
        st.markdown("Notes here come from real calls, masked. What they say stays in this room.")
    st.markdown(KEY_WORDS)
    st.markdown(
        "Nothing here bears your name unless you gave one. What you mark is kept at once; write "
        "down your code at the left to come back to it."
    )
    if trainee.group is not None:
        st.markdown(
            "The trainer sees how many have marked which phrase, and may read out what you write, "
            "without your name."
        )
    st.button("Begin", type="primary", on_click=_open, args=(trainee.notes[0].id,))


def _tell_revealed(trainee: Trainee, one: ExerciseNote | None) -> None:
    """Say which notes the trainer has revealed since, without taking anybody from their note."""
    looked = st.session_state.setdefault("practice_looked", set())
    if one is not None and _is_revealed(trainee, one.id):
        looked.add(one.id)
    new = [
        each for each in trainee.notes if _is_revealed(trainee, each.id) and each.id not in looked
    ]
    if not new:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info("The trainer has revealed the reference marks.", icon=":material/visibility:")
        for each in new[:3]:
            st.button(f"Compare note {each.place}", on_click=_open, args=(each.id,))


def _show_desk(
    trainee: Trainee,
    readings: dict[int, Reading],
    one: ExerciseNote,
    labels: LabelSet,
    stored: Stored,
) -> None:
    """Put the note on the desk."""
    if _is_done(readings, one.id):
        st.info(
            "You have finished this note. You may still change it until it is revealed.",
            icon=":material/done:",
        )
    with st.container(key="review_desk"):
        show_desk(
            _make_desk(trainee, one),
            labels,
            key=_desk_key(trainee),
            taken=stored.taken,
            refused=stored.refused,
        )


def _make_desk(trainee: Trainee, one: ExerciseNote) -> Desk:
    """Put a note on the desk as the trainee has left it, without findings."""
    facts = one.note.meta.get("facts")
    desk = make_desk(
        trainee.store,
        read_note(trainee.store, one.id),
        reader=trainee.attempt.reader,
        run_id=None,
        facts=dict(facts) if isinstance(facts, dict) else {},
        place=f"{one.place} of {len(trainee.notes)}",
        notices=(WARNING,),
    )
    return replace(desk, reasons={}, outcomes=TO_RECORD, **ASKS)


def _offer_next(trainee: Trainee, readings: dict[int, Reading], one: ExerciseNote) -> None:
    """Offer the next note, or the end."""
    following = _next_open(trainee, readings, after=one.id)
    if following is None:
        st.button("How it went", type="primary", on_click=_finish, key="practice_finish")
    else:
        st.button("Next note", type="primary", on_click=_open, args=(following,))


def _show_end(trainee: Trainee, readings: dict[int, Reading], labels: LabelSet) -> None:
    """Say what is left to do, and what the trainee saw, by indicator."""
    group = trainee.group
    hidden = [one for one in trainee.notes if not _may_compare(trainee, readings, one)]
    following = _next_open(trainee, readings)
    if group is not None and hidden and following is None:
        st.title("Wait for the group", anchor=False)
        st.markdown(
            "You have finished. This page changes by itself when the trainer reveals a note; until "
            "then you may go back to any note in the list and change it."
        )
    else:
        st.title("How it went", anchor=False)
    if following is not None:
        st.markdown(f"{sum(not _is_done(readings, one.id) for one in hidden)} notes are not done.")
        st.button("Go on", type="primary", on_click=_open, args=(following,))
    show_progress(trainee, labels)
    shown = [one.note for one in trainee.notes if one not in hidden]
    if shown:
        show_colleague(shown)
