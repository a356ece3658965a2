"""What a reader's own history says of each row."""

import pytest

from classifier.labels import load_labels
from classifier.note import Mark
from review.decisions import KINDS as ALL_KINDS
from review.decisions import Decision
from review.history_words import KINDS, say_decision

FINDINGS = {7: Mark(0, 4, "threats")}


@pytest.mark.parametrize(
    ("kind", "parts", "said"),
    [
        (
            "answer",
            {"finding_id": 7, "answer": "accept", "reason": "plain"},
            "accepted: Threats, Plainly said",
        ),
        ("answer", {"finding_id": 7}, "took the answer back: Threats"),
        ("answer", {"finding_id": 8, "answer": "unsure"}, "unsure"),
        ("mark", {"label": "monitoring", "start": 0, "end": 4}, "marked: Monitoring"),
        ("mark", {"label": "gone", "start": 0, "end": 4}, "marked: gone"),
        ("outcome", {"answer": "missed"}, "outcome: Evidence was missed"),
        ("outcome", {}, "outcome: none"),
        ("outcome", {"answer": "ask"}, "outcome: Record the words, and ask more"),
        ("comment", {"comment": "SECRET"}, "commented"),
        ("flag", {"answer": "Bo"}, "flagged to: Bo"),
        ("flag", {}, "took the flag back"),
        ("case", {"answer": "P-1"}, "put in case: P-1"),
        ("case", {"answer": ""}, "taken out of its case"),
        ("done", {}, "finished"),
        ("done", {"answer": "open"}, "opened it again"),
        ("undo", {"changes": 3}, "undid an earlier one"),
    ],
)
def test_each_row_is_said_in_words(kind, parts, said):
    assert say_decision(Decision(1, 1, "Ann", kind, **parts), load_labels(), FINDINGS) == said


def test_every_kind_has_words():
    assert set(KINDS) == set(ALL_KINDS)
