"""A database of every past release, read by this version: nothing is new, no id changes, no date moves.

`README.md` says how the next release's database is added.
"""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aggregator import catalogue
from aggregator.model import Catalogue, QueryRules, Source
from aggregator.pipeline import reading
from aggregator.publish.view import feed_id
from aggregator.store import open_store
from aggregator.text import permalinks, urlkeys, urls
from tests.upgrades.world import DAYS, World

HERE = Path(__file__).parent
RELEASES = sorted(path.parent for path in HERE.glob("*/store.db.gz"))
TRACKING = re.compile(r"utm_.*|msclkid|gclid|campaign", re.IGNORECASE)
"""Parameters of the world's links; `campaign` is one that no release took for tracking so far."""


def stored(database: Path) -> dict[str, tuple[Any, ...]]:
    """Uid -> what must stay of each item, and the story that it belongs to."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(
            "SELECT uid, public_id, published, updated, first_seen, revision, story FROM items"
        ).fetchall()
    return {row[0]: row[1:] for row in rows}


def shown(database: Path) -> dict[str, list[tuple[str, str, str]]]:
    """Publication -> (id, date of publication, date of change) of each entry of its document."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(
            "SELECT publication_id, body FROM documents WHERE format = 'json' AND publication_id NOT LIKE '%/%'"
        ).fetchall()
    return {
        name: sorted(
            (item["id"], item["date_published"], item.get("date_modified", ""))
            for item in json.loads(body)["items"]
        )
        for name, body in rows
    }


@asynccontextmanager
async def upgraded(database: Path) -> AsyncIterator[World]:
    """The world, and this version over the database."""
    store = open_store(f"sqlite:///{database}")
    await store.open()
    try:
        yield World(store=store, catalogue=catalogue.load(HERE / "feeds.yaml", {}))
    finally:
        await store.close()


@pytest.fixture(params=RELEASES, ids=lambda folder: folder.name)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The database of a past release."""
    path = tmp_path / "store.db"
    path.write_bytes(gzip.decompress((request.param / "store.db.gz").read_bytes()))
    return path


def learn_newer_rules(patch: pytest.MonkeyPatch, *, raised: bool) -> None:
    """Rules as a later version may have them: more tracking, in keys and in what is shown.

    The version of the reader is raised with them, or that is forgotten.
    """
    newest, ids = urlkeys.RULES[0], permalinks.RULES[0]
    former = urlkeys.RULES, permalinks.RULES
    patch.setattr(urlkeys, "RULES", (replace(newest, number=99, tracking=TRACKING), *former[0]))
    patch.setattr(permalinks, "RULES", (replace(ids, number=99, tracking=TRACKING), *former[1]))
    patch.setattr(urls, "is_tracking", lambda name, *_about: TRACKING.fullmatch(name) is not None)
    patch.setattr(reading, "READER_VERSION", reading.READER_VERSION + raised)


async def test_an_upgrade_announces_nothing(database: Path):
    items, documents = stored(database), shown(database)
    assert len(items) > 200
    assert sum(map(len, documents.values())) > 50
    async with upgraded(database) as world:
        assert await world.day(DAYS) == []
    assert stored(database) == items
    assert shown(database) == documents


@pytest.mark.parametrize("link", [None, "https://elsewhere.example/"])
async def test_feeds_keep_their_ids_also_when_the_address_of_the_site_is_another_one_from_now_on(
    database: Path, link: str | None
):
    async with upgraded(database) as world:
        found = world.catalogue
        asked = tuple(replace(one, formats=("atom",)) for one in found.publications)  # no other says its feed's id
        world.catalogue = replace(found, site=replace(found.site, link=link), publications=asked)
        await world.day(DAYS)
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT publication_id, body FROM documents WHERE format = 'atom'").fetchall()
    assert len(rows) == len(asked)
    for name, body in rows:
        assert re.findall(r"<id>(.*?)</id>", body.decode())[0] == feed_id(f"reader.example/{name}")


async def test_bytes_that_differ_and_say_the_same_announce_nothing(database: Path):
    items, documents = stored(database), shown(database)
    async with upgraded(database) as world:
        for day in range(3):
            assert await world.day(DAYS + day, note=f"build {day}") == []
    assert stored(database) == items
    assert shown(database) == documents


@pytest.mark.parametrize("raised", [True, False])
async def test_rules_of_a_later_version_announce_nothing(
    database: Path, monkeypatch: pytest.MonkeyPatch, *, raised: bool
):
    items, documents = stored(database), shown(database)
    learn_newer_rules(monkeypatch, raised=raised)
    async with upgraded(database) as world:
        for day in range(2):
            assert await world.day(DAYS + day, note=f"build {day}") == []
    assert stored(database) == items
    assert shown(database) == documents


@pytest.mark.parametrize("raised", [True, False])
async def test_nor_do_they_to_whoever_read_the_same_documents_with_this_version(
    database: Path, monkeypatch: pytest.MonkeyPatch, *, raised: bool
):
    items = stored(database)
    async with upgraded(database) as world:
        await world.day(DAYS)
        learn_newer_rules(monkeypatch, raised=raised)
        for day in range(1, 3):
            await world.day(DAYS + day, note=f"build {day}")
    assert stored(database) == items


def edited(change: Callable[[Source], Source]) -> Callable[[Catalogue], Catalogue]:
    """An edit of every source of feeds.yaml."""
    return lambda found: replace(found, sources=tuple(map(change, found.sources)))


EDITS: dict[str, Callable[[Catalogue], Catalogue]] = {
    "sources renamed": edited(lambda source: replace(source, id=f"{source.id}-2")),
    "addresses in another spelling": edited(
        lambda source: replace(source, id=f"{source.id}-2", location=source.location.replace("https:", "http:"))
    ),
    "told apart by address": edited(lambda source: replace(source, identity="url")),
    "told apart by title": edited(lambda source: replace(source, identity="title")),
    "told apart by id": edited(lambda source: replace(source, identity="id")),
    "a parameter is none": edited(lambda source: replace(source, query=QueryRules(drop=frozenset({"campaign"})))),
    "parameters are content": edited(
        lambda source: replace(source, query=QueryRules(keep=frozenset({"utm_source", "msclkid", "gclid"})))
    ),
    "nothing is said of parameters": edited(lambda source: replace(source, query=QueryRules())),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
async def test_an_edit_of_feeds_yaml_announces_nothing(database: Path, edit: Callable[[Catalogue], Catalogue]):
    items = stored(database)
    async with upgraded(database) as world:
        before = world.catalogue
        await world.day(DAYS)
        world.catalogue = edit(before)
        await world.day(DAYS + 1)
        await world.day(DAYS + 2, note="again")
        assert stored(database) == items
        world.catalogue = before
        await world.day(DAYS + 3)
    assert stored(database) == items


def wrong_dates(body: bytes) -> bytes:
    """Whatever is dated says the same day of long ago."""
    return re.sub(rb"<pubDate>[^<]*<", b"<pubDate>Mon, 01 Jan 2001 00:00:00 GMT<", body)


def no_dates(body: bytes) -> bytes:
    """Nothing is dated."""
    return re.sub(rb"<pubDate>[^<]*</pubDate>", b"", body)


@pytest.mark.parametrize("mishap", [wrong_dates, no_dates])
async def test_dates_that_are_wrong_for_a_day_make_no_item_new_and_move_none(
    database: Path, mishap: Callable[[bytes], bytes]
):
    items = stored(database)
    async with upgraded(database) as world:
        for day, happens in enumerate((mishap, mishap, None)):
            world.mishap = happens
            assert await world.day(DAYS + day, note=f"build {day}") == []
    assert stored(database) == items


async def test_titles_whose_characters_are_read_otherwise_are_those_of_known_items(
    database: Path, monkeypatch: pytest.MonkeyPatch
):
    items = stored(database)
    monkeypatch.setattr(reading, "READER_VERSION", reading.READER_VERSION + 1)
    async with upgraded(database) as world:
        world.mishap = lambda body: re.sub(
            rb"<title>[^<]*<", lambda found: found[0].replace(b"e", b"\xc3\xa9"), body
        )
        for day in range(2):
            assert await world.day(DAYS + day, note=f"build {day}") == []
    assert stored(database) == items


async def test_what_namespaces_say_is_filled_in_silently(database: Path):
    items, documents = stored(database), shown(database)
    async with upgraded(database) as world:
        world.mishap = lambda body: re.sub(
            rb"</(item|entry)>",
            rb"<itunes:season xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>7</itunes:season>"
            rb"<thr:total xmlns:thr='http://purl.org/syndication/thread/1.0'>5</thr:total></\1>",
            body,
        )
        for day in range(2):
            assert await world.day(DAYS + day, note=f"build {day}") == []
    assert stored(database) == items
    assert shown(database) == documents
    with closing(sqlite3.connect(database)) as connection:
        query = "SELECT body FROM documents WHERE format = 'json' AND publication_id = 'town'"
        (body,) = connection.execute(query).fetchone()
    for item in json.loads(body)["items"]:
        assert (item["_itunes"], item["_thr"]) == ({"season": ["7"]}, {"total": ["5"]})


def test_there_is_a_database_of_a_release():
    assert RELEASES
