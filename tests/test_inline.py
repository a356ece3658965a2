import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.note import CONTEXTS, Mark, Note
from training.corpus import SYNTHETIC, read_corpus
from training.inline import parse_inline, read_inline, to_inline, write_inline

FILES = sorted(SYNTHETIC.glob("notes/*.jsonl")) + sorted(SYNTHETIC.glob("sentences/*.jsonl"))

TABLE = [
    ("", "", ()),
    ("Nothing marked.", "Nothing marked.", ()),
    ("He [[reads her post|monitoring]].", "He reads her post.", (Mark(3, 17, "monitoring"),)),
    (
        "[[No threats|threats:negated]]",
        "No threats",
        (Mark(0, 10, "threats", "negated"),),
    ),
    (
        "[[has to ask|isolation+fear_compliance:hypothetical]]",
        "has to ask",
        (
            Mark(0, 10, "isolation", "hypothetical"),
            Mark(0, 10, "fear_compliance", "hypothetical"),
        ),
    ),
    (
        "[[a|threats]][[b|threats]]",
        "ab",
        (Mark(0, 1, "threats"), Mark(1, 2, "threats")),
    ),
    (
        "[[two\nlines|threats]] 👩‍👩‍👧 [[é|stalking]]",
        "two\nlines 👩‍👩‍👧 é",
        (Mark(0, 9, "threats"), Mark(16, 17, "stalking")),
    ),
    ("a | b [c] d: e", "a | b [c] d: e", ()),
    ("[[a | b: c+d|threats]]", "a | b: c+d", (Mark(0, 10, "threats"),)),
    (
        '[["[sic] you will see"|threats:other]]',
        '"[sic] you will see"',
        (Mark(0, 20, "threats", "other"),),
    ),
]


@pytest.mark.parametrize(("inline", "text", "marks"), TABLE)
def test_inline_to_offsets_and_back(inline, text, marks):
    assert parse_inline(inline) == (text, marks)
    assert to_inline(text, marks) == inline


@pytest.mark.parametrize(
    ("inline", "at"),
    [
        ("He [[shouts", 3),
        ("He shouts]] at her", 9),
        ("[[no label]]", 0),
        ("[[|threats]]", 0),
        ("[[a|]]", 0),
        ("[[a [[b|threats]] c|isolation]]", 2),
        ("[[fine|threats]] and [[not", 9),
    ],
)
def test_a_bracket_without_its_pair(inline, at):
    with pytest.raises(ValueError) as error:
        parse_inline(inline)
    assert str(error.value) == (
        f"a mark's bracket without its pair at character {at} of the plain text; "
        "write [[phrase|label]] and do not nest marks"
    )


def test_an_unknown_context():
    with pytest.raises(ValueError) as error:
        parse_inline("[[a|threats:denied]]")
    assert str(error.value) == (
        "no context 'denied'; it must be one of affirmed, negated, hypothetical, other"
    )


@pytest.mark.parametrize(
    "marks",
    [
        (Mark(0, 5, "threats"), Mark(3, 8, "threats")),
        (Mark(0, 5, "threats"), Mark(0, 5, "threats", "negated")),
        (Mark(0, 8, "threats"), Mark(3, 5, "isolation")),
    ],
)
def test_overlapping_marks_cannot_be_inline(marks):
    with pytest.raises(ValueError) as error:
        to_inline("he shouts", marks)
    assert str(error.value) == (
        f"span {marks[1].start}:{marks[1].end} overlaps the one before it; "
        "inline marks cannot overlap, use JSON Lines"
    )


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("a [[b|c]] d", ()),
        ("a [[ d", ()),
        ("a ]] d", ()),
        ("a [b", (Mark(3, 4, "threats"),)),
        ("a b", (Mark(0, 1, "a|b"),)),
        ("a b", (Mark(0, 1, "a:b"),)),
        ("a b", (Mark(0, 1, "a+b"),)),
    ],
)
def test_brackets_that_inline_marks_cannot_say(text, marks):
    with pytest.raises(ValueError) as error:
        to_inline(text, marks)
    assert str(error.value) == (
        "double brackets or marks out of order, which inline marks cannot say; use JSON Lines"
    )


PIECES = st.sampled_from(
    ["[", "]", "[[", "]]", "|", ":", "+", "#", "---", "a", "é", " ", "\n", "\r"]
)
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=8).map("".join)


@st.composite
def marked(draw, texts=TEXTS):
    text = draw(texts)
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    marks = []
    for start, end in zip(edges[::2], edges[1::2], strict=False):
        context = draw(st.sampled_from(CONTEXTS))
        for label in draw(
            st.lists(st.sampled_from(["threats", "isolation"]), min_size=1, unique=True)
        ):
            marks.append(Mark(start, end, label, context))
    return text, tuple(marks)


@given(marked())
def test_what_is_written_inline_reads_back_or_is_refused(content):
    try:
        inline = to_inline(*content)
    except ValueError:
        text, _ = content
        assert "[" in text or "]" in text
    else:
        assert parse_inline(inline) == content


@st.composite
def inline_notes(draw):
    values = st.text(max_size=4) | st.sampled_from(["a\nb", "x: y", ""])
    return [
        Note(
            draw(st.sampled_from(["n-1", "n 2", "é", "3"])),
            *draw(marked()),
            {"group": "g", "unit": "note"}
            | draw(st.dictionaries(st.sampled_from(["kind", "set ting", "v"]), values)),
        )
        for _ in range(draw(st.integers(1, 3)))
    ]


@given(inline_notes())
def test_a_file_of_notes_reads_back_or_is_refused(tmp_path_factory, notes):
    path = tmp_path_factory.mktemp("inline") / "notes.txt"
    try:
        write_inline(notes, path)
    except ValueError:
        assert not path.exists()
    else:
        assert list(read_inline(path, group="g")) == notes


@given(st.lists(marked(st.text(max_size=12)), max_size=4))
def test_a_file_of_sentences_reads_back_or_is_refused(tmp_path_factory, contents):
    path = tmp_path_factory.mktemp("inline") / "said.txt"
    notes = [
        Note(f"said-{number:04}", text, marks, {"group": "g", "unit": "sentence"})
        for number, (text, marks) in enumerate(contents, start=1)
    ]
    try:
        write_inline(notes, path)
    except ValueError:
        assert not path.exists()
    else:
        assert list(read_inline(path, group="g")) == notes


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_file_of_the_corpus_reads_back(file, tmp_path):
    notes = read_corpus(file)
    path = tmp_path / f"{file.stem}.txt"
    write_inline(notes, path)
    again = list(read_inline(path, group=notes[0].meta["group"]))
    assert [(note.text, note.marks, note.meta) for note in again] == [
        (note.text, note.marks, note.meta) for note in notes
    ]
    if notes[0].meta["unit"] == "note":
        assert [note.id for note in again] == [note.id for note in notes]
    write_inline(again, tmp_path / "again.txt")
    assert (tmp_path / "again.txt").read_bytes() == path.read_bytes()


def test_a_file_of_notes(tmp_path):
    path = tmp_path / "police.txt"
    path.write_text(
        "# id: n-1\n# kind: abuse\nHe [[shouts|threats]].\n\nTwice.\n---\n# id: n-2\n\n",
        encoding="utf-8",
    )
    assert list(read_inline(path, group="a")) == [
        Note(
            "n-1",
            "He shouts.\n\nTwice.",
            (Mark(3, 9, "threats"),),
            {"group": "a", "unit": "note", "kind": "abuse"},
        ),
        Note("n-2", "", (), {"group": "a", "unit": "note"}),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_file_of_sentences_has_one_on_each_line(newline, tmp_path):
    path = tmp_path / "threats.txt"
    path.write_text("He [[shouts|threats]].\n\nFine\u2028here.", encoding="utf-8", newline=newline)
    meta = {"group": "a", "unit": "sentence"}
    assert list(read_inline(path, group="a")) == [
        Note("threats-0001", "He shouts.", (Mark(3, 9, "threats"),), meta),
        Note("threats-0002", "", (), meta),
        Note("threats-0003", "Fine\u2028here.", (), meta),
    ]


def test_an_error_names_file_and_note(tmp_path):
    path = tmp_path / "threats.txt"
    path.write_text("fine\nHe [[shouts", encoding="utf-8")
    with pytest.raises(ValueError) as error:
        list(read_inline(path, group="a"))
    assert error.value.__notes__ == ["while reading threats.txt, note 'threats-0002'"]


def test_a_note_without_an_id(tmp_path):
    path = tmp_path / "police.txt"
    path.write_text("# kind: abuse\nHe shouts.\n", encoding="utf-8")
    with pytest.raises(ValueError) as error:
        list(read_inline(path, group="a"))
    assert str(error.value) == "a note without '# id: …'; every note starts with its headings"


SENTENCE = {"group": "a", "unit": "sentence"}


@pytest.mark.parametrize(
    ("notes", "reason"),
    [
        (
            [Note("1", "a", meta=SENTENCE), Note("2", "b", meta={"unit": "note"})],
            "notes and sentences cannot share a file; write two",
        ),
        (
            [Note("1", "a\nb", meta=SENTENCE)],
            "a sentence may not hold a line break; write notes instead",
        ),
        *(
            (
                [note],
                "a text or heading holds a carriage return, a divider or what looks like a "
                "heading, which inline files cannot say; use JSON Lines",
            )
            for note in [
                Note("1", "# id: 3", meta=SENTENCE),
                Note("1", "a\rb", meta=SENTENCE),
                Note("1", "a\r\nb"),
                Note("1", "# kind: abuse"),
                Note("1", "a", meta={"my kind": "abuse"}),
                Note("1", "a", meta={"id": "2"}),
                Note("1", "a", meta={"kind": "a\nb"}),
            ]
        ),
    ],
)
def test_what_an_inline_file_cannot_say(notes, reason, tmp_path):
    with pytest.raises(ValueError) as error:
        write_inline(notes, tmp_path / "out.txt")
    assert str(error.value) == reason
    assert not (tmp_path / "out.txt").exists()


def test_a_divider_inside_a_text_is_refused(tmp_path):
    with pytest.raises(ValueError):
        write_inline([Note("1", "a\n---\nb")], tmp_path / "out.txt")
    assert not (tmp_path / "out.txt").exists()


def test_nothing_to_write(tmp_path):
    write_inline([], tmp_path / "out.txt")
    assert list(read_inline(tmp_path / "out.txt", group="a")) == []
