"""What of a source is here already: the same items, and other sources' copies of the same pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Final

from aggregator.model import Failed, Item, Signature
from aggregator.pipeline.comparing import ClusterContext, find_place
from aggregator.ports import Reader
from aggregator.preview.previewed import StoredMatch

MOST: Final = 100
"""Entries that are compared with what is here, the newest first; each costs a few queries."""


async def find_stored(
    items: Sequence[Item], source_id: str, context: ClusterContext, reader: Reader
) -> dict[str, tuple[StoredMatch, ...]]:
    """For each of the items that would be stored, by uid, what is stored that is the same; reads only."""
    some = items[:MOST]
    signed = await reader.sign([item.entry for item in some])
    signatures: Sequence[Signature | None] = [None] * len(some) if isinstance(signed, Failed) else signed
    found: dict[str, tuple[StoredMatch, ...]] = {}
    for item, signature in zip(some, signatures, strict=True):
        joined = [one async for one in _find_by_names(item, source_id, context)]
        joined += await _by_likeness(item, signature, context, reader) if signature is not None else []
        here: dict[str, StoredMatch] = {}
        for one in joined:
            here.setdefault(one.item.uid, one)
        found[item.uid] = tuple(here.values())
    return found


async def _find_by_names(item: Item, source_id: str, context: ClusterContext) -> AsyncIterator[StoredMatch]:
    names = {
        "it is stored": item.uid,
        "the same address": item.entry.url_key or item.entry.url,
        "the same id": item.entry.id,
    }
    for reason, name in names.items():
        stored = await context.store.item(name) if name else None
        if stored is not None:
            own = stored.source_id == source_id
            yield StoredMatch(item=stored, reason=reason, same=own)


async def _by_likeness(
    item: Item, signature: Signature, context: ClusterContext, reader: Reader
) -> list[StoredMatch]:
    """What comparing would join it with, as is done with every new item."""
    _, near, placement = await find_place(item, signature, context, reader)
    others = {copy.item.uid: copy.item for copy in near.copies}
    return [
        StoredMatch(item=others[uid], reason=edge.evidence.reason, same=False)
        for edge in placement.edges
        if item.uid in {edge.one, edge.other}
        for uid in (edge.one, edge.other)
        if uid in others and uid != item.uid
    ]
