"""What the web process is given by whoever starts it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from aggregator import __version__, publish
from aggregator.model import (
    Catalogue,
    Copy,
    Document,
    Edge,
    Faults,
    Format,
    Item,
    NearMiss,
    Origin,
    Publication,
    Revision,
    Site,
    SortKey,
    Source,
    SourceState,
)
from aggregator.ports import Clock


class StoreReader(Protocol):
    """The reading part of `ports.Store`, which fulfils it; the types thus say that the web writes nothing."""

    async def ping(self) -> None:
        """As in `ports.Store`."""
        ...

    async def faults(self) -> tuple[Faults, ...]:
        """As in `ports.Store`."""
        ...

    async def states(self) -> Mapping[str, SourceState]:
        """As in `ports.SourceStore`."""
        ...

    async def latest(
        self, source_ids: Collection[str], limit: int, after: SortKey | None = None
    ) -> tuple[Item, ...]:
        """As in `ports.PublicationStore`."""
        ...

    async def document(self, publication_id: str, format: Format) -> Document | None:  # noqa: A002 # the port's word
        """As in `ports.PublicationStore`."""
        ...

    async def edition_date(self, publication_id: str, format: Format, etag: str) -> datetime | None:  # noqa: A002 # the port's word
        """As in `ports.PublicationStore`."""
        ...

    async def pages(self, publication_id: str) -> range:
        """As in `ports.PublicationStore`."""
        ...

    async def page(self, publication_id: str, number: int, format: Format) -> Document | None:  # noqa: A002 # the port's word
        """As in `ports.PublicationStore`."""
        ...

    async def item(self, name: str) -> Item | None:
        """As in `ports.PublicationStore`."""
        ...

    async def copies(self, uids: Collection[str]) -> Mapping[str, tuple[Copy, ...]]:
        """As in `ports.StoryStore`."""
        ...

    async def evidence(self, uid: str) -> tuple[tuple[Edge, ...], tuple[NearMiss, ...]]:
        """As in `ports.StoryStore`."""
        ...

    async def leads(self, publication_id: str, uids: Collection[str]) -> frozenset[str]:
        """As in `ports.PublicationStore`."""
        ...

    async def noted(self, publication_id: str, uids: Collection[str]) -> frozenset[str]:
        """As in `ports.PublicationStore`."""
        ...

    async def revisions(self, uid: str) -> tuple[Revision, ...]:
        """As in `ports.PublicationStore`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WebContext:
    """Everything that the pages and feeds need.

    Attributes:
        store: Read from, never written to.
        catalogue: Gives the present catalogue; asked on every request, so it may change while we run.
        clock: For "today", "overdue" and the like.
        status_token: Opens `/status`; None leaves it open to everybody. Absent from repr.
        version: Of this program.
        opml: Writes the list of sources.
        shows: Whether the filters of the source and of the publication let the item through (limits and
            quotas aside), so that pages show nothing that the feeds leave out.
    """

    store: StoreReader
    catalogue: Callable[[], Catalogue]
    clock: Clock
    status_token: str | None = field(default=None, repr=False)
    version: str = __version__
    opml: Callable[[Site, Sequence[Origin]], bytes] = publish.opml
    shows: Callable[[Publication, Source, Item], bool] = publish.shows
