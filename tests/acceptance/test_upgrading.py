"""Processes that are started on a database of another version."""

from __future__ import annotations

import gzip
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from aggregator.store.migrations import HEAD
from aggregator.store.postgresql import engines
from tests.support.installation import PROJECT, SETTINGS, Installation, item, rss
from tests.support.postgresql import blank  # noqa: F401 # a fixture
from tests.support.publisher import publishing
from tests.support.waiting import wait

pytestmark = pytest.mark.acceptance

RELEASED = next((PROJECT / "tests" / "upgrades").glob("0.1.0-*")) / "store.db.gz"
FEEDS = (PROJECT / "tests" / "upgrades" / "feeds.yaml").read_text()


def on_released_database(folder: Path) -> tuple[Installation, Path]:
    """An installation that goes on with the database of a release; nobody outside is asked for anything."""
    ours = Installation.at(folder, FEEDS.replace("defaults: {", "defaults: { enabled: false,"))
    database = folder / "data" / "aggregator.db"
    database.parent.mkdir()
    database.write_bytes(gzip.decompress(RELEASED.read_bytes()))
    return ours, database


def shown(body: bytes) -> list[tuple[str, str, str | None]]:
    """(id, published, updated) of each entry of a JSON feed."""
    entries = json.loads(body)["items"]
    return [(one["id"], one["date_published"], one.get("date_modified")) for one in entries]


def stored(database: Path, name: str) -> bytes:
    """What the database holds of a publication."""
    query = "SELECT body FROM documents WHERE publication_id = ? AND format = 'json'"
    with closing(sqlite3.connect(database)) as connection:
        return bytes(connection.execute(query, (name,)).fetchone()[0])


def test_worker_and_web_that_start_at_once_on_an_old_database_bring_it_up_and_publish_what_it_held(tmp_path: Path):
    ours, database = on_released_database(tmp_path)
    before = {name: stored(database, name) for name in ("all", "town")}
    with ours.running("-m", "aggregator", "worker"), ours.running("-m", "aggregator", "web"):
        ours.wait_for("/readyz", "ready")
        served = {name: ours.wait_for(f"/{name}.json") for name in before}
    assert {name: shown(body) for name, body in served.items()} == {
        name: shown(body) for name, body in before.items()
    }
    assert "Traceback" not in (tmp_path / "log").read_text()
    copies = [path.name for path in database.parent.iterdir() if path.suffix not in {".db-wal", ".db-shm"}]
    assert len(copies) == 2, f"the database and one copy of it as it was: {copies}"


@pytest.mark.parametrize("command", ["worker", "web", "run"])
def test_a_process_that_meets_a_database_of_a_later_version_ends_with_advice_and_leaves_it_as_it_is(
    tmp_path: Path, command: str
):
    ours, database = on_released_database(tmp_path)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = database.read_bytes()
    said = ours.command(command, expect=1)
    assert "newer version" in said
    assert "Traceback" not in said
    assert database.read_bytes() == before
    assert [path.name for path in database.parent.iterdir()] == [database.name]


def test_a_process_whose_database_another_version_upgrades_serves_on_and_polls_and_publishes_nothing(
    tmp_path: Path,
    blank: str,  # noqa: F811 # the fixture
):
    with publishing() as publisher, engines.connect(engines.address_of(blank)).connect() as connection:
        feed = publisher.put("/feed", rss(item(1)))
        ours = Installation.at(tmp_path, f"sources:\n  river: {feed}\n", f"database: '{blank}'\n{SETTINGS}")
        with ours.running():
            body = ours.wait_for("/all.atom", "Report 1")
            run(
                connection,
                "ALTER TABLE items ADD COLUMN later TEXT",
                "UPDATE alembic_version SET version_num = '9999'",
            )
            publisher.put("/feed", rss(item(2), item(1)))
            due = "UPDATE sources SET next_poll_at = 1"
            run(connection, due)
            asked = len(publisher.asked("/feed"))
            wait(lambda: "newer version" in (tmp_path / "log").read_text())
            time.sleep(3)  # ticks in which it would poll
            assert (len(publisher.asked("/feed")), ours.get("/all.atom")[2]) == (asked, body)
            assert b"later version" in ours.wait_for("/readyz", "ready")
            run(connection, f"UPDATE alembic_version SET version_num = '{HEAD}'")
            ours.wait_for("/all.atom", "Report 2")
        assert (tmp_path / "log").read_text().count("not followed") == 1
    assert "Traceback" not in (tmp_path / "log").read_text()


def run(connection: Connection, *statements: str) -> None:
    for one in statements:
        connection.execute(text(one))
    connection.commit()
