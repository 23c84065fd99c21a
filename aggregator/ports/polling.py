"""What polling calls besides the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

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
    Source,
    SourceProfile,
    Validators,
)

Wanted = Literal["source", "article", "robots"]
"""What is at a source's location: what it is read as, an article of it, or its site's robots.txt."""


class Clock(Protocol):
    """Tells the time; replaced in tests so that days of polling run in seconds."""

    def now(self) -> datetime:
        """The present instant: aware, UTC, whole seconds."""
        ...


class Fetcher(Protocol):
    """Gets a source's bytes, politely and within bounds. Never raises for what a server does."""

    async def fetch(self, source: Source, validators: Validators, wanted: Wanted = "source") -> FetchResult:
        """Ask for what is at the source's location, conditionally where `validators` allow it."""
        ...


class Reader(Protocol):
    """Works on publishers' text where it can do no harm: reads it, judges it, makes signatures of it."""

    async def read(
        self, fetched: Fetched, source: Source, known: DocumentDigests | None = None
    ) -> Reading | Failed:
        """The feed's clean entries; Failed when the body is no feed or reading it had to be stopped.

        Entries that are known may be left out: see `Reading.same`.
        """
        ...

    async def article(self, fetched: Fetched, source: Source) -> Entry | Failed:
        """The one article of a page; Failed when there is none on it or reading it had to be stopped."""
        ...

    async def judge(
        self,
        source: Source,
        entries: Sequence[Entry],
        known: Mapping[ItemKey, Sequence[Item]],
        profile: SourceProfile,
        now: datetime,
        recall: Recall | None = None,
    ) -> Decision | Failed:
        """What `dedupe.decide` makes of entries; Failed when judging them had to be stopped."""
        ...

    async def sign(self, entries: Sequence[Entry]) -> tuple[Signature, ...] | Failed:
        """The signature of each entry, in order; Failed when making them had to be stopped."""
        ...

    async def list_feeds(self, fetched: Fetched) -> tuple[ListMember, ...] | Failed:
        """The feeds that a list elsewhere names; Failed where it is none, or reading it had to be stopped."""
        ...

    async def discover(self, page: Fetched) -> tuple[NamedFeed, ...] | Failed:
        """Where a page's feed may be, the likeliest first; none when the body is no page.

        Failed when looking for them had to be stopped, or failed by a fault of our own.
        """
        ...
