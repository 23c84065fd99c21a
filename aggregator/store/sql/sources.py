"""Sources: which there are, and which is due. Functions over an open transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)

from aggregator.model import SourceProfile, SourceState, SourceStatus, SourceTotals, Trouble
from aggregator.store.sql import labels, rows
from aggregator.store.sql.chunks import chunks
from aggregator.store.sql.columns import seconds
from aggregator.store.sql.tables import remarkable, sources
from aggregator.store.sql.turns import take_turn

_claimed = (
    update(sources)
    .where(sources.c.id == bindparam("name"))
    .values(
        lease=sources.c.lease + 1,
        lease_owner=bindparam("owner"),
        leased_until=bindparam("until"),
        abandoned=sources.c.abandoned + case((sources.c.lease_owner.is_(None), 0), else_=1),
    )
)
_enabled = update(sources).where(sources.c.id == bindparam("name")).values(enabled=bindparam("on"))


FREE: Final = {"lease_owner": None, "leased_until": None, "abandoned": 0}
"""The columns of a source that nobody polls."""

_TRIES: Final = 5
"""After so many claims in a row of which nothing came, a source is left alone for a while."""

AT_ONCE: Final = 5000
"""States that are read in one transaction."""

FURTHEST: Final = timedelta(days=31)
"""No due time is set further ahead than this, so one that lies there is a mistake of a clock, and due."""


def register(
    connection: Connection, due: Mapping[str, datetime], disabled: Collection[str], now: datetime
) -> None:
    """See `ports.SourceStore.register`. Writes only what differs."""
    take_turn(connection)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """Who claims, and for how long.

    Attributes:
        owner: The store object that will write what comes of it.
        now: The present.
        until: When others may claim it, unless the owner renews.
        polling: What the owner is polling already: not to be claimed as due.
        among: Which sources may be claimed as due; None for all.
    """

    owner: str
    now: datetime
    until: datetime
    polling: Collection[str] = ()
    among: Collection[str] | None = None


def claim_due(
    connection: Connection, claimant: Claimant, limit: int, patience: timedelta
) -> tuple[SourceState, ...]:
    """See `ports.SourceStore.claim_due`."""
    names: list[str] = []
    for query in _due(claimant, patience):
        # Locked where several may write at once; SQLite leaves it out.
        some = query.limit(limit - len(names)).with_for_update(skip_locked=True)
        names += connection.scalars(some) if len(names) < limit else ()
    return _claim(connection, names, claimant)


def find_due(connection: Connection, claimant: Claimant, limit: int, patience: timedelta) -> tuple[str, ...]:
    """See `ports.SourceStore.find_due`."""
    names: list[str] = []
    for query in _due(claimant, patience):
        names += connection.scalars(query.limit(limit - len(names))) if len(names) < limit else ()
    return tuple(names)


def _due(claimant: Claimant, patience: timedelta) -> Iterator[Select[tuple[str]]]:
    """What asks for the sources that may be claimed, one question after the other."""
    now = claimant.now
    others = (sources.c.id.not_in(claimant.polling),) if claimant.polling else ()
    query = (
        select(sources.c.id)
        .where(sources.c.enabled, _is_free(now), _is_given_time(now, patience), *others)
        .order_by(sources.c.next_poll_at, sources.c.id)
    )
    # Asked one after the other, so that each walks its end of the index: as one condition they walk all of it.
    for due in (sources.c.next_poll_at <= now, sources.c.next_poll_at > now + FURTHEST):
        if claimant.among is None:
            yield query.where(due)
        else:
            yield from (query.where(due, sources.c.id.in_(some)) for some in chunks(claimant.among))


def claim(connection: Connection, source_ids: Sequence[str], claimant: Claimant) -> tuple[SourceState, ...]:
    """See `ports.SourceStore.claim`."""
    free: set[str] = set()
    for some in chunks(source_ids):
        named = select(sources.c.id).where(sources.c.id.in_(some), _is_free(claimant.now))
        free.update(connection.scalars(named.with_for_update(skip_locked=True)))
    return _claim(connection, [name for name in dict.fromkeys(source_ids) if name in free], claimant)


def renew(connection: Connection, source_ids: Collection[str], claimant: Claimant) -> frozenset[str]:
    """See `ports.SourceStore.renew`."""
    held: set[str] = set()
    for some in chunks(source_ids):
        ours = sources.c.lease_owner == claimant.owner, sources.c.id.in_(some)
        connection.execute(update(sources).where(*ours).values(leased_until=claimant.until))
        held.update(connection.scalars(select(sources.c.id).where(*ours)))
    return frozenset(held)


def release(connection: Connection, source_id: str, lease: int) -> None:
    """See `ports.SourceStore.release`."""
    held = update(sources).where(sources.c.id == source_id, sources.c.lease == lease)
    connection.execute(held.values(**FREE))


def _is_given_time(now: datetime, patience: timedelta) -> ColumnElement[bool]:
    """Where again and again nothing came of a claim, we are what is wrong: killed each time, or without a disk.

    The publisher has been asked each time all the same, so it is left alone for a while.
    """
    wait = case((sources.c.abandoned < _TRIES, 0), else_=int(patience.total_seconds()))
    until = type_coerce(sources.c.leased_until, BigInteger)
    return or_(until.is_(None), until + wait <= seconds(now), sources.c.leased_until > now + FURTHEST)


def _is_free(now: datetime) -> ColumnElement[bool]:
    """Nobody holds it, or whoever did has not renewed; a lease that ends months ahead is a mistake of a clock."""
    until = sources.c.leased_until
    return or_(until.is_(None), until <= now, until > now + FURTHEST)


def states(connection: Connection, source_ids: Collection[str]) -> Mapping[str, SourceState]:
    """See `ports.ReadOnlyStore.states`, of named sources."""
    queries = (select(sources).where(sources.c.id.in_(some)) for some in chunks(sorted(source_ids)))
    return {name: state for query in queries for name, state in _states(connection, query).items()}


def some_states(connection: Connection, after: str) -> dict[str, SourceState]:
    """States of the sources whose ids are the next ones in order, a few thousand; none at the end.

    A transaction for each: one in which very many are made of rows would take minutes, and servers end those that
    ask nothing for so long.
    """
    return _states(connection, select(sources).where(sources.c.id > after).order_by(sources.c.id).limit(AT_ONCE))


def _states(connection: Connection, query: Select[Any]) -> dict[str, SourceState]:
    found = connection.execute(query).mappings()
    return {row["id"]: _show(rows.state_of(row), enabled=row["enabled"]) for row in found}


def polled_since(connection: Connection, moment: datetime) -> Mapping[str, SourceState]:
    """See `ports.ReadOnlyStore.polled_since`."""
    return _states(connection, select(sources).where(sources.c.polled_at >= moment))


def remarkable_states(connection: Connection) -> Mapping[str, SourceState]:
    """See `ports.ReadOnlyStore.remarkable_states`."""
    return _states(connection, select(sources).where(remarkable))


def standings(connection: Connection) -> Mapping[str, tuple[SourceStatus, Trouble | None, int]]:
    """See `ports.ReadOnlyStore.standings`. Walks narrow rows, as `totals` does."""
    query = select(sources.c.id, sources.c.enabled, sources.c.status, sources.c.trouble, sources.c.item_count)
    return {
        name: (status if enabled else "disabled", trouble, items)
        for name, enabled, status, trouble, items in connection.execute(query)
    }


def totals(connection: Connection) -> SourceTotals:
    """See `ports.ReadOnlyStore.totals`. Walks narrow rows, whose states lie elsewhere."""
    kinds = (sources.c.enabled, sources.c.status, sources.c.trouble)
    sums = (func.count(), func.sum(sources.c.item_count), func.sum(sources.c.polls))
    found = connection.execute(select(*kinds, *sums).group_by(*kinds)).all()
    standing = [(str(status), trouble, count) for enabled, status, trouble, count, _, _ in found if enabled]
    due = select(func.min(sources.c.next_poll_at)).where(sources.c.enabled)
    return SourceTotals(
        standing=tuple(sorted(standing, key=lambda one: (one[0], one[1] or ""))),
        items=sum(int(items) for *_, items, _ in found),
        polls=sum(int(polls) for *_, polls in found),
        due=connection.scalar(due),
        polled=connection.scalar(select(func.max(sources.c.polled_at))),
    )


def _claim(connection: Connection, names: Sequence[str], claimant: Claimant) -> tuple[SourceState, ...]:
    if not names:
        return ()
    held = {"owner": claimant.owner, "until": claimant.until}
    connection.execute(_claimed, [{"name": name, **held} for name in names])
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
