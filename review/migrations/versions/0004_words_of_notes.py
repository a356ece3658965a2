"""On PostgreSQL the words of a note are kept beside it, so that a search reads no text anew."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and the index over it in place of that over the texts."""
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("DROP INDEX ix_note_words")
    op.execute(
        "ALTER TABLE note ADD COLUMN note_words tsvector "
        "GENERATED ALWAYS AS (to_tsvector('simple', name || ' ' || text)) STORED"
    )
    op.execute("CREATE INDEX ix_note_words ON note USING gin (note_words)")
