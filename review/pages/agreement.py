"""The screen of second readers: how far they agree, and the word that settles a difference."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from classifier.findings import Finding
from classifier.labels import Label, LabelSet, load_labels
from classifier.note import Mark
from classifier.wording import CONTEXT_WORDS, showable
from review.adjudication import Pair
from review.agreement import (
    YES,
    Agreement,
    Figure,
    NoteReading,
    ReadersAgreement,
    measure_readers,
)
from review.decisions import OUTCOMES, read_reading
from review.highlight import show_note
from review.pages.tables import show_table
from review.queue import Queue, list_queues
from review.second import Disagreement, disagreements, readings_for_agreement, settle_note

INTRODUCTION = (
    "Two people read the same notes, blind to each other. Where they agree, the guide holds; where "
    "they differ, either the guide is unclear or the note is. No reader is the reference, and "
    "nobody is marked by this."
)

HOW_TO_READ = (
    "Kappa and alpha: 1 is agreement, 0 what chance would give. Where evidence of a label is rare, "
    "both may be low though the readers agree on nearly all notes: look at the share with evidence "
    "and at the agreement beside them. Intervals are the middle 95 % of bootstrap samples of notes."
)

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


def show() -> None:
    """Show the screen."""
    room = st.session_state["room"]
    st.title("Second reader", anchor=False)
    st.markdown(INTRODUCTION)
    if kept := st.session_state.pop("settled_note", None):
        st.success(kept, icon=":material/check:")
    queues = [one for one in list_queues(room.store, room.project.id) if one.kind == "second"]
    if not queues:
        st.info("No notes have gone to second readers yet. A lead draws them on Samples.")
        return
    queues.sort(key=lambda one: one.id, reverse=True)
    names = {one.id: one for one in queues}
    chosen = st.selectbox(
        "Drawn for second readers",
        list(names),
        format_func=lambda id: names[id].name,
        key="agreement_queue",
    )
    readings = readings_for_agreement(room.store, room.project.id, chosen)
    if not readings:
        st.info("None of these notes has been finished by two readers yet.")
        return
    labels = load_labels()
    measured = measure_readers(readings, labels.ids)
    _show_figures(measured, labels)
    if _is_own_left(room, names[chosen]):
        st.info("You have notes of this draw to read. Differences are shown when you are done.")
        return
    _show_differences(room, chosen, labels)


def _is_own_left(room, one: Queue) -> bool:
    """Tell whether a reader might still be swayed: the draw is not read and they do not lead."""
    return room.role != "lead" and one.n_read < one.n_notes


def _show_figures(measured: ReadersAgreement, labels: LabelSet) -> None:
    """Show agreement question by question."""
    st.header("How far readers agree", anchor=False)
    readers = ", ".join(f"{name} ({n:,})" for name, n in measured.readers.items())
    st.text(f"{measured.shared:,} notes read by two, as each first finished them. {readers}.")
    st.markdown(HOW_TO_READ)
    named = [("Evidence of any kind", measured.any_evidence)]
    named += [
        (labels[id].title, one) for id, one in measured.labels.items() if one.answers.get(YES)
    ]
    rows = [_row(name, one) for name, one in named]
    columns = ["Question", "notes", "with evidence", "agreed", "Krippendorff's alpha"]
    show_table("Whether a note holds confirmed evidence", columns, rows)
    absent = sum(not one.answers.get(YES) for one in measured.labels.values())
    if absent:
        st.caption(f"{absent} labels that no reader confirmed are left out.")
    rows = [
        (
            f"{name}: {pair.first} and {pair.second}",
            pair.notes,
            _share(pair.agreed),
            _figure(pair.kappa),
            *(_number(pair.spans.get(key)) for key in ("token_f1", "exact_f1", "overlap_f1")),
        )
        for name, one in (*named, ("Outcome of the note", measured.outcome))
        for pair in one.pairs
    ]
    columns = ["Question and readers", "notes", "agreed", "Cohen's kappa"]
    columns += ["phrases: words", "phrases: exact", "phrases: overlap"]
    with st.expander("Pair by pair, with the extent of phrases (F1)", expanded=True):
        show_table("Two readers at a time; F1 treats both alike", columns, rows)
    outcome = measured.outcome
    st.text(f"Outcome of the note: alpha {_figure(outcome.alpha)}.")


def _row(name: str, one: Agreement) -> tuple[object, ...]:
    """Write a question as a row."""
    agreed = [pair.agreed * pair.notes for pair in one.pairs if pair.agreed is not None]
    notes = sum(pair.notes for pair in one.pairs if pair.agreed is not None)
    share = sum(agreed) / notes if notes else None
    return (name, one.notes, _share(one.prevalence.get(YES)), _share(share), _figure(one.alpha))


def _share(share: float | None) -> str:
    """Write a share."""
    return "–" if share is None else f"{share:.0%}"


def _number(value: float | None) -> str:
    """Write a number from 0 to 1."""
    return "–" if value is None else f"{value:.2f}"


def _figure(figure: Figure) -> str:
    """Write a figure with its interval, or why there is none."""
    if figure.value is None:
        return f"– ({figure.why})"
    if figure.interval is None:
        return f"{figure.value:.2f}"
    return f"{figure.value:.2f} ({figure.interval[0]:.2f} to {figure.interval[1]:.2f})"


# Differences


def _show_differences(room, queue_id: int, labels: LabelSet) -> None:
    """Show the notes on which readers differ, one at a time."""
    st.header("Where they differ", anchor=False)
    found = disagreements(room.store, room.project.id, queue_id)
    if not found:
        st.markdown("The readers agree on every note that both have finished.")
        return
    left = sum(not one.is_settled for one in found)
    st.text(f"{len(found):,} notes differ, {left:,} of them not settled.")
    by_id = {one.note_id: one for one in found}
    order = sorted(by_id, key=lambda id: by_id[id].is_settled)
    if st.session_state.get("differing") not in by_id:
        st.session_state["differing"] = order[0]
    chosen = by_id[
        st.selectbox(
            "Note",
            order,
            format_func=lambda id: (
                f"{by_id[id].first.note}{' (settled)' if by_id[id].is_settled else ''}"
            ),
            key="differing",
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
            KIND_WORDS[pair.kind],
            _phrase(pair.first, chosen.first.text, labels),
            _phrase(pair.second, chosen.second.text, labels),
        )
        for pair in chosen.pairs
    ]
    if rows:
        names = [showable(one.reader) for one in (chosen.first, chosen.second)]
        show_table("Phrases side by side", ["", *names], rows)


def _phrase(span: Mark | None, text: str, labels: LabelSet) -> str:
    """Write a phrase with its label."""
    if span is None:
        return "–"
    title = labels[span.label].title if span.label in labels.ids else span.label
    words = showable(text)[span.start : span.end]
    return f"“{words}”, {title}, {CONTEXT_WORDS[span.context]}"


def _settle(room, queue_id: int, chosen: Disagreement, labels: LabelSet) -> None:
    """Let a lead pick whose phrases stand, and write the final word."""
    st.subheader("Settle this note", anchor=False)
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
    del st.session_state["differing"]
    st.rerun()


def _choices(pair: Pair, chosen: Disagreement) -> list[tuple[str, Mark | None]]:
    """List whose phrase may stand."""
    sides = ((chosen.first.reader, pair.first), (chosen.second.reader, pair.second))
    found = [(reader, mark) for reader, mark in sides if mark]
    return [*((_plain(reader), mark) for reader, mark in found), (NONE, None)]


def _plain(words: str) -> str:
    """Take the meaning of markup from a name."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]()<>#~:$" else letter for letter in words)


def _own_marks(room, chosen: Disagreement) -> list[Mark]:
    """Give the phrases that the lead added in the review page, beyond those of both readers."""
    theirs: Sequence[Mark] = (*chosen.first.spans, *chosen.second.spans)
    own = read_reading(room.store, chosen.note_id, room.reader)
    return [one.mark for one in own.marks if one.mark not in theirs]


def _agreed_outcome(first: NoteReading, second: NoteReading) -> int:
    """Start at the outcome of both, or at none."""
    names = [None, *OUTCOMES]
    return names.index(first.outcome) if first.outcome == second.outcome else 0
