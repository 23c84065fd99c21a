"""What few ask for, feeds of sources and tags and pages of archives: rendered for the first, then kept for all."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import structlog

from aggregator.engine.rendering_turns import PER_SECOND, Turns
from aggregator.errors import RenderError, StoreError
from aggregator.model import Catalogue, Document, Format, Publication
from aggregator.ports import Clock, Store

if TYPE_CHECKING:
    from aggregator.pipeline.publication import Output

PATIENCE: Final = 5.0
"""Seconds that a page of an archive waits for its turn: there is no earlier one that would do meanwhile."""


class OnDemand:
    """Renders a made publication, or a page of an archive, on the first request, once for all who wait for it.

    Args:
        catalogue: Gives what feeds.yaml says now.
        store: Where documents are kept, for this and every other process.
        clock: For the date of a publication that is met for the first time.
        turns: Says how much is rendered, of this and of what else is asked for; None for as much of this alone.
    """

    def __init__(
        self, catalogue: Callable[[], Catalogue], store: Store, clock: Clock, turns: Turns | None = None
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._clock = clock
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._turns = turns or Turns()
        self._given_up: dict[str, tuple[str, int]] = {}

    async def document(self, publication: Publication, form: Format) -> Document | None:
        """The publication's document as it is now.

        Where too much is being rendered already, and where it cannot be rendered, the last one; None where there
        is none yet. Raises StoreError.
        """
        from aggregator.pipeline.publication import output  # takes long to load, and most processes never need it

        catalogue = self._catalogue()
        wanted = output(publication, catalogue)
        lock = self._locks[publication.id]
        async with lock:
            generation = await self._store.find_generation(publication.id, wanted.digest, self._clock.now())
            if generation is not None and not catalogue.standing.is_superseded and self._turns.take():
                await self._render(wanted, generation)
        if not lock.locked():
            self._locks.pop(publication.id, None)
        return await self._store.document(publication.id, form)

    async def page(self, publication: Publication, number: int, form: Format) -> Document | None:
        """A page of a publication's archive; None where there is none, or too much is being rendered already.

        Raises StoreError.
        """
        found = await self._store.archive_page(publication.id, number, form)
        if found is not None or number not in await self._store.find_unrendered_pages(publication.id):
            return found
        name = f"{publication.id}/archive/{number}"
        lock = self._locks[name]
        async with lock:
            found = await self._store.archive_page(publication.id, number, form)
            if found is None and await self._waits_for_its_turn():
                found = await self._render_page(publication, number, form)
        if not lock.locked():
            self._locks.pop(name, None)
        return found

    async def _waits_for_its_turn(self) -> bool:
        """Whether there is room within `PATIENCE`: whoever reads an archive asks for page after page."""
        until = asyncio.get_running_loop().time() + PATIENCE
        while not self._turns.take():
            if asyncio.get_running_loop().time() > until:
                return False
            await asyncio.sleep(1 / PER_SECOND)
        return True

    async def _render_page(self, publication: Publication, number: int, form: Format) -> Document | None:
        from aggregator.pipeline.archive import render_page
        from aggregator.pipeline.publication import output

        wanted = output(publication, self._catalogue())
        name, version = f"{publication.id}/archive/{number}", (wanted.digest, 0)
        made: list[Document] = []
        if self._given_up.get(name) == version:
            return None
        async with self._give_up_on_failure(name, version):
            made += await render_page(wanted, self._catalogue(), number, self._store)
        return next((one for one in made if one.format == form), None)

    async def _render(self, wanted: Output, generation: int) -> None:
        from aggregator.engine.rendering import render
        from aggregator.pipeline.publication import edition

        name, version = wanted.publication.id, (wanted.digest, generation)
        if self._given_up.get(name) == version:
            return
        async with self._give_up_on_failure(name, version):
            shown = await edition(wanted, self._catalogue(), self._store)
            await render(wanted, shown, self._store, generation=generation)

    @asynccontextmanager
    async def _give_up_on_failure(self, name: str, version: tuple[str, int]) -> AsyncIterator[None]:
        """What cannot be rendered costs itself: told, counted and not tried again until it is another version."""
        try:
            yield
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
