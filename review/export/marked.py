"""What readings come to, as marked notes for training and for annotation tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Row

from classifier.note import Mark, Note
from review.decisions import Decision, confirmed_marks, mark_of, settle
from review.export.masking import Masker
from review.redact import map_extent
from review.renewal import EARLIER

FACTS = ("person", "received", "team", "handler", "grade", "da_flag", "risk", "closing")
FACTS = (*FACTS, "call_type")
OURS = (*FACTS, "group", "unit", "outcome", "reader")
"""Keys of ``meta`` that we give; a column of the export of that name is called ``export …``."""


@dataclass(frozen=True)
class Marked:
    """A note that was read, as it goes out.

    Parameters
    ----------
    note : Note
        With the marks that its reader stands by.
    n_joined : int
        Marks that became one with another under a mask.
    """

    note: Note
    n_joined: int = 0


def make_marked(
    row: Row,
    rows: list[Decision],
    findings: Mapping[int, Row],
    *,
    reader: str,
    group: str,
    masker: Masker | None = None,
) -> Marked:
    """Make a marked note of one reading.

    Parameters
    ----------
    row : Row
        Of ``note``.
    rows : list of Decision
        All that was said of it.
    findings : mapping of int to Row
        Those that decisions speak of.
    reader : str
        Whose reading counts.
    group : str
        Name of the project.
    masker : Masker, optional
        For a masked export.

    Returns
    -------
    Marked
        Without marks if nothing was confirmed: the note was read all the same.
    """
    reading = settle(rows, note_id=row.id, reader=reader)
    marks = confirmed_marks(reading, {id: mark_of(one) for id, one in findings.items()})
    said = {"group": group, "unit": "note", "outcome": reading.outcome}
    if masker is None:
        facts = {name: getattr(row, name) for name in FACTS}
        kept = {key: value for key, value in row.meta.items() if key != EARLIER}
        others = {f"export {key}" if key in OURS else key: v for key, v in kept.items()}
        return Marked(
            Note(row.name, row.text, marks, _filled({**others, **facts, **said, "reader": reader}))
        )
    redacted = masker.mask(row.text, row)
    moved = {
        Mark(*map_extent(redacted, mark.start, mark.end), mark.label, mark.context)
        for mark in marks
    }
    give = masker.pseudonyms.give
    names = {name: give(name, getattr(row, name)) for name in ("person", "team", "handler")}
    meta = _filled({**said, **names, "reader": give("reader", reader)})
    in_order = sorted(moved, key=lambda mark: (mark.start, mark.end, mark.label, mark.context))
    made = Note(give("note", row.name), redacted.text, tuple(in_order), meta)
    return Marked(made, len(marks) - len(moved))


def _filled(meta: Mapping[str, object]) -> dict[str, object]:
    """Leave out what is empty."""
    return {key: value for key, value in meta.items() if value not in (None, "")}
