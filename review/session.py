"""What one person has open: notes and what was found in them, in this session's memory only."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from classifier.evidence import find_all
from classifier.findings import Finding, NoteEvidence
from classifier.labels import LabelSet, load_labels
from classifier.model_file import DEFAULT_MODEL, load_model
from classifier.note import Note
from classifier.reading import Columns, Reject, read_notes
from classifier.writing import write_evidence
from review.dates import write_date
from review.evaluations import MANIFEST_FILE, is_model, is_shipped, read_labels

DEMO_FILE = Path(__file__).parents[1] / "data" / "synthetic" / "demo" / "call_export.csv"

HIGHLIGHTED, NOTHING, EVERYTHING = "With", "Without", "All"
SHOWN_NOTES = (HIGHLIGHTED, NOTHING, EVERYTHING)
"""Which notes the list may show: with or without highlights."""

KEPT_KEYS = ("show", "labels", "words", "page")
"""Filters and place in the list, which Streamlit would forget while another screen is shown."""

MODEL_KEYS = ("side", "shown_label", "way", "ex_label", "ex_kind", "ex_context", "ex_at")
"""What a person chose on the screen of models; kept in the same way."""

PROGRESS_STEPS = 100
"""How often at most progress is sent to the browser; each time costs a message."""


@dataclass(frozen=True)
class Opened:
    """Notes that were read, and what was found in them.

    Parameters
    ----------
    name : str
        Of the file, to be shown; it is not ours, so never as Markdown.
    results : tuple of NoteEvidence
        In reading order.
    rejects : tuple of Reject
        Rows that are no notes.
    is_demo : bool
        Whether these are the invented notes that come with Unheard.
    """

    name: str
    results: tuple[NoteEvidence, ...] = field(repr=False)
    rejects: tuple[Reject, ...] = field(default=(), repr=False)
    is_demo: bool = False


def settle_folders(folders: Sequence[str | Path]) -> None:
    """Keep which models this page was started with; the first one is to read notes.

    Parameters
    ----------
    folders : sequence of path-like
        Of models or evaluations; the model that comes with Unheard is put after them.
    """
    given = [Path(folder) for folder in folders]
    if not any(is_shipped(folder) for folder in given):
        given.append(DEFAULT_MODEL)
    st.session_state["folders"] = tuple(dict.fromkeys(given))
    st.session_state.setdefault("reading", next(filter(is_model, given), DEFAULT_MODEL))


def get_folders() -> tuple[Path, ...]:
    """Give the folders of the models that are known.

    Returns
    -------
    tuple of Path
        Of models and evaluations.
    """
    return st.session_state.get("folders", (DEFAULT_MODEL,))


def get_reading() -> Path:
    """Give the folder of the model that reads notes.

    Returns
    -------
    Path
        By default of the model that comes with Unheard.
    """
    return st.session_state.get("reading", DEFAULT_MODEL)


def use_for_reading(folder: Path) -> None:
    """Let another model read notes from now on.

    Parameters
    ----------
    folder : Path
        Of a model that can be loaded.
    """
    st.session_state["reading"] = folder
    st.session_state.pop("guide", None)


def get_model():
    """Load the model that reads notes, once for all sessions.

    Returns
    -------
    Model
        Not to be altered.

    Raises
    ------
    FileNotFoundError, ValueError
        If it cannot be used.
    """
    folder = get_reading()
    manifest = folder / MANIFEST_FILE
    return _load_model(str(folder), manifest.stat().st_mtime_ns if manifest.is_file() else 0)


@st.cache_resource(show_spinner="Loading the model …", max_entries=3)
def _load_model(folder: str, changed: int):
    """Load a model again only when it is another one, or was trained again."""
    return load_model(folder)


def get_labels() -> LabelSet:
    """Give the labels of the model that reads notes.

    Returns
    -------
    LabelSet
        Not to be altered; those of Unheard's label file if the model's cannot be read.
    """
    return _load_labels(str(get_reading()))


def get_shipped_labels() -> LabelSet:
    """Give the labels of Unheard's label file.

    Returns
    -------
    LabelSet
        Not to be altered.
    """
    return _load_labels(str(DEFAULT_MODEL))


@st.cache_resource(show_spinner=False)
def _load_labels(folder: str) -> LabelSet:
    """Read the labels of a model once."""
    try:
        return read_labels(Path(folder))
    except ValueError:
        return load_labels()


def get_opened() -> Opened | None:
    """Give what is open in this session.

    Returns
    -------
    Opened or None
        None if nothing is.
    """
    return st.session_state.get("opened")


def keep_opened(opened: Opened) -> None:
    """Keep notes in this session, in place of those before, and go to the first one.

    Parameters
    ----------
    opened : Opened
        From `find_in`.
    """
    _drop_opened()
    found = any(result.findings for result in opened.results)
    show = HIGHLIGHTED if found else EVERYTHING
    st.session_state.update(opened=opened, at=0, finding=0, page=1, show=show)
    st.session_state["demo_seen"] = True


def forget() -> None:
    """Drop all notes of this session, and what a person typed to find some."""
    _drop_opened()
    forget_marked()


def forget_marked() -> None:
    """Drop the marked notes that a person opened beside an evaluation."""
    for key in ("marked", "differences", *MODEL_KEYS):
        st.session_state.pop(key, None)
    st.session_state["marked_round"] = st.session_state.get("marked_round", 0) + 1


def _drop_opened() -> None:
    """Drop the notes that are read, and their filters."""
    for key in ("opened", "at", "finding", *KEPT_KEYS):
        st.session_state.pop(key, None)


def go_to(place: str) -> None:
    """Show another screen.

    Parameters
    ----------
    place : str
        A key of what `app.make_places` gives, such as ``"open"`` or ``"review"``.
    """
    st.switch_page(st.session_state["places"][place])


def read_source(
    source: str | Path | io.BytesIO, *, columns: Columns | None = None, format: str | None = None
) -> tuple[list[Note], list[Reject]]:
    """Read all notes of a source.

    Parameters
    ----------
    source : path-like or io.BytesIO
        As in `classifier.reading.read_notes`.
    columns : Columns, optional
        As there.
    format : str, optional
        As there.

    Returns
    -------
    notes : list of Note
        In the order of the source.
    rejects : list of Reject
        Rows that are no notes.

    Raises
    ------
    ValueError
        If the source cannot be read; without words of a note.
    """
    notes, rejects = [], []
    for item in read_notes(source, columns=columns, format=format):
        (notes if isinstance(item, Note) else rejects).append(item)
    return notes, rejects


def find_in(
    notes: Sequence[Note], *, on_progress: Callable[[int], None] = lambda done: None
) -> tuple[NoteEvidence, ...]:
    """Find evidence in notes, and put them in reading order.

    Parameters
    ----------
    notes : sequence of Note
        From `read_source`.
    on_progress : callable
        Told now and then how many notes are done.

    Returns
    -------
    tuple of NoteEvidence
        Most evidence first; equal evidence in the order of `notes`.
    """
    step, model = max(1, len(notes) // PROGRESS_STEPS), get_model()
    results = []
    for result in find_all(notes, model):
        results.append(result)
        if len(results) % step == 0:
            on_progress(len(results))
    return tuple(sorted(results, key=lambda result: -result.evidence))


def pick_shown(
    results: Sequence[NoteEvidence], *, show: str, labels: Iterable[str], words: str
) -> list[int]:
    """Pick the notes that the list shows.

    Parameters
    ----------
    results : sequence of NoteEvidence
        In reading order.
    show : str
        One of ``SHOWN_NOTES``.
    labels : iterable of str
        Ids; a note stays if it has a finding of any of them. None given, all stay.
    words : str
        A note stays if its id or its text holds them, whatever the case.

    Returns
    -------
    list of int
        Places in `results`.
    """
    wanted, sought = set(labels), words.strip().casefold()
    return [
        at
        for at, result in enumerate(results)
        if (show == EVERYTHING or bool(result.findings) == (show == HIGHLIGHTED))
        and (not wanted or any(finding.label in wanted for finding in result.findings))
        and (not sought or sought in f"{result.note.id}\n{result.note.text}".casefold())
    ]


def say_received(received: object) -> str:
    """Say a date as people write it.

    Parameters
    ----------
    received : object
        ISO 8601, as in ``Note.meta``, or anything else.

    Returns
    -------
    str
        Unaltered if it is no date, empty if there is none.

    Examples
    --------
    >>> say_received("2024-07-04T15:18:00"), say_received("2024-07-04")
    ('4 Jul 2024, 15:18', '4 Jul 2024')
    """
    text = "" if received is None else str(received)
    return write_date(text) or text


def labels_of(findings: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    """Name the labels of a note, once each, what is recorded as happening first.

    Parameters
    ----------
    findings : iterable of Finding
        Of one note.

    Yields
    ------
    (str, str)
        Label and context; the context is ``"affirmed"`` if any finding of the label is.
    """
    contexts: dict[str, str] = {}
    for finding in findings:
        if finding.context == "affirmed" or finding.label not in contexts:
            contexts[finding.label] = finding.context
    yield from sorted(contexts.items(), key=lambda pair: pair[1] != "affirmed")


def make_reject_list(rejects: Iterable[Reject]) -> str:
    """Make a CSV text of rows that are no notes: row, id and reason, no words of a note.

    Parameters
    ----------
    rejects : iterable of Reject
        From `read_source`.

    Returns
    -------
    str
        With a header.
    """
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["row", "id", "reason"])
    for reject in rejects:
        id = reject.id or ""
        rows.writerow(
            [reject.row, f"'{id}" if id.startswith(tuple("=+-@\t\r")) else id, reject.reason]
        )
    return "\ufeff" + text.getvalue()


def make_file(opened: Opened, ending: str) -> bytes:
    """Make a file of findings.

    The file grows in a folder that only this user can open, and is deleted when it was read.

    Parameters
    ----------
    opened : Opened
        All its notes are written, in reading order.
    ending : str
        ``".xlsx"``, ``".csv"``, ``".html"`` or ``".jsonl"``.

    Returns
    -------
    bytes
        Of the file.
    """
    about = {"Source": opened.name, "Rows that could not be read": str(len(opened.rejects))}
    with tempfile.TemporaryDirectory(prefix="unheard-") as folder:
        path = Path(folder) / f"findings{ending}"
        write_evidence(opened.results, path, labels=get_labels(), about=about)
        return path.read_bytes()
