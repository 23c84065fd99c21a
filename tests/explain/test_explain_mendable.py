"""What an editor can mend is said with the key to write, and nothing is said of what is as it should be."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.explain.advice import advise
from aggregator.model import Drop, Keep, Matcher, Publication, Source
from tests.support.installation import rss
from tests.support.nouns import NOON, source
from tests.support.planet import HOUR, Planet, planet

LONG = "The council decided on the bridge after a debate that took most of the night and two adjournments. " * 6
ALL = Publication(id="all", title="All")


def entry(
    number: int,
    at: datetime = NOON,
    *,
    zone: str = " GMT",
    text: str = LONG,
    title: str = "Title {}",
    host: str = "river.example",
) -> str:
    return (
        f"<item><guid isPermaLink='false'>{host}-{number}</guid><link>https://{host}/{number}</link>"
        f"<title>{title.format(number)}</title><pubDate>{at:%a, %d %b %Y %H:%M:%S}{zone}</pubDate>"
        f"<description>{text} Number {number * 7919}, said {number}.</description></item>"
    )


async def told(here: Planet, name: str = "river") -> tuple[str, ...]:
    return (await advise(here.catalogue, await here.store.states(), here.store)).get(name, ())


async def appear(here: Planet, off: timedelta, *, zone: str = "", gap: timedelta = HOUR, step: int = 7) -> None:
    """Nine items, each written some minutes before it is seen, in the publisher's own time."""
    there: list[str] = []
    for number in range(9):
        written = here.at + gap - timedelta(minutes=(number * step) % 50) + off
        there.insert(0, entry(number, written, zone=zone))
        await here.poll("river", rss(*there), gap, publish=False)


def river(**fields: object) -> Source:
    return source(**{"url": "https://river.example/feed", "location": "https://river.example/feed", **fields})


ZONES = [
    ("https://news.example.ir/feed", timedelta(hours=3, minutes=30), "3 h 30 min ahead of", "Asia/Tehran` would"),
    ("https://news.example.np/feed", timedelta(hours=5, minutes=45), "5 h 45 min ahead of", "Asia/Kathmandu`"),
    ("https://news.example.com/feed", timedelta(hours=9), "9 h ahead of", "`timezone: Asia/Tokyo` would fit."),
    ("https://news.example.com/feed", timedelta(hours=-5), "5 h behind", "`timezone: America/New_York` would fit"),
    ("https://news.example.co/feed", timedelta(hours=-5), "5 h behind", "`timezone: America/Bogota` would fit."),
    ("https://news.example.com/feed", timedelta(0), None, None),
    ("https://news.example.com/feed", timedelta(hours=16), None, None),
]


@pytest.mark.parametrize(("url", "off", "how", "fits"), ZONES)
async def test_dates_that_are_hours_off_are_told_with_the_zone_that_fits(
    tmp_path: Path, url: str, off: timedelta, how: str | None, fits: str | None
):
    async with planet(tmp_path, sources=[river(url=url, location=url)]) as here:
        await appear(here, off)
        hints = await told(here)
        if how is None or fits is None:
            assert hints == ()
        else:
            (hint,) = hints
            assert hint.startswith(
                f"Its dates name no zone and are read as UTC: its newest items are {how} the time"
            )
            assert fits in hint


async def test_what_follows_a_hint_is_silent(tmp_path: Path):
    async with planet(tmp_path, sources=[river(timezone="Asia/Tehran")]) as here:
        await appear(here, timedelta(hours=3, minutes=30))
        assert await told(here) == ()


async def test_a_zone_that_is_wrong_is_told_by_the_one_that_is_right(tmp_path: Path):
    async with planet(tmp_path, sources=[river(timezone="Europe/Berlin")]) as here:
        await appear(here, timedelta(hours=9))
        (hint,) = await told(here)
        assert "read as Europe/Berlin: its newest items are 8 h ahead of" in hint
        assert "`timezone: Asia/Tokyo` would fit." in hint


async def test_dates_that_name_their_zone_or_are_all_of_one_hour_tell_nothing_of_zones(tmp_path: Path):
    async with planet(tmp_path, sources=[river()]) as here:
        await appear(here, timedelta(hours=3, minutes=30), zone=" GMT")
        assert await told(here) == ()
    (tmp_path / "daily").mkdir()
    async with planet(tmp_path / "daily", sources=[river()]) as here:
        await appear(here, timedelta(hours=-5), gap=timedelta(days=1), step=0)
        assert await told(here) == (), "what is dated to its morning and comes at noon is no other zone's"


def filtered(*words: str, drop: bool = False) -> tuple[Keep | Drop, ...]:
    asked = tuple(Matcher(field="text", pattern=word, shown=word) for word in words)
    return (Drop(any_of=asked) if drop else Keep(any_of=asked),)


async def test_a_filter_that_lets_nothing_through_is_named_with_its_place(tmp_path: Path):
    async with planet(tmp_path, ALL, replace(ALL, id="python", filters=filtered("pyhton"))) as here:
        await here.poll("river", rss(*(entry(number) for number in range(6))))
        (hint,) = await told(here)
        assert hint == "`keep pyhton` under `publish.python.filter` lets none of its 6 newest items through."
        (plain,) = here.catalogue.sources
        here.catalogue = replace(here.catalogue, sources=(replace(plain, filters=filtered("council", drop=True)),))
        (hint,) = await told(here)
        assert hint == "`drop council` under `sources.river.filter` lets none of its 6 newest items through."
        here.catalogue = replace(here.catalogue, sources=(replace(plain, filters=filtered("said 3")),))
        assert [one for one in await told(here) if "sources" in one] == [], "one that lets something through"


async def test_a_source_that_only_repeats_another_is_told_once_of_the_two(tmp_path: Path):
    names = ("river", "lake")
    both = [
        source(id=name, url=f"https://{name}.example/feed", location=f"https://{name}.example/feed")
        for name in names
    ]
    async with planet(tmp_path, sources=both) as here:
        await here.poll("river", rss(*(entry(number) for number in range(7))))
        await here.poll("lake", rss(*(entry(number, host="lake.example") for number in range(6))))
        assert await told(here) == ()
        (hint,) = await told(here, "lake")
        assert hint.startswith("'river' has its 6 newest items too: remove it, or write `enabled: false`; or, ")
        assert hint.endswith("`priority: 1`.")
        own = (
            entry(number, host="lake.example", text="Nothing of it was said elsewhere.")
            for number in range(40, 46)
        )
        await here.poll("lake", rss(*own))
        assert await told(here, "lake") == (), "half of it is its own"


TEASERS: list[tuple[str, dict[str, str], bool]] = [
    ("The council decided [...]", {}, True),
    ("", {}, True),
    (LONG, {}, False),
    ("Just a note.", {"title": ""}, False),
]


@pytest.mark.parametrize(("text", "fields", "is_told"), TEASERS)
async def test_a_feed_of_teasers_is_told_what_brings_the_whole_texts(
    tmp_path: Path, text: str, fields: dict[str, str], *, is_told: bool
):
    async with planet(tmp_path, sources=[river()]) as here:
        listed = [re_said(entry(number, text=text, **fields)) for number in range(6)]  # type: ignore[arg-type]
        await here.poll("river", rss(*listed))
        hints = await told(here)
        assert [one for one in hints if "`content: full`" in one] == list(hints)
        assert bool(hints) == is_told
        for said in ({"content": "full"}, {"publish": "link"}, {"enabled": False}):
            here.catalogue = replace(here.catalogue, sources=(river(**said),))
            assert await told(here) == ()


def re_said(one: str) -> str:
    """Without what makes each text another one."""
    before, _, after = one.partition(" Number ")
    return before + after[after.index("</description>") :]


@pytest.mark.parametrize(("count", "items"), [(1, "1 item"), (4, "4 items")])
async def test_a_filter_that_let_nothing_through_yet_is_told_however_few_came_and_that_they_are_few(
    tmp_path: Path, count: int, items: str
):
    async with planet(tmp_path, sources=[river(filters=filtered("pyhton"))]) as here:
        await here.poll("river", rss(*(entry(number) for number in range(count))))
        (hint,) = await told(here)
        assert hint == (
            "`keep pyhton` under `sources.river.filter` has let nothing through yet: "
            f"{items} came so far, too few to tell whether any will pass."
        )
        here.catalogue = replace(here.catalogue, sources=(river(filters=filtered("said 0")),))
        assert await told(here) == (), "one that lets one through"


async def test_a_few_items_and_none_tell_nothing_but_that_a_filter_let_none_through(tmp_path: Path):
    async with planet(tmp_path, sources=[river(filters=filtered("nothing"))]) as here:
        assert await told(here) == (), "before anything came"
        here.catalogue = replace(here.catalogue, sources=(river(),))
        await here.poll("river", rss(*(re_said(entry(number, text="Short.")) for number in range(4))))
        assert await told(here) == ()
