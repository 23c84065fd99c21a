"""Rows of items by their names, as many names as one likes. Functions over an open transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, RowMapping, bindparam, select

from aggregator.model import ItemKey
from aggregator.store.chunks import chunks
from aggregator.store.columns import storable
from aggregator.store.tables import items

_by_uid = select(items).where(items.c.uid.in_(bindparam("uids", expanding=True)))
_by_key = select(items).where(
    items.c.source_id == bindparam("source"),
    items.c.key_kind == bindparam("kind"),
    items.c.key_value.in_(bindparam("keys", expanding=True)),
)


def by_uid(connection: Connection, uids: Iterable[str]) -> Iterator[RowMapping]:
    """The rows that bear the uids, in no order."""
    for some in chunks(uids):
        yield from connection.execute(_by_uid, {"uids": some}).mappings()


def by_key(connection: Connection, source_id: str, keys: Iterable[ItemKey]) -> Iterator[RowMapping]:
    """The rows of the source that bear the keys, in no order.

    Asked kind by kind: SQLite would not use the index for pairs, but read all rows of the source.
    """
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for key in keys:
        by_kind[key.kind].append(storable(key.value))
    for kind, values in by_kind.items():
        for some in chunks(values):
            asked = {"source": source_id, "kind": kind, "keys": some}
            yield from connection.execute(_by_key, asked).mappings()
