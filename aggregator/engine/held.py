"""What is being polled in this process: the polls that run, and the leases that keep all others from the same."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Generic, TypeVar

import structlog

from aggregator.errors import StoreError
from aggregator.ports import Clock, SourceStore

T = TypeVar("T")

LEASE = timedelta(seconds=12)
"""How long a claimed source stays ours unless we renew it; so long nobody polls it after we were killed."""

RENEWAL = 3.0
"""Seconds between renewals: a busy machine may miss two before others take over."""

_SURE = LEASE.total_seconds() - RENEWAL
"""Seconds after a renewal in which nobody else can have taken anything over, wherever its seconds began."""

_TASK = "poll "


class Held(Generic[T]):
    """The polls of this process, each under a lease that is renewed for as long as it runs.

    A process may be stopped for longer than a lease, its event loop blocked, or the database away. What others
    took over meanwhile is given up once that is seen, and before anybody is asked anything more.
    """

    def __init__(self, store: SourceStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._running: set[asyncio.Task[T]] = set()
        self._renewing: asyncio.Task[None] | None = None
        self._renewed_at = 0.0
        self._confirming = asyncio.Lock()
        self._lost: set[str] = set()
        self._log = structlog.get_logger("poll")

    def __len__(self) -> int:
        return len(self._running)

    @property
    def names(self) -> frozenset[str]:
        """The ids of the sources that are being polled here."""
        return frozenset(map(_name, self._running))

    def start(self, name: str, poll: Coroutine[object, object, T]) -> None:
        """Run the poll of a source that was just claimed."""
        if not self._running:
            self._renewed_at = asyncio.get_running_loop().time()
        self._lost.discard(name)
        task = asyncio.create_task(poll, name=f"{_TASK}{name}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew_for_good(), name="leases")

    async def confirm(self) -> None:
        """To be awaited right before anybody is asked: a poll whose lease is another's by now is given up."""
        async with self._confirming:
            if not self._is_sure():
                await self.renew()
        await asyncio.sleep(0)  # where it is this one that was given up

    async def renew(self) -> None:
        """Hold what is being polled, and give up what others hold."""
        was_sure, began, names = self._is_sure(), asyncio.get_running_loop().time(), self.names
        try:
            ours = await self._store.renew(names, self._clock.now(), LEASE)
        except StoreError as error:  # polls go on; whoever takes a source over meanwhile writes
            self._log.warning("leases not renewed", error=str(error))
            return
        self._renewed_at = began
        lost = frozenset() if was_sure else names - ours  # if sure, then what is not ours is done
        self._lost |= lost
        for task in self._running:
            if _name(task) in lost:
                task.cancel()

    def is_lost(self, name: str) -> bool:
        """Whether the poll of a source was given up because another process polls it."""
        return name in self._lost

    async def finish(self) -> list[T]:
        """What comes of all that run."""
        return await asyncio.gather(*self._running)

    async def stop(self) -> None:
        """Give up all that run."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)

    async def _renew_for_good(self) -> None:
        while self._running:
            await asyncio.sleep(RENEWAL)
            await self.renew()

    def _is_sure(self) -> bool:
        return asyncio.get_running_loop().time() - self._renewed_at < _SURE


def _name(task: asyncio.Task[T]) -> str:
    return task.get_name().removeprefix(_TASK)
