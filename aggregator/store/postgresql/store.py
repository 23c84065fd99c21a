"""The store in PostgreSQL: what any database does, over a session of this one, and the care of its room."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import partial

from aggregator.errors import StoreError
from aggregator.model import Reclaimed, StoreSize
from aggregator.store.postgresql import schema, space
from aggregator.store.postgresql.session import PostgresSession
from aggregator.store.sql.store import SqlStore


class PostgresStore(PostgresSession, SqlStore):
    """The store in a PostgreSQL database; fulfils `ports.Store`."""

    async def close(self) -> None:
        """See `ports.Store.close`."""
        with suppress(StoreError):  # whoever waits for a job has it when the lease is over
            await self.leave_jobs()
        await super().close()

    async def ping(self) -> None:
        """See `ports.Store.ping`."""
        await self._read(partial(schema.version, address=self._address))

    async def size(self) -> StoreSize:
        """See `ports.ReadOnlyStore.size`."""
        return await self._read(space.measure)

    async def drop_backups(self, now: datetime) -> tuple[str, ...]:
        """See `ports.Store.drop_backups`: none are made here, copies are the operator's (pg_dump)."""
        _ = now
        return ()

    async def reclaim(self) -> Reclaimed:
        """See `ports.Store.reclaim`. What cannot be cut off is used again by the server."""
        return Reclaimed(freed=await self._write_alone(space.vacuum))
