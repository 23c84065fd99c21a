"""Has search find what is new."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from aggregator.engine.jobs import Jobs
from aggregator.ports import SearchStore

AT_ONCE: Final = 50
"""Items indexed in one transaction: some 15 ms in which nothing else is written."""


class Indexing:
    """Indexes what polls brought, a few items at a time, by whoever of several workers has the job.

    Args:
        store: Where items and their words are.
        jobs: Tells whether this process has the job.
    """

    def __init__(self, store: SearchStore, jobs: Jobs) -> None:
        self._store = store
        self._jobs = jobs
        self._log = structlog.get_logger("engine")

    async def index_all(self) -> int:
        """Index what waits; how many items it were. Rests between steps for as long as they take.

        An item on which we fail costs itself alone: it is logged, and nobody finds it until it changes.
        """
        if not await self._store.has_unindexed():
            return 0
        done = 0
        clock = asyncio.get_running_loop().time
        async with self._jobs.holding("indexing") as ours:
            while ours:
                began = clock()
                indexed = await self._store.index(AT_ONCE)
                done += indexed.count
                for fault in indexed.faults:
                    self._log.error("fault", work="index", item=fault.entry, exception=fault.trace)
                if indexed.count < AT_ONCE:
                    break
                await asyncio.sleep(clock() - began)
        return done
