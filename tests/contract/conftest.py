"""The store under test, on every backend there is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aggregator.ports import Store
from aggregator.store import open_store
from tests.support import databases, postgresql
from tests.support.postgresql import tables  # noqa: F401 # a fixture

BACKENDS = ("sqlite", "postgresql")


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with nothing in it."""
    if request.param == "sqlite":
        return databases.lay(tmp_path / "store.db")
    url, engine = request.getfixturevalue("tables")
    postgresql.empty_tables(engine)
    return str(url)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """An open store with nothing in it."""
    store = open_store(url)
    await store.open()
    try:
        yield store
    finally:
        await store.close()
