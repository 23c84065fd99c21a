"""HTTP's conditional requests and content codings as functions of header fields (RFC 9110, 12.5.3 and 13.1)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

Coding = Literal["br", "gzip"]

_SUFFIXES: Mapping[Coding, str] = {"br": "-br", "gzip": "-gz"}

_ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_CODED = re.compile(r'(?:(?:--?|[;:/+.])(?:gz|gzip|br|brotli|zst|zstd|df|deflate)){1,8}"$')
"""What ends the tag of a coded form: ours, and what proxies append that code it (Apache's mod_deflate and
mod_brotli, Jetty, caches that code anew), one after the other where several stand in a row. Not more than eight: a
row without end, which any client may send, is looked at from each of its places.
"""

_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def choose_coding(accept_encoding: str | None, offered: Collection[Coding]) -> Coding | None:
    """The content coding that suits the client best (RFC 9110, 12.5.3); None for the bare bytes.

    Args:
        accept_encoding: The field's value; several fields joined with commas; None when there is none, in
            which case a client may be too simple to decode anything.
        offered: The codings that are to be had.

    Returns:
        The most welcome of those offered, brotli before gzip if they are equally so, and as long as the bare
        bytes are not more welcome still.
    """
    weights = _weights(accept_encoding or "")
    wished = {
        # Brotli only for those who name it: `*` was written by clients that never heard of it.
        "br": weights.get("br", 0.0),
        "gzip": weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))),
    }
    best = max(sorted(offered), key=lambda name: wished[name], default=None)
    # The bare form is always acceptable unless refused; it is preferred only by a client that names it.
    welcome = best is not None and 0 < wished[best] >= weights.get("identity", 0.0)
    return best if welcome else None


def _weights(field: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for element in field.split(","):
        coding, *parameters = (part.strip() for part in element.split(";"))
        quality = [_QUALITY.fullmatch(parameter) for parameter in parameters]
        if coding and all(quality):  # an element that we cannot read asks for nothing
            weights[coding.lower()] = float(quality[0][1]) if quality and quality[0] else 1.0
    return weights


def coded_etag(etag: str, coded: Coding | None) -> str:
    """The strong entity tag of a coded form: other bytes, so another tag (RFC 9110, 8.8.3.3)."""
    return f'{etag[:-1]}{_SUFFIXES[coded]}"' if coded else etag


def held_tags(if_none_match: str | None) -> tuple[str, ...]:
    """The tags of the bare forms of what a client says to hold, in its order; none for `*`."""
    tags = (match[1] for match in _ENTITY_TAG.finditer(if_none_match or ""))
    return tuple(dict.fromkeys(_CODED.sub('"', tag) for tag in tags))


def wants_feed(a_im: str | None) -> bool:
    """Whether the client takes the instance manipulation `feed` (RFC 3229, section 10.5.3)."""
    return _weights(a_im or "").get("feed", 0.0) > 0


def is_unmodified(
    if_none_match: str | None,
    if_modified_since: str | None,
    etag: str,
    modified: datetime | None,
    now: datetime | None = None,
) -> bool:
    """Whether a GET or HEAD deserves 304 (RFC 9110, 13.2.2).

    If-None-Match decides alone where it is present. The tag of any form counts, because all stand for the
    same state of the document: a client that changes its Accept-Encoding need not load it again.

    Args:
        if_none_match: The field's value, lists and `*` included.
        if_modified_since: The field's value; ignored when it is no HTTP-date.
        etag: Of the bare form, quotes included.
        modified: When the document last changed, or None when nobody knows.
        now: A date beyond it was given when the clock of this machine, or of the client's, was wrong, and says
            nothing (RFC 2616, section 14.25); None: any counts.
    """
    if if_none_match is not None:
        # Weak comparison (RFC 9110, 8.8.3.2): a proxy that recodes on the fly puts W/ before our tag.
        return if_none_match.strip() == "*" or etag in held_tags(if_none_match)
    if if_modified_since is None or modified is None:
        return False
    since = _http_date(if_modified_since)
    return since is not None and modified <= since and (now is None or since <= now)


def _http_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date
