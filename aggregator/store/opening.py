"""From a database URL to the store that serves it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from aggregator.errors import StoreError
from aggregator.model import Backup, DatabaseCondition, Restored
from aggregator.ports import Store
from aggregator.store import sqlite
from aggregator.store.sqlite import SqliteStore

if TYPE_CHECKING:
    from aggregator.store.sql.carrying import Place

_SQLITE = "sqlite:///"
_SUPPORTED = (
    "sqlite:///data/aggregator.db (a file beside the current folder), sqlite:////var/lib/aggregator.db or "
    "postgresql://user@host/name"
)
_PG_DUMP = "copies of a PostgreSQL database are made by pg_dump and put back by pg_restore, which come with it"


def exists(url: str) -> bool:
    """Whether there may be a database at the URL; where that cannot be told without asking, yes."""
    return not url.lower().startswith(_SQLITE) or Path(url[len(_SQLITE) :]).is_file()


def is_shared(url: str) -> bool:
    """Whether processes on other machines may use the database at the URL too."""
    return _is_postgresql(url)


def open_store(url: str) -> Store:
    """The store for a database URL, not opened yet: no file is touched before its `open()`.

    Raises StoreError for a URL that no store serves; its text has no more of the URL than the scheme, since
    the rest may hold a password.
    """
    if _is_postgresql(url):
        store: Store = _load_postgresql().PostgresStore(url)
        return store
    return SqliteStore(_find_path(url))


def back_up(url: str, to: Path) -> Backup:
    """Copy the database at the URL to a file, whoever uses it meanwhile. Raises StoreError."""
    if _is_postgresql(url):
        raise StoreError(_PG_DUMP)
    return sqlite.back_up(_find_path(url), to)


def restore(url: str, file: Path) -> Restored:
    """Put such a copy in the place of the database at the URL. Raises StoreError, and did nothing then."""
    if _is_postgresql(url):
        raise StoreError(_PG_DUMP)
    return sqlite.restore(_find_path(url), file)


def carry(source: str, target: str) -> Mapping[str, int]:
    """Copy everything from one database to another, empty one, both unused; how many rows of each table.

    Raises StoreError, and the target holds nothing then.
    """
    from aggregator.store.sql import carrying

    if source == target:
        raise StoreError("there is nothing to carry from a database to itself")
    return carrying.carry(_place(source), _place(target))


def inspect(url: str) -> DatabaseCondition:
    """How the database at the URL is, looking only."""
    if _is_postgresql(url):
        found: DatabaseCondition = _load_postgresql().inspect(url)
        return found
    try:
        path = _find_path(url)
    except StoreError as error:
        return DatabaseCondition(refusal=str(error))
    return sqlite.inspect(path)


def _place(url: str) -> Place:
    if _is_postgresql(url):
        place: Place = _load_postgresql().PostgresPlace(url)
        return place
    return sqlite.SqlitePlace(_find_path(url))


def _load_postgresql() -> ModuleType:
    """What serves PostgreSQL, loaded only where it is asked for: its driver takes long to start."""
    try:
        from aggregator.store import postgresql
    except ImportError as error:
        raise StoreError(
            "`database`: psycopg cannot be loaded; where it brings no libpq of its own, install the system's "
            f"(Debian: libpq5): {error}"
        ) from error
    return postgresql


def _is_postgresql(url: str) -> bool:
    return _scheme(url).partition("+")[0] in ("postgresql", "postgres")


def _scheme(url: str) -> str:
    return url.partition(":")[0].lower() if "://" in url else ""


def _find_path(url: str) -> Path:
    scheme = _scheme(url)
    if scheme != "sqlite":
        what = f"the scheme {scheme[:20]!r}" if scheme else "a database without a scheme"
        raise StoreError(f"`database`: {what} is not supported; what is: {_SUPPORTED}")
    path = url[len(_SQLITE) :]
    if not url.lower().startswith(_SQLITE) or not path or path == ":memory:" or "\x00" in path:
        raise StoreError(f"`database` names no file: worker and web need one to share, such as {_SUPPORTED}")
    return Path(path)
