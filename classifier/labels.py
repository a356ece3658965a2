"""The labels as data: what each may indicate, its look-alikes, its sources, its colours."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from classifier.toml_file import read_toml

LABEL_FILE = Path(__file__).with_name("labels.toml")


class Colour(BaseModel):
    """Background colours of a highlight.

    Parameters
    ----------
    light, dark : str
        ``#rrggbb`` for the light and for the dark theme.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    light: str = Field(pattern=r"^#[0-9a-f]{6}$")
    dark: str = Field(pattern=r"^#[0-9a-f]{6}$")


class Label(BaseModel):
    """One indicator (or the marker of the note's own voice).

    Parameters
    ----------
    id : str
        Lower case with underscores, as used in files.
    title : str
        For people.
    definition : str
        One sentence.
    evidence, look_alikes : tuple of str
        Typical evidence, and what resembles it but is not.
    sources : mapping of str to tuple of str
        Name of the source to the items of it that the label covers.
    colour : Colour
        Backgrounds that keep WCAG AA with black (light) and white (dark) text.
    cue : str
        Two or three capitals shown on the highlight, so that colour never stands alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    definition: str = Field(min_length=1)
    evidence: tuple[str, ...] = ()
    look_alikes: tuple[str, ...] = ()
    sources: dict[str, tuple[str, ...]] = {}
    colour: Colour
    cue: str = Field(pattern=r"^[A-Z]{2,3}$")


class LabelSet(BaseModel):
    """The labels of a label file, in its order.

    Parameters
    ----------
    source : dict of str to str
        Full reference of every source name that labels use.
    label : tuple of Label
        At least one; ids and cues are unique.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: dict[str, str] = {}
    label: tuple[Label, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _check_unique(self) -> LabelSet:
        """Refuse ids or cues used twice and sources nobody described."""
        for name in ("id", "cue"):
            values = [getattr(label, name) for label in self.label]
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                raise ValueError(f"{name} used twice: {', '.join(twice)}")
        unknown = {name for label in self.label for name in label.sources} - set(self.source)
        if unknown:
            raise ValueError(f"sources without a reference: {', '.join(sorted(unknown))}")
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids in file order; the column order of every score matrix."""
        return tuple(label.id for label in self.label)

    def __getitem__(self, id: str) -> Label:
        """Return the label with this id, or say which one was perhaps meant."""
        for label in self.label:
            if label.id == id:
                return label
        close = get_close_matches(id, self.ids, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(self.ids)}"
        raise KeyError(f"no label {id!r}{hint}")


def load_labels(path: str | Path = LABEL_FILE) -> LabelSet:
    """Read a label file.

    Parameters
    ----------
    path : path-like
        A TOML file in the form of ``classifier/labels.toml``; the default is that file.

    Returns
    -------
    LabelSet
        In file order.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is not TOML or not in the form; the message names every fault.
    """
    return read_toml(path, LabelSet)
