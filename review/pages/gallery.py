"""The gallery: for each label what is often passed over, and what only looks like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from classifier.findings import Finding, NoteEvidence
from classifier.labels import Label, LabelSet
from classifier.model_file import DEFAULT_MODEL
from classifier.note import Mark, Note
from classifier.wording import CONTEXT_WORDS, showable
from review.examples import marks_as_findings
from review.highlight import STATIC, chosen_in, make_chip, show_note, show_rows
from review.pages.explain import show_sources
from review.practice.gallery import GalleryExample, find_routine
from review.practice.look_alikes import (
    LookAlike,
    cut_around,
    find_look_alikes,
    say_difference,
    split_look_alike,
)
from review.practice.routine import HOW_CHOSEN, OWN_VOICE, is_whole
from review.practice.setting_kinds import SETTING_KINDS, setting_kind
from review.practice.turns import pick_set
from review.session import get_labels, get_shipped_labels
from training.compare import PREDICTIONS_FILE, read_predictions
from training.corpus import read_corpus

LOOK_ALIKE_CONTEXTS = ("negated", "hypothetical", "other")

ABOUT = (
    "For each label, phrases that are easily passed over because the note around them looks like "
    "any other. **Every note is invented.** The marks are one person's reading, and another may "
    "read otherwise. Nothing here says whether abuse took place."
)

WARNING = (
    "The notes tell of control, threats and humiliation, in plain words. Say so before you show "
    "them to a group, and let people look away."
)

HELD_OUT = (
    "The model spoken of here had seen no note by the author of the note. Missing a phrase says "
    "something of the model, not of the phrase."
)

NO_EXAMPLES = (
    "No invented note that looks routine has this label, so there is nothing to show. That says "
    "nothing of how often it is missed."
)

OTHER_DEFINITION = (
    "This label is not Unheard's own, or its definition was changed. The notes were marked with "
    "Unheard's definition, so examples may not fit."
)


def show() -> None:
    """Show the screen."""
    labels = get_labels()
    st.html(STATIC / "gallery.css")
    place = min(st.session_state.setdefault("gallery", 0), len(labels.label) - 1)
    with st.sidebar:
        st.header("Labels", anchor=False)
        _show_list(labels, place)
    st.title("Often missed", anchor=False)
    st.markdown(f"{ABOUT} {WARNING}")
    _show_steps(labels, place)
    with st.container(key="gallery_entry"):
        _show_label(labels.label[place], labels)


def _show_list(labels: LabelSet, place: int) -> None:
    """Show all labels, each as its chip."""
    rows = []
    for at, label in enumerate(labels.label):
        chip = {**make_chip(label), "title": f"{label.cue}  {label.title}"}
        rows.append({"id": at, "chips": [chip]})
    show_rows(rows, key="gallery_list", name="Labels", chosen=place, on_choose=_choose_label)


def _choose_label() -> None:
    """Show the label that was chosen."""
    place = chosen_in("gallery_list")
    if place is not None:
        st.session_state["gallery"] = place


def _show_steps(labels: LabelSet, place: int) -> None:
    """Offer the labels before and after, also where the list is folded away."""
    with st.container(horizontal=True, vertical_alignment="center", key="gallery_steps"):
        for name, key, to in (("Previous", "p", place - 1), ("Next", "n", place + 1)):
            st.button(
                f"{name} label",
                shortcut=key,
                disabled=not 0 <= to < len(labels.label),
                on_click=_go_to,
                args=(to,),
            )
        st.caption(f"Label {place + 1} of {len(labels.label)}")


def _go_to(place: int) -> None:
    """Show another label."""
    st.session_state["gallery"] = place


def _show_label(label: Label, labels: LabelSet) -> None:
    """Show all that the gallery has of a label, one idea at a time."""
    _show_title(label)
    st.markdown(label.definition)
    tabs = st.tabs(list(PARTS), key="gallery_part", on_change="rerun")
    for tab, show_part in zip(tabs, PARTS.values(), strict=True):
        if tab.open:
            with tab:
                show_part(label, labels)


def _show_title(label: Label) -> None:
    """Show title, letters and colour; the colour is checked to be one, the words are escaped."""
    is_dark = st.context.theme.type == "dark"
    ground, ink = (label.colour.dark, "#ffffff") if is_dark else (label.colour.light, "#000000")
    st.html(
        f'<h2 class="gallery-title"><span class="gallery-chip" '
        f'style="background:{ground};color:{ink}">{escape(label.cue)}</span> '
        f"<span>{escape(label.title)}</span></h2>"
    )


# Often missed like this


def _show_missed(label: Label, labels: LabelSet) -> None:
    """Show some routine-looking notes."""
    st.subheader("Often missed like this", anchor=False)
    _show_other_definition(label)
    examples = _find_missed(label.id)
    if not examples:
        st.markdown(NO_EXAMPLES)
        return
    turn = _turn_of("missed", label.id)
    shown = pick_set(examples, turn)
    with st.container(horizontal=True, vertical_alignment="center"):
        _offer_others("missed", label.id, is_all=len(shown) == len(examples))
        st.caption(f"{len(shown)} of {len(examples)} notes")
        all_marks = st.toggle("Show every mark of these notes", key="gallery_all")
    for at, example in enumerate(shown):
        with st.container(border=True, key=f"gallery_missed_{at}"):
            _show_example(example, label, labels, key=f"gallery_note_{at}", all_marks=all_marks)
    with st.expander("How these notes were chosen"):
        st.markdown(HOW_CHOSEN)
        st.markdown(HELD_OUT)


def _show_example(
    example: GalleryExample, label: Label, labels: LabelSet, *, key: str, all_marks: bool
) -> None:
    """Show a note with the phrase marked, and what became of it."""
    note = example.note
    own = [note.marks[place] for place in example.marks]
    marks = [mark for mark in note.marks if mark in own or _is_beside(mark, label, all_marks)]
    marks = [mark for mark in marks if mark.label in labels.ids]
    n_evidence, n_words = example.counts
    show_note(
        note.text,
        marks_as_findings(marks),
        labels,
        key=key,
        facts={
            "Taken by": _setting_of(note),
            "Phrase": f"{n_evidence} of {n_words} words",
        },
        chosen=marks.index(own[0]),
        say=_say_mark,
    )
    if label.id != OWN_VOICE:
        _show_end(example)
    if example.is_missed is not None:
        st.markdown(_say_model(example, labels))


def _show_end(example: GalleryExample) -> None:
    """Show what the note made of the evidence, or how it ends."""
    st.markdown("**What the note made of it**" if example.closing else "**How the note ends**")
    for words in example.closing or (example.last_words,):
        st.text(_quote(words))


def _is_beside(mark: Mark, label: Label, all_marks: bool) -> bool:
    """Tell whether a mark is shown beside the label's: what the note made of it, or what it met."""
    is_affirmed = mark.context == "affirmed"
    return all_marks or (is_affirmed and OWN_VOICE in (mark.label, label.id))


def _say_model(example: GalleryExample, labels: LabelSet) -> str:
    """Say what the model made of the phrase, in our own words."""
    if not example.is_missed:
        return ":material/search: The model highlighted this one."
    titles = " and ".join(labels[id].title for id in example.shown_as if id in labels.ids)
    instead = f" It highlighted the phrase only as {titles}." if titles else ""
    return f":material/search_off: **The model missed this one too.**{instead}"


def _say_mark(mark: Finding, label: Label) -> str:
    """Say in words what was marked."""
    return f"marked {label.title}, {CONTEXT_WORDS[mark.context]}"


def _setting_of(note: Note) -> str:
    """Say where a note was taken."""
    return SETTING_KINDS[setting_kind(note.meta.get("setting"), note.meta.get("group"))]


def _quote(words: str) -> str:
    """Put words of a note on one line, in quotes."""
    return f"“{' '.join(showable(words).split())}”"


# Looks like it, and is not


def _show_not_it(label: Label, labels: LabelSet) -> None:
    """Show what the label guide says of look-alikes, and some phrases beside true ones."""
    st.subheader("Looks like it, and is not", anchor=False)
    if label.look_alikes:
        lines = []
        for words in label.look_alikes:
            what, why = split_look_alike(words)
            lines.append(f"- **{what}**" + (f": {why}" if why else ""))
        st.markdown("\n".join(lines))
    _show_other_definition(label)
    found = {context: _find_not_it(label.id, context) for context in LOOK_ALIKE_CONTEXTS}
    if not any(found.values()):
        st.markdown("No invented note has a phrase that only looks like this label.")
        return
    st.subheader("Side by side, in notes", anchor=False)
    turn = _turn_of("not_it", label.id)
    _offer_others("not_it", label.id, is_all=all(len(some) <= 1 for some in found.values()))
    for context, some in found.items():
        for example in pick_set(some, turn, size=1):
            with st.container(border=True, key=f"gallery_not_{context}"):
                _show_look_alike(example, label, labels)


def _show_look_alike(example: LookAlike, label: Label, labels: LabelSet) -> None:
    """Show a look-alike beside the true phrase nearest to it."""
    context = example.mark.context
    st.markdown(f"**{CONTEXT_WORDS[context].capitalize()}.** {say_difference(label, context)}")
    true, alike = st.columns(2, gap="large")
    with alike:
        st.caption(f"Looks like it ({CONTEXT_WORDS[context]})")
        _show_cut(example.note, example.mark, labels, key=f"gallery_alike_{context}")
        if example.is_mistaken:
            st.markdown(":material/error: The model took this one for behaviour that happened.")
    with true:
        st.caption("Evidence (recorded as happening)")
        if example.beside:
            _show_cut(*example.beside, labels, key=f"gallery_true_{context}")
        else:
            st.markdown("No phrase to compare with.")


def _show_cut(note: Note, mark: Mark, labels: LabelSet, *, key: str) -> None:
    """Show the sentences around a phrase."""
    cut = cut_around(note, mark)
    show_note(
        cut.text,
        marks_as_findings(cut.marks),
        labels,
        key=key,
        facts={"Taken by": _setting_of(note)},
        say=_say_mark,
    )


# Evidence and sources


def _show_guide(label: Label, labels: LabelSet) -> None:
    """Show typical evidence and the published items that the label covers."""
    if label.evidence:
        st.subheader("Typical evidence", anchor=False)
        st.markdown("\n".join(f"- “{words}”" for words in label.evidence))
    st.subheader("Sources", anchor=False)
    show_sources(label, labels)


PARTS = {"Often missed": _show_missed, "Only looks like it": _show_not_it, "Guide": _show_guide}
"""What is shown of a label, one idea at a time."""


# What is at hand


def _turn_of(part: str, label: str) -> int:
    """Give how often a person asked for others."""
    return st.session_state.setdefault("gallery_turns", {}).get((part, label), 0)


def _offer_others(part: str, label: str, *, is_all: bool) -> None:
    """Offer further examples."""
    st.button(
        "Show others",
        key=f"gallery_others_{part}",
        icon=":material/autorenew:",
        disabled=is_all,
        on_click=_turn_on,
        args=(part, label),
    )


def _turn_on(part: str, label: str) -> None:
    """Show other examples of a label."""
    turns = st.session_state["gallery_turns"]
    turns[part, label] = turns.get((part, label), 0) + 1


def _show_other_definition(label: Label) -> None:
    """Say that the notes were marked with another label, if so."""
    shipped = get_shipped_labels()
    if label.id not in shipped.ids or shipped[label.id].definition != label.definition:
        st.info(OTHER_DEFINITION, icon=":material/info:")


@st.cache_resource(show_spinner="Reading the invented notes …")
def _read_synthetic() -> tuple[Sequence[Note], Mapping[str, NoteEvidence]]:
    """Read the invented notes, and what a model found that had not seen their authors."""
    try:
        notes = [note for note in read_corpus() if is_whole(note)]
    except FileNotFoundError:
        return (), {}
    try:
        found = read_predictions(DEFAULT_MODEL / PREDICTIONS_FILE, notes)
    except (OSError, ValueError):
        return notes, {}
    return notes, {evidence.note.id: evidence for evidence in found}


@st.cache_resource(show_spinner=False)
def _find_missed(label: str) -> tuple[GalleryExample, ...]:
    """Find the examples of a label once."""
    notes, found = _read_synthetic()
    return find_routine(notes, label, found)


@st.cache_resource(show_spinner=False)
def _find_not_it(label: str, context: str) -> tuple[LookAlike, ...]:
    """Find the look-alikes of a label once."""
    notes, found = _read_synthetic()
    return find_look_alikes(notes, label, context, found)
