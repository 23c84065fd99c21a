"""The part of the store over SQL that finds items by their words."""

from __future__ import annotations

import asyncio
import traceback
from abc import abstractmethod
from collections.abc import Collection, Iterable
from functools import partial

from aggregator.model import EntryFault, FoundItems, Indexed, WordSearch
from aggregator.store.sql.indexed_words import Waiting, find, find_saying, find_waiting, has_waiting, put, say
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

    async def index(self, limit: int) -> Indexed:
        """See `ports.SearchStore.index`. Words are cut outside of transactions, so that nothing waits for it."""
        waiting = await self._read(partial(find_waiting, limit=limit))
        if not waiting:
            return Indexed(count=0)
        said, faults = await asyncio.to_thread(_say_all, waiting)
        await self._write(partial(put, index=self._words, waiting=waiting, said=said))
        return Indexed(count=len(waiting), faults=faults)

    async def search(
        self, search: WordSearch, source_ids: Collection[str], limit: int, after: int | None = None
    ) -> FoundItems:
        """See `ports.ReadOnlyStore.search`."""
        return await self._read(
            partial(find, index=self._words, search=search, source_ids=source_ids, limit=limit, after=after)
        )

    async def find_saying(self, search: WordSearch, uids: Collection[str], place: int) -> frozenset[str]:
        """See `ports.ReadOnlyStore.find_saying`."""
        return await self._read(partial(find_saying, index=self._words, search=search, uids=uids, place=place))


def _say_all(waiting: Iterable[Waiting]) -> tuple[list[Saying], tuple[EntryFault, ...]]:
    said: list[Saying] = []
    faults: list[EntryFault] = []
    for one in waiting:
        try:
            said += [] if one.item is None else [say(one.item)]
        except Exception as error:  # noqa: BLE001 # a fault of our own on one item: it costs this one, and is told
            trace = "".join(traceback.format_exception(error))
            faults.append(EntryFault(entry=one.uid, error=type(error).__name__, trace=trace))
    return said, tuple(faults)
