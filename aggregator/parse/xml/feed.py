"""A feed in XML: what the stages found -> ParsedFeed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from aggregator.model import DocumentDigests, Extension, Failed, FeedMeta, ParsedFeed, PollHints
from aggregator.parse.digests import digest
from aggregator.parse.entry_faults import read_each
from aggregator.parse.limits import MAX_LINKS
from aggregator.parse.plain import to_plain_text
from aggregator.parse.xml.feed_entry import (
    InheritedByEntries,
    licences_of,
    people_of,
    raw_entry,
    text_of,
    title_of,
)
from aggregator.parse.xml.fields import dicts_field, text_field
from aggregator.parse.xml.hints import poll_hints
from aggregator.parse.xml.prolog import Root
from aggregator.parse.xml.slices import Slices, cut
from aggregator.parse.xml.stages import (
    ENTRY,
    FoundEntries,
    read_loosely,
    read_strictly,
    read_xml,
    whole_document,
)
from aggregator.text.urls import MAX_URL, is_web, resolve_reference

_JUNK = "Text before the beginning of the feed was left out."
_ENTITIES = "Entity declarations were left out, but for short texts."
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}:\S")


def read_xml_feed(
    text: str, root: Root, *, base: str, known: DocumentDigests | None = None
) -> ParsedFeed | Failed:
    """Read an XML document whose root is that of a feed.

    In: its text, free of forbidden characters; its root; the absolute URL it came from, or ""; entries that
    need not be read.
    Out: the feed; Failed when the document is broken before its first entry, or only resembles a feed.
    """
    feed = _read_new(text, root, base, known) if known else None
    if feed is not None:
        return feed
    found = read_xml(text, root=root, base=base)
    entries = found.entries
    if not entries and not found.complete:
        return Failed(
            trouble="malformed",
            message="The feed is broken XML before its first entry; tell the publisher, or check the address.",
        )
    if not entries and not found.handler.version and root.name in {"rdf", "channel", "entry"}:
        return Failed(
            trouble="not_a_feed",
            message=f"No feed: the answer is an XML document with the root <{root.name}> but without entries.",
        )
    slices = cut(found.document) if is_web(base) and found.document else None
    return _make_feed(found, root, base, slices)


def _read_new(text: str, root: Root, base: str, known: DocumentDigests) -> ParsedFeed | None:
    """The feed with those of its entries that are new; None where it cannot be read so."""
    document = whole_document(text, root) if is_web(base) else None
    slices = cut(document) if document else None
    if slices is None:
        return None
    were = frozenset(known.entries)
    new = [place for place, digest in enumerate(slices.digests()) if digest not in were]
    if len(new) == len(slices.spans):
        return None
    places = new or [0]  # at one of them it is seen what all depend on
    found = read_strictly(slices.only(places), base=base)
    if not found.complete or len(found.entries) != len(places):
        return None
    feed = _make_feed(found, root, base, slices, places)
    return feed if feed.digests is not None and feed.digests.context == known.context else None


def read_rootless_feed(text: str, *, base: str) -> ParsedFeed | None:
    """Read a document that lost its root, or whose root has a name of its own, but that holds entries.

    In: as for `read_xml_feed`.
    Out: the feed; None when there is no entry that has a title or text and can be told from others.
    """
    if not ENTRY.search(text):
        return None
    found = read_loosely(text, base=base)
    known = any(dict.get(entry, "title") and (entry.get("links") or entry.get("id")) for entry in found.entries)
    return _make_feed(found, Root(name="", qualified="", start=0), base) if known else None


def _make_feed(
    found: FoundEntries,
    root: Root,
    base: str,
    slices: Slices | None = None,
    places: Sequence[int] | None = None,
) -> ParsedFeed:
    """What was found as a feed; of a document that was cut, and of which the entries at some places were read."""
    feed, version = found.handler.feeddata, _version(found.handler.version, root)
    meta = _meta(feed, version, base, found.handler.feed_extensions)
    atom = version.startswith("atom")
    setting = InheritedByEntries(
        atom=atom,
        location=base,
        base=(base if atom and is_web(base) else meta.link or base) or None,
        language=meta.language,
        authors=people_of(feed) if atom else (),
    )
    entries, faults = read_each(
        found.entries, lambda one: raw_entry(one, setting), lambda one: dict.get(one, "title")
    )
    notes = [note for note, holds in ((_JUNK, root.junk), (_ENTITIES, root.entities)) if holds]
    return ParsedFeed(
        meta=meta,
        title=title_of(feed, setting),
        rights=text_of(feed, "rights", setting, guessed=True),
        entries=entries,
        hints=_hints(found.handler),
        deleted=tuple(dict.fromkeys(found.handler.deleted)),
        warnings=(*notes, *found.warnings),
        whole=found.whole and not faults,
        faults=faults,
        digests=_digests(found, slices, repr(setting), places),
        unfinished=len(entries) - 1 if found.unfinished and not faults else None,
        same=() if slices is None or places is None else tuple(sorted({*range(len(slices.spans))} - {*places})),
    )


def _digests(
    found: FoundEntries, slices: Slices | None, setting: str, places: Sequence[int] | None
) -> DocumentDigests | None:
    """The digests of a document; None where the library found other entries than we, or no format before them."""
    if slices is None or len(found.entries) != len(slices.spans if places is None else places):
        return None
    version, *told = found.handler.before_entries
    context = digest(
        b"\n".join((repr((version, *told)).encode(), setting.encode("utf-8", "replace"), slices.around))
    )
    return DocumentDigests(context=context, entries=slices.digests()) if version else None


def _version(version: str, root: Root) -> str:
    return version or {"channel": "cdf", "feed": "atom", "entry": "atom", "rdf": "rss10"}.get(root.name, "rss")


def _meta(feed: Any, version: str, location: str, extensions: tuple[Extension, ...]) -> FeedMeta:
    base = resolve_reference(text_field(feed, "base", MAX_URL), None) or location
    name = text_field(feed, "id", MAX_URL)
    picture = dict.get(feed, "image")
    icon = (
        text_field(feed, "icon", MAX_URL)
        or text_field(feed, "logo", MAX_URL)
        or text_field(picture, "href", MAX_URL)
    )
    link = _site(feed, base)
    place = location if version.startswith("atom") else link or base
    return FeedMeta(
        id=name if name and _IRI.match(name) else None,
        link=link,
        language=to_plain_text(text_field(feed, "language") or text_field(feed, "lang")),
        icon=resolve_reference(icon, base),
        version=version,
        extensions=(*extensions, *licences_of(feed, extensions, place)),
    )


def _site(feed: Any, base: str) -> str | None:
    """The site's page: the first alternate link; one that is the feed itself would be no help, but is kept."""
    for link in dicts_field(feed, "links", MAX_LINKS):
        href = text_field(link, "href", MAX_URL + 1)
        if (text_field(link, "rel") or "alternate") == "alternate" and href:
            site = resolve_reference(href, base)
            if site is not None:
                return site
    return None


def _hints(handler: Any) -> PollHints:
    feed = handler.feeddata
    return poll_hints(
        ttl=text_field(feed, "ttl"),
        period=text_field(feed, "sy_updateperiod"),
        frequency=text_field(feed, "sy_updatefrequency"),
        hours=handler.skip_hours,
        days=handler.skip_days,
    )
