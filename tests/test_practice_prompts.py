"""What could have been asked and recorded, and what a note did with the call."""

import re

import pytest

from classifier.labels import load_labels
from classifier.note import Mark, Note
from review.practice.prompts import (
    ENDING,
    PROMPT_FILE,
    Words,
    load_prompts,
    what_the_note_did,
)

LABELS = load_labels()
PROMPTS = load_prompts()


def test_every_label_has_prompts_in_the_order_of_the_guide():
    assert tuple(one.id for one in PROMPTS.label) == LABELS.ids


@pytest.mark.parametrize("id", [*LABELS.ids, "of our own"])
def test_prompts_are_few_and_open(id):
    advice = PROMPTS[id]
    assert 3 <= len(advice.ask) <= 4
    assert 1 <= len(advice.record) <= 2
    for question in advice.ask:
        assert re.match(r"(What|Who|How) .*\?$", question), question
        assert not re.search(r"\bwhy\b", question, re.I), question


def test_a_label_that_the_file_does_not_have_gets_the_general_prompts():
    assert PROMPTS["of our own"] == PROMPTS.general


def test_only_dismissive_wording_says_what_could_have_been_written_instead():
    assert [one.id for one in PROMPTS.label if one.instead] == ["dismissive_response"]


def test_the_file_says_what_it_is_not_and_puts_safety_first():
    words = PROMPT_FILE.read_text(encoding="utf-8").casefold()
    assert "written for this project" in words
    for said in (words, PROMPTS.about.casefold()):
        assert "not an official list" in said
        assert "dash or dara" in said
        assert "local" in said
    assert "is it safe to talk" in PROMPTS.safety[0].casefold()


def test_no_prompt_decides_or_blames():
    said = [
        words
        for advice in (PROMPTS.general, *PROMPTS.label)
        for words in (*advice.ask, *advice.record, *advice.instead)
    ]
    assert len(set(said)) == len(said)
    for word in ("abuser", "victim", "perpetrator", "fault", "should have", "failed"):
        assert [one for one in said if word in one.casefold()] == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("about = ", "not a TOML file"),
        ("about = 'x'\nsafety = ['y']", "general: Field required"),
        (
            "about = 'x'\nsafety = []\n[general]\nask = ['a']\nrecord = ['b']",
            "safety: Tuple should have at least 1 item",
        ),
        (
            "about = 'x'\nsafety = ['y']\n[general]\nask = ['a']\nrecord = ['b']\n"
            + "[[label]]\nid = 'one'\nask = ['a']\nrecord = ['b']\n" * 2,
            "id used twice: one",
        ),
        (
            "about = 'x'\nsafety = ['y']\n[general]\nask = ['a']\nrecord = ['b']\nasks = 1",
            "general.asks: Extra inputs are not permitted",
        ),
    ],
)
def test_a_file_that_is_not_in_the_form_is_refused(tmp_path, content, message):
    path = tmp_path / "own.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(message)) as error:
        load_prompts(path)
    assert str(error.value).startswith(f"{path}: ")


def test_own_prompts_are_read(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        "about = 'x'\nsafety = ['y']\n[general]\nask = ['a']\nrecord = ['b']", encoding="utf-8"
    )
    assert load_prompts(path)["threats"].ask == ("a",)


TEXT = "He reads her post.\nJust a domestic, and he sulks. NFA.\r\n \n"
DISMISSIVE = Mark(19, 34, "dismissive_response")


def did(text, marks=(), **handled):
    found = what_the_note_did(Note("n", text, tuple(marks), {"handled": handled}))
    return [one if isinstance(one, str) else text[one.start : one.end] for one in found]


def test_dismissive_wording_comes_first_then_what_was_done():
    found = what_the_note_did(
        Note("n", TEXT, (DISMISSIVE,), {"handled": {"closing_code": "NFA", "DA flag": "no"}})
    )
    assert found == [DISMISSIVE, "Closing code: NFA", "DA flag: no"]


@pytest.mark.parametrize("context", ["negated", "hypothetical", "other"])
def test_only_what_the_note_itself_says_is_dismissive(context):
    mark = Mark(19, 34, "dismissive_response", context)
    assert did(TEXT, [mark]) == ["Just a domestic, and he sulks. NFA."]


def test_what_is_not_given_is_left_out():
    assert did(TEXT, closing_code="", risk=None, flag=False) == ["Flag: False"]


def test_without_either_the_end_of_the_note_speaks():
    assert what_the_note_did(Note("n", TEXT)) == [Words(19, 54)]
    assert did("Closed") == ["Closed"]
    assert did(" \n ") == did("") == []


def test_of_a_long_last_line_the_last_sentences_are_given():
    told = "She said that he reads her post and keeps it. " * 8
    found = did(f"One line before.\n{told}He will ring. Advice given. ")
    assert len(found) == 1
    assert found[0].endswith("He will ring. Advice given.")
    assert found[0].startswith("She said")
    assert len(found[0]) <= ENDING
    unbroken = "word " * 60
    assert did(unbroken) == [unbroken.strip()]
