import pytest

from classifier.note import Mark, Note
from training.agreement import measure_agreement, pair_up
from training.datacard import agreement_table

LABELS = ("threats", "isolation", "monitoring")
TEXT = "zero one two three four five six seven eight nine"


def note(id, *marks, text=TEXT):
    """A note whose marks are given as words, label and perhaps context."""
    found = []
    for words, label, *context in marks:
        start = text.index(words)
        found.append(Mark(start, start + len(words), label, *(context or ["affirmed"])))
    return Note(id, text, tuple(found))


FIRST = [
    note("a", ("one two three four", "threats"), ("six", "isolation")),
    note("b", ("one two", "threats")),
    note("c", ("one", "threats", "negated")),
    note("d"),
    note("only first", ("one", "threats")),
]
SECOND = [
    note("d", ("nine", "isolation")),
    note("c", ("two", "threats", "negated")),
    note("b"),
    note("a", ("one two", "threats"), ("six", "isolation")),
    note("only second", ("one", "monitoring")),
]


@pytest.fixture
def agreement():
    return measure_agreement(pair_up(FIRST, SECOND), LABELS)


# Pairs


def test_notes_that_both_marked_are_paired_in_the_order_of_the_second():
    pairs = pair_up(FIRST, SECOND)
    assert [(one.id, other.id) for one, other in pairs] == [(id, id) for id in "dcba"]
    assert [one.marks for one, _ in pairs] == [FIRST[row].marks for row in (3, 2, 1, 0)]
    assert [other.marks for _, other in pairs] == [note.marks for note in SECOND[:4]]


def test_different_texts_of_one_id_are_refused():
    with pytest.raises(ValueError) as error:
        pair_up([note("a"), note("b")], [note("a"), note("b", text=TEXT + " ten")])
    assert str(error.value) == (
        "note 'b': the two markings are of different texts; mark the same file"
    )


# Figures, by hand


def test_agreement_on_a_label(agreement):
    assert agreement["units"] == 4
    assert agreement["labels"]["threats"] == {
        "token_f1": 0.5,  # 2 words in both, 6 and 2 marked
        "exact_f1": 0.0,
        "overlap_f1": 0.6667,  # 1 span in both, 2 and 1 marked
        # Four units, one of them disagreed on: 1/4 observed. Of 8 answers 3 are yes:
        # 2 * 3 * 5 / (8 * 7) = .5357 expected. 1 - .25 / .5357
        "alpha": 0.5333,
    }
    assert agreement["labels"]["isolation"] == {
        "token_f1": 0.6667,
        "exact_f1": 0.6667,
        "overlap_f1": 0.6667,
        "alpha": 0.5333,
    }


def test_agreement_on_any_evidence(agreement):
    assert agreement["any_evidence"] == {
        "token_f1": 0.5455,  # 3 words in both, 7 and 4 marked
        "exact_f1": 0.3333,  # 1 span in both, 3 and 3 marked
        "overlap_f1": 0.6667,
        # Two of four units: .5 observed. Of 8 answers 4 are yes: 2 * 4 * 4 / 56 expected.
        "alpha": 0.125,
    }


def test_a_label_that_nobody_marked_has_no_agreement(agreement):
    assert agreement["labels"]["monitoring"] == dict.fromkeys(
        ("token_f1", "exact_f1", "overlap_f1", "alpha")
    )


def test_a_label_that_both_marked_everywhere_has_no_alpha():
    marked = [note(id, ("one", "threats")) for id in "ab"]
    agreement = measure_agreement(pair_up(marked, marked), LABELS)
    assert agreement["labels"]["threats"] == {
        **dict.fromkeys(("token_f1", "exact_f1", "overlap_f1"), 1.0),
        "alpha": None,
    }


def test_full_agreement_and_full_disagreement():
    marked = [note("a", ("one", "threats")), note("b")]
    same = measure_agreement(pair_up(marked, marked), LABELS)
    assert set(same["any_evidence"].values()) == {1.0}
    turned = [note("a"), note("b", ("one", "threats"))]
    apart = measure_agreement(pair_up(marked, turned), LABELS)
    assert apart["any_evidence"] == {
        **dict.fromkeys(("token_f1", "exact_f1", "overlap_f1"), 0.0),
        "alpha": -0.5,  # 1 observed; 2 * 2 * 2 / (4 * 3) expected
    }


def test_neither_marker_is_the_reference(agreement):
    assert measure_agreement(pair_up(SECOND, FIRST), LABELS) == agreement


def test_the_table_of_the_data_card(agreement):
    assert agreement_table(agreement).splitlines() == [
        "| label | spans alike, F1 | spans overlapping, F1 | words, F1 | alpha |",
        "| --- | ---: | ---: | ---: | ---: |",
        "| any evidence | .33 | .67 | .55 | .12 |",
        "| threats | .00 | .67 | .50 | .53 |",
        "| isolation | .67 | .67 | .67 | .53 |",
        "| monitoring | – | – | – | – |",
    ]
