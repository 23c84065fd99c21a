"""Room in the file is given back to the disk, of old files too, and never at the cost of what is in it."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from base64 import b85encode
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from aggregator.errors import StoreError
from aggregator.store.sqlite import SqliteStore, engines, space
from tests.contract.stock import NOON, change, item, listed, put

LONG = b85encode(random.Random(1).randbytes(16_000)).decode()
"""What packing makes hardly smaller."""

PAGE = 4096


async def filled(path: Path, monkeypatch: pytest.MonkeyPatch, *, old: bool) -> SqliteStore:
    """A store in which most of the room is free; `old`: in a file as earlier versions made it."""
    if old:
        before = engines._PRAGMAS["upgrade"]
        monkeypatch.setitem(engines._PRAGMAS, "upgrade", before[1:])
    store = SqliteStore(path)
    await store.open()
    every = [item(str(number)) for number in range(800)]
    await put(store, *(change(replace(one, entry=replace(one.entry, text=one.uid + LONG))) for one in every))
    await listed(store, *every[:5])
    assert await store.prune(NOON.replace(year=2027)) == 795
    return store


async def held(store: SqliteStore) -> object:
    return [(one.uid, one.entry) for one in await store.latest(["river"], 10)]


@pytest.mark.parametrize("old", [False, True])
async def test_free_room_goes_back_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bool) -> None:
    path = tmp_path / "store.db"
    store = await filled(path, monkeypatch, old=old)
    before = await held(store)
    assert (await store._read(space.measure)).incremental is not old
    found = await store.reclaim()
    assert found.freed > 0.7 * 795 * len(LONG)
    assert await held(store) == before
    assert (await store._read(space.measure)).incremental
    await store.close()
    assert path.stat().st_size < 0.15 * 800 * len(LONG)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_an_old_file_in_which_little_is_free_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(engines._PRAGMAS, "upgrade", engines._PRAGMAS["upgrade"][1:])
    store = SqliteStore(tmp_path / "store.db")
    await store.open()
    await put(store, *(change(item(str(number))) for number in range(50)))
    await listed(store)
    await store.prune(NOON.replace(year=2027))
    assert (await store.reclaim()).freed == 0
    assert not (await store._read(space.measure)).incremental
    await store.close()


async def test_polls_are_written_between_the_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(space, "STEP", 50)
    store = await filled(tmp_path / "store.db", monkeypatch, old=False)
    steps: list[int] = []
    release = space.release

    def noted(connection: sqlite3.Connection) -> int:
        steps.append(1)
        return release(connection)

    monkeypatch.setattr(space, "release", noted)
    polls = 0
    reclaiming = asyncio.create_task(store.reclaim())
    while not reclaiming.done():
        assert await put(store, change(item(f"new {polls}")))
        polls += 1
    assert (await reclaiming).freed > 0
    assert len(steps) > 20
    assert polls > 5
    await store.close()


@pytest.mark.parametrize("old", [False, True])
async def test_a_reader_goes_on_reading_what_it_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bool
) -> None:
    path = tmp_path / "store.db"
    store = await filled(path, monkeypatch, old=old)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        before = reader.execute("SELECT uid, entry FROM entries ORDER BY uid").fetchall()
        assert (await store.reclaim()).freed > 0
        assert reader.execute("SELECT uid, entry FROM entries ORDER BY uid").fetchall() == before
        reader.execute("COMMIT")
    await store.close()
    assert path.stat().st_size < 0.15 * 800 * len(LONG)


async def test_an_old_file_is_not_rewritten_where_the_disk_has_no_room_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await filled(tmp_path / "store.db", monkeypatch, old=True)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100_000))
    found = await store.reclaim()
    assert found.freed == 0
    assert found.refused is not None
    assert "MB must be free in" in found.refused
    await store.close()


async def test_a_disk_that_is_full_after_all_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await filled(tmp_path / "store.db", monkeypatch, old=True)
    before = await held(store)

    def full(_: sqlite3.Connection) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(space, "rewrite", full)
    with pytest.raises(StoreError, match="the disk is full: make room"):
        await store.reclaim()
    assert await held(store) == before
    assert await put(store, change(item("new")))
    await store.close()


def test_sqlites_folder_for_temporary_files_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    assert space._temporary_folder() == tmp_path
