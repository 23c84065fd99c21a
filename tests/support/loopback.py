"""Servers on loopback that say exactly what a test wrote, byte for byte, however wrong it is."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it came: its target, and its fields with names in lower case."""

    target: str
    fields: Mapping[str, str]
    raw: bytes


Talk = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]
Reply = bytes | Talk


@dataclass
class Loopback:
    """A running server.

    Attributes:
        host, port: Where it listens.
        replies: By target; a target without a reply gets a 404.
        asked: The requests so far.
        connections: How many came, requests or not.
        scheme: `http` or `https`.
    """

    host: str
    port: int = 0
    replies: dict[str, Reply] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    scheme: str = "http"

    def url(self, target: str = "/", host: str | None = None) -> str:
        """The URL of a target, by another name of this host if given."""
        return f"{self.scheme}://{host or self.host}:{self.port}{target}"


def answer(status: int, body: bytes = b"", **fields: str) -> bytes:
    """A whole response; Content-Length is right unless given. `content_type=` becomes Content-Type."""
    lines = {"content_length": str(len(body)), **fields}
    head = "".join(f"{name.replace('_', '-').title()}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode("latin-1") + body


def moved(status: int, location: str) -> bytes:
    """A redirect."""
    return answer(status, location=location)


@asynccontextmanager
async def serving(
    replies: Mapping[str, Reply] | None = None, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Loopback]:
    """A server that answers until the block ends, one request per connection."""
    here = Loopback(host, replies=dict(replies or {}), scheme="https" if tls else "http")
    talks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        here.connections += 1
        task = asyncio.ensure_future(_talk(here, reader, writer))
        talks.add(task)
        task.add_done_callback(talks.discard)

    server = await asyncio.start_server(accept, host, 0, ssl=tls)
    here.port = server.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await server.wait_closed()


async def _talk(here: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            raw = await reader.readuntil(b"\r\n\r\n")
            asked = _read(raw)
            here.asked.append(asked)
            reply = here.replies.get(asked.target, answer(404))
            if isinstance(reply, bytes):
                writer.write(reply)
                await writer.drain()
            else:
                await reply(asked, writer)
    finally:
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()


def _read(raw: bytes) -> Asked:
    first, *lines = raw.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    fields = {name.lower(): value.strip(" ") for name, _, value in (line.partition(":") for line in lines)}
    return Asked(target=first.split(" ")[1], fields=fields, raw=raw)


async def forever(writer: asyncio.StreamWriter, piece: bytes, *, pause: float = 0.0) -> None:
    """Write the same piece until the other side has had enough."""
    while True:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause)
