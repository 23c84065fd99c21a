"""Everything that is known of one item: where it came from, what it is merged with, and where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aggregator import publish
from aggregator.errors import UnknownNameError
from aggregator.model import (
    Catalogue,
    Copy,
    Drop,
    Edition,
    Evidence,
    Item,
    Keep,
    Refusal,
    Revision,
    Source,
    SourceState,
)
from aggregator.pipeline import publication as pipeline
from aggregator.pipeline.publication import Output
from aggregator.ports import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another item that was compared with the one in question, and what came of it.

    Attributes:
        uid: The other item's.
        item: The other; None if it is not stored any more.
        found: Why they are one piece, or why not.
    """

    uid: str
    item: Item | None
    found: Evidence | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Whether a publication shows the item.

    Attributes:
        publication: Its id.
        holds: Whether it does.
        reason: Where in it, or why not: half a sentence for people.
    """

    publication: str
    holds: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that there is to say of an item.

    Attributes:
        item: It.
        state: Of its source; None while that is unknown.
        revisions: What it said over time, oldest first.
        copies: All items of its story, itself too; empty when it stands alone.
        merged: Items that it was found to be one piece with.
        apart: Items that looked like it and were kept apart.
        shown: For every publication that the editor declared.
    """

    item: Item
    state: SourceState | None
    revisions: tuple[Revision, ...]
    copies: tuple[Copy, ...]
    merged: tuple[Related, ...]
    apart: tuple[Related, ...]
    shown: tuple[Shown, ...]


async def explain(name: str, store: Store, catalogue: Catalogue) -> Explanation | None:
    """What is known under a uid, a published id, a publisher's id or an address; None for nothing."""
    item = await store.item(name)
    if item is None:
        return None
    states = await store.states()
    edges, misses = await store.evidence(item.uid)
    copies = await store.copies([item.uid])
    outputs = pipeline.outputs(catalogue)
    return Explanation(
        item=item,
        state=states.get(item.source_id),
        revisions=await store.revisions(item.uid),
        copies=copies.get(item.uid, ()),
        merged=tuple([await _related(_other(item, edge.one, edge.other), edge.evidence, store) for edge in edges]),
        apart=tuple([await _related(_other(item, miss.one, miss.other), miss.refusal, store) for miss in misses]),
        shown=tuple(
            [await _shown(item, outputs[one.id], catalogue, states, store) for one in catalogue.publications]
        ),
    )


def _other(item: Item, one: str, other: str) -> str:
    return other if one == item.uid else one


async def _related(uid: str, found: Evidence | Refusal, store: Store) -> Related:
    return Related(uid=uid, item=await store.item(uid), found=found)


async def _shown(
    item: Item, output: Output, catalogue: Catalogue, states: Mapping[str, SourceState], store: Store
) -> Shown:
    name = output.publication.id
    hindrance = _hindrance(item, output)
    if hindrance:
        return Shown(publication=name, holds=False, reason=hindrance)
    try:
        edition = await pipeline.edition(output, catalogue, states, store)
    except UnknownNameError:
        return Shown(publication=name, holds=False, reason="the publication was not rendered yet: run the worker")
    copies = await store.copies([item.uid])
    return _placed(item, edition, frozenset(copy.item.uid for copy in copies.get(item.uid, ())))


def _hindrance(item: Item, output: Output) -> str | None:
    """What keeps the item out before any room is shared; None for nothing."""
    source = output.sources.get(item.source_id)
    if source is None:
        return "its source does not belong to it: neither its tags nor its sources name it"
    if item.withdrawn_at is not None:
        return f"its publisher took it back on {item.withdrawn_at:%Y-%m-%d %H:%M} UTC"
    if item.pruned:
        return "retention let go of its text: it is older than `store.retain`"
    if not item.compared:
        return "it waits to be compared with other items: the worker does that before it publishes"
    stopped = publish.stopped_by(output.publication, source, item)
    return _filtered(stopped, source) if stopped is not None else None


def _filtered(step: Keep | Drop, source: Source) -> str:
    whose = f"of the source {source.id}" if step in source.filters else "of the publication"
    said = " or ".join(matcher.shown for matcher in step.any_of)
    return (
        f"a filter {whose} drops what has {said}"
        if isinstance(step, Drop)
        else f"a filter {whose} keeps only {said}"
    )


def _placed(item: Item, edition: Edition, story: frozenset[str]) -> Shown:
    """Where the edition shows the item, or what took its room."""
    name, limit = edition.publication.id, len(edition.items)
    for number, entry in enumerate(edition.items, 1):
        where = f"entry {number} of {limit}"
        if item.uid in {copy.uid for copy in edition.copies.get(entry.public_id, ())}:
            return Shown(publication=name, holds=True, reason=f"named as a copy in {where}, {entry.public_id}")
        if entry.uid == item.uid and entry.source_id == item.source_id:
            return Shown(publication=name, holds=True, reason=where)
        if entry.uid in story:
            return Shown(publication=name, holds=True, reason=f"its words stand in {where}, {entry.public_id}")
    return Shown(publication=name, holds=False, reason=_crowded_out(item, edition))


def _crowded_out(item: Item, edition: Edition) -> str:
    shown = edition.items
    quota = edition.publication.per_source
    mine = sum(entry.source_id == item.source_id for entry in shown)
    if quota is not None and mine >= quota:
        return f"{mine} newer entries of its source fill the quota of {quota} (`per_source`)"
    if shown and item.published < shown[-1].published:
        return f"it is older than all {len(shown)} entries that are shown (`limit`); older ones are in the archive"
    return "its source has more new entries than its fair share of the room (`limit`)"
