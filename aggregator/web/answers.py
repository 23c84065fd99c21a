"""One way to answer with bytes: validators, 304, gzip and caching, for documents, pages and files alike."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from starlette.requests import Request
from starlette.responses import Response

from aggregator.web import negotiate


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """What lies at a path.

    Attributes:
        body: The bytes without a content coding.
        gzip: The same, gzip-coded; None means: code it when somebody asks.
        media_type: With charset.
        etag: Strong, quotes included; of `body`.
        cache: The Cache-Control field.
        modified: For Last-Modified, UTC, whole seconds; None when nobody knows.
    """

    body: bytes
    gzip: bytes | None = None
    media_type: str
    etag: str
    cache: str
    modified: datetime | None = None


def tag(body: bytes) -> str:
    """A strong entity tag made from the bytes."""
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def answer(request: Request, shown: Representation) -> Response:
    """The answer to GET or HEAD: 304, or 200 in the coding that suits the client best."""
    headers = {"Cache-Control": shown.cache, "Vary": "Accept-Encoding"}
    if shown.modified is not None:
        headers["Last-Modified"] = format_datetime(shown.modified, usegmt=True)
    coded = negotiate.accepts_gzip(_joined(request, "accept-encoding"))
    headers["ETag"] = negotiate.gzip_etag(shown.etag) if coded else shown.etag
    if negotiate.unmodified(
        _joined(request, "if-none-match"), request.headers.get("if-modified-since"), shown.etag, shown.modified
    ):
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = shown.media_type
    if not coded:
        return Response(shown.body, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(shown.gzip or gzip.compress(shown.body, 6, mtime=0), headers=headers)


def _joined(request: Request, name: str) -> str | None:
    """A list field sent in several lines means the same as in one (RFC 9110, 5.3)."""
    return ", ".join(request.headers.getlist(name)) or None
