"""Listening and letting go."""

from __future__ import annotations

import asyncio
import signal
import socket
import time

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.errors import AggregatorError
from aggregator.web import ListenError, Server
from tests.support.client import http_client
from tests.support.waiting import PATIENCE


async def hello(_: Request) -> Response:
    return Response(b"hello")


async def large(_: Request) -> Response:
    return Response(b"x" * 50_000_000)


async def hang(_: Request) -> Response:
    await asyncio.sleep(3600)
    return Response(b"late")


def app() -> Starlette:
    return Starlette(routes=[Route("/", hello), Route("/large", large), Route("/hang", hang)])


async def connected(port: int, sent: bytes) -> asyncio.StreamWriter:
    """A client that sends something and then neither reads nor closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    reader._transport.pause_reading()  # type: ignore[attr-defined] # else asyncio reads on its own
    writer.write(sent)
    await writer.drain()
    await asyncio.sleep(0.1)
    return writer


CLIENTS = pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /hang HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc",
    ],
    ids=["silent", "half a request", "keep-alive", "reads nothing", "waits for ever", "half a body"],
)


async def seconds_to_stop(sent: bytes) -> float:
    """How long stopping takes while a client is connected that has sent so much."""
    server = Server(app(), host="127.0.0.1", port=0)
    writer = await connected(await server.start(), sent)
    began = time.perf_counter()
    await server.stop()
    taken = time.perf_counter() - began
    writer.transport.abort()
    return taken


@CLIENTS
async def test_stopping_waits_for_no_client_whatever_it_does(sent: bytes):
    assert await seconds_to_stop(sent) < PATIENCE  # not an hour


@pytest.mark.trial
@CLIENTS
async def test_stopping_takes_less_than_three_seconds_on_a_machine_that_is_free(sent: bytes):
    assert await seconds_to_stop(sent) < 3


async def test_answers_under_way_are_finished_before_stopping():
    arrived, finish = asyncio.Event(), asyncio.Event()

    async def brief(_: Request) -> Response:
        arrived.set()
        await finish.wait()
        return Response(b"done")

    server = Server(Starlette(routes=[Route("/brief", brief)]), host="127.0.0.1", port=0)
    port = await server.start()
    async with http_client() as client:
        waiting = asyncio.create_task(client.get(f"http://127.0.0.1:{port}/brief"))
        await arrived.wait()
        stopping = asyncio.create_task(server.stop())
        await asyncio.sleep(0)
        finish.set()
        await stopping
        assert (await waiting).text == "done"
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:{port}/")


async def test_stop_may_come_twice_or_before_start():
    server = Server(app(), host="127.0.0.1", port=0)
    await server.stop()
    await server.start()
    await server.stop()
    await server.stop()


async def test_signals_stay_with_their_owner():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    server = Server(app(), host="127.0.0.1", port=0)
    await server.start()
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    await server.stop()


async def test_a_port_in_use_is_explained_with_the_remedy():
    first = Server(app(), host="127.0.0.1", port=0)
    port = await first.start()
    with pytest.raises(
        ListenError, match=rf"^127\.0\.0\.1:{port} is in use already: .*`--port 8001`.* web\.port"
    ) as caught:
        await Server(app(), host="127.0.0.1", port=port).start()
    assert isinstance(caught.value, AggregatorError)
    await first.stop()


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("192.0.2.1", 0, "correct web.host"),
        ("no such host", 0, "correct web.host"),
        ("fe80::dead:beef", 0, r"\[fe80::dead:beef\]:0 cannot be listened on"),
        ("127.0.0.1", 70000, "from 0 to 65535"),
    ],
)
async def test_an_address_that_cannot_be_had_is_explained(host: str, port: int, words: str):
    with pytest.raises(ListenError, match=words):
        await Server(app(), host=host, port=port).start()


def test_a_forbidden_port_is_explained():
    from aggregator.web.server import _remedy

    assert "ports below 1024" in _remedy("127.0.0.1", 80, PermissionError(13, "Permission denied"))


@pytest.mark.parametrize("moments", [0, 1, 2, 3, 1000])
async def test_a_start_may_be_cancelled_at_any_time_and_leaves_nothing_open(moments: int):
    # A socket or a task left behind is a warning, and warnings are errors.
    async def serve() -> None:
        server = Server(app(), host="127.0.0.1", port=0)
        try:
            await server.start()
            await asyncio.Event().wait()
        finally:
            await server.stop()

    task = asyncio.create_task(serve())
    for _ in range(moments):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="the machine has no IPv6")
async def test_the_ipv6_wildcard_serves_ipv4_too():
    server = Server(app(), host="::", port=0)
    port = await server.start()
    async with http_client() as client:
        assert (await client.get(f"http://127.0.0.1:{port}/")).text == "hello"
    await server.stop()


async def test_garbage_on_the_wire_is_refused_and_nobody_else_notices():
    server = Server(app(), host="127.0.0.1", port=0)
    port = await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\x16\x03\x01 not http at all\r\n\r\n")
    assert b"400" in await reader.readline()
    writer.close()
    async with http_client() as client:
        assert (await client.get(f"http://127.0.0.1:{port}/")).text == "hello"
    await server.stop()
