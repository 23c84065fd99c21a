"""Rows of items by their names, as many names as one likes. Functions over an open transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select

from aggregator.model import ItemKey
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.columns import storable
from aggregator.store.sql.tables import aliases, entries, items

whole = select(items, entries.c.entry).join(entries, entries.c.uid == items.c.uid, isouter=True)
"""Items with what they say: what `rows.item_of` makes an Item of. To be asked only for items that were chosen."""

_by_uid = whole.where(items.c.uid.in_(bindparam("uids", expanding=True)))
_by_key = whole.where(
    items.c.source_id == bindparam("source"),
    items.c.key_kind == bindparam("kind"),
    items.c.key_value.in_(bindparam("keys", expanding=True)),
)
_by_alias = (
    select(aliases.c.value, aliases.c.uid)
    .where(
        aliases.c.source_id == bindparam("source"),
        aliases.c.kind == bindparam("kind"),
        aliases.c.value.in_(bindparam("keys", expanding=True)),
    )
    .order_by(aliases.c.value, aliases.c.uid)
)


_held_by_uid, _held_by_key = (query.with_for_update(key_share=True, of=items) for query in (_by_uid, _by_key))


def by_uid(connection: Connection, uids: Iterable[str], *, hold: bool = False) -> Iterator[RowMapping]:
    """The rows that bear the uids, in no order; `hold` them where what is written depends on what they say."""
    for some in chunks(uids):
        yield from connection.execute(_held_by_uid if hold else _by_uid, {"uids": some}).mappings()


def by_key(
    connection: Connection, source_id: str, keys: Iterable[ItemKey], *, hold: bool = False
) -> Iterator[RowMapping]:
    """The rows of the source that bear the keys, in no order; `hold` as in `by_uid`.

    Asked kind by kind: SQLite would not use the index for pairs, but read all rows of the source.
    """
    for asked in _parameters(source_id, keys):
        yield from connection.execute(_held_by_key if hold else _by_key, asked).mappings()


def by_alias(connection: Connection, source_id: str, keys: Iterable[ItemKey]) -> Iterator[tuple[str, str, str]]:
    """(kind, value, uid) of what the aliases of the source say of the keys, ordered by uid within each."""
    for asked in _parameters(source_id, keys):
        for row in connection.execute(_by_alias, asked):
            yield asked["kind"], row.value, row.uid


def _parameters(source_id: str, keys: Iterable[ItemKey]) -> Iterator[dict[str, Any]]:
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for key in keys:
        by_kind[key.kind].append(storable(key.value))
    for kind, values in by_kind.items():
        for some in chunks(values):
            yield {"source": source_id, "kind": kind, "keys": some}
