import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.note import Mark
from classifier.segments import segments

TEXT_LENGTH = 30


@st.composite
def marks(draw):
    start = draw(st.integers(0, TEXT_LENGTH - 1))
    return Mark(start, draw(st.integers(start + 1, TEXT_LENGTH)), "threats")


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], [(0, 10, [])]),
        ([(0, 10)], [(0, 10, [0])]),
        ([(2, 4)], [(0, 2, []), (2, 4, [0]), (4, 10, [])]),
        ([(2, 4), (4, 6)], [(0, 2, []), (2, 4, [0]), (4, 6, [1]), (6, 10, [])]),
        ([(0, 8), (2, 4)], [(0, 2, [0]), (2, 4, [0, 1]), (4, 8, [0]), (8, 10, [])]),
        ([(1, 5), (3, 10)], [(0, 1, []), (1, 3, [0]), (3, 5, [0, 1]), (5, 10, [1])]),
        ([(0, 10), (0, 10)], [(0, 10, [0, 1])]),
    ],
)
def test_text_is_cut_at_every_border(spans, expected):
    found = [Mark(start, end, f"label_{at}") for at, (start, end) in enumerate(spans)]
    cut = segments(10, found)
    assert [(s, e, [found.index(f) for f in fs]) for s, e, fs in cut] == expected


def test_empty_text_has_no_stretch():
    assert segments(0, []) == []


def test_span_past_the_text_is_refused():
    with pytest.raises(ValueError) as error:
        segments(10, [Mark(4, 11, "threats")])
    assert str(error.value) == "span 4:11 is empty or runs past the text (10 characters)"


@given(st.lists(marks(), max_size=8))
def test_every_character_has_exactly_its_findings(found):
    cut = segments(TEXT_LENGTH, found)
    covered = [at for start, end, _ in cut for at in range(start, end)]
    assert covered == list(range(TEXT_LENGTH))
    for start, end, here in cut:
        for at in range(start, end):
            assert list(here) == [mark for mark in found if mark.start <= at < mark.end]
