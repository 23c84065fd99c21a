"""Who the public sources are, and what their feeds say of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from aggregator.model import Catalogue, FeedMeta, Item, Origin, Publication
from aggregator.web.context import WebContext

FRESH = timedelta(seconds=15)
"""How long titles of sources are remembered: reading the state of every source for every page would cost more
than the page."""


class Origins:
    """Sources by id, with their feeds' own titles and links."""

    def __init__(self, site: WebContext) -> None:
        self._site = site
        self._metas: Mapping[str, FeedMeta] = {}
        self._read_at: datetime | None = None

    async def of(self, catalogue: Catalogue) -> dict[str, Origin]:
        """The origin of every source of the catalogue, in the editor's order."""
        now = self._site.clock.now()
        if self._read_at is None or not timedelta() <= now - self._read_at < FRESH:
            states = await self._site.store.states()
            self._metas = {source_id: state.meta for source_id, state in states.items()}
            self._read_at = now
        return {
            source.id: Origin(source=source, meta=self._metas.get(source.id) or FeedMeta())
            for source in catalogue.sources
        }


def public(catalogue: Catalogue) -> tuple[Publication, ...]:
    """The publications that everybody may read, in the editor's order."""
    return tuple(publication for publication in catalogue.publications if not publication.private)


def showing(site: WebContext, catalogue: Catalogue, item: Item) -> tuple[Publication, ...]:
    """The public publications that the item belongs to; none means that nobody may see it here.

    The stored content of an item whose source is in private publications only, or that every filter drops,
    thus stays unseen even by somebody who knows its uid.
    """
    source = catalogue.source(item.source_id)
    if source is None:
        return ()
    return tuple(
        publication
        for publication in public(catalogue)
        if publication.includes(source) and site.shows(publication, source, item)
    )
