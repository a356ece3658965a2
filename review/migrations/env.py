"""What Alembic runs: migrations within the transaction that `review.store` opened."""

from __future__ import annotations

from alembic import context

from review.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
)
context.run_migrations()
