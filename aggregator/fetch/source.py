"""The door of this package: gets a source over HTTP or from disk, by its kind."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from datetime import timedelta
from types import TracebackType
from typing import Self

from aggregator.fetch.fetcher import HttpFetcher
from aggregator.fetch.file import FileFetcher
from aggregator.fetch.host_limiter import HostLimiter
from aggregator.fetch.host_turns import LATE, SharedTurns
from aggregator.fetch.options import FetchOptions
from aggregator.fetch.resolver import Resolver
from aggregator.model import FetchResult, Source, Validators
from aggregator.ports import Clock, HostBounds, PacingStore, Wanted

_SLACK = timedelta(seconds=5)
"""After its deadline; a request has been given up then for certain, or its process is gone."""


class SourceFetcher:
    """Gets any source; fulfils `ports.Fetcher`. An asynchronous context manager, one per process."""

    def __init__(
        self,
        options: FetchOptions,
        clock: Clock,
        *,
        resolver: Resolver | None = None,
        tls: ssl.SSLContext | None = None,
        pacing: PacingStore | None = None,
        confirm: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Build a fetcher; the arguments are those of `HttpFetcher`.

        `pacing`: the store by which several machines take turns; None where this process need not. `confirm`: see
        there.
        """
        lease = options.timeout + _SLACK
        # So much longer that two are sent a gap apart although the second is sent at once, and the first was not.
        gap = options.host_gap and options.host_gap + timedelta(seconds=LATE)
        bounds = HostBounds(at_once=options.per_host, gap=gap, lease=lease)
        limiter = HostLimiter(
            concurrency=options.concurrency,
            per_host=options.per_host,
            gap=options.host_gap.total_seconds(),
            shared=None if pacing is None else SharedTurns(store=pacing, bounds=bounds),
        )
        self._http = HttpFetcher(options, clock, limiter=limiter, resolver=resolver, tls=tls)
        self._http.confirm = confirm
        self._files = FileFetcher(options)

    async def __aenter__(self) -> Self:
        await self._http.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def fetch(self, source: Source, validators: Validators, wanted: Wanted = "source") -> FetchResult:
        """Ask for it, conditionally where `validators` allow it; articles of a file are on the web."""
        if source.kind == "file" and wanted == "source":
            return await self._files.fetch(source, validators)
        return await self._http.fetch(source, validators, wanted)
