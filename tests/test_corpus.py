import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.note import CONTEXTS, Mark, Note
from training.corpus import (
    SYNTHETIC,
    note_from_record,
    note_to_record,
    read_corpus,
    write_corpus,
)

MARKED = Note(
    "n-1",
    "He goes through her phone. No threats.",
    (Mark(3, 25, "monitoring"), Mark(27, 37, "threats", "negated")),
    {"group": "a", "unit": "note"},
)
RECORD = {
    "id": "n-1",
    "text": "He goes through her phone. No threats.",
    "spans": [
        {"start": 3, "end": 25, "label": "monitoring", "context": "affirmed"},
        {"start": 27, "end": 37, "label": "threats", "context": "negated"},
    ],
    "meta": {"group": "a", "unit": "note"},
}


@st.composite
def notes(draw):
    text = draw(st.text(min_size=1, max_size=30))
    marks = []
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        marks.append(Mark(start, end, draw(st.text()), draw(st.sampled_from(CONTEXTS))))
    meta = draw(st.dictionaries(st.text(), st.text() | st.none() | st.integers(), max_size=3))
    return Note(draw(st.text()), text, tuple(marks), meta)


def write_lines(path, *lines):
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_a_note_as_record():
    assert note_to_record(MARKED) == RECORD
    assert note_from_record(RECORD) == MARKED


def test_a_record_may_lack_spans_context_and_meta():
    assert note_from_record({"id": "n-1", "text": "He shouts"}) == Note("n-1", "He shouts")
    record = {"id": "n-1", "text": "ab", "spans": [{"start": 0, "end": 1, "label": "threats"}]}
    assert note_from_record(record).marks == (Mark(0, 1, "threats", "affirmed"),)


@given(notes())
def test_a_note_is_the_same_after_json(note):
    assert note_from_record(json.loads(json.dumps(note_to_record(note)))) == note


@given(st.lists(notes(), max_size=4, unique_by=lambda note: note.id))
def test_a_file_gives_back_its_notes(tmp_path_factory, notes):
    path = tmp_path_factory.mktemp("corpus") / "deep" / "notes.jsonl"
    write_corpus(notes, path)
    assert read_corpus(path) == notes


def test_a_folder_is_read_notes_first_and_by_name(tmp_path):
    for place, id in [("sentences/a", "3"), ("notes/b", "2"), ("notes/a", "1"), ("demo/a", "4")]:
        write_corpus([Note(id, "text")], tmp_path / f"{place}.jsonl")
    assert [note.id for note in read_corpus(tmp_path)] == ["1", "2", "3"]


def test_several_paths_are_read_in_their_order(tmp_path):
    paths = [tmp_path / f"{name}.jsonl" for name in "ba"]
    for path in paths:
        write_corpus([Note(path.stem, "text")], path)
    assert [note.id for note in read_corpus(*paths)] == ["b", "a"]


def test_without_a_path_the_corpus_that_comes_along_is_read(corpus):
    assert read_corpus(SYNTHETIC) == corpus


@pytest.mark.parametrize("place", ["missing.jsonl", "."])
def test_no_corpus(place, tmp_path):
    with pytest.raises(FileNotFoundError) as error:
        read_corpus(tmp_path / place)
    assert str(error.value) == (
        f"no marked notes at {tmp_path / place}; give a .jsonl file or a corpus folder"
    )


SPAN = '{{"id": "x", "text": "secret", "spans": [{}]}}'


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "Expecting value: line 2 column 1 (char 1)"),
        ("{", "Expecting property name enclosed in double quotes: line 2 column 1 (char 2)"),
        ("[]", "'list' object has no attribute 'get'"),
        ('{"text": "secret"}', "'id' must be a string, got NoneType"),
        ('{"id": 3, "text": "secret"}', "'id' must be a string, got int"),
        ('{"id": "x"}', "'text' must be a string, got NoneType"),
        ('{"id": "x", "text": ["secret"]}', "'text' must be a string, got list"),
        (
            SPAN.format('{"start": 0, "label": "threats"}'),
            "a span without 'end'; it needs start, end and label",
        ),
        (
            SPAN.format('{"start": 0, "end": 40, "label": "threats"}'),
            "note 'x': span 0:40 runs past the text (6 characters)",
        ),
        (
            SPAN.format('{"start": 4, "end": 4, "label": "threats"}'),
            "span 4:4 is empty or ends before it starts; "
            "offsets count from 0, the end is exclusive",
        ),
        (
            SPAN.format('{"start": 0, "end": 4, "label": "threats", "context": "denied"}'),
            "no context 'denied'; it must be one of affirmed, negated, hypothetical, other",
        ),
        ('{"id": "ok", "text": "secret"}', "id 'ok' was used before"),
        (
            '{"id": "x", "text": "\\ud800"}',
            "'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed",
        ),
    ],
)
def test_a_line_that_is_no_marked_note(line, reason, tmp_path):
    path = write_lines(tmp_path / "mine.jsonl", '{"id": "ok", "text": "fine"}', line)
    with pytest.raises(ValueError) as error:
        read_corpus(path)
    assert str(error.value) == f"mine.jsonl line 2: {reason}"
    assert "secret" not in str(error.value)


def test_an_id_in_two_files(tmp_path):
    for name in "ab":
        write_corpus([Note("n-1", "text")], tmp_path / f"{name}.jsonl")
    with pytest.raises(ValueError) as error:
        read_corpus(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert str(error.value) == "b.jsonl line 1: id 'n-1' was used before"
