"""From items to stories: what no other item was compared with yet is compared, one by one.

Runs before anything is rendered, in one place, so that copies of one piece are known as such before any document
shows them. What is stored are facts about pairs; who belongs together follows from them.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import structlog

from aggregator import publish, stories
from aggregator.model import (
    Catalogue,
    Copy,
    Failed,
    FeedMeta,
    Item,
    Member,
    Neighbourhood,
    Origin,
    Overrides,
    Placement,
    Sighting,
    Signature,
    Source,
    SourceState,
    Story,
)
from aggregator.ports import Reader, Store

AT_ONCE = 500
"""Items compared before what is ready is published: two seconds or three."""

TURN = 3.0
"""Seconds for placing those of them that have others near; what is left then waits for the next turn."""

PATIENCE = 60.0
"""Seconds for finding the texts of which no signature can be made; what is left then waits for the next turn."""


@dataclass(slots=True)
class Tally:
    """A count that rises while items are compared.

    Attributes:
        faults: How often a fault of this program struck.
    """

    faults: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterContext:
    """What comparing needs besides an item.

    Attributes:
        store: Where items and edges are.
        catalogue: For the editor's word, and for what sources are called.
        states: For what feeds call themselves: of those sources that were asked about, see `learn`.
        tally: Counts faults.
    """

    store: Store
    catalogue: Catalogue
    states: dict[str, SourceState] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    _asked: set[str] = field(default_factory=set)

    async def learn(self, source_ids: Iterable[str]) -> None:
        """Read the states of sources, where they were not asked for yet."""
        missing = set(source_ids) - self._asked - self.states.keys()
        if missing:
            self._asked.update(missing)
            self.states.update(await self.store.states(missing))

    def origin(self, source_id: str) -> Origin:
        """The source of that id, with what its feed says of itself; a stand-in for one that feeds.yaml lost."""
        state = self.states.get(source_id)
        return Origin(source=_source(source_id, self.catalogue), meta=state.meta if state else FeedMeta())

    def members(self, copies: tuple[Copy, ...]) -> tuple[Member, ...]:
        """Items as grouping and the choice of a primary see them."""
        return tuple(stories.member(copy, self.origin(copy.item.source_id)) for copy in copies)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedItems:
    """How many items were compared with those of other sources, and what went wrong.

    Attributes:
        items: How many were looked at.
        notices: A sentence for each that could not be compared.
        faults: How often a fault of ours struck.
    """

    items: int = 0
    notices: tuple[str, ...] = ()
    faults: int = 0


async def compare(store: Store, catalogue: Catalogue, reader: Reader) -> ComparedItems:
    """Find the stories of items that wait for it, the first seen first, at most `AT_ONCE`.

    Signatures are made in a process that can be killed; an item whose text stalls that is taken for no copy. So is
    one on which we fail, until `retry`.
    """
    waiting = await store.find_uncompared(AT_ONCE)
    if not waiting:
        return ComparedItems()
    tally = Tally()
    signatures = await _sign(waiting, tally, reader)
    signed = list(zip(waiting, signatures, strict=False))
    batch = [(item, _stand_in(one) if isinstance(one, Failed) else one) for item, one in signed]
    alone = await _place_alone(batch, store, catalogue, tally)
    rest = [(item, signature) for item, signature in batch if item.uid not in alone]
    left = 0
    if rest:
        context = ClusterContext(store=store, catalogue=catalogue, tally=tally)
        left = await _place_in_time(rest, context, reader)
    notices = tuple(_notice(item) for item, signature in signed if isinstance(signature, Failed))
    return ComparedItems(items=len(signed) - left, notices=notices, faults=tally.faults)


async def _place_in_time(rest: Sequence[tuple[Item, Signature]], context: ClusterContext, reader: Reader) -> int:
    """Place one after the other, the first in any case, until the turn's time is up; how many are left."""
    clock = asyncio.get_running_loop().time
    until = clock() + TURN
    for number, (item, signature) in enumerate(rest, start=1):
        await _place(item, signature, context, reader)
        if clock() > until:
            return len(rest) - number
    return 0


async def _place_alone(
    batch: Sequence[tuple[Item, Signature]], store: Store, catalogue: Catalogue, tally: Tally
) -> frozenset[str]:
    """Place what has nothing near it, which is most of what is new, at once; the uids of those items."""
    glance = await store.glance(batch, stories.TITLES_WITHIN)
    try:
        placed = stories.find_alone(batch, glance, catalogue.overrides)
    except Exception:  # noqa: BLE001 # the boundary: whatever fails here is placed one by one, as far as it can be
        tally.faults += 1
        structlog.get_logger("stories").exception("fault")
        return frozenset()
    sources = dict.fromkeys(item.source_id for item, _ in placed)
    names = (publish.touched_publication_ids(catalogue, _source(source_id, catalogue)) for source_id in sources)
    await store.place_alone(placed, tuple(dict.fromkeys(name for found in names for name in found)))
    return frozenset(item.uid for item, _ in placed)


def _source(source_id: str, catalogue: Catalogue) -> Source:
    """The source; one that was removed from feeds.yaml has no priority any more."""
    return catalogue.source(source_id) or Source(id=source_id, kind="feed", location="", url="")


async def retry(store: Store) -> int:
    """Have those items compared anew on which we failed; how many. For each start: it may be a mended one's."""
    return await store.retry(Signature(version=stories.FAILED))


async def reconsider(store: Store, overrides: Overrides) -> int:
    """Have those items compared anew that the editor's word is about, or was; how many."""
    return await store.reconsider({name for pair in overrides.merge | overrides.never_merge for name in pair})


def _stand_in(failed: Failed) -> Signature:
    """An empty signature: for good where the text stalls us, until a new start where we failed."""
    return Signature(version=stories.FAILED if failed.trouble == "internal" else stories.VERSION)


async def _sign(items: Sequence[Item], tally: Tally, reader: Reader) -> list[Signature | Failed]:
    """The signatures of as many items as could be looked at; Failed for one that can have none.

    Made all at once; if that fails, one by one, so that a text that stalls it costs its own item only. Where
    nothing can be made at all, for want of memory say, the items wait.
    """
    made = await reader.sign([item.entry for item in items])
    if not isinstance(made, Failed):
        return list(made)
    clock = asyncio.get_running_loop().time
    until = clock() + PATIENCE
    found: list[Signature | Failed] = []
    for item in items:
        one = await reader.sign([item.entry])
        if isinstance(one, Failed):
            tally.faults += one.trouble == "internal"
            if isinstance(await reader.sign([]), Failed):
                break
        found.append(one if isinstance(one, Failed) else one[0])
        if clock() > until:
            break
    return found


def _notice(item: Item) -> str:
    return f"{item.source_id}: '{item.entry.title[:100]}' could not be compared with others: {item.public_id}"


async def _place(item: Item, signature: Signature, context: ClusterContext, reader: Reader) -> None:
    sighting, near, placement = await find_place(item, signature, context, reader)
    touched = _publications_touched(item, near, placement, context)
    await context.store.place(item, sighting, placement, publications=touched)


async def find_place(
    item: Item, signature: Signature, context: ClusterContext, reader: Reader
) -> tuple[Sighting, Neighbourhood, Placement]:
    """How an item looks, stored or not, what is around it, and where it belongs; only reads."""
    store, overrides = context.store, context.catalogue.overrides
    titles, addresses = await store.count_uses(stories.sighting(item, signature), stories.TITLES_WITHIN)
    sighting = stories.sighting(item, signature, titles=titles, addresses=addresses)
    names = stories.wanted_names(sighting, overrides)
    near = await store.neighbourhood(sighting, names, stories.REACH)
    own = Copy(item=item, length=signature.length, credit=signature.credit)
    near = replace(near, kin=(*near.kin, *await _read_again(item, near, context, reader)))
    around = {one.source_id for one in (*near.candidates, *near.kin)}
    await context.learn({item.source_id, *around, *(copy.item.source_id for copy in near.copies)})
    sighting, near = _name_sources(sighting, near, context)
    return sighting, near, _decide_place(sighting, own, near, context)


def _name_sources(
    sighting: Sighting, near: Neighbourhood, context: ClusterContext
) -> tuple[Sighting, Neighbourhood]:
    """All sightings with what their sources are called, where one is a headline that may name one of them."""
    if not any("headline" in one.signature.traits for one in (sighting, *near.candidates, *near.kin)):
        return sighting, near
    sources = {one.source_id for one in (sighting, *near.candidates, *near.kin)}
    called = {source_id: stories.names_of_source(context.origin(source_id)) for source_id in sources}
    item, *candidates = (replace(one, called=called[one.source_id]) for one in (sighting, *near.candidates))
    kin = tuple(replace(one, called=called[one.source_id]) for one in near.kin)
    return item, replace(near, candidates=tuple(candidates), kin=kin)


async def _read_again(item: Item, near: Neighbourhood, context: ClusterContext, reader: Reader) -> list[Sighting]:
    """Sightings of items that edges join to an item, where their signatures were forgotten: from what they say."""
    held = {found.uid for found in (*near.kin, *near.candidates)}
    joined = {uid for edge in near.edges if item.uid in {edge.one, edge.other} for uid in (edge.one, edge.other)}
    lost = [
        copy.item
        for copy in near.copies
        if copy.item.uid in {*joined, *near.far} and copy.item.uid not in held and not copy.item.pruned
    ]
    made = await _sign(lost, context.tally, reader) if lost else []
    found = zip(lost, made, strict=False)
    return [stories.sighting(other, signature) for other, signature in found if isinstance(signature, Signature)]


def _publications_touched(
    item: Item, near: Neighbourhood, placement: Placement, context: ClusterContext
) -> tuple[str, ...]:
    """The publications that may show the item, and those of others that it brings together or leaves apart."""
    others = {copy.item.uid: copy.item for copy in near.copies}
    before: defaultdict[str, set[str]] = defaultdict(set)
    for other in others.values():
        before[other.story or f"alone: {other.uid}"].add(other.uid)
    now = {uid: set(story.members) - {item.uid} for story in placement.stories for uid in story.members}
    moved = (uid for found in before.values() for uid in found if now.get(uid, {uid}) != found)
    sources = dict.fromkeys((item.source_id, *(others[uid].source_id for uid in sorted(moved))))
    names = (
        publish.touched_publication_ids(context.catalogue, context.origin(source_id).source)
        for source_id in sources
    )
    return tuple(dict.fromkeys(name for found in names for name in found))


def _decide_place(sighting: Sighting, own: Copy, near: Neighbourhood, context: ClusterContext) -> Placement:
    """Where the item belongs; alone if that cannot be told, since no item may hold up those behind it."""
    try:
        around = stories.Surroundings(
            candidates=near.candidates,
            members=context.members((*near.copies, own)),
            edges=near.edges,
            kin=near.kin,
            former=near.former,
            changed_at=own.item.changed_at,
            apart=near.apart,
        )
        return stories.place(sighting, around, context.catalogue.overrides)
    except Exception:  # noqa: BLE001 # the boundary: see above
        context.tally.faults += 1
        item = own.item
        structlog.get_logger("stories").exception("fault", source=item.source_id, item=item.public_id)
        return Placement(story=Story(id=item.public_id, members=(item.uid,), primary=item.uid))
