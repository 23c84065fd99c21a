"""Feeds that nobody declared, of sources and tags: rendered when somebody asks, and then kept for all."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import structlog

from aggregator.errors import RenderError, StoreError
from aggregator.model import Catalogue, Document, Format, Publication
from aggregator.ports import Clock, Store

if TYPE_CHECKING:
    from aggregator.pipeline.publication import Output

PER_SECOND: Final = 8
"""Renderings a second at most, for all who ask: thirty milliseconds of CPU each, so a quarter of one core."""


class OnDemand:
    """Renders a made publication on the first request after a change, once for all who wait for it.

    Args:
        catalogue: Gives what feeds.yaml says now.
        store: Where documents are kept, for this and every other process.
        clock: For the date of a publication that is met for the first time.
    """

    def __init__(self, catalogue: Callable[[], Catalogue], store: Store, clock: Clock) -> None:
        self._catalogue = catalogue
        self._store = store
        self._clock = clock
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._free_at = 0.0
        self._given_up: dict[str, tuple[str, int]] = {}

    async def document(self, publication: Publication, form: Format) -> Document | None:
        """The publication's document as it is now.

        Where too much is being rendered already, and where it cannot be rendered, the last one; None where there
        is none yet. Raises StoreError.
        """
        from aggregator.pipeline.publication import output  # takes long to load, and most processes never need it

        wanted = output(publication, self._catalogue())
        lock = self._locks[publication.id]
        async with lock:
            generation = await self._store.find_generation(publication.id, wanted.digest, self._clock.now())
            if generation is not None and self._may_render():
                await self._render(wanted, generation)
        if not lock.locked():
            self._locks.pop(publication.id, None)
        return await self._store.document(publication.id, form)

    def _may_render(self) -> bool:
        """Whether this second has room for another one."""
        now = asyncio.get_running_loop().time()
        if self._free_at > now + 1:
            return False
        self._free_at = max(self._free_at, now) + 1 / PER_SECOND
        return True

    async def _render(self, wanted: Output, generation: int) -> None:
        from aggregator.engine.rendering import render
        from aggregator.pipeline.publication import edition

        name, version = wanted.publication.id, (wanted.digest, generation)
        if self._given_up.get(name) == version:
            return
        try:
            states = await self._store.states(wanted.sources.keys())
            shown = await edition(wanted, self._catalogue(), states, self._store)
            await render(wanted, shown, self._store, generation=generation)
        except RenderError as error:
            self._given_up[name] = version
            structlog.get_logger("publish").error("not published", publication=name, error=str(error))
            await self._store.count_faults("render", 1)
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 # the boundary: who asks gets the last document
            self._given_up[name] = version
            structlog.get_logger("publish").exception("fault", publication=name)
            await self._store.count_faults("render", 1)
