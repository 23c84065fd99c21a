"""Fill a database with the small world, by the code of this tree; see README.md.

python -m tests.upgrades.make RELEASE
"""

from __future__ import annotations

import asyncio
import gzip
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from aggregator import catalogue
from aggregator.store import open_store
from tests.upgrades.world import DAYS, World

HERE = Path(__file__).parent


async def fill(database: Path) -> None:
    """Poll the world day by day."""
    store = open_store(f"sqlite:///{database}")
    await store.open()
    small = World(store=store, catalogue=catalogue.load(HERE / "feeds.yaml", {}))
    for day in range(DAYS):
        errors = await small.day(day)
        if errors:
            raise SystemExit("\n".join(errors))
    await store.close()


def main() -> None:
    """Write `<release>/store.db.gz`."""
    folder = HERE / sys.argv[1]
    folder.mkdir()
    with tempfile.TemporaryDirectory() as work:
        database = Path(work) / "store.db"
        asyncio.run(fill(database))
        with closing(sqlite3.connect(database)) as connection:
            # They are rendered again whenever anybody asks, and would be most of the file.
            connection.execute("DELETE FROM documents WHERE publication_id LIKE '%/%'")
            connection.commit()
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("VACUUM")
        (folder / "store.db.gz").write_bytes(gzip.compress(database.read_bytes(), 9, mtime=0))


if __name__ == "__main__":
    main()
