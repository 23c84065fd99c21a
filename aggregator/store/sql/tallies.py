"""Counts of what the program did, added up over processes and restarts. Functions over an open transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sqlalchemy import Connection, bindparam, insert, select, update

from aggregator.model import TallyKey, TallyName
from aggregator.store.sql.tables import tallies

_more = (
    update(tallies)
    .where(tallies.c.name == bindparam("which"), tallies.c.label == bindparam("of"))
    .values(count=tallies.c.count + bindparam("more"))
)


def add(connection: Connection, counts: Mapping[TallyKey, int]) -> None:
    """See `ports.Store.tally`."""
    for one, count in counts.items():
        if not connection.execute(_more, {"which": one.name, "of": one.label, "more": count}).rowcount:
            connection.execute(insert(tallies), [{"name": one.name, "label": one.label, "count": count}])


def find(connection: Connection) -> Mapping[TallyKey, int]:
    """See `ports.ReadOnlyStore.tallies`."""
    found = connection.execute(select(tallies.c.name, tallies.c.label, tallies.c.count))
    return {TallyKey(name=cast("TallyName", row.name), label=row.label): row[2] for row in found}
