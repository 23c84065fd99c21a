"""Which entries the subscribers of a planet would see again if we took its place, since they have other ids here.

A reader tells entries apart by their ids. Planets hand on the ids of their sources, and an entry's address, or a
digest, where there is none. We hand on ids that can stand alone in the world, and mint the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aggregator import dedupe
from aggregator.model import Entry, ItemKey
from aggregator.ports import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAgain:
    """What becomes of the entries of a published feed in the eyes of its subscribers.

    Attributes:
        place: Where that feed was read.
        entries: How many it has.
        again: Those that have another id here: they are shown a second time.
        unsure: Those whose id is their address, and of which nothing is stored yet: it is their source's own id
            and stays, or the planet's stand-in for one and changes.
        stored: Those of which an item is stored, so that their ids were compared.
    """

    place: str
    entries: int
    again: int
    unsure: int
    stored: int


async def count_seen_again(place: str, entries: Iterable[Entry], store: Store | None) -> SeenAgain:
    """Hold the entries of a published feed against what is stored, or else the rule by which ids are given.

    In: where the feed was read; what was read; what is here already, None where there is nothing.
    """
    total = again = unsure = stored = 0
    for entry in entries:
        total += 1
        item = None if store is None else await _find(entry, store)
        if item is not None:
            stored += 1
            again += item != entry.id
        elif not entry.id or _is_minted(entry):
            again += 1
        elif entry.id in {entry.url, entry.url_key}:
            unsure += 1
    return SeenAgain(place=place, entries=total, again=again, unsure=unsure, stored=stored)


async def _find(entry: Entry, store: Store) -> str | None:
    """The id under which we publish what an entry is."""
    for name in (entry.id, entry.url_key, entry.url):
        item = await store.item(name) if name else None
        if item is not None:
            return item.public_id
    return None


def _is_minted(entry: Entry) -> bool:
    """Whether the id could not be published as it is."""
    return dedupe.public_id(entry, ItemKey(kind="id", value=entry.id or ""), "") != entry.id
