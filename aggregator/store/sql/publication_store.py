"""The part of the store over SQL that knows publications, their documents and the pages of their archives."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from aggregator.model import (
    ArchivePage,
    Arrivals,
    Document,
    DocumentName,
    Format,
    Item,
)
from aggregator.store.sql import archives, editions, feed_names, items
from aggregator.store.sql.session import Session


class SqlPublicationStore(Session):
    """What `ports.PublicationStore` adds to reading, each method as a transaction."""

    _saves = 0

    async def find_outdated(
        self, digests: Mapping[str, str], now: datetime, earlier: Mapping[str, Sequence[str]] | None = None
    ) -> Mapping[str, int]:
        """See `ports.PublicationStore.find_outdated`. Asked every second, so it writes only when it must."""
        names = earlier or {}
        found = await self._read(partial(editions.survey, digests=digests, now=now, earlier=names))
        if found.settled:
            return found.outdated
        return await self._write(partial(editions.find_outdated, digests=digests, now=now, earlier=names))

    async def find_outdated_of(self, digests: Mapping[str, str]) -> Mapping[str, int]:
        """See `ports.PublicationStore.find_outdated_of`."""
        return await self._read(partial(editions.find_outdated_of, digests=digests))

    async def find_generation(self, publication_id: str, digest: str, now: datetime) -> int | None:
        """See `ports.PublicationStore.find_generation`."""
        standing = partial(editions.find_generation, publication_id=publication_id, digest=digest)
        found = await self._read(standing)
        if found is not None:
            return found or None
        return await self._write(partial(editions.join, publication_id=publication_id, now=now))

    async def creation_date(self, publication_id: str) -> datetime:
        """See `ports.PublicationStore.creation_date`."""
        return await self._read(partial(editions.creation_date, publication_id=publication_id))

    async def feed_name(self, publication_id: str) -> str:
        """See `ports.ReadOnlyStore.feed_name`."""
        return await self._read(partial(feed_names.feed_name, publication_id=publication_id))

    async def find_withdrawn(self, source_ids: Collection[str], limit: int) -> tuple[Item, ...]:
        """See `ports.PublicationStore.find_withdrawn`."""
        return await self._read(partial(items.find_withdrawn, source_ids=source_ids, limit=limit))

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
        """See `ports.PublicationStore.save`."""
        rendered = editions.Provenance(digest=digest, generation=generation, shown=shown, leads=leads)

        def saving(connection: Connection) -> bool:
            changed = editions.save(connection, documents, publication_id, rendered)
            if changed:
                self._announce(connection)
            return changed

        try:
            return await self._write(saving)
        finally:
            self._saves += 1

    @property
    def saves(self) -> int:
        """See `ports.ReadOnlyStore.saves`."""
        return self._saves

    async def document_etags(self, publication_ids: Collection[str]) -> Mapping[tuple[str, Format], str]:
        """See `ports.ReadOnlyStore.document_etags`."""
        return await self._read(partial(editions.etags, publication_ids=publication_ids))

    async def leads(self, publication_id: str, uids: Collection[str]) -> frozenset[str]:
        """See `ports.ReadOnlyStore.leads`."""
        return await self._read(partial(editions.leads, publication_id=publication_id, uids=uids))

    async def document(
        self,
        publication_id: str,
        format: Format,  # noqa: A002 # the field's word
    ) -> Document | None:
        """See `ports.ReadOnlyStore.document`."""
        return await self._read(partial(editions.document, publication_id=publication_id, form=format))

    async def etags(self) -> Mapping[DocumentName, str]:
        """See `ports.PublicationStore.etags`."""
        return await self._read(archives.etags)

    async def edition_date(
        self,
        publication_id: str,
        format: Format,  # noqa: A002 # the field's word
        etag: str,
    ) -> datetime | None:
        """See `ports.ReadOnlyStore.edition_date`."""
        return await self._read(
            partial(editions.edition_date, publication_id=publication_id, form=format, etag=etag)
        )

    async def find_arrivals(
        self, publication_id: str, source_ids: Collection[str], limit: int, after: int = 0
    ) -> Arrivals:
        """See `ports.PublicationStore.find_arrivals`."""
        asked = partial(archives.find_arrivals, publication_id=publication_id, source_ids=source_ids)
        return await self._read(partial(asked, limit=limit, after=after))

    async def find_noted(self, publication_id: str, uids: Collection[str]) -> frozenset[str]:
        """See `ports.ReadOnlyStore.find_noted`."""
        return await self._read(partial(archives.find_noted, publication_id=publication_id, uids=uids))

    async def note(self, publication_id: str, uids: Sequence[str], until: int = 0) -> None:
        """See `ports.PublicationStore.note`."""
        await self._write(partial(archives.note, publication_id=publication_id, uids=uids, until=until))

    async def find_waiting(self, publication_id: str) -> tuple[str, ...]:
        """See `ports.PublicationStore.find_waiting`."""
        return await self._read(partial(archives.find_waiting, publication_id=publication_id))

    async def archive_numbers(self, publication_id: str) -> range:
        """See `ports.ReadOnlyStore.archive_numbers`."""
        return await self._read(partial(archives.numbers, publication_id=publication_id))

    async def save_archive_page(self, page: ArchivePage) -> bool:
        """See `ports.PublicationStore.save_archive_page`."""
        return await self._write(partial(archives.save, page=page))

    async def find_on_page(self, publication_id: str, number: int) -> tuple[Item, ...]:
        """See `ports.PublicationStore.find_on_page`."""
        return await self._read(partial(archives.find_on_page, publication_id=publication_id, number=number))

    async def find_unrendered_pages(self, publication_id: str) -> tuple[int, ...]:
        """See `ports.ReadOnlyStore.find_unrendered_pages`."""
        return await self._read(partial(archives.find_unrendered, publication_id=publication_id))

    async def keep_archive_page(self, documents: Sequence[Document], *, publication_id: str, number: int) -> None:
        """See `ports.PublicationStore.keep_archive_page`."""
        kept = partial(archives.keep, documents_=documents, publication_id=publication_id, number=number)
        await self._write(kept)

    async def archive_page(
        self,
        publication_id: str,
        number: int,
        format: Format,  # noqa: A002 # the field's word
    ) -> Document | None:
        """See `ports.ReadOnlyStore.archive_page`."""
        return await self._read(
            partial(archives.document, publication_id=publication_id, number=number, form=format)
        )

    async def find_withdrawn_on_pages(self, publication_id: str) -> Mapping[int, Mapping[str, str]]:
        """See `ports.PublicationStore.find_withdrawn_on_pages`."""
        return await self._read(partial(archives.find_withdrawn, publication_id=publication_id))

    async def shrink_archive_page(
        self, documents: Sequence[Document], *, publication_id: str, number: int, uids: Sequence[str]
    ) -> None:
        """See `ports.PublicationStore.shrink_archive_page`."""
        shrunk = partial(
            archives.shrink, changed=documents, publication_id=publication_id, number=number, uids=uids
        )
        await self._write(shrunk)
