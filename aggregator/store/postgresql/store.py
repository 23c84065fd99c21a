"""The store in PostgreSQL: what any database does, over a session of this one, and the care of its room."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from aggregator.errors import SchemaTooNewError, StoreError
from aggregator.model import Item, Reclaimed, SortKey, StoreSize
from aggregator.ports import JobName
from aggregator.store.postgresql import newest, schema, space
from aggregator.store.postgresql.session import PostgresSession
from aggregator.store.postgresql.tsvector_index import TsvectorIndex
from aggregator.store.sql import catalogues, items
from aggregator.store.sql.store import SqlStore
from aggregator.store.sql.word_index import WordIndex


class PostgresStore(PostgresSession, SqlStore):
    """The store in a PostgreSQL database; fulfils `ports.Store`."""

    @property
    def _words(self) -> WordIndex:
        return TsvectorIndex()

    async def close(self) -> None:
        """See `ports.Store.close`."""
        with suppress(StoreError):  # whoever waits for a job has it when the lease is over
            await self.leave_jobs()
        await super().close()

    async def ping(self) -> None:
        """See `ports.Store.ping`."""
        await self._read(partial(schema.version, address=self._address))

    async def latest(
        self, source_ids: Collection[str], limit: int, after: SortKey | None = None
    ) -> tuple[Item, ...]:
        """See `ports.ReadOnlyStore.latest`."""
        asked = partial(items.latest, source_ids=source_ids, limit=limit, after=after, of_each=newest.of_each)
        return await self._read(asked)

    async def catalogue_version(self) -> int:
        """See `ports.ReadOnlyStore.catalogue_version`. What is in force is not for us once the tables are not."""

        def read(connection: Connection) -> int:
            schema.known_revision(connection, self._address)
            return catalogues.version(connection)

        return await self._read(read)

    async def take_job(self, name: JobName, lease: timedelta) -> bool:
        """See `ports.JobStore.take_job`. In tables of a later version no job is ours."""
        try:
            return await super().take_job(name, lease)
        except SchemaTooNewError:
            return False

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
