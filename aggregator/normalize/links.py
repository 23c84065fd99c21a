"""Links of an entry to other things than its own page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from aggregator.model import Link, RawLink
from aggregator.normalize.markup_context import MarkupContext
from aggregator.normalize.names import short_name
from aggregator.normalize.people import clean_media_type
from aggregator.text.urlkeys import url_key

MAX_LINKS: Final = 50
_PREFIX: Final = "http://www.iana.org/assignments/relation/"
_RELATIONS: Final[dict[str, Literal["related", "via", "replies"]]] = {
    "related": "related",
    "via": "via",
    "replies": "replies",
}


def further_links(written: Iterable[RawLink], place: MarkupContext) -> tuple[Link, ...]:
    """Links with the relations `related`, `via` and `replies`, in order, each address once.

    A link to the entry's own page is none; but the replies may stand there, and a fragment leads to them.
    Idempotent.
    """
    found: dict[str, Link] = {}
    for link in written:
        rel = _RELATIONS.get(link.rel.strip().lower().removeprefix(_PREFIX))
        url = place.display_url(link.href) if rel else None
        if rel is None or url is None or url in found or _is_own(url, rel, place):
            continue
        title = short_name(link.title or "") or None
        found[url] = Link(url=url, rel=rel, title=title, type=clean_media_type(link.type))
        if len(found) == MAX_LINKS:
            break
    return tuple(found.values())


def _is_own(url: str, rel: str, place: MarkupContext) -> bool:
    if place.page is None or url_key(url, place.query) != url_key(place.page, place.query):
        return False
    return rel != "replies" or "#" not in url or url == place.page
