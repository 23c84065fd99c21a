"""What clients may take of the web process: bytes, time, connections."""

from __future__ import annotations

import asyncio
import ipaddress
import resource
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.testing import capture_logs

from aggregator.web import Limits, Server, Traffic
from tests.support.waiting import PATIENCE, passing, until

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


async def hello(_: Request) -> Response:
    return Response(b"hello")


async def large(_: Request) -> Response:
    return Response(b"x" * 20_000_000)


async def hang(_: Request) -> Response:
    await asyncio.sleep(PATIENCE)
    return Response(b"late")


@dataclass(frozen=True, slots=True)
class Site:
    port: int
    traffic: Traffic

    async def connect(
        self, sent: bytes = b"", host: str = "127.0.0.1"
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(host, 0))
        writer.write(sent)
        return reader, writer

    async def ask(self, sent: bytes) -> bytes:
        """All that comes back until the server closes."""
        reader, writer = await self.connect(sent)
        try:
            return await asyncio.wait_for(reader.read(), PATIENCE)
        except ConnectionError:
            return b""
        finally:
            writer.close()


@asynccontextmanager
async def serving(**bounds: object) -> AsyncIterator[Site]:
    app = Starlette(
        routes=[
            Route("/", hello, methods=["GET", "POST"]),
            Route("/large", large),
            Route("/hang", hang),
        ]
    )
    server = Server(app, host="127.0.0.1", port=0, limits=Limits(**bounds))  # type: ignore[arg-type]
    port = await server.start()
    try:
        yield Site(port, app.state.traffic)
    finally:
        await server.stop()


async def send_for_ever(writer: asyncio.StreamWriter, piece: bytes) -> int:
    """Send the piece again and again until the server hangs up; how many bytes it took until then."""
    sent = 0
    try:
        while sent < 100_000_000:
            writer.write(piece)
            await writer.drain()
            sent += len(piece)
    except ConnectionError:
        pass
    writer.close()
    return sent


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000 + b"\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 8_000 + b"\r\n", b"431"),
        (b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a" * 400_000, b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", b"400"),
        (b"GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 16385\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),
        (b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n" + b"\r\n" * 20_000, b"400"),
    ],
    ids=[
        "one long field", "many fields", "long target", "head without end", "two hosts", "the same host twice",
        "no host", "host with a path", "host with a space", "two hosts in 1.0", "long body", "two lengths", "TLS",
        "CONNECT", "no fields at all",
    ],
)  # fmt: skip
async def test_a_request_that_takes_too_much_or_is_none_gets_its_status_and_the_connection_ends(
    head: bytes, status: bytes
):
    async with serving() as site:
        answer = await site.ask(head)
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert b"\r\nConnection: close\r\n" in answer
        assert (await site.ask(GET[:-2] + b"Connection: close\r\n\r\n")).endswith(b"hello")
    assert site.traffic.refused.total() == 1


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: " + b"a" * 32_000 + b"\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [::1]:8000\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: xn--bcher-kva.example:80\r\nConnection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 16000\r\n\r\n" + b"a" * 16_000,
    ],
    ids=["long", "1.0", "IPv6", "empty host", "punycode", "body"],
)
async def test_what_is_within_the_bounds_is_answered(head: bytes):
    async with serving(request_time=PATIENCE) as site:
        assert b"hello" in await site.ask(head)


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: ", b"a" * 100_000),
        (CHUNKED, b"2710\r\n" + b"a" * 10_000 + b"\r\n"),
        (CHUNKED + b"1;", b"a" * 100_000),
    ],
    ids=["a field", "a body", "a chunk's extension"],
)  # fmt: skip
async def test_what_never_ends_is_read_no_further_than_its_bound(head: bytes, piece: bytes):
    async with serving() as site:
        _, writer = await site.connect(head)
        assert await send_for_ever(writer, piece) < 50_000_000  # what the system's buffers hold


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (b"", b""),
        (b"GET / HT", b"HTTP/1.1 408"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab", b"HTTP/1.1 "),
    ],
    ids=["silent", "half a head", "half a body"],
)  # fmt: skip
async def test_who_does_not_finish_asking_in_time_is_hung_up_on(sent: bytes, answer: bytes):
    async with serving(request_time=0.5) as site:
        assert (await site.ask(sent)).startswith(answer)
        assert site.traffic.refused["slow"] == 1


async def test_who_asks_nothing_more_is_hung_up_on_after_a_while():
    async with serving(idle_time=1.0) as site:
        answer = await site.ask(GET)
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert answer.endswith(b"hello")


async def test_a_byte_now_and_then_does_not_buy_more_time():
    async with serving(request_time=1.0) as site:
        reader, writer = await site.connect()
        reading = asyncio.create_task(reader.read())
        while not reading.done():
            writer.write(b"\r\n")
            await asyncio.sleep(0.05)
        writer.close()
        assert site.traffic.refused["slow"] == 1


async def test_a_client_that_takes_none_of_its_answer_is_cut_off():
    async with serving(stalled_time=1.0) as site:
        reader, writer = await site.connect(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        reader._transport.pause_reading()  # type: ignore[attr-defined] # else asyncio reads on its own
        await until(lambda: site.traffic.refused["stalled"])
        await until(lambda: not site.traffic.open)
        writer.transport.abort()


@pytest.mark.parametrize(("slowest", "ended"), [(5_000.0, True), (50.0, False)])
async def test_a_client_that_takes_a_little_of_its_answer_now_and_then_is_cut_off_where_that_is_too_slow(
    slowest: float, ended: bool
):
    async with serving(stalled_time=60.0, slowest=slowest) as site:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(client, ("127.0.0.1", site.port))
        await loop.sock_sendall(client, b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        let_pass, begun = passing(), loop.time()
        while loop.time() < begun + (PATIENCE if ended else 150) and not site.traffic.refused["stalled"]:
            await asyncio.sleep(0.01)
            let_pass(1.0)
            await loop.sock_recv(client, 500)
        client.close()
        assert site.traffic.refused["stalled"] == ended


async def test_requests_sent_far_ahead_of_their_answers_are_not_collected():
    async with serving() as site:
        await site.ask(b"GET /hang HTTP/1.1\r\nHost: x\r\n\r\n" + GET * 1_000)
        assert site.traffic.refused["pipeline"] == 1
        assert b"hello" in await site.ask(GET * 3 + GET[:-2] + b"Connection: close\r\n\r\n")


async def test_half_open_connections_give_their_place_to_whoever_asks():
    async with serving(connections=8) as site:
        silent = [await site.connect(b"GET / HTTP/1.1\r\n") for _ in range(40)]
        for _ in range(10):
            assert b"hello" in await site.ask(GET[:-2] + b"Connection: close\r\n\r\n")
        assert site.traffic.open <= 8
        assert site.traffic.refused["full"] >= 30
        for _, writer in silent:
            writer.close()


async def test_answers_under_way_are_not_ended_for_newcomers_who_wait_instead():
    async with serving(connections=2) as site:
        busy = [await site.connect(b"GET /hang HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(2)]
        await until(lambda: site.traffic.open == 2)
        waiting = asyncio.create_task(site.ask(GET[:-2] + b"Connection: close\r\n\r\n"))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        busy[0][1].transport.abort()
        assert b"hello" in await asyncio.wait_for(waiting, PATIENCE)
        busy[1][1].transport.abort()


async def test_one_client_may_hold_only_its_share_and_the_log_says_so_once():
    with capture_logs() as lines:
        async with serving(per_client=3) as site:
            mine = [await site.connect(host="127.0.0.7") for _ in range(3)]
            await until(lambda: site.traffic.open == 3)
            for _ in range(5):
                reader, writer = await site.connect(host="127.0.0.7")
                assert (await reader.read()).startswith(b"HTTP/1.1 503")
                writer.close()
            assert b"hello" in await site.ask(GET[:-2] + b"Connection: close\r\n\r\n")  # another client
            mine.pop()[1].close()
            await until(lambda: site.traffic.open == 2)
            reader, writer = await site.connect(GET, host="127.0.0.7")
            assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
            for _, each in [*mine, (reader, writer)]:
                each.close()
    assert ["web.per_client" in line["event"] for line in lines if line["log_level"] == "warning"] == [True]


async def test_a_trusted_proxy_may_hold_all_there_are():
    async with serving(per_client=1, trusted=(ipaddress.ip_network("127.0.0.0/8"),)) as site:
        many = [await site.connect() for _ in range(5)]
        await until(lambda: site.traffic.open == 5)
        for _, writer in many:
            writer.close()


@pytest.mark.parametrize(
    ("ip", "same", "other"),
    [
        ("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"),
        ("2001:db8:1:2::3", "2001:db8:1:2:ffff::1", "2001:db8:1:3::3"),
        ("fe80::1%eth0", "fe80::2%eth0", "192.0.2.2"),
    ],
)
def test_a_client_is_an_ipv4_address_or_an_ipv6_network(ip: str, same: str, other: str):
    limits = Limits()
    assert limits.client_key(ip) == limits.client_key(same) != limits.client_key(other)


async def test_without_descriptors_accepting_rests_and_the_log_says_so_once():
    with capture_logs() as lines:
        async with serving() as site:
            kept = resource.getrlimit(resource.RLIMIT_NOFILE)
            waiting = socket.socket()
            waiting.setblocking(False)
            lowest = waiting.fileno() + 1
            resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, kept[1]))
            try:
                waiting.connect_ex(("127.0.0.1", site.port))  # no loop's way, which may need a descriptor itself
                await until(lambda: site.traffic.refused["resources"] >= 3)
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, kept)
            await until(lambda: site.traffic.open == 1)
            waiting.close()
    assert [line["event"][:10] for line in lines if line["log_level"] == "warning"] == ["the system"]


def test_half_of_the_descriptors_are_left_for_all_else(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (100, 200))
    assert Limits().most == 50
    assert Limits(connections=7).most == 7
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert Limits().most == 512
