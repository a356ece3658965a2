"""Facts follow the newest delivery; what they were is kept, and texts never change."""

import json

import pytest

from classifier.note import Note
from review.decision_log import read_history, record
from review.decisions import Decision
from review.deliveries import deliver, list_deliveries
from review.export import export_notes
from review.linking import put_in_case, undo_case
from review.projects import create_project
from review.queue import read_note
from review.renewal import EARLIER

FACTS = {"closing": "Closing", "da_flag": "DA"}


@pytest.fixture
def made(store):
    return create_project(store, "One", by="Ann")


def bring(store, made, *notes, facts=FACTS):
    return deliver(store, made.id, notes, name="calls.csv", by="Ann", facts=facts)


def call(name="1", text="He checks her phone.", **meta):
    return Note(name, text, meta=meta)


def counts(done):
    return done.n_rows, done.n_added, done.n_known, done.n_changed, done.n_renewed


def only_note(store, id=1):
    one = read_note(store, id)
    return {"closing": one.closing, "da_flag": one.da_flag, "received": one.received} | {
        "person": one.person,
        "meta": one.meta,
    }


def test_same_text_with_other_facts_has_the_newest_and_keeps_what_they_were(store, made):
    day = "2024-01-01"
    bring(store, made, call(Closing="Z01", DA="N", Source="999", received=day, person="P-1"))
    again = bring(store, made, call(Closing="Z03", DA="Y", Source="101", person="P-1"))
    assert counts(again) == (1, 0, 1, 0, 1)
    newest, first = list_deliveries(store, made.id)
    assert (newest.n_renewed, first.n_renewed) == (1, 0)
    was = {
        "delivery": again.id,
        "at": newest.at,
        "facts": {"closing": "Z01", "da_flag": "N"},
        "meta": {"Source": "999"},
    }
    now = {"closing": "Z03", "da_flag": "Y", "received": day, "person": "P-1"}
    assert only_note(store) == now | {"meta": {"Source": "101", EARLIER: [was]}}


def test_each_change_is_kept_and_the_same_file_again_changes_nothing(store, made):
    for closing in ("Z01", "Z02", "Z02", "Z03"):
        done = bring(store, made, call(Closing=closing))
    assert counts(done) == (1, 0, 1, 0, 1)
    assert counts(bring(store, made, call(Closing="Z03"))) == (1, 0, 1, 0, 0)
    earlier = read_note(store, 1).meta[EARLIER]
    assert [(one["delivery"], one["facts"]) for one in earlier] == [
        (2, {"closing": "Z01"}),
        (4, {"closing": "Z02"}),
    ]


def test_column_that_a_later_file_lacks_stays_and_an_empty_cell_is_followed(store, made):
    bring(store, made, call(Closing="Z01", DA="Y"))
    bring(store, made, call(DA=" "), facts={"da_flag": "DA"})
    one = read_note(store, 1)
    assert (one.closing, one.da_flag) == ("Z01", None)
    assert one.meta[EARLIER][0]["facts"] == {"da_flag": "Y"}


def test_changed_text_stays_and_its_facts_are_followed(store, made):
    bring(store, made, call(Closing="Z01"))
    done = bring(store, made, call(text="Longer since.", Closing="Z02"))
    assert counts(done) == (1, 0, 0, 1, 1)
    one = read_note(store, 1)
    assert (one.text, one.closing) == ("He checks her phone.", "Z02")


def test_first_row_of_an_id_that_comes_twice_counts_in_every_delivery(store, made):
    rows = (call(Closing="Z01"), call(Closing="Z02"))
    bring(store, made, *rows)
    assert counts(bring(store, made, *rows)) == (2, 0, 2, 0, 0)
    assert read_note(store, 1).closing == "Z01"


def test_decisions_stay_as_they_are(store, made):
    bring(store, made, call(Closing="Z01"))
    record(store, [Decision(made.id, 1, "Ann", "mark", start=3, end=9, label="monitoring")])
    before = read_history(store, 1)
    bring(store, made, call(Closing="Z02"))
    assert read_history(store, 1) == before


def test_note_follows_its_person_unless_a_reader_put_it_in_a_case(store, made):
    bring(store, made, *(call(name, person="P-1") for name in ("1", "2", "3")))
    put_in_case(store, made.id, [2, 3], "P-9", reader="Ann")
    undo_case(store, made.id, 3, reader="Ann")
    done = bring(store, made, *(call(name, person="P-2") for name in ("1", "2", "3")))
    assert done.n_renewed == 3
    assert [read_note(store, id).case_ref for id in (1, 2, 3)] == ["P-2", "P-9", "P-2"]
    undo_case(store, made.id, 2, reader="Ann")
    assert read_note(store, 2).case_ref == "P-2"


def test_many_notes_are_renewed_chunk_by_chunk(store, made):
    notes = [(str(i), f"Call {i}.") for i in range(1234)]
    bring(store, made, *(call(*one, Closing="Z01") for one in notes))
    closings = ["Z02" if i % 2 else "Z01" for i in range(1234)]
    later = (call(*one, Closing=code) for one, code in zip(notes, closings, strict=True))
    assert bring(store, made, *later).n_renewed == 617
    assert [read_note(store, id).closing for id in (1, 2, 1233, 1234)] == ["Z01", "Z02"] * 2


def test_marked_notes_go_out_with_the_newest_facts_alone(store, made, tmp_path):
    bring(store, made, call(Closing="Z01", Source="999"))
    bring(store, made, call(Closing="Z02", Source="999"))
    record(store, [Decision(made.id, 1, "Ann", "done")])
    export_notes(store, made.id, tmp_path / "out.jsonl", format="jsonl")
    meta = json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["meta"]
    assert (meta["closing"], meta["Source"], EARLIER in meta) == ("Z02", "999", False)
