"""Items: looking them up. Functions over an open transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from operator import attrgetter

from sqlalchemy import BigInteger, Connection, Text, bindparam, func, or_, select, tuple_

from aggregator.model import Item, ItemKey, Revision, SortKey
from aggregator.store.sql import lookup, rows
from aggregator.store.sql.columns import UtcDateTime, storable
from aggregator.store.sql.tables import entries, gone, items, kept, revisions

FIRST: SortKey = (datetime.min.replace(tzinfo=UTC), 0, "")
LAST: SortKey = (datetime.max.replace(tzinfo=UTC), 0, "")
"""SortKeys below and above those of all items."""

OfEach = Callable[[Connection, Sequence[str], int, SortKey], list[SortKey]]
"""Finds the places of the newest items of sources: source ids, how many, and after which place -> descending."""

_FEW_SOURCES = 10
_FEW_AT_ONCE = 200
"""So many are few where a database asks all of them by one question."""

_WALKED = 4
"""So many places of the river are passed over in the time in which one source is asked."""

_newest_first = (items.c.published.desc(), items.c.listing_order.desc(), items.c.uid.desc())
_river = (
    select(items.c.published, items.c.listing_order, items.c.uid, items.c.source_id)
    .where(
        kept,
        items.c.withdrawn_at.is_(None),
        tuple_(items.c.published, items.c.listing_order, items.c.uid)
        < tuple_(
            bindparam("after_published", type_=UtcDateTime),
            bindparam("after_order", type_=BigInteger),
            bindparam("after_uid", type_=Text),
        ),
    )
    .order_by(*_newest_first)
    .limit(bindparam("count"))
)
_river_of_source = _river.where(items.c.source_id == bindparam("source"), items.c.published >= bindparam("floor"))
_any_of_source = select(items.c.uid).where(items.c.source_id == bindparam("source")).limit(1)


def find_known(
    connection: Connection, source_id: str, keys: Collection[ItemKey]
) -> Mapping[ItemKey, tuple[Item, ...]]:
    """See `ports.SourceStore.find_known`. Each item's row is read once, however many names lead to it."""
    if not keys or connection.scalar(_any_of_source, {"source": source_id}) is None:
        return {}  # as at a first poll
    own = {found.uid: found for found in map(rows.item_of, lookup.by_key(connection, source_id, keys))}
    bearers: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for found in own.values():
        bearers[found.key.kind, found.key.value][found.uid] = None
    for kind, value, uid in lookup.by_alias(connection, source_id, keys):
        bearers[kind, value][uid] = None
    others = {uid for uids in bearers.values() for uid in uids} - own.keys()
    every = own | {row["uid"]: rows.item_of(row) for row in lookup.by_uid(connection, others)}
    return {
        key: tuple(every[uid] for uid in uids)
        for key in keys
        if (uids := bearers.get((key.kind, storable(key.value))))
    }


def find_items(connection: Connection, uids: Collection[str]) -> tuple[Item, ...]:
    """See `ports.SourceStore.find_items`."""
    return tuple(rows.item_of(row) for row in lookup.by_uid(connection, uids) if not row["pruned"])


def item(connection: Connection, name: str) -> Item | None:
    """See `ports.ReadOnlyStore.item`."""
    for column in (items.c.uid, items.c.public_id, items.c.entry_id, items.c.url, items.c.url_key):
        query = lookup.whole.where(column == storable(name)).order_by(*_newest_first).limit(1)
        row = connection.execute(query).mappings().first()
        if row is not None:
            return rows.item_of(row)
    return None


def revisions_of(connection: Connection, uid: str) -> tuple[Revision, ...]:
    """See `ports.ReadOnlyStore.revisions`."""
    said = func.coalesce(revisions.c.entry, entries.c.entry).label("entry")
    query = (
        select(revisions.c.number, revisions.c.seen_at, revisions.c.reason, said)
        .join(entries, entries.c.uid == revisions.c.uid)
        .where(revisions.c.uid == storable(uid))
        .order_by(revisions.c.number)
    )
    found = (rows.revision_of(row) for row in connection.execute(query).mappings())
    return tuple(sorted(found, key=attrgetter("number", "is_silent")))


def latest(
    connection: Connection,
    source_ids: Collection[str],
    limit: int,
    after: SortKey | None,
    of_each: OfEach | None = None,
) -> tuple[Item, ...]:
    """See `ports.ReadOnlyStore.latest`; `of_each` finds places of few sources, where a database has a better way.

    First the places are found in an index, then only the chosen rows are read. Few sources are asked each, so that
    quiet ones cost nothing however many items others have; of many, the river is walked from its newest end, where
    most of them are. Where they are rare in it after all, they are asked each before the walk costs more.
    """
    wanted = frozenset(source_ids)
    if limit <= 0 or not wanted:
        return ()
    start = after or LAST
    few = _FEW_AT_ONCE if of_each else _FEW_SOURCES
    places = _of_all(connection, wanted, limit, start) if len(wanted) > few else None
    if places is None:
        places = (of_each or _of_each)(connection, sorted(wanted), limit, start)
    found = {row["uid"]: rows.item_of(row) for row in lookup.by_uid(connection, (uid for _, _, uid in places))}
    return tuple(found[uid] for _, _, uid in places)


def find_withdrawn(connection: Connection, source_ids: Collection[str], limit: int) -> tuple[Item, ...]:
    """See `ports.PublicationStore.find_withdrawn`. Withdrawn items are few, and an index has them all.

    What was withheld before it was ever compared has been shown nowhere: there is nothing to take back.
    """
    wanted = frozenset(source_ids)
    query = (
        select(items.c.uid, items.c.source_id, items.c.withdrawn_at)
        .where(gone, or_(items.c.withheld_at.is_(None), items.c.compared != 0))
        .order_by(items.c.withdrawn_at.desc(), items.c.uid.desc())
    )
    uids = [row.uid for row in connection.execute(query) if row.source_id in wanted][:limit]
    found = {row["uid"]: rows.item_of(row) for row in lookup.by_uid(connection, uids)}
    return tuple(found[uid] for uid in uids)


def _of_each(connection: Connection, source_ids: Sequence[str], limit: int, after: SortKey) -> list[SortKey]:
    places: list[SortKey] = []
    asked = _parameters(limit, after)
    for source_id in source_ids:
        # Once there are enough, what is older than all of them need not be looked at.
        floor = places[-1][0] if len(places) == limit else FIRST[0]
        found = connection.execute(_river_of_source, {**asked, "source": source_id, "floor": floor})
        more = ((row.published, row.listing_order, row.uid) for row in found)
        places = sorted([*places, *more], reverse=True)[:limit]
    return places


def _of_all(
    connection: Connection, source_ids: frozenset[str], limit: int, after: SortKey
) -> list[SortKey] | None:
    """None where so much of the river was walked that asking each source would have cost no more."""
    places: list[SortKey] = []
    walked = 0
    while len(places) < limit:
        if walked > _WALKED * len(source_ids):
            return None
        walked += 2 * limit
        batch = connection.execute(_river, _parameters(2 * limit, after)).all()
        if not batch:
            break
        places += [(row.published, row.listing_order, row.uid) for row in batch if row.source_id in source_ids]
        after = (batch[-1].published, batch[-1].listing_order, batch[-1].uid)
    return places[:limit]


def _parameters(limit: int, after: SortKey) -> dict[str, object]:
    return {"count": limit, "after_published": after[0], "after_order": after[1], "after_uid": after[2]}
