"""One entry per story: which item of several stands for all of them in a publication, and under which id.

Stories are found among all items; a publication shows what its own sources and filters let through. So what is
decided here depends on the publication:

* the *lead* gives the entry its id, its date and its place: the item under which the publication showed the story
  first, else of those that belong here the one that we met first. It never changes while anything of the story
  remains, whatever is merged, withdrawn, preferred or taken out of feeds.yaml later: a lead that belongs here no
  more lends its id and its date, and nothing that it says;
* the *primary* gives the words: see `stories.primary`;
* the others are named: "Also at".
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from aggregator import publish, stories
from aggregator.model import Copy, FeedMeta, Item, Member, Origin, Publication, Source
from aggregator.pipeline.sifting import sift
from aggregator.ports import ReadOnlyStore

ROUND: Final = timedelta(minutes=1)
"""What comes within it comes at once: which source answers first says nothing of who had the piece first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedEntry:
    """What a publication makes of an item.

    Attributes:
        entry: To be shown in the item's place: itself, or the primary's words under the lead's names and date.
        words: The uid of the item whose words they are.
        item: The item itself: the lead where it can be read, else the one that stands nearest to where it stood.
        copies: The story's other items that can be read, the first seen first; empty for one that stands
            alone.
    """

    entry: Item
    words: str
    item: Item
    copies: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What merging for a publication depends on.

    Attributes:
        publication: Which.
        sources: By id: those whose entries belong to it.
        origins: By source id: those that were asked about, see `learn`.
        store: Where the stories are.
        through: By source id: the public publications of which one must let an item through, for feeds that nobody
            declared.
        remembering: Id of the publication whose stories keep their names here; None for itself.
    """

    publication: Publication
    sources: Mapping[str, Source]
    origins: dict[str, Origin]
    store: ReadOnlyStore
    through: Mapping[str, Sequence[Publication]] = field(default_factory=dict)
    remembering: str | None = None

    async def learn(self, source_ids: Iterable[str]) -> None:
        """Read of the store what the feeds of sources say of themselves, where it is not known yet."""
        missing = {name for name in source_ids if name in self.sources and name not in self.origins}
        if missing:
            states = await self.store.states(missing)
            for name in missing:
                meta = states[name].meta if name in states else FeedMeta()
                self.origins[name] = Origin(source=self.sources[name], meta=meta)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Memory:
    """What a publication showed of some stories.

    Attributes:
        led: Uids of the items under whose ids it showed a story of several.
        noted: Uids of the items that had an entry of their own in its archive.
    """

    led: frozenset[str]
    noted: frozenset[str]


async def merge(items: Sequence[Item], scope: Scope) -> tuple[MergedEntry, ...]:
    """The entries that the items make, in their order; those that another item stands for are left out.

    Items that were not compared with others yet are left out too: they come with the next edition, when it is
    known whether they are copies. An entry whose lead cannot be read any more comes in the place of the item
    nearest to it, so that its own date may be a little earlier or later than that of its neighbours.
    """
    ready = [item for item in items if item.compared]
    copies, memory = await _stories(ready, scope)
    return await _make(
        lambda item: _merge(item, copies.get(item.uid, ()), memory, scope), ready, apart=bool(copies)
    )


async def merge_whole_stories(items: Sequence[Item], scope: Scope) -> tuple[MergedEntry, ...]:
    """The entries of the stories that the items are in, as the publication shows them, the greatest place first.

    For items that were found without the others of their stories.
    """
    members = {one.uid: one for some in (await find_copies(items, scope)).values() for one in some}
    let_in = await sift(list(members.values()), lambda one: is_let_in(one, scope.sources[one.source_id], scope))
    every = {one.uid: one for one in (*items, *let_in)}
    return await merge(sorted(every.values(), key=lambda one: one.sort_key, reverse=True), scope)


async def find_copies(items: Sequence[Item], scope: Scope) -> Mapping[str, Sequence[Item]]:
    """By uid of those that are in a story of several: its standing items of the publication's sources.

    None where the publication shows every copy by itself.
    """
    asked = [one.uid for one in items if one.story is not None]
    copies = await scope.store.copies(asked) if asked and scope.publication.duplicates == "merge" else {}
    return {
        uid: [one.item for one in some if is_standing(one.item) and one.item.source_id in scope.sources]
        for uid, some in copies.items()
    }


async def merge_under_their_ids(items: Sequence[Item], scope: Scope) -> tuple[MergedEntry, ...]:
    """What the publication shows now under the ids of items that had entries there, in their order.

    The whole story for one that leads it, whether or not it can still be read itself; each other by itself, if it
    belongs here. Those of which nothing is left to show are left out.
    """
    copies, memory = await _stories(items, scope)
    return await _make(lambda item: _merge_under_its_id(item, copies.get(item.uid, ()), memory, scope), items)


async def _make(
    make: Callable[[Item], MergedEntry | None], items: Sequence[Item], *, apart: bool = True
) -> tuple[MergedEntry, ...]:
    """What is made of each, without those of which nothing is; `apart` where filters are tried for it."""

    def make_all() -> tuple[MergedEntry, ...]:
        return tuple(one for one in map(make, items) if one is not None)

    return await asyncio.to_thread(make_all) if apart else make_all()


async def _stories(items: Sequence[Item], scope: Scope) -> tuple[Mapping[str, Sequence[Copy]], _Memory]:
    """The stories of several that the items are in, and what the publication showed of them."""
    asked = [item.uid for item in items if item.story is not None]
    merging = bool(asked) and scope.publication.duplicates == "merge"
    copies = await scope.store.copies(asked) if merging else {}
    every = (*items, *(copy.item for found in copies.values() for copy in found))
    await scope.learn(dict.fromkeys(item.source_id for item in every))
    uids = sorted({copy.item.uid for found in copies.values() for copy in found})
    if not uids:
        return {}, _Memory(led=frozenset(), noted=frozenset())
    name = scope.remembering or scope.publication.id
    memory = _Memory(led=await scope.store.leads(name, uids), noted=await scope.store.find_noted(name, uids))
    return copies, memory


def _merge(item: Item, copies: Sequence[Copy], memory: _Memory, scope: Scope) -> MergedEntry | None:
    mine = [copy for copy in copies if _is_of_scope(copy.item, scope)]
    standing = [copy for copy in mine if is_standing(copy.item)]
    if item.uid not in {copy.item.uid for copy in standing}:
        return MergedEntry(entry=item, words=item.uid, item=item)
    lead = _choose_lead(copies, mine, memory, scope)
    if item.uid != _nearest(lead, standing).uid:
        return None
    return _entry(item, lead, mine, scope)


def _merge_under_its_id(item: Item, copies: Sequence[Copy], memory: _Memory, scope: Scope) -> MergedEntry | None:
    mine = [copy for copy in copies if _is_of_scope(copy.item, scope)]
    standing = [copy for copy in mine if is_standing(copy.item)]
    if standing and _choose_lead(copies, mine, memory, scope).uid == item.uid:
        return _entry(_nearest(item, standing), item, mine, scope)
    return MergedEntry(entry=item, words=item.uid, item=item) if _is_of_scope(item, scope) else None


def _choose_lead(copies: Sequence[Copy], mine: Sequence[Copy], memory: _Memory, scope: Scope) -> Item:
    """The item whose id and date the story has here: the first in this order that there is.

    What led the story, whatever became of it; of what belongs here, what had an entry of its own; what had one
    and belongs here no more; what belongs here. The first met of several; of those that came at once under one
    date, and that nobody was shown yet, the one whose words are shown.
    """
    every, here = [copy.item for copy in copies], [copy.item for copy in mine]
    orders = (
        [one for one in every if one.uid in memory.led],
        [one for one in here if one.uid in memory.noted],
        [one for one in every if one.uid in memory.noted],
    )
    shown = next((found for found in orders if found), None)
    if shown is not None:
        return _first_met(shown)
    return _first_met(here, _primary([copy for copy in mine if is_standing(copy.item)], mine, scope))


def _first_met(among: Sequence[Item], best: Item | None = None) -> Item:
    """The one that we met first; of those that came in one round of polls, the one first published.

    Of several of one date `best`, if it is among them.
    """
    first = min(among, key=lambda one: (one.first_seen, one.uid))
    at_once = [one for one in among if one.first_seen - first.first_seen < ROUND]
    if not all(one.listing_order for one in at_once):
        return first  # stored by a version that knew no such rule: what led a story then must lead it now
    preferred = best.uid if best is not None else None
    return min(at_once, key=lambda one: (one.published, one.uid != preferred, one.first_seen, one.uid))


def _nearest(lead: Item, standing: Sequence[Copy]) -> Item:
    """The readable item in whose place the entry comes: the lead, else the next below its place, else the last."""
    below = [copy.item for copy in standing if copy.item.sort_key <= lead.sort_key]
    if below:
        return max(below, key=lambda one: one.sort_key)
    return min((copy.item for copy in standing), key=lambda one: one.sort_key)


def _entry(item: Item, lead: Item, mine: Sequence[Copy], scope: Scope) -> MergedEntry:
    standing = [copy for copy in mine if is_standing(copy.item)]
    primary = _primary(standing, mine, scope)
    others = sorted(
        (copy.item for copy in standing if copy.item.uid != primary.uid),
        key=lambda one: (one.uid != lead.uid, one.first_seen, one.uid),
    )
    return MergedEntry(entry=_put_under(lead, primary), words=primary.uid, item=item, copies=tuple(others))


def is_standing(item: Item) -> bool:
    """Whether an item still has words to show: neither withdrawn by its publisher nor let go of."""
    return item.withdrawn_at is None and not item.pruned


def is_let_in(item: Item, source: Source, scope: Scope) -> bool:
    """Whether filters let an item of one of the publication's sources through, limits and quotas aside."""
    through = scope.through.get(source.id)
    admitted = through is None or publish.can_any_show(through, source, item)
    return admitted and publish.can_show(scope.publication, source, item)


def _is_of_scope(item: Item, scope: Scope) -> bool:
    source = scope.sources.get(item.source_id)
    if source is None or not item.compared or item.source_id not in scope.origins:
        return False
    return item.pruned or is_let_in(item, source, scope)


def _primary(standing: Sequence[Copy], mine: Sequence[Copy], scope: Scope) -> Item:
    """Chosen among all that belong here, so that who went and who came is known; but only what stands is shown."""
    by_uid = {copy.item.uid: copy.item for copy in standing}
    for among in (mine, standing):
        uid = stories.choose_primary([_member(copy, scope) for copy in among])
        if uid in by_uid:
            return by_uid[uid]
    return standing[0].item


def _member(copy: Copy, scope: Scope) -> Member:
    return stories.member(copy, scope.origins[copy.item.source_id])


def _put_under(lead: Item, primary: Item) -> Item:
    """The primary's words under the lead's names and date.

    Updated when the words last really changed, or when the lead was withdrawn, so that other words replaced its.
    """
    if primary.uid == lead.uid:
        return lead
    moments = (lead.published, primary.updated, lead.withdrawn_at or lead.published)
    if lead.withdrawn_at and _says_the_same(lead, primary):
        moments = (lead.published, lead.updated, lead.published)
    return replace(
        primary,
        uid=lead.uid,
        public_id=lead.public_id,
        published=lead.published,
        published_reason=lead.published_reason,
        updated=max(moments),
        first_seen=lead.first_seen,
        listing_order=lead.listing_order,
    )


def _says_the_same(lead: Item, primary: Item) -> bool:
    one, other = lead.entry, primary.entry
    return (one.title, one.text.split()) == (other.title, other.text.split())
