"""From what was stored to what is published: which documents are outdated, and what they shall show."""

from __future__ import annotations

from collections.abc import Mapping

from aggregator import publish
from aggregator.model import Catalogue, Edition, Item, Origin, Publication, Source
from aggregator.ports import Store

_BATCH = 200


def digests(catalogue: Catalogue) -> Mapping[str, str]:
    """For each publication, a digest of everything in the catalogue that its documents depend on."""
    return {
        publication.id: publish.digest(catalogue.site, publication, catalogue.sources_of(publication))
        for publication in catalogue.publications
    }


async def edition(publication: Publication, catalogue: Catalogue, store: Store) -> Edition:
    """What a publication shows now, from the store alone."""
    sources = {source.id: source for source in catalogue.sources_of(publication)}
    items = await _selected(publication, sources, store)
    states = await store.states()
    origins = {
        source.id: Origin(source=source, meta=states[source.id].meta)
        for source in sources.values()
        if source.id in states
    }
    created = await store.created(publication.id)
    return Edition(site=catalogue.site, publication=publication, items=items, origins=origins, created=created)


async def _selected(publication: Publication, sources: Mapping[str, Source], store: Store) -> tuple[Item, ...]:
    """The newest items that pass the filters; reads no more of the store than it takes to fill the limit."""
    selection = publish.Selection(publication, sources)
    after = None
    while wanted := selection.wanted:
        batch = await store.latest(wanted, _BATCH, after)
        selection.offer(batch)
        if len(batch) < _BATCH:
            break
        after = (batch[-1].published, batch[-1].uid)
    return selection.items
