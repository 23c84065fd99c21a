"""An SQLite file while it is open: who reads it, who writes it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine

from aggregator.errors import StoreError
from aggregator.store.sql.session import Session
from aggregator.store.sqlite import engines, failures, place, schema
from aggregator.store.sqlite.writer import Writer

T = TypeVar("T")

READERS = 3
"""Threads that read, each with its connection. SQLite's readers wait for nobody, but Python runs one at a time."""

BACKLOG = 1000
"""Transactions that may wait for the writer; whoever brings another waits until there is room."""


@dataclass(frozen=True, slots=True)
class _OpenFile:
    """What exists while a file is open.

    Attributes:
        readers: Connections that only read.
        watcher: One connection that asks whether others wrote; only the same one can compare.
        threads: In which they are used.
        writer: The one thread that writes.
        room: How many more transactions may wait for it.
        identity: Device and inode of the file as it was opened.
        end: Lets go of all of it, in order.
    """

    readers: Engine
    watcher: Engine
    threads: ThreadPoolExecutor
    writer: Writer
    room: asyncio.Semaphore
    identity: tuple[int, int]
    end: ExitStack


class SqliteSession(Session):
    """The life of a store in an SQLite file. Other processes may use the file at the same time.

    All statements run in threads, so that no event loop ever waits for a disk: a few threads read, one writes.
    One session belongs to one event loop.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path.absolute()
        self._life: _OpenFile | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._path)!r})"

    async def open(self) -> None:
        """See `ports.Store.open`. Opening an open store does nothing."""
        if self._life is None:
            self._life = await asyncio.to_thread(self._begin)

    async def close(self) -> None:
        """See `ports.Store.close`. Closing a closed store does nothing."""
        life, self._life = self._life, None
        if life is not None:
            with failures.translating(str(self._path)):
                await asyncio.to_thread(life.end.close)

    def _is_same_file(self) -> bool:
        return _identity(self._path) == self._open_life().identity

    def _begin(self) -> _OpenFile:
        with failures.translating(str(self._path)), ExitStack() as begun:
            place.make(self._path)
            readers = engines.connect(self._path, "read", size=READERS)
            begun.callback(readers.dispose)
            schema.prepare(self._path, readers)
            watcher = engines.connect(self._path, "read")
            begun.callback(watcher.dispose)
            writing = engines.connect(self._path, "write")
            begun.callback(writing.dispose)
            threads = begun.enter_context(ThreadPoolExecutor(READERS, "store-reader"))
            writer = Writer(writing, partial(schema.require_current, path=self._path))
            begun.callback(writer.close)
            room = asyncio.Semaphore(BACKLOG)
            return _OpenFile(readers, watcher, threads, writer, room, _identity(self._path), begun.pop_all())

    def _open_life(self) -> _OpenFile:
        if self._life is None:
            raise StoreError(f"the database {self._path} is not open: call open() first")
        return self._life

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await self._read_from(self._open_life().readers, work)

    async def commits(self) -> int:
        """See `ports.ReadOnlyStore.commits`."""
        return await self._read_from(self._open_life().watcher, _data_version)

    async def _read_from(self, engine: Engine, work: Callable[[Connection], T]) -> T:
        life = self._open_life()

        def reading() -> T:
            with engine.begin() as connection:
                return work(connection)

        with failures.translating(str(self._path)):
            return await asyncio.get_running_loop().run_in_executor(life.threads, reading)

    async def _write(self, work: Callable[[Connection], T]) -> T:
        life = self._open_life()
        with failures.translating(str(self._path)):
            async with life.room:
                return await asyncio.wrap_future(life.writer.submit(work))

    async def _write_alone(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What may not stand in a transaction; all that is to be written waits for it."""
        life = self._open_life()
        with failures.translating(str(self._path)):
            async with life.room:
                return await asyncio.wrap_future(life.writer.submit_alone(work))


def _data_version(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())


def _identity(path: Path) -> tuple[int, int]:
    """Device and inode: another file under the same name has others. Zeros when there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino
