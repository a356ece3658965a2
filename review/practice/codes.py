"""Codes that people read out and type in: a group's, and a trainee's own."""

from __future__ import annotations

import hashlib
import secrets

LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"
"""Without those that are taken for one another when read out or from a wall."""

GROUP_LENGTH = 6

WORDS = tuple(
    """
    acorn almond amber apple aspen badger barley basil beech birch bramble breeze bronze brook
    butter candle canyon cedar cherry clover cobalt copper coral cotton cricket crystal daisy
    dolphin ember falcon fern finch forest garden ginger granite harbour hazel heather heron
    honey indigo island ivory jasmine juniper lagoon lantern lemon lilac linen maple marble
    meadow mellow mint nectar nutmeg oak olive orchid otter pebble pepper pine plum pollen poppy
    quartz quill raven ribbon river robin saffron sage sail sand sapphire silver sparrow spruce
    summit swift tawny thistle tulip umber valley velvet violet walnut willow winter woodland
    wren yarrow zephyr
    """.split()
)


def make_group_code() -> str:
    """Make a code for a group.

    Returns
    -------
    str
        Six of ``LETTERS``: 387 million codes.
    """
    return "".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH))


def read_group_code(typed: str) -> str:
    """Read a group's code as it was typed.

    Parameters
    ----------
    typed : str
        By a person.

    Returns
    -------
    str
        Upper case, without spaces and hyphens.

    Examples
    --------
    >>> read_group_code(" kmt-4x9 ")
    'KMT4X9'
    """
    return "".join(typed.split()).replace("-", "").upper()


def make_own_code() -> str:
    """Make a code by which a trainee, and nobody else, comes back to what they did.

    Returns
    -------
    str
        Three of ``WORDS`` and a number, such as ``"amber-otter-sage-417"``; a thousand million
        codes.
    """
    words = [secrets.choice(WORDS) for _ in range(3)]
    return "-".join([*words, str(secrets.randbelow(900) + 100)])


def digest_of(typed: str) -> str:
    """Give what the store keeps of a trainee's own code.

    Parameters
    ----------
    typed : str
        By a person; case, and whether words are parted by spaces or hyphens, do not matter.

    Returns
    -------
    str
        A SHA-256 of 64 signs. Who has the store could try all codes; it hides no secret but who
        did what from a passing look.

    Raises
    ------
    ValueError
        If it is not of the form that `make_own_code` gives.

    Examples
    --------
    >>> digest_of("Amber otter  sage 417") == digest_of("amber-otter-sage-417")
    True
    """
    parts = typed.lower().replace("-", " ").split()
    if len(parts) != 4 or not parts[3].isdecimal() or not set(parts[:3]) <= set(WORDS):
        raise ValueError(
            "a code of your own is three words and a number, such as amber-otter-sage-417"
        )
    return hashlib.sha256("-".join(parts).encode()).hexdigest()
