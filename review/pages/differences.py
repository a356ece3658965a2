"""Part of the screen of models: where marks and highlights differ, one note at a time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from classifier.findings import Finding, NoteEvidence
from classifier.labels import Label, LabelSet
from classifier.note import CONTEXTS, Note
from classifier.wording import CONTEXT_WORDS, NOTHING_HIGHLIGHTED
from review.evaluations import PREDICTIONS_FILE, Known
from review.examples import (
    MISSED,
    WAYS,
    Example,
    count_ways,
    find_examples,
    kind_of,
    marks_as_findings,
    pick_examples,
    read_found,
)
from review.highlight import show_note
from review.session import forget_marked
from training.corpus import SYNTHETIC, read_corpus, read_marked

ALL = "All"

WAY_WORDS = {
    "Missed": "people marked it, and the tool highlights nothing there as this label",
    "Falsely flagged": "the tool highlights it, and nobody marked it as this label",
    "Another context": "the label is the same, and the tool shows it in another context",
}
"""What each of ``WAYS`` means."""

NOTHING_MARKED = "Nothing marked."


@dataclass(frozen=True)
class Found:
    """What an evaluation found in the notes whose text is at hand.

    Parameters
    ----------
    evidence : tuple of NoteEvidence
        With marks and findings.
    absent, unfit : int
        Notes whose text is not at hand, or not the one that was measured.
    examples : tuple of Example
        Every difference.
    """

    evidence: tuple[NoteEvidence, ...] = field(repr=False)
    absent: int
    unfit: int
    examples: tuple[Example, ...] = field(repr=False)


def get_found(side: Known) -> Found | None:
    """Read the findings of an evaluation beside the notes at hand, once a session.

    Parameters
    ----------
    side : Known
        With figures.

    Returns
    -------
    Found or None
        None if there are no findings, or they cannot be read.
    """
    if side.predictions is None:
        return None
    stamp = side.predictions.stat().st_mtime_ns
    key = (str(side.predictions), stamp, st.session_state.get("marked_round", 0))
    kept = st.session_state.get("differences")
    if kept and kept[0] == key:
        return kept[1]
    notes = {note.id: note for note in (*_get_corpus(), *_get_marked())}
    try:
        evidence, absent, unfit = read_found(side.predictions, notes.values())
    except (OSError, ValueError) as error:
        st.error("The findings beside these figures cannot be read.", icon=":material/error:")
        st.text(str(error))
        return None
    found = Found(evidence, absent, unfit, find_examples(evidence, side.labels.ids))
    st.session_state["differences"] = (key, found)
    return found


@st.cache_resource(show_spinner="Reading the invented notes …")
def _get_corpus() -> tuple[Note, ...]:
    """Read the whole notes that come with Unheard; they are invented, so all may share them."""
    files = sorted((SYNTHETIC / "notes").glob("*.jsonl"))
    return tuple(read_corpus(*files)) if files else ()


def _get_marked() -> tuple[Note, ...]:
    """Give the marked notes that a person opened."""
    return st.session_state.get("marked", ("", ()))[1]


def show_differences(side: Known, found: Found | None) -> None:
    """Show where marks and highlights differ.

    Parameters
    ----------
    side : Known
        With figures.
    found : Found or None
        From `get_found`.
    """
    st.header("Where people and highlights differ", anchor=False)
    if side.predictions is None:
        st.markdown("The findings behind these figures are not in the folder:")
        st.code(PREDICTIONS_FILE, language=None)
        return
    if found is None:
        return
    _show_marked_entry(found)
    if not found.evidence:
        return
    picked = _show_filters(side, found)
    if not picked:
        st.markdown("No example fits. Change the filters above.")
        return
    at = _settle_place(picked)
    _show_steps(picked, at)
    _show_example(found.examples[picked[at]], side.labels)


# Whose text is at hand


def _show_marked_entry(found: Found) -> None:
    """Say of how many notes the text is at hand, and let a person open more."""
    measured = len(found.evidence) + found.absent + found.unfit
    st.text(f"The text of {len(found.evidence):,} of {measured:,} measured notes is at hand.")
    if found.unfit:
        st.text(f"{found.unfit:,} notes have changed since they were measured and are left out.")
    name, notes = st.session_state.get("marked", ("", ()))
    if notes:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"Open: {name}, {len(notes):,} marked notes", width="stretch")
            st.button("Forget these notes", on_click=forget_marked)
    if found.absent or notes:
        with st.expander("Open the marked notes that were measured", expanded=not found.evidence):
            st.markdown("They stay in the memory of this computer, for this session only.")
            upload = st.file_uploader(
                "Marked notes (JSON Lines)",
                type=["jsonl"],
                key=f"marked_file_{st.session_state.get('marked_round', 0)}",
            )
            if upload is not None:
                _open_marked(upload.name, upload.getvalue())


def _open_marked(name: str, data: bytes) -> None:
    """Keep marked notes in this session."""
    try:
        lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig")
        notes = tuple(read_marked(lines, "the file"))
    except ValueError as error:  # undecodable bytes too
        st.error("This file could not be read as marked notes.", icon=":material/error:")
        st.text("it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error))
        return
    forget_marked()
    st.session_state["marked"] = (name, notes)
    st.rerun()


# Filters and steps


def _show_filters(side: Known, found: Found) -> list[int]:
    """Let a person narrow the examples; a change starts anew."""
    counts = count_ways(found.examples)
    st.session_state.setdefault("way", MISSED)
    way = st.segmented_control(
        "What differs", WAYS, key="way", required=True, on_change=_start_anew
    )
    st.caption(f"{way}: {WAY_WORDS[way]}. {counts[way]:,} in all contexts. Marks can be wrong too.")
    titles = {id: side.labels[id].title for id in side.labels.ids}
    kinds = sorted({kind_of(evidence.note) for evidence in found.evidence})
    chosen = {}
    for column, (role, title, options, words) in zip(
        st.columns(3),
        [
            ("ex_label", "Label", list(titles), titles),
            ("ex_kind", "Kind of note", kinds, {k: k.replace("_", " ") for k in kinds}),
            ("ex_context", "Context", list(CONTEXTS), CONTEXT_WORDS),
        ],
        strict=True,
    ):
        with column:
            chosen[role] = _choose(role, title, options, words)
    return pick_examples(
        found.examples,
        way=way,
        label=chosen["ex_label"],
        kind=chosen["ex_kind"],
        context=chosen["ex_context"],
    )


def _choose(role: str, title: str, options: Sequence[str], words: dict[str, str]) -> str | None:
    """Let a person choose one value of a filter, or all."""
    if st.session_state.get(role) not in (ALL, *options):
        st.session_state[role] = "affirmed" if role == "ex_context" else ALL
    chosen = st.selectbox(
        title,
        [ALL, *options],
        format_func=lambda value: words.get(value, value),
        key=role,
        on_change=_start_anew,
    )
    return None if chosen == ALL else chosen


def _start_anew() -> None:
    """Go to the first example."""
    st.session_state["ex_at"] = 0


def _settle_place(picked: Sequence[int]) -> int:
    """See to it that an example is chosen that fits."""
    at = st.session_state.get("ex_at") or 0
    at = st.session_state["ex_at"] = min(max(at, 0), len(picked) - 1)
    return at


def _show_steps(picked: Sequence[int], at: int) -> None:
    """Offer the examples before and after."""
    with st.container(horizontal=True, vertical_alignment="center", key="example_steps"):
        for name, key, to in (("Previous", "p", at - 1), ("Next", "n", at + 1)):
            st.button(
                f"{name} example",
                shortcut=key,
                disabled=not 0 <= to < len(picked),
                on_click=_go_to,
                args=(to,),
            )
        st.caption(f"Example {at + 1:,} of {len(picked):,}, the clearest first")


def _go_to(at: int) -> None:
    """Show another example."""
    st.session_state["ex_at"] = at


# One example


def _show_example(example: Example, labels: LabelSet) -> None:
    """Show a note twice: as people marked it, and as the tool shows it."""
    note = example.evidence.note
    st.text(say_example(example, labels))
    marked, shown = st.columns(2, gap="large")
    facts = {
        name.capitalize(): str(note.meta[name])
        for name in ("kind", "group", "setting")
        if note.meta.get(name)
    }
    marks = [mark for mark in note.marks if mark.label in labels.ids]
    findings = [finding for finding in example.evidence.findings if finding.label in labels.ids]
    with marked, st.container(border=True, key="marked_side"):
        st.subheader("What people marked", anchor=False)
        show_note(
            note.text,
            marks_as_findings(marks),
            labels,
            key="marked_note",
            facts={"Note": note.id, **facts},
            chosen=None if example.mark is None else marks.index(note.marks[example.mark]),
            say=_say_mark,
            nothing=NOTHING_MARKED,
        )
    with shown, st.container(border=True, key="shown_side"):
        st.subheader("What the tool shows", anchor=False)
        at = example.finding
        show_note(
            note.text,
            findings,
            labels,
            key="shown_note",
            facts={
                "Note": note.id,
                "Score" if at is not None else "The label's score": f"{example.score:.2f}",
            },
            chosen=None if at is None else findings.index(example.evidence.findings[at]),
            nothing=NOTHING_HIGHLIGHTED,
        )


def say_example(example: Example, labels: LabelSet) -> str:
    """Say in words what an example shows, without words of the note.

    Parameters
    ----------
    example : Example
        From `review.examples.find_examples`.
    labels : LabelSet
        Titles.

    Returns
    -------
    str
        One sentence.
    """
    title = labels[example.label].title
    beside = ", ".join(
        f"{labels[id].title} ({CONTEXT_WORDS[context]})"
        for id, context in example.beside
        if id in labels.ids
    )
    said = f"{example.way}: {title}, {CONTEXT_WORDS[example.context]}."
    if example.finding is not None and example.mark is None:
        return f"{said} People marked there: {beside or 'nothing'}."
    return f"{said} The tool shows there: {beside or 'nothing'}."


def _say_mark(mark: Finding, label: Label) -> str:
    """Say in words what people marked."""
    return f"marked {label.title}, {CONTEXT_WORDS[mark.context]}"
