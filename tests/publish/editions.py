"""Editions, briefly said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aggregator.model import (
    Edition,
    FeedMeta,
    Fingerprint,
    Format,
    Item,
    ItemKey,
    Origin,
    Publication,
    Site,
    Source,
)
from aggregator.publish import render
from tests.support.nouns import NOON, entry, source

SITE = Site(title="Planet Example", link="https://planet.example.org/", contact="feeds@example.org")
FORMATS: tuple[Format, ...] = ("atom", "rss", "json")
"""Those that the tests can read back; whatever holds of every format asks `Format` itself."""


def item(number: int = 1, published: datetime = NOON, /, **fields: Any) -> Item:
    """An item of `river`; fields that an Item does not have go to its entry."""
    names = {"uid", "source_id", "public_id", "updated", "changed_at", "withdrawn_at"}
    own = {name: fields.pop(name) for name in names & fields.keys()}
    name = f"00000000-0000-5000-8000-{number:012}"
    defaults: dict[str, Any] = {
        "uid": name,
        "source_id": "river",
        "key": ItemKey(kind="id", value=str(number)),
        "public_id": f"urn:uuid:{name}",
        "entry": entry(**fields),
        "fingerprint": Fingerprint(version=1, title="", text="", media="", meta=""),
        "published": published,
        "published_reason": "claimed",
        "updated": published,
        "updated_reason": "published",
        "claimed_updated": None,
        "first_seen": published,
        "changed_at": published,
    }
    return Item(**(defaults | own))


def origin(declared: Source | None = None, /, **meta: Any) -> Origin:
    """The source `river`, or another, and what its feed says of itself."""
    said: dict[str, Any] = {"title": "River News", "link": "https://example.org/"}
    return Origin(source=declared or source(), meta=FeedMeta(**(said | meta)))


def edition(*items: Item, origins: tuple[Origin, ...] | None = None, **fields: Any) -> Edition:
    """An edition of the publication `all`; `site` and `created` are the edition's, other fields go to `all`."""
    site = fields.pop("site", SITE)
    created = fields.pop("created", NOON)
    name = fields.pop("feed_name", None)
    publication: dict[str, Any] = {"id": "all", "title": "Everything"}
    return Edition(
        site=site,
        publication=Publication(**(publication | fields)),
        items=items,
        origins={one.source.id: one for one in origins or (origin(),)},
        created=created,
        feed_name=name or f"planet.example.org/{(publication | fields)['id']}",
    )


def text(one: Edition, form: Format) -> str:
    """The document in that format."""
    return render(one, form).body.decode()
