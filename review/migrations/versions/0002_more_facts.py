"""Indexes for every fact that a queue can be filtered by."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FACTS = ("risk", "closing", "call_type")


def upgrade() -> None:
    """Add what the first form lacks."""
    for fact in FACTS:
        op.create_index(op.f(f"ix_note_project_id_{fact}"), "note", ["project_id", fact])
