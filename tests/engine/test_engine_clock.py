"""Clocks that are not set, that are set while we run, and what was stored meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from aggregator.engine import embedded
from aggregator.engine.chores import Chores
from aggregator.engine.clockwatch import ClockWatch
from aggregator.engine.embedded import EmbeddedEngine
from aggregator.engine.housekeeping import Housekeeping
from aggregator.engine.indexing import Indexing
from aggregator.engine.jobs import Jobs
from aggregator.errors import StoreError
from aggregator.model import SourceState, SourceTotals
from tests.engine.test_engine_days import DAY, HOUR, MINUTE, Time, world
from tests.support.installation import item, rss
from tests.support.loopback import answer
from tests.support.nouns import NOON
from tests.support.waiting import PATIENCE


@dataclass
class Elapsed:
    """Seconds that passed."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Worker:
    """Stands in for poller, publisher and store; counts what is asked of it."""

    asked: list[str] = field(default_factory=list)
    states_: dict[str, SourceState] = field(default_factory=dict)
    full: bool = False
    room: int = 1
    edits: Any = None
    waiting: int = 0

    async def take_due(self) -> None:
        self.asked.append("take_due")
        self.waiting -= 1
        self.room = 0 if self.waiting > 0 else 1

    async def wake(self) -> None:
        self.asked.append("wake")

    async def publish_outdated(self) -> None:
        self.asked.append("publish_outdated")

    async def forget(self, _: Any) -> None:
        self.asked.append("forget")

    async def forget_hosts(self) -> None:
        pass

    async def prune(self, _: Any) -> int:
        self.asked.append("prune")
        return 0

    async def drop_backups(self, _: Any) -> tuple[str, ...]:
        return ()

    async def reclaim(self) -> Any:
        return SimpleNamespace(freed=0, refused=None)

    async def totals(self) -> SourceTotals:
        return SourceTotals(polled=max((one.last_poll_at for one in self.states_.values()), default=None))

    async def remarkable_states(self) -> dict[str, SourceState]:
        return self.states_

    async def has_unindexed(self) -> bool:
        return False

    async def take_job(self, *_: Any) -> bool:
        return True

    async def stop(self) -> None:
        pass

    async def count_faults(self, stage: str, count: int) -> None:
        if self.full:
            raise StoreError("the disk is full")
        self.asked += [stage] * count


def engine(worker: Any, time: Time, watch: ClockWatch) -> EmbeddedEngine:
    housekeeping = Housekeeping(worker, time, retain=180 * DAY)
    jobs = Jobs(worker)
    chores = Chores(housekeeping, worker, Indexing(worker, jobs), jobs)
    return EmbeddedEngine(worker, worker, worker, time, chores=chores, watch=watch)


def test_a_step_of_the_clock_is_told_from_time_that_passes():
    time, elapsed = Time(), Elapsed()
    watch = ClockWatch(time, elapsed=elapsed)
    time.at, elapsed.seconds = NOON + HOUR, 3600
    assert watch.look() is None
    time.at = NOON - 400 * DAY
    jump = watch.look()
    assert jump is not None
    assert jump == -400 * DAY - HOUR
    assert watch.look() is None


def test_after_a_step_of_a_year_nothing_is_sure_for_a_day_unless_it_is_taken_back():
    time, elapsed = Time(), Elapsed()
    watch = ClockWatch(time, elapsed=elapsed)
    time.at += 365 * DAY
    watch.look()
    assert not watch.is_sure
    time.at -= 365 * DAY
    watch.look()
    assert watch.is_sure
    time.at += 365 * DAY
    watch.look()
    elapsed.seconds, time.at = 90_000, time.at + timedelta(seconds=90_000)
    assert watch.look() is None
    assert watch.is_sure


async def test_a_worker_whose_clock_is_not_set_does_nothing_until_it_is():
    time, worker = Time(), Worker()
    job = engine(worker, time, ClockWatch(time, earliest=NOON + HOUR))._guard(worker.take_due)
    with capture_logs() as logs:
        await job()
        await job()
    assert worker.asked == []
    assert [line["event"] for line in logs] == ["clock is not set"]
    time.at += HOUR
    await job()
    assert worker.asked == ["take_due"]


async def test_a_job_that_fails_by_us_is_counted_and_runs_again():
    time, worker = Time(), Worker()
    job = engine(worker, time, ClockWatch(time))

    async def broken() -> None:
        raise KeyError("a fault of ours")

    with capture_logs() as logs:
        await job._guard(broken)()
        worker.full = True
        await job._guard(broken)()
    assert worker.asked == ["engine"]
    assert [line["event"] for line in logs] == ["fault", "fault"]


@pytest.mark.parametrize(("away", "pruned"), [(20 * DAY, True), (365 * DAY, False)])
async def test_nothing_is_let_go_of_when_the_last_poll_seems_a_year_ago(away, pruned):
    time, worker = Time(), Worker()
    worker.states_["river"] = SourceState(source_id="river", next_poll_at=NOON, last_poll_at=NOON - away)
    one = engine(worker, time, ClockWatch(time, elapsed=Elapsed()))
    await one._look_back()
    await one._keep_house()
    assert ("prune" in worker.asked) is pruned


def test_turns_that_a_clock_jumped_over_are_not_counted_one_by_one():
    now = NOON + 365 * DAY
    assert embedded._Every(timedelta(seconds=1)).get_next_fire_time(NOON, now) == now + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("seen", "off"),
    [(True, timedelta(seconds=1)), (False, 365 * DAY), (False, -HOUR)],
    ids=["it went back", "it was ahead between two looks", "it was behind between two looks"],
)
async def test_all_jobs_run_at_once_when_the_clock_is_set_right(monkeypatch, seen, off):
    monkeypatch.setattr(embedded, "LOOK", timedelta(0))
    time, worker = Time(), Worker()
    woken = asyncio.Event()
    turn = datetime.now(UTC) + off
    trigger = embedded._Every(embedded.TICK)
    job = SimpleNamespace(modify=lambda **_: woken.set(), next_run_time=turn, trigger=trigger)
    scheduler: Any = SimpleNamespace(get_jobs=lambda: [job])
    watching = asyncio.create_task(
        engine(worker, time, ClockWatch(time, elapsed=Elapsed()))._watch_clock(scheduler)
    )
    await asyncio.sleep(0)
    if seen:
        time.at -= 400 * DAY
    await asyncio.wait_for(woken.wait(), PATIENCE)
    watching.cancel()


async def test_after_a_sleep_the_worker_is_told_before_it_asks_anybody():
    time, worker = Time(), Worker()
    ours = engine(worker, time, ClockWatch(time, elapsed=Elapsed()))
    await ours._take_due()
    time.at += HOUR
    await ours._take_due()
    await ours._take_due()
    assert worker.asked == ["take_due", "wake", "take_due", "take_due"]


async def test_a_clock_that_was_a_year_ahead_silences_nobody_and_leaves_no_future_dates(tmp_path):
    documents = {"count": 1}

    def script(*_: object) -> bytes:
        return answer(200, rss(*(item(number, date="") for number in range(documents["count"]))).encode())

    async with world(tmp_path, {"river": script}) as here:
        here.time.at = NOON + 400 * DAY
        await here.poller.poll_due()
        here.time.at = NOON
        documents["count"] = 2
        (polled,) = await here.poller.poll_due()
        assert polled.state.error is None
        assert NOON < (await here.state("river")).next_poll_at <= NOON + HOUR
        found = list(await here.store.latest(["river"], 10))
        assert len(found) == 2
        assert all(one.first_seen == NOON and one.published <= NOON >= one.updated for one in found)
        await here.pass_time(HOUR)
        assert len(here.log["river"]) > 4
        clock = (await here.state("river")).clock
        assert clock is not None
        assert clock.ahead == NOON + 400 * DAY


async def test_a_source_that_was_only_registered_by_such_a_clock_is_due(tmp_path):
    async with world(tmp_path, {"river": lambda *_: answer(200, rss().encode())}) as here:
        await here.store.register({"river": NOON + 10 * DAY}, (), NOON + 10 * DAY)
        assert await here.poller.take_due() == 1


async def test_a_running_worker_notices_that_its_clock_went_back(tmp_path):
    async with world(tmp_path, {"river": lambda *_: answer(200, rss().encode())}) as here:
        here.time.at = NOON + 20 * DAY
        await here.poller.poll_due()
        before = len(here.log["river"])
        here.time.at = NOON + MINUTE
        await here.poller.poll_due()
        assert len(here.log["river"]) == before + 1


async def test_where_more_is_due_than_there_is_room_for_it_goes_on_as_polls_end_and_not_at_the_next_tick():
    time, worker = Time(), Worker(waiting=3)
    ours = engine(worker, time, ClockWatch(time, elapsed=Elapsed()))
    began = asyncio.get_running_loop().time()
    await ours._take_due()
    assert worker.asked == ["take_due"] * 3
    assert asyncio.get_running_loop().time() >= began + 2 * embedded.CATCH_UP, "nor does it look all the time"


async def test_a_clock_that_is_found_not_to_be_set_takes_nothing_more():
    time, worker = Time(), Worker(waiting=3)
    ours = engine(worker, time, ClockWatch(time, earliest=NOON, elapsed=Elapsed()))

    async def take_due() -> None:
        await Worker.take_due(worker)
        time.at = NOON - 400 * DAY

    worker.take_due = take_due  # type: ignore[method-assign]
    await ours._take_due()
    assert worker.asked == ["take_due"]
