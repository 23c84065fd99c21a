"""What a worker does beside polling and publishing, and of several workers one for all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

from aggregator.engine.following import ListFollower
from aggregator.engine.housekeeping import Housekeeping
from aggregator.engine.indexing import Indexing
from aggregator.engine.jobs import Jobs
from aggregator.engine.poller import Poller
from aggregator.engine.watch import IncidentWatch
from aggregator.model import Catalogue
from aggregator.ports import Clock, Store

TURN = timedelta(minutes=1)
"""How often it is looked whether something is the matter, and the store is held against its ceiling: a flood may
bring a lot in an hour."""

HOUSEKEEPING = timedelta(hours=1)

LEASE = timedelta(seconds=75)
"""How long the chores stay with the process that did them last: until its next turn, and a little."""


class Chores:
    """Letting go of what is old, and looking whether something is the matter, by whoever has the job.

    Args:
        housekeeping: Lets go of what is old.
        incidents: Looks whether something is the matter.
        indexing: Has search find what is new.
        jobs: Tells whether this process has the job.
        lists: Asks for lists elsewhere; None where nobody does.
    """

    def __init__(
        self,
        housekeeping: Housekeeping,
        incidents: IncidentWatch,
        indexing: Indexing,
        jobs: Jobs,
        lists: ListFollower | None = None,
    ) -> None:
        self._lists = lists
        self.housekeeping = housekeeping
        self.incidents = incidents
        self.indexing = indexing
        self._jobs = jobs
        self._kept_at: float | None = None

    def owe(self) -> None:
        """Have the next turn of housekeeping do all of it."""
        self._kept_at = None

    async def keep_house(self, *, sure: bool = True) -> None:
        """Keep the store below its ceiling; once an hour do all there is to do. `sure`: see `Housekeeping.run`."""
        async with self._jobs.holding("chores", LEASE) as ours:
            now = asyncio.get_running_loop().time()
            if ours and (self._kept_at is None or now >= self._kept_at + HOUSEKEEPING.total_seconds()):
                self._kept_at = now
                await self.housekeeping.run(sure=sure)
            elif ours:
                await self.housekeeping.hold_ceiling()

    async def follow_lists(self) -> None:
        """Ask for the lists elsewhere that are due."""
        if self._lists is None or not self._lists.are_there:
            return
        async with self._jobs.holding("chores", LEASE) as ours:
            if ours:
                await self._lists.look()

    async def look(self) -> None:
        """Look whether something is the matter."""
        async with self._jobs.holding("chores", LEASE) as ours:
            if ours:
                await self.incidents.look()


def make_chores(
    catalogue: Callable[[], Catalogue],
    store: Store,
    clock: Clock,
    poller: Poller | None,
    *,
    retain: timedelta | None,
    max_size: int | None,
) -> Chores:
    """The chores of one process; with a `poller`, following lists too. For the bounds see `Housekeeping`."""
    jobs = Jobs(store)
    return Chores(
        Housekeeping(store, clock, retain=retain, max_size=max_size),
        IncidentWatch(catalogue, store, clock),
        Indexing(store, jobs),
        jobs,
        lists=None if poller is None else ListFollower(poller),
    )
