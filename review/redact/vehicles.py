"""Vehicle registration marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from review.redact.found import Found, apply, rule

_NOT_PLATES = frozenset(
    "the and she his her him for was has had not you who all but off out two one yrs hrs min "
    "mins day days mth wks nfa mha poa soa mca pha dva cja gbh abh abo iph mph ukp hrs".split()
)
_PLACE_WORDS = frozenset("at no by to in on of it is pc ps dc ds op tu wt".split())


def _is_plate(match: re.Match[str]) -> bool:
    """Leave *AT10 THE* and *S136 MHA*: words and laws of notes in capitals."""
    letters = [part.lower() for part in re.findall(r"[a-z]+", match["it"], re.IGNORECASE)]
    return letters[-1] not in _NOT_PLATES and (len(letters) == 1 or letters[0] not in _PLACE_WORDS)


def _is_bare_plate(match: re.Match[str]) -> bool:
    """Leave ordinary words, also of three letters, unless written in capitals."""
    found = match["it"]
    return _is_plate(match) and (found.isupper() or " " not in found)


RULES = (
    # DVLA INF104: since 2001 AB12 CDE; Q never, I not among the first two.
    rule(
        "vehicle",
        r"(?<![\w/])(?P<it>[a-hj-pr-y]{2}\d{2} ?[a-hj-pr-z]{3})(?!\w)",
        _is_bare_plate,
    ),
    # 1983-2001 A123 BCD; with fewer figures only in one piece (A1BCD): "C14 DVA" is a code.
    rule(
        "vehicle",
        r"(?<![\w/£])(?P<it>(?-i:[A-HJ-NP-TV-Y](?:\d{3} ?|\d{1,2})"
        r"[A-HJ-PR-Y][A-HJ-PR-Z]{2}))(?!\w)",
        _is_plate,
    ),
    # 1963-1983 ABC 123D; "INF 24F" has two figures and stays.
    rule(
        "vehicle",
        r"(?<![\w/£])(?P<it>(?-i:[A-HJ-PR-Z]{3} ?\d{3}[A-HJ-NPR-TV-Y]))(?!\w)",
        lambda match: not re.match(r"CAD|LOG|REF|URN|FLAT", match["it"]),
    ),
    # Northern Ireland: three letters, the last a Z (or I in the middle), up to four figures.
    rule(
        "vehicle",
        r"(?<![\w/])(?P<it>(?-i:[A-Z]{2}Z|[A-Z]IL|[A-Z]I[ABGJW]) ?\d{3,4})(?![\w/])",
        lambda match: not re.match(r"AIL|OIL|OIA", match["it"]),
    ),
    # After a vehicle the shorter old plates too: "blue van A12 BCD", "moped ABC 1D".
    rule(
        "vehicle",
        r"\b(?:car|van|vehicle|veh|lorry|truck|taxi|cab|motorbike|bike|moped|scooter|trailer)s?,? "
        r"(?:\()?(?P<it>(?-i:[A-Y]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Y]))(?!\w)",
        _is_plate,
    ),
    # After its word anything of letters and figures: dateless, personal, part of a plate.
    rule(
        "vehicle",
        r"\b(?:vrms?|vrn|reg(?:istration)?|index|number ?plate|plates?|partial)"
        r"(?: (?:no|number|mark|plate|index|vrm|reg))*\b"
        r"[ .:#\-]*(?:is |was |of |shows |starts |starting |begins |ends |reads )*[\"'“]?"
        r"(?P<it>[a-hj-pr-y]{2}\d{2} ?[a-hj-pr-z]{3}|[a-y]\d{1,3} ?[a-z]{3}|[a-z]{3} ?\d{1,3}[a-y]|"
        r"[a-z]{2}\d{2}|(?-i:[A-Z]{1,3} ?\d{1,4}|\d{1,4} ?[A-Z]{1,3}))(?![\w/]|\.\d)",
        _is_plate,
        ("vrm", "vrn", "reg", "index", "plate", "partial"),
    ),
    rule(
        "vehicle",
        r"\b(?:vrm|reg|registration|index|plate)[ :]*(?:starts|starting|begins|ends|ending|part|"
        r"partial)(?: with| in|:)? (?P<it>(?-i:[A-Z]{2,3}))(?!\w)",
        needs=("start", "begin", "end", "part"),
    ),
)


def find_vehicles(text: str) -> Iterator[Found]:
    """Find registration marks of all British and Irish patterns in use.

    Parameters
    ----------
    text : str
        One note.

    Yields
    ------
    Found
        In no order; they may overlap.

    References
    ----------
    .. [1] DVLA, "Vehicle registration numbers and number plates", INF104.
    """
    yield from apply(RULES, text)
