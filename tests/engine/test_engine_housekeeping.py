"""What is let go of for its age, and when the clock is not believed to tell that age."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from structlog.testing import capture_logs

from aggregator.engine.housekeeping import Housekeeping, is_doubtful
from aggregator.model import SourceState, TallyKey
from tests.pipeline.test_pipeline_refresh import HOUR, River, answer
from tests.support import databases
from tests.support.installation import item, rss
from tests.support.nouns import NOON

DAY = timedelta(days=1)


@pytest.fixture
async def river(tmp_path: Path) -> AsyncIterator[River]:
    """A source that has listed two items, and then one of them."""
    async with databases.opened(tmp_path / "river.db") as store:
        found = River(store=store)
        await store.register({found.source.id: NOON}, (), NOON)
        await found.poll(answer(rss(item(1), item(2))))
        await found.poll(answer(rss(item(1))))
        yield found


async def let_go(river: River, retain: timedelta | None = 30 * DAY) -> int:
    """How many items the store holds less after housekeeping."""
    before = (await river.store.states())["river"].items
    with capture_logs():
        await Housekeeping(river.store, river, retain=retain).run()
    return before - (await river.store.states())["river"].items


async def test_what_has_been_absent_for_long_is_let_go_of_unless_everything_is_kept(river: River):
    await river.poll(answer(rss(item(1))), after=29 * DAY)
    assert await let_go(river) == 0
    await river.poll(answer(rss(item(1))), after=2 * DAY)
    assert await let_go(river, None) == 0
    assert await let_go(river) == 1


async def test_after_months_without_a_poll_nothing_is_let_go_of_for_a_day_whoever_starts_meanwhile(river: River):
    await river.poll(answer(rss(item(1))), after=200 * DAY)
    assert await let_go(river) == 0
    await river.poll(answer(rss(item(1))), after=23 * HOUR)
    assert await let_go(river) == 0, "an hour later another process would know of no gap"
    await river.poll(answer(rss(item(1))), after=2 * HOUR)
    assert await let_go(river) == 1


async def test_a_store_above_its_ceiling_lets_go_of_what_left_gives_the_room_back_and_says_so(tmp_path: Path):
    path = tmp_path / "river.db"
    async with databases.opened(path) as store:
        river = River(store=store)
        await store.register({river.source.id: NOON}, (), NOON)
        heavy = {number: Random(number).randbytes(60_000).hex(" ", 6) for number in range(1, 60)}
        for first in range(1, 60, 10):
            shown = range(first, min(first + 10, 60))
            await river.poll(answer(rss(*(item(one, text=heavy[one]) for one in shown))))
        before, file = await store.size(), path.stat().st_size
        ceiling = before.used // 2
        with capture_logs() as logs:
            await Housekeeping(store, river, retain=None, max_size=ceiling).run()
        after = await store.size()
        kept = (await store.states())["river"].items
        assert await store.tallies() == {TallyKey(name="let_go", label="ceiling"): 59 - kept}
        assert after.used <= ceiling
        assert path.stat().st_size < file * 0.6, "the disk has it back"
        assert kept >= 9, "what is listed stays"
        (said,) = [line for line in logs if line["event"] == "pruned"]
        assert (said["log_level"], said["items"]) == ("warning", 59 - kept)
        with capture_logs() as logs:
            await Housekeeping(store, river, retain=None, max_size=ceiling).run()
        assert logs == [], "and then it is well"


async def test_what_is_listed_alone_is_too_much_is_said_loudly_and_polls_go_on(river: River):
    keeping = Housekeeping(river.store, river, retain=None, max_size=1)
    with capture_logs() as logs:
        await keeping.run()
        for _ in range(3):
            await keeping.hold_ceiling()
    loud = [line for line in logs if line["log_level"] == "error"]
    assert [line["event"] for line in loud] == ["store.max_size is exceeded"], "once an hour, not once a minute"
    assert "raise store.max_size" in loud[0]["remedy"]
    await river.poll(answer(rss(item(1), item(3))))
    assert (await river.store.states())["river"].items == 2


async def test_a_ceiling_is_held_though_the_clock_is_in_doubt_and_without_one_nothing_is_measured(river: River):
    with capture_logs():
        await Housekeeping(river.store, river, retain=30 * DAY, max_size=1).run(sure=False)
    assert (await river.store.states())["river"].items == 1
    river.store.size = None  # type: ignore[assignment,method-assign] # whoever asks it fails
    await Housekeeping(river.store, river, retain=None).hold_ceiling()


def test_a_poll_of_months_ahead_says_nothing_once_the_clock_is_set_back():
    ahead = SourceState(source_id="river", next_poll_at=NOON, resumed_at=NOON + 400 * DAY)
    assert not is_doubtful([ahead], NOON)
    assert is_doubtful([ahead], NOON + 400 * DAY)
