"""What is recalled of a source when entries bear no name that leads to an item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from aggregator import dedupe
from aggregator.model import Entry, Item, ItemKey, Recall
from aggregator.pipeline import reading
from aggregator.pipeline.outcomes import PollContext

BESIDE: Final = 200
"""Items that are recalled beyond the number of a document's entries, since some that have left it are newer."""

MOST: Final = 1_000


async def recall_items(
    poll: PollContext, entries: Sequence[Entry], known: Mapping[ItemKey, tuple[Item, ...]]
) -> Recall:
    """The source's newest items, where it was last read otherwise or its entries are without names.

    Costs nothing for a source whose entries have ids or addresses, unless it is read otherwise than before.
    """
    state = poll.state
    as_before = state.reading_digest == reading.digest(poll.source)
    recall = Recall(reread=bool(state.body_hash) and not as_before)
    if not state.items or not dedupe.wants_recall(
        entries, known, poll.source, state.profile, reread=not as_before
    ):
        return recall
    count = min(len(entries) + BESIDE, MOST)
    return replace(recall, items=await poll.services.store.latest([poll.source.id], count))
