"""Stored documents in memory, so that answering for one touches neither the database nor a thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from aggregator.model import Document, Format
from aggregator.ports import ReadOnlyStore
from aggregator.web.stored_changes import Changes

MOST_BYTES: Final = 64_000_000
"""Of the documents that are held, with their compressed forms: those asked for longest ago make room."""

_Key = tuple[str, Format]


class Documents:
    """The documents of declared publications, as they are in the store.

    When `changes` tells of one, the entity tags of those that are held are compared with the stored ones; all
    requests are answered from memory.
    """

    def __init__(self, store: ReadOnlyStore, changes: Changes) -> None:
        self._store = store
        self._changes = changes
        self._held: dict[_Key, Document] = {}
        self._bytes = 0
        self._told: list[Callable[[Document], None]] = []
        changes.tell(self._drop_outdated)

    def tell_dropped(self, hear: Callable[[Document], None]) -> None:
        """Call `hear` with each document that is held no more: whatever was made from it is to go with it."""
        self._told.append(hear)

    async def get(self, publication_id: str, form: Format) -> Document | None:
        """The document, or None where there is none. Raises StoreError."""
        version = await self._changes.look()
        found = self.peek(publication_id, form)
        if found is not None:
            return found
        found = await self._store.document(publication_id, form)
        if found is not None and version == self._changes.version and self._changes.is_known():
            self._keep((publication_id, form), found)
        return found

    def peek(self, publication_id: str, form: Format) -> Document | None:
        """The document where it is held and known to be as it is in the store."""
        if not self._changes.is_known():
            return None
        found = self._held.pop((publication_id, form), None)
        if found is not None:
            self._held[publication_id, form] = found  # the last to go
        return found

    def can_serve_on(self, names: Iterable[tuple[str, Format]]) -> bool:
        """Whether all these are held, and are served whatever becomes of the store."""
        return self._changes.is_told and all(name in self._held for name in names)

    async def _drop_outdated(self) -> None:
        held = {key: document.etag for key, document in self._held.items()}
        stored = await self._store.document_etags({name for name, _ in held}) if held else {}
        for key, etag in held.items():
            if stored.get(key) != etag:
                self._drop(key)

    def _keep(self, key: _Key, document: Document) -> None:
        self._drop(key)
        self._held[key] = document
        self._bytes += _size(document)
        while self._bytes > MOST_BYTES and len(self._held) > 1:
            self._drop(next(iter(self._held)))

    def _drop(self, key: _Key) -> None:
        gone = self._held.pop(key, None)
        if gone is not None:
            self._bytes -= _size(gone)
            for hear in self._told:
                hear(gone)


def _size(document: Document) -> int:
    return len(document.body) + len(document.gzip) + len(document.br)
