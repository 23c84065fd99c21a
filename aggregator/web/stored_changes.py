"""Whether anything was stored since it was last read: asked by a timer, and not by requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import structlog

from aggregator.errors import StoreError
from aggregator.ports import ReadOnlyStore

LOOK_AGAIN: Final = 0.25
"""Seconds between two looks; what this process stores shows at once."""

_LATE = 4
"""Looks that a busy machine may be late with before requests look themselves."""

BEHIND: Final = 2.0
"""Seconds between two looks where the store tells of changes: not all may be heard."""

_REST: Final = 0.1
"""Seconds between two looks at least, however much there is to be heard."""


class Changes:
    """Tells by a number, which is another one after each change of the store, what is still as it was read.

    The store is asked by a timer as long as there are requests; the first one after a pause asks itself. So what
    another process stored shows a quarter of a second later, and no request waits for the database to hear of it.

    Where the store tells of changes, on a server that others use too, it is listened to instead, and asked every
    two seconds in case that something was not heard. No request asks, after the first: while the server is away,
    what is held is served on.
    """

    def __init__(self, store: ReadOnlyStore) -> None:
        self.version = 0
        """Another number after each change that was heard of."""
        self._store = store
        self._told: list[Callable[[], Awaitable[None]]] = []
        self._seen: tuple[int, int] | None = None
        self._saves = -1
        self._until = 0.0
        self._looking = asyncio.Lock()
        self._timer: asyncio.Task[None] | None = None
        self._is_wanted = False
        self.is_told = False
        """Whether the store tells of changes, so that what is held is right until it does."""
        self._news = asyncio.Event()
        self._is_unheard = False

    def tell(self, hear: Callable[[], Awaitable[None]]) -> None:
        """Call `hear` after each change, before `is_known` says True again; it may raise StoreError."""
        self._told.append(hear)

    def is_known(self) -> bool:
        """Whether `version` is right: nothing that was stored more than some tenths of a second ago is missed."""
        self._is_wanted = True
        return self.is_told or (
            self._saves == self._store.saves and asyncio.get_running_loop().time() < self._until
        )

    async def look(self) -> int:
        """The version, after a look at the store where it is not known. Raises StoreError."""
        if not self.is_known():
            async with self._looking:
                if not self.is_known():
                    await self._ask()
        return self.version

    async def _ask(self) -> None:
        loop = asyncio.get_running_loop()
        began, saves, known = loop.time(), self._store.saves, self._seen
        self._seen = None  # where the store does not answer, or not all have heard, it is asked anew
        seen = (saves, await self._store.commits())
        if seen != known:
            self.version += 1
            for hear in self._told:
                await hear()
        self._seen = seen
        self._saves, self._until = saves, began + LOOK_AGAIN * _LATE
        if self.is_told:
            return
        if self._timer is None or self._timer.done():
            self.is_told = self._store.listen(self._news.set)
            watching = self._listen_on() if self.is_told else self._look_on()
            self._timer = loop.create_task(watching, name="changes")

    async def _look_on(self) -> None:
        """Look again and again as long as there are requests.

        One task that waits, and no timer that would start one: a loop that is being closed ends the tasks it has,
        and a timer that fires while it does would leave one that nobody ends.
        """
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            if not self._is_wanted:
                return
            self._is_wanted = False
            async with self._looking:
                try:
                    await self._ask()
                except StoreError:
                    self._until = 0.0  # the next request asks itself, and tells its client

    async def _listen_on(self) -> None:
        """Look whenever something is heard, and every two seconds; without the store all is as it was."""
        log = structlog.get_logger("aggregator.web")
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(BEHIND):
                    await self._news.wait()
            self._news.clear()
            try:
                async with self._looking:
                    await self._ask()
            except StoreError as error:
                if not self._is_unheard:
                    log.warning("the database does not answer: what is in memory is served", error=str(error))
                self._is_unheard = True
            except Exception:  # the boundary: the next change must be heard
                log.exception("fault")
            else:
                self._is_unheard = False
            await asyncio.sleep(_REST)
