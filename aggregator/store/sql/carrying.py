"""All rows from one database into another, as they are stored, and whether they are the same there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, Protocol

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    LargeBinary,
    TableClause,
    Text,
    column,
    delete,
    func,
    select,
    table,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from aggregator.errors import StoreError
from aggregator.store.sql import indexed_words
from aggregator.store.sql.columns import storable
from aggregator.store.sql.tables import installation, metadata

_AT_ONCE: Final = 1000
_KINDS: Final[tuple[type[TypeEngine[Any]], ...]] = (Boolean, LargeBinary, Text, BigInteger)
_MODULUS: Final = 2**128

Row = tuple[Any, ...]


class Place(Protocol):
    """A database that all rows are read from or written to, while nobody else uses it."""

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that sees one moment. Raises StoreError where others use it, or it is not current."""
        ...

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction over our tables, which are made where there are none. Raises StoreError."""
        ...

    def load(self, connection: Connection, into: TableClause, rows: Iterable[Row]) -> None:
        """Insert rows, fast."""
        ...

    def finish(self, connection: Connection) -> None:
        """Have the database give out numbers beyond those that were loaded."""
        ...


@dataclass(slots=True)
class _Sum:
    """How many rows there were, and what they came to, in whatever order.

    Attributes:
        count: Rows.
        digest: Of all of them.
    """

    count: int = 0
    digest: int = 0

    def over(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, each of which is added as it passes."""
        for row in rows:
            self.count += 1
            one = blake2b(repr(row).encode(), digest_size=16).digest()
            self.digest = (self.digest + int.from_bytes(one)) % _MODULUS
            yield row


def carry(source: Place, target: Place) -> Mapping[str, int]:
    """Copy all rows, read them again there, and only then keep them; how many of each table.

    Raises StoreError, and nothing is at the target then, where it holds rows already or has others afterwards.
    """
    with source.reading() as there, target.writing() as here:
        tables = [_plain(one.name) for one in metadata.sorted_tables]
        here.execute(delete(installation))  # it was made with the tables, and nothing was published under it
        for one in tables:
            if here.scalar(select(func.count()).select_from(one)):
                raise StoreError(f"the database to carry everything to has {one.name} already: name an empty one")
        counts: dict[str, int] = {}
        for one in tables:
            sent, kept = _Sum(), _Sum()
            target.load(here, one, sent.over(_read(there, one)))
            for _ in kept.over(_read(here, one)):
                pass
            if sent != kept:
                raise StoreError(
                    f"{one.name} did not arrive as they were: nothing was kept there; please report it"
                )
            counts[one.name] = kept.count
        indexed_words.note_all(here)  # each database has its own index, which is not carried
        target.finish(here)
    return counts


def _plain(name: str) -> TableClause:
    """A table whose values are those that its columns store."""
    return table(name, *(column(one.name, _kind(one.type)) for one in metadata.tables[name].columns))


def _kind(of: TypeEngine[Any]) -> type[TypeEngine[Any]]:
    stored = of.impl_instance if isinstance(of, TypeDecorator) else of
    return next((kind for kind in _KINDS if isinstance(stored, kind)), BigInteger)


def _read(connection: Connection, plain: TableClause) -> Iterator[Row]:
    for row in connection.execute(select(plain), execution_options={"yield_per": _AT_ONCE}):
        yield tuple(storable(value) if isinstance(value, str) else value for value in row)
