"""Days of polling in seconds: the real poller, store and fetcher against scripted servers; only the clock is ours.

Each server listens on a loopback address of its own, so that each is a host of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from aggregator.engine.poller import Poller
from aggregator.fetch import FetchOptions, SourceFetcher
from aggregator.model import Catalogue, Publication, Site, Source
from aggregator.pipeline.refresh import Services
from aggregator.ports import Store
from aggregator.schedule import Pace
from tests.support import databases
from tests.support.fetching import LOOPBACK
from tests.support.inprocess import InProcess
from tests.support.installation import item, rss
from tests.support.loopback import Asked, answer, moved, serving
from tests.support.nouns import NOON

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass
class Time:
    """The logical clock."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


@dataclass
class World:
    """An aggregator and the servers it polls."""

    poller: Poller
    store: Store
    time: Time
    log: dict[str, list[tuple[datetime, Asked]]] = field(default_factory=dict)

    async def pass_time(self, span: timedelta, step: timedelta = 10 * MINUTE) -> None:
        """Let time pass, polling whatever is due at each step."""
        end = self.time.at + span
        while self.time.at < end:
            self.time.at += step
            await self.poller.poll_due()

    async def state(self, source_id: str):
        return (await self.store.states())[source_id]


Scripts = dict[str, Callable[[datetime, Asked], bytes]]


@asynccontextmanager
async def world(folder: Path, scripts: Scripts, **fields) -> AsyncIterator[World]:
    """One server per script, each a source that is polled every ten minutes."""
    time = Time()
    log: dict[str, list[tuple[datetime, Asked]]] = {name: [] for name in scripts}
    async with AsyncExitStack() as stack:
        sources = []
        for number, (name, script) in enumerate(scripts.items(), start=2):
            here = await stack.enter_async_context(serving(host=f"127.0.0.{number}"))

            async def talk(asked: Asked, writer: asyncio.StreamWriter, name=name, script=script) -> None:
                log[name].append((time.now(), asked))
                writer.write(script(time.now(), asked))
                await writer.drain()

            here.replies = Everything(talk)
            settings = {"every": 10 * MINUTE, "max_every": 10 * MINUTE} | fields
            url = here.url("/feed")
            sources.append(Source(id=name, kind="feed", location=url, url=url, **settings))
        catalogue = Catalogue(
            site=Site(title="Planet", link=None, contact=None),
            sources=tuple(sources),
            publications=(Publication(id="all", title="Planet"),),
        )
        store = await stack.enter_async_context(databases.opened(folder / "days.db"))
        options = FetchOptions(allow_networks=LOOPBACK, host_gap=timedelta(0))
        fetcher = await stack.enter_async_context(SourceFetcher(options, time))
        services = Services(fetcher=fetcher, reader=InProcess(), store=store, clock=time, pace=Pace())
        poller = Poller(lambda: catalogue, services, concurrency=8)
        yield World(poller=poller, store=store, time=time, log=log)


class Everything(dict):
    """One reply to every target."""

    def __init__(self, reply) -> None:
        super().__init__()
        self._reply = reply

    def get(self, _target, _default=None):
        return self._reply


FEED = rss(item(1)).encode()


def steady(_: datetime, asked: Asked) -> bytes:
    """A good server: validators, 304."""
    if asked.fields.get("if-none-match") == '"1"':
        return answer(304, etag='"1"')
    return answer(200, FEED, etag='"1"', content_type="application/rss+xml")


def times(world: World, name: str) -> list[datetime]:
    return [moment for moment, _ in world.log[name]]


async def test_a_month_costs_a_good_server_one_unconditional_request_and_no_burst(tmp_path: Path):
    async with world(tmp_path, {"good": steady}, every=HOUR, max_every=HOUR) as here:
        await here.pass_time(30 * DAY, step=20 * MINUTE)
    asked = here.log["good"]
    assert [index for index, (_, one) in enumerate(asked) if "if-none-match" not in one.fields] == [0]
    assert 500 <= len(asked) <= 720
    moments = times(here, "good")
    assert min(later - earlier for earlier, later in pairwise(moments)) >= HOUR
    assert not any({"cookie", "referer"} & one.fields.keys() for _, one in asked)


async def test_max_age_is_obeyed_for_a_day(tmp_path: Path):
    def slow(_now: datetime, _asked: Asked) -> bytes:
        return answer(200, FEED, cache_control="max-age=14400", content_type="application/rss+xml")

    async with world(tmp_path, {"slow": slow, "good": steady}) as here:
        await here.pass_time(DAY)
    assert len(here.log["slow"]) <= 6
    assert len(here.log["good"]) >= 70


async def test_retry_after_is_kept_to_and_other_hosts_are_polled_meanwhile(tmp_path: Path):
    def busy(now: datetime, asked: Asked) -> bytes:
        if now < NOON + 2 * HOUR:
            return answer(429, retry_after="7200")
        return steady(now, asked)

    async with world(tmp_path, {"busy": busy, "good": steady}) as here:
        await here.pass_time(6 * HOUR)
        state = await here.state("busy")
    first, second = times(here, "busy")[:2]
    assert second - first >= 2 * HOUR
    assert (state.status, state.failures) == ("ok", 0)
    assert len(here.log["good"]) >= 15


async def test_failures_are_asked_ever_more_rarely_but_never_given_up(tmp_path: Path):
    def broken(_now: datetime, _asked: Asked) -> bytes:
        return answer(500)

    async with world(tmp_path, {"broken": broken, "good": steady}) as here:
        await here.pass_time(10 * DAY, step=30 * MINUTE)
    moments = times(here, "broken")
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert 8 <= len(moments) <= 25
    assert gaps[0] < 2 * HOUR < 20 * HOUR < gaps[-1] <= 28 * HOUR


async def test_gone_for_good_is_asked_once_a_month_and_the_editor_is_told(tmp_path: Path):
    def gone(_now: datetime, _asked: Asked) -> bytes:
        return answer(410)

    async with world(tmp_path, {"gone": gone, "good": steady}, every=HOUR, max_every=HOUR) as here:
        await here.pass_time(3 * DAY, step=HOUR)
        retired = len(here.log["gone"])
        await here.pass_time(20 * DAY, step=HOUR)
        state = await here.state("gone")
    assert len(here.log["gone"]) == retired
    assert state.next_poll_reason.startswith("retired: gone (410)")
    assert "Remove it" in state.notice


async def test_a_permanent_redirect_is_taken_over_after_days_and_a_temporary_one_never(tmp_path: Path):
    async with serving(host="127.0.0.99") as new:
        new.replies = {"/feed": answer(200, FEED, etag='"9"', content_type="application/rss+xml")}
        scripts = {
            "moved": lambda _now, _asked: moved(301, new.url("/feed")),
            "away": lambda _now, _asked: moved(302, new.url("/feed")),
        }
        async with world(tmp_path, scripts, every=HOUR, max_every=HOUR) as here:
            await here.pass_time(5 * DAY, step=HOUR)
            state = await here.state("moved")
            temporary = await here.state("away")
        assert_quiet_after(here, "moved", NOON + 3 * DAY)
        assert times(here, "away")[-1] > NOON + 4 * DAY
        assert new.url("/feed") in state.notice
        assert temporary.notice is None


def assert_quiet_after(here: World, name: str, moment: datetime) -> None:
    """The old address is not asked any more."""
    assert times(here, name)
    assert times(here, name)[-1] < moment


async def test_an_outage_of_our_own_costs_no_source_its_place(tmp_path: Path):
    down = False

    def flaky(now: datetime, asked: Asked) -> bytes:
        return b"" if down else steady(now, asked)

    async with world(tmp_path, dict.fromkeys(("a", "b", "c", "d", "e"), flaky)) as here:
        await here.pass_time(2 * HOUR)
        down = True
        await here.pass_time(12 * HOUR)
        states = await here.store.states()
        assert all(state.status == "error" for state in states.values())
        assert all(state.failures <= 1 for state in states.values())
        down = False
        await here.pass_time(HOUR)
        states = await here.store.states()
    assert all((state.status, state.failures) == ("ok", 0) for state in states.values())


async def test_a_page_leads_to_the_feed_that_it_names(tmp_path: Path):
    page = b"<!doctype html><title>River</title><link rel=alternate type=application/rss+xml href=/news.rss>"

    def site(_now: datetime, asked: Asked) -> bytes:
        if asked.target == "/news.rss":
            return answer(200, FEED, etag='"5"', content_type="application/rss+xml")
        return answer(200, page, content_type="text/html")

    async with world(tmp_path, {"site": site}, every=HOUR, max_every=HOUR) as here:
        await here.pass_time(DAY, step=HOUR)
        state = await here.state("site")
    targets = [asked.target for _, asked in here.log["site"]]
    assert targets.count("/feed") == 1
    assert set(targets[1:]) == {"/news.rss"}
    assert (state.status, state.items) == ("ok", 1)
