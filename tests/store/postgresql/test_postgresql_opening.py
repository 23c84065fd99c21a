"""From a URL to an open database, or to words that say what to do."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from aggregator import store as stores
from aggregator.engine.in_force import is_in_force
from aggregator.errors import SchemaTooNewError, StoreError
from aggregator.model import Catalogue, CatalogueStanding, DatabaseCondition, Site
from aggregator.store import open_store
from aggregator.store.migrations import HEAD
from aggregator.store.postgresql import PostgresStore, engines, schema
from aggregator.store.sql.tables import metadata
from tests.contract.stock import NOON, change, item, put
from tests.support import postgresql
from tests.support.waiting import PATIENCE, until

FIRST = Path(__file__).parent / "revision_0012.sql"


def administer(url: str, *statements: str) -> None:
    engine = engines.connect(engines.address_of(url))
    with engine.begin() as connection:
        for one in statements:
            connection.execute(text(one))


def make_first_tables(url: str) -> None:
    """Make the tables as the first version made them that worked with PostgreSQL."""
    administer(url, *FIRST.read_text(encoding="utf-8").split(";\n\n"))


def shape(url: str) -> dict[str, set[tuple[object, ...]]]:
    """Columns, indexes and constraints, as the server tells them."""
    asked = {
        "columns": "SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull,"
        " attcollation::regcollation::text, pg_get_expr(adbin, adrelid) FROM pg_attribute JOIN pg_class c"
        " ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped",
        "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "constraints": "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace",
    }
    engine = engines.connect(engines.address_of(url))
    with engine.begin() as connection:
        return {name: {tuple(row) for row in connection.execute(text(one))} for name, one in asked.items()}


async def opened(url: str) -> None:
    store = open_store(url)
    await store.open()
    await store.ping()
    await store.close()


async def test_tables_are_made_once_however_many_open_a_new_database_at_once(blank: str) -> None:
    assert schema.inspect(blank).revision is None
    await asyncio.gather(*(opened(blank) for _ in range(5)))
    found = schema.inspect(blank)
    assert (found.revision, found.is_current, found.refusal, found.path) == (HEAD, True, None, None)
    assert found.size > 0


async def test_text_is_compared_byte_by_byte_whatever_the_database_is_set_to(url: str) -> None:
    collations = {row[4] for row in shape(url)["columns"] if row[2] == "text"}
    assert collations == {'"C"'}
    ours = {str(row[0]) for row in shape(url)["columns"] if not str(row[0]).startswith("pgqueuer")}
    assert ours == {*metadata.tables, "alembic_version", "sayings"}


async def test_tables_of_an_earlier_version_become_those_that_a_new_database_has(blank: str, url: str) -> None:
    make_first_tables(blank)
    assert schema.inspect(blank).revision == "0012"
    await opened(blank)
    assert schema.inspect(blank).revision == HEAD
    assert shape(blank) == shape(url)


async def test_a_later_version_s_tables_are_left_alone(blank: str) -> None:
    await opened(blank)
    administer(blank, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNewError, match=r"newer version.*9999"):
        await opened(blank)
    assert "newer version" in (schema.inspect(blank).refusal or "")


async def test_in_tables_that_a_later_version_makes_meanwhile_nothing_is_in_force_and_no_job_is_ours(
    blank: str,
) -> None:
    store = PostgresStore(blank)
    await store.open()
    version = await store.keep_catalogue(b"sources: {}", NOON)
    site, standing = Site(title="", link=None, contact=None), CatalogueStanding(version=version)
    mine, lease = Catalogue(site=site, sources=(), publications=(), standing=standing), timedelta(seconds=12)
    for revision, is_ours in ((HEAD, True), ("9999", False), (HEAD, True)):
        administer(blank, f"UPDATE alembic_version SET version_num = '{revision}'")
        assert await is_in_force(mine, store) is is_ours
        assert await store.take_job("publishing", lease) is is_ours
    await store.close()


async def test_nothing_is_written_once_a_later_version_has_upgraded_the_tables(blank: str) -> None:
    store = open_store(blank)
    await store.open()
    await store.register({"s": NOON}, (), NOON)
    administer(blank, "UPDATE alembic_version SET version_num = '9999'")
    for write in (
        store.claim_due(NOON, timedelta(hours=1), 9, timedelta(0)),
        store.renew(["s"], NOON, timedelta(hours=1)),
    ):
        with pytest.raises(SchemaTooNewError, match=r"newer version.*9999"):
            await write
    administer(blank, f"UPDATE alembic_version SET version_num = '{HEAD}'")
    assert await store.claim_due(NOON, timedelta(0), 9, timedelta(0)), "nobody has claimed it"
    await store.close()


async def test_an_upgrade_waits_for_those_who_write_and_they_for_it(blank: str) -> None:
    administer(blank, *FIRST.read_text(encoding="utf-8").split(";\n\n"))
    engine = engines.connect(engines.address_of(blank))
    with engine.connect() as writing, engine.connect() as looking:
        writing.execute(text("DELETE FROM tallies"))
        upgrading = asyncio.create_task(opened(blank))
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'tallies'::regclass")
        await until(lambda: bool(looking.scalar(waiting)))
        assert not upgrading.done()
        writing.rollback()
        looking.rollback()
        await upgrading
    assert schema.inspect(blank).is_current


async def test_another_program_s_database_is_left_alone_but_for_a_schema_of_our_own(blank: str) -> None:
    administer(blank, "CREATE TABLE alembic_version (version_num TEXT)", "CREATE SCHEMA ours")
    with pytest.raises(StoreError, match="belongs to another program"):
        await opened(blank)
    beside = make_url(blank).update_query_dict({"options": "-csearch_path=ours"})
    await opened(beside.render_as_string(hide_password=False))
    assert schema.inspect(blank).refusal is not None


@pytest.mark.parametrize(
    "url", ["postgresql+asyncpg://me:hunter2@db/x", "postgres+psycopg2://me:hunter2@db/x", "postgresql://h:x:y/z"]
)
def test_a_url_of_another_driver_is_refused_without_telling_its_secrets(url: str) -> None:
    with pytest.raises(StoreError, match="postgresql://user@host/name") as raised:
        open_store(url)
    assert "hunter2" not in str(raised.value)


async def test_a_server_that_does_not_answer_is_named_with_what_to_do_and_without_the_password() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"postgresql://me:hunter2@127.0.0.1:{nobody.getsockname()[1]}/x"
        store = open_store(url)
        with pytest.raises(
            StoreError, match=r"^the database x at 127\.0\.0\.1:\d+ does not answer .*start it"
        ) as raised:
            await store.open()
        refusal = schema.inspect(url).refusal
    for told in (str(raised.value), repr(store), refusal or ""):
        assert "hunter2" not in told
    assert "does not answer" in (refusal or "")
    with pytest.raises(StoreError, match="call open"):
        await store.ping()
    await store.close()


async def test_a_database_or_a_user_that_is_not_there_is_named(url: str) -> None:
    for wrong in (make_url(url).set(database="nowhere"), make_url(url).set(username="nobody")):
        with pytest.raises(StoreError, match=r"nowhere|nobody"):
            await opened(wrong.render_as_string(hide_password=False))


async def test_copies_are_pg_dump_s(url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="pg_dump"):
        stores.back_up(url, tmp_path / "x")
    with pytest.raises(StoreError, match="pg_restore"):
        stores.restore(url, tmp_path / "x")
    assert stores.inspect(url).is_current
    assert stores.exists(url)
    assert stores.inspect("postgresql+asyncpg://h/d") == DatabaseCondition(
        refusal="`database`: the driver 'asyncpg' is not used: write postgresql://user@host/name"
    )


async def test_connections_that_the_server_ended_are_made_anew(url: str, tables: tuple[str, Engine]) -> None:
    store = PostgresStore(url)
    await store.open()
    await store.open()  # twice is once
    await put(store, change(item()))
    administer(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    assert await store.item(item().uid) == item()
    assert await put(store, change(item("2")))
    await store.close()
    tables[1].dispose()


async def test_what_others_committed_is_noticed_and_looking_alone_is_not(
    two: tuple[PostgresStore, PostgresStore],
) -> None:
    mine, theirs = two

    async def look() -> bool:
        before = await mine.commits()
        await mine.states()
        return await mine.commits() == before

    assert any([await look() for _ in range(50)]), "who writes elsewhere on the server is noticed, too"
    before = await mine.commits()
    await theirs.count_faults("read", 1)
    assert await mine.commits() != before


async def test_an_older_server_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "OLDEST", 990000)
    with pytest.raises(StoreError, match="99 or later is needed"):
        await opened(url)


def test_a_server_whose_run_was_killed_is_ended_by_the_next_run(tmp_path: Path) -> None:
    data, mine = (tmp_path / f"aggregator-postgresql-{name}" / "data" for name in ("old", "new"))
    ended = subprocess.Popen(["true"])
    ended.wait()
    # What is started in the background by a shell without jobs ignores interrupts, and so does all that it starts.
    listening = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(["sleep", "300"], preexec_fn=listening) as server:  # noqa: PLW1509 # it starts no thread
        for folder, user in ((data, ended.pid), (mine, os.getpid())):
            folder.mkdir(parents=True)
            (folder / ".handle_pids.json").write_text(f"[{user}]")
            (folder / "postmaster.pid").write_text(f"{server.pid}\n{folder}\n")
        postgresql.end_abandoned(tmp_path)
        assert server.wait(PATIENCE) == -signal.SIGINT
    assert [folder.exists() for folder in (data, mine)] == [False, True]
