"""The engine of one process: a few APScheduler jobs around the poller and the publisher."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from aggregator.engine.poller import Poller
from aggregator.engine.publisher import Publisher
from aggregator.errors import StoreError
from aggregator.ports import Clock, Store

TICK = timedelta(seconds=1)
HOUSEKEEPING = timedelta(hours=1)
COMPARED_FOR = timedelta(days=6)
"""How long what finding copies needs of an item is kept: the window in which copies may be dated, and a day."""


class EmbeddedEngine:
    """Runs the worker's jobs in this process until told to stop.

    Due times live in the store, so there is one job for all sources and nothing of the schedule is lost with
    the process.
    """

    def __init__(
        self, poller: Poller, publisher: Publisher, store: Store, clock: Clock, *, retain: timedelta | None
    ) -> None:
        self._poller = poller
        self._publisher = publisher
        self._store = store
        self._clock = clock
        self._retain = retain
        self._log = structlog.get_logger("engine")

    async def run(self, stop: asyncio.Event) -> None:
        """Poll and publish until `stop` is set, then give up what is under way and return."""
        # APScheduler warns whenever a tick finds the one before it still at work; for us that is normal.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        now = datetime.now(UTC)
        for job, every in (
            (self._poller.take_due, TICK),
            (self._publisher.publish_outdated, TICK),
            (self._housekeeping, HOUSEKEEPING),
        ):
            scheduler.add_job(self._guarded(job), "interval", seconds=every.total_seconds(), next_run_time=now)
        scheduler.start()
        try:
            await stop.wait()
        finally:
            scheduler.shutdown(wait=False)
            await self._poller.stop()

    def _guarded(self, job: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
        """A job that fails (a full disk, a locked database) is reported and tried again at the next tick."""

        async def run() -> None:
            try:
                await job()
            except StoreError as error:
                self._log.error("store", error=str(error))
            except Exception:  # noqa: BLE001 # the boundary: the next tick must come
                self._log.exception("fault")

        return run

    async def _housekeeping(self) -> None:
        await self._store.forget(self._clock.now() - COMPARED_FOR)
        if self._retain is None:
            return
        pruned = await self._store.prune(self._clock.now() - self._retain)
        if pruned:
            self._log.info("pruned", items=pruned)
