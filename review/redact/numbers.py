"""Numbers that stand for a person, an account, an officer or an incident."""

from __future__ import annotations

import re
from collections.abc import Iterator

from review.redact.found import Found, apply, rule

NHS_LENGTH = 10
_TIME = re.compile(r"(?:[01]\d|2[0-4])[0-5]\d")
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|(?:19|20)\d\d(?:[/-]\d\d)?")
_COMPACT_DATE = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|"
    r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d"
)
_UNITS = (
    r"(?! ?(?:hrs?|hours?|mins?|minutes?|secs?|yrs?|years?|yo|weeks?|wks?|days?|months?|mths?|"
    r"times|am|pm|miles?|metres?|pounds|quid|%|people|units?|males?|females?|x)\b)"
)


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"\D", "", match["it"] if "it" in match.re.groupindex else match[0])


def has_nhs_check_digit(digits: str) -> bool:
    """Check the last of ten digits by the NHS Data Dictionary's modulus 11.

    Parameters
    ----------
    digits : str
        Figures only.

    Returns
    -------
    bool
        Whether it could be an NHS number.
    """
    if len(digits) != NHS_LENGTH or len(set(digits)) == 1:
        return False
    weighted = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    return (11 - weighted % 11) % 11 == int(digits[-1])


def has_luhn_digit(digits: str) -> bool:
    """Check the last digit of a payment card by ISO/IEC 7812-1 annex B.

    Parameters
    ----------
    digits : str
        Figures only.

    Returns
    -------
    bool
        Whether the last figure fits the others.
    """
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(digits[::-1])]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_card(match: re.Match[str]) -> bool:
    digits = _digits(match)
    if len(digits) == 15 and digits[:2] not in ("34", "37"):
        return False  # a phone's IMEI
    return digits[0] in "23456" and has_luhn_digit(digits) and len(set(digits)) > 1


def _is_iban(match: re.Match[str]) -> bool:
    """Check by ISO 13616: letters as figures, the first four at the end, modulus 97."""
    letters = match[0].replace(" ", "").upper()
    turned = letters[4:] + letters[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def _is_sort_code(match: re.Match[str]) -> bool:
    """Leave what may be a date: 12-03-24."""
    first, second, _ = (int(part) for part in match[0].split("-"))
    return not (1 <= first <= 31 and 1 <= second <= 12)


def _is_reference(match: re.Match[str]) -> bool:
    """Leave dates, years and times after *log*, *case*, *order* and the like."""
    found = match["it"]
    said = bool(match["said"])
    if not said and (_DATE.fullmatch(found) or re.match(r"\d{1,2}[:.]\d\d", found)):
        return False
    if re.search(r"\d(?:hrs?|h)$|^\dx\dx", found, re.IGNORECASE):  # 0212hrs, 5x5x5
        return False
    return sum(character.isdigit() for character in found) >= 3


def _is_collar_before_verb(match: re.Match[str]) -> bool:
    """Leave what may be a time: *1450 attended*, *2215 attending*."""
    return not _TIME.fullmatch(match["it"])


_NUMBERED = r"[a-z]{0,4}[/-]?\d[a-z0-9]*(?:[/-][a-z0-9]*\d[a-z0-9]*)*"
_RANK = (
    r"(?=[acdhiopstw])(?:(?:t/|a/)?(?:w?pcs?|ps|pcso|dc|ds|di|dci|sgt|sergeant|insp|inspector|sc|constable)|"
    r"officer|ofcr|op|handler|call taker|operator|dispatcher)"
)
_STRONG = (
    r"(?=[ceilnoprsu])(?:cad|incident|inc|log|event|crime|crm|urn|ref(?:erence)?|case|occurrence|occ|niche|storm|"
    r"pnc ?id)"
)
"""Words that a bare number may follow."""

_WEAK = (
    r"(?=[rmceplibonsthaf])(?:report|marac|custody|exhibit|complaint|claim|policy|passport|licen[cs]e|invoice|booking|"
    r"order|imei|nir|intel|safeguarding|referral|payroll|hospital|mrn|serial|tracking|account)"
)
"""Words after which *no*, *ref* or letters among the figures must say that a number is meant."""

RULES = (
    # HMRC NIM39110: two letters, six figures, A to D, with or without spaces. Its list of unused
    # first letters is not applied: temporary and administrative numbers look alike and name a
    # person as well, and a made-up one (QQ 12 34 56 C) does no harm masked.
    rule("NI number", r"(?<![\w/])[a-z]{2} ?-?(?:\d{2}[ -]?){3}[a-d](?!\w)"),
    rule(
        "NI number",
        r"\b(?:nino?|n\.i\.|national insurance)(?: ?(?:no|num|number))?[ .:#]*(?:is )?"
        r"(?P<it>[a-z]{2} ?(?:\d{2}[ -]?){2}\d{2}(?: ?[a-d]\b)?)",
        needs=("ni", "n.i.", "national"),
    ),
    # NHS Data Dictionary: 3 3 4 figures, the last a check by modulus 11; any ten after the word.
    rule(
        "NHS number",
        r"(?<![\w£.,/+-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w/])",
        lambda match: has_nhs_check_digit(_digits(match)),
    ),
    rule(
        "NHS number",
        r"\bnhs(?: ?(?:no|num|number))?[ .:#]*(?:is )?(?P<it>\d{3}[ -]?\d{3}[ -]?\d{4})\b",
        needs=("nhs",),
    ),
    # ISO/IEC 7812: 13 to 19 figures and a check by Luhn.
    rule("account", r"(?<![\w£.,/+-])\d(?:[ -]?\d){12,18}(?![\w/])", _is_card),
    rule("account", r"\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,7}(?: ?[a-z0-9]{1,3})?\b", _is_iban),
    # Vocalink: sort code 12-34-56, account of six to eight figures.
    rule(
        "account",
        r"\b(?:sort ?code|s/c|sc)(?: is)?[ .:#]*(?P<it>\d{2}[ -]?\d{2}[ -]?\d{2})\b",
        needs=("sort", "s/c", "sc"),
    ),
    rule("account", r"(?<![\w/-])\d{2}-\d{2}-\d{2}(?![\w/-])", _is_sort_code, ("-",)),
    rule(
        "account",
        r"\b(?:acc(?:ount|t)?|a/c)(?: ?(?:no|num|number))?\b[ .:#]*(?:is )?"
        r"(?P<it>\d{4}[ -]?\d{2,4})(?![\w/])" + _UNITS,
    ),
    rule(
        "account",
        r"\b(?:card|account|acc|a/c)\b[\w ]{0,12}? (?:ending|ends)(?: in)? (?P<it>\d{3,4})\b",
        needs=("ends", "ending"),
    ),
    # What opens a door or a phone; "knows her PIN", "code C14", "dress code 2" stay.
    rule(
        "code",
        r"\b(?:pin|pass ?code|key ?safe|door code|gate code|entry code|alarm code|unlock code)"
        r"(?: (?:code|no|number))?(?: is| was|:| =)* ?(?P<it>[a-z]?\d{4,6}[a-z]?)\b" + _UNITS,
        needs=("pin", "code", "safe"),
    ),
    rule(
        "code", r"\b(?:password|pword|passwd)(?: is|:| =) ?[\"'“‘]?(?P<it>(?=\S*\d)[^\s\"'”’]{4,})"
    ),
    # Ranks with a number, "PC 1234 and 5678", "PC Smith 1234"; "PC 1", "PC 0112 hrs", "DC 2 yrs"
    # stay.
    rule(
        "collar number",
        rf"\b{_RANK}(?: (?:no|number|collar)\b)?(?:[ #-]{{0,2}}|\. ?(?=\d{{3}})|: (?=\d{{4}}))"
        rf"(?P<it>\d{{2,6}}[a-z]{{0,2}})\b(?![:/]\d|\.\d){_UNITS}",
    ),
    rule(
        "collar number",
        rf"\b{_RANK} (?:\d{{2,6}} ?(?:&|and|\+|/) ?|(?-i:[A-Z])[\w'’-]+ \(?)(?P<it>\d{{3,6}})\b"
        rf"(?![:/.]\d){_UNITS}",
        lambda match: match[0].split()[1].isdigit() or not _TIME.fullmatch(match["it"]),
    ),
    rule(
        "collar number",
        r"\b(?:collar|shoulder|warrant|epaulette|staff|force)(?: (?:no|num|number|id))\.?[ :#]*"
        r"(?:is )?(?P<it>[a-z]{0,2}\d{2,6}[a-z]{0,2})\b",
        needs=("collar", "shoulder", "warrant", "epaulette", "staff", "force"),
    ),
    rule(
        "collar number",
        r"(?<![\w£:/.-])(?P<it>\d{4,5})(?= (?:(?:is|was|to|are) )?(?:attending|attended|"
        r"attend|en ?route|on scene|at scene|dealing|updates?|requests?|requesting|"
        r"arrived|arriving|arrested)\b)",
        _is_collar_before_verb,
    ),
    # Words with a number of three figures or more; "log 3 of 3", "log 12.30", "case 2", "report
    # 2019" and "order 2 July" stay. The day in "CAD 1234 of 12/03" stays, for the timeline.
    rule(
        "reference",
        rf"\b{_STRONG}s?(?:(?P<said> (?:nos?|num|number|ref|id)\b\.?)|(?<=ref)\.|(?<=inc)\.)?"
        rf"[ :#\-]*(?:is |was )?(?P<it>{_NUMBERED})(?!\w|[:.]\d){_UNITS}",
        _is_reference,
    ),
    rule(
        "reference",
        rf"\b{_WEAK}s?(?P<said> (?:no|num|number|ref(?:erence)?|id|#)\b\.?)[ :#\-]*(?:is |was )?"
        rf"(?P<it>{_NUMBERED})(?!\w|[:.]\d){_UNITS}",
        _is_reference,
    ),
    # Forces' shapes: 24-0101-0146, 45/12345/24, 20MI/123M/45678/24, LEE-20240314-0456, P-25001.
    rule("reference", r"(?<![\w-])\d{2}-\d{4}-\d{3,5}(?![\w-])", needs=("-",)),
    rule(
        "reference",
        r"(?<![\w/£])(?:[a-z0-9]{1,4}/)*(?!(?:19|20)\d\d/)\d{4,7}/\d{2}(?:\d\d)?(?![\w/])",
        needs=("/",),
    ),
    rule("reference", r"(?<![\w/])[a-z]{2,4}/(?:19|20)\d\d/\d{3,7}(?![\w/])"),
    rule("reference", r"(?<![\w-])(?-i:[A-Z]{1,4})-\d{4,8}(?:-\d{3,6})?(?![\w-])"),
    # Family and county courts: ZC24P00123.
    rule("reference", r"\b(?-i:[A-Z]{2})\d{2}(?-i:[A-Z])\d{5}\b"),
    # DVLA driver number: five of the surname, six of the birth date, two initials, check.
    rule("reference", r"\b[a-z9]{5} ?\d{6} ?[a-z9]{2}\d?[a-z0-9]{2,3}\b"),
    # Seven figures in a row stand for something or someone; dates (20240314) and money stay.
    rule(
        "reference",
        r"(?<![\w£$€.,/+-])[a-z]{0,3}\d{7,}[a-z]?(?![\w.,]*\d)",
        lambda match: not _COMPACT_DATE.fullmatch(match[0]),
    ),
)


def find_numbers(text: str) -> Iterator[Found]:
    """Find identity, account, collar and reference numbers.

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
    .. [1] HMRC, National Insurance Manual, NIM39110.
    .. [2] NHS Data Dictionary, "NHS Number".
    .. [3] ISO/IEC 7812-1 (cards), ISO 13616 (IBAN).
    """
    yield from apply(RULES, text)
