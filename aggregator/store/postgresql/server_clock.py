"""The clock that all machines share which use one database: the server's."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, text

AGAIN_AFTER: Final = 30.0
"""Seconds after which the server is asked anew: machines' own clocks part by a few milliseconds in that time."""

_ASKED = text("SELECT extract(epoch FROM clock_timestamp())")


def elapsed() -> float:
    """Seconds since some moment, which nobody sets; with those in which the machine slept, where it can tell."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class ServerClock:
    """Tells the server's time without asking for it each time; fulfils `ports.Clock`.

    What the server said last, and the time that has passed since: wrong by less than the answer took. Before the
    first answer it is this machine's clock.
    """

    def __init__(self, elapsed: Callable[[], float] = elapsed) -> None:
        self._elapsed = elapsed
        self._told: tuple[float, float] | None = None

    def now(self) -> datetime:
        """The present instant, UTC, whole seconds."""
        if self._told is None:
            return datetime.now(UTC).replace(microsecond=0)
        moment, then = self._told
        return datetime.fromtimestamp(int(moment + self._elapsed() - then), UTC)

    @property
    def is_due(self) -> bool:
        """Whether the server should be asked (anew)."""
        return self._told is None or self._elapsed() - self._told[1] > AGAIN_AFTER

    def ask(self, connection: Connection) -> None:
        """Have the server say what time it is."""
        connection.execute(text("SELECT 1"))  # begins the transaction, which takes time of its own
        began = self._elapsed()
        moment = float(connection.execute(_ASKED).scalar_one())
        self._told = (moment, (began + self._elapsed()) / 2)
