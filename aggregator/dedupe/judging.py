"""Is an entry the item that was found under one of its names? Decided by what the name is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aggregator.dedupe import likeness
from aggregator.model import Entry, Identity, Item

Via = Literal["narrowed", "hash", "id", "permalink", "url", "dated"]
"""By which name an item was found."""

Likely = Literal["same", "other", "unsure"]

ORDER: dict[Identity, tuple[Via, ...]] = {
    "id": ("narrowed", "hash", "id", "permalink", "url", "dated"),
    "url": ("url", "hash", "dated", "narrowed", "id", "permalink"),
    "title": ("hash", "dated", "narrowed", "id", "permalink", "url"),
}
"""Which names are tried first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What names are worth here.

    Attributes:
        identity: What tells the source's items apart.
        shared: Whether several stored items bear the name.
        migrating: Whether most of the document's ids are new while its items are known by other names.
    """

    identity: Identity
    shared: bool = False
    migrating: bool = False


def likely(entry: Entry, item: Item, via: Via, standing: Standing) -> Likely:
    """Whether an entry is the item that bears one of its names.

    `unsure` only where a new id came under a known address, and the words say neither yes nor no.
    """
    match via:
        case "narrowed":
            return "same"
        case "hash":
            return "other" if _renamed(entry, item.entry) and _moved(entry, item.entry) else "same"
        case "id" | "permalink":
            return _by_id(entry, item.entry, standing)
        case "url":
            return _by_url(entry, item.entry, standing)
    return _by_date(entry, item.entry, standing)


def _by_id(entry: Entry, known: Entry, standing: Standing) -> Likely:
    """An id names one thing, unless the source is known to reuse ids, or plainly did so here."""
    if standing.shared or standing.identity != "id":
        return "same" if likeness.similar(entry, known) else "other"
    reused = _moved(entry, known) and likeness.unrelated(entry, known)
    return "other" if reused else "same"


def _by_url(entry: Entry, known: Entry, standing: Standing) -> Likely:
    """An address may show a new thing every day ("photo of the day")."""
    if standing.migrating or likeness.similar(entry, known):
        return "same"
    if standing.shared or likeness.unrelated(entry, known):
        return "other"
    return "unsure" if standing.identity == "id" and _renamed(entry, known) else "same"


def _by_date(entry: Entry, known: Entry, standing: Standing) -> Likely:
    """Title and date agree; texts that have nothing in common speak against it."""
    if standing.migrating or not entry.text or not known.text:
        return "same"
    return "same" if likeness.overlap(entry.text, known.text) >= likeness.UNRELATED else "other"


def _renamed(entry: Entry, known: Entry) -> bool:
    return bool(entry.id and known.id) and entry.id != known.id


def _moved(entry: Entry, known: Entry) -> bool:
    return bool(entry.url_key and known.url_key) and entry.url_key != known.url_key
