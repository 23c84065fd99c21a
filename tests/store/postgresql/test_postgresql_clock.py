"""All machines go by the server's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, literal_column, select

from aggregator.store.postgresql import PostgresStore, server_clock
from aggregator.store.postgresql.server_clock import AGAIN_AFTER, ServerClock
from tests.contract.stock import NOON

HOUR = timedelta(hours=1)


async def test_an_open_store_goes_by_the_server_s_clock_however_wrong_the_machine_s_is(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = PostgresStore(url)
    monkeypatch.setattr(server_clock, "_ASKED", select(literal_column(str(NOON.timestamp() + 0.25))))
    await store.open()
    shared = store.clock()
    assert shared is not None
    assert NOON <= shared.now() <= NOON + timedelta(seconds=5)
    monkeypatch.undo()
    shared._told = None  # type: ignore[attr-defined] # as if half a minute had passed
    await store.ping()
    assert abs(shared.now() - datetime.now(UTC)) < timedelta(seconds=5)
    await store.close()


async def test_the_server_is_asked_anew_after_half_a_minute_and_time_passes_meanwhile(url: str) -> None:
    passed = [100.0]
    asked = ServerClock(lambda: passed[0])
    assert asked.is_due
    assert abs(asked.now() - datetime.now(UTC)) < timedelta(seconds=5), "nobody was asked yet"
    store = PostgresStore(url)
    await store.open()

    def ask(connection: Connection) -> None:
        asked.ask(connection)

    await store._read(ask)
    first = asked.now()
    assert not asked.is_due
    passed[0] += AGAIN_AFTER
    assert asked.now() - first == timedelta(seconds=AGAIN_AFTER)
    assert not asked.is_due
    passed[0] += 1
    assert asked.is_due
    await store._read(ask)
    assert asked.now() - first < timedelta(seconds=5)
    await store.close()
