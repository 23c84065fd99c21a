"""The door of this package: gets a source over HTTP or from disk, by its kind."""

from __future__ import annotations

import ssl
from types import TracebackType
from typing import Self

from aggregator.fetch.fetcher import HttpFetcher
from aggregator.fetch.file import FileFetcher
from aggregator.fetch.options import FetchOptions
from aggregator.fetch.resolver import Resolver
from aggregator.model import FetchResult, Source, Validators
from aggregator.ports import Clock, Wanted


class SourceFetcher:
    """Gets any source; fulfils `ports.Fetcher`. An asynchronous context manager, one per process."""

    def __init__(
        self,
        options: FetchOptions,
        clock: Clock,
        *,
        resolver: Resolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Build a fetcher; the arguments are those of `HttpFetcher`."""
        self._http = HttpFetcher(options, clock, resolver=resolver, tls=tls)
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
