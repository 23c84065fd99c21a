"""What the pipeline and the front ends call: protocols that the adapters (fetch, store, engine) fulfil."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from aggregator.model import (
    Copy,
    Document,
    DocumentName,
    Edge,
    Entry,
    Failed,
    Fetched,
    FetchResult,
    Format,
    Item,
    ItemKey,
    NearMiss,
    Neighbourhood,
    Page,
    Placement,
    Reading,
    Revision,
    Sighting,
    Source,
    SourceState,
    Update,
    Validators,
)


class Clock(Protocol):
    """Tells the time; replaced in tests so that days of polling run in seconds."""

    def now(self) -> datetime:
        """The present instant: aware, UTC, whole seconds."""
        ...


class Fetcher(Protocol):
    """Gets a source's bytes, politely and within bounds. Never raises for what a server does."""

    async def fetch(self, source: Source, validators: Validators) -> FetchResult:
        """Ask for the source, conditionally where `validators` allow it."""
        ...


class Reader(Protocol):
    """Parses and normalizes a body where it can do no harm."""

    async def read(self, fetched: Fetched, source: Source) -> Reading | Failed:
        """The feed's clean entries; Failed when the body is no feed or reading it had to be stopped."""
        ...

    async def article(self, fetched: Fetched, source: Source) -> Entry | Failed:
        """The one article of a page; Failed when there is none on it or reading it had to be stopped."""
        ...

    async def discover(self, page: Fetched) -> tuple[str, ...]:
        """URLs at which a page's feed may be, the likeliest first; none when the body is no page."""
        ...


class SourceStore(Protocol):
    """The half of the store that polling uses."""

    async def register(self, due: Mapping[str, datetime], disabled: Collection[str], now: datetime) -> None:
        """Make the stored sources those of the catalogue.

        Sources not met before get the first due time that `due` has for them; known ones keep theirs, so a
        restart does not poll what is not due. Those in `disabled`, and stored ones in neither, are not polled
        but lose nothing. A source that comes back is polled when it was due.
        """
        ...

    async def claim_due(self, now: datetime, lease: timedelta, limit: int) -> tuple[SourceState, ...]:
        """Take up to `limit` enabled sources that are due, the longest overdue first.

        Each one's due time moves to `now + lease` and its lease number rises, in one transaction, so that
        nobody else takes it and a crash only delays it. The states returned carry the new due time and lease.
        """
        ...

    async def claim(self, source_ids: Sequence[str], now: datetime, lease: timedelta) -> tuple[SourceState, ...]:
        """Take the named sources whether due, enabled, or not; in the order given, unknown names left out."""
        ...

    async def known(self, source_id: str, keys: Collection[ItemKey]) -> Mapping[ItemKey, tuple[Item, ...]]:
        """The stored items of the source that bear any of the keys, as their own or as an alias.

        Out: key -> its bearers, the one whose own it is first, then by uid; nothing for a key that none bears.
        An item that bears several of the keys is one object under all of them.
        """
        ...

    async def commit(self, update: Update) -> bool:
        """Write a poll's outcome in one transaction; False, and nothing written, if its lease was lost.

        A `public_id` that another item bears already is replaced by `urn:uuid:<uid>`. A new item whose key is
        stored already changes nothing. Items new or revised get a row in the revisions. The aliases of
        all are noted. Of a stored item the uid, the key, the public id and the first sight never change.
        Committing the same update again changes nothing. A source that was never registered has no lease: False.
        """
        ...

    async def states(self) -> Mapping[str, SourceState]:
        """The state of every source ever registered, by id, with the number of its items that were not pruned.

        Those that are not polled (see `register`) have the status `disabled`.
        """
        ...


class PublicationStore(Protocol):
    """The half of the store that publishing and the web use."""

    async def outdated(self, digests: Mapping[str, str], now: datetime) -> Mapping[str, int]:
        """Publications whose documents must be rendered: id -> the mark to hand to `save`.

        `digests` holds, for every publication that exists, a digest of its definition: one that was never
        rendered, was marked by a commit since, or was rendered under another digest is outdated. Stored
        publications not in `digests` are removed with their documents.
        """
        ...

    async def created(self, publication_id: str) -> datetime:
        """When `outdated` first heard of the publication; stands in for dates while it is empty.

        Raises UnknownNameError for one that `outdated` never heard of.
        """
        ...

    async def latest(
        self, source_ids: Collection[str], limit: int, after: tuple[datetime, str] | None = None
    ) -> tuple[Item, ...]:
        """Standing items of the sources by (published, uid) descending; `after` continues from that pair."""
        ...

    async def withdrawn(self, source_ids: Collection[str], limit: int) -> tuple[Item, ...]:
        """Items of the sources that their publishers took back, by (withdrawn_at, uid) descending."""
        ...

    async def save(self, documents: Sequence[Document], *, publication_id: str, digest: str, mark: int) -> bool:
        """Replace the publication's documents; formats not given are removed. True if any bytes changed.

        A publication that was removed meanwhile is left removed: False.

        A document whose bytes did not change keeps its last_modified; one whose bytes changed gets a
        last_modified at least a second later than it had.
        """
        ...

    async def document(self, publication_id: str, format: Format) -> Document | None:  # noqa: A002 # the field's word
        """The document as last rendered, or None."""
        ...

    async def etags(self) -> Mapping[DocumentName, str]:
        """The ETag of every stored document and every page of an archive."""
        ...

    async def edition_date(self, publication_id: str, format: Format, etag: str) -> datetime | None:  # noqa: A002 # the field's word
        """The last_modified of the document when it had the ETag, or None when that is not remembered (any more).

        Several thousand editions are remembered of each document. The marks of the present one compare with
        the date: later ones are of entries that are new or changed since.
        """
        ...

    async def arrivals(
        self,
        publication_id: str,
        source_ids: Collection[str],
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> tuple[Item, ...]:
        """Standing items of the sources that were not noted for the publication's archive, by (first_seen, uid).

        From some minutes before the moment up to which all were considered (see `note`), since items are
        committed a little later than they are seen; `after` continues from that pair.
        """
        ...

    async def noted(self, publication_id: str, uids: Collection[str]) -> frozenset[str]:
        """Those of the items that were noted for the publication's archive, on a page or not."""
        ...

    async def note(self, publication_id: str, uids: Sequence[str], until: datetime) -> None:
        """Note items for the publication's archive, where they wait for a page.

        All items first seen up to `until` count as considered then. Nothing happens when the publication was
        removed meanwhile, or to items that were noted before.
        """
        ...

    async def waiting(self, publication_id: str) -> tuple[Item, ...]:
        """Standing items that were noted and are on no page, by (first_seen, published, uid)."""
        ...

    async def pages(self, publication_id: str) -> range:
        """The numbers of the pages of the publication's archive; empty before the first."""
        ...

    async def save_page(self, page: Page) -> bool:
        """Add a page to the publication's archive; False, and nothing done, unless its number is the next."""
        ...

    async def page(self, publication_id: str, number: int, format: Format) -> Document | None:  # noqa: A002 # the field's word
        """A page of the publication's archive, or None."""
        ...

    async def taken_back(self, publication_id: str) -> Mapping[int, Mapping[str, str]]:
        """Items on pages that were withdrawn since: number of the page -> uid -> public id."""
        ...

    async def shrink_page(
        self, documents: Sequence[Document], *, publication_id: str, number: int, uids: Sequence[str]
    ) -> None:
        """Replace the documents of a page that lost the given items."""
        ...

    async def item(self, name: str) -> Item | None:
        """The item whose uid, public id, publisher's id, URL or URL key is `name`, or None.

        Tried in that order; of several, the latest published.
        """
        ...

    async def revisions(self, uid: str) -> tuple[Revision, ...]:
        """What the item said over time, oldest first."""
        ...


class StoryStore(Protocol):
    """The half of the store that finding stories uses."""

    async def uncompared(self, limit: int) -> tuple[Item, ...]:
        """Standing items whose newest revision was not compared with other items yet, the first seen first."""
        ...

    async def uses(self, sighting: Sighting) -> tuple[int, int]:
        """How many items of its source bear its title within 30 days of its date, and how many its address.

        The item itself counts; an item without title or address has one use of it.
        """
        ...

    async def neighbourhood(self, sighting: Sighting, names: Collection[str]) -> Neighbourhood:
        """What is known around an item; `names` are those of items to be looked at whatever their text."""
        ...

    async def place(
        self, sighting: Sighting, placement: Placement, *, revision: int, publications: Sequence[str]
    ) -> None:
        """Store how a revision of an item looked and where it was found to belong, and mark it as compared.

        New edges replace stored ones of their pair. Its near misses are replaced by the new ones. Every item of
        the placement's stories is noted as theirs. The publications count as changed.
        """
        ...

    async def copies(self, uids: Collection[str]) -> Mapping[str, tuple[Copy, ...]]:
        """Those of the items that are in a story with others: uid -> all members of the story, by uid."""
        ...

    async def evidence(self, uid: str) -> tuple[tuple[Edge, ...], tuple[NearMiss, ...]]:
        """What speaks for the item's being one piece with others, and which looked alike and were kept apart."""
        ...

    async def reconsider(self, names: Collection[str]) -> int:
        """Have items compared anew since the editor's word on them may have changed; how many.

        Those that bear one of the names, and those that the editor's word joins or keeps apart now; edges and
        near misses that rest on it are removed.
        """
        ...

    async def forget(self, before: datetime) -> None:
        """Let go of what finding copies needs of items first seen before the moment; their stories stay."""
        ...


class Store(SourceStore, PublicationStore, StoryStore, Protocol):
    """The whole store, with its life cycle."""

    async def open(self) -> None:
        """Create or upgrade the schema and make ready. Raises StoreError with the remedy."""
        ...

    async def close(self) -> None:
        """Finish what was begun and let go of files and connections."""
        ...

    async def ping(self) -> None:
        """Raise StoreError unless the database answers."""
        ...

    async def prune(self, before: datetime) -> int:
        """Let go of the content of old items; the number of items that lost it.

        An item is old when it was published, first seen and last changed before `before`. It loses its text,
        its media and its revisions and is no longer among the `latest`; but it keeps its key, names, dates
        and fingerprint, is still `known`, and so never becomes new again. A real change brings it back.
        Pages of archives that were complete before `before` go too, but for each publication's newest.
        """
        ...
