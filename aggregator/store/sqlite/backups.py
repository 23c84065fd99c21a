"""Copies that an operator makes of a database in a file, and puts back; and a look at how it is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from aggregator.errors import SchemaTooNewError, StoreError
from aggregator.model import Backup, DatabaseCondition, Restored
from aggregator.store.migrations import HEAD
from aggregator.store.sqlite import copying, engines, failures, place, schema

_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def back_up(path: Path, to: Path) -> Backup:
    """Copy the database, which others may go on using, to a file. Raises StoreError.

    The tables are copied as they are, of whatever revision. A file that is there already is replaced if it is a
    database of ours, and in one step.
    """
    if not path.is_file():
        raise StoreError(f"there is no database {path} yet: a worker makes it")
    if to.exists() and (to.samefile(path) or _revision(to) is None):
        raise StoreError(f"{to} is there already, and no copy that this program made: name another file")
    return _copy(path, to)


def restore(path: Path, file: Path) -> Restored:
    """Put a copy in the place of the database, which is kept beside it. Raises StoreError, and did nothing then.

    Refused while a process has the database open, where it is another program's, and where it is a later
    version's. One that is damaged can be replaced.
    """
    if not file.is_file():
        raise StoreError(f"{file} is no file")
    if path.exists() and path.samefile(file):
        raise StoreError(f"{file} is the database itself: name a copy that `aggregator backup` made")
    place.make_folder(path)
    with hold_exclusively(path):
        fresh = path.with_name(f"{path.name}.restoring")
        try:
            with _advising_another(file):
                copy = _copy(file, fresh)
            if path.exists():
                place.take_over_owner(fresh, path)
            replaced = _keep(path)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
        place.flush(path.parent)
    placed = Backup(path=path, revision=copy.revision, rows=copy.rows, size=copy.size)
    return Restored(backup=placed, replaced=replaced, upgrade=HEAD if copy.revision != HEAD else None)


def inspect(path: Path) -> DatabaseCondition:
    """How the database is, looking only: nothing is made, upgraded or mended."""
    size = place.measure(path)
    if not path.is_file() or not size:
        return DatabaseCondition(path=path)
    engine = engines.connect(path, "read")
    try:
        with failures.translating(str(path)), engine.begin() as connection:
            revision = schema.version(connection, path)
            faults = connection.exec_driver_sql("PRAGMA quick_check(2)").scalars().all()
    except StoreError as error:
        return DatabaseCondition(path=path, size=size, refusal=str(error))
    finally:
        engine.dispose()
    damage = tuple(str(one) for one in faults if one != "ok")
    return DatabaseCondition(path=path, revision=revision, is_current=revision == HEAD, size=size, faults=damage)


def _copy(path: Path, to: Path) -> Backup:
    engine = engines.connect(path, "read")
    try:
        with failures.translating(str(path)), engine.begin() as connection:
            revision = schema.version(connection, path)
            if revision is None:
                raise StoreError(f"the database {path} is empty: there is nothing to copy")
            rows = copying.copy(connection, to)
    finally:
        engine.dispose()
    return Backup(path=to, revision=revision, rows=rows, size=to.stat().st_size)


@contextmanager
def _advising_another(file: Path) -> Iterator[None]:
    """What is wrong with a file that is to be put back is told with what helps then, and not as of a database."""
    try:
        yield
    except SchemaTooNewError:
        raise
    except StoreError as error:
        told, _, _ = str(error).partition(": ")
        if f"{file} " not in told:  # it is the place that it was to be copied to
            raise
        told = told.removeprefix("the database ")
        raise StoreError(f"{told}: name a copy that `aggregator backup`, or an upgrade, made") from error


def _revision(path: Path) -> str | None:
    """Of the tables in a file of ours; None where it is empty, or no database at all."""
    engine = engines.connect(path, "read")
    try:
        with failures.translating(str(path)), engine.begin() as connection:
            return schema.version(connection, path)
    except StoreError:
        return None
    finally:
        engine.dispose()


@contextmanager
def hold_exclusively(path: Path) -> Iterator[None]:
    """Nobody else has the database open, and all that was written is in its one file; where there is one.

    A damaged file cannot be asked who else has it open; whoever has will be told that it was replaced.
    """
    if not path.exists() or not _is_sound(path):
        yield
        return
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            # Refused while anybody else has a database with a write-ahead log open, busy or not.
            connection.execute("PRAGMA journal_mode=DELETE").close()
            connection.execute("BEGIN EXCLUSIVE").close()
        except sqlite3.Error as error:
            if failures.is_busy(error):
                raise StoreError(
                    f"the database {path} is in use: end worker and web first, then restore, then start them"
                ) from error
            raise failures.store_error(error, str(path)) from error
        yield


def _is_sound(path: Path) -> bool:
    """Whether it can be read. Raises StoreError for another program's, and for a later version's."""
    engine = engines.connect(path, "read")
    try:
        with engine.begin() as connection:
            schema.version(connection, path)
    except DBAPIError as error:
        if failures.code(error.orig) not in _BROKEN:
            raise failures.store_error(error.orig, str(path)) from error
        return False
    finally:
        engine.dispose()
    return True


def _keep(path: Path) -> Path | None:
    """The database under another name as well, with what lies beside it; None where there is nothing."""
    if not path.exists() or not path.stat().st_size:
        return None
    kept = path.with_name(f"{path.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    os.link(path, kept)  # at no moment is there no database: a worker that starts now must not make a new one
    for end in place.BESIDE:  # of a damaged one; it must not be taken for the copy's
        beside = Path(f"{path}{end}")
        if beside.exists():
            beside.replace(f"{kept}{end}")
    return kept
