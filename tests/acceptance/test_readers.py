"""Real readers follow a feed through everything that happens to one: they show each entry once and miss none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from aggregator.model import Change, Publication, Update, Verdict
from tests.support.installation import item, rss
from tests.support.nouns import source
from tests.support.planet import DAY, HOUR, Planet, planet
from tests.support.retention import let_go
from tests.support.subscribers import Library, Newsboat, Shown

pytestmark = pytest.mark.acceptance

Subscriber = Callable[[Path, str], Newsboat | Library]
READERS: list[tuple[Subscriber, str]] = [
    (Newsboat, "atom"),
    (Newsboat, "rss"),
    (Library, "atom"),
    (Library, "rss"),
    (Library, "json"),
]
SOURCES = [source(), source(id="lake", location="https://lake.example/feed", url="https://lake.example/feed")]


def feed(numbers: Iterable[int], *, title: str = "River News", titles: dict[int, str] | None = None) -> str:
    """A publisher's feed with items of those numbers; each hour of February has one."""
    changed = titles or {}
    items = [
        item(
            number,
            title=changed.get(number, ""),
            date=f"{1 + number // 24:02} Feb 2026 {number % 24:02}:00:00 GMT",
        )
        for number in numbers
    ]
    return rss(*items, title=title)


async def seen(subscriber: Newsboat | Library) -> list[Shown]:
    """What the reader shows after it looked; thrice, since newsboat sends validators only from the third time."""
    for _ in range(3):
        await asyncio.to_thread(subscriber.reload)
    return subscriber.shown()


def once(shown: list[Shown]) -> set[str]:
    """The titles shown, none of them twice."""
    titles = [one.title for one in shown]
    assert len(titles) == len(set(titles)) == len({one.id for one in shown})
    return set(titles)


def reports(numbers: Iterable[int]) -> set[str]:
    return {f"Report {number}" for number in numbers}


@pytest.mark.parametrize(("kind", "extension"), READERS)
async def test_a_reader_shows_each_entry_once_and_misses_none(tmp_path: Path, kind: Subscriber, extension: str):
    async with planet(tmp_path, sources=SOURCES) as here:
        await here.poll("river", feed(range(20)))
        reader = kind(tmp_path / "reader", here.url(f"/all.{extension}"))
        first = await seen(reader)
        assert once(first) == reports(range(20))

        await here.poll("river", feed(range(5, 23)))
        assert once(await seen(reader)) == reports(range(23)), "new entries, and old ones that left the feed"

        await here.poll("river", feed(reversed(range(5, 23))))
        assert once(await seen(reader)) == reports(range(23)), "reordered"

        await here.poll("river", feed(range(5, 23), titles={20: "Corrected"}))
        edited = await seen(reader)
        assert once(edited) == reports(range(23)) - {"Report 20"} | {"Corrected"}
        ids = {one.id for one in edited}
        assert ids >= {one.id for one in first}

        await here.poll("lake", feed(range(100, 110), title="Lake News"))
        everything = reports({*range(23), *range(100, 110)} - {20}) | {"Corrected"}
        assert once(await seen(reader)) == everything, "another source, with the same numbers but ids of its own"
        await goes_on(here, reader, everything)


async def goes_on(here: Planet, reader: Newsboat | Library, everything: set[str]) -> None:
    """Copies, withdrawals, a restart, and retention."""
    await here.poll("lake", feed([*range(100, 110), 22, 112], title="Lake News"))
    everything |= {"Report 112"}
    assert once(await seen(reader)) == everything, "a copy of what the river has: shown once"

    await take_back(here, "urn:river:21")
    assert everything - {"Report 21"} <= once(await seen(reader)) <= everything, "withdrawn"

    await here.stop()
    await here.start()
    await here.poll("river", feed([*range(5, 21), 22], titles={20: "Corrected"}))
    assert everything - {"Report 21"} <= once(await seen(reader)) <= everything, "restarted"

    await forget(here)
    await here.poll("river", feed([*range(5, 21), 22], titles={20: "Corrected"}))
    await here.poll("lake", feed([*range(100, 110), 22, 112, 111], title="Lake News"))
    with capture_logs() as lines:
        shown = once(await seen(reader))
        assert everything - {"Report 21"} | {"Report 111"} <= shown <= everything | {"Report 111"}, "retention"
    # Both say that they need only what is new, and so get no more than that.
    assert 226 in {line.get("status") for line in lines}


async def take_back(here: Planet, name: str) -> None:
    """Its publisher takes an item back."""
    found = await here.store.item(name)
    assert found is not None
    here.at += HOUR
    (state,) = await here.store.claim([found.source_id], here.at, HOUR)
    gone = replace(found, withdrawn_at=here.at, changed_at=here.at)
    change = Change(item=gone, verdict=Verdict(kind="bumped", reason="taken back"))
    await here.store.commit(Update(state=state, changes=(change,), publications=("all",)))
    await here.publisher.publish_outdated()


async def forget(here: Planet) -> None:
    """Let retention pass over everything that is there."""
    here.at += 300 * DAY
    assert await let_go(here.store, here.at)
    await here.publisher.publish_outdated()


async def test_a_reader_that_was_away_finds_what_it_missed_in_the_archive(tmp_path: Path):
    short = Publication(id="all", title="Everything", limit=10)
    async with planet(tmp_path, short) as here:
        await here.poll("river", feed(range(8)))
        reader = Library(tmp_path / "reader", here.url("/all.atom"))
        await seen(reader)
        for hour in range(8, 200, 4):  # a month of news, four items at a time; the document holds ten
            await here.poll("river", feed(range(hour, hour + 4)), after=4 * HOUR)
        shown = await seen(reader)
        missed = reports(range(200)) - once(shown)
        assert missed
        pages = await here.store.archive_numbers("all")
        found: set[str] = set()
        for number in pages:
            archived = Library(tmp_path / f"page{number}", here.url(f"/all/archive/{number}.atom"))
            await asyncio.to_thread(archived.reload)
            found |= once(archived.shown())
        assert missed <= found
