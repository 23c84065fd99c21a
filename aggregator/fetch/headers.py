"""The request's header fields: what we say of ourselves, and what we never say.

Never sent: Referer, a Cookie of an earlier request, and anything that would tell one site about another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import httpx

from aggregator.fetch.fetch_errors import failed_error
from aggregator.fetch.target import Target
from aggregator.model import Source, SourceKind, Validators
from aggregator.ports import Wanted

Field = tuple[bytes, bytes]

_ACCEPT_FEED = (
    b"application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    b"application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_ACCEPT_JSON = b"application/json, application/*;q=0.5, */*;q=0.1"
_ACCEPT_PAGE = b"text/html, application/xhtml+xml;q=0.9, application/xml;q=0.5, */*;q=0.1"
_ACCEPT_TEXT = b"text/plain, */*;q=0.1"
_ACCEPT: Mapping[SourceKind | Wanted, bytes] = {
    "page": _ACCEPT_PAGE,
    "xpath": _ACCEPT_PAGE,
    "json": _ACCEPT_JSON,
    "article": _ACCEPT_PAGE,
    "robots": _ACCEPT_TEXT,
}

_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.1
_VALUE = re.compile(rb"[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?")  # section 5.5

_RECEIVABLE = re.compile(rb"[^\x00\s]+(?:[ \t]+[^\x00\s]+)*")
"""What h11 lets in as a field's value; wider than what an editor may write, for servers write anything."""

_OURS = frozenset(
    {b"host", b"connection", b"content-length", b"transfer-encoding", b"te", b"upgrade", b"expect", b"trailer"}
    | {b"accept-encoding", b"a-im", b"if-none-match", b"if-modified-since", b"range", b"if-range"}
)
"""Fields that frame the message, or on whose value our reading of the answer depends: not for an editor to set."""


def make_request(
    target: Target,
    validators: Validators,
    *,
    preferences: tuple[Field, ...],
    user_agent: str,
    secrets: tuple[Field, ...],
    cookies: bytes = b"",
) -> httpx.Request:
    """The GET request for a target: its URL, its validators, what we say of ourselves.

    Validators go only to the URL that gave them (RFC 9110, section 13.1: they speak of one resource): behind a
    redirect, to its end. A page that stands in for a feed may be older than it, and would answer If-Modified-Since
    with 304, as if it were the feed.

    Args:
        target: What to ask.
        validators: To be sent byte for byte, if they are the target's.
        preferences: What kind of answer we would like.
        user_agent: Who we are.
        secrets: What `own_headers` gave, and only while the request stays within the source's origin.
        cookies: What the redirects that led to the target have set for it; they stand after an editor's own.
    """
    fields: list[Field] = [
        (b"User-Agent", user_agent.encode("ascii", "ignore")),
        *preferences,
        (b"Accept-Encoding", b"gzip, deflate"),
        (b"Connection", b"close"),
    ]
    if validators.given_by not in {"", target.digest}:
        validators = Validators()
    for name, value in ((b"If-None-Match", validators.etag), (b"If-Modified-Since", validators.last_modified)):
        raw = _latin_1(value)
        if raw is not None:
            fields.append((name, raw))
    last_wins = {name.lower(): (name, value) for name, value in (*fields, *secrets)}
    if cookies:
        field, own = last_wins.get(b"cookie", (b"Cookie", b""))
        last_wins[b"cookie"] = (field, b"; ".join(filter(None, (own, cookies))))
    return httpx.Request("GET", target.parsed, headers=list(last_wins.values()))


def preferences(kind: SourceKind, wanted: Wanted) -> tuple[Field, ...]:
    """The fields by which a server chooses what to answer, for what is at the location of such a source."""
    accept = b"Accept", _ACCEPT.get(kind if wanted == "source" else wanted, _ACCEPT_FEED)
    if kind == "feed" and wanted == "source":
        return accept, (b"A-IM", b"feed")  # RFC 3229: the new entries alone would do
    return (accept,)


def is_conditional(sent: httpx.Request) -> bool:
    """Whether the request allows the answer 304."""
    return "if-none-match" in sent.headers or "if-modified-since" in sent.headers


def own_headers(source: Source, target: Target) -> tuple[Field, ...]:
    """What the editor wants to be sent to the source's own origin: the URL's userinfo and `headers`.

    Raises:
        StoppedError: A field cannot be sent as it is.
    """
    fields: list[Field] = []
    if target.authorization is not None:
        fields.append((b"authorization", target.authorization))
    for name, value in source.headers:
        raw_name, raw_value = name.encode("utf-8"), value.strip().encode("utf-8")
        if not _NAME.fullmatch(raw_name) or not _VALUE.fullmatch(raw_value):
            raise failed_error(
                "http", "A field of `headers` in feeds.yaml is empty or holds characters that cannot be sent."
            )
        if raw_name.lower() not in _OURS:
            fields.append((raw_name, raw_value))
    return tuple(fields)


def _latin_1(value: str | None) -> bytes | None:
    """A validator as it was received; None if it never came from a server."""
    try:
        raw = value.encode("latin-1") if value else b""
    except UnicodeEncodeError:
        return None
    return raw if _RECEIVABLE.fullmatch(raw) else None
