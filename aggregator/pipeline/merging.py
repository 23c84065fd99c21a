"""One entry per story: which item of several stands for all of them in a publication, and under which id.

Stories are found among all items; a publication shows what its own sources and filters let through. So what is
decided here depends on the publication:

* the *lead* gives the entry its id, its date and its place: of the story's items that belong here, the one that
  the publication showed first, else the one that we met first. It never changes while the publication stays what
  it is, whatever is merged, split, withdrawn or preferred later;
* the *primary* gives the words: see `dedupe.stories.primary`;
* the others are named: "Also at".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from aggregator import publish
from aggregator.dedupe import stories
from aggregator.model import Copy, Item, Member, Origin, Publication, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a publication makes of an item.

    Attributes:
        entry: To be shown in the item's place: itself, or the primary's words under the lead's names and date.
        copies: The story's other items that can be read, the first seen first; empty for one that stands
            alone.
    """

    entry: Item
    copies: tuple[Item, ...] = ()


class Shelf(Protocol):
    """What merging reads of a store; `ports.Store` fulfils it."""

    async def copies(self, uids: Collection[str]) -> Mapping[str, tuple[Copy, ...]]:
        """As in `ports.StoryStore`."""
        ...

    async def noted(self, publication_id: str, uids: Collection[str]) -> frozenset[str]:
        """As in `ports.PublicationStore`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What merging for a publication depends on.

    Attributes:
        publication: Which.
        sources: By id: those whose entries belong to it.
        origins: By source id.
        store: Where the stories are.
    """

    publication: Publication
    sources: Mapping[str, Source]
    origins: Mapping[str, Origin]
    store: Shelf


async def merged(items: Sequence[Item], scope: Scope) -> tuple[Merged, ...]:
    """The entries that the items make, in their order; those that another item stands for are left out.

    Items that were not compared with others yet are left out too: they come with the next edition, when it is
    known whether they are copies.
    """
    ready = [item for item in items if item.compared]
    if scope.publication.duplicates == "keep":
        return tuple(Merged(entry=item) for item in ready)
    copies = await scope.store.copies([item.uid for item in ready if item.story is not None])
    if not copies:
        return tuple(Merged(entry=item) for item in ready)
    shown = await scope.store.noted(
        scope.publication.id, sorted({copy.item.uid for found in copies.values() for copy in found})
    )
    made = (_merged(item, copies.get(item.uid, ()), shown, scope) for item in ready)
    return tuple(one for one in made if one is not None)


def _merged(item: Item, copies: Sequence[Copy], shown: frozenset[str], scope: Scope) -> Merged | None:
    mine = [copy for copy in copies if _belongs(copy.item, scope)]
    standing = [copy for copy in mine if copy.item.withdrawn_at is None and not copy.item.pruned]
    if len(mine) < 2 or item.uid not in {copy.item.uid for copy in standing}:  # one is no story
        return Merged(entry=item)
    lead = min((copy.item for copy in mine), key=lambda one: (one.uid not in shown, one.first_seen, one.uid))
    places = sorted(
        (copy.item for copy in standing), key=lambda one: (one.uid != lead.uid, one.first_seen, one.uid)
    )
    if item.uid != places[0].uid:
        return None
    primary = _primary(standing, mine, scope)
    return Merged(
        entry=_under(lead, primary),
        copies=tuple(one for one in places if one.uid != primary.uid),
    )


def _belongs(item: Item, scope: Scope) -> bool:
    source = scope.sources.get(item.source_id)
    if source is None or not item.compared or item.source_id not in scope.origins:
        return False
    return item.pruned or publish.shows(scope.publication, source, item)


def _primary(standing: Sequence[Copy], mine: Sequence[Copy], scope: Scope) -> Item:
    """Chosen among all that belong here, so that who went and who came is known; but only what stands is shown."""
    by_uid = {copy.item.uid: copy.item for copy in standing}
    for among in (mine, standing):
        uid = stories.primary([_member(copy, scope) for copy in among])
        if uid in by_uid:
            return by_uid[uid]
    return standing[0].item


def _member(copy: Copy, scope: Scope) -> Member:
    return stories.member(copy, scope.origins[copy.item.source_id])


def _under(lead: Item, primary: Item) -> Item:
    """The primary's words under the lead's names and date.

    Updated when the words last really changed, or when the lead was withdrawn, so that others replaced its.
    """
    if primary.uid == lead.uid:
        return lead
    moments = (lead.published, primary.updated, lead.withdrawn_at or lead.published)
    return replace(
        primary,
        uid=lead.uid,
        public_id=lead.public_id,
        published=lead.published,
        published_reason=lead.published_reason,
        updated=max(moments),
        first_seen=lead.first_seen,
    )
