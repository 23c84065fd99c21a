"""The tables and their history."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from aggregator.errors import StoreError
from aggregator.model import Format
from aggregator.pipeline.asked_words import read_search
from aggregator.publish import render
from aggregator.store.migrations import HEAD, REVISIONS
from aggregator.store.migrations import run as migrations
from aggregator.store.sql import tables
from aggregator.store.sqlite import SqliteStore, engines, schema
from tests.contract.stock import FIRST_ENTRY, FIRST_STATE, LEASE, NOON, item
from tests.publish.editions import SITE, edition

DUMPS = Path(__file__).parent / "data"
ROOT = Path(__file__).parents[3]


def is_of_search(table: str | None) -> bool:
    """Whether it is a table of full-text search, which each database has its own."""
    return table == "sayings" or str(table).partition("_")[0] == "words"


def test_the_revisions_that_the_program_knows_are_those_that_there_are() -> None:
    script = ScriptDirectory.from_config(migrations.configuration())
    history = [one.revision for one in script.walk_revisions()]
    assert tuple(reversed(history)) == REVISIONS
    assert script.get_heads() == [HEAD]


def test_migrations_and_tables_say_the_same(tmp_path: Path) -> None:
    engine = migrated(tmp_path / "store.db")
    with engine.begin() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, kind, _: kind != "table" or not is_of_search(name),
            },
        )
        assert compare_metadata(context, tables.metadata) == []
    engine.dispose()


def test_migrations_leave_the_very_schema_that_the_tables_would(tmp_path: Path) -> None:
    by_migration, by_tables = migrated(tmp_path / "a.db"), engines.connect(tmp_path / "b.db", "upgrade")
    with by_tables.begin() as connection:
        tables.metadata.create_all(connection)
    found = []
    for engine in (by_migration, by_tables):
        with engine.begin() as connection:
            indexes = connection.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master"
                " WHERE type = 'index' AND tbl_name NOT IN ('alembic_version', 'sayings') ORDER BY name"
            ).all()
            there = set(inspect(connection).get_table_names()) - {"alembic_version"}
            names = sorted(name for name in there if not is_of_search(name))
            columns = {
                name: connection.exec_driver_sql(f"SELECT * FROM pragma_table_info('{name}')").all()
                for name in names
            }
            keys = {
                name: connection.exec_driver_sql(f"SELECT * FROM pragma_foreign_key_list('{name}')").all()
                for name in names
            }
        found.append((indexes, columns, keys))
        engine.dispose()
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "state", ["no JSON", "[]", '{"status":7,"polls":"3","last_poll_at":1.5,"trouble":[],"habits":0}']
)
async def test_columns_that_tell_of_states_are_filled_whatever_those_say(tmp_path: Path, state: str) -> None:
    path = loaded(DUMPS / "revision_0018.sql", tmp_path / "store.db")
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE sources SET state = ? WHERE id = 'off'", (state,))
        told = '{"labels":["b"],"habits":{"seed":"b"},"faults":[{"stage":"read","count":1}],"resumed_at":1}'
        database.execute("UPDATE sources SET state = ? WHERE id = 'river'", (told,))
        database.commit()
    store = SqliteStore(path)
    await store.open()
    assert (await store.states())["off"].last_poll_at is None
    (found,) = (await store.remarkable_states()).values()
    assert (found.source_id, found.labels, found.profile.seed, found.polls) == ("river", ("b",), "b", 0)
    assert (await store.totals()).standing == (("pending", None, 1),)
    await store.close()


async def test_a_published_id_that_no_document_could_carry_is_mended(tmp_path: Path) -> None:
    path = loaded(DUMPS / "revision_0003.sql", tmp_path / "store.db")
    with closing(sqlite3.connect(path)) as database:
        (uid,) = database.execute("SELECT uid FROM items WHERE NOT pruned AND withdrawn_at IS NULL").fetchone()
        database.execute("UPDATE items SET public_id = 'https://river.example/a b' WHERE uid = ?", (uid,))
        database.commit()
    store = SqliteStore(path)
    await store.open()
    found = await store.item(uid)
    assert found is not None
    assert found.public_id == f"urn:uuid:{uid}"
    await store.close()


@pytest.mark.parametrize("dump", sorted(DUMPS.glob("revision_*.sql")), ids=lambda path: path.stem)
async def test_a_database_of_any_revision_is_upgraded_with_all_it_holds(tmp_path: Path, dump: Path) -> None:
    path = loaded(dump, tmp_path / "store.db")
    store = SqliteStore(path)
    await store.open()
    assert (await store.states())["river"] == FIRST_STATE
    assert (await store.states())["off"].status == "disabled"
    assert (await store.totals()).standing == ((FIRST_STATE.status, FIRST_STATE.trouble, 1),)
    (found,) = await store.latest(["river", "off"], 10)
    assert replace(found, story=None) == item(
        entry=FIRST_ENTRY,
        revision=2,
        compared=2,  # what was published apart stays apart
        updated=NOON + LEASE,
        changed_at=NOON + LEASE,
        claimed_updated=NOON,
    )
    assert [(one.number, one.entry.text) for one in await store.revisions(found.uid)] == [
        (1, "Text 1"),
        (2, "سلام"),
    ]
    await store.index(100)
    said = await store.search(read_search(found.entry.title), ["river"], 10)
    assert [one.uid for one in said.items] == [found.uid]
    pruned = await store.item("river-old")
    assert pruned is not None
    assert (pruned.pruned, pruned.entry.text) == (True, "")
    document = await store.document("all", "atom")
    assert document is not None
    assert (document.body, document.last_modified) == (b"<feed/>", NOON)
    assert list(await store.find_outdated({"all": "d"}, NOON)) == ["all"]  # what it shows is to be noted
    await store.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_there_is_a_dump_of_every_revision() -> None:
    assert [path.stem for path in sorted(DUMPS.glob("*.sql"))] == [f"revision_{name}" for name in REVISIONS]


LINKS = (None, "https://planet.example/", "http://Example.org/our%20feeds/a&b/")


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("form", ["atom", "rss", "json"])
async def test_the_feeds_of_an_upgraded_database_keep_the_ids_that_were_made_from_the_address_of_the_site(
    tmp_path: Path, form: Format, link: str | None
) -> None:
    place = (link or "").partition("://")[2].lower().rstrip("/")
    shown = edition(site=replace(SITE, link=link), formats=(form,), feed_name=f"{place}/all")
    path = loaded(DUMPS / "revision_0015.sql", tmp_path / "store.db")
    with closing(sqlite3.connect(path)) as database:
        body = render(shown, form).body
        database.execute("UPDATE documents SET format = ?, body = ? WHERE publication_id = 'all'", (form, body))
        database.commit()
    store = SqliteStore(path)
    await store.open()
    assert await store.feed_name("all") == f"{place}/all"
    assert await store.feed_name("story/1") == f"{place}/story/1"
    await store.close()


async def test_a_database_that_published_nothing_yet_gets_ids_that_no_other_one_has(tmp_path: Path) -> None:
    found = set()
    for name in ("a.db", "b.db"):
        path = loaded(DUMPS / "revision_0015.sql", tmp_path / name)
        with closing(sqlite3.connect(path)) as database:
            database.execute("DELETE FROM documents")
            database.commit()
        store = SqliteStore(path)
        await store.open()
        found.add(await store.feed_name("all"))
        await store.close()
    assert len(found) == 2
    assert all(len(name) > 36 for name in found)


async def test_a_later_migration_may_copy_tables_and_loses_no_row_that_points_at_them(tmp_path: Path) -> None:
    path = loaded(DUMPS / "revision_0001.sql", tmp_path / "store.db")
    folder = tmp_path / "migrations"
    shutil.copytree(Path(migrations.__file__).parent, folder)
    (folder / "versions" / "r9000_more.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9000'\ndown_revision = '{HEAD}'\n"
        "def upgrade():\n"
        "    with op.batch_alter_table('items') as batch:\n"
        "        batch.alter_column('url', existing_type=sa.Text, nullable=False, server_default='')\n"
        "        batch.add_column(sa.Column('mood', sa.Text))\n"
    )
    engine = engines.connect(path, "upgrade")
    said = "SELECT uid, number, seen_at, reason, entry IS NULL FROM revisions ORDER BY uid, number"
    with closing(sqlite3.connect(path)) as connection:
        before = connection.execute(said).fetchall()
    with engine.begin() as connection_in:
        migrations.upgrade(connection_in, folder=folder)
        assert connection_in.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        assert before
        assert connection.execute(said).fetchall() == before
        assert connection.execute("SELECT mood FROM items").fetchall() == [(None,), (None,)]


async def test_an_upgrade_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "store.db"

    def half(connection: object, revision: str = "head") -> None:
        real(connection, revision)  # type: ignore[arg-type]
        raise OSError("the lights went out")

    real = migrations.upgrade
    monkeypatch.setattr(migrations, "upgrade", half)
    with pytest.raises(OSError, match="lights"):
        await SqliteStore(path).open()
    monkeypatch.undo()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM sqlite_master").fetchall() == []
    store = SqliteStore(path)
    await store.open()
    await store.close()


async def test_an_upgrade_of_rows_that_point_nowhere_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = loaded(DUMPS / "revision_0001.sql", tmp_path / "store.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM sources")
        connection.commit()
    monkeypatch.setattr(schema, "HEAD", "9000")
    with pytest.raises(StoreError, match=r"cannot be upgraded: a row of items .* missing row of sources; nothing"):
        await SqliteStore(path).open()


def test_opening_a_current_database_is_quick_and_needs_no_alembic(tmp_path: Path) -> None:
    migrated(tmp_path / "store.db").dispose()
    program = (
        "import asyncio, pathlib, sys\n"
        "from aggregator.store.sqlite import SqliteStore\n"
        "async def main():\n"
        "    store = SqliteStore(pathlib.Path(sys.argv[1]))\n"
        "    await store.open(); await store.ping(); await store.close()\n"
        "asyncio.run(main())\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('alembic', 'mako')])\n"
    )
    assert run(program, tmp_path / "store.db") == "[]\n"


def test_creating_and_upgrading_leave_logging_and_output_alone(tmp_path: Path) -> None:
    program = (
        "import asyncio, logging, pathlib, sys\n"
        "from aggregator.store.sqlite import SqliteStore\n"
        "async def main():\n"
        "    store = SqliteStore(pathlib.Path(sys.argv[1]))\n"
        "    await store.open(); await store.close()\n"
        "asyncio.run(main())\n"
        "assert 'alembic' in sys.modules\n"
        "print(logging.root.handlers, logging.root.level, logging.getLogger('alembic').disabled)\n"
    )
    assert run(program, tmp_path / "store.db") == "[] 30 False\n"


def test_many_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    program = (
        "import asyncio, pathlib, sys, time\n"
        "from aggregator.store.sqlite import SqliteStore\n"
        "async def main():\n"
        "    store = SqliteStore(pathlib.Path(sys.argv[1]))\n"
        "    while time.time() < float(sys.argv[2]): pass\n"
        "    await store.open(); await store.ping(); await store.close()\n"
        "asyncio.run(main())\n"
    )
    start = str(time.time() + 2)
    command = [sys.executable, "-W", "error", "-c", program, str(tmp_path / "store.db"), start]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(4)]
    outcomes = [(process.communicate(timeout=300)[1], process.returncode) for process in running]
    assert outcomes == [("", 0)] * 4


async def test_the_file_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    await store.open()
    found = {}
    for name in ("journal_mode", "synchronous", "foreign_keys", "application_id"):
        found[name] = await store._write(
            lambda connection, name=name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
        )
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "application_id": schema.APPLICATION_ID,
    }
    with pytest.raises(StoreError, match="cannot be written"):
        await store._read(lambda connection: connection.exec_driver_sql("DELETE FROM sources"))
    await store.close()


def migrated(path: Path) -> engines.Engine:
    """A database that the migrations made."""
    schema._upgrade(path)
    return engines.connect(path, "upgrade")


def loaded(dump: Path, path: Path) -> Path:
    """A database from the statements in `dump`."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
    return path


def run(program: str, path: Path) -> str:
    """What a Python program prints."""
    command = [sys.executable, "-W", "error", "-c", program, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300, cwd=ROOT).stdout
