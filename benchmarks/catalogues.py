"""What a PostgreSQL store of very many sources costs: what is asked each second, each minute, at a start.

    python -m benchmarks.catalogues [--sources 100000,1000000] [--database URL] [--write]

Sources are made by the server itself, with states as long as those of feeds with thirty entries, and an item each.
Milliseconds of CPU, the least of several rounds: of this process, and of the server with all its processes.
`--write` puts the table into docs/scaling.md.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from math import isnan
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, make_url, text

from aggregator import catalogue
from aggregator.engine import labels
from aggregator.engine.publisher import Publisher
from aggregator.engine.reading import ReadingPool
from aggregator.model import Catalogue
from aggregator.pipeline import request
from aggregator.ports import Store
from aggregator.store import open_store
from aggregator.store.sql.columns import seconds
from benchmarks.growth import Clock
from benchmarks.marks import keep
from benchmarks.processes import ROOT, private_megabytes
from benchmarks.server import Server, serving

DAY = 86_400
LEASE = timedelta(seconds=12)

_STATE = (
    '{"v":1,"next_poll_reason":"usually posts between 08:00 and 09:00 UTC",'
    '"validators":{"etag":"\\"DIGEST\\"","given_by":"DIGEST"},'
    '"body_hash":"DIGESTDIGEST","reading_digest":"14012:c6ccda07929b9ee607826842","whole_at":POLLED,'
    '"last_success_at":POLLED,'
    '"meta":{"title":"Feed NUMBER","link":"http://sNUMBER.example/","version":"rss20"},"posted":[POSTED],'
    '"read_from":"http://sNUMBER.example/feed","habits":{"ordered":true,"since":POLLED,'
    '"places":["http://sNUMBER.example/"],"day":POLLED,"judged_at":POLLED},'
    '"memory":{"context":"I6_tQc_UIHJc","entries":"MEMORY"}}'
)
_MADE = (
    """
INSERT INTO sources (id, enabled, next_poll_at, lease, item_count, registered_at, polled_at, status, polls, state)
SELECT 's' || n, true, :now + 60 + (n * 7919) % :day, 1, 1, :now - :day, :now - (n * 7919) % :day, 'ok', 24,
  replace(replace(replace(replace(:state,
    'NUMBER', n::text), 'POLLED', (:now - (n * 7919) % :day)::text), 'DIGEST', md5(n::text)),
    'MEMORY', (SELECT string_agg(md5(n::text || i::text), '') FROM generate_series(1, 29) i))
FROM generate_series(0::bigint, :sources - 1) n""",
    """
INSERT INTO items (uid, source_id, key_kind, key_value, public_id, entry_id, url, url_key, published,
  published_reason, updated, updated_reason, first_seen, changed_at, pruned, revision, fingerprint_version,
  fingerprint_title, fingerprint_text, fingerprint_media, fingerprint_meta, compared, listing_order)
SELECT md5('item' || n)::uuid::text, 's' || n, 'id', link, link, link, link, 's' || n || '.example/1', at,
  'entry', at, 'published', at, at, false, 1, 1, md5('t' || n), md5('x' || n), '', '', 1, at * 10000
FROM (SELECT n, 'https://s' || n || '.example/1' AS link, :now - n * 7919 % (30 * :day) AS at
  FROM generate_series(0::bigint, :sources - 1) n) made""",
    "INSERT INTO entries (uid, entry) SELECT uid, convert_to(:entry, 'UTF8') FROM items",
)


def fill(connection: Connection, sources: int, now: datetime) -> None:
    """Make sources s0, s1, … of which one a minute at least is due from now on, each with an item."""
    posted = ",".join(str(seconds(now) - day * DAY - day) for day in range(30))
    given: dict[str, object] = {"now": seconds(now), "day": DAY, "sources": sources}
    given |= {"state": _STATE.replace("POSTED", posted), "entry": '{"v":1,"title":"A title"}'}
    for made in _MADE:
        connection.execute(text(made), given)


async def least(work: Callable[[], Awaitable[object]], server: Server, rounds: int = 3) -> tuple[float, float]:
    """CPU milliseconds of some work here and in the server, the least of several rounds."""
    spent = []
    for _ in range(rounds):
        here, there = time.process_time(), server.cpu()
        await work()
        spent.append((1000 * (time.process_time() - here), 1000 * (server.cpu() - there)))
    return min(here for here, _ in spent), min(there for _, there in spent)


async def measure(server: Server, feeds: Path, sources: int) -> dict[str, tuple[float, float]]:
    """What each costs this process and the server, in milliseconds."""
    store = open_store(server.url)
    await store.open()
    try:
        now = datetime.now(UTC).replace(microsecond=0)
        url = make_url(server.url).set(drivername="postgresql+psycopg")
        with create_engine(url, poolclass=NullPool).begin() as connection:
            fill(connection, sources, now)
        server.do("ANALYZE", {})
        return {
            **await _ask_often(store, server, sources, now),
            **await _start(store, server, feeds),
        }
    finally:
        await store.close()


async def _ask_often(store: Store, server: Server, sources: int, now: datetime) -> dict[str, tuple[float, float]]:
    """What is asked each second, each minute, for a page or an edition."""
    names = [f"s{number}" for number in range(sources)]
    late, thin = now + timedelta(seconds=DAY / 2), names[:: max(1, sources // 3000)]

    async def claim(at: datetime) -> None:
        for state in await store.claim_due(at, LEASE, 50):
            await store.release(state)

    return {
        "look for what is due, nothing is": await least(lambda: store.find_due(now, 1000), server),
        "look for what is due, half of all are": await least(lambda: store.find_due(late, 1000), server),
        "claim 50 and let go, half of all are due": await least(lambda: claim(late), server),
        "the newest 100 items of 20 sources": await least(lambda: store.latest(thin[:20], 100), server),
        "of 200 sources": await least(lambda: store.latest(thin[:200], 100), server),
        "of 3,000 sources": await least(lambda: store.latest(thin[:3000], 100), server),
        "of all": await least(lambda: store.latest(names, 100), server),
        "for /metrics: what all come to": await least(store.totals, server),
        "states of what was polled in a minute": await least(
            lambda: store.polled_since(now - timedelta(minutes=1)), server
        ),
        "states of all": await least(store.states, server, 1),
    }


async def _start(store: Store, server: Server, feeds: Path) -> dict[str, tuple[float, float]]:
    """What a worker does before it polls, and each second while nothing is due."""
    declared: list[Catalogue] = []

    async def load() -> None:
        declared[:] = [catalogue.load(feeds, os.environ)]

    async def register() -> None:
        states = await labels.take_over(declared[0], store)
        assert not request.edited_sources(declared[0], states)
        await store.register(request.first_polls(declared[0], datetime.now(UTC)), (), datetime.now(UTC))

    async with ReadingPool() as reader:
        publisher = Publisher(lambda: declared[0], store, Clock(), reader=reader)
        return {
            "start: read feeds.yaml": await least(load, server, 1),
            "start: sources known": await least(register, server, 1),
            "start: first turn of the publisher": await least(publisher.publish_outdated, server, 1),
            "an idle turn of the publisher": await least(publisher.publish_outdated, server),
            "private memory, MB": (private_megabytes(os.getpid()), float("nan")),
        }


def table(found: Mapping[int, Mapping[str, tuple[float, float]]]) -> Iterator[str]:
    """Lines of Markdown, two columns for each number of sources."""
    yield "| CPU ms | " + " | ".join(f"{size:,} sources | the server" for size in found) + " |"
    yield "|---|" + "---|---|" * len(found)
    for name in next(iter(found.values())):
        cells = (
            f"{here:.1f} | {'' if isnan(there) else f'{there:.1f}'}"
            for here, there in (one[name] for one in found.values())
        )
        yield f"| {name} | " + " | ".join(cells) + " |"


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", default="10000,100000")
    parser.add_argument("--database")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    found = {}
    for size in map(int, chosen.sources.split(",")):
        with serving(chosen.database) as server, tempfile.TemporaryDirectory() as folder:
            feeds = Path(folder) / "feeds.yaml"
            lines = "".join(f"  s{number}: https://s{number}.example/feed\n" for number in range(size))
            feeds.write_text(f"sources:\n{lines}")
            found[size] = asyncio.run(measure(server, feeds, size))
    lines = list(table(found))
    print("\n".join(lines))
    if chosen.write:
        keep(ROOT / "docs" / "scaling.md", "python -m benchmarks.catalogues --write", "\n".join(lines))


if __name__ == "__main__":
    main()
