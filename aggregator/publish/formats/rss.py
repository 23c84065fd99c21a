"""RSS 2.0 with feedgen.

feedgen writes the plain elements. Two extensions write the rest: dates, since feedgen switches the locale of
the whole process to write one; dc:creator, since its `author` is for mail addresses only; enclosures, of which
it keeps the last and writes unknown sizes as "None"; content:encoded beside a description; whether a guid is an
address; and atom:updated for edits, beside a pubDate that stays.
"""

from __future__ import annotations

from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from aggregator.dates.writing import rfc3339
from aggregator.model import Enclosure, Link
from aggregator.publish import sanitize
from aggregator.publish.check.rss import rss_faults
from aggregator.publish.extension_elements import addresses, write_extensions
from aggregator.publish.format_spec import FormatSpec, xml_seams
from aggregator.publish.formats.atom import GENERATOR, HISTORY, MEDIA, add_picture, extension_namespaces
from aggregator.publish.view import EntryView, FeedView

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
UNKNOWN_TYPE = "application/octet-stream"
_SELF = "application/rss+xml"


def compose(feed: FeedView) -> bytes:
    """The feed as an RSS document in UTF-8.

    Raises:
        ValueError: Something cannot be written; `feed` holds what its docstring excludes.
    """
    generator = FeedGenerator()
    generator.register_extension("publication", _RssFeedExtension, _RssEntryExtension, atom=False)
    generator.publication.feed = feed
    generator.title(feed.title)
    generator.description(feed.title)
    # The channel must have a link; a site without an address has none to give but the feed's own name.
    generator.link(href=feed.page or feed.id, rel="alternate")
    generator.generator(GENERATOR)
    # Unset, feedgen writes the present time here, and changes the locale to do so; there is no public way.
    generator._FeedGenerator__rss_lastBuildDate = None  # noqa: SLF001 # see above; a test fails if it moves
    for entry in feed.entries:
        _add(generator.add_entry(order="append"), entry)
    document: bytes = generator.rss_str(pretty=True)
    return document


def _add(target: FeedEntry, entry: EntryView) -> None:
    target.publication.entry = entry
    # Readers know an item by the guid's text alone; the attribute only says whether they may open it.
    target.guid(entry.id, permalink=entry.id == entry.url)
    target.title(entry.title)
    if entry.url:
        target.link(href=entry.url, rel="alternate")
    # Never the whole text: that is what content:encoded is for, and readers that know both show both.
    short = entry.summary or entry.opening or ""
    if entry.also_at and not entry.content:
        short += entry.also_at
    if short:
        target.description(short, isSummary=True)
    for category in entry.categories:
        found = {"term": category.label or category.term, "scheme": category.scheme}
        target.category({key: value for key, value in found.items() if value})
    address = entry.source.feed or entry.source.home
    if address:
        target.source(address, entry.source.title)


class _RssFeedExtension(BaseExtension):  # type: ignore[misc] # feedgen ships no types
    """Declares namespaces, and writes the channel's own link and date."""

    feed: FeedView

    def extend_ns(self) -> dict[str, str]:
        names = {"content": CONTENT, "dc": DC, **extension_namespaces(self.feed)}
        return {**names, "fh": HISTORY} if self.feed.archive_page is not None else names

    def extend_rss(self, feed: Any) -> Any:
        channel = feed.find("channel")
        links = (
            ("self", self.feed.address("rss")),
            ("current", self.feed.current("rss")),
            ("prev-archive", self.feed.earlier("rss")),
        )
        for rel, href in links:
            if href:
                etree.SubElement(channel, f"{{{ATOM}}}link", href=href, rel=rel, type=_SELF)
        if self.feed.archive_page is not None:
            etree.SubElement(channel, f"{{{HISTORY}}}archive")
        etree.SubElement(channel, "lastBuildDate").text = sanitize.rfc822(self.feed.updated)
        return feed


class _RssEntryExtension(BaseEntryExtension):  # type: ignore[misc] # feedgen ships no types
    """Writes dates, authors and files."""

    entry: EntryView

    def extend_rss(self, entry: Any) -> Any:
        view = self.entry
        if view.content:
            etree.SubElement(entry, f"{{{CONTENT}}}encoded").text = view.content + (view.also_at or "")
        _add_links(entry, view)
        etree.SubElement(entry, "pubDate").text = sanitize.rfc822(view.published)
        if view.updated != view.published:
            etree.SubElement(entry, f"{{{ATOM}}}updated").text = rfc3339(view.updated)
        for name in dict.fromkeys(person.name for person in view.authors):
            etree.SubElement(entry, f"{{{DC}}}creator").text = name
        write_extensions(entry, view.extensions)
        add_picture(entry, view)
        if view.enclosures:
            first, *others = view.enclosures
            etree.SubElement(entry, "enclosure", _enclosure(first))
            described = addresses(view.extensions, "media:content")
            for enclosure in others:
                if enclosure.url not in described:
                    etree.SubElement(entry, f"{{{MEDIA}}}content", _media(enclosure))
        return entry


def _add_links(entry: Any, view: EntryView) -> None:
    """Links to other things than the entry's page: RSS has a word for its discussion, Atom one for any."""
    discussion = _discussion(view.links)
    if discussion:
        etree.SubElement(entry, "comments").text = discussion
    for link in view.links:
        if link.rel != "replies":
            etree.SubElement(entry, f"{{{ATOM}}}link", _link(link))


def _link(link: Link) -> dict[str, str]:
    found = {"href": link.url, "rel": link.rel, "type": link.type, "title": link.title}
    return {key: value for key, value in found.items() if value}


def _discussion(links: tuple[Link, ...]) -> str | None:
    """The page on which an entry is discussed; a feed of comments is none (RSS 2.0, "comments": a page)."""
    pages = (link.url for link in links if link.rel == "replies" and link.type in {None, "text/html"})
    return next(pages, None)


def _enclosure(enclosure: Enclosure) -> dict[str, str]:
    # All three are required; 0 is what the RSS Advisory Board's profile gives for an unknown length.
    return {
        "url": enclosure.url,
        "length": str(enclosure.length or 0),
        "type": enclosure.type or UNKNOWN_TYPE,
    }


def _media(enclosure: Enclosure) -> dict[str, str]:
    found = {
        "url": enclosure.url,
        "fileSize": None if enclosure.length is None else str(enclosure.length),
        "type": enclosure.type,
        "duration": None if enclosure.duration is None else str(enclosure.duration),
    }
    return {key: value for key, value in found.items() if value}


SPEC = FormatSpec(
    label="RSS",
    media_type=_SELF,
    compose=compose,
    faults=rss_faults,
    seams=xml_seams(rb"    <item>", b"</item>\n", rb"<guid[^<>]*>([^<]*)</guid>"),
)
