"""What the store keeps of feeds.yaml. Functions over an open transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from aggregator.model import KeptCatalogue
from aggregator.store.sql.tables import catalogues
from aggregator.store.sql.turns import take_turn

_VERSIONS = 20
"""How many are remembered."""


def keep(connection: Connection, content: bytes, now: datetime, replacing: int | None) -> int | None:
    """See `ports.SourceStore.keep_catalogue`."""
    take_turn(connection)
    last = kept_catalogue(connection)
    if last is not None and last.content == content:
        return last.version
    before = 0 if last is None else last.version
    if replacing not in {None, before}:
        return None
    connection.execute(insert(catalogues), [{"version": before + 1, "content": content, "kept_at": now}])
    connection.execute(delete(catalogues).where(catalogues.c.version <= before + 1 - _VERSIONS))
    return before + 1


def kept_catalogue(connection: Connection) -> KeptCatalogue | None:
    """See `ports.ReadOnlyStore.kept_catalogue`."""
    newest = select(catalogues).order_by(catalogues.c.version.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return None if row is None else KeptCatalogue(version=row.version, content=row.content, kept_at=row.kept_at)


def version(connection: Connection) -> int:
    """See `ports.ReadOnlyStore.catalogue_version`."""
    return int(connection.scalar(select(func.max(catalogues.c.version))) or 0)
