"""The tables of sources and of what they brought."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from aggregator.store.sql.columns import PackedText, StorableText, UtcDateTime
from aggregator.store.sql.tables._metadata import metadata

sources = Table(
    "sources",
    metadata,
    Column("id", Text, primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("next_poll_at", UtcDateTime, nullable=False),
    Column("lease", BigInteger, nullable=False),  # raised by each claim: only whoever was given it may write
    Column("item_count", BigInteger, nullable=False),  # counted as they come and go: counting them anew is slow
    Column("registered_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),  # JSON: the rest of SourceState
    Column("lease_owner", Text),  # which store object claimed it last; NULL when nobody polls it
    Column("leased_until", UtcDateTime),  # when others may claim it, unless the owner renews; NULL with the owner
    Column("abandoned", Integer, nullable=False, server_default="0"),  # claims in a row of which nothing came
    Column("polled_at", UtcDateTime),  # when it was asked last; NULL before the first time
    Column("status", Text, nullable=False, server_default="pending"),
    Column("trouble", Text),
    Column("polls", BigInteger, nullable=False, server_default="0"),
    Column("remarks", Text),  # names of what the states of few sources say, see `rows.REMARKS`; NULL for none
    Index("ix_sources_due", "enabled", "next_poll_at", "id"),
    Index("ix_sources_polled", "polled_at"),
)

remarkable = sources.c.remarks.is_not(None)
with_remarks = Index("ix_sources_remarks", sources.c.id, sqlite_where=remarkable)

items = Table(
    "items",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("key_kind", Text, nullable=False),
    Column("key_value", StorableText, nullable=False),
    Column("public_id", StorableText, nullable=False),
    Column("entry_id", StorableText),
    Column("url", StorableText),
    Column("url_key", StorableText),
    Column("published", UtcDateTime, nullable=False),
    Column("published_reason", StorableText, nullable=False),
    Column("updated", UtcDateTime, nullable=False),
    Column("updated_reason", StorableText, nullable=False),
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
    Column("trace", Text),  # JSON: Trace; NULL while it says nothing
    Column("compared", Integer, nullable=False, server_default="0"),  # revision whose story was looked for
    Column("story", StorableText),  # names the group of items that are one piece; derived from `edges`
    Column("absent_since", UtcDateTime),  # first reading of its source without it; NULL while it is listed
    Column("listing_order", BigInteger, nullable=False, server_default="0"),  # among those of one date
    Column("remains", Text),  # JSON: Entry with names and dates only, of an item that was pruned
    Column("unlisted_since", UtcDateTime),  # first reading without it, whole or not, since it was last listed
    Column("withheld_at", UtcDateTime),  # since when the editor withdraws it; NULL while nobody does
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
)
river_of_source = Index(
    "ix_items_river_of_source",
    items.c.source_id,
    items.c.published,
    items.c.listing_order,
    items.c.uid,
    items.c.withdrawn_at,
    sqlite_where=kept,
)

listed = items.c.absent_since.is_(None) & items.c.unlisted_since.is_(None)
"""In the last reading that said anything of it."""

by_listing = Index("ix_items_listed", items.c.source_id, items.c.uid, sqlite_where=listed)

doubtful = items.c.absent_since.is_(None) & items.c.unlisted_since.is_not(None)
"""Not in the last reading, of which nobody knows whether it was whole. Queries must say exactly this."""

by_doubt = Index(
    "ix_items_doubtful",
    items.c.source_id,
    items.c.unlisted_since,
    items.c.uid,
    sqlite_where=doubtful,
)

absent = items.c.absent_since.is_not(None) & kept
"""Left its feed and was not pruned. Queries must say exactly this to be served by the index."""

by_absence = Index("ix_items_absent", items.c.absent_since, items.c.uid, sqlite_where=absent)

gone = items.c.withdrawn_at.is_not(None)
withdrawn = Index("ix_items_withdrawn", items.c.uid, sqlite_where=gone)

withheld = items.c.withheld_at.is_not(None)
by_editor = Index("ix_items_withheld", items.c.uid, sqlite_where=withheld)

uncompared = (items.c.compared != items.c.revision) & kept
"""Whose story must be looked for (anew). Queries must say exactly this to be served by the index."""

to_compare = Index("ix_items_uncompared", items.c.first_seen, items.c.uid, sqlite_where=uncompared)
in_story = items.c.story.is_not(None)
by_story = Index("ix_items_story", items.c.story, sqlite_where=in_story)

entries = Table(
    "entries",
    metadata,
    Column("uid", ForeignKey("items.uid", ondelete="CASCADE"), primary_key=True),
    Column("entry", PackedText, nullable=False),  # JSON: Entry
)
"""What the items say, but for those that were pruned.

Apart from `items`, so that rows which are searched and sorted lie close together, and that letting go of texts
frees whole pages of the file: texts lie in the order in which they came, and go in that order, by and large.
"""

revisions = Table(
    "revisions",
    metadata,
    Column("uid", ForeignKey("items.uid", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("reason", StorableText, nullable=False),
    Column("entry", PackedText),  # JSON: Entry; NULL while it is what the item says: stored once
)

SILENT: Final = 1_000_000_000
"""Added to the number of a revision: the row of what superseded it in silence, until the next one."""

is_change = revisions.c.number > 1
"""Not what its item said first. Queries must say exactly this to be served by the index."""

newest_changes = Index(
    "ix_revisions_changes", revisions.c.seen_at, revisions.c.uid, revisions.c.number, sqlite_where=is_change
)

aliases = Table(
    "aliases",
    metadata,
    Column("source_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("value", StorableText, primary_key=True),
    Column("uid", ForeignKey("items.uid", ondelete="CASCADE"), primary_key=True),
    sqlite_with_rowid=False,  # the key is all there is of a row: one tree instead of two
)
"""Further keys of items. Several items may bear one: an address that shows a new thing every day.

Of the kind `text` are addresses at other hosts where texts of items were read: no keys, but looked for, too.
"""
