"""What is masked, what stays, and where marks lie afterwards. All people here are invented."""

import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.presidio import presidio_finder
from review.redact import (
    CANNOT_PROMISE,
    FINDERS,
    KINDS,
    Masks,
    Redacted,
    Span,
    find_dates,
    map_extent,
    redact,
    report,
)
from review.redact.found import Found

HERE = Path(__file__).parent
MARK = re.compile(r"⟦([^|⟧]+)\|([^⟧]+)⟧")


def unmark(marked):
    """Give a test line's text and its spans: ``⟦kind|words⟧``."""
    text, spans, at = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        spans.append((len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        at = match.end()
    return text + marked[at:], spans


def masked(text, **options):
    return redact(text, **options).text


# Each rule: a hit, odd spellings, and look-alikes (left as they are).

HITS = [
    # names: list, unknown words, titles, relations, called, capitals, shapes
    ("Told Priya twice.", "Told [name 1] twice."),
    ("Thembani rang. Thembani cried.", "[name 1] rang. [name 1] cried."),
    ("Mrs Price and PC Long came.", "Mrs [name 1] and PC [name 2] came."),
    ("told mr patel and mrs green", "told mr [name 1] and mrs [name 2]"),
    ("seen by P.C. Dunmore", "seen by P.C. [name 1]"),
    ("Her husband Mark shouts.", "Her husband [name 1] shouts."),
    ("a man called Art, named Rich", "a man called [name 1], named [name 2]"),
    ("My name is anjali.", "My name is [name 1]."),
    ("a girl named Summer, called Hope", "a girl named [name 1], called [name 2]"),
    ("surname Stone, first name Precious", "surname [name 1], first name [name 2]"),
    ("Mark says no. Will has left.", "[name 1] says no. [name 2] has left."),
    ("Dave's phone, Dave’s mum", "[name 1]'s phone, [name 1]’s mum"),
    ("O'Brien, D’Souza and Smith-Rowe", "[name 1], [name 2] and [name 3]"),
    ("J. Smith and W. A. Hesketh", "[name 1] and [name 2]"),
    ("Signed, J. Brown", "Signed, [name 1]"),
    ("KHAN, Aisha seen", "[name 1] seen"),
    ("Gavin MCALLISTER on bail", "[name 1] on bail"),
    ("Piet van der Merwe", "[name 1]"),
    ("Mohammed al-Rashid and Anne-Marie", "[name 1] and [name 2]"),
    ("HUSBAND KOWALSKI TOOK HER PHONE", "HUSBAND [name 1] TOOK HER PHONE"),
    ("PARTNER MARK PUNCHED THE DOOR", "PARTNER [name 1] PUNCHED THE DOOR"),
    ("DAWN STATES NOT AFRAID OF HIM", "[name 1] STATES NOT AFRAID OF HIM"),
    ("Sara's Alexa, Big Kev", "[name 1]'s Alexa, [name 2]"),
    ("daughter April, aged 7", "daughter [name 1], aged 7"),
    # addresses
    ("Lives at 14 Mill Lane, Otherby.", "Lives at [address]."),
    ("at 14 mill lane again", "at [address] again"),
    ("AT 22 STATION ROAD", "AT [address]"),
    ("Flat 2, 14 St Mary's Rd", "[address]"),
    ("221b Baker St and 12-14 High Street", "[address] and [address]"),
    ("to Flat 9 Marsh House", "to [address]"),
    ("near Croft Street", "near [address]"),
    ("Female 19, Croft Street", "Female 19, [address]"),
    ("Attended Bridewell Ct", "Attended [address]"),
    ("lives Rose Cottage", "lives [address]"),
    ("Church Street, 6 Long Lane, 22 Church House", "[address], [address], [address]"),
    ("tenancy of 6, Canal Wharf", "tenancy of [address]"),
    ("3 The Crescent, TO ROWAN COURT", "[address], TO [address]"),
    ("pinged at 53.79648, -1.54785", "pinged at [address]"),
    ("seen at The Willows", "seen at [address]"),
    ("neighbour at no 40 and flat 6", "neighbour at no [address] and [address]"),
    ("PO Box 112, ///oven.table.lamp", "[address], [address]"),
    # postcodes
    ("LS99 9ZZ, ls999zz, ec1a 1bb", "[postcode], [postcode], [postcode]"),
    ("GIR 0AA and BFPO 57", "[postcode] and [postcode]"),
    ("postcode LS6", "postcode [postcode]"),
    # phones
    ("07700 900123, 07700-900-123", "[phone], [phone]"),
    ("+44 7700 900 123, +44 (0)7700 900123", "[phone], [phone]"),
    ("0044 7700 900123 or 7700900123", "[phone] or [phone]"),
    ("(0113) 496 0234 or 020 7946 0321 ext 14", "[phone] or [phone]"),
    ("tel 453 221, mobile ending 447", "tel [phone], mobile ending [phone]"),
    ("+48 512 345 678", "[phone]"),
    # e-mail, web, usernames, IP
    ("k_o+x@mail.example.org", "[email]"),
    ("lou dot m at example dot com", "[email]"),
    ("lou (at) example.co.uk", "[email]"),
    ("https://example.net/a?id=8. Www.example.com/me", "[web address]. [web address]"),
    ("on example.co.uk now", "on [web address] now"),
    ("wrote @tasha, t.me/kez99", "wrote [username], [web address]"),
    ("insta @tasha_xo, snap: bex.07", "insta [username], snap: [username]"),
    ("from 203.0.113.42 and fe80::1:2", "from [IP address] and [IP address]"),
    ("router 00:1A:2b:3C:4d:5E", "router [IP address]"),
    # NI and NHS numbers
    ("QQ 12 34 56 C, qq123456c", "[NI number], [NI number]"),
    ("nino QQ123456", "nino [NI number]"),
    ("943 476 5919 and 9434765919", "[NHS number] and [NHS number]"),
    ("NHS no 123 456 7890", "NHS no [NHS number]"),
    # dates of birth
    ("DOB 12/3/88, d.o.b. 12 03 1988", "DOB [date of birth], d.o.b. [date of birth]"),
    ("d/o/b: 120388. born 3rd of March 1988", "d/o/b: [date of birth]. born [date of birth]"),
    ("born in Leeds on 1988-03-12", "born in Leeds on [date of birth]"),
    ("SMITH, John 12/03/1988", "[name 1] [date of birth]"),
    ("12.03.1988 (DOB)", "[date of birth] (DOB)"),
    # vehicles
    ("AB12 CDE, ab12cde", "[vehicle], [vehicle]"),
    ("P482 TGH, blue van A12 BCD, ABC 123D", "[vehicle], blue van [vehicle], [vehicle]"),
    ("VRM 1 DAD, reg k5 box, index Q7", "VRM [vehicle], reg [vehicle], index [vehicle]"),
    ("JBZ 4321", "[vehicle]"),
    ("partial index YK19, reg ends KTX", "partial index [vehicle], reg ends [vehicle]"),
    # collar numbers
    ("PC 1234, PS 45, DC5182", "PC [collar number], PS [collar number], DC[collar number]"),
    ("PC 1234 and 5678", "PC [collar number] and [collar number]"),
    ("collar no 88, 3302 attending", "collar no [collar number], [collar number] attending"),
    ("Sgt Bhatt 612 reviewed", "Sgt [name 1] [collar number] reviewed"),
    # references
    ("CAD 1234 of 12/03", "CAD [reference] of 12/03"),
    ("LOG 123A", "LOG [reference]"),
    ("Log 0417. Inc. 302", "Log [reference]. Inc. [reference]"),
    ("24-0101-0146, crime 45/12345/24", "[reference], crime [reference]"),
    ("URN 12AB3456724, custody no DT/4512/24", "URN [reference], custody no [reference]"),
    ("LEE-20240314-0456, CR/2024/00123", "[reference], [reference]"),
    ("case ZC24P00123, P-25001", "case [reference], [reference]"),
    ("passport no 123456789", "passport no [reference]"),
    ("claim no C4512, 4512345/24, ZC24P00123", "claim no [reference], [reference], [reference]"),
    ("MORGA657054SM9IJ, IMEI 356938035643809", "[reference], IMEI [reference]"),
    # money's numbers and codes
    ("sort code 12-34-56 acc 12345678", "sort code [account] acc [account]"),
    ("sort code 12-03-24, 20-45-67", "sort code [account], [account]"),
    ("4111 1111 1111 1111", "[account]"),
    ("GB82 WEST 1234 5698 7654 32", "[account]"),
    ("card ending 4471", "card ending [account]"),
    ("PIN is 4471, key safe code 2580", "PIN is [code], key safe code [code]"),
    ("password is Fluffy99!", "password is [code]"),
]

STAYS = [
    "999, 101 and 111 rang at 22:15, 2200hrs, 10.30pm; £40, £1,200, 45k, 10p, 10%.",
    "DASH 12, section 47, s.47, s136 MHA, Grade 1, G2 P1, B12, L2, 9/10, 24/7, BP 142/86.",
    "Sertraline 50mg, Fluoxetine, Zapain, Metformin daily; Alzheimer's, Parkinson's.",
    "Husband, wife, mum, Nan, IP, INF, OIC, her partner; he, she, they; aged 34, 5'10.",
    "In May and on 12 March 2024, Monday, April 2023, 14/2 and 16/2/24, since 2019.",
    "Clare's Law and Ask for Angela explained; SARA done, LADO told, MS. Lap belt on.",
    "Mark on her arm. Rose bushes. Will attend. Hope it helps. May be away. Frank talk.",
    "CALLER WILL NOT HOPE FOR GRACE AND THE MARK ON HER ARM IS LONG AT DAWN",
    "HE TOLD PC ATTENDING THAT MISS SHE DID NOT WANT THE POLICE CALLED",
    "Called Police. Called Mum. Mr was out, Mrs asked. Adult A and Mr K agreed.",
    "2 males in street, 30 mins down the road, Crown Court, Coronation Street, open house.",
    "phone flat 2 hrs, flat 2nd floor, room 3, no 10 bus, log 3 of 3, log at 22:10, case 2.",
    "s47 2pm, S4 1st, AT10 THE, TA11 sent.",
    "@home, @ addr, met @2200, left.Info given, e.g. 10.30am, v2.4.1, 12.03.2024.",
    "born October, DOB taken, DOB not known, born 3 weeks ago.",
    "PC 1 in hall, PC 0112 hrs, DC 2 yrs, 1450 attended, sgt: 11 callers.",
    "reg 25/40, Index offence 2019, INF 24F, IP 23F, unit S136 MHA.",
    "report 2019, order 2 July, Log 0212hrs, intel 5x5x5, crime. 101 called.",
    "20240314 and 14032024; 2023/24; knows her PIN; dress code 2; 12-03-24.",
    "gov.uk, insta is great, version 1.2.3.999, at 10:15:30, 12:13:14:15.",
    "ring 0113 496, call 7700 900 12, tel 22 00, GB12 ABCD 1234 5678 9012 34.",
    "Sgt reviewed 2200, op 12 mins, PC Ok 2200, claim no 12, AIL 123, LOG 3B.",
    "car B12 AND, bike S47 MHA, reg ab12 the, 10 on slip road, From 31, in one way.",
    "01/02/2024 10:30, 10 Mins Drive, of 2 males in street, at 22, His House.",
    "AT CROWN COURT, to Village Hall, in Car Park, on Ring Road, hard drive.",
    "Don't, can't, won't, I'll. Hasnt. It's Ash Wednesday; Moses basket; from Adam.",
]


@pytest.mark.parametrize(("text", "expected"), HITS)
def test_rule_masks(text, expected):
    assert masked(text) == expected


@pytest.mark.parametrize("text", STAYS)
def test_look_alike_stays(text):
    assert masked(text) == text


def test_denied_and_unknown_are_masked_as_well():
    assert masked("Denies knowing Dave. Not at 14 Mill Lane. Is it Priya?") == (
        "Denies knowing [name 1]. Not at [address]. Is it [name 2]?"
    )


# The invented lines: 166 by hand, in three sets, each written before any rule had seen it.

LINES = [
    json.loads(line)
    for line in (HERE / "data" / "redaction.jsonl").read_text(encoding="utf-8").splitlines()
]
FLOORS = {"first": 0.98, "second": 0.97, "last": 0.95}
"""Share of marked spans wholly masked. When first tried, before their own misses were looked at:
first 0.93, second 0.84, last 0.90."""


def hidden(text):
    return {place for span in redact(text).spans for place in range(span.start, span.end)}


@pytest.mark.parametrize("name", FLOORS)
def test_invented_lines_reach_their_floor(name):
    found = []
    for line in LINES:
        if line["set"] == name:
            text, spans = unmark(line["marked"])
            covered = hidden(text)
            found += [
                all(place in covered for place in range(start, end) if text[place].isalnum())
                for start, end, _ in spans
            ]
    assert sum(found) / len(found) >= FLOORS[name]


def test_hardly_a_word_beside_the_marked_ones_is_masked():
    too_much = words = 0
    for line in LINES:
        text, spans = unmark(line["marked"])
        covered = hidden(text)
        marked = {place for start, end, _ in spans for place in range(start, end)}
        plain = [m.start() for m in re.finditer(r"\w+", text) if m.start() not in marked]
        words += len(plain)
        too_much += sum(place in covered for place in plain)
    assert too_much / words <= 0.001


def test_every_kind_is_among_the_invented_lines():
    kinds = {kind for line in LINES for _, _, kind in unmark(line["marked"])[1]}
    assert kinds == set(KINDS) - {"date"}


def test_evidence_of_the_synthetic_notes_stays_readable():
    words = hit = marks = changed = 0
    for path in sorted((HERE.parent / "data" / "synthetic" / "notes").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines()[::5]:
            note = json.loads(line)
            covered = hidden(note["text"])
            starts = [match.start() for match in re.finditer(r"\w+", note["text"])]
            words += len(starts)
            hit += sum(place in covered for place in starts)
            for mark in note["spans"]:
                marks += 1
                changed += not covered.isdisjoint(range(mark["start"], mark["end"]))
    assert words > 50_000
    assert hit / words < 0.005
    assert marks > 500
    assert changed / marks < 0.012


# Numbers of names


def test_forms_of_one_name_get_one_number():
    text = "Sarah Jones rang. Sarah cried. Mrs Jones, JONES, Sarah and S. Jones are one."
    assert masked(text) == (
        "[name 1] rang. [name 1] cried. Mrs [name 1], [name 1] and [name 1] are one."
    )


def test_shared_surname_alone_gets_its_own_number():
    assert masked("Sarah Jones and Dave Jones. Mr Jones left.") == (
        "[name 1] and [name 2]. Mr [name 3] left."
    )


def test_masks_keep_numbers_over_a_case():
    first = redact("Told Priya and Dave.")
    second = redact("Dave rang. Priya Shah cried.", masks=first.masks)
    assert second.text == "[name 2] rang. [name 1] cried."
    assert redact("Dave rang.").text == "[name 1] rang."


def test_masks_find_ordinary_names_of_earlier_notes():
    first = redact("Her husband Mark rang.")
    assert redact("Mark on bail.", masks=first.masks).text == "[name 1] on bail."


def test_masks_do_not_show_names():
    redacted = redact("Told Priya.")
    assert "riya" not in repr(redacted) + repr(redacted.masks)
    assert redacted.masks == Masks((frozenset({"priya"}),))


def test_extra_names_are_masked_with_a_capital_or_if_no_word():
    text = "Long told wolfie it was long. Wolfie left with Long."
    assert masked(text, extra_names=["WOLFIE LONG"]) == (
        "[name 1] told [name 2] it was long. [name 2] left with [name 1]."
    )


# What is masked


def test_kinds_choose_what_is_masked():
    text = "Priya on 07700 900123"
    assert masked(text, kinds=["phone"]) == "Priya on [phone]"
    with pytest.raises(ValueError) as error:
        redact(text, kinds=["phones"])
    assert str(error.value) == (f"no kind 'phones' to mask; it must be one of {', '.join(KINDS)}")


def test_all_dates_are_masked_when_asked_for():
    text = "On 12 March 2024, 14/2, 2024-03-12 and May 3rd at 22:15, always 24/7."
    assert masked(text, using=(*FINDERS, find_dates)) == (
        "On [date], [date], [date] and [date] at 22:15, always 24/7."
    )


def test_overlapping_finds_become_one_mask_of_the_stronger_kind():
    assert redact("mail priya.shah@example.org") == Redacted(
        "mail [email]", (Span(5, 27, "email", 5, 12),), Masks()
    )


def test_finds_that_overlap_in_part_are_masked_whole():
    finders = [
        lambda text: [Found(2, 6, "name"), Found(8, 9, "name")],
        lambda text: [Found(4, 8, "address")],
    ]
    assert redact("ab0123456z", using=finders).text == "ab[address][name 1]z"


def test_markup_and_odd_characters_pass_unchanged():
    text = "<script>alert(1)</script> 😀 e\u0301 \u202e[name 1]"
    assert masked(text) == text


# Extents


def test_marks_lie_on_the_same_words_afterwards():
    text = "Dave took her phone at 14 Mill Lane and Dave's mum laughed."
    redacted = redact(text)
    assert redacted.text == "[name 1] took her phone at [address] and [name 1]'s mum laughed."

    def after(words):
        start = text.index(words)
        start, end = map_extent(redacted, start, start + len(words))
        return redacted.text[start:end]

    assert after("took her phone") == "took her phone"
    assert after("phone at 14 Mill") == "phone at [address]"
    assert after("Mill") == "[address]"
    assert after("Lane and Dave") == "[address] and [name 1]"
    assert after("'s mum laughed.") == "'s mum laughed."
    assert after(text) == redacted.text


@pytest.mark.parametrize("extent", [(-1, 2), (2, 2), (3, 2), (0, 12)])
def test_extent_outside_the_text_is_refused(extent):
    with pytest.raises(ValueError) as error:
        map_extent(redact("Told Priya."), *extent)
    assert str(error.value) == (
        f"extent {extent[0]}:{extent[1]} is empty, ends before it starts or runs past the text "
        "(11 characters); offsets count from 0, the end is exclusive"
    )


PIECES = st.lists(
    st.sampled_from(
        ["Dave ", "Priya", " said ", "14 Mill Lane", ", ", "07700 900123", "PC 1234 ", "\n", "😀 "]
    )
    | st.text(max_size=6),
    max_size=12,
).map("".join)


@given(PIECES, st.data())
def test_extents_map_to_the_same_characters_or_the_whole_mask(text, data):
    redacted = redact(text)
    parts, at = [], 0
    for span in redacted.spans:
        parts += [text[at : span.start], redacted.text[span.masked_start : span.masked_end]]
        assert parts[-1].startswith("[") and parts[-1].endswith("]")
        at = span.end
    assert "".join([*parts, text[at:]]) == redacted.text
    if text:
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        low, high = map_extent(redacted, start, end)
        touched = [span for span in redacted.spans if span.start < end and start < span.end]
        expected = "".join(redacted.text[span.masked_start : span.masked_end] for span in touched)
        outside = "".join(
            text[place]
            for place in range(start, end)
            if not any(span.start <= place < span.end for span in touched)
        )
        assert sorted(redacted.text[low:high]) == sorted(expected + outside)


# Report


def test_report_counts_masks_by_kind():
    notes = [redact("Priya and Dave, 07700 900123"), redact("Nothing."), redact("Told Dave.")]
    assert report(notes) == {"phone": 1, "name": 3}


def test_limits_are_plain_sentences():
    assert len(CANNOT_PROMISE) == 9
    assert all(line[0].isupper() and line.endswith(".") for line in CANNOT_PROMISE)


# Presidio

needs_presidio = pytest.mark.skipif(
    importlib.util.find_spec("presidio_analyzer") is None,
    reason="Presidio is an optional extra: pip install '.[redact]'",
)


def test_missing_presidio_says_how_to_add_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "presidio_analyzer", None)
    with pytest.raises(ModuleNotFoundError) as error:
        presidio_finder()
    assert str(error.value) == (
        "Presidio is not installed; redaction works without it. To add it: pip install '.[redact]'"
    )


@needs_presidio
def test_presidio_adds_wallets_and_opens_no_connection(monkeypatch):
    import socket

    def refuse(*_):
        raise AssertionError("opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    text = "Pays into 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa at 22:15, £40, DASH 12, me@example.org."
    assert masked(text, using=(*FINDERS, presidio_finder())) == (
        "Pays into [account] at 22:15, £40, DASH 12, [email]."
    )
