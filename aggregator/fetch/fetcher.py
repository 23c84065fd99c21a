"""One source over HTTP: its turn, its deadline, its redirects, its answer."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import ceil
from types import TracebackType
from typing import Self

import httpcore
import httpx

from aggregator.fetch import answer, headers, redirects
from aggregator.fetch.answer import Exchange
from aggregator.fetch.body_budget import BodyBudget
from aggregator.fetch.cookies import ChainCookies
from aggregator.fetch.fetch_errors import StoppedError, error_of_connection, timeout_error
from aggregator.fetch.headers import Field
from aggregator.fetch.host_limiter import HostLimiter, PausedError
from aggregator.fetch.host_turns import HostTurn
from aggregator.fetch.options import FetchOptions
from aggregator.fetch.redirects import Trail
from aggregator.fetch.resolver import Resolver, SystemResolver
from aggregator.fetch.ssrf import GuardedBackend
from aggregator.fetch.transport import ConnectionPerRequest
from aggregator.model import FetchResult, Source, Throttled, Validators
from aggregator.ports import Clock, Wanted

_WIRE_SLACK = 1_000_000
"""Bytes that may surround a body: headers, informational responses, the framing of chunks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """What stays the same over all redirects of one request.

    Attributes:
        source: Whose location is asked.
        wanted: What is there.
        validators: What the server gave us at the last answer.
        secrets: The editor's header fields, for the source's own origin only.
        cookies: What redirects have set so far.
        turn: To be told when a request is sent.
    """

    source: Source
    wanted: Wanted
    validators: Validators
    secrets: tuple[Field, ...] = field(repr=False)
    cookies: ChainCookies = field(default_factory=ChainCookies, repr=False)
    turn: HostTurn | None = None


class HttpFetcher:
    """Asks servers; fulfils `ports.Fetcher` for all but sources of the kind `file`.

    One per process: it knows whose turn it is. An asynchronous context manager.
    """

    def __init__(
        self,
        options: FetchOptions,
        clock: Clock,
        *,
        limiter: HostLimiter | None = None,
        budget: BodyBudget | None = None,
        resolver: Resolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Build a fetcher.

        Args:
            options: Bounds and manners.
            clock: Tells when an answer came.
            limiter: Whose turn it is; made from the options when not given.
            budget: For large bodies.
            resolver: Looks names up; the system's when not given.
            tls: What to trust; the public authorities when not given.
        """
        self._options = options
        self._clock = clock
        self._limiter = limiter or HostLimiter(
            concurrency=options.concurrency, per_host=options.per_host, gap=options.host_gap.total_seconds()
        )
        self._budget = budget or BodyBudget()
        self._resolver = resolver or SystemResolver(threads=options.concurrency)
        self._tls = tls
        self.confirm: Callable[[], Awaitable[None]] | None = None
        """Awaited right before a request is sent, if there is any; ends it where it need not be sent any more."""
        self._transport: httpx.AsyncBaseTransport | None = None

    async def open(self) -> None:
        """Make ready."""
        wire = 2 * self._options.max_bytes + _WIRE_SLACK
        guard = GuardedBackend(self._resolver, self._options, max_wire_bytes=wire)
        self._transport = ConnectionPerRequest(guard, self._tls)

    async def aclose(self) -> None:
        """Let go of everything."""
        self._transport = None
        self._resolver.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def fetch(self, source: Source, validators: Validators, wanted: Wanted = "source") -> FetchResult:
        """Ask for what is at the source's location, conditionally where `validators` allow it.

        Follows redirects. Never raises for what a server does.
        """
        try:
            trail = redirects.start_trail(source.location)
            secrets = headers.own_headers(source, trail.here)
            asked = _Errand(source=source, wanted=wanted, validators=validators, secrets=secrets)
            return await self._follow(trail, asked)
        except StoppedError as stopped:
            return stopped.result

    async def _follow(self, trail: Trail, asked: _Errand) -> FetchResult:
        """Ask, hop after hop, each in its host's turn; what is left of the deadline goes with them."""
        loop = asyncio.get_running_loop()
        left = self._options.timeout.total_seconds()
        while True:
            host = trail.here.host
            try:
                async with self._limiter.slot(host) as turn:
                    begun = loop.time()
                    found = await self._ask(trail, replace(asked, turn=turn), left)
                    left -= loop.time() - begun
            except PausedError as paused:
                return self._report_pause(host, paused.seconds)
            if not isinstance(found, Trail):
                return found
            trail = found

    async def _ask(self, trail: Trail, asked: _Errand, seconds: float) -> Trail | FetchResult:
        """One hop: where it leads, or what it answered."""
        host = trail.here.host
        try:
            async with asyncio.timeout(seconds):
                found = await self._exchange(trail, asked)
        except TimeoutError:
            raise timeout_error(host, self._options.timeout) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            raise error_of_connection(host, error) from None
        if isinstance(found, Throttled) and found.status in (429, 503):
            wait = None if found.retry_at is None else found.retry_at - self._clock.now()
            self._limiter.record_throttle(host, None if wait is None else wait.total_seconds())
        else:
            self._limiter.record_answer(host)
        return found

    async def _exchange(self, trail: Trail, asked: _Errand) -> Trail | FetchResult:
        """Send the request and read as much of the answer as there is a use for."""
        if self._transport is None:
            raise RuntimeError("the fetcher is not open")
        request = headers.make_request(
            trail.here,
            asked.validators,
            preferences=headers.preferences(asked.source.kind, asked.wanted),
            user_agent=self._options.user_agent,
            secrets=asked.secrets if trail.at_home else (),
            cookies=asked.cookies.field_for(trail.here.url),
        )
        if asked.turn is not None:
            request.extensions["turn"] = asked.turn
        if self.confirm is not None:
            request.extensions["confirm"] = self.confirm
        response = await self._transport.handle_async_request(request)
        try:
            if response.status_code in redirects.FOLLOWED:
                asked.cookies.record(request, response)
                state = asked.cookies.state
                return redirects.follow_redirect(trail, response.status_code, _location(response), state)
            exchange = Exchange(
                kind=asked.source.kind if asked.wanted == "source" else asked.wanted,
                trail=trail,
                conditional=headers.is_conditional(request),
                confidential=bool(asked.secrets),
                now=self._clock.now(),
                options=self._options,
                budget=self._budget,
            )
            return await answer.judge_response(response, exchange)
        finally:
            await response.aclose()

    def _report_pause(self, host: str, seconds: float) -> Throttled:
        until = self._clock.now() + timedelta(seconds=ceil(seconds))
        return Throttled(
            status=429,
            retry_at=until,
            message=f'{host} was not asked: it had said "too many requests" several times in a row, and is '
            f"left alone until {until:%Y-%m-%d %H:%M:%S} UTC.",
        )


def _location(response: httpx.Response) -> bytes | None:
    return next((value for name, value in response.headers.raw if name.lower() == b"location"), None)
