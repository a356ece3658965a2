"""Addresses and postcodes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import simplemma

from review.redact.found import Found, apply, rule

_CLEAR = (
    r"(?:streets?|st|str|road|rd|avenue|ave|av|crescent|cres|terrace|terr|tce|gardens|gdns|"
    r"grove|grv|mews|boulevard|blvd|parade|esplanade|promenade|causeway|broadway|drv)"
)
"""Words that end the name of a street, hardly anything else."""

_AMBIGUOUS = (
    r"(?:lane|ln|close|cl|drive|dr|way|court|ct|place|pl|square|sq|hill|row|rise|walk|view|park|"
    r"green|vale|wharf|yard|"
    r"mount|croft|fold|brow|fields?|meadows?|heights|parkway|common|gate|bank|end|path|loan|wynd|"
    r"brae|garth|chase|dene|lea|bungalows?|flats|villas?|cottages?|house|farm|lodge|manor|barn|"
    r"towers?|apartments|mansions|hostel|estate|hall|buildings|point)"
)
"""Words that end a street's or a house's name, and much else; more must speak for it."""

_NOT_NAMES = frozenset(
    # articles, prepositions, amounts: "2 males in street", "30 mins down the road"
    "a an and any are as at be been but by can could did do down each every few for from get got "
    "had has have he her him his if in into is it its just last left like male males me more my "
    "near next no not now of off on only opposite or other our out over own past same said she "
    "so some than that the their them then there these they this to too two under up was we "
    "went were what when where which who will with would you your minutes mins min hrs hours "
    "hour weeks week months days years yrs times people persons youths females female kids cars "
    "car units unit houses doors miles metres yards feet ft pm am x "
    # titles and greetings: "Dear Dr", "Mr Vale"
    "dear hi hello junior gp duty mr mrs ms miss dr pc ps dc ds sgt sr nurse cllr gtr "
    "greater".split()
)
"""Words that are no part of a street's or a house's name. Written for this project."""

_ORDINARY_PAIRS = re.compile(
    r"(?:crown|county|family|magistrates?'?|youth|sheriff|supreme|high|tennis|food|civil|combined|"
    r"district|law) c(?:our)?t|(?:safe|open|care|council|companies|public|halfway|full|whole|crack|"
    r"free|trap) house|(?:car|business|retail|theme|caravan|trailer|industrial|science|skate|water|"
    r"national) park|(?:village|town|city|church|music|sports|dance|concert|entrance|student) hall|"
    r"(?:hard|usb|flash|test|phone|thumb|sex) drive|(?:coronation|sesame|wall|downing) st(?:reet)?|"
    r"(?:ring|slip|service|access|main|a|b) r(?:oa)?d|(?:bus|fast|slow|cycle|middle|inside|outside|"
    r"nearside|offside|country|live|memory) lane|(?:half|either|right|wrong|one|long) way|"
    r"(?:step|guest|industrial|trading|housing|real|council) (?:mount|estate)|(?:week|deep|loose|"
    r"tail|top|front|back|rear|dead|far) end|(?:food|piggy|blood|power|phone) bank|(?:starting|bus|"
    r"access|boiling|talking|turning|match) point|(?:front|back|rear|side|garden|school|main) gate|"
    r"(?:sports?|football|playing) fields?|(?:foot|cycle|tow|garden|career) path|(?:front|back|"
    r"court|scrap|school|prison) yard|(?:log|case|file|please|go|call) close|(?:bank|student|car|"
    r"home|payday) loan|(?:parking|work|hiding|safe|birth) place|street view"
)
"""Pairs of ordinary words that look like addresses: *Crown Court*, *open house*, *Coronation
Street*. Written for this project."""

_NAME = r"[a-z][\w'’.-]*"
_CAPITAL = r"(?-i:[A-Z])[\w'’-]*"
_TITLED = r"(?-i:[A-Z][a-z])[\w'’-]*"
_BEFORE = (
    r"(?=[afilnotv])(?:at|of|from|to|in|on|near|outside|off|into|opposite|opp|"
    r"addr(?:ess)?|loc(?:us|ation)?|lives|via)"
)
_NOT_A_FLAT = (
    r"(?![:.]\d|-? ?(?:st|nd|rd|th|hrs?|hours?|mins?|days?|weeks?|wks?|months?|mths?|years?|yrs?|"
    r"am|pm|x|%|of|in|inch)\b)"
)


def _no_ordinary_word(match: re.Match[str]) -> bool:
    """Leave phrases of everyday words that end like a street's name."""
    words = match["words"].lower().replace(".", "").split()
    return not any(word in _NOT_NAMES for word in words) and _no_pair(words[-1], match)


def _last_word_names(match: re.Match[str]) -> bool:
    """Look only at the word before *Street*: a sentence may begin before it."""
    last = match["words"].lower().replace(".", "").split()[-1]
    return last not in _NOT_NAMES and _no_pair(last, match)


def _no_pair(last: str, match: re.Match[str]) -> bool:
    """Leave *Crown Court* and *Coronation Street*."""
    kind = match.string[match.end("words") : match.end()].strip().lower()
    return not _ORDINARY_PAIRS.fullmatch(f"{last} {kind}")


def _is_small_street(match: re.Match[str]) -> bool:
    """Take a street in small letters only after its number, and only a sure one."""
    return _no_ordinary_word(match) and len(match["words"]) > 2


def _is_town(match: re.Match[str]) -> bool:
    """Tell a town after an address from a sentence that goes on: no word of the dictionary."""
    return not simplemma.is_known(match["town"].split()[0].lower(), lang="en")


_UNIT = r"(?:(?:flat|apt\.?|apartment|unit|room|house|no\.?|number) ?\d{1,4}[a-z]?,? (?:at )?)?"
_NUMBER = r"[1-9]\d{0,3}[a-z]?(?: ?- ?\d{1,4}[a-z]?)?"

RULES = (
    # "14 Mill Lane", "Flat 2, 14 Mill Lane", "14A ST MARY'S RD", "221b Baker St", "12-14 High
    # Street"; "2 males in street", "30 mins down road", "19, Croft Street" (an age) stay.
    rule(
        "address",
        rf"(?<![\w£:./]){_UNIT}{_NUMBER} (?P<words>{_CAPITAL}(?: {_NAME}){{0,2}}) "
        rf"(?:{_CLEAR}|(?=(?-i:[A-Z])){_AMBIGUOUS})\b(?!['’]s? )",
        _no_ordinary_word,
    ),
    rule("address", rf"(?<![\w£:./]){_NUMBER} (?-i:The|THE) (?:{_CLEAR}|{_AMBIGUOUS})\b"),
    # "at 14 mill lane": small letters, after a number, with a sure ending.
    rule(
        "address",
        rf"\b(?:{_BEFORE}|number|no\.?)[ :]*(?P<it>{_UNIT}{_NUMBER},? "
        rf"(?P<words>{_NAME}(?: {_NAME})?) (?:{_CLEAR}|lane|close))\b",
        _is_small_street,
    ),
    # "6, Canal Wharf" after a word of place, where 6 is no age.
    rule(
        "address",
        r"\b(?:at|to|from|outside|addr(?:ess)?|tenancy of|resident of)[ :]+"
        rf"(?P<it>{_UNIT}{_NUMBER}, "
        rf"(?P<words>{_CAPITAL}(?: {_NAME}){{0,2}}) (?:{_CLEAR}|(?=(?-i:[A-Z])){_AMBIGUOUS}))\b",
        _no_ordinary_word,
    ),
    # "Croft Street", "COAST RD", "Mill Lane", "Rowan Court"; "Coronation Street", "Crown Court",
    # "VEH LIVE LANE" stay.
    rule(
        "address",
        rf"(?<!\w){_UNIT}(?<!\w)(?P<words>{_CAPITAL}(?: {_CAPITAL})?) "
        rf"(?=(?-i:[A-Z])){_CLEAR}\b",
        _last_word_names,
    ),
    rule(
        "address",
        rf"(?<!\w){_UNIT}(?<!\w)(?P<words>{_TITLED}(?: {_TITLED})?) "
        rf"(?=(?-i:[A-Z][a-z])){_AMBIGUOUS}\b",
        _last_word_names,
    ),
    rule(
        "address",
        rf"\b{_BEFORE} (?P<it>{_UNIT}(?P<words>{_CAPITAL}(?: {_CAPITAL})?) "
        rf"(?=(?-i:[A-Z])){_AMBIGUOUS})\b",
        _last_word_names,
    ),
    # "at The Willows", "from The Crown"; "at the willows" stays.
    rule(
        "address",
        rf"\b(?:at|from|of|to|near|lives) (?P<it>(?-i:The) {_TITLED}(?: {_TITLED})?)\b",
    ),
    # Part of an address that the record holds elsewhere; "phone flat 2 hrs", "flat 2nd" stay.
    rule(
        "address",
        r"\b(?:flat|apt\.?|apartment|bedsit|plot) ?(?:no\.? ?)?\d{1,3}[a-z]?\b" + _NOT_A_FLAT,
    ),
    rule(
        "address",
        r"\b(?:at|from|of|outside|opposite|opp|between|to|door) (?:nos?|numbers?|house)\.? ?"
        r"(?P<it>[1-9]\d{0,3}[a-z]?)\b(?! ?/| ?\d)" + _NOT_A_FLAT,
    ),
    # A post box, and a map reference of what3words.
    rule("address", r"\bp\.?o\.? box \d+\b", needs=("box",)),
    rule(
        "address",
        r"(?<!\w)///[a-z]+\.[a-z]+\.[a-z]+\b|\b(?:w3w|what3words)[ :]*(?:[a-z]+\.[a-z]+\.[a-z]+)\b",
        needs=("///", "w3w", "what3"),
    ),
    rule("address", r"(?<![\w.])-?\d{1,2}\.\d{4,}°?[NS]?, ?-?\d{1,3}\.\d{4,}°?[EW]?"),
)

_TOWN_AFTER = re.compile(
    r", (?P<town>(?:[A-Z][a-z]+(?:[- ](?:[A-Z][a-z]+|le|on|upon|in|by|the))*))"
    r"(?=[,.;)\n]|$| [A-Z]{1,2}\d)"
)


_ORDINALS = frozenset("st nd rd th hr yr wk".split())


def _is_postcode(match: re.Match[str]) -> bool:
    """Leave *S4 1st*, *L2 5yr*: an ordinal or a unit is no inward code."""
    inward = match[0].replace(" ", "")[-3:]
    return inward[1:].lower() not in _ORDINALS or (inward.isupper() and inward[0] not in "1234")


POSTCODES = (
    # The expression of HM Government's "Bulk Data Transfer: additional validation", section 3
    # (12 November 2015), in any case, with or without the space; no C, I, K, M, O, V in the last
    # two letters and no Q, V, X at the start (BS 7666). "s47 2pm" stays.
    rule(
        "postcode",
        r"(?<![\w£/.-])(?:GIR ?0AA|(?:[A-PR-UWYZ][A-HJ-Y]?\d{1,2}|"
        r"[A-PR-UWYZ][A-HJ-Y]?\d[A-Z]) {0,2}\d[ABD-HJLNP-UW-Z]{2})(?![\w/-])",
        _is_postcode,
    ),
    # British Forces Post Office.
    rule("postcode", r"\bBFPO ?(?:c/o )?\d{1,4}\b", needs=("bfpo",)),
    # Half a postcode says a district; alone it looks like a callsign (TA11) and stays.
    rule(
        "postcode", r"\bpost ?code(?: is| area|:)* ?(?P<it>[A-Z]{1,2}\d[A-Z\d]?(?: ?\d[A-Z]{2})?)\b"
    ),
)


_BEGINNINGS = (_NOT_NAMES - {"the"}) | frozenset("attended visited called live lives re".split())


def _after_verb(text: str, found: Found) -> int:
    """Give where an address starts if a sentence begins before it: *Attended Bridewell Ct*."""
    first, _, rest = text[found.start : found.end].partition(" ")
    return (
        found.start + len(first) + 1
        if " " in rest and first.lower() in _BEGINNINGS
        else found.start
    )


def find_places(text: str) -> Iterator[Found]:
    """Find addresses and postcodes; a town stays unless it ends an address.

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
    .. [1] HM Government, "Bulk Data Transfer: additional validation valid from 12 November
       2015", section 3; BS 7666-2.
    """
    yield from apply(POSTCODES, text)
    for found in apply(RULES, text):
        town = _TOWN_AFTER.match(text, found.end)
        end = town.end() if town and _is_town(town) else found.end
        yield Found(_after_verb(text, found), end, found.kind)
