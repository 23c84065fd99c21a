"""What is at the address to which an edit moves a source, judged as the next poll would; nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, cast

from aggregator.model import Catalogue, Entry, NewAddress, Source, SourceState
from aggregator.pipeline import refresh
from aggregator.pipeline.outcomes import Services
from aggregator.ports import Store
from aggregator.preview.witness import ReadingStore, Witness
from aggregator.text.characters import fold

_COMPARED: Final = 1000
"""Items of the source, the newest ones, of which it is looked whether the same piece is there under another id."""

_MOST_ARTICLES: Final = 5
"""As many as `looking` asks for."""


async def look_there(
    source: Source, state: SourceState, catalogue: Catalogue, services: Services, store: Store
) -> NewAddress:
    """What the next poll of a source would make of its new address.

    In: the source as it will be, and what is stored of it; all of feeds.yaml as it will be; what polling calls;
    the store, which is only read.
    """
    seen = Witness(fetcher=services.fetcher, reader=services.reader)
    asked = replace(
        services, fetcher=seen, reader=seen, store=cast("Store", ReadingStore(store)), most_articles=_MOST_ARTICLES
    )
    update = await refresh.refresh(source, state, catalogue, asked)
    if seen.reading is None or update.state.error is not None:
        return NewAddress(failure=update.state.error or "Nothing could be read.")
    new = [change.item.entry for change in update.changes if change.verdict.kind == "new"]
    waiting = len(update.state.profile.quarantined)
    stored = [item.entry for item in await store.latest([source.id], _COMPARED)]
    again = find_again(new, seen.reading.entries, stored)
    entries = len(seen.reading.entries)
    return NewAddress(entries=entries, known=max(0, entries - len(new) - waiting), again=tuple(again))


def find_again(new: Iterable[Entry], there: Iterable[Entry], stored: Iterable[Entry]) -> list[str]:
    """What the new entries are called whose piece is stored under another id.

    The same piece is what bears a title that only one stored entry has, and only one there; where there is none,
    what says the same.
    """
    counts, known = Counter(map(_words, there)), Counter(map(_words, stored))
    return [
        entry.title or entry.url or "without a title"
        for entry in new
        if (words := _words(entry)) and counts[words] == known[words] == 1
    ]


def _words(entry: Entry) -> str:
    return fold(entry.title) or fold(entry.text)
