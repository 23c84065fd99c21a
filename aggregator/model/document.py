"""The nouns of what we publish: documents, and what they are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.model.catalogue import Format, Publication, Site, Source
from aggregator.model.feed import FeedMeta
from aggregator.model.item import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where entries come from: a source with what its feed says of itself.

    Attributes:
        source: As the editor declared it; its title wins over the feed's.
        meta: As the feed last said.
    """

    source: Source
    meta: FeedMeta

    @property
    def title(self) -> str:
        """The editor's title, else the feed's, else the source's id."""
        return self.source.title or self.meta.title or self.source.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """An entry that its publisher took back (RFC 6721).

    Attributes:
        id: The id that it had in our documents.
        when: When it was withdrawn, UTC.
    """

    id: str
    when: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """All that a publication's documents are made from; equal editions give equal bytes.

    Attributes:
        site: Who we are.
        publication: Which feed this is.
        items: Selected and in order, newest published first.
        copies: By the public id of an item: other items of its story, which it stands for.
        origins: By source id; holds every item's source, and every copy's.
        created: Stands in for feed dates while there are no items.
        feed_name: What the feed's id is made from, as the store keeps it.
        tombstones: Of what was shown once and was withdrawn, the latest first.
        archive_page: The number of the page of an archive that this is (RFC 5005, section 4), or None.
        previous: The number of the newest archive page before it; None when there is none.
        query: What its address has behind a question mark; "" for nothing.
        page: Where people are shown the same, from the site's address, without `query`; "" for its front page.
    """

    site: Site
    publication: Publication
    items: tuple[Item, ...]
    copies: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    origins: dict[str, Origin]
    created: datetime
    feed_name: str
    tombstones: tuple[Tombstone, ...] = ()
    archive_page: int | None = None
    previous: int | None = None
    query: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDigest:
    """The digest of an entry's bytes in a document, and since when they are so.

    Attributes:
        digest: Of the entry's bytes.
        since: When the document came to hold just these bytes.
    """

    digest: bytes
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The bytes of one publication in one format.

    Attributes:
        publication_id: Whose it is; of a page of an archive `<publication>/archive/<n>`.
        format: Which of the three.
        body: As served without a content coding.
        gzip: The same, gzip-coded without a time stamp.
        br: The same, brotli-coded (RFC 7932); empty where nobody coded it.
        media_type: With charset, as in Content-Type.
        etag: Strong, quotes included; of `body`.
        last_modified: When the bytes last changed, UTC, whole seconds.
        digests: One per entry, in the document's order; empty for archive pages, which never change.
    """

    publication_id: str
    format: Format
    body: bytes
    gzip: bytes
    br: bytes = b""
    media_type: str
    etag: str
    last_modified: datetime
    digests: tuple[EntryDigest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentName:
    """The name of a document: a publication and a format.

    Attributes:
        publication_id: Whose it is.
        format: Which of the three.
        archive_page: Of its archive; None for the document that people subscribe to.
    """

    publication_id: str
    format: Format
    archive_page: int | None = None

    @property
    def stem(self) -> str:
        """Its path without the extension."""
        return (
            self.publication_id
            if self.archive_page is None
            else f"{self.publication_id}/archive/{self.archive_page}"
        )

    @property
    def path(self) -> str:
        """Where it lies, below the site's address or in a folder."""
        return f"{self.stem}.{self.format}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePage:
    """A complete page of a publication's archive (RFC 5005, section 4).

    Attributes:
        publication_id: Whose archive it belongs to.
        number: From 1.
        uids: Of the items that it holds.
        completed: When.
        documents: One per format; none until somebody asks for the page.
    """

    publication_id: str
    number: int
    uids: tuple[str, ...]
    completed: datetime
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """Items that came since a publication's archive was last brought up to date.

    Attributes:
        items: Those that it may show, in the order in which they were compared first.
        until: The number of the last that was looked at, whoever may show it.
    """

    items: tuple[Item, ...] = ()
    until: int = 0
