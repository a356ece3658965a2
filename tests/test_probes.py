import numpy as np

from classifier.evidence import find_all, find_evidence
from classifier.note import Note
from training import probes
from training.names import ORIGINS
from training.probes import (
    NAMES_OF,
    SAME_ORIGIN,
    affirmed_labels,
    probe_changes,
    remove_highlights,
    split_text,
)
from training.variants import VARIANTS, change_note, name_people


def test_a_text_is_split_at_its_highlights():
    assert split_text("abcdef", []) == ("abcdef", "")
    assert split_text("abcdef", [(0, 6)]) == (" ", "abcdef")
    assert split_text("abcdef", [(0, 1), (2, 4), (3, 5)]) == (" b f", "a\ncde")
    assert split_text("", []) == ("", "")


def test_labels_of_changed_notes_are_compared_one_by_one(tiny_model, tiny_notes, monkeypatch):
    monkeypatch.setattr(probes, "MOST_NAMED_NOTES", 9)
    notes = tiny_notes[:30]
    found = list(find_all(notes, tiny_model))
    changes = probe_changes(tiny_model, found, seed=3)
    names = [f"{NAMES_OF}{origin}" for origin in list(ORIGINS)[1:]]
    assert list(changes) == [*VARIANTS, SAME_ORIGIN, *names]
    for name in ("typo", "capitals"):
        for one, evidence, same in zip(notes, found, changes[name], strict=True):
            text = change_note(one, name, seed=3)
            again = find_evidence(Note(one.id, text), tiny_model)
            kept = affirmed_labels(again.findings) == affirmed_labels(evidence.findings)
            assert same == (-1 if text == one.text else kept)
    welsh = changes["names: Welsh"]
    assert (welsh >= 0).sum() == 9
    for row in np.flatnonzero(welsh >= 0):
        labels = [
            affirmed_labels(
                find_evidence(Note("n", name_people(notes[row], origin)), tiny_model).findings
            )
            for origin in ("English", "Welsh")
        ]
        assert welsh[row] == (labels[0] == labels[1])


def test_a_score_that_changes_below_its_threshold_is_no_change(tiny_model):
    quiet = Note("n", "HE WENT TO THE SHOP WITH HER MUM ON MONDAY.")
    found = list(find_all([quiet], tiny_model))
    assert found[0].findings == ()
    assert probe_changes(tiny_model, found, seed=0)["sex"].tolist() == [1]


def test_scores_fall_as_highlights_are_taken_out_by_hand(tiny_model, tiny_notes):
    found = list(find_all(tiny_notes[:40], tiny_model))
    rows = remove_highlights(tiny_model, found, seed=0)
    pairs = [
        (row, label)
        for row, evidence in enumerate(found)
        for label in sorted(affirmed_labels(evidence.findings))
    ]
    assert len(rows) == len(pairs) > 0
    for values, (row, label) in zip(rows, pairs, strict=True):
        text, keep = found[row].note.text, []
        for finding in found[row].findings:
            if finding.label == label and finding.context == "affirmed":
                keep += range(finding.start, finding.end)
        without = "".join(" " if at in keep else letter for at, letter in enumerate(text))
        score = find_evidence(Note("n", without), tiny_model).scores[label]
        assert values[:2].tolist() == [row, found[row].scores[label]]
        assert abs(values[2] - score) < 0.02  # there a stretch leaves one space, here several
