"""Which entries the subscribers of a planet would see again if we took its place, since they have other ids here.

A reader tells entries apart by their ids. Planets hand on the ids of their sources, and an entry's address, or a
digest, where there is none. We hand on ids that can stand alone in the world, and mint the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aggregator import dedupe
from aggregator.model import Entry, Fetched, ItemKey, Reading, Source, Validators
from aggregator.ports import Fetcher, Reader, Store

SECONDS: Final = 60.0
"""For looking at what the feeds of a planet carry; those that did not answer by then are not reckoned with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAgain:
    """What becomes of the entries of a planet in the eyes of its subscribers.

    Attributes:
        place: Where they were read.
        entries: How many there are.
        again: Those that have another id here: they are shown a second time.
        unsure: Those whose id is their address, and that neither are stored nor stand in a feed that was looked
            at: it is their source's own id and stays, or the planet's stand-in for one and changes.
    """

    place: str
    entries: int
    again: int
    unsure: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the ids that a planet's entries have here.

    Attributes:
        store: What is stored; None where there is nothing.
        carried: What the planet's feeds carry now, by the keys of their addresses.
    """

    store: Store | None = None
    carried: Mapping[str, Entry] = field(default_factory=dict)

    async def id_of(self, entry: Entry) -> str | None:
        """The id under which we publish what an entry is; "" for a minted one, None where nobody can tell."""
        for name in (entry.id, entry.url_key, entry.url) if self.store is not None else ():
            item = await self.store.item(name) if name and self.store is not None else None
            if item is not None:
                return item.public_id
        source = self.carried.get(entry.url_key or "")
        if source is not None or not entry.id or is_minted(entry):
            told = entry if source is None else source
            return "" if not told.id or is_minted(told) else told.id
        return None if entry.id in {entry.url, entry.url_key} else entry.id


async def count_seen_again(place: str, entries: Iterable[Entry], known: Known) -> SeenAgain:
    """What becomes of entries whose ids are as a planet hands them on.

    In: where they were read; they themselves; what is known of their ids here.
    """
    ids = [(entry.id or entry.url, await known.id_of(entry)) for entry in entries]
    return SeenAgain(
        place=place,
        entries=len(ids),
        again=sum(ours is not None and ours != theirs for theirs, ours in ids),
        unsure=sum(ours is None for _, ours in ids),
    )


async def read_entries(source: Source, fetcher: Fetcher, reader: Reader) -> Sequence[Entry] | None:
    """The entries of a feed as it is now; None where it cannot be read."""
    answer = await fetcher.fetch(source, Validators())
    reading = await reader.read(answer, source) if isinstance(answer, Fetched) else None
    return reading.entries if isinstance(reading, Reading) else None


async def read_many(sources: Collection[Source], fetcher: Fetcher, reader: Reader) -> list[Sequence[Entry]]:
    """The entries of those that can be read within `SECONDS`, each asked once."""
    tasks = [asyncio.ensure_future(read_entries(one, fetcher, reader)) for one in sources]
    done, late = await asyncio.wait(tasks, timeout=SECONDS) if tasks else (set(), set())
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    return [found for task in done if (found := task.result()) is not None]


def by_address(found: Iterable[Sequence[Entry]]) -> dict[str, Entry]:
    """Entries by the keys of their addresses."""
    return {one.url_key: one for entries in found for one in entries if one.url_key}


def is_minted(entry: Entry) -> bool:
    """Whether the id could not be published as it is."""
    return dedupe.public_id(entry, ItemKey(kind="id", value=entry.id or ""), "") != entry.id
