"""The label guide: what each label means, typical evidence, and what only looks like it."""

from __future__ import annotations

import streamlit as st

from classifier.labels import LabelSet
from review.highlight import chosen_in, show_rows
from review.pages.explain import show_look_alikes, show_sources
from review.session import get_labels, get_opened


def show() -> None:
    """Show the screen."""
    labels = get_labels()
    st.title("Label guide", anchor=False)
    st.markdown(
        f"The {len(labels.label)} labels that a phrase may get. A label says what a note records; "
        "it never says whether abuse took place. Physical violence alone gets none."
    )
    place = st.session_state.setdefault("guide", _place_in_reading(labels))
    names, entry = st.columns([1, 2], gap="large")
    with names:
        show_rows(
            [
                {"id": at, "title": label.title, "aside": label.cue}
                for at, label in enumerate(labels.label)
            ],
            key="guide_list",
            name="Labels",
            chosen=place,
            on_choose=_choose_label,
        )
    with entry, st.container(key="guide_entry"):
        _show_label(labels, place)


def _show_label(labels: LabelSet, place: int) -> None:
    """Show all that is known of a label."""
    label = labels.label[place]
    st.header(label.title, anchor=False)
    st.caption(f"Shown at the end of a phrase as {label.cue}")
    st.markdown(label.definition)
    show_look_alikes(label)
    with st.expander("Sources of this label"):
        show_sources(label, labels)


def _place_in_reading(labels: LabelSet) -> int:
    """Start at the label of the phrase that a person was reading about, or at the first."""
    opened, at = get_opened(), st.session_state.get("at")
    findings = opened.results[at].findings if opened and at is not None else ()
    chosen = st.session_state.get("finding") or 0
    return labels.ids.index(findings[chosen].label) if chosen < len(findings) else 0


def _choose_label() -> None:
    """Show the label that was chosen."""
    place = chosen_in("guide_list")
    if place is not None:
        st.session_state["guide"] = place
