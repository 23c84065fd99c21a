"""Whose database it is, and which version of our tables it has."""

from __future__ import annotations

import time
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from aggregator.errors import SchemaTooNewError, StoreError
from aggregator.store.migrations import HEAD, REVISIONS
from aggregator.store.sqlite import copying, engines, failures

APPLICATION_ID = 0x41474752
"""`AGGR`, in the file's header: the database is ours (https://www.sqlite.org/fileformat.html, section 1.3.13)."""

_PAUSE = 0.05


def prepare(path: Path, readers: Engine) -> None:
    """Create or upgrade the tables in the file; reads a few pages and is done when they are current.

    Safe when several processes do it at once: one does the work and the others wait. Raises StoreError, and
    has changed nothing then, if the file is somebody else's; SchemaTooNewError if it is a later version's.
    """
    deadline = time.monotonic() + engines.BUSY_SECONDS
    while True:
        try:
            with readers.begin() as connection:
                current = version(connection, path) == HEAD
            if not current:
                _upgrade(path)
        except OperationalError as error:
            # Turning on the write-ahead log is refused at once, not after a wait, while another process does it.
            if not failures.is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return


def version(connection: Connection, path: Path) -> str | None:
    """The revision of our tables in the file, None if it is empty; raises StoreError if it is not for us."""
    owner = connection.exec_driver_sql("PRAGMA application_id").scalar()
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
    if not owner and not names:
        return None
    if owner != APPLICATION_ID or "alembic_version" not in names:
        raise StoreError(
            f"the database {path} belongs to another program: "
            "name another file in `database`, or move this one away"
        )
    found = _revision(connection)
    if found not in REVISIONS:
        raise _too_new(path, found)
    return found


def require_current(connection: Connection, path: Path) -> None:
    """Raise SchemaTooNewError if another version has upgraded the tables since the file was opened."""
    found = _revision(connection)
    if found != HEAD:
        raise _too_new(path, found)


def _revision(connection: Connection) -> str:
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def _too_new(path: Path, found: str) -> SchemaTooNewError:
    return SchemaTooNewError(
        f"the database {path} was written by a newer version of this program (its tables are at {found}, "
        f"this version knows {HEAD}): install that version again, or name another file in `database`"
    )


def _upgrade(path: Path) -> None:
    from aggregator.store.migrations.run import upgrade

    engine = engines.connect(path, "upgrade")
    try:
        with engine.begin() as connection:
            found = version(connection, path)  # anew, now that we hold the lock: another may have been faster
            if found is None:
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            elif found != HEAD:
                kept = copying.keep_before_upgrade(path, found)  # as nobody can write meanwhile
                structlog.get_logger("store").info("copied before the upgrade", file=str(kept), to=HEAD)
            if found != HEAD:
                upgrade(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise StoreError(
                    f"the database {path} cannot be upgraded: a row of {broken[0]} points at a missing row of "
                    f"{broken[2]}; nothing was changed: put back a copy, or move it away"
                )
    finally:
        engine.dispose()
