"""HTTP/1.1, a connection for each request.

This is a transport of httpx without httpx's client above it. The client brings what we do not want (cookies,
credentials and proxies from the environment, a log line with every URL), and one thing that cannot be turned
off: it reads the Location of each redirect, followed or not, and raises when that is no URL.

Each connection is closed with its answer. A poller asks a host again after minutes at the soonest, so there is
nothing to keep alive; and httpcore's pool looks at every connection for every request.
"""

from __future__ import annotations

import logging
import ssl
import sys
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from importlib.util import find_spec

import httpcore
import httpx

from aggregator.fetch.host_turns import HostTurn
from aggregator.fetch.ssrf import GuardedBackend
from aggregator.text.urls import DEFAULT_PORTS


def tls_context(extra_ca: str | None = None) -> ssl.SSLContext:
    """The TLS settings: full verification against the public authorities.

    Args:
        extra_ca: A PEM file with one more authority to trust.
    """
    context = httpx.create_ssl_context(trust_env=False)
    if extra_ca is not None:
        context.load_verify_locations(extra_ca)
    return context


def remember_missing(module: str) -> None:
    """Have a module that is not installed not be looked for again.

    httpcore asks for `sniffio` three times a request, and does without it: 55 us each, a twelfth of a poll that
    brings nothing.
    """
    if module not in sys.modules and find_spec(module) is None:
        sys.modules[module] = None  # type: ignore[assignment] # which Python's import system knows the meaning of


class ConnectionPerRequest(httpx.AsyncBaseTransport):
    """HTTP/1.1 over a fresh connection. Lets httpcore's exceptions through as they are."""

    def __init__(self, backend: GuardedBackend, tls: ssl.SSLContext | None = None) -> None:
        self._backend = backend
        self._tls = tls  # else made for the first request that needs it: reading all authorities takes 25 ms
        # At the level "debug" it writes down what servers send, of which nothing is to be trusted in a log.
        logging.getLogger("httpcore").setLevel(logging.WARNING)
        remember_missing("sniffio")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; the response's body is not read yet.

        Its extension `turn`, a `HostTurn`, is told when the host has been reached, and when the request was sent;
        and `confirm` is awaited before.
        """
        url, turn = request.url, request.extensions.get("turn", HostTurn())
        port = url.port or DEFAULT_PORTS[url.scheme]
        connection = httpcore.AsyncHTTP11Connection(
            origin=httpcore.Origin(url.raw_scheme, url.raw_host, port), stream=await self._connect(url, port)
        )
        outgoing = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=port, target=url.raw_path),
            headers=request.headers.raw,
            extensions={"trace": _follow(turn)},
        )
        try:
            if "confirm" in request.extensions:
                await request.extensions["confirm"]()
            await turn.begin()
            response = await connection.handle_async_request(outgoing)
        except BaseException:
            await connection.aclose()
            raise
        return httpx.Response(
            status_code=response.status, headers=response.headers, stream=_Body(response.stream, connection)
        )

    async def _connect(self, url: httpx.URL, port: int) -> httpcore.AsyncNetworkStream:
        host = url.raw_host.decode("ascii")
        stream = await self._backend.connect_tcp(host, port)
        if url.scheme != "https":
            return stream
        if self._tls is None:
            self._tls = tls_context()
        self._tls.set_alpn_protocols(["http/1.1"])
        return await stream.start_tls(self._tls, host)


def _follow(turn: HostTurn) -> Callable[[str, object], Awaitable[None]]:
    """What httpcore calls at each step of a request."""

    async def follow(step: str, _: object) -> None:
        if step == "http11.send_request_headers.complete":  # a GET is no more than that
            await turn.sent()

    return follow


class _Body(httpx.AsyncByteStream):
    """A response's body, and with it its connection."""

    def __init__(self, stream: object, connection: httpcore.AsyncHTTP11Connection) -> None:
        self._stream = stream
        self._connection = connection

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if isinstance(self._stream, AsyncIterable):
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        await self._connection.aclose()
