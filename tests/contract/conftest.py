"""The store under test, on every backend there is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aggregator.ports import Store
from aggregator.store import open_store

BACKENDS = ("sqlite",)


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that is not there yet."""
    places = {"sqlite": f"sqlite:///{tmp_path / 'store.db'}"}
    return places[request.param]


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """An open store with nothing in it."""
    store = open_store(url)
    await store.open()
    try:
        yield store
    finally:
        await store.close()
