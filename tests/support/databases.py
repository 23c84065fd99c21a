"""Databases to start from: the tables are made once in a process, by every migration in turn, and copied."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.util import LRUCache

from aggregator.model import Item
from aggregator.ports import Store
from aggregator.store import open_store
from aggregator.store.sqlite import engines, schema

_FIRST: list[Engine] = []


def _spell_once(url: Any, **options: Any) -> Engine:
    """An engine that spells no statement anew that another one of this process has spelt.

    Each test opens stores of its own, of two engines each. Making SQL of the same statements for every one of them
    would take an eighth of the time of all tests that have a store.
    """
    made = create_engine(url, **options)
    if not _FIRST:
        made._compiled_cache = LRUCache(2000)
        _FIRST.append(made)
    made.dialect = made.pool._dialect = _FIRST[0].dialect
    made._compiled_cache = _FIRST[0]._compiled_cache
    return made


engines.create_engine = _spell_once


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Store]:
    """An open store in a file, with nothing in it where the file is new; it is closed with the block."""
    store = open_store(lay(path))
    await store.open()
    try:
        yield store
    finally:
        await store.close()


def lay(path: Path) -> str:
    """Put empty tables there unless there is a file; the database's URL."""
    if not path.exists():
        path.write_bytes(_blank())
    return f"sqlite:///{path}"


@cache
def _blank() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blank.db"
        readers = engines.connect(path, "read")
        try:
            schema.prepare(path, readers)
        finally:
            readers.dispose()
        return path.read_bytes()


async def stored(path: Path) -> list[Item]:
    """Every item of the source `river`, from a file that must be intact."""
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        assert database.execute("pragma foreign_key_check").fetchall() == []
    async with opened(path) as store:
        return list(await store.latest(["river"], 10_000))


def read_rows(path: Path) -> list[tuple[Any, ...]]:
    """All that a database holds, whatever pages it stands on: its tables and their rows."""
    with closing(sqlite3.connect(path)) as database:
        found = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql NOT LIKE 'CREATE VIRTUAL%'"
        ).fetchall()
        tables = [name for name, sql in found if sql.startswith("CREATE TABLE")]
        return [*found, *((name, *row) for name in tables for row in database.execute(f"SELECT * FROM '{name}'"))]
