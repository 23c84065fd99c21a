"""`withdraw:` in feeds.yaml: one item goes from every feed and page at once, and comes back as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.explain.report import Explanation, explain
from aggregator.model import Item, Publication
from aggregator.text.item_names import spellings
from tests.support.client import http_client
from tests.support.installation import item, rss
from tests.support.nouns import source
from tests.support.planet import DAY, HOUR, Planet, planet

ALL = Publication(id="all", title="Everything", limit=6, formats=("atom", "rss", "json"))
LAKE = source(id="lake", location="https://lake.example/", url="https://lake.example/")
SOURCES = (source(tags=("news",)), LAKE)
LONG = "The council of the town decided on Monday evening to build a bridge over the northern arm of the river. "
SAID = (
    LONG + "It is to cost four million and to be open in three years, as the mayor said after a long debate. " * 3
)
STORY = (
    f"<item><guid>https://{{}}.example/bridge</guid><title>A bridge for the town</title>"
    f"<link>https://{{}}.example/bridge</link><pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate>"
    f"<description>{SAID}</description></item>"
)


def bridge(name: str) -> str:
    return STORY.format(name, name)


def withdraw(here: Planet, *names: str) -> None:
    """An edit of feeds.yaml."""
    here.catalogue = replace(
        here.catalogue, withdrawn={one: 7 + line for line, name in enumerate(names) for one in spellings(name)}
    )


async def texts(here: Planet) -> dict[str, str]:
    """What everybody may read: feeds of every kind, the archive, the river."""
    numbers = await here.store.archive_numbers("all")
    paths = [f"/{name}.{form}" for name in ("all", "tag/news", "source/river") for form in ("atom", "rss", "json")]
    paths += [f"/all/archive/{number}.atom" for number in numbers] + ["/", "/all", "/tag/news", "/source/river"]
    paths += [f"/search{form}?q=Report" for form in ("", ".atom")]
    async with http_client(base_url=here.url("")) as client:
        return {path: (await client.get(path)).text for path in paths}


async def filled(here: Planet, last: int = 9) -> Item:
    """Some days of items; the one that is withdrawn later."""
    for number in range(1, last + 1):
        await here.poll("river", rss(*(item(one) for one in range(max(1, number - 3), number + 1))))
    return next(one for one in await here.store.latest(["river"], 20) if one.entry.title == title(min(5, last)))


def title(number: int) -> str:
    (found,) = re.findall("<title>(.*?)</title>", item(number))
    return found


NAMES: dict[str, Callable[[Item], str]] = {
    "its published id": lambda one: one.public_id,
    "the address of its page": lambda one: f"https://planet.example/story/{one.uid}",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
async def test_an_item_that_is_withdrawn_is_gone_from_every_feed_and_page_at_once(
    tmp_path: Path, name: Callable[[Item], str]
):
    async with planet(tmp_path, ALL, sources=SOURCES) as here:
        one = await filled(here)
        before = await texts(here)
        assert sum(title(5) in text for text in before.values()) > 9
        here.at += HOUR
        withdraw(here, name(one))
        await here.publisher.publish_outdated()
        after = await texts(here)
        assert [path for path, text in after.items() if title(5) in text] == []
        for path in ("/all.atom", "/tag/news.atom", "/source/river.atom"):
            assert f'deleted-entry ref="{one.public_id}" when="{here.at:%Y-%m-%dT%H:%M:%SZ}"' in after[path]
        async with http_client(base_url=here.url("")) as client:
            for path in (f"/story/{one.uid}", f"/story/{one.uid}.atom"):
                assert (await client.get(path)).status_code == 410
        told = await explain(one.public_id, here.store, here.catalogue)
        assert isinstance(told, Explanation)
        assert "`withdraw` in feeds.yaml, line 7" in (told.withdrawn or "")
        assert [(shown.holds, shown.rule) for shown in told.shown] == [(False, "withdrawn")]
        assert "`withdraw` in feeds.yaml, line 7" in told.shown[0].reason


async def test_it_stays_away_whatever_its_publisher_does_with_it(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=SOURCES) as here:
        one = await filled(here)
        withdraw(here, one.public_id)
        await here.publisher.publish_outdated()
        changed = (
            item(5).replace("</title>", " anew</title>").replace("<description>", "<description>More words. ")
        )
        await here.poll("river", rss(changed, item(9)))
        found = await here.store.item(one.uid)
        assert found is not None
        assert found.entry.title.endswith("anew"), "what it says is kept"
        await here.publisher.publish_outdated()
        assert [path for path, text in (await texts(here)).items() if "anew" in text or title(5) in text] == []


async def test_an_item_that_is_named_before_it_comes_is_never_shown(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=SOURCES) as here:
        await filled(here, 3)
        (address,) = re.findall("<link>(.*?)</link>", item(4))
        withdraw(here, address)
        await here.publisher.publish_outdated()
        await here.poll("river", rss(item(4), item(3)))
        assert await here.store.item(address) is not None
        assert [path for path, text in (await texts(here)).items() if title(4) in text] == []


async def test_what_is_withdrawn_no_more_comes_back_with_its_id_and_dates_in_its_old_place(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=SOURCES) as here:
        one = await filled(here)
        before = await texts(here)
        withdraw(here, one.public_id)
        await here.publisher.publish_outdated()
        here.at += DAY
        withdraw(here)
        await here.publisher.publish_outdated()
        after = await texts(here)
        for path in ("/source/river.json", "/tag/news.json", "/all.json"):
            shown = [re.sub('"next_url": ".*?"', "", text) for text in (before[path], after[path])]
            assert shown[0] == shown[1], "as if nothing had been, but for a page of the archive"
        again = await here.store.item(one.uid)
        assert again is not None
        assert (again.published, again.updated, again.withdrawn_at) == (one.published, one.updated, None)
        for number in range(10, 20):
            await here.poll("river", rss(*(item(n) for n in range(number - 3, number + 1))))
        pages = [text for path, text in (await texts(here)).items() if "/archive/" in path]
        assert sum(title(5) in page for page in pages) == 1, "a page of the archive has it again"


async def test_a_story_goes_on_with_the_words_of_those_that_are_left_under_the_id_that_it_had(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=SOURCES) as here:
        await here.poll("river", rss(bridge("river")))
        await here.poll("lake", rss(bridge("lake")))
        before = (await texts(here))["/all.json"]
        assert before.count("date_published") == 1
        assert "lake.example/bridge" in before
        withdraw(here, "https://river.example/bridge")
        await here.publisher.publish_outdated()
        after = await texts(here)
        assert after["/all.json"].count("date_published") == 1, "and no other entry is announced"
        ids = [re.findall(r'"id": "(.*?)"', text)[0] for text in (before, after["/all.json"])]
        assert ids[0] == ids[1]
        assert '"url": "https://river.example/bridge"' not in after["/all.json"]
        assert '"url": "https://lake.example/bridge"' in after["/all.json"]
        assert "bridge" not in after["/source/river.json"]
        withdraw(here, "https://river.example/bridge", "https://lake.example/bridge")
        await here.publisher.publish_outdated()
        assert [path for path, text in (await texts(here)).items() if "A bridge" in text] == []


async def test_what_its_publisher_took_back_too_does_not_come_back_with_the_editors_word(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=SOURCES) as here:
        one = await filled(here)
        gone = f'<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="{one.entry.id}"/>'
        await here.poll("river", rss(item(9)).replace("</channel>", f"{gone}</channel>"))
        taken = await here.store.item(one.uid)
        assert taken is not None
        assert taken.withdrawn_at is not None
        here.at += DAY
        for names in ((one.public_id,), ()):
            withdraw(here, *names)
            await here.publisher.publish_outdated()
            found = await here.store.item(one.uid)
            assert found is not None
            assert found.withdrawn_at == taken.withdrawn_at
