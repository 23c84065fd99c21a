"""What the server reports, in words that help; and what is tried again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from aggregator import store as stores
from aggregator.errors import StoreError
from aggregator.store.migrations import REVISIONS
from aggregator.store.postgresql import PostgresStore, engines, failures, transactions
from tests.store.postgresql.test_postgresql_opening import administer, opened

PLACE = engines.address_of("postgresql://me:hunter2@db.example:5433/river")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (psycopg.errors.InvalidPassword, "refuses the user"),
        (psycopg.errors.InvalidCatalogName, "is not there: make it"),
        (psycopg.errors.InsufficientPrivilege, "own the database"),
        (psycopg.errors.DiskFull, "disk is full: make room"),
        (psycopg.errors.TooManyConnections, "no connection left"),
        (psycopg.errors.ReadOnlySqlTransaction, "primary server"),
        (psycopg.errors.DataCorrupted, "is damaged"),
        (psycopg.errors.CannotConnectNow, "does not answer .*start it"),
        (psycopg.OperationalError, "does not answer"),
        (psycopg.errors.UndefinedTable, "does not do what it should: hunter"),
    ],
)
def test_each_kind_of_trouble_names_the_place_and_the_remedy_without_the_password(
    kind: type[psycopg.Error], words: str
) -> None:
    with (
        pytest.raises(StoreError, match=f"^the database river at db.example:5433 .*{words}") as raised,
        failures.translating(PLACE),
    ):
        raise OperationalError("SELECT", {}, kind("hunter\x00 said hunter2"))
    assert "hunter2" not in str(raised.value)
    assert str(raised.value).isprintable()


def test_connections_that_are_all_in_use_are_told_and_a_caller_s_mistake_stays_what_it_is() -> None:
    with pytest.raises(StoreError, match="too slow"), failures.translating(PLACE):
        raise PoolTimeoutError("30 s")
    with pytest.raises(ValueError, match="naive"), failures.translating(PLACE):
        raise StatementError("bound", "INSERT", {}, ValueError("naive"))
    with pytest.raises(StatementError), failures.translating(PLACE):
        raise StatementError("bound", "INSERT", {}, None)


async def test_what_fails_again_and_again_fails_in_the_end(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "_PAUSES", (0.0, 0.0))
    store, runs = PostgresStore(url), []
    await store.open()

    def collide(connection: Connection) -> None:
        runs.append(1)
        connection.execute(text("INSERT INTO faults VALUES ('a', 1), ('a', 2)"))

    with pytest.raises(StoreError, match="duplicate key"):
        await store._write(collide)
    assert len(runs) == 3
    with pytest.raises(StoreError, match="does not do what it should"):
        await store._write(lambda connection: connection.execute(text("SELECT nothing")))
    assert await store.drop_backups(datetime.now(UTC)) == ()
    await store.close()


async def test_a_poll_whose_connection_is_lost_while_it_commits_is_not_written_a_second_time(url: str) -> None:
    store, runs = PostgresStore(url), []
    await store.open()

    def die(connection: Connection) -> None:
        runs.append(1)
        connection.execute(text("INSERT INTO faults VALUES ('a', 1)"))
        number = connection.scalar(text("SELECT pg_backend_pid()"))
        administer(url, f"SELECT pg_terminate_backend({number})")

    with pytest.raises(StoreError):
        await store._write_unfenced(die)
    assert len(runs) == 1
    assert await store.faults() == ()
    await store.close()


async def test_tables_of_an_earlier_version_are_not_carried(blank: str, tmp_path: Path) -> None:
    await opened(blank)
    administer(blank, f"UPDATE alembic_version SET version_num = '{REVISIONS[0]}'")
    with pytest.raises(StoreError, match="start this version on it once"):
        stores.carry(blank, f"sqlite:///{tmp_path / 'x.db'}")


def test_a_driver_that_cannot_be_loaded_is_told_with_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("aggregator.store.postgresql")
    monkeypatch.setitem(__import__("sys").modules, "aggregator.store.postgresql", None)
    with pytest.raises(StoreError, match="libpq5"):
        stores.open_store("postgresql://h/d")
