"""Marked notes from and to annotation tools: one module a format, one convention for all.

`convention` says how label and context are written, `task` what a tool's record becomes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from classifier.labels import LabelSet, load_labels
from classifier.note import Note
from classifier.reading.rejects import RawNote, Reject, check_notes
from training.formats.convention import check_labels, check_writable
from training.formats.docbin import read_docbin, write_docbin
from training.formats.doccano import SPANS, read_doccano, write_doccano
from training.formats.inception import read_inception, write_inception
from training.formats.label_studio import read_label_studio, write_label_studio
from training.formats.offsets import UNITS
from training.formats.prodigy import read_prodigy, write_prodigy
from training.formats.records import peek
from training.formats.task import LeftOut, Task, pick_annotator
from training.inline import read_inline, write_inline

__all__ = ["FORMATS", "LeftOut", "guess_format", "read_marks", "write_marks"]

READERS = {
    "prodigy": read_prodigy,
    "doccano": read_doccano,
    "label-studio": read_label_studio,
    "inception": read_inception,
    "spacy": read_docbin,
}
WRITERS = {
    "prodigy": write_prodigy,
    "doccano": write_doccano,
    "label-studio": write_label_studio,
    "inception": write_inception,
    "spacy": write_docbin,
    "inline": write_inline,
}
OPTIONS = {
    "prodigy": {"text", "offsets"},
    "doccano": {"text", "offsets"},
    "label-studio": {"text", "offsets"},
    "spacy": {"spans_key"},
    "inception": set(),
    "inline": set(),
}
"""What else may be said of a file of each format."""
FORMATS = tuple(WRITERS)
"""What ``format`` may be."""
JSON_ENDINGS = (".json", ".jsonl", ".ndjson")
BY_ENDING = {".spacy": "spacy", ".xmi": "inception", ".txt": "inline", ".md": "inline"}


def read_marks(
    path: str | Path,
    format: str | None = None,
    *,
    labels: LabelSet | None = None,
    group: str | None = None,
    annotator: str | None = None,
    **options: str | None,
) -> Iterator[Note | Reject | LeftOut]:
    """Read marked notes that an annotation tool has exported.

    Every record comes out: as a note, as a reject with its reason, or as left out with a reason
    to be counted. A note without an id is called after file and record, ``mine-0012``. Notes keep
    the ``group`` and ``unit`` that the file gives them.

    Parameters
    ----------
    path : path-like
        A file; for INCEpTION also a folder.
    format : str, optional
        One of ``FORMATS``; by ending and content if not given.
    labels : LabelSet, optional
        Labels that marks may have; ours if not given. Inline marks are not checked.
    group : str, optional
        Author group of notes that do not say theirs; must be given for inline marks.
    annotator : str, optional
        Whose marks to take; not given, those of the first who marked a note.
    **options : str
        ``text``: field that holds the note; ``offsets``: one of ``UNITS``; ``spans_key``: name of
        the span group. Each where the format has it.

    Yields
    ------
    Note, Reject or LeftOut
        In the order of the file; what a note was left out of comes before it.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If a label is unknown, if the file cannot be read at all, if a note has no group, or if an
        option is not of this format.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"no file at {path}")
    format = format or guess_format(path)
    given = {name: value for name, value in options.items() if value is not None}
    _check_options(format, given)
    if format == "inline":
        if not group or annotator:
            raise ValueError("inline marks need --group and know no --annotator")
        yield from read_inline(path, group=group)
        return
    allowed = (labels or load_labels()).ids
    left: list[LeftOut] = []

    def raws() -> Iterator[RawNote]:
        for task in pick_annotator(READERS[format](path, **given), annotator):
            raw = _name(task, path)
            left.extend(LeftOut(raw.row, raw.id, reason) for reason in _reasons(task))
            if not task.left_out:
                if not raw.fault:
                    check_labels(raw.marks, allowed, f"{path.name} record {raw.row}")
                yield raw

    for row in check_notes(raws()):
        yield from left
        left.clear()
        yield _give_group(row, group) if isinstance(row, Note) else row
    yield from left


def _check_options(format: str, given: dict[str, str]) -> None:
    """Refuse a format that there is not, and an option that would do nothing."""
    if format not in FORMATS:
        raise ValueError(f"no format {format!r}; there are {', '.join(FORMATS)}")
    for name in given.keys() - OPTIONS[format]:
        raise ValueError(f"{format} knows no --{name.replace('_', '-')}")
    if given.get("offsets", UNITS[0]) not in UNITS:
        raise ValueError(f"--offsets must be one of {', '.join(UNITS)}")


def _name(task: Task, path: Path) -> RawNote:
    """Name a note that has no id after its file and record."""
    raw = task.raw
    nameless = not (raw.id or raw.fault or task.left_out)
    return replace(raw, id=f"{path.stem}-{raw.row:04}") if nameless else raw


def _reasons(task: Task) -> tuple[str, ...]:
    """Say what of a task is left out: all of it, or what is no span."""
    return (task.left_out,) if task.left_out else task.passed_over


def _give_group(note: Note, group: str | None) -> Note:
    """Give a note a group and a unit if it has none."""
    given = {"group": group} if group else {}
    meta = {**given, "unit": "note", **note.meta}
    if not meta.get("group"):
        raise ValueError(f"note {note.id!r} does not say its author group; give one with --group")
    return replace(note, meta=meta)


def write_marks(notes: Iterable[Note], path: str | Path, format: str | None = None) -> None:
    """Write marked notes for an annotation tool; undoes `read_marks`.

    Parameters
    ----------
    notes : iterable of Note
        Marked notes.
    path : path-like
        The file to write; for INCEpTION a ``.zip`` or a folder.
    format : str, optional
        One of ``FORMATS``; by the ending if not given, inline if that says nothing.

    Raises
    ------
    ValueError
        If the format cannot hold the notes as they are, or cannot be told.
    """
    path, notes = Path(path), list(notes)
    format = format or _guess_by_ending(path)
    _check_options(format, {})
    if format != "inline":
        for note in notes:
            check_writable(note)
    path.parent.mkdir(parents=True, exist_ok=True)
    WRITERS[format](notes, path)


def _guess_by_ending(path: Path) -> str:
    """Tell the format of a file that is not there yet."""
    if path.suffix == ".json":
        return "label-studio"
    if path.suffix == ".zip":
        return "inception"
    if path.suffix in JSON_ENDINGS:
        raise ValueError(f"{path.name}: say which tool it is for with --format: prodigy or doccano")
    return BY_ENDING.get(path.suffix, "inline")


def guess_format(path: str | Path) -> str:
    """Tell the format of a file by its ending and, for JSON and zip, by what it holds.

    Parameters
    ----------
    path : path-like
        A file or folder that is there.

    Returns
    -------
    str
        One of ``FORMATS``; inline if the ending says nothing.

    Raises
    ------
    ValueError
        If it is JSON of no form that we know.
    """
    path = Path(path)
    if path.is_dir():
        return "inception"
    if path.suffix in BY_ENDING:
        return BY_ENDING[path.suffix]
    zipped = zipfile.is_zipfile(path)
    if not zipped and path.suffix not in JSON_ENDINGS:
        return "inline"
    if zipped:
        with zipfile.ZipFile(path) as archive:
            if not any(name.endswith(".jsonl") for name in archive.namelist()):
                return "inception"
    record = peek(path)
    names = set(record) if isinstance(record, dict) else set()
    if "%FEATURE_STRUCTURES" in names:
        return "inception"
    if {"spans", "answer", "_input_hash", "_task_hash"} & names:
        return "prodigy"
    if {"data", "annotation_id"} & names:
        return "label-studio"
    if set(SPANS) & names:
        return "doccano"
    raise ValueError(f"{path.name}: say which tool it is from with --format: {', '.join(FORMATS)}")
