"""Whoever serves documents hears at once that another process has rendered some: LISTEN and NOTIFY.

A connection of its own waits for that. Nothing depends on it: what is not heard, because the connection was gone
or a pgbouncer stands between that shares connections by the transaction, is found by looking.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from psycopg import AsyncConnection, Error
from sqlalchemy import Connection, text

from aggregator.store.postgresql import engines

CHANNEL: Final = "aggregator_documents"

_AGAIN: Final = 1.0
"""Seconds before a lost connection is made anew."""

_NOTIFY = text("SELECT pg_notify(:channel, '')")


def announce(connection: Connection) -> None:
    """Tell all who listen, once the transaction is written, that documents changed; twice in one is told once.

    Commits that tell something wait for each other in the server, so only those do that change a document.
    """
    connection.execute(_NOTIFY, {"channel": CHANNEL})


async def listen(address: engines.Address, hear: Callable[[], None]) -> None:
    """Call `hear` at each announcement, and when something may have been missed, until cancelled."""
    given: dict[str, Any] = engines.arguments(address)
    while True:
        with suppress(Error, OSError):
            async with await AsyncConnection.connect(**given, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                hear()
                async for _ in connection.notifies():
                    hear()
        await asyncio.sleep(_AGAIN)
