"""Decisions out again: marked notes for training and tools, or the log; rows in and rows out.

`source` reads the store as it stood at one moment, `marked` and `log` say what a note and its rows
become, `masking` takes the names out, `files` puts the file in its place when it is complete.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select

from classifier.note import Note
from review.decisions import Decision
from review.export.files import replacing
from review.export.log import make_log, write_csv, write_json_lines, write_workbook
from review.export.marked import make_marked
from review.export.masking import make_masker
from review.export.source import choose_notes, count, in_chunks, project_name, read_by, snapshot
from review.store import Store
from review.tables import decision, note
from training.corpus import write_corpus
from training.formats import write_marks

__all__ = ["FORMATS", "LOG_FORMATS", "WHICH", "Exported", "export_notes"]

LOG_FORMATS = {
    "decisions.jsonl": write_json_lines,
    "csv": write_csv,
    "xlsx": write_workbook,
}
"""Formats that hold every row of the log."""

MARKED_FORMATS = ("jsonl", "spacy", "prodigy", "doccano", "label-studio")
"""Formats that hold notes with the marks of one settled reading each."""

FORMATS = (*MARKED_FORMATS, *LOG_FORMATS)
"""What ``format`` may be."""

WHICH = ("read", "all")

UNREAD = "not read to the end"
SILENT = "nothing decided on them"
OTHERS = "by other readers"
UNSETTLED = "of readings that are not the settled one"
OF_UNREAD = "on notes not read to the end"


@dataclass(frozen=True)
class Exported:
    """What an export took in and gave out; the counts always add up.

    Parameters
    ----------
    n_notes_in, n_notes_out : int
        Notes of the project or queue, and those in the file.
    n_left_out : mapping of str to int
        Notes that are not in the file, by reason.
    n_decisions_in, n_decisions_out : int
        Rows of the log on these notes, and those in the file; of marked notes, the rows that the
        exported readings are made of.
    n_decisions_left_out : mapping of str to int
        Rows that are not, by reason.
    n_marks : int
        Marks in the file; in the log, rows that add a mark.
    n_joined : int
        Marks that fell together with another under one mask.
    sentences : tuple of str
        The same in words, with what masking cannot promise.

    Raises
    ------
    ValueError
        If the counts do not add up.
    """

    n_notes_in: int
    n_notes_out: int
    n_left_out: Mapping[str, int]
    n_decisions_in: int
    n_decisions_out: int
    n_decisions_left_out: Mapping[str, int]
    n_marks: int
    n_joined: int = 0
    sentences: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        for name, n_in, n_out, left in (
            ("notes", self.n_notes_in, self.n_notes_out, self.n_left_out),
            ("decisions", self.n_decisions_in, self.n_decisions_out, self.n_decisions_left_out),
        ):
            if n_in != n_out + sum(left.values()):
                raise ValueError(
                    f"export does not add up: {n_in} {name} in, {n_out} out, "
                    f"{sum(left.values())} left out; nothing was written"
                )


def export_notes(
    store: Store,
    project_id: int,
    path: str | Path,
    *,
    format: str,
    which: str = "read",
    redacted: bool = False,
    queue_id: int | None = None,
    reader: str | None = None,
) -> Exported:
    """Write what was decided to a file, for this user alone, complete or not at all.

    ``jsonl`` is what ``unheard train --data`` reads; ``spacy``, ``prodigy``, ``doccano`` and
    ``label-studio`` are for these tools. They hold notes that were read to the end, each with the
    marks of its final reading, else of the one finished first; with none if nothing was confirmed.
    Unread notes never go in: unmarked, they would look like notes without evidence.
    ``decisions.jsonl``, ``csv`` and ``xlsx`` hold the log, row by row, undone rows too.

    Parameters
    ----------
    store : Store
        Open.
    project_id : int
        Of the project.
    path : path-like
        Where to; its folder must be there. An existing file is replaced.
    format : str
        One of ``FORMATS``.
    which : str
        ``"read"`` for notes that were read to the end; ``"all"`` adds to the log what was said
        of others.
    redacted : bool
        Whether to mask texts and number persons, handlers, readers and notes afresh.
    queue_id : int, optional
        Only notes of this queue.
    reader : str, optional
        Only what this reader said.

    Returns
    -------
    Exported
        What went in and out.

    Raises
    ------
    FileNotFoundError
        If the folder is missing.
    ValueError
        If there is no such format, project or queue, or the counts do not add up; no file is
        left then.
    """
    if format not in FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, got {format!r}")
    if which not in WHICH:
        raise ValueError(f"which must be one of {', '.join(WHICH)}, got {which!r}")
    with snapshot(store) as connection, replacing(Path(path)) as part:
        job = _Job(connection, project_id, which, queue_id, reader, redacted)
        if format in LOG_FORMATS:
            LOG_FORMATS[format](job.log_rows(), part, job.sentences())
        elif format == "jsonl":
            write_corpus(job.marked_notes(), part)
        else:
            write_marks(job.marked_notes(), part, format)
        return job.exported()


class _Job:
    """One export: what goes in, counted as it goes out."""

    def __init__(self, connection: Connection, project_id, which, queue_id, reader, redacted):
        self.connection, self.which, self.reader = connection, which, reader
        self.group = project_name(connection, project_id)
        chosen = choose_notes(connection, project_id, queue_id)
        self.ids = connection.scalars(chosen.order_by(note.c.id)).all()
        self.settled = read_by(connection, project_id, reader)
        self.n_notes_in = count(connection, chosen)
        said = select(decision.c.id).where(decision.c.note_id.in_(chosen))
        self.n_decisions_in = count(connection, said)
        self.masker = make_masker(connection, project_id) if redacted else None
        self.left: Counter[str] = Counter()
        self.rows_left: Counter[str] = Counter()
        self.n_notes = self.n_rows = self.n_marks = self.n_joined = 0

    def marked_notes(self) -> Iterator[Note]:
        """Make the notes, counting."""
        for rows, said, findings in in_chunks(self.connection, self.ids):
            for row in rows:
                by = self.settled.get(row.id)
                if by is None:
                    self.left[UNREAD] += 1
                    self.rows_left[OF_UNREAD] += len(said[row.id])
                    continue
                own = sum(one.reader == by for one in said[row.id])
                others = UNSETTLED if self.reader is None else OTHERS
                self.rows_left[others] += len(said[row.id]) - own
                made = make_marked(
                    row, said[row.id], findings, reader=by, group=self.group, masker=self.masker
                )
                self.n_notes, self.n_rows = self.n_notes + 1, self.n_rows + own
                self.n_marks += len(made.note.marks)
                self.n_joined += made.n_joined
                yield made.note

    def log_rows(self) -> Iterator[dict[str, object]]:
        """Make the rows of the log, counting."""
        for rows, said, findings in in_chunks(self.connection, self.ids):
            for row in rows:
                decided = said[row.id]
                if self.which == "read" and row.id not in self.settled:
                    self.left[UNREAD] += 1
                    self.rows_left[OF_UNREAD] += len(decided)
                    continue
                n_own = sum(map(self._is_wanted, decided))
                self.rows_left[OTHERS] += len(decided) - n_own
                if not n_own:
                    self.left[SILENT] += 1
                    continue
                self.n_notes += 1
                for made in make_log(
                    row, decided, findings, wanted=self._is_wanted, masker=self.masker
                ):
                    self.n_rows += 1
                    self.n_marks += made["kind"] == "mark"
                    yield made

    def _is_wanted(self, row: Decision) -> bool:
        """Tell whether a row is of the reader asked for."""
        return self.reader is None or row.reader == self.reader

    def sentences(self) -> Iterator[str]:
        """Say what went in and out, once all is written."""
        yield _reconcile("Notes", self.n_notes_in, self.n_notes, self.left)
        yield _reconcile("Decisions", self.n_decisions_in, self.n_rows, self.rows_left)
        joined = f"; {self.n_joined} more fell together under masks" if self.n_joined else ""
        yield f"Marks: {self.n_marks}{joined}."
        if self.masker is not None:
            yield from self.masker.sentences()

    def exported(self) -> Exported:
        """Give the counts, which must add up."""
        return Exported(
            self.n_notes_in,
            self.n_notes,
            _filled(self.left),
            self.n_decisions_in,
            self.n_rows,
            _filled(self.rows_left),
            self.n_marks,
            self.n_joined,
            tuple(self.sentences()),
        )


def _reconcile(what: str, n_in: int, n_out: int, left: Mapping[str, int]) -> str:
    """Say rows in and rows out."""
    reasons = "".join(f", {n} {reason}" for reason, n in _filled(left).items())
    n_left = sum(left.values())
    return (
        f"{what}: {n_in} in, {n_out} out, {n_left} left out{f' ({reasons[2:]})' if n_left else ''}."
    )


def _filled(counts: Mapping[str, int]) -> dict[str, int]:
    """Leave out reasons that nothing was left out for."""
    return {reason: n for reason, n in counts.items() if n}
