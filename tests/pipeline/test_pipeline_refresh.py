"""One poll through all stages, with the real store and stages and a fetcher that says what a test wants."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path

import pytest

from aggregator.model import (
    Blocked,
    Catalogue,
    DocumentDigests,
    Entry,
    Failed,
    Faults,
    Fetched,
    FetchResult,
    Gone,
    Publication,
    Quarantined,
    QueryRules,
    Reading,
    Selectors,
    Site,
    Source,
    SourceState,
    Throttled,
    Unchanged,
    Update,
    Validators,
)
from aggregator.pipeline import comparing, publication, reading
from aggregator.pipeline.refresh import Services, failure, refresh
from aggregator.pipeline.request import edited_sources, first_polls, request_digest
from aggregator.pipeline.shortfall import shortfall
from aggregator.ports import Store, Wanted
from aggregator.schedule import Pace, Reachability
from tests.support import databases
from tests.support.inprocess import InProcess
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
class River(InProcess):
    """One source in a store of its own; a script for its server; a clock that a test moves."""

    store: Store
    source: Source = field(default_factory=source)
    time: datetime = NOON
    script: FetchResult | None = None
    asked_with: list[Validators] = field(default_factory=list)
    elsewhere: dict[str, FetchResult] = field(default_factory=dict)
    asked_at: list[str] = field(default_factory=list)
    asked_headers: list[tuple[tuple[str, str], ...]] = field(default_factory=list)
    network: Reachability = field(default_factory=Reachability)
    readings: int = 0

    def now(self) -> datetime:
        return self.time

    async def fetch(self, source: Source, validators: Validators, _: Wanted = "source") -> FetchResult:
        self.asked_with.append(validators)
        self.asked_at.append(source.location)
        self.asked_headers.append(source.headers)
        assert self.script is not None
        return self.elsewhere.get(source.location, self.script)

    async def read(self, fetched: Fetched, _: Source, known: DocumentDigests | None = None) -> Reading | Failed:
        self.readings += 1
        return reading.read(fetched, self.source.conventions, known)

    @property
    def services(self) -> Services:
        stages = {"fetcher": self, "reader": self, "store": self.store, "clock": self}
        return Services(**stages, pace=Pace(), network=self.network)

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
    async with databases.opened(tmp_path / "river.db") as store:
        await store.register({"river": NOON}, (), NOON)
        yield River(store=store)


async def test_a_body_becomes_items_a_state_and_marks(river: River):
    update = await river.poll(answer(rss(item(1), item(2)), modified="Sun, 01 Mar 2026 11:00:00 GMT"))
    assert [change.verdict.kind for change in update.changes] == ["new", "new"]
    assert update.publications == ("all", "source/river")
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


async def test_wherever_a_feed_breaks_off_no_item_is_updated_by_that_nor_when_it_is_whole_again(river: River):
    whole = rss(item(1), item(2, text="The ferry sails at noon, and the seal goes along. It has paid."))
    await river.poll(answer(whole))
    for end in range(whole.rindex("<item>"), len(whole), 9):
        cut = await river.poll(answer(whole[:end]))
        mended = await river.poll(answer(whole))
        assert [change.verdict for change in cut.changes + mended.changes] == [], whole[:end]
    assert (await river.state()).items == 2


async def test_of_a_new_item_within_which_its_feed_breaks_off_there_is_what_came(river: River):
    await river.poll(answer(rss(item(1))))
    update = await river.poll(answer(rss(item(1), item(2)).partition("</description></item></channel>")[0]))
    assert [change.item.entry.title for change in update.changes] == ["Report 2"]


async def test_how_the_latest_thirty_polls_ended_is_remembered_a_letter_each(river: River):
    await river.poll(answer(rss(item(1)), etag='"1"'))
    await river.poll(Unchanged(url="u", validators=Validators()))
    await river.poll(answer(rss(item(1)), etag='"2"'))
    await river.poll(answer(rss(item(1, text="Nothing stands here as it stood before, said the mayor."))))
    await river.poll(Throttled(status=429, message="slow down", retry_at=None))
    await river.poll(Failed(trouble="timeout", message="no answer"))
    await river.poll(answer("no feed at all"))
    assert (await river.state()).recent == "n3suwff"
    for _ in range(30):
        await river.poll(Unchanged(url="u", validators=Validators()))
    assert (await river.state()).recent == "3" * 30
    assert failure(river.source, await river.state(), "a fault", river.services).state.recent == "3" * 29 + "f"


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
        (Blocked(message="asked not to be read", opted_out=True), "blocked", "opted_out"),
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


async def test_a_move_is_asked_directly_once_it_is_believed_and_the_editor_is_told(river: River):
    moved = "https://new.example/feed"
    await river.poll(answer(rss(item(1)), moved_to=moved))
    await river.poll(Unchanged(url=moved, validators=Validators(), moved_to=moved), after=30 * HOUR)
    assert (await river.state()).notice is None
    await river.poll(Unchanged(url=moved, validators=Validators(), moved_to=moved), after=30 * HOUR)
    assert moved in (await river.state()).notice
    await river.poll(Unchanged(url=moved, validators=Validators()))
    assert river.asked_at[-1] == moved
    assert river.asked_with[-1].etag == '"1"'


async def test_a_redirect_to_another_feed_is_no_move(river: River):
    await river.poll(answer(rss(item(1))))
    for number in (7, 8, 9):
        parked = answer(rss(item(number), title="Buy this domain"), url="https://parked.example/")
        parked = replace(parked, moved_to="https://parked.example/")
        await river.poll(parked, after=30 * HOUR)
    assert river.asked_at == ["https://example.org/feed"] * 4


async def test_credentials_do_not_follow_a_move_to_another_host(river: River):
    river.source = source(headers=(("Authorization", "Bearer secret"),))
    for _ in range(3):
        await river.poll(answer(rss(item(1)), moved_to="https://new.example/feed"), after=30 * HOUR)
    await river.poll(answer(rss(item(1))))
    assert river.asked_at[-1] == "https://new.example/feed"
    assert river.asked_headers[-1] == ()


NEW = "https://new.example/feed"
HOUSE = "https://example.org/feed"
MAINTENANCE = "<!doctype html><title>Back soon</title><h1>We'll be back</h1>"
NOT_THERE = Failed(trouble="http", message="404", status=404)
SLOW = Failed(trouble="timeout", message="too slow")


async def settle(river: River, where: str = NEW) -> None:
    """Let the source move there for good."""
    for _ in range(3):
        await river.poll(answer(rss(item(1)), url=where, moved_to=where), after=30 * HOUR)
    assert (await river.state()).move.polls == 3


async def test_a_redirect_to_a_page_is_no_move_however_long_it_stands(river: River):
    await river.poll(answer(rss(item(1))))
    for _ in range(12):
        page = answer(MAINTENANCE, url="https://example.org/maint", moved_to="https://example.org/maint")
        await river.poll(page, after=6 * HOUR)
    state = await river.state()
    assert (state.status, state.trouble, state.notice) == ("error", "not_a_feed", None)
    assert set(river.asked_at) == {HOUSE}
    await river.poll(answer(rss(item(1), item(2))))
    assert ((await river.state()).status, (await river.state()).items) == ("ok", 2)


async def test_a_place_that_ceases_to_give_the_feed_is_counted_anew(river: River):
    await river.poll(answer(rss(item(1)), url=NEW, moved_to=NEW), after=30 * HOUR)
    await river.poll(answer(rss(item(1)), url=NEW, moved_to=NEW), after=30 * HOUR)
    await river.poll(answer(MAINTENANCE, url=NEW, moved_to=NEW), after=30 * HOUR)
    await river.poll(answer(rss(item(1)), url=NEW, moved_to=NEW), after=30 * HOUR)
    assert (await river.state()).move.polls == 1


@pytest.mark.parametrize(
    "there",
    [NOT_THERE, Gone(message="gone"), answer(MAINTENANCE), answer(rss(item(9), title="Parked"), url=NEW), SLOW],
    ids=["404", "410", "a page", "another feed", "no answer"],
)
async def test_a_believed_place_that_gives_no_feed_is_left_within_the_same_poll(river: River, there: FetchResult):
    await settle(river)
    river.elsewhere = {NEW: there, HOUSE: answer(rss(item(1), item(2)), etag='"home"')}
    update = await river.poll(NOT_THERE)
    assert river.asked_at[-2:] == [NEW, HOUSE]
    assert river.asked_with[-1] == Validators()
    assert [change.item.entry.title for change in update.changes] == ["Report 2"]
    state = await river.state()
    assert (state.status, state.move.to, state.notice, state.gone_since) == ("ok", None, None, None)
    assert state.polls == 4
    await river.poll(answer(rss(item(1), item(2))))
    assert river.asked_at[-1] == HOUSE


async def test_a_believed_place_out_of_order_is_kept_while_the_old_address_is_dead(river: River):
    await settle(river)
    river.elsewhere = {HOUSE: Failed(trouble="dns", message="no such host")}
    await river.poll(SLOW)
    state = await river.state()
    assert (state.trouble, state.move.to, state.move.polls) == ("timeout", NEW, 3)
    await river.poll(answer(rss(item(1), item(2))))
    assert river.asked_at[-1] == NEW
    assert (await river.state()).status == "ok"


async def test_where_both_places_fail_the_address_in_feeds_yaml_is_told_of(river: River):
    await settle(river)
    river.elsewhere = {NEW: NOT_THERE, HOUSE: answer(MAINTENANCE)}
    await river.poll(NOT_THERE)
    state = await river.state()
    assert (state.trouble, state.notice, state.polls) == ("not_a_feed", None, 4)
    river.elsewhere = {}
    await river.poll(answer(rss(item(1))))
    assert river.asked_at[-1] == HOUSE


async def test_where_our_own_network_is_down_a_move_is_not_given_up(river: River):
    await settle(river)
    for host in ("a", "b", "c"):
        river.network.observe(host, reached=False, now=river.time + HOUR)
    await river.poll(Failed(trouble="dns", message="no such host"))
    assert river.asked_at[-1] == NEW
    assert (await river.state()).move.polls == 3


async def test_an_address_that_dies_before_its_move_is_believed_is_helped_out(river: River):
    await river.poll(answer(rss(item(1)), url=NEW, moved_to=NEW), after=30 * HOUR)
    river.elsewhere = {HOUSE: Failed(trouble="dns", message="no such host")}
    for number in (2, 3):
        await river.poll(answer(rss(item(number)), url=NEW), after=30 * HOUR)
    state = await river.state()
    assert (state.status, state.items, state.move.polls) == ("ok", 3, 3)
    assert river.asked_at[-2:] == [HOUSE, NEW]


async def test_a_place_that_leads_back_is_left(river: River):
    await settle(river)
    await river.poll(answer(rss(item(1)), url=HOUSE, moved_to=HOUSE))
    assert (await river.state()).move.to is None
    await river.poll(answer(rss(item(1))))
    assert river.asked_at[-1] == HOUSE


async def test_an_empty_feed_behind_a_redirect_is_no_evidence_of_a_move(river: River):
    await river.poll(answer(rss(item(1))))
    for _ in range(5):
        await river.poll(answer(rss(), url=NEW, moved_to=NEW), after=30 * HOUR)
    state = await river.state()
    assert (state.status, state.move.to, set(river.asked_at)) == ("ok", None, {HOUSE})


async def test_a_believed_place_may_be_empty_for_a_while(river: River):
    await settle(river)
    await river.poll(answer(rss(), url=NEW))
    assert ((await river.state()).status, (await river.state()).move.polls) == ("ok", 3)


async def test_a_moved_feed_of_new_posts_only_is_known_by_its_title(river: River):
    await river.poll(answer(rss(item(1))))
    await river.poll(answer(rss(item(7), item(8)), url=NEW, moved_to=NEW))
    state = await river.state()
    assert (state.items, state.move.to, state.move.polls) == (3, NEW, 1)


async def test_a_redirect_to_a_strangers_feed_brings_none_of_its_items(river: River):
    await river.poll(answer(rss(item(1))))
    other = rss(item(7), title="Buy this domain")
    for _ in range(4):
        update = await river.poll(answer(other, url="https://parked.example/rss"), after=30 * HOUR)
        assert update.changes == ()
    state = await river.state()
    assert (state.trouble, state.items, state.meta.title) == ("redirect", 1, "River News")
    assert "Buy this domain" in state.error


@pytest.mark.parametrize("title", ["Status of our servers", "River News"], ids=["a notice", "another section"])
async def test_what_a_site_leads_to_within_itself_is_not_taken_for_the_feed(river: River, title: str):
    elsewhere = "https://example.org/elsewhere.xml"
    await river.poll(answer(rss(item(1), item(2))))
    for _ in range(3):
        update = await river.poll(answer(rss(item(7), title=title), url=elsewhere, moved_to=elsewhere))
        assert (update.changes, update.listing) == ((), None)
    state = await river.state()
    assert (state.trouble, state.items, state.move.to, state.meta.title) == ("redirect", 2, None, "River News")
    await river.poll(answer(rss(item(1), item(2))))
    assert (await river.state()).status == "ok"


async def test_a_section_whose_site_leads_elsewhere_for_days_is_taken_by_its_title(river: River):
    elsewhere = "https://example.org/elsewhere.xml"
    await river.poll(answer(rss(item(1))))
    await river.poll(answer(rss(item(7)), url=elsewhere), after=80 * HOUR)
    assert ((await river.state()).status, (await river.state()).items) == ("ok", 2)
    await river.poll(answer(rss(item(8)), url=elsewhere))
    assert ((await river.state()).status, (await river.state()).items) == ("ok", 3)


async def test_a_feed_without_a_name_is_known_by_its_items_only(river: River):
    nameless = rss(item(1), title="")
    await river.poll(answer(nameless))
    await river.poll(answer(rss(item(7), title=""), url=NEW))
    assert (await river.state()).trouble == "redirect"


async def test_an_address_that_holds_a_secret_is_never_remembered_in_another_form(river: River):
    river.source = source(
        location="https://example.org/feed?key=s3cret", url="https://example.org/feed?key=${KEY}"
    )
    for _ in range(4):
        await river.poll(answer(rss(item(1)), moved_to="https://new.example/?key=s3cret"), after=30 * HOUR)
    assert (await river.state()).move.to is None


async def test_gone_twice_retires_a_source_and_says_so(river: River):
    await river.poll(answer(rss(item(1))))
    await river.poll(Gone(message="gone"))
    await river.poll(Gone(message="gone"), after=25 * HOUR)
    state = await river.state()
    assert state.next_poll_at - river.time >= timedelta(days=30)
    assert "410" in state.notice
    await river.poll(answer(rss(item(1))))
    assert ((await river.state()).status, (await river.state()).notice) == ("ok", None)


async def test_while_every_host_fails_nobody_is_penalised(river: River):
    for host in ("a", "b", "c"):
        river.network.observe(host, reached=False, now=river.time + HOUR)
    update = await river.poll(Failed(trouble="dns", message="no such host"))
    assert (update.state.status, update.state.failures) == ("error", 0)
    assert update.state.next_poll_reason == "no host at all could be reached"


async def test_a_source_whose_address_was_edited_does_not_wait_for_the_old_ones_turn(river: River):
    await river.poll(answer(rss(item(1))))
    assert edited_sources(river.catalogue, await river.store.states()) == ()
    river.source = source(location="https://example.org/other", url="https://example.org/other")
    assert edited_sources(river.catalogue, await river.store.states()) == ("river",)


async def test_what_was_posted_when_is_remembered_for_the_forecast(river: River):
    dates = [f"{day} Feb 2026 08:00:00 GMT" for day in (2, 9, 16, 23)]
    await river.poll(answer(rss(*(item(n, date=date) for n, date in enumerate(dates)))))
    assert [moment.day for moment in (await river.state()).posted] == [23, 16, 9, 2]


HOME = "<!doctype html><title>River</title><link rel=alternate type='application/rss+xml' href=/news.rss>"


async def test_a_page_leads_to_its_feed_which_is_kept_to_and_named(river: River):
    river.elsewhere["https://example.org/news.rss"] = answer(rss(item(1)))
    update = await river.poll(answer(HOME))
    state = await river.state()
    assert [change.verdict.kind for change in update.changes] == ["new"]
    assert (state.status, state.discovered) == ("ok", "https://example.org/news.rss")
    assert "https://example.org/news.rss" in state.notice
    await river.poll(answer(HOME))
    assert river.asked_at[-1] == "https://example.org/news.rss"
    assert river.asked_with[-1].etag == '"1"'


async def test_a_found_feed_that_is_gone_is_looked_for_again_at_once(river: River):
    river.elsewhere["https://example.org/news.rss"] = answer(rss(item(1)))
    await river.poll(answer(HOME))
    moved = HOME.replace("/news.rss", "/other.rss")
    river.elsewhere = {
        "https://example.org/news.rss": answer(MAINTENANCE),
        "https://example.org/other.rss": answer(rss(item(1), item(2))),
    }
    await river.poll(answer(moved))
    state = await river.state()
    assert (state.status, state.items, state.discovered) == ("ok", 2, "https://example.org/other.rss")
    assert river.asked_at[-3:] == ["https://example.org/news.rss", HOUSE, "https://example.org/other.rss"]


async def test_a_found_feed_that_is_gone_for_good_is_advised_no_more(river: River):
    river.elsewhere["https://example.org/news.rss"] = answer(rss(item(1)))
    await river.poll(answer(HOME))
    river.elsewhere = {"https://example.org/news.rss": NOT_THERE}
    for place in ("/rss.xml", "/atom.xml", "/index.xml"):
        river.elsewhere[f"https://example.org{place}"] = NOT_THERE
    await river.poll(answer(MAINTENANCE))
    state = await river.state()
    assert (state.trouble, state.discovered, state.notice) == ("not_a_feed", None, None)


async def test_a_found_feed_out_of_order_is_waited_for(river: River):
    river.elsewhere["https://example.org/news.rss"] = answer(rss(item(1)))
    await river.poll(answer(HOME))
    river.elsewhere["https://example.org/news.rss"] = Failed(trouble="http", message="502", status=502)
    await river.poll(answer(HOME))
    assert river.asked_at[-1] == "https://example.org/news.rss"
    assert (await river.state()).discovered == "https://example.org/news.rss"


@pytest.mark.parametrize(
    "words",
    [
        {"timezone": "Asia/Tehran"},
        {"query": QueryRules(drop=frozenset({"from"}))},
        {"identity": "url"},
        {"select": Selectors(item="li", link=None)},
    ],
    ids=lambda words: next(iter(words)),
)
async def test_what_the_editor_mends_is_asked_for_whole_and_read_at_the_next_poll(river: River, words):
    await river.poll(answer(rss(item(1))))
    await river.poll(Unchanged(url="u", validators=Validators()))
    river.source = source(**words)
    assert edited_sources(river.catalogue, await river.store.states()) == ("river",)
    update = await river.poll(answer(rss(item(1))))
    assert [sent.etag for sent in river.asked_with] == [None, '"1"', None]
    assert river.readings == 2
    assert "new" not in {change.verdict.kind for change in update.changes}
    assert edited_sources(river.catalogue, await river.store.states()) == ()
    await river.poll(answer(rss(item(1))))
    assert (river.asked_with[-1].etag, river.readings) == ('"1"', 2)


async def test_labels_and_filters_are_not_what_a_reading_depends_on(river: River):
    await river.poll(answer(rss(item(1))))
    river.source = source(title="Mine", tags=("a",), every=2 * HOUR, priority=3, publish="link")
    await river.poll(answer(rss(item(1))))
    assert (river.asked_with[-1].etag, river.readings) == ('"1"', 1)


async def test_newer_rules_read_once_more_and_announce_nothing_but_hurry_nobody(river: River, monkeypatch):
    await river.poll(answer(rss(item(1))))
    monkeypatch.setattr(reading, "READER_VERSION", reading.READER_VERSION + 1)
    assert edited_sources(river.catalogue, await river.store.states()) == ()
    update = await river.poll(answer(rss(item(1))))
    assert (river.asked_with[-1], river.readings, update.changes) == (Validators(), 2, ())
    await river.poll(answer(rss(item(1))))
    assert (river.asked_with[-1].etag, river.readings) == ('"1"', 2)


async def test_what_newer_rules_read_otherwise_is_corrected_in_silence_and_the_next_edit_is_told(
    river: River, monkeypatch
):
    wrong, right = rss(item(1, title="V\u05d4ster\u05d5s")), rss(item(1, title="V\u00e4ster\u00e5s"))
    (before,) = (await river.poll(answer(wrong))).changes
    monkeypatch.setattr(reading, "READER_VERSION", reading.READER_VERSION + 1)
    (change,) = (await river.poll(answer(right))).changes
    assert (change.verdict.kind, change.item.entry.title) == ("bumped", "V\u00e4ster\u00e5s")
    assert (change.item.updated, change.item.uid, change.item.revision) == (
        before.item.updated,
        before.item.uid,
        before.item.revision,
    )
    (edit,) = (await river.poll(answer(rss(item(1, title="The ferry is back"))))).changes
    assert edit.verdict.kind == "revised"


async def test_a_corrected_reading_waits_for_an_answer_that_can_be_read(river: River):
    await river.poll(answer(rss(item(1))))
    river.source = source(timezone="Asia/Tehran")
    for trouble in (SLOW, answer(MAINTENANCE)):
        await river.poll(trouble)
        assert river.asked_with[-1] == Validators()
    await river.poll(answer(rss(item(1))))
    assert river.readings == 3
    await river.poll(answer(rss(item(1))))
    assert river.asked_with[-1].etag == '"1"'


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (("27 Feb 2026", "28 Feb 2026", "1 Mar 2026"), 7),
        (("15 Feb 2026", "20 Feb 2026", "25 Feb 2026"), 15),
        (("1 Jan 2025", "1 Feb 2026"), 30),
        (("1 Mar 2026",), 30),
    ],
    ids=["daily", "every five days", "yearly", "unknown"],
)
async def test_a_server_that_says_unchanged_beyond_the_sources_habit_is_asked_for_the_whole(
    river: River, dates, days: int
):
    await river.poll(answer(rss(*(item(n, date=f"{date} 08:00:00 GMT") for n, date in enumerate(dates)))))
    for _ in range(days - 1):
        await river.poll(Unchanged(url="u", validators=Validators()), after=timedelta(days=1))
    assert {sent.etag for sent in river.asked_with[1:]} == {'"1"'}
    await river.poll(answer(rss(item(9))), after=timedelta(days=1))
    assert river.asked_with[-1] == Validators()
    assert (await river.state()).items == len(dates) + 1
    await river.poll(answer(rss(item(9))))
    assert river.asked_with[-1].etag == '"1"'


@pytest.mark.parametrize(
    ("modified", "sent"),
    [
        ("Sat, 16 Nov 2041 19:11:00 GMT", False),
        ("Sun, 01 Mar 2026 20:00:00 GMT", True),
        ("yesterday, perhaps", True),
        ("Sat, 16 Nov 2041 19:11:00 -0000", True),
    ],
)
async def test_what_a_server_says_of_the_future_validates_nothing(river: River, modified: str, sent: bool):
    await river.poll(answer(rss(item(1)), modified=modified))
    await river.poll(answer(rss(item(1)), modified=modified))
    assert (river.asked_with[-1].last_modified is not None) is sent


async def test_a_page_without_a_feed_costs_a_few_requests_once_and_not_at_every_poll(river: River):
    nothing = Failed(trouble="http", message="404", status=404)
    places = ("/feed", "/rss.xml", "/atom.xml", "/index.xml")
    river.elsewhere = {f"https://example.org{path}": nothing for path in places}
    river.source = source(location="https://example.org/", url="https://example.org/")
    page = answer("<!doctype html><title>River</title>", content_location="u", url="https://example.org/")
    await river.poll(page)
    first = len(river.asked_at)
    await river.poll(page)
    assert 1 < first <= 5
    assert len(river.asked_at) == first + 1
    assert (await river.state()).trouble == "not_a_feed"


async def test_a_feed_that_turns_into_a_page_is_not_left_for_another(river: River):
    river.elsewhere["https://example.org/news.rss"] = answer(rss(item(9)))
    await river.poll(answer(rss(item(1))))
    await river.poll(answer(HOME))
    assert (await river.state()).trouble == "not_a_feed"
    assert (await river.state()).discovered is None


async def test_a_page_without_articles_says_what_the_editor_can_do(river: River):
    river.source = source(kind="page")
    await river.poll(answer(HOME))
    assert "select:" in (await river.state()).error


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
    assert after.faults == (Faults(stage="poll", count=1),)


BROKEN = Failed(trouble="internal", message="A fault in this program (KeyError).")


async def test_a_fault_of_our_own_is_not_backed_off_and_the_body_is_read_at_the_next_poll(
    river: River, monkeypatch
):
    await river.poll(answer(rss(item(1)), etag='"1"'))

    async def fault(*_: object):
        return BROKEN

    with monkeypatch.context() as broken:
        broken.setattr(River, "read", fault)
        for count in range(1, 6):
            update = await river.poll(answer(rss(item(1), item(2)), etag='"2"'))
            assert (update.state.status, update.state.trouble) == ("error", "internal")
            assert update.state.failures == count
            assert update.state.next_poll_at - river.time <= 1.1 * HOUR
            assert update.state.next_poll_reason == "a fault in this program"
    assert (await river.state()).faults == (Faults(stage="read", count=5),)
    update = await river.poll(answer(rss(item(1), item(2)), etag='"2"'))
    assert river.asked_with[-1].etag == '"1"'
    assert [change.verdict.kind for change in update.changes] == ["new"]
    assert ((await river.state()).status, (await river.state()).failures) == ("ok", 0)


async def test_a_fault_of_our_own_while_looking_for_a_feed_is_told_and_not_taken_for_no_feed(
    river: River, monkeypatch
):
    async def fault(*_: object):
        return BROKEN

    monkeypatch.setattr(River, "discover", fault)
    await river.poll(answer(HOME))
    state = await river.state()
    assert (state.trouble, state.faults) == ("internal", (Faults(stage="discover", count=1),))


async def test_looking_for_a_feed_that_had_to_be_given_up_found_none(river: River, monkeypatch):
    async def given_up(_self, _page):
        return Failed(trouble="malformed", message="It took too long.")

    monkeypatch.setattr(River, "discover", given_up)
    await river.poll(answer(HOME))
    assert (await river.state()).trouble == "not_a_feed"


@pytest.mark.parametrize(
    ("failed", "status"), [(BROKEN, "error"), (Failed(trouble="malformed", message="It took too long."), "ok")]
)
async def test_what_waited_goes_on_waiting_when_it_cannot_be_judged_and_a_fault_of_ours_is_told(
    river: River, monkeypatch, failed: Failed, status: str
):
    await river.poll(answer(rss(item(1))))
    (state,) = await river.store.claim(["river"], river.time, LEASE)
    waits = Quarantined(entry=Entry(id="urn:x", title="X"), since=river.time, reason="nobody can tell")
    await river.store.commit(Update(state=replace(state, profile=replace(state.profile, quarantined=(waits,)))))

    async def judge(_self, *_arguments: object, **_named: object):
        return failed

    with monkeypatch.context() as broken:
        broken.setattr(River, "judge", judge, raising=False)
        for same in (Unchanged(url="u", validators=Validators()), answer(rss(item(1)))):
            await river.poll(same)
            after = await river.state()
            assert (after.status, after.profile.quarantined) == (status, (waits,))
    assert after.faults == ((Faults(stage="poll", count=2),) if status == "error" else ())
    update = await river.poll(Unchanged(url="u", validators=Validators()))
    assert [change.item.entry.title for change in update.changes] == ["X"]


async def test_a_fault_of_our_own_makes_nobody_leave_a_place(river: River, monkeypatch):
    await settle(river)

    async def fault(*_: object):
        return BROKEN

    monkeypatch.setattr(River, "read", fault)
    await river.poll(answer(rss(item(1), item(2))))
    state = await river.state()
    assert (state.trouble, state.move.polls, river.asked_at[-1]) == ("internal", 3, NEW)


TOWN = "".join(
    f"<article><h2><a href='/news/{n}'>The long headline of story number {n}</a></h2><p>Words.</p></article>"
    for n in range(1, 5)
)


@dataclass
class Hall:
    """A site whose list of articles is always there."""

    river: River
    failed: Failed | None = None

    async def poll(self, **answers: FetchResult) -> SourceState:
        self.river.source = source(kind="page")
        for number in range(1, 5):
            url = f"https://example.org/news/{number}"
            self.river.elsewhere[url] = answers.get(f"a{number}", NOT_THERE)
        await self.river.poll(answer(f"<html><body><h1>News</h1>{TOWN}</body></html>"))
        return await self.river.state()


async def test_a_page_of_which_no_article_can_be_had_is_not_well_also_while_it_is_unchanged(river: River):
    hall = Hall(river)
    state = await hall.poll(a2=Failed(trouble="http", message="403", status=403))
    assert (state.status, state.trouble, state.failures) == ("error", "articles", 1)
    assert state.error == "4 of 4 articles could not be had: 404 (3), 403 (1)."
    for count in range(2, 5):
        state = await hall.poll()
        assert (state.status, state.failures) == ("error", count)
    await river.poll(Unchanged(url="u", validators=Validators()))
    assert (await river.state()).trouble == "articles"
    assert (await river.state()).last_success_at == river.time
    assert (await river.state()).items == 4


async def test_a_few_articles_that_cannot_be_had_are_a_warning(river: River, monkeypatch):
    async def article(_self, fetched, _source):
        return Entry(url=fetched.url, title="Story", content="<p>All</p>", text="All")

    monkeypatch.setattr(River, "article", article, raising=False)
    state = await Hall(river).poll(a1=answer("x"), a2=answer("y"))
    assert (state.status, state.error) == ("ok", None)
    found = shortfall(state)
    assert (found.listed, found.had, found.missing, found.reasons) == (4, 2, 2, {"404": 2})
    assert found.sentence == "2 of 4 articles could not be had: 404 (2)."


@dataclass
class Papers:
    """A feed of teasers with `content: full` on a site whose articles come and go."""

    river: River
    refused: set[int] = field(default_factory=set)

    async def poll(self, *numbers: int) -> SourceState:
        self.river.source = source(content="full")
        for number in numbers:
            url = f"https://river.example/{number}"
            self.river.elsewhere[url] = NOT_THERE if number in self.refused else answer(f"{url} in full", url=url)
        await self.river.poll(answer(rss(*(item(number) for number in numbers))))
        return await self.river.state()


@pytest.fixture
def papers(river: River, monkeypatch) -> Papers:
    async def article(_self, fetched, _source):
        text = f"{fetched.body.decode()}: " + "all of the long story. " * 20
        return Entry(url=fetched.url, title="Story", content=f"<p>{text}</p>", text=text)

    monkeypatch.setattr(River, "article", article, raising=False)
    return Papers(river)


async def test_a_source_whose_new_articles_all_fail_while_older_ones_are_listed_is_not_well(papers: Papers):
    assert (await papers.poll(1, 2, 3, 4)).status == "ok"
    had_at = papers.river.time
    papers.refused = {5, 6, 7, 8}
    statuses = [(await papers.poll(*range(last, 0, -1))).status for last in (5, 6, 7)]
    assert statuses == ["ok", "ok", "error"]
    state = await papers.poll(*range(8, 0, -1))
    assert (state.trouble, state.listed, state.had) == ("articles", 8, 4)
    assert state.error == (
        f"4 of 8 articles could not be had: 404 (4). All 4 that were asked for since one was last had, "
        f"at {had_at:%Y-%m-%d %H:%M} UTC, are among them."
    )
    await papers.river.poll(Unchanged(url="u", validators=Validators()))
    assert (await papers.river.state()).status == "error"
    state = await papers.poll(*range(9, 0, -1))
    assert (state.status, state.error) == ("ok", None)
    assert shortfall(state).sentence == "4 of 9 articles could not be had: 404 (4)."


async def test_articles_that_fail_now_and_then_among_many_stay_a_warning(papers: Papers):
    papers.refused = {2, 5, 8, 11}
    for last in range(1, 13):
        state = await papers.poll(*range(last, 0, -1))
        assert state.status == "ok"
    assert shortfall(state).missing == 4


async def test_what_failed_before_the_rules_changed_is_still_missed_until_it_is_had(papers: Papers):
    papers.refused = {2, 3, 4}
    await papers.poll(1)
    state = await papers.poll(4, 3, 2, 1)
    assert state.status == "error"
    (claimed,) = await papers.river.store.claim(["river"], papers.river.time, LEASE)
    await papers.river.store.commit(Update(state=replace(claimed, reading_digest="0:other")))
    again = await papers.poll(4, 3, 2, 1)
    assert (again.status, again.had) == ("error", 1)
    assert [one.since for one in again.missed] == [one.since for one in state.missed]


async def test_a_page_whose_articles_failed_is_no_better_for_the_rules_having_changed(river: River, monkeypatch):
    hall = Hall(river)
    await hall.poll()
    (state,) = await river.store.claim(["river"], river.time, LEASE)
    await river.store.commit(Update(state=replace(state, reading_digest="0:other")))
    assert (await hall.poll()).error == "4 of 4 articles could not be had: 404 (4)."

    async def article(_self, fetched, _source):
        return Entry(url=fetched.url, title="Story", content="<p>All of it.</p>", text="All of it.")

    monkeypatch.setattr(River, "article", article, raising=False)
    (state,) = await river.store.claim(["river"], river.time, LEASE)
    await river.store.commit(Update(state=replace(state, reading_digest="0:other")))
    pages = {f"a{number}": answer("x", url=f"https://example.org/news/{number}") for number in range(1, 5)}
    state = await hall.poll(**pages)
    assert (state.status, state.had) == ("ok", 4)
    found = await river.store.latest(["river"], 10)
    assert {one.entry.text for one in found} == {"All of it."}
    assert {one.updated for one in found} == {one.published for one in found}


async def test_what_was_missed_before_anybody_noted_when_is_no_row_of_failures(papers: Papers):
    papers.refused = {2, 3, 4}
    await papers.poll(1)
    await papers.poll(4, 3, 2, 1)
    (state,) = await papers.river.store.claim(["river"], papers.river.time, LEASE)
    missed = tuple(replace(one, since=None) for one in state.missed)
    await papers.river.store.commit(Update(state=replace(state, missed=missed, article_at=None)))
    papers.refused |= {5}
    state = await papers.poll(5, 4, 3, 2, 1)
    assert (state.status, shortfall(state).missing) == ("ok", 4)


async def test_an_article_that_we_fail_to_read_makes_its_source_internal_trouble(river: River, monkeypatch):
    async def fault(*_: object):
        return BROKEN

    monkeypatch.setattr(River, "article", fault, raising=False)
    pages = {f"a{number}": answer("x", fresh_for=timedelta(days=5)) for number in range(1, 4)}
    state = await Hall(river).poll(**pages)
    assert (state.status, state.trouble) == ("error", "internal")
    assert state.faults == (Faults(stage="article", count=3),)
    assert state.error.startswith("3 of 4 articles could not be had: a fault in this program (3); 1 not asked for")
    assert state.error.endswith("(KeyError).")
    assert state.next_poll_at - river.time <= 1.1 * HOUR
    assert state.validators == Validators()


def test_validators_belong_to_the_address_and_survive_a_new_token():
    token = (("Authorization", "Bearer a"),)
    assert request_digest(source()) == request_digest(source(headers=token))
    assert request_digest(source()) != request_digest(source(location="https://example.org/other"))


def test_only_enabled_sources_are_given_a_first_poll():
    site = Site(title="Planet", link=None, contact=None)
    sources = (source(id="on"), source(id="off", enabled=False))
    catalogue = Catalogue(site=site, sources=sources, publications=())
    assert set(first_polls(catalogue, NOON)) == {"on"}


async def test_an_edition_shows_what_passes_the_filters_and_reads_on_until_it_is_full(river: River):
    await river.poll(answer(rss(*(item(n) for n in range(450)))))
    await comparing.compare(river.store, river.catalogue, river)
    outputs = publication.outputs(river.catalogue)
    await river.store.find_outdated({name: output.digest for name, output in outputs.items()}, river.time)
    edition = await publication.edition(outputs["all"], river.catalogue, river.store)
    assert len(edition.items) == 100
    assert edition.origins["river"].title == "River News"
    assert set(outputs) == {"all", "other", "source/river"}


async def test_a_first_batch_comes_right_once_it_is_seen_which_way_its_feed_runs_and_its_documents_with_it(
    river: River,
):
    await river.poll(answer(rss(*(item(number) for number in (1, 2, 3)))))
    update = await river.poll(answer(rss(*(item(number) for number in (1, 2, 3, 4, 5)))))
    assert [change.verdict.kind for change in update.changes] == ["new", "new"]
    assert "all" in update.publications
    found = await river.store.latest(["river"], 10)
    assert [one.entry.title for one in found] == [f"Report {number}" for number in (5, 4, 3, 2, 1)]
    assert {one.published for one in found} == {datetime(2026, 2, 1, 8, tzinfo=UTC)}
    again = await river.poll(answer(rss(*(item(number) for number in (1, 2, 3, 4, 5)), title="Another")))
    assert again.turned == ()
    assert await river.store.latest(["river"], 10) == found


ATOM = (
    "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><id>urn:f</id><title>F</title><entry><id>urn:1</id>"
    "<title>Report 1</title><updated>2026-02-20T12:00:00</updated><content>Water stands.</content></entry></feed>"
)


async def test_a_feed_that_dates_updates_only_follows_a_zone_put_right_after_months_and_announces_nothing(
    river: River,
):
    await river.poll(answer(ATOM, content_type="application/atom+xml"))
    (before,) = await river.store.latest(["river"], 10)
    river.source = source(timezone="Asia/Tehran")
    update = await river.poll(answer(ATOM, content_type="application/atom+xml"), after=60 * 24 * HOUR)
    assert [change.verdict.kind for change in update.changes] == ["bumped"]
    (after,) = await river.store.latest(["river"], 10)
    assert before.published - after.published == timedelta(hours=3.5)
    assert (after.public_id, after.updated, after.revision) == (before.public_id, before.updated, before.revision)
