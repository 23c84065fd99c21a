"""The versions of feeds.yaml that were understood. Functions over an open transaction."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import Connection, delete, insert, select

from aggregator.store.sql.tables import catalogues
from aggregator.store.sql.turns import take_turn

_VERSIONS = 20
"""How many are remembered."""


def keep(connection: Connection, content: bytes, now: datetime) -> None:
    """See `ports.SourceStore.keep_catalogue`."""
    take_turn(connection)
    newest = select(catalogues).order_by(catalogues.c.version.desc()).limit(1)
    last = connection.execute(newest).one_or_none()
    if last is not None and last.content == content:
        return
    version = 1 if last is None else last.version + 1
    connection.execute(insert(catalogues), [{"version": version, "content": content, "kept_at": now}])
    connection.execute(delete(catalogues).where(catalogues.c.version <= version - _VERSIONS))


def kept_catalogue(connection: Connection) -> bytes | None:
    """See `ports.ReadOnlyStore.kept_catalogue`."""
    newest = select(catalogues.c.content).order_by(catalogues.c.version.desc()).limit(1)
    return cast("bytes | None", connection.scalar(newest))
