"""Attached files and pictures: enclosures of RSS and Atom, Media RSS, the podcast module."""

from __future__ import annotations

import re
from typing import Any, Final

from aggregator.model import Enclosure, RawText
from aggregator.parse.limits import MAX_ENCLOSURES, MAX_MARKUP, MAX_TITLE_MARKUP
from aggregator.parse.xml.fields import dicts_field, number_field, text_field
from aggregator.text.recordings import PLAYED_BY_NOTHING, duration_in_seconds
from aggregator.text.urls import MAX_URL, is_web

_PICTURE_NAME = re.compile(r"\.(?:avif|bmp|gif|jpe?g|png|svg|webp)(?:[?#]|$)", re.IGNORECASE)
_STILL = re.compile(r"image/|text/|application/(?:pdf|epub|zip|json|x-bittorrent)", re.IGNORECASE)
"""Media types of files that last no time."""

_AVATAR = re.compile(r"gravatar\.com/avatar/|avatars?\d*\.githubusercontent\.com/|/avatars?/", re.IGNORECASE)
_SMALLEST: Final = 100
"""Pixels; a smaller picture is a face or an ornament, or the preview of one that stands in the text."""

_HOMEMADE: Final = (
    "thumbnail", "thumb", "thumbnailurl", "thumbnail_url", "imageurl", "image_url", "featuredimage",
    "featured_image", "mainimage", "fullimage", "cover", "photo", "img",
    "hatena_imageurl",
)  # fmt: skip
"""Elements of no format in which feeds name the picture of an item, as the library calls them."""

_ATTRIBUTES: Final = ("url", "href", "src")
_REACH: Final = 10 * MAX_ENCLOSURES


def enclosures_of(entry: Any) -> tuple[Enclosure, ...]:
    """The attached files of an entry, in document order: enclosures first, then sound and film of Media RSS.

    Renditions of one thing (a media:group) count once: the default one, else the largest. Pictures of Media
    RSS are no attachments but illustrations; see `image`.
    """
    spoken = duration_in_seconds(text_field(entry, "itunes_duration"))
    found = [
        Enclosure(
            url=text_field(link, "href", MAX_URL + 1) or "",
            type=text_field(link, "type"),
            length=number_field(link, "length"),
            title=text_field(link, "title"),
            duration=None if _STILL.match(text_field(link, "type") or "") else spoken,
        )
        for link in dicts_field(entry, "links", _REACH)
        if dict.get(link, "rel") == "enclosure" and text_field(link, "type") not in PLAYED_BY_NOTHING
    ]
    found += [
        Enclosure(
            url=text_field(media, "url", MAX_URL + 1) or "",
            type=text_field(media, "type"),
            length=number_field(media, "filesize"),
            title=text_field(media, "media_title"),
            duration=duration_in_seconds(text_field(media, "duration")),
        )
        for media in _renditions(entry)
    ]
    return tuple(one for one in found if one.url)[:MAX_ENCLOSURES]


def image_of(entry: Any) -> str | None:
    """The address of the picture that stands for an entry, as written; None without one.

    The widest picture of media:content, else the widest media:thumbnail, else itunes:image, else what stands
    in an `image` element of an item, else the logo of an item in CDF, else in an element of no format. One that is
    said to be small is none.
    """
    offered = (_widest(_pictures(entry)), _widest(dicts_field(entry, "media_thumbnail", MAX_ENCLOSURES)))
    chosen = next((one for one in offered if one is not None and not _is_small(one)), None)
    if chosen is not None:
        return text_field(chosen, "url", MAX_URL + 1)
    own = text_field(dict.get(entry, "image"), "href", MAX_URL + 1)
    return (
        own
        or text_field(entry, "picture", MAX_URL + 1)
        or text_field(entry, "logo", MAX_URL + 1)
        or next(filter(None, (_address_in(dict.get(entry, name)) for name in _HOMEMADE)), None)
    )


def _address_in(found: Any) -> str | None:
    """The address of a picture that an element has as its text or in an attribute; None for anything else."""
    if isinstance(found, dict) and _is_small(found):
        return None
    named = [found] if isinstance(found, str) else [text_field(found, name, MAX_URL + 1) for name in _ATTRIBUTES]
    written = next(filter(None, named), "").strip()
    return written if is_web(written) or _PICTURE_NAME.search(written) else None


def caption_of(entry: Any, title: str | None) -> RawText | None:
    """What the publisher writes under the picture that `image` chooses; None without such a text.

    In: the entry, and its title, which is no caption.
    Out: the description of its media:content, else the title of that, else the description of the group or the
    entry around it. A credit follows in parentheses; alone it says who made a picture but not what it shows,
    and is no caption. Thumbnails have none: what is said beside them speaks of a film.
    """
    chosen = _widest(_pictures(entry))
    if chosen is None:
        return None
    around = [found for found in (chosen, dict.get(chosen, "around"), entry) if isinstance(found, dict)]
    text, literal = _find_caption(chosen, around, title)
    if text is None:
        return None
    author = next(filter(None, (text_field(found, "media_credit") for found in around)), None)
    credited = text if author is None or author in text else f"{text} ({author})"
    return RawText(value=credited, type="text" if literal else "guess")


def _find_caption(
    chosen: dict[str, Any], around: list[dict[str, Any]], title: str | None
) -> tuple[str | None, bool]:
    """The text of a caption, and whether it is literal."""
    for found in around:
        text = text_field(found, "media_description", MAX_TITLE_MARKUP)
        if text and text != title:
            return text, text_field(found, "media_description_type") == "plain"
        name = text_field(found, "media_title", MAX_TITLE_MARKUP) if found is chosen else None
        if name and name != title and not (name.isascii() and " " not in name):  # the name of a file or a user
            return name, False
    return None, False


def description_of(entry: Any) -> RawText | None:
    """What Media RSS says of the entry itself, or of the film or sound in it; not of its picture."""
    groups, contents = dicts_field(entry, "media_groups", _REACH), dicts_field(entry, "media_content", _REACH)
    films = (media for media in contents if not _is_picture(media))
    for found in (entry, *groups, *films):
        value = text_field(found, "media_description", MAX_MARKUP)
        if value:
            literal = text_field(found, "media_description_type") == "plain"
            return RawText(value=value, type="text" if literal else "guess")
    return None


def _renditions(entry: Any) -> list[dict[str, Any]]:
    """Sound and film of media:content, each media:group reduced to its best: a picture in it only announces it."""
    best: dict[str, dict[str, Any]] = {}
    for index, media in enumerate(dicts_field(entry, "media_content", _REACH)):
        if text_field(media, "type") in PLAYED_BY_NOTHING or _is_picture(media):
            continue
        group = text_field(media, "group") or f"alone {index}"
        if group not in best or _rank(media) > _rank(best[group]):
            best[group] = media
    return list(best.values())


def _rank(media: dict[str, Any]) -> tuple[bool, int, int]:
    return text_field(media, "isdefault") == "true", _width(media), number_field(media, "filesize") or 0


def _width(media: dict[str, Any]) -> int:
    return number_field(media, "width") or 0


def _is_small(media: dict[str, Any]) -> bool:
    sides = (number_field(media, "width"), number_field(media, "height"))
    return any(side is not None and 0 < side < _SMALLEST for side in sides)


def _pictures(entry: Any) -> list[dict[str, Any]]:
    """Those that show what the entry is about, and not who wrote it."""
    contents = dicts_field(entry, "media_content", MAX_ENCLOSURES)
    return [
        media for media in contents if _is_picture(media) and not _AVATAR.search(text_field(media, "url") or "")
    ]


def _widest(pictures: Any) -> dict[str, Any] | None:
    return max((picture for picture in pictures if text_field(picture, "url")), key=_width, default=None)


def _is_picture(media: dict[str, Any]) -> bool:
    """By its medium, else its type, else its name."""
    kind = text_field(media, "medium") or (text_field(media, "type") or "").partition("/")[0]
    return kind == "image" or (not kind and bool(_PICTURE_NAME.search(text_field(media, "url", MAX_URL) or "")))
