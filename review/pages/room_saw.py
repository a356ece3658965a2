"""Part of the trainer's live screen: what room and model saw in a note, and what the room asks."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from classifier.labels import LabelSet
from classifier.note import Note
from classifier.wording import CONTEXT_WORDS
from review.decisions import TO_RECORD
from review.pages.model_reading import FLATTERED, find_unseen
from review.pages.tables import show_table
from review.practice.colleague import COLLEAGUE_WORDS, findings_as_marks
from review.practice.groups import GroupNote
from review.practice.reasons import title_of
from review.practice.tally import OverTally, PhraseTally, Tally, tally


def show_tally(found: Tally, labels: LabelSet) -> None:
    """Show phrase by phrase what the room saw, what it took for evidence, and what it added.

    Parameters
    ----------
    found : Tally
        Of one note.
    labels : LabelSet
        Titles.
    """
    text = found.note.text
    st.markdown(f"Counted are the {found.trainees} who have finished this note.")
    show_table(
        "What the reference has, and how many of the room saw it",
        ["Phrase", "Indicator", "Marked so", "Another label", "As a look-alike", "Not marked"],
        [
            [text[one.mark.start : one.mark.end], title_of(labels, one.mark.label), *_counts(one)]
            for one in found.phrases
        ],
    )
    if others := [one for one in found.phrases if one.given]:
        for one in others:
            quote = text[one.mark.start : one.mark.end]
            st.text(f"“{quote}” was also called {_say_labels(one.given, labels)}.")
    if found.look_alikes:
        show_table(
            "Look-alikes: what the reference holds for no evidence",
            ["Phrase", "In the note, this is", "Left alone", "Marked as evidence"],
            [
                [
                    text[one.mark.start : one.mark.end],
                    CONTEXT_WORDS[one.mark.context],
                    one.left,
                    one.taken,
                ]
                for one in found.look_alikes
            ],
        )
    if found.over:
        show_table(
            "What the room marked and the reference did not",
            ["Words", "Trainees", "As"],
            [_over_row(one, text, labels) for one in found.over],
        )


def show_model(note: Note, labels: LabelSet) -> None:
    """Show phrase by phrase what the model saw, as of one more in the room.

    Parameters
    ----------
    note : Note
        With the reference marks.
    labels : LabelSet
        Titles.
    """
    st.markdown(COLLEAGUE_WORDS)
    highlighted = find_unseen([note])[0]
    if highlighted is None:
        st.markdown(FLATTERED)
        return
    found = tally(note, [findings_as_marks(highlighted)])
    show_table(
        "What the model made of the note",
        ["Words", "The reference", "The model"],
        [
            *(_model_row(one, note.text, labels) for one in found.phrases),
            *(
                [note.text[one.start : one.end], "no mark", _say(one.labels, labels)]
                for one in found.over
            ),
        ],
    )


def _model_row(one: PhraseTally, text: str, labels: LabelSet) -> list[object]:
    """Say what the model made of a reference phrase."""
    did = {
        "highlighted so": one.agreed,
        f"highlighted as {_say(one.given, labels)}": one.label,
        "taken for a look-alike": one.context,
        "not highlighted": one.missed,
    }
    said = next(words for words, count in did.items() if count)
    return [text[one.mark.start : one.mark.end], title_of(labels, one.mark.label), said]


def _say(given: Iterable[tuple[str, int]], labels: LabelSet) -> str:
    """Name labels."""
    return ", ".join(title_of(labels, id) for id, _ in given)


def _counts(one: PhraseTally) -> tuple[int, int, int, int]:
    """Give the counts of a phrase in the order of the table."""
    return one.agreed, one.label, one.context, one.missed


def _over_row(one: OverTally, text: str, labels: LabelSet) -> list[object]:
    """Make a row of what the reference has not."""
    return [text[one.start : one.end], one.trainees, _say_labels(one.labels, labels)]


def _say_labels(given: Iterable[tuple[str, int]], labels: LabelSet) -> str:
    """Name labels with their counts."""
    return ", ".join(f"{title_of(labels, id)} ({count})" for id, count in given)


def show_words(note: GroupNote) -> None:
    """Show what the room would do, ask and record, without names.

    Parameters
    ----------
    note : GroupNote
        As the group has left it.
    """
    show_table(
        "What they would do",
        ["Answer", "Trainees"],
        [[words, note.outcomes.get(id, 0)] for id, words in TO_RECORD.items()],
    )
    if not note.words:
        st.markdown("Nobody who has finished has written what to ask.")
    for words in note.words:
        st.text(f"• {words}")
