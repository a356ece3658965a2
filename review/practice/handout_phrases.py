"""The reference's phrases of a note: numbered, with the letters that stand for their labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from classifier.labels import LabelSet
from classifier.note import Mark, overlaps
from classifier.wording import CONTEXT_CUES, CONTEXT_WORDS
from review.paper import as_text


@dataclass(frozen=True)
class Phrase:
    """Words that the reference has marked, under one label or several.

    Parameters
    ----------
    number : int
        From 1, in reading order.
    start, end : int
        Characters of the text.
    context : str
        One of ``CONTEXTS``.
    labels : tuple of str
        Ids, in the order of the label file.
    lane : int
        Which underline it takes, from 0, so that phrases that overlap are told apart.
    """

    number: int
    start: int
    end: int
    context: str
    labels: tuple[str, ...]
    lane: int = 0


def number_phrases(marks: Iterable[Mark], labels: LabelSet) -> list[Phrase]:
    """Count marked phrases in reading order; marks of the same words and context are one.

    Parameters
    ----------
    marks : iterable of Mark
        Of one note.
    labels : LabelSet
        Gives the order of labels.

    Returns
    -------
    list of Phrase
        Phrases that overlap have different lanes.

    Raises
    ------
    KeyError
        If a label is not among `labels`.
    """
    found: dict[tuple[int, int, str], set[str]] = {}
    for mark in marks:
        place = (mark.start, mark.end, mark.context)
        found.setdefault(place, set()).add(labels[mark.label].id)
    phrases: list[Phrase] = []
    for number, place in enumerate(sorted(found), start=1):
        ids = tuple(id for id in labels.ids if id in found[place])
        phrase = Phrase(number, *place, ids)
        taken = {one.lane for one in phrases if overlaps(one, phrase)}
        lane = next(lane for lane in range(len(taken) + 1) if lane not in taken)
        phrases.append(Phrase(number, *place, ids, lane))
    return phrases


def cue_of(phrase: Phrase, labels: LabelSet) -> str:
    """Give the letters that stand for a phrase's labels, and its context where it is not affirmed.

    Parameters
    ----------
    phrase : Phrase
        From `number_phrases`.
    labels : LabelSet
        Gives cues.

    Returns
    -------
    str
        Such as ``"ISO+FEA"`` or ``"THR not"``.
    """
    letters = "+".join(labels[id].cue for id in phrase.labels)
    return f"{letters} {CONTEXT_CUES[phrase.context]}".strip()


def show_cue(phrase: Phrase, labels: LabelSet) -> str:
    """Write number and letters of a phrase, and in words what they mean for who cannot see them.

    Parameters
    ----------
    phrase : Phrase
        From `number_phrases`.
    labels : LabelSet
        Gives cues and titles.

    Returns
    -------
    str
        HTML of class ``cue``.
    """
    titles = " and ".join(labels[id].title for id in phrase.labels)
    heard = f" (mark {phrase.number}: {titles}, {CONTEXT_WORDS[phrase.context]}) "
    return (
        f'<bdi class="cue" dir="ltr"><span aria-hidden="true"><b>{phrase.number}</b> '
        f'{as_text(cue_of(phrase, labels))}</span><span class="heard">{as_text(heard)}</span></bdi>'
    )
