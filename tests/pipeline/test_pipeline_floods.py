"""Sources that bring too much: it costs them, is told, and the rest of the river is on time."""

from __future__ import annotations

import random
from itertools import count
from pathlib import Path

import pytest

from aggregator.dedupe import floods
from aggregator.pipeline import comparing
from tests.support.installation import item, rss
from tests.support.nouns import source
from tests.support.planet import DAY, HOUR, planet

WORDS = [f"w{number:x}ord" for number in range(2000)]


def new_ids(numbers: count[int], many: int) -> str:
    """A document in which every item has a new id, address and text."""
    return rss(*(item(number, title=f"Flood {number}") for number, _ in zip(numbers, range(many), strict=False)))


def in_each_others_bands(many: int, base: list[str], chance: random.Random) -> str:
    """A document of long texts that differ from one another in some of their words."""

    def text() -> str:
        places = chance.sample(range(len(base)), 25)
        return " ".join(chance.choice(WORDS) if number in places else word for number, word in enumerate(base))

    return rss(*(item(n, title=" ".join(chance.sample(WORDS, 6)), text=text()) for n in range(many)))


async def test_new_ids_at_every_poll_end_at_the_days_bound_with_a_notice_and_others_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(floods, "MOST_A_DAY", 25)
    numbers = count(1)
    lake = source(id="lake", location="https://lake.example/feed", url="https://lake.example/feed")
    async with planet(tmp_path, sources=[source(), lake]) as here:
        for _ in range(5):
            update = await here.poll("river", new_ids(numbers, 10))
        states = await here.store.states()
        assert states["river"].items == 25
        assert update.state.notice is not None
        assert "more than 25 new items within a day" in update.state.notice
        assert (update.state.status, update.state.validators.etag) == ("ok", None)
        quiet = await here.poll("lake", rss(*(item(number) for number in range(900_000, 900_020))))
        assert (len(quiet.changes), quiet.state.notice) == (20, None)
        last = new_ids(numbers, 10)
        assert (await here.poll("river", last)).changes == ()
        update = await here.poll("river", last, after=DAY)  # the same document: it was not taken for read
        assert (len(update.changes), update.state.notice) == (10, None)


async def test_a_flood_that_takes_long_to_compare_lets_what_is_ready_be_published_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(comparing, "TURN", 0.0)
    chance = random.Random(7)
    base = chance.choices(WORDS, k=150)
    async with planet(tmp_path) as here:
        await here.poll("river", in_each_others_bands(20, base, chance), publish=False)
        left = []
        while (turn := await comparing.compare(here.store, here.catalogue, here)).items:
            left.append(len(await here.store.find_uncompared(500)))
            assert turn.items >= 1
        assert len(left) > 10, "each turn places one of those that have others near"
        assert left == sorted(left, reverse=True)
        assert left[-1] == 0


async def test_what_a_flood_costs_does_not_grow_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Counted, not timed: how many others are judged for one more item of a flood."""
    chance = random.Random(7)
    base = chance.choices(WORDS, k=150)
    looked: list[int] = []
    place = comparing.stories.place

    def counting(sighting, around, overrides):
        looked.append(len(around.candidates))
        return place(sighting, around, overrides)

    monkeypatch.setattr(comparing.stories, "place", counting)
    async with planet(tmp_path) as here:
        await here.poll("river", in_each_others_bands(120, base, chance), after=HOUR)
    assert len(looked) > 60
    assert max(looked) <= comparing.stories.REACH.of_source
