"""What crawlers are told that they may read."""

from __future__ import annotations

import pytest

from aggregator.model import Publication
from aggregator.preview.robots import judge_robots
from tests.support.shelf import Shelf, catalogue, document, site

TOKEN = "a-token-of-some-length"
CATALOGUE = catalogue(
    Publication(id="all", title="All", paths=(("/rss20.xml", "rss"), ("/old/feed/", "atom"))),
    Publication(id="club", title="Club", tokens=(TOKEN,), paths=(("/club-feed.xml", "rss"),)),
)
WISHES = ("pages", "feeds")
FEEDS = (
    "/all.atom",
    "/all.rss",
    "/all.json",
    "/rss20.xml",
    "/old/feed/",
    "/all/archive/3.atom",
    "/source/river.rss",
    "/tag/far%2Foff.json",
    "/story/0123.atom",
    "/search.atom?q=tides&tag=news",
    "/sources.opml",
    f"/{TOKEN}/club.atom",
)
PAGES = ("/", "/all", "/source/river", "/tag/news", "/story/0123", "/about")
ENDLESS = (
    "/search?q=tides",
    "/?before=2026-03-01T12:00:00Z,0,0123",
    "/all?show=full",
    "/tag/news?show=full&before=2026-03-01T12:00:00Z,0,0123",
    "/about?host=example.org",
)


async def read(wish: str) -> bytes:
    async with site(Shelf(), CATALOGUE, robots=wish) as client:
        answer = await client.get("/robots.txt")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    return answer.content


def allowed(body: bytes, *paths: str) -> set[str]:
    return {path for path in paths if judge_robots(body, f"https://planet.example{path}").allowed is not False}


async def test_crawlers_may_read_what_the_settings_say():
    assert allowed(await read("pages"), *PAGES) == set(PAGES)
    assert allowed(await read("feeds"), *PAGES) == set()


@pytest.mark.parametrize("wish", WISHES)
async def test_feeds_are_open_to_readers_that_ask_robots_txt_first(wish: str):
    assert allowed(await read(wish), *FEEDS) == set(FEEDS)


@pytest.mark.parametrize("wish", WISHES)
async def test_nothing_sends_a_crawler_through_searches_and_older_pages(wish: str):
    assert allowed(await read(wish), *ENDLESS) == set()


@pytest.mark.parametrize("wish", WISHES)
async def test_robots_txt_names_nothing_private(wish: str):
    body = (await read(wish)).decode()
    assert "club" not in body
    assert TOKEN not in body


async def test_robots_txt_follows_feeds_yaml_and_is_kept_by_its_tag():
    now = [CATALOGUE]
    async with site(Shelf(), CATALOGUE, robots="feeds", catalogue=lambda: now[0]) as client:
        first = await client.get("/robots.txt")
        again = await client.get("/robots.txt", headers={"If-None-Match": first.headers["etag"]})
        now[0] = catalogue(Publication(id="all", title="All"))
        after = await client.get("/robots.txt", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code, after.status_code) == (200, 304, 200)
    assert "/rss20.xml" in first.text
    assert "/rss20.xml" not in after.text


async def test_a_publication_may_be_called_robots():
    found = catalogue(Publication(id="robots", title="News of robots"))
    async with site(Shelf(documents=[document("robots", "atom")]), found) as client:
        answers = [await client.get(f"/robots{ending}") for ending in ("", ".atom", ".txt")]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[2].text.startswith("User-agent: *")
