"""The trainer's live screen: a group at work, what the room saw and missed, and when to reveal."""

from __future__ import annotations

import streamlit as st

from classifier.labels import LabelSet
from classifier.wording import CONTEXT_WORDS
from review.examples import marks_as_findings
from review.highlight import show_note
from review.pages.room_saw import show_model, show_tally, show_words
from review.pages.tables import show_table
from review.practice.exercises import (
    Exercise,
    ExerciseNote,
    list_exercises,
    read_exercise,
    read_notes,
)
from review.practice.groups import Group, GroupNote, read_group
from review.practice.sessions import (
    Session,
    end,
    find_session,
    list_sessions,
    open_session,
    read_session,
    reveal,
)
from review.practice.tally import Tally, tally
from review.room import get_store
from review.session import get_labels, go_to, say_received
from review.store import Store

LOOK_EVERY = 2.0
"""Seconds between two looks at what the group has done."""

GROUP = "group"
"""What stands in the address, so that the trainer's browser comes back to the group."""

WORDS = """
Trainees open the page *Practise*, type the code, and read at their own pace. You see how far the
room is, and phrase by phrase what it saw and missed, without names. They see the reference marks
of a note when you reveal it, not before; what they mark afterwards does not count.
"""
OWN_MACHINES = """
On this machine they open *Practise*. To let them join from their own, start a second page for
trainees alone, on the same store (`--store`) and on a network that you trust, for it is not
encrypted. In place of 192.168.1.20 give the name or number of this machine on that network:

    unheard app --practice --address 192.168.1.20 --port 8502

Their browsers find it at `http://192.168.1.20:8502`, under this name alone. They reach exercises
and the gallery there; projects and this screen they do not.
"""
FEW = (
    "With few people in the room everybody can guess who missed what. Speak of the phrase, never "
    "of who."
)
FEW_PEOPLE = 5


def show() -> None:
    """Show the screen."""
    store = get_store()
    session = _get_session(store)
    if session is None:
        _show_door(store)
        return
    exercise = read_exercise(store, session.exercise_id)
    notes = read_notes(store, session.exercise_id)
    _show_head(session, exercise)
    _show_live(session.id, notes, get_labels())


# Which group


def _get_session(store: Store) -> Session | None:
    """Give the group that is open here, or that the address names."""
    id, code = st.session_state.get("group_id"), st.query_params.get(GROUP)
    try:
        session = read_session(store, id) if id else find_session(store, code) if code else None
    except ValueError:
        return None
    if session is not None:
        _enter(session)
    return session


def _enter(session: Session) -> None:
    """Open a group, and put it into the address."""
    st.session_state["group_id"] = session.id
    if st.query_params.get(GROUP) != session.code:
        st.query_params[GROUP] = session.code


def _leave() -> None:
    """Show the ways in again; the group goes on."""
    for key in ("group_id", "group_note", "group_saw", "group_words"):
        st.session_state.pop(key, None)
    st.query_params.clear()


def _show_door(store: Store) -> None:
    """Let the trainer open a group, or come back to one."""
    st.title("Practise with a group", anchor=False)
    st.markdown(WORDS)
    exercises = {one.id: one for one in list_exercises(store)}
    if not exercises:
        st.markdown("There is no exercise yet.")
        if st.button("Make an exercise", type="primary"):
            go_to("exercises")
        return
    wanted = st.session_state.get("exercise_id")
    with st.form("open_group", border=True):
        chosen = st.selectbox(
            "Exercise",
            list(exercises),
            index=list(exercises).index(wanted) if wanted in exercises else 0,
            format_func=lambda id: f"{exercises[id].name} ({exercises[id].n_notes} notes)",
        )
        trainer = st.text_input(
            "Your name", value=st.session_state.get("trainer", ""), autocomplete="off"
        )
        if st.form_submit_button("Open a group", type="primary"):
            _open(store, chosen, trainer)
    _show_earlier(store, exercises)


def _open(store: Store, exercise_id: int, trainer: str) -> None:
    """Open a group, or say why not."""
    try:
        session = open_session(store, exercise_id, by=trainer)
    except ValueError as error:
        st.error("No group was opened.", icon=":material/error:")
        st.text(str(error))
        return
    st.session_state["trainer"] = trainer.strip()
    _enter(session)
    st.rerun()


def _show_earlier(store: Store, exercises: dict[int, Exercise]) -> None:
    """Offer the groups that there were."""
    earlier = {one.id: one for id in exercises for one in list_sessions(store, id)}
    if not earlier:
        return
    with st.expander("Come back to a group"):
        chosen = st.selectbox(
            "Group",
            sorted(earlier, reverse=True),
            format_func=lambda id: _say_group(earlier[id], exercises),
        )
        st.button("Come back", on_click=_enter, args=(earlier[chosen],))


def _say_group(session: Session, exercises: dict[int, Exercise]) -> str:
    """Name a group in a list."""
    state = ", ended" if session.ended else ""
    name = exercises[session.exercise_id].name
    return f"{session.code}, {name}, {say_received(session.at)}{state}"


# The room


def _show_head(session: Session, exercise: Exercise) -> None:
    """Show the code, large enough for the back of the room, and the ways out."""
    st.title("Practise with a group", anchor=False)
    st.text(exercise.name)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.metric("Code of the group", session.code, border=True, width="content")
        if not session.ended:
            st.button(
                "End, and reveal all notes",
                on_click=_end,
                args=(session,),
                help="Nobody can join afterwards. What was done stays.",
            )
        st.button("Other groups", on_click=_leave)
    if session.ended:
        st.markdown("This group has ended; its trainees see all reference marks.")
        return
    st.markdown(WORDS)
    with st.expander("How trainees get here"):
        st.markdown(OWN_MACHINES)


def _end(session: Session) -> None:
    """End the group."""
    end(get_store(), session.id, by=session.by)


@st.fragment(run_every=LOOK_EVERY)
def _show_live(session_id: int, notes: list[ExerciseNote], labels: LabelSet) -> None:
    """Show what the room has done so far, again and again."""
    store = get_store()
    session = read_session(store, session_id)
    group = read_group(store, session, notes)
    with st.container(key="group_room"):
        side, main = st.columns([1, 2.6], gap="large")
        with side:
            _show_people(session, group)
        with main:
            chosen = st.segmented_control(
                "Look at",
                [note.one.place for note in group.notes],
                format_func=lambda place: f"Note {place}",
                default=1,
                key="group_note",
                required=True,
            )
            _show_note(session, group.notes[chosen - 1], labels)


def _show_people(session: Session, group: Group) -> None:
    """Say how many are there, the names that were given, and how far they are."""
    people = "1 trainee has" if group.joined == 1 else f"{group.joined} trainees have"
    st.markdown(f"**{people} joined.**")
    if group.aliases:
        st.text("Names given: " + ", ".join(group.aliases))
    if 0 < group.joined < FEW_PEOPLE:
        st.caption(FEW)
    show_table(
        "How far the room is",
        ["Note", "Begun", "Done", "Reference"],
        [
            [
                note.one.note.id,
                note.begun,
                note.done,
                "revealed" if session.revealed_at(note.one.id) else "hidden",
            ]
            for note in group.notes
        ],
    )


def _show_note(session: Session, note: GroupNote, labels: LabelSet) -> None:
    """Show one note, what the room made of it, and the button that reveals it."""
    revealed = session.revealed_at(note.one.id) is not None
    with st.container(horizontal=True, vertical_alignment="center"):
        saw = st.toggle("Show what the room saw (with the reference marks)", key="group_saw")
        said = st.toggle("Show what they would ask", key="group_words")
        if not revealed:
            st.button(
                f"Reveal note {note.one.place} to the room",
                type="primary",
                on_click=_reveal,
                args=(session, note.one.id),
                key=f"reveal_{note.one.id}",
            )
        has_model = st.toggle("Beside it the model", key="group_model") if saw else False
    found = tally(note.one.note, note.marks)
    show_note(
        note.one.note.text,
        marks_as_findings(note.one.note.marks) if saw else [],
        labels,
        key=f"group_text_{note.one.id}",
        title=note.one.note.id,
        nothing="The reference has no mark in this note." if saw else "",
        say=lambda finding, label: _say_phrase(found, finding, label.title),
    )
    if saw:
        show_tally(found, labels)
    if has_model:
        show_model(note.one.note, labels)
    if said:
        show_words(note)


def _reveal(session: Session, note_id: int) -> None:
    """Show the reference marks of a note to all trainees."""
    reveal(get_store(), session.id, note_id, by=session.by)


def _say_phrase(found: Tally, finding, title: str) -> str:
    """Say of a highlighted phrase how many saw it."""
    for one in found.phrases:
        mark = one.mark
        if (mark.start, mark.end, mark.label) == (finding.start, finding.end, finding.label):
            return f"{title}: {one.agreed} of {found.trainees} marked it so"
    return f"{title}, {CONTEXT_WORDS[finding.context]}"
