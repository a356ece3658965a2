"""People's names: by list, by shape, and by the words around them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from classifier.words import NAMES, normal_form
from review.redact.dates import find_birth_date_after
from review.redact.found import Found
from review.redact.name_words import (
    CAPITAL_IS_ENOUGH,
    FIXED,
    KIN,
    LEADING,
    MONTHS,
    NAMING,
    NICKNAMES,
    NOT_AFTER_RANK,
    NOT_MR,
    NOT_NAMED,
    ORDINARY_GIVEN,
    ORDINARY_SURNAMES,
    PARTICLES,
    RANKS,
    ROLES,
    SIGNING,
    SPEAKING,
    TITLES,
    VERBS,
    WORDLIKE,
)
from review.redact.word import (
    Word,
    could_be_surname,
    cut_words,
    is_no_person,
    is_unknown,
    says_role,
)

_NAMED = re.compile(
    r"\b(?:named|aka|a\.k\.a\.|née|nee|surname|first name|goes by|known as|nickname|maiden name|"
    r"names?)(?: (?:is|are|was|as|of|given|being))*[\s:\"“'‘(]*$",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\b(?:called|calls? (?:himself|herself|themselves))[ \"“'‘]*$", re.IGNORECASE)


def _by_itself(word: Word, follower: str) -> bool:
    """Tell whether a word is a name whatever stands before it."""
    lower = word.lower
    if len(lower) < 2 or is_no_person(word):
        return False
    if not word.capital:
        return len(lower) > 3 and lower in NAMES
    if word.shouted and word.text.capitalize() in NAMES and follower in SPEAKING:
        return True
    if word.text.isupper():
        return lower in NAMES and (len(lower) > 3 or word.shouted)
    inner = word.text[1:]
    if any(character.isupper() for character in inner) and not re.match(
        r"(?:Ma?c|De|La|Le|Di|Fitz|Van|[OD]['’]|St)[A-Z]", word.text
    ):
        return False  # HoY, DoLS, WhatsApp
    if word.text in NICKNAMES:
        return word.text not in WORDLIKE or not word.opens or follower in VERBS
    if word.text in NAMES or word.text in CAPITAL_IS_ENOUGH:
        return not word.opens or follower in VERBS
    if word.text in ORDINARY_GIVEN:
        return False
    return normal_form(word.text) == "_name"


def _by_title(word: Word, before: Word) -> bool:
    """Tell whether a title or rank makes the word a name: *Mrs Price*, *PC Long*, *mr patel*."""
    title = before.lower
    if not re.fullmatch(r"\.? ", word.gap) or len(word.text) < 2 or says_role(word):
        return False
    if before.acronym and title in TITLES and not word.acronym:
        return False  # MS and MR of medicine
    if title in TITLES and (before.capital or title in ("mr", "mrs", "dr")):
        if not word.capital:
            capitalised = word.text.capitalize()
            known = capitalised in NAMES or capitalised in ORDINARY_SURNAMES
            known = (known and word.lower not in NOT_MR) or is_unknown(word.text)
            return title in ("mr", "mrs") and known and not is_no_person(word)
        if word.shouted and not could_be_surname(word):
            return False
        return word.lower not in NOT_NAMED
    if title in RANKS and before.capital and word.capital and word.lower not in NOT_AFTER_RANK:
        if could_be_surname(word):
            return word.gap == " " or title in ("sgt", "insp", "const", "supt")
        return word.gap == " " and not (word.text.isupper() or is_no_person(word))
    return False


def _by_relation(word: Word, before: Word) -> bool:
    """Tell whether *husband*, *friend* or *IP* makes an ordinary word a name."""
    title = word.text.capitalize()
    if word.gap != " " or not word.capital or word.acronym:
        return False
    if before.lower not in ROLES and normal_form(before.text) not in KIN:
        return False
    if word.shouted:
        return title in NAMES and before.lower not in ("male", "female", "m", "f", "inf", "ip")
    return title in NAMES or title in ORDINARY_GIVEN


def _by_naming(word: Word, text: str) -> bool:
    """Tell whether *named*, *called* or *name is* makes a word a name."""
    if word.lower in NOT_NAMED or is_no_person(word) or len(word.text) < 2:
        return False
    if says_role(word):
        return False
    before = text[max(0, word.start - 30) : word.start]
    if not word.capital:
        return word.lower in NAMES and bool(_NAMED.search(before) or _CALLED.search(before))
    if word.acronym and not is_unknown(word.text):
        return False
    title = word.text.capitalize()
    if _CALLED.search(before):
        return title in NAMES or title in ORDINARY_GIVEN or is_unknown(word.text)
    if _NAMED.search(before):
        return not word.shouted or could_be_surname(word) or title in ORDINARY_GIVEN
    return False


def _pick(words: list[Word], text: str) -> set[int]:
    """Choose the words that are names on their own or by the word before."""
    fixed = [match.span() for match in FIXED.finditer(text)]
    picked: set[int] = set()
    for place, word in enumerate(words):
        if (
            not word.capital
            and word.lower not in NAMES
            and not (place and words[place - 1].lower in ("mr", "mrs"))
        ):
            continue
        if any(start < word.end and word.start < end for start, end in fixed):
            continue
        follower = words[place + 1].lower if place + 1 < len(words) else ""
        if text[word.end : word.end + 2] in ("'s", "’s"):
            follower = "is"
        before = words[place - 1] if place else None
        if (
            _by_itself(word, follower)
            or (before and (_by_title(word, before) or _by_relation(word, before)))
            or (before and before.lower in NAMING and _by_naming(word, text))
        ):
            picked.add(place)
    return picked


def _spread(words: list[Word], picked: set[int]) -> None:
    """Take what stands beside a name, and the same capitalised word wherever it stands."""
    _add_surnames(words, picked)
    forms = {words[place].text for place in picked if words[place].capital} - MONTHS
    for place, word in enumerate(words):
        if word.text in forms and (
            not word.shouted or is_unknown(word.text) or word.text.capitalize() in NAMES
        ):
            picked.add(place)
    _add_surnames(words, picked)


def _add_surnames(words: list[Word], picked: set[int]) -> None:
    """Take the second part of *Sarah Long*, *Hye-jin* and the first of *SMITH, John*."""
    for place in sorted(picked):
        name, after = words[place], place + 1
        while after < len(words) and after not in picked and _follows(name, words[after]):
            picked.add(after)
            after += 1
        before = words[place - 1] if place else None
        if before is None or place - 1 in picked or not name.capital:
            continue
        inverted = name.gap == ", " and before.acronym
        if (inverted or name.gap == "-") and could_be_surname(before):
            picked.add(place - 1)


def _follows(name: Word, word: Word) -> bool:
    """Tell whether a word goes on with a name."""
    if word.gap == "-" and not word.capital:
        return is_unknown(word.text) and not is_no_person(word)
    return word.gap in (" ", "-", "–") and could_be_surname(word) and name.capital


def _add_initials(words: list[Word], picked: set[int], text: str) -> None:
    """Take initials and particles before a name, and a surname after an initial with a stop."""
    for place, word in enumerate(words[:-1]):
        after = words[place + 1]
        if (
            len(word.text) == 1
            and word.capital
            and re.fullmatch(r"\. ?", after.gap)
            and after.text.capitalize() in ORDINARY_SURNAMES
            and (word.opens or (place and words[place - 1].lower in SIGNING))
        ):
            picked.add(place + 1)
    for place in sorted(picked):
        at = place
        while at and _leads(words, at, picked):
            at -= 1
            picked.add(at)


def _leads(words: list[Word], at: int, picked: set[int]) -> bool:
    """Tell whether the word before a name belongs to it: *J.*, *van der*, *Big*."""
    word, gap = words[at - 1], words[at].gap
    if gap not in (" ", "-", ".", ". "):
        return False
    if at > 1 and words[at - 2].text in ("P", "D", "W") and word.text in ("C", "S"):
        return False  # P.C. Dunmore
    if len(word.text) == 1 and word.capital:
        return "." in gap or word.text not in "AI" or _after_title(words, at - 1)
    if "." in gap:
        return False
    between = (
        word.lower in PARTICLES
        and at > 1
        and (at - 2 in picked or words[at - 2].lower in PARTICLES)
    )
    return between or (word.capital and word.text in LEADING)


def _after_title(words: list[Word], place: int) -> bool:
    return place > 0 and words[place - 1].lower in TITLES | RANKS


def _extents(words: list[Word], picked: Collection[int], text: str) -> Iterator[tuple[int, int]]:
    """Join neighbouring words of one name; a comma joins only *SMITH, John*."""
    start = end = -1
    last: Word | None = None
    for place in sorted(picked):
        word = words[place]
        gap = text[end : word.start] if last else ""
        joins = (
            last is not None
            and words[place - 1] is last
            and (
                gap in (" ", "-", "–", "'", "’")
                or (gap in (". ", ".") and len(last.text) == 1)
                or (gap == ", " and last.acronym and not word.acronym)
            )
        )
        if not joins:
            if last is not None:
                yield start, end
            start = word.start
        end, last = word.end, word
    if last is not None:
        yield start, end


def find_names(text: str) -> Iterator[Found]:
    """Find people's names, and a date of birth that follows one.

    A word with a capital is a name if ``classifier.words`` lists it or no dictionary knows it;
    a listed name in small letters is one too. Ordinary words that are names (*Mark*, *Will*,
    *Brown*) are taken inside a sentence, after a title, a relation, *called*, a given name or an
    initial, or where the note uses them so elsewhere. In lines of capitals only the list and the
    words before speak. Titles, ranks and *'s* stay readable.

    Parameters
    ----------
    text : str
        One note.

    Yields
    ------
    Found
        In reading order.
    """
    words = cut_words(text)
    picked = _pick(words, text)
    _spread(words, picked)
    _add_initials(words, picked, text)
    for start, end in _extents(words, picked, text):
        yield Found(start, end, "name")
        born = find_birth_date_after(text, end)
        if born:
            yield born


def find_known(text: str, known: Collection[str]) -> Iterator[Found]:
    """Find words that are known to be somebody's name.

    Parameters
    ----------
    text : str
        One note.
    known : collection of str
        Single words in small letters. One that a dictionary holds (*will*, *brown*) is taken
        only with a capital, and in lines of capitals not at all.

    Yields
    ------
    Found
        In reading order.
    """
    if not known:
        return
    for word in cut_words(text):
        if word.lower in known and ((word.capital and not word.shouted) or is_unknown(word.text)):
            yield Found(word.start, word.end, "name")
