"""Normal forms of words: what the model reads instead of the letters on the page.

Pronouns, kin and partner words, times, money and numbers become classes, call-note abbreviations
are written out, inflections are taken off. Swapping *he* for *she* or *husband* for *wife* then
changes nothing that the model can see. Everything here looks at one distinct word at a time, so
that a million notes cost no more than their vocabulary.
"""

from __future__ import annotations

import re
from pathlib import Path

import simplemma

CLASSES: dict[str, tuple[str, ...]] = {
    "they": ("he", "she", "they", "s/he", "ze"),
    "them": ("him", "her", "them", "his", "hers", "their", "theirs", "thier"),
    "themself": ("himself", "herself", "themselves", "themself", "hisself", "theirselves"),
    "partner": (
        *("husband", "wife", "partner", "spouse", "boyfriend", "girlfriend", "hubby", "hubbie"),
        *("missus", "missis", "wifey", "fiance", "fiancee", "fiancé", "fiancée", "bf", "gf", "bfs"),
        *("hb", "hsb", "oh", "b/f", "g/f", "bloke", "husbands", "wives", "partners", "husbnd"),
        *("boyfriends", "girlfriends", "bidie"),
    ),
    "parent": (
        *("mother", "father", "mum", "mam", "mom", "dad", "mummy", "daddy", "mammy", "ma", "da"),
        *("parent", "pa", "mums", "dads", "mothers", "fathers", "parents"),
    ),
    "stepparent": ("stepmother", "stepfather", "stepmum", "stepdad", "stepparent"),
    "child": (
        *("son", "daughter", "dtr", "sons", "daughters", "child", "children", "kid", "kids"),
        *("bairn", "bairns", "wean", "weans", "lo", "los", "baby", "babies", "toddler", "kiddies"),
        *("stepson", "stepdaughter", "stepchild", "stepchildren"),
    ),
    "grandchild": ("grandson", "granddaughter", "grandchild", "grandchildren", "grandkids"),
    "sibling": ("brother", "sister", "bro", "sis", "brothers", "sisters", "sibling", "siblings"),
    "aunt": ("aunt", "auntie", "aunty", "uncle", "aunts", "uncles"),
    "cousin": ("cousin", "cousins", "niece", "nephew", "nieces", "nephews"),
    "grandparent": (
        *("grandmother", "grandfather", "gran", "grandma", "grandad", "granddad", "nan", "nana"),
        *("nanna", "grandpa", "grandparent", "grandparents", "granny", "grandmum"),
    ),
    "adult": (
        *("man", "woman", "men", "women", "male", "female", "males", "females", "guy", "lady"),
        *("gentleman", "fella", "feller", "chap", "fem", "m", "f", "gent", "adult", "ladies"),
    ),
    "youngster": ("boy", "girl", "boys", "girls", "lad", "lass", "lassie", "laddie", "lads"),
    "title": ("mr", "mrs", "ms", "miss", "mx", "sir", "madam", "mr.", "mrs.", "ms."),
    "victim": ("victim", "vic", "vics", "ip", "aggrieved", "agg", "survivor", "complainant"),
    "suspect": ("suspect", "susp", "sus", "perp", "perpetrator", "offender", "ap", "respondent"),
    "informant": ("informant", "inf", "inft", "informer", "caller", "clr", "reportee", "rp"),
    "client": ("client", "cl", "clt", "patient", "pt", "pts", "service-user", "su"),
}
"""Words that stand for one another; the first is the form the model sees."""

ABBREVIATIONS: dict[str, str] = {
    **{"w/": "with", "w": "with", "s/w": "spoke", "b4": "before", "u": "you", "ur": "your"},
    **{"dv": "domestic", "dom": "domestic", "doms": "domestic", "hx": "history"},
    **{"convo": "conversation", "appt": "appointment", "mob": "phone", "tel": "phone"},
    **{"moby": "phone", "mobile": "phone", "fone": "phone", "telephone": "phone", "ph": "phone"},
    **{"fb": "facebook", "insta": "instagram", "soc": "social", "med": "medication"},
    **{"meds": "medication", "tabs": "tablet", "sw": "social-worker", "hv": "health-visitor"},
    **{"cos": "because", "coz": "because", "bc": "because", "bcos": "because", "tho": "though"},
    **{"wont": "won't", "dont": "don't", "cant": "can't", "doesnt": "doesn't", "didnt": "didn't"},
    **{"isnt": "isn't", "wouldnt": "wouldn't", "couldnt": "couldn't", "havent": "haven't"},
    **{"n't": "not", "n’t": "not", "nt": "not", "nae": "not", "'ll": "will", "’ll": "will"},
    **{"wo": "will", "ca": "can", "'ve": "have", "’ve": "have", "'re": "be", "’re": "be"},
    **{"'m": "be", "’m": "be", "’s": "'s", "ppl": "people", "msg": "message", "msgs": "message"},
    **{"txt": "text", "txts": "text", "rtn": "return", "cert": "certificate", "pw": "password"},
    **{"pword": "password", "acc": "account", "acct": "account", "poss": "possible"},
}
"""Spellings of call notes and their plain form. Written for this project."""

_BY_WORD = {word: name for name, words in CLASSES.items() for word in words} | ABBREVIATIONS
_CAPITALS_ONLY = {"IP", "OH", "AP", "M", "F", "LO", "LOS", "W", "CL", "SU", "RP"}
"""Abbreviations that are ordinary words or letters unless written in capitals."""

MARKED_WORDS = tuple(word for word in _BY_WORD if word[0].isalpha() and re.search(r"[/-]\w", word))
"""Words that the tokeniser would take apart at their marks, such as *b/f* and *s/he*."""

NAMES = frozenset((Path(__file__).parent / "names.txt").read_text(encoding="utf-8").splitlines())
"""Given and family names of some eighty countries. One written with a capital in the list is an
ordinary word too (*Mark*, *Rose*) and no name when all its letters are capitals. From the person
providers of Faker 40 and Mimesis 22 (MIT licence) and the names of the United States census of
1990 (public domain, as packed in ``names`` 0.3), without what an English dictionary or the corpus
writes with small letters."""

_VOCABULARY = frozenset(
    (Path(__file__).parent / "vectors" / "words.txt").read_text(encoding="utf-8").splitlines()
)
"""Words that have a vector: abbreviations, shops, towns and medicines among them."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Soft hyphens, joiners, marks of direction: office programs leave them inside words."""

_IRISH_NAME = re.compile(r"[OD]['’][A-Z]\w+")
"""*O'Brien*, *D'Souza*."""

_SHAPES = (
    (
        "_time",
        re.compile(r"\d{1,2}[:.]\d{2}(?::\d{2})?(?:am|pm|hrs?|h)?|\d{1,2}(?:am|pm)|\d{4}hrs?"),
    ),
    ("_date", re.compile(r"\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{1,4})?|\d{1,2}(?:st|nd|rd|th)")),
    ("_money", re.compile(r"[£$€]\d[\d,.]*[kmp]?|\d[\d,.]*(?:k|p|quid)")),
    ("_number", re.compile(r"[\d,.]*\d[\d,.]*(?:s|yo|yrs?|x|%)?|x\d+")),
    ("_code", re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9/_-]+")),
)


def normal_form(word: str) -> str:
    """Give the form under which the model knows a word.

    Parameters
    ----------
    word : str
        One token as written.

    Returns
    -------
    str
        Lower case: a class such as ``"partner"``, ``"_name"`` or ``"_time"``, an abbreviation
        written out, or the lemma.

    Examples
    --------
    >>> [normal_form(word) for word in ("Husband", "SHE", "21:47", "£40", "checks", "OH", "oh")]
    ['partner', 'they', '_time', '_money', 'check', 'partner', 'oh']
    >>> [normal_form(word) for word in ("Priya", "KOWALSKI", "Thembani", "O'Hara", "Mark", "mark")]
    ['_name', '_name', '_name', '_name', '_name', 'mark']
    """
    lower = _INVISIBLE.sub("", word.lower()).replace("’", "'")
    if word == "DA":  # domestic abuse; in small letters a father
        return "domestic"
    if lower in _BY_WORD and (word.upper() not in _CAPITALS_ONLY or word.isupper()):
        return _BY_WORD[lower]
    for name, shape in _SHAPES:
        if shape.fullmatch(lower):
            return name
    if _IRISH_NAME.fullmatch(word):
        return "_name"
    if not lower.isalpha():
        return lower.strip() or "_space"
    if _is_name(word, lower):
        return "_name"
    lemma = simplemma.lemmatize(lower, lang="en").lower()
    return _BY_WORD.get(lemma, lemma) if lemma.upper() not in _CAPITALS_ONLY else lemma


def _is_name(word: str, lower: str) -> bool:
    """Tell whether a word is a person's name, as far as a word alone can tell.

    Capitals are needed: a name in small letters stays a word. No list holds all names, so a word
    that only begins with a capital and that nothing here knows is taken for one.
    """
    word = _INVISIBLE.sub("", word)
    if not word[0].isupper():
        return False
    return lower in NAMES or word in NAMES or not (word.isupper() or _is_known(lower))


def _is_known(lower: str) -> bool:
    """Tell whether a word of small letters is in a dictionary or has a vector."""
    return lower in _VOCABULARY or simplemma.is_known(lower, lang="en")


def plain_word(word: str, form: str) -> str:
    """Write a word as the sentence encoder reads it.

    Classes are written as their plain word, so that the encoder cannot tell *he* from *she*
    either; everything else keeps its inflection.

    Parameters
    ----------
    word : str
        One token as written.
    form : str
        Its normal form.

    Returns
    -------
    str
        Small letters; empty for white space.

    Examples
    --------
    >>> [plain_word(word, normal_form(word)) for word in ("SHE", "checks", "21:47", "Dave", "txt")]
    ['they', 'checks', 'time', 'sam', 'text']
    """
    lower = word.lower()
    if form in CLASSES:
        return form
    return _PLAIN_SHAPES.get(form) or ABBREVIATIONS.get(lower, lower.strip())


_PLAIN_SHAPES = {
    **{"_time": "time", "_date": "date", "_money": "money", "_number": "number", "_code": "code"},
    **{"_name": "sam", "_space": ""},
}
