"""What the editor should know of a source and do, after a poll of it: the sentence that `status` shows."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aggregator import dedupe, publish, schedule
from aggregator.model import Catalogue, Publication, Source, Update


async def notice(source: Source, update: Update, catalogue: Catalogue) -> str | None:
    """The most pressing thing that the editor should know of a source; None when there is nothing."""
    known = schedule.source_notice(update.state) or dedupe.behaviour_notice(source, update.state.profile)
    including = [one for one in catalogue.publications if one.includes(source)]
    asking = [one for one in including if one.filters or source.filters or source.rewrites]
    return known or (await asyncio.to_thread(_stuck, source, update, asking) if asking else None)


def _stuck(source: Source, update: Update, asking: Sequence[Publication]) -> str | None:
    """On patterns that take too long. They are tried on what is new at once, before anybody misses an item."""
    for change in update.changes:
        publish.for_readers(change.item.entry, source)
        for publication in asking:
            publish.can_show(publication, source, change.item)
    return next((found for one in asking if (found := publish.stuck_notice(one, source))), None)
