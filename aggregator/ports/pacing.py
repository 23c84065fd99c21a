"""How processes on many machines are polite together: whose turn it is to ask a host, told by the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class HostBounds:
    """How a host is asked, by all together.

    Attributes:
        at_once: Requests that may run at the same time.
        gap: Between the starts of two of them, unless the host wants more.
        lease: How long a request may take; one that was not ended by then is over, since its process is gone.
    """

    at_once: int
    gap: timedelta
    lease: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPermit:
    """Leave to ask a host once, now.

    Attributes:
        id: Which of the requests that are under way this one is.
        next_start: When the next one may start, unless another has started meanwhile; for the store alone.
        strikes: How often in a row the host had said "too many requests", to whomever.
    """

    id: str
    next_start: int
    strikes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostBusy:
    """No leave to ask a host now.

    Attributes:
        wait: When it makes sense to want that again.
        paused: Whether the host is left alone until then; otherwise others are asking it.
    """

    wait: timedelta
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slowdown:
    """How a host is to be asked after what it answered.

    Attributes:
        strikes: How often in a row it has said "too many requests"; 0 after an ordinary answer.
        gap: Between the starts of two requests from now on, if that is more than usual.
        pause: How long it is left alone.
    """

    strikes: int = 0
    gap: timedelta = timedelta(0)
    pause: timedelta = timedelta(0)


class PacingStore(Protocol):
    """The part of the store by which processes take turns to ask a host. Times are by the database's clock."""

    async def take_turn(self, host: str, bounds: HostBounds) -> HostPermit | HostBusy:
        """Leave to ask a host now, or when to want it again."""
        ...

    async def begin_turn(self, host: str, permit: HostPermit, bounds: HostBounds) -> HostPermit | HostBusy:
        """Start a request now, which is later than there was leave to: the gap is counted from now.

        Where another one has started since, this one has to wait, and to want to start again.
        """
        ...

    async def end_turn(self, host: str, permit: HostPermit, slowdown: Slowdown | None = None) -> None:
        """Note that a request is over, and how the host is to be asked from now on, where that changed."""
        ...

    async def forget_hosts(self) -> None:
        """Let go of hosts that nobody has asked for a day."""
        ...
