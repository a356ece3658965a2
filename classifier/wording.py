"""The words people read beside a finding: careful, the same on every page and in every file."""

from __future__ import annotations

import re

STRONG = 0.8
"""Calibrated probability from which a finding is called a strong match to marked examples."""

CLEAR = 0.5
"""Calibrated probability from which it is called a clear match; below it, a possible one."""

STRENGTH_WORDS = {
    "strong match": f"score of {STRONG} or more",
    "clear match": f"score from {CLEAR} up to {STRONG}",
    "possible match": f"score under {CLEAR}",
}
"""Every answer of `strength` and the band of scores it stands for."""

CONTEXT_WORDS = {
    "affirmed": "recorded as happening",
    "negated": "recorded as not happening",
    "hypothetical": "asked or conditional",
    "other": "not towards a partner or family member",
}
"""Every context in words that complete "in the note, this is …"."""

CONTEXT_CUES = {"affirmed": "", "negated": "not", "hypothetical": "asked", "other": "other"}
"""One word that follows a label's cue on a highlight; none where the note says it happened."""

WHAT_IT_DOES_NOT_DO = (
    "Unheard highlights phrases that a trained reviewer should look at. It does not say whether "
    "abuse took place, it scores no person, and it closes no note. What is not highlighted may "
    "still matter."
)
"""Stands on every page and in every file made for people."""

NOTHING_HIGHLIGHTED = "Nothing highlighted. That does not mean nothing happened."
"""Stands where a note has no finding."""

EVIDENCE_WORDS = (
    "A number from 0 to 1 that puts notes in an order for reading, and nothing more. It is about "
    "the wording of the note, not about a person."
)
"""Explains ``NoteEvidence.evidence``."""

MATCH_WORDS = "How closely the phrase resembles phrases that trained people marked."
"""Explains `strength`."""

_PICTURES = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)}
_PICTURES |= {0x7F: 0x2421, 0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}
_SURROGATE = re.compile("[\ud800-\udfff]")


def strength(score: float) -> str:
    """Say in words how closely a phrase resembles marked examples.

    Parameters
    ----------
    score : float
        Calibrated probability in [0, 1], as in ``Finding.score``.

    Returns
    -------
    str
        ``"strong match"`` from ``STRONG``, ``"clear match"`` from ``CLEAR``, else
        ``"possible match"``.

    Raises
    ------
    ValueError
        If the score is not between 0 and 1.

    Examples
    --------
    >>> strength(0.83), strength(0.5), strength(0.31)
    ('strong match', 'clear match', 'possible match')
    """
    if not 0 <= score <= 1:
        raise ValueError(f"score must be from 0 to 1, got {score}")
    if score >= STRONG:
        return "strong match"
    return "clear match" if score >= CLEAR else "possible match"


def encodable(text: str) -> str:
    """Replace half characters (lone surrogates), which no UTF-8 file can hold, by U+FFFD.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Of the same length, so that offsets keep fitting.
    """
    return _SURROGATE.sub("\ufffd", text)


def showable(text: str) -> str:
    r"""Replace, one for one, the characters that a web page or a spreadsheet cannot hold.

    Tabs and line feeds stay. A carriage return becomes a space before a line feed and a line
    feed elsewhere; any other control character becomes its picture, such as U+2400 for NUL;
    lone surrogates and the non-characters U+FFFE and U+FFFF become U+FFFD.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Of the same length, so that offsets keep fitting; unchanged if nothing was in the way.

    Examples
    --------
    >>> showable("one\r\ntwo\x00")
    'one \ntwo␀'
    """
    text = text.replace("\r\n", " \n").replace("\r", "\n")
    return encodable(text).translate(_PICTURES)
