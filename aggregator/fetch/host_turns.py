"""A turn to ask a host: this process's own affair, or that of all processes that share a store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aggregator.ports import HostBounds, HostPermit, PacingStore, Slowdown

LATE = 0.05
"""Seconds by which a request may be sent later than there was leave to without the others being told."""

_FROZEN = 1.0
"""Seconds after which a request must not be sent any more at all without asking again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedTurns:
    """Who says whose turn it is among all processes.

    Attributes:
        store: Which they share.
        bounds: How many at once, how far apart.
    """

    store: PacingStore
    bounds: HostBounds


class HostTurn:
    """A turn to ask a host, in a process that is alone."""

    async def begin(self) -> None:
        """To be awaited when the host has been reached, right before it is asked."""

    async def sent(self) -> None:
        """To be awaited right after it was asked."""

    async def end(self, slowdown: Slowdown | None) -> None:
        """The host was asked, and answered so."""


class SharedTurn(HostTurn):
    """A turn among several processes, which go by what is told here.

    Reaching a host takes a while, the more so on a busy machine; two requests whose leave was a gap apart could
    come closer to each other. So the gap goes from when a request is sent, where that is later, and one in whose
    place another was sent meanwhile waits.
    """

    def __init__(
        self,
        host: str,
        permit: HostPermit,
        shared: SharedTurns,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        at: float,
    ) -> None:
        self._host = host
        self._permit = permit
        self._shared = shared
        self._clock = clock
        self._sleep = sleep
        self._at = at

    async def begin(self) -> None:
        """See `HostTurn.begin`."""
        late = LATE
        while self._clock() - self._at > late:
            late, self._at = _FROZEN, self._clock()
            found = await self._shared.store.begin_turn(self._host, self._permit, self._shared.bounds)
            if isinstance(found, HostPermit):
                self._permit = found
            else:
                late = -1.0
                await self._sleep(found.wait.total_seconds())

    async def sent(self) -> None:
        """See `HostTurn.sent`. On a busy machine time may pass between a look at the clock and the sending."""
        if self._clock() - self._at > LATE:
            found = await self._shared.store.begin_turn(self._host, self._permit, self._shared.bounds)
            if isinstance(found, HostPermit):
                self._permit = found

    async def end(self, slowdown: Slowdown | None) -> None:
        """See `HostTurn.end`."""
        await self._shared.store.end_turn(self._host, self._permit, slowdown)
