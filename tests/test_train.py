import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

from classifier.evidence import find_all, find_evidence
from classifier.labels import load_labels
from classifier.model import HEADS
from classifier.model_file import FILES, save_model
from classifier.note import CONTEXTS, Mark, Note
from training.calibrate import THRESHOLDS
from training.corpus import note_to_record
from training.inline import parse_inline
from training.train import (
    EXAMPLES_PER_LABEL,
    FOLDS,
    LIBRARIES,
    choose_examples,
    describe_data,
    split_by_author,
    train,
)


def note(id, inline, **meta):
    return Note(id, *parse_inline(inline), meta)


def of_groups(*groups):
    """Notes of these groups; a group in capitals gives single sentences."""
    return [
        Note(str(i), "text", (), {"group": group.lower(), "unit": unit})
        for i, group in enumerate(groups)
        for unit in ["sentence" if group.isupper() else "note"]
    ]


# Splitting


@pytest.mark.parametrize(
    ("groups", "n_splits"),
    [("aabb", 2), ("abc", 3), ("abcd", 4), ("abcdefghij", FOLDS), ("aaaaab", 2), ("abABXYZ", 2)],
)
def test_no_author_is_on_both_sides_and_each_whole_note_is_held_out_once(groups, n_splits):
    notes = of_groups(*groups)
    splits = split_by_author(notes)
    assert len(splits) == n_splits
    held_out = []
    for training, testing in splits:
        authors = [{notes[row].meta["group"] for row in rows} for rows in (training, testing)]
        assert authors[0] & authors[1] == set()
        held_out += testing.tolist()
        apart = {row for row, note in enumerate(notes) if note.meta["group"] not in authors[1]}
        assert set(training.tolist()) == apart
    assert sorted(held_out) == [row for row, group in enumerate(groups) if group.islower()]


def test_single_sentences_of_other_authors_always_train():
    notes = of_groups(*"aabbXYX")
    sentences = {4, 5, 6}
    for training, testing in split_by_author(notes):
        assert sentences <= set(training.tolist())
        assert not sentences & set(testing.tolist())


def test_notes_without_a_group_stand_alone():
    notes = [Note(str(i), "text") for i in range(5)]
    splits = split_by_author(notes)
    assert len(splits) == FOLDS
    assert sorted(row for _, testing in splits for row in testing.tolist()) == list(range(5))


@pytest.mark.parametrize(
    ("groups", "found"), [("", 0), ("a", 1), ("aaaa", 1), ("aXYZ", 1), ("XY", 0)]
)
def test_one_author_cannot_be_held_out(groups, found):
    with pytest.raises(ValueError) as error:
        split_by_author(of_groups(*groups))
    assert str(error.value) == (
        f"training needs whole notes of two or more author groups, found {found}; "
        "give each note a meta.group, or none at all so that every note stands alone"
    )


# Training


def test_training_without_marks():
    with pytest.raises(ValueError) as error:
        train([Note(str(i), "He shouts") for i in range(40)], load_labels())
    assert str(error.value) == (
        "training needs marked phrases; 40 notes hold none. "
        "Are the spans in the file, and is data/synthetic complete?"
    )


def test_training_without_affirmed_marks():
    notes = [note(str(i), "[[No threats made|threats:negated]]") for i in range(4)]
    with pytest.raises(ValueError) as error:
        train(notes, load_labels())
    assert str(error.value) == ("training needs marked phrases; these notes hold no affirmed mark")


def test_training_with_an_unknown_label():
    notes = [note(str(i), "He [[shouts at her|shouting]]") for i in range(4)]
    with pytest.raises(ValueError) as error:
        train(notes, load_labels())
    assert str(error.value).startswith("note '0': no label 'shouting'; there are isolation, ")


def test_training_tells_its_stages():
    stages = []
    notes = [note(str(i), "He [[shouts at her|threats]]. Fine.", group=i % 2) for i in range(4)]
    train(notes, load_labels(), tell=stages.append)
    assert stages == [
        *("preprocessing", "held-out part 1 of 2", "held-out part 2 of 2", "all notes together"),
    ]


def test_a_corpus_of_affirmed_marks_of_one_label_can_be_learnt():
    threats = ["He [[threatened to hurt her|threats]].", "She [[said she'd hurt him|threats]]."]
    fine = ["They went to the shop.", "The bus was late."]
    notes = [note(str(i), text) for i, text in enumerate((threats + fine) * 6)]
    model = train(notes, load_labels())
    found = find_evidence(Note("n", "He threatened to hurt her."), model).findings
    assert [(finding.label, finding.context) for finding in found] == [("threats", "affirmed")]
    assert found[0].score > 0.5


def test_a_corpus_without_a_note_free_of_evidence_can_be_learnt():
    notes = [note(str(i), f"He [[threatened to hurt her {i}|threats]].") for i in range(8)]
    metrics = train(notes, load_labels()).manifest["metrics"]
    assert metrics["any_evidence_auc"] is None
    assert metrics["labels"]["threats"]["average_precision"] is None
    json.dumps(metrics, allow_nan=False)


def test_the_same_notes_and_seed_give_the_same_bytes(tiny_notes, tiny_model, tmp_path):
    save_model(tiny_model, tmp_path / "one")
    save_model(train(tiny_notes, load_labels()), tmp_path / "two")
    for name in (*FILES, "manifest.json"):
        contents = [(tmp_path / place / name).read_bytes() for place in ("one", "two")]
        assert hashlib.sha256(contents[0]).digest() == hashlib.sha256(contents[1]).digest(), name


def test_the_same_notes_and_reader_give_the_same_bytes(
    tiny_notes, tiny_reading_model, encoder, tmp_path
):
    save_model(tiny_reading_model, tmp_path / "one")
    save_model(train(tiny_notes, load_labels(), reader=encoder), tmp_path / "two")
    for name in (*FILES, "manifest.json"):
        contents = [(tmp_path / place / name).read_bytes() for place in ("one", "two")]
        assert hashlib.sha256(contents[0]).digest() == hashlib.sha256(contents[1]).digest(), name


def test_the_model_finds_what_it_was_taught(tiny_notes, tiny_model):
    marked = [
        {mark.label for mark in note.marks if mark.context == "affirmed"} for note in tiny_notes
    ]
    shown = [
        {finding.label for finding in evidence.findings if finding.context == "affirmed"}
        for evidence in find_all(tiny_notes, tiny_model)
    ]
    hits = sum(len(one & other) for one, other in zip(marked, shown, strict=True))
    assert hits / sum(map(len, marked)) > 0.6


def test_thresholds_are_chosen_from_the_list(tiny_model):
    assert list(tiny_model.thresholds) == list(tiny_model.label_set.ids)
    assert set(tiny_model.thresholds.values()) <= set(THRESHOLDS.tolist())
    assert THRESHOLDS.min() > 0
    assert THRESHOLDS.max() <= 1


def test_heads_fit_the_labels_and_are_kept_in_half_precision(tiny_model):
    n_labels = len(tiny_model.label_set.ids)
    outputs = {"sentence": n_labels, "phrase": n_labels, "context": len(CONTEXTS), "evidence": 1}
    assert set(tiny_model.heads) == set(HEADS)
    for name, head in tiny_model.heads.items():
        assert head.intercept.shape == (outputs[name],)
        for weights in head.weights.values():
            np.testing.assert_array_equal(weights, weights.astype(np.float16))


def test_a_model_of_words_has_a_finite_calibration_of_words_only(tiny_model):
    calibration, n_labels = tiny_model.calibration, len(tiny_model.label_set.ids)
    assert calibration.labels.shape == (n_labels, 2)
    assert calibration.contexts.shape == (len(CONTEXTS) + 1, len(CONTEXTS))
    assert calibration.evidence.shape == (2,)
    assert all(np.isfinite(array).all() for array in vars(calibration).values())
    assert np.median(calibration.labels[:, 0]) > 0  # what is likelier by words is likelier
    assert calibration.evidence[0] > 0
    assert tiny_model.reader is tiny_model.reader_calibration is None
    assert "fast_thresholds" not in tiny_model.manifest


def test_a_model_with_a_reader_is_calibrated_with_and_without_it(tiny_model, tiny_reading_model):
    words, both = tiny_reading_model.calibration, tiny_reading_model.reader_calibration
    n_labels = len(tiny_model.label_set.ids)
    assert both.labels.shape == (n_labels, 4)
    assert both.contexts.shape == (2 * len(CONTEXTS) + 1, len(CONTEXTS))
    assert both.evidence.shape == (3,)
    for part, array in vars(words).items():
        np.testing.assert_array_equal(array, getattr(tiny_model.calibration, part))
    metrics, manifest = tiny_reading_model.manifest["metrics"], tiny_model.manifest
    assert metrics["words_alone"] == manifest["metrics"]
    assert {name: metrics[name] for name in manifest["metrics"]} != manifest["metrics"]
    fast = tiny_reading_model.manifest["fast_thresholds"]
    assert fast == tiny_model.thresholds != tiny_reading_model.thresholds
    assert set(tiny_reading_model.thresholds.values()) <= set(THRESHOLDS.tolist())


def test_the_manifest_says_what_the_model_was_made_of(tiny_notes, tiny_model):
    manifest = tiny_model.manifest
    assert set(manifest) == {"versions", "data", "metrics", "seed"}
    assert set(manifest["versions"]) == {"python", *LIBRARIES}
    assert manifest["seed"] == 0
    assert manifest["data"] == describe_data(tiny_notes)
    whole = [note for note in tiny_notes if note.meta["unit"] == "note"]
    metrics = manifest["metrics"]
    assert metrics["notes"] == len(whole)
    assert set(metrics["labels"]) == set(tiny_model.label_set.ids)
    for label, row in metrics["labels"].items():
        marked = [
            note
            for note in whole
            if any(mark.label == label and mark.context == "affirmed" for mark in note.marks)
        ]
        assert row["notes"] == len(marked)
        figures = [row[name] for name in ("average_precision", "precision", "recall", "f1")]
        assert all(figure is None or 0 <= figure <= 1 for figure in figures)
    json.dumps(manifest, allow_nan=False)


def test_the_manifest_holds_no_words_of_a_note(tiny_notes, tiny_model):
    manifest = json.dumps(tiny_model.manifest)
    assert not [note.id for note in tiny_notes if note.text[:40] in manifest]


def test_data_are_described():
    notes = [
        note("1", "He [[shouts|threats+degradation]]", group="a", unit="note"),
        note("2", "Fine", group="b", unit="sentence"),
        note("3", "Fine"),
    ]
    lines = "\n".join(json.dumps(note_to_record(one), sort_keys=True) for one in notes)
    assert describe_data(notes) == {
        "notes": 2,
        "sentences": 1,
        "marks": 2,
        "groups": {"": 1, "a": 1, "b": 1},
        "sha256": hashlib.sha256(lines.encode()).hexdigest(),
    }
    assert describe_data(notes[::-1])["sha256"] != describe_data(notes)["sha256"]


def test_many_groups_are_only_counted():
    notes = [Note(str(i), "text", (), {"group": str(i)}) for i in range(101)]
    assert describe_data(notes)["groups"] == 101


# Examples


def test_examples_are_the_marked_phrases(tiny_notes, tiny_model):
    marked = {
        (mark.label, mark.context, note.text[mark.start : mark.end])
        for note in tiny_notes
        for mark in note.marks
    }
    kept = [(row["label"], row["context"], row["text"]) for row in tiny_model.examples]
    assert len(kept) == len(set(kept))
    assert set(kept) == marked


def test_examples_may_be_left_out():
    notes = [note(str(i), "He [[shouts at her|threats]]. Fine.", group=i % 2) for i in range(4)]
    assert train(notes, load_labels(), keep_examples=False).examples == []


def test_examples_are_limited_and_repeatable():
    words = [f"w{i:03}" for i in range(2 * EXAMPLES_PER_LABEL)]
    marks = tuple(Mark(5 * i, 5 * i + 4, "threats") for i in range(len(words)))
    notes = [Note("n", " ".join(words), marks)]
    labels = ("threats", "isolation")
    chosen = choose_examples(notes, labels, seed=1)
    assert len({row["text"] for row in chosen}) == len(chosen) == EXAMPLES_PER_LABEL
    assert chosen == choose_examples(notes, labels, seed=1)
    assert chosen == choose_examples([replace(notes[0], marks=marks[::-1])], labels, seed=1)
    assert chosen != choose_examples(notes, labels, seed=2)
