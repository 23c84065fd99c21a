"""The engine of several workers on one database: that of one process, but what is due is shared out by shards."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine, Iterable, Sequence
from functools import cached_property, partial
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from aggregator.engine.embedded import EmbeddedEngine
from aggregator.engine.polled import Poll
from aggregator.engine.shards import Shards
from aggregator.errors import StoreError
from aggregator.ports import ShardQueue

LOOKED_FOR: Final = 1000
"""So many due sources are looked at in one tick. Where there are more, every shard is thought to have some."""

MOST: Final = 100
"""So many sources are polled for one shard, then it is offered anew: another worker may have more room."""

LINGER: Final = 5.0
"""Seconds for which a shard is kept at most, for its polls to end: one slow server keeps the other sources of the
shard waiting no longer."""

COLLECTING: Final = 0.1
"""Seconds for which a worker without room lets polls end, so that it does not ask anew for each of them."""

AGAIN: Final = 5.0
"""Seconds before a queue that failed is tried again."""


class DistributedEngine(EmbeddedEngine):
    """Runs the worker's jobs until told to stop, beside other workers; fulfils `ports.Engine`.

    Every worker's tick offers the shards that have due sources, and the queue hands each to one of them. Nothing
    depends on it: due times and leases stand on the sources' rows, and while the queue is not to be had, what is
    due is taken as by the engine of one process.
    """

    async def run(self, stop: asyncio.Event) -> None:
        """See `ports.Engine.run`."""
        self._stop = stop
        self._shards: Shards | None = None
        self._failing = False
        self._wanted = set[int]()
        self._started = dict[int, Sequence[Poll]]()
        self._turn = asyncio.Lock()
        await super().run(stop)

    @cached_property
    def _queue(self) -> ShardQueue:
        queue = self._store.shard_queue()
        if queue is None:
            raise StoreError("this database has no queue: sources cannot be shared out")
        return queue

    def lasting(self, scheduler: AsyncIOScheduler) -> Iterable[Coroutine[Any, Any, None]]:
        """See `EmbeddedEngine.lasting`; and the queue."""
        return *super().lasting(scheduler), self._serve()

    async def take(self) -> bool:
        """See `EmbeddedEngine.take`; by the queue, room is filled by who works on a shard."""
        if not self._queue.is_serving:
            return await super().take()
        due = await self._poller.find_due(LOOKED_FOR)
        shards = self._know_shards()
        with_work = shards.all if len(due) >= LOOKED_FOR else shards.of(due)
        try:
            if with_work:
                await self._queue.offer(with_work)
                self._failing = False
        except StoreError as error:
            self._tell(error)
            return await super().take()
        return False

    def _know_shards(self) -> Shards:
        catalogue = self._poller.catalogue
        if self._shards is None or self._shards.catalogue is not catalogue:
            self._shards = Shards(catalogue)
        return self._shards

    async def _serve(self) -> None:
        """Poll the shards that this worker is handed."""
        while True:
            try:
                await self._queue.serve(lambda shard: self._guard(partial(self._poll_shard, shard))())
            except StoreError as error:
                self._tell(error)
            await asyncio.sleep(AGAIN)

    def _tell(self, error: StoreError) -> None:
        if not self._failing:  # once, and not again with each attempt
            self._failing = True
            self._log.warning("no queue", error=str(error), meanwhile="polling without it")

    async def _poll_shard(self, shard: int) -> None:
        """Poll what is due of a shard: what there is room for, until it is done or others should have it."""
        loop = asyncio.get_running_loop()
        until, polls = loop.time() + LINGER, set[Poll]()
        while not self._stop.is_set() and len(polls) < MOST:
            if not self._poller.is_full:
                polls.update(await self._claim_with_others(shard))
            if not self._poller.is_full or loop.time() >= until:
                break
            await self._poller.wait_for_room(until - loop.time())
            await asyncio.sleep(COLLECTING)
        if polls:
            done: asyncio.Future[Any] = asyncio.gather(*polls, return_exceptions=True)
            ended: asyncio.Future[Any] = asyncio.ensure_future(self._stop.wait())
            await asyncio.wait({done, ended}, timeout=until - loop.time(), return_when=asyncio.FIRST_COMPLETED)
            ended.cancel()

    async def _claim_with_others(self, shard: int) -> Sequence[Poll]:
        """Start polls of a shard. Shards are handed out some at once: one claims for all that wait for their turn.

        What is started is returned to each of them, for they are done together.
        """
        self._wanted.add(shard)
        async with self._turn:
            if shard in self._wanted:
                wanted, self._wanted = self._wanted, set()
                self._started |= dict.fromkeys(wanted, await self._claim(wanted))
        return self._started.pop(shard, ())

    async def _claim(self, wanted: Collection[int]) -> Sequence[Poll]:
        shards = self._know_shards()
        due = await self._poller.find_due(LOOKED_FOR)
        names = [name for name in due if shards.holds(wanted, name)]
        if not names and len(due) >= LOOKED_FOR:  # those of one host may hide all others
            names = [name for shard in wanted for name in shards.members(shard)]
        return await self._poller.start_due(names, MOST * len(wanted)) if names else ()
