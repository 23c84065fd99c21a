"""`path:` in feeds.yaml: a planet that moves here goes on answering at the addresses that its subscribers have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

from starlette.routing import Route

from aggregator.catalogue.build import RESERVED
from aggregator.catalogue.further_paths import format_of
from aggregator.engine.files import Folder
from aggregator.model import Publication
from aggregator.web import create_app
from tests.support.client import http_client
from tests.support.installation import item, rss
from tests.support.planet import planet

TOKEN = "a-token-of-16-characters"
PATHS = (("/rss20.xml", "rss"), ("/planet/atom.xml", "atom"), ("/feed/", "atom"))
PLANET = Publication(id="all", title="Planet", paths=PATHS)
CLUB = Publication(id="club", title="Club", paths=(("/club.xml", "rss"),), tokens=(TOKEN,))


async def test_a_further_path_answers_with_the_very_document_of_the_publications_own_address(tmp_path: Path):
    async with planet(tmp_path, PLANET) as here, http_client(base_url=here.url("")) as client:
        await here.poll("river", rss(item(1)))
        for path, form in PATHS:
            found, own = await client.get(path), await client.get(f"/all.{form}")
            assert (found.status_code, found.content) == (200, own.content)
            assert found.headers["content-type"] == own.headers["content-type"]
            assert found.headers["etag"] == own.headers["etag"]
            again = await client.get(path, headers={"If-None-Match": found.headers["etag"]})
            assert again.status_code == 304
        for path in ("/rss20.xml/", "/planet/", "/feed", "/RSS20.xml"):
            assert (await client.get(path)).status_code == 404
        await here.poll("river", rss(item(2), item(1)))
        assert (await client.get("/rss20.xml")).content == (await client.get("/all.rss")).content != own.content


async def test_a_further_path_of_a_private_publication_asks_for_the_token(tmp_path: Path):
    async with planet(tmp_path, PLANET, CLUB) as here, http_client(base_url=here.url("")) as client:
        await here.poll("river", rss(item(1)))
        nowhere = await client.get("/nowhere.xml")
        shut = await client.get("/club.xml")
        assert (shut.status_code, shut.content) == (404, nowhere.content)
        opened = await client.get("/club.xml", auth=("anybody", TOKEN))
        assert opened.content == (await client.get(f"/{TOKEN}/club.rss")).content
        assert opened.headers["cache-control"] == "private, no-store"


async def test_files_lie_at_further_paths_too_as_long_as_feeds_yaml_says_so(tmp_path: Path):
    public = tmp_path / "public"
    async with planet(tmp_path, PLANET, CLUB, public=Folder(path=public)) as here:
        await here.poll("river", rss(item(1)))
        assert (public / "rss20.xml").read_bytes() == (public / "all.rss").read_bytes()
        assert (public / "planet/atom.xml").read_bytes() == (public / "all.atom").read_bytes()
        assert not (public / "feed").exists(), "what ends with a slash is for a server to answer"
        assert not (public / "club.xml").exists()
        await here.poll("river", rss(item(2), item(1)))
        assert (public / "rss20.xml").read_bytes() == (public / "all.rss").read_bytes()
        here.catalogue = replace(here.catalogue, publications=(replace(PLANET, paths=()),))
        await here.publisher.publish_outdated()
        assert sorted(path.name for path in public.iterdir() if path.suffix == ".xml") == []
        assert not (public / "planet").exists()


def test_the_name_of_a_path_tells_its_format_and_else_the_first_that_there_is_holds():
    told = {"/rss20.xml": "rss", "/planet/atom.xml": "atom", "/feed.json": "json", "/feeds/rss/": "rss"}
    assert {path: format_of(path, ("atom", "rss", "json")) for path in told} == told
    assert format_of("/index.xml", ("rss", "atom")) == "rss"
    assert format_of("/atom/index.xml", ("json",)) == "json"


def test_no_publication_and_no_further_path_can_take_the_place_of_a_page_of_ours():
    app = create_app(Mock(status_token=None))
    paths = [route.path for route in app.routes if isinstance(route, Route)]
    # A publication may be called robots: its addresses end otherwise, and as a further path robots.txt is refused.
    first = {path.split("/")[1].partition(".")[0] for path in paths if path != "/robots.txt"}
    assert {word for word in first if word and "{" not in word} <= RESERVED
