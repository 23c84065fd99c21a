"""What RSS 2.0 (https://www.rssboard.org/rss-specification) and its Advisory Board's profile demand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aggregator.publish.check import values
from aggregator.publish.check.extensions import extension_faults

ATOM = "{http://www.w3.org/2005/Atom}"
_ONCE = ("title", "link", "description", "author", "comments", "enclosure", "guid", "pubDate", "source")


def rss_faults(body: bytes) -> tuple[str, ...]:
    """The faults of an RSS document."""
    try:
        root = values.parse_xml(body)
    except ValueError as error:
        return (str(error),)
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        return ("The document is not one RSS 2.0 channel.",)
    return tuple(_channel(channels[0]))


def _channel(channel: Any) -> Iterator[str]:
    yield from values.count_faults(
        channel, "The channel", exactly_one=("title", "link", "description", "lastBuildDate")
    )
    if not values.is_uri(values.text_of(channel, "link")):
        yield "The channel's link is no absolute URI."
    if not values.is_rfc822(values.text_of(channel, "lastBuildDate")):
        yield "The channel's lastBuildDate is no RFC 822 date."
    for link in channel.findall(f"{ATOM}link"):
        within = link.get("rel") in {"current", "prev-archive", "next-archive"}
        right = values.is_reference if within else values.is_uri
        if not right(link.get("href", "")):
            yield "The channel's atom:link is no URI, or not an absolute one."
    items = channel.findall("item")
    for number, item in enumerate(items, 1):
        yield from _item(item, f"Item {number}")
    yield from values.repeat_faults((values.text_of(item, "guid") for item in items), "guid")


def _item(item: Any, place: str) -> Iterator[str]:
    yield from values.count_faults(item, place, exactly_one=("guid",), at_most_one=_ONCE)
    if not (values.text_of(item, "title").strip() or values.text_of(item, "description").strip()):
        yield f"{place} has neither title nor description."
    for name in ("link", "comments"):
        link = item.findtext(name)
        if link is not None and not values.is_uri(link):
            yield f"{place} has the {name} {link!r}, which is no absolute URI."
    yield from _dates(item, place)
    guid = item.find("guid")
    if guid is not None and guid.get("isPermaLink") != "false" and not values.is_uri(guid.text or ""):
        yield f"{place} has a permalink guid that is no absolute URI."
    for category in item.findall("category"):
        if not (category.text or "").strip():
            yield f"{place} has an empty category."
    yield from _attachments(item, place)


def _dates(item: Any, place: str) -> Iterator[str]:
    if not values.is_rfc822(values.text_of(item, "pubDate")):
        yield f"{place} has no RFC 822 pubDate."
    updated = item.findtext(f"{ATOM}updated")
    if updated is not None and not values.is_rfc3339(updated):
        yield f"{place} has the atom:updated date {updated!r}."


def _attachments(item: Any, place: str) -> Iterator[str]:
    for enclosure in item.findall("enclosure"):
        size, media_type = enclosure.get("length", ""), enclosure.get("type", "")
        if not (
            values.is_uri(enclosure.get("url", "")) and values.is_size(size) and values.is_media_type(media_type)
        ):
            yield f"{place} has an enclosure without a right url, length and type."
    yield from extension_faults(item, place)
    source = item.find("source")
    if source is not None and not values.is_uri(source.get("url", "")):
        yield f"{place} has a source without a right url."
