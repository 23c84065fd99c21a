"""Stored sources that go by another label from now on. Functions over an open transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from aggregator.model import SourceState, Takeover
from aggregator.publish.virtual import source_id
from aggregator.store.sql import rows, succession
from aggregator.store.sql.tables import metadata, publications, remarkable, sources
from aggregator.store.sql.turns import take_turn

REMEMBERED: Final = 8
"""Earlier labels of a source that are kept."""

_MEANWHILE: Final = "~"
"""A label that none has, for sources that exchange theirs."""


def take_over(connection: Connection, takeovers: Sequence[Takeover]) -> bool:
    """See `ports.SourceStore.take_over`."""
    take_turn(connection)
    names = [one.was for one in takeovers] + [one.name for one in takeovers]
    held = select(sources).where(sources.c.id.in_(names)).order_by(sources.c.id).with_for_update()
    found = connection.execute(held).mappings()
    stored = {row["id"]: rows.state_of(row) for row in found}
    if not takeovers or not _is_as_expected(takeovers, stored):
        return False
    lease = max(state.lease for state in stored.values()) + 1  # beyond all that are out: they may write no more
    waiting = {one.was: one.name for one in takeovers}
    while waiting:
        was = next((was for was, name in waiting.items() if name not in stored), None)
        if was is None:  # they go round in a circle: one steps aside
            was = next(iter(waiting))
            waiting[_MEANWHILE] = waiting.pop(was)
            stored[_MEANWHILE] = stored.pop(was)
            _rename(connection, was, _MEANWHILE)
            continue
        name = waiting.pop(was)
        _rename(connection, was, name)
        stored[name] = stored.pop(was)
    for one in takeovers:
        _write(connection, _rename_state(stored[one.name], one), lease)
    return True


def _is_as_expected(takeovers: Sequence[Takeover], stored: dict[str, SourceState]) -> bool:
    leaving = {one.was for one in takeovers}
    return all(
        one.was in stored
        and stored[one.was].request_digest == one.request_digest
        and (one.name in leaving or one.name not in stored)
        for one in takeovers
    )


def _rename(connection: Connection, was: str, name: str) -> None:
    """Every row that says whose it is says the new label: first the source's own, which the others refer to.

    The feed that we make of it goes along, so that it keeps its id and what its subscribers were shown.
    """
    copied = [column for column in sources.c if column.name != "id"]
    row = connection.execute(select(*copied).where(sources.c.id == was)).mappings().one()
    connection.execute(insert(sources), {**row, "id": name})
    for table in metadata.sorted_tables:
        if "source_id" in table.c:
            connection.execute(update(table).where(table.c.source_id == was).values(source_id=name))
    connection.execute(delete(sources).where(sources.c.id == was))
    own = source_id(was)
    if connection.scalar(select(publications.c.id).where(publications.c.id == own)) is not None:
        succession.take_over(connection, source_id(name), own)


def _rename_state(state: SourceState, one: Takeover) -> SourceState:
    """Its uids go on being made from the label under which it was first known."""
    seed = state.profile.seed or one.was
    labels = tuple(label for label in dict.fromkeys((one.was, *state.labels)) if label != one.name)
    return replace(
        state,
        source_id=one.name,
        profile=replace(state.profile, seed="" if seed == one.name else seed),
        labels=labels[:REMEMBERED],
    )


def _write(connection: Connection, state: SourceState, lease: int) -> None:
    row = rows.state_row(state)
    connection.execute(
        update(sources)
        .where(sources.c.id == state.source_id)
        .values(**row, lease=lease, lease_owner=None, leased_until=None, abandoned=0)
    )


def free_seeds(connection: Connection, names: Collection[str]) -> dict[str, str]:
    """Seeds for new sources whose labels others have, or had: name -> what to make uids from instead."""
    if not names:
        return {}
    query = select(sources).where(remarkable)
    used = {rows.state_of(row).profile.seed for row in connection.execute(query).mappings()}
    seeds = {}
    for name in used.intersection(names):
        number = 2
        while f"{name} {number}" in used:
            number += 1
        seeds[name] = f"{name} {number}"
    return seeds
