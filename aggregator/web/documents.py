"""Stored documents in memory, so that answering for one touches neither the database nor a thread."""

from __future__ import annotations

import asyncio
from typing import Final

from aggregator.model import Document, Format
from aggregator.ports import ReadOnlyStore

LOOK_AGAIN: Final = 0.5
"""Seconds until it is asked whether another process has rendered anew; what this one renders shows at once."""

MOST_BYTES: Final = 64_000_000
"""Of the documents that are held, with their compressed forms: those asked for longest ago make room."""

_Key = tuple[str, Format]


class Documents:
    """The documents of declared publications, as they are in the store.

    One request in half a second asks the store for the entity tags of those that are held; all others are answered
    from memory. A document that was rendered by another process is thus served half a second late at most.
    """

    def __init__(self, store: ReadOnlyStore) -> None:
        self._store = store
        self._held: dict[_Key, Document] = {}
        self._bytes = 0
        self._saves = 0
        self._looked_at = 0.0

    async def get(self, publication_id: str, form: Format) -> Document | None:
        """The document, or None where there is none. Raises StoreError."""
        await self._drop_outdated()
        key = (publication_id, form)
        found = self._held.pop(key, None)
        if found is not None:
            self._held[key] = found  # the last to go
            return found
        saves = self._saves
        found = await self._store.document(publication_id, form)
        if found is not None and saves == self._saves:
            self._keep(key, found)
        return found

    async def _drop_outdated(self) -> None:
        if self._store.saves != self._saves:
            self._saves = self._store.saves
            self._drop(list(self._held))
        now = asyncio.get_running_loop().time()
        if not self._held or now - self._looked_at < LOOK_AGAIN:
            return
        self._looked_at = now
        held = {key: document.etag for key, document in self._held.items()}
        stored = await self._store.document_etags({name for name, _ in held})
        self._drop([key for key, etag in held.items() if stored.get(key) != etag])

    def _keep(self, key: _Key, document: Document) -> None:
        self._drop([key])
        self._held[key] = document
        self._bytes += _size(document)
        while self._bytes > MOST_BYTES and len(self._held) > 1:
            self._drop([next(iter(self._held))])

    def _drop(self, keys: list[_Key]) -> None:
        for key in keys:
            gone = self._held.pop(key, None)
            if gone is not None:
                self._bytes -= _size(gone)


def _size(document: Document) -> int:
    return len(document.body) + len(document.gzip) + len(document.br)
