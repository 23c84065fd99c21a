"""The watch over an installation: what it notes in the store, and what a reader of /status.atom sees of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from structlog.testing import capture_logs

from aggregator import catalogue
from aggregator.engine.found_feeds import FoundFeeds
from aggregator.engine.on_demand import OnDemand
from aggregator.engine.rendering_turns import Turns
from aggregator.engine.watch import IncidentWatch
from aggregator.errors import Mistake
from aggregator.model import Catalogue, Failed, Incident, SourceState
from aggregator.publish import find_faults, make_document
from aggregator.web import Server, WebContext, create_app
from tests.pipeline.test_pipeline_refresh import HOUR, River, answer
from tests.support import databases
from tests.support.client import http_client
from tests.support.installation import item, rss
from tests.support.nouns import NOON

DAY = timedelta(days=1)


class Watched:
    """A river, whoever watches it, and a subscriber to what is the matter."""

    def __init__(self, river: River) -> None:
        self.river = river
        self.catalogue: Catalogue | None = None
        self.watch = self.start()

    def start(self) -> IncidentWatch:
        return IncidentWatch(self.says, self.river.store, self.river)

    def says(self) -> Catalogue:
        return self.catalogue or self.river.catalogue

    async def look(self) -> list[tuple[str, str, bool]]:
        """What a minute later is noted: kind, subject, whether it is over."""
        self.river.time += timedelta(minutes=1)
        with capture_logs() as logs:
            changes = await self.watch.look()
        assert len(logs) == len(changes), "a line for each, and no other"
        return [(one.kind, one.subject, one.ended is not None) for one in changes]

    async def read(self) -> dict[str, tuple[str, str]]:
        """The feed as a reader has it: id -> title, updated."""
        store, turns = self.river.store, Turns()
        context = WebContext(
            store=store,
            catalogue=self.says,
            clock=self.river,
            on_demand=OnDemand(self.says, store, self.river, turns),
            found_feeds=FoundFeeds(self.says, store, turns),
        )
        server = Server(create_app(context), host="127.0.0.1", port=0)
        port = await server.start()
        try:
            async with http_client() as client:
                told = await client.get(f"http://127.0.0.1:{port}/status.atom")
                again = await client.get(
                    f"http://127.0.0.1:{port}/status.atom", headers={"If-None-Match": told.headers["etag"]}
                )
        finally:
            await server.stop()
        assert (told.status_code, again.status_code) == (200, 304)
        assert find_faults(make_document("status", "atom", told.content, NOON)) == ()
        found = feedparser.parse(told.content).entries
        assert len({one.id for one in found}) == len(found)
        return {one.id: (one.title, one.updated) for one in found}


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    async with databases.opened(tmp_path / "river.db") as store:
        await store.register({"river": NOON}, (), NOON)
        yield Watched(River(store=store))


async def test_a_reader_sees_an_incident_once_and_that_it_is_over(watched: Watched):
    river = watched.river
    await river.poll(answer(rss(item(1))))
    assert await watched.look() == []
    assert await watched.read() == {}
    for _ in range(3):
        await river.poll(Failed(trouble="http", message="It answered 500.", status=500), after=3 * HOUR)
    assert await watched.look() == [("failing", "river", False)]
    begun = await watched.read()
    for _ in range(5):
        await river.poll(Failed(trouble="http", message="It answered 502.", status=502))
        assert await watched.look() == []
    assert await watched.read() == begun, "nothing moves while it lasts"
    await river.poll(answer(rss(item(1), item(2))))
    assert await watched.look() == [("failing", "river", True)]
    ((name, (title, updated)),) = (await watched.read()).items()
    assert [name] == list(begun)
    assert title.startswith("Over: River News: ")
    assert updated > begun[name][1]
    assert datetime.fromisoformat(updated) == river.time


async def test_an_incident_that_stands_is_the_same_for_another_process_and_for_a_second_worker(watched: Watched):
    for _ in range(6):
        await watched.river.poll(Failed(trouble="dns", message="No name."), after=3 * HOUR)
    other = watched.start()
    assert await watched.look() == [("failing", "river", False)]
    with capture_logs():
        assert await other.look() == ()
    watched.watch = watched.start()
    assert await watched.look() == []
    assert len(await watched.read()) == 1


async def test_each_minute_only_what_was_polled_and_what_something_is_the_matter_with_is_read(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
):
    store = watched.river.store
    await store.register(dict.fromkeys(["river", *(f"quiet-{number}" for number in range(9))], NOON), (), NOON)
    read: list[str] = []
    states = store.states

    async def noting(source_ids: Collection[str] | None = None) -> Mapping[str, SourceState]:
        found = await states(source_ids)
        read.extend(found)
        return found

    monkeypatch.setattr(store, "states", noting)
    watched.catalogue = watched.river.catalogue
    assert await watched.look() == []
    assert len(read) == 10, "at first all"
    for _ in range(6):
        await watched.river.poll(Failed(trouble="dns", message="No name."), after=3 * HOUR)
    read.clear()
    assert await watched.look() == [("failing", "river", False)]
    assert read == [], "by its poll"
    await watched.look()
    assert read == ["river"], "by name"
    watched.catalogue = replace(watched.river.catalogue, sources=())
    await watched.look()
    assert len(read) == 11, "after an edit all"


async def test_a_source_that_is_taken_out_has_nothing_the_matter_any_more(watched: Watched):
    for _ in range(6):
        await watched.river.poll(Failed(trouble="dns", message="No name."), after=3 * HOUR)
    await watched.look()
    watched.catalogue = replace(watched.river.catalogue, sources=())
    assert await watched.look() == [("failing", "river", True)]


async def test_our_own_faults_are_told_once_for_a_day_whoever_looks(watched: Watched):
    assert await watched.look() == []
    await watched.river.store.count_faults("render", 2)
    assert await watched.look() == [("program", "render", False)]
    watched.watch = watched.start()
    assert await watched.look() == []
    watched.river.time += DAY
    assert await watched.look() == [("program", "render", True)]
    await watched.river.store.count_faults("render", 1)
    assert await watched.look() == [("program", "render", False)]
    assert len(await watched.read()) == 1, "what comes again within a day is the same"


async def test_mistakes_in_feeds_yaml_begin_and_end_with_the_edit(watched: Watched):
    mistake = Mistake(file="feeds.yaml", line=7, path="sources", message="a mapping is needed <here>")
    watched.catalogue = replace(watched.river.catalogue, mistakes=(mistake,))
    assert await watched.look() == [("catalogue", "", False)]
    watched.catalogue = None
    assert await watched.look() == [("catalogue", "", True)]


async def test_a_filter_that_lets_nothing_through_is_told_after_the_edit_that_wrote_it(
    watched: Watched, tmp_path: Path
):
    await watched.river.poll(answer(rss(*(item(number) for number in range(12)))))
    assert await watched.look() == []
    path = tmp_path / "feeds.yaml"
    path.write_text("sources:\n  river: { url: 'https://example.org/feed', filter: [ { keep: [zeppelin] } ] }\n")
    watched.catalogue = catalogue.load(path, {})
    assert await watched.look() == [("filtered", "river", False)]
    path.write_text("sources:\n  river: { url: 'https://example.org/feed', filter: [ { keep: [Report] } ] }\n")
    watched.catalogue = catalogue.load(path, {})
    assert await watched.look() == [("filtered", "river", True)]


async def test_incidents_are_remembered_for_three_months(watched: Watched):
    old = Incident(
        id="urn:uuid:6c29c9ae-5d35-5b0e-8f2b-0f6f1a0c5d51",
        kind="silent",
        subject="river",
        title="River",
        text="It was.",
        began=NOON,
        changed=NOON,
        ended=NOON,
    )
    await watched.river.store.note_incidents([old], NOON)
    assert list(await watched.read()) == [old.id]
    watched.river.time = NOON + 91 * DAY
    assert await watched.read() == {}
