"""The practice room in real Chromium: a trainer, five trainees, one dropped browser, one reveal."""

from __future__ import annotations

import pytest

from classifier.labels import load_labels
from classifier.note import Mark, Note, overlaps
from review.decisions import TO_RECORD
from review.practice.attempts import list_attempts, read_attempt
from review.practice.exercises import create_exercise, list_exercises, read_notes
from review.practice.sessions import list_sessions
from review.store import open_store
from tests.test_browser import START_SECONDS, settle
from tests.test_review_room import browser, finish, press, pytestmark, serve_room, wait_saved

__all__ = ["browser", "pytestmark"]

LONG = START_SECONDS * 1000
WORD_STARTS = """text => [...new Intl.Segmenter("en", { granularity: "word" }).segment(text)]
    .filter(({ isWordLike, index }) => isWordLike && text[index - 1] !== "-")
    .map(({ index }) => index)"""


@pytest.fixture
def room(tmp_path):
    """A page over an empty store, and the store."""
    file = tmp_path / "practice.db"
    with serve_room(file) as (address, _):
        store = open_store(file)
        yield address, store
        store.close()


def make_exercise(page, address):
    """What a trainer does who has read no manual: the buttons say where to go."""
    page.goto(address)
    page.get_by_role("button", name="Make an exercise").click(timeout=LONG)
    page.get_by_role("button", name="Choose notes").click(timeout=LONG)
    page.get_by_role("textbox", name="Name of the exercise").fill("Spring course", timeout=LONG)
    page.get_by_role("textbox", name="Your name").fill("Tess")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Run with a group").click(timeout=LONG)
    page.get_by_role("button", name="Open a group").click(timeout=LONG)
    code = page.get_by_test_id("stMetricValue")
    code.wait_for(timeout=LONG)
    return code.inner_text().strip()


def join(browser, address, code):
    page = browser.new_context(viewport={"width": 1000, "height": 900}).new_page()
    page.goto(f"{address}/practise")
    page.get_by_role("textbox", name="Code of the group").fill(code.lower(), timeout=LONG)
    page.get_by_role("button", name="Join").click()
    page.get_by_text("Before you begin").wait_for(timeout=LONG)
    settle(page)
    page.get_by_test_id("stMain").get_by_role("button", name="Begin").click()
    page.locator(".desk .text").wait_for(timeout=LONG)
    settle(page)
    return page


def open_note(page, title):
    page.get_by_test_id("stSidebar").get_by_text(title, exact=True).click()
    page.locator(".desk .head h1", has_text=title).wait_for(timeout=LONG)
    settle(page)


def mark(page, start, label, text):
    """Mark the word of the open note that begins at a character, by keyboard."""
    page.locator(".desk .text").focus()
    place = sum(at <= start for at in page.evaluate(WORD_STARTS, text)) - 1
    press(page, "m", *["ArrowRight"] * place, "Enter")
    page.keyboard.type(load_labels()[label].title)
    press(page, "Enter")
    wait_saved(page)


def row_of(page, phrase):
    """Read the counts of a phrase on the trainer's screen."""
    row = page.locator("tr", has_text=phrase).first
    return row.locator("td").all_inner_texts()


def choose_phrase(notes):
    """Choose a note whose first phrase of evidence stands alone, and a word without any mark."""
    for one in notes:
        marks = one.note.marks
        for phrase in marks:
            alone = sum(overlaps(phrase, other) for other in marks) == 1
            first = Mark(0, 1, phrase.label)
            if (
                phrase.context == "affirmed"
                and alone
                and not any(overlaps(first, other) for other in marks)
            ):
                return one, phrase
    raise AssertionError("no note of the exercise has a phrase that stands alone")


def test_a_trainer_runs_an_exercise_with_five_browsers_and_one_drops(browser, room):
    address, store = room
    trainer = browser.new_page(viewport={"width": 1400, "height": 1200})
    code = make_exercise(trainer, address)
    exercise = list_exercises(store)[0]
    notes = read_notes(store, exercise.id)
    assert (exercise.name, exercise.by, len(notes)) == ("Spring course", "Tess", 6)
    one, phrase = choose_phrase(notes)
    text, quote = one.note.text, one.note.text[phrase.start : phrase.end]
    other = next(id for id in ("threats", "isolation") if id != phrase.label)

    trainees = [join(browser, address, code) for _ in range(5)]
    for number, page in enumerate(trainees):
        if one.place > 1:
            open_note(page, one.note.id)
        if number < 3:
            mark(page, phrase.start, phrase.label, text)
        elif number == 3:
            mark(page, phrase.start, other, text)
        else:
            mark(page, 0, phrase.label, text)
    press(trainees[0], "o", "2")
    wait_saved(trainees[0])

    back = trainees[0].url
    trainees[0].context.close()
    trainees[0] = browser.new_page(viewport={"width": 1000, "height": 900})
    trainees[0].goto(back)
    trainees[0].locator(".desk .text").wait_for(timeout=LONG)
    settle(trainees[0])
    open_note(trainees[0], one.note.id)
    assert trainees[0].locator(".desk .list .row").count() == 1
    for page in trainees[:4]:
        page.locator(".desk .text").focus()
        finish(page)

    trainer.get_by_text("5 trainees have joined.").wait_for(timeout=LONG)
    trainer.get_by_text(f"Note {one.place}", exact=True).last.click()
    trainer.get_by_text("Show what the room saw").click()
    trainer.get_by_text("Counted are the 4 who have finished this note.").wait_for(timeout=LONG)
    assert row_of(trainer, quote)[-4:] == ["3", "1", "0", "0"]

    trainer.get_by_role("button", name=f"Reveal note {one.place}").click()
    trainer.get_by_text("Counted are the 5").wait_for(timeout=LONG)
    assert row_of(trainer, quote)[-4:] == ["3", "1", "0", "1"]
    trainer.get_by_text("Show what they would ask").click()
    trainer.get_by_text("What they would do").wait_for(timeout=LONG)
    assert row_of(trainer, TO_RECORD["ask"]) == ["1"]

    trainees[4].get_by_text(f"{one.note.id}, compared").wait_for(timeout=LONG)
    trainees[0].get_by_role("button", name=f"Compare note {one.place}").click(timeout=LONG)
    trainees[0].get_by_text(f"{one.note.id}, compared").wait_for(timeout=LONG)

    session = list_sessions(store, exercise.id)[0]
    attempts = list_attempts(store, exercise.id, session_id=session.id)
    readings = [read_attempt(store, attempt)[one.id] for attempt in attempts]
    assert sorted(reading.is_done for reading in readings) == [False, True, True, True, True]
    assert [len(reading.marks) for reading in readings] == [1] * 5


def make_two_notes(store):
    notes = [
        Note(f"n{number}", text, marks, {"is_synthetic": True})
        for number, (text, marks) in enumerate(
            [
                (
                    "Says he checks her phone every night. No offences.",
                    (Mark(8, 24, "monitoring"),),
                ),
                ("Noise from a party, music turned off on request.", ()),
            ]
        )
    ]
    return create_exercise(store, "Two notes", notes, by="Tess")


def test_a_trainee_alone_compares_at_once_and_comes_back_by_a_code(browser, room):
    address, store = room
    exercise = make_two_notes(store)
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(f"{address}/practise")
    page.get_by_test_id("stForm").nth(1).get_by_role("button", name="Begin").click(timeout=LONG)
    page.get_by_text("Before you begin").wait_for(timeout=LONG)
    settle(page)
    own_code = list_own_code(page)
    page.get_by_test_id("stMain").get_by_role("button", name="Begin").click()
    page.locator(".desk .text").wait_for(timeout=LONG)
    settle(page)
    mark(page, 8, "monitoring", "Says he checks her phone every night. No offences.")
    press(page, "w")
    page.keyboard.type("Who else has her code? <b>")
    press(page, "Enter")
    wait_saved(page)
    press(page, "d")
    page.get_by_text("Note 1, compared").wait_for(timeout=LONG)
    page.get_by_text(
        "The reference has 1 phrase of evidence; yours: 1 with the same label."
    ).wait_for()
    page.get_by_text("Who else has her code? <b>", exact=True).wait_for()
    page.get_by_role("button", name="How it went").click()
    page.get_by_text("Monitoring: 1 of 1 phrase, in one exercise so far.").wait_for(timeout=LONG)
    page.get_by_role("button", name="Leave").click()
    page.get_by_text("Come back to an exercise").click(timeout=LONG)
    assert own_code not in page.url

    page.get_by_role("textbox", name="Your own code", exact=True).fill(own_code)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Go on with it").click(timeout=LONG)
    page.get_by_text("1 of 2 notes done").wait_for(timeout=LONG)
    attempts = list_attempts(store, exercise.id)
    assert len(attempts) == 1
    assert own_code in page.url


def list_own_code(page):
    return next(
        words
        for words in page.get_by_test_id("stSidebar").get_by_test_id("stText").all_inner_texts()
        if words.count("-") == 3
    )
