"""The keys by which an entry's item is stored and found: its own, and those of its other names."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b

from aggregator.model import Entry, Identity, ItemKey, Source, SourceProfile, is_absolute_iri
from aggregator.text import permalinks
from aggregator.text.characters import to_normal_form

NAMESPACE = uuid.UUID("7d0c2a53-5d8b-5d54-9d8e-6b1f3b1b0a67")
"""Root of all uids. Never to change: uids name items in addresses and in published ids."""

_IRI = re.compile(r"(?:https?://[^\s/?#]+|urn:[a-z0-9][a-z0-9-]{1,31}:.|tag:[^\s,:]+,[0-9-]+:)", re.IGNORECASE)


def identity_policy(source: Source, profile: SourceProfile) -> Identity:
    """What tells the source's items apart: the editor's word, else what was measured."""
    return source.identity or profile.identity


def key_of(entry: Entry, identity: Identity = "id") -> ItemKey:
    """The key that an entry has by itself: the publisher's id, else URL, else enclosure, else a hash.

    Where ids are no identity it begins with the URL, and where addresses are none either, with the hash.
    """
    if entry.id and identity == "id":
        return ItemKey(kind="id", value=entry.id)
    if entry.url_key and identity != "title":
        return ItemKey(kind="url", value=entry.url_key)
    if entry.enclosures and identity == "id":
        return ItemKey(kind="enclosure", value=entry.enclosures[0].url)
    return hash_key(entry)


def hash_key(entry: Entry) -> ItemKey:
    """A key for an entry without any name.

    Of title and claimed date where there are both, else of title and text, so that the item keeps its
    identity while its feed moves it about.
    """
    dated = entry.title and entry.published
    parts = (entry.title, entry.published.raw) if dated and entry.published else (entry.title, entry.text)
    return ItemKey(kind="hash", value=_digest(*parts))


def narrowed_key(entry: Entry) -> ItemKey | None:
    """An id that a source gives to several things, made narrower with the item's URL."""
    if not entry.id or not entry.url_key:
        return None
    return ItemKey(kind="id", value=f"{entry.id}|{entry.url_key}")


def keys_of_former_addresses(entry: Entry) -> Iterator[tuple[ItemKey, ItemKey | None, ItemKey]]:
    """For each older key of an entry's address: that key, the id narrowed by it, and the last resort with it."""
    for url_key in entry.former_keys:
        as_it_was = replace(entry, url_key=url_key)
        yield ItemKey(kind="url", value=url_key), narrowed_key(as_it_was), last_resort_key(as_it_was)


def last_resort_key(entry: Entry) -> ItemKey:
    """A key that no other entry has: a hash of all that names or fills it."""
    raw = entry.published.raw if entry.published else ""
    return ItemKey(kind="hash", value=_digest(entry.id or "", entry.url_key or "", entry.title, raw, entry.text))


def candidate_keys(entry: Entry, identity: Identity) -> tuple[ItemKey, ...]:
    """The keys that a new item may get, the best first: its own, unless another thing bears it already."""
    wide = (
        key_of(entry, identity),
        narrowed_key(entry) if identity == "id" else None,
        hash_key(entry),
        last_resort_key(entry),
    )
    return tuple(dict.fromkeys(key for key in wide if key is not None))


def permalink_key(entry: Entry) -> ItemKey | None:
    """The publisher's id reduced for comparison, where it is a URL; see `text.permalinks`."""
    return next(permalink_keys(entry), None)


def permalink_keys(entry: Entry) -> Iterator[ItemKey]:
    """`permalink_key` under all rules, the newest first: its item may be stored under older ones."""
    return (ItemKey(kind="permalink", value=value) for value in permalinks.reductions(entry.id))


def home_and_feed_urls(source: Source, profile: SourceProfile) -> frozenset[str]:
    """The addresses of a source and of its site, reduced."""
    found = (permalinks.reduce_permalink(name) for name in (source.location, source.url, *profile.places))
    return frozenset(name for name in found if name)


def date_key(entry: Entry) -> ItemKey | None:
    """Title and claimed date, which outlive new ids and new addresses; None without either."""
    title = " ".join(to_normal_form(entry.title, "NFKC").casefold().split())
    if not title or entry.published is None:
        return None
    return ItemKey(kind="dated", value=_digest(title, str(int(entry.published.utc.timestamp()))))


def url_keys(entry: Entry) -> Iterator[ItemKey]:
    """The entry's URL as a key; first with its fragment, by which a document of several posts tells them apart."""
    if entry.url and entry.url_key:
        fragment = entry.url.partition("#")[2]
        if fragment and "#" not in entry.url_key:
            yield ItemKey(kind="url", value=f"{entry.url_key}#{fragment}")
        yield ItemKey(kind="url", value=entry.url_key)


def keys_to_note(entry: Entry, identity: Identity, *, shared_urls: bool) -> tuple[ItemKey, ...]:
    """The keys to note for an entry's item, as far as they say anything about this source.

    An id that is no identity is noted where it is the only name: words and dates decide among all that bear it.
    """
    found: list[ItemKey | None] = []
    if entry.id and (identity == "id" or (identity == "url" and not entry.url_key)):
        found += [ItemKey(kind="id", value=entry.id), permalink_key(entry)]
    if not shared_urls and identity != "title":
        found += [ItemKey(kind="url", value=key) for key in (entry.url_key, *entry.former_keys) if key]
    found.append(date_key(entry))
    own = key_of(entry, identity)
    if own.kind == "hash":
        found.append(own)
    return tuple(key for key in found if key is not None)


def wanted_keys(
    entries: Iterable[Entry], source: Source | None = None, profile: SourceProfile | None = None
) -> tuple[ItemKey, ...]:
    """The keys to look up in the store before `decide`, of each entry the one that is worth most first.

    With the source and its profile they are those that its names are worth, and those of entries that wait.
    """
    identity = (source.identity if source else None) or (profile.identity if profile else "id")
    waiting = [held.entry for held in profile.quarantined] if profile else []
    shared_urls = profile.shared_urls if profile else False
    found = (
        key for entry in (*entries, *waiting) for key in _keys_to_look_up(entry, identity, shared_urls=shared_urls)
    )
    return tuple(dict.fromkeys(found))


def _keys_to_look_up(entry: Entry, identity: Identity, *, shared_urls: bool) -> Iterator[ItemKey]:
    yield from candidate_keys(entry, identity)
    if entry.id:
        yield ItemKey(kind="id", value=entry.id)
    if not shared_urls:
        yield from url_keys(entry)
    yield from permalink_keys(entry)
    for ways in (*keys_of_former_addresses(entry), (date_key(entry),)):
        yield from (key for key in ways if key is not None)


def uid_of(seed: str, key: ItemKey) -> str:
    """A UUID (version 5) from source and key: the same item has the same uid in every database.

    `seed` is the label under which the source was first known: it keeps it when the editor renames it.
    """
    return str(uuid.uuid5(NAMESPACE, f"{seed}\x1f{key.kind}\x1f{key.value}"))


def public_id(entry: Entry, key: ItemKey, uid: str) -> str:
    """The id to publish: the publisher's own where it can stand alone in the world, else `urn:uuid:<uid>`.

    A publisher's id stands alone when it is an absolute IRI of a scheme whose names are meant to be unique
    (http, https, urn, tag: RFC 4287, section 4.2.6) and names this item only. "1234" is common to many feeds. One
    that is no IRI from end to end (it holds a space, say) could not be written into any document.
    """
    own = entry.id
    if own and key == ItemKey(kind="id", value=own) and _IRI.match(own) and is_absolute_iri(own):
        return own
    return f"urn:uuid:{uid}"


def _digest(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()
