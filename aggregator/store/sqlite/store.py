"""The store in an SQLite file: what any database does, over a session of this one, and the care of the file."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from functools import partial

from aggregator.errors import StoreError
from aggregator.model import Reclaimed, StoreSize
from aggregator.store.sql.store import SqlStore
from aggregator.store.sql.word_index import WordIndex
from aggregator.store.sqlite import copying, place, schema, space
from aggregator.store.sqlite.fts5_index import Fts5Index
from aggregator.store.sqlite.session import SqliteSession


class SqliteStore(SqliteSession, SqlStore):
    """The store in an SQLite file; fulfils `ports.Store`."""

    @property
    def _words(self) -> WordIndex:
        return Fts5Index()

    async def close(self) -> None:
        """See `ports.Store.close`."""
        with suppress(StoreError):  # whoever waits for a job has it when the lease is over
            await self.leave_jobs()
        await super().close()

    async def ping(self) -> None:
        """See `ports.Store.ping`; also tells when the file was taken away from under us."""
        if not await asyncio.to_thread(self._is_same_file):
            raise StoreError(f"the database {self._path} was removed or replaced: start this program again")
        await self._read(partial(schema.version, path=self._path))

    async def size(self) -> StoreSize:
        """See `ports.ReadOnlyStore.size`."""
        found = await self._read(space.measure)
        taken = await asyncio.to_thread(place.measure, self._path)
        return StoreSize(used=(found.pages - found.free) * found.page_size, taken=taken)

    async def drop_backups(self, now: datetime) -> tuple[str, ...]:
        """See `ports.Store.drop_backups`."""
        try:
            return await asyncio.to_thread(copying.drop_kept, self._path, now - copying.KEPT)
        except OSError as error:
            raise StoreError(f"an old copy of the database {self._path} cannot be removed: {error}") from error

    async def reclaim(self) -> Reclaimed:
        """See `ports.Store.reclaim`. Lets polls be written between its steps."""
        found = await self._read(space.measure)
        refused = (
            await asyncio.to_thread(space.why_not_rewritten, found, self._path) if found.worth_rewriting else None
        )
        if found.worth_rewriting and refused is None:
            await self._write_alone(space.rewrite)
        elif found.incremental:
            while await self._write_alone(space.release):
                pass
        left = await self._read(space.measure)
        if left.pages < found.pages:
            await self._write_alone(space.settle)
        return Reclaimed(freed=(found.pages - left.pages) * found.page_size, refused=refused)
