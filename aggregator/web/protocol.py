"""HTTP/1.1 on one connection, bounded: uvicorn's protocol, for clients that mean no good.

uvicorn leaves to a reverse proxy how long a head may be, how long a client may take to send it and whether it
reads what it asked for. Measured without bounds: 400 MB of fields on one connection took the process from 90 to
491 MB, and one field of 100 MB a minute of CPU.
"""

from __future__ import annotations

import asyncio
import fcntl
import re
import sys
import termios
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Scope
    from uvicorn.config import Config
    from uvicorn.server import ServerState

    from aggregator.web.limits import Limits, RefusalReason
    from aggregator.web.repeats import Repeats

_HOST = re.compile(rb"(\[[0-9A-Za-z:.%]+\]|[0-9A-Za-z._~%!$&'()*+,;=-]*)(:[0-9]*)?")
"""RFC 9110, section 7.2: a host as in RFC 3986, perhaps with a port."""

_STATUS: dict[RefusalReason, bytes] = {
    "head": b"431 Request Header Fields Too Large",
    "body": b"413 Content Too Large",
    "slow": b"408 Request Timeout",
}
_BAD_REQUEST = b"400 Bad Request"

_AHEAD = 8
"""Requests that a client may send before the first of them is answered."""

_LINGER = 2.0
"""Seconds for which a refused client may go on sending: closing at once costs it the answer (RFC 9112, 9.6)."""

_IGNORED = 1_000_000
"""Bytes that are read and forgotten meanwhile."""


class _RefusedError(Exception):
    """Stops the parser in the middle of a request."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection, within `Limits`.

    Args:
        limits: What it may take.
        refuse: Called with the reason when the connection is ended for it.
        lost: Called with this protocol when the connection has ended, for whatever reason.
        config: uvicorn's configuration.
        state: uvicorn's state, shared by all connections.
        repeats: What was answered before; the application is not asked for that.
    """

    def __init__(
        self,
        limits: Limits,
        refuse: Callable[[RefusalReason], None],
        lost: Callable[[BoundedProtocol], None],
        config: Config,
        state: ServerState,
        repeats: Repeats | None,
    ) -> None:
        super().__init__(config, state, app_state={})
        self._repeats = repeats
        self._limits = limits
        self._refuse = refuse
        self._lost = lost
        self._received = 0  # bytes since the message under way began
        self._in_body = False
        self._refusal: RefusalReason | None = None
        self._deadline: float | None = None
        self._unsent = 0  # bytes for the client at the last look
        self._moved_at = 0.0  # since when it has been too slow, if it is
        self.asked_at = self.loop.time()
        """When the client last had its turn, on the loop's clock: it connected, or got its last answer."""

    @property
    def is_waiting(self) -> bool:
        """Whether no answer is under way: the client has asked nothing yet, or not to its end, or nothing more."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._moved_at = self.asked_at
        self._deadline = self.asked_at + self._limits.request_time

    def data_received(self, data: bytes) -> None:
        """Take bytes from the client, as long as it stays within its bounds."""
        self._received += len(data)
        if self._refusal is not None:
            if self._received > _IGNORED:
                self.transport.abort()
            return
        if self._deadline is None:
            self._deadline = self.loop.time() + self._limits.request_time
        super().data_received(data)
        # One piece holds 256 kB at most, so looking afterwards is soon enough; before the next one it is not late.
        if self._in_body and self._received > self._limits.head_bytes + self._limits.body_bytes:
            self._end("body")
        elif not self._in_body and self._received > self._limits.head_bytes:
            self._end("head")

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go."""
        super().connection_lost(exc)
        self._lost(self)

    def on_headers_complete(self) -> None:
        """Judge the head, and begin to answer."""
        if self._received > self._limits.head_bytes and self._head_bytes() > self._limits.head_bytes:
            self._stop("head")
        if not self._has_one_host():
            self._stop("host")
        if len(self.pipeline) >= _AHEAD:
            self._stop("pipeline")
        if self._announced_length() > self._limits.body_bytes:
            self._stop("body")
        self._in_body = True
        super().on_headers_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Called by uvicorn when it is this request's turn: answer what was answered before, else let it be."""
        given = None
        if self._repeats is not None and not self.flow.write_paused:
            given = self._repeats.find(cast("Scope", cycle.scope))
        if given is None:
            super()._start_asgi_task(cycle, app)
            return
        cycle.response_started = cycle.response_complete = True
        parts = [STATUS_LINE[given.status], *self._default_fields(), given.fields]
        if not cycle.keep_alive:
            parts.append(b"connection: close\r\n")
        self.transport.write(b"".join([*parts, b"\r\n"]))
        if given.body:
            self.transport.write(given.body)
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _default_fields(self) -> list[bytes]:
        return [b"%b: %b\r\n" % pair for pair in self.server_state.default_headers]

    def on_message_complete(self) -> None:
        """The request is here as a whole: from now on its time is ours."""
        self._received = 0
        self._in_body = False
        self._deadline = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is out, or with the system to send."""
        self.asked_at = self.loop.time()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 # uvicorn's words are replaced by ours
        """Called by uvicorn when the parser stopped, by itself or in one of the methods above."""
        if self._refusal is None:
            self._end("malformed")

    def look(self, now: float) -> None:
        """End the connection if its time is over; to be called about once a second with the loop's time."""
        if self._deadline is not None and now >= self._deadline:
            self._time_out()
        unsent, before = _unsent_bytes(self.transport), self._unsent
        self._unsent = unsent
        # A byte now and then buys as much time as it takes at the slowest pace, and more answers buy none.
        bought = max(0, before - unsent) / self._limits.slowest
        self._moved_at = min(now, self._moved_at + bought) if unsent and before else now
        if now - self._moved_at >= self._limits.stalled_time:
            self._refuse("stalled")
            self.transport.abort()

    def evict(self) -> None:
        """Give the place to another client."""
        self._refuse("full")
        self.transport.abort()

    def _time_out(self) -> None:
        if self._refusal is None and self._received:
            self._end("slow")
            return
        if self._refusal is None:  # it never said a word
            self._refuse("slow")
        self._deadline = None
        self.transport.close()

    def _stop(self, refusal: RefusalReason) -> None:
        self._end(refusal)
        raise _RefusedError

    def _end(self, refusal: RefusalReason) -> None:
        """Refuse what is under way, in words if the client is still waiting for an answer."""
        if self._refusal is not None or self.transport.is_closing():
            return
        self._refusal = refusal
        self._refuse(refusal)
        if not self.is_waiting:  # words would stand in the middle of another answer
            self.transport.abort()
            return
        self._unset_keepalive_if_required()
        self._received = 0
        self._deadline = self.loop.time() + _LINGER
        status = _STATUS.get(refusal, _BAD_REQUEST)
        self.transport.write(
            b"HTTP/1.1 %b\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b\n"
            % (status, len(status) + 1, status)
        )
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _head_bytes(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _has_one_host(self) -> bool:
        """RFC 9112, section 3.2: a request of HTTP/1.1 without exactly one valid Host field is a 400."""
        hosts = [value for name, value in self.headers if name == b"host"]
        if len(hosts) != 1:
            return not hosts and self.parser.get_http_version() == "1.0"
        return _HOST.fullmatch(hosts[0]) is not None

    def _announced_length(self) -> int:
        for name, value in self.headers:
            if name == b"content-length":
                return int(value) if value.isdigit() else 0
        return 0


def _unsent_bytes(transport: asyncio.Transport) -> int:
    """Bytes for the client that it has not taken, where some of them wait here.

    What the system holds of them counts too, where it tells: megabytes, of which we hear nothing until a third of
    them is gone.
    """
    ours = transport.get_write_buffer_size()
    if ours:
        with suppress(OSError):
            told = fcntl.ioctl(transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, bytes(4))
            return ours + int.from_bytes(told, sys.byteorder)
    return ours
