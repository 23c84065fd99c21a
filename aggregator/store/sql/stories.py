"""Stories: which items wait to be compared, and what comparing found. Functions over an open transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, RowMapping, Table, bindparam, delete, insert, or_, select, update

from aggregator.model import Copy, Edge, Item, NearMiss, Placement, Refusal, Sighting, Signature
from aggregator.store.sql import codec, editions, lookup, rows, sightings
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.columns import UtcDateTime, storable
from aggregator.store.sql.nearby import copies_of, edge_of
from aggregator.store.sql.tables import comparable, edges, items, near_misses, signatures
from aggregator.store.sql.tables import uncompared as waiting
from aggregator.stories import encode

_compared = (
    update(items)
    .where(
        items.c.uid == bindparam("name"),
        items.c.compared == bindparam("was"),
        items.c.changed_at == bindparam("changed", type_=UtcDateTime),
    )
    .values(compared=bindparam("seen"))
)
_grouped = update(items).where(items.c.uid == bindparam("name")).values(story=bindparam("group"))


def find_uncompared(connection: Connection, limit: int) -> tuple[Item, ...]:
    """See `ports.StoryStore.find_uncompared`."""
    query = (
        lookup.whole.where(waiting, items.c.withdrawn_at.is_(None))
        .order_by(items.c.first_seen, items.c.uid)
        .limit(limit)
    )
    return tuple(rows.item_of(row) for row in connection.execute(query).mappings())


def place(
    connection: Connection, item: Item, sighting: Sighting, placement: Placement, publication_ids: Sequence[str]
) -> None:
    """See `ports.StoryStore.place`. An item that was removed meanwhile leaves nothing behind."""
    seen = {"name": item.uid, "was": item.compared, "changed": item.changed_at, "seen": item.revision}
    if not connection.execute(_compared, seen).rowcount:
        return
    sightings.put(connection, [sighting])
    _take_edges(connection, placement.parted)
    _put_edges(connection, placement.edges)
    _put_misses(connection, sighting.uid, placement)
    _put_stories(connection, placement)
    for some in chunks(publication_ids):
        editions.mark_outdated(connection, some)


def place_alone(
    connection: Connection, placed: Sequence[tuple[Item, Sighting]], publication_ids: Sequence[str]
) -> None:
    """See `ports.StoryStore.place_alone`."""
    for some in chunks(placed):
        query = select(items.c.uid, items.c.compared, items.c.changed_at).with_for_update(key_share=True)
        stored = {
            row["uid"]: row
            for row in connection.execute(query.where(items.c.uid.in_([item.uid for item, _ in some]))).mappings()
        }
        found = [
            (item, sighting)
            for item, sighting in some
            if item.uid in stored and _is_as_read(item, stored[item.uid])
        ]
        seen = [
            {"name": item.uid, "was": item.compared, "changed": item.changed_at, "seen": item.revision}
            for item, _ in found
        ]
        if seen:
            connection.execute(_compared, seen)
            sightings.put(connection, [sighting for _, sighting in found])
    for names in chunks(publication_ids):
        editions.mark_outdated(connection, names)


def _is_as_read(item: Item, row: RowMapping) -> bool:
    return bool(row["compared"] == item.compared and row["changed_at"] == item.changed_at)


def copies(connection: Connection, uids: Collection[str]) -> Mapping[str, tuple[Copy, ...]]:
    """See `ports.ReadOnlyStore.copies`."""
    named: dict[str, str] = {}
    for some in chunks(uids):
        query = select(items.c.uid, items.c.story).where(items.c.uid.in_(some), items.c.story.is_not(None))
        named.update((row.uid, row.story) for row in connection.execute(query))
    members: defaultdict[str, list[str]] = defaultdict(list)
    for some in chunks(set(named.values())):
        query = select(items.c.uid, items.c.story).where(items.c.story.in_(some), items.c.story.is_not(None))
        for row in connection.execute(query):
            members[row.story].append(row.uid)
    uids_of_all = [uid for found in members.values() for uid in found]
    every = {copy.item.uid: copy for copy in copies_of(connection, uids_of_all)}
    whole = {group: tuple(every[uid] for uid in sorted(found)) for group, found in members.items()}
    return {uid: whole[group] for uid, group in named.items()}


def edges_of(connection: Connection, uids: Collection[str]) -> tuple[Edge, ...]:
    """See `ports.ReadOnlyStore.edges_of`."""
    found: dict[tuple[str, str], Edge] = {}
    for some in chunks(sorted(set(uids))):
        for end in (edges.c.one, edges.c.other):
            for row in connection.execute(select(edges).where(end.in_(some))).mappings():
                found[row["one"], row["other"]] = edge_of(row)
    return tuple(found[pair] for pair in sorted(found))


def evidence(connection: Connection, uid: str) -> tuple[tuple[Edge, ...], tuple[NearMiss, ...]]:
    """See `ports.ReadOnlyStore.evidence`."""
    joined, apart = (_pairs_of(connection, table, storable(uid)) for table in (edges, near_misses))
    misses = (
        NearMiss(one=row["one"], other=row["other"], refusal=codec.decode(Refusal, row["refusal"]))
        for row in apart
    )
    return tuple(edge_of(row) for row in joined), tuple(misses)


def reconsider(connection: Connection, names: Collection[str]) -> int:
    """See `ports.StoryStore.reconsider`."""
    uids: set[str] = set()
    for table, word in ((edges, edges.c.method), (near_misses, near_misses.c.rule)):
        rests = word == "editor"
        for row in connection.execute(select(table.c.one, table.c.other).where(rests)):
            uids |= {row.one, row.other}
        connection.execute(delete(table).where(rests))
    for some in chunks(storable(name) for name in sorted(names)):
        for column in (items.c.uid, items.c.public_id, items.c.entry_id, items.c.url, items.c.url_key):
            uids.update(connection.scalars(select(items.c.uid).where(column.in_(some))))
    for some in chunks(sorted(uids)):
        this = (items.c.uid.in_(some), items.c.compared != 0)
        connection.execute(update(items).where(*this).values(compared=rows.AGAIN))
    return len(uids)


def retry(connection: Connection, failed: Signature) -> int:
    """See `ports.StoryStore.retry`. Looks through the signatures of a week: for the start only."""
    query = select(signatures.c.uid).where(comparable, signatures.c.signature == encode(failed))
    uids = connection.scalars(query).all()
    for some in chunks(uids):
        this = (items.c.uid.in_(some), items.c.compared == items.c.revision)
        connection.execute(update(items).where(*this).values(compared=rows.AGAIN))
    return len(uids)


def _pairs_of(connection: Connection, table: Table, uid: str) -> Sequence[RowMapping]:
    query = select(table).where(or_(table.c.one == uid, table.c.other == uid))
    return connection.execute(query.order_by(table.c.one, table.c.other)).mappings().all()


def _take_edges(connection: Connection, parted: Sequence[Edge]) -> None:
    for edge in parted:
        connection.execute(delete(edges).where(edges.c.one == edge.one, edges.c.other == edge.other))


def _put_edges(connection: Connection, found: Sequence[Edge]) -> None:
    for edge in found:
        pair = (edges.c.one == edge.one, edges.c.other == edge.other)
        connection.execute(delete(edges).where(*pair))
        row = {"one": edge.one, "other": edge.other, "method": edge.evidence.method}
        connection.execute(insert(edges), [row | {"evidence": codec.encode(edge.evidence)}])


def _put_misses(connection: Connection, uid: str, placement: Placement) -> None:
    """Replace the item's misses. That two were one piece once stays known, unless they are again."""
    own = or_(near_misses.c.one == uid, near_misses.c.other == uid)
    parted = near_misses.c.rule == "parted"
    for pair in (*placement.edges, *placement.parted):
        this = (near_misses.c.one == pair.one, near_misses.c.other == pair.other)
        connection.execute(delete(near_misses).where(*this))
    connection.execute(delete(near_misses).where(own, ~parted))
    kept = {(row.one, row.other) for row in connection.execute(select(near_misses).where(own))}
    new = [
        {
            "one": miss.one,
            "other": miss.other,
            "rule": miss.refusal.rule,
            "refusal": codec.encode(miss.refusal),
        }
        for miss in placement.misses
        if (miss.one, miss.other) not in kept
    ]
    if new:
        connection.execute(insert(near_misses), new)


def _put_stories(connection: Connection, placement: Placement) -> None:
    """Write the derived groups where they differ: a story of one is none."""
    wanted = {
        uid: (storable(story.id) if len(story.members) > 1 else None)
        for story in (*placement.stories, placement.story)
        for uid in story.members
    }
    stored: dict[str, str | None] = {}
    for some in chunks(wanted):
        stored.update(
            (row.uid, row.story)
            for row in connection.execute(select(items.c.uid, items.c.story).where(items.c.uid.in_(some)))
        )
    changed = [
        {"name": uid, "group": group} for uid, group in wanted.items() if uid in stored and stored[uid] != group
    ]
    if changed:
        connection.execute(_grouped, changed)
