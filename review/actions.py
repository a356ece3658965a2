"""What a person does at the desk, as data that came from a browser: checked before it is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from classifier.labels import LabelSet

NEEDED: dict[str, tuple[str, ...]] = {
    "answer": ("phrase",),
    "change": ("phrase", "start", "end", "label", "context"),
    "mark": ("start", "end", "label", "context"),
    "remove": ("phrase",),
    "outcome": (),
    "comment": ("comment",),
    "flag": (),
    "undo": (),
    "done": (),
    "go": ("to",),
}
"""Kinds of action, and the fields that each must have."""

ALLOWED: dict[str, tuple[str, ...]] = {
    "answer": ("answer", "reason", "comment"),
    "change": ("comment",),
    "outcome": ("outcome",),
    "flag": ("to",),
}
"""Fields that a kind of action may have besides."""

STEPS = ("next", "previous")
"""Where ``"go"`` may go."""

MAX_COMMENT = 10_000
"""Characters of a comment; as many as ten pages of a call log need, and no more."""

MAX_ID = 400
"""Characters of an id or a name; the length of those columns in the store."""

_OWN = ("key", "note", "kind")
_KEY = re.compile(r"[0-9A-Za-z-]{1,64}")


class Action(BaseModel):
    """One thing that a person did.

    Parameters
    ----------
    key : str
        Made in the browser; who stores the same key twice stores it once.
    note : int
        The note it was done to, whichever is shown by now.
    kind : str
        ``"answer"`` states the whole answer to a phrase: answer (None takes it back), reason and
        comment. ``"change"`` states label, context and extent of a phrase as they now are, and
        the comment if it is a mark. ``"mark"`` adds a phrase, whose id is the key of the action.
        ``"remove"`` takes a mark of one's own away. ``"outcome"`` and ``"comment"`` are the
        note's, ``"flag"`` hands it to a colleague. ``"undo"`` undoes the last of all these,
        ``"done"`` finishes the note, ``"go"`` leaves it unfinished.
    phrase : str, optional
        Id of a finding or mark.
    answer : str, optional
        ``"accept"``, ``"dismiss"`` or ``"unsure"``.
    start, end : int, optional
        Characters of the note's text from 0, end exclusive.
    label, context : str, optional
        Of a mark or change.
    reason, outcome : str, optional
        Ids of those that the desk was given.
    comment : str, optional
        A person's own words; empty takes a comment away.
    to : str, optional
        A colleague, or None to take the flag back; for ``"go"`` one of ``STEPS``.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)

    key: str = Field(pattern=rf"^{_KEY.pattern}$")
    note: int
    kind: Literal[
        *("answer", "change", "mark", "remove", "outcome", "comment", "flag"),
        *("undo", "done", "go"),
    ]
    phrase: str | None = Field(None, min_length=1, max_length=MAX_ID)
    answer: Literal["accept", "dismiss", "unsure"] | None = None
    start: int | None = Field(None, ge=0)
    end: int | None = Field(None, ge=1)
    label: str | None = Field(None, max_length=MAX_ID)
    context: Literal["affirmed", "negated", "hypothetical", "other"] | None = None
    reason: str | None = Field(None, max_length=MAX_ID)
    outcome: str | None = Field(None, max_length=MAX_ID)
    comment: str | None = Field(None, max_length=MAX_COMMENT, repr=False)
    to: str | None = Field(None, max_length=MAX_ID)

    @model_validator(mode="after")
    def _check_fields(self) -> Action:
        """Refuse fields that the kind needs and lacks, or has and should not."""
        needed, allowed = NEEDED[self.kind], ALLOWED.get(self.kind, ())
        given = [name for name, value in self if name not in _OWN and value is not None]
        lacking = [name for name in needed if name not in given]
        if lacking:
            raise ValueError(f"kind {self.kind!r} needs {', '.join(lacking)}")
        idle = [name for name in given if name not in (*needed, *allowed)]
        if idle:
            raise ValueError(f"kind {self.kind!r} has no {', '.join(idle)}")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError("end must be greater than start; the end is exclusive")
        if self.kind == "go" and self.to not in STEPS:
            raise ValueError("to must be 'next' or 'previous'")
        return self


def read_actions(given: object, labels: LabelSet) -> tuple[tuple[Action, ...], dict[str, str]]:
    """Check what came from a browser, one action at a time.

    Parameters
    ----------
    given : object
        The list that the desk sent, or None if it has sent nothing yet.
    labels : LabelSet
        Labels that a phrase may have.

    Returns
    -------
    tuple of Action
        The sound ones, in their order, each key once.
    dict of str to str
        For the key of each other one (``""`` if it has none), which field is wrong and how.
        Never a word of a comment or note.

    Examples
    --------
    >>> from classifier.labels import load_labels
    >>> read_actions([{"key": "k-1", "note": 7, "kind": "go", "to": "back"}], load_labels())
    ((), {'k-1': "to must be 'next' or 'previous'"})
    """
    if given is None:
        return (), {}
    if not isinstance(given, list):
        return (), {"": f"actions must be a list, got {type(given).__name__}"}
    sound: dict[str, Action] = {}
    refused: dict[str, str] = {}
    for one in given:
        try:
            action = Action.model_validate(one)
            _check_label(action, labels)
        except ValueError as error:
            refused[_key_of(one)] = _say(error)
        else:
            sound.setdefault(action.key, action)
    return tuple(sound.values()), refused


def _check_label(action: Action, labels: LabelSet) -> None:
    """Refuse a label that is not in the set."""
    if action.label is not None and action.label not in labels.ids:
        raise ValueError("label is not in the label set; load the page again")


def _key_of(given: object) -> str:
    """Find out by which key to speak of something that is no sound action."""
    key = given.get("key") if isinstance(given, Mapping) else None
    return key if isinstance(key, str) and _KEY.fullmatch(key) else ""


def _say(error: ValueError) -> str:
    """Name the fields at fault and what is allowed, never what was given."""
    if not isinstance(error, ValidationError):
        return str(error)
    faults = error.errors(include_input=False, include_context=False, include_url=False)
    return "; ".join(map(_say_fault, faults))


def _say_fault(fault: Mapping) -> str:
    """Say one fault as pydantic found it."""
    if fault["type"] == "extra_forbidden":
        return "a field is not known"
    words = fault["msg"].removeprefix("Value error, ")
    return ": ".join([*map(str, fault["loc"]), words])
