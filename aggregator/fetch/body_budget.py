"""Memory for large bodies: few polls at once may hold one."""

from __future__ import annotations

import asyncio
from typing import Any, Final

LARGE: Final = 2_000_000
"""Bytes up to which a body needs no permission; hardly any feed is larger."""

PLACES: Final = 4
"""Large bodies at once. Each may take twice `fetch.max_decoded_bytes` while its parts are put together, and the
whole of this program, with the process that reads feeds, is to stay under 512 MB whatever servers send."""


class BodyBudget:
    """Gives out places for large bodies; each is kept until the task that took it has ended.

    A body lives on after its request, until its poll has read and stored it; so that the poll's task, and not
    the request, is what a place belongs to. A task has one place at most, however many bodies it meets: it
    cannot wait for itself.
    """

    def __init__(self, places: int = PLACES) -> None:
        self._places = asyncio.Semaphore(places)
        self._holders: set[asyncio.Task[Any]] = set()

    @property
    def held(self) -> int:
        """How many places for large bodies are taken."""
        return len(self._holders)

    async def enter(self) -> None:
        """Wait until the running task may hold a large body."""
        task = asyncio.current_task()
        if task is None or task in self._holders:
            return
        await self._places.acquire()
        self._holders.add(task)
        task.add_done_callback(self._leave)

    def _leave(self, task: asyncio.Task[Any]) -> None:
        self._holders.discard(task)
        self._places.release()
