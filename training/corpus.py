"""Marked notes as JSON Lines: the corpus that models are trained and measured on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from classifier.note import Mark, Note

SYNTHETIC = Path(__file__).parents[1] / "data" / "synthetic"
"""The corpus that comes with Unheard, beside the packages in a checkout and when installed."""


def read_corpus(*paths: str | Path) -> list[Note]:
    """Read marked notes.

    Parameters
    ----------
    *paths : path-like
        JSON Lines files, or folders whose ``notes/*.jsonl`` and ``sentences/*.jsonl`` are read.
        Without any, the corpus that comes with Unheard.

    Returns
    -------
    list of Note
        In file order, files sorted by name.

    Raises
    ------
    FileNotFoundError
        If a path does not exist or a folder holds no corpus.
    ValueError
        If a line is not a marked note, or an id is used twice; the message names file and line.
    """
    files = [file for path in paths or (SYNTHETIC,) for file in _corpus_files(Path(path))]
    notes: dict[str, Note] = {}
    for file in files:
        with file.open(encoding="utf-8") as lines:
            for number, note in enumerate(read_marked(lines, file.name), start=1):
                if note.id in notes:
                    raise ValueError(f"{file.name} line {number}: id {note.id!r} was used before")
                notes[note.id] = note
    return list(notes.values())


def read_marked(lines: Iterable[str], name: str) -> Iterator[Note]:
    """Read marked notes from lines of JSON.

    Parameters
    ----------
    lines : iterable of str
        One note a line, as `write_corpus` writes them.
    name : str
        Of the file, for messages.

    Yields
    ------
    Note
        In the order of the lines.

    Raises
    ------
    ValueError
        If a line is not a marked note; the message names file and line.
    """
    for number, line in enumerate(lines, start=1):
        try:
            note = note_from_record(json.loads(line))
            note.text.encode()  # half characters, which no file of a model could hold
        except KeyError as error:
            raise ValueError(
                f"{name} line {number}: a span without {error}; it needs start, end and label"
            ) from error
        except (ValueError, TypeError, AttributeError) as error:
            raise ValueError(f"{name} line {number}: {error}") from error
        yield note


def _corpus_files(path: Path) -> list[Path]:
    """List the JSON Lines files that a path stands for."""
    if path.is_file():
        return [path]
    files = sorted(path.glob("notes/*.jsonl")) + sorted(path.glob("sentences/*.jsonl"))
    if not files:
        raise FileNotFoundError(f"no marked notes at {path}; give a .jsonl file or a corpus folder")
    return files


def write_corpus(notes: Iterable[Note], path: str | Path) -> None:
    """Write marked notes as JSON Lines, one note a line.

    Parameters
    ----------
    notes : iterable of Note
        Any marked notes.
    path : path-like
        The file to write; its folder is made if need be.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for note in notes:
            out.write(json.dumps(note_to_record(note), ensure_ascii=False) + "\n")


def note_to_record(note: Note) -> dict[str, object]:
    """Turn a note into the form of spaCy, Prodigy and doccano users.

    Parameters
    ----------
    note : Note
        Any note.

    Returns
    -------
    dict
        Keys ``id``, ``text``, ``spans`` (``start``, ``end``, ``label``, ``context``), ``meta``.
    """
    spans = [
        {"start": mark.start, "end": mark.end, "label": mark.label, "context": mark.context}
        for mark in note.marks
    ]
    return {"id": note.id, "text": note.text, "spans": spans, "meta": dict(note.meta)}


def note_from_record(record: dict) -> Note:
    """Turn a record back into a note; undoes `note_to_record`.

    Parameters
    ----------
    record : dict
        As `note_to_record` gives it; ``spans`` and ``meta`` may be missing.

    Returns
    -------
    Note
        With checked offsets.

    Raises
    ------
    KeyError, ValueError
        If a key is missing or no string, or a span is not inside the text.
    """
    for key in ("id", "text"):
        if not isinstance(record.get(key), str):
            raise ValueError(f"{key!r} must be a string, got {type(record.get(key)).__name__}")
    marks = tuple(
        Mark(span["start"], span["end"], span["label"], span.get("context", "affirmed"))
        for span in record.get("spans", ())
    )
    return Note(record["id"], record["text"], marks, record.get("meta", {}))
