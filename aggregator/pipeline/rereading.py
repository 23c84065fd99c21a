"""Items of a source that is read otherwise now: after an upgrade of ours, or an edit of its editor's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aggregator import dedupe
from aggregator.model import Entry, Item, ItemKey
from aggregator.pipeline import reading
from aggregator.pipeline.outcomes import Poll


async def reread(
    poll: Poll, entries: Sequence[Entry], known: Mapping[ItemKey, tuple[Item, ...]]
) -> Mapping[ItemKey, tuple[Item, ...]]:
    """What is known, and the items whose words are there but whose names are read otherwise.

    Nothing may seem new only because we read it otherwise. Costs nothing while a source is read as it was.
    """
    as_before = poll.state.reading_digest == reading.digest(poll.source)
    strangers = () if as_before or not poll.state.items else dedupe.strangers(entries, known)
    if not strangers:
        return known
    newest = await poll.services.store.latest([poll.source.id], dedupe.REREAD_ITEMS)
    return {**known, **dedupe.recognised(strangers, newest, known)}
