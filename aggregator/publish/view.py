"""What the documents of a publication say, whatever their format: an edition, cleaned and completed.

The formats only spell this; every rule about what is said stands here or in `parts`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from aggregator.model import Category, Edition, Enclosure, Extension, Format, Item, Link, Origin, Person, Tombstone
from aggregator.publish import extension_elements, parts, rewriting, sanitize
from aggregator.publish.omissions import Omission, fault, omission

NAMESPACE = uuid.UUID("3b0d8c39-0f0c-5c0a-9f63-1f9f0c2f7c55")
"""Root of the ids that we make for feeds. Never to change."""

MOST_COPIES = 20
"""Copies named with an entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """The source of an entry (RFC 4287, section 4.2.11).

    Attributes:
        key: The source's id in feeds.yaml.
        id: An absolute IRI: the feed's own atom:id where it has one.
        title: Not empty.
        feed: The address of the feed, or None when there is none to show.
        home: The site's page, or None.
        rights: Plain text, or None.
        icon: The address of its picture by the editor's word, or None.
        updated: That of the entry: what the source last said, as far as this entry tells.
    """

    key: str
    id: str
    title: str
    feed: str | None
    home: str | None
    rights: str | None
    updated: datetime
    icon: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One entry; all text is free of characters that a document may not hold.

    Attributes:
        id: The item's public id, unchanged.
        url: Its page, or None.
        title: Plain text; never empty.
        content: The whole text as HTML; None where there is none or the source's `publish` does not allow it.
        summary: Its beginning or what it is about as HTML, as far as `publish` allows.
        opening: HTML: the beginning of the text, for want of a summary; None when there is a summary, or no text.
        authors: With names; may be empty.
        categories: What it is filed under; no repeats.
        enclosures: Attached files; no repeats.
        links: To other things than its page; no repeats.
        image: A URL, or None.
        image_caption: Plain text, or None; only with an image.
        language: BCP 47, or None.
        direction: Of its text, or None.
        published: UTC, whole seconds.
        updated: UTC, whole seconds; never before `published`.
        source: Where it comes from.
        extensions: Elements of other namespaces.
        copies: Where the same piece is found too; at most `MOST_COPIES`, no repeats.
    """

    id: str
    url: str | None
    title: str
    content: str | None
    summary: str | None
    opening: str | None
    authors: tuple[Person, ...]
    categories: tuple[Category, ...]
    enclosures: tuple[Enclosure, ...]
    links: tuple[Link, ...]
    image: str | None
    image_caption: str | None
    language: str | None
    direction: Literal["ltr", "rtl"] | None
    published: datetime
    updated: datetime
    source: SourceView
    extensions: tuple[Extension, ...] = ()
    copies: tuple[Link, ...] = ()

    @property
    def also_at(self) -> str | None:
        """The copies as a paragraph of HTML, for formats whose readers show no related links; None without any."""
        return parts.also_at(self.copies)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """A publication's feed.

    Attributes:
        id: A `urn:uuid:` IRI; see `feed_id`.
        name: The publication's id, which makes the paths of its documents.
        title: Not empty.
        publisher: The site's title; the feed's author.
        home: The site's public address, or None.
        updated: The newest of the entries' dates; the publication's own while it has none.
        entries: In the edition's order.
        tombstones: Of entries that were withdrawn; none of an entry that is shown.
        archive_page: The number of the archive page that this is; None for the document that people subscribe to.
        previous: The number of the archive page before it, or None.
        private: Whether it is read under a token.
        query: What its address has behind a question mark; "" for nothing.
        page: The page that shows people the same, or None while the site has no public address.
    """

    id: str
    name: str
    title: str
    publisher: str
    home: str | None
    updated: datetime
    entries: tuple[EntryView, ...]
    tombstones: tuple[Tombstone, ...] = ()
    archive_page: int | None = None
    previous: int | None = None
    private: bool = False
    query: str = ""
    page: str | None = None

    @property
    def path(self) -> str:
        """Where this document lies below the site's address, without its extension."""
        return self.name if self.archive_page is None else f"{self.name}/archive/{self.archive_page}"

    def address(self, form: Format) -> str | None:
        """Where this document is found in that format; None while the site has no public address.

        Made from `site.link` alone and never with a token, so that a document which is passed on opens nothing.
        """
        query = f"?{self.query}" if self.query else ""
        return f"{self.home}{self.path}.{form}{query}" if self.home else None

    def earlier(self, form: Format) -> str | None:
        """Where the archive page before this document is found (RFC 5005, section 4); None without one."""
        if self.previous is None:
            return None
        if self.home and not self.private:
            return f"{self.home}{self.name}/archive/{self.previous}.{form}"
        # Relative, so that it leads back under the token that this was asked for with, without naming it.
        folder = f"{self.name}/archive/" if self.archive_page is None else ""
        return f"{folder}{self.previous}.{form}"

    def current(self, form: Format) -> str | None:
        """Where the document that people subscribe to is found, for archive pages; None for that one itself."""
        if self.archive_page is None:
            return None
        if self.home and not self.private:
            return f"{self.home}{self.name}.{form}"
        return f"../../{self.name}.{form}"


def feed_id(name: str) -> str:
    """The id of the feed of that name, which the store keeps; see `ports.ReadOnlyStore.feed_name`.

    Nothing that feeds.yaml says has a part in it: it outlives new titles, a new id and a new address of the site.
    """
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, name)}"


def build_view(edition: Edition) -> tuple[FeedView, tuple[Omission, ...]]:
    """What the edition's documents say, and why each item is left out that no document can carry."""
    kept, omitted = _build_entries(edition)
    site = sanitize.web(edition.site.link)
    home = f"{site.rstrip('/')}/" if site else None
    query = f"?{edition.query}" if edition.query else ""
    title = sanitize.line(edition.publication.title) or edition.publication.id
    feed = FeedView(
        id=feed_id(edition.feed_name),
        name=quote(edition.publication.id.rstrip("/"), safe="/%"),
        title=title,
        publisher=sanitize.line(edition.site.title) or title,
        home=home,
        updated=max((entry.updated for entry in kept), default=sanitize.utc(edition.created)),
        entries=tuple(kept),
        tombstones=_tombstones(edition, {entry.id for entry in kept}),
        archive_page=edition.archive_page,
        previous=edition.previous,
        private=edition.publication.private,
        query=edition.query,
        page=f"{home}{quote(edition.page, safe='/%')}{query}" if home else None,
    )
    return feed, omitted


def _tombstones(edition: Edition, shown: set[str]) -> tuple[Tombstone, ...]:
    """Those that can be written: an id that an entry bears again is not withdrawn."""
    found = (Tombstone(id=one.id, when=sanitize.utc(one.when)) for one in edition.tombstones)
    return tuple(one for one in found if one.id not in shown and parts.is_iri(one.id))


def _build_entries(edition: Edition) -> tuple[list[EntryView], tuple[Omission, ...]]:
    """What is written of the items that can be, and why the others cannot.

    A fault of ours on one of them costs that item, and is told as ours.
    """
    kept: list[EntryView] = []
    omitted: list[Omission] = []
    ids: set[str] = set()
    for item in edition.items:
        try:
            _check_names(item, edition, ids)
            published = sanitize.utc(item.published)
            silent = edition.publication.edits == "silent"
            updated = published if silent else max(published, sanitize.utc(item.updated))
        except (ValueError, OverflowError) as error:
            omitted.append(omission(edition.publication.id, item.public_id, str(error)))
            continue
        try:
            kept.append(_build_entry(item, edition, published, updated))
        except (ImportError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 # the boundary: it costs this entry, and is told
            omitted.append(fault(edition.publication.id, item.public_id, error))
            continue
        ids.add(item.public_id)
    return kept, tuple(omitted)


def _check_names(item: Item, edition: Edition, taken: set[str]) -> None:
    # An id that had to be changed to be written would be another id: such an item is left out instead.
    if not parts.is_iri(item.public_id):
        raise ValueError("its id is no absolute IRI")
    if item.public_id in taken:
        raise ValueError("another entry bears its id")
    if item.source_id not in edition.origins:
        raise ValueError("its source is unknown")


def _build_source(origin: Origin, updated: datetime) -> SourceView:
    # Dated by the entry alone: else each new entry of a source would change the bytes of all its others.
    key, feed, home = origin.source.id, parts.feed_url(origin), parts.home_url(origin)
    own = origin.meta.id if origin.meta.id and parts.is_iri(origin.meta.id) else None
    return SourceView(
        key=key,
        id=own or feed or f"urn:uuid:{uuid.uuid5(NAMESPACE, f'source/{key}')}",
        title=sanitize.line(origin.title) or key,
        feed=feed,
        home=home,
        rights=sanitize.line(origin.meta.rights or "") or None,
        updated=updated,
        icon=sanitize.web(origin.source.icon),
    )


def _build_entry(item: Item, edition: Edition, published: datetime, updated: datetime) -> EntryView:
    origin = edition.origins[item.source_id]
    entry = rewriting.for_readers(item.entry, origin.source)
    content, summary = parts.body(entry, origin.source.publish)
    image = sanitize.web(entry.image)
    return EntryView(
        id=item.public_id,
        url=sanitize.linked(entry.url),
        title=parts.title(entry, origin.source.publish),
        content=content,
        summary=summary,
        opening=None if summary else parts.opening(entry, origin.source.publish),
        authors=parts.authors(entry.authors),
        categories=parts.categories(entry.categories),
        enclosures=parts.enclosures(entry.enclosures),
        links=parts.links(entry.links),
        image=image,
        image_caption=(sanitize.line(entry.image_caption or "") or None) if image else None,
        language=sanitize.language(entry.language) or sanitize.language(origin.meta.language),
        direction=entry.direction,
        published=published,
        updated=updated,
        source=_build_source(origin, updated),
        extensions=extension_elements.extensions_to_publish(item.entry, entry, origin),
        copies=_copies(item, edition, entry.url),
    )


def _copies(item: Item, edition: Edition, own: str | None) -> tuple[Link, ...]:
    """Links to the copies of other sources, each under its source's title."""
    found: dict[str, Link] = {}
    for copy in edition.copies.get(item.public_id, ()):
        origin = edition.origins.get(copy.source_id)
        url = sanitize.web(rewriting.link_for_readers(copy.entry, origin.source)) if origin else None
        if url and origin and copy.source_id != item.source_id and url != sanitize.web(own):
            title = sanitize.line(origin.title) or origin.source.id
            found.setdefault(url, Link(url=url, rel="related", title=title, type="text/html"))
    return tuple(found.values())[:MOST_COPIES]
