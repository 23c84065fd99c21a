"""The tables, as the newest migration leaves them.

    sources ──< items ──< revisions, aliases,         publications ──< documents, editions,
                          signatures ──< bands,                 leads, archives ──< archived, archive_documents
                          edges, near_misses

Portable between SQLite and PostgreSQL: text, integers, booleans and bytes only. Columns are what queries
search, sort or protect by a constraint; the rest of a noun is JSON (see `codec`), so that a new field of a
noun needs no migration. A change here needs a migration; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from aggregator.store.columns import UtcDateTime, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

sources = Table(
    "sources",
    metadata,
    Column("id", Text, primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("next_poll_at", UtcDateTime, nullable=False),
    Column("lease", BigInteger, nullable=False),
    Column("item_count", BigInteger, nullable=False),  # counted as they come and go: counting them anew is slow
    Column("registered_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),  # JSON: the rest of SourceState
    Index("ix_sources_due", "enabled", "next_poll_at", "id"),
)

items = Table(
    "items",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("key_kind", Text, nullable=False),
    Column("key_value", Words, nullable=False),
    Column("public_id", Words, nullable=False),
    Column("entry_id", Words),
    Column("url", Words),
    Column("url_key", Words),
    Column("published", UtcDateTime, nullable=False),
    Column("published_reason", Words, nullable=False),
    Column("updated", UtcDateTime, nullable=False),
    Column("updated_reason", Words, nullable=False),
    Column("claimed_updated", UtcDateTime),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("pruned", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("fingerprint_version", Integer, nullable=False),
    Column("fingerprint_title", Text, nullable=False),
    Column("fingerprint_text", Text, nullable=False),
    Column("fingerprint_media", Text, nullable=False),
    Column("fingerprint_meta", Text, nullable=False),
    Column("entry", Text, nullable=False),  # JSON: Entry; behind what is searched, since SQLite walks past it
    Column("trace", Text),  # JSON: Trace; NULL while it says nothing
    Column("compared", Integer, nullable=False, server_default="0"),  # revision whose story was looked for
    Column("story", Words),  # names the group of items that are one piece; derived from `edges`
    Column("absent_since", UtcDateTime),  # first reading of its source without it; NULL while it is listed
    Column("listing_order", BigInteger, nullable=False, server_default="0"),  # among those of one date
    UniqueConstraint("source_id", "key_kind", "key_value"),
    UniqueConstraint("public_id"),
    Index(None, "entry_id"),
    Index(None, "url"),
    Index(None, "url_key"),
)

kept = items.c.pruned == false()
"""Not pruned. Queries must say exactly this to be served from the two indexes below."""

# Newest first is the backward walk of an ascending index, so they need no DESC. They hold all that `latest`
# asks before it has chosen, so that it need not touch the wide rows of items that it passes over.
river = Index(
    "ix_items_river",
    items.c.published,
    items.c.listing_order,
    items.c.uid,
    items.c.source_id,
    items.c.withdrawn_at,
    sqlite_where=kept,
    postgresql_where=kept,
)
river_of_source = Index(
    "ix_items_river_of_source",
    items.c.source_id,
    items.c.published,
    items.c.listing_order,
    items.c.uid,
    items.c.withdrawn_at,
    sqlite_where=kept,
    postgresql_where=kept,
)

listed = items.c.absent_since.is_(None)
by_listing = Index("ix_items_listed", items.c.source_id, items.c.uid, sqlite_where=listed, postgresql_where=listed)

absent = items.c.absent_since.is_not(None) & kept
"""Left its feed and was not pruned. Queries must say exactly this to be served by the index."""

by_absence = Index(
    "ix_items_absent", items.c.absent_since, items.c.uid, sqlite_where=absent, postgresql_where=absent
)

arrivals = Index(
    "ix_items_arrivals",
    items.c.first_seen,
    items.c.uid,
    items.c.source_id,
    items.c.withdrawn_at,
    sqlite_where=kept,
    postgresql_where=kept,
)
gone = items.c.withdrawn_at.is_not(None)
withdrawn = Index("ix_items_withdrawn", items.c.uid, sqlite_where=gone, postgresql_where=gone)

uncompared = (items.c.compared != items.c.revision) & kept
"""Whose story must be looked for (anew). Queries must say exactly this to be served by the index."""

to_compare = Index(
    "ix_items_uncompared", items.c.first_seen, items.c.uid, sqlite_where=uncompared, postgresql_where=uncompared
)
in_story = items.c.story.is_not(None)
by_story = Index("ix_items_story", items.c.story, sqlite_where=in_story, postgresql_where=in_story)

revisions = Table(
    "revisions",
    metadata,
    Column("uid", ForeignKey("items.uid", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("reason", Words, nullable=False),
    Column("entry", Text),  # JSON: Entry; NULL while it is what the item says, so that nothing is stored twice
)

aliases = Table(
    "aliases",
    metadata,
    Column("source_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("value", Words, primary_key=True),
    Column("uid", ForeignKey("items.uid", ondelete="CASCADE"), primary_key=True),
    sqlite_with_rowid=False,  # the key is all there is of a row: one tree instead of two
)
"""Further keys of items. Several items may bear one: an address that shows a new thing every day."""

publications = Table(
    "publications",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created", UtcDateTime, nullable=False),
    Column("mark", BigInteger, nullable=False),  # raised by each commit that changes what it would show
    Column("rendered_mark", BigInteger),  # the mark that the documents show; NULL before the first
    Column("digest", Text),  # of the definition that the documents were made by
    Column("archived_until", UtcDateTime),  # first sight of the newest item that was considered for the archive
    Column("absent_since", UtcDateTime),  # since when feeds.yaml does not name it; NULL while it does
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

signatures = Table(
    "signatures",
    metadata,
    Column("uid", ForeignKey("items.uid", ondelete="CASCADE"), primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("published", UtcDateTime, nullable=False),
    Column("title_key", BigInteger),  # NULL where there is nothing to count
    Column("url", BigInteger),
    Column("recurring", Boolean, nullable=False),
    Column("shared_url", Boolean, nullable=False),
    Column("length", Integer, nullable=False),
    Column("credit", Words, nullable=False),
    Column("signature", LargeBinary),  # NULL once it is too old to be compared with
    Index("ix_signatures_title", "source_id", "title_key", "published"),
    Index("ix_signatures_url", "source_id", "url"),
    Index("ix_signatures_first_seen", "first_seen"),
)

bands = Table(
    "bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("uid", ForeignKey("signatures.uid", ondelete="CASCADE"), primary_key=True),
    Index("ix_bands_uid", "uid"),
    sqlite_with_rowid=False,
)
"""Keys under which items that may be alike find each other."""

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
