"""What is remembered of the document that was read last, so that of the next one only what is new is read.

An entry whose bytes are as they were says what it said, if what it gets from elsewhere is as it was, too. What it
said is in the store where its item says just that; then its digest and the item's uid are remembered, and no word
of it is kept twice. Nothing else is concluded from a digest: what is new is judged among all entries of the
document, as if all had been read.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from aggregator.model import (
    Change,
    DocumentDigests,
    DocumentMemory,
    Entry,
    Failed,
    Fetched,
    Item,
    ItemKey,
    Reading,
    SourceState,
)
from aggregator.pipeline import reading
from aggregator.pipeline.outcomes import PollContext

MOST: Final = 300
"""Entries of one document that are remembered; 34 characters each, in a row that every poll writes."""

_DIGEST, _UID = 12, 22


async def read(poll: PollContext, fetched: Fetched) -> Reading | Failed:
    """The feed with all its entries; those that are as they were come from the store and were not read again."""
    state, reader = poll.state, poll.services.reader
    uids = _unpack(state.memory) if state.reading_digest == reading.digest(poll.source) else {}
    if not uids:
        return await reader.read(fetched, poll.source)
    found = await reader.read(
        fetched, poll.source, DocumentDigests(context=state.memory.context, entries=tuple(uids))
    )
    if isinstance(found, Failed) or found.digests is None or not found.same:
        return found
    wanted = {place: uids[found.digests.entries[place]] for place in found.same}
    stored = {item.uid: item.entry for item in await poll.services.store.find_items(wanted.values())}
    if not stored.keys() >= set(wanted.values()):  # what an item said went with its content
        return await reader.read(fetched, poll.source)
    clean = poll.services.spelled.redact  # what an earlier version stored may hold a secret
    same = (replace(clean(stored[uid]), position=place) for place, uid in wanted.items())
    entries = sorted((*found.entries, *same), key=lambda entry: entry.position)
    return replace(found, entries=tuple(entries), same=())


def remember(found: Reading, known: Mapping[ItemKey, Iterable[Item]], changes: Iterable[Change]) -> DocumentMemory:
    """What to remember of a document that was read: the entries that an item says word for word.

    In: its reading; the stored items that its entries may be; those that are written now.
    """
    if found.digests is None:
        return DocumentMemory()
    items = {item.uid: item for bearers in known.values() for item in bearers}
    items |= {change.item.uid: change.item for change in changes}
    saying = {_drop_position(item.entry): item.uid for item in items.values() if not item.pruned}
    pairs = ((found.digests.entries[one.position], saying.get(_drop_position(one))) for one in found.entries)
    packed = {digest: digest + _pack(uid) for digest, uid in pairs if digest and uid}
    return DocumentMemory(context=found.digests.context, entries="".join([*packed.values()][:MOST]))


def forget(state: SourceState, changes: Iterable[Change]) -> SourceState:
    """The state of a source whose items changed without a document being read."""
    return replace(state, memory=DocumentMemory()) if any(True for _ in changes) else state


def _drop_position(entry: Entry) -> Entry:
    return replace(entry, position=0) if entry.position else entry


def _pack(uid: str) -> str:
    return urlsafe_b64encode(UUID(uid).bytes).decode().rstrip("=")


def _unpack(memory: DocumentMemory) -> dict[str, str]:
    return dict(_pairs(memory.entries))


def _pairs(packed: str) -> Iterator[tuple[str, str]]:
    for start in range(0, len(packed) - _DIGEST - _UID + 1, _DIGEST + _UID):
        digest, uid = packed[start : start + _DIGEST], packed[start + _DIGEST : start + _DIGEST + _UID]
        yield digest, str(UUID(bytes=urlsafe_b64decode(uid + "==")))
