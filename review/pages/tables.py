"""Tables on the screens, in which words of files are shown as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from training.page import draw_table


def show_table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Show a table whose words may not be ours.

    Parameters
    ----------
    caption : str
        What it shows.
    columns : sequence of str
        Heads.
    rows : iterable of sequence
        Figures, numbers or texts; the first of each row names it.
    """
    st.html(draw_table(caption, columns, rows))
