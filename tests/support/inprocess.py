"""A reader that works in this process: for tests in which nothing is hostile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from aggregator.model import (
    Decision,
    DocumentDigests,
    Entry,
    Failed,
    Fetched,
    Item,
    ItemKey,
    ListMember,
    NamedFeed,
    Reading,
    Recall,
    Signature,
    Source,
    SourceProfile,
)
from aggregator.pipeline import reading


class InProcess:
    """Fulfils `ports.Reader` without a child process."""

    async def read(
        self, fetched: Fetched, source: Source, known: DocumentDigests | None = None
    ) -> Reading | Failed:
        return reading.read(fetched, source.conventions, known)

    async def article(self, fetched: Fetched, source: Source) -> Entry | Failed:
        return reading.article(fetched, source.conventions)

    async def judge(
        self,
        source: Source,
        entries: Sequence[Entry],
        known: Mapping[ItemKey, Sequence[Item]],
        profile: SourceProfile,
        now: datetime,
        recall: Recall | None = None,
    ) -> Decision | Failed:
        try:
            return reading.judge(source, entries, known, profile, now, recall)
        except Exception as error:  # noqa: BLE001 # as the pool does
            return Failed(trouble="internal", message=repr(error))

    async def sign(self, entries: Sequence[Entry]) -> tuple[Signature, ...] | Failed:
        try:
            return reading.sign(entries)
        except Exception as error:  # noqa: BLE001 # as the pool does
            return Failed(trouble="internal", message=repr(error))

    async def list_feeds(self, fetched: Fetched) -> tuple[ListMember, ...] | Failed:
        return reading.list_feeds(fetched)

    async def discover(self, page: Fetched) -> tuple[NamedFeed, ...]:
        return reading.discover(page)
