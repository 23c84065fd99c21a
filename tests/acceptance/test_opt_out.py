"""`opt_out:` in feeds.yaml: of a host that asked not to be read nothing is asked any more, nor shown."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from aggregator.catalogue.opt_outs import heed
from aggregator.explain.report import Explanation, explain
from aggregator.model import Publication
from tests.acceptance.test_withdrawing import LAKE, SAID, bridge, texts
from tests.support.client import http_client
from tests.support.commands import Commands
from tests.support.installation import item, rss
from tests.support.nouns import source
from tests.support.planet import DAY, HOUR, Planet, planet
from tests.support.publisher import Publisher, publishing
from tests.support.waiting import wait

ALL = Publication(id="all", title="Everything", limit=20, formats=("atom", "rss", "json"))
SOURCES = (source(tags=("news",), location="https://river.example/", url="https://river.example/"), LAKE)


def carried(host: str, number: int, title: str = "Report carried") -> str:
    """An item of some host, as anybody may pass it on."""
    return (
        f"<item><title>{title} {number}</title><guid>https://{host}/c/{number}</guid>"
        f"<link>https://{host}/c/{number}</link><pubDate>Sun, 01 Mar 2026 {number:02}:00:00 GMT</pubDate>"
        f"<description>Number {number} of what the port authority counted on its quays.</description></item>"
    )


def opt_out(here: Planet, hosts: Mapping[str, int | None]) -> None:
    """An edit of feeds.yaml."""
    sources = tuple(heed(replace(one, enabled=True, opted_out=None), hosts) for one in here.catalogue.sources)
    here.catalogue = replace(here.catalogue, opted_out=hosts, sources=sources)


async def filled(here: Planet) -> None:
    """The river has reports of its own; the lake some of its own, and some that it has from the river's site."""
    for number in range(1, 7):
        await here.poll("river", rss(*(item(one) for one in range(max(1, number - 2), number + 1))))
    await here.poll("lake", rss(carried("www.river.example", 1), carried("lake.example", 2, "Report of its own")))


async def test_all_that_is_of_the_host_leaves_every_feed_and_page_whoever_carries_it_and_comes_back_as_it_was(
    tmp_path: Path,
):
    async with planet(tmp_path, ALL, sources=SOURCES) as here:
        await filled(here)
        before = await texts(here)
        theirs = re.findall("<title>(Report \\d)</title>", before["/all.atom"])
        assert len(set(theirs)) == 6
        assert "Report carried 1" in before["/all.atom"]
        here.at += HOUR
        opt_out(here, {"river.example": 3})
        await here.publisher.publish_outdated()
        after = await texts(here)
        said = "|".join((*theirs, "Report carried"))
        assert [path for path, text in after.items() if re.search(said, text)] == []
        assert "Report of its own 2" in after["/all.atom"]
        assert after["/all.atom"].count("deleted-entry ref=") == 7
        assert after["/source/river.atom"].count("deleted-entry ref=") == 6, "its subscribers are told, too"
        async with http_client(base_url=here.url("")) as client:
            assert (await client.get("/sources.opml")).text.count("xmlUrl") == 1
        here.at += DAY
        opt_out(here, {})
        await here.publisher.publish_outdated()
        again = await texts(here)
        for path in ("/all.atom", "/all.rss", "/all.json", "/source/river.json", "/tag/news.atom"):
            assert again[path] == before[path], "the same ids, the same dates: nobody's reader takes it for new"


async def test_a_story_goes_on_with_the_copies_that_others_have_of_it(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=SOURCES) as here:
        await here.poll("river", rss(bridge("river")))
        await here.poll("lake", rss(bridge("lake")))
        before = (await texts(here))["/all.json"]
        opt_out(here, {"river.example": 1})
        await here.publisher.publish_outdated()
        after = (await texts(here))["/all.json"]
        assert after.count("date_published") == 1
        ids = [re.findall(r'"id": "(.*?)"', text)[0] for text in (before, after)]
        assert ids[0] == ids[1], "and is announced to nobody as another one"
        assert '"url": "https://river.example/bridge"' not in after
        assert '"url": "https://lake.example/bridge"' in after
        assert SAID[:40] in after


async def test_what_others_carry_of_the_host_later_is_never_shown_and_no_reader_hears_of_it(tmp_path: Path):
    async with planet(tmp_path, ALL, sources=SOURCES) as here:
        opt_out(here, {"site.example": 7})
        await here.poll("lake", rss(carried("blog.site.example", 1), carried("lake.example", 2)))
        found = await texts(here)
        assert "Report carried 2" in found["/all.atom"]
        assert [path for path, text in found.items() if "Report carried 1" in text] == []
        assert "deleted-entry" not in found["/all.atom"], "what nobody was shown need not be taken back"
        told = await explain("https://blog.site.example/c/1", here.store, here.catalogue)
        assert isinstance(told, Explanation)
        assert "site.example asked not to be read (`opt_out` in feeds.yaml, line 7)" in (told.withdrawn or "")
        assert [(shown.holds, shown.rule) for shown in told.shown] == [(False, "withdrawn")]


async def test_a_text_that_was_read_on_the_host_goes_though_the_address_of_its_item_is_elsewhere(tmp_path: Path):
    lake = replace(LAKE, content="full")
    whole = "".join(f"<p>Quay {n} was measured anew by {n} men, a boat and an okapi.</p>" for n in range(2, 20))
    led = "https://www.site.example/t1.html", f"<html><body><article>{whole}</article></body></html>".encode()
    async with planet(tmp_path, ALL, sources=(SOURCES[0], lake)) as here:
        here.articles["https://lake.example/c/1"] = led
        here.articles["https://lake.example/c/2"] = (
            "https://lake.example/c/2",
            led[1].replace(b"okapi", b"heron"),
        )
        await here.poll("lake", rss(carried("lake.example", 1), carried("lake.example", 2)))
        before = await texts(here)
        assert "okapi" in before["/all.atom"]
        assert "heron" in before["/all.atom"]
        opt_out(here, {"site.example": 9})
        await here.publisher.publish_outdated()
        after = await texts(here)
        assert [path for path, text in after.items() if re.search("okapi|Report carried 1", text)] == []
        assert "heron" in after["/all.atom"]
        assert after["/all.atom"].count("deleted-entry ref=") == 1
        told = await explain("https://lake.example/c/1", here.store, here.catalogue)
        assert isinstance(told, Explanation)
        assert "site.example asked not to be read (`opt_out` in feeds.yaml, line 9)" in (told.withdrawn or "")
        opt_out(here, {})
        await here.publisher.publish_outdated()
        assert (await texts(here))["/all.atom"] == before["/all.atom"]


FEEDS = """\
defaults: {{ every: 1m }}
sources:
  asked: {host}/feed
  page: {{ page: '{host}/news' }}
  moved: {own}/moved
  teasers: {{ url: '{own}/teasers', content: full }}
  own: {own}/feed
lists:
  list: {host}/opml
"""
SETTINGS = """\
fetch: { allow_networks: [127.0.0.0/8, '::1/128'], host_gap: 0s, min_interval: 1s }
"""


def put_up(own: Publisher, asked: Publisher) -> str:
    """A site, and another one that leads to it in several ways; the address of the first, by a name of its own."""
    host = f"http://localhost:{asked.port}"
    asked.put("/feed", rss(item(1), title="Asked"))
    asked.put("/elsewhere", rss(item(2), title="Asked"))
    asked.put("/opml", "<opml version='2.0'><body/></opml>")
    links = "".join(f"<article><h2><a href='/a/{n}'>Article number {n}</a></h2></article>" for n in range(5))
    asked.put("/news", f"<html><body>{links}</body></html>", "text/html")
    for number in range(9):
        text = f"Quay {number} of the harbour was measured anew by {number} men and a boat. " * 5
        asked.put(f"/a/{number}", f"<html><body><article><p>{text}</p></article></body></html>", "text/html")
    own.moved["/moved"] = f"{host}/elsewhere"
    teaser = f"<item><title>Teased</title><link>{host}/a/8</link><description>A teaser…</description></item>"
    own.put("/teasers", rss(teaser, title="Teasers"))
    own.put("/feed", rss(item(3), title="Own"))
    return host


def test_a_running_installation_asks_a_host_nothing_more_once_it_stands_there_by_whatever_way(tmp_path: Path):
    with publishing() as own, publishing() as asked:
        host = put_up(own, asked)
        feeds = FEEDS.format(host=host, own=own.url(""))
        ours = Commands.at(tmp_path, feeds, SETTINGS)
        with ours.running():
            articles = [f"Article number {number}" for number in range(5)]
            ours.wait_for("/all.atom", "Report 1<", "Report 2<", "Report 3<", "Teased", *articles)
            ways = {"/feed", "/elsewhere", "/opml", "/news", "/a/8"}
            wait(lambda: {path for path, _ in asked.requests} >= ways)
            (tmp_path / "feeds.yaml").write_text(f"opt_out: [LocalHost]\n{feeds}")
            wait(lambda: "Report 1<" not in ours.wait_for("/all.atom").decode())
            seen = len(asked.requests)
            here = ours.wait_for("/all.atom", "Report 3<").decode()
            assert "deleted-entry" in here
            assert not re.search("Report [12]<|Teased|Article number", here)
            for command, status in {
                "poll --all": 0,
                "poll asked": 1,
                f"add --force {host}/new": 1,
                f"preview --wait 0 {host}/new": 1,
                f"preview --wait 0 {own.url('/moved')}": 1,
                f"import {host}/opml": 1,
            }.items():
                told = ours.command(*command.split(), expect=status)
                assert "localhost asked not to be read (`opt_out` in feeds.yaml, line 1)" in told, command
            assert "localhost asked not to be read" in ours.wait_for("/status").decode()
            assert len(asked.requests) == seen
            assert own.asked("/moved")
        log = (tmp_path / "log").read_text()
        assert "3 sources polled no more" not in log
        assert "2 sources polled no more (asked, page); opt_out changed; all: 0 entries added" in log

        time.sleep(0.1)
