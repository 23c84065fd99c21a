"""Copies of a database in use, by the commands that docs/deploying.md names, and put back."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from aggregator.store.postgresql import PostgresStore, engines
from aggregator.store.sql.tables import documents, items, sources
from tests.contract.stock import NOON
from tests.store.sqlite.hammer import SOURCES
from tests.store.sqlite.test_store_processes import hammer
from tests.support import postgresql
from tests.support.commands import Commands
from tests.support.installation import PROJECT, SETTINGS, item, rss

FEEDS = "sources:\n  river: river.xml\n"


@pytest.fixture
def empty() -> Iterator[str]:
    """The URL of another database in which nothing was ever made."""
    url = postgresql.make_database()
    yield url
    postgresql.drop_database(url)


def run(name: str, folder: Path, url: str, empty: str = "") -> None:
    """Run the command of docs/deploying.md that begins with the name, as it stands there."""
    lines = (PROJECT / "docs" / "deploying.md").read_text(encoding="utf-8").splitlines()
    (command,) = (line.strip() for line in lines if line.startswith(f"    {name} "))
    programs = Path(postgresql.tool(name)).parent
    told = {"PATH": f"{programs}:/usr/bin:/bin", "DATABASE_URL": url, "EMPTY_DATABASE_URL": empty}
    subprocess.run(["sh", "-c", command], cwd=folder, env=os.environ | told, check=True)


def stored(url: str) -> dict[tuple[str, str], tuple[bytes, str]]:
    """Body and entity tag of each document."""
    asked = select(documents.c.publication_id, documents.c.format, documents.c.body, documents.c.etag)
    with engines.connect(engines.address_of(url)).connect() as connection:
        return {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(asked)}


def shown(ours: Commands, folder: str) -> dict[str, str]:
    """The title of each entry by its id, as files have them."""
    ours.command("publish", "--to", folder)
    entries = json.loads((ours.folder / folder / "all.json").read_text())["items"]
    return {one["id"]: one["title"] for one in entries}


def test_a_copy_is_put_back_with_the_same_bytes_and_ids_and_what_came_later_gets_the_ids_it_had(
    tmp_path: Path, blank: str, empty: str
):
    ours = Commands.at(tmp_path / "a", FEEDS, f"{SETTINGS}database: '{blank}'\n")
    (tmp_path / "a" / "river.xml").write_text(rss(item(2), item(1)))
    ours.command("poll", "--all")
    run("pg_dump", tmp_path, blank)
    before = stored(blank)
    (tmp_path / "a" / "river.xml").write_text(rss(item(3), item(2), item(1)))
    ours.command("poll", "--all")
    later = shown(ours, "later")

    run("pg_restore", tmp_path, blank, empty)
    assert stored(empty) == before
    theirs = Commands.at(tmp_path / "a", FEEDS, f"{SETTINGS}database: '{empty}'\n")
    assert "in force already" in theirs.command("apply")
    assert len(shown(theirs, "restored")) == 2
    assert before.items() <= stored(empty).items()
    assert "1 new" in theirs.command("poll", "--all")
    assert shown(theirs, "again") == later
    assert len(later) == 3


async def test_a_copy_made_amid_polls_has_each_of_them_as_a_whole(tmp_path: Path, url: str, empty: str):
    store = PostgresStore(url)
    await store.open()
    await store.register(dict.fromkeys(SOURCES, NOON), (), NOON)
    await store.find_outdated({"all": "d"}, NOON)
    await store.close()
    worker = hammer(url, "a", 10_000)
    try:
        assert worker.stdout is not None
        for _ in range(8):
            worker.stdout.readline()
        run("pg_dump", tmp_path, url)
        assert worker.poll() is None
    finally:
        worker.kill()
        worker.communicate()
    run("pg_restore", tmp_path, url, empty)
    with engines.connect(engines.address_of(empty)).connect() as connection:
        held = Counter(connection.scalars(select(items.c.source_id)))
        polls = {row.id: row.polls for row in connection.execute(select(sources))}
    assert {name: 5 * count for name, count in polls.items() if count} == held
    assert held
