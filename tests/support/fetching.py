"""Fetchers for tests: allowed on loopback, without waiting, at a fixed time, with names from a table."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cache
from ipaddress import ip_network
from typing import Any

from aggregator.fetch import FetchOptions, HttpFetcher
from aggregator.fetch.body_budget import BodyBudget
from aggregator.fetch.transport import tls_context
from aggregator.model import FetchResult, Source, Validators
from tests.support.nouns import NOON

LOOPBACK = (ip_network("127.0.0.0/8"),)
FEED = b"<rss version='2.0'><channel><title>River</title></channel></rss>"


@cache
def _public() -> ssl.SSLContext:
    """Built once: reading the authorities takes longer than most tests."""
    return tls_context()


class StoppedClock:
    """It is always noon."""

    def now(self) -> datetime:
        return NOON


class TableResolver:
    """Names and their addresses; counts the lookups."""

    def __init__(self, table: Mapping[str, Sequence[str] | Exception]) -> None:
        self.table = table
        self.lookups: list[str] = []
        self.closed = False

    async def resolve(self, host: str, port: int) -> Sequence[str]:  # noqa: ARG002 # the protocol's
        self.lookups.append(host)
        found = self.table[host]
        if isinstance(found, Exception):
            raise found
        return found

    def close(self) -> None:
        self.closed = True


@asynccontextmanager
async def fetching(
    *,
    names: TableResolver | None = None,
    tls: ssl.SSLContext | None = None,
    budget: BodyBudget | None = None,
    **options: Any,
) -> AsyncIterator[HttpFetcher]:
    """An open fetcher; `options` are those of FetchOptions."""
    defaults: dict[str, Any] = {
        "user_agent": "aggregator/9 (+https://planet.example/)",
        "timeout": timedelta(seconds=60),
        "host_gap": timedelta(0),
        "allow_networks": LOOPBACK,
    }
    chosen = FetchOptions(**(defaults | options))
    async with HttpFetcher(chosen, StoppedClock(), resolver=names, tls=tls or _public(), budget=budget) as fetcher:
        yield fetcher


def feed_at(location: str, **fields: Any) -> Source:
    """A source at a URL."""
    defaults: dict[str, Any] = {"id": "river", "kind": "feed", "url": "https://shown.example/"}
    return Source(location=location, **(defaults | fields))


async def once(location: str, *, validators: Validators | None = None, **options: Any) -> FetchResult:
    """What comes of asking once."""
    async with fetching(**options) as fetcher:
        return await fetcher.fetch(feed_at(location), validators or Validators())
