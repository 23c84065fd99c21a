from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.cookies import ChainCookies
from aggregator.model import Failed, Fetched, Validators
from tests.support.fetching import FEED, feed_at, fetching, once
from tests.support.loopback import Asked, answer, moved, serving


def with_cookie(cookie: str, otherwise: bytes):
    """A server that gives the feed to who brings a cookie."""

    async def reply(asked: Asked, writer):
        writer.write(answer(200, FEED) if cookie in asked.fields.get("cookie", "") else otherwise)
        await writer.drain()

    return reply


def setting(location: str, cookie: str, status: int = 302) -> bytes:
    return answer(status, location=location, set_cookie=cookie)


async def test_a_site_that_checks_for_cookies_gives_its_feed():
    async with serving() as server:
        server.replies |= {
            "/feed": with_cookie("seen=1", setting("/check", "seen=1; Path=/; HttpOnly; SameSite=Lax")),
            "/check": moved(302, "/feed"),
        }
        found = await once(server.url("/feed"))
        assert isinstance(found, Fetched)
        assert [asked.fields.get("cookie") for asked in server.asked] == [None, "seen=1", "seen=1"]
        assert found.moved_to is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_site_that_sends_back_at_once_gives_its_feed_and_has_not_moved(status: int):
    async with serving({"/feed": with_cookie("a=1", setting("/feed", "a=1", status))}) as server:
        found = await once(server.url("/feed"))
        assert isinstance(found, Fetched)
        assert found.moved_to is None


async def test_a_site_that_wants_a_cookie_and_never_gets_enough_of_them_is_a_circle():
    async with serving({"/feed": setting("/feed", "a=1")}) as server:
        found = await once(server.url("/feed"))
        assert isinstance(found, Failed)
        assert "circle" in found.message
        assert len(server.asked) == 2


async def test_cookies_do_not_go_to_another_host_or_below_another_path():
    async with serving(host="127.0.0.2") as other, serving() as home:
        home.replies |= {"/in/a": setting("/out", "a=1"), "/out": setting(other.url("/"), "b=2; Path=/")}
        other.replies["/"] = answer(200, FEED)
        assert isinstance(await once(home.url("/in/a")), Fetched)
        assert [asked.fields.get("cookie") for asked in (*home.asked, *other.asked)] == [None, None, None]


async def test_an_editors_own_cookie_stands_beside_those_of_the_way():
    async with (
        serving({"/": setting("/b", "seen=1; Path=/"), "/b": answer(200, FEED)}) as server,
        fetching() as fetcher,
    ):
        source = feed_at(server.url("/"), headers=(("Cookie", "consent=yes"),))
        assert isinstance(await fetcher.fetch(source, Validators()), Fetched)
        assert [asked.fields["cookie"] for asked in server.asked] == ["consent=yes", "consent=yes; seen=1"]


def record(url: str, *fields: bytes) -> ChainCookies:
    jar = ChainCookies()
    headers = [(b"Set-Cookie", field) for field in fields]
    jar.record(httpx.Request("GET", url), httpx.Response(302, headers=headers))
    return jar


@pytest.mark.parametrize("domain", ["co.uk", ".co.uk", "github.io", "com"])
def test_no_cookie_is_for_all_that_anybody_can_register(domain: str):
    url = f"https://journal.{domain.lstrip('.')}/"
    assert record(url, f"a=1; Domain={domain}".encode()).field_for(url) == b""


def test_a_cookie_for_a_whole_site_goes_to_all_its_hosts():
    jar = record("https://www.bbc.co.uk/x", b"a=1; Domain=bbc.co.uk; Path=/; Secure")
    assert jar.field_for("https://feeds.bbc.co.uk/") == b"a=1"
    assert jar.field_for("http://feeds.bbc.co.uk/") == b""
    assert jar.field_for("https://bbb.co.uk/") == b""


def test_a_cookie_that_is_set_anew_replaces_and_one_that_is_over_goes():
    jar = record("https://a.example/", b"a=1", b"b=1", b"a=2")
    over = httpx.Response(302, headers=[(b"Set-Cookie", b"b=; Max-Age=0")])
    jar.record(httpx.Request("GET", "https://a.example/"), over)
    assert jar.field_for("https://a.example/") == b"a=2"


def test_of_endlessly_many_or_long_cookies_a_few_are_kept():
    assert len(record("https://a.example/", *(b"n%d=1" % n for n in range(1000))).state) == 20
    assert record("https://a.example/", b"a=" + b"x" * 5000, "b=é".encode()).state == frozenset()


@pytest.mark.parametrize(
    "attributes",
    [
        'Version=1; Path="/"',
        'Max-Age="3600"',
        "Path=relative",
        "Path=",
        'Version="1"',
        "Domain=",
        "Path=/x; Path=/b",
    ],
)
def test_an_attribute_that_cannot_be_read_is_as_if_it_was_not_said(attributes: str):
    jar = record("https://a.example/b/feed", b"a=1; " + attributes.encode())
    assert jar.field_for("https://a.example/b/feed") == b"a=1"
    assert jar.field_for("https://a.example/c") == b""


@given(st.lists(st.binary(max_size=60) | st.text('=;, "abcDomainPth/expires09-:', max_size=60).map(str.encode)))
def test_whatever_is_set_is_a_field_or_none(fields: list[bytes]):
    clean = [field.replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b"") for field in fields]
    record("https://a.example/b/c", *clean).field_for("https://a.example/b/d").decode("ascii")
