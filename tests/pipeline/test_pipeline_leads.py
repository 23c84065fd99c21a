"""A story is one entry, and the same one in documents, river, archive and `explain`, and on its page."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from aggregator.explain.report import Explanation, explain
from aggregator.model import Publication
from tests.pipeline.test_pipeline_comparing import named, report
from tests.support.client import http_client
from tests.support.installation import rss
from tests.support.planet import MINUTE, Planet, planet

NAMES = ("river", "lake", "sea")
HEADLINES = {
    "river": "Pier collapses in Varesh",
    "lake": "Varesh pier collapses",
    "sea": "Pier falls at Varesh",
}
Seen = tuple[str, str, str, tuple[str, ...]]


def sources(**priorities: int) -> list[Any]:
    return [named(name, tags=("news",), priority=priorities.get(name, 0)) for name in NAMES]


async def arrive(here: Planet, order: tuple[str, ...], hours: Mapping[str, int], gap: timedelta) -> None:
    """Each source brings its copy of the report, that much later than the one before; published after each."""
    for name in order:
        body = report(name, title=HEADLINES[name], hour=hours[name])
        await here.poll(name, body, after=gap, publish=bool(gap))
    await here.publisher.publish_outdated()


def in_atom(body: bytes) -> list[tuple[str, Seen]]:
    """(id, (title, source, date, other sources)) of the entries that tell of the pier."""
    found = []
    for entry in etree.fromstring(body).findall("{*}entry"):
        links = [link.get("title") or "" for link in entry.findall("{*}link")]
        also = tuple(title.removeprefix("Also at: ") for title in links if title.startswith("Also at: "))
        values = [entry.findtext(name) or "" for name in ("{*}title", "{*}source/{*}title", "{*}published")]
        if "Varesh" in values[0]:
            found.append((entry.findtext("{*}id") or "", (values[0], values[1], values[2], also)))
    return found


def on_page(page: str) -> Seen:
    """What the river's line or a story's page says."""
    title = re.search(r"<h[13][^>]*>\s*(?:<a[^>]*>)?([^<]*)", page)
    whose = re.search(r'class="source">([^<]*)', page)
    date = re.search(r'<time datetime="([^"]*)"', page)
    assert title is not None
    assert whose is not None
    assert date is not None
    also = tuple(re.findall(r"<bdi>([^<]*)</bdi></a>(?:[,:]| ?<q|</span>)", page))
    return html.unescape(title[1]), whose[1], date[1], also


async def everywhere(here: Planet) -> tuple[str, Seen]:
    """The id under which, and the words with which, the one story is shown; the same wherever it is."""
    async with http_client(base_url=here.url("/")) as client:
        ((identity, told),) = in_atom((await client.get("/all.atom")).content)
        assert in_atom((await client.get("/tag/news.atom")).content) == [(identity, told)]
        (in_json,) = (await client.get("/all.json")).json()["items"]
        assert (in_json["id"], in_json["title"]) == (identity, told[0])
        assert tuple(one["title"] for one in in_json.get("_entry", {}).get("also_at", ())) == told[3]
        (in_rss,) = etree.fromstring((await client.get("/all.rss")).content).iter("item")
        assert [in_rss.findtext(name) for name in ("guid", "title", "source")] == [identity, *told[:2]]
        (line,) = re.findall(r"<article>.*?</article>", (await client.get("/")).text, re.DOTALL)
        assert on_page(line) == told
        page = re.search(r'href="\./(story/[^"]*)"', line)
        assert page is not None
        declared = {source.id for source in here.catalogue.sources}
        uids = set()
        for name in declared:
            item = await here.store.item(f"https://{name}.example/1")
            assert item is not None
            uids.add(item.uid)
            shown = (await client.get(f"/story/{item.uid}")).text
            assert on_page(shown) == told
            assert f"<code>{identity}</code>" in shown
            assert len(in_atom((await client.get(f"/source/{name}.atom")).content)) == 1
            found = await explain(item.uid, here.store, here.catalogue)
            assert isinstance(found, Explanation)
            assert [(one.holds, one.entry) for one in found.shown] == [(True, identity)]
        assert page[1].removeprefix("story/") in uids
    return identity, told


async def identity_of(here: Planet, name: str) -> str:
    item = await here.store.item(f"https://{name}.example/1")
    assert item is not None
    return item.public_id


@pytest.mark.parametrize("order", [NAMES, NAMES[::-1]])
async def test_of_a_group_that_arrives_in_one_poll_the_first_published_leads_everywhere(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    async with planet(tmp_path, sources=sources()) as here:
        await arrive(here, order, {"river": 11, "lake": 9, "sea": 10}, timedelta())
        identity, told = await everywhere(here)
        assert identity == await identity_of(here, "lake")
        assert told[2] == "2026-03-01T09:00:00Z"


@pytest.mark.parametrize("best", NAMES)
async def test_of_a_group_of_one_poll_and_one_date_the_one_that_is_shown_leads(tmp_path: Path, best: str) -> None:
    async with planet(tmp_path, sources=sources(**{best: 1})) as here:
        await arrive(here, NAMES, dict.fromkeys(NAMES, 9), timedelta())
        identity, told = await everywhere(here)
        assert identity == await identity_of(here, best)
        assert told[:2] == (HEADLINES[best], best.title())


@pytest.mark.parametrize("order", list(permutations(NAMES))[::2])
async def test_of_a_group_that_arrives_over_several_polls_the_first_met_leads_everywhere(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    async with planet(tmp_path, sources=sources(lake=5)) as here:
        await arrive(here, order, {"river": 11, "lake": 10, "sea": 9}, 5 * MINUTE)
        identity, told = await everywhere(here)
        assert identity == await identity_of(here, order[0])
        assert told[:2] == (HEADLINES["lake"], "Lake"), "the source that the editor prefers has the word"
        assert set(told[3]) == {"River", "Sea"}


@pytest.mark.parametrize("gap", [timedelta(), 5 * MINUTE])
async def test_a_story_stays_one_and_itself_everywhere_when_the_source_that_led_it_is_removed(
    tmp_path: Path, gap: timedelta
) -> None:
    async with planet(tmp_path, sources=sources()) as here:
        await arrive(here, NAMES, {"river": 9, "lake": 10, "sea": 11}, gap)
        before = await everywhere(here)
        assert before[0] == await identity_of(here, "river")
        left = tuple(one for one in here.catalogue.sources if one.id != "river")
        here.catalogue = replace(here.catalogue, sources=left)
        await here.publisher.publish_outdated()
        identity, told = await everywhere(here)
        assert (identity, told[2]) == (before[0], before[1][2])
        assert {told[1], *told[3]} == {"Lake", "Sea"}


def notices(name: str) -> str:
    """A feed of twenty items that no other has."""
    items = (
        f"<item><guid>https://{name}.example/{number}</guid><title>Notice {number} of {name}</title>"
        f"<pubDate>Sun, 01 Mar 2026 12:{number:02}:00 GMT</pubDate></item>"
        for number in range(10, 30)
    )
    return rss("".join(items), title=name.title())


async def test_a_story_that_left_the_document_is_the_same_in_archive_and_on_later_pages(tmp_path: Path) -> None:
    short = Publication(id="all", title="Everything", limit=4)
    async with planet(tmp_path, short, sources=sources(lake=5)) as here:
        await arrive(here, NAMES, {"river": 9, "lake": 10, "sea": 11}, 5 * MINUTE)
        identity, told = await everywhere(here)
        for name in NAMES:
            await here.poll(name, notices(name), after=MINUTE)
        async with http_client(base_url=here.url("/")) as client:
            assert in_atom((await client.get("/all.atom")).content) == []
            numbers = await here.store.archive_numbers("all")
            pages = [(await client.get(f"/all/archive/{number}.atom")).content for number in numbers]
            assert [found for page in pages for found in in_atom(page)] == [(identity, told)]
            front = (await client.get("/")).text
            older = re.search(r'rel="next" href="(\?before=[^"]*)"', front)
            assert older is not None
            lines = re.findall(
                r"<article>.*?</article>", front + (await client.get(f"/{older[1]}")).text, re.DOTALL
            )
            assert [on_page(line) for line in lines if "Varesh" in line] == [told]
            found = await explain(identity, here.store, here.catalogue)
            assert isinstance(found, Explanation)
            assert [(one.entry, one.archived) for one in found.shown] == [(identity, True)]
