"""The real processes, started and ended as an operator does it."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.installation import PROJECT, SETTINGS, Installation, item, rss
from tests.support.publisher import publishing
from tests.support.waiting import PATIENCE, wait

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
        place = ("--procfile", str(PROJECT / "Procfile"), "--app-root", str(tmp_path))
        runner = ("-m", "honcho", *place, "start", "web", "worker")  # and not the step of a release, which ends
        # The runner reports how the shell ended that it starts each line with, and that dies of the signal.
        with ours.running(*runner, status=None):
            ours.wait_for("/all.atom", "Report 1")
            assert ours.get("/healthz")[0] == 200
            assert ours.get("/readyz")[0] == 200
            publisher.put("/feed", rss(item(2), item(1)))
            ours.command("poll", "river")
            ours.wait_for("/all.atom", "Report 2")


def test_worker_and_web_each_end_with_status_0_while_a_server_would_keep_them_waiting_for_an_hour(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(PATIENCE)
        feeds = f"sources:\n  slow: http://127.0.0.1:{silent.getsockname()[1]}/\n"
        ours = Installation.at(tmp_path, feeds, SETTINGS.replace("5m", "1h"))
        with ours.running("-m", "aggregator", "worker"), ours.running("-m", "aggregator", "web"):
            first, _ = silent.accept()
            ours.wait_for("/healthz")
        first.close()
        assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_process_that_is_told_to_end_while_it_still_starts_ends_with_status_0(tmp_path: Path):
    ours = Installation.at(tmp_path, "sources: {}\n")
    slow = "import pathlib, time\npathlib.Path('starting').touch()\ntime.sleep(300)\n"
    (tmp_path / "typer.py").write_text(slow)  # found first, for it stands where the program is started
    with ours.running("-m", "aggregator", "worker"):
        wait((tmp_path / "starting").exists)
    assert not (tmp_path / "log").read_text()


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


def test_heavy_libraries_stay_unloaded_until_a_command_needs_them_and_what_reads_texts_in_all_who_read_none():
    code = (
        "import sys, contextlib\n"
        "sys.argv = ['aggregator', '--help']\n"
        "with contextlib.suppress(SystemExit): __import__('aggregator.cli').cli.run()\n"
        "heavy = {'httpx', 'sqlalchemy', 'feedparser', 'feedgen', 'pydantic', 'starlette', 'apscheduler'}\n"
        "found = heavy & set(sys.modules)\n"
        "import aggregator.cli.log\n"
        "import aggregator.app, aggregator.store, aggregator.engine.distributed, aggregator.engine.reading\n"
        "heavy = {'feedparser', 'nh3', 'trafilatura', 'regex', 'jmespath', 'sqlalchemy.dialects.postgresql'}\n"
        "heavy |= {'aggregator.stories.signature', 'aggregator.dates.lexer', 'aggregator.normalize.sanitizer'}\n"
        "heavy |= {'rich', 'attr', 'pgqueuer', 'psycopg'}\n"
        "found |= heavy & set(sys.modules)\n"
        "sys.exit(' '.join(found) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_child_that_reads_loads_nothing_of_what_stores_serves_and_logs():
    code = (
        "import sys, aggregator.engine.confinement\n"
        "aggregator.engine.confinement.confine(1 << 40)\n"
        "assert 'feedparser' in sys.modules\n"
        "theirs = {'structlog', 'sqlalchemy', 'pydantic', 'httpx', 'starlette'}\n"
        "sys.exit(' '.join(theirs & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
