"""A publisher of many feeds on loopback, always the same: what whole runs are measured against.

Run as a process of its own, so that its cost is not ours: `python -m benchmarks.origin FEEDS ENTRIES`. Feed N is
at http://127.1.X.Y:PORT/N, a host of its own, so that politeness to one host slows nothing. What it answers
depends on the phase, which `GET /phase/NAME` sets on any host. `GET /more/N` adds an entry to feed N; `GET /given`
tells, a line each, of which feeds such an entry went out since it was last asked, and when (CLOCK_MONOTONIC).
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from functools import lru_cache
from hashlib import blake2b

PHASES = ("initial", "unchanged", "one-new", "same-bytes", "edited")
"""What the feeds say, in the order of a run: all new; nothing changed and validators say so; every tenth feed has
one entry more; nothing changed and nothing says so; every entry has another sentence."""

_WORDS = [
    a + b
    for a in ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "zu")
    for b in ("dar", "len", "mir", "net", "pol", "ros", "sut", "tag", "vin", "wex", "zor", "kal", "bim", "fos")
]


def host(number: int) -> str:
    """The host of a feed."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


def document(number: int, entries: int, phase: str) -> bytes:
    """The feed's RSS document in a phase."""
    more = 1 if phase not in {"initial", "unchanged"} and number % 10 == 0 else 0
    head = (
        f"<title>Feed {number}</title><link>http://site{number}.example/</link>"
        "<description>A feed for measuring</description>"
    )
    items = "".join(_item(number, entry, phase) for entry in range(entries + more, 0, -1))
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


@lru_cache(maxsize=1)
def _seeded() -> random.Random:
    return random.Random()


def _item(number: int, entry: int, phase: str) -> str:
    words = _seeded()
    words.seed(number * 1000 + entry)
    paragraphs = [" ".join(words.choices(_WORDS, k=60)) for _ in range(5)]
    if phase == "edited":
        paragraphs.append("And this was added: " + " ".join(words.choices(_WORDS, k=20)))
    text = "".join(f"<p>{one} <a href='/m'>more</a>.</p>" for one in paragraphs)
    where = f"http://site{number}.example/{entry}"
    return (
        f"<item><guid isPermaLink='true'>{where}</guid><link>{where}</link>"
        f"<title>{' '.join(words.choices(_WORDS, k=7)).capitalize()}</title>"
        f"<pubDate>Sun, {entry % 28 + 1:02} Feb 2026 08:{entry % 60:02}:00 GMT</pubDate>"
        f"<description><![CDATA[{text}]]></description></item>"
    )


class Origin:
    """Answers one request per connection."""

    def __init__(self, feeds: int, entries: int) -> None:
        self._entries = entries
        self._bodies = [document(number, entries, "initial") for number in range(feeds)]
        self._validators = True
        self._more: dict[int, int] = {}
        self._waiting: set[int] = set()
        self._given: list[str] = []
        self.requests = 0

    def set_phase(self, phase: str) -> None:
        """Say from now on what belongs to the phase."""
        self._validators = phase != "same-bytes"
        if phase in {"one-new", "edited"}:
            self._bodies = [document(number, self._entries, phase) for number in range(len(self._bodies))]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request and its answer."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            writer.write(self._answer(path, head))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, path: str, head: bytes) -> bytes:
        if path.startswith("/phase/"):
            self.set_phase(path.removeprefix("/phase/"))
            body, self.requests = str(self.requests).encode(), 0
            return _response(200, body)
        if path.startswith("/more/"):
            return _response(200, self._add(int(path.removeprefix("/more/"))))
        if path == "/given":
            body, self._given = "\n".join(self._given).encode(), []
            return _response(200, body)
        if not path[1:].isdigit():
            return _response(404, b"")
        self.requests += 1
        number = int(path[1:])
        body = self._bodies[number]
        if number in self._waiting:
            self._waiting.discard(number)
            self._given.append(f"http://site{number}.example/{self._more[number]} {time.monotonic()}")
        etag = b'"' + blake2b(body, digest_size=8).hexdigest().encode() + b'"'
        fields = b"ETag: " + etag + b"\r\n" if self._validators else b""
        if self._validators and etag in head:
            return _response(304, b"", fields)
        return _response(200, body, fields)

    def _add(self, number: int) -> bytes:
        """One entry more of a feed; its link."""
        last = self._more.get(number, self._entries) + 1
        self._more[number] = last
        self._bodies[number] = document(number, last, "initial")
        self._waiting.add(number)
        return f"http://site{number}.example/{last}".encode()


def _response(status: int, body: bytes, fields: bytes = b"") -> bytes:
    head = b"HTTP/1.1 %d X\r\nContent-Type: application/rss+xml\r\n%bConnection: close\r\n" % (status, fields)
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


async def main(feeds: int, entries: int) -> None:
    """Serve until the process is ended; the first line of output is the port."""
    origin = Origin(feeds, entries)
    server = await asyncio.start_server(origin.talk, "0.0.0.0", 0, backlog=1024)  # all of 127.0.0.0/8
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
