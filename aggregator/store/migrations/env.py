"""Run by Alembic, with the connection that `upgrade` was given; its transaction is the caller's."""

from __future__ import annotations

from alembic import context

from aggregator.store.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column: the table is copied
    transactional_ddl=True,  # it can roll back DDL, whatever Alembic thinks of the driver's habits
)
with context.begin_transaction():
    context.run_migrations()
