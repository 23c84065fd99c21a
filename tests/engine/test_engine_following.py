"""Lists elsewhere are asked for politely by one worker, and all processes see within seconds what they name."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from structlog.testing import capture_logs

from aggregator import app, catalogue
from aggregator.catalogue import LiveCatalogue
from aggregator.catalogue.membership import with_lists
from aggregator.engine.following import AGAIN, DAY, ListFollower
from aggregator.engine.in_force import is_in_force
from aggregator.engine.poller import Poller
from aggregator.errors import StoreError
from aggregator.model import (
    CatalogueStanding,
    Fetched,
    FetchResult,
    ListMember,
    ListState,
    Source,
    Throttled,
    Unchanged,
    Validators,
)
from aggregator.pipeline import reading
from aggregator.ports import Store
from aggregator.text.sites import host_of
from tests.support.commands import Commands
from tests.support.inprocess import InProcess
from tests.support.nouns import NOON
from tests.support.publisher import publishing
from tests.support.waiting import until

FEEDS = "lists:\n  planet: https://p.example/list.opml\n"


def opml(*names: str) -> Fetched:
    feeds = "".join(f"<outline text='{name}' xmlUrl='https://{name}.example/feed'/>" for name in names)
    body = f"<opml version='2.0'><body>{feeds}</body></opml>".encode()
    return Fetched(
        url="https://p.example/list.opml",
        status=200,
        body=body,
        body_hash="",
        content_type="text/xml",
        content_location="https://p.example/list.opml",
        validators=Validators(etag=f'"{"".join(names)}"'),
    )


@dataclass
class Worker(InProcess):
    """Asks for lists by a catalogue, a clock and answers that a test gives."""

    store: Store
    live: LiveCatalogue
    answer: FetchResult = field(default_factory=opml)
    asked: list[Validators] = field(default_factory=list)
    time = NOON

    def now(self):
        return self.time

    async def fetch(self, source: Source, validators: Validators, wanted: str = "source") -> FetchResult:  # noqa: ARG002
        self.asked.append(validators)
        return self.answer

    @property
    def catalogue(self):
        return self.live()

    @property
    def services(self):
        return SimpleNamespace(store=self.store, clock=self, fetcher=self, reader=self)

    async def look(self, answer: FetchResult, after: timedelta = timedelta(0)) -> ListState:
        self.answer, self.time = answer, self.time + after
        await ListFollower(cast("Poller", self)).look()
        await self.live.look_at_lists()
        return (await self.store.followed_lists()).states["planet"]


@asynccontextmanager
async def worker(folder: Path, feeds: str = FEEDS) -> AsyncIterator[Worker]:
    ours = Commands.at(folder, feeds)
    with ours.inside():
        application = app.load(ours.folder / "feeds.yaml")
        async with application.store() as store:
            yield Worker(store=store, live=application.catalogue)


def names(here: Worker) -> list[str]:
    return [source.id for source in here.live().sources]


def test_a_list_elsewhere_may_name_its_feeds_as_readers_do_and_no_page_or_list_is_one():
    outlines = "<outline text='A' url='feed://a.example/x'/><outline htmlUrl='https://b.example/'/>"
    answer = replace(
        opml(), body=f"<opml><body>{outlines}<outline type='include' url='c'/></body></opml>".encode()
    )
    assert reading.list_feeds(answer) == (ListMember(url="https://a.example/x", title="A"),)


async def test_a_list_is_asked_each_day_conditionally_and_after_trouble_within_hours(tmp_path: Path):
    async with worker(tmp_path) as here:
        await here.look(opml("a", "b"))
        assert names(here) == ["planet-a", "planet-b"]
        await here.look(opml("a", "b"), DAY - timedelta(seconds=1))
        assert len(here.asked) == 1
        await here.look(Unchanged(url="", validators=Validators()), timedelta(seconds=1))
        assert [one.etag for one in here.asked] == [None, '"ab"']
        busy = Throttled(status=429, retry_at=here.time + 3 * DAY, message="Too many requests.")
        state = await here.look(busy, DAY)
        assert (state.next_check_at, state.error) == (here.time + 2 * DAY, "Too many requests.")
        state = await here.look(replace(busy, retry_at=None), 2 * DAY)
        assert state.next_check_at == here.time + AGAIN
        assert names(here) == ["planet-a", "planet-b"]
        assert (await here.look(opml("a", "b"), AGAIN)).error == ""


async def test_what_is_held_is_asked_unconditionally_and_told_once(tmp_path: Path):
    async with worker(tmp_path) as here:
        await here.look(opml("a", "b"))
        with capture_logs() as logs:
            for _ in range(7):
                await here.look(opml("a"), DAY)
            assert names(here) == ["planet-a", "planet-b"]
            await here.look(opml("a"), DAY)
        assert names(here) == ["planet-a"]
        assert [one["event"] for one in logs] == ["held", "followed"]
        assert [one.etag for one in here.asked[1:]] == ['"ab"', *[None] * 7]


async def test_another_address_of_a_list_is_asked_at_once_without_the_validators_of_the_old_one(tmp_path: Path):
    async with worker(tmp_path) as here:
        await here.look(opml("a", "b"))
        other = FEEDS.replace("list.opml", "other.opml")
        (tmp_path / "feeds.yaml").write_text(other, encoding="utf-8")
        here.live._current = catalogue.load(tmp_path / "feeds.yaml", os.environ)
        await here.look(opml("b"))
        assert here.asked[1] == Validators()
        assert names(here) == ["planet-b"], "its editor knows what it names"


async def test_what_a_list_names_is_taken_over_in_seconds_and_is_one_object_until_it_changes(tmp_path: Path):
    async with worker(tmp_path) as here:
        others = LiveCatalogue(tmp_path / "feeds.yaml", catalogue.load(tmp_path / "feeds.yaml", {}), {}, 1000)
        await others.join(here.store)
        before = others()
        assert before is others()
        await here.look(opml("a"))
        await others.look()
        assert [source.id for source in others().sources] == ["planet-a"]
        assert others() is others()


async def test_nobody_works_by_what_a_list_named_before_where_machines_share_a_database(tmp_path: Path):
    async with worker(tmp_path) as here:
        await here.store.keep_catalogue(b"# 1", NOON)
        base = replace(catalogue.load(tmp_path / "feeds.yaml", {}), standing=CatalogueStanding(version=1))
        await here.look(opml("a"))
        known = await here.store.followed_lists()
        assert await is_in_force(with_lists(base, known), here.store)
        await here.look(opml("a", "b"), DAY)
        assert not await is_in_force(with_lists(base, known), here.store)


async def test_a_running_worker_polls_what_a_list_names(tmp_path: Path):
    with publishing() as publisher:
        outline = f"<outline text='River' xmlUrl='{publisher.put('/feed', '<rss/>')}'/>"
        where = publisher.put("/list.opml", f"<opml version='2.0'><body>{outline}</body></opml>")
        ours = Commands.at(tmp_path, f"lists: {{ planet: '{where}' }}\n")
        with ours.inside():
            application = app.load(ours.folder / "feeds.yaml")
            async with application.store() as store, application.engine(store) as engine, application.following():
                stop = asyncio.Event()
                running = asyncio.create_task(engine.run(stop))
                await until(lambda: publisher.asked("/feed"))
                stop.set()
                await running


async def test_a_store_that_fails_keeps_the_lists_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async with worker(tmp_path) as here:
        await here.look(opml("a"))

        async def fail() -> int:
            raise StoreError("The database is locked.")

        monkeypatch.setattr(here.store, "lists_version", fail)
        await here.live.look()
        assert names(here) == ["planet-a"]


async def test_a_list_of_a_host_that_asked_not_to_be_read_is_not_asked_and_what_it_named_stays(tmp_path: Path):
    async with worker(tmp_path) as here:
        await here.look(opml())
        known, asked = names(here), len(here.asked)
        (host,) = {host_of(one.source.location) for one in here.live().lists}
        (tmp_path / "feeds.yaml").write_text(f"opt_out: [{host}]\n{FEEDS}")
        await here.live.look()
        await here.look(opml(), after=timedelta(days=9))
        assert (names(here), len(here.asked)) == (known, asked)
        assert not ListFollower(cast("Poller", here)).are_there
