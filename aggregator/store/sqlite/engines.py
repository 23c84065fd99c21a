"""Connections to an SQLite file, set up so that transactions are what they say."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

BUSY_SECONDS = 30.0
"""How long a transaction waits for another process's. Theirs take milliseconds; a migration may take longer."""

_DURABLE = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA journal_size_limit=67108864")
_PRAGMAS = {
    "read": ("PRAGMA query_only=ON",),
    "write": (*_DURABLE, "PRAGMA foreign_keys=ON"),
    # That the file can be cut must be said before anything is in it. Changing a table means copying it in SQLite,
    # which the rows that point at it would not survive.
    "upgrade": ("PRAGMA auto_vacuum=INCREMENTAL", *_DURABLE, "PRAGMA foreign_keys=OFF"),
}
_BEGIN = {"read": "BEGIN", "write": "BEGIN IMMEDIATE", "upgrade": "BEGIN IMMEDIATE"}

Purpose = Literal["read", "write", "upgrade"]


def connect(path: Path, purpose: Purpose, *, size: int = 1, busy: float = BUSY_SECONDS) -> Engine:
    """An engine of `size` connections at most, opened when first needed; `dispose()` closes them.

    The driver would begin transactions late and end them early; so it is kept from doing either, and every
    transaction begins where SQLAlchemy says. One that writes takes the lock at once: one that read first
    could find its snapshot stale when it writes, which no waiting cures.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        connect_args={"timeout": busy, "check_same_thread": False, "isolation_level": None},
    )

    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in _PRAGMAS[purpose]:
            connection.execute(pragma).close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(_BEGIN[purpose])

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", begin)
    return engine
