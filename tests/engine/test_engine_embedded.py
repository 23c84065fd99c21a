"""The worker as a whole, within this event loop: started, ticking, told to stop, started again."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from aggregator import app
from aggregator.catalogue import apart, live
from aggregator.cli import serve
from aggregator.engine import embedded, poller
from aggregator.engine.clockwatch import ClockWatch
from aggregator.errors import StoreError
from aggregator.fetch import resolver
from aggregator.ports import Store
from tests.support.client import http_client
from tests.support.commands import Commands
from tests.support.installation import SETTINGS, item, rss
from tests.support.loopback import Asked, Loopback, answer, serving
from tests.support.planet import HOUR
from tests.support.waiting import until

FAST = timedelta(seconds=0.02)
TICKS = 5
"""After so many ticks what was to happen has happened."""


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ticks come fifty times a second, and edits are seen at once."""
    monkeypatch.setattr(embedded, "TICK", FAST)
    monkeypatch.setattr(embedded, "LOOK", FAST)
    monkeypatch.setattr(poller, "_REST", 0.0)
    monkeypatch.setattr(live, "_LOOK_AGAIN", FAST.total_seconds())

    async def at_once(*given: Any) -> apart.Understood:
        return apart.understand(*given)

    monkeypatch.setattr(live, "understand_apart", at_once)


@dataclass
class Stepped:
    """A clock that goes on when it is told to, as time passes; or is set."""

    at: datetime = field(default=app.RELEASED + HOUR)
    wrong: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.at + self.wrong

    def elapsed(self) -> float:
        """Seconds that passed."""
        return self.at.timestamp()


@dataclass
class Worker:
    """A running worker, and what it has done."""

    store: Store
    clock: Stepped
    ticks: list[str] = field(default_factory=list)

    async def tick(self, count: int = TICKS) -> None:
        """Wait until an edit is in force, and both jobs ran so many times more."""
        for job in ("look", "take_due", "publish_outdated"):
            wanted = self.ticks.count(job) + count
            await until(lambda job=job, wanted=wanted: self.ticks.count(job) >= wanted)  # type: ignore[misc]

    async def items(self) -> list[str | None]:
        await self.tick()
        return sorted(one.entry.title for one in await self.store.latest(["river", "lake"], 99))


@asynccontextmanager
async def working(ours: Commands, clock: Stepped) -> AsyncIterator[Worker]:
    """A worker in the installation until the block ends; then it must end too."""
    with ours.inside():
        application = replace(app.load(ours.folder / "feeds.yaml"), clock=clock)
        async with AsyncExitStack() as life, application.store() as store, application.engine(store) as engine:
            worker = Worker(store=store, clock=clock)
            engine._watch = ClockWatch(clock, earliest=app.RELEASED, elapsed=clock.elapsed)
            jobs = (engine._poller, "take_due"), (engine._publisher, "publish_outdated")
            for part, name in ((application.catalogue, "look"), *jobs):
                _count(part, name, worker.ticks)
            await life.enter_async_context(application.following())
            stop = asyncio.Event()
            running = asyncio.create_task(engine.run(stop))
            try:
                yield worker
                stop.set()
                await asyncio.wait_for(running, 300)
            finally:
                running.cancel()


def _count(part: object, name: str, ticks: list[str]) -> None:
    """Have a job of the engine note that it ran."""
    real = getattr(part, name)

    async def counted() -> object:
        done = await real()
        ticks.append(name)
        return done

    setattr(part, name, counted)


def feed(*numbers: int) -> bytes:
    return answer(200, rss(*(item(number) for number in numbers)).encode(), content_type="application/rss+xml")


def river(folder: Path, server: Loopback, settings: str = SETTINGS) -> Commands:
    return Commands.at(folder, f"sources:\n  river: {server.url('/feed')}\n", settings)


async def test_what_a_poll_brings_is_published_without_waiting_for_a_tick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(embedded, "TICK", timedelta(hours=1))
    async with serving({"/feed": feed(1)}) as server, working(river(tmp_path, server), Stepped()) as worker:
        await until(lambda: "publish_outdated" in worker.ticks)
        await until(lambda: worker.ticks.count("publish_outdated") > 1)
        found = await worker.store.document("all", "atom")
        assert found is not None
        assert b"Report 1" in found.body
        assert worker.ticks.count("take_due") == 1


async def test_a_restart_polls_nothing_that_is_not_due_and_sends_the_same_bytes(tmp_path: Path):
    clock = Stepped()
    async with serving({"/feed": feed(1)}) as server:
        ours = river(tmp_path, server)
        async with working(ours, clock) as worker:
            assert await worker.items() == ["Report 1"]
            before = await worker.store.document("all", "atom")
            due = (await worker.store.states())["river"].next_poll_at
        async with working(ours, clock) as worker:
            await worker.tick()
            assert await worker.store.document("all", "atom") == before is not None
            assert (await worker.store.states())["river"].next_poll_at == due
        assert len(server.asked) == 1
        server.replies["/feed"] = feed(1, 2)
        clock.at = due
        async with working(ours, clock) as worker:
            assert await worker.items() == ["Report 1", "Report 2"]
            after = await worker.store.document("all", "atom")
        assert after is not None
        assert b"Report 2" in after.body


async def test_an_edit_of_feeds_yaml_is_taken_over_and_a_mistake_in_it_changes_nothing(tmp_path: Path):
    async with serving({"/feed": feed(1), "/lake": feed(2)}) as server:
        ours = river(tmp_path, server)
        feeds = tmp_path / "feeds.yaml"
        good = feeds.read_text()
        with capture_logs() as logs:
            async with working(ours, Stepped()) as worker:
                assert await worker.items() == ["Report 1"]
                feeds.write_text("sources: [")
                await worker.tick()
                feeds.unlink()
                assert await worker.items() == ["Report 1"]
                feeds.write_text(f"{good}  lake: {server.url('/lake')}\n")
                await worker.tick()
                worker.clock.at += HOUR  # the start of a new source is spread within its first interval
                assert await worker.items() == ["Report 1", "Report 2"]
    mistakes = [line["mistakes"] for line in logs if line["event"] == "mistakes"]
    assert len(mistakes) == 2, "each said once"
    assert "feeds.yaml:1" in mistakes[0]


async def test_a_poll_that_is_under_way_when_the_worker_ends_is_given_up_and_due_at_once(tmp_path: Path):
    asked = asyncio.Event()

    async def hang(_: Asked, __: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.Event().wait()

    async with serving({"/feed": hang}) as server:
        ours = river(tmp_path, server, SETTINGS.replace("timeout: 5m", "timeout: 1h"))
        async with working(ours, Stepped()):
            await asyncio.wait_for(asked.wait(), 300)
        server.replies["/feed"] = feed(1)
        async with working(ours, Stepped()) as worker:
            assert await worker.items() == ["Report 1"]


async def test_a_store_that_fails_for_a_while_is_told_and_the_next_tick_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with serving({"/feed": feed(1)}) as server:
        ours = river(tmp_path, server)
        with capture_logs() as logs:
            async with working(ours, Stepped()) as worker:
                full = asyncio.Event()

                async def refused(*_: object, **__: object) -> None:
                    full.set()
                    raise StoreError("the disk is full")

                with monkeypatch.context() as patched:
                    patched.setattr(worker.store, "claim_due", refused)
                    await asyncio.wait_for(full.wait(), 300)
                await worker.tick()
                worker.clock.at += HOUR
                assert await worker.items() == ["Report 1"]
    assert {"event": "store", "error": "the disk is full", "log_level": "error"} in logs


async def test_a_worker_whose_database_a_later_version_has_upgraded_says_so_once_and_does_no_more(tmp_path: Path):
    clock = Stepped()
    async with serving({"/feed": feed(1)}) as server:
        with capture_logs() as logs:
            async with working(river(tmp_path, server), clock) as worker:
                assert await worker.items() == ["Report 1"]
                with closing(sqlite3.connect(tmp_path / "data" / "aggregator.db", isolation_level=None)) as later:
                    later.execute("UPDATE alembic_version SET version_num = '9999'")
                clock.at += 24 * HOUR
                await until(lambda: any(one["event"] == "rests" for one in logs))
                await asyncio.sleep(TICKS * FAST.total_seconds())
        told = [one for one in logs if one["log_level"] == "error"]
    assert len(server.asked) == 1
    assert len(told) == 1
    assert "written by a newer version" in told[0]["error"]


async def test_a_clock_that_is_set_far_ahead_lets_the_worker_go_on_and_let_go_of_nothing(tmp_path: Path):
    async with serving({"/feed": feed(1, 2)}) as server:
        ours = river(tmp_path, server, f"{SETTINGS}store: {{ retain: 2d }}\n")
        with capture_logs() as logs:
            async with working(ours, Stepped()) as worker:
                assert len(await worker.items()) == 2
                server.replies["/feed"] = feed(2)
                worker.clock.at += 24 * HOUR
                await worker.tick()
                worker.clock.wrong += 365 * 24 * HOUR
                await until(lambda: any(line["event"] == "clock was set" for line in logs))
                assert len(await worker.items()) == 2
                await until(lambda: any(line["event"] == "nothing is let go of" for line in logs))


async def test_a_start_without_a_network_costs_nothing_and_news_come_soon_after_it_is_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    is_up = False

    def look_up(*_: object, **__: object) -> list[tuple[object, ...]]:
        if not is_up:
            raise socket.gaierror(socket.EAI_AGAIN, "no name server")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]

    async with serving({"/feed": feed(1)}) as server:
        url = server.url("/feed", "river.example")
        ours = Commands.at(tmp_path, f"sources:\n  river: {{ url: '{url}', every: 6h }}\n", SETTINGS)
        async with working(ours, Stepped()) as worker:
            monkeypatch.setattr(resolver.socket, "getaddrinfo", look_up)
            for _ in range(10):
                await worker.tick()
                worker.clock.at += timedelta(seconds=40)
            state = (await worker.store.states())["river"]
            assert (state.trouble, state.failures) == ("dns", 0)
            assert state.polls > 5
            is_up = True
            await worker.tick()
            worker.clock.at += timedelta(seconds=40)
            assert await worker.items() == ["Report 1"]


async def test_a_resolver_that_is_gone_for_hours_while_we_run_costs_no_source_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    is_up = True

    def look_up(*_: object, **__: object) -> list[tuple[object, ...]]:
        if not is_up:
            raise socket.gaierror(socket.EAI_AGAIN, "no name server")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]

    names = ["a", "b", "c"]
    monkeypatch.setattr(resolver.socket, "getaddrinfo", look_up)
    async with serving({f"/{name}": feed(number) for number, name in enumerate(names)}) as server:
        lines = (
            f"  {name}: {{ url: '{server.url(f'/{name}', f'{name}.example')}', every: 1h, max_every: 1h }}\n"
            for name in names
        )
        ours = Commands.at(tmp_path, f"sources:\n{''.join(lines)}", SETTINGS)
        async with working(ours, Stepped()) as worker:
            for _ in range(14):  # first polls are spread within the first interval
                worker.clock.at += timedelta(minutes=5)
                await worker.tick(2)
            assert {one.trouble for one in (await worker.store.states()).values()} == {None}
            is_up, met = False, set()
            for _ in range(36):
                worker.clock.at += timedelta(minutes=5)
                await worker.tick(2)
                states = await worker.store.states()
                met |= {one.source_id for one in states.values() if one.trouble == "dns"}
                assert {one.failures for one in states.values()} == {0}
            assert met == set(names)
            is_up = True
            worker.clock.at += timedelta(minutes=12)
            await worker.tick()
            assert {one.trouble for one in (await worker.store.states()).values()} == {None}


@asynccontextmanager
async def process(ours: Commands, number: signal.Signals, *, worker: bool) -> AsyncIterator[None]:
    """What `aggregator run` or `aggregator web` does, until the block ends; then it is told to end by a signal."""
    with ours.inside():
        application = app.load(ours.folder / "feeds.yaml")
        running = asyncio.create_task(serve._run(application, worker=worker, web=True))
        try:
            yield
            os.kill(os.getpid(), number)
            await asyncio.wait_for(running, 300)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def address(capsys: pytest.CaptureFixture[str]) -> str:
    """Where the web says that it serves."""
    found: list[str] = []

    def told() -> bool:
        found.extend(re.findall(r"(http://127\S+)/", capsys.readouterr().out))
        return bool(found)

    await until(told)
    return found[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_worker_and_web_in_one_process_serve_what_was_polled_and_end_at_a_signal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], number: signal.Signals
):
    async with serving({"/feed": feed(1)}) as server:
        ours = replace(river(tmp_path, server), port=0)
        async with process(ours, number, worker=True), http_client() as client:
            served = await address(capsys)
            while "Report 1" not in (await client.get(f"{served}/all.atom")).text:  # noqa: ASYNC110
                await asyncio.sleep(0.02)


async def test_the_web_process_alone_polls_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    async with serving({"/feed": feed(1)}) as server:
        ours = replace(river(tmp_path, server), port=0)
        async with process(ours, signal.SIGTERM, worker=False), http_client() as client:
            assert (await client.get(f"{await address(capsys)}/healthz")).status_code == 200
        assert server.asked == []
