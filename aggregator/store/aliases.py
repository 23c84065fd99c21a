"""Further keys of items, for `lookup.by_alias` to find. Functions over an open transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert

from aggregator.model import ItemKey
from aggregator.store import lookup, rows, tables


def missing(connection: Connection, wanted: Sequence[rows.Row]) -> list[rows.Row]:
    """Those of the rows that are not stored yet, each once. All are of one source."""
    if not wanted:
        return []
    keys = {ItemKey(kind=row["kind"], value=row["value"]) for row in wanted}
    stored = set(lookup.by_alias(connection, wanted[0]["source_id"], keys))
    rows_by_name = {(row["kind"], row["value"], row["uid"]): row for row in wanted}
    return [row for name, row in rows_by_name.items() if name not in stored]


def write(connection: Connection, new: Sequence[rows.Row]) -> None:
    """Insert rows that `missing` found missing."""
    if new:
        connection.execute(insert(tables.aliases), new)
