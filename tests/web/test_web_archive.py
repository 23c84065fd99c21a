"""Archive pages, and the feeds of tags, sources and stories: real server, real client."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import NoReturn

import pytest

from aggregator import publish
from aggregator.model import Drop, Matcher, Publication, Revision
from tests.support.nouns import NOON, entry, source
from tests.support.shelf import Shelf, catalogue, document, item, site

ALL = Publication(id="all", title="Everything", formats=("atom", "json"), sources=("river",))
CLUB = Publication(id="club", title="Club", tokens=("first-token",))
CATALOGUE = catalogue(
    ALL,
    CLUB,
    sources=[source(title="River News", tags=("water", "a/b ü")), source(id="den", tags=("secret",))],
)
PAGES = {
    (name, number, "atom"): document(f"{name}/archive/{number}", "atom")
    for name in ("all", "club")
    for number in (3, 4)
}
SHELF = Shelf(
    items=[item("one", title="A story"), item("two", source_id="den"), item("gone", withdrawn_at=NOON)],
    documents=[
        document(name, "atom")
        for name in ("tag/water", "tag/a%2Fb%20%C3%BC", "source/river", "source/den", "tag/secret")
    ],
    archive=PAGES,
    history={
        "one": tuple(
            Revision(number=n, seen_at=NOON + timedelta(hours=n), entry=entry(title=title), reason="r")
            for n, title in enumerate(["First wording", "A story"], 1)
        )
    },
)


async def test_a_page_is_served_like_a_document_and_kept_longer():
    page = PAGES["all", 3, "atom"]
    async with site(SHELF, CATALOGUE) as client:
        answer = await client.get("/all/archive/3.atom")
        again = await client.get("/all/archive/3.atom", headers={"If-None-Match": answer.headers["etag"]})
        coded = await client.get("/all/archive/3.atom", headers={"Accept-Encoding": "gzip"})
        head = await client.head("/all/archive/3.atom")
        other = await client.post("/all/archive/3.atom")
    assert (answer.status_code, answer.content) == (200, page.body)
    assert answer.headers["cache-control"] == "public, max-age=86400, stale-if-error=604800"
    assert answer.headers["content-type"] == page.media_type
    assert (again.status_code, head.status_code, other.status_code) == (304, 200, 405)
    assert coded.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/all/archive/1.atom", 410),
        ("/all/archive/5.atom", 404),
        ("/all/archive/0.atom", 404),
        ("/all/archive/3.json", 404),
        ("/all/archive/3.rss", 404),
        ("/all/archive/99999999999999999999.atom", 404),
        ("/all/archive/x.atom", 404),
        ("/none/archive/3.atom", 404),
        ("/club/archive/3.atom", 404),
        ("/wrong/club/archive/3.atom", 404),
        ("/first-token/all/archive/3.atom", 404),
        ("/first-token/club/archive/3.atom", 200),
        ("/first-token/club/archive/1.atom", 410),
    ],
)
async def test_pages_that_are_not_there_or_not_for_everybody(path: str, status: int):
    async with site(SHELF, CATALOGUE) as client:
        answer = await client.get(path)
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tag/water.atom", 200),
        ("/tag/a%2Fb%20%C3%BC.atom", 200),
        ("/source/river.atom", 200),
        ("/source/river.rss", 503),
        ("/tag/secret.atom", 404),
        ("/source/den.atom", 404),
        ("/tag/none.atom", 404),
        ("/source/none.atom", 404),
        ("/tag/water.xml", 404),
    ],
)
async def test_feeds_of_tags_and_sources_are_served_to_everybody_and_private_ones_to_nobody(
    path: str, status: int
):
    async with site(SHELF, CATALOGUE) as client:
        answer = await client.get(path)
        authorised = await client.get(path, headers={"Authorization": "Bearer first-token"})
    assert answer.status_code == authorised.status_code == status
    if status == 200:
        assert answer.headers["cache-control"] == "public, max-age=300, stale-if-error=86400"


async def test_a_story_s_feed_holds_what_it_said_over_time():
    async with site(SHELF, CATALOGUE) as client:
        answer = await client.get("/story/one.atom")
        again = await client.get("/story/one.atom", headers={"If-None-Match": answer.headers["etag"]})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert re.findall(r"    <title>(.*)</title>\n    <updated>", answer.text) == ["A story", "First wording"]
    assert again.status_code == 304


@pytest.mark.parametrize(("uid", "status"), [("two", 404), ("none", 404), ("urn:uuid:one", 404), ("gone", 410)])
async def test_a_story_that_nobody_may_see_has_no_feed(uid: str, status: int):
    async with site(SHELF, CATALOGUE) as client:
        assert (await client.get(f"/story/{uid}.atom")).status_code == status


async def test_a_story_that_every_public_filter_drops_has_no_feed():
    filters = (Drop(any_of=(Matcher(field="title", pattern="story", shown="story"),)),)
    strict = Publication(id="all", title="All", sources=("river",), filters=filters)
    async with site(SHELF, catalogue(strict, sources=CATALOGUE.sources)) as client:
        assert (await client.get("/story/one.atom")).status_code == 404


async def test_pages_for_people_name_these_feeds():
    async with site(SHELF, CATALOGUE) as client:
        story = (await client.get("/story/one")).text
        river = (await client.get("/")).text
        for page, at in ((story, "../"), (river, "./")):
            links = re.findall(r'<link rel="alternate" type="[^"]*" title="([^"]*)" href="([^"]*)">', page)
            assert ("water (Atom)", f"{at}tag/water.atom") in links
            assert not any("secret" in title or "den" in href for title, href in links)
            for _, href in links:
                path = href.removeprefix(at)
                assert (await client.get(f"/{path}")).status_code in {200, 503}, href
    assert 'href="../story/one.atom"' in story
    assert 'href="../source/river.atom"' in story


async def test_the_web_renders_none_of_what_the_worker_has_rendered(monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object) -> NoReturn:
        raise AssertionError("the web renders")

    for name in ("render", "render_all"):
        monkeypatch.setattr(publish, name, refused)
    paths = ("/all/archive/3.atom", "/tag/water.atom", "/source/river.atom", "/first-token/club/archive/3.atom")
    async with site(SHELF, CATALOGUE) as client:
        got = [await client.get(path) for path in (*paths, "/story/one.atom")]
    stored = {document.body for document in (*SHELF.documents, *PAGES.values())}
    assert [answer.status_code for answer in got] == [200] * len(paths) + [500], (
        "a story's feed is made when asked for"
    )
    assert {answer.content for answer in got[:-1]} <= stored
