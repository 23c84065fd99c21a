"""Takes connections in, as many as the process can bear, and ends those that only hold a place.

asyncio's own server accepts whatever comes: with 256 descriptors, 400 silent clients made the service unreachable,
and each refused `accept` was a line of the log, 59,300 in all.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections import Counter
from collections.abc import Callable
from functools import partial

import structlog

from aggregator.web.limits import Limits, RefusalReason, Traffic
from aggregator.web.protocol import BoundedProtocol

Make = Callable[[Callable[[RefusalReason], None], Callable[[BoundedProtocol], None]], BoundedProtocol]
"""Makes the protocol of a new connection from what hears of its refusal and of its end."""

_BATCH = 16
"""Connections taken in before others get their turn."""

_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_REST = 0.5
"""Seconds without accepting after the system had no descriptor or memory for another connection."""

_QUIET = 60.0
"""Seconds after which the same refusal is worth another line in the log."""

_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

_WORDS: dict[RefusalReason, str] = {
    "client": "one client has too many connections; raise web.per_client, or name it in web.trusted_proxies",
    "full": "too many connections: those that waited longest are closed; raise web.connections and the limit of "
    "open files (LimitNOFILE, ulimit -n)",
    "resources": "the system has no descriptors or memory for another connection; raise the limit of open files "
    "(LimitNOFILE, ulimit -n)",
}
"""What the operator can do about it; of other refusals only the client can do something."""


class Listener:
    """Accepts on a socket, within `Limits`.

    Args:
        listening: Bound and listening; stays the caller's to close.
        limits: How many connections, and of whom.
        traffic: Where they are counted.
        make: Makes the protocol of a connection.
    """

    def __init__(self, listening: socket.socket, limits: Limits, traffic: Traffic, make: Make) -> None:
        self._socket = listening
        self._limits = limits
        self._traffic = traffic
        self._make = make
        self._loop = asyncio.get_running_loop()
        self._open: dict[BoundedProtocol, str | None] = {}
        self._clients: Counter[str] = Counter()
        self._starting: set[asyncio.Task[None]] = set()
        self._told: dict[RefusalReason, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._is_stopped = False

    def start(self) -> None:
        """Begin to accept."""
        self._socket.setblocking(False)
        self._resume()
        self._look()

    def stop(self) -> None:
        """Accept no more; what is open stays open."""
        self._is_stopped = True
        self._loop.remove_reader(self._socket.fileno())
        if self._timer is not None:
            self._timer.cancel()

    def _resume(self) -> None:
        if not self._is_stopped:
            self._loop.add_reader(self._socket.fileno(), self._accept)

    def _rest(self, seconds: float) -> None:
        self._loop.remove_reader(self._socket.fileno())
        self._loop.call_later(seconds, self._resume)

    def _look(self) -> None:
        now = self._loop.time()
        for protocol in list(self._open):
            protocol.look(now)
        self._timer = self._loop.call_later(1.0, self._look)

    def _accept(self) -> None:
        for _ in range(_BATCH):
            if self._count() >= self._limits.most and not self._make_room():
                self._rest(0.05)
                return
            try:
                connection, peer = self._socket.accept()
            except OSError as error:
                if error.errno in _EXHAUSTED:
                    self._refuse("resources")
                    self._make_room()
                    self._rest(_REST)
                return  # else nobody is waiting, or whoever was has left
            self._take(connection, str(peer[0]))

    def _count(self) -> int:
        return len(self._open) + len(self._starting)

    def _make_room(self) -> bool:
        """Close the connection that has waited longest without asking anything."""
        waiting = [protocol for protocol in self._open if protocol.is_waiting]
        if not waiting:
            return False
        oldest = min(waiting, key=lambda protocol: protocol.asked_at)
        self._forget(oldest)
        oldest.evict()
        return True

    def _take(self, connection: socket.socket, ip: str) -> None:
        connection.setblocking(False)
        client = self._limits.client_key(ip)
        if client is not None and self._clients[client] >= self._limits.per_client:
            self._refuse("client")
            _say_busy(connection)
            return
        if client is not None:
            self._clients[client] += 1
        task = self._loop.create_task(self._begin(connection, client))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _begin(self, connection: socket.socket, client: str | None) -> None:
        make = partial(self._make, self._refuse, self._forget)
        try:
            _, protocol = await self._loop.connect_accepted_socket(make, connection)
        except OSError:  # the client has left
            connection.close()
            self._leave(client)
            return
        if protocol.transport.is_closing():
            self._leave(client)
            return
        self._open[protocol] = client
        self._traffic.open = len(self._open)

    def _forget(self, protocol: BoundedProtocol) -> None:
        if protocol in self._open:
            self._leave(self._open.pop(protocol))
            self._traffic.open = len(self._open)

    def _leave(self, client: str | None) -> None:
        if client is None:
            return
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]

    def _refuse(self, refusal: RefusalReason) -> None:
        self._traffic.refused[refusal] += 1
        if refusal not in _WORDS or self._loop.time() < self._told.get(refusal, 0.0):
            return
        self._told[refusal] = self._loop.time() + _QUIET
        structlog.get_logger("aggregator.web").warning(_WORDS[refusal], open=self._count(), most=self._limits.most)


def _say_busy(connection: socket.socket) -> None:
    """A last word to a client that gets no connection; what it has sent is not read."""
    try:
        connection.send(_BUSY)
    except OSError:
        pass
    finally:
        connection.close()
