"""What one new item, an idle second and a look cost when there is much.

    python -m benchmarks.growth [--most 100000]

Questions about a few rows read a few rows, so the columns should differ little. Sources are a tenth of the items;
milliseconds of CPU of this process, the least of several rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from aggregator import catalogue
from aggregator.engine.publisher import Publisher
from aggregator.engine.reading import ReadingPool
from aggregator.model import Change, Item, Update, Verdict
from aggregator.ports import Store
from aggregator.store import open_store
from benchmarks.keeping import NOW, item

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 5
LEASE = timedelta(minutes=10)
BATCH = 500


class Clock:
    """Always the same time."""

    def now(self) -> datetime:
        """Noon."""
        return NOW


async def least(work: Callable[[], Awaitable[object]]) -> float:
    """CPU milliseconds of some work, the least of several rounds."""
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        await work()
        spent.append(time.process_time() - began)
    return min(spent) * 1000


async def fill(store: Store, database: Path, items: int, sources: int) -> None:
    """Bring items of the sources in turn, and take them for compared."""
    names = [f"s{number}" for number in range(sources)]
    await store.register(dict.fromkeys(names, NOW), (), NOW)
    for start in range(0, items, BATCH):
        made = [item(number, items) for number in range(start, min(items, start + BATCH))]
        await bring(store, names[start // BATCH % sources], made)
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute("UPDATE items SET compared = 1")


async def bring(store: Store, name: str, items: Sequence[Item]) -> None:
    """A poll with new items."""
    (state,) = await store.claim([name], NOW, LEASE)
    new = Verdict(kind="new", reason="new")
    changes = tuple(Change(item=replace(one, source_id=name), verdict=new) for one in items)
    await store.commit(Update(state=replace(state, last_poll_at=NOW), changes=changes, publications=("all",)))


async def measure(items: int) -> dict[str, float]:
    """What each costs, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        feeds, database = Path(folder) / "feeds.yaml", Path(folder) / "bench.db"
        lines = "".join(f"  s{number}: https://s{number}.example/feed\n" for number in range(items // 10))
        feeds.write_text(f"sources:\n{lines}")
        began = time.process_time()
        found = {"load feeds.yaml": 0.0}
        declared = catalogue.load(feeds, os.environ)
        found["load feeds.yaml"] = 1000 * (time.process_time() - began)
        store = open_store(f"sqlite:///{database}")
        await store.open()
        try:
            await fill(store, database, items, items // 10)
            async with ReadingPool() as reader:
                found |= await _ask(store, Publisher(lambda: declared, store, Clock(), reader=reader), items)
        finally:
            await store.close()
        found["database, KB an item"] = database.stat().st_size / 1000 / items
    return found


async def _ask(store: Store, publisher: Publisher, items: int) -> dict[str, float]:
    await publisher.publish_outdated()
    number = items

    async def news() -> None:
        nonlocal number
        number += 1
        await bring(store, f"s{number % 100}", [item(number, items)])
        await publisher.publish_outdated()

    return {
        "look for due sources": await least(lambda: store.claim_due(NOW - timedelta(days=1), LEASE, 10)),
        "an idle second of the publisher": await least(publisher.publish_outdated),
        "one new item: stored, compared, published": await least(news),
        "states of all sources, for /status": await least(store.states),
    }


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=100_000)
    most = parser.parse_args().most
    found = {size: asyncio.run(measure(size)) for size in SIZES if size <= most}
    for line in table(found):
        print(line)


def table(found: Mapping[int, Mapping[str, float]]) -> Iterator[str]:
    """Lines of Markdown, a column for each size."""
    yield "| CPU ms | " + " | ".join(f"{size:,} items, {size // 10:,} sources" for size in found) + " |"
    yield "|---|" + "---|" * len(found)
    for name in next(iter(found.values())):
        yield f"| {name} | " + " | ".join(f"{one[name]:.1f}" for one in found.values()) + " |"


if __name__ == "__main__":
    main()
