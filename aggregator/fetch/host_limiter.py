"""Whose turn it is: how many requests run at once, in all and per host, and how far apart they start.

A host that answers "too many requests" is slowed down, in two steps:

1. The first time, its gap grows (to a second at least, doubling with each further time), so that its other
   sources are still asked, only more slowly. Many hosts limit each feed by itself, and one greedy feed must
   not silence its neighbours.
2. After three such answers in a row the host evidently means all of us. It is left alone for a while, at most
   five minutes, and requests in that time end at once with `PausedError`. They are not kept waiting, because
   whoever waits holds a lease on a source.

A single ordinary answer puts the host back to normal.

Where several machines share a store, it says whose turn it is among all of them (`ports.PacingStore`), after this
process has found whose turn it is here; so each process waits for a host in one place at most.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from aggregator.fetch.host_turns import HostTurn, SharedTurn, SharedTurns
from aggregator.ports import HostPermit, Slowdown

_SLOW_GAP = 1.0
_LONGEST_GAP = 30.0
_STRIKES = 3
_PAUSE = 60.0
_LONGEST_PAUSE = 300.0
_SWEEP = 256


class PausedError(Exception):
    """A host said "too many requests" so often that it is left alone for a while.

    Attributes:
        seconds: For how much longer.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__()


class _Lane:
    """What is remembered of one host."""

    def __init__(self, places: int) -> None:
        self.places = asyncio.Semaphore(places)
        self.turn = asyncio.Lock()
        self.users = 0
        self.next_start = 0.0
        self.strikes = 0
        self.paused_until = 0.0
        self.untold: Slowdown | None = None


class HostLimiter:
    """Gives out turns to make a request, first come, first served for each host."""

    def __init__(
        self,
        *,
        concurrency: int,
        per_host: int,
        gap: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        shared: SharedTurns | None = None,
    ) -> None:
        """Build a limiter.

        Args:
            concurrency: Requests at once, in all.
            per_host: Requests at once to one host.
            gap: Seconds between the starts of two requests to one host.
            clock: Seconds that only grow.
            sleep: Waits so many of them.
            shared: Whose turn it is among all processes; None where this one is alone.
        """
        self._running = asyncio.Semaphore(concurrency)
        self._per_host = per_host
        self._gap = gap
        self._clock = clock
        self._sleep = sleep
        self._shared = shared
        self._lanes: dict[str, _Lane] = {}
        self._sweep_at = _SWEEP

    @asynccontextmanager
    async def slot(self, host: str) -> AsyncIterator[HostTurn]:
        """Wait for a turn to ask a host, and hold it.

        While waiting for its host, a request takes up none of the places that other hosts could use.

        Raises:
            PausedError: The host is to be left alone.
        """
        lane = self._lane(host)
        lane.users += 1
        try:
            async with lane.places:
                turn = await self._start(lane, host)
                try:
                    yield turn
                finally:
                    self._running.release()
                    slowdown, lane.untold = lane.untold, None
                    await turn.end(slowdown)
        finally:
            lane.users -= 1

    def record_answer(self, host: str) -> None:
        """Note that a host gave an ordinary answer: it is asked at the usual pace again."""
        lane = self._lane(host)
        if lane.strikes:
            lane.strikes, lane.untold = 0, Slowdown()

    def record_throttle(self, host: str, seconds: float | None) -> None:
        """Note that a host said "too many requests": it is asked more slowly, then not at all for a while.

        Args:
            host: Which.
            seconds: For how long it wants peace, if it said so.
        """
        lane = self._lane(host)
        lane.strikes += 1
        now = self._clock()
        lane.next_start = max(lane.next_start, now + self._gap_of(lane))
        pause = 0.0
        if lane.strikes >= _STRIKES:
            wanted = _PAUSE if seconds is None else seconds
            pause = min(max(wanted, _SLOW_GAP), _LONGEST_PAUSE)
            lane.paused_until = now + pause
        gap = timedelta(seconds=self._gap_of(lane))
        lane.untold = Slowdown(strikes=lane.strikes, gap=gap, pause=timedelta(seconds=pause))

    async def _start(self, lane: _Lane, host: str) -> HostTurn:
        """Wait until the gap is over and there is a place among all; one request of the lane at a time."""
        async with lane.turn:
            while True:
                self._check(lane)
                while (wait := lane.next_start - self._clock()) > 0:
                    await self._sleep(wait)
                    self._check(lane)
                await self._running.acquire()
                try:
                    turn = await self._find_turn(lane, host)
                except BaseException:
                    self._running.release()
                    raise
                if turn is not None:
                    lane.next_start = self._clock() + self._gap_of(lane)
                    return turn
                self._running.release()

    async def _find_turn(self, lane: _Lane, host: str) -> HostTurn | None:
        """A turn among all processes; None where it is another's, and the lane knows until when."""
        if self._shared is None:
            return HostTurn()
        asked = self._clock()
        found = await self._shared.store.take_turn(host, self._shared.bounds)
        now = self._clock()
        if isinstance(found, HostPermit):
            lane.strikes = found.strikes
            return SharedTurn(host, found, self._shared, clock=self._clock, sleep=self._sleep, at=asked)
        if found.paused:
            lane.paused_until = now + found.wait.total_seconds()
        else:
            lane.next_start = now + found.wait.total_seconds()
        return None

    def _check(self, lane: _Lane) -> None:
        left = lane.paused_until - self._clock()
        if left > 0:
            raise PausedError(left)

    def _gap_of(self, lane: _Lane) -> float:
        if lane.strikes == 0:
            return self._gap
        slow = max(_SLOW_GAP, 2 * self._gap) * 2.0 ** min(lane.strikes - 1, 10)
        return max(self._gap, min(slow, _LONGEST_GAP))

    def _lane(self, host: str) -> _Lane:
        found = self._lanes.get(host)
        if found is None:
            self._sweep()
            found = self._lanes[host] = _Lane(self._per_host)
        return found

    def _sweep(self) -> None:
        """Forget hosts of which nothing is left to remember; now and then, so that it costs next to nothing."""
        if len(self._lanes) < self._sweep_at:
            return
        now = self._clock()
        for host, lane in list(self._lanes.items()):
            if lane.users == 0 and max(lane.next_start, lane.paused_until) + _LONGEST_GAP <= now:
                del self._lanes[host]
        self._sweep_at = max(_SWEEP, 2 * len(self._lanes))
