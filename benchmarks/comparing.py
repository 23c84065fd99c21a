"""What finding stories costs with the store: CPU time per new item, with more and more items in the window.

    .venv/bin/python -m benchmarks.comparing [ITEMS]

Items are those of `benchmarks.stories`; they are stored in polls of 500 and compared as the worker does it.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

from aggregator.engine.reading import ReadingPool
from aggregator.model import (
    Catalogue,
    Change,
    Entry,
    Fingerprint,
    Item,
    ItemKey,
    Publication,
    Site,
    Source,
    Update,
    Verdict,
)
from aggregator.pipeline import comparing
from aggregator.ports import Reader, Store
from aggregator.store import open_store
from benchmarks.stories import NOON, articles

SOURCES = 50
POLL = 500
STEPS = (1_000, 3_000, 10_000, 30_000, 100_000)


def stored(found: Entry, number: int, source_id: str) -> Item:
    """A new item."""
    uid = str(uuid.UUID(int=number + 1))
    return Item(
        uid=uid,
        source_id=source_id,
        key=ItemKey(kind="url", value=str(found.url_key)),
        public_id=f"urn:uuid:{uid}",
        entry=replace(found, url=f"https://{found.url_key}"),
        fingerprint=Fingerprint(version=1, title="", text="", media="", meta=""),
        published=NOON + timedelta(seconds=number),
        published_reason="claimed",
        updated=NOON + timedelta(seconds=number),
        updated_reason="published",
        claimed_updated=None,
        first_seen=NOON + timedelta(seconds=number),
        changed_at=NOON + timedelta(seconds=number),
    )


async def brought(store: Store, entries: Iterator[Entry], start: int, source_id: str) -> None:
    """One poll with new items."""
    (state,) = await store.claim([source_id], NOON, timedelta(minutes=5))
    made = [stored(found, start + number, source_id) for number, found in enumerate(islice(entries, POLL))]
    new = Verdict(kind="new", reason="new")
    await store.commit(Update(state=state, changes=tuple(Change(item=one, verdict=new) for one in made)))


async def measure(items: int, store: Store, reader: Reader) -> None:
    """Bring and compare items, and print what the last poll of each step cost."""
    names = [f"s{number}" for number in range(SOURCES)]
    sources = tuple(Source(id=name, kind="feed", location="https://x.example/", url="") for name in names)
    everything = (Publication(id="all", title="All"),)
    catalogue = Catalogue(
        site=Site(title="Bench", link=None, contact=None), sources=sources, publications=everything
    )
    await store.register(dict.fromkeys(names, NOON), (), NOON)
    entries = iter(articles(items, random.Random(7)))
    for start in range(0, items, POLL):
        await brought(store, entries, start, names[start // POLL % SOURCES])
        began, count = time.process_time(), 0
        while compared := (await comparing.compare(store, catalogue, reader)).items:
            count += compared
        if start + POLL in STEPS:
            print(f"{start + POLL:>8} items  {1000 * (time.process_time() - began) / count:.2f} ms each")


async def main(items: int) -> None:
    """Measure in a file that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'bench.db'}")
        await store.open()
        try:
            async with ReadingPool() as reader:
                await measure(items, store, reader)
        finally:
            await store.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
