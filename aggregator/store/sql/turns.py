"""What only one may do at a time, whatever else is written meanwhile. Functions over an open transaction."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Select, column, select, table

_everybody: Final[Select[Any]] = (
    select(column("version_num")).select_from(table("alembic_version")).with_for_update()
)


def take_turn(connection: Connection) -> None:
    """Wait until nobody else does what concerns the whole installation; the turn ends with the transaction.

    The row that everybody locks for it is the one there always is. Where one writes at a time anyhow, as in
    SQLite, it is merely read. Only what is looked at afterwards is sure to stay as it is.
    """
    connection.execute(_everybody)
