"""The desk: what goes in, what comes out, and the whole of it in a real browser."""

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from desk_page import read_stored_in
from test_browser import (
    CHROMIUM,
    CHROMIUM_FLAGS,
    DEEP_ACTIVE,
    ROOT,
    START_SECONDS,
    serve,
    wait_for_port,
)

from classifier.labels import load_labels
from review.actions import Action
from review.desk import Desk, Phrase, make_desk_data
from review.options import make_flags

PAGE = Path(__file__).with_name("desk_page.py")
LABELS = load_labels()

# Data in


def test_desk_is_described_in_plain_values_with_the_length_of_the_text_kept():
    text = "👮🏽 says\r\nno\x00"
    phrase = Phrase("f1", "finding", 0, 2, "threats", "negated", 0.9, "accept", "plain", "so")
    desk = Desk(
        4,
        "n-4\x07",
        text,
        {"Team": "B\x00"},
        (phrase, Phrase("m1", "mark", 3, 7, "isolation")),
        "acted",
        "mine",
        "Ada",
        ("Ada", "Beth"),
        "Note 1 of 9",
        {"accept": {"plain": "Plainly said"}},
        {"acted": "Acted on"},
        False,
        ("May distress.",),
    )
    data = make_desk_data(desk, LABELS)
    labels, contexts, longest = (data.pop(name) for name in ("labels", "contexts", "longest"))
    assert data == {
        "note": 4,
        "title": "n-4␇",
        "text": "👮🏽 says \nno␀",
        "facts": [["Team", "B␀"]],
        "phrases": [
            {
                **{"id": "f1", "kind": "finding", "start": 0, "end": 2, "label": "threats"},
                **{"context": "negated", "score": 0.9, "answer": "accept", "reason": "plain"},
                **{"comment": "so", "changed": False, "match": "strong match"},
            },
            {
                **{"id": "m1", "kind": "mark", "start": 3, "end": 7, "label": "isolation"},
                **{"context": "affirmed", "score": None, "answer": None, "reason": None},
                **{"comment": "", "changed": False, "match": ""},
            },
        ],
        "outcome": "acted",
        "comment": "mine",
        "flagged": "Ada",
        "colleagues": ["Ada", "Beth"],
        "place": "Note 1 of 9",
        "reasons": {"accept": [["plain", "Plainly said"]]},
        "outcomes": [["acted", "Acted on"]],
        "outcomeName": "Outcome",
        "commentName": "Comment on the note",
        "decides": False,
        "notices": ["May distress."],
    }
    assert len(data["text"]) == len(text)
    assert [label["id"] for label in labels] == list(LABELS.ids)
    assert set(labels[0]) == {
        *("id", "title", "cue", "light", "dark", "definition", "evidence", "look_alikes"),
        "sources",
    }
    assert contexts[1] == {"id": "negated", "words": "recorded as not happening", "cue": "not"}
    assert longest == 10_000
    assert json.loads(json.dumps(data)) == data


@pytest.mark.parametrize(
    ("phrases", "message"),
    [
        (
            [Phrase("a", "mark", 3, 9, "threats")],
            "note 4, phrase 'a': span 3:9 is empty or runs past the text (5 characters)",
        ),
        (
            [Phrase("a", "mark", 3, 3, "threats")],
            "note 4, phrase 'a': span 3:3 is empty or runs past the text (5 characters)",
        ),
        (
            [Phrase("a", "mark", 0, 1, "threats"), Phrase("a", "mark", 1, 2, "threats")],
            "note 4, phrase 'a': there are two of this id",
        ),
        (
            [Phrase("a", "guess", 0, 1, "threats")],
            "note 4, phrase 'a': no kind 'guess'; it must be one of finding, mark",
        ),
        (
            [Phrase("a", "mark", 0, 1, "threats", "maybe")],
            "note 4, phrase 'a': no context 'maybe'; it must be one of affirmed, negated, "
            "hypothetical, other",
        ),
        (
            [Phrase("a", "finding", 0, 1, "threats", answer="yes")],
            "note 4, phrase 'a': no answer 'yes'; it must be one of None, accept, dismiss, unsure",
        ),
    ],
)
def test_phrase_that_cannot_be_shown_is_refused_by_its_id(phrases, message):
    with pytest.raises(ValueError) as error:
        make_desk_data(Desk(4, "n-4", "short", phrases=tuple(phrases)), LABELS)
    assert str(error.value) == message


def test_words_of_a_note_are_not_in_the_repr_of_a_desk():
    desk = Desk(
        4,
        "n-4",
        "secret",
        {"Team": "secret"},
        (Phrase("a", "mark", 0, 1, "threats", comment="secret"),),
        comment="secret",
    )
    assert "secret" not in repr(desk)


# In a browser

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
in_browser = pytest.mark.skipif(
    shutil.which(CHROMIUM) is None, reason=f"needs Chromium at {CHROMIUM}"
)

TEXT = (
    "👮🏽‍♀️ cafe\u0301: says he goes through her phone every night.\r\n"
    "She has to ask before she can ring her mum, so-called rules. שלום לא נותן לה כסף 😀\n"
    "\tDenied any violence <b>today</b>."
)


def extent(words, text=TEXT):
    return {"start": text.index(words), "end": text.index(words) + len(words)}


def finding(id, words, label="threats", context="affirmed", **parts):
    return {
        **{"id": id, "kind": "finding", **extent(words), "label": label, "context": context},
        **{"score": 0.6, **parts},
    }


FINDINGS = [
    finding("f1", "goes through her phone", "monitoring"),
    finding("f2", "ask before she can ring her mum", "isolation", score=0.9),
    finding("f3", "ring her mum, so", "daily_control"),
    finding("f4", "Denied any violence", "threats", "negated"),
]


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    with serve(PAGE, folder) as address:
        yield address, folder


class Visit:
    """One person at one desk."""

    def __init__(self, page, folder):
        self.page, self.folder = page, folder
        self.faults, self.dialogs = [], []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))

    def open(self, address):
        self.page.goto(address)
        self.page.locator(".desk .place", has_text="Note").wait_for(timeout=START_SECONDS * 1000)
        self.page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
        return self

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def saved(self):
        """Everything that is stored, without keys and empty fields."""
        self.page.locator(".saved").get_by_text("Saved", exact=True).wait_for()
        return [plain(action) for action in read_stored_in(self.folder)]

    def heard(self):
        return self.part(".heard").text_content()

    def part(self, selector, **options):
        return self.page.locator(f".desk {selector}", **options)

    def chosen(self):
        return self.part('.row[aria-selected="true"]').get_attribute("data-id")

    def focused(self):
        """First class of what has the focus."""
        return self.page.evaluate(DEEP_ACTIVE + "active().classList[0]")

    def runs(self):
        return self.page.get_by_text(re.compile(r"^runs \d+, left \d+$")).text_content()

    def own_text(self):
        return self.part(".text").evaluate(
            """box => {
                const copy = box.cloneNode(true);
                copy.querySelectorAll('.cue').forEach(cue => cue.remove());
                return copy.textContent;
            }"""
        )

    def spot(self, words, edge):
        """Where on the screen a stretch of the text starts or ends."""
        return self.part(".text").evaluate(
            """(box, [words, edge]) => {
                const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT, node =>
                    node.parentElement.closest('.cue') ? 2 : 1);
                const nodes = [];
                while (walker.nextNode()) nodes.push(walker.currentNode);
                const whole = nodes.map(node => node.data).join('');
                let at = whole.indexOf(words) + (edge === 'end' ? words.length : 0);
                const step = edge === 'end' ? -1 : 0;
                for (const node of nodes) {
                    if (at + step < node.data.length) {
                        const range = document.createRange();
                        range.setStart(node, at + step);
                        range.setEnd(node, at + step + 1);
                        const rect = range.getBoundingClientRect();
                        const x = edge === 'end' ? rect.right - 1 : rect.left + 1;
                        return [x, (rect.top + rect.bottom) / 2];
                    }
                    at -= node.data.length;
                }
            }""",
            [words, edge],
        )

    def drag(self, first, last):
        """Select with the mouse from the start of some words to the end of others."""
        self.page.mouse.move(*self.spot(first, "start"))
        self.page.mouse.down()
        self.page.mouse.move(*self.spot(last, "end"), steps=4)
        self.page.mouse.up()


def plain(action: Action) -> dict:
    return {name: value for name, value in action if name != "key" and value is not None}


@pytest.fixture
def sit_down(browser, served):
    """Give a function that lays notes on the desk and opens it."""
    address, folder = served
    pages = []

    def sit_down(*notes, **options):
        for name in ("stored.jsonl", "hold", "refuse", "shown"):
            (folder / name).unlink(missing_ok=True)
        laid = [
            {"note_id": 7 + at, "title": f"n-{7 + at}", "text": TEXT, **note}
            for at, note in enumerate(notes or ({"phrases": FINDINGS}, {"phrases": FINDINGS[:1]}))
        ]
        (folder / "notes.json").write_text(json.dumps(laid), encoding="utf-8")
        page = browser.new_page(**{"viewport": {"width": 1400, "height": 900}, **options})
        pages.append(Visit(page, folder))
        return pages[-1].open(address)

    yield sit_down
    for visit in pages:
        visit.page.close()
        assert visit.faults == []
        assert visit.dialogs == []


def answer(phrase, said=None, note=7, **parts):
    said = {} if said is None else {"answer": said}
    return {"note": note, "kind": "answer", "phrase": phrase, **said, **parts}


def change(phrase, words, label, context="affirmed", **parts):
    return {
        **{"note": 7, "kind": "change", "phrase": phrase, **extent(words), "label": label},
        **{"context": context, **parts},
    }


def mark(words, label, context="affirmed"):
    return {"note": 7, "kind": "mark", **extent(words), "label": label, "context": context}


@in_browser
def test_answers_by_key_go_on_to_the_next_open_phrase(sit_down):
    visit = sit_down()
    assert visit.focused() == "list", "an idle page gives the desk the focus"
    assert visit.chosen() == "f1"
    visit.press("a")
    assert visit.chosen() == "f2"
    assert visit.heard().startswith("accepted. Next: may indicate Isolation, recorded as happening")
    visit.press("x", "u")
    assert visit.chosen() == "f4"
    visit.press("a", "a")
    assert visit.chosen() == "f4", "the last one stays"
    expected = [answer("f1", "accept"), answer("f2", "dismiss"), answer("f3", "unsure")]
    assert visit.saved() == [*expected, answer("f4", "accept"), answer("f4")]
    rows = visit.part(".row .answer").all_text_contents()
    assert rows == ["✓ accepted", "✕ dismissed", "? unsure", "open"]
    cues = visit.part(".text .cue").all_text_contents()
    assert cues == ["MON ✓", "ISO ✕", "DAY ?", "THR not"]


@in_browser
@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("j a", [answer("f2", "accept")]),
        ("ArrowDown ArrowDown ArrowUp x", [answer("f2", "dismiss")]),
        ("j j k u", [answer("f2", "unsure")]),
        ("r 2", [answer("f1", "dismiss", reason="denied")]),
        ("a k r 1", [answer("f1", "accept"), answer("f1", "accept", reason="plain")]),
        ("r Escape x", [answer("f1", "dismiss")]),
        ("t h i Enter", [answer("f1", comment="hi")]),
        ("t h i Escape a", [answer("f1", "accept")]),
        ("l e c o Enter", [change("f1", "goes through her phone", "economic_abuse")]),
        ("l 5", [change("f1", "goes through her phone", "threats")]),
        ("l ArrowDown Enter", [change("f1", "goes through her phone", "daily_control")]),
        ("v 3", [change("f1", "goes through her phone", "monitoring", "hypothetical")]),
        (
            "e ArrowRight ArrowRight ArrowLeft Shift+ArrowRight Enter",
            [change("f1", "through her phone every", "monitoring")],
        ),
        ("e Shift+ArrowLeft Enter", [change("f1", "he goes through her phone", "monitoring")]),
        ("e ArrowRight Escape a", [answer("f1", "accept")]),
        (
            "m Shift+ArrowRight Shift+ArrowRight Enter 3",
            [mark("goes through her", "daily_control")],
        ),
        ("m ArrowLeft Enter f e a r Enter", [mark("he", "fear_compliance")]),
        ("o 3", [{"note": 7, "kind": "outcome", "outcome": "missed"}]),
        (
            "o 4 o 4",
            [{"note": 7, "kind": "outcome", "outcome": "none"}, {"note": 7, "kind": "outcome"}],
        ),
        ("w a x Enter", [{"note": 7, "kind": "comment", "comment": "ax"}]),
        ("f 2", [{"note": 7, "kind": "flag", "to": "Beth"}]),
        (
            "f a d Enter f 3",
            [{"note": 7, "kind": "flag", "to": "Ada <b>"}, {"note": 7, "kind": "flag"}],
        ),
        ("a z", [answer("f1", "accept"), {"note": 7, "kind": "undo"}]),
        ("d", [{"note": 7, "kind": "done"}]),
        ("n", [{"note": 7, "kind": "go", "to": "next"}]),
        ("p", [{"note": 7, "kind": "go", "to": "previous"}]),
        ("? a Escape a", [answer("f1", "accept")]),
        ("g ? ? g a", [answer("f1", "accept")]),
    ],
)
def test_key_does_what_the_help_says(sit_down, keys, expected):
    visit = sit_down()
    visit.press(*keys.split())
    assert visit.saved() == expected


@in_browser
def test_definition_of_the_chosen_label_is_beside_the_text(sit_down):
    visit = sit_down()
    visit.press("j")
    label = LABELS["isolation"]
    meaning = visit.part(".meaning")
    assert label.definition in meaning.text_content()
    lines = meaning.locator("li").all_text_contents()
    assert lines == [*(f"“{line}”" for line in label.evidence), *label.look_alikes]
    meaning.get_by_text("Sources").click()
    assert meaning.get_by_text("HO15").is_visible()
    assert meaning.get_by_text("statutory guidance", exact=False).first.is_visible()
    visit.press("g")
    assert not meaning.is_visible()
    assert visit.part("[data-do=guide]").get_attribute("aria-expanded") == "false"


@in_browser
def test_everything_can_be_done_by_mouse(sit_down):
    visit = sit_down()
    visit.part(".row").nth(1).click()
    visit.part("[data-do=accept]").click()
    assert visit.chosen() == "f3"
    visit.part(".cue", has_text="MON").click()
    assert visit.chosen() == "f1"
    visit.part("[data-do=context]").click()
    visit.part(".option").nth(1).click()
    visit.part("[data-do=label]").click()
    visit.part(".option", has_text="Threats").click()
    visit.part("[data-do=extent]").click()
    visit.part('[data-step="end-"]').click()
    visit.part("[data-do=keepDraft]").click()
    visit.part(".outcome", has_text="Missed").click()
    visit.part(".outcome", has_text="Missed").click()
    visit.part(".note-comment").fill("seen")
    visit.part(".bar").click()
    visit.part("[data-do=undo]").click()
    visit.part("[data-do=done]").click()
    full = "goes through her phone"
    assert visit.saved() == [
        answer("f2", "accept"),
        change("f1", full, "monitoring", "negated"),
        change("f1", full, "threats", "negated"),
        change("f1", "goes through her", "threats", "negated"),
        {"note": 7, "kind": "outcome", "outcome": "missed"},
        {"note": 7, "kind": "outcome"},
        {"note": 7, "kind": "comment", "comment": "seen"},
        {"note": 7, "kind": "undo"},
        {"note": 7, "kind": "done"},
    ]


@in_browser
@pytest.mark.parametrize(
    ("first", "last", "marked"),
    [
        ("afe\u0301", "say", "cafe\u0301: says"),
        (
            "through",
            "her mum",
            "through her phone every night.\r\nShe has to ask before she can ring her mum",
        ),
        ("an ring", "s", "can ring her mum, so-called rules"),
        ("called", "rule", "so-called rules"),
        ("ask before", "mum, s", "ask before she can ring her mum, so-called"),
        ("נותן", "לה", "נותן לה"),
        ("כסף", "😀", "כסף 😀"),
        ("any", "<b>toda", "any violence <b>today"),
    ],
)
def test_selected_text_is_marked_in_whole_words(sit_down, first, last, marked):
    visit = sit_down()
    if last == "s":
        last = "so-called rules"
    visit.drag(first, last)
    visit.part(".floating").click()
    visit.press("2")
    assert visit.saved() == [mark(marked, "monitoring")]
    assert visit.own_text() == TEXT.replace("\r\n", " \n")


@in_browser
def test_letters_can_be_marked_without_widening_to_words(sit_down):
    visit = sit_down()
    visit.press("s")
    visit.drag("rough", "pho")
    visit.press("m", "1")
    visit.press("s")
    visit.page.keyboard.down("Alt")
    visit.drag("enied", "viol")
    visit.page.keyboard.up("Alt")
    visit.press("m", "1")
    assert visit.saved() == [
        mark("rough her pho", "isolation"),
        mark("enied any viol", "isolation"),
    ]


@in_browser
def test_white_space_is_trimmed_and_a_phrase_with_a_label_is_not_marked_twice(sit_down):
    visit = sit_down()
    visit.press("s")
    visit.drag(" goes", "phone ")
    visit.press("m", "2")
    assert visit.heard() == "This phrase has that label already."
    visit.drag(" goes", "phone ")
    visit.press("m", "1")
    assert visit.saved() == [mark("goes through her phone", "isolation")]


@in_browser
def test_word_cursor_walks_over_pictures_lines_and_right_to_left_words(sit_down):
    visit = sit_down({"phrases": []})
    assert visit.focused() == "text"
    visit.press("m")
    assert visit.part(".draft").all_text_contents() == ["👮🏽‍♀️"]
    visit.press("ArrowRight")
    assert visit.part(".draft").all_text_contents() == ["cafe\u0301"]
    visit.press("ArrowDown")
    below = visit.part(".draft").text_content()
    assert TEXT.index(below) > TEXT.index("\r\n"), "the line below"
    while "שלום" not in visit.part(".draft").text_content():
        visit.press("ArrowRight")
    visit.press("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Enter")
    assert visit.part(".palette").is_visible()
    visit.press("m", "o", "n", "i", "Enter")
    assert visit.saved() == [mark("לא נותן לה", "monitoring")]
    assert visit.focused() == "list"


@in_browser
def test_own_mark_is_changed_before_and_after_it_is_stored_and_taken_away(sit_down):
    visit = sit_down({"phrases": []})
    (visit.folder / "hold").touch()
    visit.press("m", "ArrowRight", "Enter", "1", "v", "2", "l", "3")
    assert visit.part(".saved").text_content() == "Saving …"
    assert visit.part(".row .title").all_text_contents() == ["Control of daily life"]
    (visit.folder / "hold").unlink()
    visit.press("a")
    assert visit.heard() == "Your own mark needs no answer. Delete takes it away."
    visit.press("t", "h", "m", "Enter")
    visit.saved()
    focused = visit.part(".list").evaluate(
        """list => {
            list.dispatchEvent(new KeyboardEvent('keydown', {key: 'Delete', bubbles: true}));
            return list.getRootNode().activeElement.classList[0];
        }"""
    )
    assert focused == "text", "the list is gone, the focus is not"
    *said, removed = visit.saved()
    key = removed["phrase"]
    assert key == read_stored_in(visit.folder)[0].key
    assert [*said, removed] == [
        mark("cafe\u0301", "isolation"),
        change(key, "cafe\u0301", "isolation", "negated"),
        change(key, "cafe\u0301", "daily_control", "negated"),
        change(key, "cafe\u0301", "daily_control", "negated", comment="hm"),
        {"note": 7, "kind": "remove", "phrase": key},
    ]
    assert visit.part(".row").count() == 0
    assert visit.focused() == "text"


@in_browser
def test_many_keys_at_once_are_all_stored_once_and_in_order(sit_down):
    words = [f"word{at}" for at in range(24)]
    text = " ".join(words)
    phrases = [
        {
            **finding(f"p{at}", "cafe"),
            **extent(f"word{at}", text),
            "end": text.index(f"word{at}") + 5,
        }
        for at in range(24)
    ]
    visit = sit_down({"text": text, "phrases": phrases})
    visit.part(".list").evaluate(
        """list => {
            for (const key of 'axuaxuaxuaxuaxuaxuaxuaxu')
                list.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
        }"""
    )
    said = {"a": "accept", "x": "dismiss", "u": "unsure"}
    expected = [answer(f"p{at}", said["axu"[at % 3]]) for at in range(24)]
    assert visit.saved() == expected
    visit.page.keyboard.type("z" * 12)
    assert visit.saved() == [*expected, *[{"note": 7, "kind": "undo"}] * 12]
    visit.part(".count", has_text="12 of 24 answered").wait_for()


@in_browser
def test_what_is_not_stored_is_shown_kept_and_stored_later_once(sit_down):
    visit = sit_down()
    (visit.folder / "hold").touch()
    visit.press("a", "x", "o", "2")
    assert visit.part(".count").text_content() == "2 of 4 answered"
    visit.page.get_by_text("left 3").wait_for()
    assert visit.part(".saved").text_content() == "Saving …"
    visit.part(".saved", has_text="Not saved yet. Keep this page open.").wait_for()
    (visit.folder / "hold").unlink()
    visit.page.get_by_role("button", name="Run again").click()
    expected = [
        answer("f1", "accept"),
        answer("f2", "dismiss"),
        {"note": 7, "kind": "outcome", "outcome": "not_acted"},
    ]
    assert visit.saved() == expected
    visit.page.get_by_role("button", name="Run again").click()
    visit.page.get_by_text("left 0").wait_for()
    assert visit.saved() == expected


@in_browser
def test_refused_action_is_taken_back_and_the_reason_shown_as_text(sit_down):
    visit = sit_down()
    (visit.folder / "refuse").write_text("<b>somebody else has this note</b>")
    visit.press("a")
    alert = visit.part(".alert")
    alert.wait_for()
    assert alert.text_content() == "Not saved: <b>somebody else has this note</b>"
    assert visit.part(".count").text_content() == "0 of 4 answered"
    (visit.folder / "refuse").unlink()
    visit.press("k", "u")
    assert visit.saved() == [answer("f1", "unsure")]


@in_browser
def test_nothing_is_done_to_the_next_note_by_keys_meant_for_the_last(sit_down):
    visit = sit_down()
    (visit.folder / "hold").touch()
    visit.press("a", "d", "a", "x", "d", "m")
    assert visit.heard() == "The next note is on its way."
    (visit.folder / "hold").unlink()
    visit.page.get_by_role("button", name="Run again").click()
    visit.part(".place", has_text="Note 2 of 2").wait_for()
    assert visit.saved() == [answer("f1", "accept"), {"note": 7, "kind": "done"}]


@in_browser
def test_action_that_waits_stays_with_its_note_when_another_is_shown(sit_down):
    visit = sit_down()
    (visit.folder / "hold").touch()
    visit.press("a")
    visit.page.get_by_text("left 1").wait_for()
    (visit.folder / "shown").write_text("1")
    visit.page.get_by_role("button", name="Run again").click()
    visit.part(".place", has_text="Note 2 of 2").wait_for()
    assert visit.part(".row .answer").all_text_contents() == ["open"]
    visit.part(".list").focus()
    visit.press("u")
    (visit.folder / "hold").unlink()
    visit.press("o", "1")
    assert visit.saved() == [
        answer("f1", "accept"),
        answer("f1", "unsure", note=8),
        {"note": 8, "kind": "outcome", "outcome": "acted"},
    ]


@in_browser
def test_next_note_keeps_the_focus_and_says_itself(sit_down):
    visit = sit_down({"phrases": FINDINGS}, {"phrases": FINDINGS[:1]}, {"phrases": []})
    assert visit.heard() == "n-7. Note 1 of 3. 4 phrases, 4 not answered."
    visit.press("d")
    visit.part(".place", has_text="Note 2 of 3").wait_for()
    assert visit.heard() == "n-8. Note 2 of 3. 1 phrase, 1 not answered."
    assert (visit.focused(), visit.chosen()) == ("list", "f1")
    visit.press("x")
    visit.part("[data-do=nextNote]").click()
    visit.part(".place", has_text="Note 3 of 3").wait_for()
    assert visit.heard() == "n-9. Note 3 of 3. 0 phrases."
    assert visit.focused() == "text"
    visit.press("p")
    visit.part(".place", has_text="Note 2 of 3").wait_for()
    assert visit.saved()[1] == answer("f1", "dismiss", note=8)
    assert visit.part(".row .answer").all_text_contents() == ["✕ dismissed"]


@in_browser
def test_what_is_typed_stays_while_the_page_runs_again(sit_down):
    visit = sit_down()
    visit.press("a", "w")
    visit.page.keyboard.type("rather curt")
    visit.saved()
    assert visit.focused() == "note-comment"
    assert visit.part(".note-comment").input_value() == "rather curt"
    visit.page.keyboard.type(", and late")
    visit.press("Shift+Enter")
    visit.page.keyboard.type("call")
    visit.press("Enter")
    assert visit.focused() == "list"
    comment = {"note": 7, "kind": "comment", "comment": "rather curt, and late\ncall"}
    assert visit.saved() == [answer("f1", "accept"), comment]


@in_browser
def test_palette_stays_open_and_keeps_the_focus_while_the_page_runs_again(sit_down):
    visit = sit_down()
    visit.press("a", "l", "j")
    visit.saved()
    assert visit.part(".palette input").input_value() == "j"
    assert visit.page.evaluate(DEEP_ACTIVE + "active().tagName") == "INPUT"
    visit.press("Tab", "Tab", "Tab", "Tab")
    inside = DEEP_ACTIVE + "Boolean(active().closest('.palette')) || active() === document.body"
    assert visit.page.evaluate(inside), "the focus does not leave for the page"
    visit.press("Shift+Tab", "Escape")
    assert not visit.part(".palette").is_visible()
    visit.press("Escape")
    assert visit.focused() == "list"


@in_browser
def test_selection_stays_while_the_page_runs_again(sit_down):
    visit = sit_down()
    visit.drag("every", "night")
    visit.page.evaluate("""() => {}""")
    visit.press("o", "1")
    visit.saved()
    visit.press("m", "1")
    outcome = {"note": 7, "kind": "outcome", "outcome": "acted"}
    assert visit.saved() == [outcome, mark("every night", "isolation")]


@in_browser
def test_keys_rest_outside_the_desk_and_with_control(sit_down):
    visit = sit_down()
    visit.press("Control+a", "Meta+x", "Alt+u")
    visit.page.get_by_label("Elsewhere").click()
    visit.page.keyboard.type("axudmz")
    assert visit.part(".count").text_content() == "0 of 4 answered"
    visit.page.keyboard.press("Enter")
    visit.page.get_by_text(re.compile("^runs 2")).wait_for()
    assert read_stored_in(visit.folder) == []


@in_browser
def test_keys_of_the_desk_do_not_reach_the_page(sit_down):
    visit = sit_down()
    visit.page.evaluate(
        """() => {
            window.reached = [];
            for (const type of ['keydown', 'keypress', 'keyup'])
                document.addEventListener(type, event => window.reached.push(event.key));
        }"""
    )
    visit.press("c", "r", "Escape", "w", "c", "r", "?", "Escape", "?", "Escape")
    visit.page.keyboard.down("j")
    visit.page.keyboard.up("j")
    reached = set(visit.page.evaluate("window.reached"))
    assert reached <= {"Escape"}, "Streamlit takes c and r for itself"
    visit.press("Control+c", "F1")
    assert {"Control", "F1"} <= set(visit.page.evaluate("window.reached"))


@in_browser
def test_key_held_down_answers_once(sit_down):
    visit = sit_down()
    visit.page.keyboard.down("a")
    visit.page.keyboard.down("a")
    visit.page.keyboard.down("a")
    visit.page.keyboard.up("a")
    assert visit.saved() == [answer("f1", "accept")]


@in_browser
def test_note_for_reading_only_takes_nothing(sit_down):
    visit = sit_down({"phrases": FINDINGS, "can_decide": False, "comment": "old"}, {})
    visit.press("a", "m", "o", "d", "z", "Delete")
    assert visit.heard() == "This note is shown for reading only."
    assert visit.part(".answers").is_visible() is False
    assert visit.part("[data-do=done]").is_visible() is False
    visit.part(".outcome").first.click(force=True)
    visit.part(".note-comment").click()
    visit.page.keyboard.type("new")
    assert visit.part(".note-comment").input_value() == "old"
    visit.part(".list").focus()
    visit.press("j")
    assert visit.chosen() == "f2"
    visit.press("n")
    visit.part(".place", has_text="Note 2 of 2").wait_for()
    assert visit.saved() == [{"note": 7, "kind": "go", "to": "next"}]


@in_browser
def test_markup_is_shown_as_text_wherever_it_stands(sit_down):
    bad = "<img src=x onerror=alert(1)><script>alert(1)</script>"
    phrase = {
        **finding("<b>", "cafe"),
        **{"start": 0, "end": len(bad), "comment": bad, "answer": "accept", "reason": bad},
    }
    visit = sit_down(
        {
            **{"title": bad, "text": bad, "facts": {"Team": bad}, "phrases": [phrase]},
            **{"comment": bad, "flagged_to": bad, "colleagues": [bad], "notices": [bad]},
            **{"outcomes": {"x": bad}, "reasons": {"accept": {bad: bad}}},
        }
    )
    assert visit.own_text() == bad
    for place in ("h1", "dd", ".notices li", ".phrase-words", ".quote"):
        assert visit.part(place).first.text_content() == bad
    for keys in ("r", "f", "o", "l"):
        visit.press(keys)
        visit.part(".palette[open]").wait_for()
        visit.press("Escape")
    assert visit.part(":is(img, script)").count() == 0


@in_browser
def test_cues_are_no_part_of_what_is_copied_and_overlaps_have_a_line_each(sit_down):
    visit = sit_down()
    visit.drag("has", "rules")
    copied = visit.part(".text").evaluate("box => String(box.getRootNode().getSelection())")
    assert copied == "has to ask before she can ring her mum, so-called rules"
    under = visit.part(".stretch.under").all_text_contents()
    assert under == ["ring her ", "mum"]
    styles = visit.part(".text [data-covering]").evaluate_all(
        "all => [...new Set(all.map(one => getComputedStyle(one).borderBottomStyle))]"
    )
    assert styles == ["solid", "dashed"], "not by colour alone"
    picked = visit.part(".cue").first.evaluate("cue => getComputedStyle(cue).userSelect")
    assert picked == "none"


@in_browser
def test_roles_and_names_for_screen_readers(sit_down):
    visit = sit_down()
    page = visit.page
    assert page.get_by_role("group", name="n-7, Note 1 of 2").count() == 1
    assert page.get_by_role("region", name="Text of the note").count() == 1
    box = page.get_by_role("listbox", name="Phrases")
    assert box.get_by_role("option", selected=True).count() == 1
    pointed = box.get_attribute("aria-activedescendant")
    assert visit.part(f"#{pointed}").get_attribute("aria-selected") == "true"
    visit.press("a", "k")
    assert page.get_by_role("button", name="Accept", exact=True, pressed=True).count() == 1
    assert page.get_by_role("button", name="Dismiss", exact=True, pressed=False).count() == 1
    name = visit.part(".cue").first.get_attribute("aria-label")
    assert name == (
        "MON ✓, may indicate Monitoring, recorded as happening, clear match, accepted: "
        "goes through her phone"
    )
    visit.press("l")
    assert page.get_by_role("dialog", name="Label of “goes through her phone”").is_visible()
    assert page.get_by_role("combobox").get_attribute("aria-activedescendant") == "option-1"


@in_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_stand_out_in_either_theme(sit_down, scheme):
    visit = sit_down(color_scheme=scheme)
    root = visit.part(".text").locator("xpath=ancestor::*[contains(@class,'root')]")
    assert root.evaluate("one => one.matches('.dark')") is (scheme == "dark")


@in_browser
@pytest.mark.parametrize(("width", "height", "zoom"), [(800, 900, 1), (700, 450, 2)])
def test_on_a_narrow_page_the_side_goes_below_and_nothing_runs_past(sit_down, width, height, zoom):
    visit = sit_down(viewport={"width": width, "height": height}, device_scale_factor=zoom)
    text, side = (visit.part(one).bounding_box() for one in (".text", ".side"))
    assert side["y"] >= text["y"] + text["height"]
    too_wide = "one => one.scrollWidth - one.clientWidth"
    assert visit.page.locator("[data-testid=stMain]").evaluate(too_wide) <= 0
    visit.press("l")
    palette = visit.part(".palette").bounding_box()
    assert palette["x"] >= 0
    assert palette["x"] + palette["width"] <= width
    assert palette["y"] + palette["height"] <= height


@in_browser
def test_what_is_done_while_the_server_is_away_is_stored_when_it_is_back(browser, tmp_path):
    note = {"note_id": 7, "title": "n-7", "text": TEXT, "phrases": FINDINGS}
    (tmp_path / "notes.json").write_text(json.dumps([note]), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(PAGE), f"--server.port={port}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}

    def start():
        process = subprocess.Popen([*command, *make_flags(), "--", str(tmp_path)], **quiet)
        wait_for_port(port)
        return process

    process = start()
    try:
        visit = Visit(browser.new_page(), tmp_path).open(f"http://127.0.0.1:{port}")
        visit.press("a")
        visit.saved()
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=20)
        visit.press("x", "o", "1")
        visit.part(".saved", has_text="Not saved yet").wait_for()
        process = start()
        expected = [
            answer("f1", "accept"),
            answer("f2", "dismiss"),
            {"note": 7, "kind": "outcome", "outcome": "acted"},
        ]
        visit.page.locator(".saved").get_by_text("Saved", exact=True).wait_for(timeout=60_000)
        assert visit.saved() == expected
        visit.page.close()
    finally:
        process.kill()
        process.wait(timeout=20)
