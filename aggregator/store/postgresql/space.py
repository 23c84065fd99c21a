"""How much is stored in a PostgreSQL database, and letting the server use the room again."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

from aggregator.model import StoreSize
from aggregator.store.sql.tables import metadata

TEXTS: Final = ("entries", "revisions")
"""The tables that retention empties; all others together are small beside them."""

_PAGES: Final = 8192
"""Of a table of texts as many pages are looked at, 64 MB; of a larger one the rest is reckoned from them."""

_TAKEN = text(
    "SELECT relname, pg_total_relation_size(oid), relpages FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname = ANY(:names)"
)


def measure(connection: Connection) -> StoreSize:
    """How much is stored now, and how much of the disk it takes.

    The room of what was deleted stays in the file until a VACUUM, and often beyond it; so texts are added up.
    """
    names = [table.name for table in metadata.sorted_tables]
    taken = {row[0]: (int(row[1]), int(row[2])) for row in connection.execute(_TAKEN, {"names": names})}
    used = sum(size for name, (size, _) in taken.items() if name not in TEXTS)
    used += sum(_add_up(connection, name, taken[name][1]) for name in TEXTS)
    return StoreSize(used=used, taken=sum(size for size, _ in taken.values()))


def vacuum(connection: Connection) -> int:
    """Have the server use the room of deleted texts again, and cut what is free at the end; bytes of that.

    Outside of any transaction. Reading and writing go on meanwhile.
    """
    before = measure(connection).taken
    connection.execute(text(f"VACUUM {', '.join(TEXTS)}"))
    return max(0, before - measure(connection).taken)


def _add_up(connection: Connection, table: str, pages: int) -> int:
    share = min(100.0, 100.0 * _PAGES / max(pages, 1))
    asked = f"SELECT sum(octet_length(entry)) FROM {table} TABLESAMPLE SYSTEM (:share) REPEATABLE (1)"  # noqa: S608 # ours
    return int((connection.scalar(text(asked), {"share": share}) or 0) * 100 / share)
