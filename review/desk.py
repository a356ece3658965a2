"""The desk: one note with its phrases, where a person answers, marks and comments.

One component for reviewers and for trainees: it shows what it is given and hands back what was
done. It stores nothing and knows no model, so a note without findings will do.

A page asks what was done, stores it, and only then shows what stands in the store::

    for action in waiting_actions("desk", labels):
        store(action)  # a key that is stored already is not stored again
    taken = [action.key for action in waiting_actions("desk", labels)]
    show_desk(read_desk(), labels, key="desk", taken=taken)

What the page has not named in `taken` the browser keeps, shows as done, and sends again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import streamlit as st

from classifier.labels import Label, LabelSet
from classifier.note import CONTEXTS
from classifier.wording import CONTEXT_CUES, CONTEXT_WORDS, showable, strength
from review.actions import MAX_COMMENT, Action, read_actions
from review.highlight import STATIC, make_component

KINDS = ("finding", "mark")
ANSWERS = ("accept", "dismiss", "unsure")

_desk = make_component(
    "desk",
    (STATIC / "desk.html").read_text(encoding="utf-8"),
    files=(
        *("highlight", "desk_letters", "desk_selection", "desk_pending", "desk_palette"),
        *("desk_text", "desk_side", "desk_note", "desk_draft", "desk_commands", "desk_keys"),
    ),
)


@dataclass(frozen=True)
class Phrase:
    """A finding, or a mark of the reader's own, as it stands.

    Parameters
    ----------
    id : str
        Of the finding; of a mark the key of the action that made it.
    kind : str
        ``"finding"`` or ``"mark"``.
    start, end : int
        Characters of the text from 0, end exclusive.
    label, context : str
        As in a label set, and one of ``CONTEXTS``.
    score : float, optional
        Of a finding, in [0, 1]; shown in words.
    answer : str, optional
        ``"accept"``, ``"dismiss"`` or ``"unsure"``.
    reason, comment : str, optional
        Id of a coded reason, and own words.
    changed : bool
        Whether a person changed its label, context or extent.
    """

    id: str
    kind: str
    start: int
    end: int
    label: str
    context: str = "affirmed"
    score: float | None = None
    answer: str | None = None
    reason: str | None = None
    comment: str | None = field(default=None, repr=False)
    changed: bool = False


@dataclass(frozen=True)
class Desk:
    """A note and all that one reader has said of it.

    Parameters
    ----------
    note_id : int
        Every action names it.
    title : str
        Such as the note's number in its export.
    text : str
        Of the note, shown character for character.
    facts : mapping of str to str
        Shown below the title.
    phrases : tuple of Phrase
        In any order; may be empty.
    outcome : str, optional
        A key of `outcomes`.
    comment : str
        On the note.
    flagged_to : str, optional
        A colleague.
    colleagues : tuple of str
        To whom a note can be flagged; if empty, there is no flag.
    place : str
        Such as ``"Note 3 of 120"``.
    reasons : mapping of str to mapping of str to str
        For each answer the ids of its coded reasons and their words.
    outcomes : mapping of str to str
        Ids of what may be said of a note, and their words; if empty, nothing is asked.
    can_decide : bool
        If false, everything can be read and nothing done.
    notices : tuple of str
        Quiet lines above the text, such as a warning that the note may distress.
    outcome_name, comment_name : str
        How these two are called, where they are asked for.
    """

    note_id: int
    title: str = field(repr=False)
    text: str = field(repr=False)
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    phrases: tuple[Phrase, ...] = ()
    outcome: str | None = None
    comment: str = field(default="", repr=False)
    flagged_to: str | None = None
    colleagues: tuple[str, ...] = ()
    place: str = ""
    reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    can_decide: bool = True
    notices: tuple[str, ...] = ()
    outcome_name: str = "Outcome"
    comment_name: str = "Comment on the note"


def show_desk(
    desk: Desk,
    labels: LabelSet,
    *,
    key: str,
    taken: Iterable[str] = (),
    refused: Mapping[str, str] | None = None,
) -> tuple[Action, ...]:
    """Show a note for a person to answer and mark, and give what was done.

    Parameters
    ----------
    desk : Desk
        Built from the store after what was done has been stored.
    labels : LabelSet
        That phrases may have.
    key : str
        Of the element, unique on the page and the same for every note.
    taken : iterable of str
        Keys of actions that are stored; the browser forgets these.
    refused : mapping of str to str, optional
        Keys of actions that cannot be stored, and a sentence that says why; the browser takes
        them back and shows the sentence.

    Returns
    -------
    tuple of Action
        Neither taken nor refused yet, in the order they were done; each names its note, which
        need not be this one. After storing them, run the page again.

    Raises
    ------
    ValueError
        If a phrase does not fit the text, the labels or the words above.
    """
    sent = _sent(key)
    actions, malformed = read_actions(sent, labels)
    refused = {**malformed, **(refused or {})}
    seen = [action.key for action in actions]
    over = set(taken).intersection(seen)
    state = {"desk": key, "seen": seen, "taken": sorted(over), "refused": refused}
    _desk(key=key, data=make_desk_data(desk, labels) | state, on_actions_change=_ignore)
    return tuple(one for one in actions if one.key not in over and one.key not in refused)


def waiting_actions(key: str, labels: LabelSet) -> tuple[Action, ...]:
    """Give what the desk has sent, before it is shown again in this run of the page.

    Parameters
    ----------
    key : str
        Of the element.
    labels : LabelSet
        As in `show_desk`.

    Returns
    -------
    tuple of Action
        In the order they were done; those that were stored before may be among them.
    """
    return read_actions(_sent(key), labels)[0]


def make_desk_data(desk: Desk, labels: LabelSet) -> dict[str, object]:
    """Describe a desk for the component.

    Parameters
    ----------
    desk : Desk
        To be shown.
    labels : LabelSet
        That phrases may have.

    Returns
    -------
    dict of str to object
        Plain values only. Text keeps its length, so offsets count the same on either side.

    Raises
    ------
    ValueError
        If a phrase does not fit the text, the labels or the words it may use.
    """
    _check(desk, labels)
    return {
        "note": desk.note_id,
        "title": showable(desk.title),
        "text": showable(desk.text),
        "facts": [[name, showable(value)] for name, value in desk.facts.items()],
        "phrases": [_describe_phrase(one) for one in desk.phrases],
        "outcome": desk.outcome,
        "comment": desk.comment,
        "flagged": desk.flagged_to,
        "colleagues": list(desk.colleagues),
        "place": desk.place,
        "reasons": {answer: _pairs(words) for answer, words in desk.reasons.items()},
        "outcomes": _pairs(desk.outcomes),
        "outcomeName": desk.outcome_name,
        "commentName": desk.comment_name,
        "decides": desk.can_decide,
        "notices": [showable(line) for line in desk.notices],
        "labels": [_describe_label(label, labels) for label in labels.label],
        "contexts": [
            {"id": id, "words": CONTEXT_WORDS[id], "cue": CONTEXT_CUES[id]} for id in CONTEXTS
        ],
        "longest": MAX_COMMENT,
    }


def _check(desk: Desk, labels: LabelSet) -> None:
    """Refuse phrases that cannot be shown, by their ids and offsets."""
    seen: set[str] = set()
    for one in desk.phrases:
        where = f"note {desk.note_id}, phrase {one.id!r}"
        if one.id in seen:
            raise ValueError(f"{where}: there are two of this id")
        seen.add(one.id)
        if not 0 <= one.start < one.end <= len(desk.text):
            raise ValueError(
                f"{where}: span {one.start}:{one.end} is empty or runs past the text "
                f"({len(desk.text)} characters)"
            )
        for name, value, allowed in (
            ("kind", one.kind, KINDS),
            ("label", one.label, labels.ids),
            ("context", one.context, CONTEXTS),
            ("answer", one.answer, (None, *ANSWERS)),
        ):
            if value not in allowed:
                words = ", ".join(map(str, allowed))
                raise ValueError(f"{where}: no {name} {value!r}; it must be one of {words}")


def _describe_phrase(phrase: Phrase) -> dict[str, object]:
    """Describe a phrase; its score only orders overlapping ones and is said in words."""
    return {
        **{name: value for name, value in vars(phrase).items() if name != "comment"},
        "comment": phrase.comment or "",
        "match": "" if phrase.score is None else strength(phrase.score),
    }


def _describe_label(label: Label, labels: LabelSet) -> dict[str, object]:
    """Describe a label, with all that helps to tell it from its look-alikes."""
    return {
        "id": label.id,
        "title": label.title,
        "cue": label.cue,
        "light": label.colour.light,
        "dark": label.colour.dark,
        "definition": label.definition,
        "evidence": list(label.evidence),
        "look_alikes": list(label.look_alikes),
        "sources": [
            {"name": name, "items": list(items), "reference": labels.source[name]}
            for name, items in label.sources.items()
        ],
    }


def _pairs(words: Mapping[str, str]) -> list[list[str]]:
    """Give ids with their words in order, which a JSON object need not keep."""
    return [[id, said] for id, said in dict(words).items()]


def _sent(key: str) -> object:
    """Read what the browser last sent, if anything."""
    return (st.session_state.get(key) or {}).get("actions")


def _ignore() -> None:
    """Do nothing; a component knows only the events that have a callback."""
