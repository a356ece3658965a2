"""Results of an exercise without names: what became of each reference phrase, by attempt."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from random import Random, SystemRandom

import xlsxwriter

from classifier.cells import safe_row
from classifier.labels import LabelSet
from classifier.note import Mark
from classifier.writing.cells import write_text
from classifier.writing.workbook import OPTIONS
from review.adjudication import Pair
from review.decisions import Reading
from review.practice.attempts import Attempt, list_attempts, read_attempts
from review.practice.comparison import EVIDENCE, pair_marks
from review.practice.exercises import ExerciseNote, read_exercise, read_notes
from review.practice.reasons import title_of
from review.practice.sessions import read_session
from review.store import Store

COLUMNS = (
    *("attempt", "note", "row", "start", "end", "label", "title", "context"),
    *("result", "given_label", "given_title", "given_context"),
)
"""Columns of a row. ``row`` is one of ``ROWS``, ``result`` one of ``RESULTS``; ``label`` and
``context`` are the reference's, the given ones the trainee's."""

PHRASE, MARK, NOTE = ROWS = ("phrase", "mark", "note")
"""A reference phrase under one label; a trainee's mark that stands alone; a note without either."""

RESULTS = {
    "agreed": "agreed",
    "extent": "agreed, other extent",
    "label": "other label",
    "context": "other context",
    "missed": "missed",
    "left": "look-alike, left unmarked",
    "over": "over-marked",
    "set_aside": "set aside by the trainee as a look-alike",
    "nothing": "no mark on either side",
    "unfinished": "not finished",
}
"""What became of a phrase, a mark or a note; after ``comparison.KIND_WORDS``."""

FEW = 5
"""Attempts below which results say that few took part, for somebody may be known by them."""

SAYS = (
    "Results for training. They are no grades, rank nobody and say nothing of how anybody works: "
    "the notes are few, the reference is one or two people's reading, and others may read it "
    "otherwise with good reason.",
    "Nothing here says whether abuse took place.",
    "Without names: attempts are numbered in random order, anew in every file, so that files "
    "cannot be joined. Somebody who sat beside a trainee may still know a line.",
    "One person may have made more than one attempt.",
    "What was done after the reference marks were revealed to a group is left out.",
)
"""Stands with the results wherever they are shown."""

SUMMARY_COLUMNS = (
    *("label", "title", "phrases", "agreed", "other_label", "other_context", "missed"),
    *("look_alikes", "taken_as_evidence", "not_taken", "over_marked"),
)
"""Columns of `summarise_results`: ``phrases`` is agreed, other_label, other_context and missed
together; ``look_alikes`` is taken_as_evidence and not_taken; ``over_marked`` is beside both."""


def make_results(
    store: Store,
    exercise_id: int,
    labels: LabelSet,
    *,
    session_id: int | None = None,
    random: Random | None = None,
) -> list[dict[str, object]]:
    """Give what became of every reference phrase in every attempt.

    A finished note has a row for each reference mark and each mark of the trainee that stands
    alone, or a single one if there is neither; a note that is not finished has a single row.
    So every mark of either side is in exactly one row.

    Parameters
    ----------
    store : Store
        Open.
    exercise_id : int
        Of the exercise.
    labels : LabelSet
        Titles; a label that it does not have is called by its id.
    session_id : int, optional
        Only the attempts of this group.
    random : Random, optional
        Puts attempts in an order; that of the operating system if not given.

    Returns
    -------
    list of dict
        Keys ``COLUMNS``, by attempt and note, then in reading order; None where a column does not
        apply. No alias, code, time, comment or word of a note.

    Raises
    ------
    ValueError
        If there is no such exercise or group.
    """
    read_exercise(store, exercise_id)
    if session_id is not None:
        read_session(store, session_id)
    notes = read_notes(store, exercise_id)
    attempts = list_attempts(store, exercise_id, session_id=session_id)
    readings = _read(store, attempts)
    (random or SystemRandom()).shuffle(attempts)
    return [
        {"attempt": at, "note": one.place, **row}
        for at, attempt in enumerate(attempts, start=1)
        for one in notes
        for row in _rows(one, readings[attempt.id].get(one.id), labels)
    ]


def _read(store: Store, attempts: Sequence[Attempt]) -> dict[int, dict[int, Reading]]:
    """Read attempts group by group: what came after a reveal is not a trainee's own."""
    found: dict[int, dict[int, Reading]] = {}
    for session_id in {one.session_id for one in attempts}:
        own = [one for one in attempts if one.session_id == session_id]
        found |= read_attempts(store, own, until=_revealed(store, session_id))
    return found


def _revealed(store: Store, session_id: int | None) -> dict[int, str] | None:
    """Give, for the notes whose marks a group has seen, since when."""
    if session_id is None:
        return None
    session = read_session(store, session_id)
    return session.revealed_among(one.id for one in read_notes(store, session.exercise_id))


def _rows(
    one: ExerciseNote, reading: Reading | None, labels: LabelSet
) -> Iterator[dict[str, object]]:
    """Give the rows of one note of one attempt."""
    if reading is None or not reading.is_done:
        yield _row(NOTE, "unfinished", None, None, labels)
        return
    pairs = pair_marks(one.note, [added.mark for added in reading.marks])
    for pair in pairs:
        kind = PHRASE if pair.first else MARK
        yield _row(kind, _result(pair), pair.first, pair.second, labels)
    if not pairs:
        yield _row(NOTE, "nothing", None, None, labels)


def _result(pair: Pair) -> str:
    """Name what became of a pair; a look-alike on one side only says on which."""
    if pair.kind == "look_alike":
        return "left" if pair.first else "set_aside"
    return pair.kind


def _row(
    kind: str, result: str, reference: Mark | None, given: Mark | None, labels: LabelSet
) -> dict[str, object]:
    """Put a row together."""
    place = reference or given
    return {
        "row": kind,
        "start": place and place.start,
        "end": place and place.end,
        "label": reference and reference.label,
        "title": reference and title_of(labels, reference.label),
        "context": reference and reference.context,
        "result": RESULTS[result],
        "given_label": given and given.label,
        "given_title": given and title_of(labels, given.label),
        "given_context": given and given.context,
    }


def summarise_results(rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Count by label what became of the reference phrases, and what was over-marked.

    Parameters
    ----------
    rows : iterable of mapping
        From `make_results`.

    Returns
    -------
    list of dict
        Keys ``SUMMARY_COLUMNS``, by title. Counts, no rates: a phrase counts once for each
        attempt that finished its note, and phrases of one attempt are not independent.
    """
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        if row["row"] == NOTE or row["result"] == RESULTS["set_aside"]:
            continue
        side = "" if row["row"] == PHRASE else "given_"
        key = (str(row[f"{side}title"]), str(row[f"{side}label"]))
        counts.setdefault(key, Counter()).update(_counted(row))
    return [
        {"label": label, "title": title, **{name: found[name] for name in SUMMARY_COLUMNS[2:]}}
        for (title, label), found in sorted(counts.items())
    ]


def _counted(row: Mapping[str, object]) -> tuple[str, ...]:
    """Say in which columns of the summary a row counts."""
    if row["row"] == MARK:
        return ("over_marked",)
    if row["context"] != EVIDENCE:
        is_taken = row["given_context"] == EVIDENCE
        return ("look_alikes", "taken_as_evidence" if is_taken else "not_taken")
    return ("phrases", _SUMMARY[str(row["result"])])


_SUMMARY = {
    RESULTS["agreed"]: "agreed",
    RESULTS["extent"]: "agreed",
    RESULTS["label"]: "other_label",
    RESULTS["context"]: "other_context",
    RESULTS["missed"]: "missed",
}


def say_results(rows: Iterable[Mapping[str, object]]) -> list[str]:
    """Say what results rest on, and what they do not show.

    Parameters
    ----------
    rows : iterable of mapping
        From `make_results`.

    Returns
    -------
    list of str
        Sentences to be shown with them, the most needed first.
    """
    rows = list(rows)
    all_notes = {(row["attempt"], row["note"]) for row in rows}
    unfinished = {
        (row["attempt"], row["note"]) for row in rows if row["result"] == RESULTS["unfinished"]
    }
    finished = all_notes - unfinished
    n_attempts = len({attempt for attempt, _ in finished})
    said = [
        f"Attempts: {len({attempt for attempt, _ in all_notes})}, of which {n_attempts} finished "
        f"a note. Notes finished, in all attempts: {len(finished)}; not finished, and without "
        f"results: {len(unfinished)}."
    ]
    if n_attempts < FEW:
        said.append(
            f"Few took part: fewer than {FEW} attempts finished a note. Somebody may be known by "
            "these lines. Nothing is left out; think before you pass them on, and ask those who "
            "took part."
        )
    return [*said, *SAYS]


def results_csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Write results as CSV for spreadsheets; no cell is run as a formula.

    Parameters
    ----------
    rows : sequence of mapping
        From `make_results`.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, one line a row below the names of the columns.
    """
    out = StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for row in rows:
        cells = (row[name] for name in COLUMNS)
        lines.writerow(safe_row(cells))
    return out.getvalue().encode("utf-8-sig")


def results_xlsx(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Write results as an Excel workbook with sheets Results, By label and About.

    Parameters
    ----------
    rows : sequence of mapping
        From `make_results`.

    Returns
    -------
    bytes
        Of the file; text stays text.
    """
    out = BytesIO()
    with xlsxwriter.Workbook(out, {**OPTIONS, "constant_memory": False, "in_memory": True}) as book:
        bold, plain = book.add_format({"bold": True}), book.add_format({"valign": "top"})
        for name, columns, table in (
            ("Results", COLUMNS, rows),
            ("By label", SUMMARY_COLUMNS, summarise_results(rows)),
        ):
            sheet = book.add_worksheet(name)
            for at, column in enumerate(columns):
                write_text(sheet, 0, at, column, bold)
            for number, row in enumerate(table, start=1):
                for at, column in enumerate(columns):
                    _write_cell(sheet, number, at, row[column], plain)
            sheet.freeze_panes(1, 2)
            sheet.autofilter(0, 0, max(1, len(table)), len(columns) - 1)
        about = book.add_worksheet("About")
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        about.set_column(0, 0, 100)
        for at, sentence in enumerate(say_results(rows)):
            write_text(about, at, 0, sentence, wrapped)
    return out.getvalue()


def _write_cell(sheet, row: int, column: int, value: object, format) -> None:
    """Write a number or text."""
    if isinstance(value, int):
        sheet.write_number(row, column, value, format)
    elif value is not None:
        write_text(sheet, row, column, str(value), format)
