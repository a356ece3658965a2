"""Exercises in the store: what is saved comes back, and stays."""

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from classifier.note import Mark, Note
from review.practice.exercises import (
    MAX_NOTES,
    create_exercise,
    list_exercises,
    read_exercise,
    read_notes,
)
from review.projects import create_project, list_projects
from review.tables import decision

FIRST = Note(
    "dr-0001",
    "Says he checks her phone. Denies threats.",
    (Mark(8, 24, "monitoring"), Mark(26, 40, "threats", "negated")),
    {"source": "dr-0001", "is_synthetic": True, "facts": {"Setting": "police"}},
)
SECOND = Note("u4-7", "Noise complaint, music off.", (), {"is_synthetic": True})


def test_an_exercise_comes_back_as_it_was_saved(store):
    made = create_exercise(store, " Six notes ", [FIRST, SECOND], by="Tess", about={"seed": 3})
    assert made == read_exercise(store, made.id) == list_exercises(store)[0]
    assert (made.name, made.by, made.n_notes) == ("Six notes", "Tess", 2)
    assert (made.is_synthetic, made.about, made.variant_of) == (True, {"seed": 3}, None)
    first, second = read_notes(store, made.id)
    assert (first.place, first.note) == (1, Note("Note 1", FIRST.text, FIRST.marks, FIRST.meta))
    assert (second.place, second.note) == (2, Note("Note 2", SECOND.text, (), SECOND.meta))


def test_an_exercise_with_one_masked_note_is_not_called_synthetic(store):
    masked = Note("p", "Says […] texts her.", (), {"is_synthetic": False})
    assert not create_exercise(store, "Mixed", [FIRST, masked], by="Tess").is_synthetic
    unknown = Note("p", "Says […] texts her.")
    assert not create_exercise(store, "Unknown", [unknown], by="Tess").is_synthetic


def test_exercises_and_projects_are_listed_apart(store):
    project = create_project(store, "Review", by="Ann")
    made = create_exercise(store, "Practice", [FIRST], by="Tess")
    assert list_projects(store) == [project]
    assert list_exercises(store) == [made]


def test_a_variant_names_what_it_varies(store):
    made = create_exercise(store, "One", [FIRST], by="Tess")
    other = create_exercise(store, "Two", [SECOND], by="Tess", variant_of=made.id)
    assert other.variant_of == made.id
    assert list_exercises(store) == [other, made]


@pytest.mark.parametrize(
    ("name", "notes", "options", "message"),
    [
        ("", [FIRST], {}, "the name of an exercise must have 1 to 200 characters, got 0"),
        ("A", [FIRST], {"by": " "}, "the name of a trainer must have 1 to 200 characters, got 0"),
        ("A", [], {}, "an exercise has 1 to 200 notes, got 0"),
        ("A", [SECOND] * (MAX_NOTES + 1), {}, "an exercise has 1 to 200 notes, got 201"),
        ("A", [FIRST], {"variant_of": 9}, "the store has no exercise 9"),
        (
            "Taken",
            [FIRST],
            {},
            "there is an exercise or project 'Taken' already; choose another name",
        ),
    ],
)
def test_what_cannot_be_saved_is_refused_and_leaves_nothing(store, name, notes, options, message):
    before = create_exercise(store, "Taken", [FIRST], by="Tess")
    with pytest.raises(ValueError) as raised:
        create_exercise(store, name, notes, **{"by": "Tess", **options})
    assert str(raised.value) == message
    assert list_exercises(store) == [before]


def test_the_marks_of_the_reference_are_never_altered(store):
    create_exercise(store, "One", [FIRST], by="Tess")
    for deed in (update(decision).values(start=0), delete(decision)):
        with pytest.raises(DatabaseError, match="decision is a log"), store.write() as connection:
            connection.execute(deed)
