"""What stands around many items at once: a few statements for all of them. Only reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, Connection, func, select, tuple_

from aggregator.model import Glance, Item, Signature
from aggregator.store.sql.chunks import SIZE, chunks
from aggregator.store.sql.nearby import count_key, read_sightings
from aggregator.store.sql.tables import bands, items, signatures

_PER_KEY: Final = 4
"""Rows read for each key asked for, on average. Where there are more, a flood stands under one of them."""

_Pair = tuple[str, int]


def glance(connection: Connection, batch: Sequence[tuple[Item, Signature]], within: timedelta) -> Glance:
    """See `ports.StoryStore.glance`."""
    titles = {item.uid: _pair(item, signature.title_key) for item, signature in batch}
    addresses = {item.uid: _pair(item, signature.url) for item, signature in batch}
    dates = [item.published for item, _ in batch]
    borne = _find_titles(connection, titles.values(), min(dates) - within, max(dates) + within) if batch else {}
    counts = _count_addresses(connection, addresses.values())
    met, crowded = _find_met(connection, {key for _, signature in batch for key in signature.keys})
    uids = dict.fromkeys(uid for found in met.values() for uid in found)
    return Glance(
        met=met,
        crowded=crowded,
        sightings={one.uid: one for one in read_sightings(connection, uids)},
        far=_find_far(connection, {item.entry.url_key for item, _ in batch if item.entry.url_key}),
        titles={uid: borne[pair] for uid, pair in titles.items() if pair in borne},
        addresses={uid: counts[pair] for uid, pair in addresses.items() if pair in counts},
    )


def _pair(item: Item, value: int) -> _Pair | None:
    key = count_key(value)
    return None if key is None else (item.source_id, key)


def _find_met(connection: Connection, keys: Iterable[int]) -> tuple[dict[int, tuple[str, ...]], frozenset[int]]:
    met: defaultdict[int, list[str]] = defaultdict(list)
    crowded: set[int] = set()
    for some in chunks(sorted(keys)):
        most = SIZE * _PER_KEY
        query = select(bands.c.band, bands.c.uid).where(bands.c.band.in_(some)).limit(most)
        found = connection.execute(query).all()
        if len(found) == most:
            crowded.update(some)
        else:
            for row in found:
                met[row.band].append(row.uid)
    return {key: tuple(uids) for key, uids in met.items()}, frozenset(crowded)


def _find_far(connection: Connection, keys: Iterable[str]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for some in chunks(sorted(keys)):
        query = (
            select(items.c.url_key, items.c.source_id)
            .join(signatures, signatures.c.uid == items.c.uid)
            .where(items.c.url_key.in_(some), signatures.c.signature.is_(None))
        )
        for row in connection.execute(query):
            found[row.url_key].add(row.source_id)
    return {key: frozenset(sources) for key, sources in found.items()}


def _find_titles(
    connection: Connection, pairs: Iterable[_Pair | None], since: datetime, until: datetime
) -> dict[_Pair, tuple[datetime, ...]]:
    found: defaultdict[_Pair, list[datetime]] = defaultdict(list)
    for some in chunks({pair for pair in pairs if pair is not None}):
        query = select(signatures.c.source_id, signatures.c.title_key, signatures.c.published).where(
            _one_of(signatures.c.title_key, some), signatures.c.published.between(since, until)
        )
        for row in connection.execute(query):
            found[row.source_id, row.title_key].append(row.published)
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
