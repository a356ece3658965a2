"""Part of the screen of exercises: a note in a list, and a note with its reference marks."""

from __future__ import annotations

import streamlit as st

from classifier.findings import Finding
from classifier.labels import Label, LabelSet
from classifier.note import Note
from classifier.wording import CONTEXT_WORDS
from review.highlight import make_chip, show_note
from review.practice.difficulty import DIFFICULTIES, WITHOUT_EVIDENCE, reasons_of
from review.practice.setting_kinds import SETTING_KINDS
from review.practice.victims import VICTIMS
from review.practice.wishes import is_look_alike
from training.probes import affirmed_labels

MAX_CHIPS = 3
"""Labels named in a row of the list; the number of further ones follows."""

NOTHING = "Nothing is marked in this note."


def describe_row(note: Note, at: int, labels: LabelSet) -> dict[str, object]:
    """Describe a note for a list.

    Parameters
    ----------
    note : Note
        With ``meta`` as from `read_synthetic`.
    at : int
        Its place from 0.
    labels : LabelSet
        Titles, cues and colours.

    Returns
    -------
    dict
        For `review.highlight.show_rows`.
    """
    found = [one for one in sorted(affirmed_labels(note.marks)) if one in labels.ids]
    more = len(found) - MAX_CHIPS
    line = [str(note.meta.get("difficulty", "")).capitalize()]
    if more > 0:
        line.append(f"{more} more")
    if not found:
        line = ["Plain routine"] if not is_look_alike(note) else ["Look-alikes only"]
    return {
        "id": at,
        "title": f"{at + 1}. {SETTING_KINDS.get(str(note.meta.get('setting_kind')), 'Not told')}",
        "aside": f"{len(note.text.split())} words",
        "chips": [make_chip(labels[one]) for one in found[:MAX_CHIPS]],
        "line": " · ".join(line),
    }


def show_marked(note: Note, labels: LabelSet, *, key: str, title: str) -> None:
    """Show a note as it was received, with its reference marks.

    Parameters
    ----------
    note : Note
        Of an exercise.
    labels : LabelSet
        Titles, cues and colours.
    key : str
        Of the element.
    title : str
        Shown above.
    """
    known = [one for one in note.marks if one.label in labels.ids]
    facts = dict(note.meta.get("facts") or {})
    show_note(
        note.text,
        [Finding(one.start, one.end, one.label, one.context, 1.0) for one in known],
        labels,
        key=key,
        title=title,
        facts={name.capitalize(): str(value) for name, value in facts.items()},
        say=_say_mark,
        nothing=NOTHING,
    )
    level = str(note.meta.get("difficulty") or "")
    if not affirmed_labels(note.marks):
        st.caption(f"**{level.capitalize()}.** {WITHOUT_EVIDENCE.get(level, '')}")
        return
    words = [f"**{level.capitalize()}.** {DIFFICULTIES.get(level, '')}"]
    if reasons := "; ".join(reasons_of(note)):
        words.append(f"Counted: {reasons}.")
    whom = ", ".join(VICTIMS.get(one, one).lower() for one in note.meta.get("victims") or ())
    words.append(f"Whom it is about, guessed from its words: {whom}.")
    st.caption(" ".join(words))


def _say_mark(one: Finding, label: Label) -> str:
    """Say in words what a reference mark is."""
    return f"the reference: {label.title}, {CONTEXT_WORDS[one.context]}"
