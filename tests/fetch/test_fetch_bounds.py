"""No server takes more of our time or memory than it was allowed."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib
from datetime import timedelta
from typing import Any

import pytest

from aggregator.fetch.body_budget import LARGE, BodyBudget
from aggregator.fetch.fetcher import HttpFetcher
from aggregator.model import Failed, Fetched, FetchResult, Validators
from tests.support.effort import within
from tests.support.fetching import FEED, feed_at, fetching, once
from tests.support.loopback import Asked, Reply, answer, forever, moved, serving
from tests.support.waiting import PATIENCE, passing, until

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
SHORT: dict[str, Any] = {"timeout": timedelta(seconds=0.4)}


def endless(head: bytes, piece: bytes, *, pause: float = 0.0) -> Reply:
    async def talk(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        await forever(writer, piece, pause=pause)

    return talk


async def test_few_polls_hold_a_large_body_at_once_and_small_ones_do_not_wait_for_them():
    budget = BodyBudget(places=1)
    read_on = asyncio.Event()

    async def poll(fetcher: HttpFetcher, path: str) -> None:
        assert isinstance(await fetcher.fetch(feed_at(server.url(path)), Validators()), Fetched)
        await read_on.wait()  # a body lives on until its poll has ended

    large = answer(200, FEED + b" " * LARGE)
    replies = {"/large": large, "/large2": large, "/small": answer(200, FEED)}
    async with serving(replies) as server, fetching(per_host=3, budget=budget) as fetcher:
        first = asyncio.create_task(poll(fetcher, "/large"))
        await until(lambda: budget.held == 1)
        second = asyncio.create_task(poll(fetcher, "/large2"))
        await until(lambda: len(server.asked) == 2)
        assert isinstance(await fetcher.fetch(feed_at(server.url("/small")), Validators()), Fetched)
        assert budget.held == 1
        read_on.set()
        await asyncio.gather(first, second)
    assert budget.held == 0


async def trouble(reply: Reply, **options: Any) -> FetchResult:
    async with serving({"/": reply}) as server:
        found = await once(server.url("/"), validators=Validators(etag='"1"'), **options)
        assert isinstance(found, Failed)
        return found


def kind(found: FetchResult) -> str:
    assert isinstance(found, Failed)
    return found.trouble


@pytest.mark.parametrize(
    "reply",
    [
        endless(HEAD + b"\r\n", b"<item>" * 10_000),
        endless(HEAD + b"Content-Length: 1000000000\r\n\r\n", b"<item>" * 10_000),
        endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"ffff\r\n" + b"x" * 0xFFFF + b"\r\n"),
    ],
    ids=["until close", "announced", "chunked"],
)
async def test_an_endless_body_ends_at_the_cap_in_bounded_memory(reply: Reply):
    tracemalloc.start()
    try:
        found = await trouble(reply, max_bytes=2_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kind(found) == "too_large"
    assert peak < 12_000_000


async def test_an_announced_body_that_is_too_large_is_not_read_at_all():
    async def talk(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"Content-Length: 1001\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(60)

    assert kind(await trouble(talk, max_bytes=1000)) == "too_large"


async def test_the_cap_is_exact():
    async with serving({"/": answer(200, b"x" * 1000)}) as server:
        assert isinstance(await once(server.url("/"), max_bytes=1000), Fetched)
        assert kind(await once(server.url("/"), max_bytes=999)) == "too_large"
        assert kind(await once(server.url("/"), max_decoded_bytes=999)) == "too_large"


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_a_bomb_ends_at_the_decoded_cap_in_bounded_memory(coding: str):
    pack = zlib.compressobj(9, wbits=31 if coding == "gzip" else 15)
    bomb = b"".join(pack.compress(bytes(1_000_000)) for _ in range(40)) + pack.flush()
    reply = answer(200, bomb, content_encoding=coding)
    tracemalloc.start()
    try:
        found = await trouble(reply, max_decoded_bytes=3_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kind(found) == "too_large"
    assert "fetch.max_decoded_bytes" in getattr(found, "message", "")
    assert peak < 15_000_000


@pytest.mark.parametrize("coding", ["gzip, gzip, gzip", "gzip,deflate", "br", "zstd", "compress"])
async def test_nested_and_unknown_codings_are_refused(coding: str):
    body = gzip.compress(gzip.compress(gzip.compress(FEED)))
    assert kind(await trouble(answer(200, body, content_encoding=coding))) == "http"


@pytest.mark.parametrize("fields", [1, 2])
async def test_two_layers_are_undone_whether_or_not_both_are_told(fields: int):
    body = gzip.compress(gzip.compress(FEED))
    length = b"Content-Length: %d\r\n\r\n" % len(body)
    reply = HEAD + b"Content-Encoding: gzip\r\n" * fields + length + body
    async with serving({"/": reply}) as server:
        found = await once(server.url("/"))
        assert isinstance(found, Fetched)
        assert found.body == FEED


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_a_packed_body_cut_short_is_an_error(coding: str):
    packed = gzip.compress(FEED * 9, mtime=0) if coding == "gzip" else zlib.compress(FEED * 9)
    assert kind(await trouble(answer(200, packed[:-4], content_encoding=coding))) == "http"


@pytest.mark.parametrize(
    "reply",
    [
        endless(b"", b""),
        endless(HEAD + b"\r\n", b"<", pause=0.02),
        endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n<\r\n", pause=0.02),
        endless(HEAD, b"X", pause=0.02),
        endless(b"HTTP/1.1 ", b"2", pause=0.02),
        endless(HEAD, b"X-A: b\r\n", pause=0.02),
        endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", pause=0.02),
        endless(b"HTTP/1.1 403 No\r\nContent-Type: text/html\r\n\r\n", b"<", pause=0.02),
    ],
    ids=["silence", "body", "chunks", "head", "status", "fields", "hints", "error page"],
)
async def test_a_drip_of_whatever_ends_at_the_deadline(reply: Reply):
    begun = time.monotonic()
    assert kind(await trouble(reply, **SHORT)) == "timeout"
    assert time.monotonic() - begun < PATIENCE  # it would never end


async def test_the_deadline_is_one_for_all_hops():
    def slowly(location: str) -> Reply:
        async def talk(_: Asked, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(0.2)
            writer.write(moved(302, location))
            await writer.drain()

        return talk

    async with serving({f"/{place}": slowly(f"/{place + 1}") for place in range(6)}) as server:
        assert kind(await once(server.url("/0"), **SHORT)) == "timeout"
        assert len(server.asked) <= 3


async def test_waiting_for_a_turn_does_not_count_against_the_deadline():
    let_pass = passing()

    async def slowly(_: Asked, writer: asyncio.StreamWriter) -> None:
        let_pass(0.6 * PATIENCE)
        writer.write(answer(200, FEED))
        await writer.drain()

    less = timedelta(seconds=PATIENCE)  # than two take one after the other
    async with serving({"/": slowly}) as server, fetching(timeout=less, per_host=1) as fetcher:
        found = await asyncio.gather(*(fetcher.fetch(feed_at(server.url("/")), Validators()) for _ in range(3)))
        assert all(isinstance(one, Fetched) for one in found)


@pytest.mark.parametrize(
    "reply",
    [
        endless(HEAD, b"X-A: " + b"b" * 1000 + b"\r\n"),
        endless(HEAD, b"b" * 1000),
        endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" * 1000),
        endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", (b"1;" + b"e" * 5000 + b"\r\n<\r\n") * 20),
        endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n<\r\n0\r\n", b"X-A: " + b"b" * 1000 + b"\r\n"),
    ],
    ids=["fields", "one field", "hints", "chunk extensions", "trailers"],
)
async def test_a_flood_around_the_body_is_cut_off(reply: Reply):
    found = await trouble(reply, max_bytes=100_000, timeout=timedelta(seconds=PATIENCE))
    assert kind(found) == "too_large"


async def test_a_task_called_off_is_called_off_and_frees_its_place():
    async with (
        serving({"/": endless(HEAD + b"\r\n", b"<", pause=0.02), "/fine": answer(200, FEED)}) as server,
        fetching(per_host=1, concurrency=1) as fetcher,
    ):
        task = asyncio.create_task(fetcher.fetch(feed_at(server.url("/")), Validators()))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert isinstance(await fetcher.fetch(feed_at(server.url("/fine")), Validators()), Fetched)


@pytest.mark.parametrize("name", ["etag", "last_modified"])
async def test_a_validator_of_60_kb_is_neither_kept_nor_sent_back(name: str):
    kept = {"etag": '"1"', "last_modified": "Sun, 01 Mar 2026 10:00:00 GMT"}
    async with serving({"/": answer(200, FEED, **(kept | {name: f'"{"x" * 60_000}"'}))}) as server:
        found = await once(server.url("/"))
    assert isinstance(found, Fetched)
    assert getattr(found.validators, name) is None
    assert {found.validators.etag, found.validators.last_modified} & set(kept.values())


async def test_a_redirect_to_an_address_of_60_kb_is_not_followed():
    async with serving({"/": moved(301, f"/{'x' * 60_000}")}) as server:
        assert kind(await once(server.url("/"))) == "redirect"
        assert len(server.asked) == 1


async def test_a_content_location_of_60_kb_is_no_base():
    async with serving({"/": answer(200, FEED, content_location="/placeholder")}) as server:
        server.replies["/"] = answer(200, FEED, content_location=server.url(f"/{'x' * 60_000}"))
        found = await once(server.url("/"))
    assert isinstance(found, Fetched)
    assert found.content_location == server.url("/")


@pytest.mark.parametrize("piece", ["9", "a=", "a ", ", ", 'a="', ";"])
async def test_no_field_of_60_kb_takes_long_to_understand(piece: str):
    names = ("age", "cache_control", "content_type", "expires", "im", "retry_after", "set_cookie")
    with within(10):
        for status, name in ((status, name) for status in (200, 302, 429) for name in names):
            async with serving(
                {"/": answer(status, FEED, location="/", **{name: piece * (60_000 // len(piece))})}
            ) as server:
                await once(server.url("/"))
