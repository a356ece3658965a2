"""What a trainer would like to practise, and which notes fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from classifier.note import Note
from review.practice.exercises import MAX_NOTES
from training.probes import affirmed_labels

LOOK_ALIKES = ("negated", "other", "other_crime", "physical_only")
"""Kinds of note that look like evidence, though nothing in them may be marked."""


@dataclass(frozen=True)
class Wish:
    """What a trainer would like to practise. An empty part leaves it open.

    Parameters
    ----------
    labels : tuple of str
        Ids; a note with evidence has at least one of them.
    difficulties, settings, victims, lengths : tuple of str
        Of ``DIFFICULTIES``, ``SETTING_KINDS``, ``VICTIMS``, ``LENGTHS``. Victims say nothing of
        notes without evidence.
    n : int
        Notes wanted, 1 to ``MAX_NOTES``.
    share_without : float
        In [0, 1]; share of notes in which nothing is recorded as happening, half of them
        look-alikes and half plain routine.
    one_case : bool
        Whether two notes of one invented case may come together.
    seed : int
        From 0; the same seed, wish and notes give the same exercise.

    Raises
    ------
    ValueError
        If `n`, `share_without` or `seed` is out of range.
    """

    labels: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    victims: tuple[str, ...] = ()
    lengths: tuple[str, ...] = ()
    n: int = 6
    share_without: float = 1 / 3
    one_case: bool = False
    seed: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MAX_NOTES:
            raise ValueError(f"an exercise has 1 to {MAX_NOTES} notes, got {self.n}")
        if not 0 <= self.share_without <= 1:
            raise ValueError(f"a share is from 0 to 1, got {self.share_without}")
        if self.seed < 0:
            raise ValueError(f"seed must be 0 or more, got {self.seed}")


PARTS = {
    "labels": "indicator",
    "difficulties": "difficulty",
    "settings": "setting",
    "victims": "whom it is about",
    "lengths": "length",
}
"""Parts of a wish that narrow it, and how they are called."""


def fits(note: Note, wish: Wish) -> bool:
    """Tell whether a note with evidence fits a wish.

    Parameters
    ----------
    note : Note
        Any note.
    wish : Wish
        What is wanted.

    Returns
    -------
    bool
        False for a note without evidence.
    """
    own = affirmed_labels(note.marks)
    return bool(
        own
        and (not wish.labels or own & set(wish.labels))
        and (not wish.victims or set(note.meta["victims"]) & set(wish.victims))
        and _fits_place(note, wish)
    )


def fits_without(note: Note, wish: Wish) -> bool:
    """Tell whether a note fits a wish as one without evidence.

    Parameters
    ----------
    note : Note
        Any note.
    wish : Wish
        Its labels and victims are left out of account.

    Returns
    -------
    bool
        False for a note with evidence.
    """
    return not affirmed_labels(note.marks) and _fits_place(note, wish)


def _fits_place(note: Note, wish: Wish) -> bool:
    """Tell whether difficulty, setting and length fit."""
    return (
        (not wish.difficulties or note.meta["difficulty"] in wish.difficulties)
        and (not wish.settings or note.meta["setting_kind"] in wish.settings)
        and (not wish.lengths or note.meta["length"] in wish.lengths)
    )


def is_look_alike(note: Note) -> bool:
    """Tell whether a note without evidence has something that looks like it.

    Parameters
    ----------
    note : Note
        Any note.

    Returns
    -------
    bool
        If a phrase is marked as denied, asked or of another setting, or the note is of a crime
        between strangers or of physical violence only. False for a note with evidence.
    """
    if affirmed_labels(note.marks):
        return False
    return bool(note.marks) or note.meta.get("kind") in LOOK_ALIKES


def tell_short(n: int, wanted: int, notes: Sequence[Note], wish: Wish, *, is_with: bool) -> str:
    """Say how many of the wanted notes fit, and which part of the wish could be given up.

    Parameters
    ----------
    n, wanted : int
        Notes found, and notes wanted.
    notes : sequence of Note
        All that could have been chosen.
    wish : Wish
        Not wholly met.
    is_with : bool
        Whether it is about notes with evidence.

    Returns
    -------
    str
        One sentence or two.
    """
    told = f"{n} of {wanted} wanted notes {'with' if is_with else 'without'} evidence fit."
    does_fit = fits if is_with else fits_without
    given_up = {
        words: sum(does_fit(one, replace(wish, **{part: ()})) for one in notes)
        for part, words in PARTS.items()
        if getattr(wish, part) and (is_with or part not in ("labels", "victims"))
    }
    more = [f"{words} ({count})" for words, count in given_up.items() if count > n]
    if more:
        return f"{told} With one part left open there are more: {', '.join(more)}."
    if len(given_up) > 1:
        return f"{told} Leave two parts open or more."
    return told
