"""Retention at its harshest: all that there is has left its feed, and nothing shows it any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update

from aggregator.model import Listing, Update
from aggregator.ports import Store
from aggregator.store.sql import tables
from aggregator.store.sqlite import SqliteStore


async def let_go(store: Store, at: datetime, *source_ids: str) -> int:
    """Let go of the sources' items, of all if none is named, whatever documents show; how many there were."""
    nothing = Listing(uids=frozenset(), whole=True)
    for state in await store.claim(source_ids or tuple(await store.states()), at, timedelta(minutes=1)):
        await store.commit(Update(state=replace(state, last_poll_at=at), listing=nothing))

    def show_nothing(connection: Any) -> None:
        connection.execute(
            update(tables.publications).values(shown=None, generation=tables.publications.c.generation + 1)
        )
        connection.execute(delete(tables.archived).where(tables.archived.c.number.is_(None)))

    assert isinstance(store, SqliteStore)
    await store._write(show_nothing)
    return await store.prune(at + timedelta(seconds=1))
