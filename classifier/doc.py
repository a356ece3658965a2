"""From text to doc: spaCy's blank English with sentences that suit logs and normal forms.

Nothing is downloaded. Offsets always are those of the original text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import numpy as np
import spacy
from spacy.attrs import NORM, ORTH, SENT_START
from spacy.language import Language
from spacy.tokens import Doc

from classifier.wording import encodable
from classifier.words import MARKED_WORDS, normal_form

LONG_LINE = 12
"""Words and marks. A line at least this long that runs on in lower case was wrapped by a machine.
Not characters: *husband* for *wife* must not move the end of a sentence."""

LONGEST_WORD = 100
"""Characters. What is longer without white space stays one token: taking marks off it one by one
takes time that grows with the square of its length (a minute for 20,000 marks)."""

_STOPS = {".", "!", "?", "…", "..", "...", "....", "!!", "??", "?!", "!?", "!!!", "???"}
_CLOSERS = {'"', "'", "”", "’", ")", "]", "''", "»"}
_UNSTOPPED = set(
    [
        "approx",
        "tel",
        "no",
        "nos",
        "ref",
        "dept",
        "st",
        "rd",
        "ave",
        "yrs",
        "yr",
        "hrs",
        "hr",
        "incl",
        "poss",
        "prev",
        "dob",
        "min",
        "mins",
        "ext",
        "inc",
        "vs",
        "eg",
        "ie",
        "etc",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)
"""Words that often carry a full stop inside a sentence."""
_TITLES = set("mr mrs ms mx dr sgt insp supt cllr prof rev".split())
"""Words that never end a sentence, whatever follows."""
_BEFORE_A_TIME = set(
    [
        "at",
        "by",
        "from",
        "since",
        "until",
        "till",
        "til",
        "to",
        "around",
        "about",
        "approx",
        "between",
        "and",
        "of",
        "the",
        "@",
    ]
)
_CLOCK = re.compile(
    r"(?:[01]?\d|2[0-3])[:.][0-5]\d(?::[0-5]\d)?(?:hrs?)?|(?:[01]\d|2[0-3])[0-5]\dhrs?"
)
_LIST_NUMBER = re.compile(r"\(?\d{1,2}[.)]?|[a-z][.)]", re.I)


def make_nlp() -> Language:
    """Build the preprocessing pipeline.

    Returns
    -------
    spacy.language.Language
        Blank English with the components ``log_sentences`` and ``normal_forms``. The second
        leaves each word's normal form in ``token.norm_``.
    """
    nlp = spacy.blank("en")
    nlp.max_length = 10_000_000
    nlp.tokenizer.token_match = re.compile(rf"\S{{{LONGEST_WORD}}}").match
    for word in MARKED_WORDS:
        for written in {word, word.upper(), word.capitalize(), word.title()}:
            nlp.tokenizer.add_special_case(written, [{ORTH: written}])
            nlp.tokenizer.add_special_case(f"{written}.", [{ORTH: written}, {ORTH: "."}])
    nlp.add_pipe("log_sentences")
    nlp.add_pipe("normal_forms")
    return nlp


def make_docs(texts: Iterable[str], nlp: Language) -> list[Doc]:
    """Turn texts into docs.

    Parameters
    ----------
    texts : iterable of str
        Half characters (lone surrogates), which damaged exports hold, are read as U+FFFD.
    nlp : spacy.language.Language
        From `make_nlp`.

    Returns
    -------
    list of spacy.tokens.Doc
        Their offsets are those of the texts.
    """
    return list(nlp.pipe(encodable(text) for text in texts))


@Language.component("log_sentences")
def log_sentences(doc: Doc) -> Doc:
    """Set sentence starts in a doc the way that call logs are written.

    A sentence ends at a stop (not after ``approx.`` or a list number), at a line end (unless
    the line was only wrapped) and before the time stamp of a new entry.

    Parameters
    ----------
    doc : spacy.tokens.Doc
        Tokenised; altered in place.

    Returns
    -------
    spacy.tokens.Doc
        The same doc.
    """
    starts = [False] * len(doc)
    words = [token.text for token in doc]
    line_length = since_start = 0
    stopped = True
    for i, word in enumerate(words):
        if "\n" in word or "\r" in word:
            following = words[i + 1] if i + 1 < len(words) else ""
            wrapped = (
                line_length >= LONG_LINE
                and following[:1].islower()
                and words[i + 2 : i + 3] != [":"]  # the next speaker in a chat
                and max(word.count("\n"), word.count("\r")) < 2  # no blank line
            )
            stopped = stopped or not wrapped
            line_length = 0
            continue
        line_length += 1
        follows_space = i == 0 or words[i - 1].isspace() or bool(doc[i - 1].whitespace_)
        closes = word in _STOPS or (word in _CLOSERS and not follows_space)
        if stopped and not closes and not word.isspace():
            starts[i], since_start, stopped = True, 0, False
        elif since_start and _opens_entry(words, i):
            starts[i], since_start = True, 0
        since_start += 1
        if word in _STOPS:
            stopped = not _stop_is_inside(words, i, since_start)
    if len(doc):
        signs = np.where(starts, 1, -1).astype(np.int64)
        doc.from_array([SENT_START], signs.view(np.uint64)[:, None])
    return doc


def _opens_entry(words: list[str], i: int) -> bool:
    """Tell whether a time stamp without a stop before it begins a new log entry."""
    return (
        _CLOCK.fullmatch(words[i]) is not None
        and words[i - 1].lower() not in _BEFORE_A_TIME
        and i + 1 < len(words)
        and (words[i + 1][:1].isupper() or words[i + 1] in {"-", "–", ":"})
    )


def _stop_is_inside(words: list[str], i: int, since_start: int) -> bool:
    """Tell whether a full stop belongs to a shortened word or a list number."""
    if words[i] != "." or i == 0:
        return False
    if since_start == 2 and _LIST_NUMBER.fullmatch(words[i - 1]):
        return True
    following = words[i + 1] if i + 1 < len(words) else ""
    before = words[i - 1].lower()
    return before in _TITLES or (before in _UNSTOPPED and not following[:1].isupper())


@Language.component("normal_forms")
def normal_forms(doc: Doc) -> Doc:
    """Set each token's norm to the form under which the model knows the word.

    Parameters
    ----------
    doc : spacy.tokens.Doc
        Tokenised; altered in place.

    Returns
    -------
    spacy.tokens.Doc
        The same doc, with ``token.norm_`` set.
    """
    form_of = _form_lookup(doc.vocab.strings)
    forms = [form_of(orth) for orth in doc.to_array(ORTH).tolist()]
    if forms:
        doc.from_array([NORM], np.array(forms, dtype=np.uint64)[:, None])
    return doc


@cache
def _form_lookup(strings):
    """Make a function from the hash of a word to the hash of its normal form."""

    @cache
    def form_of(orth: int) -> int:
        return strings.add(normal_form(strings[orth]))

    return form_of
