"""What keeping costs: reading and writing among many items, letting go of old ones, and the room that gives back.

    python -m benchmarks.keeping [ITEMS]

And first, what it costs to give a source of 10,000 items, with two names each beside their keys, another label.

Items of 60 sources with 4 KB of text each, 60,000 unless told otherwise; the oldest 27 % leave their feeds.
Milliseconds are CPU time of this process, the median of several rounds; pruning is told by the clock.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from aggregator.model import Change, Entry, Fingerprint, Item, ItemKey, Listing, Takeover, Update, Verdict
from aggregator.ports import Store
from aggregator.store import open_store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEASE = timedelta(minutes=10)
SOURCES = 60
GONE = 0.27
ROUNDS = 15
RENAMED = 10_000


def item(number: int, total: int) -> Item:
    """An item like many: 4 KB of text and markup."""
    name = f"s{number % SOURCES}"
    date = NOW - timedelta(minutes=total - number)
    text = " ".join(f"{number * 31 + word:x}" for word in range(250))
    return Item(
        uid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}/{number}")),
        source_id=name,
        key=ItemKey(kind="id", value=f"urn:{name}:{number}"),
        public_id=f"urn:{name}:{number}",
        entry=Entry(
            id=f"urn:{name}:{number}",
            url=f"https://{name}.example/{number}",
            url_key=f"{name}.example/{number}",
            title=f"Report {number}",
            content=f"<p>{text}</p>",
            text=text,
        ),
        fingerprint=Fingerprint(version=1, title="t" * 24, text="x" * 24, media="", meta="m" * 24),
        published=date,
        published_reason="claimed",
        updated=date,
        updated_reason="published",
        claimed_updated=None,
        first_seen=date,
        changed_at=date,
    )


def names(one: Item) -> tuple[ItemKey, ...]:
    """Two further names of an item."""
    return tuple(ItemKey(kind=kind, value=f"{kind} {one.uid}") for kind in ("url", "dated"))


async def poll(
    store: Store, found: Sequence[Item], listing: Listing | None = None, *, named: bool = False
) -> None:
    """Commit new items of one source."""
    (state,) = await store.claim([found[0].source_id], NOW, LEASE)
    changes = tuple(
        Change(item=one, verdict=Verdict(kind="new", reason="new"), aliases=names(one) if named else ())
        for one in found
    )
    state = replace(state, polls=state.polls + 1, last_poll_at=NOW)
    await store.commit(Update(state=state, changes=changes, listing=listing))


async def cost(work: Callable[[int], Awaitable[object]]) -> float:
    """Median CPU milliseconds of some work."""
    spent = []
    for round_ in range(ROUNDS):
        begin = time.process_time()
        await work(round_)
        spent.append(time.process_time() - begin)
    return statistics.median(spent) * 1000


async def main(total: int) -> None:
    """Fill a store, measure, let go, measure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        store = open_store(f"sqlite:///{path}")
        await store.open()
        names = [f"s{number}" for number in range(SOURCES)]
        await store.register(dict.fromkeys(names, NOW), (), NOW)
        begin = time.process_time()
        for start in range(0, total, 50 * SOURCES):
            for number in range(SOURCES):
                numbers = range(start + number, min(total, start + 50 * SOURCES), SOURCES)
                if numbers:
                    await poll(store, [item(one, total) for one in numbers])
        print(f"new item            {(time.process_time() - begin) * 1000 / total:8.3f} ms")
        await reads(store, total)
        await letting_go(store, path, total)
        await reads(store, total)
        await store.close()


async def reads(store: Store, total: int) -> None:
    """What is asked often."""
    newest = [item(number, total) for number in range(total - 50 * SOURCES, total, SOURCES)]
    name = newest[0].source_id
    listing = Listing(uids=frozenset(one.uid for one in newest), whole=False)
    print(
        f"known, 50 keys      {await cost(lambda _: store.find_known(name, [one.key for one in newest])):8.3f} ms"
    )
    print(
        f"latest, 200 of 60   {await cost(lambda _: store.latest([f's{n}' for n in range(SOURCES)], 200)):8.3f} ms"
    )
    print(f"uncompared, 200     {await cost(lambda _: store.find_uncompared(200)):8.3f} ms")
    print(f"commit, 50 known    {await cost(lambda _: poll(store, newest)):8.3f} ms")
    print(f"  and a listing     {await cost(lambda _: poll(store, newest, listing)):8.3f} ms")


def size(path: Path) -> float:
    """Of a file, in megabytes."""
    return path.stat().st_size / 1e6


async def letting_go(store: Store, path: Path, total: int) -> None:
    """The oldest leave, and are let go of."""
    stays = [item(number, total) for number in range(int(total * GONE), total)]
    for number in range(SOURCES):
        uids = frozenset(one.uid for one in stays if one.source_id == f"s{number}")
        (state,) = await store.claim([f"s{number}"], NOW, LEASE)
        state = replace(state, last_poll_at=NOW)
        await store.commit(Update(state=state, listing=Listing(uids=uids, whole=True)))
    before = size(path)
    begin = time.perf_counter()
    pruned = await store.prune(NOW + timedelta(seconds=1))
    middle = time.perf_counter()
    room = await store.reclaim()
    end = time.perf_counter()
    print(f"pruned {pruned} of {total} in {middle - begin:.1f} s, room given back in {end - middle:.1f} s")
    print(f"file {before:.0f} MB, {room.freed / 1e6:.0f} MB given back, {size(path):.0f} MB left")


async def renaming(total: int) -> None:
    """One source, whose items have two further names each, goes by another label; several times."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.db")
        await store.open()
        await store.register({"s0": NOW}, (), NOW)
        for start in range(0, total, 500):
            found = [item(number * SOURCES, total * SOURCES) for number in range(start, start + 500)]
            await poll(store, found, named=True)
        labels = [f"s0{'x' * number}" for number in range(6)]
        spent = []
        for was, name in pairwise(labels):
            digest = (await store.states())[was].request_digest
            begin, busy = time.perf_counter(), time.process_time()
            assert await store.take_over([Takeover(was=was, name=name, request_digest=digest)])
            spent.append((time.perf_counter() - begin, time.process_time() - busy))
        clock, cpu = (statistics.median(times) for times in zip(*spent, strict=True))
        print(f"another label for {total} items: {clock:.2f} s, {cpu:.2f} s of CPU")
        await store.close()


if __name__ == "__main__":
    asyncio.run(renaming(RENAMED))
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60_000))
