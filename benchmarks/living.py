"""The running worker: what a poll costs it, and how soon what went out on the wire stands in /all.atom.

    python -m benchmarks.living [--feeds 100] [--seconds 70]

All feeds are polled once first; then worker and web run as one process, every feed is polled each minute, and one
a second has a new entry. Freshness is counted from the origin's answer to the feed that we serve.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import resource
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import closing, suppress
from pathlib import Path

from benchmarks.contestants import OURS, environment
from benchmarks.processes import private_megabytes, tree
from benchmarks.whole import publishing, run, set_phase, urls


class Reader(threading.Thread):
    """Asks for the merged feed again and again, and notes when a link was there first."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.seen: dict[str, float] = {}
        self._port = port
        self._ended = threading.Event()

    def run(self) -> None:
        """Until `end`."""
        etag = ""
        while not self._ended.wait(0.05):
            with suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
                connection.request("GET", "/all.atom", headers={"If-None-Match": etag} if etag else {})
                answer = connection.getresponse()
                body, etag = answer.read(), answer.headers["ETag"] or etag
                connection.close()
                for link in re.findall(rb"http://site[0-9]+\.example/[0-9]+", body):
                    self.seen.setdefault(link.decode(), time.monotonic())

    def end(self) -> None:
        """Ask no more."""
        self._ended.set()
        self.join()


def measure(feeds: int, entries: int, seconds: float) -> dict[str, float]:
    """What was found, by what it is."""
    with tempfile.TemporaryDirectory() as name, publishing(feeds, entries) as origin:
        folder = Path(name)
        OURS.prepare(folder, urls(feeds, origin))
        with (folder / "feeds.yaml").open("a") as file:
            file.write("defaults: {every: 1m, max_every: 1m}\n")
        set_phase(origin, "initial")
        run(folder, OURS.command)
        spread(folder / "data" / "aggregator.db")
        set_phase(origin, "unchanged")
        return _live(folder, origin, feeds, seconds)


def spread(database: Path) -> None:
    """Have the sources due one after the other within the next minute, as they are after days."""
    with closing(sqlite3.connect(database)) as opened, opened:
        names = [name for (name,) in opened.execute("SELECT id FROM sources")]
        now = time.time()
        rows = [(int(now + 3 + 60 * number / len(names)), name) for number, name in enumerate(names)]
        opened.executemany("UPDATE sources SET next_poll_at = ? WHERE id = ?", rows)


def _live(folder: Path, origin: int, feeds: int, seconds: float) -> dict[str, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "aggregator", "run", "--port", "0"]
    memory = 0.0
    with subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = re.search(r":(\d+)/", process.stdout.readline())
        assert said is not None
        reader = Reader(int(said[1]))
        reader.start()
        end, number = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            _ask(origin, f"/more/{number * 7 % feeds}")
            number += 1
            memory = max(memory, sum(map(private_megabytes, tree(process.pid))))
            time.sleep(1)
        time.sleep(5)
        given = dict(line.split() for line in _ask(origin, "/given").splitlines())
        reader.end()
        os.kill(process.pid, signal.SIGTERM)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    polls = set_phase(origin, "unchanged")
    waits = sorted(reader.seen[link] - float(at) for link, at in given.items() if link in reader.seen)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "polls": polls,
        "CPU ms a poll, start and serving included": 1000 * cpu / max(1, polls),
        "entries that went out": len(given),
        "of them seen in /all.atom": len(waits),
        "seconds to /all.atom, median": statistics.median(waits) if waits else float("nan"),
        "seconds to /all.atom, p95": waits[int(len(waits) * 0.95)] if waits else float("nan"),
        "peak private MB": memory,
    }


def _ask(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return str(answer.read().decode())


def main() -> None:
    """Print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--entries", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=70)
    chosen = parser.parse_args()
    for name, value in measure(chosen.feeds, chosen.entries, chosen.seconds).items():
        print(f"{value:10.2f}  {name}")


if __name__ == "__main__":
    main()
