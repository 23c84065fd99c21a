"""HTTP's conditional requests and content codings as functions of header fields (RFC 9110, 12.5.3 and 13.1)."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether the client would rather have the gzip form (RFC 9110, 12.5.3).

    Args:
        accept_encoding: The field's value; several fields joined with commas; None when there is none, in
            which case a client may be too simple to decode anything.

    Returns:
        True when gzip is acceptable and no less welcome than the bare bytes.
    """
    weights = _weights(accept_encoding or "")
    gzip = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    # The bare form is always acceptable unless refused; it is preferred only by a client that names it.
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


def _weights(field: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for element in field.split(","):
        coding, *parameters = (part.strip() for part in element.split(";"))
        quality = [_QUALITY.fullmatch(parameter) for parameter in parameters]
        if coding and all(quality):  # an element that we cannot read asks for nothing
            weights[coding.lower()] = float(quality[0][1]) if quality and quality[0] else 1.0
    return weights


def gzip_etag(etag: str) -> str:
    """The strong entity tag of the gzip form: other bytes, so another tag (RFC 9110, 8.8.3.3)."""
    return f'{etag[:-1]}-gz"'


def unmodified(
    if_none_match: str | None, if_modified_since: str | None, etag: str, modified: datetime | None
) -> bool:
    """Whether a GET or HEAD deserves 304 (RFC 9110, 13.2.2).

    If-None-Match decides alone where it is present. The tag of either form counts, because both stand for the
    same state of the document: a client that changes its Accept-Encoding need not load it again.

    Args:
        if_none_match: The field's value, lists and `*` included.
        if_modified_since: The field's value; ignored when it is no HTTP-date.
        etag: Of the bare form, quotes included.
        modified: When the document last changed, or None when nobody knows.
    """
    if if_none_match is not None:
        return _names(if_none_match, (etag, gzip_etag(etag)))
    if if_modified_since is None or modified is None:
        return False
    since = _http_date(if_modified_since)
    return since is not None and modified <= since


def _names(if_none_match: str, etags: Collection[str]) -> bool:
    # Weak comparison (RFC 9110, 8.8.3.2): a proxy that recodes on the fly puts W/ before our tag.
    return if_none_match.strip() == "*" or any(tag in etags for tag in _ENTITY_TAG.findall(if_none_match))


def _http_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date
