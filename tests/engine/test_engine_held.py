"""A source that another process holds, when somebody asks for it by name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from aggregator.engine import held as holding
from aggregator.engine import poller
from aggregator.engine.held import Held
from aggregator.engine.poller import Poller
from aggregator.model import SourceState
from aggregator.pipeline.refresh import Services, refresh
from aggregator.schedule import Pace
from aggregator.store import open_store
from tests.pipeline.test_pipeline_comparing import report
from tests.support.planet import LEASE, MINUTE, Planet, planet
from tests.support.waiting import PATIENCE


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poller, "_LOOK_AGAIN", 0.01)


@asynccontextmanager
async def held(folder: Path) -> AsyncIterator[tuple[Planet, SourceState, Services]]:
    """A planet whose only source another process has just begun to poll; and what that works with."""
    async with planet(folder) as here:
        here.bodies["river"] = report("river").encode()
        other = open_store(here.database)
        await other.open()
        try:
            (state,) = await other.claim(["river"], here.at, LEASE)
            yield here, state, services(here, other)
        finally:
            await other.close()


def services(here: Planet, store: object) -> Services:
    return Services(fetcher=here, reader=here, store=store, clock=here, pace=Pace())


async def poll_by_name(here: Planet) -> list[str]:
    ours = Poller(lambda: here.catalogue, services(here, here.store), concurrency=2)
    try:
        return [one.source.id for one in await ours.poll(["river"])]
    finally:
        await ours.stop()


async def poll_until_refused(here: Planet, monkeypatch: pytest.MonkeyPatch) -> asyncio.Task[list[str]]:
    """One who polls by name, waits for what the other process holds, and goes on."""
    refused, claim = asyncio.Event(), here.store.claim

    async def claimed(*given: Any, **named: Any) -> Any:
        found = await claim(*given, **named)
        refused.set()
        return found

    monkeypatch.setattr(here.store, "claim", claimed)
    polling = asyncio.create_task(poll_by_name(here))
    await refused.wait()
    return polling


async def test_what_was_killed_is_polled_as_soon_as_its_lease_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with held(tmp_path) as (here, _, _):
        polling = await poll_until_refused(here, monkeypatch)
        assert not polling.done()
        here.at += LEASE + MINUTE
        assert await asyncio.wait_for(polling, PATIENCE) == ["river"]


async def test_what_the_other_process_polls_itself_is_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with held(tmp_path) as (here, state, other):
        polling = await poll_until_refused(here, monkeypatch)
        here.at += timedelta(seconds=1)
        await refresh(here.catalogue.sources[0], state, here.catalogue, other)
        assert await asyncio.wait_for(polling, PATIENCE) == []


@asynccontextmanager
async def woken(here: Planet, store: object) -> AsyncIterator[Poller]:
    """A worker on the machine of `here`, which is asleep until now: all leases are over."""
    ours = Poller(lambda: here.catalogue, services(here, store), concurrency=2)
    try:
        yield ours
    finally:
        await ours.stop()


async def test_when_a_machine_wakes_its_workers_hold_what_they_poll_before_any_claims_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(poller, "_REST", PATIENCE)
    asked = asyncio.Event()

    async def never(*_: object) -> None:
        asked.set()
        await asyncio.Event().wait()

    async with planet(tmp_path) as here:
        monkeypatch.setattr(here, "fetch", never)
        other = open_store(here.database)
        await other.open()
        async with woken(here, here.store) as first, woken(here, other) as second:
            here.at += MINUTE
            assert await first.take_due() == 1
            await asked.wait()
            here.at += 600 * MINUTE
            assert await first.take_due() == 0, "it polls it still"
            await second.wake()
            assert await second.take_due() == 0, "whoever polls it may not have woken yet"
            await first.wake()
            second._rest_until = asyncio.get_running_loop().time()  # it is over
            assert await second.take_due() == 0, "it is held again"
            here.at += 600 * MINUTE
            await second.wake()
            assert await second.take_due() == 1, "a clock that is set all the time stops nothing"
        await other.close()


async def test_what_is_still_held_after_a_leases_time_is_left_to_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(poller, "LEASE", timedelta(seconds=0.1))
    monkeypatch.setattr(poller, "RENEWAL", 0.1)
    async with held(tmp_path) as (here, _, _):
        assert await asyncio.wait_for(poll_by_name(here), PATIENCE) == []


class Leases:
    """A store that says which leases still are ours."""

    def __init__(self, *ours: str) -> None:
        self.ours = frozenset(ours)
        self.asked = 0

    async def renew(self, *_: object) -> frozenset[str]:
        self.asked += 1
        return self.ours


async def test_who_could_not_renew_for_a_leases_time_asks_nobody_for_what_is_another_s_by_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    store: Any = Leases("river")
    async with planet(tmp_path) as here:
        polls, asked, go = Held[str | None](store, here), list[str](), asyncio.Event()

        async def poll(name: str) -> str | None:
            try:
                await go.wait()
                await polls.confirm()
                asked.append(name)
            except asyncio.CancelledError:
                return None if polls.is_lost(name) else "ended"
            return name

        for name in ("river", "lake"):
            polls.start(name, poll(name))
        await polls.confirm()
        assert store.asked == 0, "it was claimed just now"
        monkeypatch.setattr(holding, "_SURE", 0.0)
        go.set()
        assert {*await polls.finish()} == {"river", None}
        assert asked == ["river"]
        polls.start("lake", poll("lake"))
        monkeypatch.setattr(holding, "_SURE", PATIENCE)
        assert await polls.finish() == ["lake"], "it has it again"
        await polls.stop()


async def test_a_poll_whose_lease_is_another_s_is_given_up_and_told_and_commands_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(holding, "_SURE", 0.0)
    async with planet(tmp_path) as here:
        store: Any = here.store
        monkeypatch.setattr(store, "renew", Leases().renew)
        ours: Poller

        async def ask(*_: object) -> None:
            await ours._held.confirm()
            raise AssertionError

        monkeypatch.setattr(here, "fetch", ask)
        ours = Poller(lambda: here.catalogue, services(here, store), concurrency=2)
        with capture_logs() as logs:
            assert await ours.poll(["river"]) == ()
        assert [one["event"] for one in logs if one["log_level"] == "warning"] == ["given up"]
        await ours.stop()
