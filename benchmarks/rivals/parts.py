"""Who learns from which notes: the same parts for every way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.note import Note

CHOOSING_SHARE = 0.15
"""Share of the training part's whole notes, in whole author groups, that settings and thresholds
are chosen on."""


@dataclass(frozen=True)
class Parts:
    """Notes by their use.

    Parameters
    ----------
    rest : list of Note
        Whole notes and single sentences of the author groups that are not held out.
    fit : list of Note
        Those of `rest` whose groups are not in the choosing share.
    choosing, held_out : list of Note
        Whole notes.
    """

    rest: list[Note]
    fit: list[Note]
    choosing: list[Note]
    held_out: list[Note]


def divide(notes: Sequence[Note], hold: Collection[str], *, share: float, seed: int) -> Parts:
    """Divide notes by author groups.

    Parameters
    ----------
    notes : sequence of Note
        With ``meta["group"]`` and ``meta["unit"]``.
    hold : collection of str
        Author groups to measure on.
    share : float
        Of the other groups' notes and sentences, drawn at random; in (0, 1].
    seed : int
        Of the draw and of the choosing groups.

    Returns
    -------
    Parts
        No author group is in two of fit, choosing and held out.

    Raises
    ------
    ValueError
        If a group to hold out has no whole notes, or too few groups are left.
    """
    generator = np.random.default_rng(seed)
    groups = {group_of(note) for note in notes if is_whole(note)}
    if set(hold) - groups:
        raise ValueError(
            f"no whole notes of {', '.join(sorted(set(hold) - groups))}; "
            f"there are {', '.join(sorted(groups))}"
        )
    rest = [note for note in notes if group_of(note) not in hold]
    if share < 1:
        rows = generator.choice(len(rest), max(1, round(share * len(rest))), replace=False)
        rest = [rest[row] for row in sorted(rows)]
    sizes = {group: 0 for group in sorted(groups - set(hold))}
    for note in rest:
        if is_whole(note):
            sizes[group_of(note)] += 1
    chosen: set[str] = set()
    for group in generator.permutation(list(sizes)):
        if sum(sizes[name] for name in chosen) < CHOOSING_SHARE * sum(sizes.values()):
            chosen.add(str(group))
    fit = [note for note in rest if group_of(note) not in chosen]
    choosing = [note for note in rest if group_of(note) in chosen and is_whole(note)]
    if len({group_of(note) for note in fit if is_whole(note)}) < 2 or not choosing:
        raise ValueError("too few author groups are left to learn from; hold fewer out")
    return Parts(
        rest, fit, choosing, [note for note in notes if group_of(note) in hold and is_whole(note)]
    )


def group_of(note: Note) -> str:
    """Give a note's author group.

    Parameters
    ----------
    note : Note
        Of a corpus.

    Returns
    -------
    str
        Its name.
    """
    return str(note.meta["group"])


def is_whole(note: Note) -> bool:
    """Tell whether a note is a whole one, not a single sentence.

    Parameters
    ----------
    note : Note
        Of a corpus.

    Returns
    -------
    bool
        True for a whole note.
    """
    return note.meta["unit"] == "note"
