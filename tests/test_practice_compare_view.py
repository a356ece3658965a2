"""How a comparison is shown: all marks on one text, in a real browser too."""

import json
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_browser import CHROMIUM, CHROMIUM_FLAGS, DEEP_ACTIVE, START_SECONDS, serve

from classifier.findings import Finding
from classifier.labels import LabelSet, load_labels
from classifier.note import Mark, Note
from classifier.wording import WHAT_IT_DOES_NOT_DO
from review.practice.colleague import COLLEAGUE_WORDS
from review.practice.comparison import KIND_WORDS, compare
from review.practice.counted import say_summary
from review.practice.described import ONE_READING, describe
from review.practice.prompts import load_prompts

LABELS = load_labels()
PROMPTS = load_prompts()
TEXT = "Caller 👮🏽 says he reads her texts, has her <b>card</b>.\r\nNo threats. Verbal only, NFA."


def mark(words, label="monitoring", context="affirmed"):
    start = TEXT.index(words)
    return Mark(start, start + len(words), label, context)


READS, CARD = mark("reads her texts"), mark("has her <b>card</b>", "economic_abuse")
NO_THREATS = mark("No threats", "threats", "negated")
DISMISSIVE = mark("Verbal only, NFA", "dismissive_response")
NOTE = Note("n", TEXT, (READS, CARD, NO_THREATS, DISMISSIVE))
MARKS = [mark("he reads her texts"), mark("No threats", "threats"), mark("Caller", "isolation")]


def describe_marks(marks, **more):
    return describe(compare(NOTE, marks, LABELS), LABELS, **more)


# What goes to the page


def test_the_text_is_cut_at_the_borders_of_all_marks_and_kept_whole():
    data = describe_marks(MARKS)
    assert "".join(piece[0] for piece in data["segments"]) == TEXT.replace("\r\n", " \n")
    shown = [[piece[0], piece[1], piece[2]] for piece in data["segments"] if piece[1]]
    assert shown == [
        ["Caller", [0], {"Y": True}],
        ["he ", [1], {"Y": True}],
        ["reads her texts", [1], {"R": True, "Y": True}],
        ["has her <b>card</b>", [2], {"R": True}],
        ["No threats", [3], {"R": False, "Y": True}],
        ["Verbal only, NFA", [4], {"R": True}],
    ]


def test_a_cue_names_whose_mark_ends_where():
    data = describe_marks(MARKS)
    cues = [(cue["row"], cue["who"], cue["cue"]) for piece in data["segments"] for cue in piece[3]]
    assert cues == [
        (0, "Y", "ISO"),
        (1, "RY", "MON"),
        (2, "R", "MNY"),
        (3, "R", "THR not"),
        (3, "Y", "THR"),
        (4, "R", "DIS"),
    ]


def test_phrases_stand_under_their_kinds_what_the_reference_also_has_first():
    groups = describe_marks(MARKS)["groups"]
    assert groups == [
        {"title": KIND_WORDS["missed"], "rows": [2, 4]},
        {"title": KIND_WORDS["context"], "rows": [3]},
        {"title": KIND_WORDS["over"], "rows": [0]},
        {"title": KIND_WORDS["extent"], "rows": [1]},
    ]


def test_a_phrase_has_its_words_marks_reason_and_labels():
    row = describe_marks([mark("reads her texts", "isolation")])["rows"][0]
    assert row["phrase"] == "reads her texts"
    assert [(one["who"], one["name"], one["title"]) for one in row["marks"]] == [
        ("R", "the reference", "Monitoring"),
        ("Y", "you", "Isolation"),
    ]
    assert row["reason"].startswith("You gave Isolation, which asks whether a partner")
    assert (row["labels"], row["asked"], row["model"]) == (
        ["monitoring", "isolation"],
        "monitoring",
        "",
    )


def test_the_guide_and_prompts_stand_beside_a_label():
    label = describe_marks([], prompts=PROMPTS)["labels"]["monitoring"]
    assert label["title"] == "Monitoring"
    assert label["definition"] == LABELS["monitoring"].definition
    assert label["look_alikes"] == list(LABELS["monitoring"].look_alikes)
    assert [name for name, _, _ in label["sources"]] == list(LABELS["monitoring"].sources)
    assert label["advice"]["ask"] == PROMPTS["monitoring"].ask


def test_nothing_is_asked_where_there_is_no_evidence_or_no_prompts():
    data = describe_marks(MARKS, prompts=PROMPTS)
    assert [row["asked"] for row in data["rows"]] == [
        "",
        "monitoring",
        "economic_abuse",
        "",
        "dismissive_response",
    ]
    assert describe_marks(MARKS)["advice"] is None
    assert describe_marks(MARKS)["labels"]["monitoring"]["advice"] is None


def test_what_the_note_did_is_quoted():
    assert describe_marks([])["did"] == [
        {"words": "Verbal only, NFA", "quoted": True, "dismissive": True}
    ]
    note = Note("n", "He reads her post.", (), {"handled": {"closing_code": "NFA\x00"}})
    did = describe(compare(note, [], LABELS), LABELS)["did"]
    assert did == [{"words": "Closing code: NFA␀", "quoted": False, "dismissive": False}]


def test_standing_words_say_what_a_reference_and_a_note_are():
    assert describe_marks([])["words"] == [ONE_READING, WHAT_IT_DOES_NOT_DO]
    invented = Note("n", TEXT, (), {"is_synthetic": True})
    words = describe(compare(invented, [], LABELS), LABELS, model_marks=[])["words"]
    assert words == ["This note is invented.", ONE_READING, COLLEAGUE_WORDS, WHAT_IT_DOES_NOT_DO]


def test_the_model_is_a_third_reading():
    model = [
        Finding(READS.start, READS.end, "isolation", "affirmed", 0.4),
        Finding(0, 6, "threats", "affirmed", 0.9),
    ]
    data = describe_marks([READS], model_marks=model)
    assert [who for who, _ in data["legend"]] == ["R", "Y", "M"]
    assert [(row["model"], [one["who"] for one in row["marks"]]) for row in data["rows"]] == [
        ("", ["M"]),
        ("The model has Isolation, recorded as happening.", ["R", "Y", "M"]),
        ("The model highlights nothing here as this.", ["R"]),
        ("The model highlights nothing here as this.", ["R"]),
        ("The model highlights nothing here as this.", ["R"]),
    ]
    assert data["rows"][0]["reason"] == (
        "The model highlights Threats here, recorded as happening; neither you nor the reference "
        "has a mark."
    )
    assert data["groups"][-1] == {"title": "Only the model has these", "rows": [0]}
    assert [who for who, _ in describe_marks([READS])["legend"]] == ["R", "Y"]


def test_labels_that_the_label_set_does_not_have_are_shown_by_their_ids():
    own = LabelSet(label=(LABELS["threats"].model_copy(update={"sources": {}}),))
    data = describe(compare(NOTE, [READS], own), own, prompts=PROMPTS)
    assert data["rows"][0]["marks"][0]["cue"] == "MON"
    assert data["labels"]["monitoring"]["title"] == "monitoring"


marks = st.builds(
    lambda start, length, label, context: Mark(
        start, min(start + length, len(TEXT)), label, context
    ),
    st.integers(0, len(TEXT) - 1),
    st.integers(1, 25),
    st.sampled_from(["threats", "isolation"]),
    st.sampled_from(["affirmed", "negated"]),
)
readings = st.lists(marks, max_size=5)


@given(readings, readings, st.none() | readings)
def test_every_mark_has_its_cue_and_every_phrase_its_place(reference, trainee, model):
    note = Note("n", TEXT, tuple(reference))
    data = describe(compare(note, trainee, LABELS), LABELS, model_marks=model, prompts=PROMPTS)
    json.dumps(data)
    assert "".join(piece[0] for piece in data["segments"]) == TEXT.replace("\r\n", " \n")
    placed = [row for group in data["groups"] for row in group["rows"]]
    assert sorted(placed) == list(range(len(data["rows"])))
    for who, given_marks in (("R", reference), ("Y", trainee), ("M", model or [])):
        cues = [cue for piece in data["segments"] for cue in piece[3] if who in cue["who"]]
        assert len(cues) == len(set(given_marks))


@pytest.mark.parametrize(
    ("trainee", "words"),
    [
        (
            [READS, mark("has her", "isolation"), mark("Caller", "isolation")],
            "The reference has 3 phrases of evidence; yours: 1 with the same label, 1 with another "
            "label and 1 not marked as such. You have 1 mark where the reference has none.",
        ),
        (
            [READS, CARD, DISMISSIVE],
            "The reference has 3 phrases of evidence; yours: 3 with the same label.",
        ),
        (
            [mark("reads", context="other"), mark("No threats", "threats")],
            "The reference has 3 phrases of evidence; yours: 1 as a look-alike and 2 not marked as "
            "such. You took 1 look-alike for evidence.",
        ),
    ],
)
def test_a_summary_counts_phrases(trainee, words):
    assert say_summary(compare(NOTE, trainee, LABELS)) == words


@pytest.mark.parametrize(
    ("trainee", "words"),
    [
        ([], "The reference has no evidence in this note. You marked none either."),
        (
            [READS, CARD],
            "The reference has no evidence in this note. You have 2 marks where the reference has "
            "none.",
        ),
        (
            [mark("No threats", "threats")],
            "The reference has no evidence in this note. You took 1 look-alike for evidence.",
        ),
    ],
)
def test_a_summary_of_a_note_without_evidence(trainee, words):
    assert say_summary(compare(Note("n", TEXT, (NO_THREATS,)), trainee, LABELS)) == words


# In a browser

HARNESS = """
import streamlit as st
from classifier.labels import load_labels
from classifier.note import Mark, Note
from review.practice.compare_view import show_comparison
from review.practice.comparison import compare
from review.practice.prompts import load_prompts

LABELS = load_labels()
note = Note("n", {text!r}, tuple(Mark(*parts) for parts in {reference!r}))
marks = [Mark(*parts) for parts in {trainee!r}]
model = [Mark(*parts) for parts in {model!r}]
st.set_page_config(layout="wide")
st.title("Compare")
show_comparison(
    compare(note, marks, LABELS), LABELS, key="shown", model_marks=model, prompts=load_prompts()
)
st.button("Run again")
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.text(f"runs {{st.session_state['runs']}}")
"""


def parts(marks):
    return [(one.start, one.end, one.label, one.context) for one in marks]


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if shutil.which(CHROMIUM) is None:
        pytest.skip(f"needs Chromium at {CHROMIUM}")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    script = tmp_path_factory.mktemp("compare") / "harness.py"
    script.write_text(
        HARNESS.format(
            text=TEXT,
            reference=parts(NOTE.marks),
            trainee=parts(MARKS),
            model=parts([mark("reads"), mark("Caller", "isolation", "negated")]),
        ),
        encoding="utf-8",
    )
    with serve(script) as address:
        yield address


@pytest.fixture
def page(browser, address):
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.dialogs, page.faults = [], []
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(address)
    page.locator(".compare .text").wait_for(timeout=START_SECONDS * 1000)
    yield page
    assert page.faults == []
    page.close()


def active(page):
    """Class and phrase of the element that has the focus."""
    return page.evaluate(DEEP_ACTIVE + "[active().classList[0], active().dataset.row]")


def test_markup_in_a_note_is_shown_as_text(page):
    shown = page.locator(".compare .text").evaluate(
        """box => {
            const copy = box.cloneNode(true);
            copy.querySelectorAll('.cue').forEach(cue => cue.remove());
            return copy.textContent;
        }"""
    )
    assert shown == TEXT.replace("\r\n", " \n")
    assert page.locator(".card .phrase", has_text="<b>card</b>").count() == 1
    assert page.locator(".compare b").count() == 0
    assert page.dialogs == []


def test_three_readings_stand_apart_without_colour(page):
    def look(words):
        return page.locator(".compare .text .marked", has_text=words).first.evaluate(
            """one => {
                const style = getComputedStyle(one);
                const lines = [style.borderBottomStyle, style.borderTopStyle];
                return [...lines, style.backgroundImage.startsWith('repeating')];
            }"""
        )

    assert look("reads") == ["solid", "solid", True]
    assert look("card") == ["solid", "none", False]
    assert look("No") == ["dashed", "solid", False]
    assert page.locator(".legend .letter").all_text_contents() == ["R", "Y", "M"]


def test_from_a_phrase_to_its_reason_and_back_by_keyboard(page):
    page.locator(".compare button.cue").first.focus()
    page.keyboard.press("Enter")
    assert active(page) == ["card", "0"]
    page.keyboard.press("Tab")
    assert active(page) == ["number", "0"]
    page.keyboard.press("Enter")
    assert active(page) == ["chip", "0"]
    assert page.locator(".cue[aria-pressed=true]").count() > 0


def test_a_name_of_a_cue_says_whose_it_is(page):
    names = page.locator(".compare button.cue").evaluate_all(
        "all => all.map(one => [one.textContent, one.getAttribute('aria-label')])"
    )
    assert ["3 R MNY", "3 R MNY, the reference: Economic abuse"] in names
    assert all(name.startswith(shown) for shown, name in names)


def test_what_was_opened_stays_open_when_the_page_runs_again(page):
    page.locator(".card summary").first.click()
    page.locator(".compare button.cue").nth(1).click()
    runs = page.get_by_text("runs ").text_content()
    page.get_by_role("button", name="Run again").click()
    page.get_by_text(f"runs {int(runs.split()[1]) + 1}").wait_for()
    assert page.locator(".card details[open]").count() == 1
    assert page.locator(".card.chosen").count() == 1


@pytest.mark.parametrize(("width", "is_beside"), [(1400, True), (800, False), (360, False)])
def test_the_list_stands_beside_the_note_or_below_it_and_nothing_is_cut_off(page, width, is_beside):
    page.set_viewport_size({"width": width, "height": 900})
    note, side = (page.locator(one).bounding_box() for one in (".note-side", ".list-side"))
    assert (side["x"] > note["x"] + note["width"] - 10) == is_beside
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in (note, side):
        assert box["x"] + box["width"] <= width
