"""Whether a host can be reached at all: name, connection, TLS; nothing is asked of it."""

from __future__ import annotations

import asyncio
import ssl
from datetime import timedelta

from aggregator.fetch.fetch_errors import StoppedError, timeout_error
from aggregator.fetch.options import FetchOptions
from aggregator.fetch.redirects import start_trail
from aggregator.fetch.resolver import Resolver, SystemResolver
from aggregator.fetch.ssrf import GuardedBackend
from aggregator.fetch.target import Target
from aggregator.fetch.transport import tls_context
from aggregator.model import Blocked, Failed, FetchResult

LONGEST = timedelta(seconds=10)
"""No host is waited for any longer, whatever `fetch.timeout` allows to a whole request."""


class Probe:
    """Knocks at hosts as fetching would, by the same rules.

    Args:
        options: Those of fetching; `allow_networks`, `opted_out` and `timeout` matter.
        resolver: Looks names up; the machine's own if not given. Closed by `close`.
        tls: Whom to trust; the public authorities if not given.
    """

    def __init__(
        self, options: FetchOptions, *, resolver: Resolver | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._resolver = resolver or SystemResolver(threads=4)
        self._backend = GuardedBackend(self._resolver, options, max_wire_bytes=options.max_bytes)
        self._tls = tls or tls_context()
        self._longest = min(options.timeout, LONGEST)

    async def reach(self, location: str) -> Failed | Blocked | None:
        """Why the host of a URL cannot be reached; None if it can."""
        found: FetchResult
        try:
            target = start_trail(location).here
            async with asyncio.timeout(self._longest.total_seconds()):
                await self._connect(target)
        except StoppedError as error:
            found = error.result
        except TimeoutError:
            found = timeout_error(target.host, self._longest).result
        else:
            return None
        assert isinstance(found, Failed | Blocked)  # noqa: S101 # what connecting can end with
        return found

    async def _connect(self, target: Target) -> None:
        stream = await self._backend.connect_tcp(target.host, target.port)
        try:
            if target.scheme == "https":
                stream = await stream.start_tls(self._tls, target.host)
        finally:
            await stream.aclose()

    def close(self) -> None:
        """Let go of threads."""
        self._resolver.close()
