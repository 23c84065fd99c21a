"""Whose turn it is to ask a host, by a row for each. Functions over an open transaction.

The row is locked by whoever reads it, so it holds all there is to know: also which requests are under way, few as
they are.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, CursorResult, Row, delete, insert, select, update

from aggregator.ports import HostBounds, HostBusy, HostPermit, Slowdown
from aggregator.store.sql.columns import milliseconds, present
from aggregator.store.sql.tables import hosts

_FURTHEST: Final = milliseconds(timedelta(minutes=10))
"""Nothing is put off further than this, so what is was put off by a clock that was wrong."""

_LOOK_AGAIN: Final = timedelta(milliseconds=250)
"""When to want a turn again where as many requests run as may: nobody is told when one is over."""

_KEPT: Final = milliseconds(timedelta(days=1))

_NEW: Final = {"next_start": 0, "paused_until": 0, "strikes": 0, "gap": 0, "held": "{}"}

_locked = select(hosts, present().label("now")).with_for_update()


def take(connection: Connection, host: str, bounds: HostBounds, permit_id: str) -> HostPermit | HostBusy:
    """See `ports.PacingStore.take_turn`."""
    row = _lock(connection, host).one_or_none()
    if row is None:
        connection.execute(insert(hosts), [{"host": host, **_NEW}])
        row = _lock(connection, host).one()
    paused = _left(row.paused_until, row.now, _FURTHEST)
    if paused:
        return HostBusy(wait=timedelta(milliseconds=paused), paused=True)
    gap = max(milliseconds(bounds.gap), row.gap)
    early = _left(row.next_start, row.now, max(gap, _FURTHEST))
    if early:
        return HostBusy(wait=timedelta(milliseconds=early))
    held = _under_way(row, milliseconds(bounds.lease))
    if len(held) >= bounds.at_once:
        return HostBusy(wait=_LOOK_AGAIN)
    held[permit_id] = row.now + milliseconds(bounds.lease)
    _write(connection, host, next_start=row.now + gap, held=json.dumps(held))
    return HostPermit(id=permit_id, next_start=row.now + gap, strikes=row.strikes)


def begin(connection: Connection, host: str, permit: HostPermit, bounds: HostBounds) -> HostPermit | HostBusy:
    """See `ports.PacingStore.begin_turn`."""
    row = _lock(connection, host).one_or_none()
    if row is None:
        return permit
    gap = max(milliseconds(bounds.gap), row.gap)
    early = _left(row.next_start, row.now, max(gap, _FURTHEST))
    if early and row.next_start != permit.next_start:
        return HostBusy(wait=timedelta(milliseconds=early))
    _write(connection, host, next_start=row.now + gap)
    return replace(permit, next_start=row.now + gap)


def end(connection: Connection, host: str, permit: HostPermit, slowdown: Slowdown | None) -> None:
    """See `ports.PacingStore.end_turn`."""
    row = _lock(connection, host).one_or_none()
    if row is None:
        return
    held = json.loads(row.held)
    held.pop(permit.id, None)
    changes: dict[str, int] = {}
    if slowdown is not None:
        gap = milliseconds(slowdown.gap)
        changes = {"strikes": slowdown.strikes, "gap": gap, "next_start": max(row.next_start, row.now + gap)}
        if slowdown.pause:
            changes["paused_until"] = row.now + milliseconds(slowdown.pause)
    _write(connection, host, held=json.dumps(held), **changes)


def forget(connection: Connection) -> None:
    """See `ports.PacingStore.forget_hosts`."""
    long_ago = present() - _KEPT
    connection.execute(delete(hosts).where(hosts.c.next_start < long_ago, hosts.c.paused_until < long_ago))


def _lock(connection: Connection, host: str) -> CursorResult[Any]:
    return connection.execute(_locked.where(hosts.c.host == host))


def _write(connection: Connection, host: str, **values: Any) -> None:
    connection.execute(update(hosts).where(hosts.c.host == host).values(**values))


def _left(until: int, now: int, furthest: int) -> int:
    """Milliseconds until a moment; 0 if it is over, or so far ahead that only a wrong clock can have set it."""
    left = until - now
    return left if 0 < left <= furthest else 0


def _under_way(row: Row[Any], lease: int) -> dict[str, int]:
    held: dict[str, int] = json.loads(row.held)
    return {name: until for name, until in held.items() if _left(until, row.now, max(lease, _FURTHEST))}
