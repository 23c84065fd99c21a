"""JSON Feed 1.1, written by hand: https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

import json
from typing import Any

from aggregator.model import Enclosure
from aggregator.publish import clean
from aggregator.publish.rss import UNKNOWN_TYPE
from aggregator.publish.view import EntryView, FeedView

VERSION = "https://jsonfeed.org/version/1.1"


def compose(feed: FeedView) -> bytes:
    """The feed as a JSON Feed document in UTF-8.

    The feed names no authors: items without any would inherit them (section "Items").
    """
    document = _given(
        version=VERSION,
        title=feed.title,
        home_page_url=feed.home,
        feed_url=feed.address("json"),
    )
    document["items"] = [_item(entry) for entry in feed.entries]
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _item(entry: EntryView) -> dict[str, Any]:
    html = entry.content or entry.summary
    return _given(
        id=entry.id,
        url=entry.url,
        title=entry.title,
        content_html=html,
        # One of the two contents is required; an item without a body has its title alone.
        content_text=None if html else entry.title,
        summary=clean.plain(entry.summary) if entry.summary and entry.content else None,
        image=entry.image,
        date_published=clean.rfc3339(entry.published),
        date_modified=clean.rfc3339(entry.updated),
        authors=[_given(name=person.name, url=person.uri) for person in entry.authors],
        tags=list(dict.fromkeys(category.label or category.term for category in entry.categories)),
        language=entry.language,
        attachments=[_attachment(enclosure) for enclosure in entry.enclosures],
        _source=_given(
            id=entry.source.key,
            title=entry.source.title,
            url=entry.source.home,
            feed_url=entry.source.feed,
        ),
    )


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    return _given(
        url=enclosure.url,
        mime_type=enclosure.type or UNKNOWN_TYPE,
        title=enclosure.title,
        size_in_bytes=enclosure.length,
        duration_in_seconds=enclosure.duration,
    )


def _given(**fields: Any) -> dict[str, Any]:
    """The fields that have a value, in the order written."""
    return {name: value for name, value in fields.items() if value}
