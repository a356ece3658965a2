"""The screen of what was missed: confirmed evidence beside what the export says was done."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import streamlit as st

from classifier.cells import safe_row
from classifier.labels import LabelSet, load_labels
from review.decisions import OUTCOMES
from review.missed import (
    BYS,
    NO_OUTCOME,
    WHATS,
    Missed,
    count_outcomes,
    find_followed,
    keep_only,
    measure_missed,
)
from review.missed_chart import draw_missed, say_missed
from review.pages.tables import show_table
from review.queue import list_queues
from review.settled import ReadNotes, read_everything_read, read_sample
from review.small_counts import Rate

INTRODUCTION = (
    "Notes in which a reader confirmed evidence, beside what the export says was flagged, graded "
    "and done. The figures are about records, not about people: a note that was not flagged may "
    "have been acted on in a way that the export does not show."
)

ALL_READ = "Counts among all notes read"

NOT_A_SAMPLE = (
    "**Counts among notes read.** Readers were given notes with most evidence first, so these "
    "counts say nothing of notes that nobody has read, and no share is shown. For a share, read a "
    "random sample (Samples)."
)

LIMITS = (
    "Evidence is what a reader confirmed in the words of a note, not what happened. Readers may be "
    "wrong: see Agreement.",
    "A flag or grade left empty counts as not flagged or not graded; it may be held elsewhere.",
    "Groups differ in the calls that reach them. A higher count does not say that a team works "
    "less well.",
    "A note with several indicators counts with each of them, so these rows do not add up.",
)

HIDDEN = "not shown"


def show() -> None:
    """Show the screen."""
    room = st.session_state["room"]
    st.title("What was missed", anchor=False)
    st.markdown(INTRODUCTION)
    everything = read_everything_read(room.store, room.project)
    if not everything.notes:
        st.info("Nobody has finished a note yet. Read some, and come back.")
        return
    notes = _choose_notes(room, everything)
    kept = _filter(notes)
    labels = load_labels()
    _say_basis(notes, kept)
    what, by = _choose_question(room)
    rows = _show_missed(kept, what, by, labels, room)
    _offer(rows, f"missed_{what}_by_{by}.csv", "Download these figures (CSV)")
    _show_outcomes(kept, room)
    _show_followed(everything, labels, room)
    minimum = room.project.settings.minimum_count
    limits = "".join(f"\n- {words}" for words in LIMITS)
    if minimum > 1:
        few = "of 1" if minimum == 2 else f"from 1 to {minimum - 1}"
        limits += (
            f"\n- Counts {few} are not shown, nor others from which they could "
            "be worked out in the same table. Two tables cut in different ways, or with other "
            "filters, may still be set against one another: keep these figures to those who need "
            "them."
        )
    with st.container(border=True, key="limits"):
        st.header("What the figures do not show", anchor=False)
        st.markdown(limits)


def _choose_notes(room, everything: ReadNotes) -> ReadNotes:
    """Choose a random draw, or all that was read; never both in one figure."""
    draws = {q.id: q.name for q in list_queues(room.store, room.project.id) if q.kind == "random"}
    chosen = st.selectbox(
        "Notes",
        [None, *draws],
        format_func=lambda id: f"Shares from: {draws[id]}" if id else ALL_READ,
        key="missed_notes",
        help="A random sample supports a share of all notes. The two are never put together.",
    )
    return read_sample(room.store, room.project, chosen) if chosen else everything


def _filter(notes: ReadNotes) -> ReadNotes:
    """Keep notes of some teams, call types and months."""
    facts = {"teams": ("Team", "team"), "call_types": ("Call type", "call_type")}
    facts |= {"months": ("Month", "month")}
    wanted = {}
    for column, (name, (title, fact)) in zip(st.columns(3), facts.items(), strict=True):
        values = sorted({getattr(one, fact) for one in notes.notes})
        key = f"missed_{name}"
        st.session_state[key] = [v for v in st.session_state.get(key, []) if v in values]
        with column:
            wanted[name] = st.multiselect(title, values, key=key, placeholder="All")
    return keep_only(notes, **wanted)


def _say_basis(notes: ReadNotes, kept: ReadNotes) -> None:
    """Say what the figures are about."""
    held = sum(bool(one.labels) for one in kept.notes)
    if not notes.is_sample:
        st.warning(NOT_A_SAMPLE, icon=":material/info:")
        return
    words = (
        f"**A random sample.** {len(notes.notes):,} of {notes.drawn:,} notes drawn were read in "
        f"the order drawn. {_say_held(len(kept.notes), held)} Shares hold for all notes drawn "
        "from, within their 95 % intervals."
    )
    if notes.ahead:
        words += f" {notes.ahead:,} read further on do not count until the ones before are read."
    st.info(words, icon=":material/casino:")


def _say_held(n: int, held: int) -> str:
    """Say how many notes the figures are of, unless these are few."""
    return f"The figures below are of those with confirmed evidence among {n:,}." if held else ""


def _choose_question(room) -> tuple[str, str]:
    """Choose what was missed, and how to break it down."""
    left, right = st.columns(2)
    with left:
        what = st.selectbox(
            "With confirmed evidence, and", list(WHATS), format_func=WHATS.get, key="missed_what"
        )
    allowed = [by for by in BYS if by != "handler" or room.sees_handlers]
    if st.session_state.get("missed_by") not in allowed:
        st.session_state["missed_by"] = allowed[0]
    with right:
        by = st.selectbox("By", allowed, format_func=BYS.get, key="missed_by")
    return what, by


def _show_missed(
    notes: ReadNotes, what: str, by: str, labels: LabelSet, room
) -> list[Sequence[object]]:
    """Show a question as chart, words and table; give the rows of the table."""
    st.header(f"Confirmed evidence, {WHATS[what]}, by {BYS[by].lower()}", anchor=False)
    settings = room.project.settings
    try:
        found = measure_missed(notes, what, by, settings, labels=labels.ids, role=room.role)
    except ValueError as error:
        st.text(str(error))
        return []
    if not found.groups:
        st.markdown("None of these notes holds confirmed evidence.")
        return []
    names = {name: _title(name, by, labels) for name in found.groups}
    groups = {names[name]: one for name, one in found.groups.items()}
    theme = st.context.theme.type or "light"
    if any(not one.suppressed for one in groups.values()):
        st.altair_chart(draw_missed(groups, found, theme=theme), width="stretch")
    st.text(say_missed(groups, found))
    columns = [BYS[by], "not done", "with evidence"]
    columns += ["share", "95 % interval"] if found.is_sample else []
    columns[1] = WHATS[what]
    rows = [columns, *(_row(name, one, found) for name, one in groups.items())]
    rows.append(_row("all together", found.of_all, found))
    with st.expander("As a table", expanded=True):
        show_table(f"Notes with confirmed evidence, {WHATS[what]}", columns, rows[1:])
    return rows


def _title(name: str, by: str, labels: LabelSet) -> str:
    """Name a group; labels by their titles."""
    return labels[name].title if by == "label" and name in labels.ids else name


def _row(name: str, one: Rate, found: Missed) -> tuple[object, ...]:
    """Write a rate as a row of a table."""
    counts = (name, _count(one.hits), _count(one.n))
    if not found.is_sample:
        return counts
    if one.share is None:
        return (*counts, HIDDEN if one.suppressed else "–", "")
    return (*counts, f"{one.share:.1%}", f"{one.low:.1%} to {one.high:.1%}")


def _count(count: int | None) -> object:
    """Write a count, or that it is not shown."""
    return HIDDEN if count is None else count


def _show_outcomes(notes: ReadNotes, room) -> None:
    """Show what readers made of the notes."""
    st.header("What readers made of the notes", anchor=False)
    names = {**OUTCOMES, NO_OUTCOME: "No outcome given"}
    for by in ("team", "month"):
        found = count_outcomes(notes, by, room.project.settings, role=room.role)
        rows = [
            (name, *(_count(row.counts[key]) for key in names), _count(row.total))
            for name, row in found.items()
        ]
        columns = [BYS[by], *names.values(), "notes"]
        show_table(f"Outcomes by {BYS[by].lower()}", columns, rows)
        _offer([columns, *rows], f"outcomes_by_{by}.csv", f"Download outcomes by {by} (CSV)")


def _show_followed(everything: ReadNotes, labels: LabelSet, room) -> None:
    """Show dismissive responses beside what they followed."""
    st.header("Dismissive responses, and what they followed", anchor=False)
    found = find_followed(everything, room.project.settings)
    if found.notes == 0:
        st.markdown("No note read holds a confirmed dismissive response.")
        return
    st.markdown(
        "Counts among all notes read, whatever is chosen above. An earlier call is one of the "
        "same case that was received earlier and has been read."
    )
    st.text(
        f"Notes with a confirmed dismissive response: {_count(found.notes)}. With an earlier call "
        f"that was read: {_count(found.with_earlier)}. With no other indicator in the note or "
        f"earlier: {_count(found.alone)}."
    )
    rows = [
        (
            _title(label, "label", labels),
            _count(found.same.get(label, 0)),
            _count(found.earlier.get(label, 0)),
        )
        for label in dict.fromkeys((*found.same, *found.earlier))
    ]
    if rows:
        columns = ["Indicator", "in the same note", "in earlier calls"]
        show_table("Confirmed beside a dismissive response", columns, rows)
        _offer([columns, *rows], "dismissive_responses.csv", "Download these counts (CSV)")


def _offer(rows: Sequence[Iterable[object]], name: str, words: str) -> None:
    """Offer the shown rows as a file, in which no cell is a formula."""
    if not rows:
        return
    text = io.StringIO()
    csv.writer(text).writerows(map(safe_row, rows))
    data = ("\ufeff" + text.getvalue()).encode()
    st.download_button(words, data, file_name=name, mime="text/csv", key=f"get_{name}")
