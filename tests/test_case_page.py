"""The screen of cases, run by Streamlit's own test runner."""

import pytest
from sample_store import add_sample
from streamlit.testing.v1 import AppTest

from review.case_words import PLAIN_WORDS
from review.cases import read_case
from review.decision_log import record
from review.decisions import Decision
from review.linking import find_note
from review.projects import create_project
from review.room import Room
from review.store import open_store
from tests.notes_in_store import add_finding, add_note, add_run

PAGE = "from review.pages import case\ncase.show()"
MARKUP = "Says he <script>alert(1)</script> checks her phone. Split up in May."


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "review.db")
    yield opened
    opened.close()


def open_page(store, project, *, role="lead", ref=None):
    page = AppTest.from_string(PAGE, default_timeout=60)
    page.session_state["room"] = Room(store, project, "Ann", role)
    if ref:
        page.session_state["case_ref"] = ref
    return page.run()


def written(page):
    kinds = ("title", "header", "subheader", "markdown", "text", "caption", "html")
    return "\n".join(str(one.value) for kind in kinds for one in page.get(kind) if one.value)


@pytest.fixture
def small(store):
    """Two calls of one person: the first read to the end, the second not."""
    project = create_project(store, "One", by="Ann")
    run_id = add_run(store, project.id)
    facts = {"person": "P-1 <b>", "handler": "H-77", "grade": "2", "closing": "Z14 <i>"}
    for name, day in (("n1", "2024-01-05"), ("n2", "2024-02-05")):
        note_id = add_note(store, project.id, name, MARKUP, received=day, **facts)
        found = add_finding(store, run_id, note_id, 34, 50, "monitoring")
        if name == "n1":
            said = ({"kind": "answer", "finding_id": found, "answer": "accept"}, {"kind": "done"})
            record(store, [Decision(project.id, note_id, "Ann", **one) for one in said])
    add_note(store, project.id, "n3", "Parking.", received="2024-03-05")
    return project


def test_every_repeat_caller_of_the_sample_has_a_page(store):
    project = add_sample(store)
    page = open_page(store, project)
    assert not page.exception
    assert "14 cases" in written(page)
    for ref, first, last, longest in (
        ("P-20418", "17 Jan 2024, 20:14", "4 Jul 2024, 22:38", 49),
        ("P-24222", "20 Mar 2024, 23:08", "15 Jul 2024, 10:40", 117),
    ):
        page = open_page(store, project, ref=ref)
        assert not page.exception
        words = written(page)
        n = len(read_case(store, project.id, ref, None).calls)
        assert f"{n} calls from {first} to {last}" in words
        assert f"The longest time between two calls is {longest} days" in words
        assert PLAIN_WORDS in words


def test_cases_are_searched_by_their_reference(store, small):
    page = open_page(store, small)
    page.text_input(key="room_case_sought").input("p-2").run()
    assert "No case has this in its reference." in written(page)
    page.text_input(key="room_case_sought").input("P-1").run()
    assert "1 cases" in written(page)


def test_what_comes_from_a_file_is_never_markup(store, small):
    page = open_page(store, small, ref="P-1 <b>")
    assert not page.exception
    raw = "\n".join(str(one.value) for kind in ("html", "markdown") for one in page.get(kind))
    for markup in ("<script", "<b>", "<i>"):
        assert markup not in raw
    assert "P-1 &lt;b&gt;" in raw


def test_confirmed_and_highlighted_stand_apart_with_first_appearances(store, small):
    words = written(open_page(store, small, ref="P-1 <b>"))
    assert "Monitoring C</td>" in words
    assert "Monitoring H</td>" in words
    assert "Read to the end by Ann." in words
    assert "Nobody has read this note to the end yet." in words
    assert "Also noted in the words of the note" in words
    assert "31 days after the call before" in words
    assert "Read to the end so far: 1 of 2" in words


@pytest.mark.parametrize(("role", "is_shown"), [("lead", True), ("reviewer", False)])
def test_handlers_are_shown_only_to_those_who_may_see_them(store, small, role, is_shown):
    assert ("H-77" in written(open_page(store, small, role=role, ref="P-1 <b>"))) is is_shown


def test_a_note_is_put_in_taken_out_and_both_are_undone(store, small):
    page = open_page(store, small, ref="P-1 <b>")
    page.text_input(key="room_case_note").input("n3")
    press(page, "Put it in this case")
    assert "Note n3 was put in this case." in written(page)
    assert find_note(store, small.id, "n3")[1] == "P-1 <b>"
    press(page, "Undo")
    assert find_note(store, small.id, "n3")[1] is None
    first, _ = find_note(store, small.id, "n1")
    page.button(key=f"out_{first}").click().run()
    assert find_note(store, small.id, "n1")[1] == ""
    press(page, "Undo")
    assert find_note(store, small.id, "n1")[1] == "P-1 <b>"


def test_a_number_that_no_note_has_is_said_so(store, small):
    page = open_page(store, small, ref="P-1 <b>")
    page.text_input(key="room_case_note").input("n9")
    press(page, "Put it in this case")
    assert "No note of this project has the number 'n9'." in written(page)


def press(page, label):
    next(one for one in page.button if one.label == label).click().run()
    assert not page.exception


def test_a_project_without_cases_says_where_they_come_from(store):
    project = create_project(store, "Empty", by="Ann")
    page = open_page(store, project)
    assert "Cases come from the column of persons in an export" in written(page)
