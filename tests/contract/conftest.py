"""The store under test, on every backend there is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import ClauseElement

from aggregator.ports import Store
from aggregator.store import open_store
from tests.support import databases

BACKENDS = ("sqlite",)

_SAID: set[Any] = set()
"""What was translated already: most is asked again and again."""


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with nothing in it."""
    return {"sqlite": databases.lay}[request.param](tmp_path / "store.db")


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """An open store with nothing in it."""
    store = open_store(url)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture(autouse=True)
def in_words_that_every_database_understands() -> Iterator[None]:
    """Whatever the shared part of the store asks can be said to PostgreSQL, though no such backend is here yet."""
    said = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy's

    def translate(_connection: Any, asked: Any, *_rest: Any) -> None:
        assert isinstance(asked, ClauseElement), asked
        key = asked._generate_cache_key()
        if key is None or key.key not in _SAID:
            asked.compile(dialect=said)
            _SAID.add(key and key.key)

    event.listen(Engine, "before_execute", translate)
    yield
    event.remove(Engine, "before_execute", translate)
