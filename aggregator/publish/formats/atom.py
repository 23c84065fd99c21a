"""Atom 1.0 (RFC 4287) with feedgen.

feedgen writes the plain elements. What it gets wrong or does not know is written by two extensions, which it
calls once it has built an element: links with all their attributes, a complete atom:source, xml:lang, the
picture, the links and the mark of an archive (RFC 5005), and what was withdrawn (RFC 6721). Elements of Atom's
own namespace bear no prefix in feedgen's tree, hence the bare names here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from aggregator.dates.writing import rfc3339
from aggregator.model import Enclosure, Link
from aggregator.publish.check.atom import atom_faults
from aggregator.publish.extension_elements import addresses, namespaces_of, write_extensions
from aggregator.publish.format_spec import FormatSpec, xml_seams
from aggregator.publish.view import EntryView, FeedView, SourceView

GENERATOR = "aggregator"
MEDIA = "http://search.yahoo.com/mrss/"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HOME = "text/html"
_SELF = "application/atom+xml"


def compose(feed: FeedView) -> bytes:
    """The feed as an Atom document in UTF-8.

    Raises:
        ValueError: Something cannot be written; `feed` holds what its docstring excludes.
    """
    generator = FeedGenerator()
    generator.register_extension("publication", _AtomFeedExtension, _AtomEntryExtension, rss=False)
    generator.publication.feed = feed
    generator.id(feed.id)
    generator.title(feed.title)
    generator.updated(feed.updated)
    generator.generator(GENERATOR)
    generator.author(_drop_empty(name=feed.publisher, uri=feed.home))
    for entry in feed.entries:
        _add(generator.add_entry(order="append"), entry)
    document: bytes = generator.atom_str(pretty=True)
    return document


def _add(target: FeedEntry, entry: EntryView) -> None:
    target.publication.entry = entry
    target.id(entry.id)
    target.title(entry.title)
    target.published(entry.published)
    target.updated(entry.updated)
    target.author(_authors(entry))
    target.category([_drop_empty(term=one.term, scheme=one.scheme, label=one.label) for one in entry.categories])
    if entry.url:
        target.link(href=entry.url, rel="alternate")
    if entry.content:
        target.content(entry.content, type="html")
    elif not entry.url:
        # RFC 4287, section 4.1.2: without an alternate link there must be content; this is all there is.
        target.content(entry.summary or entry.title, type="html" if entry.summary else "text")
        return
    if entry.summary:
        target.summary(entry.summary, type="html")


def _authors(entry: EntryView) -> list[dict[str, str]]:
    # RFC 4287, section 4.1.2, requires one. It would be us, the feed's author, if the entry had none.
    people = [_drop_empty(name=person.name, uri=person.uri, email=person.email) for person in entry.authors]
    return people or [{"name": entry.source.title}]


def _drop_empty(**attributes: str | None) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if value}


class _AtomFeedExtension(BaseExtension):  # type: ignore[misc] # feedgen ships no types
    """Declares namespaces, and writes the feed's links and dates."""

    feed: FeedView

    def extend_ns(self) -> dict[str, str]:
        names = extension_namespaces(self.feed)
        if self.feed.archive_page is not None:
            names["fh"] = HISTORY
        if self.feed.tombstones:
            names["at"] = TOMBSTONES
        return names

    def extend_atom(self, feed: Any) -> Any:
        feed.find("updated").text = rfc3339(self.feed.updated)
        links = (
            ("self", self.feed.address("atom"), _SELF),
            ("alternate", self.feed.page, _HOME),
            ("current", self.feed.current("atom"), _SELF),
            ("prev-archive", self.feed.earlier("atom"), _SELF),
        )
        for rel, href, media_type in links:
            if href:
                etree.SubElement(feed, "link", href=href, rel=rel, type=media_type)
        if self.feed.archive_page is not None:
            etree.SubElement(feed, f"{{{HISTORY}}}archive")
        for one in self.feed.tombstones:
            when = rfc3339(one.when)
            etree.SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry", ref=one.id, when=when)
        return feed


class _AtomEntryExtension(BaseEntryExtension):  # type: ignore[misc] # feedgen ships no types
    """Writes what feedgen cannot: links, source, language; dates with `Z`, as the other formats spell them."""

    entry: EntryView

    def extend_atom(self, entry: Any) -> Any:
        view = self.entry
        if view.language:
            entry.set(_LANG, view.language)
        entry.find("updated").text = rfc3339(view.updated)
        entry.find("published").text = rfc3339(view.published)
        # feedgen loses every attribute but href, which turns enclosures into alternates.
        for broken in entry.findall("link"):
            entry.remove(broken)
        if view.url:
            etree.SubElement(entry, "link", href=view.url, rel="alternate")
        for enclosure in view.enclosures:
            etree.SubElement(entry, "link", _enclosure(enclosure))
        for link in view.links:
            etree.SubElement(entry, "link", _link(link))
        for copy in view.copies:
            etree.SubElement(entry, "link", _link(replace(copy, title=f"Also at: {copy.title}")))
        write_extensions(entry, view.extensions)
        add_picture(entry, view)
        entry.append(_source(view.source))
        return entry


def _enclosure(enclosure: Enclosure) -> dict[str, str]:
    return _drop_empty(
        href=enclosure.url,
        rel="enclosure",
        type=enclosure.type,
        length=None if enclosure.length is None else str(enclosure.length),
        title=enclosure.title,
    )


def _link(link: Link) -> dict[str, str]:
    return _drop_empty(href=link.url, rel=link.rel, type=link.type, title=link.title)


def extension_namespaces(feed: FeedView) -> dict[str, str]:
    """Media RSS, and the namespaces of what the entries have besides."""
    return {"media": MEDIA, **namespaces_of(one for entry in feed.entries for one in entry.extensions)}


def add_picture(entry: Any, view: EntryView) -> None:
    """Write the entry's picture in Media RSS, with what stands under it, where its extensions do not say so.

    As media:content, which alone can have a caption, and as media:thumbnail, which more readers look for. One
    that is attached to the entry anyway is only called its thumbnail, unless it has a caption.
    """
    if view.image is None:
        return
    previews = addresses(view.extensions, "media:thumbnail")
    attached = {enclosure.url for enclosure in view.enclosures}
    written = (one for one in entry.iter(f"{{{MEDIA}}}content") if one.get("url") == view.image)
    content = next(written, None)
    if content is None and (view.image_caption or view.image not in previews | attached):
        content = etree.SubElement(entry, f"{{{MEDIA}}}content", url=view.image, medium="image")
    if content is not None and view.image_caption and not _is_described(entry, view.image_caption):
        caption = etree.SubElement(content, f"{{{MEDIA}}}description", type="plain")
        caption.text = view.image_caption
    if view.image not in previews:
        etree.SubElement(entry, f"{{{MEDIA}}}thumbnail", url=view.image)


def _is_described(entry: Any, caption: str) -> bool:
    """Whether an extension says it already, but for who made the picture."""
    return any(one.text and caption.startswith(one.text) for one in entry.iter(f"{{{MEDIA}}}description"))


def _source(source: SourceView) -> Any:
    element = etree.Element("source")
    etree.SubElement(element, "id").text = source.id
    etree.SubElement(element, "title").text = source.title
    etree.SubElement(element, "updated").text = rfc3339(source.updated)
    if source.feed:
        etree.SubElement(element, "link", href=source.feed, rel="self")
    if source.home:
        etree.SubElement(element, "link", href=source.home, rel="alternate")
    if source.rights:
        etree.SubElement(element, "rights").text = source.rights
    if source.icon:
        etree.SubElement(element, "icon").text = source.icon
    return element


SPEC = FormatSpec(
    label="Atom",
    media_type=_SELF,
    compose=compose,
    faults=atom_faults,
    seams=xml_seams(rb"  <entry[ >]", b"</entry>\n", rb"<id>([^<]*)</id>"),
)
