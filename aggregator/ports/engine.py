"""What runs a worker, and what shares out the sources among several."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
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

    @property
    def is_serving(self) -> bool:
        """Whether shards are being handed to this process; if not, it takes what is due without the queue."""
        ...

    async def offer(self, shards: Sequence[int]) -> None:
        """Have each shard handed to somebody, unless it waits or is worked on already. Raises StoreError."""
        ...

    async def serve(self, work: Callable[[int], Awaitable[None]]) -> None:
        """Hand shards to `work`, some at once, until cancelled. Raises StoreError when it cannot go on.

        `work` raises nothing and returns within seconds: a shard that was not done by a quarter of a minute is
        handed to another process as well. When cancelled, `work` has a moment to return.
        """
        ...
