"""Examples take turns: in an order that varies, a few at a time."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from classifier.note import Note
from review.practice.setting_kinds import setting_kind
from review.practice.victims import victims_of

Item = TypeVar("Item")

SET_SIZE = 3
"""Examples shown together."""


def pick_set(examples: Sequence[Item], turn: int, size: int = SET_SIZE) -> tuple[Item, ...]:
    """Pick the examples of one turn; every one comes round before any comes again.

    Parameters
    ----------
    examples : sequence
        In the order to show them.
    turn : int
        From 0.
    size : int
        Examples wished for.

    Returns
    -------
    tuple
        All examples if there are no more than `size`. Else `size` of them, or half if there are
        fewer than twice as many, so that none is shown in two turns running.

    Examples
    --------
    >>> [pick_set("abcdefgh", turn) for turn in range(3)]
    [('a', 'b', 'c'), ('d', 'e', 'f'), ('g', 'h', 'a')]
    """
    count = len(examples)
    if count <= size:
        return tuple(examples)
    size = min(size, count // 2)
    return tuple(examples[(turn * size + place) % count] for place in range(size))


def spread_out(
    items: Sequence[Item],
    traits_of: Callable[[Item], Sequence[Hashable]],
    rank_of: Callable[[Item], int],
    seed: int,
) -> list[Item]:
    """Put items in an order in which those that follow each other have little in common.

    Parameters
    ----------
    items : sequence
        Any items.
    traits_of : callable
        Gives the traits of an item; the next item is one whose traits were least used before.
    rank_of : callable
        Gives a number; a lower rank comes first, whatever the traits.
    seed : int
        Of the choice among equals.

    Returns
    -------
    list
        All items.
    """
    chance = random.Random(seed)
    left = [(item, rank_of(item), tuple(traits_of(item)), chance.random()) for item in items]
    used: Counter[Hashable] = Counter()
    ordered = []
    while left:
        best = min(left, key=lambda one: (one[1], sum(used[trait] for trait in one[2]), one[3]))
        left.remove(best)
        used.update(best[2])
        ordered.append(best[0])
    return ordered


def traits_of(note: Note) -> tuple[Hashable, ...]:
    """Give what examples should not have in common.

    Parameters
    ----------
    note : Note
        Of the corpus.

    Returns
    -------
    tuple
        Author group, kind of setting and people harmed.
    """
    group = note.meta.get("group")
    return (
        ("group", group),
        ("setting", setting_kind(note.meta.get("setting"), group)),
        ("victims", victims_of(note)),
    )
