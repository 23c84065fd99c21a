"""The queue by which workers share out the sources: each shard is one worker's at a time, whatever befalls it."""

from __future__ import annotations

import asyncio
import runpy
from collections.abc import Callable
from typing import TypeVar

import pytest
from pgqueuer.adapters.drivers.psycopg import PsycopgDriver
from psycopg import AsyncConnection
from sqlalchemy import Connection, Engine, text

from aggregator.errors import StoreError
from aggregator.ports import ShardQueue
from aggregator.store.postgresql import PostgresStore, engines, shard_queue
from aggregator.store.postgresql.session import run
from aggregator.store.postgresql.shard_queue import PostgresShardQueue

T = TypeVar("T")
Administer = Callable[[str], object]


def queue_of(store: PostgresStore) -> ShardQueue:
    queue = store.shard_queue()
    assert queue is not None
    return queue


@pytest.fixture
def administer(tables: tuple[str, Engine], url: str) -> Administer:
    """Runs a statement in the database, which is empty; what it gives, if anything."""
    assert url == tables[0]

    def run(statement: str) -> object:
        with tables[1].begin() as connection:
            result = connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None

    return run


async def test_a_shard_is_one_worker_s_however_often_and_by_whom_it_is_offered(
    two: tuple[PostgresStore, PostgresStore],
) -> None:
    queues = [queue_of(store) for store in two]
    assert await queues[0].trade((), [0], 1) == (0,)
    handed: dict[ShardQueue, list[int]] = {queues[0]: [0], queues[1]: []}

    async def trade(queue: ShardQueue) -> None:
        handed[queue] += await queue.trade((), range(12), 3)

    await asyncio.gather(*(trade(queue) for queue in queues * 4))
    for queue in queues * 4:
        await trade(queue)
    assert sorted(handed[queues[0]] + handed[queues[1]]) == list(range(12))
    assert await queues[1].trade((), [0], 9) == ()
    assert await queues[0].trade([0], (), 0) == ()
    assert await queues[1].trade((), [0], 9) == (0,), "given back, it is anybody's"


async def test_what_is_given_back_may_be_handed_out_at_once_and_those_that_wait_longer_come_first(
    two: tuple[PostgresStore, PostgresStore],
) -> None:
    queue = queue_of(two[0])
    assert await queue.trade((), [7, 3], 1) == (3,)
    assert await queue.trade([3], [7, 3], 1) == (7,)
    assert await queue.trade([99, 7], [3], 5) == (3,), "what it does not have it cannot give"


async def test_a_queue_that_is_emptied_at_any_time_is_filled_by_the_next_offer(
    two: tuple[PostgresStore, PostgresStore], administer: Administer
) -> None:
    queues = [queue_of(store) for store in two]
    assert await queues[0].trade((), [1], 1) == (1,)
    administer("TRUNCATE pgqueuer, pgqueuer_log")
    assert await queues[1].trade((), [1], 1) == (1,)
    assert await queues[0].trade([1], (), 0) == ()
    assert await queues[0].trade((), [1], 1) == (), "the other has it"
    assert await queues[1].trade([1], (), 0) == ()
    assert administer("SELECT count(*) FROM pgqueuer") == 0


async def test_a_shard_whose_worker_is_gone_is_handed_to_another_when_a_lease_would_be_over(
    two: tuple[PostgresStore, PostgresStore], administer: Administer
) -> None:
    queues = [queue_of(store) for store in two]
    assert await queues[0].trade((), [1, 2], 5) == (1, 2)
    seconds = int(shard_queue.ABANDONED.total_seconds())
    for shard, ago in ((1, seconds + 1), (2, seconds - 5)):
        administer(f"UPDATE pgqueuer SET updated = now() - interval '{ago} s' WHERE dedupe_key = 'shard:{shard}'")
    assert await queues[1].trade((), [1, 2], 5) == (1,)
    assert await queues[0].trade([1, 2], (), 0) == (), "it was not dead; what the other has stays the other's"
    assert await queues[0].trade((), [1, 2], 5) == (2,)


async def test_a_queue_that_somebody_locks_or_alters_or_drops_is_told_within_seconds(
    blank: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shard_queue, "_PATIENT", text("SET LOCAL lock_timeout = '50ms'"))
    store = PostgresStore(blank)
    await store.open()
    given = engines.arguments(engines.address_of(blank))
    async with await AsyncConnection.connect(**given) as other:
        await other.execute("LOCK TABLE pgqueuer")
        with pytest.raises(StoreError, match="lock timeout"):
            await queue_of(store).trade((), [1], 1)
        await other.rollback()
        assert await queue_of(store).trade((), [1], 1) == (1,)
        await other.execute("ALTER TABLE pgqueuer ALTER priority TYPE text, ALTER payload TYPE text USING 'a'")
        await other.commit()
        with pytest.raises(StoreError, match=r"the (queue in the )?database"):
            await queue_of(store).trade((), [2], 1)
        await other.execute("DROP TABLE pgqueuer")
        await other.commit()
        with pytest.raises(StoreError, match="pgqueuer"):
            await queue_of(store).trade((), [2], 1)
    await store.close()


async def test_each_trade_may_have_another_connection_as_behind_a_pgbouncer_that_shares_them(
    url: str, administer: Administer
) -> None:
    engine = engines.connect(engines.address_of(url))  # keeps none

    async def write(work: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(run, engine, work)

    def queue() -> PostgresShardQueue:
        return PostgresShardQueue(write, "")

    one, other = queue(), queue()
    assert await one.trade((), [1, 2], 1) == (1,)
    assert await other.trade((), [1, 2], 5) == (2,)
    assert await one.trade([1], [2], 5) == ()
    assert administer("SELECT count(*) FROM pgqueuer") == 1


async def test_the_log_of_the_queue_is_emptied_as_it_grows(
    two: tuple[PostgresStore, PostgresStore], administer: Administer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shard_queue, "_TIDY", 0.0)
    queue = queue_of(two[0])
    for _ in range(5):
        await queue.trade(await queue.trade((), [1, 2, 3], 3), (), 0)
    assert administer("SELECT count(*) FROM pgqueuer_log") == 3


async def test_the_tables_are_those_that_pgqueuer_wants(url: str) -> None:
    given = engines.arguments(engines.address_of(url))
    async with await AsyncConnection.connect(**given, autocommit=True) as connection:
        plan = await shard_queue.queries_over(PsycopgDriver(connection)).plan_upgrade()
    assert tuple(plan.statements) == (), plan


def test_no_variable_of_the_environment_names_the_queue_s_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CHANNEL", "TRIGGER", "PGQUEUER_QUEUE_TABLE", "PGQUEUER_PREFIX", "QUEUE_TABLE"):
        monkeypatch.setenv(name, "mine")
    names = runpy.run_path(str(shard_queue.__file__))["NAMES"]
    assert names == shard_queue.NAMES
    assert names.qualified.queue_table == "pgqueuer"


def test_a_store_in_postgresql_has_one_queue(url: str) -> None:
    store = PostgresStore(url)
    assert store.shard_queue() is store.shard_queue() is not None
