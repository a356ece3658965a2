"""Results without names: every mark in one row, counts that add up, nothing of a person."""

import csv
import io
from collections import Counter
from random import Random

import openpyxl
import pytest

from classifier.labels import load_labels
from classifier.note import Mark, Note
from review.decision_log import record
from review.decisions import Decision
from review.practice.attempts import join_session, start_attempt
from review.practice.exercises import create_exercise, read_notes
from review.practice.results import (
    COLUMNS,
    FEW,
    RESULTS,
    SAYS,
    SUMMARY_COLUMNS,
    make_results,
    results_csv,
    results_xlsx,
    say_results,
    summarise_results,
)
from review.practice.sessions import open_session, reveal

LABELS = load_labels()
TEXT = "He checks her phone and takes her wages. No threats made. Music was loud."
PHONE, WAGES = Mark(3, 19, "monitoring"), Mark(24, 39, "economic_abuse")
NO_THREATS = Mark(41, 56, "threats", "negated")
CODES = ("amber-otter-sage-417", "wren-pine-mint-200", "sage-amber-wren-333")


@pytest.fixture
def exercise(store):
    notes = [
        Note("a", TEXT, (PHONE, WAGES, NO_THREATS)),
        Note("b", "Noise complaint, music off.", ()),
    ]
    return create_exercise(store, "Two notes", notes, by="Tess")


def do(store, attempt, note_id, *marks, is_done=True):
    parts = {"project_id": attempt.exercise_id, "note_id": note_id, "reader": attempt.reader}
    rows = [
        Decision(
            kind="mark", start=one.start, end=one.end, label=one.label, context=one.context,
            comment="SECRET", **parts,
        )
        for one in marks
    ]  # fmt: skip
    record(store, [*rows, Decision(kind="done", **parts)] if is_done else rows)


@pytest.fixture
def room(store, exercise):
    """Two who finish both notes, one who finishes one, one who only begins."""
    first, second = (one.id for one in read_notes(store, exercise.id))
    attempts = [start_attempt(store, exercise.id, CODES[0], alias="ALIAS") for _ in range(4)]
    one, two, three, four = attempts
    loud = Mark(58, 63, "intimidation")
    do(store, one, first, PHONE, WAGES, NO_THREATS, loud)
    do(store, one, second)
    do(store, two, first, Mark(3, 9, "monitoring"), Mark(41, 56, "threats"))
    do(store, two, second, Mark(0, 5, "threats", "other"))
    do(store, three, first, Mark(3, 19, "isolation"), Mark(24, 39, "economic_abuse", "negated"))
    do(store, four, first, PHONE, is_done=False)
    return attempts


def by_place(rows):
    """Give what became of each place in each note, whoever it was."""
    return sorted(
        (row["note"], row["start"] or 0, row["label"] or "", row["result"]) for row in rows
    )


def test_each_reference_phrase_and_each_mark_alone_has_a_row(store, exercise, room):
    rows = make_results(store, exercise.id, LABELS)
    assert by_place(rows) == sorted(
        [
            (1, 3, "monitoring", "agreed"),
            (1, 24, "economic_abuse", "agreed"),
            (1, 41, "threats", "agreed"),
            (1, 58, "", "over-marked"),
            (2, 0, "", "no mark on either side"),
            (1, 3, "monitoring", "agreed, other extent"),
            (1, 24, "economic_abuse", "missed"),
            (1, 41, "threats", "other context"),
            (2, 0, "", "set aside by the trainee as a look-alike"),
            (1, 3, "monitoring", "other label"),
            (1, 24, "economic_abuse", "other context"),
            (1, 41, "threats", "look-alike, left unmarked"),
            (2, 0, "", "not finished"),
            (1, 0, "", "not finished"),
            (2, 0, "", "not finished"),
        ]
    )
    assert all(tuple(row) == ("attempt", "note", *COLUMNS[2:]) for row in rows)


def test_rows_reconcile_with_the_marks_of_either_side(store, exercise, room):
    rows = make_results(store, exercise.id, LABELS)
    notes = {(row["attempt"], row["note"]) for row in rows}
    assert len(notes) == 4 * 2
    n_finished = len(notes) - sum(row["result"] == RESULTS["unfinished"] for row in rows)
    assert n_finished == 5
    assert sum(row["row"] == "phrase" for row in rows) == 3 * 3  # three finished the first note
    assert sum(row["given_label"] is not None for row in rows) == 4 + 2 + 1 + 2
    alone = [row for row in rows if row["row"] == "note"]
    assert Counter(row["result"] for row in alone) == {
        RESULTS["nothing"]: 1,
        RESULTS["unfinished"]: 3,
    }


def test_the_summary_adds_up(store, exercise, room):
    rows = make_results(store, exercise.id, LABELS)
    summary = summarise_results(rows)
    assert [tuple(one) for one in summary] == [SUMMARY_COLUMNS] * len(summary)
    assert [tuple(one.values()) for one in summary] == [
        ("economic_abuse", "Economic abuse", 3, 1, 0, 1, 1, 0, 0, 0, 0),
        ("intimidation", "Intimidation", 0, 0, 0, 0, 0, 0, 0, 0, 1),
        ("monitoring", "Monitoring", 3, 2, 1, 0, 0, 0, 0, 0, 0),
        ("threats", "Threats", 0, 0, 0, 0, 0, 3, 1, 2, 0),
    ]
    for one in summary:
        parts = ("agreed", "other_label", "other_context", "missed")
        assert one["phrases"] == sum(one[part] for part in parts)
        assert one["look_alikes"] == one["taken_as_evidence"] + one["not_taken"]
    counted = sum(one[name] for one in summary for name in ("phrases", "look_alikes"))
    assert counted == sum(row["row"] == "phrase" for row in rows)
    over = sum(row["result"] == RESULTS["over"] for row in rows)
    assert over == sum(one["over_marked"] for one in summary)


def test_nothing_of_a_person_or_a_note_is_in_the_rows(store, exercise, room):
    rows = make_results(store, exercise.id, LABELS)
    files = results_csv(rows).decode("utf-8-sig") + str(rows) + str(say_results(rows))
    for word in ("ALIAS", "SECRET", "amber", "phone", "wages", "Tess", room[0].at, "2026"):
        assert word not in files


def test_attempts_are_numbered_at_random(store, exercise, room):
    orders = set()
    for seed in range(20):
        rows = make_results(store, exercise.id, LABELS, random=Random(seed))
        orders.add(next(row["attempt"] for row in rows if row["result"] == "over-marked"))
        assert {row["attempt"] for row in rows} == {1, 2, 3, 4}
        assert [row["attempt"] for row in rows] == sorted(row["attempt"] for row in rows)
    assert orders == {1, 2, 3, 4}


def test_what_a_group_did_after_the_reveal_is_left_out(store, exercise):
    first, second = (one.id for one in read_notes(store, exercise.id))
    session = open_session(store, exercise.id, by="Tess")
    before, late = (join_session(store, session, code) for code in CODES[:2])
    alone = start_attempt(store, exercise.id, CODES[2])
    do(store, before, first)
    do(store, alone, first)
    reveal(store, session.id, first, by="Tess")
    do(store, before, first, PHONE)
    do(store, late, first, PHONE)
    do(store, before, second)
    rows = make_results(store, exercise.id, LABELS, session_id=session.id)
    found = Counter(row["result"] for row in rows if row["note"] == 1)
    assert found == {"missed": 2, "look-alike, left unmarked": 1, "not finished": 1}
    assert len({row["attempt"] for row in rows}) == 2
    everybody = make_results(store, exercise.id, LABELS)
    assert len({row["attempt"] for row in everybody}) == 3


def test_few_attempts_are_said_and_not_suppressed(store, exercise, room):
    rows = make_results(store, exercise.id, LABELS)
    said = say_results(rows)
    assert said[0] == (
        "Attempts: 4, of which 3 finished a note. Notes finished, in all attempts: 5; not "
        "finished, and without results: 3."
    )
    assert said[1].startswith("Few took part: fewer than 5 attempts finished a note.")
    one = next(row["attempt"] for row in rows if row["result"] == "over-marked")
    many = [{**row, "attempt": at} for at in range(FEW) for row in rows if row["attempt"] == one]
    assert not any("Few took part" in one for one in say_results(many))
    assert tuple(say_results([])[2:]) == SAYS


def test_an_exercise_nobody_tried_has_no_rows(store, exercise):
    rows = make_results(store, exercise.id, LABELS)
    assert rows == summarise_results(rows) == []
    assert results_csv(rows).decode("utf-8-sig").splitlines() == [",".join(COLUMNS)]
    assert openpyxl.load_workbook(io.BytesIO(results_xlsx(rows))).sheetnames == [
        *("Results", "By label", "About"),
    ]


def test_files_hold_the_rows_and_run_no_formula(store, exercise, room):
    rows = make_results(store, exercise.id, LABELS)
    rows[0] |= {"title": "=1+1", "given_title": "@SUM(A1)"}
    lines = list(csv.DictReader(io.StringIO(results_csv(rows).decode("utf-8-sig"))))
    assert len(lines) == len(rows)
    assert (lines[0]["title"], lines[0]["given_title"]) == ("'=1+1", "'@SUM(A1)")
    assert [line["result"] for line in lines] == [row["result"] for row in rows]
    book = openpyxl.load_workbook(io.BytesIO(results_xlsx(rows)))
    cells = list(book["Results"].iter_rows(values_only=True))
    assert cells[0] == COLUMNS
    assert [dict(zip(COLUMNS, line, strict=True)) for line in cells[1:]] == rows
    assert book["Results"]["G2"].data_type == "s"
    assert [line[0] for line in book["About"].iter_rows(values_only=True)] == say_results(rows)
    assert len(list(book["By label"].iter_rows())) == 1 + len(summarise_results(rows))


def test_a_label_that_is_gone_is_called_by_its_id(store, exercise, room):
    few = LABELS.model_copy(update={"label": LABELS.label[:1]})
    rows = make_results(store, exercise.id, few)
    assert {row["title"] for row in rows} == {None, "monitoring", "economic_abuse", "threats"}


def test_there_must_be_such_an_exercise_and_group(store, exercise):
    with pytest.raises(ValueError, match="exercise"):
        make_results(store, 99, LABELS)
    with pytest.raises(ValueError, match="session 99"):
        make_results(store, exercise.id, LABELS, session_id=99)
