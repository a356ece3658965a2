"""Every note of data/synthetic is in order, however many there are."""

import re
from collections import Counter, defaultdict

import pytest

from classifier.evidence import find_all
from classifier.labels import load_labels
from classifier.model_file import load_model
from classifier.note import CONTEXTS
from training.corpus import SYNTHETIC, read_corpus

FILES = sorted(SYNTHETIC.glob("notes/*.jsonl")) + sorted(SYNTHETIC.glob("sentences/*.jsonl"))
LEAST_WORDS = 8
"""Shorter sentences may happen to be alike."""
GRAM = 5
MOST_ALIKE = 0.5
"""Jaccard index of five-word runs."""


@pytest.fixture(scope="module", params=FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def file(request):
    return request.param, read_corpus(request.param)


def test_there_are_notes_and_sentences():
    assert {file.parent.name for file in FILES} == {"notes", "sentences"}


def test_ids_are_unique(corpus):
    ids = Counter(note.id for note in corpus)
    assert [id for id, times in ids.items() if times > 1] == []


def test_labels_are_known(file):
    ids = load_labels().ids
    unknown = {(note.id, mark.label) for note in file[1] for mark in note.marks} - {
        (note.id, id) for note in file[1] for id in ids
    }
    assert unknown == set()


def test_contexts_are_known(file):
    assert {mark.context for note in file[1] for mark in note.marks} <= set(CONTEXTS)


def test_marks_are_inside_their_text_and_begin_and_end_with_a_word(file):
    for note in file[1]:
        for mark in note.marks:
            phrase = note.text[mark.start : mark.end]
            assert 0 <= mark.start < mark.end <= len(note.text), note.id
            assert phrase == phrase.strip(), note.id


def test_marks_are_in_reading_order_and_none_twice(file):
    for note in file[1]:
        assert list(note.marks) == sorted(note.marks, key=lambda mark: mark.start), note.id
        assert len(set(note.marks)) == len(note.marks), note.id


def test_unit_is_that_of_the_folder_and_a_group_is_given(file):
    path, notes = file
    expected = {"notes": "note", "sentences": "sentence"}[path.parent.name]
    assert {note.meta["unit"] for note in notes} == {expected}
    assert [note.id for note in notes if not note.meta.get("group")] == []


def test_a_note_is_of_the_kind_abuse_just_when_something_is_affirmed(file):
    wrong = [
        note.id
        for note in file[1]
        if "kind" in note.meta
        and (note.meta["kind"] == "abuse") != any(mark.context == "affirmed" for mark in note.marks)
    ]
    assert wrong == []


def test_texts_are_clean(file):
    odd = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffd\[\]]{2}|[\x00-\x08\x0b-\x1f\x7f\ufffd]")
    assert [note.id for note in file[1] if odd.search(note.text) or not note.text.strip()] == []


def test_every_label_is_affirmed_and_denied_somewhere(corpus):
    seen = {(mark.label, mark.context) for note in corpus for mark in note.marks}
    missing = [
        (label, context)
        for label in load_labels().ids
        for context in ("affirmed", "negated")
        if (label, context) not in seen and (label, context) != ("dismissive_response", "negated")
    ]
    assert missing == []


@pytest.mark.parametrize(("fast", "step"), [(True, 1), (False, 40)])
def test_the_whole_path_takes_every_note(corpus, fast, step):
    model, notes = load_model(fast=fast), corpus[::step]
    for note, evidence in zip(notes, find_all(notes, model), strict=True):
        assert evidence.note is note
        assert set(evidence.scores) == set(model.label_set.ids)
        assert all(0 <= score <= 1 for score in (evidence.evidence, *evidence.scores.values()))
        for finding in evidence.findings:
            assert 0 <= finding.start < finding.end <= len(note.text)


def test_no_two_files_share_a_note(corpus):
    """Near copies in another author's file would flatter the figures of held-out authors.

    Groups of single sentences alone are never held out, so two of them may meet by chance.
    """
    measured = {note.meta["group"] for note in corpus if note.meta["unit"] == "note"}
    grams, holders = [], defaultdict(list)
    for row, note in enumerate(corpus):
        words = re.findall(r"\w+", note.text.lower())
        runs = set()
        if len(words) >= LEAST_WORDS:
            runs = {" ".join(words[i : i + GRAM]) for i in range(len(words) - GRAM + 1)}
        grams.append(runs)
        for run in runs:
            holders[run].append(row)
    shared = Counter(
        (one, other)
        for rows in holders.values()
        if len(rows) > 1
        for place, one in enumerate(rows)
        for other in rows[place + 1 :]
        if corpus[one].meta["group"] != corpus[other].meta["group"]
        and measured & {corpus[one].meta["group"], corpus[other].meta["group"]}
    )
    alike = [
        (corpus[one].id, corpus[other].id)
        for (one, other), both in shared.items()
        if both / (len(grams[one]) + len(grams[other]) - both) > MOST_ALIKE
    ]
    assert alike == []
