"""What a note did with a call, and what could have been asked and recorded; after the trainee."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator
from spacy.language import Language

from classifier.doc import make_docs, make_nlp
from classifier.findings import NOTE_VOICE
from classifier.note import Extent, Note
from classifier.toml_file import read_toml
from review.practice.comparison import EVIDENCE

PROMPT_FILE = Path(__file__).with_name("prompts.toml")

ENDING = 160
"""Characters from which the end of a note's last line is given by its last sentences."""


class Advice(BaseModel):
    """What could have been asked and recorded.

    Parameters
    ----------
    ask : tuple of str
        Open questions that could have come next in such a call.
    record : tuple of str
        What the note could hold.
    instead : tuple of str
        What could stand in place of dismissive words; empty for all other labels.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ask: tuple[str, ...] = Field(min_length=1)
    record: tuple[str, ...] = Field(min_length=1)
    instead: tuple[str, ...] = ()


class LabelAdvice(Advice):
    """What could have been asked and recorded where a note may indicate a label.

    Parameters
    ----------
    ask, record, instead : tuple of str
        As in `Advice`.
    id : str
        Of the label.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")


class Prompts(BaseModel):
    """The prompts of a file.

    Parameters
    ----------
    about : str
        Where they come from and what they do not replace; to be shown with them.
    safety : tuple of str
        What comes first, whatever the label.
    general : Advice
        For labels that the file does not have.
    label : tuple of LabelAdvice
        Ids are unique.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str = Field(min_length=1)
    safety: tuple[str, ...] = Field(min_length=1)
    general: Advice
    label: tuple[LabelAdvice, ...] = ()

    @model_validator(mode="after")
    def _check_unique(self) -> Prompts:
        """Refuse ids used twice."""
        ids = [one.id for one in self.label]
        if twice := sorted({id for id in ids if ids.count(id) > 1}):
            raise ValueError(f"id used twice: {', '.join(twice)}")
        return self

    def __getitem__(self, id: str) -> Advice:
        """Return the advice of a label, or the general one."""
        return next((one for one in self.label if one.id == id), self.general)


def load_prompts(path: str | Path = PROMPT_FILE) -> Prompts:
    """Read a file of prompts.

    Parameters
    ----------
    path : path-like
        A TOML file in the form of ``review/practice/prompts.toml``; the default is that file.

    Returns
    -------
    Prompts
        In file order.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is not TOML or not in the form; the message names every fault.

    Examples
    --------
    >>> prompts = load_prompts()
    >>> prompts["degradation"].ask[1]
    'What do they say or do that makes you feel small?'
    >>> prompts["a label of our own"] == prompts.general
    True
    """
    return read_toml(path, Prompts)


@dataclass(frozen=True)
class Words:
    """Words of a note.

    Parameters
    ----------
    start, end : int
        Characters from 0, end exclusive.
    """

    start: int
    end: int


def what_the_note_did(note: Note) -> list[str | Extent]:
    r"""Tell what was done with a call, as far as the note says.

    Parameters
    ----------
    note : Note
        With the reference marks; ``meta["handled"]`` may hold what is not in the text.

    Returns
    -------
    list of str or Extent
        The reference's phrases of dismissive wording, as marks; then what was done with it, such
        as ``"Closing code: NFA"``. Without either, the end of the note as its own words: the last
        line, or the last sentences of a long one. Nothing for a note without words.

    Examples
    --------
    >>> what_the_note_did(Note("1", "He reads her post.\nAdvice given.", meta={"handled": {}}))
    [Words(start=19, end=32)]
    """
    dismissive = {
        mark for mark in note.marks if mark.label == NOTE_VOICE and mark.context == EVIDENCE
    }
    handled = note.meta.get("handled")
    given = handled if isinstance(handled, Mapping) else {}
    did: list[str | Extent] = [
        *sorted(dismissive, key=lambda mark: (mark.start, mark.end)),
        *(
            f"{_as_title(str(name))}: {value}"
            for name, value in given.items()
            if value not in (None, "")
        ),
    ]
    return did or _ending(note)


def _as_title(name: str) -> str:
    """Turn a name such as ``closing_code`` into words; capitals that it has stay."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _ending(note: Note) -> list[str | Extent]:
    """Give the last line with words, or the last sentences of a long one."""
    end = len(note.text.rstrip())
    if not end:
        return []
    start = max(note.text.rfind(mark, 0, end) for mark in "\r\n") + 1
    line = note.text[start:end]
    starts = [sentence.start_char for sentence in make_docs([line], _nlp())[0].sents]
    first = next((one for one in starts if len(line) - one <= ENDING), starts[-1])
    skipped = len(line[first:]) - len(line[first:].lstrip())
    return [Words(start + first + skipped, end)]


@cache
def _nlp() -> Language:
    """Make the pipeline that finds sentences, once."""
    return make_nlp()
