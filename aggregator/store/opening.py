"""From a database URL to the store that serves it."""

from __future__ import annotations

from pathlib import Path

from aggregator.errors import StoreError
from aggregator.model import Backup, DatabaseCondition, Restored
from aggregator.ports import Store
from aggregator.store import sqlite
from aggregator.store.sqlite import SqliteStore

_SQLITE = "sqlite:///"
_SUPPORTED = "sqlite:///data/aggregator.db (a file beside the current folder) or sqlite:////var/lib/aggregator.db"


def exists(url: str) -> bool:
    """Whether there may be a database at the URL; where that cannot be told without asking, yes."""
    return not url.lower().startswith(_SQLITE) or Path(url[len(_SQLITE) :]).is_file()


def open_store(url: str) -> Store:
    """The store for a database URL, not opened yet: no file is touched before its `open()`.

    Raises StoreError for a URL that no store serves; its text has no more of the URL than the scheme, since
    the rest may hold a password.
    """
    return SqliteStore(_find_path(url))


def back_up(url: str, to: Path) -> Backup:
    """Copy the database at the URL to a file, whoever uses it meanwhile. Raises StoreError."""
    return sqlite.back_up(_find_path(url), to)


def restore(url: str, file: Path) -> Restored:
    """Put such a copy in the place of the database at the URL. Raises StoreError, and did nothing then."""
    return sqlite.restore(_find_path(url), file)


def inspect(url: str) -> DatabaseCondition:
    """How the database at the URL is, looking only."""
    try:
        path = _find_path(url)
    except StoreError as error:
        return DatabaseCondition(refusal=str(error))
    return sqlite.inspect(path)


def _find_path(url: str) -> Path:
    scheme = url.partition(":")[0].lower() if "://" in url else ""
    family = scheme.partition("+")[0]
    if family in ("postgresql", "postgres"):
        raise StoreError(f"PostgreSQL is not supported yet; what is: {_SUPPORTED}")
    if scheme != "sqlite":
        what = f"the scheme {scheme[:20]!r}" if scheme else "a database without a scheme"
        raise StoreError(f"`database`: {what} is not supported; what is: {_SUPPORTED}")
    path = url[len(_SQLITE) :]
    if not url.lower().startswith(_SQLITE) or not path or path == ":memory:" or "\x00" in path:
        raise StoreError(f"`database` names no file: worker and web need one to share, such as {_SUPPORTED}")
    return Path(path)
