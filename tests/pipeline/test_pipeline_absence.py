"""Which readings say that an item has left its feed, and which say nothing of the kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from aggregator import dedupe
from aggregator.model import Blocked, Failed, FetchResult, Gone, Throttled, Unchanged, Validators
from aggregator.pipeline import absence
from tests.pipeline.test_pipeline_refresh import HOUR, River, answer
from tests.support import databases
from tests.support.installation import item, rss
from tests.support.nouns import NOON, source

DAY = 24 * HOUR
BOTH = answer(rss(item(1), item(2)))
ONE = answer(rss(item(1)))


@pytest.fixture
async def river(tmp_path: Path) -> AsyncIterator[River]:
    async with databases.opened(tmp_path / "river.db") as store:
        found = River(store=store)
        await store.register({found.source.id: NOON}, (), NOON)
        yield found


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


def delta(*numbers: int) -> FetchResult:
    """An answer that holds only what is new since the last one."""
    return replace(answer(rss(*(item(number) for number in numbers))), status=226)


def cut(*numbers: int) -> FetchResult:
    """A feed that breaks off behind some items."""
    return answer(rss(*(item(number) for number in numbers)).partition("</channel>")[0])


@pytest.mark.parametrize("partly", [delta, cut])
async def test_a_source_that_never_gives_a_whole_list_is_not_stored_for_ever(river: River, partly):
    await river.poll(partly(2, 1))
    for number in range(absence.OFTEN - 1):
        await river.poll(partly(100 + number, 2), after=2 * DAY)
    assert await absences(river) == {"Report 1": None, "Report 2": None}
    await river.poll(partly(300, 2), after=2 * DAY)
    assert await absences(river) == {"Report 1": river.time, "Report 2": None}
    last = await river.store.item("urn:river:100")
    assert last is not None
    assert last.absent_since is None, "it was listed too lately"
    assert await river.store.prune(river.time + HOUR) == 1
    await river.poll(partly(301, 1), after=2 * DAY)
    assert (await absences(river))["Report 1"] is None


async def test_many_partial_readings_in_a_short_time_say_nothing_yet(river: River):
    await river.poll(BOTH)
    for number in range(3 * absence.OFTEN):
        await river.poll(delta(100 + number))
    assert await since(river) == [None, None]
    await river.poll(delta(300), after=absence.LONG)
    assert await since(river) == [river.time] * 2


@pytest.mark.parametrize(
    "result",
    [
        Failed(trouble="timeout", message="It took too long."),
        Unchanged(url="https://example.org/feed", validators=Validators()),
        delta(),
        answer(rss().partition("</channel>")[0]),
        cut(2),
    ],
    ids=["down", "unchanged", "nothing new", "broken off at once", "the same bytes"],
)
async def test_what_lists_nothing_takes_nothing_from_a_source_of_partial_lists(river: River, result: FetchResult):
    for number in range(3):
        await river.poll(cut(2, number))
    await river.poll(cut(2))
    for _ in range(2 * absence.OFTEN):
        await river.poll(result, after=30 * DAY)
    assert set(await since(river)) == {None}


async def test_a_whole_list_ends_the_doubt(river: River):
    await river.poll(BOTH)
    for number in range(absence.OFTEN - 1):
        await river.poll(delta(100 + number), after=2 * DAY)
    await river.poll(answer(rss(item(1), item(500))))
    assert await since(river) == [None, river.time]
    await river.poll(delta(600), after=40 * DAY)
    assert (await since(river))[0] is None, "it counts from anew"


async def test_what_is_listed_again_after_its_text_was_let_go_of_is_shown_again_as_if_it_had_never_left(
    river: River,
):
    await river.poll(BOTH)
    before = await river.store.item("urn:river:2")
    await river.poll(ONE)
    assert await river.store.prune(river.time + HOUR) == 1
    await river.poll(answer(rss(item(1), item(3))), after=200 * DAY)
    update = await river.poll(answer(rss(item(2), item(3))))
    assert [change.verdict.kind for change in update.changes] == ["bumped"]
    after = await river.store.item("urn:river:2")
    assert before is not None
    assert after is not None
    assert after == replace(before, entry=replace(before.entry, position=0), changed_at=river.time)
    assert after.uid in {one.uid for one in await river.store.latest(["river"], 10)}
    await river.poll(ONE)
    assert await river.store.prune(river.time + HOUR) == 2, "and it can be let go of again"
