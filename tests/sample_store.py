"""The sample export in a store, as the import of a project would put it there."""

from pathlib import Path

from classifier.note import Note
from classifier.reading import Columns, read_notes
from review.projects import create_project
from tests.notes_in_store import add_note

SAMPLE = Path(__file__).parents[1] / "data" / "synthetic" / "demo" / "call_export.csv"
FACTS = {
    "Team": "team",
    "Handler": "handler",
    "Grade": "grade",
    "DA Flag": "da_flag",
    "Risk Assessment": "risk",
    "Closing Code": "closing",
    "Opening Code": "call_type",
}
COLUMNS = Columns(
    text="Narrative",
    id="Incident No",
    person="Person Ref",
    received="Received",
    keep=("Source", "Address Ref", *FACTS),
)


def add_sample(store, *, persons=None, by="Ann"):
    """Put in all notes, or those of some persons; rows that are no notes are left out."""
    made = create_project(store, "Sample", by=by, is_demo=True)
    for note in read_notes(SAMPLE, columns=COLUMNS):
        if isinstance(note, Note) and (persons is None or note.meta.get("person") in persons):
            facts = {column: note.meta.get(name) for name, column in FACTS.items()}
            known = {name: note.meta.get(name) for name in ("person", "received")}
            add_note(store, made.id, note.id, note.text, **facts, **known)
    return made
