"""A server's response -> the FetchResult that it means: a body, no change, gone, come later, refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from http import HTTPStatus

import httpx

from aggregator.fetch import body, bot_wall, cache_headers
from aggregator.fetch.body_budget import BodyBudget
from aggregator.fetch.fetch_errors import failed_error
from aggregator.fetch.options import FetchOptions
from aggregator.fetch.redirects import Trail
from aggregator.fetch.target import parse_target
from aggregator.model import Failed, Fetched, FetchResult, Gone, SourceKind, Throttled, Unchanged, Validators
from aggregator.ports import Wanted
from aggregator.text.characters import keep_printable

_REMEDIES: Mapping[int, str] = {
    400: "Check the URL.",
    401: "It wants credentials: give them in `headers` of this source in feeds.yaml.",
    403: "It refuses us, or wants credentials: see `headers` of this source in feeds.yaml.",
    404: "Nothing is there. Check the URL.",
    406: "It offers nothing that we can read. Check the URL.",
    451: "It may not show this for legal reasons.",
}
_DROPPED = " The credentials in feeds.yaml were not sent there, for a redirect led away from their site."
_LONGEST_TYPE = 200
"""Characters of a Content-Type that are kept."""

_LONGEST_VALIDATOR = 1000
"""Characters of an ETag or a Last-Modified that are kept, and sent back with every request. Real ones have a
tenth; a longer one is as good as none: the body is asked for, and known again by its hash."""

_LATER = frozenset({403, *range(500, 600)})
"""Statuses that, besides 429, mean "come later" when they say when."""


_NEVER_PAGES = frozenset({"feed", "json", "robots"})
"""What is no page in HTML, so that one in its place, with a riddle in it, is a wall against bots."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The request behind an answer, as far as the answer is judged by it.

    Attributes:
        kind: What was asked for.
        trail: How we came to ask here.
        conditional: Whether the request allowed a 304.
        confidential: Whether the source has credentials.
        now: When the answer came.
        options: The bounds.
        budget: For large bodies.
    """

    kind: SourceKind | Wanted
    trail: Trail
    conditional: bool
    confidential: bool
    now: datetime
    options: FetchOptions
    budget: BodyBudget


async def judge_response(response: httpx.Response, exchange: Exchange) -> FetchResult:
    """The result of a request, by the status of its response. Reads the body where there is a use for it.

    Raises:
        StoppedError: For trouble that is met on the way.
    """
    host, status = exchange.trail.here.host, response.status_code
    if status in (200, 203, 226):
        return await _take_body(response, exchange)
    if status == 304 and exchange.conditional:
        return Unchanged(
            url=exchange.trail.here.url,
            validators=_validators(response, exchange),
            fresh_for=_fresh_for(response, exchange.now),
            moved_to=exchange.trail.moved_to,
        )
    if status == 410:
        return Gone(message=f"{host} answered 410: what was there is gone for good.")
    retry_at = cache_headers.retry_at(response.headers.get("retry-after"), exchange.now)
    if status == 429 or (status in _LATER and retry_at is not None):
        until = f"until {retry_at:%Y-%m-%d %H:%M:%S} UTC" if retry_at else "for a while"
        message = f"{host} answered {status}: it wants to be left alone {until}."
        return Throttled(status=status, retry_at=retry_at, message=message)
    return await _judge_refusal(response, exchange)


async def _take_body(response: httpx.Response, exchange: Exchange) -> Fetched:
    host, status = exchange.trail.here.host, response.status_code
    manipulations = {part.strip().lower() for part in response.headers.get("im", "feed").split(",")}
    if status == 226 and not manipulations <= {"feed", "identity"}:
        raise failed_error(
            "http", f"{host} answered 226 with a kind of delta that we did not ask for.", status=status
        )
    content = await body.read_body(response, host, exchange.options, exchange.budget)
    content_type = keep_printable(response.headers.get("content-type", ""))[:_LONGEST_TYPE]
    if not content.strip():
        raise failed_error("not_a_feed", f"{host} answered with an empty body.", status=status)
    if bot_wall.is_shown_by_headers(response.headers) or (
        exchange.kind in _NEVER_PAGES and bot_wall.is_shown_by_page(content_type, content)
    ):
        raise _bot_wall_error(host, status)
    url = exchange.trail.here.url
    return Fetched(
        url=url,
        status=status,
        body=content,
        body_hash=blake2b(content, digest_size=32).hexdigest(),
        content_type=content_type,
        content_location=_content_location(response, exchange),
        validators=_validators(response, exchange),
        fresh_for=_fresh_for(response, exchange.now),
        moved_to=exchange.trail.moved_to,
    )


async def _judge_refusal(response: httpx.Response, exchange: Exchange) -> Failed:
    host, status = exchange.trail.here.host, response.status_code
    if bot_wall.is_shown_by_headers(response.headers) or (
        status in (403, 405, 503)
        and bot_wall.is_shown_by_page(
            response.headers.get("content-type", ""), await body.read_beginning(response, bot_wall.LOOK_AT)
        )
    ):
        raise _bot_wall_error(host, status)
    remedy = _REMEDIES.get(status, "It will be asked again." if status >= 500 else "Check the URL.")
    if status in (401, 403) and exchange.confidential and not exchange.trail.at_home:
        remedy += _DROPPED
    return Failed(trouble="http", message=f"{host} answered {_name_status(status)}. {remedy}", status=status)


def _bot_wall_error(host: str, status: int) -> Exception:
    return failed_error(
        "blocked",
        f"{host} answered with a page that only browsers get past. Ask the publisher to let feed readers through.",
        status=status,
    )


def _name_status(status: int) -> str:
    """The status with its name from the RFC; the server's own phrase may say anything."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _validators(response: httpx.Response, exchange: Exchange) -> Validators:
    return Validators(
        etag=_raw_field(response, b"etag"),
        last_modified=_raw_field(response, b"last-modified"),
        given_by=exchange.trail.here.digest,
    )


def _raw_field(response: httpx.Response, name: bytes) -> str | None:
    """A validator byte for byte, as Latin-1; None when it is missing, empty or far too long."""
    found = next((value for field, value in response.headers.raw if field.lower() == name), b"")
    return found.decode("latin-1") if 0 < len(found) <= _LONGEST_VALIDATOR else None


def _fresh_for(response: httpx.Response, now: datetime) -> timedelta | None:
    headers = response.headers
    return cache_headers.fresh_for(
        cache_control=headers.get("cache-control"),
        age=headers.get("age"),
        expires=headers.get("expires"),
        date=headers.get("date"),
        now=now,
    )


def _content_location(response: httpx.Response, exchange: Exchange) -> str:
    """The base for relative URLs: an absolute Content-Location, as long as it stays within the origin.

    Servers behind a proxy give their inner name there so often that RFC 7231, appendix B took the field's
    effect on relative URLs back.
    """
    here = exchange.trail.here
    try:
        target = parse_target(response.headers.get("content-location", ""))
    except ValueError:
        return here.url
    return target.url if target.origin == here.origin else here.url
