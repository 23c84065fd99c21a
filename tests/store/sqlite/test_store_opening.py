"""From a URL to an open file, or to words that say what to do."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.errors import SchemaTooNewError, StoreError
from aggregator.store import open_store
from aggregator.store.migrations import HEAD
from aggregator.store.sqlite import SqliteStore, engines, schema
from tests.contract.stock import NOON, change, item, put
from tests.support.databases import opened

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://me:secret@db/x", "the scheme 'mysql' is not supported.*sqlite:///.*postgresql://"),
        ("data/aggregator.db", "without a scheme.*sqlite:///"),
        ("", "without a scheme"),
        ("sqlite://", "names no file"),
        ("sqlite:///", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite://host/x.db", "names no file"),
        ("sqlite:///x\x00y", "names no file"),
    ],
)
def test_a_url_that_no_store_serves_is_refused_without_telling_its_secrets(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as raised:
        open_store(url)
    assert "secret" not in str(raised.value)


async def test_a_file_is_created_with_its_folder_only_when_opened(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder % ü" / "store.db"
    store = open_store(f"sqlite:///{path}")
    assert not path.parent.exists()
    await store.open()
    await store.close()
    assert path.is_file()


def test_a_relative_path_is_relative_to_the_folder_one_is_in_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert repr(open_store("sqlite:///data/x.db")) == f"SqliteStore({str(tmp_path / 'data' / 'x.db')!r})"


async def refused(path: Path, words: str, kind: type[StoreError] = StoreError) -> None:
    """Opening fails with the words and the file's name."""
    store = SqliteStore(path)
    with pytest.raises(kind, match=words) as raised:
        await store.open()
    assert str(path.name) in str(raised.value)
    with pytest.raises(StoreError, match="not open"):
        await store.ping()


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    await refused(tmp_path, "is a folder: name a file")


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"the folder .*/file/deeper for the database cannot be made: .*: name"):
        await SqliteStore(tmp_path / "file" / "deeper" / "x.db").open()


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("dear diary, " * 100)
    await refused(path, "is no SQLite database: name another file")
    assert path.read_text() == "dear diary, " * 100


@pytest.mark.parametrize("owner", [0, 0x0F055111, schema.APPLICATION_ID])
async def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path, owner: int) -> None:
    path = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"PRAGMA application_id = {owner}; CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    await refused(path, "belongs to another program: name another file")
    assert path.read_bytes() == before


async def test_another_programs_alembic_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE alembic_version (version_num TEXT); PRAGMA user_version = 3")
        connection.execute("INSERT INTO alembic_version VALUES (?)", [HEAD])
        connection.commit()
    await refused(path, "belongs to another program")


async def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = await created(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    await refused(path, "newer version .* at 9999, this version knows .*: install", SchemaTooNewError)


async def test_nothing_is_written_once_a_later_version_has_upgraded_the_file(tmp_path: Path) -> None:
    async with opened(tmp_path / "x.db") as store:
        with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as later:
            later.execute("UPDATE alembic_version SET version_num = '9999'")
            written = (put(store, change(item(str(number)))) for number in range(3))
            outcomes = await asyncio.gather(*written, return_exceptions=True)
            assert [type(one) for one in outcomes] == [SchemaTooNewError] * 3
            assert later.execute("SELECT count(*) FROM items").fetchone() == (0,)


async def test_a_damaged_database_is_told_apart(tmp_path: Path) -> None:
    path = await created(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    await refused(path, "is damaged: put back a copy")


async def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.touch()
    store = SqliteStore(path)
    await store.open()
    await store.ping()
    await store.close()


def test_a_file_that_may_not_be_written_is_refused_at_once() -> None:
    program = (
        "import asyncio, os, pathlib, sys\n"
        "from aggregator.store.sqlite import SqliteStore\n"
        "if os.getuid() == 0: os.setgid(65534), os.setuid(65534)\n"  # root may write everything
        "asyncio.run(SqliteStore(pathlib.Path(sys.argv[1])).open())\n"
    )
    with tempfile.TemporaryDirectory() as name:  # not tmp_path: nobody else may look into that
        path = asyncio.run(created(Path(name)))
        path.chmod(0o444)
        path.parent.chmod(0o555)
        command = [sys.executable, "-c", program, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=ROOT)
    assert "StoreError" in done.stderr, done.stderr
    assert "cannot be written: let the user that runs this program own the file" in done.stderr


async def test_a_full_disk_fails_a_poll_and_costs_nothing_that_was_written(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    await store.open()
    await put(store, change(item("1")))
    life = store._open_life()
    limit = (tmp_path / "store.db").stat().st_size // 4096 + 30
    # The limit holds for the one connection that writes; SQLite reports it as it does a full disk.
    await store._write(lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count = {limit}"))
    with pytest.raises(StoreError, match=r"store\.db cannot grow because the disk is full: make room"):
        await put(store, *(change(item(f"n{number}", published_reason="x" * 5000)) for number in range(200)))
    assert await store.latest(["river"], 10) == (item("1"),)
    await store.release((await store.states())["river"])
    assert await put(store, change(item("2")))
    assert life is store._open_life()
    await store.close()


async def test_a_database_that_another_process_keeps_locked_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await created(tmp_path)
    quick = engines.connect
    monkeypatch.setattr(engines, "connect", lambda *args, **more: quick(*args, **more, busy=0.1))
    store = SqliteStore(path)
    await store.open()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="is locked by another process: end that process"):
            await store.register({"river": NOON}, (), NOON)
        assert await store.states() == {}
    await store.register({"river": NOON}, (), NOON)
    await store.close()


async def test_opening_waits_for_a_process_that_is_just_creating_the_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.2)
    quick = engines.connect
    monkeypatch.setattr(engines, "connect", lambda *args, **more: quick(*args, **more, busy=0.05))
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        await refused(path, "is locked by another process")


async def test_a_file_that_was_taken_away_fails_the_ping(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = SqliteStore(path)
    await store.open()
    path.rename(tmp_path / "elsewhere.db")
    with pytest.raises(StoreError, match="was removed or replaced: start this program again"):
        await store.ping()
    await store.close()


async def created(folder: Path) -> Path:
    """The path of a database with our tables and nothing in it."""
    path = folder / "store.db"
    store = SqliteStore(path)
    await store.open()
    await store.close()
    return path
