"""The part of the store that knows which items say what."""

from __future__ import annotations

from typing import Protocol

from aggregator.model import Indexed
from aggregator.ports.read_only import ReadOnlyStore


class SearchStore(ReadOnlyStore, Protocol):
    """Makes items findable by their words."""

    async def has_unindexed(self) -> bool:
        """Whether anything waits to be indexed."""
        ...

    async def index(self, limit: int) -> Indexed:
        """Have `search` find items as they are now, at most `limit` of those that changed; what became of them.

        Of one that changes meanwhile the next call knows.
        """
        ...
