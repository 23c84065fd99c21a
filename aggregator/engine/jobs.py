"""Which of the jobs that one process at a time does are this one's."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from aggregator.errors import StoreError
from aggregator.ports import JobName, JobStore

LEASE = timedelta(seconds=12)
"""How long a job stays ours unless we renew it; so long nobody does it after we were killed."""

RENEWAL = 3.0
"""Seconds between renewals, and between two questions for a job that another process has."""


class Jobs:
    """Has jobs while there is something to do in them, by leases in the store.

    A process without work writes nothing: its leases end, and whoever has work next takes them. One with work all
    the time writes a row every `LEASE / 2`; another that would do the same asks every `RENEWAL`.

    Args:
        store: Where the leases are.
        elapsed: Seconds that passed since some moment; for tests.
    """

    def __init__(self, store: JobStore, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._elapsed = elapsed
        self._known: dict[JobName, tuple[float, bool]] = {}
        self._asking: defaultdict[JobName, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._log = structlog.get_logger("engine")

    @asynccontextmanager
    async def holding(self, name: JobName, lease: timedelta = LEASE) -> AsyncIterator[bool]:
        """Whether a job is ours now; if so, it stays ours while the block lasts. Raises StoreError."""
        if not await self._take(name, lease):
            yield False
            return
        renewing = asyncio.create_task(self._renew(name, lease), name=f"lease of {name}")
        try:
            yield True
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def _take(self, name: JobName, lease: timedelta) -> bool:
        async with self._asking[name]:
            now = self._elapsed()
            until, ours = self._known.get(name, (0.0, False))
            if until <= now:
                ours = await self._store.take_job(name, lease)
                self._know(name, lease, now, ours=ours)
            return ours

    async def _renew(self, name: JobName, lease: timedelta) -> None:
        """Hold what is being done, for as long as it is."""
        ours = True
        while ours:
            await asyncio.sleep(RENEWAL)
            now = self._elapsed()
            try:
                ours = await self._store.renew_job(name, lease)
            except StoreError as error:  # the work goes on; whoever takes it over meanwhile writes
                self._log.warning("leases not renewed", error=str(error))
            else:
                self._know(name, lease, now, ours=ours)

    def _know(self, name: JobName, lease: timedelta, now: float, *, ours: bool) -> None:
        self._known[name] = now + (lease.total_seconds() / 2 if ours else RENEWAL), ours
