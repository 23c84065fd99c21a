"""Of a document only what is new is read, and all of it is judged."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

import pytest

from aggregator.model import (
    Catalogue,
    Conventions,
    DocumentDigests,
    DocumentMemory,
    Entry,
    Failed,
    Fetched,
    FetchResult,
    Publication,
    RawEntry,
    Reading,
    Site,
    Source,
    SourceState,
    Update,
    Validators,
)
from aggregator.normalize import clean_entry
from aggregator.pipeline import reading, remembering
from aggregator.pipeline.refresh import Services, refresh
from aggregator.ports import Store
from aggregator.schedule import Pace, Reachability
from tests.support import databases
from tests.support.inprocess import InProcess
from tests.support.installation import item, rss
from tests.support.nouns import NOON, source
from tests.support.retention import let_go

HOUR = timedelta(hours=1)


@dataclass
class Brook(InProcess):
    """A source that is polled; how many entries each reading of its document read; secrets that it has."""

    store: Store
    forgetful: bool = False
    time: datetime = NOON
    body: str = ""
    read_entries: list[int] = field(default_factory=list)
    secrets: frozenset[str] = frozenset()
    of: Source = field(default_factory=source)

    def now(self) -> datetime:
        return self.time

    async def fetch(self, *_: object) -> FetchResult:
        raw = self.body.encode()
        url = "https://example.org/feed"
        return Fetched(
            url=url,
            status=200,
            body=raw,
            body_hash=blake2b(raw).hexdigest(),
            content_type="application/rss+xml",
            content_location=url,
            validators=Validators(),
        )

    async def read(
        self, fetched: Fetched, source: Source, known: DocumentDigests | None = None
    ) -> Reading | Failed:
        found = reading.read(fetched, source.conventions, None if self.forgetful else known)
        assert isinstance(found, Reading)
        self.read_entries.append(len(found.entries))
        return replace(found, digests=None) if self.forgetful else found

    async def poll(self, *items: str) -> Update:
        self.time += HOUR
        self.body = rss(*items)
        site = Site(title="Planet", link=None, contact=None)
        every = Publication(id="all", title="All")
        catalogue = Catalogue(site=site, sources=(self.of,), publications=(every,), secrets=self.secrets)
        services = Services(
            fetcher=self, reader=self, store=self.store, clock=self, pace=Pace(), network=Reachability()
        )
        (state,) = await self.store.claim(["river"], self.time, timedelta(minutes=10))
        return await refresh(self.of, state, catalogue, services)


@pytest.fixture
async def brook(tmp_path: Path) -> AsyncIterator[Brook]:
    async with databases.opened(tmp_path / "brook.db") as store:
        await store.register({"river": NOON}, (), NOON)
        yield Brook(store=store)


async def test_entries_that_are_as_they_were_are_not_read_and_are_listed_all_the_same(brook: Brook):
    first = await brook.poll(item(1), item(2), item(3))
    update = await brook.poll(item(4), item(1), item(3), item(2, text="The water fell."))

    assert brook.read_entries == [3, 2]
    assert [change.verdict.kind for change in update.changes] == ["new", "revised"]
    assert update.listing is not None
    assert first.listing is not None
    assert update.listing.uids == first.listing.uids | {update.changes[0].item.uid}
    assert update.listing.whole


async def test_an_entry_that_no_item_says_word_for_word_is_read_at_each_poll(brook: Brook):
    twice = item(1, text="It rose."), item(1, text="It fell.")  # one item, which says one of the two
    await brook.poll(*twice, item(2))
    await brook.poll(item(3), *twice, item(2))

    assert brook.read_entries == [3, 2]


async def test_an_item_whose_content_was_let_go_is_read_again(brook: Brook):
    await brook.poll(item(1), item(2))
    assert await let_go(brook.store, brook.time + 400 * 24 * HOUR) == 2
    brook.time += 401 * 24 * HOUR
    await brook.poll(item(3), item(1), item(2))

    assert brook.read_entries == [2, 1, 3]


async def test_nothing_is_remembered_under_other_rules(brook: Brook, monkeypatch: pytest.MonkeyPatch):
    await brook.poll(item(1), item(2))
    monkeypatch.setattr(reading, "READER_VERSION", reading.READER_VERSION + 1)
    await brook.poll(item(3), item(1), item(2))
    await brook.poll(item(4), item(3), item(1), item(2))

    assert brook.read_entries == [2, 3, 1]


async def test_a_fault_of_ours_on_all_that_is_new_costs_no_more_than_that(
    brook: Brook, monkeypatch: pytest.MonkeyPatch
):
    def fail(raw: RawEntry, conventions: Conventions, *, position: int) -> Entry | None:
        if raw.id == "urn:river:3":
            raise KeyError
        return clean_entry(raw, conventions, position=position)

    await brook.poll(item(1), item(2))
    monkeypatch.setattr("aggregator.normalize.all_entries.clean_entry", fail)
    update = await brook.poll(item(3), item(1), item(2, text="It fell."))
    alone = await brook.poll(item(3), item(1), item(2, text="It fell."))

    assert [change.verdict.kind for change in update.changes] == ["revised"]
    assert "1 entry waits" in (alone.state.error or "")


@pytest.mark.parametrize("fault", [ImportError, MemoryError])
async def test_a_fault_of_the_installation_is_none_of_single_entries(
    brook: Brook, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
):
    def fail(*_: object, **__: object) -> None:
        raise fault

    await brook.poll(item(1), item(2))
    monkeypatch.setattr("aggregator.normalize.all_entries.clean_entry", fail)
    with pytest.raises(fault):
        await brook.poll(item(3), item(1), item(2))


async def test_under_other_secrets_all_is_read_again(brook: Brook):
    brook.secrets = frozenset({"hidden-word"})
    await brook.poll(item(1, text="A hidden-word."), item(2, text="An open-word."))
    first = await brook.poll(item(3), item(1, text="A hidden-word."), item(2, text="An open-word."))
    brook.secrets = frozenset({"hidden-word", "open-word"})
    then = await brook.poll(item(4), item(3), item(1, text="A hidden-word."), item(2, text="An open-word."))
    brook.secrets = frozenset()
    last = await brook.poll(item(5), item(4), item(3), item(1), item(2))

    assert brook.read_entries == [2, 1, 4, 5]
    assert [one.item.entry.id for one in first.changes] == ["urn:river:3"]
    assert [one.item.entry.id for one in then.changes] == ["urn:river:4", "urn:river:2"]
    assert not any("-word" in one.item.entry.text for one in (*first.changes, *then.changes, *last.changes))


async def test_a_document_that_something_is_wrong_with_is_read_whole(brook: Brook):
    await brook.poll(item(1), item(2))
    await brook.poll(item(3), item(1), item(2, date="the other day"))
    await brook.poll(item(4), item(3), item(1), item(2, date="the other day"))

    assert brook.read_entries == [2, 3, 4]


async def test_parts_of_one_page_are_told_apart_among_all_entries(brook: Brook):
    def part(number: int) -> str:
        return item(number).replace(f"river.example/{number}", f"river.example/live#{number}")

    await brook.poll(item(1), item(2))
    await brook.poll(part(3), item(1), item(2))
    await brook.poll(part(4), part(3), item(1), item(2))

    assert brook.read_entries == [2, 3, 4]


def test_what_changed_without_a_document_is_forgotten():
    state = SourceState(source_id="river", next_poll_at=NOON, memory=DocumentMemory(context="c", entries="e"))

    assert remembering.forget(state, ()) == state
    assert remembering.forget(state, [None]).memory == DocumentMemory()  # type: ignore[list-item]


async def test_of_very_long_documents_the_first_entries_are_remembered(
    brook: Brook, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(remembering, "MOST", 2)
    await brook.poll(item(1), item(2), item(3))
    await brook.poll(item(4), item(1), item(2), item(3))

    assert brook.read_entries == [3, 2]


@pytest.mark.parametrize("seed", range(4))
async def test_polls_decide_what_they_would_decide_if_all_were_read(tmp_path: Path, seed: int):
    chosen = random.Random(seed)
    texts = ["", "It fell.", "It rose. 3 comments", "<p>See <a href='/x'>this</a></p>", "It rose. 4 comments"]
    listed = [item(number) for number in range(5)]
    async with databases.opened(tmp_path / "one.db") as one, databases.opened(tmp_path / "other.db") as other:
        brooks = Brook(store=one), Brook(store=other, forgetful=True)
        for brook in brooks:
            await brook.store.register({"river": NOON}, (), NOON)
        for poll in range(12):
            number = chosen.randrange(12)
            new = item(number, text=chosen.choice(texts), title=chosen.choice(["", "Water"]))
            listed.insert(chosen.randrange(len(listed) + 1) if poll % 3 else 0, new)
            if chosen.random() < 0.4:
                listed.pop(chosen.randrange(len(listed)))
            ours, theirs = [await brook.poll(*listed) for brook in brooks]
            assert (ours.changes, ours.listing, ours.turned) == (theirs.changes, theirs.listing, theirs.turned)
            assert ours.state.profile == theirs.state.profile
        states = [(await brook.store.states())["river"] for brook in brooks]
        assert states[0].items == states[1].items
    assert sum(brooks[0].read_entries) < sum(brooks[1].read_entries)
