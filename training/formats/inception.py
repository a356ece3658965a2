"""INCEpTION: one UIMA CAS for each note, as JSON 0.4 or XMI; label and context are features.

Reading and writing is dkpro-cassis's work, also turning UIMA's UTF-16 offsets into characters.
"""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any
from urllib.parse import quote, unquote

from classifier.note import Mark, Note
from classifier.reading.decoding import SURROGATE
from classifier.reading.rejects import RawNote
from training.formats.convention import make_mark, plain_meta, settle_marks
from training.formats.records import take_id
from training.formats.task import Task

LAYER = "custom.Span"
"""INCEpTION's basic span layer, whose feature is ``label``; we add ``context``."""
NOTE_LAYER = "custom.Note"
"""Our document metadata: ``noteId`` and ``meta`` as JSON; kept if the project has that layer."""
OWN_LAYERS = ("custom.", "webanno.custom.")
NAMED_ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
LABEL_FEATURES = ("label", "value")
NOT_ANNOTATED = "INITIAL_CAS"
"""In place of the annotator: the document as it was before."""
DOCUMENT_ENDINGS = (".json", ".xmi", ".txt")
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
"""In zip files, so that the same notes give the same file."""


@dataclass(frozen=True)
class Member:
    """A file in a folder or zip.

    Parameters
    ----------
    name : str
        Its path.
    data : bytes
        Its content.
    type_system : bytes or None
        The type system beside it, which XMI needs.
    """

    name: str
    data: bytes
    type_system: bytes | None


def read_inception(path: Path) -> Iterator[Task]:
    """Read INCEpTION's exports: a document, a project, or a folder of documents.

    Marks are the annotations of own layers with a feature ``label`` or ``value``, and of the
    named entity layer. The id is ours if it was kept, else the document's name.

    Parameters
    ----------
    path : Path
        A ``.json`` or ``.xmi`` (with ``TypeSystem.xml`` beside it), or a folder or zip of these.

    Yields
    ------
    Task
        One for each file but type systems.

    Raises
    ------
    ValueError
        If dkpro-cassis is not installed.
    """
    cassis = _import_cassis()
    for row, member in enumerate(_read_members(path), start=1):
        raw = RawNote(row, {"file": member.name})
        try:
            cas = _load(cassis, member)
        except ValueError as error:
            yield Task(replace(raw, fault=str(error)))
            continue
        yield Task(raw, left_out="file that is no CAS") if cas is None else _parse(cas, raw, member)


def _import_cassis() -> ModuleType:
    """Import what is an extra, or say how to get it."""
    try:
        import cassis
    except ModuleNotFoundError:
        raise ValueError(
            "INCEpTION's files need dkpro-cassis; install it with: pip install 'unheard[inception]'"
        ) from None
    return cassis


def _read_members(path: Path) -> Iterator[Member]:
    """Yield the files of a folder by name or of a zip in its order, or the one file."""
    if path.is_dir():
        files = {
            file.relative_to(path).as_posix(): file.read_bytes()
            for file in sorted(path.rglob("*"))
            if file.is_file()
        }
    elif zipfile.is_zipfile(path):
        files = _unzip(path.read_bytes())
    else:
        beside = path.with_name("TypeSystem.xml")
        files = {path.name: path.read_bytes()}
        if path.suffix == ".xmi" and beside.is_file():
            files[beside.name] = beside.read_bytes()
    type_systems = {
        PurePosixPath(name).parent: data for name, data in files.items() if _is_type_system(name)
    }
    for name in files:
        if not _is_type_system(name):
            yield Member(name, files[name], type_systems.get(PurePosixPath(name).parent))


def _unzip(data: bytes, under: str = "") -> dict[str, bytes]:
    """Give the files of a zip and of the zips in it."""
    files: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            name, content = under + info.filename, archive.read(info)
            files |= _unzip(content, f"{name}/") if name.endswith(".zip") else {name: content}
    return files


def _is_type_system(name: str) -> bool:
    """Tell whether a file is a type system by its name."""
    name = PurePosixPath(name).name.lower()
    return name.endswith(".xml") and "typesystem" in name


def _load(cassis: ModuleType, member: Member) -> Any:
    """Load a CAS, or None if the file is something else."""
    if member.name.endswith(".xmi") and member.type_system is None:
        raise ValueError("an .xmi needs TypeSystem.xml beside it; or export as UIMA CAS JSON 0.4")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # offsets that do not fit are only warned of
            if member.name.endswith(".xmi"):
                types = cassis.load_typesystem(io.BytesIO(member.type_system))
                return cassis.load_cas_from_xmi(io.BytesIO(member.data), typesystem=types)
            if not member.name.endswith(".json"):
                return None
            parsed = json.loads(member.data.decode("utf-8-sig"))
            if not isinstance(parsed, dict) or "%FEATURE_STRUCTURES" not in parsed:
                return None
            return cassis.load_cas_from_json(json.dumps({"%TYPES": {}, "%VIEWS": {}, **parsed}))
    except Exception as error:
        raise ValueError(
            f"is no CAS that can be read ({type(error).__name__}), or its offsets do not fit"
        ) from None


def _parse(cas: Any, raw: RawNote, member: Member) -> Task:
    """Turn a CAS into a task."""
    text = cas.sofa_string or ""
    title, owner = _read_metadata(cas)
    own = next(iter(_select(cas, NOTE_LAYER)), None)
    name = title or owner or PurePosixPath(member.name).stem
    raw = replace(raw, text=text, id=take_id(getattr(own, "noteId", None), _name_note(name)))
    annotators = (owner,) if title and owner else ()
    if owner == NOT_ANNOTATED:
        return Task(raw, annotators, left_out="not annotated")
    try:
        if SURROGATE.search(text):
            raise ValueError("text holds half a character (a lone surrogate)")
        marks, passed_over = _read_marks(cas)
        meta = json.loads(getattr(own, "meta", None) or "{}")
        raw = replace(raw, meta=meta, marks=settle_marks(text, marks))
    except ValueError as error:
        return Task(replace(raw, fault=str(error)), annotators)
    return Task(raw, annotators, passed_over=passed_over)


def _select(cas: Any, name: str) -> list[Any]:
    """Give the feature structures of a type, if the CAS knows it."""
    return list(cas.select(name)) if cas.typesystem.contains_type(name) else []


def _read_metadata(cas: Any) -> tuple[str, str]:
    """Give the document's name and whose annotations they are; INCEpTION's use of the two."""
    for found in _select(cas, METADATA):
        return found.documentTitle or "", found.documentId or ""
    return "", ""


def _name_note(name: str) -> str:
    """Give the id that a document's name stands for; undoes `_name_file`."""
    for ending in DOCUMENT_ENDINGS:
        name = name.removesuffix(ending)
    return unquote(name)


def _name_file(note: Note) -> str:
    """Give a file name that no system refuses."""
    return quote(note.id, safe=" ") + ".json"


def _read_marks(cas: Any) -> tuple[list[Mark], tuple[str, ...]]:
    """Read the labelled spans, and say which own layers cannot be read."""
    marks, passed_over = [], {}
    for found in _select(cas, "uima.tcas.Annotation"):
        layer = found.type.name
        if not (layer.startswith(OWN_LAYERS) or layer == NAMED_ENTITY):
            continue
        names = [f.name for f in found.type.all_features]
        feature = next((name for name in LABEL_FEATURES if name in names), None)
        if feature is None:
            passed_over[f"layer {layer} without a feature 'label'"] = None
            continue
        context = getattr(found, "context", None)
        marks.append(make_mark(found.begin, found.end, getattr(found, feature), context))
    return marks, tuple(passed_over)


def write_inception(notes: Iterable[Note], path: Path) -> None:
    """Write notes as UIMA CAS JSON 0.4, each in its own file; undoes `read_inception`.

    Parameters
    ----------
    notes : iterable of Note
        Marked notes.
    path : Path
        A ``.zip``; a ``.json`` for one note; else a folder, made if need be.

    Raises
    ------
    ValueError
        If dkpro-cassis is not installed, several notes are to go to one ``.json``, or two would
        have one name.
    """
    cassis = _import_cassis()
    files: dict[str, str] = {}
    for note in notes:
        name = _name_file(note)
        if name in files:
            raise ValueError(f"id {note.id!r} was used before")
        files[name] = _write_cas(cassis, note, name)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                info = zipfile.ZipInfo(name, FIXED_DATE)
                archive.writestr(info, content.encode(), zipfile.ZIP_DEFLATED)
    elif path.suffix == ".json":
        if len(files) != 1:
            raise ValueError(f"{path.name}: a CAS holds one note; write to a .zip or a folder")
        path.write_text(next(iter(files.values())), "utf-8", newline="\n")
    else:
        path.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (path / name).write_text(content, "utf-8", newline="\n")


def _write_cas(cassis: ModuleType, note: Note, name: str) -> str:
    """Write a note as a CAS."""
    types = cassis.TypeSystem()
    string = "uima.cas.String"
    layer = types.create_type(LAYER, "uima.tcas.Annotation")
    for feature in ("label", "context"):
        types.create_feature(layer, feature, string)
    own = types.create_type(NOTE_LAYER, "uima.cas.AnnotationBase")
    for feature in ("noteId", "meta"):
        types.create_feature(own, feature, string)
    metadata = types.create_type(METADATA, "uima.tcas.DocumentAnnotation")
    for feature in ("documentTitle", "documentId"):
        types.create_feature(metadata, feature, string)
    cas = cassis.Cas(types)
    cas.sofa_string, cas.sofa_mime = note.text, "text/plain"
    cas.add(metadata(begin=0, end=len(note.text), documentTitle=name))
    cas.add(own(noteId=note.id, meta=json.dumps(plain_meta(note.meta), ensure_ascii=False)))
    for mark in note.marks:
        cas.add(layer(begin=mark.start, end=mark.end, label=mark.label, context=mark.context))
    return cas.to_json(pretty_print=False)
