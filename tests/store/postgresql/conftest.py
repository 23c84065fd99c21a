"""A PostgreSQL database with our tables, and stores over it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine

from aggregator.store.postgresql import PostgresStore
from tests.support import postgresql
from tests.support.postgresql import tables  # noqa: F401 # a fixture


@pytest.fixture
def url(tables: tuple[str, Engine]) -> str:  # noqa: F811 # the fixture
    """The URL of a database with our tables, which are empty."""
    postgresql.empty_tables(tables[1])
    return tables[0]


@pytest.fixture
def blank() -> Iterator[str]:
    """The URL of a database in which nothing was ever made."""
    with ExitStack() as life:
        url = postgresql.make_database()
        life.callback(postgresql.drop_database, url)
        yield url


@pytest.fixture
async def two(url: str) -> AsyncIterator[tuple[PostgresStore, PostgresStore]]:
    """Two open stores over one database, as two machines have them."""
    stores = PostgresStore(url), PostgresStore(url)
    for store in stores:
        await store.open()
    yield stores
    for store in stores:
        await store.close()
