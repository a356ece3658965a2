"""Part of the screen of agreement: a note read differently, and the word that settles it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from classifier.findings import Finding
from classifier.labels import Label, LabelSet
from classifier.note import Mark
from classifier.wording import CONTEXT_WORDS, showable
from review.adjudication import Pair
from review.agreement import NoteReading
from review.decision_log import read_reading
from review.decisions import OUTCOMES
from review.differing import Disagreement
from review.highlight import show_note
from review.pages.tables import show_table
from review.room import Room
from review.settling import settle_note

KIND_WORDS = {
    "agreed": "both alike",
    "label": "another label",
    "context": "another context",
    "extent": "another extent",
    "only_first": "only the first",
    "only_second": "only the second",
}

NONE = "neither"

NO_OUTCOME = "– none –"


def show_difference(
    room: Room, found: Sequence[Disagreement], labels: LabelSet, *, queue_id: int | None
) -> None:
    """Let a person choose a note that readers read differently, and a lead settle it.

    Parameters
    ----------
    room : Room
        That is open.
    found : sequence of Disagreement
        One at least.
    labels : LabelSet
        Titles and colours.
    queue_id : int or None
        The draw they are of; None outside second readings.
    """
    by_id = {one.note_id: one for one in found}
    order = sorted(by_id, key=lambda id: by_id[id].is_settled)
    key = _key(queue_id)
    if st.session_state.get(key) not in by_id:
        st.session_state[key] = order[0]
    chosen = by_id[
        st.selectbox(
            "Note",
            order,
            format_func=lambda id: (
                f"{by_id[id].first.note}{' (settled)' if by_id[id].is_settled else ''}"
            ),
            key=key,
        )
    ]
    columns = st.columns(2, gap="large")
    for column, reading in zip(columns, (chosen.first, chosen.second), strict=True):
        with column:
            _show_reading(reading, labels, f"reading_{reading.reader}_{chosen.note_id}")
    _show_pairs(chosen, labels)
    if room.role == "lead":
        _settle(room, queue_id, chosen, labels)
    else:
        st.caption("A lead of the project settles differences.")


def _key(queue_id: int | None) -> str:
    """Name what keeps which note is shown."""
    return "differing" if queue_id else "differing_elsewhere"


def _show_reading(reading: NoteReading, labels: LabelSet, key: str) -> None:
    """Show a note with one reader's phrases."""
    outcome = OUTCOMES.get(reading.outcome or "", "No outcome given")
    known = [span for span in reading.spans if span.label in labels.ids]
    show_note(
        reading.text,
        [Finding(one.start, one.end, one.label, one.context, 1.0) for one in known],
        labels,
        key=key,
        title=reading.reader,
        facts={"Note": reading.note, "Outcome": outcome},
        say=_say_mark,
        nothing="This reader confirmed no phrase.",
    )


def _say_mark(one: Finding, label: Label) -> str:
    """Say in words what a reader confirmed."""
    return f"confirmed as {label.title}, {CONTEXT_WORDS[one.context]}"


def _show_pairs(chosen: Disagreement, labels: LabelSet) -> None:
    """Show phrases side by side."""
    rows = [
        (
            f"{at}. {KIND_WORDS[pair.kind]}",
            _phrase(pair.first, chosen.first.text, labels),
            _phrase(pair.second, chosen.second.text, labels),
        )
        for at, pair in enumerate(chosen.pairs, 1)
    ]
    if rows:
        names = [showable(one.reader) for one in (chosen.first, chosen.second)]
        show_table("Phrases side by side", ["They say", *names], rows)


def _phrase(span: Mark | None, text: str, labels: LabelSet) -> str:
    """Write a phrase with its label."""
    if span is None:
        return "–"
    title = labels[span.label].title if span.label in labels.ids else span.label
    words = showable(text)[span.start : span.end]
    return f"“{words}”, {title}, {CONTEXT_WORDS[span.context]}"


def _settle(room: Room, queue_id: int | None, chosen: Disagreement, labels: LabelSet) -> None:
    """Let a lead pick whose phrases stand, and write the final word."""
    st.markdown("**Settle this note**")
    st.caption(
        "Neither reading is altered. To mark phrases of your own, open the note in the review "
        "page first; your marks are offered here."
    )
    key = f"settle_{chosen.note_id}"
    kept: list[Mark] = []
    with st.form(key):
        for at, pair in enumerate(chosen.pairs):
            if pair.kind == "agreed":
                kept += [pair.first]
                continue
            choices = _choices(pair, chosen)
            picked = st.radio(
                f"Phrase {at + 1} ({KIND_WORDS[pair.kind]}): whose stands?",
                range(len(choices)),
                format_func=lambda one, choices=choices: choices[one][0],
                key=f"{key}_{at}",
                index=None,
                horizontal=True,
            )
            kept += [choices[picked][1]] if picked is not None and choices[picked][1] else []
        own = _own_marks(room, chosen)
        if own:
            kept += st.multiselect(
                "Of your own",
                own,
                default=own,
                format_func=lambda mark: (
                    f"characters {mark.start} to {mark.end}, {labels[mark.label].title}"
                ),
                key=f"{key}_own",
            )
        outcome = st.selectbox(
            "Outcome",
            [None, *OUTCOMES],
            format_func=lambda one: OUTCOMES.get(one, NO_OUTCOME),
            index=_agreed_outcome(chosen.first, chosen.second),
            key=f"{key}_outcome",
        )
        why = st.text_input("Why (kept with the note)", key=f"{key}_why", max_chars=2000)
        is_sent = st.form_submit_button("Settle", type="primary")
    if not is_sent:
        return
    open_ones = [
        at
        for at, pair in enumerate(chosen.pairs)
        if pair.kind != "agreed" and st.session_state.get(f"{key}_{at}") is None
    ]
    if open_ones:
        st.warning("Say of each phrase whose stands; nothing was written.")
        return
    try:
        settle_note(
            room.store,
            room.project.id,
            chosen.note_id,
            kept,
            outcome,
            by=room.reader,
            queue_id=queue_id,
            comment=why or None,
        )
    except ValueError as error:
        st.error("Nothing was written.", icon=":material/error:")
        st.text(str(error))
        return
    st.session_state["settled_note"] = "Settled. Both readings stay in the history."
    del st.session_state[_key(queue_id)]
    st.rerun()


def _choices(pair: Pair, chosen: Disagreement) -> list[tuple[str, Mark | None]]:
    """List whose phrase may stand."""
    sides = ((chosen.first.reader, pair.first), (chosen.second.reader, pair.second))
    found = [(reader, mark) for reader, mark in sides if mark]
    return [*((_plain(reader), mark) for reader, mark in found), (NONE, None)]


def _plain(words: str) -> str:
    """Take the meaning of markup from a name."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]()<>#~:$" else letter for letter in words)


def _own_marks(room: Room, chosen: Disagreement) -> list[Mark]:
    """Give the phrases that the lead added in the review page, beyond those of both readers."""
    theirs: Sequence[Mark] = (*chosen.first.spans, *chosen.second.spans)
    own = read_reading(room.store, chosen.note_id, room.reader)
    return [one.mark for one in own.marks if one.mark not in theirs]


def _agreed_outcome(first: NoteReading, second: NoteReading) -> int:
    """Start at the outcome of both, or at none."""
    names = [None, *OUTCOMES]
    return names.index(first.outcome) if first.outcome == second.outcome else 0
