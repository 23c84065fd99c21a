"""What each stage costs on a made-up feed, next to what it is to be compared with: `python -m benchmarks.stages`.

CPU seconds of this process (and of the child where one is started), the median of several rounds. The machine
does not matter much for the ratios; the milliseconds are of this run only.
"""

from __future__ import annotations

import asyncio
import gzip
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from ipaddress import ip_network
from pathlib import Path

import feedparser

from aggregator import dedupe, publish
from aggregator.fetch import FetchOptions, SourceFetcher
from aggregator.model import (
    Conventions,
    Edition,
    FeedMeta,
    Fetched,
    Origin,
    Publication,
    Reading,
    Site,
    Source,
    SourceProfile,
    Unchanged,
    Update,
    Validators,
)
from aggregator.pipeline import reading
from aggregator.store import open_store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROUNDS = 7
LEASE = timedelta(minutes=10)


class Clock:
    """Always the same time."""

    def now(self) -> datetime:
        """Noon."""
        return NOW


def document(entries: int) -> bytes:
    """An RSS document whose entries carry 2 KB of HTML each."""
    paragraph = (
        "<p>Water stands at the <b>second</b> mark &amp; the <a href='/m'>northern bridge</a> is closed. </p>"
    )
    items = "".join(
        f"<item><guid isPermaLink='false'>urn:river:{number}</guid><link>https://river.example/{number}</link>"
        f"<title>Report {number}</title><pubDate>Sun, 01 Feb 2026 08:{number % 60:02}:00 GMT</pubDate>"
        f"<description><![CDATA[{paragraph * 20}]]></description></item>"
        for number in range(entries)
    )
    head = "<title>River</title><link>https://river.example/</link><description>d</description>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def fetched(body: bytes) -> Fetched:
    """The body as a server's answer."""
    return Fetched(
        url="https://river.example/feed",
        status=200,
        body=body,
        body_hash=blake2b(body).hexdigest(),
        content_type="application/rss+xml",
        content_location="https://river.example/feed",
        validators=Validators(etag='"1"'),
    )


def cost(work: Callable[[], object]) -> float:
    """Median CPU milliseconds of some work."""
    spent = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        work()
        spent.append(time.process_time() - begin)
    return statistics.median(spent) * 1000


async def cost_of_each(work: Callable[[], Awaitable[object]], times: int) -> float:
    """CPU milliseconds of one of many pieces of asynchronous work."""
    await work()
    begin = time.process_time()
    for _ in range(times):
        await work()
    return (time.process_time() - begin) * 1000 / times


def start_up() -> float:
    """CPU milliseconds of `aggregator --help`, process start included."""
    spent = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "aggregator", "--help"], stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(spent) * 1000


async def polls() -> dict[str, float]:
    """What a 304 costs the fetcher, and what a poll costs the store."""
    source = Source(id="river", kind="feed", location="", url="")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nConnection: close\r\n\r\n')
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    source = replace(source, location=f"http://127.0.0.1:{port}/feed")
    options = FetchOptions(allow_networks=(ip_network("127.0.0.0/8"),), host_gap=timedelta(0))
    found: dict[str, float] = {}
    async with SourceFetcher(options, Clock()) as fetcher:

        async def ask() -> None:
            result = await fetcher.fetch(source, Validators(etag='"1"'))
            if not isinstance(result, Unchanged):
                raise TypeError(f"not a 304: {result}")

        found["fetch: 304, new connection, server included"] = await cost_of_each(ask, 200)
    server.close()
    found |= await commits(source)
    return found


async def commits(source: Source) -> dict[str, float]:
    """What it costs to store a poll that brought nothing, and one that brought twenty items."""
    found: dict[str, float] = {}
    read = reading.read(fetched(document(20)), Conventions())
    if not isinstance(read, Reading):
        raise TypeError(read)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.db")
        await store.open()
        await store.register({source.id: NOW}, (), NOW)

        async def quiet() -> None:
            (state,) = await store.claim([source.id], NOW, LEASE)
            await store.commit(Update(state=state))

        batch = 0

        async def twenty() -> None:
            nonlocal batch
            batch += 1
            entries = [replace(entry, id=f"{entry.id}-{batch}", url_key=f"{batch}") for entry in read.entries]
            entries = [replace(entry, url_key=f"{entry.url_key}/{n}") for n, entry in enumerate(entries)]
            known = await store.find_known(source.id, dedupe.wanted_keys(entries))
            changes = dedupe.decide(source, entries, known, SourceProfile(), NOW).changes
            (state,) = await store.claim([source.id], NOW, LEASE)
            await store.commit(Update(state=state, changes=changes))

        found["store: claim and commit, nothing new"] = await cost_of_each(quiet, 100)
        found["dedupe + store: 20 new items"] = await cost_of_each(twenty, 50)
        await store.close()
    return found


def edition_of(body: bytes) -> Edition:
    """A publication that shows all entries of a document."""
    read = reading.read(fetched(body), Conventions())
    if not isinstance(read, Reading):
        raise TypeError(read)
    source = Source(
        id="river", kind="feed", location="https://river.example/feed", url="https://river.example/feed"
    )
    items = tuple(change.item for change in dedupe.decide(source, read.entries, {}, SourceProfile(), NOW).changes)
    return Edition(
        site=Site(title="Planet", link="https://planet.example/", contact=None),
        publication=Publication(id="all", title="Planet"),
        items=items,
        origins={"river": Origin(source=source, meta=FeedMeta(title="River"))},
        created=NOW,
        feed_name="planet.example/all",
    )


def publishing(body: bytes) -> dict[str, float]:
    """What it costs to render a hundred entries, against compressing them."""
    edition = edition_of(body)
    rendered = publish.render_all(edition).documents
    return {
        "publish: three documents of 100 entries, checked and compressed": cost(
            lambda: publish.render_all(edition)
        ),
        "  of which gzip -6 of the three": cost(lambda: [gzip.compress(one.body, 6) for one in rendered]),
    }


def main() -> None:
    """Measure everything and print it."""
    body = document(30)
    rows = {"aggregator --help, process included": start_up()}
    rows["parse: feedparser as it comes, 30 entries"] = cost(lambda: feedparser.parse(body))
    rows["parse + normalize: ours, 30 entries"] = cost(lambda: reading.read(fetched(body), Conventions()))
    rows |= publishing(document(100))
    rows |= asyncio.run(polls())
    unit = rows["fetch: 304, new connection, server included"]
    print(f"{'CPU ms':>9}  {'x 304':>7}  (python {sys.version.split()[0]}, {Path.cwd().name})")
    for name, milliseconds in rows.items():
        print(f"{milliseconds:9.2f}  {milliseconds / unit:7.1f}  {name}")


if __name__ == "__main__":
    main()
