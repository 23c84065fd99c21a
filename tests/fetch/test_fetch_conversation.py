"""What we say, what comes back, and what we make of it."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
import struct
from base64 import b64encode
from datetime import timedelta
from hashlib import blake2b
from typing import Any

import httpcore
import pytest

from aggregator.fetch.fetch_errors import error_of_connection
from aggregator.model import Failed, Fetched, Gone, Throttled, Unchanged, Validators
from aggregator.ports import Wanted
from tests.support.fetching import FEED, TableResolver, feed_at, fetching, once
from tests.support.loopback import Asked, answer, serving
from tests.support.nouns import NOON, at

BOTH = Validators(etag='W/"odd', last_modified="yesterday, around noon")


async def test_a_feed_is_fetched_with_all_that_came_with_it():
    reply = answer(
        200, FEED, content_type="application/rss+xml", etag='"1"', last_modified="then", cache_control="max-age=60"
    )
    async with serving({"/feed?a=1": reply}) as server:
        found = await once(server.url("/feed?a=1#part"))
        assert found == Fetched(
            url=server.url("/feed?a=1"),
            status=200,
            body=FEED,
            body_hash=blake2b(FEED, digest_size=32).hexdigest(),
            content_type="application/rss+xml",
            content_location=server.url("/feed?a=1"),
            validators=Validators(etag='"1"', last_modified="then"),
            fresh_for=timedelta(seconds=60),
        )


async def test_we_say_who_we_are_and_nothing_more():
    async with serving({"/": answer(200, FEED)}) as server:
        await once(server.url("/"))
        fields = server.asked[0].fields
        assert set(fields) == {"host", "user-agent", "accept", "accept-encoding", "connection", "a-im"}
        assert fields["user-agent"] == "aggregator/9 (+https://planet.example/)"
        assert fields["accept-encoding"] == "gzip, deflate"
        assert fields["a-im"] == "feed"
        assert fields["accept"].startswith("application/atom+xml, application/rss+xml")
        assert fields["host"] == f"127.0.0.1:{server.port}"
        assert server.asked[0].raw.startswith(b"GET / HTTP/1.1\r\n")


async def test_a_page_is_asked_for_as_html_and_never_for_its_new_entries_only():
    async with serving({"/": answer(200, b"<html>news")}) as server, fetching() as fetcher:
        await fetcher.fetch(feed_at(server.url("/"), kind="page"), Validators())
        assert server.asked[0].fields["accept"].startswith("text/html")
        assert "a-im" not in server.asked[0].fields


@pytest.mark.parametrize(("wanted", "accept"), [("article", "text/html"), ("robots", "text/plain")])
@pytest.mark.parametrize("kind", ["feed", "json", "page"])
async def test_what_is_asked_for_goes_before_what_the_source_is_read_as(kind: str, wanted: Wanted, accept: str):
    async with serving({"/": answer(200, b"User-agent: *")}) as server, fetching() as fetcher:
        await fetcher.fetch(feed_at(server.url("/"), kind=kind), Validators(), wanted)
        assert server.asked[0].fields["accept"].startswith(accept)
        assert "a-im" not in server.asked[0].fields


@pytest.mark.parametrize("target", ["/a%2Fb/%7euser/?q=a+b&x=[1]&y=%c3%a9", "/feed/", "/?", "/a//b"])
async def test_the_path_and_query_are_sent_as_they_were_written(target: str):
    async with serving({target: answer(200, FEED)}) as server:
        await once(server.url(target))
        assert [asked.target for asked in server.asked] == [target]


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"', "unquoted", '"two" "three"', '"ümläut"', '"a\tb"', "W/"])
async def test_validators_come_back_byte_for_byte(etag: str):
    modified = "Not, a date / at all"
    async with (
        serving({"/": answer(200, FEED, etag=etag, last_modified=modified)}) as server,
        fetching() as fetcher,
    ):
        first = await fetcher.fetch(feed_at(server.url("/")), Validators())
        assert isinstance(first, Fetched)
        assert first.validators == Validators(etag=etag, last_modified=modified)
        await fetcher.fetch(feed_at(server.url("/")), first.validators)
        sent = server.asked[1].fields
        assert (sent["if-none-match"], sent["if-modified-since"]) == (etag, modified)


async def test_validators_are_never_invented():
    async with serving({"/": answer(200, FEED, etag="", date="Sun, 01 Mar 2026 12:00:00 GMT")}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Fetched)
        assert found.validators == Validators()
        assert not {"if-none-match", "if-modified-since"} & set(server.asked[0].fields)


async def test_only_the_validator_we_have_is_sent():
    async with serving({"/": answer(200, FEED)}) as server:
        await once(server.url("/"), validators=Validators(last_modified="then"))
        assert "if-none-match" not in server.asked[0].fields
        assert server.asked[0].fields["if-modified-since"] == "then"


@pytest.mark.parametrize("etag", ['"…"', " padded ", "a\x0bb", "\x00", ""])
async def test_validators_that_no_server_can_have_given_are_not_sent(etag: str):
    async with serving({"/": answer(200, FEED)}) as server:
        await once(server.url("/"), validators=Validators(etag=etag, last_modified="x\r\nCookie: y"))
        assert not {"if-none-match", "if-modified-since", "cookie"} & set(server.asked[0].fields)


async def test_304_is_unchanged_and_carries_new_validators():
    async with serving({"/": answer(304, etag='"2"', cache_control="max-age=5")}) as server:
        found = await once(server.url("/"), validators=BOTH)
        assert found == Unchanged(
            url=server.url("/"), validators=Validators(etag='"2"'), fresh_for=timedelta(seconds=5)
        )


async def test_304_that_nobody_asked_for_is_an_error():
    async with serving({"/": answer(304)}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Failed)
        assert (found.trouble, found.status) == ("http", 304)


async def test_a_200_with_the_etag_we_sent_is_still_looked_at():
    async with serving({"/": answer(200, FEED, etag='"1"')}) as server:
        assert isinstance(await once(server.url("/"), validators=Validators(etag='"1"')), Fetched)


async def test_226_brings_the_new_entries():
    async with serving({"/": answer(226, FEED, im="feed", etag='"2"')}) as server:
        found = await once(server.url("/"), validators=BOTH)
        assert isinstance(found, Fetched)
        assert (found.status, found.validators.etag) == (226, '"2"')


async def test_203_brings_what_a_proxy_has_made_of_the_feed():
    async with serving({"/": answer(203, FEED)}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Fetched)
        assert (found.status, found.body) == (203, FEED)


async def test_226_with_another_kind_of_delta_is_an_error():
    async with serving({"/": answer(226, FEED, im="vcdiff")}) as server:
        assert isinstance(await once(server.url("/"), validators=BOTH), Failed)


@pytest.mark.parametrize("status", [201, 202, 204, 205, 206, 300, 305, 400, 404, 418, 500, 502, 503, 599, 999])
async def test_other_statuses_are_errors_with_their_number(status: int):
    async with serving({"/": answer(status)}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Failed)
        assert (found.trouble, found.status) == ("http", status)
        assert f"answered {status}" in found.message
        assert "Whatever" not in found.message


@pytest.mark.parametrize(("status", "words"), [(401, "`headers`"), (403, "`headers`"), (404, "Check the URL")])
async def test_the_message_names_the_remedy(status: int, words: str):
    async with serving({"/": answer(status)}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Failed)
        assert words in found.message


async def test_410_is_gone():
    async with serving({"/": answer(410)}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Gone)
        assert "127.0.0.1" in found.message


@pytest.mark.parametrize("status", [403, 429, 500, 502, 503])
async def test_a_server_that_says_when_to_come_back_throttles(status: int):
    async with serving({"/": answer(status, retry_after="90")}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Throttled)
        assert (found.status, found.retry_at) == (status, at("2026-03-01T12:01:30Z"))
        assert "2026-03-01 12:01:30 UTC" in found.message


@pytest.mark.parametrize("fields", [{}, {"retry_after": "soon"}])
async def test_429_throttles_even_if_it_does_not_say_until_when(fields: dict[str, Any]):
    async with serving({"/": answer(429, **fields)}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Throttled)
        assert found.retry_at is None


async def test_404_stays_a_404_whatever_it_says_about_later():
    async with serving({"/": answer(404, retry_after="90")}) as server:
        assert isinstance(await once(server.url("/")), Failed)


async def test_after_three_429_in_a_row_the_rest_of_the_host_is_not_asked():
    async with serving({"/": answer(429, retry_after="100")}) as server, fetching() as fetcher:
        for _ in range(2):
            await fetcher.fetch(feed_at(server.url("/")), Validators())
        fetcher._limiter.record_throttle("127.0.0.1", 100)  # the third, without its waiting
        found = await fetcher.fetch(feed_at(server.url("/other")), Validators())
        assert isinstance(found, Throttled)
        assert found.retry_at is not None
        assert NOON < found.retry_at <= NOON + timedelta(seconds=100)
        assert "was not asked" in found.message
        assert len(server.asked) == 2


async def test_one_429_does_not_silence_the_other_feeds_of_its_host():
    async with serving({"/": answer(429), "/fine": answer(200, FEED)}) as server, fetching() as fetcher:
        await fetcher.fetch(feed_at(server.url("/")), Validators())
        assert isinstance(await fetcher.fetch(feed_at(server.url("/fine")), Validators()), Fetched)


@pytest.mark.parametrize("body", [b"", b" \r\n\t"])
async def test_an_empty_body_is_no_feed(body: bytes):
    async with serving({"/": answer(200, body, etag='"1"')}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Failed)
        assert found.trouble == "not_a_feed"


async def test_a_packed_body_is_unpacked():
    async with serving({"/": answer(200, gzip.compress(FEED), content_encoding="GZIP")}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Fetched)
        assert found.body == FEED


async def test_a_chunked_body_is_put_together():
    async def chunks(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"5;x=y\r\n<rss>\r\n6\r\n</rss>\r\n0\r\nX: y\r\n\r\n"
        )
        await writer.drain()

    async with serving({"/": chunks}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Fetched)
        assert found.body == b"<rss></rss>"


async def test_a_cookie_is_never_sent_with_another_request_than_the_one_that_it_was_set_for():
    reply = answer(200, FEED, set_cookie="id=1; Path=/")
    async with serving({"/": reply, "/a": answer(302, location="/b", set_cookie="id=2"), "/b": reply}) as server:
        async with fetching() as fetcher:
            for target in ("/", "/", "/a", "/a"):
                assert isinstance(await fetcher.fetch(feed_at(server.url(target)), Validators()), Fetched)
        assert [asked.fields.get("cookie") for asked in server.asked] == [None, None, None, "id=2", None, "id=2"]


async def test_nothing_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    async with serving() as proxy, serving({"/": answer(200, FEED)}, host="127.0.0.2") as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
        assert isinstance(await once(server.url("/")), Fetched)
        assert proxy.connections == 0
        assert "authorization" not in server.asked[0].fields


async def test_userinfo_becomes_basic_authorization_and_appears_nowhere_else(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    async with serving({"/": answer(200, FEED)}) as server:
        found = await once(server.url("/").replace("//", "//me%40x:p%3Aw@"))
        assert server.asked[0].fields["authorization"] == "Basic " + b64encode(b"me@x:p:w").decode()
        assert server.asked[0].fields["host"] == f"127.0.0.1:{server.port}"
        assert isinstance(found, Fetched)
        assert found.url == server.url("/")
        assert not any(secret in repr(found) + caplog.text for secret in ("me@x", "me%40x", "p%3Aw", "p:w"))


async def test_a_secret_in_the_query_stays_out_of_logs_and_messages(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    async with serving({"/?key=secret": answer(403)}) as server:
        found = await once(server.url("/?key=secret"))
        assert "secret" not in repr(found) + caplog.text


async def test_headers_of_the_source_are_sent_and_win():
    async with serving({"/": answer(200, FEED)}) as server, fetching() as fetcher:
        source = feed_at(
            server.url("/").replace("//", "//me:pw@"),
            headers=(("Authorization", "Bearer t"), ("X-Key", "k"), ("user-agent", "Other"), ("Cookie", "a=b")),
        )
        assert isinstance(await fetcher.fetch(source, Validators()), Fetched)
        fields = server.asked[0].fields
        assert fields["authorization"] == "Bearer t"
        assert (fields["x-key"], fields["user-agent"], fields["cookie"]) == ("k", "Other", "a=b")


@pytest.mark.parametrize(
    "name", ["Host", "connection", "Content-Length", "Transfer-Encoding", "Accept-Encoding", "Range"]
)
async def test_headers_that_would_break_the_exchange_are_not_sent(name: str):
    async with serving({"/": answer(200, FEED)}) as server, fetching() as fetcher:
        await fetcher.fetch(feed_at(server.url("/"), headers=((name, "7"),)), Validators())
        assert server.asked[0].fields.get(name.lower()) != "7"


@pytest.mark.parametrize(
    "header", [("X", "a\r\nb"), ("X", ""), ("X Y", "a"), ("", "a"), ("X", "a\x00"), ("Ü", "a")]
)
async def test_headers_that_cannot_be_sent_are_an_error_that_does_not_repeat_them(header: tuple[str, str]):
    async with serving() as server, fetching() as fetcher:
        found = await fetcher.fetch(feed_at(server.url("/"), headers=(header,)), Validators())
        assert isinstance(found, Failed)
        assert "feeds.yaml" in found.message
        assert server.connections == 0


async def test_content_location_is_the_base_only_within_the_origin():
    async with serving() as server:
        for written, base in (
            (server.url("/real/feed.xml"), server.url("/real/feed.xml")),
            ("http://inner.example/feed.xml", server.url("/")),
            ("feed.xml", server.url("/")),
            ("ftp://127.0.0.1/x", server.url("/")),
        ):
            server.replies["/"] = answer(200, FEED, content_location=written)
            found = await once(server.url("/"))
            assert isinstance(found, Fetched)
            assert found.content_location == base


async def test_control_characters_in_a_content_type_are_dropped():
    async with serving({"/": answer(200, FEED, content_type="text/xml\x07; charset=\x1butf-8")}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Fetched)
        assert found.content_type == "text/xml; charset=utf-8"


async def test_no_such_host_is_told_apart():
    names = TableResolver({"nowhere.example": OSError("no such host"), "empty.example": ()})
    for host in names.table:
        found = await once(f"http://{host}/", names=names)
        assert isinstance(found, Failed)
        assert found.trouble == "dns"
        assert host in found.message


async def test_a_connection_that_is_reset_is_told_apart():
    async def reset(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss")
        await writer.drain()
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async with serving({"/": reset}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Failed)
        assert found.trouble == "connect"


def test_a_request_that_cannot_be_written_is_the_editors_business():
    found = error_of_connection("river.example", httpcore.LocalProtocolError("secret")).result
    assert isinstance(found, Failed)
    assert "feeds.yaml" in found.message
    assert "secret" not in found.message


async def test_nobody_listening_is_told_apart():
    async with serving() as server:
        url = server.url("/")
    found = await once(url)
    assert found == Failed(
        trouble="connect", message="127.0.0.1 could not be reached: nobody listens there. It will be asked again."
    )


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<rss>\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConten",
        b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n",
        b"<rss/>",
    ],
)
async def test_what_is_not_http_or_breaks_off_is_an_error(reply: bytes):
    async with serving({"/": reply}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Failed)
        assert found.trouble in ("http", "connect")


@pytest.mark.parametrize(
    "location", ["http://", "http:///x", "nonsense", "", "http://h:99999/", "http://h:0/", "http://a b/"]
)
async def test_a_location_that_is_no_url_is_an_error(location: str):
    found = await once(location)
    assert isinstance(found, Failed)
    assert "URL" in found.message


async def test_a_fetcher_that_is_not_open_says_so():
    async with fetching() as fetcher:
        pass
    with pytest.raises(RuntimeError, match="not open"):
        await fetcher.fetch(feed_at("http://127.0.0.1/"), Validators())
