"""The table of what feeds.yaml held each time that it was understood."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, Table

from aggregator.store.sql.columns import UtcDateTime
from aggregator.store.sql.tables._metadata import metadata

catalogues = Table(
    "catalogues",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),  # the greatest is in force
    Column("content", LargeBinary, nullable=False),  # the file's bytes, `${NAME}` unexpanded
    Column("kept_at", UtcDateTime, nullable=False),
)
"""The versions of feeds.yaml that were understood, for when the file has mistakes or is gone."""
