"""Sources: which there are, and which is due. Functions over an open transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from aggregator.model import SourceProfile, SourceState
from aggregator.store.sql import labels, rows
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.tables import sources

_claimed = (
    update(sources)
    .where(sources.c.id == bindparam("name"))
    .values(lease=sources.c.lease + 1, next_poll_at=bindparam("until"))
)
_enabled = update(sources).where(sources.c.id == bindparam("name")).values(enabled=bindparam("on"))


FURTHEST: Final = timedelta(days=31)
"""No due time is set further ahead than this, so one that lies there is a mistake of a clock, and due."""


def register(
    connection: Connection, due: Mapping[str, datetime], disabled: Collection[str], now: datetime
) -> None:
    """See `ports.SourceStore.register`. Writes only what differs."""
    stored = {row.id: row.enabled for row in connection.execute(select(sources.c.id, sources.c.enabled))}
    off = frozenset(disabled)
    wanted = {name: name in due and name not in off for name in {**due, **dict.fromkeys(off), **stored}}
    missing = {name for name in wanted if name not in stored}
    seeds = labels.free_seeds(connection, missing)
    new = [
        {
            **rows.state_row(_new_state(name, due.get(name, now), seeds.get(name, ""))),
            "id": name,
            "enabled": on,
            "lease": 0,
            "item_count": 0,
            "registered_at": now,
        }
        for name, on in wanted.items()
        if name in missing
    ]
    switched = [{"name": name, "on": on} for name, on in wanted.items() if name in stored and stored[name] != on]
    if new:
        connection.execute(insert(sources), new)
    if switched:
        connection.execute(_enabled, switched)


def _new_state(name: str, due: datetime, seed: str) -> SourceState:
    return SourceState(source_id=name, next_poll_at=due, profile=SourceProfile(seed=seed))


def claim_due(connection: Connection, now: datetime, lease: timedelta, limit: int) -> tuple[SourceState, ...]:
    """See `ports.SourceStore.claim_due`."""
    due = (
        select(sources.c.id)
        .where(sources.c.enabled, or_(sources.c.next_poll_at <= now, sources.c.next_poll_at > now + FURTHEST))
        .order_by(sources.c.next_poll_at, sources.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # where several may write at once; SQLite leaves it out
    )
    return _claim(connection, connection.scalars(due).all(), now + lease)


def claim(
    connection: Connection, source_ids: Sequence[str], now: datetime, lease: timedelta
) -> tuple[SourceState, ...]:
    """See `ports.SourceStore.claim`."""
    return _claim(connection, tuple(dict.fromkeys(source_ids)), now + lease)


def states(connection: Connection) -> Mapping[str, SourceState]:
    """See `ports.ReadOnlyStore.states`."""
    found = connection.execute(select(sources).order_by(sources.c.id)).mappings()
    return {row["id"]: _show(rows.state_of(row), enabled=row["enabled"]) for row in found}


def _claim(connection: Connection, names: Sequence[str], until: datetime) -> tuple[SourceState, ...]:
    if not names:
        return ()
    connection.execute(_claimed, [{"name": name, "until": until} for name in names])
    claimed = _read_states(connection, names)
    return tuple(claimed[name] for name in names if name in claimed)


def _read_states(connection: Connection, names: Iterable[str]) -> dict[str, SourceState]:
    found = {}
    for some in chunks(names):
        for row in connection.execute(select(sources).where(sources.c.id.in_(some))).mappings():
            found[row["id"]] = rows.state_of(row)
    return found


def _show(state: SourceState, *, enabled: bool) -> SourceState:
    """What was stored stays stored: a source that is switched on again shows its old status."""
    return state if enabled else replace(state, status="disabled")
