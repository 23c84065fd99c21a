"""Letting go of what is old, and giving its room back: hourly by the worker, and after each `aggregator poll`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import structlog

from aggregator import stories
from aggregator.model import SourceState, TallyKey
from aggregator.ports import Clock, Store

UNTIL_SURE: Final = timedelta(days=1)
"""How long a clock that went on very far must be borne out by polls before anything is let go of for its age."""

DOWN_TO: Final = 0.9
"""The part of its ceiling to which the store is brought, so that it is not at it again a minute later."""


class Housekeeping:
    """Keeps the store from growing for ever.

    Args:
        store: The store.
        clock: Tells the time.
        retain: How long what is absent is kept; None for ever.
        max_size: Bytes that the store may use; None for as many as there are.
    """

    def __init__(
        self, store: Store, clock: Clock, *, retain: timedelta | None, max_size: int | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self.retain = retain
        self._max_size = max_size
        self._told = False
        self._log = structlog.get_logger("engine")

    async def run(self, *, sure: bool = True) -> None:
        """Do all of it now.

        Nothing goes for its age where the clock is in doubt, by the caller's word or by the last polls.
        """
        now = self._clock.now()
        if sure and not is_doubtful((await self._store.remarkable_states()).values(), now):
            await self._let_go(now)
        else:
            self._log.warning("nothing is let go of", reason="the clock went on very far; it may be wrong")
        self._told = False  # once an hour is not too often to be told that a disk fills
        await self.hold_ceiling()
        await self._give_back()

    async def hold_ceiling(self) -> None:
        """Bring the store below its ceiling, if it is above it; says so loudly where that cannot be done.

        Goes by the order in which things became absent, not by how long that is ago, so no clock can mislead it.
        """
        if self._max_size is None or (await self._store.size()).used <= self._max_size:
            return
        items = await self._store.shrink(int(self._max_size * DOWN_TO), self._clock.now())
        used = (await self._store.size()).used
        fields = {"megabytes": _megabytes(used), "max_size": _megabytes(self._max_size)}
        if items:
            await self._store.tally({TallyKey(name="let_go", label="ceiling"): items})
            self._log.warning("pruned", why="store.max_size was reached", items=items, **fields)
            await self._give_back()
        if used > self._max_size and not self._told:
            self._told = True
            self._log.error(
                "store.max_size is exceeded",
                reason="what feeds still list, or ours still show, needs more by itself; it is kept",
                remedy="raise store.max_size, or read fewer sources, or lower the limits of publications",
                **fields,
            )

    async def _let_go(self, now: datetime) -> None:
        """What has been absent for long, or is needed no more."""
        await self._store.forget(now - stories.COMPARED_FOR)
        await self._store.forget_hosts()
        if self.retain is not None:
            pruned = await self._store.prune(now - self.retain)
            if pruned:
                await self._store.tally({TallyKey(name="let_go", label="age"): pruned})
                self._log.info("pruned", why="absent for store.retain", items=pruned)
        dropped = await self._store.drop_backups(now)
        if dropped:
            self._log.info("removed", copies=dropped, why="made before an upgrade more than a week ago")

    async def _give_back(self) -> None:
        room = await self._store.reclaim()
        if room.freed:
            self._log.info("given back to the disk", megabytes=_megabytes(room.freed))
        if room.refused:
            self._log.warning("not given back to the disk", reason=room.refused)


def is_doubtful(states: Iterable[SourceState], now: datetime) -> bool:
    """Whether a source was asked today for the first time in months: the clock may be wrong by these months."""
    resumed = (state.resumed_at for state in states if state.resumed_at is not None)
    return any(timedelta(0) <= now - moment < UNTIL_SURE for moment in resumed)


def _megabytes(size: int) -> float:
    return round(size / 1_000_000, 1)
