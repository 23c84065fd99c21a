"""A PostgreSQL database while it is open: who reads it, who writes it, and what is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine

from aggregator.errors import StoreError
from aggregator.ports import Clock, ShardQueue
from aggregator.store.postgresql import engines, failures, listening, schema
from aggregator.store.postgresql.server_clock import ServerClock
from aggregator.store.postgresql.transactions import run
from aggregator.store.sql.session import Session

T = TypeVar("T")

READERS: Final = 3
WRITERS: Final = 3
RENEWERS: Final = 1
"""Threads, each with a connection: few, as every process of every machine has them, and a server has a hundred."""

READ_ONLY: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""All statements of one reading see the same moment, as they do in an SQLite file."""


@dataclass(frozen=True, slots=True)
class _OpenDatabase:
    """What exists while a database is open.

    Attributes:
        engine: Its connections.
        reading: The same ones, for transactions that only read.
        readers: The threads of those.
        writers: The threads of the others.
        renewers: The thread of what may not wait for those.
    """

    engine: Engine
    reading: Engine
    readers: ThreadPoolExecutor
    writers: ThreadPoolExecutor
    renewers: ThreadPoolExecutor


class PostgresSession(Session):
    """The life of a store in a PostgreSQL database. Other processes, on any machine, use it at the same time.

    All statements run in threads. Writing is `READ COMMITTED`: the shared statements lock the rows on whose state
    they decide, and where two meet all the same the database refuses one, which is then run again.
    One session belongs to one event loop.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._address = engines.address_of(url)
        self._life: _OpenDatabase | None = None
        self._clock = ServerClock()
        self._listening: set[asyncio.Task[None]] = set()
        self._queue: ShardQueue | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._address.place!r})"

    async def open(self) -> None:
        """See `ports.Store.open`. Opening an open store does nothing."""
        if self._life is None:
            self._life = await asyncio.to_thread(self._begin)

    async def close(self) -> None:
        """See `ports.Store.close`. Closing a closed store does nothing."""
        for task in self._listening:
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)
        self._listening.clear()
        life, self._life = self._life, None
        if life is not None:
            await asyncio.to_thread(_end, life)

    def clock(self) -> Clock | None:
        """See `ports.Store.clock`."""
        return self._clock

    def shard_queue(self) -> ShardQueue | None:
        """See `ports.Store.shard_queue`. Loaded only here, for a web process has no use for it; not on PyPy."""
        if self._queue is None:
            with suppress(ImportError):
                from aggregator.store.postgresql.shard_queue import PostgresShardQueue

                self._queue = PostgresShardQueue(self._write, self._address.place)
        return self._queue

    async def commits(self) -> int:
        """See `ports.ReadOnlyStore.commits`."""
        return await self._read(schema.moment)

    def listen(self, hear: Callable[[], None]) -> bool:
        """See `ports.ReadOnlyStore.listen`."""
        task = asyncio.get_running_loop().create_task(listening.listen(self._address, hear), name="listening")
        self._listening.add(task)
        return True

    def _announce(self, connection: Connection) -> None:
        listening.announce(connection)

    def _begin(self) -> _OpenDatabase:
        engine = engines.connect(self._address, READERS + WRITERS + RENEWERS)
        try:
            with failures.translating(self._address):
                schema.prepare(self._address, engine)
                run(engine, self._clock.ask)
        except BaseException:
            engine.dispose()
            raise
        return _OpenDatabase(
            engine=engine,
            reading=engine.execution_options(**READ_ONLY),
            readers=ThreadPoolExecutor(READERS, "store-reader"),
            writers=ThreadPoolExecutor(WRITERS, "store-writer"),
            renewers=ThreadPoolExecutor(RENEWERS, "store-renewer"),
        )

    def _open_life(self) -> _OpenDatabase:
        if self._life is None:
            raise StoreError(f"the database {self._address.place} is not open: call open() first")
        return self._life

    async def _read(self, work: Callable[[Connection], T]) -> T:
        life = self._open_life()
        with failures.translating(self._address):
            return await asyncio.get_running_loop().run_in_executor(life.readers, self._run, life.reading, work)

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self._write_in(self._open_life().writers, self._fence(work))

    async def _write_soon(self, work: Callable[[Connection], T]) -> T:
        return await self._write_in(self._open_life().renewers, self._fence(work))

    async def _write_unfenced(self, work: Callable[[Connection], T]) -> T:
        return await self._write_in(self._open_life().writers, work)

    async def _write_in(self, threads: ThreadPoolExecutor, work: Callable[[Connection], T]) -> T:
        life = self._open_life()
        with failures.translating(self._address):
            return await asyncio.get_running_loop().run_in_executor(threads, self._run, life.engine, work)

    def _fence(self, work: Callable[[Connection], T]) -> Callable[[Connection], T]:
        """The same, but nothing is written to tables that a later version has upgraded meanwhile."""

        def fenced(connection: Connection) -> T:
            result = work(connection)
            schema.known_revision(connection, self._address)  # last: whoever upgrades waits for what was begun
            return result

        return fenced

    def _run(self, engine: Engine, work: Callable[[Connection], T]) -> T:
        if self._clock.is_due:
            run(engine, self._clock.ask)
        return run(engine, work)

    async def _write_alone(self, work: Callable[[Connection], T]) -> T:
        """What may not stand in a transaction."""
        life = self._open_life()

        def writing() -> T:
            with life.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                return work(connection)

        with failures.translating(self._address):
            return await asyncio.get_running_loop().run_in_executor(life.writers, writing)


def _end(life: _OpenDatabase) -> None:
    for threads in (life.readers, life.writers, life.renewers):
        threads.shutdown()
    life.engine.dispose()
