"""The part of the store over SQL that finds items by their words."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Collection, Iterable
from functools import partial

from aggregator.model import FoundItems, WordSearch
from aggregator.store.sql.indexed_words import Waiting, find, find_waiting, has_waiting, put, say
from aggregator.store.sql.session import Session
from aggregator.store.sql.word_index import Saying, WordIndex


class SqlSearchStore(Session):
    """Fulfils `ports.SearchStore`."""

    @property
    @abstractmethod
    def _words(self) -> WordIndex:
        """The full-text search of the database; for a backend to bring."""

    async def has_unindexed(self) -> bool:
        """See `ports.SearchStore.has_unindexed`."""
        return await self._read(has_waiting)

    async def index(self, limit: int) -> int:
        """See `ports.SearchStore.index`. Words are cut outside of transactions, so that nothing waits for it."""
        waiting = await self._read(partial(find_waiting, limit=limit))
        if waiting:
            said = await asyncio.to_thread(_say_all, waiting)
            await self._write(partial(put, index=self._words, waiting=waiting, said=said))
        return len(waiting)

    async def search(
        self, search: WordSearch, source_ids: Collection[str], limit: int, after: int | None = None
    ) -> FoundItems:
        """See `ports.ReadOnlyStore.search`."""
        return await self._read(
            partial(find, index=self._words, search=search, source_ids=source_ids, limit=limit, after=after)
        )


def _say_all(waiting: Iterable[Waiting]) -> list[Saying]:
    return [say(one.item) for one in waiting if one.item is not None]
