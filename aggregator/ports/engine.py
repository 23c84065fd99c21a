"""What runs a worker, and what shares out the sources among several."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import Protocol


class Engine(Protocol):
    """Runs a worker's jobs: polling what is due, publishing, looking after the store."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then give up what is under way and return, within ten seconds."""
        ...


class ShardQueue(Protocol):
    """Hands each shard of the sources that has work to one of the processes that share it.

    It may lose or double what it holds at any time: which sources are due, and whose they are, is told by their
    rows in the store. So a shard that was lost is offered again, and one that two have is nobody's twice.
    """

    async def trade(self, back: Collection[int], offered: Sequence[int], most: int) -> tuple[int, ...]:
        """Give shards back, have others handed out, and get up to `most` of those that wait, the longest first.

        Of the offered, such as wait or somebody has stay as they are. What one gets is nobody else's until it is
        given back, or for twelve seconds: whoever keeps it longer is taken to be dead.
        Raises StoreError where the queue cannot be used; then nothing is given back, offered or handed out.
        """
        ...
