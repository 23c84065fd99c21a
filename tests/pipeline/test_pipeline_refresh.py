"""One poll through all stages, with the real store and stages and a fetcher that says what a test wants."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

import pytest

from aggregator.model import (
    Blocked,
    Catalogue,
    Failed,
    Fetched,
    FetchResult,
    Gone,
    Publication,
    Reading,
    Site,
    Source,
    Throttled,
    Unchanged,
    Update,
    Validators,
)
from aggregator.pipeline import publication, reading
from aggregator.pipeline.refresh import Services, failure, first_polls, refresh, request_digest
from aggregator.ports import Store
from aggregator.schedule import Pace
from aggregator.store import open_store
from tests.support.installation import item, rss
from tests.support.nouns import NOON, source

HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=10)


def answer(body: str, *, etag: str | None = '"1"', modified: str | None = None, **fields) -> Fetched:
    """A 200 with a body."""
    raw = body.encode()
    defaults = {
        "url": "https://example.org/feed",
        "status": 200,
        "body": raw,
        "body_hash": blake2b(raw).hexdigest(),
        "content_type": "application/rss+xml",
        "content_location": "https://example.org/feed",
        "validators": Validators(etag=etag, last_modified=modified),
    }
    return Fetched(**(defaults | fields))


@dataclass
class River:
    """One source in a store of its own; a script for its server; a clock that a test moves."""

    store: Store
    source: Source = field(default_factory=source)
    time: datetime = NOON
    script: FetchResult | None = None
    asked_with: list[Validators] = field(default_factory=list)
    readings: int = 0

    def now(self) -> datetime:
        return self.time

    async def fetch(self, _: Source, validators: Validators) -> FetchResult:
        self.asked_with.append(validators)
        assert self.script is not None
        return self.script

    async def read(self, fetched: Fetched, _: Source) -> Reading | Failed:
        self.readings += 1
        return reading.read(fetched, self.source.timezone)

    @property
    def services(self) -> Services:
        return Services(fetcher=self, reader=self, store=self.store, clock=self, pace=Pace())

    @property
    def catalogue(self) -> Catalogue:
        everything = Publication(id="all", title="All")
        others = Publication(id="other", title="Other", sources=("lake",))
        site = Site(title="Planet", link=None, contact=None)
        return Catalogue(site=site, sources=(self.source,), publications=(everything, others))

    async def poll(self, script: FetchResult, after: timedelta = HOUR) -> Update:
        """Let the server answer so, an hour later."""
        self.time += after
        self.script = script
        (state,) = await self.store.claim([self.source.id], self.time, LEASE)
        return await refresh(self.source, state, self.catalogue, self.services)

    async def state(self):
        return (await self.store.states())[self.source.id]


@pytest.fixture
async def river(tmp_path: Path) -> AsyncIterator[River]:
    store = open_store(f"sqlite:///{tmp_path}/river.db")
    await store.open()
    await store.register({"river": NOON}, (), NOON)
    yield River(store=store)
    await store.close()


async def test_a_body_becomes_items_a_state_and_marks(river: River):
    update = await river.poll(answer(rss(item(1), item(2)), modified="Sun, 01 Mar 2026 11:00:00 GMT"))
    assert [change.verdict.kind for change in update.changes] == ["new", "new"]
    assert update.publications == ("all",)
    state = await river.state()
    assert (state.status, state.items, state.polls, state.failures) == ("ok", 2, 1, 0)
    assert state.meta.title == "River News"
    assert state.next_poll_at >= river.time + HOUR
    assert state.last_success_at == state.last_poll_at == river.time


async def test_validators_are_replayed_as_they_came(river: River):
    odd = Validators(etag='W/"é, odd"', last_modified="yesterday, perhaps")
    await river.poll(answer(rss(item(1)), etag=odd.etag, modified=odd.last_modified))
    await river.poll(Unchanged(url="u", validators=Validators()))
    await river.poll(Unchanged(url="u", validators=Validators()))
    assert river.asked_with == [Validators(), odd, odd]


async def test_a_304_may_bring_new_validators_and_keeps_those_it_leaves_out(river: River):
    await river.poll(answer(rss(item(1)), etag='"1"', modified="Sun, 01 Mar 2026 11:00:00 GMT"))
    await river.poll(Unchanged(url="u", validators=Validators(etag='"2"')))
    state = await river.state()
    assert state.validators == Validators(etag='"2"', last_modified="Sun, 01 Mar 2026 11:00:00 GMT")


async def test_the_same_body_again_is_not_read_again_but_its_new_validators_are_kept(river: River):
    await river.poll(answer(rss(item(1)), etag='"1"'))
    update = await river.poll(answer(rss(item(1)), etag='"2"'))
    assert river.readings == 1
    assert (update.changes, update.publications) == ((), ())
    assert (await river.state()).validators.etag == '"2"'


async def test_an_answer_that_cannot_be_read_keeps_the_old_validators_and_items(river: River):
    await river.poll(answer(rss(item(1)), etag='"1"'))
    update = await river.poll(answer("<!doctype html><title>Sorry</title>", etag='"2"'))
    state = await river.state()
    assert update.state.trouble == "not_a_feed"
    assert (state.status, state.validators.etag, state.items) == ("error", '"1"', 1)
    await river.poll(answer(rss(item(1), item(2)), etag='"3"'))
    assert ((await river.state()).status, (await river.state()).failures) == ("ok", 0)


@pytest.mark.parametrize(
    ("result", "status", "trouble"),
    [
        (Gone(message="gone"), "error", "gone"),
        (Blocked(message="private"), "blocked", "blocked"),
        (Failed(trouble="timeout", message="too slow"), "error", "timeout"),
        (Throttled(status=429, retry_at=None, message="slow down"), "error", "rate_limited"),
    ],
)
async def test_trouble_is_stored_with_its_kind_and_its_words(river: River, result, status, trouble):
    await river.poll(answer(rss(item(1))))
    await river.poll(result)
    state = await river.state()
    assert (state.status, state.trouble, state.error) == (status, trouble, result.message)
    assert (state.failures, state.items) == (1, 1)
    assert state.last_success_at == river.time - HOUR


async def test_retry_after_is_kept(river: River):
    update = await river.poll(Throttled(status=429, retry_at=NOON + 5 * HOUR, message="slow down"))
    assert update.state.next_poll_at == NOON + 5 * HOUR


async def test_another_request_sends_no_validators_of_the_old_one(river: River):
    await river.poll(answer(rss(item(1))))
    river.source = source(location="https://example.org/other", url="https://example.org/other")
    await river.poll(answer(rss(item(1))))
    assert river.asked_with[1] == Validators()


async def test_a_poll_whose_claim_was_lost_writes_nothing(river: River):
    (late,) = await river.store.claim(["river"], river.time, LEASE)
    await river.poll(answer(rss(item(1))))
    river.script = answer(rss(item(1), item(2)))
    await refresh(river.source, late, river.catalogue, river.services)
    assert (await river.state()).items == 1


async def test_a_poll_that_is_repeated_changes_nothing(river: River):
    await river.poll(answer(rss(item(1), item(2)), etag=None))
    before = await river.store.latest(["river"], 10)
    update = await river.poll(answer(rss(item(2), item(1)), etag=None))
    assert update.changes == ()
    assert await river.store.latest(["river"], 10) == before


async def test_a_fault_of_our_own_is_this_sources_error(river: River):
    (state,) = await river.store.claim(["river"], river.time, LEASE)
    await river.store.commit(failure(river.source, state, "A fault in this program (KeyError).", river.services))
    after = await river.state()
    assert (after.status, after.trouble, after.failures) == ("error", "internal", 1)


def test_the_digest_of_a_request_depends_on_all_that_is_asked():
    digests = {
        request_digest(one)
        for one in (
            source(),
            source(location="https://example.org/other"),
            source(headers=(("Authorization", "Bearer a"),)),
            source(headers=(("Authorization", "Bearer b"),)),
        )
    }
    assert len(digests) == 4


def test_only_enabled_sources_are_given_a_first_poll():
    site = Site(title="Planet", link=None, contact=None)
    sources = (source(id="on"), source(id="off", enabled=False))
    catalogue = Catalogue(site=site, sources=sources, publications=())
    assert set(first_polls(catalogue, NOON)) == {"on"}


async def test_an_edition_shows_what_passes_the_filters_and_reads_on_until_it_is_full(river: River):
    await river.poll(answer(rss(*(item(n) for n in range(450)))))
    digests = publication.digests(river.catalogue)
    await river.store.outdated(digests, river.time)
    edition = await publication.edition(river.catalogue.publications[0], river.catalogue, river.store)
    assert len(edition.items) == 100
    assert edition.origins["river"].title == "River News"
    assert set(digests) == {"all", "other"}
