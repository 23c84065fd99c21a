"""Publications that are renamed, taken out of feeds.yaml and put back: a subscriber notices a redirect at most."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import httpx

from aggregator.engine.files import Folder
from aggregator.model import Publication
from aggregator.store import open_store
from tests.support.client import http_client
from tests.support.installation import item, rss
from tests.support.planet import DAY, HOUR, Planet, planet

TOKEN = "a-token-of-16-characters"
OLD = Publication(id="old", title="News", limit=4, formats=("atom", "json"))
CLUB = Publication(id="club", title="Club", limit=4, formats=("atom",), tokens=(TOKEN,))
ALL = Publication(id="all", title="Everything", formats=("atom",))


def declare(here: Planet, *publications: Publication) -> None:
    here.catalogue = replace(here.catalogue, publications=publications)


async def read(here: Planet, path: str) -> httpx.Response:
    async with http_client(follow_redirects=True) as client:
        return await client.get(here.url(path))


def told(body: str) -> tuple[str, list[list[str]]]:
    """The feed's id, and the ids and dates of its entries."""
    head, *entries = body.split("<entry>")
    (feed,) = re.findall(r"<id>(.*?)</id>", head)
    return feed, [re.findall(r"<(?:id|published)>(.*?)</", entry)[:2] for entry in entries]


async def filled(here: Planet) -> None:
    for number in range(1, 10):
        await here.poll("river", rss(*(item(one) for one in range(max(1, number - 3), number + 1))))


async def test_a_renamed_publication_keeps_its_subscribers_its_ids_and_its_archive(tmp_path: Path):
    async with planet(tmp_path, OLD, CLUB, public=Folder(path=tmp_path / "public")) as here:
        await filled(here)
        paths = ("/old.atom", f"/{TOKEN}/club.atom", "/old/archive/2.atom")
        before = {path: told((await read(here, path)).text) for path in paths}
        assert all(feed and entries for feed, entries in before.values())
        here.at += DAY
        declare(here, replace(OLD, id="new", was=("old",)), replace(CLUB, id="team", was=("club",)))
        await here.publisher.publish_outdated()
        for path in paths:
            answer = await read(here, path)
            assert answer.history[0].status_code == 301
            assert told(answer.text) == before[path], path
        assert (await read(here, "/new.atom")).url.path == "/new.atom"
        assert (await read(here, "/club.atom")).status_code == 404
        files = {path.name for path in (tmp_path / "public").glob("*.atom")}
        assert files == {"new.atom", "old.atom"}, "a static host cannot redirect, and knows no tokens"
        await here.poll("river", rss(*(item(one) for one in range(7, 11))))
        feed, entries = told((await read(here, "/old.atom")).text)
        assert feed == before["/old.atom"][0]
        assert len([one for one in entries if one not in before["/old.atom"][1]]) <= 1, "what is new"

        declare(here, replace(OLD, was=("new",)))
        await here.publisher.publish_outdated()
        assert (await read(here, "/new.atom")).url.path == "/old.atom"
        assert told((await read(here, "/old.atom")).text) == (feed, entries)
        assert told((await read(here, "/old/archive/2.atom")).text) == before["/old/archive/2.atom"]


async def test_no_feed_of_any_kind_gets_another_id_when_the_address_of_the_site_is_set_later(
    tmp_path: Path,
):
    async with planet(tmp_path, OLD) as here:
        await filled(here)
        (story,) = [one.uid for one in await here.store.latest(["river"], 1)]
        paths = ("/old.atom", "/old/archive/1.atom", "/old/archive/2.atom", "/source/river.atom", "/status.atom")
        paths += (f"/story/{story}.atom",)
        before = {path: told((await read(here, path)).text)[0] for path in paths}
        assert len(set(before.values())) == len(paths) - 2, "an archive is its publication's"
        for link in ("https://planet.example/", "https://news.example/feeds/"):
            here.at += DAY
            here.catalogue = replace(here.catalogue, site=replace(here.catalogue.site, link=link))
            await here.publisher.publish_outdated()
            assert {path: told((await read(here, path)).text)[0] for path in paths} == before
        assert "https://news.example/feeds/old.atom" in (await read(here, "/old.atom")).text


async def test_no_two_installations_share_the_id_of_a_feed_though_they_say_the_same(tmp_path: Path):
    found = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        new = open_store(f"sqlite:///{tmp_path / name / 'planet.db'}")  # the tests' own are copies of one
        await new.open()
        await new.close()
        async with planet(tmp_path / name, OLD) as here:
            await filled(here)
            (story,) = [one.uid for one in await here.store.latest(["river"], 1)]
            for path in ("/old.atom", "/source/river.atom", "/status.atom", f"/story/{story}.atom"):
                found.add(told((await read(here, path)).text)[0])
    assert len(found) == 8


async def test_a_publication_that_is_away_for_a_month_comes_back_with_all_it_had(tmp_path: Path):
    async with planet(tmp_path, OLD, ALL) as here:
        await filled(here)
        before = {path: told((await read(here, path)).text) for path in ("/old.atom", "/old/archive/1.atom")}
        pages = await here.store.archive_numbers("old")
        created = await here.store.creation_date("old")
        declare(here, ALL)
        await here.publisher.publish_outdated()
        for path in before:
            assert (await read(here, path)).status_code == 404, "not 410: it may come back"
        here.at += 30 * DAY
        await here.store.prune(here.at - 31 * DAY)
        declare(here, OLD, ALL)
        await here.publisher.publish_outdated()
        assert {path: told((await read(here, path)).text) for path in before} == before
        assert (await here.store.archive_numbers("old"), await here.store.creation_date("old")) == (pages, created)
        declare(here, ALL)
        await here.publisher.publish_outdated()
        here.at += 32 * DAY
        await here.store.prune(here.at - 31 * DAY)
        assert await here.store.archive_numbers("old") == range(0), "in the end it goes"


async def test_a_private_publication_that_is_away_is_as_if_it_had_never_been(tmp_path: Path):
    async with planet(tmp_path, CLUB, ALL) as here:
        await filled(here)
        declare(here, ALL)
        await here.publisher.publish_outdated()
        nowhere = await read(here, "/nowhere.atom")
        for path in ("/club.atom", f"/{TOKEN}/club.atom"):
            assert (await read(here, path)).content == nowhere.content


async def test_two_publications_that_swap_their_ids_keep_their_own_histories_by_id(tmp_path: Path):
    """`was` cannot name an id that is in use, so that each address goes on meaning one thing."""
    one, two = replace(OLD, id="one"), replace(OLD, id="two", limit=2)
    async with planet(tmp_path, one, two) as here:
        await filled(here)
        before = [await here.store.archive_numbers(name) for name in ("one", "two")]
        here.at += HOUR
        declare(here, replace(two, id="one"), replace(one, id="two"))
        await here.publisher.publish_outdated()
        after = [await here.store.archive_numbers(name) for name in ("one", "two")]
        assert [pages.start for pages in after] == [pages.start for pages in before]
        assert all(new.stop >= old.stop for old, new in zip(before, after, strict=True))


async def test_retention_takes_no_entry_out_of_any_document(tmp_path: Path):
    async with planet(tmp_path, OLD, ALL) as here:
        await filled(here)
        paths = ("/old.atom", "/all.atom", "/source/river.atom")
        before = {path: (await read(here, path)).content for path in paths}
        await here.poll("river", rss(item(9)))
        here.at += 400 * DAY
        assert await here.store.prune(here.at - DAY) == 0, "all of it is shown in the feed of its source"
        await here.publisher.publish_outdated()
        assert {path: (await read(here, path)).content for path in paths} == before


async def test_the_feed_of_a_source_that_the_editor_renames_keeps_its_subscribers_and_its_id(tmp_path: Path):
    async with planet(tmp_path, ALL) as here:
        await filled(here)
        before = told((await read(here, "/source/river.atom")).text)
        everything = told((await read(here, "/all.atom")).text)
        (river,) = here.catalogue.sources
        for name in ("stream", "brook"):
            here.at += DAY
            here.catalogue = replace(here.catalogue, sources=(replace(river, id=name),))
            await here.publisher.publish_outdated()  # before anything is polled by the edited file
            answer = await read(here, "/source/river.atom")
            assert [one.status_code for one in answer.history] == [301]
            assert answer.url.path == f"/source/{name}.atom"
            assert told(answer.text) == before
            assert told((await read(here, "/all.atom")).text) == everything

        here.at += DAY
        other = replace(river, url="https://other.example/feed", location="https://other.example/feed")
        here.catalogue = replace(here.catalogue, sources=(replace(river, id="brook"), other))
        await here.store.register({"brook": here.at, "river": here.at}, (), here.at)
        await here.poll("river", rss(item(77)))
        answer = await read(here, "/source/river.atom")
        assert (answer.status_code, answer.history) == (200, []), "another source is called so now"
        assert told(answer.text)[0] != before[0], "no two feeds have one id"
        assert (await read(here, "/source/stream.atom")).url.path == "/source/brook.atom"
