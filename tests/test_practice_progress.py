"""Counts of phrases met over attempts: never a grade."""

from hypothesis import given
from hypothesis import strategies as st

from classifier.labels import load_labels
from classifier.note import Mark, Note
from review.practice.comparison import figures
from review.practice.progress import (
    PROGRESS_WORDS,
    LabelProgress,
    Met,
    Progress,
    progress,
    say_progress,
)
from training.measures import find_words

LABELS = load_labels()
TEXT = "he reads her texts and has her card and no threats"
READS, CARD = Mark(3, 18, "monitoring"), Mark(23, 35, "economic_abuse")
CALM = Mark(40, 50, "threats", "negated")
NOTE = Note("1", TEXT, (READS, CARD, CALM))
OTHER = Note("2", TEXT, (READS, Mark(9, 18, "isolation")))


def test_progress_counts_what_was_met_by_label_and_attempt():
    found = progress(
        [
            [(NOTE, [Mark(3, 8, "monitoring")])],
            [(OTHER, [Mark(3, 18, "isolation")]), (Note("3", TEXT, (READS,)), [READS])],
        ],
        LABELS,
    )
    assert found == Progress(
        2,
        (
            LabelProgress("isolation", (None, Met(1, 1))),
            LabelProgress("monitoring", (Met(1, 1), Met(1, 2))),
            LabelProgress("economic_abuse", (Met(0, 1), None)),
        ),
    )
    monitoring = found.labels[1]
    assert (monitoring.first, monitoring.latest, monitoring.together) == (
        Met(1, 1),
        Met(1, 2),
        Met(2, 3),
    )


def test_another_label_or_context_is_not_met():
    taken = [Mark(3, 18, "isolation"), Mark(23, 35, "economic_abuse", "negated")]
    found = progress([[(NOTE, taken)]], LABELS)
    assert [one.attempts for one in found.labels] == [(Met(0, 1),), (Met(0, 1),)]


def test_nothing_attempted_and_nothing_held():
    assert progress([], LABELS) == Progress(0, ())
    assert progress([[], [(Note("1", TEXT), [READS])]], LABELS) == Progress(2, ())


def test_labels_that_the_label_set_does_not_have_come_last():
    note = Note("1", TEXT, (Mark(0, 2, "a_label_of_our_own"), READS))
    found = progress([[(note, [])]], LABELS)
    assert [one.label for one in found.labels] == ["monitoring", "a_label_of_our_own"]
    assert say_progress(found.labels[1], LABELS) == (
        "a_label_of_our_own: 0 of 1 phrase, in one exercise so far."
    )


def test_progress_is_said_without_grades():
    twice = LabelProgress("threats", (Met(0, 3), None, Met(2, 2)))
    once = LabelProgress("threats", (None, Met(2, 2)))
    assert say_progress(twice, LABELS) == (
        "Threats: 0 of 3 phrases in your first exercise with it, 2 of 2 in your latest."
    )
    assert say_progress(once, LABELS) == "Threats: 2 of 2 phrases, in one exercise so far."
    assert "grades nobody" in PROGRESS_WORDS


WORDS = find_words(TEXT)
marks = st.builds(
    lambda first, length, label, context: Mark(
        WORDS[first][0], WORDS[min(first + length, len(WORDS) - 1)][1], label, context
    ),
    st.integers(0, len(WORDS) - 1),
    st.integers(0, 3),
    st.sampled_from(["threats", "isolation"]),
    st.sampled_from(["affirmed", "negated"]),
)
readings = st.lists(marks, max_size=6)


@given(readings, readings)
def test_counts_are_the_recall_that_the_evaluation_gives(reference, trainee):
    note = Note("n", TEXT, tuple(reference))
    measured = figures([note], [trainee], LABELS)["labels"]
    for one in progress([[(note, trainee)]], LABELS).labels:
        assert measured[one.label]["overlap"]["recall"] == round(one.first.met / one.first.of, 4)
