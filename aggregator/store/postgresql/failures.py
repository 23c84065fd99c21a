"""What PostgreSQL reports -> StoreError that says what to do, and never the password."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from psycopg import OperationalError
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from aggregator.errors import StoreError
from aggregator.store.postgresql.engines import Address

# https://www.postgresql.org/docs/15/errcodes-appendix.html
_OVERTAKEN: Final = frozenset({"40001", "40P01", "23505"})
"""Another transaction was faster: serialization failure, deadlock, unique violation."""

_STOPPED: Final = frozenset({"57P01", "57P02", "57P03", "25P03"})
"""The server ends the connection, or takes none yet."""

_REMEDIES: Final[Mapping[str, str]] = {
    "28P01": "refuses the user: check user and password in `database`",
    "28000": "refuses the user: check user and password in `database`, and pg_hba.conf of the server",
    "3D000": "is not there: make it (createdb), or name another one in `database`",
    "42501": "may not be used so by this user: let the user own the database or its schema",
    "53100": "cannot grow because the server's disk is full: make room; nothing is lost, polls are repeated",
    "53300": "has no connection left: raise max_connections, or put a pgbouncer before it",
    "25006": "only reads: name the primary server in `database`, not a replica",
    "XX001": "is damaged: put back a copy",
    "XX002": "has a damaged index: REINDEX it, or put back a copy",
}
_LONGEST: Final = 200


@contextmanager
def translating(address: Address) -> Iterator[None]:
    """Turn what SQLAlchemy and psycopg raise into StoreError that names the place; let everything else pass.

    A value that no column takes (a naive datetime) is the caller's mistake and raised as what it is.
    """
    try:
        yield
    except DBAPIError as error:
        raise store_error(error, address) from error
    except PoolTimeoutError as error:
        raise StoreError(f"the database {address.place} is too slow: all connections to it are in use") from error
    except StatementError as error:
        if error.orig is None:
            raise
        raise error.orig from error


def store_error(error: DBAPIError, address: Address) -> StoreError:
    """The StoreError for what went wrong."""
    remedy = _REMEDIES.get(_code(error))
    if remedy is None:
        words = "".join(char if char.isprintable() else " " for char in address.hide(str(error.orig)))
        remedy = f"does not do what it should: {words[:_LONGEST]}"
        if is_lost(error):
            remedy = (
                f"does not answer ({words[:_LONGEST].strip()}): start it, or check host and port in `database`"
            )
    return StoreError(f"the database {address.place} {remedy}")


def is_overtaken(error: DBAPIError) -> bool:
    """Whether another transaction was in the way, so that the same again may do."""
    return _code(error) in _OVERTAKEN


def is_lost(error: DBAPIError) -> bool:
    """Whether the connection is gone, or there was none, so that a new one may do."""
    unheard = isinstance(error.orig, OperationalError) and not _code(error)  # libpq found it out by itself
    return error.connection_invalidated or unheard or _code(error) in _STOPPED


def _code(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""
