"""What the pipeline and the front ends call: protocols that the adapters (fetch, store, engine) fulfil.

read_only.py     ReadOnlyStore: what pages, feeds and explanations are made from
polling.py       Clock, Fetcher and what is wanted of it, Reader
sources.py       SourceStore: what polling reads and writes
publications.py  PublicationStore: what publishing writes, and needs for that
stories.py       StoryStore: which items are one piece
searching.py     SearchStore: which items say what
jobs.py          JobStore: who does what only one process may do at a time
pacing.py        PacingStore: whose turn it is to ask a host
engine.py        Engine: what runs a worker; ShardQueue: which of several workers polls what
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from aggregator.model import FaultStage, Incident, Reclaimed, TallyKey
from aggregator.ports.engine import Engine, ShardQueue
from aggregator.ports.jobs import JobName, JobStore
from aggregator.ports.pacing import HostBounds, HostBusy, HostPermit, PacingStore, Slowdown
from aggregator.ports.polling import Clock, Fetcher, Reader, Wanted
from aggregator.ports.publications import PublicationStore
from aggregator.ports.read_only import ReadOnlyStore
from aggregator.ports.searching import SearchStore
from aggregator.ports.sources import SourceStore
from aggregator.ports.stories import StoryStore


class Store(SourceStore, PublicationStore, StoryStore, SearchStore, JobStore, PacingStore, Protocol):
    """The whole store, with its life cycle."""

    async def open(self) -> None:
        """Create or upgrade the schema and make ready. Raises StoreError with the remedy."""
        ...

    async def close(self) -> None:
        """Finish what was begun and let go of jobs, files and connections."""
        ...

    def clock(self) -> Clock | None:
        """The clock of all who use an open database that machines share; None where this machine's will do."""
        ...

    def shard_queue(self) -> ShardQueue | None:
        """What shares out work among all who use the open database; None where it has none. The same each time."""
        ...

    async def count_faults(self, stage: FaultStage, count: int) -> None:
        """Count faults of this program that struck outside of any source's poll; see `faults`."""
        ...

    async def prune(self, before: datetime) -> int:
        """Let go of the content of items that have been absent since before `before`; how many lost it.

        Spared are those that a document shows, or one of whose copies one shows, and those that wait for a page of
        an archive: no document changes for it. An item that is let go of loses its text, its media and its
        revisions and is no longer among the `latest`; but it keeps its key, names, dates and fingerprint, is still
        `find_known`, and so never becomes new again. A real change brings it back.

        Publications that have been absent since before `before` are removed with all that is theirs. Of the
        others, pages of archives that were complete before it go, but for the newest 20 of each.
        """
        ...

    async def shrink(self, size: int, now: datetime) -> int:
        """Let go of the content of items until no more than `size` bytes are used; how many lost it.

        Those go first that have been absent longest. What its feed lists never goes, nor what `prune` spares, so
        more may be used in the end. Polls are written between its steps.
        """
        ...

    async def note_incidents(self, changes: Iterable[Incident], before: datetime) -> None:
        """Write incidents that began, came again or are over; forget those that were over before a moment.

        One of a kind and subject that stands already, under another id, is not begun again. Of a stored one id,
        kind, subject and beginning never change.
        """
        ...

    async def tally(self, counts: Mapping[TallyKey, int]) -> None:
        """Count what was done; see `tallies`."""
        ...

    async def drop_backups(self, now: datetime) -> tuple[str, ...]:
        """Remove the copies made before upgrades more than a week ago; their names."""
        ...

    async def reclaim(self) -> Reclaimed:
        """Give room that is free in the database back to the disk, as far as that pays.

        Polls are written between its steps. A database of an older version must be rewritten once for it: all that
        is to be written waits for that. It is not begun where the disk has no room for the copy.
        """
        ...


__all__ = [
    "Clock",
    "Engine",
    "Fetcher",
    "HostBounds",
    "HostBusy",
    "HostPermit",
    "JobName",
    "JobStore",
    "PacingStore",
    "PublicationStore",
    "ReadOnlyStore",
    "Reader",
    "SearchStore",
    "ShardQueue",
    "Slowdown",
    "SourceStore",
    "Store",
    "StoryStore",
    "Wanted",
]
