"""The engine of several workers on one database: that of one process, but what is due is shared out by shards."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import chain
from typing import Final

from aggregator.engine.embedded import EmbeddedEngine
from aggregator.engine.shards import Shards
from aggregator.errors import StoreError
from aggregator.ports import ShardQueue

LOOKED_FOR: Final = 1000
"""So many due sources are looked at. Where there are more, every shard is thought to have some."""

TERM: Final = 8.0
"""Seconds for which a worker polls what comes due in a shard; then it is anybody's again."""

PATIENCE: Final = 2.0
"""Seconds for which it keeps one in which something is due that it has no room for."""

AGAIN: Final = 5.0
"""Seconds before a queue that failed is tried again."""


class DistributedEngine(EmbeddedEngine):
    """Runs the worker's jobs until told to stop, beside other workers; fulfils `ports.Engine`.

    Who has room offers the shards that have due sources, and is handed some of those that nobody has; for some
    seconds they are its own to poll. Nothing depends on it: due times and leases stand on the sources' rows, and
    while the queue is not to be had, what is due is taken as by the engine of one process.
    """

    async def run(self, stop: asyncio.Event) -> None:
        """See `ports.Engine.run`. The shards are others' at once."""
        self._known: Shards | None = None
        self._held = dict[int, float]()  # until when each shard is kept
        self._again_at = 0.0
        self._failing = False
        try:
            await super().run(stop)
        finally:
            with suppress(StoreError):
                await self._queue.trade([*self._held], (), 0)

    async def take(self) -> bool:
        """See `EmbeddedEngine.take`."""
        now = asyncio.get_running_loop().time()
        if now < self._again_at:
            return await super().take()
        due = await self._poller.find_due(LOOKED_FOR) if self._poller.room else ()
        rest = await self._start(due)
        try:
            while await self._trade(rest):
                rest = await self._start(rest)
        except StoreError as error:
            self._again_at = now + AGAIN
            if not self._failing:  # once, and not again with each attempt
                self._failing = True
                self._log.warning("no queue", error=str(error), meanwhile="polling without it")
            return await super().take()
        return not self._poller.room

    @cached_property
    def _queue(self) -> ShardQueue:
        queue = self._store.shard_queue()
        if queue is None:
            raise StoreError("this database has no queue: sources cannot be shared out")
        return queue

    @property
    def _shards(self) -> Shards:
        catalogue = self._poller.catalogue
        if self._known is None or self._known.catalogue is not catalogue:
            self._known = Shards(catalogue)
        return self._known

    async def _start(self, due: Sequence[str]) -> Sequence[str]:
        """Start polls of such as are in a shard of this worker; those that are not."""
        shards, held = self._shards, self._held
        mine = [name for name in due if shards.holds(held, name)]
        rest = [name for name in due if not shards.holds(held, name)]
        if not mine and len(due) >= LOOKED_FOR:  # those of one host may hide all others
            members = [*chain.from_iterable(map(shards.members, held))]
            mine = random.sample(members, min(LOOKED_FOR, len(members)))
        started = await self._poller.take_due(mine) if mine else 0
        if not self._poller.room:
            self._hurry(shards.of(mine[started:]))
        return rest

    def _hurry(self, shards: Iterable[int]) -> None:
        """Keep shards for a moment only, since others may have more room."""
        until = asyncio.get_running_loop().time() + PATIENCE
        self._held |= {shard: min(self._held.get(shard, until), until) for shard in shards}

    async def _trade(self, rest: Sequence[str]) -> bool:
        """Give back what was kept long enough, and get some of the shards of `rest`; whether that brought any."""
        now, room = asyncio.get_running_loop().time(), self._poller.room
        over = [shard for shard, until in self._held.items() if until <= now]
        due = self._shards.all if len(rest) >= LOOKED_FOR else self._shards.of(rest)
        wanted = [shard for shard in due if shard not in self._held] if room else []
        if not over and not wanted:
            return False
        enough = -(-room * len(wanted) // max(1, len(rest)))  # so many have as much due as there is room for
        handed = await self._queue.trade(over, wanted, enough)
        self._failing = False
        for shard in over:
            del self._held[shard]
        self._held |= dict.fromkeys(handed, now + TERM)
        return bool(handed)
