"""Copies of a database: made while it is used, held to be whole, put back without losing what was there."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from aggregator import store as stores
from aggregator.errors import SchemaTooNewError, StoreError
from aggregator.store.migrations import HEAD
from aggregator.store.sqlite import SqliteStore, copying
from tests.contract.stock import change, item, put
from tests.store.migrations.test_store_schema import DUMPS, loaded
from tests.support.databases import lay, opened, read_rows

OLD = DUMPS / "revision_0003.sql"


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".backup")


async def test_a_copy_of_a_database_in_use_has_all_that_was_written_and_goes_back(tmp_path: Path) -> None:
    path, to = tmp_path / "store.db", tmp_path / "copy.db"
    async with opened(path) as store:
        await put(store, change(item("1")))  # in the write-ahead log only
        made = stores.back_up(url(path), to)
        await put(store, change(item("2")))
    assert (made.rows["items"], made.rows["sources"], made.revision) == (1, 1, HEAD)
    assert [name for name in names(tmp_path) if "copy" in name] == ["copy.db"], "one file"
    done = stores.restore(url(path), to)
    assert (done.backup.rows, done.upgrade) == (made.rows, None)
    assert read_rows(path) == read_rows(to)
    assert done.replaced is not None
    async with opened(path) as store, opened(done.replaced) as before:
        assert (await store.item(item("1").uid), await store.item(item("2").uid)) == (item("1"), None)
        assert await before.item(item("2").uid) is not None


async def test_a_database_that_is_open_is_not_replaced(tmp_path: Path) -> None:
    path, to = tmp_path / "store.db", tmp_path / "copy.db"
    async with opened(path) as store:
        await put(store, change(item("1")))
        stores.back_up(url(path), to)
        with pytest.raises(StoreError, match=r"is in use: end worker and web first"):
            stores.restore(url(path), to)
        await put(store, change(item("2")))
        assert await store.item(item("2").uid) is not None
    assert names(tmp_path) == ["copy.db", "store.db"]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "written by a newer version"),
        ("PRAGMA application_id = 7", "belongs to another program"),
    ],
)
def test_neither_a_later_versions_database_nor_another_programs_is_replaced_or_put_back(
    tmp_path: Path, setting: str, words: str
) -> None:
    path, to = tmp_path / "store.db", tmp_path / "copy.db"
    lay(path)
    stores.back_up(url(path), to)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(setting)
        connection.commit()
    for database, copy in ((path, to), (tmp_path / "other.db", path)):
        before = path.read_bytes()
        with pytest.raises(StoreError, match=words) as raised:
            stores.restore(url(database), copy)
        assert isinstance(raised.value, SchemaTooNewError) is ("newer" in words)
        assert path.read_bytes() == before
    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize("damage", [b"no database", b""])
def test_a_damaged_database_is_replaced_and_kept_and_no_log_of_it_is_taken_for_the_copys(
    tmp_path: Path, damage: bytes
) -> None:
    path, to = tmp_path / "store.db", tmp_path / "copy.db"
    lay(path)
    stores.back_up(url(path), to)
    path.write_bytes(damage * 1000)
    Path(f"{path}-wal").write_bytes(b"of the damaged one")
    done = stores.restore(url(path), to)
    assert read_rows(path) == read_rows(to)
    assert (done.replaced is None) is (damage == b"")
    if done.replaced is not None:
        assert done.replaced.read_bytes() == damage * 1000
    assert not Path(f"{path}-wal").exists()


def test_a_copy_that_is_damaged_changes_nothing(tmp_path: Path) -> None:
    path, to = loaded(OLD, tmp_path / "store.db"), tmp_path / "copy.db"
    stores.back_up(url(path), to)
    content = bytearray(to.read_bytes())
    content[8192:] = bytes(len(content) - 8192)
    to.write_bytes(content)
    before = read_rows(path)
    with pytest.raises(StoreError, match=r"is damaged|is not whole"):
        stores.restore(url(path), to)
    assert read_rows(path) == before
    assert names(tmp_path) == ["copy.db", "store.db"]


@pytest.mark.parametrize(
    ("content", "words"), [(b"hello\n" * 999, "copy.db is no SQLite database"), (b"", "copy.db is empty")]
)
def test_what_is_no_copy_is_refused_with_advice_about_copies(tmp_path: Path, content: bytes, words: str) -> None:
    path, to = tmp_path / "store.db", tmp_path / "copy.db"
    lay(path)
    before = read_rows(path)
    to.write_bytes(content)
    with pytest.raises(StoreError) as raised:
        stores.restore(url(path), to)
    assert str(raised.value) == f"{to.parent}/{words}: name a copy that `aggregator backup`, or an upgrade, made"
    assert read_rows(path) == before


def test_a_copy_replaces_an_earlier_copy_and_nothing_else(tmp_path: Path) -> None:
    path, to = tmp_path / "store.db", tmp_path / "feeds.yaml"
    with pytest.raises(StoreError, match="there is no database"):
        stores.back_up(url(path), to)
    lay(path)
    to.write_text("sources: {}")
    for taken in (to, path):
        with pytest.raises(StoreError, match="name another file"):
            stores.back_up(url(path), taken)
    assert to.read_text() == "sources: {}"
    for _ in range(2):
        stores.back_up(url(path), tmp_path / "copy.db")
    with pytest.raises(StoreError, match="cannot be written"):
        stores.back_up(url(path), tmp_path / "nowhere" / "copy.db")
    with pytest.raises(StoreError, match="the database itself"):
        stores.restore(url(path), path)


async def test_a_database_is_copied_before_it_is_upgraded_for_its_owner_only(tmp_path: Path) -> None:
    path = loaded(OLD, tmp_path / "store.db")
    before = read_rows(path)
    store = SqliteStore(path)
    await store.open()
    await store.close()
    today = datetime.now(UTC).date()
    assert kept(tmp_path) == [f"store.db.0003.{today}.backup"]
    copy = tmp_path / kept(tmp_path)[0]
    assert (read_rows(copy), mode(copy)) == (before, 0o600)


async def test_a_copy_made_before_an_upgrade_goes_back_and_is_upgraded_again(tmp_path: Path) -> None:
    path = loaded(OLD, tmp_path / "store.db")
    before = read_rows(path)
    store = SqliteStore(path)
    await store.open()
    await store.close()
    done = stores.restore(url(path), tmp_path / kept(tmp_path)[0])
    assert (done.backup.revision, done.upgrade) == ("0003", HEAD)
    assert read_rows(path) == before, "whoever wants to go back to an earlier version finds what it wrote"
    async with opened(path) as again:
        assert await again.states()


async def test_no_upgrade_is_begun_without_room_for_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = loaded(OLD, tmp_path / "store.db")
    before = read_rows(path)
    monkeypatch.setattr(copying.shutil, "disk_usage", lambda _: SimpleNamespace(free=10_000))
    with pytest.raises(StoreError, match=r"is not upgraded: .* MB must be free in .*: make room"):
        await SqliteStore(path).open()
    assert (read_rows(path), kept(tmp_path)) == (before, [])


async def test_a_new_database_needs_no_copy_and_a_current_one_neither(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    for _ in range(2):
        store = SqliteStore(path)
        await store.open()
        await store.close()
    assert kept(tmp_path) == []


async def test_copies_made_before_upgrades_go_after_a_week_and_no_other_file(tmp_path: Path) -> None:
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    days = {f"store.db.0003.2026-11-{day}.backup" for day in (19, 20, 21)}
    others = {"store.db.mine.backup", "other.db.0003.2026-01-01.backup", "store.db.0003.monday.backup", "copy.db"}
    for name in days | others:
        (tmp_path / name).touch()
    async with opened(tmp_path / "store.db") as store:
        assert await store.drop_backups(now) == ("store.db.0003.2026-11-19.backup",)
        assert await store.drop_backups(now + timedelta(days=1)) == ("store.db.0003.2026-11-20.backup",)
    assert set(names(tmp_path)) == others | {"store.db", "store.db.0003.2026-11-21.backup"}


@pytest.mark.parametrize(
    ("before", "after"), [(None, 0o600), (0o644, 0o600), (0o600, 0o600), (0o664, 0o660), (0o640, 0o600)]
)
async def test_nobody_else_reads_a_database_nor_what_lies_beside_it(
    tmp_path: Path, before: int | None, after: int
) -> None:
    path = tmp_path / "data" / "store.db"
    if before is not None:
        path.parent.mkdir(mode=0o755)
        lay(path)
        path.chmod(before)
    store = SqliteStore(path)
    await store.open()
    await put(store, change(item("1")))
    files = ["store.db", "store.db-shm", "store.db-wal"]
    assert names(path.parent) == files
    assert [mode(path.parent / name) for name in files] == [after] * 3
    copy = stores.back_up(url(path), tmp_path / "copy.db").path
    await store.close()
    assert mode(copy) == 0o600
    assert mode(path.parent) == (0o755 if before is not None else 0o700), (
        "a folder of the operator's stays as it is"
    )
    stores.restore(url(path), copy)
    assert mode(path) == after


async def test_every_table_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    lay(path)
    with closing(sqlite3.connect(path)) as connection:
        found = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert sorted([*stores.back_up(url(path), tmp_path / "copy.db").rows, "words"]) == sorted(found)
