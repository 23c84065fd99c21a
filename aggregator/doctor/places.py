"""Folders and files: may they be written, may the right ones be read, and is there room?"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from aggregator.doctor.finding import Finding, fail, ok, warn

SCARCE = 100_000_000
"""Bytes free below which a busy installation is full within days."""

FULL = 10_000_000
"""Bytes free below which the next poll may not be stored."""


def check_database_folder(path: Path) -> Iterator[Finding]:
    """Whether the database can be written, or made."""
    folder = _find_nearest(path.parent)
    trouble = _why_not_writable(folder)
    if trouble is None and path.exists() and not os.access(path, os.R_OK | os.W_OK):
        trouble = f"{path} may not be read and written"
    if trouble is None:
        yield ok("database_folder", f"{folder} can be written.")
    else:
        yield fail(
            "database_folder",
            f"The database {path} cannot be written: {trouble}.",
            "Run this as the user of worker and web, who must own the folder, on a disk that is not read-only.",
        )


def check_temporary_folder() -> Iterator[Finding]:
    """Whether there is a place for temporary files."""
    try:
        yield ok("temporary_folder", f"{tempfile.gettempdir()} can be written.")
    except OSError:
        yield fail(
            "temporary_folder", "No folder for temporary files can be written.", "Set TMPDIR to one that can."
        )


def check_publish_folder(path: Path) -> Iterator[Finding]:
    """Whether documents can be written as files, and read by a web server that runs as another user."""
    trouble = _why_not_writable(_find_nearest(path))
    if trouble is not None:
        yield fail(
            "publish_folder",
            f"publish.directory {path} cannot be written: {trouble}.",
            "Let the worker's user own it, or name another folder.",
        )
        return
    closed = [one for one in (path, *path.parents) if one.exists() and not one.stat().st_mode & stat.S_IXOTH]
    if closed:
        yield warn(
            "publish_folder",
            f"publish.directory {path} can be written, but only its user can enter {closed[0]}.",
            f"For a web server that runs as another user: chmod o+x {closed[0]}, or name a folder elsewhere.",
        )
    else:
        yield ok("publish_folder", f"publish.directory {path} can be written, and read by a web server.")


def check_modes(path: Path) -> Iterator[Finding]:
    """Whether others can read the database, which holds private feeds; its owner closes it by opening it."""
    if path.exists() and path.stat().st_mode & stat.S_IROTH:
        yield warn(
            "database_mode", f"Every user of this machine may read {path}.", f"As its owner: chmod o= {path}"
        )


def check_disk(path: Path, size: int) -> Iterator[Finding]:
    """Whether there is room on the disk of the database, which has that many bytes."""
    folder = _find_nearest(path.parent)
    free = shutil.disk_usage(folder).free
    told = (
        f"{free / 1_000_000:,.0f} MB are free on the disk of {folder}; the database has {size / 1_000_000:,.1f} MB"
    )
    if free < FULL:
        yield fail("disk", f"{told}: polls cannot be stored.", "Make room; nothing is lost, polls are repeated.")
    elif free < max(SCARCE, size):
        yield warn(
            "disk",
            f"{told}: a copy of it, which each upgrade makes, may not find room.",
            "Make room, or lower store.retain, or set store.max_size.",
        )
    else:
        yield ok("disk", f"{told}.")


def _find_nearest(path: Path) -> Path:
    """The folder, or the nearest above it that there is."""
    return next(one for one in (path, *path.absolute().parents) if one.exists())


def _why_not_writable(folder: Path) -> str | None:
    """Tried, not asked: a read-only disk allows everything and takes nothing."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return f"{folder}: {error.strerror}"
