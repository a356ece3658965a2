"""Part of the reading screen: what one phrase may indicate, and why it is shown."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from classifier.findings import Finding, NoteEvidence
from classifier.labels import Label, LabelSet
from classifier.why import nearest_phrases, words_behind
from classifier.wording import CONTEXT_WORDS, MATCH_WORDS, strength
from review.highlight import show_note, show_words

MAX_WORDS = 6
"""Words shown on either side of an explanation; further ones weigh next to nothing."""


def show_explanation(result: NoteEvidence, chosen: int, model, labels: LabelSet) -> None:
    """Explain one finding of a note.

    Parameters
    ----------
    result : NoteEvidence
        With at least one finding.
    chosen : int
        Place of the finding.
    model : Model
        The one that found it.
    labels : LabelSet
        Titles, definitions and sources.
    """
    finding = result.findings[chosen]
    label = labels[finding.label]
    _show_steps(chosen, len(result.findings))
    with st.container(border=True, key="explanation"):
        st.caption("May indicate")
        st.header(label.title, anchor=False)
        _show_phrase(result, finding, labels)
        st.markdown(f"In the note: **{CONTEXT_WORDS[finding.context]}**")
        st.markdown(f"Match to marked examples: **{strength(finding.score)}**")
        st.markdown(label.definition)
        why = st.expander("Why it is highlighted", key="why", on_change="rerun")
        if why.open:
            with why:
                _show_why(result, finding, model)
        with st.expander("What else it can look like"):
            show_look_alikes(label)
        with st.expander("Sources of this label"):
            show_sources(label, labels)


def show_look_alikes(label: Label) -> None:
    """List typical evidence and look-alikes.

    Parameters
    ----------
    label : Label
        Of the label file.
    """
    if label.evidence:
        st.markdown("**Typical evidence**\n" + _list(f"“{words}”" for words in label.evidence))
    if label.look_alikes:
        st.markdown("**Resembles it, but is not**\n" + _list(label.look_alikes))


def show_sources(label: Label, labels: LabelSet) -> None:
    """List the published items that a label covers.

    Parameters
    ----------
    label : Label
        Of the label file.
    labels : LabelSet
        Holds the full references.
    """
    if not label.sources:
        st.markdown("None named.")
    for name, items in label.sources.items():
        st.markdown(f"**{name}**\n" + _list(items))
        st.caption(labels.source[name].strip())


def _show_steps(chosen: int, count: int) -> None:
    """Offer the phrases before and after."""
    with st.container(horizontal=True, vertical_alignment="center", key="phrase_steps"):
        st.caption(f"Phrase {chosen + 1} of {count}", width="stretch")
        if count > 1:
            for name, key, to in (("Previous", "k", chosen - 1), ("Next", "j", chosen + 1)):
                st.button(
                    name,
                    key=f"{name}_phrase",
                    shortcut=key,
                    help=f"{name} phrase",
                    disabled=not 0 <= to < count,
                    on_click=_go_to_phrase,
                    args=(to,),
                )


def _go_to_phrase(place: int) -> None:
    """Explain another phrase of the note."""
    st.session_state["finding"] = place


def _show_phrase(result: NoteEvidence, finding: Finding, labels: LabelSet) -> None:
    """Show the phrase as it stands in the note."""
    phrase = result.note.text[finding.start : finding.end]
    alone = Finding(0, len(phrase), finding.label, finding.context, finding.score)
    show_note(phrase, [alone], labels, key="phrase")


def _show_why(result: NoteEvidence, finding: Finding, model) -> None:
    """Show the words that weighed most and the marked phrases that are nearest."""
    st.markdown(f"**{strength(finding.score).capitalize()}.** {MATCH_WORDS}")
    weights = words_behind(finding, result.note, model)
    towards = [(word, weight) for word, weight in weights if weight > 0][:MAX_WORDS]
    against = [(word, weight) for word, weight in weights if weight < 0][:MAX_WORDS]
    if towards:
        st.markdown(
            "**Words that weighed towards this label**, in the sentence around the phrase, "
            "heaviest first"
        )
        show_words(towards, key="towards")
    if against:
        st.markdown("**Words that weighed against it**")
        show_words(against, key="against")
    nearest = nearest_phrases(finding, result.note, model)
    if nearest:
        st.markdown("**Looks like** these phrases that people marked, in synthetic notes")
        for phrase in nearest:
            st.text(f"“{phrase}”")
    st.caption(
        "Weights say what moved the model, not what is true. Read the phrase in its note before "
        "you make anything of it."
    )


def _list(items: Iterable[str]) -> str:
    """Make a Markdown list of our own words."""
    return "\n".join(f"- {item}" for item in items)
