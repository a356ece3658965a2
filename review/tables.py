"""What the store holds, as tables. Read from the top: notes in, what was found, what people said.

Times are UTC, written as ISO 8601 with a ``Z``; dates of calls are kept as the export gave them,
without a zone. `decision` is a log: rows are added, never altered or taken away, and the
database itself refuses anything else (see ``migrations``). `reading` and ``note.case_ref``
are derived from it, in the same transaction, so that a queue can be sorted and filtered by SQL.

An exercise for trainees is a project without queues: its notes are frozen copies, its reference
marks are one reading of them, and each attempt is another, in the same log.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

project = Table(
    "project",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("is_demo", Boolean, nullable=False, default=False),
    Column("settings", JSON, nullable=False),
    Column("at", String(27), nullable=False),
    Column("by", String(200), nullable=False),
)

member = Table(
    "member",
    metadata,
    Column("project_id", ForeignKey("project.id"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("at", String(27), nullable=False),
)
"""Who may do what: ``"reviewer"`` or ``"lead"``."""

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False, index=True),
    Column("name", String(400), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("columns", JSON, nullable=False),
    Column("n_rows", Integer, nullable=False),
    Column("n_added", Integer, nullable=False),
    Column("n_known", Integer, nullable=False),
    Column("n_changed", Integer, nullable=False),
    Column("n_renewed", Integer, nullable=False, server_default="0"),
    Column("rejects", JSON, nullable=False),
    Column("at", String(27), nullable=False),
    Column("by", String(200), nullable=False),
)
"""One import of one file. Rows are added, known already, changed since, or rejected; no others.
``n_renewed`` of the known and changed have other facts since."""

note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("delivery_id", ForeignKey("delivery.id"), nullable=False),
    Column("name", String(400), nullable=False),
    Column("text", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received", String(32)),
    Column("person", String(400)),
    Column("case_ref", String(400)),
    Column("team", String(400)),
    Column("handler", String(400)),
    Column("grade", String(400)),
    Column("da_flag", String(400)),
    Column("risk", String(400)),
    Column("closing", String(400)),
    Column("call_type", String(400)),
    Column("meta", JSON, nullable=False),
    Column("draw", Float, nullable=False),
    UniqueConstraint("project_id", "name"),
    *(
        Index(None, "project_id", column)
        for column in (
            *("received", "case_ref", "team", "handler", "grade", "da_flag", "risk"),
            *("closing", "call_type", "draw"),
        )
    ),
)
"""A note as it was exported. ``name`` is its number in the export; ``draw`` a number in [0, 1)
from the project's seed and the name, whose order is the random queue's."""

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False, index=True),
    Column("model", String(400), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("is_fast", Boolean, nullable=False, default=False),
    Column("thresholds", JSON, nullable=False),
    Column("n_notes", Integer, nullable=False),
    Column("at", String(27), nullable=False),
    Column("ended", String(27)),
)
"""One model over a project's notes; new notes are added to it. ``sha256`` is of the manifest."""

score = Table(
    "score",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("note_id", ForeignKey("note.id"), primary_key=True),
    Column("evidence", Float, nullable=False),
    Column("n_findings", Integer, nullable=False),
    Index(None, "run_id", "evidence", "note_id"),
    Index(None, "note_id"),
)
"""Where a note stands in the order for reading. It says nothing of urgency or of a person."""

finding = Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    Column("note_id", ForeignKey("note.id"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("label", String(100), nullable=False),
    Column("context", String(20), nullable=False),
    Column("score", Float, nullable=False),
    Index(None, "run_id", "label", "note_id"),
    Index(None, "note_id", "run_id"),
)

queue = Table(
    "queue",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("is_blind", Boolean, nullable=False, default=False),
    Column("seed", Integer),
    Column("plan", JSON, nullable=False),
    Column("at", String(27), nullable=False),
    Column("by", String(200), nullable=False),
)
"""``"ranked"`` (all notes, in the order of a run; one for each project), or a list of notes drawn
beforehand: ``"random"``, ``"elusion"``, ``"dip"``, ``"second"``."""

queue_note = Table(
    "queue_note",
    metadata,
    Column("queue_id", ForeignKey("queue.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("note_id", ForeignKey("note.id"), nullable=False),
    Column("reader", String(200)),
    UniqueConstraint("queue_id", "note_id"),
    Index(None, "note_id"),
)
"""Notes of a drawn queue in their order; ``reader`` if one was assigned."""

claim = Table(
    "claim",
    metadata,
    Column("queue_id", ForeignKey("queue.id"), primary_key=True),
    Column("note_id", ForeignKey("note.id"), primary_key=True),
    Column("reader", String(200), nullable=False),
    Column("until", String(27), nullable=False),
    Index(None, "reader"),
)
"""Who has a note open; it is given to nobody else until then."""

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("note_id", ForeignKey("note.id"), nullable=False),
    Column("queue_id", ForeignKey("queue.id")),
    Column("run_id", ForeignKey("run.id")),
    Column("reader", String(200), nullable=False),
    Column("at", String(27), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("finding_id", ForeignKey("finding.id")),
    Column("changes", ForeignKey("decision.id")),
    Column("answer", String(400)),
    Column("start", Integer),
    Column("end", Integer),
    Column("label", String(100)),
    Column("context", String(20)),
    Column("reason", String(100)),
    Column("comment", Text),
    Index(None, "note_id", "reader"),
    Index(None, "project_id", "reader", "id"),
)
"""The log: who said what of which note, when and why. Added to, never altered."""

reading = Table(
    "reading",
    metadata,
    Column("note_id", ForeignKey("note.id"), primary_key=True),
    Column("reader", String(200), primary_key=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("queue_id", ForeignKey("queue.id")),
    Column("is_done", Boolean, nullable=False),
    Column("is_final", Boolean, nullable=False, default=False),
    Column("outcome", String(20)),
    Column("flagged_to", String(200)),
    Column("labels", String(2000), nullable=False),
    Column("last_id", Integer, nullable=False),
    Column("at", String(27), nullable=False),
    Index(None, "project_id", "reader", "last_id"),
    Index(None, "project_id", "is_done", "note_id"),
)
"""What one reader's rows of the log come to, note by note: derived, so that it can be searched.
``labels`` are the ids of affirmed evidence that the reader accepted or marked, with spaces around
each. ``is_final`` marks the reading that settles differences between readers."""


exercise = Table(
    "exercise",
    metadata,
    Column("project_id", ForeignKey("project.id"), primary_key=True),
    Column("is_synthetic", Boolean, nullable=False),
    Column("about", JSON, nullable=False),
    Column("variant_of", ForeignKey("exercise.project_id")),
)
"""A project that is practised on. ``about`` says how its notes were chosen."""

training_session = Table(
    "training_session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("exercise.project_id"), nullable=False, index=True),
    Column("code", String(12), nullable=False, unique=True),
    Column("at", String(27), nullable=False),
    Column("by", String(200), nullable=False),
)
"""A group that practises together; trainees join by its code."""

session_step = Table(
    "session_step",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("session_id", ForeignKey("training_session.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("note_id", ForeignKey("note.id")),
    Column("at", String(27), nullable=False),
    Column("by", String(200), nullable=False),
    Index(None, "session_id", "id"),
)
"""A log, as ``decision`` is: what the trainer revealed, hid again, or ended."""

attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("exercise.project_id"), nullable=False, index=True),
    Column("session_id", ForeignKey("training_session.id")),
    Column("code_sha256", String(64), nullable=False),
    Column("alias", String(80)),
    Column("at", String(27), nullable=False),
    UniqueConstraint("session_id", "code_sha256"),
    Index(None, "code_sha256"),
)
"""One trainee at one exercise. Of the trainee's own code the store knows a digest alone; what was
done stands in ``decision``, by the reader ``"attempt N"``."""
