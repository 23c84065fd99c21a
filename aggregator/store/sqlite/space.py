"""Giving room in an SQLite file back to the disk.

A file that was made by this version is cut in small steps: SQLite moves pages from its end to where others are
free. One of an older version cannot be cut before it has been rewritten once, which is done where so much of it is
free that it pays, and the disk has room for the copy.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

STEP: Final = 500
"""Pages given back in one transaction: 2 MB, some 10 ms in which nothing else is written."""

SPARE: Final = 250
"""Free pages that are left for what comes next: 1 MB."""

_INCREMENTAL: Final = 2
_REWRITE_FROM: Final = 2_500
_REWRITE_SHARE: Final = 5
_MARGIN: Final = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSpace:
    """How much of an SQLite file is used.

    Attributes:
        pages: Of the file.
        free: Of them, those that hold nothing.
        page_size: Bytes.
        incremental: Whether it can be cut in steps.
    """

    pages: int
    free: int
    page_size: int
    incremental: bool

    @property
    def worth_rewriting(self) -> bool:
        """Whether a fifth of it is free, and 10 MB at least."""
        return not self.incremental and self.free >= max(_REWRITE_FROM, self.pages // _REWRITE_SHARE)


def measure(connection: Connection) -> FileSpace:
    """How much of the file is used now."""

    def number(name: str) -> int:
        return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)

    return FileSpace(
        pages=number("page_count"),
        free=number("freelist_count"),
        page_size=number("page_size"),
        incremental=number("auto_vacuum") == _INCREMENTAL,
    )


def release(connection: sqlite3.Connection) -> int:
    """Give back one step's pages; how many more there are to give. A transaction of its own."""

    def free() -> int:
        (count,) = connection.execute("PRAGMA freelist_count").fetchone()
        return max(0, int(count) - SPARE)

    pages = min(STEP, free())
    if pages:
        # As a script: the driver would otherwise end the statement after the first page.
        connection.executescript(f"PRAGMA incremental_vacuum({pages})").close()
    return free()


def why_not_rewritten(found: FileSpace, path: Path) -> str | None:
    """Why the file cannot be rewritten now, as a sentence; None if it can.

    SQLite writes the copy to its folder for temporary files and then to the log beside the file, from where it
    replaces the old pages.
    """
    needed = int((found.pages - found.free) * found.page_size * _MARGIN)
    places = (_temporary_folder(), path.parent)
    shared = len({place.stat().st_dev for place in places}) == 1
    for place in places:
        free = shutil.disk_usage(place).free
        if free < needed * (1 + shared):
            spare, needed, there = (
                size // 1_000_000 for size in (found.free * found.page_size, needed * (1 + shared), free)
            )
            return (
                f"{spare} MB of the database {path} are free and could be given back to the disk, but for that "
                f"{needed} MB must be free in {place}, and {there} MB are"
            )
    return None


def rewrite(connection: sqlite3.Connection) -> None:
    """Write the file anew without its free pages, in a form that can be cut in steps from then on.

    Outside of any transaction. Readers go on reading what they see; who wants to write waits. When it fails, as on
    a full disk, the file is as it was.
    """
    connection.execute(f"PRAGMA auto_vacuum={_INCREMENTAL}").close()
    connection.execute("VACUUM").close()


def settle(connection: sqlite3.Connection) -> None:
    """Let the file on the disk become as short as it is by now. Waits for nobody, outside of any transaction."""
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").close()


def _temporary_folder() -> Path:
    """Where SQLite puts its temporary files (https://www.sqlite.org/tempfiles.html, section 5)."""
    candidates = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), "/var/tmp", "/usr/tmp", "/tmp")  # noqa: S108 # SQLite's
    usable = (Path(name) for name in candidates if name and os.access(name, os.W_OK | os.X_OK))
    return next(usable, Path())
