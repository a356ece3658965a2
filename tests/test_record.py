import datetime
import json
from dataclasses import replace

import pytest

from classifier.findings import Finding, NoteEvidence
from classifier.labels import Label, LabelSet
from classifier.note import Note
from classifier.writing.record import checked, meta_cells, meta_columns, plain, to_json

COLOUR = {"light": "#ffe08a", "dark": "#5c4300"}
LABELS = LabelSet(
    label=(
        Label(id="monitoring", title="Monitoring", definition="D.", colour=COLOUR, cue="MON"),
        Label(id="threats", title="Threats", definition="D.", colour=COLOUR, cue="THR"),
    )
)
RESULT = NoteEvidence(
    Note("n-1", "goes through her phone"),
    (Finding(0, 22, "monitoring", "affirmed", 0.8),),
    {"monitoring": 0.8, "threats": 0.1},
    0.8,
)


def with_finding(**changes):
    return replace(RESULT, findings=(replace(RESULT.findings[0], **changes),))


def test_fitting_results_pass_unaltered():
    assert list(checked([RESULT], LABELS)) == [RESULT]


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (with_finding(end=23), "span 0:23 is empty or runs past the text (22 characters)"),
        (with_finding(start=-1), "span -1:22 is empty or runs past the text (22 characters)"),
        (with_finding(start=22), "span 22:22 is empty or runs past the text (22 characters)"),
        (with_finding(label="threat"), "no label 'threat' in the label set"),
        (
            with_finding(context="asked"),
            "no context 'asked'; it must be one of affirmed, negated, hypothetical, other",
        ),
        (with_finding(score=1.2), "scores must be from 0 to 1, got 1.2"),
        (replace(RESULT, evidence=float("nan")), "scores must be from 0 to 1, got nan"),
        (
            replace(RESULT, scores={"monitoring": 0.8}),
            "scores must hold every label once and no other; look at threats",
        ),
        (
            replace(RESULT, scores={**RESULT.scores, "stalking": 0.1}),
            "scores must hold every label once and no other; look at stalking",
        ),
    ],
)
def test_misfit_is_named_by_note_id_without_its_words(result, message):
    with pytest.raises(ValueError) as error:
        list(checked([result], LABELS))
    assert str(error.value) == f"note 'n-1': {message}"


def test_plain_values_are_json_and_nothing_is_dropped():
    value = {
        "day": datetime.date(2024, 1, 3),
        "list": (1, None, True),
        "nan": float("nan"),
        3: {"deep": 1.5},
    }
    expected = {"day": "2024-01-03", "list": [1, None, True], "nan": "nan", "3": {"deep": 1.5}}
    assert plain(value) == expected
    assert json.loads(to_json(plain(value))) == expected


def test_json_keeps_characters_and_survives_half_ones():
    line = to_json("é 👮 \ud83d")
    assert line.encode("utf-8").decode("utf-8") == '"é 👮 \\ud83d"'
    assert json.loads(line) == "é 👮 \ud83d"


def test_meta_without_a_column_goes_into_the_last_cell():
    first = Note("a", "", meta={"team": "C", "id": 7})
    later = Note("b", "", meta={"person": "P-1", "team": None, "grade": 2})
    columns = meta_columns(first, ("id",))
    assert columns == ("team",)
    assert meta_cells(first, columns) == ["C", '{"id": 7}']
    assert meta_cells(later, columns) == ["", '{"person": "P-1", "grade": 2}']
    assert meta_columns(None, ()) == ()
