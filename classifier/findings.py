"""Findings: the phrases the tool shows to a person, and what it says of a whole note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from spacy.tokens import Doc, Token

from classifier.context import PLACES, choose_contexts
from classifier.model import Scores
from classifier.note import CONTEXTS, Note
from classifier.phrases import Layout

NOTE_VOICE = "dismissive_response"
"""The label that speaks of the note's own voice, where who speaks belongs to the evidence."""

SPEECH_VERBS = frozenset("say state report claim allege disclose describe explain mention".split())
"""Lemmas that only say who speaks (annotation guide: "leave out the speaker")."""

SPEAKER_WORDS = 3
"""Words that may stand before the speech verb, as in *the female caller states*."""

CONNECTIVES = frozenset("and but so then".split())
"""Words that join a phrase to the one before and are not part of the act."""


EXTENT = 0.3
"""Words at the edges of a finding are left out if the encoder gives them less than this share of
the likeliest word's probability for the label. Chosen on held-out groups of the synthetic corpus,
where it raised exact matches with people's marks by a quarter."""


@dataclass(frozen=True)
class Finding:
    """A phrase that may indicate a label; evidence for review, never a decision.

    Parameters
    ----------
    start, end : int
        Characters of the note's text from 0, end exclusive.
    label : str
        Id of a label.
    context : str
        One of ``CONTEXTS``.
    score : float
        Calibrated probability in [0, 1] that a reviewer would mark the phrase so.
    """

    start: int
    end: int
    label: str
    context: str
    score: float


@dataclass(frozen=True)
class NoteEvidence:
    """What was found in one note.

    Parameters
    ----------
    note : Note
        The note, unaltered.
    findings : tuple of Finding
        In reading order; only what reaches the threshold of its label.
    scores : dict of str to float
        Every label's highest score of affirmed evidence in the note, in [0, 1], also below
        the threshold.
    evidence : float
        In [0, 1]; orders a queue of notes for reading, nothing more.
    """

    note: Note
    findings: tuple[Finding, ...]
    scores: dict[str, float]
    evidence: float


def pick_findings(
    docs: Sequence[Doc],
    layout: Layout,
    scores: Scores,
    thresholds: Sequence[float],
    labels: Sequence[str],
) -> list[list[Finding]]:
    """Keep the phrases whose score reaches the threshold of their label.

    Neighbouring phrases of one sentence that show the same label in the same context become one
    finding, with the higher score. A finding leaves out white space, the marks around it, words
    that only say who speaks (*she states that*) and, where the encoder has read, words at its
    edges that hardly belong to it (``EXTENT``).

    Parameters
    ----------
    docs : sequence of spacy.tokens.Doc
        A batch.
    layout : Layout
        Of these docs.
    scores : Scores
        Of this layout.
    thresholds : sequence of float
        A probability in (0, 1] for each label.
    labels : sequence of str
        Column order.

    Returns
    -------
    list of list of Finding
        For each doc in reading order; longer findings first where they start together.
    """
    chosen, values = choose_contexts(scores.labels, scores.contexts, np.asarray(thresholds))
    rows, columns = np.nonzero(values >= np.asarray(thresholds))
    order = np.lexsort((rows, columns))
    sentences, notes = layout.sentence_of_phrase, layout.note_of_phrase
    found: list[list[Finding]] = [[] for _ in docs]
    runs: list[list[int]] = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        context = int(chosen[row, column])
        last = runs[-1] if runs else None
        if (
            last
            and last[1] == row - 1
            and last[2:] == [column, context]
            and sentences[row] == sentences[last[1]]
        ):
            last[1] = row
        else:
            runs.append([row, row, column, context])
    for first, last, column, context in runs:
        note = int(notes[first])
        doc, offset = docs[note], int(layout.notes[note])
        keep_speaker = labels[column] == NOTE_VOICE
        whole = int(layout.phrases[first]), int(layout.phrases[last + 1])
        for start, end in (_narrow(scores.tokens, column, layout, *whole), whole):
            start, end = trim(doc, start - offset, end - offset, keep_speaker=keep_speaker)
            if start < end:
                break
        if start < end:
            score = round(float(values[first : last + 1, column].max()), PLACES)
            span = doc[start:end]
            found[note].append(
                Finding(span.start_char, span.end_char, labels[column], CONTEXTS[context], score)
            )
    for findings in found:
        findings.sort(key=lambda f: (f.start, -f.end, labels.index(f.label)))
    return found


def _narrow(
    tokens: np.ndarray | None, column: int, layout: Layout, start: int, end: int
) -> tuple[int, int]:
    """Leave out the words at the edges that the encoder hardly counts as part of the phrase."""
    if tokens is None:
        return start, end
    is_word = layout.is_word[start:end] & ~np.isnan(tokens[start:end, column])
    if not is_word.any():
        return start, end
    shares = np.where(is_word, expit(tokens[start:end, column]), 0.0)
    kept = np.flatnonzero(shares >= EXTENT * shares.max())
    return start + int(kept[0]), start + int(kept[-1]) + 1


def trim(doc: Doc, start: int, end: int, *, keep_speaker: bool = False) -> tuple[int, int]:
    """Take off a phrase what is not the act: outer marks, spaces and the speaker.

    Parameters
    ----------
    doc : spacy.tokens.Doc
        With normal forms.
    start, end : int
        Tokens of the phrase, end exclusive.
    keep_speaker : bool
        Whether *says that* stays, as it does where the note's own voice is the evidence.

    Returns
    -------
    start, end : int
        Tokens; equal if nothing but marks was there.
    """
    while start < end and not _is_word(doc[start]):
        start += 1
    while start < end and not _is_word(doc[end - 1]):
        end -= 1
    while not keep_speaker and start < end - 1 and doc[start].norm_ in CONNECTIVES:
        start += 1
    if not keep_speaker:
        for verb in range(start, min(start + SPEAKER_WORDS + 1, end - 2)):
            if doc[verb].norm_ in SPEECH_VERBS:
                after = verb + 1 + (doc[verb + 1].norm_ in {"that", "how"})
                return (after, end) if after < end else (start, end)
    return start, end


def _is_word(token: Token) -> bool:
    """Tell whether a token holds a letter, a digit or a sign of money."""
    return any(character.isalnum() or character in "£$€" for character in token.text)
