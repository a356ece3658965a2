"""How many notes of a delivery have other facts since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the count; earlier deliveries changed no facts."""
    op.add_column(
        "delivery", sa.Column("n_renewed", sa.Integer(), nullable=False, server_default="0")
    )
