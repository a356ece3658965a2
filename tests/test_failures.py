from classifier.findings import Finding, NoteEvidence
from classifier.note import Mark, Note
from training.failures import add_words, find_failures

TEXT = "one two three four five six"


def evidence(id, marks, findings, scores):
    return NoteEvidence(Note(id, TEXT, tuple(marks)), tuple(findings), scores, 0.0)


FOUND = [
    evidence(
        "a",
        [Mark(0, 3, "threats"), Mark(8, 13, "isolation", "negated")],
        [Finding(8, 13, "threats", "affirmed", 0.4), Finding(14, 18, "isolation", "negated", 0.9)],
        {"threats": 0.4, "isolation": 0.1},
    ),
    evidence(
        "b",
        [Mark(0, 3, "threats"), Mark(8, 13, "isolation")],
        [Finding(0, 7, "isolation", "affirmed", 0.9), Finding(14, 18, "threats", "affirmed", 0.7)],
        {"threats": 0.1, "isolation": 0.9},
    ),
]


def test_clearest_differences_of_each_label():
    assert find_failures(FOUND, ["threats", "isolation"]) == {
        # In b the finding of isolation meets a mark, if of another label.
        "not_marked": [{"note": "b", "label": "threats", "start": 14, "end": 18, "score": 0.7}],
        "missed": [
            {"note": "a", "label": "threats", "start": 0, "end": 3, "score": 0.4},
            {"note": "b", "label": "isolation", "start": 8, "end": 13, "score": 0.9},
        ],
    }


def test_words_come_from_the_notes_that_are_given_and_from_no_other():
    failures = find_failures(FOUND, ["threats", "isolation"])
    shown = add_words(failures, [FOUND[0].note])
    assert [row.get("words") for row in shown["missed"]] == ["one", None]
    assert "words" not in shown["not_marked"][0]
    assert "words" not in failures["missed"][0]
