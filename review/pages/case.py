"""The screen of cases: one person's calls over time, for a person to read; nothing is scored."""

from __future__ import annotations

import streamlit as st

from classifier.labels import LabelSet
from classifier.wording import showable
from review.case_words import (
    PLAIN_WORDS,
    STATE_LETTERS,
    say_days,
    say_facts,
)
from review.cases import list_cases, read_case
from review.dates import read_date
from review.highlight import STATIC, chosen_in, show_rows
from review.pages.case_call import show_call
from review.pages.case_linking import show_linking, show_message
from review.pages.tables import show_table
from review.paper import PDF_NEEDS, as_text, has_pdf, make_pdf
from review.redact import redact
from review.room import Room, get_room
from review.scoring import newest_run
from review.session import get_labels
from review.summary import make_summary
from review.timeline_chart import draw_timeline
from review.timelines import (
    CONFIRMED,
    HIGHLIGHTED,
    STATE_WORDS,
    Call,
    Case,
    find_gaps,
    first_appearances,
    indicator_grid,
    say_date,
)

PAGE_SIZE = 25
"""Cases on one page of the list."""

CALLS_ON_A_PAGE = 12
"""Calls shown in full at once."""


def show() -> None:
    """Show the list of cases, or the case that was chosen."""
    st.html(STATIC / "case.css")
    room = st.session_state.get("room") or get_room()
    if room is None:
        st.title("Cases", anchor=False)
        st.markdown("No project is open. Open one first.")
        return
    made = newest_run(room.store, room.project.id)
    run_id = made.id if made else None
    ref = st.session_state.get("case_ref")
    if ref:
        case = read_case(room.store, room.project.id, ref, run_id, reader=room.reader)
        _show_case(room, case, get_labels())
    else:
        _show_list(room, run_id)


# The list


def _show_list(room: Room, run_id: int | None) -> None:
    """Show cases with two notes or more, and let a person choose one."""
    st.title("Cases", anchor=False)
    st.markdown(
        "Notes with the same person reference, and those that a reader put together; most notes "
        f"first. {PLAIN_WORDS}"
    )
    sought = st.text_input("Part of a reference", key="room_case_sought", on_change=_first_page)
    at = st.session_state.get("room_cases_page") or 1
    found = list_cases(room.store, room.project.id, run_id, search=sought, page=at, size=PAGE_SIZE)
    if not found.total:
        st.markdown(
            "No case has two notes or more. Cases come from the column of persons in an export, "
            "or from notes that readers put together."
            if not sought
            else "No case has this in its reference."
        )
        if sought and st.button("Open it all the same, as a new case"):
            st.session_state["case_ref"] = sought.strip()
            st.rerun()
        return
    pages = -(-found.total // PAGE_SIZE)
    if pages > 1:
        st.pagination(pages, key="room_cases_page", max_visible_pages=5)
    rows = [
        {
            "id": at,
            "title": row.ref,
            "aside": f"{row.n_notes} notes",
            "line": f"{say_date(row.first)} to {say_date(row.last)}; "
            f"phrases highlighted in {row.n_with_findings}",
            "chips": [],
        }
        for at, row in enumerate(found.rows)
    ]
    refs = [row.ref for row in found.rows]
    show_rows(rows, key="case_rows", name="Cases", on_choose=lambda: _choose(refs))
    st.caption(f"{found.total:,} cases")


def _first_page() -> None:
    """Go back to the first page of the list."""
    st.session_state["room_cases_page"] = 1


def _choose(refs: list[str]) -> None:
    """Open the case of the chosen row."""
    chosen = chosen_in("case_rows")
    if chosen is not None and chosen < len(refs):
        _close()
        st.session_state.update(case_ref=refs[chosen], room_calls_page=1)


def _close() -> None:
    """Go back to the list."""
    for key in ("case_ref", "room_case_said"):
        st.session_state.pop(key, None)


# One case


def _show_case(room: Room, case: Case, labels: LabelSet) -> None:
    """Show a case: what it is, its timeline, its calls, and what can be done with it."""
    st.button("All cases", icon=":material/arrow_back:", on_click=_close)
    st.html(f"<h1>Case {as_text(case.ref)}</h1>")
    st.markdown(f"**{PLAIN_WORDS}**")
    show_message()
    if not case.calls:
        st.markdown("No note is in this case.")
        show_linking(room, case)
        return
    st.text(_say_case(case))
    grid = indicator_grid(case)
    st.header("Timeline", anchor=False)
    if any(read_date(call.received) for call in case.calls):
        theme = st.context.theme.type or "light"
        st.altair_chart(draw_timeline(case, labels, theme=theme), width="stretch")
    _show_tables(case, labels, grid)
    _show_summary(room, case, labels)
    st.header("The calls", anchor=False)
    for number, call in _page(case):
        with st.container(border=True, key=f"call_{call.note_id}"):
            show_call(room, number, call, labels)
    show_linking(room, case)


def _say_case(case: Case) -> str:
    """Say in words how many calls there are, since when, and the longest gap."""
    dated = [call for call in case.calls if read_date(call.received)]
    n = len(case.calls)
    said = [f"{n} call{'' if n == 1 else 's'}"]
    if dated:
        said[0] += f" from {say_date(dated[0].received)} to {say_date(dated[-1].received)}"
    gaps = find_gaps(case)
    if gaps:
        _, after = max(gaps, key=lambda gap: gap[1].days_since_previous)
        said.append(
            f"The longest time between two calls is {say_days(after.days_since_previous)}, "
            f"before {say_date(after.received)}"
        )
    if len(dated) < n:
        said.append(f"{n - len(dated)} without a date stand last and are not in the chart")
    read = sum(call.confirmed is not None for call in case.calls)
    said.append(f"Read to the end so far: {read} of {n}")
    return ". ".join(said) + "."


def _show_tables(case: Case, labels: LabelSet, grid: dict[str, dict[int, str]]) -> None:
    """Show what the chart shows, and where each indicator first came up, as tables."""
    words = "; ".join(f"{STATE_LETTERS[state]}: {said}" for state, said in STATE_WORDS.items())
    heads = ["note", "received", "days since", "type", "grade", "DA flag", "risk", "closed as"]
    rows = [
        (
            f"{at}. {showable(call.name)}",
            say_date(call.received),
            say_days(call.days_since_previous),
            *map(showable, say_facts(call)),
            _say_states(call, labels, grid),
        )
        for at, call in enumerate(case.calls, 1)
    ]
    with st.expander("The timeline as a table", expanded=True), st.container(key="case_table"):
        show_table(f"Calls in order. {words}", [*heads, "indicators"], rows)
    left, right = st.columns(2, gap="large")
    sides = ((left, CONFIRMED, "First confirmed"), (right, HIGHLIGHTED, "First highlighted only"))
    for side, state, title in sides:
        firsts = first_appearances(case, state)
        with side, st.container(key=f"firsts_{state}"):
            st.subheader(title, anchor=False)
            if not firsts:
                st.markdown("None so far.")
                continue
            rows = [
                (labels[label].title, say_date(call.received), showable(call.name))
                for label, call in firsts.items()
            ]
            show_table(STATE_WORDS[state].capitalize(), ["indicator", "received", "note"], rows)


def _say_states(call: Call, labels: LabelSet, grid: dict[str, dict[int, str]]) -> str:
    """Name the indicators of a call, each with the letter of its state."""
    found = {label: states.get(call.note_id) for label, states in grid.items()}
    named = (f"{labels[label].title} {STATE_LETTERS[s]}" for label, s in found.items() if s)
    return ", ".join(named) or "–"


def _page(case: Case) -> list[tuple[int, Call]]:
    """Give the calls to be shown in full, with their numbers."""
    calls = list(enumerate(case.calls, 1))
    pages = -(-len(calls) // CALLS_ON_A_PAGE)
    if pages == 1:
        return calls
    at = min(st.pagination(pages, key="room_calls_page", max_visible_pages=5), pages)
    return calls[(at - 1) * CALLS_ON_A_PAGE : at * CALLS_ON_A_PAGE]


# On paper


def _show_summary(room: Room, case: Case, labels: LabelSet) -> None:
    """Offer the case summary for a supervisor."""
    st.caption("For a supervisor, on paper: phrases only, no whole note, no handler.")
    is_masked = st.checkbox(
        "Mask names, addresses and numbers in the phrases",
        help="By rules, which overlook some. Read the summary before you pass it on.",
    )

    def make_page() -> str:
        mask = _mask if is_masked else None
        return make_summary(case, room.project, labels, reader=room.reader, mask=mask)

    with st.container(horizontal=True):
        st.download_button(
            "Summary to print (HTML)",
            make_page,
            "case-summary.html",
            "text/html",
            on_click="ignore",
        )
        if has_pdf():
            st.download_button(
                "Summary (PDF)",
                lambda: make_pdf(make_page()),
                "case-summary.pdf",
                "application/pdf",
                on_click="ignore",
            )
    if not has_pdf():
        st.text(f"{PDF_NEEDS[0].upper()}{PDF_NEEDS[1:]}.")


def _mask(phrase: str) -> str:
    """Mask what names somebody."""
    return redact(phrase).text
