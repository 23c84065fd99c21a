"""What is the same for all who ask, kept while what it was made from stands."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import replace
from functools import partial
from typing import Final, Generic, TypeVar

from aggregator.model import Catalogue
from aggregator.web.answers import Representation
from aggregator.web.context import WebContext
from aggregator.web.stored_changes import Changes

T = TypeVar("T")

_SPAN: Final = 15
"""Seconds after which a page is made anew in any case: it tells of today, or of how long ago something was."""

_SHARE: Final = 10
"""A page is kept for this many times as long as it took to make, whatever changes: so making it anew, for as many
clients as ask, never takes more of this process than a tenth."""


class KeptValue(Generic[T]):
    """One thing, made anew after a change of the store or of feeds.yaml, and each quarter of a minute."""

    def __init__(self, context: WebContext, changes: Changes) -> None:
        self._context = context
        self._changes = changes
        self._made: T
        self._catalogue: Catalogue | None = None
        self._span = self._version = 0
        self._good_until = 0.0
        self._making = asyncio.Lock()

    @property
    def is_made(self) -> bool:
        """Whether it was ever made."""
        return self._catalogue is not None

    async def get(self, make: Callable[[], Awaitable[T]]) -> T:
        """It, by `make` unless the one that there is will do. Raises StoreError."""
        async with self._making:
            loop, catalogue = asyncio.get_running_loop(), self._context.catalogue()
            span = int(self._context.clock.now().timestamp()) // _SPAN
            stands = catalogue is self._catalogue and span == self._span
            if stands and (loop.time() < self._good_until or await self._changes.look() == self._version):
                return self._made
            version = await self._changes.look()
            began = loop.time()
            self._made = await make()
            self._catalogue, self._span, self._version = catalogue, span, version
            self._good_until = loop.time() + _SHARE * (loop.time() - began)
            return self._made


class KeptPages:
    """Pages by what tells them apart, so many at most; those asked for longest ago make room."""

    def __init__(self, context: WebContext, changes: Changes, most: int) -> None:
        self._context = context
        self._changes = changes
        self._most = most
        self._pages: dict[Hashable, KeptValue[Representation]] = {}

    async def get(self, name: Hashable, make: Callable[[], Awaitable[Representation]]) -> Representation:
        """The page of that name, compressed too, by `make` unless the one that there is will do.

        Raises StoreError.
        """
        found = self._pages.pop(name, None) or KeptValue(self._context, self._changes)
        self._pages[name] = found
        try:
            return await found.get(partial(_make_compressed, make))
        finally:
            if not found.is_made:  # nothing is there: that takes nobody's room
                self._pages.pop(name, None)
            while len(self._pages) > self._most:
                self._pages.pop(next(iter(self._pages)))


async def _make_compressed(make: Callable[[], Awaitable[Representation]]) -> Representation:
    shown = await make()
    return replace(shown, gzip=await asyncio.to_thread(gzip.compress, shown.body, 6, mtime=0))
