"""What stands around many items at once: a few statements for all of them. Only reads."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, Connection, bindparam, func, select, tuple_

from aggregator.model import FormerUse, Glance, Item, Signature
from aggregator.store.sql.chunks import SIZE, chunks
from aggregator.store.sql.nearby import read_sightings
from aggregator.store.sql.tables import bands, edges, items, near_misses, signatures
from aggregator.stories import count_key

_PER_KEY: Final = 4
"""Rows read for each key asked for, on average. Where there are more, a flood stands under one of them."""

_MOST: Final = SIZE * _PER_KEY
_bearing = (
    select(bands).where(bands.c.band.in_(bindparam("keys", expanding=True))).limit(bindparam("most")).subquery()
)
_MET: Final = select(_bearing.c.band, signatures.c.uid).join(
    signatures, signatures.c.number == _bearing.c.signature, isouter=True
)
_FAR: Final = (
    select(items.c.url_key, items.c.source_id)
    .join(signatures, signatures.c.uid == items.c.uid)
    .where(items.c.url_key.in_(bindparam("keys", expanding=True)), signatures.c.signature.is_(None))
)
_FORMER: Final = select(
    *(signatures.c[name] for name in ("uid", "source_id", "published", "title_key", "url"))
).where(signatures.c.uid.in_(bindparam("uids", expanding=True)))
"""Written once: to put five hundred values into a statement anew takes longer than to ask it."""

_Pair = tuple[str, int]


def glance(connection: Connection, batch: Sequence[tuple[Item, Signature]], within: timedelta) -> Glance:
    """See `ports.StoryStore.glance`."""
    titles = {item.uid: _pair(item, signature.title_key) for item, signature in batch}
    addresses = {item.uid: _pair(item, signature.url) for item, signature in batch}
    dates = [item.published for item, _ in batch]
    former = _find_former(connection, titles)
    borne = _find_titles(connection, titles.values(), min(dates) - within, max(dates) + within) if batch else {}
    counts = Counter(_count_addresses(connection, addresses.values()))
    counts.subtract((one.source_id, one.address) for one in former.values() if one.address is not None)
    met, crowded = _find_met(connection, {key for _, signature in batch for key in signature.keys})
    uids = dict.fromkeys(uid for found in met.values() for uid in found)
    return Glance(
        met=met,
        crowded=crowded,
        sightings={one.uid: one for one in read_sightings(connection, uids)},
        far=_find_far(connection, {item.entry.url_key for item, _ in batch if item.entry.url_key}),
        titles={
            uid: tuple(date for other, date in borne[pair] if other not in titles)
            for uid, pair in titles.items()
            if pair in borne
        },
        addresses={uid: counts[pair] for uid, pair in addresses.items() if pair is not None and pair in counts},
        former=former,
        tied=_find_tied(connection, [item.uid for item, _ in batch if item.compared]),
    )


def _find_former(connection: Connection, uids: Iterable[str]) -> dict[str, FormerUse]:
    """What titles and addresses those of the items bear that were compared before."""
    found: dict[str, FormerUse] = {}
    for some in chunks(uids):
        for row in connection.execute(_FORMER, {"uids": some}):
            found[row.uid] = FormerUse(
                source_id=row.source_id, published=row.published, title=row.title_key, address=row.url
            )
    return found


def _find_tied(connection: Connection, uids: Iterable[str]) -> frozenset[str]:
    """Those of the items of which it is stored that they are one piece with others, or were kept apart."""
    found: set[str] = set()
    for some in chunks(uids):
        for table in (edges, near_misses):
            for column in (table.c.one, table.c.other):
                found.update(connection.scalars(select(column).where(column.in_(some))))
    return frozenset(found)


def _pair(item: Item, value: int) -> _Pair | None:
    key = count_key(value)
    return None if key is None else (item.source_id, key)


def _find_met(connection: Connection, keys: Iterable[int]) -> tuple[dict[int, tuple[str, ...]], frozenset[int]]:
    met: defaultdict[int, list[str]] = defaultdict(list)
    crowded: set[int] = set()
    for some in chunks(sorted(keys)):
        found = connection.execute(_MET, {"keys": some, "most": _MOST}).all()
        if len(found) == _MOST:
            crowded.update(some)
        else:
            for band, uid in found:
                if uid is not None:
                    met[band].append(uid)
    return {key: tuple(uids) for key, uids in met.items()}, frozenset(crowded)


def _find_far(connection: Connection, keys: Iterable[str]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for some in chunks(sorted(keys)):
        for row in connection.execute(_FAR, {"keys": some}):
            found[row.url_key].add(row.source_id)
    return {key: frozenset(sources) for key, sources in found.items()}


def _find_titles(
    connection: Connection, pairs: Iterable[_Pair | None], since: datetime, until: datetime
) -> dict[_Pair, tuple[tuple[str, datetime], ...]]:
    found: defaultdict[_Pair, list[tuple[str, datetime]]] = defaultdict(list)
    for some in chunks({pair for pair in pairs if pair is not None}):
        columns = (signatures.c[name] for name in ("uid", "source_id", "title_key", "published"))
        query = select(*columns).where(
            _one_of(signatures.c.title_key, some), signatures.c.published.between(since, until)
        )
        for row in connection.execute(query):
            found[row.source_id, row.title_key].append((row.uid, row.published))
    return {pair: tuple(dates) for pair, dates in found.items()}


def _count_addresses(connection: Connection, pairs: Iterable[_Pair | None]) -> dict[_Pair, int]:
    found: dict[_Pair, int] = {}
    columns = (signatures.c.source_id, signatures.c.url)
    for some in chunks({pair for pair in pairs if pair is not None}):
        query = select(*columns, func.count()).where(_one_of(signatures.c.url, some)).group_by(*columns)
        found.update({(row[0], row[1]): row[2] for row in connection.execute(query)})
    return found


def _one_of(column: Column[Any], pairs: Sequence[_Pair]) -> Any:
    return tuple_(signatures.c.source_id, column).in_(pairs)
