"""What JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) demands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from aggregator.publish.check import values

_VERSION = "https://jsonfeed.org/version/1.1"
_FEED_TEXTS = ("title", "home_page_url", "feed_url")
_ITEM_TEXTS = (
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "language",
)


def json_faults(body: bytes) -> tuple[str, ...]:
    """The faults of a JSON Feed document."""
    try:
        feed = json.loads(body.decode())
    except ValueError as error:
        return (f"The document is not JSON in UTF-8: {error}.",)
    if not isinstance(feed, dict) or feed.get("version") != _VERSION:
        return ("The document is not a JSON Feed 1.1.",)
    items = feed.get("items")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return ("The feed's items are not an array of objects.",)
    return tuple(_feed(feed, items))


def _feed(feed: dict[str, Any], items: list[dict[str, Any]]) -> Iterator[str]:
    if not feed.get("title"):
        yield "The feed has no title."
    yield from _texts(feed, _FEED_TEXTS, "The feed")
    yield from _addresses(feed, ("home_page_url", "feed_url"), "The feed")
    following = feed.get("next_url", "-")
    if not values.is_reference(str(following)) or following == feed.get("feed_url"):
        yield f"The feed has the next_url {following!r}, which leads nowhere."
    for number, item in enumerate(items, 1):
        yield from _item(item, f"Item {number}")
    yield from values.repeat_faults((str(item.get("id") or "") for item in items), "id")


def _item(item: dict[str, Any], place: str) -> Iterator[str]:
    if not item.get("id"):
        yield f"{place} has no id."
    if "content_html" not in item and "content_text" not in item:
        yield f"{place} has neither content_html nor content_text."
    yield from _texts(item, _ITEM_TEXTS, place)
    yield from _addresses(item, ("url", "external_url", "image"), place)
    for name in ("date_published", "date_modified"):
        if name in item and not values.is_rfc3339(str(item[name])):
            yield f"{place} has the {name} {item[name]!r}."
    yield from _parts(item, place)


def _parts(item: dict[str, Any], place: str) -> Iterator[str]:
    for author in item.get("authors", ()):
        if not author.keys() & {"name", "url", "avatar"}:
            yield f"{place} has an author without name, url and avatar."
    if not all(isinstance(tag, str) and tag for tag in item.get("tags", ())):
        yield f"{place} has a tag that is no text."
    yield from _extensions(item, place)
    for attachment in item.get("attachments", ()):
        right = values.is_uri(str(attachment.get("url"))) and values.is_media_type(
            str(attachment.get("mime_type"))
        )
        if not right:
            yield f"{place} has an attachment without a right url and mime_type."


def _extensions(item: dict[str, Any], place: str) -> Iterator[str]:
    """Extensions are objects, so that none of their names can be taken for the format's (section "Extensions")."""
    for name, value in item.items():
        if name.startswith("_") and not isinstance(value, dict):
            yield f"{place} has the extension {name}, which is no object."


def _texts(holder: dict[str, Any], names: tuple[str, ...], place: str) -> Iterator[str]:
    for name in names:
        if not isinstance(holder.get(name, ""), str):
            yield f"{place} has a {name} that is no string."


def _addresses(holder: dict[str, Any], names: tuple[str, ...], place: str) -> Iterator[str]:
    for name in names:
        if name in holder and not values.is_uri(str(holder[name])):
            yield f"{place} has the {name} {holder[name]!r}, which is no absolute URI."
