"""A project's reviewed notes to practise on, with names and numbers masked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sqlalchemy import Row, select

from classifier.note import Mark, Note
from review.decisions import OUTCOMES, Decision, confirmed_marks, mark_of, settle
from review.export.masking import Masker, make_masker
from review.export.source import in_chunks, project_name, read_by, snapshot
from review.practice.material import describe
from review.redact import Redacted, map_extent, redact
from review.redact.found import Found
from review.settled import NOT_GIVEN, month_of
from review.store import Store
from review.tables import project

HAND_MASK = "reference"
"""The kind of mask that stands for words a trainer masks by hand."""


def read_project_notes(store: Store, project_id: int, *, kind: str = "not_told") -> list[Note]:
    """Read the finished notes of a project, with names and numbers masked.

    The reference of a note is its settled reading: what the reader confirmed. Notes of which that
    reader is unsure are left out. Beside the text, only month, type and grade are shown, and
    afterwards what became of the note; no handler, person, team or number goes along. Masking
    misses some of what names a person (``review.redact.CANNOT_PROMISE``): a person must read each
    note before it is used.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the project.
    kind : str
        Of ``SETTING_KINDS``, where the project's notes were taken.

    Returns
    -------
    list of Note
        In order of the store; ``meta`` as in `read_synthetic`, ``source`` without the note's
        number. Notes of a demonstration project count as invented.

    Raises
    ------
    ValueError
        If there is no such project.
    """
    with snapshot(store) as connection:
        project_name(connection, project_id)
        is_demo = connection.scalar(select(project.c.is_demo).where(project.c.id == project_id))
        readers = read_by(connection, project_id, None)
        masker = make_masker(connection, project_id)
        given = {"setting": "", "setting_kind": kind, "is_synthetic": bool(is_demo)}
        made = []
        for rows, said, findings in in_chunks(connection, sorted(readers)):
            for row in rows:
                marks = _reference(row, said[row.id], findings, readers[row.id])
                if marks is not None:
                    made.append(describe(_mask_note(row, marks, masker, given)))
    return made


def _reference(
    row: Row, rows: list[Decision], findings: Mapping[int, Row], reader: str
) -> tuple[tuple[Mark, ...], str] | None:
    """Give what a reader confirmed, and the outcome; None if the reader was unsure."""
    reading = settle(rows, note_id=row.id, reader=reader)
    if any(one.answer == "unsure" for one in reading.answers.values()):
        return None
    marks = confirmed_marks(reading, {id: mark_of(one) for id, one in findings.items()})
    return marks, OUTCOMES.get(reading.outcome or "", "")


def _mask_note(
    row: Row, reference: tuple[tuple[Mark, ...], str], masker: Masker, given: Mapping[str, object]
) -> Note:
    """Make a note for practice of a row of the store."""
    marks, outcome = reference
    redacted = masker.mask(row.text, row)
    month = month_of(row.received)
    facts = {
        "received": "" if month == NOT_GIVEN else month,
        "type": row.call_type,
        "grade": row.grade,
    }
    handled = {
        "closing code": row.closing,
        "domestic-abuse flag": row.da_flag,
        "risk grade": row.risk,
        "outcome": outcome,
    }
    case = masker.pseudonyms.give("case", row.case_ref)
    meta = {
        **given,
        "source": f"project {row.project_id}, note {row.id}",
        "case": case and f"project {row.project_id}, {case}",
        "facts": _mask_facts(facts, row, masker),
        "handled": _mask_facts(handled, row, masker),
    }
    return Note(f"note {row.id}", redacted.text, _move(redacted, marks), meta)


def _mask_facts(facts: Mapping[str, str | None], row: Row, masker: Masker) -> dict[str, str]:
    """Mask names in facts, and leave out those that are empty."""
    return {name: masker.mask(value, row).text for name, value in facts.items() if value}


def _move(redacted: Redacted, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Put marks where their words are after masking."""
    moved = {
        Mark(*map_extent(redacted, one.start, one.end), one.label, one.context) for one in marks
    }
    return tuple(sorted(moved, key=lambda one: (one.start, one.end, one.label, one.context)))


def mask_words(given: Note, words: Iterable[str]) -> Note:
    """Mask further words that a person found in a masked note.

    Parameters
    ----------
    given : Note
        From `read_project_notes`.
    words : iterable of str
        Masked wherever they stand as whole words, whatever the case.

    Returns
    -------
    Note
        With its marks moved; unaltered if none of the words is in it.

    Examples
    --------
    >>> mask_words(Note("1", "Seen at the Feathers."), ["feathers"]).text
    'Seen at the [reference].'
    """
    wanted = [re.escape(one.strip()) for one in words if one.strip()]
    if not wanted:
        return given
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)", re.IGNORECASE)

    def find(text: str) -> Iterator[Found]:
        for match in pattern.finditer(text):
            yield Found(match.start(), match.end(), HAND_MASK)

    redacted = redact(given.text, using=(find,))
    facts = {
        name: {key: redact(str(value), using=(find,)).text for key, value in known.items()}
        for name in ("facts", "handled")
        if isinstance(known := given.meta.get(name), Mapping)
    }
    marks = _move(redacted, given.marks)
    return replace(given, text=redacted.text, marks=marks, meta={**given.meta, **facts})
