"""The engine of one process: a few APScheduler jobs around the poller and the publisher."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from aggregator.engine.chores import TURN, Chores
from aggregator.engine.clockwatch import ClockWatch
from aggregator.engine.labels import Edits
from aggregator.engine.poller import Poller
from aggregator.engine.publisher import Publisher
from aggregator.errors import SchemaTooNewError, StoreError
from aggregator.ports import Clock, Store

TICK = timedelta(seconds=1)
CATCH_UP = 0.2
"""Seconds between two looks at what is due while more may be due than there was room for: at each poll's end
would be a claim a poll, at each tick no more polls a second than there is room."""

INDEXING = timedelta(seconds=2)
"""How long search may lag behind, at least: what several polls bring meanwhile is indexed together."""

REST = 0.2
"""Seconds between two turns of the publisher, at least: what polls bring meanwhile is rendered together."""

COUNTING = timedelta(seconds=15)
"""How long counts may wait in this process; a kill loses no more."""

LOOK = timedelta(seconds=2)
"""How often the clock is compared with the time that passed."""


class _Every(BaseTrigger):  # type: ignore[misc] # APScheduler ships no types
    """A trigger of APScheduler that counts each span from the last time it fired, not from a plan.

    APScheduler's own counts up every turn that was missed, one by one: a clock set a year ahead kept the process
    busy for minutes, and took gigabytes.
    """

    def __init__(self, every: timedelta) -> None:
        self.every = every

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        return now + self.every


class EmbeddedEngine:
    """Runs the worker's jobs in this process until told to stop; fulfils `ports.Engine`.

    Due times live in the store, so there is one job for all sources and nothing of the schedule is lost with
    the process.
    """

    def __init__(
        self,
        poller: Poller,
        publisher: Publisher,
        store: Store,
        clock: Clock,
        *,
        chores: Chores,
        watch: ClockWatch | None = None,
    ) -> None:
        self._poller = poller
        self._publisher = publisher
        poller.edits = publisher.edits = Edits(
            two=True
        )  # who sees an edit first tells of it and takes it over, for both
        self._store = store
        self._clock = clock
        self._watch = watch or ClockWatch(clock)
        self._chores = chores
        self._told = False
        self._is_outlived = False
        self._was_set = False
        self._log = structlog.get_logger("engine")

    async def run(self, stop: asyncio.Event) -> None:
        """Poll and publish until `stop` is set, then give up what is under way and return."""
        # APScheduler warns whenever a tick finds the one before it still at work, and shows a traceback for one
        # that the end cuts short; for us both are normal. What goes wrong in a job is logged by its guard.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        await self._guard(self._look_back)()
        now = datetime.now(UTC)
        for job, every in (
            (self._take_due, TICK),
            (self._keep_house, TURN),
            (self._count, COUNTING),
            (self._chores.look, TURN),
            (self._chores.indexing.index_all, INDEXING),
            (self._chores.follow_lists, TURN),
        ):
            scheduler.add_job(self._guard(job), _Every(every), next_run_time=now)
        scheduler.start()
        lasting = [asyncio.create_task(self._watch_clock(scheduler)), asyncio.create_task(self._publish())]
        try:
            await stop.wait()
        finally:
            for task in lasting:
                task.cancel()
            scheduler.shutdown(wait=False)
            await asyncio.gather(*lasting, return_exceptions=True)
            await self._poller.stop()

    def _guard(self, job: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
        """A job that fails (a full disk, a locked database) is reported and tried again at the next tick."""

        async def run() -> None:
            try:
                if self._is_set():
                    await job()
            except SchemaTooNewError as error:
                if not self._is_outlived:  # told once, though every turn will be refused
                    self._is_outlived = True
                    self._log.error("rests", error=str(error))
            except StoreError as error:
                self._log.error("store", error=str(error))
            except Exception:  # noqa: BLE001 # the boundary: the next tick must come
                self._log.exception("fault")
                with suppress(StoreError):
                    await self._store.count_faults("engine", 1)

        return run

    def _is_set(self) -> bool:
        """Whether the clock is set. What was stored by one that is not would be dated decades back, for good."""
        if self._watch.is_set:
            self._told = False
        elif not self._told:
            self._told = True
            self._log.error("clock is not set", now=self._clock.now().isoformat(), waiting="until it is")
        return self._watch.is_set

    async def _watch_clock(self, scheduler: AsyncIOScheduler) -> None:
        """When the clock is set, have all jobs run: APScheduler would wait until it shows the old time again.

        A clock may be wrong, and right again, between two looks: so each job's turn is looked at, too. One that is
        far off was found by a clock that ran ahead; one that is over has been met by a clock that was behind, and
        APScheduler sleeps for as long as that was wrong.
        """
        while True:
            await asyncio.sleep(LOOK.total_seconds())
            await self._look_at_clock()
            was_set, self._was_set = self._was_set, False
            now = datetime.now(UTC)
            for job in scheduler.get_jobs():
                if was_set or not now - LOOK <= job.next_run_time <= now + job.trigger.every:
                    job.modify(next_run_time=now)

    async def _look_at_clock(self) -> None:
        """Tell all whom it concerns that the clock was set, or the machine was asleep, since the last look."""
        jump = self._watch.look()
        if jump is not None:
            self._log.warning(
                "clock was set", seconds=int(jump.total_seconds()), now=self._clock.now().isoformat()
            )
            self._was_set = True
            self._chores.owe()
            await self._poller.wake()

    async def _take_due(self) -> None:
        """Start what is due; where that took all the room there was, go on as polls end."""
        while self._is_set():
            await self._look_at_clock()  # before anything is asked by it
            if not await self.take():
                return
            await asyncio.sleep(CATCH_UP)

    async def take(self) -> bool:
        """Start polls of what is due; whether more may be than there was room for."""
        await self._poller.take_due()
        return not self._poller.room

    async def _publish(self) -> None:
        """Publish once a second, and when a poll has brought something at once.

        Between two turns there is a rest twice as long as the one before, up to a second, so that news without end
        takes no more than a third of the time; what comes meanwhile is rendered together.
        """
        publish, loop = self._guard(self._publisher.publish_outdated), asyncio.get_running_loop()
        tick, news = TICK.total_seconds(), self._poller.news
        while True:
            news.clear()
            began = loop.time()
            await publish()
            rest = min(tick, max(REST, 2 * (loop.time() - began)))
            await asyncio.sleep(rest)
            with suppress(TimeoutError):
                async with asyncio.timeout(tick - rest):
                    await news.wait()

    async def _look_back(self) -> None:
        """Compare the clock with the last polls: after a year without any, it may be wrong by that year."""
        last = (await self._store.totals()).polled
        self._watch.compare(last, self._chores.housekeeping.retain or timedelta(0))

    async def _count(self) -> None:
        await self._poller.tallies.flush(self._store)

    async def _keep_house(self) -> None:
        await self._chores.keep_house(sure=self._watch.is_sure)
