"""Statements that are run for thousands of rows of plain numbers and texts: nothing of them is worth preparing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Insert


def execute_many(connection: Connection, statement: Insert | Delete, rows: Sequence[dict[str, Any]]) -> None:
    """Run a statement once for each of the rows, whose values the driver takes as they are.

    SQLAlchemy looks at each value of each row: measured on four columns of numbers, 8 microseconds a row, where
    SQLite takes 2.
    """
    if not rows:
        return
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    names = compiled.positiontup
    values: Any = rows if names is None else [tuple(row[name] for name in names) for row in rows]
    connection.exec_driver_sql(str(compiled), values)
