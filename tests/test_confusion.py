from classifier.findings import Finding, NoteEvidence
from classifier.note import Mark, Note
from training.confusion import count_confusion

LABELS = ("threats", "isolation", "monitoring")


def evidence(marks, findings):
    note = Note("n", "x" * 60, tuple(Mark(*mark) for mark in marks))
    found = tuple(Finding(*finding, 0.5) for finding in findings)
    return NoteEvidence(note, found, dict.fromkeys(LABELS, 0.0), 0.0)


def count(marks, findings):
    """Non-zero counts as ``{marked: {shown: n}}``, and of findings without a mark."""
    counts = count_confusion([evidence(marks, findings)], LABELS)
    shown = {
        label: {
            **{other: n for other, n in row["shown_as"].items() if n},
            **({"nothing": row["nothing"]} if row["nothing"] else {}),
        }
        for label, row in counts["labels"].items()
    }
    return shown, {label: n for label, n in counts["not_marked"].items() if n}


THREAT, ALONE = (0, 9, "threats", "affirmed"), (5, 12, "isolation", "affirmed")


def test_mark_is_shown_as_its_label_and_as_others_that_nobody_marked_there():
    assert count([THREAT], [THREAT]) == ({"threats": {"threats": 1}}, {})
    assert count([THREAT], [THREAT, ALONE]) == ({"threats": {"threats": 1, "isolation": 1}}, {})
    assert count([THREAT], [ALONE]) == ({"threats": {"isolation": 1}}, {})


def test_label_that_is_marked_there_too_is_no_confusion():
    assert count([THREAT, ALONE], [THREAT, ALONE]) == (
        {"threats": {"threats": 1}, "isolation": {"isolation": 1}},
        {},
    )
    assert count([THREAT, ALONE], [ALONE])[0]["threats"] == {"nothing": 1}


def test_finding_without_any_mark_and_mark_without_any_finding():
    far = (30, 40, "monitoring", "affirmed")
    assert count([THREAT], [far]) == ({"threats": {"nothing": 1}}, {"monitoring": 1})


def test_only_affirmed_spans_of_known_labels_count():
    negated, foreign = (0, 9, "threats", "negated"), (0, 9, "other", "affirmed")
    assert count([negated, foreign], [negated, foreign]) == ({}, {})
    assert count([THREAT], [negated]) == ({"threats": {"nothing": 1}}, {})
