"""spaCy's DocBin: marks as a span group, the context as the id of the span.

spaCy's spans begin and end with tokens, so tokens are cut where a mark begins or ends inside one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from classifier.note import CONTEXTS, Mark, Note
from classifier.reading.rejects import RawNote
from training.formats.convention import make_mark, plain_meta, settle_marks
from training.formats.records import take_id
from training.formats.task import Task

SPANS_KEY = "sc"
"""Where spaCy's span categoriser looks."""
ENTITIES = "ents"
"""Instead of a group's name: the entities."""


def read_docbin(path: Path, *, spans_key: str | None = None) -> Iterator[Task]:
    """Read a ``.spacy`` file.

    Label and context are those of the span (``span.id_`` or ``monitoring:negated``); an id that
    is no context is passed over. The note's id and meta are taken from ``doc.user_data``.

    Parameters
    ----------
    path : Path
        As ``DocBin.to_disk`` writes it. Nothing in it is executed.
    spans_key : str, optional
        Name of the span group, ``"ents"`` for entities; ``"sc"`` if not given.

    Yields
    ------
    Task
        One for each doc.

    Raises
    ------
    ValueError
        If the file is no DocBin.
    """
    try:
        docs = DocBin().from_disk(path).get_docs(_blank().vocab)
        for row, doc in enumerate(docs, start=1):
            yield _parse(doc, RawNote(row, {"text": doc.text}), spans_key or SPANS_KEY)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise ValueError(f"{path.name}: is no DocBin of spaCy that can be read") from error


@lru_cache(maxsize=1)
def _blank() -> Language:
    """Give blank English, made once."""
    return spacy.blank("en")


def _parse(doc: Doc, raw: RawNote, spans_key: str) -> Task:
    """Turn a doc into a task."""
    raw = replace(raw, text=doc.text, id=take_id(doc.user_data.get("id")))
    try:
        meta = doc.user_data.get("meta") or {}
        meta = json.loads(meta) if isinstance(meta, str) else meta
        if not isinstance(meta, dict):
            raise ValueError("user_data['meta'] is no mapping")
        marks = [
            make_mark(
                span.start_char,
                span.end_char,
                span.label_,
                span.id_ if span.id_ in CONTEXTS else None,
            )
            for span in _spans_of(doc, spans_key)
        ]
        raw = replace(raw, meta=plain_meta(meta), marks=settle_marks(doc.text, marks))
    except ValueError as error:
        raw = replace(raw, fault=str(error))
    return Task(raw)


def _spans_of(doc: Doc, spans_key: str) -> list[Span]:
    """Give the spans under a key; a doc without any spans may lack it."""
    if spans_key == ENTITIES:
        return list(doc.ents)
    if spans_key not in doc.spans:
        there = [*sorted(doc.spans), *([ENTITIES] if doc.ents else [])]
        if there:
            raise ValueError(
                f"no span group {spans_key!r}; name one with --spans-key: {', '.join(there)}"
            )
        return []
    return list(doc.spans[spans_key])


def write_docbin(notes: Iterable[Note], path: Path) -> None:
    """Write notes as a DocBin; undoes `read_docbin`.

    Parameters
    ----------
    notes : iterable of Note
        Marked notes.
    path : Path
        Usually ``.spacy``.
    """
    docs = DocBin(store_user_data=True)
    for note in notes:
        docs.add(_make_doc(note))
    docs.to_disk(path)


def _make_doc(note: Note) -> Doc:
    """Make a doc whose tokens begin and end where marks do."""
    words, spaces = _cut_words(note.text, note.marks)
    doc = Doc(_blank().vocab, words=words, spaces=spaces)
    spans = [
        doc.char_span(mark.start, mark.end, mark.label, span_id=mark.context) for mark in note.marks
    ]
    if doc.text != note.text or None in spans:
        raise ValueError(f"note {note.id!r}: spaCy cannot hold its text as it is")
    doc.spans[SPANS_KEY] = spans
    doc.user_data.update(id=note.id, meta=json.dumps(dict(note.meta), ensure_ascii=False))
    return doc


def _cut_words(text: str, marks: Iterable[Mark]) -> tuple[list[str], list[bool]]:
    """Cut a text into spaCy's words, and where marks begin and end; say which a blank follows."""
    starts, ends = {mark.start for mark in marks}, {mark.end for mark in marks}
    cuts = {0, len(text)} | starts | ends
    for token in _blank().tokenizer(text):
        cuts |= {token.idx, token.idx + len(token)}
    places = sorted(cuts)
    words: list[str] = []
    spaces: list[bool] = []
    for start, end in pairwise(places):
        trailing = text[start:end] == " " and start not in starts and end not in ends
        if trailing and spaces and not spaces[-1]:
            spaces[-1] = True
        else:
            words.append(text[start:end])
            spaces.append(False)
    return words, spaces
