"""What we publish."""

from __future__ import annotations

from dataclasses import dataclass
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
class Edition:
    """All that a publication's documents are made from; equal editions give equal bytes.

    Attributes:
        site: Who we are.
        publication: Which feed this is.
        items: Selected and in order, newest published first.
        origins: By source id; holds every item's source.
        created: Stands in for feed dates while there are no items.
    """

    site: Site
    publication: Publication
    items: tuple[Item, ...]
    origins: dict[str, Origin]
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The bytes of one publication in one format.

    Attributes:
        publication_id: Whose it is.
        format: Which of the three.
        body: As served without a content coding.
        gzip: The same, gzip-coded without a time stamp.
        media_type: With charset, as in Content-Type.
        etag: Strong, quotes included; of `body`.
        last_modified: When the bytes last changed, UTC, whole seconds.
    """

    publication_id: str
    format: Format
    body: bytes
    gzip: bytes
    media_type: str
    etag: str
    last_modified: datetime
