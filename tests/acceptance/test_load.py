"""Many readers at once, while feeds.yaml is edited, hostile feeds are read and other clients misbehave."""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from tests.acceptance.test_soak import put
from tests.support.installation import SETTINGS, Installation
from tests.support.publisher import Publisher, publishing

pytestmark = pytest.mark.acceptance

CONNECTIONS = 64
LEAST = 10
"""Answers that each connection gets, however long they take."""
SHORT = "publish:\n  all: { limit: 30 }\n"
SLOWER = 4
"""So many times what an idle service takes, an answer may take: the 99th of a hundred where nothing else runs.

Beside other tests everything stands still now and then, and the half that came sooner decides.
"""

_RUDE = (
    b"GET /all.atom HTTP/1.1\r\nHost: x\r\nX: ",
    b"GET /all.atom HTTP/1.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01",
    b"",
)


async def read_for(ours: Installation, seconds: float, percentile: int) -> float:
    """A percentile of what answers took, in seconds; half of the connections ask conditionally."""
    waits: list[float] = []
    until = time.monotonic() + seconds
    await asyncio.gather(*(_read(ours.port, number, until, waits) for number in range(CONNECTIONS)))
    waits.sort()
    return waits[len(waits) * percentile // 100]


async def _read(port: int, number: int, until: float, waits: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    path, etag = ("/all.atom", "/all.rss", "/all.json")[number % 3], ""
    answers = 0
    while answers < LEAST or time.monotonic() < until:
        answers += 1
        begin = time.monotonic()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n{etag}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert head.startswith(("HTTP/1.1 200", "HTTP/1.1 304")), head
        length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        if head.startswith("HTTP/1.1 200") and length:
            await reader.readexactly(int(length[1]))
        waits.append(time.monotonic() - begin)
        found = re.search(r"etag: (\S+)", head, re.IGNORECASE)
        etag = f"If-None-Match: {found[1]}\r\n" if found and number % 2 else ""
        await asyncio.sleep(0.05)  # a reader asks, and reads what it got
    writer.close()


async def _trickle(words: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for byte in words * 50:
        if reader.at_eof() or writer.is_closing():
            return
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


@asynccontextmanager
async def rude_clients(port: int) -> AsyncIterator[None]:
    """Slow, half-open, malformed and silent ones, which come again when they are sent away."""

    async def annoy(words: bytes) -> None:
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                try:
                    await asyncio.gather(_trickle(words, reader, writer), reader.read())
                finally:
                    writer.close()
            await asyncio.sleep(0.1)

    tasks = [asyncio.create_task(annoy(words)) for words in _RUDE * 8]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def measure(ours: Installation, pid: int) -> dict[str, int]:
    """What is held: memory, descriptors, the database and its log in bytes."""
    resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    files = {path.name: path.stat().st_size for path in (ours.folder / "data").iterdir()}
    log = files.get("aggregator.db-wal", 0)
    held = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return {"memory": resident, "descriptors": held, "database": files["aggregator.db"], "log": log}


async def settle(publisher: Publisher) -> None:
    """Wait until nothing is polled any more."""
    before = -1
    while before != len(publisher.requests):
        before = len(publisher.requests)
        await asyncio.sleep(5)


@pytest.mark.parametrize("turns", [1, pytest.param(40, marks=pytest.mark.trial)])
async def test_readers_wait_little_longer_while_hostile_feeds_are_read_and_rude_clients_are_there(
    turns: int, tmp_path: Path
):
    each: dict[str, list[float]] = {"idle": [], "rude": [], "busy": []}
    held = []
    with publishing() as publisher:
        ours = Installation.at(tmp_path, put(publisher, 0) + SHORT, f"{SETTINGS}web:\n  per_client: 256\n")
        span, percentile = (0.5, 50) if turns == 1 else (1.0, 99)
        read = partial(read_for, ours, percentile=percentile)
        with (
            ours.running("-m", "aggregator", "worker", status=None) as worker,
            ours.running("-m", "aggregator", "web", status=None) as web,
        ):
            for turn in range(1, turns + 1):
                await asyncio.to_thread(ours.wait_for, "/all.json", f"News of turn {turn - 1}")
                # What is idle serves the same entries: those of hostile feeds are long.
                if turns > 1:
                    await settle(publisher)
                await read(seconds=0.5)  # whatever is done once is done
                each["idle"].append(await read(seconds=span))
                async with rude_clients(ours.port):
                    each["rude"].append(await read(seconds=span))
                    feeds = put(publisher, turn) + SHORT
                    (tmp_path / "feeds.yaml").write_text(feeds)  # taken over while all read
                    each["busy"].append(await read(seconds=6 * span))
                held.append((measure(ours, worker.pid), measure(ours, web.pid)))
                figures = ", ".join(f"{name} {waits[-1] * 1e3:.0f}" for name, waits in each.items())
                print(f"in ms: {figures}; {len(publisher.requests)} requests; {held[-1]}")  # noqa: T201 # the trial's
    idle, rude, busy = (statistics.median(waits) for waits in each.values())
    print(f"{idle * 1e3:.0f} ms idle, {rude * 1e3:.0f} with rude clients, {busy * 1e3:.0f} in all")  # noqa: T201
    usual = idle if turns > 1 else max(idle, 1.0)  # beside other tests
    assert rude < SLOWER * usual
    assert busy < SLOWER * usual
    for process in zip(*held, strict=True):
        late = [one["memory"] for one in process[len(process) // 2 :]]
        slope = statistics.linear_regression(range(len(late)), late).slope if len(late) > 1 else 0.0
        print(f"{slope / 2**20:.2f} MB an edit")  # noqa: T201
        assert slope < 0.5 * 2**20
