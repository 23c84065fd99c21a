"""backup, restore, doctor: what they say, and with which status they end."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import jsonschema

from aggregator import __version__, upkeep
from tests.cli.test_cli_schemas import schema
from tests.support.commands import Commands, showing
from tests.support.installation import item, rss
from tests.support.publisher import publishing


def test_a_copy_is_made_and_put_back_and_both_say_what_they_did(tmp_path: Path):
    with publishing() as publisher:
        ours = Commands.at(tmp_path, f"sources:\n  river: {publisher.put('/feed', rss(item(1)))}\n")
        assert "there is no database" in ours.command("backup", "safe.db", expect=1)
        ours.command("poll")
        said = ours.command("backup", "safe.db")
        publisher.put("/feed", rss(item(1), item(2)))
        ours.command("poll", "river")
    assert "safe.db: 1 sources, 1 items, 3 documents; 0." in said
    assert "replaced" not in said
    assert "found whole" in said
    assert ours.status()["river"]["items"] == 2
    assert ours.command("backup", "late.db").endswith("found whole.\n")
    assert "The copy that was there is replaced." in ours.command("backup", "late.db")
    said = ours.command("restore", "safe.db")
    (kept,) = (tmp_path / "data").glob("aggregator.db.replaced-*")
    assert f"What was there before is kept as {kept};" in said
    assert ours.status()["river"]["items"] == 1
    assert "is no file" in ours.command("restore", "nowhere.db", expect=1)


def test_a_feeds_yaml_with_mistakes_keeps_nobody_from_a_copy(tmp_path: Path):
    with publishing() as publisher:
        ours = Commands.at(tmp_path, f"sources:\n  river: {publisher.put('/feed', rss(item(1)))}\n")
        ours.command("poll")
    (tmp_path / "feeds.yaml").write_text("surces: {}\n")
    ours.command("backup", "safe.db")
    ours.command("restore", "safe.db")


def test_the_health_of_an_installation_is_told_line_by_line_and_as_a_whole_by_the_exit_status(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1)))
        ours = Commands.at(tmp_path, f"sources:\n  river: {feed}\n")
        assert "warn  database: There is no database yet." in ours.command("doctor")
        assert not (tmp_path / "data").exists()
        ours.command("poll")
        ours.command("publish", "--to", "out")
        publisher.requests.clear()
        told = json.loads(ours.command("doctor", "--json"))
        assert publisher.requests == []
    assert (told["level"], [one for one in told["checks"] if one["level"] != "ok"]) == ("ok", [])
    jsonschema.validate(told, schema("doctor"))
    checks = {one["check"] for one in told["checks"]}
    assert checks == set(schema("doctor")["properties"]["checks"]["items"]["properties"]["check"]["enum"]) - {
        "database_mode",
        "dns",
        "publish_folder",
        "settings",
        "tls",
    }
    with closing(sqlite3.connect(tmp_path / "data" / "aggregator.db")) as database:
        database.execute("UPDATE documents SET body = CAST('<feed/>' AS BLOB) WHERE format = 'atom'")
        database.commit()
    told_badly = ours.command("doctor", expect=1)
    assert "fail  outputs: all.atom: " in told_badly
    assert "warn  network: 127.0.0.1 could not be reached" in told_badly


def test_a_private_host_is_no_trouble_of_the_network_but_a_setting(tmp_path: Path):
    with publishing() as publisher:
        ours = Commands.at(tmp_path, f"sources:\n  river: {publisher.put('/feed', rss(item(1)))}\n", "{}\n")
        assert "warn  network: 127.0.0.1 was not asked" in ours.command("doctor")


def test_mistakes_of_both_files_and_a_clock_that_is_not_set_are_told_together(tmp_path: Path):
    with publishing() as publisher:
        ours = Commands.at(tmp_path, f"sources:\n  river: {publisher.put('/feed', rss(item(1)))}\n")
        ours.command("poll")
    (tmp_path / "feeds.yaml").write_text("surces: {}\n")
    (tmp_path / "config" / "settings.yaml").write_text("fetch: { timeout: soon }\n")
    with showing(datetime(1970, 1, 2, tzinfo=UTC)):
        told = ours.command("doctor", expect=1)
    assert all(f"fail  {name}: " in told for name in ("settings", "feeds", "clock"))


def test_a_feeds_yaml_that_is_not_there_is_to_be_written_and_not_mended(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources: {}\n")
    (tmp_path / "feeds.yaml").unlink()
    told = ours.command("doctor", expect=1)
    assert "there is no such file; `aggregator init` writes one to start from." in told
    assert "Mend" not in told
    assert "ok    operator pages: " in told


def test_the_doctor_says_what_is_in_force_while_feeds_yaml_has_mistakes(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1)))
        ours = Commands.at(tmp_path, f"sources:\n  river: {feed}\n")
        ours.command("poll")
        (tmp_path / "feeds.yaml").write_text("surces: {}\n")
        told = ours.command("doctor", expect=1)
    assert "What was understood before is in force." in told
    assert "ok    network: " in told, "the sources that are in force are asked for"


def test_no_secret_is_told_by_the_doctor(tmp_path: Path):
    feeds = "sources:\n  river: https://hunter2-hunter2.example/feed?key=${KEY}\n"
    ours = Commands.at(tmp_path, feeds)
    with ours.inside():
        os.environ["KEY"] = "hunter2-hunter2"
        found = asyncio.run(upkeep.examine(tmp_path / "feeds.yaml"))
    assert "hunter2" not in str(found)


def test_the_version_is_told_without_a_command(tmp_path: Path):
    ours = Commands(folder=tmp_path, port=0)
    assert ours.command("--version") == f"aggregator {__version__}\n"
    assert ours.command("-h") == ours.command("--help")
