"""A process that polls: claims its sources again and again and commits five items and a revision each time.

Usage: python -m tests.store.sqlite.hammer FILE-or-URL NAME ROUNDS. Prints a line for each commit that was
acknowledged.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta

from aggregator.model import Update
from aggregator.ports import Store
from aggregator.store import open_store
from tests.contract.stock import NOON, change, item, revised

SOURCES = tuple(f"s{number}" for number in range(8))


async def poll(store: Store, name: str, round_: int) -> int:
    """One claim of what is due, each source committed; the number of commits."""
    now = NOON + timedelta(minutes=round_)
    claimed = await store.claim_due(now, timedelta(hours=1), 4)
    written = 0
    for state in claimed:
        fresh = [item(f"{name}-{round_}-{number}", state.source_id) for number in range(5)]
        update = Update(
            state=replace(state, polls=state.polls + 1, next_poll_at=NOON),
            changes=(*(change(one) for one in fresh), change(revised(fresh[0], "two"), "revised")),
            publications=("all",),
        )
        if await store.commit(update):
            written += 1
            print(state.source_id, *(one.uid for one in fresh), flush=True)  # noqa: T201 # the test reads it
    return written


async def main(place: str, name: str, rounds: str) -> None:
    """Poll for as many rounds as were asked for."""
    store = open_store(place if "://" in place else f"sqlite:///{place}")
    await store.open()
    for round_ in range(int(rounds)):
        await poll(store, name, round_)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
