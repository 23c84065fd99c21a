"""The tables of publications, their documents and their archives."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from aggregator.store.sql.columns import UtcDateTime
from aggregator.store.sql.tables._metadata import metadata

publications = Table(
    "publications",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created", UtcDateTime, nullable=False),
    # Raised by each commit that changes what it would show; databases have it as `mark`.
    Column("mark", BigInteger, nullable=False, key="generation"),
    # The generation that the documents show; NULL before the first.
    Column("rendered_mark", BigInteger, key="rendered_generation"),
    Column("digest", Text),  # of the definition that the documents were made by
    Column("archived_until", UtcDateTime),  # what was first seen before is no news to its archive
    Column("absent_since", UtcDateTime),  # since when feeds.yaml does not name it; NULL while it does
    Column("feed_name", Text),  # what its feed's id is made from, where that is not its own id
    Column("shown", Text),  # uids of the items that its documents show
    Column("archived_number", BigInteger),  # of the last signature that was considered for its archive
)

documents = Table(
    "documents",
    metadata,
    Column("publication_id", ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True),
    Column("format", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("gzip", LargeBinary, nullable=False),
    Column("br", LargeBinary),
    Column("marks", LargeBinary),  # digest and date of each entry
)

editions = Table(
    "editions",
    metadata,
    Column("publication_id", ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True),
    Column("format", Text, primary_key=True),
    Column("etag", Text, primary_key=True),
    Column("last_modified", UtcDateTime, nullable=False),
    Index("ix_editions_age", "publication_id", "format", "last_modified"),
)
"""When a document had the bytes of an ETag, so that a subscriber who holds them can be told what is new since."""

archives = Table(
    "archives",
    metadata,
    Column("publication_id", ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("completed", UtcDateTime, nullable=False),
)
"""Pages of archives (RFC 5005), numbered from 1 within a publication. Never changed, but for what is withdrawn."""

archived = Table(
    "archived",
    metadata,
    Column("publication_id", ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True),
    Column("uid", Text, primary_key=True),
    Column("number", Integer),  # of its page; NULL while it waits for one
    ForeignKeyConstraint(
        ["publication_id", "number"], ["archives.publication_id", "archives.number"], ondelete="CASCADE"
    ),
    Index(None, "publication_id", "number"),
    sqlite_with_rowid=False,
)

archive_documents = Table(
    "archive_documents",
    metadata,
    Column("publication_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("format", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", UtcDateTime, nullable=False),
    Column("gzip", LargeBinary, nullable=False),  # the only form: they are many, and rarely asked for
    ForeignKeyConstraint(
        ["publication_id", "number"], ["archives.publication_id", "archives.number"], ondelete="CASCADE"
    ),
)

leads = Table(
    "leads",
    metadata,
    Column("publication_id", ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True),
    Column("uid", Text, primary_key=True),
    sqlite_with_rowid=False,
)
"""Items under whose id and date a publication showed a story of several, so that it never gets others."""
