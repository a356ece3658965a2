"""The screen of second readers: how far they agree, and the word that settles a difference."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from classifier.labels import LabelSet, load_labels
from review.agreement import YES, Agreement, Figure, ReadersAgreement, measure_readers
from review.differing import differing_elsewhere, disagreements, readings_for_agreement
from review.pages.settling import show_difference
from review.pages.tables import show_table
from review.queue import Queue, list_queues

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


def show() -> None:
    """Show the screen."""
    room = st.session_state["room"]
    st.title("Agreement", anchor=False)
    st.markdown(INTRODUCTION)
    if kept := st.session_state.pop("settled_note", None):
        st.success(kept, icon=":material/check:")
    labels = load_labels()
    _show_second(room, labels)
    if room.role == "lead":
        _show_elsewhere(room, labels)


def _show_second(room, labels: LabelSet) -> None:
    """Show what came of notes that were drawn for second readers."""
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
    measured = measure_readers(readings, labels.ids)
    _show_figures(measured, labels)
    if _is_own_left(room, names[chosen]):
        st.info("You have notes of this draw to read. Differences are shown when you are done.")
        return
    st.header("Where they differ", anchor=False)
    found = disagreements(room.store, room.project.id, chosen)
    if not found:
        st.markdown("The readers agree on every note that both have finished.")
        return
    left = sum(not one.is_settled for one in found)
    st.text(f"{_notes(len(found))} differ, {left:,} of them not settled.")
    show_difference(room, found, labels, queue_id=chosen)


def _show_elsewhere(room, labels: LabelSet) -> None:
    """Show a lead what two happened to read, and read differently."""
    st.header("Read differently outside second readings", anchor=False)
    found = differing_elsewhere(room.store, room.project.id)
    if not found:
        st.markdown("None that is not settled.")
        return
    st.text(
        f"{_notes(len(found))} read by two or more who differ, and nobody has settled. These "
        "readers may have seen what others said, so nothing is measured here."
    )
    show_difference(room, found, labels, queue_id=None)


def _notes(n: int) -> str:
    """Count notes in words."""
    return f"{n:,} note{'' if n == 1 else 's'}"


def _is_own_left(room, one: Queue) -> bool:
    """Tell whether a reader might still be swayed: the draw is not read and they do not lead."""
    return room.role != "lead" and one.n_read < one.n_notes


def _show_figures(measured: ReadersAgreement, labels: LabelSet) -> None:
    """Show agreement question by question."""
    st.header("How far readers agree", anchor=False)
    readers = ", ".join(f"{name} ({n:,})" for name, n in measured.readers.items())
    st.text(f"{_notes(measured.shared)} read by two, as each first finished them: {readers}.")
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
        st.caption(f"Left out: labels that no reader confirmed ({absent}).")
    _show_pairs(named, measured.outcome)


def _show_pairs(named: Iterable[tuple[str, Agreement]], outcome: Agreement) -> None:
    """Show two readers at a time, where one of them confirmed anything."""
    pairs = [(name, pair) for name, one in named for pair in one.pairs]
    pairs = [(name, pair) for name, pair in pairs if pair.specific.get(YES) is not None]
    pairs += [("Outcome of the note", pair) for pair in outcome.pairs]
    rows = [
        (
            f"{name}: {pair.first} and {pair.second}",
            pair.notes,
            _share(pair.agreed),
            _figure(pair.kappa) if pair.kappa.value is not None else _number(None),
            *(_number(pair.spans.get(key)) for key in ("token_f1", "exact_f1", "overlap_f1")),
        )
        for name, pair in pairs
    ]
    columns = ["Question and readers", "notes", "agreed", "Cohen's kappa"]
    columns += ["phrases: words", "phrases: exact", "phrases: overlap"]
    with st.expander("Pair by pair, with the extent of phrases (F1)"):
        show_table("Two readers at a time; F1 treats both alike", columns, rows)
        st.caption(
            "Left out: labels that neither of the two confirmed. No kappa (–) where all answers "
            "are the same, so that agreement cannot be told from chance."
        )


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
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def _figure(figure: Figure) -> str:
    """Write a figure with its interval, or why there is none."""
    if figure.value is None:
        return f"– ({figure.why})"
    if figure.interval is None:
        return _number(figure.value)
    low, high = map(_number, figure.interval)
    return f"{_number(figure.value)} ({low} to {high})"
