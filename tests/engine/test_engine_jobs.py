"""Several workers on one store: what one does for all is done once, and goes on when that one is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from aggregator.engine import jobs
from aggregator.engine.chores import Chores
from aggregator.engine.files import Folder
from aggregator.engine.housekeeping import Housekeeping
from aggregator.engine.indexing import Indexing
from aggregator.engine.jobs import LEASE, Jobs
from aggregator.engine.publisher import Publisher
from aggregator.engine.watch import IncidentWatch
from aggregator.errors import StoreError
from aggregator.model import Incident
from aggregator.pipeline import comparing
from aggregator.ports import Store
from aggregator.store import open_store
from tests.support.installation import item, rss
from tests.support.planet import Planet, planet
from tests.support.waiting import PATIENCE

MINUTE = timedelta(minutes=1)
OVER = timedelta(0)


class Leases:
    """Stands in for a store: who has which job is told, and what is asked is noted."""

    def __init__(self, *, free: bool = True) -> None:
        self.free = free
        self.broken = False
        self.asked: list[str] = []
        self._renewals = asyncio.Semaphore(0)

    async def renewed(self, times: int) -> None:
        """Until it was asked for so many renewals more."""
        for _ in range(times):
            await self._renewals.acquire()

    async def take_job(self, name: str, _: timedelta) -> bool:
        self.asked.append(f"take {name}")
        return self.free

    async def renew_job(self, name: str, _: timedelta) -> bool:
        self.asked.append(f"renew {name}")
        self._renewals.release()
        if self.broken:
            raise StoreError("the disk is full")
        return self.free


class Elapsed:
    """Seconds that passed."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


async def hold(held: Jobs) -> bool:
    async with held.holding("comparing") as ours:
        return ours


async def test_a_lease_is_written_once_for_half_its_time_however_often_the_job_is_done():
    leases, elapsed = Leases(), Elapsed()
    held = Jobs(leases, elapsed)
    for second in range(13):
        elapsed.at = float(second)
        assert await hold(held)
    assert leases.asked == ["take comparing"] * 3


async def test_a_job_that_another_has_is_asked_for_every_few_seconds():
    leases, elapsed = Leases(free=False), Elapsed()
    held = Jobs(leases, elapsed)
    for second in range(7):
        elapsed.at = float(second)
        assert not await hold(held)
    assert leases.asked == ["take comparing"] * 3
    leases.free, elapsed.at = True, 9.0
    assert await hold(held)


async def test_two_who_begin_at_once_in_one_process_ask_once():
    leases = Leases()
    held = Jobs(leases)
    assert await asyncio.gather(hold(held), hold(held)) == [True, True]
    assert leases.asked == ["take comparing"]


async def test_a_long_job_is_held_until_another_has_had_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "RENEWAL", 0.001)
    leases = Leases()
    held = Jobs(leases)
    with capture_logs() as logs:
        async with asyncio.timeout(PATIENCE), held.holding("comparing") as ours:
            assert ours
            leases.broken = True
            await leases.renewed(2)
            leases.broken = False
            await leases.renewed(2)
            leases.free = False
            await leases.renewed(1)
            await asyncio.sleep(0.01)
            assert not await hold(held), "nor is it begun again"
    assert {line["event"] for line in logs} == {"leases not renewed"}
    assert leases.asked.count("take comparing") == 2
    assert leases.asked[-2:] == ["renew comparing", "take comparing"], "it is renewed no more"


@asynccontextmanager
async def two(folder: Path, **fields: object) -> AsyncIterator[tuple[Planet, Store, Publisher]]:
    """A planet, whose publisher is one worker's; and the store and the publisher of another one."""
    async with planet(folder, **fields) as world:
        store = open_store(world.database)
        await store.open()
        try:
            yield (
                world,
                store,
                Publisher(lambda: world.catalogue, store, world, reader=world, folder=world.public),
            )
        finally:
            await store.close()


def feed(count: int) -> str:
    return rss(*(item(n) for n in range(count)))


async def test_of_two_workers_one_compares_and_publishes_and_the_other_skips_it(tmp_path: Path):
    async with two(tmp_path) as (world, _, other):
        assert await world.publisher.publish_outdated() == 1
        await world.poll("river", feed(3), publish=False)
        with capture_logs() as logs:
            found = await asyncio.gather(other.publish_outdated(), world.publisher.publish_outdated())
        assert found == [0, 1]
        assert [line["event"] for line in logs] == ["published"]
        document = await world.document("all")
        assert document is not None
        assert document.body.count(b"<entry>") == 3


async def test_the_other_worker_goes_on_when_the_first_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "RENEWAL", 0.0)
    async with two(tmp_path) as (world, _, other):
        await world.poll("river", feed(1))
        await world.poll("river", feed(2), publish=False)
        assert await other.publish_outdated() == 0
        for name in ("comparing", "publishing"):  # as if it was killed a lease's time ago
            await world.store.renew_job(name, OVER)
        assert await other.publish_outdated() == 1
        document = await world.document("all")
        assert document is not None
        assert document.body.count(b"<entry>") == 2


async def test_who_takes_over_writes_the_files_that_the_one_before_did_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(jobs, "RENEWAL", 0.0)
    public = tmp_path / "public"
    async with two(tmp_path, public=Folder(path=public)) as (world, _, other):
        await world.poll("river", feed(1))
        (public / "all.atom").unlink()  # killed after it published, before it wrote
        assert await other.publish_outdated() == 0
        assert not (public / "all.atom").exists()
        await world.store.leave_jobs()
        await other.publish_outdated()
        assert (public / "all.atom").exists()


async def test_what_is_being_compared_when_another_takes_over_is_left_to_that_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with two(tmp_path) as (world, store, other):
        await world.publisher.publish_outdated()
        await world.poll("river", feed(2), publish=False)
        real = comparing._place_alone

        async def frozen(*asked: object) -> frozenset[str]:
            monkeypatch.setattr(comparing, "_place_alone", real)
            await world.store.renew_job("comparing", OVER)
            assert await other.publish_outdated() == 0
            return await real(*asked)  # type: ignore[arg-type]

        monkeypatch.setattr(comparing, "_place_alone", frozen)
        with capture_logs() as logs:
            await world.publisher.publish_outdated()
        assert [line["event"] for line in logs] == ["not compared", "published"]
        assert await store.find_uncompared(5) == ()


async def test_a_command_waits_for_what_a_worker_publishes(tmp_path: Path):
    async with two(tmp_path) as (world, _, other):
        await world.publisher.publish_outdated()
        await world.poll("river", feed(2), publish=False)
        waiting = asyncio.create_task(other.publish_all())
        await asyncio.sleep(0)
        await world.publisher.publish_outdated()
        await waiting
        document = await world.document("all")
        assert document is not None
        assert document.body.count(b"<entry>") == 2


async def test_an_idle_worker_writes_nothing_for_its_jobs(tmp_path: Path):
    async with planet(tmp_path) as world:
        await world.poll("river", feed(2))
        other = open_store(world.database)
        await other.open()
        before = await other.commits()
        for _ in range(3):
            await world.publisher.publish_outdated()
        assert await other.commits() == before
        await other.close()


async def test_one_of_two_workers_does_the_chores(tmp_path: Path):
    async with two(tmp_path) as (world, store, _):
        done: list[str] = []
        one, other = (
            make_chores(own, world, name, done) for own, name in ((world.store, "one"), (store, "other"))
        )
        for _ in range(2):
            for chores in (one, other):
                await chores.look()
                await chores.keep_house()
        assert done == ["one looks", "one keeps house", "one looks", "one holds the ceiling"]
        one.owe()
        await one.keep_house()
        await world.store.leave_jobs()
        other._jobs._known.clear()  # a minute later
        await other.keep_house()
        assert done[4:] == ["one keeps house", "other keeps house"]


def make_chores(store: Store, world: Planet, name: str, done: list[str]) -> Chores:
    """Chores that tell when they are done."""

    class House(Housekeeping):
        async def run(self, *, sure: bool = True) -> None:
            done.append(f"{name} keeps house" if sure else "nothing")

        async def hold_ceiling(self) -> None:
            done.append(f"{name} holds the ceiling")

    class Watch(IncidentWatch):
        async def look(self) -> tuple[Incident, ...]:
            done.append(f"{name} looks")
            return await super().look()

    watch = Watch(lambda: world.catalogue, store, world)
    own = Jobs(store)
    return Chores(House(store, world, retain=None), watch, Indexing(store, own), own)


def test_a_killed_worker_is_missed_for_a_quarter_of_a_minute():
    assert LEASE.total_seconds() + jobs.RENEWAL <= 15
