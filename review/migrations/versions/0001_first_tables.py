"""The first form of the tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LOGS = ("decision",)
"""Tables whose rows may be added, and nothing else."""


def upgrade() -> None:
    """Make the tables, the search over words, and the guards of the log."""
    _make_tables()
    if op.get_bind().dialect.name == "sqlite":
        _finish_sqlite()
    else:
        _finish_postgresql()


def _finish_sqlite() -> None:
    """Add a full-text index over notes, and refuse changes of the log."""
    op.execute(
        "CREATE VIRTUAL TABLE note_words USING fts5("
        "name, text, content='note', content_rowid='id', tokenize='unicode61')"
    )
    op.execute(
        "CREATE TRIGGER note_words_added AFTER INSERT ON note BEGIN "
        "INSERT INTO note_words(rowid, name, text) VALUES (new.id, new.name, new.text); END"
    )
    for table in LOGS:
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, '{table} is a log: rows are added, never altered'); END"
            )


def _finish_postgresql() -> None:
    """Add a full-text index over notes, and refuse changes of the log."""
    op.execute(
        "CREATE INDEX ix_note_words ON note USING gin (to_tsvector('simple', name || ' ' || text))"
    )
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is a log: rows are added, never altered', TG_TABLE_NAME; END $$"
    )
    for table in LOGS:
        op.execute(
            f"CREATE TRIGGER {table}_is_a_log BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _make_tables() -> None:
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("name", name=op.f("uq_project_name")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("n_rows", sa.Integer(), nullable=False),
        sa.Column("n_added", sa.Integer(), nullable=False),
        sa.Column("n_known", sa.Integer(), nullable=False),
        sa.Column("n_changed", sa.Integer(), nullable=False),
        sa.Column("rejects", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_delivery_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_project_id"), "delivery", ["project_id"], unique=False)
    op.create_table(
        "member",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_member_project_id")),
        sa.PrimaryKeyConstraint("project_id", "name", name=op.f("pk_member")),
    )
    op.create_table(
        "queue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=True),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_queue_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue")),
    )
    op.create_index(op.f("ix_queue_project_id"), "queue", ["project_id"], unique=False)
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=400), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("is_fast", sa.Boolean(), nullable=False),
        sa.Column("thresholds", sa.JSON(), nullable=False),
        sa.Column("n_notes", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("ended", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_run_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_project_id"), "run", ["project_id"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("received", sa.String(length=32), nullable=True),
        sa.Column("person", sa.String(length=400), nullable=True),
        sa.Column("case_ref", sa.String(length=400), nullable=True),
        sa.Column("team", sa.String(length=400), nullable=True),
        sa.Column("handler", sa.String(length=400), nullable=True),
        sa.Column("grade", sa.String(length=400), nullable=True),
        sa.Column("da_flag", sa.String(length=400), nullable=True),
        sa.Column("risk", sa.String(length=400), nullable=True),
        sa.Column("closing", sa.String(length=400), nullable=True),
        sa.Column("call_type", sa.String(length=400), nullable=True),
        sa.Column("meta", sa.JSON(), nullable=False),
        sa.Column("draw", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_note_delivery_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_note_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("project_id", "name", name=op.f("uq_note_project_id_name")),
    )
    op.create_index(
        op.f("ix_note_project_id_case_ref"), "note", ["project_id", "case_ref"], unique=False
    )
    op.create_index(
        op.f("ix_note_project_id_da_flag"), "note", ["project_id", "da_flag"], unique=False
    )
    op.create_index(op.f("ix_note_project_id_draw"), "note", ["project_id", "draw"], unique=False)
    op.create_index(op.f("ix_note_project_id_grade"), "note", ["project_id", "grade"], unique=False)
    op.create_index(
        op.f("ix_note_project_id_handler"), "note", ["project_id", "handler"], unique=False
    )
    op.create_index(
        op.f("ix_note_project_id_received"), "note", ["project_id", "received"], unique=False
    )
    op.create_index(op.f("ix_note_project_id_team"), "note", ["project_id", "team"], unique=False)
    op.create_table(
        "claim",
        sa.Column("queue_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("reader", sa.String(length=200), nullable=False),
        sa.Column("until", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_claim_note_id")),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"], name=op.f("fk_claim_queue_id")),
        sa.PrimaryKeyConstraint("queue_id", "note_id", name=op.f("pk_claim")),
    )
    op.create_index(op.f("ix_claim_reader"), "claim", ["reader"], unique=False)
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("context", sa.String(length=20), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_finding_note_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_finding_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(
        op.f("ix_finding_note_id_run_id"), "finding", ["note_id", "run_id"], unique=False
    )
    op.create_index(
        op.f("ix_finding_run_id_label_note_id"),
        "finding",
        ["run_id", "label", "note_id"],
        unique=False,
    )
    op.create_table(
        "queue_note",
        sa.Column("queue_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("reader", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_queue_note_note_id")),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"], name=op.f("fk_queue_note_queue_id")),
        sa.PrimaryKeyConstraint("queue_id", "place", name=op.f("pk_queue_note")),
        sa.UniqueConstraint("queue_id", "note_id", name=op.f("uq_queue_note_queue_id_note_id")),
    )
    op.create_index(op.f("ix_queue_note_note_id"), "queue_note", ["note_id"], unique=False)
    op.create_table(
        "reading",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("reader", sa.String(length=200), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("queue_id", sa.Integer(), nullable=True),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("flagged_to", sa.String(length=200), nullable=True),
        sa.Column("labels", sa.String(length=2000), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_reading_note_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_reading_project_id")),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"], name=op.f("fk_reading_queue_id")),
        sa.PrimaryKeyConstraint("note_id", "reader", name=op.f("pk_reading")),
    )
    op.create_index(
        op.f("ix_reading_project_id_is_done_note_id"),
        "reading",
        ["project_id", "is_done", "note_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reading_project_id_reader_last_id"),
        "reading",
        ["project_id", "reader", "last_id"],
        unique=False,
    )
    op.create_table(
        "score",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Float(), nullable=False),
        sa.Column("n_findings", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_score_note_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_score_run_id")),
        sa.PrimaryKeyConstraint("run_id", "note_id", name=op.f("pk_score")),
    )
    op.create_index(op.f("ix_score_note_id"), "score", ["note_id"], unique=False)
    op.create_index(
        op.f("ix_score_run_id_evidence_note_id"),
        "score",
        ["run_id", "evidence", "note_id"],
        unique=False,
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("queue_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("reader", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("changes", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=400), nullable=True),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=100), nullable=True),
        sa.Column("context", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.String(length=100), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["changes"], ["decision.id"], name=op.f("fk_decision_changes")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_decision_finding_id")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_decision_note_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_decision_project_id")
        ),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"], name=op.f("fk_decision_queue_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_decision_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("key", name=op.f("uq_decision_key")),
    )
    op.create_index(
        op.f("ix_decision_note_id_reader"), "decision", ["note_id", "reader"], unique=False
    )
    op.create_index(
        op.f("ix_decision_project_id_reader_id"),
        "decision",
        ["project_id", "reader", "id"],
        unique=False,
    )
