"""Which readings say that an item has left its feed, and which say nothing of the kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from aggregator import dedupe
from aggregator.model import Blocked, Failed, FetchResult, Gone, Throttled, Unchanged, Validators
from aggregator.store import open_store
from tests.pipeline.test_pipeline_refresh import HOUR, River, answer
from tests.support.installation import item, rss
from tests.support.nouns import NOON, source

DAY = 24 * HOUR
BOTH = answer(rss(item(1), item(2)))
ONE = answer(rss(item(1)))


@pytest.fixture
async def river(tmp_path: Path) -> AsyncIterator[River]:
    store = open_store(f"sqlite:///{tmp_path}/river.db")
    await store.open()
    found = River(store=store)
    await store.register({found.source.id: NOON}, (), NOON)
    yield found
    await store.close()


async def absences(river: River) -> dict[str, datetime | None]:
    """By title; of all items, pruned or not."""
    found = [await river.store.item(f"urn:river:{number}") for number in range(1, 4)]
    return {one.entry.title: one.absent_since for one in found if one is not None}


async def since(river: River) -> list[datetime | None]:
    return list((await absences(river)).values())


async def test_a_feed_without_an_item_says_since_when_it_is_gone(river: River):
    await river.poll(BOTH)
    assert await since(river) == [None, None]
    await river.poll(ONE)
    left = river.time
    await river.poll(answer(rss(item(1), item(3))))
    assert await since(river) == [None, left, None]
    await river.poll(BOTH)
    assert await since(river) == [None, None, river.time]


async def test_a_feed_that_is_empty_for_a_day_loses_nothing(river: River):
    await river.poll(BOTH)
    await river.poll(answer(rss()))
    assert await since(river) == [river.time] * 2
    assert await river.store.prune(river.time) == 0
    await river.poll(BOTH, after=DAY)
    assert await since(river) == [None, None]


@pytest.mark.parametrize(
    "result",
    [
        Unchanged(url="https://example.org/feed", validators=Validators()),
        BOTH,
        Failed(trouble="timeout", message="It took too long."),
        Failed(trouble="http", message="It answered 500.", status=500),
        Gone(message="It is gone."),
        Blocked(message="It is forbidden."),
        Throttled(status=429, retry_at=None, message="Not so often."),
        answer("<html><body>Nothing to see</body></html>", content_type="text/html"),
        answer(""),
    ],
    ids=lambda result: type(result).__name__,
)
async def test_what_brings_no_other_list_makes_nothing_absent_in_a_year(river: River, result: FetchResult):
    await river.poll(BOTH)
    for _ in range(12):
        await river.poll(result, after=30 * DAY)
    assert await since(river) == [None, None]
    assert await river.store.prune(river.time) == 0


@pytest.mark.parametrize(
    "partial",
    [
        replace(ONE, status=226),
        answer(rss(item(1)).partition("</channel>")[0]),
        answer(rss(item(1), *(item(number) for number in range(1000, 2100)))),
    ],
    ids=["only what is new", "broken off", "longer than we read"],
)
async def test_what_is_no_whole_list_says_nothing_of_the_others(river: River, partial: FetchResult):
    await river.poll(BOTH)
    await river.poll(partial)
    assert (await since(river))[:2] == [None, None]
    await river.poll(answer(rss(item(2))))
    left = river.time
    await river.poll(partial)
    assert (await since(river))[:2] == [None, None], "but of those that it has"
    assert left != NOON


async def test_an_entry_that_is_held_back_may_be_any_item(river: River, monkeypatch: pytest.MonkeyPatch):
    await river.poll(BOTH)
    decide = dedupe.decide
    monkeypatch.setattr(dedupe, "decide", lambda *given: replace(decide(*given), sure=False))
    await river.poll(ONE)
    assert await since(river) == [None, None]


async def test_another_address_is_another_list(river: River):
    await river.poll(BOTH)
    river.source = source(location="https://elsewhere.example/feed", url="https://elsewhere.example/feed")
    await river.poll(ONE)
    assert await since(river) == [None, river.time]
