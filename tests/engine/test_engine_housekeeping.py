"""What is let go of for its age, and when the clock is not believed to tell that age."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from aggregator.engine.housekeeping import Housekeeping, is_doubtful
from aggregator.model import SourceState
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


def test_a_poll_of_months_ahead_says_nothing_once_the_clock_is_set_back():
    ahead = SourceState(source_id="river", next_poll_at=NOON, resumed_at=NOON + 400 * DAY)
    assert not is_doubtful([ahead], NOON)
    assert is_doubtful([ahead], NOON + 400 * DAY)
