"""The table of what waits to be found by its words. Those of the words are each database's own (`word_index`)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Text

from aggregator.store.sql.tables._metadata import metadata

unindexed = Table(
    "unindexed",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("token", BigInteger, nullable=False),  # tells one change of an item from the next
)
"""Items that were stored, changed or let go of since they were last indexed. Few, while a worker runs."""
