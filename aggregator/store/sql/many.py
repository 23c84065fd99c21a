"""Rows by the dozen: what SQLAlchemy does for each value of each of them is done once for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Table, insert


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns, bound as the columns' types want it."""
    if not rows:
        return
    names = tuple(rows[0])
    columns = (_bind(table.c[name].type, [row[name] for row in rows], connection.dialect) for name in names)
    execute_many(connection, table, names, list(zip(*columns, strict=True)))


def execute_many(
    connection: Connection, what: Table | Delete, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Run a statement once for each of the rows, whose values the driver takes as they are.

    In: the statement, a table for inserting into it; the names of its parameters, in the order of the values.
    """
    if not rows:
        return
    written, places = _write(connection.dialect, what, names)
    values: Any = rows
    if places is None:
        values = [dict(zip(names, row, strict=True)) for row in rows]
    elif places != tuple(range(len(names))):
        values = [tuple(row[place] for place in places) for row in rows]
    connection.exec_driver_sql(written, values)


@lru_cache(maxsize=64)
def _write(dialect: Dialect, what: Table | Delete, names: tuple[str, ...]) -> tuple[str, tuple[int, ...] | None]:
    """A statement in the driver's words, and which value stands at each of its places; None if they have names."""
    statement = insert(what) if isinstance(what, Table) else what
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    order = compiled.positiontup
    return str(compiled), None if order is None else tuple(names.index(name) for name in order)


def _bind(kind: Any, values: list[Any], dialect: Dialect) -> Iterable[Any]:
    """Values of one column as the driver wants them."""
    bind: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return values if bind is None else map(bind, values)
