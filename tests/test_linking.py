"""Notes put in a case by a reader, and the undoing of it."""

import pytest

from review.cases import CasePage, list_cases, read_case
from review.decision_log import read_history, read_reading, record
from review.decisions import Decision
from review.linking import find_note, put_in_case, take_out, undo_case
from review.projects import create_project
from tests.notes_in_store import add_note


@pytest.fixture
def project(store):
    return create_project(store, "One", by="Ann")


@pytest.fixture
def notes(store, project):
    return [
        add_note(store, project.id, name, "x", person=person)
        for name, person in (("n1", "P-1"), ("n2", None), ("n3", "P-2"))
    ]


def names(store, project, ref):
    calls = read_case(store, project.id, ref, None).calls
    return [(call.name, call.is_linked) for call in calls]


def test_notes_are_put_in_a_case_and_it_is_undone(store, project, notes):
    put_in_case(store, project.id, notes[1:], " P-1 ", reader="Ann")
    assert names(store, project, "P-1") == [("n1", False), ("n2", True), ("n3", True)]
    undo_case(store, project.id, notes[2], reader="Ann")
    assert names(store, project, "P-1") == [("n1", False), ("n2", True)]
    assert names(store, project, "P-2") == [("n3", False)]
    kinds = [(row.kind, row.answer) for row in read_history(store, notes[2])]
    assert kinds == [("case", "P-1"), ("undo", None)], "the history is kept"


def test_a_note_taken_out_is_in_no_case_until_that_is_undone(store, project, notes):
    take_out(store, project.id, [notes[0]], reader="Ann")
    assert names(store, project, "P-1") == []
    assert find_note(store, project.id, "n1") == (notes[0], "")
    undo_case(store, project.id, notes[0], reader="Ann")
    assert find_note(store, project.id, " n1 ") == (notes[0], "P-1")


def test_notes_that_are_in_no_case_make_none_together(store, project, notes):
    take_out(store, project.id, notes, reader="Ann")
    assert list_cases(store, project.id, None) == CasePage((), 0)


def test_undoing_leaves_other_rows_and_other_readers_alone(store, project, notes):
    put_in_case(store, project.id, [notes[1]], "P-1", reader="Ann")
    record(store, [Decision(project.id, notes[1], "Ann", "comment", comment="mine")])
    assert undo_case(store, project.id, notes[1], reader="Ben") is None
    undo_case(store, project.id, notes[1], reader="Ann")
    assert read_reading(store, notes[1], "Ann").comment == "mine"
    assert undo_case(store, project.id, notes[1], reader="Ann") is None
    assert find_note(store, project.id, "n2") == (notes[1], None)


def test_a_note_of_another_project_or_without_a_reference_is_refused(store, project, notes):
    other = create_project(store, "Two", by="Ann")
    for says in (
        lambda: put_in_case(store, other.id, notes, "P-1", reader="Ann"),
        lambda: take_out(store, other.id, notes, reader="Ann"),
    ):
        with pytest.raises(ValueError) as error:
            says()
        assert str(error.value) == f"note {notes[0]} is not of project {other.id}"
    for ref, length in (("  ", 0), ("x" * 401, 401)):
        with pytest.raises(ValueError) as error:
            put_in_case(store, project.id, notes, ref, reader="Ann")
        message = f"the reference of a case must have 1 to 400 characters, got {length}"
        assert str(error.value) == message
    assert all(read_history(store, id) == [] for id in notes)
    assert find_note(store, other.id, "n1") is None
