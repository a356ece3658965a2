"""Part of the screen of cases: one call with its phrases and its note."""

from __future__ import annotations

import streamlit as st

from classifier.findings import Finding
from classifier.labels import LabelSet
from classifier.wording import CONTEXT_WORDS
from review.also_noted import KINDS
from review.case_words import say_facts, say_read, say_since
from review.highlight import show_note
from review.pages.case_linking import take_out_of_case
from review.paper import as_text
from review.room import Room
from review.session import go_to
from review.timelines import DISMISSED, STATE_WORDS, Call, phrase_states, say_date

OPEN_CHARACTERS = 1500
"""Longer notes are folded away below their phrases."""


def show_call(room: Room, number: int, call: Call, labels: LabelSet) -> None:
    """Show one call: what the export says, what people and the tool say, and its note.

    Parameters
    ----------
    room : Room
        That is open.
    number : int
        Of the call, from 1.
    call : Call
        Of a case.
    labels : LabelSet
        Titles and colours.
    """
    st.html(f"<h3>{number}. {as_text(say_date(call.received))}</h3>")
    type_, grade, flag, risk, closing = say_facts(call)
    facts = {"Note": call.name}
    if since := say_since(call.days_since_previous):
        facts["After"] = since
    facts |= {"Type": type_, "Grade": grade, "DA flag": flag, "Risk": risk, "Closed as": closing}
    facts["Team"] = call.team or "–"
    if room.sees_handlers:
        facts["Handler"] = call.handler or "–"
    cells = "".join(
        f"<div><dt>{as_text(k)}</dt><dd>{as_text(v)}</dd></div>" for k, v in facts.items()
    )
    st.html(f'<dl class="facts across">{cells}</dl>')
    st.text(say_read(call))
    _show_phrases(call, labels)
    states = phrase_states(call)
    shown = [mark for mark, state in states.items() if state != DISMISSED]
    findings = [Finding(one.start, one.end, one.label, one.context, 1.0) for one in shown]
    said = {finding: states[mark] for finding, mark in zip(findings, shown, strict=True)}
    with st.expander("The note", expanded=len(call.text) <= OPEN_CHARACTERS):
        show_note(
            call.text,
            findings,
            labels,
            key=f"note_{call.note_id}",
            say=lambda one, label: f"{label.title}, {STATE_WORDS[said[one]]}",
        )
    with st.container(horizontal=True):
        if "places" in st.session_state and st.button("Read it", key=f"read_{call.note_id}"):
            st.session_state["note_id"] = call.note_id
            go_to("review")
        args = (room, call.note_id, call.name)
        st.button(
            "Not of this case", key=f"out_{call.note_id}", on_click=take_out_of_case, args=args
        )


def _show_phrases(call: Call, labels: LabelSet) -> None:
    """List the phrases of a call by indicator, and what is also noted in its words."""
    by_label: dict[tuple[str, str], list[str]] = {}
    for mark, state in phrase_states(call).items():
        phrase = f"<q>{as_text(call.text[mark.start : mark.end])}</q>"
        words = "" if mark.context == "affirmed" else f" ({CONTEXT_WORDS[mark.context]})"
        by_label.setdefault((mark.label, state), []).append(phrase + words)
    if by_label:
        items = "".join(
            f"<li>{as_text(labels[label].title)}, <em>{STATE_WORDS[state]}</em>: "
            f"{', '.join(phrases)}</li>"
            for (label, state), phrases in by_label.items()
        )
        st.html(f"<h4>Phrases by indicator</h4><ul>{items}</ul>")
    if call.facts:
        items = "".join(
            f"<li>{as_text(KINDS[fact.kind].title)}, {CONTEXT_WORDS[fact.context]}: "
            f"<q>{as_text(call.text[fact.start : fact.end])}</q>"
            f"<br><small>{as_text(KINDS[fact.kind].why)}</small></li>"
            for fact in call.facts
        )
        st.html(f"<h4>Also noted in the words of the note</h4><ul>{items}</ul>")
