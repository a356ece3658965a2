"""Inline marks, the form in which people write annotated notes: `[[phrase|label+label:context]]`.

A file of notes divides its notes by lines of `---` and heads each with lines `# key: value`;
a file of sentences holds one on each line. Both go to marks with offsets and back unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from classifier.note import Mark, Note

_MARK = re.compile(r"\[\[(?P<phrase>.+?)\|(?P<labels>[^\[\]|:]+)(?::(?P<context>\w+))?\]\]", re.S)
_HEAD = re.compile(r"# (?P<key>\w+): (?P<value>.*)")
_DIVIDER = "---\n"


def parse_inline(marked: str) -> tuple[str, tuple[Mark, ...]]:
    """Turn inline marks into a plain text and marks with offsets.

    Parameters
    ----------
    marked : str
        Text with ``[[phrase|label]]``, ``[[phrase|a+b]]`` or ``[[phrase|label:context]]``.

    Returns
    -------
    text : str
        Without the brackets.
    marks : tuple of Mark
        In reading order; ``a+b`` gives two marks of the same extent.

    Raises
    ------
    ValueError
        If a bracket is left over (marks may not be nested) or a context is unknown.

    Examples
    --------
    >>> text, marks = parse_inline("Says he [[reads her post|monitoring]].")
    >>> text, marks[0].start, marks[0].end
    ('Says he reads her post.', 8, 22)
    """
    pieces: list[str] = []
    marks: list[Mark] = []
    length = at = 0
    for found in _MARK.finditer(marked):
        plain, phrase = marked[at : found.start()], found["phrase"]
        start = length + len(plain)
        length = start + len(phrase)
        pieces += plain, phrase
        marks += (
            Mark(start, length, label, found["context"] or "affirmed")
            for label in found["labels"].split("+")
        )
        at = found.end()
    text = "".join([*pieces, marked[at:]])
    if (left := re.search(r"\[\[|\]\]", text)) is not None:
        raise ValueError(
            f"a mark's bracket without its pair at character {left.start()} of the plain text; "
            "write [[phrase|label]] and do not nest marks"
        )
    return text, tuple(marks)


def to_inline(text: str, marks: Iterable[Mark]) -> str:
    """Write marks back into their text; undoes `parse_inline`.

    Parameters
    ----------
    text : str
        Plain text.
    marks : iterable of Mark
        In reading order; marks of one extent and context become ``a+b``.

    Returns
    -------
    str
        The text with inline marks.

    Raises
    ------
    ValueError
        If two marks overlap without being the same extent and context, or brackets stand in
        the way, which inline marks cannot say.
    """
    marks = tuple(marks)
    pieces: list[str] = []
    at = 0
    for (start, end, context), same in groupby(marks, key=lambda m: (m.start, m.end, m.context)):
        if start < at:
            raise ValueError(
                f"span {start}:{end} overlaps the one before it; inline marks cannot overlap, "
                "use JSON Lines"
            )
        tail = "" if context == "affirmed" else f":{context}"
        labels = "+".join(mark.label for mark in same)
        pieces += text[at:start], f"[[{text[start:end]}|{labels}{tail}]]"
        at = end
    inline = "".join([*pieces, text[at:]])
    if not _reads_back(inline, text, marks):
        raise ValueError(
            "double brackets or marks out of order, which inline marks cannot say; use JSON Lines"
        )
    return inline


def _reads_back(inline: str, text: str, marks: tuple[Mark, ...]) -> bool:
    """Tell whether inline marks give the text and marks that they were made from."""
    try:
        return parse_inline(inline) == (text, marks)
    except ValueError:
        return False


def read_inline(path: str | Path, *, group: str) -> Iterator[Note]:
    """Read a file of inline notes or sentences.

    Parameters
    ----------
    path : path-like
        UTF-8; notes when its first line is a heading (``# id: …``), else sentences.
    group : str
        The author group, kept in ``meta["group"]`` so that data are split by author.

    Yields
    ------
    Note
        With ``meta`` of ``group``, ``unit`` (``"note"`` or ``"sentence"``) and the headings.

    Raises
    ------
    ValueError
        If a mark or a heading is not in the form; the message names file and note.
    """
    path = Path(path)
    content = path.read_text(encoding="utf-8")
    for id, marked, unit, headings in _cut(content, path.stem):
        try:
            text, marks = parse_inline(marked)
        except ValueError as error:
            error.add_note(f"while reading {path.name}, note {id!r}")
            raise
        yield Note(id, text, marks, {"group": group, "unit": unit, **headings})


def _cut(content: str, stem: str) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Cut a file into ids, marked texts, units and headings."""
    return _note_parts(content) if content.startswith("# ") else _sentence_parts(content, stem)


def _note_parts(content: str) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Cut a file of notes at its dividers, and each note into headings and text."""
    for block in re.split(f"^{_DIVIDER}", content, flags=re.M):
        lines = block.removesuffix("\n").split("\n")
        headings = {}
        while lines and (head := _HEAD.fullmatch(lines[0])):
            headings[head["key"]] = head["value"]
            del lines[0]
        if "id" not in headings:
            raise ValueError("a note without '# id: …'; every note starts with its headings")
        yield headings.pop("id"), "\n".join(lines), "note", headings


def _sentence_parts(content: str, stem: str) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield the numbered lines of a file of sentences."""
    lines = content.removesuffix("\n").split("\n") if content else []
    for number, line in enumerate(lines, start=1):
        yield f"{stem}-{number:04}", line, "sentence", {}


def write_inline(notes: Iterable[Note], path: str | Path) -> None:
    """Write notes or sentences in the inline form; undoes `read_inline`.

    Parameters
    ----------
    notes : iterable of Note
        As `read_inline` gives them; sentences and notes do not mix.
    path : path-like
        The file to write.

    Raises
    ------
    ValueError
        If marks overlap, if notes and sentences are mixed, if a sentence spans lines, or if a
        text would not be read back as it is.
    """
    path, notes = Path(path), list(notes)
    units = {str(note.meta.get("unit", "note")) for note in notes}
    if len(units) > 1:
        raise ValueError("notes and sentences cannot share a file; write two")
    if units == {"sentence"}:
        if any("\n" in note.text for note in notes):
            raise ValueError("a sentence may not hold a line break; write notes instead")
        parts = [(to_inline(note.text, note.marks), {}) for note in notes]
        content = "".join(f"{marked}\n" for marked, _ in parts)
    else:
        parts = [(to_inline(note.text, note.marks), _headings(note)) for note in notes]
        content = _DIVIDER.join(
            "".join(f"# {key}: {value}\n" for key, value in {"id": note.id, **headings}.items())
            + f"{marked}\n"
            for note, (marked, headings) in zip(notes, parts, strict=True)
        )
    read_back = [(marked, headings) for _, marked, _, headings in _cut(content, path.stem)]
    if "\r" in content or read_back != parts:
        raise ValueError(
            "a text or heading holds a carriage return, a divider or what looks like a heading, "
            "which inline files cannot say; use JSON Lines"
        )
    path.write_text(content, encoding="utf-8", newline="\n")


def _headings(note: Note) -> dict[str, str]:
    """Give the metadata that stand above a note beside its id."""
    return {key: str(value) for key, value in note.meta.items() if key not in {"group", "unit"}}
