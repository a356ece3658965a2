"""An exercise in the making: notes moved, dropped, swapped, added and reworded, nothing saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from classifier.note import Note
from review.practice.choosing import Chosen, choose
from review.practice.material import source_of
from review.practice.variants import Variant, make_variant
from review.practice.wishes import Wish
from training.probes import affirmed_labels

NO_OTHER = "No other note fits."


@dataclass(frozen=True)
class Draft:
    """Notes in a trainer's order.

    Parameters
    ----------
    notes : tuple of Note
        With reference marks.
    wish : Wish
        By which they were chosen; another note is looked for by the same.
    told : tuple of str
        Where the wish could not be met.
    gone : tuple of Note
        Notes that were swapped out; they do not come back.
    variant_of : int or None
        The exercise whose evidence these have in other words.
    stands_for : mapping of str to Note
        For notes of a variant, by source: the note of the exercise that each stands for.
    """

    notes: tuple[Note, ...]
    wish: Wish = field(default_factory=Wish)
    told: tuple[str, ...] = ()
    gone: tuple[Note, ...] = field(default=(), repr=False)
    variant_of: int | None = None
    stands_for: Mapping[str, Note] = field(default_factory=dict, repr=False)

    @property
    def is_masked(self) -> bool:
        """Whether any note is a real one with masks, which a person must read first."""
        return any(not one.meta.get("is_synthetic") for one in self.notes)


def move(draft: Draft, place: int, step: int) -> Draft:
    """Move a note up or down.

    Parameters
    ----------
    draft : Draft
        As it is.
    place : int
        Of the note, from 0.
    step : int
        -1 for up, 1 for down.

    Returns
    -------
    Draft
        Unaltered if the note is at that end.
    """
    to = place + step
    if not 0 <= to < len(draft.notes):
        return draft
    notes = list(draft.notes)
    notes[place], notes[to] = notes[to], notes[place]
    return replace(draft, notes=tuple(notes))


def drop(draft: Draft, place: int) -> Draft:
    """Take a note out.

    Parameters
    ----------
    draft : Draft
        As it is.
    place : int
        Of the note, from 0.

    Returns
    -------
    Draft
        Without it; it does not come back by chance.
    """
    gone = draft.notes[place]
    notes = draft.notes[:place] + draft.notes[place + 1 :]
    return replace(draft, notes=notes, gone=(*draft.gone, gone))


def swap(draft: Draft, place: int, notes: Sequence[Note]) -> Draft:
    """Put another note in a note's place: with evidence for one with, without for one without.

    In a variant, another author's note with the same labels, as in `make_variant`.

    Parameters
    ----------
    draft : Draft
        As it is.
    place : int
        Of the note, from 0.
    notes : sequence of Note
        To choose from.

    Returns
    -------
    Draft
        With another note by the same wish; the same notes and a sentence if there is none.
    """
    old = draft.notes[place]
    if original := draft.stands_for.get(source_of(old)):
        return _swap_in_variant(draft, place, original, notes)
    share = 0.0 if affirmed_labels(old.marks) else 1.0
    seed = draft.wish.seed + len(draft.gone) + 1
    wish = replace(draft.wish, n=1, share_without=share, seed=seed)
    found = choose(notes, wish, beside=(*draft.notes, *draft.gone))
    if not found.notes:
        return replace(draft, told=(NO_OTHER,))
    new = put(draft, place, found.notes[0])
    return replace(new, gone=(*draft.gone, old), told=())


def _swap_in_variant(draft: Draft, place: int, original: Note, notes: Sequence[Note]) -> Draft:
    """Find the next best note for one of the exercise."""
    here = (*draft.notes, *draft.gone, *draft.stands_for.values())
    taken = {source_of(one) for one in here}
    left = [one for one in notes if source_of(one) not in taken]
    new = make_variant([original], left, draft.wish.seed).matches[0].new
    if new is None:
        return replace(draft, told=(NO_OTHER,))
    old = draft.notes[place]
    stands_for = {**draft.stands_for, source_of(new): original}
    gone = (*draft.gone, old)
    return replace(put(draft, place, new), gone=gone, told=(), stands_for=stands_for)


def put(draft: Draft, place: int, note: Note) -> Draft:
    """Put a note in the place of another, such as one that was reworded.

    Parameters
    ----------
    draft : Draft
        As it is.
    place : int
        Of the old note, from 0.
    note : Note
        The new one.

    Returns
    -------
    Draft
        With the new note.
    """
    return replace(draft, notes=(*draft.notes[:place], note, *draft.notes[place + 1 :]))


def add(draft: Draft, wish: Wish, notes: Sequence[Note]) -> Draft:
    """Add notes by a wish.

    Parameters
    ----------
    draft : Draft
        As it is.
    wish : Wish
        What to add.
    notes : sequence of Note
        To choose from.

    Returns
    -------
    Draft
        With the new notes at the end.
    """
    found = choose(notes, wish, beside=(*draft.notes, *draft.gone))
    return replace(draft, notes=(*draft.notes, *found.notes), told=found.told)


def begin(chosen: Chosen, wish: Wish) -> Draft:
    """Begin with notes that were chosen.

    Parameters
    ----------
    chosen : Chosen
        From `choose` or `ten_mixed`.
    wish : Wish
        By which.

    Returns
    -------
    Draft
        To be looked through.
    """
    return Draft(chosen.notes, wish, chosen.told)


def begin_variant(variant: Variant, exercise_id: int, seed: int) -> Draft:
    """Begin with the notes of a variant.

    Parameters
    ----------
    variant : Variant
        From `make_variant`.
    exercise_id : int
        Of the exercise that it is a variant of.
    seed : int
        By which it was made.

    Returns
    -------
    Draft
        Told is which notes have no match, and how many have exactly the same labels.
    """
    found = [one for one in variant.matches if one.new is not None]
    told = [
        f"Note {at}: no note by another author."
        for at, one in enumerate(variant.matches, start=1)
        if one.new is None
    ]
    exact = sum(one.is_same for one in found)
    if exact < len(found):
        told.append(
            f"{exact} of {len(found)} notes have exactly the same labels of evidence; where there "
            "is no such note, the nearest was taken. Each says how it differs."
        )
    return Draft(
        variant.notes,
        Wish(n=max(len(found), 1), seed=seed),
        tuple(told),
        variant_of=exercise_id,
        stands_for={source_of(one.new): one.old for one in found},
    )


def about_of(draft: Draft) -> dict[str, object]:
    """Say how the notes of a draft were chosen, for the store.

    Parameters
    ----------
    draft : Draft
        To be saved.

    Returns
    -------
    dict
        The parts of the wish that narrow it, its seed and the notes' sources.
    """
    wish = {name: value for name, value in asdict(draft.wish).items() if value not in ((), False)}
    wish = {
        name: list(value) if isinstance(value, tuple) else value for name, value in wish.items()
    }
    return {"wish": wish, "sources": [source_of(one) for one in draft.notes]}
