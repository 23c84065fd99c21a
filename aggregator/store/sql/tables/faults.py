"""The table that counts the faults of this program."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Text

from aggregator.store.sql.tables._metadata import metadata

faults = Table(
    "faults",
    metadata,
    Column("stage", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
)
"""How often this program failed, by stage, outside of any source's poll; those of polls are in `sources.state`."""
