"""One way to answer with bytes: validators, 304, codings and caching, for documents, pages and files alike."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.requests import Request
from starlette.responses import Response

from aggregator.web import negotiate
from aggregator.web.negotiate import Coding


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """What a path shows, with all that a client may be told of it.

    Attributes:
        body: The bytes without a content coding.
        gzip: The same, gzip-coded; None means: code it when somebody asks.
        br: The same, brotli-coded; empty means: not to be had.
        media_type: With charset.
        etag: Strong, quotes included; of `body`.
        cache: The Cache-Control field.
        modified: For Last-Modified, UTC, whole seconds; None when nobody knows.
        vary: The request's fields that decide what is answered.
    """

    body: bytes
    gzip: bytes | None = None
    br: bytes = b""
    media_type: str
    etag: str
    cache: str
    modified: datetime | None = None
    vary: str = "Accept-Encoding"


def entity_tag(body: bytes) -> str:
    """A strong entity tag made from the bytes."""
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def answer(request: Request, shown: Representation) -> Response:
    """The answer to GET or HEAD: 304, or 200 in the coding that suits the client best."""
    headers, coded = _fields(request, shown)
    since = request.headers.get("if-modified-since")
    now = datetime.now(UTC)
    if negotiate.is_unmodified(list_field(request, "if-none-match"), since, shown.etag, shown.modified, now):
        return Response(status_code=304, headers=headers)
    return _answer_whole(shown, headers, coded)


def answer_difference(request: Request, shown: Representation, changed: bytes) -> Response:
    """The same as 226 (RFC 3229): of what is shown, only what changed since the client asked last.

    The ETag is that of the whole, which the client holds when it has put the two together (section 10.1). No
    cache may keep the answer for anybody else (section 5.6).
    """
    part = replace(shown, body=changed, gzip=None, br=b"")
    headers, coded = _fields(request, part)
    headers |= {"IM": "feed", "Cache-Control": "no-store, im", "Vary": f"{shown.vary}, If-None-Match"}
    response = _answer_whole(part, headers, coded)
    response.status_code = 226
    return response


def list_field(request: Request, name: str) -> str | None:
    """A list field sent in several lines means the same as in one (RFC 9110, 5.3)."""
    return ", ".join(request.headers.getlist(name)) or None


def _fields(request: Request, shown: Representation) -> tuple[dict[str, str], Coding | None]:
    """The fields that 200 and 304 have in common, and the coding."""
    headers = {"Cache-Control": shown.cache, "Vary": shown.vary}
    if shown.modified is not None:
        headers["Last-Modified"] = format_datetime(shown.modified, usegmt=True)
    offered: tuple[Coding, ...] = ("br", "gzip") if shown.br else ("gzip",)
    coded = negotiate.choose_coding(list_field(request, "accept-encoding"), offered)
    headers["ETag"] = negotiate.coded_etag(shown.etag, coded)
    return headers, coded


def _answer_whole(shown: Representation, headers: dict[str, str], coded: Coding | None) -> Response:
    headers["Content-Type"] = shown.media_type
    if coded is None:
        return Response(shown.body, headers=headers)
    headers["Content-Encoding"] = coded
    if coded == "br":
        return Response(shown.br, headers=headers)
    return Response(shown.gzip or gzip.compress(shown.body, 6, mtime=0), headers=headers)
