from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.fetch_errors import StoppedError
from aggregator.fetch.redirects import follow_redirect, start_trail
from aggregator.model import Blocked, Failed, Fetched, FetchResult, Unchanged, Validators
from tests.support.fetching import FEED, feed_at, fetching, once
from tests.support.loopback import answer, moved, serving

SECRETS = (("X-Key", "k"), ("Authorization", "Bearer t"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_with_a_get(status: int):
    async with serving({"/old": moved(status, "new?x=1#y"), "/new?x=1": answer(200, FEED)}) as server:
        found = await once(server.url("/old"))
        assert isinstance(found, Fetched)
        assert found.url == found.content_location == server.url("/new?x=1")
        assert all(asked.raw.startswith(b"GET ") for asked in server.asked)


@pytest.mark.parametrize(
    ("statuses", "permanent"),
    [
        ((301,), True),
        ((308,), True),
        ((301, 308), True),
        ((301, 302), False),
        ((307, 301), False),
        ((303,), False),
    ],
)
async def test_only_an_unbroken_chain_of_permanent_redirects_is_a_move(statuses: tuple[int, ...], permanent: bool):
    replies = {f"/{place}": moved(status, f"/{place + 1}") for place, status in enumerate(statuses)}
    last = f"/{len(statuses)}"
    async with serving({**replies, last: answer(200, FEED)}) as server:
        found = await once(server.url("/0"))
        assert isinstance(found, Fetched)
        assert found.moved_to == (server.url(last) if permanent else None)


async def test_a_304_behind_a_redirect_is_unchanged_and_moved():
    async with serving({"/old": moved(301, "/new"), "/new": answer(304)}) as server:
        found = await once(server.url("/old"), validators=Validators(etag='"1"'))
        assert found == Unchanged(url=server.url("/new"), validators=Validators(), moved_to=server.url("/new"))
        assert [asked.fields.get("if-none-match") for asked in server.asked] == ['"1"', '"1"']


async def test_validators_go_to_the_url_that_gave_them_and_to_no_other():
    given = {"etag": '"1"', "last_modified": "Sun, 01 Mar 2026 12:00:00 GMT"}
    async with serving({"/old": moved(302, "/new"), "/new": answer(200, FEED, **given)}) as server:
        first = await once(server.url("/old"))
        assert isinstance(first, Fetched)
        await once(server.url("/old"), validators=first.validators)
        assert [asked.fields.get("if-none-match") for asked in server.asked] == [None, None, None, '"1"']
        server.replies["/old"] = moved(301, "/maintenance")
        server.replies["/maintenance"] = answer(200, FEED)
        assert isinstance(await once(server.url("/old"), validators=first.validators), Fetched)
        assert [asked.fields.get("if-modified-since") for asked in server.asked[4:]] == [None, None]


async def test_six_hops_are_followed_and_a_seventh_is_not():
    replies = {f"/{place}": moved(301, f"/{place + 1}") for place in range(10)}
    async with serving({**replies, "/10": answer(200, FEED)}) as server:
        assert isinstance(await once(server.url("/4")), Fetched)
        found = await once(server.url("/3"))
        assert isinstance(found, Failed)
        assert (found.trouble, len(server.asked)) == ("redirect", 7 + 7)


@pytest.mark.parametrize("replies", [{"/a": "/a"}, {"/a": "/b", "/b": "/a"}, {"/a": "/b", "/b": "/b#c"}])
async def test_circles_end(replies: dict[str, str]):
    async with serving({target: moved(302, location) for target, location in replies.items()}) as server:
        found = await once(server.url("/a"))
        assert isinstance(found, Failed)
        assert found.trouble == "redirect"
        assert "circle" in found.message
        assert len(server.asked) == len(replies)


@pytest.mark.parametrize(
    "reply", [answer(302), moved(302, " "), moved(301, "http://[::"), moved(301, "http://h:x/")]
)
async def test_redirects_to_nowhere_are_errors(reply: bytes):
    async with serving({"/": reply}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Failed)
        assert (found.trouble, found.status) == ("redirect", 302 if b" 302 " in reply else 301)


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/", "javascript:alert(1)", "gopher://127.0.0.1:70/x"]
)
async def test_redirects_to_other_schemes_are_blocked(location: str):
    async with serving({"/": moved(302, location)}) as server:
        assert isinstance(await once(server.url("/")), Blocked)


async def test_the_body_of_a_redirect_is_not_read():
    async with serving(
        {"/": moved(302, "/b")[:-2] + b"Content-Encoding: br\r\n\r\nnonsense", "/b": answer(200, FEED)}
    ) as server:
        assert isinstance(await once(server.url("/")), Fetched)


async def test_a_location_in_utf_8_or_latin_1_is_understood():
    async with serving(
        {"/": moved(302, "/\xc3\xa9"), "/%C3%A9": moved(302, "/\xe8"), "/%C3%A8": answer(200, FEED)}
    ) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Fetched)
        assert found.url == server.url("/%C3%A8")


async def test_credentials_stay_within_their_origin():
    async with (
        serving({"/": answer(200, FEED)}, host="127.0.0.2") as other,
        serving({"/a": moved(302, "/b"), "/b": moved(302, other.url("/"))}) as home,
        fetching() as fetcher,
    ):
        found = await fetcher.fetch(feed_at(home.url("/a"), headers=SECRETS), Validators())
        assert isinstance(found, Fetched)
        assert [asked.fields.get("x-key") for asked in home.asked] == ["k", "k"]
        assert not {"x-key", "authorization"} & set(other.asked[0].fields)
        assert "referer" not in other.asked[0].fields


async def test_another_port_is_another_origin():
    async with serving({"/": answer(200, FEED)}) as other, serving({"/": moved(301, other.url("/"))}) as home:
        await once(home.url("/").replace("//", "//me:pw@"))
        assert "authorization" in home.asked[0].fields
        assert "authorization" not in other.asked[0].fields


async def test_credentials_are_not_sent_again_after_coming_back():
    async with serving(host="127.0.0.2") as other, serving() as home, fetching() as fetcher:
        home.replies |= {"/a": moved(302, other.url("/")), "/b": answer(401)}
        other.replies["/"] = moved(302, home.url("/b"))
        found = await fetcher.fetch(feed_at(home.url("/a"), headers=SECRETS), Validators())
        assert "authorization" not in home.asked[1].fields
        assert isinstance(found, Failed)
        assert "redirect led away" in found.message


async def test_credentials_that_a_server_puts_into_a_location_are_not_used():
    async with serving() as server:
        server.replies |= {"/": moved(301, server.url("/b").replace("//", "//me:pw@")), "/b": answer(200, FEED)}
        found = await once(server.url("/"))
        assert "authorization" not in server.asked[1].fields
        assert isinstance(found, Fetched)
        assert found.moved_to == found.url == server.url("/b")


def hop(here: str, location: str) -> FetchResult:
    with pytest.raises(StoppedError) as caught:
        follow_redirect(start_trail(here), 301, location.encode())
    return caught.value.result


def test_https_never_becomes_http():
    found = hop("https://a.example/", "http://a.example/feed")
    assert isinstance(found, Failed)
    assert found.trouble == "redirect"
    assert (
        follow_redirect(start_trail("http://a.example/"), 301, b"https://a.example/").moved_to
        == "https://a.example/"
    )


def test_credentials_do_not_follow_even_to_https_on_the_same_host():
    assert not follow_redirect(start_trail("http://a.example/"), 301, b"https://a.example/").at_home


def test_the_default_port_spelled_out_is_the_same_origin():
    assert follow_redirect(start_trail("https://a.example/"), 301, b"https://A.example:443/x").at_home


@pytest.mark.parametrize("location", ["ftp://a.example/", "file:///etc/passwd", "unix:/run/x"])
async def test_a_source_of_another_scheme_is_blocked(location: str):
    assert isinstance(await once(location), Blocked)


URLISH = st.text(alphabet="htps:/?#[]@!$&'()*+,;=%0129afxXlocal.host-_~\\ \t\u3002\uff11\u00e9", max_size=40)


@given(
    st.binary(max_size=60) | URLISH.map(lambda text: text.encode()) | URLISH.map(lambda text: f"//{text}".encode())
)
def test_whatever_a_location_holds_is_a_url_to_ask_or_refused(location: bytes):
    try:
        trail = follow_redirect(start_trail("http://me:pw@river.example/feed"), 301, location)
    except StoppedError:
        return  # anything else would be a mistake of ours
    assert trail.here.scheme in ("http", "https")
    assert trail.here.authorization is None
    assert start_trail(trail.here.url).here == trail.here
    assert httpx.Request("GET", trail.here.url).url.raw_host.decode() == trail.here.host


def test_credentials_are_absent_from_the_printed_form():
    assert "pw" not in repr(start_trail("http://me:pw@river.example/"))


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("https://faß.example/ä", "https://xn--fa-hia.example/%C3%A4"),
        ("http://u:pö@❤.example:81/x", "http://xn--qei.example:81/x"),
        ("HTTPS://BÜCHER.example", "https://xn--bcher-kva.example"),
        ("http://example。org/", "http://example.org/"),
    ],
)
def test_hosts_are_asked_for_by_the_names_that_browsers_give_them(location: str, url: str):
    assert start_trail(location).here.url == url
