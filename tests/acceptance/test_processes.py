"""The real processes, started and ended as an operator does it."""

from __future__ import annotations

import gzip
import json
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.installation import PROJECT, SETTINGS, Installation, item, rss
from tests.support.publisher import publishing

pytestmark = pytest.mark.acceptance


def test_one_command_serves_the_example_files_within_seconds(tmp_path: Path):
    shutil.copytree(PROJECT / "examples", tmp_path / "examples")
    ours = Installation.at(
        tmp_path, "sources:\n  iranpress: examples/iranpress.xml\n  notes: examples/notes.json\n"
    )
    with ours.running():
        for path in ("/all.atom", "/all.rss", "/all.json"):
            ours.wait_for(path, "2018-12-01T17:03:00Z" if path != "/all.rss" else "Sat, 01 Dec 2018 17:03:00")
            ours.wait_for(path, "2019-09-21T17:56:00Z")


def test_worker_and_web_run_from_the_procfile_on_one_database(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1)))
        ours = Installation.at(tmp_path, f"sources:\n  river: {feed}\n")
        procfile = PROJECT / "Procfile"
        runner = ("-m", "honcho", "--procfile", str(procfile), "--app-root", str(tmp_path), "start")
        # The runner reports how the shell ended that it starts each line with, and that dies of the signal.
        with ours.running(*runner, status=None):
            ours.wait_for("/all.atom", "Report 1")
            assert ours.get("/healthz")[0] == 200
            assert ours.get("/readyz")[0] == 200
            publisher.put("/feed", rss(item(2), item(1)))
            ours.command("poll", "river")
            ours.wait_for("/all.atom", "Report 2")


def test_worker_and_web_each_end_with_status_0_while_a_server_keeps_them_waiting(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ours = Installation.at(tmp_path, f"sources:\n  slow: http://127.0.0.1:{silent.getsockname()[1]}/\n")
        with ours.running("-m", "aggregator", "worker"), ours.running("-m", "aggregator", "web"):
            silent.accept()[0].close()
            ours.wait_for("/healthz")


def test_a_restart_polls_nothing_that_is_not_due_and_sends_the_same_bytes(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1)))
        ours = Installation.at(tmp_path, f"sources:\n  river: {feed}\n")
        with ours.running():
            before = ours.wait_for("/all.atom", "Report 1")
        due = ours.status()["river"]["next_poll"]
        with ours.running():
            after = ours.wait_for("/all.atom", "Report 1")
            time.sleep(3)
        assert after == before
        assert len(publisher.asked("/feed")) == 1
        assert ours.status()["river"]["next_poll"] == due


def test_an_installation_that_only_polls_from_cron_lets_go_of_what_is_old(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1), item(2)))
        ours = Installation.at(
            tmp_path,
            f"sources:\n  river: {{ url: '{feed}', filter: [ {{ drop: [Report 1] }} ] }}\n",
            settings=f"{SETTINGS}store: {{ retain: 1s }}\n",
        )
        ours.command("poll", "river")
        publisher.put("/feed", rss(item(2)))
        ours.command("poll", "river")
        time.sleep(1.5)
        ours.command("poll", "river")
        with closing(sqlite3.connect(tmp_path / "data" / "aggregator.db")) as database:
            found = dict(database.execute("SELECT key_value, pruned FROM items").fetchall())
        assert sorted(found.values()) == [0, 1]
        assert ours.status()["river"]["items"] == 1


def test_an_edit_of_feeds_yaml_is_taken_over_and_a_mistake_in_it_changes_nothing(tmp_path: Path):
    with publishing() as publisher:
        one, two = (publisher.put(f"/{n}", rss(item(n))) for n in (1, 2))
        ours = Installation.at(tmp_path, f"sources:\n  one: {one}\n")
        with ours.running():
            ours.wait_for("/all.atom", "Report 1")
            (tmp_path / "feeds.yaml").write_text("sources: [")
            time.sleep(3)
            assert ours.get("/all.atom")[0] == 200
            (tmp_path / "feeds.yaml").write_text(f"sources:\n  one: {one}\n  two: {two}\n")
            ours.wait_for("/all.atom", "Report 1", "Report 2")


def test_a_worker_that_is_killed_leaves_a_database_that_the_next_one_goes_on_with(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(*(item(n) for n in range(50))))
        ours = Installation.at(tmp_path, f"sources:\n  river: {feed}\n")
        with pytest.raises(AssertionError), ours.running() as process:  # noqa: PT012 # killed, it cannot end well
            ours.wait_for("/all.atom", "Report 49")
            process.kill()
            process.wait()
        with sqlite3.connect(tmp_path / "data" / "aggregator.db") as database:
            assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        database.close()
        with ours.running():
            assert ours.wait_for("/all.json", "Report 49")


def test_unchanged_feeds_are_asked_with_the_validators_they_gave(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1)))
        ours = Installation.at(tmp_path, f"sources:\n  river: {feed}\nsite:\n  contact: feeds@example.org\n")
        ours.command("poll", "river")
        ours.command("poll", "river")
        first, second = publisher.asked("/feed")
        assert "if-none-match" not in first
        assert second["if-none-match"].startswith('"')
        assert "feeds@example.org" in first["user-agent"]
        assert ours.status()["river"]["state"] == "ok"


def test_poll_prints_a_line_per_source_and_fails_only_if_all_did(tmp_path: Path):
    with publishing() as publisher:
        feed = publisher.put("/feed", rss(item(1)))
        ours = Installation.at(tmp_path, f"sources:\n  river: {feed}\n  dry: {publisher.url('/none')}\n")
        output = ours.command("poll", "--all")
        assert "river: 1 new" in output
        assert "dry: http:" in output
        ours.command("poll", "dry", expect=1)
        assert "no source 'rivre'" in ours.command("poll", "rivre", expect=1)


def test_publish_writes_files_from_the_store_alone(tmp_path: Path):
    with publishing() as publisher:
        ours = Installation.at(tmp_path, f"sources:\n  river: {publisher.put('/feed', rss(item(1)))}\n")
        ours.command("poll")
    ours.command("publish", "--to", "public")
    public = tmp_path / "public"
    for name in ("all", "source/river"):
        for form in ("atom", "rss", "json"):
            plain = (public / f"{name}.{form}").read_bytes()
            assert gzip.decompress((public / f"{name}.{form}.gz").read_bytes()) == plain
    assert json.loads((public / "all.json").read_bytes())["items"][0]["title"] == "Report 1"
    assert "up to date" in ours.command("publish", "--to", "public")


def test_check_holds_the_published_documents_against_the_rules(tmp_path: Path):
    shutil.copytree(PROJECT / "examples", tmp_path / "examples")
    ours = Installation.at(tmp_path, "sources:\n  iranpress: examples/iranpress.xml\n")
    assert "Nothing is published yet" in ours.command("check", "--outputs")
    ours.command("poll")
    ours.command("publish", "--to", "out")
    assert "6 published documents: no fault." in ours.command("check", "--outputs")
    with closing(sqlite3.connect(tmp_path / "data" / "aggregator.db")) as database:
        broken = "CAST(replace(CAST(body AS TEXT), '<updated>2', '<updated>x') AS BLOB)"
        database.execute(f"UPDATE documents SET body = {broken} WHERE format = 'atom'")  # a constant
        database.commit()
    output = ours.command("check", "--outputs", expect=1)
    assert "all.atom: Entry 1 has the updated date" in output
    assert "report it" in output


def test_explain_tells_where_each_date_comes_from(tmp_path: Path):
    shutil.copytree(PROJECT / "examples", tmp_path / "examples")
    ours = Installation.at(tmp_path, "sources:\n  iranpress: examples/iranpress.xml\n")
    ours.command("poll")
    items = json.loads((ours.command("publish", "--to", "out"), (tmp_path / "out" / "all.json").read_text())[1])
    dated = next(found for found in items["items"] if found["date_published"].startswith("2018-12-01"))
    told = ours.command("explain", dated["url"])
    assert "Dec 01, 2018 20:33 Asia/Tehran" in told
    assert "2019-09-21T17:56:00Z" in told
    assert "Nothing is stored" in ours.command("explain", "https://nowhere.example/", expect=1)


def test_explain_shows_what_changed_what_is_merged_and_where_an_item_is_shown(tmp_path: Path):
    with publishing() as publisher:
        feed, copy = publisher.put("/feed", rss(item(1))), publisher.put("/copy", rss(item(1), title="Lake News"))
        publications = "publish:\n  all: {title: All}\n  few: {title: Few, from: [lake]}\n"
        ours = Installation.at(tmp_path, f"sources:\n  river: {feed}\n  lake: {copy}\n{publications}")
        ours.command("poll")
        publisher.put("/feed", rss(item(1, text="Water stands at the third mark.")))
        ours.command("poll", "river")
        ours.command("publish", "--to", "public")
    told = json.loads(ours.command("explain", "https://river.example/1", "--json"))
    other = {"river": "lake", "lake": "river"}[told["source"]]
    assert [one["source"] for one in told["merged_with"]] == [other]
    assert told["merged_with"][0]["method"] == "url"
    assert {one["id"]: one["shown"] for one in told["publications"]}["all"]
    told = json.loads(ours.command("explain", told["published_id"], "--json"))
    revisions = [
        json.loads(ours.command("explain", uid, "--json"))["revisions"]
        for uid in (told["page"].removeprefix("/story/"), told["merged_with"][0]["item"])
    ]
    revised = max(revisions, key=len)
    assert {"kind": "inserted", "words": "the third mark."} in revised[1]["text"]
    text = ours.command("explain", "https://river.example/1")
    assert "  - all: shown, " in text
    assert "(url)" in text
    unknown = ours.command("explain", "https://river.exampel/1", expect=1)
    assert "Nothing is stored under 'https://river.exampel/1'." in unknown
    assert "https://river.example/1" in unknown
    assert "'river' is a source" in ours.command("explain", "river", expect=1)
    assert "For example: aggregator explain https://" in " ".join(ours.command("explain", "--help").split())


def test_opml_goes_out_and_comes_in(tmp_path: Path):
    ours = Installation.at(tmp_path / "one", "sources:\n  river: https://river.example/feed\n")
    theirs = Installation.at(tmp_path / "two", "# mine\nsources:\n  lake: https://lake.example/feed\n")
    (tmp_path / "two" / "list.opml").write_text(ours.command("export"))
    theirs.command("import", "list.opml")
    text = (tmp_path / "two" / "feeds.yaml").read_text()
    assert "# mine" in text
    assert "https://river.example/feed" in text
    theirs.command("add", "https://sea.example/feed", "--id", "sea")
    theirs.command("remove", "lake")
    assert set(theirs.status()) >= {"sea"}
    assert "lake" not in theirs.status()


def test_add_finds_the_feed_of_a_page(tmp_path: Path):
    with publishing() as publisher:
        publisher.put("/news.rss", rss(item(1)))
        link = "<link rel=alternate type=application/rss+xml href=/news.rss>"
        page = publisher.put("/", f"<!doctype html><title>River</title>{link}", "text/html")
        ours = Installation.at(tmp_path, "sources: {}\n")
        output = ours.command("add", page, "--id", "river")
        assert publisher.url("/news.rss") in output
        assert publisher.url("/news.rss") in (tmp_path / "feeds.yaml").read_text()
        assert "river: 1 new" in ours.command("poll", "river")


def test_init_makes_an_installation_that_runs(tmp_path: Path):
    ours = Installation(folder=tmp_path, port=0)
    ours.command("init")
    assert "no mistakes" in ours.command("check")
    ours.command("init", expect=1)


def test_mistakes_are_told_all_at_once_with_their_lines(tmp_path: Path):
    ours = Installation.at(
        tmp_path, "sources:\n  a:\n    url: https://a.example/\n    timezon: UTC\n    evry: 1h\n"
    )
    output = ours.command("check", expect=1)
    assert "feeds.yaml:4: sources.a.timezon" in output
    assert "feeds.yaml:5: sources.a.evry" in output
    assert "timezone" in output
    assert "Traceback" not in output


def test_help_names_every_command_and_costs_little(tmp_path: Path):
    ours = Installation(folder=tmp_path, port=0)
    output = ours.command("--help")
    for name in [
        "run",
        "worker",
        "web",
        "check",
        "poll",
        "publish",
        "status",
        "explain",
        "add",
        "remove",
        "import",
        "export",
        "init",
    ]:
        assert f" {name} " in output
    assert "sqlalchemy" not in ours.command("check", expect=1)


def test_heavy_libraries_stay_unloaded_until_a_command_needs_them():
    code = (
        "import sys, contextlib\n"
        "sys.argv = ['aggregator', '--help']\n"
        "with contextlib.suppress(SystemExit): __import__('aggregator.cli').cli.run()\n"
        "heavy = {'httpx', 'sqlalchemy', 'feedparser', 'feedgen', 'pydantic', 'starlette', 'apscheduler'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
