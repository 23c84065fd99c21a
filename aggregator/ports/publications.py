"""What publishing asks of a store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from aggregator.model import ArchivePage, Arrivals, Document, DocumentName, Item
from aggregator.ports.read_only import ReadOnlyStore


class PublicationStore(ReadOnlyStore, Protocol):
    """The part of the store that publishing uses."""

    async def find_outdated(
        self, digests: Mapping[str, str], now: datetime, earlier: Mapping[str, Sequence[str]] | None = None
    ) -> Mapping[str, int]:
        """Publications whose documents must be rendered: id -> the generation to hand to `save`.

        `digests` holds, for every publication that exists, a digest of its definition: one that was never
        rendered, was marked by a commit since, or was rendered under another digest is outdated. Stored
        publications not in `digests` are noted as absent from then on, and keep all they have until `prune` finds
        that they have been absent for long; one that comes back is outdated.

        `earlier` holds the names that publications had before. One that is not stored takes over all that is
        stored under the first of them that exists no more: its documents, editions, archive, date of creation and
        feed name. So does one that came when the other went, for a week.
        """
        ...

    async def find_outdated_of(self, digests: Mapping[str, str]) -> Mapping[str, int]:
        """Which of the stored publications in `digests` must be rendered, as `find_outdated` tells it.

        Only reads, and no others than these.
        """
        ...

    async def find_generation(self, publication_id: str, digest: str, now: datetime) -> int | None:
        """Of one publication, the generation to hand to `save` if its documents must be rendered; None if not.

        Told as `find_outdated` tells it of many. A publication that was not stored, or was absent, is there from
        then on.
        """
        ...

    async def creation_date(self, publication_id: str) -> datetime:
        """When `find_outdated` first heard of the publication; stands in for dates while it is empty.

        Raises UnknownNameError for one that `find_outdated` never heard of.
        """
        ...

    async def find_withdrawn(self, source_ids: Collection[str], limit: int) -> tuple[Item, ...]:
        """Items of the sources that their publishers took back, by (withdrawn_at, uid) descending."""
        ...

    async def save(
        self,
        documents: Sequence[Document],
        *,
        publication_id: str,
        digest: str,
        generation: int,
        leads: Collection[str] = (),
        shown: Collection[str] = (),
    ) -> bool:
        """Replace the publication's documents; formats not given are removed. True if any bytes changed.

        `leads` are the uids under whose ids they show stories of several; they are remembered with those before.
        `shown` are the uids of the items that they show, which `prune` spares. A publication that is absent or
        was removed meanwhile is left as it is: False. So is one whose documents are of a later generation by
        now, since another process was faster.

        A document whose bytes did not change keeps its last_modified; one whose bytes changed gets a
        last_modified at least a second later than it had.
        """
        ...

    async def etags(self) -> Mapping[DocumentName, str]:
        """The ETag of every stored document and every page of an archive."""
        ...

    async def find_arrivals(
        self, publication_id: str, source_ids: Collection[str], limit: int, after: int = 0
    ) -> Arrivals:
        """Standing items of the sources that were compared first since all before were considered (see `note`).

        Without those that were noted already, and those first seen well before the publication came. `after`
        continues from the `until` of an answer.
        """
        ...

    async def note(self, publication_id: str, uids: Sequence[str], until: int = 0) -> None:
        """Note items for the publication's archive, where they wait for a page.

        All arrivals up to `until` count as considered then. Nothing happens when the publication was removed
        meanwhile, or to items that were noted before.
        """
        ...

    async def find_waiting(self, publication_id: str) -> tuple[str, ...]:
        """The uids of standing items that were noted and are on no page, by (first_seen, published, uid)."""
        ...

    async def save_archive_page(self, page: ArchivePage) -> bool:
        """Add a page to the publication's archive; False, and nothing done, unless its number is the next."""
        ...

    async def find_on_page(self, publication_id: str, number: int) -> tuple[Item, ...]:
        """Items on a page of the archive, in the order of `find_waiting`, but for those that were withdrawn."""
        ...

    async def keep_archive_page(self, documents: Sequence[Document], *, publication_id: str, number: int) -> None:
        """Store the documents of a page that has none; those of one that has some stay."""
        ...

    async def find_withdrawn_on_pages(self, publication_id: str) -> Mapping[int, Mapping[str, str]]:
        """Items on pages that were withdrawn since: number of the page -> uid -> public id."""
        ...

    async def shrink_archive_page(
        self, documents: Sequence[Document], *, publication_id: str, number: int, uids: Sequence[str]
    ) -> None:
        """Replace the documents of a page that lost the given items."""
        ...
