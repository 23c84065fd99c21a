"""Short ways to say the nouns in tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.model import Entry, Source, Stamp

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    """An instant from `2026-03-01T12:00:00Z`."""
    return datetime.fromisoformat(text)


def stamp(text: str) -> Stamp:
    """A claim that was written with its zone."""
    return Stamp(utc=at(text), raw=text, precision="second", zone="explicit")


def entry(**fields: Any) -> Entry:
    """An entry with an id, a URL, a title and a text, unless told otherwise."""
    defaults: dict[str, Any] = {
        "id": "tag:example.org,2026:1",
        "url": "https://example.org/1",
        "url_key": "example.org/1",
        "title": "The river rises",
        "content": "<p>Water stands at the second mark.</p>",
        "text": "Water stands at the second mark.",
    }
    return Entry(**(defaults | fields))


def source(**fields: Any) -> Source:
    """A source that is polled hourly, unless told otherwise."""
    defaults: dict[str, Any] = {
        "id": "river",
        "kind": "feed",
        "location": "https://example.org/feed",
        "url": "https://example.org/feed",
        "every": timedelta(hours=1),
    }
    return Source(**(defaults | fields))
