"""The review screen: a queue at the left, one note on the desk, everything by keyboard."""

from __future__ import annotations

import time
from datetime import date

import streamlit as st

from classifier.labels import LabelSet
from review.decision_log import read_history, read_last_notes, read_reading
from review.desk import show_desk, waiting_actions
from review.fact_columns import FACT_TITLES
from review.fact_values import facts_of
from review.found_marks import read_marks
from review.highlight import chosen_in, make_chip, show_rows
from review.history_words import say_decision
from review.note_at_desk import Stored, make_desk, store_actions
from review.projects import list_members
from review.queue import (
    Filters,
    Page,
    Queue,
    Row,
    StoredNote,
    claim,
    claim_next,
    list_page,
    list_queues,
    neighbours,
    read_note,
    release,
)
from review.renewal import EARLIER
from review.room import Room, get_room
from review.scoring import newest_run
from review.session import get_labels, go_to, say_received

PAGE_SIZE = 25
"""Notes on one page of the list."""

MAX_CHIPS = 3
"""Labels named in a row of the list; the number of further ones follows."""

STATUSES = {
    "open": "To read",
    "unread": "Not begun",
    "begun": "Begun",
    "read": "Read",
    "flagged": "Flagged to me",
    "mine": "Read by me",
    "any": "All",
}
ORDERS = {
    "evidence": "Closest wording first",
    "newest": "Newest first",
    "oldest": "Oldest first",
    "random": "In random order",
}
FACT_FILTERS = {
    "teams": ("team", "Team"),
    "handlers": ("handler", "Handler"),
    "grades": ("grade", "Grade"),
    "da_flags": ("da_flag", "DA flag"),
    "risks": ("risk", "Risk assessment"),
    "closings": ("closing", "Closing code"),
    "call_types": ("call_type", "Call type"),
}
"""Filters over columns of the export: the column, and how it is called."""

KEPT = ("room_queue", "room_status", "room_labels", "room_words", "room_order", "room_dates")
"""Filters that Streamlit would forget while another screen is shown."""

ORDER_WORDS = {
    "ranked": "An order for reading and nothing else: it says nothing of urgency or of a person.",
    "random": "Drawn at random. Read from the top, in this order: only so does it say something "
    "about all notes.",
    "elusion": "Drawn at random from the unread notes. Read them all, in this order.",
    "dip": "A dip sample for each team and month.",
    "second": "A second reading, blind: what the first reader said is not shown.",
}
WARNING = "This note may be distressing to read."


def show() -> None:
    """Show the screen."""
    room = get_room()
    if room is None:
        st.title("Review")
        st.markdown("No project is open.")
        if st.button("Choose a project", type="primary"):
            go_to("projects")
        return
    for key in (*KEPT, *(f"room_{name}" for name in FACT_FILTERS)):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
    labels = get_labels()
    run = newest_run(room.store, room.project.id)
    run_id = run.id if run else None
    queue = _choose_queue(room)
    stored = _store_waiting(room, queue, run_id, labels)
    filters = _choose_filters(room, labels, queue)
    _take_steps(room, queue, run_id, filters, stored)
    note = _settle_note(room, queue, run_id, filters)
    _show_list(room, queue, run_id, filters, labels)
    if note is None:
        _show_nothing_left(room)
        return
    _show_desk(room, queue, run_id, filters, labels, note, stored)
    _show_below(room, note)


# What was done


def _store_waiting(room: Room, queue: Queue, run_id: int | None, labels: LabelSet) -> Stored:
    """Write what the desk has sent, before anything is shown."""
    return store_actions(
        room.store,
        waiting_actions("desk", labels),
        project_id=room.project.id,
        reader=room.reader,
        queue_id=queue.id,
        run_id=run_id,
    )


def _take_steps(
    room: Room, queue: Queue, run_id: int | None, filters: Filters, stored: Stored
) -> None:
    """Go to another note where the desk asked for it, once for each time it was asked."""
    walked = st.session_state.setdefault("room_walked", set())
    for step in stored.steps:
        if step.key in walked:
            continue
        walked.add(step.key)
        if step.note != st.session_state.get("note_id"):
            continue
        if step.kind == "go":
            before, after, _, _ = neighbours(
                room.store, queue.id, run_id, room.reader, filters, step.note
            )
            going = before if step.to == "previous" else after
        else:
            going = claim_next(room.store, queue.id, run_id, room.reader, filters, after=step.note)
            st.session_state["room_finished"] = going is None
        if going is not None:
            _open_note(room, queue, going)


def _open_note(room: Room, queue: Queue, note_id: int) -> None:
    """Show a note, and keep it from others while it is open."""
    st.session_state.update(note_id=note_id, room_opened=note_id, room_finished=False)
    release(room.store, room.reader, queue.id)
    st.session_state["room_held_by"] = claim(room.store, queue.id, note_id, room.reader)


def _settle_note(
    room: Room, queue: Queue, run_id: int | None, filters: Filters
) -> StoredNote | None:
    """Give the note that is open; at first the one where the reader stopped, or the next."""
    note_id = st.session_state.get("note_id")
    if note_id is None and not st.session_state.get("room_finished"):
        note_id = _stopped_at(room, queue)
        if note_id is None:
            note_id = claim_next(room.store, queue.id, run_id, room.reader, filters)
        if note_id is not None:
            _open_note(room, queue, note_id)
    elif note_id is not None and note_id != st.session_state.get("room_opened"):
        _open_note(room, queue, note_id)  # asked for by another screen
    return None if note_id is None else read_note(room.store, note_id)


def _stopped_at(room: Room, queue: Queue) -> int | None:
    """Find the note that the reader began last in this queue and has not finished, once."""
    if st.session_state.get("room_resumed"):
        return None
    st.session_state["room_resumed"] = True
    last = read_last_notes(room.store, project_id=room.project.id, reader=room.reader, n=1)
    for note_id in last:
        reading = read_reading(room.store, note_id, room.reader)
        if not reading.is_done and reading.queue_id == queue.id:
            return note_id
    return None


# Queue and filters


def _choose_queue(room: Room) -> Queue:
    """Let a person choose what to read from."""
    queues = {one.id: one for one in list_queues(room.store, room.project.id)}
    with st.sidebar:
        st.header("Queue", anchor=False)
        if len(queues) > 1:
            st.selectbox(
                "Read from",
                list(queues),
                format_func=lambda id: f"{queues[id].name} ({queues[id].n_notes})",
                key="room_queue",
                on_change=_start_anew,
            )
    chosen = st.session_state.get("room_queue", room.project.ranked_queue)
    return queues.get(chosen) or queues[room.project.ranked_queue]


def _start_anew() -> None:
    """Forget the open note after the queue or a filter changed."""
    st.session_state.update(note_id=None, room_page=1, room_finished=False)


def _choose_filters(room: Room, labels: LabelSet, queue: Queue) -> Filters:
    """Let a person narrow the queue."""
    with st.sidebar:
        words = st.text_input(
            "Words or number of a note",
            key="room_words",
            autocomplete="off",
            icon=":material/search:",
            on_change=_start_anew,
        )
        st.session_state.setdefault("room_status", "open")
        status = st.selectbox(
            "Show",
            list(STATUSES),
            format_func=STATUSES.get,
            key="room_status",
            on_change=_start_anew,
        )
        with st.expander("More filters"):
            wanted = st.multiselect(
                "May indicate",
                labels.ids,
                format_func=lambda id: labels[id].title,
                key="room_labels",
                placeholder="Any label",
                on_change=_start_anew,
            )
            order = "evidence"
            if queue.kind == "ranked":
                order = st.selectbox(
                    "Order",
                    list(ORDERS),
                    format_func=ORDERS.get,
                    key="room_order",
                    on_change=_start_anew,
                )
            days = st.date_input(
                "Received from, to",
                value=(),
                min_value=date(1970, 1, 1),
                key="room_dates",
                format="DD/MM/YYYY",
                on_change=_start_anew,
            )
            facts = _choose_facts(room)
    since, until = (*days, None, None)[:2] if isinstance(days, tuple) else (days, None)
    return Filters(
        labels=tuple(wanted),
        since=since.isoformat() if since else None,
        until=until.isoformat() if until else None,
        status=status,
        words=words or "",
        order=order,
        **facts,
    )


def _choose_facts(room: Room) -> dict[str, tuple[str, ...]]:
    """Let a person filter by columns of the export that hold anything."""
    known = facts_of(room.store, room.project.id)
    chosen = {}
    for name, (column, title) in FACT_FILTERS.items():
        if column == "handler" and not room.sees_handlers:
            continue
        if values := known.get(column):
            picked = st.multiselect(
                title, values, key=f"room_{name}", placeholder="Any", on_change=_start_anew
            )
            chosen[name] = tuple(picked)
    return chosen


def _show_list(
    room: Room, queue: Queue, run_id: int | None, filters: Filters, labels: LabelSet
) -> None:
    """Show one page of the queue."""
    number = st.session_state.get("room_page") or 1
    page = list_page(
        room.store, queue.id, run_id, room.reader, filters, page=number, size=PAGE_SIZE
    )
    with st.sidebar:
        st.caption(_say_page(page, number, queue))
        pages = max(1, -(-page.total // PAGE_SIZE))
        if pages > 1:
            st.session_state["room_page"] = min(number, pages)
            st.pagination(pages, key="room_page", max_visible_pages=5)
        if page.rows:
            show_rows(
                [_make_row(row, labels) for row in page.rows],
                key="room_list",
                name="Notes",
                chosen=st.session_state.get("note_id"),
                on_choose=_choose_note,
            )


def _say_page(page: Page, number: int, queue: Queue) -> str:
    """Say which part of the queue is shown."""
    if not page.rows:
        return "No note fits. Change the filters above."
    first = (number - 1) * PAGE_SIZE + 1
    words = ORDER_WORDS.get(queue.kind, "")
    return f"{first:,} to {first + len(page.rows) - 1:,} of {page.total:,}. {words}"


def _make_row(row: Row, labels: LabelSet) -> dict[str, object]:
    """Describe a note for the list."""
    more = len(row.labels) - MAX_CHIPS
    state = STATUSES[row.status] if row.status != "unread" else ""
    known = [(label, context) for label, context in row.labels if label in labels.ids]
    line = f"and {more} more" if more > 0 else "" if row.labels else "Nothing highlighted"
    return {
        "id": row.note_id,
        "title": row.name,
        "aside": say_received(row.received),
        "chips": [make_chip(labels[label], context) for label, context in known[:MAX_CHIPS]],
        "line": " · ".join(part for part in (state, line) if part),
    }


def _choose_note() -> None:
    """Open the note that was chosen in the list."""
    chosen = chosen_in("room_list")
    room = get_room()
    if chosen is None or room is None:
        return
    queues = {one.id: one for one in list_queues(room.store, room.project.id)}
    queue = queues.get(st.session_state.get("room_queue", room.project.ranked_queue))
    _open_note(room, queue or queues[room.project.ranked_queue], chosen)


# The note


def _show_desk(
    room: Room,
    queue: Queue,
    run_id: int | None,
    filters: Filters,
    labels: LabelSet,
    note: StoredNote,
    stored: Stored,
) -> None:
    """Put the note on the desk."""
    held_by = st.session_state.get("room_held_by")
    _, _, place, total = neighbours(room.store, queue.id, run_id, room.reader, filters, note.id)
    members = list_members(room.store, room.project.id)
    desk = make_desk(
        room.store,
        note,
        reader=room.reader,
        run_id=run_id,
        facts=_facts(room, note),
        place=f"Note {place:,} of {total:,}" if place else f"{total:,} notes in the queue",
        colleagues=tuple(name for name in members if name != room.reader),
        notices=_notices(room, held_by),
        can_decide=held_by is None,
    )
    with st.container(key="review_desk"):
        show_desk(desk, labels, key="desk", taken=stored.taken, refused=stored.refused)


def _facts(room: Room, note: StoredNote) -> dict[str, str]:
    """Say what the export says of a note."""
    facts = {
        "Received": say_received(note.received),
        "Case": note.case_ref or "",
        "Type": note.call_type or "",
        "Grade": note.grade or "",
        "Team": note.team or "",
        "Handler": (note.handler or "") if room.sees_handlers else "",
        "DA flag": note.da_flag or "",
        "Risk assessment": note.risk or "",
        "Closed as": note.closing or "",
    }
    return {name: value for name, value in facts.items() if value}


def _notices(room: Room, held_by: str | None) -> tuple[str, ...]:
    """Say quietly what a reader should know before reading."""
    lines = [WARNING]
    if held_by is not None:
        lines = [f"{held_by} has this note open; it can be read here, not decided.", *lines]
    began = st.session_state.setdefault("room_began", time.monotonic())
    minutes = room.project.settings.break_minutes
    if minutes and (read := (time.monotonic() - began) / 60) >= minutes:
        lines = [f"You have been reading for {read:.0f} minutes. Take a break.", *lines]
    return tuple(lines)


def _show_nothing_left(room: Room) -> None:
    """Say what to do when the queue is read or empty."""
    st.title("Nothing left to read here", anchor=False)
    st.markdown(
        "Every note that fits the filters is read, or open with a colleague. Change the filters "
        "at the left, choose another queue, or draw a random sample of what was left unread: "
        "what nobody reads, nobody hears."
    )
    if st.button("Look again"):
        _start_anew()
        st.rerun()


def _show_below(room: Room, note: StoredNote) -> None:
    """Offer the case, the last notes, the history, and the break."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if note.case_ref and st.button("Show the case", icon=":material/timeline:"):
            st.session_state["case_ref"] = note.case_ref
            go_to("cases")
        if st.button("I took a break", icon=":material/coffee:"):
            st.session_state["room_began"] = time.monotonic()
            st.rerun()
    left, right = st.columns(2, gap="large")
    with left, st.expander("My last ten notes"):
        _show_last(room)
    with right, st.expander("History of this note"):
        _show_history(room, note)
    st.text(room.project.settings.support)


def _show_last(room: Room) -> None:
    """Offer the notes on which the reader decided last."""
    ids = read_last_notes(room.store, project_id=room.project.id, reader=room.reader)
    if not ids:
        st.markdown("None yet.")
    for id in ids:
        st.button(
            read_note(room.store, id).name, key=f"room_last_{id}", on_click=_go_back, args=(id,)
        )


def _go_back(note_id: int) -> None:
    """Open a note that was read before."""
    room = get_room()
    if room is not None:
        queues = list_queues(room.store, room.project.id)
        _open_note(room, queues[0], note_id)


def _show_history(room: Room, note: StoredNote) -> None:
    """List this reader's rows of the log, undone ones among them."""
    rows = [row for row in read_history(room.store, note.id) if row.reader == room.reader]
    if not rows:
        st.markdown("Nothing decided yet.")
    undone = {row.changes for row in rows if row.kind == "undo"}
    findings = read_marks(room.store, {row.finding_id for row in rows} - {None})
    for row in reversed(rows):
        said = say_decision(row, get_labels(), findings)
        st.text(f"{say_received(row.at)} UTC  {said}{'  (undone)' if row.id in undone else ''}")
    _show_earlier(room, note)


def _show_earlier(room: Room, note: StoredNote) -> None:
    """Say what the export said before a later delivery said something else."""
    for one in reversed(note.meta.get(EARLIER, ())):
        was = "; ".join(
            f"{FACT_TITLES.get(name, name.capitalize())}: {value or 'nothing'}"
            for name, value in one["facts"].items()
            if name != "handler" or room.sees_handlers
        )
        if was:
            st.text(f"Until the delivery of {say_received(one['at'][:16])} the export said: {was}")
