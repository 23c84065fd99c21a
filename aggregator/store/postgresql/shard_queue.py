"""Which worker polls what: shards with due sources as jobs of pgqueuer, in unlogged tables beside ours.

All in them is disposable: they may be emptied at any time, and are after a crash of the server. Two connections
of its own serve them, autocommitting.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

from pgqueuer.adapters.drivers.psycopg import PsycopgDriver
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.models import Job
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.domain.types import Channel
from psycopg import AsyncConnection, Error

from aggregator.errors import StoreError
from aggregator.store.postgresql import engines

NAMES: Final = DBSettings.model_construct(
    prefix="",
    db_schema=None,
    channel=Channel("ch_pgqueuer"),
    function="fn_pgqueuer_changed",
    statistics_table="pgqueuer_statistics",
    queue_status_type="pgqueuer_status",
    queue_table="pgqueuer",
    queue_table_log="pgqueuer_log",
    trigger="tg_pgqueuer_changed",
    schedules_table="pgqueuer_schedules",
    durability=Durability.volatile,
    widen_id=False,
)
"""What pgqueuer's tables are called. By itself it would take variables such as CHANNEL or TRIGGER for that."""

HEARTBEAT: Final = timedelta(seconds=60)
"""A shard whose worker was not heard of for so long is handed to another by pgqueuer itself."""

ABANDONED: Final = timedelta(seconds=15)
"""So long after it was handed to somebody a shard is free: whoever works on one is done much earlier, or was
killed or stopped."""

_BATCH: Final = 8
"""So many shards are asked for at once; twice as many are one process's at a time, pgqueuer's least."""

_LOOK: Final = timedelta(seconds=1)
"""How often it is looked for shards where nobody hears of new ones: behind a pgbouncer that shares connections."""

_PATIENCE: Final = 5.0
"""Seconds that the server has to answer, and work under way to return."""

_TIDY: Final = 600.0
"""Seconds between two emptyings of the log, in which pgqueuer writes three rows for each shard."""

_ENTRYPOINT: Final = "shard"

_ABANDONED: Final = "SELECT id FROM pgqueuer WHERE status = 'picked' AND updated < now() - $1::interval"


class PostgresShardQueue:
    """Shards with work, by pgqueuer; fulfils `ports.ShardQueue`."""

    def __init__(self, address: engines.Address) -> None:
        self._address = address
        self._queries: Queries | None = None
        self._tidy_at = 0.0

    @property
    def is_serving(self) -> bool:
        """See `ports.ShardQueue.is_serving`."""
        return self._queries is not None

    async def offer(self, shards: Sequence[int]) -> None:
        """See `ports.ShardQueue.offer`."""
        if (queries := self._queries) is None:
            raise self._failed("nobody serves it")
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._let_go(queries)
                await queries.enqueue(
                    [_ENTRYPOINT] * len(shards),
                    [str(shard).encode() for shard in shards],
                    [0] * len(shards),
                    dedupe_key=[f"shard:{shard}" for shard in shards],
                    on_conflict="skip",
                )
        except (TimeoutError, Error) as error:
            self._queries = None
            raise self._failed(str(error) or "it does not answer") from error

    async def serve(self, work: Callable[[int], Awaitable[None]]) -> None:
        """See `ports.ShardQueue.serve`."""
        logging.getLogger("pgqueuer").setLevel(logging.CRITICAL)  # what ends it is told by us
        try:
            given = engines.arguments(self._address)
            async with (
                await AsyncConnection.connect(**given, autocommit=True) as asking,
                await AsyncConnection.connect(**given, autocommit=True) as listening,
            ):
                await self._serve(_queries_over(_ListeningApart(asking, listening)), work)
        except (Error, OSError, RuntimeError) as error:
            raise self._failed(str(error)) from error
        finally:
            self._queries = None

    async def _serve(self, queries: Queries, work: Callable[[int], Awaitable[None]]) -> None:
        manager = QueueManager(queries, NAMES.channel)

        @manager.entrypoint(_ENTRYPOINT, accepts_context=False)
        async def poll(job: Job) -> None:
            await work(int(job.payload or b"0"))

        running = asyncio.create_task(
            manager.run(
                dequeue_timeout=_LOOK,
                batch_size=_BATCH,
                max_concurrent_tasks=2 * _BATCH,
                heartbeat_timeout=HEARTBEAT,
                log_aggregation_interval=timedelta(0),
            ),
            name="queue",
        )
        self._queries = queries
        try:
            while self.is_serving and not running.done():  # until `offer` finds it not answering
                await asyncio.wait({running}, timeout=1)
        finally:
            self._queries = None
            manager.shutdown.set()
            await asyncio.wait({running}, timeout=_PATIENCE)
            running.cancel()
            failure = (await asyncio.gather(running, return_exceptions=True))[0]
        if isinstance(failure, Exception):
            raise failure

    async def _let_go(self, queries: Queries) -> None:
        """Free the shards of those who are gone, and the room of what pgqueuer noted. Mostly one look."""
        now = asyncio.get_running_loop().time()
        if now >= self._tidy_at:
            self._tidy_at = now + _TIDY
            await queries.clear_queue_log()
        abandoned = [row["id"] for row in await queries.driver.fetch(_ABANDONED, ABANDONED)]
        if abandoned:  # a DELETE tells all who listen, even one of nothing
            await queries.driver.execute("DELETE FROM pgqueuer WHERE id = ANY($1)", abandoned)

    def _failed(self, words: str) -> StoreError:
        told = "".join(char if char.isprintable() else " " for char in self._address.hide(words))
        return StoreError(f"the queue in the database {self._address.place} cannot be used: {told[:200].strip()}")


class _ListeningApart(PsycopgDriver):
    """Two connections: psycopg keeps one that waits for a notification, a second long, from all that would ask."""

    def __init__(self, asking: AsyncConnection, listening: AsyncConnection) -> None:
        super().__init__(listening)
        self._asking = PsycopgDriver(asking)

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        """See `pgqueuer.ports.driver.Driver`."""
        return await self._asking.fetch(query, *args)

    async def execute(self, query: str, *args: object) -> str:
        """See `pgqueuer.ports.driver.Driver`."""
        return await self._asking.execute(query, *args)


def _queries_over(driver: PsycopgDriver) -> Queries:
    return Queries(
        driver,
        qbe=QueryBuilderEnvironment(NAMES),
        qbq=QueryQueueBuilder(NAMES),
        qbs=QuerySchedulerBuilder(NAMES),
    )
