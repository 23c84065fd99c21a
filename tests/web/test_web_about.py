"""What publishers are told who find us in their logs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from aggregator.catalogue.opt_outs import heed
from aggregator.model import Catalogue, FollowedList, Publication, Site
from tests.support.nouns import NOON, source
from tests.support.shelf import Shelf, catalogue, in_state, site

SOURCES = (
    source(title="River News", every=timedelta(hours=2)),
    source(id="blog", location="https://blog.example.org/feed", url="https://blog.example.org/feed"),
    source(id="lake", location="https://lake.example/feed", url="https://lake.example/feed"),
    source(id="hidden", location="https://hidden.example/feed", url="https://hidden.example/feed", title="Hidden"),
)
PUBLICATIONS = (
    Publication(id="all", title="Everything", sources=("river", "blog", "lake")),
    Publication(id="own", title="Our own", sources=("hidden",), tokens=("sesame-sesame",)),
)
SHELF = Shelf(
    sources={
        "river": in_state(
            "river", polls=1234, last_poll_at=NOON - timedelta(hours=1), next_poll_reason="every 2h", items=77
        ),
        "blog": in_state("blog"),
    }
)


def told(contact: str | None = None) -> Catalogue:
    found = catalogue(*PUBLICATIONS, sources=SOURCES)
    return replace(found, site=Site(title="Planet Example", link=None, contact=contact))


async def read(path: str, contact: str | None = None) -> str:
    async with site(SHELF, told(contact)) as client:
        answer = await client.get(path)
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<(?!a )[^>]*>", " ", answer.text)).split())


@pytest.mark.parametrize(
    "host", ["example.org", "WWW.Example.org", "https://example.org/some/page?x=1", " example.org:443 "]
)
async def test_a_publisher_is_told_what_is_read_of_their_host_how_often_and_why_then(host: str):
    page = await read(f"/about?host={host}")
    assert "What we read of example.org" in page
    assert "River News" in page
    assert (
        "At most every 2h; polled 1,234 times so far, last 1 h ago , next in 30 min (every 2h). 77 of its" in page
    )
    assert "https://blog.example.org/feed" in page
    assert "polled 0 times so far. 0 of its" in page
    assert "lake.example" not in page


@pytest.mark.parametrize("host", ["hidden.example", "ample.org", "nobody.example", "...", "http://[", "a b"])
async def test_of_private_feeds_and_of_what_is_no_host_nothing_is_told(host: str):
    page = await read(f"/about?host={host}")
    assert "No public feed here is read on" in page
    assert "Not told here: what is read for private feeds" in page, "so that nothing untrue is said of them"
    assert "Hidden" not in page


@pytest.mark.parametrize(("host", "suffix"), [("org", "org"), ("https://example/", "example"), ("CO.UK", "co.uk")])
async def test_whoever_names_what_many_publishers_share_is_asked_for_their_host(host: str, suffix: str):
    page = await read(f"/about?host={host}")
    assert f"Which host under {suffix}?" in page
    assert f"www.yours.{suffix}" in page
    assert "feed" not in page.partition(f"under {suffix}?")[2].partition("You would rather")[0]
    assert "What we read" not in page


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("feeds@planet.example", '<a href="mailto:feeds@planet.example">'),
        ("https://planet.example/contact", '<a href="https://planet.example/contact">'),
        (None, "has not said how they can be reached"),
    ],
)
async def test_it_says_whom_to_write_to(contact: str | None, shown: str):
    assert shown in await read("/about", contact)


@pytest.mark.parametrize("host", ["example.org", "www.example.org", "blog.example.org"])
async def test_a_publisher_who_asked_not_to_be_read_is_told_that_it_was_done(host: str):
    wished = {"example.org": 3}
    found = replace(told(), sources=tuple(heed(one, wished) for one in SOURCES), opted_out=wished)
    async with site(SHELF, found) as client:
        page = (await client.get(f"/about?host={host}")).text
    assert "example.org asked not to be read</h2>" in page
    assert "River News" not in page


async def test_a_publisher_is_told_how_to_ask_for_it_and_what_becomes_of_it():
    page = await read("/about", "ed@planet.example")
    assert "name your host, and say that it is yours" in page
    assert "from then on, within seconds, nothing of your host or of any below it is asked" in page


@pytest.mark.parametrize(("most", "said"), [(1, "a request at a time"), (3, "at most 3 requests at a time")])
async def test_a_publisher_is_told_how_many_requests_come_at_once_as_the_settings_have_it(most: int, said: str):
    async with site(SHELF, told(), per_host=most) as client:
        assert said in (await client.get("/about")).text


@pytest.mark.parametrize(("tags", "shown"), [(("news",), True), (("own",), False)])
async def test_a_list_of_feeds_is_told_to_its_host_unless_only_private_feeds_are_made_of_it(
    tags: tuple[str, ...], shown: bool
):
    where = source(id="list", location="https://lister.example/all.opml", url="https://lister.example/all.opml")
    followed = FollowedList(id="list", source=where, template=source(id="list", tags=tags))
    publications = (
        Publication(id="news", title="News", tags=("news",)),
        Publication(id="own", title="Our own", tags=("own",), tokens=("sesame-sesame",)),
    )
    found = replace(catalogue(*publications, sources=SOURCES), lists=(followed,))
    async with site(SHELF, found) as client:
        page = (await client.get("/about?host=lister.example")).text
    assert ("https://lister.example/all.opml" in page) == shown
    assert ("A list of feeds to read, asked at most every 1h" in page) == shown


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://keyed.example/feed?key=${SECRETKEY}", "https://keyed.example/feed?key=sesame"),
        ("https://keyed.example/feed", "https://me:sesame@keyed.example/feed"),
    ],
)
async def test_of_an_address_that_holds_a_secret_the_host_alone_is_told(url: str, location: str):
    found = catalogue(
        Publication(id="all", title="All"), sources=(source(title="Keyed", url=url, location=location),)
    )
    async with site(SHELF, found) as client:
        page = (await client.get("/about?host=keyed.example")).text
    assert "<bdi>Keyed</bdi> keyed.example" in page
    assert not re.search(r"\$|SECRETKEY|sesame|<a [^>]*keyed", page)


async def test_a_host_that_is_itself_a_secret_is_not_told():
    hidden = source(url="https://${HOST_OF_IT}/feed", location="https://keyed.example/feed")
    async with site(SHELF, catalogue(Publication(id="all", title="All"), sources=(hidden,))) as client:
        page = (await client.get("/about?host=keyed.example")).text
    assert "No public feed here is read on keyed.example" in page


async def test_a_host_is_found_in_whatever_script_it_is_typed():
    found = catalogue(
        Publication(id="all", title="All"),
        sources=(source(url="https://xn--bcher-kva.example/f", location="https://xn--bcher-kva.example/f"),),
    )
    async with site(SHELF, found) as client:
        assert "What we read of xn--bcher-kva.example" in (await client.get("/about?host=bücher.example")).text
