"""What keeps the store in an SQLite file in order, and what went wrong with us: the methods that no noun owns."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial

from aggregator.errors import StoreError
from aggregator.model import Faults, FaultStage, Reclaimed
from aggregator.store import faults, pruning, schema, space
from aggregator.store.session import SqliteSession


class SqliteHousekeeping(SqliteSession):
    """A session that can be looked after."""

    async def ping(self) -> None:
        """See `ports.Store.ping`; also tells when the file was taken away from under us."""
        if not await asyncio.to_thread(self._same_file):
            raise StoreError(f"the database {self._path} was removed or replaced: start this program again")
        await self._read(partial(schema.version, path=self._path))

    async def prune(self, before: datetime) -> int:
        """See `ports.Store.prune`. Lets polls be written between its steps."""
        await self._write(partial(pruning.prune_publications, before=before))
        keep = await self._read(pruning.spared)
        total, place = 0, pruning.FIRST
        while True:
            step = await self._write(partial(pruning.prune, before=before, keep=keep, after=place))
            total += step.pruned
            if step.last is None:
                return total
            place = step.last

    async def reclaim(self) -> Reclaimed:
        """See `ports.Store.reclaim`. Lets polls be written between its steps."""
        found = await self._read(space.room)
        refused = await asyncio.to_thread(space.lacking, found, self._path) if found.worth_rewriting else None
        if found.worth_rewriting and refused is None:
            await self._write_alone(space.rewrite)
        elif found.incremental:
            while await self._write_alone(space.release):
                pass
        left = await self._read(space.room)
        if left.pages < found.pages:
            await self._write_alone(space.settle)
        return Reclaimed(freed=(found.pages - left.pages) * found.page_size, refused=refused)

    async def count_faults(self, stage: FaultStage, count: int) -> None:
        """See `ports.Store.count_faults`."""
        await self._write(partial(faults.count, stage=stage, more=count))

    async def faults(self) -> tuple[Faults, ...]:
        """See `ports.Store.faults`."""
        return await self._read(faults.counted)
