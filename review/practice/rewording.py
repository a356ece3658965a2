"""A note in a trainer's own words, with its marks inline, and whether its evidence stayed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from classifier.labels import LabelSet
from classifier.note import Note
from classifier.wording import CONTEXT_WORDS
from review.practice.material import describe, source_of
from review.practice.variants import title_of
from training.inline import parse_inline

REWORDED = ", reworded"
"""Ends the source of a note that a trainer has reworded."""


@dataclass(frozen=True)
class Reworded:
    """A note in a trainer's own words, and what that did to its evidence.

    Parameters
    ----------
    note : Note
        As reworded.
    missing, added : mapping of (str, str) to int
        Label and context to how many phrases fewer or more there are.
    """

    note: Note = field(repr=False)
    missing: Mapping[tuple[str, str], int] = field(default_factory=dict)
    added: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def is_same(self) -> bool:
        """Whether the same labels mark as many phrases, in the same contexts."""
        return not self.missing and not self.added


def reword(note: Note, marked: str, labels: LabelSet) -> Reworded:
    """Take a note that was reworded with inline marks.

    Parameters
    ----------
    note : Note
        As it was.
    marked : str
        As `training.inline.to_inline` wrote it, with other words.
    labels : LabelSet
        Labels that may be used.

    Returns
    -------
    Reworded
        With what changed; its ``source`` says that it was reworded.

    Raises
    ------
    ValueError
        If brackets or labels are wrong, or no text is left; it quotes no words of the note.
    """
    text, marks = parse_inline(marked)
    if not text.strip():
        raise ValueError("no text is left; write the note in other words")
    if unknown := sorted({one.label for one in marks} - set(labels.ids)):
        raise ValueError(f"no label {unknown[0]!r}; it must be one of {', '.join(labels.ids)}")
    before, after = (
        Counter((one.label, one.context) for one in each) for each in (note.marks, marks)
    )
    source = source_of(note)
    source = source if source.endswith(REWORDED) else f"{source}{REWORDED}"
    made = replace(note, text=text, marks=marks, meta={**note.meta, "source": source})
    return Reworded(describe(made), before - after, after - before)


def say_changes(reworded: Reworded, labels: LabelSet) -> list[str]:
    """Say in words which phrases a reworded note has lost or won.

    Parameters
    ----------
    reworded : Reworded
        From `reword`.
    labels : LabelSet
        Titles.

    Returns
    -------
    list of str
        Empty if its evidence is the same.
    """
    return [
        f"{count} phrase{'s' * (count != 1)} {words}: {title_of(label, labels)}, "
        f"{CONTEXT_WORDS[context]}"
        for words, counts in (("fewer", reworded.missing), ("more", reworded.added))
        for (label, context), count in sorted(counts.items())
    ]
