"""What came from a browser is checked, and refused without a word of it being said."""

import pytest

from classifier.labels import load_labels
from review.actions import ALLOWED, MAX_COMMENT, NEEDED, Action, read_actions

LABELS = load_labels()
EXTENT = {"start": 3, "end": 9, "label": "threats", "context": "affirmed"}
FULL = {
    "answer": {"phrase": "f1", "answer": "accept", "reason": "plain", "comment": "secret"},
    "change": {"phrase": "f1", **EXTENT, "comment": "secret"},
    "mark": EXTENT,
    "remove": {"phrase": "f1"},
    "outcome": {"outcome": "missed"},
    "comment": {"comment": "secret"},
    "flag": {"to": "Ada"},
    "undo": {},
    "done": {},
    "go": {"to": "next"},
}


def sent(kind, **fields):
    return {"key": "k-1", "note": 7, "kind": kind, **fields}


@pytest.mark.parametrize("kind", NEEDED)
def test_action_with_all_that_its_kind_may_have_is_taken_as_it_is(kind):
    given = sent(kind, **FULL[kind])
    assert set(FULL[kind]) == {*NEEDED[kind], *ALLOWED.get(kind, ())}
    assert read_actions([given], LABELS) == ((Action(**given),), {})


@pytest.mark.parametrize("kind", NEEDED)
def test_action_with_no_more_than_its_kind_needs_is_taken(kind):
    given = sent(kind, **{name: FULL[kind][name] for name in NEEDED[kind]})
    assert read_actions([given], LABELS) == ((Action(**given),), {})


MARK = FULL["mark"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (sent("mark", **{**MARK, "start": 3.0}), "start: Input should be a valid integer"),
        (sent("mark", **{**MARK, "start": "3"}), "start: Input should be a valid integer"),
        (sent("mark", **{**MARK, "start": True}), "start: Input should be a valid integer"),
        (
            sent("mark", **{**MARK, "start": -1}),
            "start: Input should be greater than or equal to 0",
        ),
        (
            sent("mark", **{**MARK, "end": 3}),
            "end must be greater than start; the end is exclusive",
        ),
        (
            sent("mark", **{**MARK, "context": "secret"}),
            "context: Input should be 'affirmed', 'negated', 'hypothetical' or 'other'",
        ),
        (
            sent("mark", **{**MARK, "label": "secret"}),
            "label is not in the label set; load the page again",
        ),
        (sent("mark", start=3, end=9), "kind 'mark' needs label, context"),
        (
            sent("answer", phrase="f1", answer="secret"),
            "answer: Input should be 'accept', 'dismiss' or 'unsure'",
        ),
        (sent("answer", answer="accept"), "kind 'answer' needs phrase"),
        (sent("answer", phrase=""), "phrase: String should have at least 1 character"),
        (sent("undo", comment="secret"), "kind 'undo' has no comment"),
        (sent("undo", secret=1), "a field is not known"),
        (sent("go", to="secret"), "to must be 'next' or 'previous'"),
        (
            sent("comment", comment="secret" * MAX_COMMENT),
            "comment: String should have at most 10000 characters",
        ),
        (
            sent("comment", comment="secret \ud800"),
            "comment: Input should be a valid string, unable to parse raw data as a unicode string",
        ),
        (
            {"key": "k-1", "note": "7", "kind": "undo"},
            "note: Input should be a valid integer",
        ),
        (
            {"key": "k-1", "note": 7, "kind": "secret"},
            "kind: Input should be 'answer', 'change', 'mark', 'remove', 'outcome', 'comment', "
            "'flag', 'undo', 'done' or 'go'",
        ),
    ],
)
def test_malformed_action_is_refused_by_its_field_and_never_its_words(given, message):
    assert read_actions([given], LABELS) == ((), {"k-1": message})
    assert "secret" not in message


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"note": 7, "kind": "undo"}, "key: Field required"),
        (
            {"key": "secret words", "note": 7, "kind": "undo"},
            "key: String should match pattern '^[0-9A-Za-z-]{1,64}$'",
        ),
        ("secret", "Input should be a valid dictionary or instance of Action"),
    ],
)
def test_what_has_no_sound_key_is_refused_without_one(given, message):
    assert read_actions([given], LABELS) == ((), {"": message})


def test_sound_actions_are_taken_in_order_and_once_beside_a_malformed_one():
    first = {"key": "k-1", "note": 7, "kind": "undo"}
    second = {"key": "k-2", "note": 8, "kind": "done"}
    wrong = {"key": "k-3", "note": 8, "kind": "go"}
    actions, refused = read_actions([first, wrong, second, first], LABELS)
    assert actions == (Action(**first), Action(**second))
    assert refused == {"k-3": "kind 'go' needs to"}


def test_nothing_sent_is_nothing_done():
    assert read_actions(None, LABELS) == ((), {})
    assert read_actions([], LABELS) == ((), {})
    assert read_actions({"secret": 1}, LABELS) == ((), {"": "actions must be a list, got dict"})


def test_a_comment_is_not_in_the_repr_of_an_action():
    assert "secret" not in repr(Action(**sent("comment", comment="secret")))
