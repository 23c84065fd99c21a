"""What an item is compared with: items that share a key, and all that edges reach. Only reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, bindparam, func, or_, select, union, union_all

from aggregator.model import Copy, Edge, Evidence, Neighbourhood, Reach, Sighting, Signature
from aggregator.store.sql import codec, lookup, rows
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.columns import storable
from aggregator.store.sql.tables import bands, edges, items, near_misses, signatures
from aggregator.stories import MOST_KEYS, NO_JUDGEMENT, addresses, count_key, decode

_NO_KEY: Final = -1

_mine = (
    select(func.count())
    .select_from(signatures)
    .where(signatures.c.source_id == bindparam("source"), signatures.c.uid != bindparam("name"))
)
_USES = select(
    _mine.where(
        signatures.c.title_key == bindparam("title"),
        signatures.c.published.between(bindparam("since"), bindparam("until")),
    ).scalar_subquery(),
    _mine.where(signatures.c.url == bindparam("url")).scalar_subquery(),
)
_TOUCHING = union(
    select(edges).where(edges.c.one.in_(bindparam("uids", expanding=True))),
    select(edges).where(edges.c.other.in_(bindparam("uids", expanding=True))),
)

_named_signature = select(
    signatures, items.c.public_id, items.c.entry_id, items.c.url.label("address"), items.c.url_key
).join(items, items.c.uid == signatures.c.uid)


_FAR: Final = (
    select(items.c.uid)
    .join(signatures, signatures.c.uid == items.c.uid)
    .where(
        items.c.url_key == bindparam("key"),
        items.c.source_id != bindparam("source"),
        signatures.c.signature.is_(None),
    )
    .order_by(items.c.first_seen, items.c.uid)
    .limit(bindparam("most"))
)


def count_uses(connection: Connection, sighting: Sighting, within: timedelta) -> tuple[int, int]:
    """See `ports.StoryStore.count_uses`."""
    title, url = count_key(sighting.signature.title_key), count_key(sighting.signature.url)
    asked = {
        "source": sighting.source_id,
        "name": sighting.uid,
        "title": title,
        "url": url,
        "since": sighting.published - within,
        "until": sighting.published + within,
    }
    titles, addresses = connection.execute(_USES, asked).one()
    return (1 if title is None else 1 + titles, 1 if url is None else 1 + addresses)


def neighbourhood(
    connection: Connection, sighting: Sighting, names: Collection[str], reach: Reach
) -> Neighbourhood:
    """See `ports.StoryStore.neighbourhood`."""
    shared = _find_sharing(connection, sighting, reach.in_band)
    named = _find_named(connection, names, reach.candidates)
    near = read_sightings(connection, _choose(connection, sighting, (named, shared), reach))
    far = _find_far(connection, sighting, reach.at_address)
    around = [sighting.uid, *(found.uid for found in near), *far]
    found_edges, reached = _follow_edges(connection, around, reach.reached)
    others = [uid for uid in reached if uid != sighting.uid]
    copies = tuple(copies_of(connection, others))
    kin, former = _find_kin(connection, sighting.uid, found_edges, copies)
    return Neighbourhood(
        candidates=tuple(near),
        copies=copies,
        edges=tuple(found_edges),
        kin=kin,
        former=former,
        apart=_find_apart(connection, copies) if len(copies) > 1 else frozenset(),
        far=far,
    )


def copies_of(connection: Connection, uids: Iterable[str]) -> list[Copy]:
    """The items of those uids with what their signatures say, by uid; those that have no signature without."""
    found: list[Copy] = []
    for some in chunks(uids):
        query = (
            lookup.whole.add_columns(signatures.c.length, signatures.c.credit)
            .join(signatures, signatures.c.uid == items.c.uid, isouter=True)
            .where(items.c.uid.in_(some))
        )
        found += [
            Copy(item=rows.item_of(row), length=row["length"] or 0, credit=row["credit"] or "")
            for row in connection.execute(query).mappings()
        ]
    return sorted(found, key=lambda copy: copy.item.uid)


def edge_of(row: RowMapping) -> Edge:
    """A row of `edges` as an Edge."""
    return Edge(one=row["one"], other=row["other"], evidence=codec.decode(Evidence, row["evidence"]))


def _find_sharing(connection: Connection, sighting: Sighting, most: int) -> list[str]:
    """Uids that share keys with the signature, those that share most first."""
    keys = sighting.signature.keys[:MOST_KEYS]
    if not keys:
        return []
    asked = {f"band{number}": _NO_KEY for number in range(MOST_KEYS)}
    asked |= {f"band{number}": key for number, key in enumerate(keys)} | {"most": most + 1}
    by_band: dict[int, list[str]] = {}
    for row in connection.execute(_BANDS, asked):
        by_band.setdefault(row.band, []).append(row.uid)
    shared = Counter(uid for uids in by_band.values() if len(uids) <= most for uid in uids)
    return sorted(shared, key=lambda uid: (-shared[uid], uid))


def _choose(
    connection: Connection, sighting: Sighting, found: tuple[Iterable[str], Iterable[str]], reach: Reach
) -> list[str]:
    """Which of those named and of those that share keys are looked at: found out without reading what they say."""
    named, shared = found
    places = _find_places(connection, {*named, *shared})
    chosen = dict.fromkeys(uid for uid in named if uid in places and uid != sighting.uid)
    url = count_key(sighting.signature.url)
    of_source: Counter[str] = Counter()
    for uid in shared:
        if len(chosen) >= reach.candidates:
            break
        place = places.get(uid)
        if place is None or uid == sighting.uid or uid in chosen or of_source[place.source_id] >= reach.of_source:
            continue
        if abs(place.published - sighting.published) <= reach.window or place.url == url is not None:
            of_source[place.source_id] += 1
            chosen[uid] = None
    return list(chosen)[: reach.candidates]


def _find_places(connection: Connection, uids: Collection[str]) -> dict[str, Any]:
    """Source, date and address of those of the items that can be compared with."""
    columns = (signatures.c.uid, signatures.c.source_id, signatures.c.published, signatures.c.url)
    query = select(*columns).where(signatures.c.signature.is_not(None))
    return {
        row.uid: row
        for some in chunks(sorted(uids))
        for row in connection.execute(query.where(signatures.c.uid.in_(some)))
    }


def _find_far(connection: Connection, sighting: Sighting, most: int) -> tuple[str, ...]:
    """Uids of other sources' items at the item's address that are too old to be met under a key."""
    if not sighting.url_key or sighting.shared_url or "homepage" in sighting.signature.traits:
        return ()
    return tuple(connection.scalars(_FAR, {"key": sighting.url_key, "source": sighting.source_id, "most": most}))


def _find_apart(connection: Connection, copies: Iterable[Copy]) -> frozenset[frozenset[str]]:
    """Pairs of these that were judged apart; not those that one story holds, since what was merged stays so."""
    story = {copy.item.uid: copy.item.story for copy in copies}
    found: set[frozenset[str]] = set()
    for some in chunks(sorted(story)):
        query = select(near_misses.c.one, near_misses.c.other).where(
            near_misses.c.one.in_(some), near_misses.c.rule.not_in(NO_JUDGEMENT)
        )
        found |= {
            frozenset((row.one, row.other))
            for row in connection.execute(query)
            if row.other in story and (story[row.one] is None or story[row.one] != story[row.other])
        }
    return frozenset(found)


def _band(number: int) -> Select[Any]:
    one = select(bands).where(bands.c.band == bindparam(f"band{number}"))
    return select(one.limit(bindparam("most")).subquery())


_bearing = union_all(*(_band(number) for number in range(MOST_KEYS))).subquery()
_BANDS = select(_bearing.c.band, signatures.c.uid).join(signatures, signatures.c.number == _bearing.c.signature)


def _find_named(connection: Connection, names: Collection[str], most: int) -> list[str]:
    found: list[str] = []
    for some in chunks(storable(name) for name in sorted(names)):
        columns = (items.c.uid, items.c.public_id, items.c.entry_id, items.c.url, items.c.url_key)
        query = select(items.c.uid).where(or_(*(column.in_(some) for column in columns))).limit(most)
        found += connection.scalars(query)
    return found


def _find_kin(
    connection: Connection, uid: str, found_edges: Iterable[Edge], copies: Iterable[Copy]
) -> tuple[tuple[Sighting, ...], Signature | None]:
    """What edges join to an item and who else is in its story, as they were stored; and so it itself.

    Asks nothing of the store for an item without edges, which is every new one.
    """
    joined = {end for edge in found_edges if uid in {edge.one, edge.other} for end in (edge.one, edge.other)}
    if not joined:
        return (), None
    story = connection.scalar(select(items.c.story).where(items.c.uid == uid))
    whole = {copy.item.uid for copy in copies if story is not None and copy.item.story == story}
    found = read_sightings(connection, [uid, *sorted((joined | whole) - {uid})])
    former = next((one.signature for one in found if one.uid == uid), None)
    return tuple(one for one in found if one.uid != uid), former


def read_sightings(connection: Connection, uids: Iterable[str]) -> list[Sighting]:
    """The stored sightings of the uids, in their order; those whose signature is gone are left out."""
    wanted = list(uids)
    found: dict[str, Sighting] = {}
    for some in chunks(wanted):
        for row in connection.execute(_named_signature.where(signatures.c.uid.in_(some))).mappings():
            signature = decode(row["signature"]) if row["signature"] else None
            if signature is not None:
                found[row["uid"]] = _sighting(row, signature)
    return [found[uid] for uid in wanted if uid in found]


def _sighting(row: RowMapping, signature: Signature) -> Sighting:
    names = (row["uid"], row["public_id"], row["entry_id"], row["address"], row["url_key"])
    return Sighting(
        uid=row["uid"],
        source_id=row["source_id"],
        published=row["published"],
        signature=signature,
        names=frozenset(name for name in names if name),
        recurring=row["recurring"],
        shared_url=row["shared_url"],
        entry_id=row["entry_id"] or "",
        host=addresses.bare_host(row["address"]),
        article=addresses.article_number(row["address"]),
        url_key=row["url_key"] or "",
    )


def _follow_edges(connection: Connection, uids: Iterable[str], most: int) -> tuple[list[Edge], list[str]]:
    """The edges that lead on from some items, and all items that they reach."""
    found: dict[tuple[str, str], Edge] = {}
    reached = dict.fromkeys(uids)
    frontier = list(reached)
    while frontier and len(reached) < most:
        more: dict[str, None] = {}
        for some in chunks(frontier):
            for row in connection.execute(_TOUCHING, {"uids": some}).mappings():
                found[row["one"], row["other"]] = edge_of(row)
                more |= dict.fromkeys(uid for uid in (row["one"], row["other"]) if uid not in reached)
        reached |= more
        frontier = list(more)
    return [found[pair] for pair in sorted(found)], list(reached)
