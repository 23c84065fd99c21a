"""Attached files and pictures: enclosures of RSS and Atom, Media RSS, the podcast module."""

from __future__ import annotations

import re
from typing import Any

from aggregator.model import Enclosure
from aggregator.parse.fields import dicts_of, number_of, text_of
from aggregator.parse.limits import MAX_ENCLOSURES, MAX_URL

_CLOCK = re.compile(r"^(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:\.\d+)?$")
_SECONDS = re.compile(r"^(\d{1,7})(?:\.\d+)?$")


def enclosures(entry: Any) -> tuple[Enclosure, ...]:
    """The attached files of an entry, in document order: enclosures first, then sound and film of Media RSS.

    Renditions of one thing (a media:group) count once: the default one, else the largest. Pictures of Media
    RSS are no attachments but illustrations; see `image`.
    """
    spoken = seconds(text_of(entry, "itunes_duration"))
    found = [
        Enclosure(
            url=text_of(link, "href", MAX_URL + 1) or "",
            type=text_of(link, "type"),
            length=number_of(link, "length"),
            title=text_of(link, "title"),
            duration=spoken,
        )
        for link in dicts_of(entry, "links", 10 * MAX_ENCLOSURES)
        if dict.get(link, "rel") == "enclosure"
    ]
    found += [
        Enclosure(
            url=text_of(media, "url", MAX_URL + 1) or "",
            type=text_of(media, "type"),
            length=number_of(media, "filesize"),
            duration=seconds(text_of(media, "duration")),
        )
        for media in _renditions(entry)
        if not _is_picture(media)
    ]
    return tuple(one for one in found if one.url)[:MAX_ENCLOSURES]


def image(entry: Any) -> str | None:
    """The address of the picture that stands for an entry, as written; None without one.

    The widest picture of media:content, else the widest media:thumbnail, else itunes:image.
    """
    contents = [media for media in dicts_of(entry, "media_content", MAX_ENCLOSURES) if _is_picture(media)]
    for pictures in (contents, dicts_of(entry, "media_thumbnail", MAX_ENCLOSURES)):
        named = [picture for picture in pictures if text_of(picture, "url")]
        if named:
            return text_of(max(named, key=_width), "url", MAX_URL + 1)
    own = dict.get(entry, "image")
    return text_of(own, "href", MAX_URL + 1)


def seconds(written: str | None) -> int | None:
    """A duration as seconds: `1:02:03`, `62:03` or `3723`; None for anything else."""
    if match := _CLOCK.match(written or ""):
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    match = _SECONDS.match(written or "")
    return int(match[1]) if match else None


def _renditions(entry: Any) -> list[dict[str, Any]]:
    """media:content with each media:group reduced to its best."""
    best: dict[str, dict[str, Any]] = {}
    for index, media in enumerate(dicts_of(entry, "media_content", 10 * MAX_ENCLOSURES)):
        group = text_of(media, "group") or f"alone {index}"
        if group not in best or _rank(media) > _rank(best[group]):
            best[group] = media
    return list(best.values())


def _rank(media: dict[str, Any]) -> tuple[bool, int, int]:
    return text_of(media, "isdefault") == "true", _width(media), number_of(media, "filesize") or 0


def _width(media: dict[str, Any]) -> int:
    return number_of(media, "width") or 0


def _is_picture(media: dict[str, Any]) -> bool:
    return text_of(media, "medium") == "image" or (text_of(media, "type") or "").startswith("image/")
