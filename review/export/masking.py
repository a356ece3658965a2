"""An export without names: texts masked, references replaced by numbers, other columns dropped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, Row, func, select

from review.redact import CANNOT_PROMISE, FINDERS, Masks, Redacted, redact, report
from review.redact.found import Found
from review.tables import member, note

SHORTEST = 3
"""References of fewer characters are not looked for in texts: "12" would mask every twelve."""

DROPPED = (
    "Ids, persons, cases, handlers, teams and readers are numbered afresh in this file; dates, "
    "all other columns, queue names and keys of rows are left out. The project's name stays.",
    f"References of fewer than {SHORTEST} characters are not looked for in the texts.",
)
"""What a masked export does beside masking texts."""

_TOKEN = re.compile(r"\w[\w/.\-]*\w")


@dataclass
class Pseudonyms:
    """Numbers in the place of names, the same for the same name within one export.

    Parameters
    ----------
    known : dict
        Kind and name to what stands for it.
    """

    known: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    def give(self, kind: str, name: str | None) -> str | None:
        """Give what stands for a name.

        Parameters
        ----------
        kind : str
            Such as ``"person"``.
        name : str or None
            As stored.

        Returns
        -------
        str or None
            Such as ``"person 1"``; None for no name.
        """
        if not name:
            return None
        number = 1 + sum(one == kind for one, _ in self.known)
        return self.known.setdefault((kind, name), f"{kind} {number}")


@dataclass
class Masker:
    """Masks the texts of one export.

    Parameters
    ----------
    references : frozenset of str
        References of all notes in small letters, masked wherever they stand as one word.
    people : tuple of str
        Readers, whose names may stand in comments.
    pseudonyms : Pseudonyms
        Given so far.
    counts : Counter
        Masks by kind so far.
    _cases : dict
        Names numbered so far, by case.
    """

    references: frozenset[str] = field(repr=False)
    people: tuple[str, ...] = field(default=(), repr=False)
    pseudonyms: Pseudonyms = field(default_factory=Pseudonyms, repr=False)
    counts: Counter[str] = field(default_factory=Counter)
    _cases: dict[str, Masks] = field(default_factory=dict, repr=False)

    def mask(self, text: str, note: Row) -> Redacted:
        """Mask a note's text, or a comment on it.

        Parameters
        ----------
        text : str
            As stored.
        note : Row
            Of ``note``.

        Returns
        -------
        Redacted
            Names keep their numbers over the notes of a case.
        """
        own = [one for one in (note.person, note.case_ref, note.handler, note.name) if one]
        names = [one for one in (*own, *self.people) if not re.search(r"[\d_]", one)]
        case = note.case_ref or note.name

        def find_references(text: str) -> Iterator[Found]:
            yield from _find_literals(text, own)
            yield from self._find_tokens(text)

        redacted = redact(
            text,
            using=(*FINDERS, find_references),
            extra_names=names,
            masks=self._cases.get(case),
        )
        self._cases[case] = redacted.masks
        self.counts.update(report([redacted]))
        return redacted

    def sentences(self) -> tuple[str, ...]:
        """Say what was masked and what masking cannot promise.

        Returns
        -------
        tuple of str
            Kinds that were not masked are not named.
        """
        kinds = ", ".join(f"{kind} {n}" for kind, n in self.counts.items())
        return (f"Masked: {kinds or 'nothing'}.", *DROPPED, *CANNOT_PROMISE)

    def _find_tokens(self, text: str) -> Iterator[Found]:
        """Find references of any note that stand as one word."""
        for match in _TOKEN.finditer(text):
            if match[0].casefold() in self.references:
                yield Found(match.start(), match.end(), "reference")


def make_masker(connection: Connection, project_id: int) -> Masker:
    """Make a masker that knows the references of all notes of a project, and its readers.

    Parameters
    ----------
    connection : Connection
        To the store.
    project_id : int
        Of the project.

    Returns
    -------
    Masker
        For texts of this project.
    """
    references: set[str] = set()
    for column in (note.c.name, note.c.person, note.c.case_ref, note.c.handler):
        found = connection.scalars(
            select(func.distinct(column)).where(note.c.project_id == project_id)
        )
        references |= {one.casefold() for one in found if one and is_reference(one)}
    readers = connection.scalars(select(member.c.name).where(member.c.project_id == project_id))
    return Masker(frozenset(references), tuple(readers))


def is_reference(word: str) -> bool:
    """Tell a reference, which is masked wherever it stands, from a name or an ordinary word.

    Parameters
    ----------
    word : str
        A person's, case's, handler's or note's, as exported.

    Returns
    -------
    bool
        If it is long enough, and holds a digit or more than one word.
    """
    return len(word.strip()) >= SHORTEST and bool(re.search(r"\d|\w\W+\w|_", word))


def _find_literals(text: str, words: Iterable[str]) -> Iterator[Found]:
    """Find a note's own references, whatever they are made of."""
    for word in filter(is_reference, words):
        kind = "reference" if re.search(r"\d", word) else "name"
        for match in re.finditer(rf"(?<!\w){re.escape(word.strip())}(?!\w)", text, re.IGNORECASE):
            yield Found(match.start(), match.end(), kind)
