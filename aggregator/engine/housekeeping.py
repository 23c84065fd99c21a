"""Letting go of what is old, and giving its room back: hourly by the worker, and after each `aggregator poll`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import structlog

from aggregator import stories
from aggregator.model import SourceState
from aggregator.ports import Clock, Store

UNTIL_SURE: Final = timedelta(days=1)
"""How long a clock that went on very far must be borne out by polls before anything is let go of for its age."""


class Housekeeping:
    """Keeps the store from growing for ever."""

    def __init__(self, store: Store, clock: Clock, *, retain: timedelta | None) -> None:
        self._store = store
        self._clock = clock
        self._retain = retain
        self._log = structlog.get_logger("engine")

    async def run(self, *, sure: bool = True) -> None:
        """Do all of it now; nothing where the clock is in doubt, by the caller's word or by the last polls."""
        now = self._clock.now()
        if not sure or is_doubtful((await self._store.states()).values(), now):
            self._log.warning("nothing is let go of", reason="the clock went on very far; it may be wrong")
            return
        await self._store.forget(now - stories.COMPARED_FOR)
        if self._retain is not None:
            pruned = await self._store.prune(now - self._retain)
            if pruned:
                self._log.info("pruned", items=pruned)
        dropped = await self._store.drop_backups(now)
        if dropped:
            self._log.info("removed", copies=dropped, why="made before an upgrade more than a week ago")
        room = await self._store.reclaim()
        if room.freed:
            self._log.info("given back to the disk", megabytes=round(room.freed / 1_000_000, 1))
        if room.refused:
            self._log.warning("not given back to the disk", reason=room.refused)


def is_doubtful(states: Iterable[SourceState], now: datetime) -> bool:
    """Whether a source was asked today for the first time in months: the clock may be wrong by these months."""
    resumed = (state.resumed_at for state in states if state.resumed_at is not None)
    return any(timedelta(0) <= now - moment < UNTIL_SURE for moment in resumed)
