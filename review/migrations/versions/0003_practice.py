"""Exercises, group sessions and attempts for the practice room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LOG = "session_step"


def upgrade() -> None:
    """Make the tables, and the guard of the log of sessions."""
    _make_tables()
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {LOG}_no_{deed.lower()} BEFORE {deed} ON {LOG} BEGIN "
                f"SELECT RAISE(ABORT, '{LOG} is a log: rows are added, never altered'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {LOG}_is_a_log BEFORE UPDATE OR DELETE OR TRUNCATE ON {LOG} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _make_tables() -> None:
    op.create_table(
        "exercise",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("variant_of", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_exercise_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["variant_of"], ["exercise.project_id"], name=op.f("fk_exercise_variant_of")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_exercise")),
    )
    op.create_table(
        "training_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["exercise.project_id"], name=op.f("fk_training_session_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
        sa.UniqueConstraint("code", name=op.f("uq_training_session_code")),
    )
    op.create_index(op.f("ix_training_session_project_id"), "training_session", ["project_id"])
    op.create_table(
        LOG,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_session.id"], name=op.f("fk_session_step_session_id")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_session_step_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_step")),
        sa.UniqueConstraint("key", name=op.f("uq_session_step_key")),
    )
    op.create_index(op.f("ix_session_step_session_id_id"), LOG, ["session_id", "id"])
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("alias", sa.String(length=80), nullable=True),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["exercise.project_id"], name=op.f("fk_attempt_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_session.id"], name=op.f("fk_attempt_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint(
            "session_id", "code_sha256", name=op.f("uq_attempt_session_id_code_sha256")
        ),
    )
    op.create_index(op.f("ix_attempt_project_id"), "attempt", ["project_id"])
    op.create_index(op.f("ix_attempt_code_sha256"), "attempt", ["code_sha256"])
