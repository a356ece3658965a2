"""From a wish to the notes of an exercise: drawn by a seed, spread over labels and authors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.note import Note
from review.practice.copies import are_near, runs_of
from review.practice.material import source_of
from review.practice.wishes import Wish, fits, fits_without, is_look_alike, tell_short
from training.probes import affirmed_labels

TEN_WITHOUT = 0.3
"""Share of notes without evidence in "ten notes, mixed": three."""

SPREAD = ("group", "difficulty", "victim", "setting_kind")
"""What else is spread beside labels, the most important first."""


@dataclass(frozen=True)
class Chosen:
    """Notes that fit a wish, and where it could not be met.

    Parameters
    ----------
    notes : tuple of Note
        In the order to be read; with and without evidence in random turns.
    told : tuple of str
        Sentences for people; empty if the wish is met.
    """

    notes: tuple[Note, ...]
    told: tuple[str, ...] = ()


def choose(notes: Sequence[Note], wish: Wish, *, beside: Iterable[Note] = ()) -> Chosen:
    """Choose notes for an exercise.

    One after the other, that note comes next whose labels, author group and setting have been
    taken least; among equals, chance decides. No two are near-copies, and no two of one case
    unless the wish says so.

    Parameters
    ----------
    notes : sequence of Note
        From `read_synthetic` or `read_project_notes`, with their ``meta``.
    wish : Wish
        What is wanted.
    beside : iterable of Note
        Notes that are there already: they and their near-copies are not taken.

    Returns
    -------
    Chosen
        Fewer notes than wanted where too few fit, never others in their place.
    """
    rng = np.random.Generator(np.random.PCG64(wish.seed))
    ordered = sorted(notes, key=source_of)
    drawn = [ordered[row] for row in rng.permutation(len(ordered)).tolist()]
    n_without = round(wish.n * wish.share_without)
    taken = list(beside)
    found: list[Note] = []
    told: list[str] = []
    for is_with, n in ((True, wish.n - n_without), (False, n_without)):
        does_fit = fits if is_with else fits_without
        fitting = [one for one in drawn if does_fit(one, wish)]
        picked = _pick(fitting, n, [*taken, *found], wish)
        found += picked
        if len(picked) < n:
            told.append(tell_short(len(picked), n, notes, wish, is_with=is_with))
    order = rng.permutation(len(found)).tolist()
    return Chosen(tuple(found[row] for row in order), tuple(told))


def ten_mixed(notes: Sequence[Note], seed: int) -> Chosen:
    """Choose ten notes of all kinds, three of them without evidence.

    Parameters
    ----------
    notes : sequence of Note
        As in `choose`.
    seed : int
        From 0; shown, so that somebody else can have the same ten.

    Returns
    -------
    Chosen
        The same for the same seed and notes.
    """
    return choose(notes, Wish(n=10, share_without=TEN_WITHOUT, seed=seed))


def _pick(fitting: Sequence[Note], n: int, taken: Sequence[Note], wish: Wish) -> list[Note]:
    """Take notes one by one, each time one whose like has been taken least."""
    counts = Counter(trait for one in taken for trait in _traits(one))
    runs = [runs_of(one.text) for one in taken]
    cases = {_case_of(one) for one in taken}
    sources = {source_of(one) for one in taken}
    left = [one for one in fitting if source_of(one) not in sources]
    picked: list[Note] = []
    while left and len(picked) < n:
        best = min(left, key=lambda one: _how_often(one, counts, wish))
        left.remove(best)
        own, case = runs_of(best.text), _case_of(best)
        is_second = case is not None and case in cases and not wish.one_case
        if is_second or any(are_near(own, other) for other in runs):
            continue
        picked.append(best)
        runs.append(own)
        cases.add(case)
        counts.update(_traits(best))
    return picked


def _how_often(
    note: Note, counts: Counter[tuple[str, object]], wish: Wish
) -> tuple[float | int, ...]:
    """Say how often what a note has was taken: labels or look-alikes first, then the rest."""
    traits = _traits(note)
    firsts, others = traits[: -len(SPREAD)], traits[-len(SPREAD) :]
    own = [one for one in firsts if one[1] in wish.labels] or firsts
    first = sum(counts[one] for one in own) / len(own)
    if is_look_alike(note) and wish.labels:
        first += 0 if {one.label for one in note.marks} & set(wish.labels) else 0.5
    return (first, *(counts[one] for one in others))


def _traits(note: Note) -> list[tuple[str, object]]:
    """Name what notes of an exercise should differ in."""
    labels = sorted(affirmed_labels(note.marks))
    firsts = [("label", one) for one in labels] or [("look-alike", is_look_alike(note))]
    known = {**note.meta, "victim": next(iter(note.meta["victims"]), None)}
    others = [(name, known.get(name)) for name in SPREAD]
    return [*firsts, *others]


def _case_of(note: Note) -> object:
    """Give the case of a note, if it has one."""
    return note.meta.get("case") or None
