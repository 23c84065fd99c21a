"""What a backend brings to the shared statements: something that runs them in transactions."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from aggregator.ports import Clock, ShardQueue

T = TypeVar("T")


class Session(ABC):
    """An open database, in which functions over a connection are run, each as a transaction."""

    def __init__(self) -> None:
        self._owner = secrets.token_hex(8)
        """Tells this object from all others that use the database, in this process and elsewhere."""

    def clock(self) -> Clock | None:
        """See `ports.Store.clock`; for a backend to answer that is on another machine."""
        return None

    def shard_queue(self) -> ShardQueue | None:
        """See `ports.Store.shard_queue`; for a backend to answer that has one."""
        return None

    def listen(self, hear: Callable[[], None]) -> bool:
        """See `ports.ReadOnlyStore.listen`; for a backend to answer that can tell."""
        _ = hear
        return False

    def _announce(self, connection: Connection) -> None:
        """Tell those who listen that documents change in this transaction; for a backend that can."""
        _ = connection

    @abstractmethod
    async def _read(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, run over a transaction that only reads."""

    @abstractmethod
    async def _write(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, run over a transaction that is written as a whole or not at all.

        Raises SchemaTooNewError, and nothing is written, where a later version has upgraded the tables meanwhile.

        It may be run a second time, after a rollback: so it must do nothing but read and write.
        """

    async def _write_unfenced(self, work: Callable[[Connection], T]) -> T:
        """As `_write`, for what any version may write at any time: whose turn it is to ask a host."""
        return await self._write(work)

    async def _write_soon(self, work: Callable[[Connection], T]) -> T:
        """As `_write`, for what must not wait behind much that is to be written: a lease that ends meanwhile."""
        return await self._write(work)
