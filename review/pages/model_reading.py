"""Part of the practice screens: what the model highlights in notes that it has not learnt from."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from classifier.evidence import find_evidence
from classifier.findings import Finding
from classifier.note import Note
from review.evaluations import is_shipped
from review.practice.colleague import (
    COLLEAGUE_WORDS,
    count_colleague,
    find_as_colleague,
    say_colleague,
)
from review.session import get_model, get_reading

FLATTERED = "The model has learnt from this note, so what it finds here would flatter it."


def find_unseen(notes: Sequence[Note]) -> list[tuple[Finding, ...] | None]:
    """Give what a model highlights in notes, where it is known that it has not learnt from them.

    Parameters
    ----------
    notes : sequence of Note
        Of an exercise.

    Returns
    -------
    list of (tuple of Finding or None)
        For each note; None where the model would be flattered.
    """
    is_ours = is_shipped(get_reading())
    live = (lambda note: find_evidence(note, get_model()).findings) if is_ours else None
    return find_as_colleague(notes, live)


def show_colleague(notes: Sequence[Note]) -> None:
    """Say how the model did on notes, so that nobody learns to trust it blindly.

    Parameters
    ----------
    notes : sequence of Note
        Whose reference marks may be seen.
    """
    st.header("The model on these notes", anchor=False)
    st.markdown(COLLEAGUE_WORDS)
    st.text(say_colleague(count_colleague(notes, find_unseen(notes))))
