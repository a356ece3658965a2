"""Which notes look routine, so that the evidence in them is easily passed over."""

from __future__ import annotations

import re
from collections.abc import Sequence

from classifier.note import Mark, Note

OWN_VOICE = "dismissive_response"
"""The label of the note's own voice. What it marks is what was made of the evidence."""

MIN_PHRASE = 3
"""Words of a phrase that can be understood alone, such as *he decides everything*."""

MIN_WORDS, MAX_WORDS = 25, 170
"""Words of a note that is shown whole."""

MAX_SHARE = 0.3
"""Share of the note's words that may be evidence; most notes with evidence have less."""

MAX_PHRASES = 3
"""Different phrases of evidence that a note may have."""

MAX_FIRST_PERSON = 0.02
"""Share of words that may be *I*, *me* or *my* outside quotes; more is a letter or a chat."""

MAX_QUOTED = 0.2
"""Share of words that may be in quotes; more is a record of messages or of a talk."""

ALARMING = """
    kill*, murder*, fatal, dead, die, dying, knife, knives, blade*, gun, guns, shotgun*,
    machete, hammer, blood, strang*, throttl*, throat, choked, choking, petrol, acid, lighter,
    arson, rape, raped, assaults, suicid*, noose, hang himself, hang herself, overdos*, stab*,
    armed, scream*, sob*, crying, in tears, terrified, petrified, hysterical, shaky, shaking,
    shaken, whisper*, silent, line cut, line lost, line dropped, line dead, line cleared, cut
    off, immediate, grade 1, grade one, g1, grade 2, blue light*, 999, units running, ambo
    running, shouting, remain on line, emergency sms, went grey, alarm pressed, lone worker
    alarm, ambo, unit sent, unit to, units to, before i do
"""
"""Words at which anyone stops; a star stands for any ending."""

ANSWERED = """
    refer*, marac, mash, dash high, high risk, medium risk, arrest*, crimed, crime number, crime
    ref, crime to be, a crime, recorded as stalking, recorded as harass*, charged, bail*,
    custody, dvpn, dvpo, fmpo, protection order, restraining order, court order, injunction*,
    non-mol*, exclusion, idva*, isva, soit, dvds, dvdc, refuge, safe house, strategy, safety
    plan*, women's aid, rights of women, age uk, shelter, specialist, helpline, signpost*,
    support service, support line, support worker, domestic abuse, domestic violence, da car, da
    unit, dasu, da team, da research, da lead, da desk, da leaflet, da hub, da spoc, da advoc*,
    da non, dash medium, vulnerability, separate entry, plain clothes, support offered, passing
    attention, to be taken, medium, coercive, controlling behaviour, forced marriage unit,
    safeguard*, dsl, adult concern, adult at risk, concern form, new concern, concern opened,
    concern submitted, ppn submitted, ppn sent, ppn done, form submitted, form sent, dash
    submitted, dash sent, intel submitted, shared with, children's services, social care, flag,
    flagged, marker, markers, code word, codeword, escalat*, upgraded, regraded, re-graded,
    re-opened, reopened, grade 3, to attend, to scene, escort, tasking, statement taken,
    statement to be, police rung, police told, police called, the police, 101, took advice, see
    her alone, see him alone, see them alone, see alone, seen alone, spoken to alone, on her
    own, by herself, alone for, alone next, alone arranged, asked alone, asked again, recorded
    separately, reported to, supervisor told, supervisor informed, supervisor aware, talk about
    that, talk about it, talk about this, appointment with, appointment made, appt made, locks
    appt, follow up, followed up, follow-up, link given, links given, leaflet given, number
    given, number put, number for, with number, with a number, given number, given the number,
    given a number, gave her the number, gave him the number, given card, given a card, lip
    balm, in shoe, in her shoe, in his shoe, under soap, pretext, restricted, disagreed,
    allocated, learning, concern log, welfare log, safety log, ref to, forwarded to, authoris*,
    clare's law, moving on, will try, will ring, will see, will go, to see her, to see him, to
    see mum, crime created, crime refs, hba, daiu, galop
"""
"""Words that say that something was done, or will be, about what was said."""

HOW_CHOSEN = f"""
A note is shown if it looks like any other note and got no answer, by things that can be counted:
{MIN_WORDS} to {MAX_WORDS} words, of which at most three in ten, in at most {MAX_PHRASES} phrases,
are evidence; written as a log, not as a letter or a chat; no word at which anyone stops, such as
*knife* or *whispering*; and no word outside the marks that says that something was done, such as
*referral*. Of 45 such notes one reader found 40 to be routine indeed; words from the other five
have since been added to the lists.
"""
"""Says in words what `looks_routine` does."""


def _any_of(words: str) -> re.Pattern[str]:
    """Join words of a list; a star stands for any ending."""
    listed = " ".join(words.split()).replace("'", "’").split(", ")
    parts = [re.escape(word).replace(r"\*", r"\w*").replace("’", "['’]") for word in listed]
    return re.compile(rf"(?i)(?<!\w)(?:{'|'.join(parts)})(?!\w)")


_WORD = re.compile(r"\w[\w'’-]*")
_FIRST_PERSON = re.compile(r"\b(?:I|me|my)\b")
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]|(?<!\w)['‘][^'’\n]{3,}['’](?!\w)")
_SPEAKER = re.compile(r"(?mi)^(?:in|out|me|you|us|user|visitor|worker|w|c|cl)\s?: ?\S")
_ALARMING = _any_of(ALARMING)
_ANSWERED = _any_of(ANSWERED)


def count_words(text: str) -> int:
    """Count the words of a text.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    int
        Numbers are words, punctuation is not.

    Examples
    --------
    >>> count_words("Verbal only, NFA. 2 ch.")
    5
    """
    return len(_WORD.findall(text))


def count_evidence(text: str, marks: Sequence[Mark]) -> int:
    """Count the words that marks cover, each once.

    Parameters
    ----------
    text : str
        Of the note.
    marks : sequence of Mark
        Overlapping or not.

    Returns
    -------
    int
        A word that is covered in part is counted.
    """
    return sum(_is_inside(word, marks) for word in _WORD.finditer(text))


def words_of(note: Note, mark: Mark) -> str:
    """Give the words of a phrase.

    Parameters
    ----------
    note : Note
        Any note.
    mark : Mark
        Of it.

    Returns
    -------
    str
        As they stand in the note.
    """
    return note.text[mark.start : mark.end]


def is_whole(note: Note) -> bool:
    """Tell whether a note of the corpus is more than a single sentence.

    Parameters
    ----------
    note : Note
        Any note.

    Returns
    -------
    bool
        True for what does not say.
    """
    return note.meta.get("unit") != "sentence"


def looks_routine(note: Note) -> bool:
    """Tell whether a note with evidence looks like any other note.

    All of this must hold:

    - It has 25 to 170 words, of which at most three in ten, in at most three phrases, are
      evidence. The note's own dismissive wording is not counted.
    - It is written as a log is: no exclamation mark, no lines of a chat, at most a fifth of its
      words in quotes, and outside them at most 2 words in 100 are *I*, *me* or *my*.
    - No word in it is one at which anyone stops (``ALARMING``: *knife*, *whispering*, *999*).
    - What was said got no answer: no word outside the marks says that something was done about it
      (``ANSWERED``: a referral, a crime recorded, a number given). So the note met it with a
      dismissive phrase, or went on to something else.

    The lists are ours, made by reading these notes. Of 45 notes drawn at random and not read
    before, one reader found 40 to look routine and to be left without an answer; words of the
    other five were added to the lists afterwards. What is routine to one reader may not be to
    another.

    Parameters
    ----------
    note : Note
        Whole, with marks.

    Returns
    -------
    bool
        False for a note without affirmed evidence.
    """
    evidence = [mark for mark in note.marks if _is_evidence(mark)]
    n_words = count_words(note.text)
    n_phrases = len({(mark.start, mark.end) for mark in evidence})
    return (
        MIN_WORDS <= n_words <= MAX_WORDS
        and 1 <= n_phrases <= MAX_PHRASES
        and count_evidence(note.text, evidence) <= MAX_SHARE * n_words
        and _is_plain_log(note.text, n_words)
        and not _ALARMING.search(note.text)
        and all(_is_inside(words, note.marks) for words in _ANSWERED.finditer(note.text))
    )


def _is_evidence(mark: Mark) -> bool:
    """Tell whether a mark is behaviour that is recorded as happening."""
    return mark.label != OWN_VOICE and mark.context == "affirmed"


def _is_plain_log(text: str, n_words: int) -> bool:
    """Tell whether a text is written as a log, not as a letter, a chat or a talk."""
    unquoted = _QUOTED.sub(" ", text)
    return (
        "!" not in text
        and not _SPEAKER.search(text)
        and n_words - count_words(unquoted) <= MAX_QUOTED * n_words
        and len(_FIRST_PERSON.findall(unquoted)) <= MAX_FIRST_PERSON * n_words
    )


def _is_inside(words: re.Match[str], marks: Sequence[Mark]) -> bool:
    """Tell whether words are part of a marked phrase."""
    return any(mark.start < words.end() and words.start() < mark.end for mark in marks)
