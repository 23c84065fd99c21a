"""Hands out by HTTP on loopback what a publisher of the demo shows; as much of a server as that needs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import sha256

from aggregator.demo.content import load_picture
from aggregator.demo.desk import Desk
from aggregator.demo.press import Handout, print_front, print_listing, print_piece

LISTING = "/feed"
"""Where the feed is, or the page that lists the pieces."""

_PATIENCE = 10.0
"""Seconds that a client has for its request."""

_DRIP = b"<!-- slowly -->"


@dataclass(slots=True)
class Newsstand:
    """Where one publisher hands out what it shows.

    Attributes:
        desk: What it shows.
        asked: How often its listing was asked for; each poll of the worker asks once.
    """

    desk: Desk
    asked: int = 0
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    @asynccontextmanager
    async def open(self, place: str) -> AsyncIterator[None]:
        """Listen at that address of this machine until the block ends; at 127.0.0.1 where the system has no other.

        Each publisher has an address of its own where it can, since that is what a host is limited by.
        """
        try:
            server = await asyncio.start_server(self._accept, place, 0)
        except OSError:
            server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()[:2]
        self.desk.url = f"http://{host}:{port}"
        self.desk.open()
        try:
            yield
        finally:
            server.close()
            for talk in self._talks:
                talk.cancel()
            await asyncio.gather(*self._talks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.create_task(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, and its answer."""
        try:
            with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                async with asyncio.timeout(_PATIENCE):
                    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                await self._tell(head, writer)
        finally:
            writer.close()

    async def _tell(self, head: str, writer: asyncio.StreamWriter) -> None:
        path = head.partition("\r\n")[0].split(" ")[1].partition("?")[0]
        if path == LISTING:
            self.asked += 1
        if self.desk.drips and not self.desk.refusal:
            await self._drip(writer)
        writer.write(self._answer(path, head))
        await writer.drain()

    async def _drip(self, writer: asyncio.StreamWriter) -> None:
        writer.write(_head("200 OK", {"Content-Type": "application/xml"}))
        while True:
            for number in range(len(_DRIP)):
                writer.write(_DRIP[number : number + 1])
                await writer.drain()
                await asyncio.sleep(1)

    def _answer(self, path: str, head: str) -> bytes:
        desk = self.desk
        if desk.refusal:
            fields = {"Retry-After": str(desk.wait)} if desk.wait else {}
            return _head(desk.refusal, fields | {"Content-Length": "0"})
        sheet = self._find(path)
        if sheet is None:
            return _head("404 Not Found", {"Content-Length": "0"})
        etag = f'"{sha256(sheet.body).hexdigest()[:16]}"'
        if f"if-none-match: {etag}" in head.lower():
            return _head("304 Not Modified", {"ETag": etag})
        fields = {"Content-Type": sheet.kind, "ETag": etag, "Content-Length": str(len(sheet.body))}
        return _head("200 OK", fields) + sheet.body

    def _find(self, path: str) -> Handout | None:
        desk, name = self.desk, path.removeprefix("/")
        if path == LISTING or (path == "/" and desk.outlet.form == "page"):
            return print_listing(desk)
        if path == "/":
            return print_front(desk)
        if name in desk.up:
            return print_piece(desk, desk.up[name])
        if name in {one.piece.picture for one in desk.up.values()}:
            return Handout(body=load_picture(name), kind="image/svg+xml")
        return None


def _head(status: str, fields: dict[str, str]) -> bytes:
    always = {"Date": formatdate(usegmt=True), "Connection": "close"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in (always | fields).items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1")
