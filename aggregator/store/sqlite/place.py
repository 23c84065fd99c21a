"""The file of a database and its folder: for nobody else to read, and refused where they cannot be written."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from aggregator.errors import StoreError
from aggregator.store.sqlite import failures

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a file, by the ends of the names; it gives them the file's mode."""

_GROUP = stat.S_IRGRP | stat.S_IWGRP


def make(path: Path) -> None:
    """Make folder and file (mode 600) where there are none, and keep a file that is there private.

    Raises StoreError for what SQLite would only report when it first writes, or in riddles.
    """
    make_folder(path)
    if path.is_dir():
        raise StoreError(f"the database {path} is a folder: name a file in `database`")
    for place in (path, path.parent):  # the write-ahead log lies beside the file
        if place.exists() and not os.access(place, os.W_OK):
            raise failures.denied_error(path)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise failures.denied_error(path) from error
    for end in ("", *BESIDE):
        _close_to_others(Path(f"{path}{end}"))


def make_folder(path: Path) -> None:
    """Make the folder of a database (mode 700) where there is none. Raises StoreError."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the folder {path.parent} for the database cannot be made: {error.strerror}: "
            "name another place in `database`"
        ) from error


def measure(path: Path) -> int:
    """Bytes of a database on the disk, with what lies beside it."""
    size = 0
    for end in ("", *BESIDE):
        with suppress(FileNotFoundError):
            size += Path(f"{path}{end}").stat().st_size
    return size


def flush(folder: Path) -> None:
    """Have the disk know which files the folder holds."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def take_over_owner(path: Path, of: Path) -> None:
    """Give a file the owner and the mode of another one, which it is to replace: root may restore for a user."""
    found = of.stat()
    path.chmod(stat.S_IMODE(found.st_mode) & (0o600 | _GROUP))
    with suppress(PermissionError):
        os.chown(path, found.st_uid, found.st_gid)


def _close_to_others(path: Path) -> None:
    """Mode 600; a file that its group may write is shared with it on purpose, and stays so."""
    with suppress(FileNotFoundError, PermissionError):  # what is another user's is theirs to close
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = 0o600 | (mode & _GROUP if mode & stat.S_IWGRP else 0)
        if mode != wanted:
            path.chmod(wanted)
