"""From what was stored to what is published: which documents are outdated, and what they shall show."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aggregator import publish
from aggregator.model import Catalogue, Edition, Item, Origin, Publication, Source, Tombstone
from aggregator.pipeline.merging import Scope, merge
from aggregator.pipeline.sifting import sift
from aggregator.ports import ReadOnlyStore, Store

TOMBSTONES = 50
"""Withdrawn entries that a document names: most readers ask often enough to meet each of them once."""

_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A publication with all that its documents depend on in the catalogue.

    Attributes:
        publication: Declared, or made for a tag or a source.
        sources: By id: those whose entries belong to it.
        digest: Of everything here; another one outdates the documents.
        through: By source id, for those that nobody declared: the public publications of which one must let an
            item through.
        remembering: Id of the publication whose stories keep their names in it, for what remembers nothing itself;
            None for its own.
    """

    publication: Publication
    sources: Mapping[str, Source]
    digest: str
    through: Mapping[str, tuple[Publication, ...]]
    remembering: str | None = None

    @property
    def declared(self) -> bool:
        """Whether the editor declared it; only such have an archive."""
        return not publish.is_virtual(self.publication.id)


def outputs(catalogue: Catalogue) -> Mapping[str, Output]:
    """What is published and what it depends on, by id: what was declared, then the tags, then the sources."""
    by_id = {source.id: source for source in catalogue.sources}
    showing = {source.id: publish.publications_including(catalogue, source) for source in catalogue.sources}
    found = [
        _output(catalogue, publication, catalogue.sources_of(publication), {})
        for publication in catalogue.publications
    ]
    for publication in publish.virtual_publications(catalogue):
        sources = [by_id[name] for name in publication.sources]
        found.append(_output(catalogue, publication, sources, {one.id: showing[one.id] for one in sources}))
    return {output.publication.id: output for output in found}


def output(publication: Publication, catalogue: Catalogue) -> Output:
    """One publication, as `outputs` has it."""
    sources = catalogue.sources_of(publication)
    made = sources if publish.is_virtual(publication.id) else ()
    through = {source.id: publish.publications_including(catalogue, source) for source in made}
    return _output(catalogue, publication, sources, through)


def earlier_names(catalogue: Catalogue) -> Mapping[str, Sequence[str]]:
    """The ids that publications had before, by their present ones."""
    return {publication.id: publication.was for publication in catalogue.publications if publication.was}


async def edition(output: Output, catalogue: Catalogue, store: Store) -> Edition:
    """What a publication shows now, from the store alone."""
    empty = await empty_edition(output, catalogue, store)
    items, copies = await _select(output, scope_of(output, empty.origins, store), store)
    return replace(empty, items=items, copies=copies, tombstones=await _tombstones(output, store))


async def select(output: Output, store: ReadOnlyStore) -> tuple[tuple[Item, ...], dict[str, tuple[Item, ...]]]:
    """The items of that edition alone, and by public id the copies that they stand for."""
    return await _select(output, scope_of(output, {}, store), store)


async def empty_edition(output: Output, catalogue: Catalogue, store: Store) -> Edition:
    """All of an edition of the publication but what it shows; origins are learnt as they are met."""
    publication, origins = output.publication, dict[str, Origin]()
    if publish.is_of_source(publication.id):
        await scope_of(output, origins, store).learn(publication.sources)
    return Edition(
        site=catalogue.site,
        publication=_give_title(output, catalogue, origins),
        items=(),
        origins=origins,
        created=await store.creation_date(publication.id),
        feed_name=await store.feed_name(publication.id),
        page="" if output.declared else output.publication.id,
    )


def leads(edition: Edition) -> tuple[str, ...]:
    """The uids under whose ids an edition shows stories of several: to be remembered with its documents."""
    if edition.publication.duplicates == "keep":
        return ()
    return tuple(item.uid for item in edition.items if item.story is not None)


def scope_of(output: Output, origins: dict[str, Origin], store: ReadOnlyStore) -> Scope:
    """What merging copies for an output depends on."""
    return Scope(
        publication=output.publication,
        sources=output.sources,
        origins=origins,
        store=store,
        through=output.through,
        remembering=output.remembering,
    )


def _output(
    catalogue: Catalogue,
    publication: Publication,
    sources: Sequence[Source],
    through: Mapping[str, tuple[Publication, ...]],
) -> Output:
    beside = {one.id: one for found in through.values() for one in found}
    return Output(
        publication=publication,
        sources={source.id: source for source in sources},
        digest=publish.digest(catalogue.site, publication, sources, beside.values()),
        through=through,
        remembering=publish.front_id(catalogue) if publication.id == publish.SEARCH else None,
    )


def _give_title(output: Output, catalogue: Catalogue, origins: Mapping[str, Origin]) -> Publication:
    """A made publication under a title that tells it from others: a source's own, and always the site's."""
    publication = output.publication
    if output.declared:
        return publication
    own = [origins[name].title for name in publication.sources if name in origins]
    title = own[0] if publish.is_of_source(publication.id) and own else publication.title
    return replace(publication, title=f"{title} ({catalogue.site.title})")


async def _select(
    output: Output, scope: Scope, store: ReadOnlyStore
) -> tuple[tuple[Item, ...], dict[str, tuple[Item, ...]]]:
    """The newest entries that pass the filters, and by public id the copies that they stand for.

    Reads no more of the store than it takes to fill the limit.
    """
    selection = publish.Selection(output.publication, output.sources)
    copies: dict[str, tuple[Item, ...]] = {}
    after = None
    while wanted := selection.wanted:
        batch = await store.latest(wanted, _BATCH, after)
        found = await merge(await sift(batch, lambda item: _is_admitted(output, item)), scope)
        # In a thread: an editor's pattern may take a while on each of many texts.
        await asyncio.to_thread(selection.offer, [one.entry for one in found])
        copies.update((one.entry.public_id, one.copies) for one in found if one.copies)
        if len(batch) < _BATCH:
            break
        after = batch[-1].sort_key
    items = tuple(sorted(selection.items, key=lambda item: item.sort_key, reverse=True))
    shown = {item.public_id for item in items}
    return items, {name: found for name, found in copies.items() if name in shown}


async def _tombstones(output: Output, store: Store) -> tuple[Tombstone, ...]:
    """The latest that were taken back of what the publication would show."""
    gone = await store.find_withdrawn(output.sources.keys(), TOMBSTONES)

    def would_be_shown(item: Item) -> bool:
        shown = publish.can_show(output.publication, output.sources[item.source_id], item)
        return shown and _is_admitted(output, item)

    return tuple(
        Tombstone(id=item.public_id, when=item.withdrawn_at)
        for item in await sift(gone, would_be_shown)
        if item.withdrawn_at is not None
    )


def _is_admitted(output: Output, item: Item) -> bool:
    through = output.through.get(item.source_id)
    return through is None or publish.can_any_show(through, output.sources[item.source_id], item)
