"""Publications that come, go, come back, and are renamed. Functions over an open transaction.

That feeds.yaml does not name a publication is no order to destroy it: it may be commented out for a day, or be
called otherwise from now on. So its row is marked as absent and keeps all that is its own; pruning removes it in
the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, literal, select, update

from aggregator.store.sql import tables
from aggregator.store.sql.tables import publications

LATE = timedelta(days=7)
"""How long after a publication was renamed its earlier name may still be told."""

Heir = tuple[str, str]
"""A publication's id, and that of the one whose place it takes."""

_went = update(publications).where(publications.c.id == bindparam("name")).values(absent_since=bindparam("now"))
_came_back = (
    update(publications)
    .where(publications.c.id == bindparam("name"))
    .values(absent_since=None, generation=publications.c.generation + 1)
)
_THEIRS = (tables.archived, tables.archive_documents, tables.documents, tables.editions, tables.leads)


def heirs(
    stored: Mapping[str, RowMapping],
    declared: Collection[str],
    earlier: Mapping[str, Sequence[str]],
    now: datetime,
) -> tuple[Heir, ...]:
    """Which of the declared publications take the place of which that are declared no more.

    Of its earlier names the first that is stored counts. One that has been there for long, or was there beside the
    other, has subscribers of its own who know its archive: it keeps what it has.
    """
    found: list[Heir] = []
    taken: set[str] = set()
    for name in declared:
        olds = (old for old in earlier.get(name, ()) if old in stored and old not in declared and old not in taken)
        old = next(olds, None)
        if old is not None and _may_inherit(stored.get(name), stored[old], now):
            found.append((name, old))
            taken.add(old)
    return tuple(found)


def take_over(connection: Connection, name: str, old: str) -> None:
    """Give all that is `old`'s to `name`: documents, archive, date of creation, and what its feed's id is made of.

    It is rendered anew, since its documents name their own addresses.
    """
    connection.execute(delete(publications).where(publications.c.id == name))
    found = connection.execute(select(publications).where(publications.c.id == old).with_for_update()).one()
    row = {column.key: value for column, value in zip(publications.c, found, strict=True)}
    moved = {"id": name, "absent_since": None, "generation": row["generation"] + 1}
    connection.execute(insert(publications), [row | moved | {"feed_name": row["feed_name"] or old}])
    # What points at pages follows once they are there under the new name, too.
    pages = tables.archives.c
    copied = select(literal(name), pages.number, pages.completed).where(pages.publication_id == old)
    connection.execute(insert(tables.archives).from_select(["publication_id", "number", "completed"], copied))
    for table in _THEIRS:
        connection.execute(update(table).where(table.c.publication_id == old).values(publication_id=name))
    connection.execute(delete(publications).where(publications.c.id == old))


def add(connection: Connection, names: Iterable[str], now: datetime) -> None:
    """Store publications that were never there."""
    taken = set(connection.scalars(select(func.coalesce(publications.c.feed_name, publications.c.id))))
    new = [
        {"id": name, "created": now, "archived_until": now, "generation": 1, "feed_name": _free(name, taken)}
        for name in names
    ]
    if new:
        connection.execute(insert(publications), new)


def leave(connection: Connection, names: Collection[str], now: datetime) -> None:
    """Note of publications that feeds.yaml declares them no more."""
    if names:
        connection.execute(_went, [{"name": name, "now": now} for name in names])


def come_back(connection: Connection, names: Collection[str]) -> None:
    """Note of publications that they are declared again; they are rendered anew, since nobody marked them."""
    if names:
        connection.execute(_came_back, [{"name": name} for name in names])


def _may_inherit(new: RowMapping | None, old: RowMapping, now: datetime) -> bool:
    if new is None:
        return True
    went = old["absent_since"]
    return went is not None and new["created"] >= went and now - new["created"] <= LATE


def _free(name: str, taken: set[str]) -> str | None:
    """What a new feed's id is made of; None for its own name, unless a renamed one's feed has that already."""
    if name not in taken:
        return None
    number = next(number for number in range(2, len(taken) + 3) if f"{name}~{number}" not in taken)
    taken.add(f"{name}~{number}")
    return f"{name}~{number}"
