"""The trainer's screen: from an empty page to a saved exercise, and what can be done with it."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_browser import CHROMIUM, CHROMIUM_FLAGS, serve, settle

from classifier.note import Mark, Note
from review.decision_log import record
from review.decisions import Decision
from review.practice.choosing import ten_mixed
from review.practice.exercises import create_exercise, list_exercises, read_notes
from review.practice.material import read_synthetic
from review.projects import create_project
from review.store import open_store
from tests.notes_in_store import add_note

SCRIPT = Path(__file__).parent / "exercises_page.py"
PAGE = """
import streamlit as st
from review.pages import exercises
from review.room import enter, get_store, settle_store
settle_store({url!r})
get_store()
if {project} and "project_id" not in st.session_state:
    enter({project}, "Ann")
exercises.show()
"""


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "review.db")
    yield opened
    opened.close()


def open_page(store, project=0):
    url = store.engine.url.render_as_string()
    shown = AppTest.from_string(PAGE.format(url=url, project=project), default_timeout=120).run()
    assert not shown.exception
    return shown


def button(shown, label):
    return next(one for one in shown.button if one.label == label)


def press(shown, label):
    button(shown, label).click().run()
    assert not shown.exception
    return shown


def save(shown, name="Morning", trainer="Tess"):
    shown.text_input(key="exercise_name").set_value(name)
    shown.text_input(key="exercise_trainer").set_value(trainer)
    return press(shown, "Save")


def test_the_empty_page_teaches(store):
    shown = open_page(store)
    words = " ".join(one.value for one in shown.markdown)
    assert "Choose notes" in words
    assert "Look through them" in words
    assert not [one for one in shown.button if one.label == "Try it yourself"]


def test_ten_mixed_notes_are_one_click_and_the_seed_is_shown(store):
    shown = press(open_page(store), "Ten notes, mixed")
    assert shown.header[0].value == "New exercise, not saved: 10 notes"
    assert shown.caption[0].value == "7 with evidence, 3 without. Seed 1."
    save(shown)
    saved = list_exercises(store)[0]
    assert (saved.name, saved.by, saved.n_notes, saved.is_synthetic) == (
        "Morning",
        "Tess",
        10,
        True,
    )
    wanted = [note.id for note in ten_mixed(read_synthetic(), 1).notes]
    assert [one.note.meta["source"] for one in read_notes(store, saved.id)] == wanted
    assert saved.about["sources"] == wanted


def test_a_wish_is_met_and_an_impossible_one_is_told(store):
    shown = open_page(store)
    shown.multiselect(key="exercise_labels").set_value(["sexual_coercion"])
    shown.multiselect(key="exercise_settings").set_value(["money"])
    shown.multiselect(key="exercise_victims").set_value(["older_relative"])
    press(shown, "Choose notes")
    assert shown.warning[0].value.startswith("0 of 4 wanted notes with evidence fit.")


def test_notes_are_moved_swapped_and_dropped(store):
    shown = press(open_page(store), "Choose notes")
    before = [note.id for note in shown.session_state["exercise_draft"].notes]
    press(shown, "Move down")
    moved = [note.id for note in shown.session_state["exercise_draft"].notes]
    assert moved == [before[1], before[0], *before[2:]]
    assert shown.session_state["exercise_at"] == 1
    press(shown, "Swap for another")
    swapped = [note.id for note in shown.session_state["exercise_draft"].notes]
    assert swapped[1] not in before
    assert swapped[0] == before[1]
    press(shown, "Drop")
    assert shown.header[0].value == "New exercise, not saved: 5 notes"


def test_nothing_is_saved_without_a_name_of_the_trainer_which_is_asked_once(store):
    shown = press(open_page(store), "Choose notes")
    save(shown, trainer=" ")
    assert shown.error[0].value == "The exercise was not saved."
    assert list_exercises(store) == []
    save(shown)
    assert shown.session_state["trainer"] == "Tess"
    shown.session_state["exercise_view_next"] = "New exercise"
    press(shown.run(), "Choose notes")
    assert shown.text_input(key="exercise_trainer").value == "Tess"


def test_rewording_says_at_once_what_becomes_of_the_evidence(store):
    shown = press(open_page(store), "Choose notes")
    at = next(
        at
        for at, note in enumerate(shown.session_state["exercise_draft"].notes)
        if any(mark.context == "affirmed" for mark in note.marks)
    )
    shown.session_state["exercise_at"] = at
    shown.run()
    area = shown.text_area[0]
    area.set_value("Says that it is fine. " + area.value).run()
    assert shown.success[0].value == "The labels of evidence are the same."
    press(shown, "Use these words")
    note = shown.session_state["exercise_draft"].notes[at]
    assert note.text.startswith("Says that it is fine. ")
    assert note.meta["source"].endswith(", reworded")
    shown.text_area[0].set_value("Nothing is left of it.").run()
    assert shown.warning[0].value == "The evidence has changed:"


def test_a_variant_has_other_notes_and_names_its_exercise(store):
    shown = save(press(open_page(store), "Choose notes"))
    press(shown, "Make a variant")
    assert "A variant of: Morning" in [one.value for one in shown.text]
    assert shown.text_input(key="exercise_name").value == "Morning, variant"
    save(shown, name="Afternoon")
    variant, exercise = list_exercises(store)
    assert variant.variant_of == exercise.id
    sources = [
        {one.note.meta["source"] for one in read_notes(store, one.id)}
        for one in (variant, exercise)
    ]
    assert sources[0].isdisjoint(sources[1])


def test_names_are_shown_as_text(store):
    note = Note(
        "1", "<b>He</b> reads her post.", (Mark(3, 24, "monitoring"),), {"is_synthetic": True}
    )
    create_exercise(store, "<i>*Morning*", [note], by="<u>Tess")
    shown = open_page(store)
    assert "&lt;i&gt;*Morning*" in "".join(one.proto.body for one in shown.get("html"))
    assert "<i>" not in " ".join(one.value for one in [*shown.markdown, *shown.caption])


def test_a_projects_notes_are_saved_only_after_a_person_has_read_them(store):
    project = create_project(store, "Spring", by="Ann")
    for at in range(2):
        text = f"Dave rang about the Feathers, line {at}. He checks her phone."
        id = add_note(store, project.id, f"24-{at}", text, received="2024-07-04")
        start = text.index("checks")
        rows = [
            Decision(
                project.id, id, "Ann", "mark", start=start, end=start + 16, label="monitoring"
            ),
            Decision(project.id, id, "Ann", "done"),
        ]
        record(store, rows)
    shown = open_page(store, project.id)
    shown.radio(key="exercise_source").set_value("This project's reviewed notes, masked").run()
    words = " ".join(one.value for one in shown.markdown)
    assert "Masked notes are still personal data, and not anonymous." in words
    shown.number_input(key="exercise_n").set_value(1)
    shown.select_slider(key="exercise_share").set_value(0)
    press(shown, "Choose notes")
    assert button(shown, "Save").disabled
    shown.text_input(key="exercise_mask").set_value("feathers").run()
    press(shown, "Mask them")
    text = shown.session_state["exercise_draft"].notes[0].text
    assert text.startswith("[name 1] rang about the [reference], line ")
    shown.checkbox[-1].check().run()
    save(shown, name="Ours")
    saved = list_exercises(store)[0]
    assert (saved.name, saved.is_synthetic) == ("Ours", False)
    assert read_notes(store, saved.id)[0].note.text == text


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if shutil.which(CHROMIUM) is None:
        pytest.skip(f"needs Chromium at {CHROMIUM}")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def test_six_notes_are_saved_and_run_without_a_manual(browser, tmp_path):
    with serve(SCRIPT, str(tmp_path / "review.db")) as address:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        page.get_by_role("button", name="Choose notes").click(timeout=120_000)
        page.get_by_role("heading", name="New exercise, not saved: 6 notes").wait_for(
            timeout=60_000
        )
        settle(page)
        first = page.locator(".st-key-exercise_note .text").text_content()
        page.keyboard.press("n")
        page.get_by_role("heading", name="Note 2").wait_for()
        assert page.locator(".st-key-exercise_note .text").text_content() != first
        page.get_by_role("textbox", name="Your name").fill("Tess")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("Saved. It never changes now").wait_for(timeout=60_000)
        settle(page)
        page.get_by_role("button", name="Run with a group").click()
        page.get_by_text("group 1").wait_for(timeout=60_000)
        page.close()
    assert faults == []
