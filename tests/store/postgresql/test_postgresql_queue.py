"""The queue by which workers share out the sources: each shard is one worker's at a time, whatever befalls it."""

from __future__ import annotations

import asyncio
import runpy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from pgqueuer.adapters.drivers.psycopg import PsycopgDriver
from psycopg import AsyncConnection
from sqlalchemy import Engine, text

from aggregator.errors import StoreError
from aggregator.store.postgresql import PostgresStore, engines, shard_queue
from aggregator.store.postgresql.shard_queue import PostgresShardQueue
from tests.support.waiting import until


class Worker:
    """One who serves a queue; shards stay with it until it is told to go on."""

    def __init__(self, url: str) -> None:
        self.queue = PostgresShardQueue(engines.address_of(url))
        self.handed: list[int] = []
        self.go_on = asyncio.Event()

    async def work(self, shard: int) -> None:
        self.handed.append(shard)
        await self.go_on.wait()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(self.queue.serve(self.work))
        await until(lambda: self.queue.is_serving)
        try:
            yield task
        finally:
            self.go_on.set()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def administer(tables: tuple[str, Engine], url: str) -> Callable[[str], object]:
    """Runs a statement in the database, which is empty; what it gives, if anything."""
    assert url == tables[0]

    def run(statement: str) -> object:
        with tables[1].begin() as connection:
            result = connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None

    return run


async def test_a_shard_is_one_worker_s_however_often_and_by_whom_it_is_offered(url: str) -> None:
    one, other = Worker(url), Worker(url)
    shards = list(range(12))
    async with one.serving(), other.serving():
        for _ in range(3):
            await asyncio.gather(one.queue.offer(shards), other.queue.offer(shards))
        await until(lambda: len(one.handed + other.handed) >= len(shards))
        await asyncio.sleep(0.3)
        assert sorted(one.handed + other.handed) == shards
        for worker in (one, other):
            worker.go_on.set()

        async def again() -> None:
            while len(one.handed + other.handed) == len(shards):
                await one.queue.offer([3])
                await asyncio.sleep(0.05)

        await asyncio.wait_for(again(), 60)
        assert sorted(one.handed + other.handed) == sorted([*shards, 3]), "done, it may be offered again"


async def test_a_queue_that_is_emptied_at_any_time_is_filled_by_the_next_offer(
    url: str, administer: Callable[[str], object]
) -> None:
    one = Worker(url)
    async with one.serving():
        await one.queue.offer([1])
        await until(lambda: one.handed == [1])
        administer("TRUNCATE pgqueuer, pgqueuer_log")
        await one.queue.offer([1])
        await until(lambda: one.handed == [1, 1])
        one.go_on.set()
    assert administer("SELECT count(*) FROM pgqueuer") == 0


async def test_a_shard_whose_worker_is_gone_is_handed_to_another_in_a_quarter_of_a_minute(
    url: str, administer: Callable[[str], object]
) -> None:
    one = Worker(url)
    long = int(shard_queue.ABANDONED.total_seconds())
    for shard, seconds in ((1, long + 1), (2, long - 10)):
        administer(
            "INSERT INTO pgqueuer (priority, status, entrypoint, dedupe_key, payload, queue_manager_id, updated)"
            f" VALUES (0, 'picked', 'shard', 'shard:{shard}', '{shard}', gen_random_uuid(),"
            f" now() - interval '{seconds} seconds')"
        )
    async with one.serving():
        await one.queue.offer([1, 2])
        await until(lambda: bool(one.handed))
        await asyncio.sleep(0.2)
        assert one.handed == [1]


async def test_a_queue_whose_connection_the_server_ends_is_told_and_served_anew(
    url: str, administer: Callable[[str], object]
) -> None:
    one = Worker(url)
    with pytest.raises(StoreError, match="nobody serves"):
        await one.queue.offer([1])
    async with one.serving() as task:
        one.go_on.set()
        while not task.done():  # by what it asked last
            administer(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE query LIKE '%pgqueuer%' AND pid <> pg_backend_pid()"
            )
            await asyncio.wait({task}, timeout=0.2)
        with pytest.raises(StoreError, match="the queue in the database"):
            task.result()
        assert not one.queue.is_serving
    async with one.serving():
        await one.queue.offer([1])
        await until(lambda: one.handed == [1])


async def test_a_database_without_the_queue_s_tables_is_told(blank: str) -> None:
    with pytest.raises(StoreError, match="pgqueuer"):
        await PostgresShardQueue(engines.address_of(blank)).serve(Worker(blank).work)


async def test_the_tables_are_those_that_pgqueuer_wants(url: str) -> None:
    given = engines.arguments(engines.address_of(url))
    async with await AsyncConnection.connect(**given, autocommit=True) as connection:
        plan = await shard_queue._queries_over(PsycopgDriver(connection)).plan_upgrade()
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
