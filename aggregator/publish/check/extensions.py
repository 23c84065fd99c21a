"""What Media RSS, Apple, Podcasting 2.0, GeoRSS and RFC 4685 demand of their elements, in Atom and in RSS."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from aggregator.publish.check import values

_MEDIA: Final = "{http://search.yahoo.com/mrss/}"
_ITUNES: Final = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
_PODCAST: Final = "{https://podcastindex.org/namespace/1.0}"
_GEORSS: Final = "{http://www.georss.org/georss}"
_THREAD: Final = "{http://purl.org/syndication/thread/1.0}"
_RENDITIONS: Final = 2

_TEXTS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        f"{_ITUNES}block": re.compile(r"yes|no"),
        f"{_ITUNES}duration": re.compile(r"[1-9]\d*"),
        f"{_ITUNES}episode": re.compile(r"[1-9]\d*"),
        f"{_ITUNES}episodeType": re.compile(r"full|trailer|bonus"),
        f"{_ITUNES}explicit": re.compile(r"true|false"),
        f"{_ITUNES}season": re.compile(r"[1-9]\d*"),
        f"{_ITUNES}summary": re.compile(r"[^\n]{1,4000}"),
        f"{_GEORSS}point": re.compile(r"-?\d+(?:\.\d+)? -?\d+(?:\.\d+)?"),
        f"{_THREAD}total": re.compile(r"\d+"),
    }
)
_ADDRESSES: Final = (
    (f"{_ITUNES}image", "href"),
    (f"{_MEDIA}thumbnail", "url"),
    (f"{_MEDIA}player", "url"),
    (f"{_PODCAST}transcript", "url"),
    (f"{_PODCAST}chapters", "url"),
    (f"{_PODCAST}funding", "url"),
    (f"{_PODCAST}source", "uri"),
    (f"{_THREAD}in-reply-to", "ref"),
)


def extension_faults(entry: Any, place: str) -> Iterator[str]:
    """The faults of an entry's elements of these namespaces."""
    counts = Counter(str(child.tag) for child in entry)
    for name, count in counts.items():
        if name.startswith(_ITUNES) and count > 1:
            yield f"{place} has {count} itunes:{name.removeprefix(_ITUNES)} elements; one is allowed."
    yield from _value_faults(entry, place)
    yield from _media_faults(entry, place)


def _value_faults(entry: Any, place: str) -> Iterator[str]:
    for name, form in _TEXTS.items():
        for one in entry.iter(name):
            if not form.fullmatch(one.text or ""):
                yield f"{place} has the {_short(one)} {one.text!r}."
    for name, attribute in _ADDRESSES:
        for one in entry.iter(name):
            if not values.is_iri(one.get(attribute, "")):
                yield f"{place} has a {_short(one)} without a right {attribute}."


def _short(element: Any) -> str:
    """A name as people write it: with the prefix that it has in our documents."""
    return f"{element.prefix}:{element.tag.rpartition('}')[2]}"


def _media_faults(entry: Any, place: str) -> Iterator[str]:
    for media in entry.iter(f"{_MEDIA}content"):
        found = values.is_uri(media.get("url", "")) or media.find(f"{_MEDIA}player") is not None
        if not (found and values.is_size(media.get("fileSize", "0"))):
            yield f"{place} has a media:content without a right url and fileSize."
    for group in entry.iter(f"{_MEDIA}group"):
        if len(group.findall(f"{_MEDIA}content")) < _RENDITIONS:
            yield f"{place} has a media:group of fewer than two."
