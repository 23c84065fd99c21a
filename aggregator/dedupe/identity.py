"""Which item of its source an entry is."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b

from aggregator.model import Entry, Item, ItemKey

NAMESPACE = uuid.UUID("7d0c2a53-5d8b-5d54-9d8e-6b1f3b1b0a67")
"""Root of all uids. Never to change: uids name items in addresses and in published ids."""

_IRI = re.compile(r"(?:https?://[^\s/?#]+|urn:[a-z0-9][a-z0-9-]{1,31}:.|tag:[^\s,:]+,[0-9-]+:)", re.IGNORECASE)
_WORDS = re.compile(r"\w+")
_UNRELATED = 0.2


def key_of(entry: Entry) -> ItemKey:
    """The key that an entry has by itself: the publisher's id, else URL, else enclosure, else a hash.

    The hash covers title and claimed date where there are both, else title and text, so that an item without
    any name keeps its identity while its feed moves it about.
    """
    if entry.id:
        return ItemKey(kind="id", value=entry.id)
    if entry.url_key:
        return ItemKey(kind="url", value=entry.url_key)
    if entry.enclosures:
        return ItemKey(kind="enclosure", value=entry.enclosures[0].url)
    dated = entry.title and entry.published
    parts = (entry.title, entry.published.raw) if dated and entry.published else (entry.title, entry.text)
    digest = blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=16)
    return ItemKey(kind="hash", value=digest.hexdigest())


def candidate_keys(entry: Entry) -> tuple[ItemKey, ...]:
    """All keys under which the entry may be stored, the narrowest first.

    An id that a source gives to several items is narrowed with the item's URL; see `assign`.
    """
    own = key_of(entry)
    narrowed = _narrowed(entry)
    return (narrowed, own) if narrowed else (own,)


def assign(entries: Sequence[Entry], known: Mapping[ItemKey, Item]) -> tuple[tuple[Entry, ItemKey], ...]:
    """Give every entry of a document the key of the item that it is.

    In: entries in document order; what the store holds under their candidate keys.
    Out: pairs in document order, each key once. An entry that repeats an earlier one (same key, same URL) is
    left out: it is the same item listed twice. Of several with one id but different URLs, the one that the
    store holds under it keeps it, else the first; the others get the id narrowed by their URL, so that none
    overwrites another. So does one whose id the store holds for an unrelated item: the id was used again.
    """
    listed: dict[ItemKey, dict[str | None, Entry]] = {}
    for entry in entries:
        listed.setdefault(key_of(entry), {}).setdefault(entry.url_key, entry)
    assigned = [
        (entry, key) for own, by_url in listed.items() for entry, key in _settle(own, by_url.values(), known)
    ]
    return tuple(sorted(assigned, key=lambda pair: pair[0].position))


def _settle(
    own: ItemKey, entries: Iterable[Entry], known: Mapping[ItemKey, Item]
) -> Iterator[tuple[Entry, ItemKey]]:
    """Who of the entries that would all bear `own` does bear it, and what the others are called."""
    free = []
    for entry in entries:
        narrowed = _narrowed(entry)
        if narrowed is not None and narrowed in known:
            yield entry, narrowed
        else:
            free.append(entry)
    owner = _owner(free, known.get(own))
    for entry in free:
        narrowed = _narrowed(entry)
        if entry is owner:
            yield entry, own
        elif narrowed is not None:
            yield entry, narrowed


def _owner(entries: Sequence[Entry], stored: Item | None) -> Entry | None:
    if stored is None:
        return next((entry for entry in entries if entry.url_key is None), entries[0] if entries else None)
    same_place = (entry for entry in entries if entry.url_key == stored.entry.url_key)
    same_thing = (entry for entry in entries if not _unrelated(stored.entry, entry))
    return next(same_place, None) or next(same_thing, None)


def _narrowed(entry: Entry) -> ItemKey | None:
    if not entry.id or not entry.url_key:
        return None
    return ItemKey(kind="id", value=f"{entry.id}|{entry.url_key}")


def _unrelated(stored: Entry, entry: Entry) -> bool:
    """Whether an id was given to a new thing: another URL, another title, and a text with little in common."""
    if entry.url_key is None or stored.title == entry.title:
        return False
    before, after = (set(_WORDS.findall(text.casefold())) for text in (stored.text, entry.text))
    if not before or not after:
        return False
    return len(before & after) / len(before | after) < _UNRELATED


def uid_of(source_id: str, key: ItemKey) -> str:
    """A UUID (version 5) from source and key: the same item has the same uid in every database."""
    return str(uuid.uuid5(NAMESPACE, f"{source_id}\x1f{key.kind}\x1f{key.value}"))


def public_id(entry: Entry, key: ItemKey, uid: str) -> str:
    """The id to publish: the publisher's own where it can stand alone in the world, else `urn:uuid:<uid>`.

    A publisher's id stands alone when it is an absolute IRI of a scheme whose names are meant to be unique
    (http, https, urn, tag: RFC 4287, section 4.2.6) and names this item only. "1234" is common to many feeds.
    """
    if entry.id and key.value == entry.id and _IRI.match(entry.id):
        return entry.id
    return f"urn:uuid:{uid}"
