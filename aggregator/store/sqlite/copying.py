"""A copy of an SQLite file that others go on using, held to be one only when it was read again."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, cast

from sqlalchemy import Connection

from aggregator.errors import StoreError
from aggregator.store.sqlite import engines, failures, place, space

KEPT: Final = timedelta(days=7)
"""How long a copy stays that was made before an upgrade."""

_MARGIN = 1.1


def copy(connection: Connection, to: Path) -> Mapping[str, int]:
    """Copy what a reading transaction sees; the rows of each table. Nothing is at `to` unless the copy is whole.

    Others write meanwhile. The copy is one file, with mode 600. Raises StoreError.
    """
    with _beside(to) as path:
        source = cast("sqlite3.Connection", connection.connection.driver_connection)
        rows = _count(source)
        with failures.translating(str(to)), closing(sqlite3.connect(path, isolation_level=None)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE").close()  # no file beside it
            faults = [row[0] for row in target.execute("PRAGMA integrity_check(3)")]
            copied = _count(target)
        if faults != ["ok"] or copied != rows:
            found = "; ".join(str(one) for one in faults) if faults != ["ok"] else "it has other rows"
            raise StoreError(f"the copy {to} was not made, because it is not whole: {found[:300]}")
        _put(path, to)
    return rows


def keep_before_upgrade(path: Path, revision: str) -> Path:
    """Copy the file beside itself, named by its revision and today's date; where to.

    Raises StoreError, and nothing was done, where the disk has no room for it.
    """
    to = path.with_name(f"{path.name}.{revision}.{datetime.now(UTC).date()}.backup")
    engine = engines.connect(path, "read")
    try:
        with engine.begin() as connection:
            found = space.measure(connection)
            needed, free = int(found.pages * found.page_size * _MARGIN), shutil.disk_usage(path.parent).free
            if free < needed:
                raise StoreError(
                    f"the database {path} is not upgraded: it is copied before, for which {_megabytes(needed)} MB "
                    f"must be free in {path.parent}, and {_megabytes(free)} MB are: make room, or move it to a "
                    "larger disk and name that in `database`; nothing was changed"
                )
            copy(connection, to)
    finally:
        engine.dispose()
    return to


def drop_kept(path: Path, before: datetime) -> tuple[str, ...]:
    """Remove the copies made before upgrades on days before a moment; their names. Raises OSError."""
    old = [found for found, day in _find_kept(path) if day < before.date()]
    for one in old:
        one.unlink(missing_ok=True)
    return tuple(one.name for one in old)


def _find_kept(path: Path) -> Iterable[tuple[Path, date]]:
    for found in path.parent.iterdir():
        parts = found.name.removeprefix(f"{path.name}.").split(".")
        if found.name.startswith(f"{path.name}.") and len(parts) == 3 and parts[2] == "backup":
            try:
                yield found, date.fromisoformat(parts[1])
            except ValueError:
                continue


def _count(connection: sqlite3.Connection) -> dict[str, int]:
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    tables += " AND sql NOT LIKE 'CREATE VIRTUAL TABLE%'"  # what it holds stands in others
    names = [name for (name,) in connection.execute(f"{tables} ORDER BY name")]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 # ours


@contextmanager
def _beside(to: Path) -> Iterator[Path]:
    """A new file in the folder of another one, for its owner only; gone afterwards, whatever happens."""
    try:
        handle, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}.")
    except OSError as error:
        raise StoreError(f"{to} cannot be written ({error.strerror}): name another place") from error
    os.close(handle)
    try:
        yield Path(name)
    finally:
        for end in ("", *place.BESIDE):
            Path(f"{name}{end}").unlink(missing_ok=True)


def _put(path: Path, to: Path) -> None:
    try:
        place.flush(path)
        path.replace(to)
        place.flush(to.parent)
    except OSError as error:
        raise StoreError(f"{to} cannot be written ({error.strerror}): name another place") from error


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f}"
