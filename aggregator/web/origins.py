"""Who the public sources are, and what their feeds say of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from aggregator import publish
from aggregator.model import Catalogue, FeedMeta, Item, Origin, Publication
from aggregator.pipeline.sifting import sift
from aggregator.web.context import WebContext

FRESH = timedelta(seconds=15)
"""How long titles of sources are remembered: reading the state of every source for every page would cost more
than the page."""


class Origins:
    """Sources by id, with their feeds' own titles and links; and by the labels that they had before."""

    def __init__(self, context: WebContext) -> None:
        self._context = context
        self._metas: Mapping[str, FeedMeta] = {}
        self._labels: Mapping[str, tuple[str, ...]] = {}
        self._read_at: datetime | None = None

    async def of(self, catalogue: Catalogue) -> dict[str, Origin]:
        """The origin of every source of the catalogue, in the editor's order."""
        await self._refresh()
        return {
            source.id: Origin(source=source, meta=self._metas.get(source.id) or FeedMeta())
            for source in catalogue.sources
        }

    async def present_label(self, catalogue: Catalogue, label: str) -> str | None:
        """The present label of the source that had that one before; None where one has it, or several had it."""
        if catalogue.source(label) is not None:
            return None
        await self._refresh()
        found = [source.id for source in catalogue.sources if label in self._labels.get(source.id, ())]
        return found[0] if len(found) == 1 else None

    async def _refresh(self) -> None:
        now = self._context.clock.now()
        if self._read_at is None or not timedelta() <= now - self._read_at < FRESH:
            states = await self._context.store.states()
            self._metas = {source_id: state.meta for source_id, state in states.items()}
            self._labels = {source_id: state.labels for source_id, state in states.items()}
            self._read_at = now


async def publications_showing(catalogue: Catalogue, item: Item) -> list[Publication]:
    """The public publications that the item belongs to; none means that nobody may see it here.

    The stored content of an item whose source is in private publications only, or that every filter drops,
    thus stays unseen even by somebody who knows its uid.
    """
    source = catalogue.source(item.source_id)
    if source is None:
        return []
    including = publish.publications_including(catalogue, source)
    return await sift(including, lambda one: publish.can_show(one, source, item))
