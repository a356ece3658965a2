"""Say which notes a model has learnt from: figures on these are too good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classifier.note import Note
from training.train import describe_data


def find_seen(manifest: Mapping[str, object], notes: Sequence[Note]) -> dict[str, object]:
    """Compare notes with what the manifest of a model says of its training data.

    Parameters
    ----------
    manifest : mapping
        Of a model, with ``data`` as `training.train.describe_data` gives it.
    notes : sequence of Note
        On which the model is to be measured.

    Returns
    -------
    dict
        ``notes``, how many are of author groups that the model has learnt from (all, where the
        digest of the data is the same); ``groups``, these groups; ``same_data``; and ``known``:
        false where notes or manifest do not name their groups, so that nobody can tell.
    """
    data = manifest.get("data") or {}
    learnt = data.get("groups")
    names = set(learnt) - {""} if isinstance(learnt, Mapping) else set()
    groups = [str(note.meta.get("group", "")) for note in notes]
    same = bool(notes) and data.get("sha256") == describe_data(notes)["sha256"]
    return {
        "notes": len(notes) if same else sum(group in names for group in groups),
        "groups": sorted(set(groups) & names),
        "same_data": same,
        "known": same or (bool(names) and all(groups)),
    }


def tell_seen(seen: Mapping[str, object], name: str = "the model") -> str:
    """Say in words what `find_seen` found.

    Parameters
    ----------
    seen : mapping
        From `find_seen`.
    name : str
        Of the model.

    Returns
    -------
    str
        One clause without a full stop; empty if the model has seen none of the notes.
    """
    if seen["same_data"]:
        return f"{name} has learnt from these very notes"
    if seen["notes"]:
        authors = ", ".join(seen["groups"])
        return f"{name} has learnt from the authors of {seen['notes']} of these notes ({authors})"
    if not seen["known"]:
        return f"nobody can tell whether {name} has learnt from these notes: no author groups"
    return ""
