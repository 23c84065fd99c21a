"""Which items their source lists, and since when the others are absent. Functions over an open transaction.

An item is listed, or doubtful (`unlisted_since`: readings that were not whole did not have it), or absent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from aggregator.model import Batch, Listing
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.clamping import PLACES
from aggregator.store.sql.columns import UtcDateTime, seconds
from aggregator.store.sql.tables import doubtful, items, kept, listed

_listed = select(items.c.uid).where(items.c.source_id == bindparam("source"), listed)
_doubtful = select(items.c.uid).where(items.c.source_id == bindparam("source"), doubtful)
_long_doubtful = _doubtful.where(items.c.unlisted_since <= bindparam("before", type_=UtcDateTime))


def note(connection: Connection, source_id: str, listing: Listing, at: datetime | None) -> None:
    """Note what a document lists. Items that it has for the first time need no note: they are stored as listed.

    Costs as much as this document and the last one have entries, however many items the source ever had: indexes
    have those that it lists, and those that are doubtful, each of which is looked at once, when it is absent.
    """
    before = frozenset(connection.scalars(_listed, {"source": source_id}))
    _set(connection, source_id, listing.uids - before, {"absent_since": None, "unlisted_since": None})
    if listing.whole:
        doubted = frozenset(connection.scalars(_doubtful, {"source": source_id}))
        _set(connection, source_id, (before | doubted) - listing.uids, {"absent_since": at})
    elif listing.uids:
        _set(connection, source_id, before - listing.uids, {"unlisted_since": at})
        _give_up(connection, source_id, listing, at)


def turn(connection: Connection, source_id: str, batches: Iterable[Batch]) -> None:
    """Put the items of some polls in the opposite order, each poll's where they stood among those of others."""
    for batch in batches:
        # The place from the older end becomes that from the newer one: see `dedupe.document_order`.
        turned = items.c.listing_order + (2 * PLACES - 1 - batch.count) - 2 * (items.c.listing_order % PLACES)
        first = seconds(batch.at) * PLACES
        own = (items.c.source_id == source_id, items.c.listing_order.between(first, first + PLACES - 1))
        met_then = (kept, items.c.first_seen == batch.at, *own)
        connection.execute(update(items).where(*met_then).values(listing_order=turned))


def _give_up(connection: Connection, source_id: str, listing: Listing, at: datetime | None) -> None:
    """What was doubtful for long is absent from now on."""
    if listing.left_before is None:
        return
    asked = {"source": source_id, "before": listing.left_before}
    _set(connection, source_id, connection.scalars(_long_doubtful, asked).all(), {"absent_since": at})


def _set(
    connection: Connection, source_id: str, uids: Collection[str], values: dict[str, datetime | None]
) -> None:
    for some in chunks(sorted(uids)):
        of_source = (items.c.uid.in_(some), items.c.source_id == source_id)
        connection.execute(update(items).where(*of_source).values(**values))
