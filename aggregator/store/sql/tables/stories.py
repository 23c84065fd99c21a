"""The tables of which items are one piece, and of what finds them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from aggregator.store.sql.columns import StorableText, UtcDateTime
from aggregator.store.sql.tables._metadata import metadata

comparable = text("signature IS NOT NULL")
"""Young enough to be compared with. Queries must say exactly this to be served by the index."""

_Number = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite gives out numbers of this type only, all of which have 64 bits there."""

signatures = Table(
    "signatures",
    metadata,
    Column("number", _Number, primary_key=True),  # the database's own; an item keeps it
    Column("uid", ForeignKey("items.uid", ondelete="CASCADE"), nullable=False),
    Column("source_id", Text, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("published", UtcDateTime, nullable=False),
    Column("title_key", BigInteger),  # NULL where there is nothing to count
    Column("url", BigInteger),
    Column("recurring", Boolean, nullable=False),
    Column("shared_url", Boolean, nullable=False),
    Column("length", Integer, nullable=False),
    Column("credit", StorableText, nullable=False),
    Column("signature", LargeBinary),  # NULL once it is too old to be compared with
    UniqueConstraint("uid"),
    Index("ix_signatures_title", "source_id", "title_key", "published"),
    Index("ix_signatures_url", "source_id", "url"),
    Index(
        "ix_signatures_first_seen",
        "first_seen",
        "uid",
        sqlite_where=comparable,
    ),
)

bands = Table(
    "bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("signature", _Number, primary_key=True, autoincrement=False),  # number of one that holds the key
    sqlite_with_rowid=False,
)
"""Keys under which items that may be alike find each other: forty rows an item, so there is nothing else in them.

No index leads from a signature to its rows: its own bytes hold the keys. So no foreign key deletes anything here.
"""

edges = Table(
    "edges",
    metadata,
    Column("one", ForeignKey("items.uid", ondelete="CASCADE"), primary_key=True),
    Column("other", ForeignKey("items.uid", ondelete="CASCADE"), primary_key=True),
    Column("method", Text, nullable=False),
    Column("evidence", Text, nullable=False),  # JSON: Evidence
    Index("ix_edges_other", "other"),
    Index("ix_edges_method", "method"),
)
"""Items that are the same piece, in pairs: facts, from which stories are derived."""

near_misses = Table(
    "near_misses",
    metadata,
    Column("one", ForeignKey("items.uid", ondelete="CASCADE"), primary_key=True),
    Column("other", ForeignKey("items.uid", ondelete="CASCADE"), primary_key=True),
    Column("rule", Text, nullable=False),
    Column("refusal", Text, nullable=False),  # JSON: Refusal
    Index("ix_near_misses_other", "other"),
    Index("ix_near_misses_rule", "rule"),
)
"""Items that looked alike and were kept apart, for those who ask why."""
