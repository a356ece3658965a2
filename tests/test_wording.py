import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import wording
from classifier.note import CONTEXTS
from classifier.wording import CONTEXT_CUES, CONTEXT_WORDS, STRENGTH_WORDS, showable, strength
from classifier.writing import report

DECIDING = r"detect|risk|victim|perpetrator|guilty|abuser|confirmed|proof|proves|safe\b"


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (0, "possible match"),
        (0.4999, "possible match"),
        (0.5, "clear match"),
        (0.7999, "clear match"),
        (0.8, "strong match"),
        (1, "strong match"),
    ],
)
def test_strength_has_three_bands(score, words):
    assert strength(score) == words
    assert words in STRENGTH_WORDS


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_strength_refuses_what_is_no_probability(score):
    with pytest.raises(ValueError, match="score must be from 0 to 1, got"):
        strength(score)


def test_every_context_has_words():
    assert tuple(CONTEXT_WORDS) == tuple(CONTEXT_CUES) == CONTEXTS


def test_standing_words_decide_nothing():
    texts = [
        *CONTEXT_WORDS.values(),
        *STRENGTH_WORDS.values(),
        wording.WHAT_IT_DOES_NOT_DO,
        wording.NOTHING_HIGHLIGHTED,
        wording.EVIDENCE_WORDS,
        wording.MATCH_WORDS,
        report.WHAT_THIS_IS,
    ]
    assert not [text for text in texts if re.search(DECIDING, text, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, tab\tand line\n", "plain, tab\tand line\n"),
        ("one\r\ntwo\rthree", "one \ntwo\nthree"),
        ("\x00\x07\x1b\x7f", "␀␇␛␡"),
        ("\ud83d \ufffe\uffff", "\ufffd \ufffd\ufffd"),
        ("نعم 👩🏽‍🚒 é", "نعم 👩🏽‍🚒 é"),
    ],
)
def test_showable_replaces_one_for_one(text, shown):
    assert showable(text) == shown


@given(st.text(st.characters()))
def test_showable_keeps_the_length(text):
    assert len(showable(text)) == len(text)
    assert showable(showable(text)) == showable(text)
