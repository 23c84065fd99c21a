"""A response's body: counted as it travels, decoded within bounds."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx

from aggregator.fetch.body_budget import LARGE, BodyBudget
from aggregator.fetch.coding import CodingError, Decoder, ExpandedError, UnaskedError, make_decoder
from aggregator.fetch.fetch_errors import failed_error, too_large_error
from aggregator.fetch.options import FetchOptions

_MOST_GLANCED = 4_000_000
"""Bytes that one piece of an error page may unpack to; more than that, and the piece is not looked at."""


async def read_body(response: httpx.Response, host: str, options: FetchOptions, budget: BodyBudget) -> bytes:
    """The whole body, decoded; a large one waits for its place.

    Raises:
        StoppedError: It is too large, not coded as it says, or incomplete.
    """
    status = response.status_code
    opened = make_decoder(read_codings(response), options.max_decoded_bytes)
    if _announced_length(response) > options.max_bytes:
        raise too_large_error(host, options.max_bytes, "fetch.max_bytes")
    try:
        parts = []
        size = 0
        async for part in _decode(response, opened, host, options.max_bytes):
            parts.append(part)
            size += len(part)
            if size > LARGE:
                await budget.enter()
        parts.append(opened.finish())
    except UnaskedError:
        raise failed_error(
            "http", f"{host} sent a coding of the body that we did not ask for.", status=status
        ) from None
    except CodingError:
        raise failed_error(
            "http", f"{host} sent a compressed body that is damaged or cut short.", status=status
        ) from None
    except ExpandedError:
        raise too_large_error(host, options.max_decoded_bytes, "fetch.max_decoded_bytes") from None
    return b"".join(parts)


async def read_beginning(response: httpx.Response, limit: int) -> bytes:
    """The beginning of an error page, as far as it can be had; empty when it cannot."""
    opened = make_decoder(read_codings(response), _MOST_GLANCED)
    seen = b""
    try:
        async for part in response.aiter_raw():
            seen += opened.feed(part)
            if len(seen) >= limit:
                break
    except (CodingError, ExpandedError):
        pass
    return seen


def read_codings(response: httpx.Response) -> list[str]:
    """The names in Content-Encoding, in lower case."""
    field = response.headers.get("content-encoding", "")
    return [name.strip().lower() for name in field.split(",")]


async def _decode(response: httpx.Response, opened: Decoder, host: str, limit: int) -> AsyncIterator[bytes]:
    travelled = 0
    async for part in response.aiter_raw():
        travelled += len(part)
        if travelled > limit:
            raise too_large_error(host, limit, "fetch.max_bytes")
        yield opened.feed(part)


def _announced_length(response: httpx.Response) -> int:
    """Content-Length; h11 has made sure that it is a number of at most twenty digits."""
    return int(response.headers.get("content-length", "0"))
