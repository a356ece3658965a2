"""Ways to reach a person: e-mail, web and IP addresses, usernames, phone numbers."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

import simplemma

from review.redact.found import Found, apply, rule

_DOMAIN_END = r"(?:co\.uk|org\.uk|ac\.uk|gov\.uk|nhs\.uk|police\.uk|me\.uk|com|org|net|uk|eu|ie|io)"
_PLATFORM = (
    r"(?:insta(?:gram)?|ig|snap(?:chat)?|tiktok|tik tok|twitter|facebook|fb|telegram|discord|kik|"
    r"onlyfans|vinted|grindr|tinder|paypal|user ?name|user id|handle|profile|screen ?name|@)"
)


def _is_username(match: re.Match[str]) -> bool:
    """Leave *@home* and *@2200*: notes write *at* so; a name is no word of the dictionary."""
    word = match["it"].strip("@.")
    if any(character in "_." or character.isdigit() for character in word):
        return any(character.isalpha() for character in word)
    return match["it"].startswith("@") and not simplemma.is_known(word.lower(), lang="en")


def _is_ip(match: re.Match[str]) -> bool:
    """Tell an IP address from a version, a date or a time."""
    try:
        ipaddress.ip_address(match[0])
    except ValueError:
        return False
    return match[0].count(":") != 1 and any(character.isdigit() for character in match[0])


def _is_no_date(match: re.Match[str]) -> bool:
    """Leave a date and an hour: *01/02/2024 10:30*."""
    return not re.match(r"\d\d([/.-])\d\d\1(?:19|20)\d\d", match[0])


_SEPARATED = r"(?:[ \t.\-–/]{0,2}[()]?[ \t]?\d)"
_EXTENSION = r"(?:[ ,]*\b(?:ext(?:n|ension)?|x)\.?[ :]*\d{1,6}\b)?"

RULES = (
    # RFC 5321's everyday part; odd spellings: "kez at hotmail dot com", "kez (at) web.de".
    rule("email", r"(?<![\w.+-])[\w.+'-]+(?:@| @ )[\w-]+(?:\.[\w-]+)+", needs=("@",)),
    rule(
        "email",
        r"(?<![\w.+-])[\w.+-]+(?: ?(?:\bdot\b|[(\[]dot[)\]]) ?[\w+-]+){0,3} ?"
        r"(?:\bat\b|[(\[]at[)\]]) ?[\w-]+ ?"
        r"(?:\bdot\b|[(\[]dot[)\]]|\.) ?(?:co(?:m|\.uk)?|org|net|uk|ie)\b"
        r"(?: ?(?:dot|\.) ?uk\b)?",
        needs=("dot", "(at)", "[at]"),
    ),
    # RFC 3986; without a scheme only under the endings that British notes use, in small letters,
    # so that "left.Info given" and "10.30am" stay.
    rule(
        "web address",
        r"\b(?:https?://|www\.)[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]']",
        needs=("http", "www"),
    ),
    rule(
        "web address",
        rf"(?<![\w@.])(?-i:[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.{_DOMAIN_END})\b"
        r"(?:/[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]'])?",
        lambda match: match[0] not in ("gov.uk", "nhs.uk", "police.uk"),
    ),
    rule("web address", r"\b(?-i:t|wa|fb|m)\.me/[\w/+.-]*\w", needs=(".me/",)),
    # "@kez_99", "insta kez.1990", "username: kez99"; "@ addr", "@home", "facebook deleted" stay.
    rule("username", r"(?<![\w@.])(?P<it>@[\w][\w.]{1,28}\w)", _is_username, ("@",)),
    rule(
        "username",
        rf"\b{_PLATFORM}(?: (?:account|name|profile|handle|messages?|msgs?|posts?))?"
        r"(?: is| was| of| from| called| by|:| -)* ?"
        r"[\"'“‘]?(?P<it>@?[a-z0-9][\w.]{2,28}\w)",
        _is_username,
    ),
    # RFC 791 and RFC 4291, as Python's ipaddress reads them. "12.03.2024" and "10:15:30" stay.
    rule("IP address", r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)", _is_ip),
    rule("IP address", r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\w:])", _is_ip, (":",)),
    # IEEE 802 hardware address of a phone or router.
    rule("IP address", r"(?<![\w:-])[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![\w:-])", needs=(":", "-")),
    # Ofcom's National Telephone Numbering Plan: 0 or +44, then nine or ten figures. "999", "101",
    # "116 123", "22:15" and "2200hrs" are too short.
    rule(
        "phone",
        rf"(?<![\w£$€+])(?:(?:\(?(?:\+|00)44\)?[ .-]*(?:\(0\)[ .-]*)?|\(?0)[1-9]"
        rf"{_SEPARATED}{{8,9}})(?![\d])\)?{_EXTENSION}",
        _is_no_date,
    ),
    # Spreadsheets drop the leading 0 of a mobile number.
    rule(
        "phone",
        rf"(?<![\w£$€.,/-])7\d{{3}}[ -]?\d{{3}}[ -]?\d{{3}}(?![\d/]){_EXTENSION}",
    ),
    # ITU E.164 for other countries.
    rule(
        "phone",
        r"(?<![\w+])(?:\+(?!44)|00(?!44))[1-9]\d{0,2}(?:[ .-]?\(?\d\)?){7,12}(?!\d)",
        needs=("+", "00"),
    ),
    # A local number after its word: "tel 453 221", "landline: 01-4532"; "mob 2200hrs" stays.
    rule(
        "phone",
        r"\b(?:tel|telephone|phone|mob|mobile|landline|ph|whatsapp|contact)(?: (?:no|num|number))?"
        r"\b[ .:#]*(?:is |on |was )?(?P<it>\d{2,6}(?:[ -]?\d{2,4}){1,2})"
        r"(?! ?(?:hrs|hours|times|mins|am|pm)|[\d/:.])",
        lambda match: 6 <= sum(character.isdigit() for character in match["it"]) <= 8,
    ),
    # "mobile ending 447": the end of a number is known to those who have the number.
    rule(
        "phone",
        r"\b(?:number|mobile|mob|phone|tel|landline|no)\.? (?:is |was )?(?:ending|ends)"
        r"(?: in| with)? (?P<it>\d{3,5})\b(?! ?hrs)",
        needs=("ends", "ending"),
    ),
)


def find_contacts(text: str) -> Iterator[Found]:
    """Find e-mail, web and IP addresses, usernames and phone numbers.

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
    .. [1] Ofcom, "The National Telephone Numbering Plan".
    .. [2] ITU-T E.164, RFC 3986, RFC 5321, RFC 791, RFC 4291.
    """
    yield from apply(RULES, text)
