"""Items that the editor withdraws by name, and gives back. Functions over an open transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, case, func, literal, null, or_, select, update

from aggregator.store.sql import editions
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.columns import UtcDateTime, storable
from aggregator.store.sql.tables import items, withheld

_names = select(items.c.uid, items.c.public_id)
_LOOSE = items.c.entry_id
"""The publisher's own word for an item, which may be "1" in many feeds."""


def find_changes(connection: Connection, names: Collection[str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What is to be withheld and is not, and what is and need not be any more: uid -> published id. Only reads."""
    held = {row.uid: row.public_id for row in connection.execute(_names.where(withheld))}
    meant = _find(connection, names, held)
    taken = {uid: name for uid, name in meant.items() if uid not in held}
    return taken, {uid: name for uid, name in held.items() if uid not in meant}


def withhold(connection: Connection, names: Collection[str], now: datetime) -> Mapping[str, bool]:
    """See `ports.SourceStore.withhold`."""
    taken, back = find_changes(connection, names)
    since = {
        "withheld_at": now,
        "withdrawn_at": func.coalesce(items.c.withdrawn_at, literal(now, UtcDateTime)),
        "changed_at": now,
    }
    # What its publisher took back before stays so.
    ours = case((items.c.withdrawn_at == items.c.withheld_at, null()), else_=items.c.withdrawn_at)
    free = {"withheld_at": None, "withdrawn_at": ours, "changed_at": now}
    for uids, values in ((taken, since), (back, free)):
        for some in chunks(sorted(uids)):
            connection.execute(update(items).where(items.c.uid.in_(some)).values(**values))
    if taken or back:
        editions.mark_outdated(connection)
    return dict.fromkeys(taken.values(), True) | dict.fromkeys(back.values(), False)


def _find(connection: Connection, names: Collection[str], held: Collection[str]) -> Mapping[str, str]:
    """What has a name as its id or address; as a publisher's word for it, what alone has that."""
    found: dict[str, str] = {}
    for some in chunks(sorted(storable(name) for name in names)):
        by_name = or_(*(items.c[name].in_(some) for name in ("uid", "public_id", "url", "url_key")))
        found.update((row.uid, row.public_id) for row in connection.execute(_names.where(by_name)))
        bearers: dict[str, dict[str, str]] = {}
        for row in connection.execute(_names.add_columns(_LOOSE).where(_LOOSE.in_(some))):
            bearers.setdefault(row.entry_id, {})[row.uid] = row.public_id
        for mine in bearers.values():
            ours = {uid: name for uid, name in mine.items() if uid in held}
            if ours or len(mine) == 1:
                found.update(ours or mine)
    return found
