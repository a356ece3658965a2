"""Notes in: every row counted, nothing twice, nothing altered."""

import hashlib

import pytest
from sqlalchemy import func, select

from classifier.note import Note
from classifier.reading import Columns, Reject, look_at, read_notes
from review.deliveries import Delivered, deliver, list_deliveries
from review.fact_columns import columns_with_facts, guess_facts
from review.projects import create_project
from review.queue import read_note
from review.settings import Settings
from review.tables import delivery, note
from training.corpus import SYNTHETIC

EXPORT = SYNTHETIC / "demo" / "call_export.csv"


@pytest.fixture
def made(store):
    return create_project(store, "One", by="Ann", settings=Settings(seed=7))


def bring(store, made, *notes, **more):
    return deliver(store, made.id, notes, name="calls.csv", by="Ann", **more)


def texts(store):
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(select(note.c.name, note.c.text))]


@pytest.mark.parametrize(
    ("header", "facts"),
    [
        (
            "Incident No;Received;Source;Opening Code;Closing Code;Grade;Handler;Team;"
            "Person Ref;Address Ref;DA Flag;Risk Assessment;Narrative",
            "team=Team handler=Handler grade=Grade da_flag=DA Flag risk=Risk Assessment "
            "closing=Closing Code call_type=Opening Code",
        ),
        (
            "ref;call_taker_id;district;priority;DomesticAbuseMarker;DASH_grade;closure_code;"
            "closed_date;incident_type;log",
            "team=district handler=call_taker_id grade=priority da_flag=DomesticAbuseMarker "
            "risk=DASH_grade closing=closure_code call_type=incident_type",
        ),
        ("id;text;Call time;Risk notes;Data", ""),
    ],
    ids=["sample", "other force", "none"],
)
def test_facts_are_guessed_from_names_of_columns(header, facts):
    found = guess_facts(header.split(";"))
    assert " ".join(f"{fact}={column}" for fact, column in found.items()) == facts


def test_sample_export_comes_in_once_with_its_facts(store, made):
    look = look_at(EXPORT)
    facts = guess_facts(look.header)
    columns = columns_with_facts(look.columns, look.header, facts)
    first, again = (
        deliver(
            store, made.id, read_notes(EXPORT, columns=columns), name="e", by="Ann", facts=facts
        )
        for _ in range(2)
    )
    counts = [(one.n_rows, one.n_added, one.n_known, one.n_changed) for one in (first, again)]
    assert counts == [(140, 137, 0, 0), (140, 0, 137, 0)]
    assert [len(one.rejects) for one in (first, again)] == [3, 3]
    with store.read() as connection:
        id = connection.scalar(select(func.min(note.c.id)))
    one = read_note(store, id)
    facts = (one.team, one.handler, one.grade, one.da_flag, one.risk, one.closing, one.call_type)
    assert facts == ("C", "3302", "1", "Y", "DASH Standard", "Z09 Arrest", "C14 Assault")
    known = (one.name, one.received, one.person, one.case_ref, one.meta)
    assert known == ("24-0101-0146", "2024-01-01T04:08:00", "P-25001", "P-25001", {})


def test_changed_text_is_counted_and_the_earlier_one_stays(store, made):
    bring(store, made, Note("1", "Earlier words."), Note("2", "Same."))
    reject = Reject(4, "9", "text is empty", {"text": "SECRET"})
    found = bring(
        store, made, Note("1", "Later words."), Note("2", "Same."), reject, Note("3", "N")
    )
    assert found == Delivered(found.id, 4, 1, 1, 1, (reject,), ("1",))
    assert texts(store) == [("1", "Earlier words."), ("2", "Same."), ("3", "N")]
    newest, _ = list_deliveries(store, made.id)
    assert newest.rejects == (
        {"row": 4, "id": "9", "reason": "text is empty"},
        {"row": None, "id": "1", "reason": "changed since"},
    )
    assert (newest.n_rows, newest.n_added, newest.n_known, newest.n_changed) == (4, 1, 1, 1)


def test_same_id_twice_in_one_delivery_is_one_note(store, made):
    found = bring(store, made, Note("1", "A."), Note("1", "A."), Note("1", "B."))
    assert (found.n_added, found.n_known, found.n_changed) == (1, 1, 1)
    assert texts(store) == [("1", "A.")]


def test_person_is_trimmed_and_what_is_kept_stays(store, made):
    meta = {"person": " P-1 ", "Team": " B ", "Source": "999", "received": "2024-01-01"}
    bring(store, made, Note("1", "A.", meta=meta), facts={"team": "Team"})
    with store.read() as connection:
        row = connection.execute(select(note)).one()
    assert (row.person, row.case_ref, row.team, row.meta) == ("P-1", "P-1", "B", {"Source": "999"})
    assert row.draw == int(hashlib.sha256(b"7:1").hexdigest()[:8], 16) / 2**32
    assert row.sha256 == hashlib.sha256(b"A.").hexdigest()


def test_note_that_cannot_be_kept_unaltered_is_rejected_without_its_words(store, made):
    notes = (
        Note("1", "SECRET\0"),
        Note("2", "SECRET", meta={"Team": "SECRET" * 100}),
        Note("3" * 401, "SECRET"),
    )
    found = bring(store, made, *notes, facts={"team": "Team"})
    assert [(one.row, one.reason) for one in found.rejects] == [
        (1, "text holds a character that is none at 6; export it again as UTF-8"),
        (2, "team (column 'Team') is too long (600 characters); at most 400 are allowed"),
        (3, "id is too long (401 characters); at most 400 are allowed"),
    ]
    assert "SECRET" not in repr(list_deliveries(store, made.id))
    assert texts(store) == []


def test_delivery_that_breaks_off_leaves_nothing(store, made):
    def notes():
        yield from (Note(str(i), "A.") for i in range(1200))
        raise OSError("the stick was pulled out")

    with pytest.raises(OSError, match="stick"):
        deliver(store, made.id, notes(), name="e", by="Ann")
    assert texts(store) == []
    with store.read() as connection:
        assert connection.execute(select(delivery)).all() == []


def test_many_notes_are_added_chunk_by_chunk(store, made):
    notes = [Note(str(i), f"Call {i}.") for i in range(1234)]
    assert bring(store, made, *notes).n_added == 1234
    found = bring(store, made, *notes, Note("new", "New."))
    assert (found.n_rows, found.n_added, found.n_known) == (1235, 1, 1234)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"colour": "Team"}, "no fact 'colour'; allowed are team, handler"),
        ({"team": "Squad"}, "team: there is no column 'Squad'"),
    ],
)
def test_facts_that_are_not_there_are_refused(facts, message):
    with pytest.raises(ValueError, match=message):
        columns_with_facts(Columns("Text"), ["Text", "Team"], facts)


def test_unknown_project_is_refused(store):
    with pytest.raises(ValueError, match="the store has no project 5"):
        deliver(store, 5, [], name="e", by="Ann")
