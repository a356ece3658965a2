"""The page in a real browser: what AppTest cannot see, above all the JavaScript."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from classifier.findings import NoteEvidence
from classifier.labels import load_labels
from classifier.writing import write_evidence
from review.options import make_flags
from training.corpus import SYNTHETIC, read_corpus
from training.evaluate import measure_outcomes, write_figures
from training.outcome import Outcome

ROOT = Path(__file__).parents[1]
NOTES = SYNTHETIC / "notes" / "police_notes.jsonl"
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
NOTE = ".st-key-note .text"
START_SECONDS = 120
"""Time to wait for the page and for the model to read the demonstration on a slow machine."""

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(
    shutil.which(CHROMIUM) is None, reason=f"needs Chromium at {CHROMIUM}"
)

HARNESS = """
import streamlit as st
from classifier.findings import Finding
from classifier.labels import load_labels
from review.highlight import chosen_in, make_chip, show_note, show_rows, show_words

TEXT = {text!r}
FINDINGS = [Finding(*parts) for parts in {findings!r}]

def choose():
    st.session_state["place"] = chosen_in("note")

place = st.session_state.get("place")
labels = load_labels()
facts = {{"Person": TEXT}}
show_note(
    TEXT, FINDINGS, labels, key="note", title=TEXT, facts=facts, chosen=place, on_choose=choose
)
st.text(f"chosen {{place}}")
row = {{"id": 0, "title": TEXT, "aside": TEXT, "line": TEXT, "chips": [make_chip(labels.label[0])]}}
show_rows([row, {{**row, "chips": []}}], key="rows", name="Rows")
show_words([(TEXT, 1.0)], key="words")
"""


@contextmanager
def serve(script, *arguments):
    """Start the page on a free port; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(
        [*command, *make_flags(), "--", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for_port(port):
    for _ in range(START_SECONDS * 5):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the page did not start")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demo_address():
    with serve(ROOT / "app.py", "--demo") as address:
        yield address


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.asked, page.dialogs, page.faults = [], [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    page.close()


def open_demo(page, address):
    page.goto(address)
    page.get_by_text("in reading order").wait_for(timeout=START_SECONDS * 1000)
    settle(page)


def settle(page):
    """Wait until the page has done what it was asked, and listens to keys again."""
    page.wait_for_timeout(300)
    idle = '[data-testid=stApp][data-test-script-state="notRunning"]'
    page.locator(idle).wait_for(timeout=START_SECONDS * 1000)
    page.wait_for_timeout(300)


def show_only(page, words):
    """Narrow the list to the notes that hold these words, of all notes."""
    page.get_by_role("radio", name="All", exact=True).click()
    box = page.get_by_label("Words or number of a note")
    box.fill(words)
    box.press("Enter")


def show_text(page, tmp_path, text, findings):
    """Serve a page that shows nothing but a note."""
    script = tmp_path / "harness.py"
    script.write_text(HARNESS.format(text=text, findings=findings), encoding="utf-8")
    return serve(script)


def phrases_in(page):
    """The highlighted stretches, each with the letters of the cue that ends it."""
    return page.locator(NOTE).evaluate(
        """box => {
            const found = {};
            box.querySelectorAll('[data-covering]').forEach(one =>
                one.dataset.covering.split(' ').forEach(place =>
                    found[place] = (found[place] || '') + one.textContent));
            return Object.entries(found).sort((a, b) => a[0] - b[0]).map(([place, text]) =>
                [text, box.querySelector(`[data-place="${place}"]`).textContent]);
        }"""
    )


def own_text(page):
    """The note as shown, without the cues."""
    return page.locator(NOTE).evaluate(
        """box => {
            const copy = box.cloneNode(true);
            copy.querySelectorAll('.cue').forEach(cue => cue.remove());
            return copy.textContent;
        }"""
    )


# The demonstration


def test_markup_in_a_note_is_shown_as_text(page, demo_address):
    open_demo(page, demo_address)
    show_only(page, "24-0814-0368")
    page.get_by_role("heading", name="24-0814-0368").wait_for()
    assert "<script>alert(1)</script> & <b>bold</b>" in own_text(page)
    assert page.locator(f"{NOTE} :not(span):not(button)").count() == 0
    assert page.locator("b", has_text=re.compile("^bold$")).count() == 0
    assert page.dialogs == []
    assert page.faults == []


def test_nothing_is_asked_of_another_machine_and_no_note_is_in_an_address(page, demo_address):
    open_demo(page, demo_address)
    show_only(page, "whispering")
    page.wait_for_timeout(500)
    page.get_by_role("link", name="Labels").click()
    page.get_by_role("heading", name="Label guide").wait_for()
    page.get_by_role("link", name="Open", exact=True).click()
    page.get_by_text("What highlights look like").wait_for()
    away = [url for url in page.asked if not url.startswith((demo_address, "blob:", "data:"))]
    assert away == []
    assert not [url for url in page.asked if "whispering" in url]


def test_phrase_is_chosen_by_keyboard_and_explained(page, demo_address):
    open_demo(page, demo_address)
    cues = page.locator(f"{NOTE} button.cue")
    cues.nth(1).wait_for()
    pressed = [cue.get_attribute("aria-pressed") for cue in cues.all()]
    assert pressed.count("true") == 1
    cues.nth(0).focus()
    page.keyboard.press("Tab")
    name = page.evaluate(DEEP_ACTIVE + "active().getAttribute('aria-label')")
    title, words = re.match(r"[^,]+, may indicate (.+?), ([^,]+), .+ match: ", name).groups()
    place = int(page.evaluate(DEEP_ACTIVE + "active().dataset.place"))
    page.keyboard.press("Enter")
    page.get_by_text(f"Phrase {place + 1} of").wait_for()
    card = page.locator(".st-key-explanation")
    assert card.get_by_role("heading", name=title).is_visible()
    assert card.get_by_text(words).is_visible()
    settle(page)
    assert page.evaluate(DEEP_ACTIVE + "active().dataset.place") == str(place), "focus stays"
    assert cues.nth(1).get_attribute("aria-pressed") == "true"
    key, beside = ("k", place) if place else ("j", place + 2)
    page.keyboard.press(key)
    page.get_by_text(f"Phrase {beside} of").wait_for()


DEEP_ACTIVE = """
    const active = () => {
        let one = document.activeElement;
        while (one && one.shadowRoot && one.shadowRoot.activeElement)
            one = one.shadowRoot.activeElement;
        return one;
    };
"""


def test_notes_are_walked_by_keys_and_by_the_list(page, demo_address):
    open_demo(page, demo_address)
    page.keyboard.press("n")
    page.get_by_text("Note 2 of").wait_for()
    settle(page)
    rows = page.locator("[data-testid=stSidebar] .row")
    assert rows.nth(1).get_attribute("aria-current") == "true"
    rows.nth(1).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text("Note 3 of").wait_for()
    settle(page)
    assert rows.nth(2).get_attribute("aria-current") == "true"
    shown = rows.nth(2).locator(".title").text_content()
    assert page.locator(".st-key-note h1").text_content() == shown
    settle(page)
    page.keyboard.press("p")
    page.get_by_text("Note 2 of").wait_for()


def test_why_is_shown_when_asked(page, demo_address):
    open_demo(page, demo_address)
    page.get_by_text("Why it is highlighted").click()
    page.get_by_text("Words that weighed towards this label").wait_for(timeout=30_000)
    page.locator(".words li").first.wait_for()


@pytest.mark.parametrize("width", [1400, 800, 700])
def test_nothing_runs_past_the_side(browser, demo_address, width):
    page = browser.new_page(viewport={"width": width, "height": 700})
    open_demo(page, demo_address)
    page.wait_for_timeout(800)
    too_wide = page.evaluate(
        "document.querySelector('[data-testid=stMain]').scrollWidth"
        " - document.querySelector('[data-testid=stMain]').clientWidth"
    )
    page.close()
    assert too_wide <= 0


# The text component


def test_offsets_hold_with_emoji_combining_and_right_to_left_letters(page, tmp_path):
    lead = "👮🏽‍♀️ cafe\u0301 \U0001f697\r\n"
    first, second, third = "goes through her phone", "לא נותן לה", "e\u0301tat"
    text = f"{lead}{first} 😀.\nשלום {second} כסף\n{third}\x00 <i>end</i>"

    def span(phrase, label, context):
        return (text.index(phrase), text.index(phrase) + len(phrase), label, context, 0.6)

    findings = [
        span(first, "monitoring", "affirmed"),
        span(second, "economic_abuse", "hypothetical"),
        span(third, "threats", "other"),
    ]
    with show_text(page, tmp_path, text, findings) as address:
        page.goto(address)
        page.locator(".cue").first.wait_for(timeout=START_SECONDS * 1000)
        assert phrases_in(page) == [[first, "MON"], [second, "MNY asked"], [third, "THR other"]]
        shown = text.replace("\r\n", " \n").replace("\x00", "␀")
        assert own_text(page) == shown
        assert page.locator(NOTE).get_attribute("dir") == "auto"
        name = page.locator(".cue").first.get_attribute("aria-label")
        assert name == f"MON, may indicate Monitoring, recorded as happening, clear match: {first}"
        styles = page.locator("[data-covering]").evaluate_all(
            "all => all.map(one => getComputedStyle(one).borderBottomStyle)"
        )
        assert set(styles) == {"solid", "dotted", "double"}, "not by colour alone"


def test_markup_is_text_wherever_a_component_shows_it(page, tmp_path):
    text = "<b>bold</b><img src=x onerror=alert(1)><script>alert(1)</script> end"
    with show_text(page, tmp_path, text, [(0, 64, "threats", "affirmed", 0.9)]) as address:
        page.goto(address)
        page.locator(".words li").wait_for(timeout=START_SECONDS * 1000)
        page.locator(".cue").first.click()
        page.get_by_text("chosen 0").wait_for()
        assert own_text(page) == text
        for place in ("h1", "dd", ".title", ".aside", ".line", ".word"):
            assert page.locator(place).first.text_content() == text
        assert page.locator(".root b, .root img, .root script").count() == 0
        assert page.dialogs == []


def test_overlapping_phrases_each_have_a_cue_and_a_line(page, tmp_path):
    text = "has to ask before she can ring her mum every night"
    findings = [
        (0, 38, "isolation", "affirmed", 0.9),
        (0, 38, "fear_compliance", "affirmed", 0.5),
        (26, 50, "daily_control", "negated", 0.7),
    ]
    with show_text(page, tmp_path, text, findings) as address:
        page.goto(address)
        page.locator(".cue").first.wait_for(timeout=START_SECONDS * 1000)
        assert own_text(page) == text
        assert phrases_in(page) == [
            [text[:38], "ISO"],
            [text[:38], "FEA"],
            [text[26:], "DAY not"],
        ]
        page.locator("[data-covering]").first.click()
        page.get_by_text("chosen 0").wait_for()
        page.wait_for_timeout(300)
        page.locator("[data-covering]").first.click()
        page.get_by_text("chosen 1").wait_for()
        page.locator(".cue", has_text="DAY").click()
        page.get_by_text("chosen 2").wait_for()


def test_dark_page_has_dark_colours_under_light_letters(browser, demo_address):
    for scheme, is_light in (("light", True), ("dark", False)):
        page = browser.new_page(color_scheme=scheme)
        open_demo(page, demo_address)
        page.wait_for_timeout(500)
        is_dark = page.locator(".st-key-note .root").evaluate("one => one.matches('.dark')")
        page.close()
        assert is_dark is not is_light


# The screen of models


@pytest.fixture(scope="module")
def models_address(tmp_path_factory):
    """A page with one evaluation of two invented notes that come with Unheard."""
    folder = tmp_path_factory.mktemp("models") / "measured"
    folder.mkdir()
    notes = [note for note in read_corpus(NOTES) if note.marks][:2]
    ids = load_labels().ids
    found = tuple(NoteEvidence(note, (), dict.fromkeys(ids, 0.1), 0.1) for note in notes)
    empty = Outcome(
        found,
        np.tile([[0.1], [0.8]], (1, len(ids))),
        np.tile([[False], [True]], (1, len(ids))),
        np.zeros((0, 2), dtype=int),
        {},
        np.zeros((0, 6)),
    )
    about = {"measured_on": "two notes", "way": "cross-validation", "thresholds": {}}
    figures = measure_outcomes([empty], ids, about=about, seed=0, resamples=5)
    write_figures(figures, folder / "evaluation.json")
    write_evidence(found, folder / "predictions.jsonl", labels=load_labels())
    with serve(ROOT / "app.py", f"--model={folder}") as address:
        yield address, folder


def open_models(page, address):
    page.goto(f"{address}/models")
    page.get_by_text("the clearest first").wait_for(timeout=START_SECONDS * 1000)
    settle(page)


def test_examples_are_walked_by_keys_with_marks_and_highlights_side_by_side(page, models_address):
    address, folder = models_address
    open_models(page, address)
    sides = [page.locator(f".st-key-{side}_note .text") for side in ("marked", "shown")]
    shown = sides[1].text_content()
    marked = sides[0].locator(".cue.chosen")
    assert marked.get_attribute("role") == "img", "a mark is read, not pressed"
    assert marked.get_attribute("aria-label").startswith(f"{marked.text_content()}, marked ")
    assert "match" not in marked.get_attribute("aria-label"), "people's marks have no score"
    cues = "".join(sides[0].locator(".cue").all_text_contents())
    assert len(sides[0].text_content()) == len(shown) + len(cues), "the same text twice"
    page.keyboard.press("n")
    page.get_by_text("Example 2 of").wait_for()
    settle(page)
    page.keyboard.press("p")
    page.get_by_text("Example 1 of").wait_for()
    assert not [url for url in page.asked if folder.name in url or shown[:20] in url]
    assert all(url.startswith((address, "blob:", "data:")) for url in page.asked)
    assert page.faults == []


def test_charts_have_a_name_and_a_table_that_keys_can_scroll(page, models_address):
    open_models(page, models_address[0])
    page.get_by_text("Confusion as a table").click()
    table = page.locator(".scroll", has_text="Marks by label (rows)")
    table.wait_for()
    assert table.get_attribute("tabindex") == "0"
    assert table.locator("th[scope=row]").first.text_content()
    names = page.locator("[role=graphics-document]").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label'))"
    )
    assert len(names) == 3
    assert all("table" in name for name in names)


@pytest.mark.parametrize("width", [1400, 800, 700, 400])
def test_models_do_not_run_past_the_side(browser, models_address, width):
    page = browser.new_page(viewport={"width": width, "height": 700})
    open_models(page, models_address[0])
    too_wide = page.evaluate(
        "document.querySelector('[data-testid=stMain]').scrollWidth"
        " - document.querySelector('[data-testid=stMain]').clientWidth"
    )
    page.close()
    assert too_wide <= 0
