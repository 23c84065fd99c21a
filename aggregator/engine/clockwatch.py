"""Whether this machine's clock can be relied on: it may not be set yet, and it may be set while we run."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from aggregator.ports import Clock

JUMP = timedelta(seconds=30)
"""Less than this is an adjustment, not a clock that was wrong."""

FAR = timedelta(days=31)
"""A step forward of more than this is hardly time that passed: what follows from age must wait."""

UNTIL_SURE = timedelta(days=1).total_seconds()
"""How long such a clock must run, and nobody set it right, before anything is let go for its age."""

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


class ClockWatch:
    """Compares the machine's clock with time as it passes (the monotonic clock, which nobody sets).

    Args:
        clock: The machine's.
        earliest: When this program was made: a clock that shows less is not set.
        elapsed: Seconds that passed since some moment; for tests.
    """

    def __init__(
        self, clock: Clock, *, earliest: datetime = _BEGINNING, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._earliest = earliest
        self._elapsed = elapsed
        self._last = (clock.now(), elapsed())
        self._doubted_at: float | None = None

    @property
    def is_set(self) -> bool:
        """Whether the clock shows a time at which this program can run; without a battery it starts in 1970."""
        return self._clock.now() >= self._earliest

    @property
    def is_sure(self) -> bool:
        """Whether nothing speaks against the clock having gone on too far."""
        return self._doubted_at is None or self._elapsed() - self._doubted_at > UNTIL_SURE

    def look(self) -> timedelta | None:
        """How far the clock was set, forward or back (negative), since the last look; None if it was not."""
        now, elapsed = self._clock.now(), self._elapsed()
        before, then = self._last
        self._last = (now, elapsed)
        jump = now - before - timedelta(seconds=elapsed - then)
        if jump > FAR:
            self._doubted_at = elapsed
        elif jump < -JUMP:
            self._doubted_at = None
        return jump if abs(jump) > JUMP else None

    def compare(self, last_alive: datetime | None, usual: timedelta) -> None:
        """Doubt the clock if it shows that nothing was polled for longer than `usual`, and than `FAR`."""
        if last_alive is not None and self._clock.now() - last_alive > max(usual, FAR):
            self._doubted_at = self._elapsed()
