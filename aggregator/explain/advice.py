"""Hints for the editor, from what is stored: computed when somebody asks, and from a few items of each source."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aggregator.explain.mendable import LOOKED, Recent, find_hints
from aggregator.model import Catalogue, SourceState
from aggregator.ports import ReadOnlyStore


async def advise(
    catalogue: Catalogue, states: Mapping[str, SourceState], store: ReadOnlyStore
) -> Mapping[str, tuple[str, ...]]:
    """What the editor can mend, by source id; see `mendable`. Reads a dozen items of each source that has any."""
    recent: dict[str, Recent] = {}
    for source in catalogue.sources:
        state = states.get(source.id)
        if source.enabled and state is not None and state.items:
            items = await store.latest([source.id], LOOKED)
            copies = await store.copies([one.uid for one in items if one.story is not None])
            recent[source.id] = Recent(
                items=items,
                elsewhere={
                    uid: frozenset(one.item.source_id for one in found) - {source.id}
                    for uid, found in copies.items()
                },
                since=state.profile.since,
            )
    return await asyncio.to_thread(find_hints, catalogue, recent)  # an editor's pattern may take a while
