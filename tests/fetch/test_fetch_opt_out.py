"""Of a host that asked not to be read nothing is asked, by whatever way, once that is written."""

from __future__ import annotations

import pytest

from aggregator.fetch import FetchOptions, Probe
from aggregator.model import Blocked, Fetched, Validators
from tests.support.fetching import FEED, LOOPBACK, TableResolver, feed_at, fetching
from tests.support.loopback import answer, moved, serving

NAMES = {"site.example": ["127.0.0.1"], "www.site.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]}


@pytest.mark.parametrize("wanted", ["source", "article"])
@pytest.mark.parametrize("host", ["site.example", "WWW.Site.Example", "site.example."])
async def test_nothing_is_asked_of_it_not_even_its_name_is_looked_up(host: str, wanted: str):
    names = TableResolver(NAMES)
    async with (
        serving({"/": answer(200, FEED)}) as server,
        fetching(names=names, opted_out=lambda: {"site.example": 3}) as fetcher,
    ):
        found = await fetcher.fetch(feed_at(server.url("/", host)), Validators(), wanted)  # type: ignore[arg-type]
        assert isinstance(found, Blocked)
        assert "site.example asked not to be read (`opt_out` in feeds.yaml, line 3)" in found.message
        assert (server.connections, names.lookups) == (0, [])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_that_leads_there_is_not_followed(status: int):
    async with serving({"/feed": answer(200, FEED)}) as asked, serving() as front:
        front.replies["/"] = moved(status, asked.url("/feed", "www.site.example"))
        async with fetching(names=TableResolver(NAMES), opted_out=lambda: {"site.example": None}) as fetcher:
            found = await fetcher.fetch(feed_at(front.url("/", "other.example")), Validators())
        assert isinstance(found, Blocked)
        assert found.message.startswith("www.site.example is not asked: site.example asked not to be read")
        assert (len(front.asked), asked.connections) == (1, 0)


async def test_what_feeds_yaml_says_now_counts_with_each_request():
    asked: dict[str, int | None] = {}
    async with (
        serving({"/": answer(200, FEED)}) as server,
        fetching(names=TableResolver(NAMES), opted_out=lambda: asked) as fetcher,
    ):
        there = feed_at(server.url("/", "site.example"))
        assert isinstance(await fetcher.fetch(there, Validators()), Fetched)
        asked["site.example"] = 1
        assert isinstance(await fetcher.fetch(there, Validators()), Blocked)
        assert isinstance(await fetcher.fetch(feed_at(server.url("/", "other.example")), Validators()), Fetched)
        asked.clear()
        assert isinstance(await fetcher.fetch(there, Validators()), Fetched)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1"])
async def test_a_number_is_the_same_host_however_it_is_spelt(host: str):
    async with (
        serving({"/": answer(200, FEED)}) as server,
        fetching(opted_out=lambda: {"127.0.0.1": 1}) as fetcher,
    ):
        assert isinstance(await fetcher.fetch(feed_at(server.url("/", host)), Validators()), Blocked)
        assert server.connections == 0


async def test_nobody_knocks_there_either():
    options = FetchOptions(allow_networks=LOOPBACK, opted_out=lambda: {"site.example": 2})
    probe = Probe(options, resolver=TableResolver(NAMES))
    async with serving() as server:
        found = await probe.reach(server.url("/", "site.example"))
        assert isinstance(found, Blocked)
        assert server.connections == 0
