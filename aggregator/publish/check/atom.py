"""The MUSTs of RFC 4287 that a document of ours could break."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from aggregator.publish.check import values
from aggregator.publish.check.extensions import extension_faults

NS = "{http://www.w3.org/2005/Atom}"
_FH_ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"
_DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def atom_faults(body: bytes) -> tuple[str, ...]:
    """The faults of an Atom feed document; sections are those of RFC 4287."""
    try:
        root = values.parse_xml(body)
    except ValueError as error:
        return (str(error),)
    if root.tag != f"{NS}feed":
        return (f"The root is {root.tag}, not an Atom feed.",)
    return tuple(_feed(root))


def _names(*names: str) -> tuple[str, ...]:
    return tuple(f"{NS}{name}" for name in names)


def _feed(feed: Any) -> Iterator[str]:
    once = _names("generator", "icon", "logo", "rights", "subtitle")
    yield from values.count_faults(
        feed, "The feed", exactly_one=_names("id", "title", "updated"), at_most_one=once
    )
    entries = feed.findall(f"{NS}entry")
    yield from _common(feed, "The feed")
    yield from _history(feed)
    for number, entry in enumerate(entries, 1):
        yield from _entry(entry, f"Entry {number}", inherits=feed.find(f"{NS}author") is not None)
    ids = [values.text_of(entry, f"{NS}id") for entry in entries]
    yield from values.repeat_faults(ids, "id")
    yield from _tombstones(feed, frozenset(ids))


def _tombstones(feed: Any, ids: frozenset[str]) -> Iterator[str]:
    """RFC 6721, section 3: what, and when; and a document that shows an entry does not delete it."""
    for number, one in enumerate(feed.findall(_DELETED), 1):
        if not values.is_iri(one.get("ref", "")) or not values.is_rfc3339(one.get("when", "")):
            yield f"Deleted entry {number} lacks a right ref or when (RFC 6721, 3)."
        if one.get("ref") in ids:
            yield f"Deleted entry {number} is shown all the same."


def _history(feed: Any) -> Iterator[str]:
    """RFC 5005, section 4: each of its links once at most, and an archive that says where it belongs."""
    rels = Counter(link.get("rel") for link in feed.findall(f"{NS}link"))
    for rel in ("self", "current", "prev-archive", "next-archive"):
        if rels[rel] > 1:
            yield f"The feed has {rels[rel]} links with the relation {rel}."
    if feed.find(_FH_ARCHIVE) is not None and not rels["current"]:
        yield "The feed is an archive and does not say of what (RFC 5005, 4)."


def _entry(entry: Any, place: str, *, inherits: bool) -> Iterator[str]:
    once = _names("content", "published", "rights", "source", "summary")
    yield from values.count_faults(entry, place, exactly_one=_names("id", "title", "updated"), at_most_one=once)
    yield from _common(entry, place)
    if not inherits and entry.find(f"{NS}author") is None:
        yield f"{place} has no author (4.1.2)."
    links = entry.findall(f"{NS}link")
    content = entry.find(f"{NS}content")
    if content is None and not any(link.get("rel", "alternate") == "alternate" for link in links):
        yield f"{place} has neither content nor an alternate link (4.1.2)."
    yield from _texts(entry, place)
    yield from extension_faults(entry, place)
    source = entry.find(f"{NS}source")
    if source is not None:
        where = f"{place}'s source"
        yield from values.count_faults(source, where, exactly_one=_names("id", "title", "updated"))
        yield from _common(source, where)


def _texts(entry: Any, place: str) -> Iterator[str]:
    for name in ("title", "summary", "content"):
        for text in entry.findall(f"{NS}{name}"):
            if text.get("type", "text") not in {"text", "html"} or len(text):
                yield f"{place} has a {name} that is neither text nor HTML (3.1.1, 4.1.3)."
    language = entry.get(_LANG)
    if language is not None and not values.is_language(language):
        yield f"{place} has the language {language!r} (2)."


def _common(element: Any, place: str) -> Iterator[str]:
    """What feeds, entries and sources have in common: id, dates, people, links, categories."""
    name = values.text_of(element, f"{NS}id")
    if name and not values.is_iri(name):
        yield f"{place} has the id {name!r}, which is no absolute IRI (4.2.6)."
    for child in ("updated", "published"):
        date = element.findtext(f"{NS}{child}")
        if date is not None and not values.is_rfc3339(date):
            yield f"{place} has the {child} date {date!r} (3.3)."
    for author in element.findall(f"{NS}author"):
        yield from _person(author, f"{place}'s author")
    if not all(category.get("term") for category in element.findall(f"{NS}category")):
        yield f"{place} has a category without term (4.2.2)."
    yield from _links(element.findall(f"{NS}link"), place)


def _links(links: list[Any], place: str) -> Iterator[str]:
    for link in links:
        yield from _link(link, place)
    alternates = Counter(
        (link.get("type"), link.get("hreflang")) for link in links if link.get("rel", "alternate") == "alternate"
    )
    if any(count > 1 for count in alternates.values()):
        yield f"{place} has two alternate links of one type and language (4.1.1, 4.1.2)."


def _person(person: Any, place: str) -> Iterator[str]:
    once = _names("uri", "email")
    yield from values.count_faults(person, place, exactly_one=_names("name"), at_most_one=once)
    uri, email = person.findtext(f"{NS}uri"), person.findtext(f"{NS}email")
    if uri is not None and not values.is_iri(uri):
        yield f"{place} has the uri {uri!r} (3.2.2)."
    if email is not None and not email.strip("@").count("@"):
        yield f"{place} has the email {email!r} (3.2.3)."


def _link(link: Any, place: str) -> Iterator[str]:
    # Links between the pages of an archive may be relative to where they were found (4.2.7.1).
    within = link.get("rel") in {"current", "prev-archive", "next-archive"}
    right = values.is_reference if within else values.is_iri
    if not right(link.get("href", "")):
        yield f"{place} has a link to {link.get('href')!r} (4.2.7.1)."
    media_type, length = link.get("type"), link.get("length")
    if media_type is not None and not values.is_media_type(media_type):
        yield f"{place} has a link of type {media_type!r} (4.2.7.3)."
    if length is not None and not values.is_size(length):
        yield f"{place} has a link of length {length!r} (4.2.7.6)."
