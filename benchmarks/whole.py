"""Whole runs of `aggregator poll --all` against many feeds: CPU of the process tree, memory, and what came of it.

    python -m benchmarks.whole [--feeds 200] [--entries 30]

Every phase is a process of its own, as cron would start it, so start-up is in the figures. Milliseconds are CPU
time (user and system, children included) a feed; they are of this machine and this run only.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.origin import PHASES, host

ROOT = Path(__file__).parent.parent
SETTINGS = (
    "fetch:\n  allow_networks: [127.0.0.0/8]\n  host_gap: 0s\n  timeout: 60s\n  min_interval: 1s\n"
    "log:\n  level: error\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a phase cost.

    Attributes:
        phase: Its name.
        cpu: Milliseconds a feed, of the whole process tree.
        wall: Seconds in all.
        memory: Private megabytes of the process tree at its peak.
        requests: How often the origin was asked.
        items: How many items the database holds afterwards.
    """

    phase: str
    cpu: float
    wall: float
    memory: float
    requests: int
    items: int


@contextmanager
def publishing(feeds: int, entries: int) -> Iterator[int]:
    """The port of an origin that runs until the block ends."""
    command = [sys.executable, "-m", "benchmarks.origin", str(feeds), str(entries)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def set_phase(port: int, phase: str) -> int:
    """Begin a phase; how many requests the one before took."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/phase/{phase}", timeout=300) as answer:
        return int(answer.read())


def prepare(folder: Path, feeds: int, port: int) -> None:
    """An installation that reads all feeds."""
    (folder / "config").mkdir()
    (folder / "config" / "settings.yaml").write_text(SETTINGS)
    sources = "".join(f"  s{number}: http://{host(number)}:{port}/{number}\n" for number in range(feeds))
    (folder / "feeds.yaml").write_text(f"sources:\n{sources}")


def run(folder: Path, *arguments: str) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak private megabytes of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "aggregator", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    ) as process:
        peak = Peak(process.pid)
        assert process.wait() == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - began, peak.stop()


class Peak:
    """Watches the private memory of a process and its children."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> float:
        """The greatest sum seen, in megabytes."""
        self._stopped.set()
        self._thread.join()
        return self._peak

    def _watch(self) -> None:
        while not self._stopped.wait(0.2):
            self._peak = max(self._peak, sum(map(_private, _tree(self._pid))))


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(below for child in children for below in _tree(int(child)))]


def _private(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1000


def measure(feeds: int, entries: int) -> list[Figures]:
    """All phases, one after the other, on one installation."""
    found = []
    with tempfile.TemporaryDirectory() as name, publishing(feeds, entries) as port:
        folder = Path(name)
        prepare(folder, feeds, port)
        for phase in PHASES:
            set_phase(port, phase)
            cpu, wall, memory = run(folder, "poll", "--all")
            with closing(sqlite3.connect(folder / "data" / "aggregator.db")) as database:
                (items,) = database.execute("SELECT count(*) FROM items").fetchone()
            requests = set_phase(port, phase)
            found.append(
                Figures(
                    phase=phase, cpu=cpu * 1000 / feeds, wall=wall, memory=memory, requests=requests, items=items
                )
            )
            print(
                json.dumps({"phase": phase, "ms": round(cpu * 1000 / feeds, 2), "wall": round(wall, 1)}),
                flush=True,
            )
        size = sum(path.stat().st_size for path in (folder / "data").iterdir())
        print(f"database: {size / 1000 / found[-1].items:.1f} kB an item")
    return found


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--entries", type=int, default=30)
    chosen = parser.parse_args()
    print(f"{chosen.feeds} feeds of {chosen.entries} entries")
    print(f"{'phase':<12}{'ms a feed':>10}{'wall s':>8}{'MB':>6}{'requests':>10}{'items':>8}")
    for one in measure(chosen.feeds, chosen.entries):
        print(f"{one.phase:<12}{one.cpu:>10.2f}{one.wall:>8.1f}{one.memory:>6.0f}{one.requests:>10}{one.items:>8}")


if __name__ == "__main__":
    main()
