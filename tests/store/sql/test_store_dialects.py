"""What any database shares holds for SQLite and PostgreSQL alike; `contract/conftest.py` sees to its queries."""

from __future__ import annotations

import pytest
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex

from aggregator.store.sql.tables import metadata


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_an_index_over_some_rows_is_over_the_same_ones_in_every_database(table: Table) -> None:
    for index in table.indexes:
        in_sqlite, in_postgresql = (
            str(CreateIndex(index).compile(dialect=dialect.dialect())) for dialect in (sqlite, postgresql)
        )
        assert in_postgresql.replace("false", "0") == in_sqlite, index.name
