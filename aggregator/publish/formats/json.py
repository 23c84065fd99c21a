"""JSON Feed 1.1, written by hand: https://www.jsonfeed.org/version/1.1/.

What the format has no name for stands in two objects of our own: `_source`, and `_entry` where there is anything
to say; elements of other namespaces in one for each namespace: `_podcast`, `_itunes`, `_media`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from aggregator.dates.writing import rfc3339
from aggregator.model import Category, Enclosure, Link, Person
from aggregator.publish import sanitize
from aggregator.publish.check.jsonfeed import json_faults
from aggregator.publish.extension_elements import extension_objects
from aggregator.publish.format_spec import FormatSpec, Seams
from aggregator.publish.formats.rss import UNKNOWN_TYPE
from aggregator.publish.view import EntryView, FeedView

VERSION = "https://jsonfeed.org/version/1.1"
_NO_ITEMS = re.compile(rb'^ "items": \[\n \]$', re.MULTILINE)


def compose(feed: FeedView) -> bytes:
    """The feed as a JSON Feed document in UTF-8.

    The feed names no authors: items without any would inherit them (section "Items").
    """
    document = _drop_empty(
        version=VERSION,
        title=feed.title,
        home_page_url=feed.page,
        feed_url=feed.address("json"),
        next_url=feed.earlier("json"),
    )
    document["items"] = [_item(entry) for entry in feed.entries]
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _item(entry: EntryView) -> dict[str, Any]:
    html = entry.content or entry.summary
    related = next((link.url for link in entry.links if link.rel == "related"), None)
    return _drop_empty(
        id=entry.id,
        url=entry.url,
        # Only beside an address of its own: a linked page alone would be taken for the item's.
        external_url=related if entry.url else None,
        title=entry.title,
        content_html=html,
        # One of the two contents is required; an item without a body has its title alone.
        content_text=None if html else entry.title,
        summary=sanitize.plain(entry.summary) if entry.summary and entry.content else None,
        image=entry.image,
        date_published=rfc3339(entry.published),
        date_modified=rfc3339(entry.updated),
        authors=[_author(person) for person in entry.authors],
        tags=list(dict.fromkeys(category.label or category.term for category in entry.categories)),
        language=entry.language,
        attachments=[_attachment(enclosure) for enclosure in entry.enclosures],
        _source=_drop_empty(
            id=entry.source.key,
            title=entry.source.title,
            url=entry.source.home,
            feed_url=entry.source.feed,
            rights=entry.source.rights,
            icon=entry.source.icon,
        ),
        _entry=_drop_empty(
            image_caption=entry.image_caption,
            direction="rtl" if entry.direction == "rtl" else None,
            categories=[_category(one) for one in entry.categories if one.scheme or one.label],
            links=[_link(link) for link in entry.links],
            also_at=[_drop_empty(url=copy.url, title=copy.title) for copy in entry.copies],
        ),
        **extension_objects(entry.extensions),
    )


def _author(person: Person) -> dict[str, Any]:
    mail = f"mailto:{person.email}" if person.email else None
    # A mail address may stand in for a page (section "authors"); beside a page there is no place for it but ours.
    return _drop_empty(
        name=person.name,
        url=person.uri or sanitize.uri(mail),
        _person=_drop_empty(email=person.email) if person.uri else None,
    )


def _category(category: Category) -> dict[str, Any]:
    return _drop_empty(term=category.term, scheme=category.scheme, label=category.label)


def _link(link: Link) -> dict[str, Any]:
    return _drop_empty(url=link.url, rel=link.rel, title=link.title, mime_type=link.type)


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    return _drop_empty(
        url=enclosure.url,
        mime_type=enclosure.type or UNKNOWN_TYPE,
        title=enclosure.title,
        size_in_bytes=enclosure.length,
        duration_in_seconds=enclosure.duration,
    )


def _drop_empty(**fields: Any) -> dict[str, Any]:
    """The fields that have a value, in the order written."""
    return {name: value for name, value in fields.items() if value}


def _join(entries: Sequence[bytes]) -> bytes:
    return b",\n".join(entry.rstrip(b",\n") for entry in entries) + (b"\n" if entries else b"")


def _empty(body: bytes) -> bytes:
    return _NO_ITEMS.sub(b' "items": []', body)


SPEC = FormatSpec(
    label="JSON",
    media_type="application/feed+json",
    compose=compose,
    faults=json_faults,
    # Each item begins and ends on a line of its own, since strings hold no line ends.
    seams=Seams(
        begins=re.compile(rb"  \{\n"),
        ends=re.compile(rb"\n  \},?\n"),
        id=re.compile(rb'"id": "((?:[^"\\]|\\.)*)"'),
        escape=str,
        join=_join,
        empty=_empty,
    ),
)
