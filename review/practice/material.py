"""Notes to practise on: the invented corpus, in the form of practice."""

from __future__ import annotations

from dataclasses import replace

from classifier.note import Note
from review.practice.difficulty import difficulty_of, length_of
from review.practice.setting_kinds import setting_kind
from review.practice.victims import victims_of
from training.corpus import read_corpus

IN_CAPITALS = ("gp", "hr", "idva", "ae", "dwp", "marac", "sms")
"""Settings of the corpus that people write in capitals."""


def read_synthetic() -> list[Note]:
    """Read the invented notes that come with Unheard, whole notes only.

    Returns
    -------
    list of Note
        With their reference marks and, in ``meta``: ``source`` (id in the corpus), ``group``,
        ``kind``, ``case``, ``setting``, ``setting_kind``, ``victims``, ``difficulty``, ``length``,
        ``facts`` (shown above the text), ``handled`` (empty: a note's own words tell it) and
        ``is_synthetic``.
    """
    return [describe(_invented(one)) for one in read_corpus() if one.meta.get("unit") == "note"]


def describe(given: Note) -> Note:
    """Say of a note what it is chosen by, from its text and marks as they are now.

    Parameters
    ----------
    given : Note
        With reference marks.

    Returns
    -------
    Note
        With ``victims``, ``difficulty`` and ``length`` in ``meta``.
    """
    chosen_by = {
        "victims": list(victims_of(given)),
        "difficulty": difficulty_of(given),
        "length": length_of(given.text),
    }
    return replace(given, meta={**given.meta, **chosen_by})


def _invented(given: Note) -> Note:
    """Give a note of the corpus the form of practice."""
    setting = str(given.meta.get("setting") or "").replace("_", " ")
    group = given.meta.get("group")
    kind = setting_kind(setting, group)
    setting = setting or ("police" if kind == "police" else "")
    shown = setting.upper() if setting in IN_CAPITALS else setting[:1].upper() + setting[1:]
    meta = {
        "source": given.id,
        "group": group,
        "kind": given.meta.get("kind"),
        "case": given.meta.get("case"),
        "setting": setting,
        "setting_kind": kind,
        "facts": {"setting": shown} if shown else {},
        "handled": {},
        "is_synthetic": True,
    }
    return replace(given, meta=meta)


def source_of(note: Note) -> str:
    """Give what tells one note from another, whatever it is called in an exercise.

    Parameters
    ----------
    note : Note
        Any note.

    Returns
    -------
    str
        ``meta["source"]``, or else its id.
    """
    return str(note.meta.get("source") or note.id)
