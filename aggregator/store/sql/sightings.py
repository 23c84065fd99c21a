"""How items look, and the keys under which they find each other. Functions over an open transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select, update

from aggregator.model import Sighting
from aggregator.store.sql import rows
from aggregator.store.sql.chunks import SIZE, chunks
from aggregator.store.sql.many import execute_many, insert_rows
from aggregator.store.sql.tables import bands, comparable, items, signatures
from aggregator.store.sql.turns import take_turn
from aggregator.stories import count_key, decode, encode

_KEY: Final = ("band", "signature")
_stored: Final = select(items.c.uid, items.c.first_seen, signatures.c.number, signatures.c.signature).join(
    signatures, signatures.c.uid == items.c.uid, isouter=True
)
_delete_keys: Final = delete(bands).where(
    bands.c.band == bindparam("band", type_=bands.c.band.type), bands.c.signature == bindparam("signature")
)
_overwrite: Final = update(signatures).where(signatures.c.number == bindparam("which"))


def put(connection: Connection, seen: Sequence[Sighting]) -> None:
    """Store how items look now, in place of how they looked before."""
    for some in chunks(seen):
        _put(connection, some)


def _put(connection: Connection, seen: Sequence[Sighting]) -> None:
    wanted = items.c.uid.in_([one.uid for one in seen])
    stored = {row.uid: row for row in connection.execute(_stored.where(wanted))}
    _take_keys(connection, {row.number: row.signature for row in stored.values() if row.number is not None})
    looks = [(stored[one.uid], _row(one, stored[one.uid].first_seen)) for one in seen if one.uid in stored]
    again = [{"which": old.number, **row} for old, row in looks if old.number is not None]
    new = [row for old, row in looks if old.number is None]
    if again:
        connection.execute(_overwrite, again)
    if new:
        take_turn(connection)  # numbers are given out in the order in which others see them: see `find_arrivals`
    insert_rows(connection, signatures, new)
    numbers = {row.uid: row.number for row in connection.execute(_stored.where(wanted))}
    keys = sorted((key, numbers[one.uid]) for one in seen if one.uid in numbers for key in one.signature.keys)
    execute_many(connection, bands, _KEY, keys)


def forget(connection: Connection, before: datetime) -> int:
    """See `ports.StoryStore.forget`; forgets a bounded number and says how many: call it until it is none."""
    old = select(signatures.c.number, signatures.c.signature).where(signatures.c.first_seen < before, comparable)
    some = connection.execute(old.limit(SIZE)).all()
    if some:
        _take_keys(connection, {row.number: row.signature for row in some})
        numbers = [row.number for row in some]
        connection.execute(update(signatures).where(signatures.c.number.in_(numbers)).values(signature=None))
    return len(some)


def _take_keys(connection: Connection, stored: dict[int, bytes | None]) -> None:
    """Delete the keys of signatures, by number, which their bytes hold."""
    held = {number: decode(value) for number, value in stored.items() if value}
    keys = sorted((key, number) for number, one in held.items() if one is not None for key in one.keys)
    execute_many(connection, _delete_keys, _KEY, keys)


def _row(sighting: Sighting, first_seen: datetime) -> rows.Row:
    signature = sighting.signature
    return {
        "uid": sighting.uid,
        "source_id": sighting.source_id,
        "first_seen": first_seen,
        "published": sighting.published,
        "title_key": count_key(signature.title_key),
        "url": count_key(signature.url),
        "recurring": sighting.recurring,
        "shared_url": sighting.shared_url,
        "length": signature.length,
        "credit": signature.credit,
        "signature": encode(signature),
    }
