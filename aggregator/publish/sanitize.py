"""Text, addresses and dates in the only forms that our documents carry."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal
from urllib.parse import quote

from aggregator.text.cutting import cut
from aggregator.text.urls import is_web
from aggregator.text.visible import strip_tags

_FORBIDDEN = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEW_LINE = re.compile("\r\n?")
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_ABSOLUTE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]")
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", re.ASCII)
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")
_AUTHORITY = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://\[[0-9a-fA-F:.]+\]")
_DIRECTION_MARKS = {"ltr": "\N{LEFT-TO-RIGHT MARK}", "rtl": "\N{RIGHT-TO-LEFT MARK}"}
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}
_URI_SIGNS = "%/:=&?~#+!$,;'@()*"

_TYPES = {
    "avif": "image/avif",
    "epub": "application/epub+zip",
    "flac": "audio/flac",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "m4v": "video/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
    "zip": "application/zip",
}


def markup(text: str) -> str:
    """The text without characters that a document may not hold; line ends become line feeds.

    Removed are those outside XML 1.0's Char (section 2.2), which no XML document can carry even escaped,
    lone surrogates, which no UTF-8 can, and DEL and the C1 controls, which XML discourages and validators fault.
    """
    return _FORBIDDEN.sub("", _NEW_LINE.sub("\n", text))


def line(text: str) -> str:
    """A text on one line, as `markup` leaves it: white space folded, none at the ends."""
    # Folded twice: some of the forbidden characters (VT, FF, NEL) are white space, and part words.
    return " ".join(markup(" ".join(text.split())).split())


def with_direction(text: str, direction: Literal["ltr", "rtl"] | None) -> str:
    """Plain text that runs in the direction wherever it is shown.

    Readers lay out a title by its first letter (UAX 9, rule P2), which misleads where a name in another script
    comes first. Only then an invisible mark is put before it: no format has a place for a title's direction.
    """
    bare = text.lstrip("".join(_DIRECTION_MARKS.values()))
    if direction is None or not bare:
        return text
    strong = (_STRONG.get(unicodedata.bidirectional(character)) for character in bare)
    first = next((found for found in strong if found), direction)
    return bare if first == direction else _DIRECTION_MARKS[direction] + bare


def from_right_to_left(markup_: str) -> str:
    """Markup whose text runs from right to left, told so once."""
    if markup_.startswith('<div dir="rtl">'):
        return markup_
    return f'<div dir="rtl">{markup_}</div>'


def plain(sanitized: str) -> str:
    """The visible text of sanitized HTML, on one line."""
    return line(strip_tags(sanitized))


def excerpt(text: str, length: int) -> str:
    """The beginning of a text, at most `length` characters, cut between words where there are any."""
    return cut(line(text), length)


def uri(address: str | None) -> str | None:
    """An absolute address as a URI (RFC 3986): other characters percent-encoded. None when it is none.

    RSS, JSON Feed and OPML know URIs only; Atom's IRIs include them, so all formats carry the same spelling.
    """
    if address is None:
        return None
    bare = _FORBIDDEN.sub("", address).strip()
    literal = _AUTHORITY.match(bare)
    host = literal[0] if literal else ""  # brackets may stand around an IPv6 address and nowhere else
    cleaned = host + _STRAY_PERCENT.sub("%25", quote(bare[len(host) :], safe=_URI_SIGNS))
    return cleaned if _ABSOLUTE.match(cleaned) else None


def web(address: str | None) -> str | None:
    """An http or https address as a URI, as `uri` writes it; None for any other."""
    cleaned = uri(address)
    return cleaned if cleaned and is_web(cleaned) else None


def linked(address: str | None) -> str | None:
    """An http, https or magnet address as a URI, as `uri` writes it; None for any other."""
    cleaned = uri(address)
    return cleaned if cleaned and (is_web(cleaned) or cleaned.startswith("magnet:?")) else None


def language(tag: str | None) -> str | None:
    """A language tag that has the form of BCP 47, or None."""
    return tag if tag and _LANGUAGE.fullmatch(tag) else None


def media_type(claimed: str | None, url: str) -> str | None:
    """The media type without parameters; guessed from the address when the claim is none.

    The guess rests on a fixed table: the system's differs between machines, our bytes must not.
    """
    essence = (claimed or "").partition(";")[0].strip().lower()
    if _MEDIA_TYPE.fullmatch(essence):
        return essence
    extension = url.partition("?")[0].partition("#")[0].rpartition(".")[2].lower()
    return _TYPES.get(extension)


def utc(moment: datetime) -> datetime:
    """An instant in UTC, to the second, as every format can write it.

    Raises:
        ValueError: It has no zone, or a year that RFC 822 dates cannot write.
    """
    if moment.tzinfo is None:
        raise ValueError("a date has no time zone")
    instant = moment.astimezone(UTC).replace(microsecond=0)
    if instant.year < 1000:
        raise ValueError("a date lies before the year 1000")
    return instant


def rfc822(moment: datetime) -> str:
    """A date as RSS writes it (RFC 822, with RFC 1123's four digits of the year), whatever the locale."""
    return format_datetime(moment)
