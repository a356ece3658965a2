import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from classifier.note import Mark
from review.agreement import (
    ANY,
    NO_NOTES,
    ONE_ANSWER,
    OUTCOME,
    Agreement,
    Figure,
    NoteReading,
    PairAgreement,
    measure_readers,
)
from training.agreement import cohen_kappa, nominal_alpha

TEXT = "zero one two three four five six seven eight nine"
LABELS = ("threats", "isolation")

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, examples B and C.
YES_NO = ("0100000000", "1110010100")
FIVE_ANSWERS_WITH_GAPS = ("123321412   ", "1233224125 3", " 3332342251 ", "12332441251 ")

# A. R. Feinstein and D. V. Cicchetti, "High agreement but low kappa: I. The problems of two
# paradoxes", Journal of Clinical Epidemiology 43(6), 1990: both agree on 85 of 100.
EVEN, RARE = [[40, 9], [6, 45]], [[80, 10], [5, 5]]


def mark(words, label="threats", context="affirmed"):
    start = TEXT.index(words)
    return Mark(start, start + len(words), label, context)


def reading(note, reader, *spans, outcome=None, text=TEXT):
    return NoteReading(note, text, reader, spans, outcome)


def say(reader, answers, label="threats"):
    """One reading for each character: 1 holds the label, 0 does not, a blank was not read."""
    return [
        reading(f"n{at:03}", reader, *([mark("one", label)] if answer == "1" else []))
        for at, answer in enumerate(answers)
        if answer != " "
    ]


def readings_of(table):
    """Readings of Ann and Bob with this table of yes and no."""
    (both, only_ann), (only_bob, neither) = table
    cells = [("1", "1")] * both + [("1", "0")] * only_ann + [("0", "1")] * only_bob
    cells += [("0", "0")] * neither
    return say("Ann", [one for one, _ in cells]) + say("Bob", [one for _, one in cells])


def value_and_why(figure):
    return figure.value, figure.why


# Alpha and kappa, by their sources


def counts_of(rows):
    kinds = sorted({answer for row in rows for answer in row} - {" "})
    columns = zip(*rows, strict=True)
    return np.array([[column.count(kind) for kind in kinds] for column in columns])


def test_alpha_of_krippendorffs_own_examples():
    assert round(nominal_alpha(counts_of(YES_NO)), 3) == 0.095
    assert round(nominal_alpha(counts_of(FIVE_ANSWERS_WITH_GAPS)), 3) == 0.743


def test_an_answer_without_a_second_does_not_count_towards_alpha():
    assert np.isnan(nominal_alpha(np.array([[2, 0], [2, 0], [0, 1]])))
    with_single, without = [[2, 0], [1, 1], [0, 2], [0, 1]], [[2, 0], [1, 1], [0, 2]]
    assert nominal_alpha(np.array(with_single)) == nominal_alpha(np.array(without))


def test_alpha_of_his_examples_as_readings():
    readings = say("Meg", YES_NO[0]) + say("Owen", YES_NO[1])
    assert measure_readers(readings, LABELS).labels["threats"].alpha.value == 0.0952
    readings = [
        reading(f"n{at}", reader, outcome=answer)
        for reader, row in zip("ABCD", FIVE_ANSWERS_WITH_GAPS, strict=True)
        for at, answer in enumerate(row)
        if answer != " "
    ]
    outcome = measure_readers(readings, LABELS).outcome
    assert outcome.alpha.value == 0.7434
    # The twelfth unit has one answer, "3", and does not count.
    assert outcome.notes == 11
    assert outcome.answers == {"1": 9, "2": 13, "3": 10, "4": 5, "5": 3}


def test_kappa_may_be_low_where_readers_agree_on_nearly_all():
    even, rare = (
        measure_readers(readings_of(table), LABELS).labels["threats"] for table in (EVEN, RARE)
    )
    assert even.pairs[0].agreed == rare.pairs[0].agreed == 0.85
    assert (even.pairs[0].kappa.value, rare.pairs[0].kappa.value) == (0.6995, 0.3182)
    assert even.prevalence == {"yes": 0.475, "no": 0.525}
    assert rare.prevalence == {"yes": 0.875, "no": 0.125}
    # Where one says yes, or no: 2 * 80 / (85 + 90), 2 * 5 / (15 + 10)
    assert rare.pairs[0].specific == {"yes": 0.9143, "no": 0.4}


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30))
def test_kappa_is_that_of_scikit_learn(answers):
    first, second = np.array(answers).T
    table = np.zeros((3, 3))
    np.add.at(table, (first, second), 1)
    if len(set(first) | set(second)) == 1:
        assert np.isnan(cohen_kappa(table))
    else:
        assert cohen_kappa(table) == pytest.approx(cohen_kappa_score(first, second))
        assert cohen_kappa(table.T) == pytest.approx(cohen_kappa(table))


def test_kappa_of_many_tables_at_once():
    tables = np.array([[EVEN, RARE], [RARE, [[0, 0], [0, 7]]]])
    assert cohen_kappa(tables).round(4) == pytest.approx(
        np.array([[0.6995, 0.3182], [0.3182, np.nan]]), nan_ok=True
    )


# Readers


READINGS = [
    reading("a", "Bob", mark("one two", "threats"), mark("six", "isolation"), outcome="missed"),
    reading("a", "Ann", mark("one two three four"), mark("six", "isolation"), outcome="missed"),
    reading("b", "Ann", mark("one two"), outcome="acted"),
    reading("b", "Bob", outcome="none"),
    reading("c", "Ann", mark("one", "threats", "negated"), outcome="none"),
    reading("c", "Bob", mark("two", "threats", "negated"), outcome="none"),
    reading("d", "Ann"),
    reading("d", "Bob", mark("nine", "isolation"), outcome="acted"),
    reading("only Ann", "Ann", mark("one")),
    reading("a", "Cleo", outcome="acted"),
]


def test_a_label_by_hand():
    threats = measure_readers(READINGS, LABELS, resamples=0).labels["threats"]
    assert threats == Agreement(
        name="threats",
        notes=4,
        answers={"yes": 3, "no": 6},
        # Note a: 2 yes, 1 no of three; b: one each; c and d: no twice. Coincidences of yes and
        # no: 2 * 1 / 2 + 1 = 2, of 3 yes and 6 no: 1 - 8 * 2 / (3 * 6)
        alpha=Figure(0.1111),
        pairs=(
            PairAgreement(
                "Ann",
                "Bob",
                notes=4,
                table={("yes", "yes"): 1, ("yes", "no"): 1, ("no", "yes"): 0, ("no", "no"): 2},
                agreed=0.75,
                specific={"yes": 0.6667, "no": 0.8},
                kappa=Figure(0.5),  # (.75 - .5) / (1 - .5)
                # 2 words in both, 6 and 2 marked; 1 span in both, 2 and 1 marked
                spans={"token_f1": 0.5, "exact_f1": 0.0, "overlap_f1": 0.6667},
            ),
            PairAgreement(
                "Ann",
                "Cleo",
                notes=1,
                table={("yes", "yes"): 0, ("yes", "no"): 1, ("no", "yes"): 0, ("no", "no"): 0},
                agreed=0.0,
                specific={"yes": 0.0, "no": 0.0},
                kappa=Figure(0.0),
                spans={"token_f1": 0.0, "exact_f1": 0.0, "overlap_f1": 0.0},
            ),
            PairAgreement(
                "Bob",
                "Cleo",
                notes=1,
                table={("yes", "yes"): 0, ("yes", "no"): 1, ("no", "yes"): 0, ("no", "no"): 0},
                agreed=0.0,
                specific={"yes": 0.0, "no": 0.0},
                kappa=Figure(0.0),
                spans={"token_f1": 0.0, "exact_f1": 0.0, "overlap_f1": 0.0},
            ),
        ),
    )


def test_readers_and_notes_are_counted():
    found = measure_readers(READINGS, LABELS, resamples=0)
    assert found.readers == {"Ann": 5, "Bob": 4, "Cleo": 1}
    assert (found.notes, found.shared) == (5, 4)
    assert list(found.labels) == list(LABELS)
    assert (found.any_evidence.name, found.outcome.name) == (ANY, OUTCOME)


def test_evidence_of_any_kind_by_hand():
    found = measure_readers(READINGS[:8], LABELS, resamples=0).any_evidence
    assert found.answers == {"yes": 4, "no": 4}
    assert found.alpha == Figure(0.125)  # 1 - 7 * 2 / (4 * 4)
    assert found.pairs[0].kappa == Figure(0.0)
    assert found.pairs[0].spans == {"token_f1": 0.5455, "exact_f1": 0.3333, "overlap_f1": 0.6667}


def test_outcomes_count_where_two_gave_one():
    outcome = measure_readers(READINGS, LABELS, resamples=0).outcome
    assert outcome.notes == 3
    assert outcome.answers == {"acted": 2, "missed": 2, "none": 3}
    pair = outcome.pairs[0]
    assert (pair.first, pair.second, pair.notes, pair.agreed) == ("Ann", "Bob", 3, 0.6667)
    assert {cells: n for cells, n in pair.table.items() if n} == {
        ("missed", "missed"): 1,
        ("acted", "none"): 1,
        ("none", "none"): 1,
    }
    assert pair.kappa.value == 0.5  # 2/3 observed, (0 + 1 + 2)/9 by chance
    assert pair.spans == {}


def test_no_reader_is_the_reference():
    renamed = {"Ann": "Zoe", "Bob": "Bob", "Cleo": "Ada"}
    turned = [
        NoteReading(one.note, one.text, renamed[one.reader], one.spans, one.outcome)
        for one in reversed(READINGS)
    ]
    found, other = (measure_readers(some, LABELS) for some in (READINGS, turned))
    for label in LABELS:
        assert found.labels[label].alpha == other.labels[label].alpha
        assert found.labels[label].answers == other.labels[label].answers
    ann_bob, bob_zoe = found.any_evidence.pairs[0], other.any_evidence.pairs[-1]
    assert (bob_zoe.first, bob_zoe.second) == ("Bob", "Zoe")
    assert (ann_bob.kappa, ann_bob.spans) == (bob_zoe.kappa, bob_zoe.spans)


# Where there is no figure


def test_without_a_second_reader_nothing_is_measured():
    for readings in ([], say("Ann", "0110"), say("Ann", "01  ") + say("Bob", "  01")):
        found = measure_readers(readings, LABELS)
        assert value_and_why(found.labels["threats"].alpha) == (None, NO_NOTES)
        assert value_and_why(found.outcome.alpha) == (None, NO_NOTES)
        assert found.labels["threats"].pairs == found.outcome.pairs == ()
        assert found.shared == 0


@pytest.mark.parametrize(("answer", "spans"), [("0", None), ("1", 1.0)])
def test_where_all_answers_are_the_same_there_is_no_kappa_and_no_alpha(answer, spans):
    threats = measure_readers(say("Ann", answer * 5) + say("Bob", answer * 5), LABELS).labels[
        "threats"
    ]
    assert threats.alpha == threats.pairs[0].kappa == Figure(None, None, ONE_ANSWER)
    assert threats.pairs[0].agreed == 1.0
    assert set(threats.pairs[0].spans.values()) == {spans}


def test_prevalence_without_answers_is_none():
    assert measure_readers([], LABELS).labels["threats"].prevalence == {"yes": None, "no": None}


# Intervals


def test_intervals_are_repeatable_and_hold_the_figure():
    threats, again, other = (
        measure_readers(readings_of(EVEN), LABELS, seed=seed).labels["threats"]
        for seed in (3, 3, 4)
    )
    assert threats == again
    assert threats.alpha.interval != other.alpha.interval
    for figure in (threats.alpha, threats.pairs[0].kappa):
        low, high = figure.interval
        # By the formula of Fleiss, Cohen and Everitt (1969) the standard error is about .071
        assert low == pytest.approx(figure.value - 1.96 * 0.071, abs=0.04)
        assert high == pytest.approx(figure.value + 1.96 * 0.071, abs=0.04)


def test_more_notes_narrow_an_interval():
    few, many = (
        measure_readers(readings_of(np.array(EVEN) * times), LABELS).labels["threats"].alpha
        for times in (1, 4)
    )
    widths = [figure.interval[1] - figure.interval[0] for figure in (few, many)]
    assert widths[1] == pytest.approx(widths[0] / 2, rel=0.25)


# What is refused, and kept to itself


def test_a_note_read_twice_by_one_reader_is_refused():
    with pytest.raises(ValueError) as error:
        measure_readers([*READINGS, reading("b", "Bob")], LABELS)
    assert str(error.value) == "note 'b': 'Bob' read it twice; give the last reading"


def test_readings_of_two_texts_are_refused():
    with pytest.raises(ValueError) as error:
        measure_readers([reading("a", "Ann"), reading("a", "Bob", text="other")], LABELS)
    assert str(error.value) == (
        "note 'a': two readings are of different texts; give readings of one text"
    )


def test_a_reading_shows_no_words_of_its_note():
    assert repr(READINGS[2]) == "NoteReading(note='b', reader='Ann', outcome='acted')"
