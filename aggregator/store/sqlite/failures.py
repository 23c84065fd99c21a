"""What SQLite reports -> StoreError that says what to do."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, StatementError

from aggregator.errors import StoreError

_DENIED = (
    "cannot be written: let the user that runs this program own the file and its folder, "
    "on a disk that is not mounted read-only"
)
_LACKING = "cannot be opened for want of descriptors: raise the limit of open files (LimitNOFILE, ulimit -n)"
_BUSY = "is locked by another process: end that process, or try again when it is done"
_REMEDIES = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_PERM: _DENIED,
    sqlite3.SQLITE_READONLY: _DENIED,
    sqlite3.SQLITE_CANTOPEN: _DENIED,
    sqlite3.SQLITE_FULL: "cannot grow because the disk is full: make room; nothing is lost, polls are repeated",
    sqlite3.SQLITE_IOERR: "cannot be read or written because the disk fails: look at the system's log",
    sqlite3.SQLITE_CORRUPT: "is damaged: put back a copy, or move it away and the feeds are read anew",
    sqlite3.SQLITE_NOTADB: "is no SQLite database: name another file in `database`, or move this one away",
}
_LONGEST = 200


@contextmanager
def translating(place: str) -> Iterator[None]:
    """Turn what SQLAlchemy and sqlite3 raise into StoreError that names `place`; let everything else pass.

    A value that no column takes (a naive datetime) is the caller's mistake and raised as what it is.
    """
    try:
        yield
    except DBAPIError as error:
        raise store_error(error.orig, place) from error
    except sqlite3.Error as error:
        raise store_error(error, place) from error
    except StatementError as error:
        if error.orig is None:
            raise
        raise error.orig from error


def denied_error(place: Path) -> StoreError:
    """The StoreError for a file that may not be written, or cannot be for want of descriptors: they look alike."""
    return StoreError(f"the database {place} {_DENIED if _has_descriptors() else _LACKING}")


def is_busy(error: Exception) -> bool:
    """Whether somebody else holds the lock, so that trying again may do."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return code(cause) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def store_error(error: BaseException | None, place: str) -> StoreError:
    """The StoreError for what went wrong with the database at `place`."""
    remedy = _REMEDIES.get(code(error))
    if remedy is _DENIED:
        return denied_error(Path(place))
    if remedy is None:
        words = "".join(char if char.isprintable() else " " for char in str(error))
        remedy = f"does not do what it should: {words[:_LONGEST]}"
    return StoreError(f"the database {place} {remedy}")


def _has_descriptors() -> bool:
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return error.errno not in {errno.EMFILE, errno.ENFILE}
    return True


def code(error: BaseException | None) -> int:
    """The primary result code: the low byte (https://www.sqlite.org/rescode.html)."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
