"""Names of hosts -> their IPs."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol


class Resolver(Protocol):
    """Looks names up; replaced in tests by one that answers from a table."""

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """The IPs of `host` in the order in which to try them.

        Raises OSError or UnicodeError when there are none.
        """
        ...

    def close(self) -> None:
        """Let go of threads and sockets."""
        ...


class SystemResolver:
    """The machine's resolver, in threads of its own.

    A lookup in a thread cannot be called off. In the loop's shared pool a few dead name servers would soon
    hold every thread, and every other lookup and file read would wait behind them.
    """

    def __init__(self, *, threads: int) -> None:
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="resolve")

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """As `Resolver.resolve`; the order is the system's (RFC 6724)."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _look_up, host, port)

    def close(self) -> None:
        """Forget lookups that have not begun; does not wait for the others."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        # Without a descriptor it says the same as when there is no such host: one is tried, and raises its own.
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
        raise
    return tuple(dict.fromkeys(str(place[4][0]) for place in found))
