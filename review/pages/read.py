"""The reading screen: a list of notes, one note with its phrases, and their explanation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from classifier.findings import NoteEvidence
from classifier.labels import LabelSet
from classifier.wording import NOTHING_HIGHLIGHTED, strength
from review.highlight import chosen_in, make_chip, show_note, show_rows
from review.pages.columns import show_rejects
from review.pages.explain import show_explanation
from review.session import (
    EVERYTHING,
    HIGHLIGHTED,
    SHOWN_NOTES,
    Opened,
    forget,
    get_labels,
    get_model,
    get_opened,
    go_to,
    labels_of,
    make_file,
    pick_shown,
    say_received,
)

PAGE_SIZE = 25
"""Notes on one page of the list."""

MAX_CHIPS = 3
"""Labels named in a row of the list; the number of further ones follows."""

FILES = {
    "Excel workbook": ".xlsx",
    "CSV": ".csv",
    "Web page, to read or print": ".html",
    "JSON Lines, without the words of notes": ".jsonl",
}
"""Kinds of files that findings can be taken away in."""

ORDER_WORDS = (
    "Notes whose wording is closest to marked examples come first. That is an order for reading "
    "and nothing else: it says nothing of urgency or of a person."
)


def show() -> None:
    """Show the screen."""
    opened = get_opened()
    if opened is None:
        _show_nothing_open()
        return
    labels = get_labels()
    shown = _show_list(opened, labels) if len(opened.results) > 1 else [0]
    _show_close(opened)
    _show_chosen_note(opened, shown, labels)


def _show_nothing_open() -> None:
    """Say what to do."""
    st.title("Read")
    st.markdown("No notes are open. Open a file, paste a note, or look at the demonstration.")
    if st.button("Open notes", type="primary"):
        go_to("open")


# The list


def _show_list(opened: Opened, labels: LabelSet) -> list[int]:
    """Show filters and one page of the list; give the places of all notes that fit."""
    with st.sidebar:
        _show_counts(opened)
        shown = _show_filters(opened, labels)
        _settle_place(shown)
        page = _show_pages(shown)
        if not shown:
            st.markdown("No note fits. Change the filters above.")
            return shown
        rows = [_make_row(opened.results, at, labels) for at in page]
        show_rows(
            rows, key="list", name="Notes", chosen=st.session_state["at"], on_choose=_choose_note
        )
    return shown


def _show_counts(opened: Opened) -> None:
    """Say what was read."""
    count, found = len(opened.results), sum(bool(r.findings) for r in opened.results)
    st.header("Notes", anchor=False)
    st.text(f"{opened.name}: {count} notes, {found} with something highlighted")


def _show_filters(opened: Opened, labels: LabelSet) -> list[int]:
    """Let a person narrow the list; a change starts it anew."""
    st.session_state.setdefault("show", HIGHLIGHTED)
    show = st.segmented_control(
        "Highlights", SHOWN_NOTES, key="show", required=True, on_change=_start_list_anew
    )
    wanted = st.multiselect(
        "May indicate",
        labels.ids,
        format_func=lambda id: labels[id].title,
        key="labels",
        placeholder="Any label",
        on_change=_start_list_anew,
    )
    words = st.text_input(
        "Words or number of a note",
        key="words",
        autocomplete="off",
        icon=":material/search:",
        on_change=_start_list_anew,
    )
    return pick_shown(opened.results, show=show or EVERYTHING, labels=wanted, words=words or "")


def _start_list_anew() -> None:
    """Go to the first note of the list after a filter changed."""
    st.session_state.update(page=1, at=None, finding=0)


def _settle_place(shown: list[int]) -> None:
    """See to it that a note is chosen that the list holds."""
    if st.session_state.get("at") not in shown:
        st.session_state.update(at=shown[0] if shown else None, finding=0, page=1)


def _show_pages(shown: list[int]) -> list[int]:
    """Show which part of the list this is, and give it."""
    pages = max(1, -(-len(shown) // PAGE_SIZE))
    st.session_state["page"] = min(st.session_state.get("page") or 1, pages)
    number = st.session_state["page"]
    if pages > 1:
        number = st.pagination(pages, key="page", max_visible_pages=5)
    first = (number - 1) * PAGE_SIZE
    part = shown[first : first + PAGE_SIZE]
    if part:
        st.caption(f"{first + 1} to {first + len(part)} of {len(shown)}. {ORDER_WORDS}")
    return part


def _make_row(results: Sequence[NoteEvidence], at: int, labels: LabelSet) -> dict[str, object]:
    """Describe a note for the list."""
    result = results[at]
    found = list(labels_of(result.findings))
    more = len(found) - MAX_CHIPS
    return {
        "id": at,
        "title": result.note.id,
        "aside": say_received(result.note.meta.get("received")),
        "chips": [make_chip(labels[label], context) for label, context in found[:MAX_CHIPS]],
        "line": f"and {more} more" if more > 0 else "" if found else "Nothing highlighted",
    }


def _choose_note() -> None:
    """Go to the note that was chosen in the list."""
    at = chosen_in("list")
    if at is not None:
        st.session_state.update(at=at, finding=0)


def _show_close(opened: Opened) -> None:
    """Offer rows that were not read, files to take away, and an end."""
    with st.sidebar:
        if len(opened.results) == 1:
            st.text(f"Open: {opened.name}")
        else:
            st.divider()
        if opened.rejects:
            count = len(opened.rejects)
            with st.expander(f"{count} row{'s' if count > 1 else ''} could not be read"):
                show_rejects(opened.rejects)
        with st.expander("Download the findings"):
            kind = st.selectbox("Kind of file", FILES)
            st.download_button(
                "Download",
                data=partial(make_file, opened, FILES[kind]),
                file_name=f"unheard-findings{FILES[kind]}",
                on_click="ignore",
            )
            st.caption("All notes that were read. The file may hold words of notes: store it so.")
        if st.button("Close and forget", icon=":material/close:"):
            forget()
            go_to("open")


# The note


def _show_chosen_note(opened: Opened, shown: list[int], labels: LabelSet) -> None:
    """Show the chosen note and, beside it, the explanation of one phrase."""
    at = st.session_state.get("at")
    if at is None:
        st.markdown("No note fits the filters.")
        return
    result = opened.results[at]
    if len(shown) > 1:
        _show_steps(shown, at)
    with st.container(key="desk"):
        text, side = st.columns([3, 2], gap="large")
    with text:
        _show_text(result, labels)
    with side, st.container(key="side"):
        if result.findings:
            chosen = _settle_finding(result)
            show_explanation(result, chosen, get_model(), labels)
        else:
            _show_no_finding()


def _show_steps(shown: list[int], at: int) -> None:
    """Offer the notes before and after."""
    place = shown.index(at)
    with st.container(horizontal=True, vertical_alignment="center", key="steps"):
        st.button(
            "Previous note",
            shortcut="p",
            disabled=place == 0,
            on_click=_go_to_note,
            args=(shown, place - 1),
        )
        st.button(
            "Next note",
            shortcut="n",
            disabled=place == len(shown) - 1,
            on_click=_go_to_note,
            args=(shown, place + 1),
        )
        st.caption(f"Note {place + 1} of {len(shown)} in reading order")


def _go_to_note(shown: list[int], place: int) -> None:
    """Go to a note of the list, and to its part of the list."""
    st.session_state.update(at=shown[place], finding=0, page=1 + place // PAGE_SIZE)


def _show_text(result: NoteEvidence, labels: LabelSet) -> None:
    """Show the note's text, and below it the phrases as a list."""
    meta = result.note.meta
    facts = {
        "Received": say_received(meta.get("received")),
        "Person": "" if meta.get("person") is None else str(meta["person"]),
    }
    show_note(
        result.note.text,
        result.findings,
        labels,
        key="note",
        title=result.note.id,
        facts={name: value for name, value in facts.items() if value},
        chosen=st.session_state["finding"] if result.findings else None,
        on_choose=_choose_in_text,
    )
    if not result.findings:
        return
    st.space("small")
    count = len(result.findings)
    with st.expander(f"{count} phrase{'s' if count > 1 else ''} highlighted, as a list"):
        show_rows(
            [_make_phrase_row(result, place, labels) for place in range(count)],
            key="phrases",
            name="Phrases highlighted in this note",
            chosen=st.session_state["finding"],
            on_choose=_choose_in_phrases,
        )


def _make_phrase_row(result: NoteEvidence, place: int, labels: LabelSet) -> dict[str, object]:
    """Describe a finding for the list of phrases."""
    finding = result.findings[place]
    return {
        "id": place,
        "kind": "phrase",
        "title": result.note.text[finding.start : finding.end],
        "aside": strength(finding.score),
        "chips": [make_chip(labels[finding.label], finding.context)],
    }


def _choose_in_text() -> None:
    """Explain the phrase that was chosen in the text."""
    _choose_finding(chosen_in("note"))


def _choose_in_phrases() -> None:
    """Explain the phrase that was chosen in the list of phrases."""
    _choose_finding(chosen_in("phrases"))


def _choose_finding(place: int | None) -> None:
    """Explain a phrase."""
    if place is not None:
        st.session_state["finding"] = place


def _settle_finding(result: NoteEvidence) -> int:
    """See to it that a finding is chosen that the note has."""
    place = st.session_state.get("finding") or 0
    if not 0 <= place < len(result.findings):
        place = st.session_state["finding"] = 0
    return place


def _show_no_finding() -> None:
    """Say what an empty note means."""
    with st.container(border=True):
        st.markdown(f"**{NOTHING_HIGHLIGHTED}**")
        st.markdown(
            "No phrase of this note resembles the marked examples closely enough. Read the note "
            "itself: Unheard overlooks things, and the note may leave things out."
        )
