import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.note import CONTEXTS, Mark, Note, overlaps


@st.composite
def marks(draw):
    start = draw(st.integers(0, 20))
    return Mark(start, draw(st.integers(start + 1, 25)), "threats")


@pytest.mark.parametrize("context", CONTEXTS)
def test_mark_may_have_any_context(context):
    assert Mark(0, 1, "threats", context).context == context


def test_mark_is_affirmed_unless_told_otherwise():
    assert Mark(2, 5, "threats") == Mark(2, 5, "threats", "affirmed")


@pytest.mark.parametrize(("start", "end"), [(4, 4), (5, 4), (-1, 3), (-3, -1)])
def test_empty_reversed_or_negative_mark_is_refused(start, end):
    with pytest.raises(ValueError) as error:
        Mark(start, end, "threats")
    assert str(error.value) == (
        f"span {start}:{end} is empty or ends before it starts; "
        "offsets count from 0, the end is exclusive"
    )


@pytest.mark.parametrize("context", ["", "denied", "Affirmed", "affirmed "])
def test_unknown_context_is_refused(context):
    with pytest.raises(ValueError) as error:
        Mark(0, 1, "threats", context)
    assert str(error.value) == (
        f"no context {context!r}; it must be one of affirmed, negated, hypothetical, other"
    )


def test_mark_up_to_the_last_character_is_allowed():
    note = Note("n-1", "He shouts", (Mark(3, 9, "threats"),))
    assert note.text[note.marks[0].start : note.marks[0].end] == "shouts"


def test_mark_past_the_text_is_refused():
    with pytest.raises(ValueError) as error:
        Note("n-0012", "He shouts", (Mark(0, 2, "threats"), Mark(3, 10, "threats")))
    assert str(error.value) == "note 'n-0012': span 3:10 runs past the text (9 characters)"


def test_representation_shows_no_words_of_a_note():
    assert repr(Note("n-1", "He shouts", meta={"person": "Ann"})) == "Note(id='n-1', marks=())"


def test_notes_cannot_be_altered():
    with pytest.raises(AttributeError):
        Note("n-1", "He shouts").text = "He whispers"


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0, 4), (4, 9), False),
        ((0, 4), (3, 9), True),
        ((0, 9), (3, 4), True),
        ((3, 4), (3, 4), True),
        ((0, 1), (8, 9), False),
    ],
)
def test_overlap(a, b, expected):
    a, b = Mark(*a, "threats"), Mark(*b, "isolation")
    assert overlaps(a, b) is expected
    assert overlaps(b, a) is expected


@given(marks(), marks())
def test_overlap_means_a_shared_character(a, b):
    shared = set(range(a.start, a.end)) & set(range(b.start, b.end))
    assert overlaps(a, b) == overlaps(b, a) == bool(shared)
