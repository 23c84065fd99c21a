"""Listens on a port inside the running event loop, and lets go of it within seconds."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import State

from aggregator.errors import AggregatorError
from aggregator.web.limits import Limits, RefusalReason, Traffic
from aggregator.web.listener import Listener
from aggregator.web.protocol import BoundedProtocol
from aggregator.web.repeats import Repeats

_GRACE = 1.5
"""Seconds that answers under way have to finish after `stop`."""

_OTHER_PORT = (
    "choose another port: `--port 8001`, AGGREGATOR_WEB__PORT=8001 in the environment, or web.port in "
    "config/settings.yaml (PORT= would open it on every interface, as platforms want it)"
)


class ListenError(AggregatorError):
    """The web server cannot listen where it was told to."""


class Server:
    """An application on a port.

    Installs no signal handlers: whoever starts it decides what a signal means and calls `stop`.

    Args:
        app: What to serve.
        host: The IP or name to listen at, e.g. `127.0.0.1`, `0.0.0.0` or `::` (then IPv4 too).
        port: 0 takes any free one.
        limits: What clients may take of this process.
    """

    def __init__(self, app: Starlette, *, host: str, port: int, limits: Limits | None = None) -> None:
        self._place = (host, port)
        limits = limits or Limits()
        if not hasattr(app.state, "traffic"):
            app.state.traffic = Traffic()
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                app,
                lifespan="off",
                ws="none",
                access_log=False,
                log_config=None,
                log_level="critical",  # the guard logs each request and each mistake once, without secrets
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=round(limits.idle_time),
                timeout_graceful_shutdown=2,  # cancels what even a closed connection does not end
            ),
            limits,
            app.state,
        )
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> int:
        """Bind and begin to serve; returns the port.

        Raises:
            ListenError: The place cannot be listened on; says why and what to change.
        """
        listener = _bind(*self._place)
        self._task = asyncio.create_task(self._uvicorn.serve(sockets=[listener]), name="web server")
        started = asyncio.create_task(self._uvicorn.listening.wait())
        try:
            await asyncio.wait({self._task, started}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            started.cancel()
        return int(listener.getsockname()[1])

    async def stop(self) -> None:
        """End within 3 seconds: no new connections, a moment for answers under way, then hang up.

        May be called at any time, and more than once.
        """
        if self._task is None:
            return
        self._uvicorn.should_exit = True
        await asyncio.wait({self._task}, timeout=_GRACE)
        # Clients that read slowly or not at all would hold their connection for as long as they like.
        for connection in list(self._uvicorn.server_state.connections):
            connection.transport.abort()
        await asyncio.wait({self._task}, timeout=1.0)


class _Uvicorn(uvicorn.Server):
    """uvicorn without its signal handlers, which would take the process away from its owner.

    It opens no sockets itself: `Listener` accepts for it.
    """

    def __init__(self, config: uvicorn.Config, limits: Limits, state: State) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()
        self._limits = limits
        self._traffic: Traffic = state.traffic
        self._repeats: Repeats | None = getattr(state, "repeats", None)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        self._listeners = [
            Listener(each, self._limits, self._traffic, self._make_protocol) for each in sockets or ()
        ]
        for listener in self._listeners:
            listener.start()
        self.listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listener in self._listeners:
            listener.stop()
        await super().shutdown(sockets)

    def _make_protocol(
        self, refuse: Callable[[RefusalReason], None], lost: Callable[[BoundedProtocol], None]
    ) -> BoundedProtocol:
        return BoundedProtocol(self._limits, refuse, lost, self.config, self.server_state, self._repeats)


def _bind(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise ListenError(f"{port} is no port: that is a number from 0 to 65535; {_OTHER_PORT}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server(
            (host, port),
            family=family,
            backlog=1024,
            dualstack_ipv6=host == "::" and socket.has_dualstack_ipv6(),
        )
    except OSError as error:
        raise ListenError(_remedy(host, port, error)) from error


def _remedy(host: str, port: int, error: OSError) -> str:
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return f"{place} is in use already: stop the program that listens there, or {_OTHER_PORT}"
    if error.errno == errno.EACCES:
        return f"{place} may not be used by this user: ports below 1024 are the system's; {_OTHER_PORT}"
    return f"{place} cannot be listened on: correct web.host in config/settings.yaml, or {_OTHER_PORT}"
