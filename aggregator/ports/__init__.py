"""What the pipeline and the front ends call: protocols that the adapters (fetch, store, engine) fulfil.

polling.py       Clock, Fetcher, Reader
sources.py       SourceStore: what polling reads and writes
publications.py  PublicationStore: items, documents and archives
stories.py       StoryStore: which items are one piece
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from aggregator.ports.polling import Clock, Fetcher, Reader
from aggregator.ports.publications import PublicationStore
from aggregator.ports.sources import SourceStore
from aggregator.ports.stories import StoryStore


class Store(SourceStore, PublicationStore, StoryStore, Protocol):
    """The whole store, with its life cycle."""

    async def open(self) -> None:
        """Create or upgrade the schema and make ready. Raises StoreError with the remedy."""
        ...

    async def close(self) -> None:
        """Finish what was begun and let go of files and connections."""
        ...

    async def ping(self) -> None:
        """Raise StoreError unless the database answers."""
        ...

    async def prune(self, before: datetime) -> int:
        """Let go of the content of old items; the number of items that lost it.

        An item is old when it was published, first seen and last changed before `before`. It loses its text,
        its media and its revisions and is no longer among the `latest`; but it keeps its key, names, dates
        and fingerprint, is still `known`, and so never becomes new again. A real change brings it back.
        Pages of archives that were complete before `before` go too, but for each publication's newest.
        """
        ...


__all__ = ["Clock", "Fetcher", "PublicationStore", "Reader", "SourceStore", "Store", "StoryStore"]
