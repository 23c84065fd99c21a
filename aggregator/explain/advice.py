"""Hints for the editor, from what is stored: computed when somebody asks, and from a few items of each source."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from aggregator.errors import Notice
from aggregator.explain.mendable import LOOKED, Recent, find_hints
from aggregator.explain.unmet import count_listed, find_unmet
from aggregator.model import Catalogue, SourceState
from aggregator.ports import ReadOnlyStore
from aggregator.schedule import moving_notice, source_notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What an editor is told of a feeds.yaml, from what is stored; nothing before the first poll.

    Attributes:
        hints: What can be mended, by source id.
        unmet: What is no mistake and comes to nothing, by line.
        listed: How many sources lists elsewhere bring, beside those that it declares.
    """

    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unmet: tuple[Notice, ...] = ()
    listed: int = 0


async def find_advice(found: Catalogue, dated: Catalogue, file: str, store: ReadOnlyStore) -> Advice:
    """All that can be told of it.

    In: what the file says; the same as it holds at this hour, with what lists bring; the file's name.
    """
    states = await store.states()
    mendable = await advise(dated, states, store)
    asked = {one.id: states[one.id] for one in dated.sources if one.id in states and one.enabled}
    moved = {name: moving_notice(state) or source_notice(state) for name, state in asked.items()}
    told = {name: tuple(one for one in (moved[name], *mendable.get(name, ())) if one) for name in moved}
    return Advice(
        hints={name: hints for name, hints in told.items() if hints},
        unmet=await find_unmet(found, file, store),
        listed=count_listed(found, (await store.followed_lists()).states),
    )


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
