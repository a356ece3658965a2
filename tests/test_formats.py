"""Marks of annotation tools: what goes out comes back, what a tool exports is read as it shows."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin, Span

from classifier.labels import load_labels
from classifier.note import CONTEXTS, Mark, Note
from classifier.reading.rejects import Reject
from training.corpus import read_corpus, write_corpus
from training.formats import LeftOut, guess_format, read_marks, write_marks

FILES = Path(__file__).parent / "data" / "formats"
LABELS = load_labels().ids
ENDINGS = {
    "prodigy": "mine.jsonl",
    "doccano": "mine.jsonl",
    "label-studio": "mine.json",
    "inception": "mine.zip",
    "spacy": "mine.spacy",
}
every_format = pytest.mark.parametrize("format", ENDINGS)

EMOJI = "Says he 😡 goes through her phone. Denies any threats."
CRLF = "Cafe\u0301 till\r\nHe keeps her card."
PHONE, THREATS, CARD = Mark(10, 32, "monitoring"), Mark(45, 52, "threats", "negated"), (15, 29)


def order(marks):
    return tuple(sorted(marks, key=lambda m: (m.start, m.end, m.label, m.context)))


PIECES = ("😡", "👨🏻‍🚒", "e\u0301", "\r\n", "  ", "\u2028", "\\n", "\x00", "can't", "\ufeff", " .")


@st.composite
def notes(draw):
    letters = st.sampled_from(PIECES) | st.characters(exclude_categories=["Cs"])
    text = draw(st.lists(letters, min_size=1, max_size=20).map("".join))
    text = text if text.strip() else text + "x"
    marks = []
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        marks.append(
            Mark(start, end, draw(st.sampled_from(LABELS)), draw(st.sampled_from(CONTEXTS)))
        )
    words = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
    values = st.recursive(
        words | st.none() | st.integers() | st.booleans(),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
        max_leaves=3,
    )
    names = words.filter(lambda name: name not in {"person", "received"})
    meta = draw(st.dictionaries(names, values, max_size=2))
    meta |= {"group": "ours", "unit": draw(st.sampled_from(("note", "sentence")))}
    return Note(draw(words.filter(str.strip)), text, order(marks), meta)


def read_all(path, format=None, **options):
    """Notes, rejects and what was left out, each as a list."""
    rows = list(read_marks(path, format, **options))
    return tuple([row for row in rows if isinstance(row, k)] for k in (Note, Reject, LeftOut))


def words(note):
    return [(note.text[m.start : m.end], m.label, m.context) for m in note.marks]


def write_lines(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@every_format
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(given=st.lists(notes(), max_size=3, unique_by=lambda note: note.id))
def test_notes_come_back_as_they_went_out(format, given, tmp_path_factory):
    path = tmp_path_factory.mktemp("formats") / ENDINGS[format]
    write_marks(given, path, format)
    assert list(read_marks(path, format)) == given


@every_format
def test_format_is_guessed_and_real_notes_come_back(format, tmp_path, tiny_notes):
    path = tmp_path / ENDINGS[format]
    write_marks(tiny_notes, path, format)
    assert guess_format(path) == format
    assert [(n.id, n.text, order(n.marks), n.meta) for n in read_marks(path)] == [
        (n.id, n.text, order(n.marks), n.meta) for n in tiny_notes
    ]


@every_format
def test_what_is_read_can_be_written_as_a_corpus(format, tmp_path):
    note = Note("a/1", EMOJI, (PHONE, THREATS), {"group": "ours", "unit": "note", "kind": "log"})
    write_marks([note], tmp_path / ENDINGS[format], format)
    write_corpus(read_marks(tmp_path / ENDINGS[format]), tmp_path / "corpus.jsonl")
    assert read_corpus(tmp_path / "corpus.jsonl") == [note]


@every_format
def test_same_notes_give_the_same_file(format, tmp_path):
    note = Note("1", EMOJI, (PHONE, THREATS), {"group": "ours"})
    for place in "ab":
        write_marks([note], tmp_path / place / ENDINGS[format], format)
    assert (tmp_path / "a" / ENDINGS[format]).read_bytes() == (
        tmp_path / "b" / ENDINGS[format]
    ).read_bytes()


def test_prodigy_as_its_docs_show_it():
    found, rejects, left = read_all(FILES / "prodigy.jsonl", group="ours")
    assert [note.id for note in found] == ["-1111", "n-2"]
    assert words(found[0]) == [
        ("goes through her phone", "monitoring", "affirmed"),
        ("phone", "isolation", "affirmed"),
        ("threats", "threats", "negated"),
    ]
    assert found[0].meta == {"group": "ours", "unit": "note", "source": "line 4"}
    assert found[1].marks == (Mark(*CARD, "economic_abuse"),)
    assert found[1].meta["group"] == "theirs"
    assert rejects == []
    assert left == [
        LeftOut(3, "3333", "answer is reject"),
        LeftOut(4, "4444", "answer is ignore"),
    ]


@pytest.mark.parametrize("name", ["doccano.jsonl", "doccano_relations.jsonl"])
def test_doccano_as_it_exports_with_offsets_of_the_browser(name):
    found, rejects, left = read_all(FILES / name, group="ours")
    assert found[0].text == EMOJI
    assert found[0].marks == (PHONE, THREATS)
    assert found[-1].marks == ()
    assert rejects == []
    assert [row.reason for row in left] == (
        ["relations between spans"] if "relations" in name else []
    )


def test_doccano_keeps_other_fields_as_meta():
    found, _, _ = read_all(FILES / "doccano.jsonl", group="ours")
    assert found[1].meta == {
        "group": "ours",
        "unit": "note",
        "team": "north",
        "Comments": ["second look"],
    }


def test_doccano_labels_field_of_old_versions(tmp_path):
    record = {"id": 1, "text": EMOJI, "labels": [[11, 33, "monitoring|other"]]}
    path = write_lines(tmp_path / "old.jsonl", record)
    assert read_all(path, group="ours")[0][0].marks == (Mark(10, 32, "monitoring", "other"),)


def test_doccano_offsets_in_characters_can_be_said(tmp_path):
    path = write_lines(tmp_path / "a.jsonl", {"text": EMOJI, "label": [[10, 32, "monitoring"]]})
    assert read_all(path, group="ours", offsets="characters")[0][0].marks == (PHONE,)


def test_an_offset_inside_an_emoji_is_a_reject(tmp_path):
    path = write_lines(tmp_path / "a.jsonl", {"text": EMOJI, "label": [[9, 20, "monitoring"]]})
    found, rejects, _ = read_all(path, group="ours")
    assert found == []
    assert "span 9:20, counted in UTF-16 units" in rejects[0].reason


def test_doccano_zip_with_a_file_for_each_person(tmp_path):
    path = tmp_path / "export.zip"
    texts = {"anna": [[0, 4, "monitoring"]], "ben": [[5, 7, "threats"]]}
    with zipfile.ZipFile(path, "w") as archive:
        for name, label in texts.items():
            record = {"id": 1, "text": "Says he", "label": label}
            archive.writestr(f"{name}.jsonl", json.dumps(record) + "\n")
    found, _, left = read_all(path, group="ours")
    assert words(found[0]) == [("Says", "monitoring", "affirmed")]
    assert left == [LeftOut(2, "1", "marked by another annotator")]
    found, _, left = read_all(path, group="ours", annotator="ben")
    assert words(found[0]) == [("he", "threats", "affirmed")]
    with pytest.raises(ValueError) as error:
        read_all(path, group="ours", annotator="bill")
    assert str(error.value) == "nothing is marked by 'bill'; there are: anna, ben"


def test_label_studio_as_its_docs_show_it():
    found, rejects, left = read_all(FILES / "label_studio.json", group="ours")
    assert [note.id for note in found] == ["1", "2"]
    assert found[0].marks == (PHONE, THREATS)
    assert found[0].meta == {"group": "ours", "unit": "note", "team": "north"}
    assert found[1].marks == (Mark(*CARD, "economic_abuse"),)
    assert rejects == []
    assert left == [
        LeftOut(1, "1", "results of type 'relation'"),
        LeftOut(1, "1", "marked by another annotator"),
        LeftOut(2, "2", "skipped (was_cancelled)"),
        LeftOut(3, "3", "skipped (was_cancelled)"),
        LeftOut(4, "4", "not annotated"),
    ]


@pytest.mark.parametrize("name", ["9", "ben@example.org"])
def test_label_studio_marks_of_one_annotator(name):
    found, _, _ = read_all(FILES / "label_studio.json", group="ours", annotator=name)
    assert [words(note)[0][0] for note in found] == ["phone", "keeps her card"]


def test_label_studio_min_as_its_docs_show_it():
    found, rejects, left = read_all(FILES / "label_studio_min.json", group="ours")
    assert [note.id for note in found] == ["1", "3"]
    assert found[0].marks == (PHONE, THREATS)
    assert found[0].meta == {"group": "ours", "unit": "note", "team": "north"}
    assert found[1].marks == ()
    assert (rejects, left) == ([], [])


def task(**changes):
    value = {"start": 11, "end": 33, "text": "goes through her phone", "labels": ["monitoring"]}
    results = [{"id": "a", "type": "labels", "value": {**value, **changes}}]
    return {"id": 1, "data": {"text": EMOJI}, "annotations": [{"result": results}]}


def test_label_studio_of_before_2021_counts_utf_16_and_its_words_tell(tmp_path):
    path = write_lines(tmp_path / "a.jsonl", task())
    assert read_all(path, group="ours")[0][0].marks == (PHONE,)
    path = write_lines(tmp_path / "b.jsonl", task(text=None))
    assert read_all(path, group="ours", offsets="utf-16")[0][0].marks == (PHONE,)
    assert read_all(path, group="ours")[0][0].marks == (Mark(11, 33, "monitoring"),)


def test_label_studio_words_that_are_elsewhere_are_a_reject(tmp_path):
    path = write_lines(tmp_path / "a.jsonl", task(text="goes to bed"))
    found, rejects, _ = read_all(path, group="ours")
    assert found == []
    assert rejects[0].reason.startswith("the words kept with a region are not those at its offsets")
    assert "bed" not in rejects[0].reason


def test_label_studio_hypertext_with_offsets_or_only_xpath(tmp_path):
    place = {"start": "/text()[1]", "end": "/text()[1]", "startOffset": 11, "endOffset": 33}
    inside = task(**place, globalOffsets={"start": 10, "end": 32})
    inside["annotations"][0]["result"][0]["type"] = "hypertextlabels"
    path = write_lines(tmp_path / "a.jsonl", inside, {**task(**place), "id": 2})
    found, rejects, _ = read_all(path, group="ours")
    assert found[0].marks == (PHONE,)
    assert rejects[0].reason.startswith("a region says its place by XPath only")


def test_label_studio_min_cannot_say_whose_context_it_is(tmp_path):
    labels = [{"start": 0, "end": 4, "text": "Says", "labels": ["threats"]}]
    record = {"id": 1, "text": EMOJI, "label": labels, "context": "negated", "annotation_id": 3}
    _, rejects, _ = read_all(write_lines(tmp_path / "a.jsonl", record), group="ours")
    assert rejects[0].reason == (
        "JSON_MIN does not say which region a context belongs to; export as JSON"
    )


@pytest.mark.parametrize("name", ["inception.json", "inception_xmi", "inception_xmi/note 17.xmi"])
def test_inception_as_it_exports(name):
    found, rejects, left = read_all(FILES / name, group="ours")
    assert [note.id for note in found] == ["note 17"]
    assert found[0].text == EMOJI
    assert words(found[0]) == [
        ("goes through her phone", "monitoring", "affirmed"),
        ("phone", "isolation", "other"),
        ("threats", "threats", "negated"),
    ]
    assert rejects == []
    assert left == [LeftOut(1, "note 17", "layer webanno.custom.Doubt without a feature 'label'")]


def inception_cas(owner):
    cas = json.loads((FILES / "inception.json").read_text(encoding="utf-8"))
    cas["%FEATURE_STRUCTURES"][1]["documentId"] = owner
    return json.dumps(cas)


def test_inception_project_export_with_several_annotators(tmp_path):
    path = tmp_path / "project.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("exportedproject.json", "{}")
        archive.writestr("source/note 17.txt", EMOJI)
        for owner in ("INITIAL_CAS", "anna", "ben"):
            archive.writestr(f"annotation/note 17.txt/{owner}.json", inception_cas(owner))
    found, rejects, left = read_all(path, "inception", group="ours", annotator="ben")
    assert [note.id for note in found] == ["note 17"]
    assert rejects == []
    assert [row.reason for row in left][:4] == [
        "file that is no CAS",
        "file that is no CAS",
        "not annotated",
        "marked by another annotator",
    ]


def test_inception_zip_in_a_zip_with_its_type_system(tmp_path):
    inner = shutil.make_archive(str(tmp_path / "anna"), "zip", FILES / "inception_xmi")
    with zipfile.ZipFile(tmp_path / "project.zip", "w") as archive:
        archive.write(inner, "annotation/note 17.txt/anna.zip")
    assert [n.id for n in read_all(tmp_path / "project.zip", group="ours")[0]] == ["note 17"]


def test_inception_offsets_that_do_not_fit_are_a_reject(tmp_path):
    cas = json.loads((FILES / "inception.json").read_text(encoding="utf-8"))
    cas["%FEATURE_STRUCTURES"][-2]["begin"] = 9  # inside the emoji
    (tmp_path / "a.json").write_text(json.dumps(cas), encoding="utf-8")
    found, rejects, _ = read_all(tmp_path / "a.json", group="ours")
    assert found == []
    assert "its offsets do not fit" in rejects[0].reason


def test_inception_xmi_without_type_system_is_a_reject(tmp_path):
    shutil.copy(FILES / "inception_xmi" / "note 17.xmi", tmp_path / "a.xmi")
    assert "needs TypeSystem.xml" in read_all(tmp_path / "a.xmi", group="ours")[1][0].reason


def test_inception_writes_a_folder_or_one_file(tmp_path):
    one, two = (Note(id, EMOJI, (PHONE,), {"group": "ours", "unit": "note"}) for id in ("a/1", "b"))
    write_marks([one, two], tmp_path / "folder", "inception")
    assert sorted(p.name for p in (tmp_path / "folder").iterdir()) == ["a%2F1.json", "b.json"]
    assert list(read_marks(tmp_path / "folder")) == [one, two]
    write_marks([one], tmp_path / "one.json", "inception")
    assert list(read_marks(tmp_path / "one.json")) == [one]
    with pytest.raises(ValueError, match="a CAS holds one note"):
        write_marks([one, two], tmp_path / "two.json", "inception")


def test_inception_without_cassis_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cassis", None)
    with pytest.raises(ValueError, match=r"pip install 'unheard\[inception\]'"):
        read_all(FILES / "inception.json", group="ours")


def test_docbin_as_spacys_docs_show_it(tmp_path):
    nlp = spacy.blank("en")
    doc = nlp(EMOJI)
    doc.spans["sc"] = [
        doc.char_span(10, 32, label="monitoring"),
        doc.char_span(45, 52, label="threats:negated"),
    ]
    doc.set_ents([Span(doc, 2, 3, label="threats")])
    other = nlp("Bin lorry.")
    other.spans["mine"] = [Span(other, 0, 1, label="threats")]
    DocBin(docs=[doc, other, nlp("Call dropped.")]).to_disk(tmp_path / "train.spacy")
    found, rejects, _ = read_all(tmp_path / "train.spacy", group="ours")
    assert [note.id for note in found] == ["train-0001", "train-0003"]
    assert found[0].marks == (PHONE, THREATS)
    assert [r.reason for r in rejects] == ["no span group 'sc'; name one with --spans-key: mine"]
    found, _, _ = read_all(tmp_path / "train.spacy", group="ours", spans_key="ents")
    assert words(found[0]) == [("😡", "threats", "affirmed")]


def test_docbin_cuts_tokens_at_marks_and_spacy_finds_the_same_spans(tmp_path):
    note = Note("1", "can't  stop", (Mark(1, 6, "threats", "other"),), {"group": "ours"})
    write_marks([note], tmp_path / "a.spacy")
    (doc,) = DocBin().from_disk(tmp_path / "a.spacy").get_docs(spacy.blank("en").vocab)
    assert isinstance(doc, Doc)
    (span,) = doc.spans["sc"]
    assert (doc.text, span.text, span.label_, span.id_) == (note.text, "an't ", "threats", "other")


@pytest.mark.parametrize(
    ("label", "hint"), [("monitering", "did you mean 'monitoring'? "), ("zebra:negated", "")]
)
def test_unknown_label_stops_with_file_record_label_and_what_is_allowed(label, hint, tmp_path):
    records = [
        {"text": "fine", "label": []},
        {"text": "lighthouse", "label": [[0, 5, label]]},
    ]
    with pytest.raises(ValueError) as error:
        read_all(write_lines(tmp_path / "mine.jsonl", *records), group="ours")
    name = label.split(":")[0]
    assert str(error.value) == (
        f"mine.jsonl record 2: no label {name!r}; {hint}allowed are {', '.join(LABELS)}, each "
        "alone or with a context, such as monitoring:negated"
    )


def span(start, end, label, **more):
    return {"text": "lighthouse", "spans": [{"start": start, "end": end, "label": label, **more}]}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ([1], "record is no JSON object in braces"),
        ({"spans": []}, "field 'text' is missing or no string; name the field with --text; there"),
        ({"text": " "}, "text is empty"),
        ({"text": "lighthouse", "spans": 3}, "field 'spans' is no list"),
        ({"text": "lighthouse", "spans": [3]}, "field 'spans' is no list of objects"),
        ({"text": "lighthouse", "answer": "yes"}, "field 'answer' is none of accept, reject"),
        (span(0, 40, "threats"), "span 0:40 runs past the text (10 characters)"),
        (span(4, 4, "threats"), "span 4:4 is empty or ends before it starts"),
        (span("0", 4, "threats"), "a span has no whole numbers for its start and end"),
        (span(True, 4, "threats"), "a span has no whole numbers for its start and end"),
        (span(0, 4, None), "span 0:4 has no label"),
        (span(0, 4, "threats:denied"), "no context 'denied'; it must be one of affirmed"),
        (span(0, 4, "threats:other", context="negated"), "span 0:4 has two contexts, 'other'"),
        ({"text": "half \ud800"}, "record holds bytes that are not UTF-8, or half a character"),
        ({"id": "ok", "text": "again"}, "id 'ok' was used before, in row 1"),
    ],
)
def test_a_bad_record_is_a_reject_and_the_rest_is_read(record, reason, tmp_path):
    path = write_lines(tmp_path / "mine.jsonl", {"id": "ok", "text": "fine", "spans": []}, record)
    found, rejects, _ = read_all(path, "prodigy", group="ours")
    assert [note.id for note in found] == ["ok"]
    assert [row.row for row in rejects] == [2]
    assert rejects[0].reason.startswith(reason)
    assert "lighthouse" not in rejects[0].reason


def test_a_broken_line_is_a_reject_and_a_broken_list_stops(tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "fine", "spans": []}\n{"text": \n\n{"text": "\xff"}\n')
    found, rejects, _ = read_all(path, group="ours")
    assert [note.id for note in found] == ["mine-0001"]
    assert [(r.row, r.reason) for r in rejects] == [
        (2, "line is no JSON"),
        (3, "record holds bytes that are not UTF-8, or half a character"),
    ]
    (tmp_path / "a.json").write_text('[{"data": {}}, ')
    with pytest.raises(ValueError, match=r"a\.json: is no JSON; was it exported completely"):
        read_all(tmp_path / "a.json", "label-studio", group="ours")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "brat"}, "no format 'brat'; there are prodigy, doccano"),
        ({"spans_key": "sc"}, "prodigy knows no --spans-key"),
        ({"offsets": "bytes"}, "--offsets must be one of characters, utf-16"),
        ({}, "note 'mine-0001' does not say its author group; give one with --group"),
    ],
)
def test_what_cannot_be_done_is_said(options, message, tmp_path):
    path = write_lines(tmp_path / "mine.jsonl", {"text": "fine", "spans": []})
    with pytest.raises(ValueError) as error:
        read_all(path, **options)
    assert str(error.value).startswith(message)


def test_a_field_of_the_note_can_be_named(tmp_path):
    path = write_lines(tmp_path / "mine.jsonl", {"Narrative": "fine", "spans": []})
    assert read_all(path, group="ours", text="Narrative")[0][0].text == "fine"


@pytest.mark.parametrize("format", [f for f in ENDINGS if f != "inception"])
def test_a_file_that_is_something_else_is_not_read_as_nothing(format, tmp_path):
    path = tmp_path / "noise"
    path.write_bytes(b"no such thing")
    try:
        found, rejects, _ = read_all(path, format, group="ours")
    except ValueError:
        return
    assert (found, len(rejects)) == ([], 1)


@pytest.mark.parametrize(
    ("note", "message"),
    [
        (Note("1", "text", (Mark(0, 1, "a:b"),)), "note '1': label 'a:b' holds ':'"),
        (Note("1", "text", meta={"seen": {1}}), "'meta' holds what JSON cannot say"),
    ],
)
def test_what_would_not_come_back_is_not_written(note, message, tmp_path):
    with pytest.raises(ValueError) as error:
        write_marks([note], tmp_path / "mine.jsonl", "prodigy")
    assert str(error.value).startswith(message)


def test_a_new_file_whose_ending_does_not_tell_its_format(tmp_path):
    with pytest.raises(ValueError, match="say which tool it is for with --format"):
        write_marks([], tmp_path / "mine.jsonl")
