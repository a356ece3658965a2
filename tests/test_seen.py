import pytest

from classifier.note import Note
from training.seen import find_seen, tell_seen
from training.train import describe_data

NOTES = [Note(f"n{i}", "A text.", meta={"group": group}) for i, group in enumerate("aab")]


def manifest(notes):
    return {"data": describe_data(notes)}


@pytest.mark.parametrize(
    ("learnt", "notes", "seen", "told"),
    [
        (
            NOTES,
            NOTES,
            {"notes": 3, "groups": ["a", "b"], "same_data": True, "known": True},
            "the model has learnt from these very notes",
        ),
        (
            NOTES[:1],
            NOTES,
            {"notes": 2, "groups": ["a"], "same_data": False, "known": True},
            "the model has learnt from the authors of 2 of these notes (a)",
        ),
        (NOTES[:2], NOTES[2:], {"notes": 0, "groups": [], "same_data": False, "known": True}, ""),
        (
            NOTES,
            [Note("x", "Other.")],
            {"notes": 0, "groups": [], "same_data": False, "known": False},
            "nobody can tell whether the model has learnt from these notes: no author groups",
        ),
    ],
)
def test_what_a_model_has_learnt_from_is_seen(learnt, notes, seen, told):
    found = find_seen(manifest(learnt), notes)
    assert found == seen
    assert tell_seen(found) == told


def test_a_manifest_that_says_nothing():
    assert find_seen({}, NOTES)["known"] is False
