"""A fetcher and a reader that remember what they gave; a store without a past, and one that keeps nothing new."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import (
    Decision,
    DocumentDigests,
    Entry,
    Failed,
    Fetched,
    FetchResult,
    Item,
    ItemKey,
    ListMember,
    NamedFeed,
    Reading,
    Recall,
    Signature,
    SortKey,
    Source,
    SourceProfile,
    Update,
    Validators,
)
from aggregator.ports import Fetcher, Reader, SourceStore, Wanted


@dataclass
class Witness:
    """Fulfils `ports.Fetcher` and `ports.Reader` by others, and remembers what they gave.

    Attributes:
        fetcher: Who asks in its stead.
        reader: Who reads in its stead.
        answer: The last answer that held a body which could be read, or, before any could, the last at all.
        asked: The source that was asked for it.
        reading: What was read of it; None before anything could.
        named: Where the page that was met instead of a feed may have its own.
    """

    fetcher: Fetcher
    reader: Reader
    answer: Fetched | None = None
    asked: Source | None = None
    reading: Reading | None = None
    named: tuple[NamedFeed, ...] = ()

    async def fetch(self, source: Source, validators: Validators, wanted: Wanted = "source") -> FetchResult:
        """See `ports.Fetcher.fetch`."""
        return await self.fetcher.fetch(source, validators, wanted)

    async def read(
        self, fetched: Fetched, source: Source, known: DocumentDigests | None = None
    ) -> Reading | Failed:
        """See `ports.Reader.read`."""
        found = await self.reader.read(fetched, source, known)
        if self.reading is None:
            self.answer, self.asked = fetched, source
        if isinstance(found, Reading):
            self.answer, self.asked, self.reading = fetched, source, found
        return found

    async def article(self, fetched: Fetched, source: Source) -> Entry | Failed:
        """See `ports.Reader.article`."""
        return await self.reader.article(fetched, source)

    async def judge(
        self,
        source: Source,
        entries: Sequence[Entry],
        known: Mapping[ItemKey, Sequence[Item]],
        profile: SourceProfile,
        now: datetime,
        recall: Recall | None = None,
    ) -> Decision | Failed:
        """See `ports.Reader.judge`."""
        return await self.reader.judge(source, entries, known, profile, now, recall)

    async def sign(self, entries: Sequence[Entry]) -> tuple[Signature, ...] | Failed:
        """See `ports.Reader.sign`."""
        return await self.reader.sign(entries)

    async def list_feeds(self, fetched: Fetched) -> tuple[ListMember, ...] | Failed:
        """See `ports.Reader.list_feeds`."""
        return await self.reader.list_feeds(fetched)

    async def discover(self, page: Fetched) -> tuple[NamedFeed, ...] | Failed:
        """See `ports.Reader.discover`."""
        named = await self.reader.discover(page)
        self.named = () if isinstance(named, Failed) else named
        return named


class BlankStore:
    """What a poll asks of `ports.SourceStore`, of a store that holds nothing and keeps nothing."""

    async def find_known(self, source_id: str, keys: Collection[ItemKey]) -> Mapping[ItemKey, tuple[Item, ...]]:  # noqa: ARG002 # the port's
        """Nothing is known."""
        return {}

    async def find_items(self, uids: Collection[str]) -> tuple[Item, ...]:  # noqa: ARG002 # the port's
        """There are none."""
        return ()

    async def latest(
        self,
        source_ids: Collection[str],  # noqa: ARG002 # the port's
        limit: int,  # noqa: ARG002 # the port's
        after: SortKey | None = None,  # noqa: ARG002 # the port's
    ) -> tuple[Item, ...]:
        """There are none."""
        return ()

    async def commit(self, update: Update) -> bool:  # noqa: ARG002 # the port's
        """What was decided is not written."""
        return True


class ReadingStore(BlankStore):
    """What a poll asks of `ports.SourceStore`, of a store that is read, and in which nothing is written."""

    def __init__(self, store: SourceStore) -> None:
        self._store = store

    async def find_known(self, source_id: str, keys: Collection[ItemKey]) -> Mapping[ItemKey, tuple[Item, ...]]:
        """As it is stored."""
        return await self._store.find_known(source_id, keys)

    async def find_items(self, uids: Collection[str]) -> tuple[Item, ...]:
        """As they are stored."""
        return await self._store.find_items(uids)

    async def latest(
        self, source_ids: Collection[str], limit: int, after: SortKey | None = None
    ) -> tuple[Item, ...]:
        """As they are stored."""
        return await self._store.latest(source_ids, limit, after)
