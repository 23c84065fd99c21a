"""What the ids of feeds are made from. Functions over an open transaction."""

from __future__ import annotations

import uuid
from typing import Final

from sqlalchemy import Connection, insert, select

from aggregator.store.sql.columns import storable
from aggregator.store.sql.tables import installation, publications

_NAME: Final = "feeds"
_seed = select(installation.c.value).where(installation.c.name == _NAME)


def mint(connection: Connection) -> None:
    """Give new tables what no other installation has; carrying everything elsewhere brings it along."""
    connection.execute(insert(installation), [{"name": _NAME, "value": str(uuid.uuid4())}])


def feed_name(connection: Connection, publication_id: str) -> str:
    """See `ports.ReadOnlyStore.feed_name`."""
    named = select(publications.c.feed_name).where(publications.c.id == storable(publication_id))
    own = connection.scalar(named) or publication_id
    return f"{connection.execute(_seed).scalar_one()}/{own}"
