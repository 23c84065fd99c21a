"""Which items their source lists, and since when the others are absent. Functions over an open transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from aggregator.model import Listing
from aggregator.store.chunks import chunks
from aggregator.store.tables import items, listed

_listed = select(items.c.uid).where(items.c.source_id == bindparam("source"), listed)


def note(connection: Connection, source_id: str, listing: Listing, at: datetime | None) -> None:
    """Note what a document lists. Items that it has for the first time need no note: they are stored as listed.

    Costs as much as the document has entries, however many items the source ever had: an index has those that it
    lists.
    """
    before = frozenset(connection.scalars(_listed, {"source": source_id}))
    _set(connection, source_id, listing.uids - before, None)
    if listing.whole:
        _set(connection, source_id, before - listing.uids, at)


def _set(connection: Connection, source_id: str, uids: Collection[str], since: datetime | None) -> None:
    for some in chunks(sorted(uids)):
        of_source = (items.c.uid.in_(some), items.c.source_id == source_id)
        connection.execute(update(items).where(*of_source).values(absent_since=since))
