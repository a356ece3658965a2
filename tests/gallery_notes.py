"""Notes for tests of the gallery: one routine text with a phrase in it, and what was found."""

from classifier.findings import Finding, NoteEvidence
from classifier.note import Mark, Note

TEXT = (
    "Boiler visit at ten. Cert issued, flue passed, two radiators bled. Tenant said {}. Dog shut "
    "in the kitchen. Landing light out. Next visit in May."
)


def note(id, phrase, *, label="monitoring", context="affirmed", **meta):
    text = TEXT.format(phrase)
    start = text.index(phrase)
    mark = Mark(start, start + len(phrase), label, context)
    return Note(id, text, (mark,), {"unit": "note", "group": "x", **meta})


def found_in(note, *findings):
    made = tuple(Finding(*finding, 0.5) for finding in findings)
    return {note.id: NoteEvidence(note, made, {}, 0.5)}


def extent(note):
    return note.marks[0].start, note.marks[0].end


PHONE = note("phone", "he goes through her phone")
TRIPS = note("trips", "he times her trips out", group="y")
