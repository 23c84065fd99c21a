"""An SQLite file as one end of carrying everything to another database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, TableClause, insert

from aggregator.errors import StoreError
from aggregator.store.migrations import HEAD
from aggregator.store.sql.carrying import Row
from aggregator.store.sqlite import backups, engines, failures, place, schema

_AT_ONCE = 1000


class SqlitePlace:
    """A file; fulfils `carrying.Place`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See `carrying.Place.reading`."""
        if not self._path.is_file():
            raise StoreError(f"there is no database {self._path}")
        with backups.hold_exclusively(self._path):
            pass
        engine = engines.connect(self._path, "read")
        try:
            with failures.translating(str(self._path)), engine.begin() as connection:
                revision = schema.version(connection, self._path)
                if revision != HEAD:
                    raise StoreError(
                        f"the database {self._path} is at {revision}, this version works with {HEAD}: "
                        "start this version on it once, then carry it over"
                    )
                yield connection
        finally:
            engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """See `carrying.Place.writing`."""
        place.make(self._path)
        readers, engine = engines.connect(self._path, "read"), engines.connect(self._path, "write")
        try:
            with failures.translating(str(self._path)):
                schema.prepare(self._path, readers)
                with engine.begin() as connection:
                    yield connection
        finally:
            readers.dispose()
            engine.dispose()

    def load(self, connection: Connection, into: TableClause, rows: Iterable[Row]) -> None:
        """See `carrying.Place.load`."""
        names = [one.name for one in into.columns]
        waiting = iter(rows)
        while some := list(islice(waiting, _AT_ONCE)):
            connection.execute(insert(into), [dict(zip(names, row, strict=True)) for row in some])

    def finish(self, connection: Connection) -> None:
        """See `carrying.Place.finish`: SQLite looks at what is there."""
