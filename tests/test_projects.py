"""Projects and who works on them."""

import pytest
from pydantic import ValidationError

from review.projects import (
    change_settings,
    create_project,
    join,
    list_members,
    list_projects,
    read_project,
    set_role,
)
from review.queue import list_queues
from review.settings import Settings


def test_project_is_read_as_it_was_made(store):
    settings = Settings(no_action_values=(" NFA ",), support="Ring 1.", seed=7)
    made = create_project(store, " One ", by="Ann", settings=settings, is_demo=True)
    assert (made.name, made.by, made.is_demo, made.settings) == ("One", "Ann", True, settings)
    assert read_project(store, made.id) == made
    assert list_members(store, made.id) == {"Ann": "lead"}
    assert [(one.id, one.kind) for one in list_queues(store, made.id)] == [
        (made.ranked_queue, "ranked")
    ]


def test_projects_are_listed_newest_first(store):
    made = [create_project(store, name, by="Ann") for name in ("One", "Two")]
    assert list_projects(store) == made[::-1]


def test_settings_are_changed_as_a_whole(store):
    made = create_project(store, "One", by="Ann")
    change_settings(store, made.id, Settings(minimum_count=10))
    assert read_project(store, made.id).settings == Settings(minimum_count=10)


def test_who_joins_again_stays_what_they_are(store):
    made = create_project(store, "One", by="Ann")
    roles = [join(store, made.id, name) for name in ("Bo", "Ann", " Bo ")]
    assert roles == ["reviewer", "lead", "reviewer"]
    assert list_members(store, made.id) == {"Ann": "lead", "Bo": "reviewer"}


def test_project_keeps_a_lead(store):
    made = create_project(store, "One", by="Ann")
    join(store, made.id, "Bo")
    with pytest.raises(ValueError, match="'Ann' is the project's only lead"):
        set_role(store, made.id, "Ann", "reviewer")
    set_role(store, made.id, "Bo", "lead")
    set_role(store, made.id, "Ann", "reviewer")
    assert list_members(store, made.id) == {"Ann": "reviewer", "Bo": "lead"}


@pytest.mark.parametrize(
    ("deed", "message"),
    [
        (lambda store: create_project(store, "One", by="Bo"), "there is a project 'One' already"),
        (lambda store: create_project(store, " ", by="Bo"), "1 to 200 characters, got 0"),
        (lambda store: create_project(store, "x" * 201, by="Bo"), "got 201"),
        (lambda store: create_project(store, "Two", by=""), "the name of a reader"),
        (lambda store: join(store, 1, ""), "the name of a reader"),
        (lambda store: join(store, 1, "Bo", role="boss"), "got 'boss'"),
        (lambda store: set_role(store, 1, "Ann", "boss"), "got 'boss'"),
        (lambda store: read_project(store, 99), "the store has no project 99"),
    ],
)
def test_what_will_not_do_is_refused_and_nothing_changes(store, deed, message):
    made = create_project(store, "One", by="Ann")
    with pytest.raises(ValueError, match=message):
        deed(store)
    assert list_projects(store) == [made]
    assert list_members(store, made.id) == {"Ann": "lead"}


def test_settings_know_what_values_mean():
    ours = Settings(flagged_values=("Ja",), no_action_values=("NFA",))
    assert [ours.is_flagged(value) for value in (" JA ", "Y", "", None)] == [True] + [False] * 3
    assert [ours.is_graded(value) for value in ("High", " None ", "", None)] == [True] + [False] * 3
    assert [ours.is_no_action(value) for value in ("nfa", "arrest", None)] == [True, False, False]


def test_unknown_setting_is_refused():
    with pytest.raises(ValidationError):
        Settings(colour="red")
