"""Connections to a PostgreSQL database, from its URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from aggregator.errors import StoreError

DRIVER: Final = "postgresql+psycopg"

APPLICATION: Final = "aggregator"
"""How our connections are called, where the URL does not call them otherwise (`application_name`)."""

_CONNECTING: Final[Mapping[str, Any]] = {
    "connect_timeout": 10,
    "fallback_application_name": APPLICATION,
    "keepalives_idle": 30,  # a machine that is gone is noticed in a minute, not in two hours
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
"""What libpq is told, unless the URL says otherwise."""

_HELD: Final = "SET idle_in_transaction_session_timeout = '60s'"
"""Whoever is stopped in the middle of a transaction holds up nobody for longer: the server ends it."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is, in words that may be told and in those that may not.

    Attributes:
        url: With the password.
        place: Host and name of the database, for messages.
    """

    url: URL
    place: str

    def hide(self, words: str) -> str:
        """The words without the password, should a driver have repeated it."""
        password = str(self.url.password or "")
        return words.replace(password, "***") if password else words


def address_of(url: str) -> Address:
    """The address that a URL names. Raises StoreError for one that names none."""
    try:
        made = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreError("`database` is no URL of a PostgreSQL database: postgresql://user@host/name") from error
    driver = made.drivername.partition("+")[2]
    if driver not in ("", "psycopg"):
        raise StoreError(f"`database`: the driver {driver[:20]!r} is not used: write postgresql://user@host/name")
    host = made.host or _first(made.query.get("host")) or "this machine"
    port = f":{made.port}" if made.port else ""
    return Address(
        url=made.set(drivername=DRIVER), place=f"{made.database or made.username or ''} at {host}{port}"
    )


def connect(address: Address, size: int | None = None) -> Engine:
    """An engine of `size` connections at most, opened when first needed; `dispose()` closes them.

    Without a size no connection outlives its use. Statements are not prepared on the server: that would break
    behind a pgbouncer that shares connections by the transaction, and when another version alters a table.
    """
    pool: dict[str, Any] = {"poolclass": NullPool} if size is None else {"pool_size": size, "max_overflow": 0}
    engine = create_engine(address.url, connect_args=_arguments_beside(address), use_native_hstore=False, **pool)
    event.listen(engine, "connect", _set_up)
    return engine


def arguments(address: Address) -> dict[str, Any]:
    """What psycopg is given for a connection beside those of `connect`."""
    _, given = create_engine(address.url).dialect.create_connect_args(address.url)
    return {**given, **_arguments_beside(address)}


def _arguments_beside(address: Address) -> dict[str, Any]:
    """What the URL does not say."""
    told = {name: value for name, value in _CONNECTING.items() if name not in address.url.query}
    return {**told, "prepare_threshold": None}


def _set_up(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    connection.execute(_HELD)
    connection.autocommit = False


def _first(value: str | tuple[str, ...] | None) -> str | None:
    return value[0] if isinstance(value, tuple) else value
