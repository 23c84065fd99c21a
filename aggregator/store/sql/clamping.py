"""Bringing back what a clock that ran ahead has stored. Functions over an open transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Column, Connection, Update, bindparam, select, update

from aggregator.store.sql import editions, rows
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.columns import UtcDateTime, seconds
from aggregator.store.sql.tables import documents, items, metadata, sources
from aggregator.store.sql.turns import take_turn

PLACES: Final = 100_000
"""Places of one poll in `Item.listing_order`, below the second in which it was made."""

_MAY_LIE_AHEAD: Final = frozenset(
    {"sources.next_poll_at", "items.claimed_updated", "sources.leased_until", "sources.polled_at"}
)
"""A wish, a publisher's claim, a promise, and what tells that the clock was ahead, which the next poll mends; all
other times are those of something that happened."""

_LONG: Final = timedelta(minutes=1)

REASON: Final = "first seen: this machine's clock was ahead"

_now = bindparam("now", type_=UtcDateTime)
_dated_ahead = update(items).where(items.c.published > _now).values(published_reason=REASON)
_ordered_ahead = (
    update(items)
    .where(items.c.first_seen > _now)
    .values(listing_order=bindparam("order") + items.c.listing_order % PLACES)
)


def clamp_to_now(connection: Connection, now: datetime, due: Collection[str]) -> int:
    """See `ports.SourceStore.clamp_to_now`. Looks through whole tables: for the rare case only.

    Whatever table a later version adds is bounded too, since its times are found by their type.
    """
    take_turn(connection)
    counted = connection.execute(_dated_ahead, {"now": now}).rowcount
    seen = connection.execute(_ordered_ahead, {"now": now, "order": seconds(now) * PLACES}).rowcount
    _clamp_digests(connection, now)
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, UtcDateTime) and f"{table.name}.{column.name}" not in _MAY_LIE_AHEAD:
                connection.execute(_clamp_column(column), {"now": now})
    # Nobody is promised a source for long: what was, was by a clock that ran ahead.
    held = update(sources).where(sources.c.leased_until > now + _LONG)
    connection.execute(held.values(lease_owner=None, leased_until=None))
    for some in chunks(due):
        connection.execute(update(sources).where(sources.c.id.in_(some)).values(next_poll_at=now))
    editions.mark_outdated(connection)
    return max(counted, seen)


def _clamp_column(column: Column[datetime]) -> Update:
    return update(column.table).where(column > _now).values({column.name: _now})


def _clamp_digests(connection: Connection, now: datetime) -> None:
    """When each entry of a document came into it: what clients are told they lack depends on that."""
    query = select(documents).where(documents.c.last_modified > now)
    for row in connection.execute(query).mappings().all():
        document = rows.document_of(row)
        digests = tuple(replace(digest, since=min(digest.since, now)) for digest in document.digests)
        bounded = rows.document_row(replace(document, digests=digests, last_modified=now))
        this = (documents.c.publication_id == row["publication_id"], documents.c.format == row["format"])
        connection.execute(update(documents).where(*this).values(**bounded))
