"""A PostgreSQL database as one end of carrying everything to another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import cast

from psycopg import Connection as Driver
from sqlalchemy import Connection, TableClause, text

from aggregator.errors import StoreError
from aggregator.store.migrations import HEAD
from aggregator.store.postgresql import engines, failures, schema
from aggregator.store.postgresql.session import READ_ONLY
from aggregator.store.sql.carrying import Row

_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND application_name = :name"
)
_PATIENT = text("SET LOCAL idle_in_transaction_session_timeout = 0")
"""One end waits while the other one is read again, however long that takes."""

_NUMBER_ON = text(
    "SELECT setval(pg_get_serial_sequence('signatures', 'number'), max(number)) FROM signatures"
    " HAVING count(*) > 0"
)


class PostgresPlace:
    """A database; fulfils `carrying.Place`."""

    def __init__(self, url: str) -> None:
        self._address = engines.address_of(url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See `carrying.Place.reading`."""
        engine = engines.connect(self._address).execution_options(**READ_ONLY)
        with failures.translating(self._address), engine.begin() as connection:
            connection.execute(_PATIENT)
            revision = schema.version(connection, self._address)
            if revision != HEAD:
                raise StoreError(
                    f"the database {self._address.place} is at {revision}, this version works with {HEAD}: "
                    "start this version on it once, then carry it over"
                )
            if connection.scalar(_OTHERS, {"name": engines.APPLICATION}):
                raise StoreError(f"the database {self._address.place} is in use: end worker and web first")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """See `carrying.Place.writing`."""
        engine = engines.connect(self._address)
        with failures.translating(self._address):
            schema.prepare(self._address, engine)
            with engine.begin() as connection:
                connection.execute(_PATIENT)
                yield connection

    def load(self, connection: Connection, into: TableClause, rows: Iterable[Row]) -> None:
        """See `carrying.Place.load`."""
        names = ", ".join(one.name for one in into.columns)
        driver = cast("Driver", connection.connection.driver_connection)
        with driver.cursor() as cursor, cursor.copy(f"COPY {into.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def finish(self, connection: Connection) -> None:
        """See `carrying.Place.finish`."""
        connection.execute(_NUMBER_ON)
