"""A PostgreSQL database with our tables, and stores over it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Engine

from aggregator.store.postgresql import PostgresStore
from tests.support import postgresql
from tests.support.postgresql import blank, tables  # noqa: F401 # fixtures


@pytest.fixture
def url(tables: tuple[str, Engine]) -> str:  # noqa: F811 # the fixture
    """The URL of a database with our tables, which are empty."""
    postgresql.empty_tables(tables[1])
    return tables[0]


@pytest.fixture
async def two(url: str) -> AsyncIterator[tuple[PostgresStore, PostgresStore]]:
    """Two open stores over one database, as two machines have them."""
    stores = PostgresStore(url), PostgresStore(url)
    for store in stores:
        await store.open()
    yield stores
    for store in stores:
        await store.close()
