"""Several processes on one file, and processes that die."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from aggregator.store.sqlite import SqliteStore
from tests.contract.stock import NOON
from tests.store.sqlite.hammer import SOURCES

ROOT = Path(__file__).parents[3]


async def registered(path: Path) -> None:
    store = SqliteStore(path)
    await store.open()
    await store.register(dict.fromkeys(SOURCES, NOON), (), NOON)
    await store.find_outdated({"all": "d"}, NOON)
    await store.close()


async def give_back(path: Path) -> None:
    """What a dead process had claimed comes back when its lease ends; no test waits that long."""
    store = SqliteStore(path)
    await store.open()
    later = NOON + timedelta(hours=2)
    for state in await store.claim(SOURCES, later, later - later):
        await store.release(state)
    await store.close()


def hammer(path: Path | str, name: str, rounds: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-m", "tests.store.sqlite.hammer", str(path), name, str(rounds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


async def check(path: Path, acknowledged: list[list[str]]) -> None:
    """Whole commits only, every acknowledged one among them."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        stored = dict(connection.execute("SELECT uid, source_id FROM items"))
        numbers = Counter(uid for (uid,) in connection.execute("SELECT uid FROM revisions"))
        (mark,) = connection.execute("SELECT mark FROM publications").fetchone()
    for source_id, *uids in acknowledged:
        assert {stored.get(uid) for uid in uids} == {source_id}
    assert set(numbers) == set(stored)
    store = SqliteStore(path)
    await store.open()
    states = await store.states()
    await store.close()
    per_source = Counter(stored.values())
    assert {name: state.polls * 5 for name, state in states.items()} == {
        name: per_source[name] for name in SOURCES
    }
    assert {name: state.items for name, state in states.items()} == {name: per_source[name] for name in SOURCES}
    assert mark == 1 + sum(state.polls for state in states.values())


async def test_two_workers_on_one_file_write_every_poll_once_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    await registered(path)
    workers = [hammer(path, name, 25) for name in ("a", "b")]
    reader = SqliteStore(path)
    await reader.open()
    seen = 0
    while any(worker.poll() is None for worker in workers):
        found = await reader.latest(SOURCES, 10_000)
        assert len(found) % 5 == 0
        assert len(found) >= seen
        seen = len(found)
    await reader.close()
    lines = []
    for worker in workers:
        out, errors = worker.communicate(timeout=300)
        assert (worker.returncode, errors) == (0, "")
        lines += [line.split() for line in out.splitlines()]
    assert len(lines) == len({tuple(line) for line in lines}) > 50
    await check(path, lines)
    assert seen <= 5 * len(lines)


async def test_a_process_that_is_killed_leaves_whole_commits_and_an_intact_file(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    await registered(path)
    acknowledged: list[list[str]] = []
    for number, count in enumerate((3, 11, 26)):
        worker = hammer(path, f"w{number}", 10_000)
        assert worker.stdout is not None
        acknowledged += [worker.stdout.readline().split() for _ in range(count)]
        worker.kill()
        rest, _ = worker.communicate(timeout=300)
        acknowledged += [line.split() for line in rest.splitlines() if len(line.split()) == 6]
        await check(path, acknowledged)
        await give_back(path)
    assert len(acknowledged) >= 40
